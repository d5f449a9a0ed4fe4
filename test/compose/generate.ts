// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the references are Compose's
/** Makes compose projects from a seed: every operator, port and volume form, overrides, extends, includes, anchors, tags. */

export interface GeneratedProject {
  /** By path in the project's folder. */
  readonly files: Readonly<Record<string, string>>;
  readonly composeFiles: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly profiles: readonly string[];
}

/** A stream of numbers that a seed decides (mulberry32). */
interface Dice {
  /** A whole number below `sides`. */
  readonly roll: (sides: number) => number;
  readonly chance: (percent: number) => boolean;
  readonly pick: <T>(items: readonly T[]) => T;
  readonly some: <T>(items: readonly T[], percent: number) => T[];
}

function dice(seed: number): Dice {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
  const roll = (sides: number): number => Math.floor(next() * sides);
  const pick = <T>(items: readonly T[]): T => {
    const item = items[roll(items.length)];
    if (item === undefined) throw new Error("nothing to pick from");
    return item;
  };
  const chance = (percent: number): boolean => roll(100) < percent;
  return { roll, chance, pick, some: (items, percent) => items.filter(() => chance(percent)) };
}

const names = ["SET", "EMPTY", "UNSET", "NUM", "OTHER", "_x1", "lower", "FILE_ONLY"] as const;
const operators = [":-", "-", ":+", "+"] as const;

/** A text with references in it; sometimes one that Compose refuses. */
function template(d: Dice, depth = 0): string {
  const parts = Array.from({ length: 1 + d.roll(3) }, () => templatePart(d, depth));
  return parts.join("");
}

function templatePart(d: Dice, depth: number): string {
  const name = d.pick(names);
  switch (d.roll(depth > 2 ? 4 : 9)) {
    case 0:
      return d.pick(["a", "-", "x y", ".", "1", "/p", "=", "?", "+", "{", "é"]);
    case 1:
      return `$${name}`;
    case 2:
      return `\${${name}}`;
    case 3:
      return d.pick(["$$", "$$$$", "$1", "$", "$.", "$-"]);
    case 4:
      return `\${SET${d.pick([":?", "?"])}${template(d, depth + 1)}}`;
    case 5:
      return d.chance(4) ? d.pick(["${", "${}", "${1}", "${A", "${A!x}", "${UNSET:?why}"]) : "z";
    default:
      return `\${${name}${d.pick(operators)}${d.chance(15) ? "" : template(d, depth + 1)}}`;
  }
}

/** A scalar that YAML reads back as this text. */
function quoted(d: Dice, text: string): string {
  if (d.chance(30)) return `'${text.replaceAll("'", "''")}'`;
  if (d.chance(20) && /^[a-z/][-a-z0-9/._$]*$/i.test(text)) return text;
  return JSON.stringify(text);
}

function port(d: Dice): string {
  const base = 1000 + d.roll(40);
  const size = d.roll(3);
  const ip = d.pick(["127.0.0.1", "0.0.0.0", "[::1]", "10.1.2.3", "${IP:-192.168.0.1}", "${BIND-127.0.0.1}"]);
  const protocol = d.pick(["", "", "", "/udp", "/tcp", "/SCTP", "/"]);
  const range = size === 0 ? `${base}` : `${base}-${base + size}`;
  const outer = size === 0 ? `${base + 7000}` : `${base + 7000}-${base + 7000 + size}`;
  switch (d.roll(12)) {
    case 0:
      return `${base}`;
    case 1:
      return JSON.stringify(`${range}${protocol}`);
    case 2:
      return JSON.stringify(`${outer}:${range}${protocol}`);
    case 3:
      return JSON.stringify(`${ip}:${outer}:${range}${protocol}`);
    case 4:
      return JSON.stringify(`${ip}::${base}${protocol}`);
    case 5:
      return JSON.stringify(`${base}-${base + 5}:80${protocol}`);
    case 6:
      return JSON.stringify(`\${NUM}:${base}`);
    case 7:
      return `{target: ${base}, published: ${d.pick([String(base), `"${base}"`, `"${outer}"`])}}`;
    case 8:
      return `{target: "\${NUM}", protocol: udp, mode: host, host_ip: ${d.pick(["127.0.0.1", '"::1"'])}}`;
    case 9:
      return `{target: ${base}, name: web, app_protocol: http, x-note: {a: 1}}`;
    case 10:
      return JSON.stringify(`\${UNSET:-${base}}:\${NUM-80}`);
    default:
      return d.chance(10)
        ? d.pick(['"x:80"', '"80-70"', '"1-2:5-9"', '"80:80/http"', '"300.1.1.1:80:80"', '"70000"', '":80:"'])
        : `"${base}"`;
  }
}

