/** Configurations by chance: servers, locations and gates in all combinations that are easily read wrongly. */
import fc from "fast-check";

const line = (...lines: readonly string[]): fc.Arbitrary<string> => fc.constantFrom(...lines);

const prefixes = line(
  "/",
  "/orthanc",
  "/orthanc/",
  "/orthanc/studies",
  "/dicom-web/",
  "/a",
  "/a/b/",
  "/Orthanc",
  "/secret",
  "/errors/",
  "/orthanc/a b",
);
const expressions = line(
  "\\.php$",
  "^/orthanc/(studies|series)",
  "studies/?$",
  "^/(?<first>[^/]+)/(?<rest>.*)$",
  "/b/",
  '"^/[a-z]{1,7}/x?"',
  "^/(?!orthanc)",
  "(app|studies)",
  "^/orthanc(/.*)?$",
);

const backend = line(
  "proxy_pass http://127.0.0.1:9001;",
  "proxy_pass http://127.0.0.1:9001;",
  "proxy_pass http://pacs;",
  "proxy_pass http://127.0.0.1:9002;",
);
const backendWithPath = line(
  "proxy_pass http://127.0.0.1:9001/;",
  "proxy_pass http://127.0.0.1:9001/api/;",
  "proxy_pass http://pacs/x;",
  "proxy_pass http://127.0.0.1:9001$request_uri;",
  "proxy_pass http://pacs$uri;",
  "proxy_pass http://$backend;",
  "proxy_pass http://$backend/v$is_args$args;",
);
const answers = line(
  "return 403;",
  "return 204;",
  "return 302 /orthanc/;",
  "return 301 https://$host$request_uri;",
  "try_files $uri @named;",
  "try_files $uri /orthanc/there?y=2;",
  "try_files $uri =404;",
  "",
);

const access = line(
  "auth_basic pacs; auth_basic_user_file users;",
  "auth_basic pacs; auth_basic_user_file users;",
  "auth_basic off;",
  "auth_basic pacs;",
  "auth_basic_user_file users;",
  "auth_basic $realm; auth_basic_user_file users;",
  "auth_request /auth;",
  "auth_request off;",
  "auth_request /open;",
  "satisfy any;",
  "allow 127.0.0.9; deny all;",
  "deny 127.0.0.9;",
  "allow 127.0.0.0/30;",
  "allow all;",
  "deny all;",
);
const rewrites = line(
  "rewrite ^/orthanc/(.*)$ /dicom-web/$1 last;",
  "rewrite ^/orthanc(.*) $1 break;",
  "rewrite ^/a/(.*)$ /orthanc/$1?z=1;",
  "rewrite ^/secret/(.*)$ /$1? permanent;",
  "rewrite /studies$ /a/b?p=$uri break;",
  "break;",
  "set $x $arg_x;",
  "if ($request_method = OPTIONS) { return 204; }",
  "if ($request_method !~ ^(GET|HEAD)$) { return 405; }",
  "if ($http_x_key != secret) { set $x 1; }",
  "if ($remote_addr = 127.0.0.9) { return 403; }",
  'if ($uri ~ "^/(dicom-web|a)/(.*)") { set $y $2; }',
  "if ($x) { return 410; }",
  "if ($geo) { return 403; }",
  "if ($host = other.example) { rewrite ^ /other/$y break; }",
);
const limits = line(
  "limit_except GET { deny all; }",
  "limit_except GET POST { auth_basic more; auth_basic_user_file users; }",
  "limit_except POST { allow 127.0.0.9; deny all; }",
);
const pages = line(
  "error_page 401 = @named;",
  "error_page 401 403 /errors/x;",
  "error_page 403 =200 /orthanc/;",
  "error_page 404 405 @named;",
  "error_page 401 https://login.example/;",
  "recursive_error_pages on;",
);

const several = (lines: fc.Arbitrary<string>, maxLength: number): fc.Arbitrary<string> =>
  fc.uniqueArray(lines, { maxLength, selector: directiveOf }).map((chosen) => chosen.join(" "));

