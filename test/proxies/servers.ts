/** The proxies that can be asked here, unpacked by test/proxies/setup.sh. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { absenceOf, type RealServer } from "./judge.ts";

const home = process.env.PACSLINT_PROXIES ?? "/var/cache/pacslint-proxies";

/** A server, and why it is not here. */
export interface Candidate {
  readonly server: RealServer;
  readonly absent: string | undefined;
}

const libraries = { LD_LIBRARY_PATH: join(home, "usr/lib/x86_64-linux-gnu") };

function candidate(name: string, path: string, words: Omit<RealServer, "binary">): Candidate {
  const binary = join(home, path);
  const found = existsSync(binary) ? binary : undefined;
  const absent = absenceOf(name, found, `PACSLINT_REQUIRE_${name.toUpperCase()}`);
  const environment = { ...libraries, ...words.environment };
  return { server: { ...words, binary, environment, waits: true }, absent };
}

const caddyfile = ["--config", "{folder}/Caddyfile", "--adapter", "caddyfile"];

/** Caddy. */
export const caddy: Candidate = candidate("caddy", "usr/bin/caddy", {
  check: ["validate", ...caddyfile],
  run: ["run", ...caddyfile],
  environment: { HOME: "/tmp", XDG_DATA_HOME: "/tmp/pacslint-caddy", XDG_CONFIG_HOME: "/tmp/pacslint-caddy" },
});

/** What the tests need; Debian's package enables them one by one. */
const modules = [
  "mpm_event",
  "authn_core",
  "authz_core",
  "authz_host",
  "authz_user",
  "auth_basic",
  "authn_file",
  "access_compat",
  "alias",
  "headers",
  "proxy",
  "proxy_http",
  "rewrite",
  "ssl",
  "setenvif",
  "macro",
  "status",
].flatMap((name) => [
  "-C",
  `LoadModule ${name}_module ${join(home, `usr/lib/apache2/modules/mod_${name}.so`)}`,
]);

const httpdWords = [
  "-d",
  "{folder}",
  "-f",
  "{folder}/httpd.conf",
  ...modules,
  "-C",
  "User nobody",
  "-C",
  "Group nogroup",
  "-C",
  "PidFile tmp/pid",
  "-C",
  "ErrorLog tmp/error.log",
  "-C",
  "ServerName judge.example",
  "-C",
  "DefaultRuntimeDir tmp",
];

/** Apache httpd. */
export const httpd: Candidate = candidate("httpd", "usr/sbin/apache2", {
  check: [...httpdWords, "-t"],
  run: [...httpdWords, "-D", "FOREGROUND"],
});

/** HAProxy. */
export const haproxy: Candidate = candidate("haproxy", "usr/sbin/haproxy", {
  check: ["-c", "-f", "{folder}/haproxy.cfg"],
  run: ["-db", "-f", "{folder}/haproxy.cfg"],
});