function volume(d: Dice): string {
  const target = d.pick(["/a", "/b/", "/c//d", "/e/../f", "/g"]);
  const source = d.pick([
    "./data",
    "../up",
    "/abs/path",
    "data",
    "cache",
    "~/home",
    ".",
    "C:\\\\win",
    "${SET}",
    "${UNSET:-./dflt}",
    "./${NUM}",
  ]);
  const options = d.pick(["", ":ro", ":rw", ":ro,z", ":Z,rshared", ":nocopy", ":odd"]);
  switch (d.roll(8)) {
    case 0:
      return `"${target}"`;
    case 1:
    case 2:
    case 3:
      return `"${source}:${target}${options}"`;
    case 4:
      return `{type: bind, source: "${d.pick(["./b", "/abs"])}", target: ${target}, read_only: ${d.pick(["true", "false", '"${UNSET:-yes}"'])}}`;
    case 5:
      return `{type: volume, source: data, target: ${target}, volume: {nocopy: true}}`;
    case 6:
      return `{type: tmpfs, target: ${target}, tmpfs: {size: ${d.pick(["1000", "10m", '"1g"'])}}}`;
    default:
      return d.chance(15)
        ? d.pick(['"a:/b:ro:z"', '"./x::/y"', '""', "{type: bind, target: /x}"])
        : `"named:${target}"`;
  }
}

const variableNames = ["A", "B", "C", "SET", "FILE_ONLY", "GONE"] as const;

function environment(d: Dice): string {
  const chosen = d.some(variableNames, 50);
  if (chosen.length === 0) return "{}";
  if (d.chance(50)) {
    const items = chosen.map((name) => (d.chance(20) ? name : quoted(d, `${name}=${template(d)}`)));
    return `[${items.map((item) => (item.startsWith('"') || item.startsWith("'") ? item : JSON.stringify(item))).join(", ")}]`;
  }
  const values = (): string =>
    d.pick([
      "",
      "~",
      "1",
      "1.50",
      "true",
      "0x1f",
      "0755",
      "1e3",
      "yes",
      JSON.stringify(template(d)),
      JSON.stringify(template(d)),
    ]);
  return `{${chosen.map((name) => `${name}: ${values()}`).join(", ")}}`;
}

type Fields = Record<string, string>;

/** Makers of fields, each in flow style, on one line. */
const makers: Readonly<Record<string, (d: Dice) => string>> = {
  ports: (d) => `[${Array.from({ length: 1 + d.roll(4) }, () => port(d)).join(", ")}]`,
  volumes: (d) => `[${Array.from({ length: 1 + d.roll(4) }, () => volume(d)).join(", ")}]`,
  environment,
  command: (d) =>
    d.pick([
      "run --it",
      "[a, b c]",
      "'sh -c \"a && b\"'",
      "null",
      '""',
      "[]",
      "'a | b'",
      "\"x 'y z' \\\\\\\\n\"",
    ]),
  entrypoint: (d) => d.pick(["/entry", "[e, f]", "null", "[]"]),
  labels: (d) =>
    d.pick(["{a: 1, b: two, c: null}", '["a=1", b, "c=x=y"]', '{"traefik.x": "Host(`${SET}`)"}']),
  networks: (d) =>
    d.pick([
      "[one]",
      "[one, two]",
      "{one: null, two: {aliases: [n, m], ipv4_address: 10.0.0.3}}",
      "{default: {priority: 3}}",
      "[]",
    ]),
  depends_on: (d) =>
    d.pick([
      "[s0]",
      "{s0: {condition: service_healthy, restart: true}}",
      "{s0: {condition: service_started, required: false}}",
    ]),
  expose: (d) => d.pick(['[80, "81"]', '["80-90"]', '["82", 82]']),
  env_file: (d) =>
    d.pick(["a.env", "[a.env, b.env]", "[{path: a.env}, {path: none.env, required: false}]", "[b.env]"]),
  cap_add: (d) => d.pick(["[ALL]", "[NET_ADMIN, SYS_TIME]"]),
  privileged: (d) => d.pick(["true", "false", '"${UNSET:-on}"', '"no"']),
  read_only: (d) => d.pick(["true", '"${NUM:+yes}"']),
  user: (d) => d.pick(['"1000:1000"', "root", '"${UNSET-0}"']),
  healthcheck: (d) =>
    d.pick([
      "{test: [CMD, a], interval: 90s, retries: 3}",
      "{test: curl x, timeout: 1h}",
      "{disable: true}",
      "{interval: 500ms}",
    ]),
  extra_hosts: (d) => d.pick(['["a:1.2.3.4", "b=::1"]', '{a: 1.2.3.4, c: "[::2]"}']),
  secrets: (d) =>
    d.pick(["[sec]", "[{source: sec, target: x, mode: 0440}]", "[sec, {source: envsec, target: /abs}]"]),
  configs: (d) => d.pick(["[conf]", "[{source: conf, target: /etc/c, uid: '1'}]"]),
  dns: (d) => d.pick(["1.1.1.1", "[1.1.1.1, 8.8.8.8]"]),
  sysctls: (d) => d.pick(["{a.b: 1}", "[a.b=2, c.d=3]"]),
  tmpfs: (d) => d.pick(["/run", "[/run, /tmp]"]),
  build: (d) =>
    d.pick([
      ".",
      "{context: ./ctx, args: {A: 1, SET: null}}",
      "{args: [SET, GONE, B=2], target: t}",
      "{dockerfile_inline: FROM x, labels: [a=b]}",
    ]),
  logging: (d) =>
    d.pick(["{driver: json-file, options: {max-size: 1m}}", "{driver: syslog}", "{options: {a: 1}}"]),
  deploy: (d) =>
    d.pick([
      "{replicas: 1, labels: {a: b}}",
      "{resources: {limits: {memory: 1g, cpus: '0.5'}}}",
      "{labels: [c=d]}",
    ]),
  ulimits: (d) => d.pick(["{nofile: 10}", "{nofile: {soft: 1, hard: 2}}"]),
  profiles: (d) => d.pick(["[p1]", "[p1, p2]"]),
  devices: (d) => d.pick(["[/dev/a]", '["/dev/a:/dev/b:r"]', '["/dev/c:/dev/b"]']),
  security_opt: () => "[no-new-privileges:true]",
  restart: (d) => d.pick(["always", '"no"', "unless-stopped"]),
  mem_limit: (d) => d.pick(["1g", "512m", "1000000"]),
  stop_grace_period: (d) => d.pick(["10s", "1m30s"]),
  group_add: (d) => d.pick(["[a, 5]", '["7"]']),
  x_custom: () => "{a: [1, 2]}",
};