/** One directive of most kinds a level: two are refused, which is tested by hand. */
function directiveOf(text: string): string {
  const [name = ""] = text.split(" ");
  return ["auth_basic", "auth_basic_user_file"].includes(name)
    ? "auth_basic"
    : name === "allow" || name === "deny"
      ? "access"
      : name === "if" || name === "rewrite" || name === "error_page"
        ? text
        : name;
}

const gates = fc.tuple(several(access, 3), several(pages, 1)).map((parts) => parts.join(" "));
const program = several(rewrites, 2);
const content = (withPath: boolean): fc.Arbitrary<string> =>
  fc.oneof(
    { weight: 3, arbitrary: backend },
    { weight: withPath ? 3 : 0, arbitrary: backendWithPath },
    { weight: 1, arbitrary: answers },
  );

const body = (withPath: boolean): fc.Arbitrary<string> =>
  fc
    .tuple(
      fc.oneof({ weight: 2, arbitrary: fc.constant("") }, { weight: 2, arbitrary: gates }),
      fc.oneof({ weight: 3, arbitrary: fc.constant("") }, { weight: 1, arbitrary: program }),
      content(withPath),
      fc.oneof(
        { weight: 6, arbitrary: fc.constant("") },
        { weight: 1, arbitrary: limits },
        { weight: 1, arbitrary: fc.constant("internal;") },
      ),
    )
    .map((parts) => parts.filter((part) => part !== "").join(" "));

const quoted = (pattern: string): string => (pattern.includes(" ") ? `"${pattern}"` : pattern);

const fixed = fc
  .tuple(
    line("", "", "", "= ", "^~ "),
    prefixes,
    body(true),
    fc.option(fc.tuple(line("studies", "x", "/"), body(true))),
  )
  .map(([modifier, prefix, lines, inner]) => {
    const nested =
      inner === null || modifier === "= " ? "" : ` location ${quoted(prefix + inner[0])} { ${inner[1]} }`;
    return `location ${modifier}${quoted(prefix)} { ${lines}${nested} }`;
  });
const matched = fc
  .tuple(line("~ ", "~* "), expressions, body(false))
  .map(([modifier, pattern, lines]) => `location ${modifier}${pattern} { ${lines} }`);

const locations = fc.uniqueArray(
  fc.oneof({ weight: 3, arbitrary: fixed }, { weight: 1, arbitrary: matched }),
  {
    minLength: 1,
    maxLength: 5,
    selector: (text) => /^location (?:(= )|\^~ )?(?:~\*? )?\S+/.exec(text)?.[0].replace("^~ ", "") ?? text,
  },
);

const server = fc
  .tuple(
    line("9100", "9100", "*:9100", "127.0.0.1:9100"),
    line(
      "",
      "server_name pacs.example;",
      "server_name other.example;",
      "server_name *.example;",
      "server_name ~^pacs;",
    ),
    gates,
    fc.oneof({ weight: 3, arbitrary: fc.constant("") }, { weight: 1, arbitrary: program }),
    line("", "", "", "merge_slashes off;"),
    locations,
    body(false),
  )
  .map(
    ([listen, name, lines, rewriting, slashes, inner, named]) => `server {
  listen ${listen}; ${name} ${lines} ${rewriting} ${slashes}
  set $backend 127.0.0.1:9002;
  location = /auth { internal; proxy_pass http://127.0.0.1:9003/check; }
  location = /open { return 200; }
  location @named { ${named.replace(/internal;|limit_except[^}]*\}/, "")} }
${inner.map((location) => `  ${location}`).join("\n")}
}`,
  );

/** The `http` part of a configuration that listens on port 9100. */
export const configurations: fc.Arbitrary<string> = fc
  .tuple(gates, fc.array(server, { minLength: 1, maxLength: 2 }))
  .map(
    ([outer, servers]) => `${outer.replace(/error_page[^;]*@named;|auth_request \/\w+;/g, "")}
upstream pacs { server 127.0.0.1:9001; }
map $uri $realm { default pacs; ~^/dicom-web off; /orthanc/ $host; }
geo $geo { default 0; 127.0.0.9 1; }
map "" $x { default ""; }
map "" $y { default ""; }
${servers.join("\n")}`,
  );
