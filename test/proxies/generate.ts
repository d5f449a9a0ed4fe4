/** Random configurations of proxies over the same few paths, the same for the same seed. */

type Random = () => number;

/** A small generator of random numbers (mulberry32). */
function randomOf(seed: number): Random {
  let state = (seed * 0x9e3779b9) | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

interface Dice {
  readonly pick: (items: readonly string[]) => string;
  readonly chance: (share: number) => boolean;
  readonly times: (most: number, make: () => string) => string;
}

function diceOf(seed: number): Dice {
  const random = randomOf(seed);
  return {
    pick: (items) => items[Math.floor(random() * items.length)] ?? "",
    chance: (share) => random() < share,
    times: (most, make) => Array.from({ length: Math.floor(random() * (most + 1)) }, make).join("\n"),
  };
}

const prefixes = ["/orthanc", "/orthanc/", "/orthanc/studies", "/dicom-web", "/secret", "/a/b"];

/** Lines of a frontend of HAProxy with the backends `one` and `two`. */
export function haproxyLines(seed: number): string {
  const { pick, chance, times } = diceOf(seed);
  const test = () =>
    pick([
      `path_beg ${pick(prefixes)}`,
      `path_beg -i ${pick(["/Orthanc", "/SECRET"])} ${pick(prefixes)}`,
      `path_dir ${pick(["studies", "b", "orthanc"])}`,
      `path_end ${pick(["/", "s", "/c"])}`,
      `path_sub ${pick(["web", "tud"])}`,
      `path ${pick(prefixes)} ${pick(prefixes)}`,
      `path_reg ${pick(["^/orthanc", "/studies$", "^/[a-d]"])}`,
      `path -m beg ${pick(prefixes)}`,
      `url_beg ${pick(prefixes)}`,
      `hdr(host) -i ${pick(["pacs.example", "OTHER.example"])}`,
      `src ${pick(["127.0.0.9", "127.0.0.0/29", "10.0.0.0/8"])}`,
      `method ${pick(["GET", "POST DELETE"])}`,
      "ssl_fc",
      "always_true",
    ]);
  const condition = () => {
    const word = () =>
      chance(0.5) ? `${chance(0.3) ? "!" : ""}{ ${test()} }` : `${chance(0.3) ? "!" : ""}x`;
    const first = `${pick(["if", "unless"])} ${word()}`;
    if (chance(0.5)) return first;
    return `${first} ${pick(["", "or ", "|| "])}${word()}`;
  };
  const rule = () =>
    pick([
      `http-request deny ${condition()}`,
      `http-request auth if { ${test()} } !{ http_auth(staff) }`,
      "http-request auth unless { http_auth(staff) }",
      `http-request auth unless x or { http_auth(staff) }`,
      `http-request allow ${condition()}`,
      `http-request set-path ${pick(["/x%[path]", "/orthanc%[path]"])} ${condition()}`,
      `http-request replace-path ${pick(["/orthanc(.*) /\\\\1", "^/([^/]*)/ /\\\\1-"])} ${condition()}`,
      `http-request redirect location /z ${condition()}`,
      `redirect prefix http://other.example ${condition()}`,
      `tcp-request connection reject if { src 127.0.0.9 }`,
    ]);
  return [
    `  acl x ${test()}`,
    ...(chance(0.4) ? [`  acl x ${test()}`] : []),
    times(4, () => `  ${rule()}`),
    times(2, () => `  use_backend ${pick(["one", "two"])} ${condition()}`),
    ...(chance(0.8) ? ["  default_backend one"] : []),
  ].join("\n");
}

/** Lines of a virtual host of Apache that passes on to the ports 9001 and 9002. */
export function httpdLines(seed: number): string {
  const { pick, chance, times } = diceOf(seed);
  const login = "AuthType Basic\nAuthName PACS\nAuthUserFile users";
  const plain = () =>
    pick([
      "Require valid-user",
      "Require user u",
      "Require ip 127.0.0.9",
      "Require ip 127.0.0.0/29 10.0.0.0/8",
      "Require not ip 127.0.0.9\nRequire all granted",
      "Require all granted",
      "Require all denied",
      "Require method GET",
    ]);
  const require = (): string =>
    chance(0.3)
      ? `<${"RequireAll RequireAny".split(" ")[chance(0.5) ? 0 : 1]}>\n${plain()}\n${plain()}\n</X>`
      : plain();
  const closed = (text: string) => text.replace(/<(Require\w+)>([\s\S]*)<\/X>/u, "<$1>$2</$1>");
  const access = () =>
    closed(
      [
        ...(chance(0.7) ? [login] : []),
        ...(chance(0.2) ? [`AuthMerging ${pick(["And", "Or", "Off"])}`] : []),
        ...(chance(0.15) ? [`Satisfy ${pick(["Any", "All"])}`] : []),
        require(),
        ...(chance(0.2) ? [plain()] : []),
      ].join("\n"),
    );
  const section = () => {
    const [open, close] = (
      pick([
        `<Location "${pick([...prefixes, "/"])}">|</Location>`,
        `<LocationMatch "${pick(["^/orthanc", "/studies", "^/[as]", "web$"])}">|</LocationMatch>`,
        `<Location ~ "${pick(["^/dicom", "b/c"])}">|</Location>`,
        `<Location "/">\n<Limit ${pick(["GET", "POST"])}>|</Limit>\n</Location>`,
        `<Location "/">\n<LimitExcept GET>|</LimitExcept>\n</Location>`,
      ]) ?? ""
    ).split("|");
    return `${open}\n${access()}\n${close}`;
  };
  const passing = () =>
    pick([
      "ProxyPass / http://127.0.0.1:9001/",
      "ProxyPass /orthanc/ http://127.0.0.1:9001/\nProxyPass /dicom-web http://127.0.0.1:9002/dicom-web",
      "ProxyPass /secret !\nProxyPass / http://127.0.0.1:9001/",
      'ProxyPassMatch "^/orthanc/(.*)$" "http://127.0.0.1:9001/$1"\nProxyPass /a http://127.0.0.1:9002/a',
      "RewriteEngine On\nRewriteRule ^/orthanc/(.*)$ http://127.0.0.1:9001/$1 [P,L]\nRewriteRule ^/secret - [F]\nProxyPass /a http://127.0.0.1:9001/a",
      "RewriteEngine On\nRewriteCond %{REQUEST_URI} !^/secret\nRewriteRule ^/(.*)$ http://127.0.0.1:9001/$1 [P]",
      '<Location "/orthanc/">\nProxyPass http://127.0.0.1:9001/\n</Location>\n<Location "/dicom-web/">\nProxyPass http://127.0.0.1:9002/\n</Location>',
    ]);
  return [times(3, section), passing()].join("\n");
}

/** Lines of a site of a Caddyfile that passes on to the ports 9001 and 9002. */
export function caddyLines(seed: number): string {
  const { pick, chance } = diceOf(seed);
  const login = "{\nu HASH\n}";
  const proxy = () => `reverse_proxy 127.0.0.1:${pick(["9001", "9002"])}`;
  const path = () => pick(["/orthanc", "/orthanc/*", "/dicom-web*", "/secret/*", "/*/studies", "/a/*"]);
  const matcher = () => pick(["", "", path(), "@m", "@n"]);
  const definition = (name: string) =>
    pick([
      `${name} path ${path()} ${path()}`,
      `${name} not path ${path()}`,
      `${name} remote_ip ${pick(["127.0.0.9", "127.0.0.0/29"])}`,
      `${name} not remote_ip 127.0.0.9`,
      `${name} method ${pick(["GET", "POST DELETE"])}`,
      `${name} host ${pick(["pacs.example", "other.example"])}`,
      `${name} path_regexp ${pick(["^/orthanc/", "s$"])}`,
      `${name} {\npath ${path()}\nnot method GET\n}`,
      `${name} expression \`path('/orthanc/*') && method('GET')\``,
      `${name} expression {method} == 'POST' || {path}.startsWith('/secret')`,
      `${name} \`!path('/dicom-web/*')\``,
    ]);
  const simple = () =>
    pick([
      `basicauth ${matcher()} ${login}`,
      `basicauth ${matcher()} ${login}`,
      `respond ${matcher()} 403`,
      `error ${matcher()} 404`,
      `redir ${matcher() || "*"} /z`,
      `rewrite ${matcher() || "*"} /x{uri}`,
      `method ${matcher() || "*"} GET`,
      `handle ${matcher()} {\n${chance(0.3) ? `basicauth ${login}\n` : ""}${proxy()}\n}`,
      `handle_path ${pick(["/orthanc/*", "/a/*", "/secret*"])} {\n${proxy()}\n}`,
      `route ${matcher()} {\n${chance(0.5) ? `basicauth ${login}\n` : ""}${proxy()}\n}`,
      `reverse_proxy ${matcher()} 127.0.0.1:9002`,
      "import asks /orthanc/*",
      "import asks /dicom-web/*",
    ]);
  return [
    definition("@m"),
    definition("@n"),
    ...new Set(Array.from({ length: 5 }, () => (chance(0.6) ? simple() : ""))),
    ...(chance(0.8) ? [proxy()] : []),
  ].join("\n");
}

/** A snippet for the sites, which takes an argument. */
export const caddySnippet = "(asks) {\nbasicauth {args[0]} {\nu HASH\n}\n}\n";