/** Services that others depend on stay simple, so that most projects are accepted. */
function service(d: Dice, index: number, fields: readonly string[]): Fields {
  const result: Fields = {
    image: JSON.stringify(d.pick(["img", "img:${NUM}", "${UNSET:-reg.example:5000/img}:1"])),
  };
  for (const field of d.some(fields, 22)) {
    if (index === 0 && (field === "depends_on" || field === "profiles")) continue;
    result[field === "x_custom" ? "x-custom" : field] = makers[field]?.(d) ?? "{}";
  }
  if (d.chance(8)) {
    delete result.networks;
    result.network_mode = d.pick(["host", "none", "bridge", index > 0 ? "service:s0" : "host"]);
  }
  return result;
}

function writeServices(services: Readonly<Record<string, Fields>>): string {
  const lines = ["services:"];
  for (const [name, fields] of Object.entries(services)) {
    lines.push(`  ${name}:`);
    for (const [key, value] of Object.entries(fields)) lines.push(`    ${key}: ${value}`);
  }
  return `${lines.join("\n")}\n`;
}

const resources = `networks: {one: {internal: true}, two: {external: true, name: outer}}
volumes: {data: {}, cache: {driver: local, driver_opts: {type: none, o: bind, device: ./dev}}, named: {external: true}, value: {labels: [a=b]}}
secrets: {sec: {file: ./sec.txt}, envsec: {environment: SET}}
configs: {conf: {content: "c \${SET}"}}
`;

const fieldNames = Object.keys(makers);

/** The project of a seed. */
export function generateProject(seed: number): GeneratedProject {
  const d = dice(seed);
  const services: Record<string, Fields> = {};
  const count = 1 + d.roll(3);
  for (let index = 0; index < count; index++) services[`s${index}`] = service(d, index, fieldNames);
  const files: Record<string, string> = {
    ".env": `SET=value\nEMPTY=\nNUM=${20 + d.roll(60)}\nOTHER='o $x'\nlower="l \${SET}"\n`,
    "a.env": 'A=from a\nFILE_ONLY="f ${SET} ${UNSET:-d}"\nGONE\nSET\n',
    "b.env": "B=${A:-none}-b\nFILE_ONLY='b'\n",
  };
  let head = d.chance(30) ? `name: ${d.pick(["my-project", "My_Project", '"${SET}-x"'])}\n` : "";
  if (d.chance(30)) extend(d, services, files);
  if (d.chance(25)) head += include(d, files);
  files["compose.yaml"] = `${head}${anchors(d, services)}${writeServices(services)}${resources}`;
  const composeFiles = ["compose.yaml"];
  if (d.chance(55)) {
    files["over.yaml"] = override(d, Object.keys(services));
    composeFiles.push("over.yaml");
  }
  return {
    files,
    composeFiles,
    env: d.chance(30) ? { B: "shell b", SET: "from shell" } : {},
    profiles: d.chance(40) ? ["p1"] : [],
  };
}

function extend(d: Dice, services: Record<string, Fields>, files: Record<string, string>): void {
  const own = service(
    d,
    1,
    fieldNames.filter((field) => field !== "profiles"),
  );
  if (d.chance(50)) {
    services.ext = { ...own, extends: d.pick(["s0", "{service: s0}"]) };
    return;
  }
  const base = service(
    d,
    0,
    fieldNames.filter((field) => field !== "networks"),
  );
  const second: Fields = d.chance(50)
    ? { extends: "base", ...service(d, 0, ["ports", "volumes", "environment"]) }
    : service(d, 0, ["ports"]);
  files["sub/base.yaml"] = writeServices({ base, second });
  files["sub/a.env"] = "A=sub\n";
  files["sub/b.env"] = "B=sub\n";
  services.ext = { ...own, extends: `{file: ./sub/base.yaml, service: ${d.pick(["base", "second"])}}` };
}

function include(d: Dice, files: Record<string, string>): string {
  files["inc/compose.yaml"] = `${writeServices({
    inc: service(
      d,
      0,
      fieldNames.filter((field) => !["networks", "secrets", "configs", "volumes"].includes(field)),
    ),
  })}volumes: {incvol: {}}\n`;
  files["inc/a.env"] = "A=inc\n";
  files["inc/b.env"] = "B=inc\n";
  if (d.chance(50)) files["inc/.env"] = "UNSET=set in include\nNUM=77\n";
  return `include: ${d.pick(["[inc/compose.yaml]", "[{path: inc/compose.yaml}]", "[{path: [inc/compose.yaml], project_directory: inc}]", "[{path: inc/compose.yaml, env_file: b.env}]"])}\n`;
}

function anchors(d: Dice, services: Record<string, Fields>): string {
  if (!d.chance(35)) return "";
  const fields: Fields = {
    environment: makers.environment?.(d) ?? "{}",
    restart: "always",
    labels: "{from: anchor}",
  };
  const target = services[d.pick(Object.keys(services))];
  if (target !== undefined) {
    if (d.chance(60)) target["<<"] = "*common";
    else target.environment = "*vars";
  }
  const lines = Object.entries(fields).map(
    ([key, value]) => `  ${key}: ${key === "environment" ? `&vars ${value}` : value}`,
  );
  return `x-common: &common\n${lines.join("\n")}\n`;
}

function override(d: Dice, names: readonly string[]): string {
  const services: Record<string, Fields> = {};
  for (const name of d.some(names, 70)) {
    const fields = service(
      d,
      name === "s0" ? 0 : 1,
      fieldNames.filter((field) => field !== "build"),
    );
    for (const field of Object.keys(fields)) {
      if (field === "image" || field.startsWith("x-") || !d.chance(12)) continue;
      fields[field] = d.chance(50) ? `!override ${fields[field]}` : "!reset null";
    }
    if (d.chance(50)) delete fields.image;
    services[name] = fields;
  }
  if (Object.keys(services).length === 0) services.added = service(d, 0, ["ports"]);
  return writeServices(services).replace(/^( {2}\w+:)\n(?= {2}\w|$)/gm, "$1 {}\n");
}

const envTokens = [
  "A=",
  "\nB_C=",
  "\nA",
  "=",
  "\n",
  " ",
  "\t",
  "#",
  " #",
  "'",
  '"',
  "\\",
  "\\n",
  "\\$",
  "\\0101",
  "$",
  "${A}",
  "${X:-d}",
  "$A",
  "export ",
  "x",
  "1",
  ":",
  "-",
  ".",
  "é",
  "\r\n",
  "v",
  "w",
  "z",
] as const;

/** An env file of a seed, as often as not one that Compose refuses, with a service that reads it. */
export function generateEnvFile(seed: number): GeneratedProject {
  const d = dice(seed);
  const content = Array.from({ length: 3 + d.roll(14) }, () => d.pick(envTokens)).join("");
  const files = { "compose.yaml": "services: {a: {image: x, env_file: e.env}}\n", "e.env": content };
  return { files, composeFiles: ["compose.yaml"], env: {}, profiles: [] };
}
