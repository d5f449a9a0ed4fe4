/** Ways in through nginx: what they lead to, what stands before them, and the lines that make it so. */
import { describe, expect, test } from "vitest";
import type { LintOptions, LintRun } from "../../src/lint.ts";
import type { ReportedEntry } from "../../src/triage/report.ts";
import { lintFiles } from "../inspect.ts";

const orthanc = `services:
  orthanc:
    image: orthancteam/orthanc:26.7.0
    environment: { ORTHANC__AUTHENTICATION_ENABLED: "false", DICOM_WEB_PLUGIN_ENABLED: "true" }
`;
const proxy = `  proxy:
    image: nginx:1.27.3
    ports: ["80:80"]
    volumes: ["./pacs.conf:/etc/nginx/conf.d/default.conf:ro"]
`;

/** A deployment in the folder "site". */
function lintSite(files: Readonly<Record<string, string>>, options: Partial<LintOptions> = {}): LintRun {
  const named = Object.entries(files).map(([name, text]) => [`site/${name}`, text]);
  return lintFiles(Object.fromEntries(named), { paths: ["site"], ...options });
}

function throughProxy(run: LintRun, service = "orthanc"): readonly ReportedEntry[] {
  const services = run.report.deployments.flatMap((deployment) => deployment.services);
  const listeners = services.filter(({ name }) => name === service).flatMap((one) => one.listeners);
  return listeners.flatMap(({ entries }) => entries).filter(({ through }) => through !== "direct");
}

const can = ({ anonymous }: ReportedEntry) =>
  Object.entries(anonymous ?? {}).flatMap(([ability, value]) => (value === true ? [ability] : []));

const told = (entry: ReportedEntry) =>
  [entry.paths.join(" "), entry.reach, entry.sourceSeen, entry.tls.mode, entry.auth.mode]
    .map(String)
    .join(", ");

const chain = ({ via }: ReportedEntry) =>
  via.map(({ location, label }) => `${location.file.replace("site/", "")}:${location.line} ${label}`);

const rulesOf = (run: LintRun) =>
  run.report.findings
    .filter(({ state }) => state === "open")
    .map(({ rule, location }) => `${rule} ${location.line}`);

const conf = (...lines: readonly string[]) => ["server {", "  listen 80;", ...lines, "}"].join("\n");
const pass = (path: string, ...lines: readonly string[]) =>
  `  location ${path} { ${lines.join(" ")} proxy_pass http://orthanc:8042; }`;
const login = 'auth_basic "PACS"; auth_basic_user_file /etc/nginx/users;';

/** Orthanc behind nginx, without a login of its own. */
const behind = (...lines: readonly string[]) =>
  lintSite({ "compose.yml": orthanc + proxy, "pacs.conf": conf(...lines) });

describe("paths that are treated alike", () => {
  test("one with a login, one without", () => {
    const run = behind(pass("/", login), pass("/dicom-web/"));
    expect(throughProxy(run).map(told)).toEqual([
      "/, network, other, off, basic",
      "/dicom-web/, network, other, off, none",
    ]);
    expect(throughProxy(run).map(can)).toEqual([[], ["read", "write", "dicomweb"]]);
    expect(throughProxy(run).map(chain)[1]).toEqual([
      "compose.yml:7 published on every address of the host",
      "pacs.conf:2 proxy listens here",
      "pacs.conf:4 no login is asked here",
      "pacs.conf:4 passed on to orthanc",
      "compose.yml:4 nor is one asked here",
    ]);
    expect(rulesOf(run)).toContain("proxy-path-without-login 4");
    expect(rulesOf(run).join()).not.toContain("http-no-authentication");
  });
  test("a prefix that the server does not see", () => {
    const [entry] = throughProxy(behind("  location /pacs/ { proxy_pass http://orthanc:8042/; }"));
    expect(entry && can(entry)).toEqual(["read", "write", "delete", "dicomweb", "webdav"]);
  });
  test("a prefix that the server does not know", () => {
    expect(throughProxy(behind(pass("/pacs/")))).toEqual([]);
  });
  test("methods", () => {
    const entries = throughProxy(
      behind("  location / { limit_except GET { deny all; } proxy_pass http://orthanc:8042; }"),
    );
    expect(entries.map(can)).toEqual([["read", "dicomweb", "webdav"]]);
  });
  test("a redirection is no way in", () => {
    expect(throughProxy(behind("  return 301 https://$host$request_uri;"))).toEqual([]);
  });
  test("pages without data are no way in", () => {
    expect(throughProxy(behind(pass("/ohif/")))).toEqual([]);
  });
});

describe("who is asked", () => {
  test("another service", () => {
    const [entry] = throughProxy(
      behind(
        "  location = /auth { internal; proxy_pass http://login:9000; }",
        pass("/", "auth_request /auth;"),
      ),
    );
    expect(entry?.auth).toMatchObject({ mode: "proxy" });
  });
  test("nobody, because no file of users is named", () => {
    const run = behind(pass("/", 'auth_basic "PACS";'));
    expect(throughProxy(run).map(told)).toEqual(["/, network, other, off, none"]);
    expect(rulesOf(run)).toContain("proxy-login-without-effect 3");
  });
  test("an address or a password", () => {
    const entries = throughProxy(behind(pass("/", "satisfy any; allow 10.0.0.0/8; deny all;", login)));
    expect(entries.map(told)).toEqual(["/, network, other, off, basic", "/, network, other, off, none"]);
  });
  test("nobody gets in", () => {
    expect(throughProxy(behind(pass("/", "deny all;")))).toEqual([]);
  });
  test("the proxy itself only", () => {
    const entries = throughProxy(behind(pass("/", "allow 127.0.0.1; deny all;")));
    expect(entries.map(({ reach }) => reach)).toEqual(["container"]);
  });
  test("the proxy logs everybody in", () => {
    const users = orthanc.replace(
      '"false"',
      '"true", ORTHANC__REGISTERED_USERS: \'{"a": "seven red horses"}\'',
    );
    const header = 'proxy_set_header Authorization "Basic YTpzZXZlbiByZWQgaG9yc2Vz";';
    const run = lintSite({ "compose.yml": users + proxy, "pacs.conf": conf(pass("/", header)) });
    const [entry] = throughProxy(run);
    expect(entry?.auth).toMatchObject({ mode: "none", suppliedByProxy: true });
    expect(entry && can(entry)).toContain("delete");
    expect(rulesOf(run)).toContain("proxy-supplies-login 3");
    expect(JSON.stringify(run.report)).not.toContain("YTpzZXZl");
  });
});

describe("where the target is", () => {
  test("several servers", () => {
    const two = orthanc + orthanc.split("\n").slice(1).join("\n").replace("orthanc:", "second:");
    const upstream = "upstream pacs { server orthanc:8042; server second:8042; }\n";
    const run = lintSite({
      "compose.yml": two + proxy,
      "pacs.conf": upstream + conf("  location / { proxy_pass http://pacs; }"),
    });
    expect([throughProxy(run).length, throughProxy(run, "second").length]).toEqual([1, 1]);
  });
  test("an alias, a container's name and another network", () => {
    const target = (name: string, networks: string) =>
      throughProxy(
        lintSite({
          "compose.yml": `${orthanc}    container_name: archive\n    networks: { inner: { aliases: [pacs] } }\n${proxy}    networks: [${networks}]\nnetworks: { inner: {}, outer: {} }\n`,
          "pacs.conf": conf(`  location / { proxy_pass http://${name}:8042; }`),
        }),
      ).length;
    expect([target("pacs", "inner"), target("archive", "inner, outer"), target("orthanc", "inner")]).toEqual([
      1, 1, 1,
    ]);
    expect([target("pacs", "outer"), target("nobody", "inner")]).toEqual([0, 0]);
  });
  test.each(["host.docker.internal", "gate"])("a published port, over %s", (name) => {
    const published = `${orthanc}    ports: ["8080:8042"]\n${proxy}    extra_hosts: ["gate:host-gateway"]\n`;
    const run = lintSite({
      "compose.yml": published,
      "pacs.conf": conf(`  location / { proxy_pass http://${name}:8080; }`),
    });
    expect(throughProxy(run).map(told)).toEqual(["/, network, other, off, none"]);
  });
  test("a proxy behind a proxy: the outer one asks", () => {
    const outer = `  outer:
    image: nginx:1.27.3
    ports: ["443:443"]
    volumes: ["./outer.conf:/etc/nginx/conf.d/default.conf:ro"]
`;
    const run = lintSite({
      "compose.yml": orthanc + proxy.replace('    ports: ["80:80"]\n', "") + outer,
      "pacs.conf": conf(pass("/")),
      "outer.conf": `server { listen 443 ssl; ssl_certificate c.pem; ssl_certificate_key k.pem; ${login} location / { proxy_pass http://proxy; } }`,
    });
    expect(throughProxy(run).map(told)).toEqual(["/, network, other, on, basic"]);
    expect(throughProxy(run)[0]?.through).toBe("outer: location /, proxy: location /");
  });
  test("DICOM through a stream, with certificates for some", () => {
    const run = lintSite({
      "compose.yml":
        orthanc + proxy.replace("conf.d/default.conf", "nginx.conf").replace("80:80", "2762:2762"),
      "pacs.conf":
        "events {}\nstream { server { listen 2762 ssl; ssl_certificate c.pem; ssl_certificate_key k.pem; ssl_verify_client on; ssl_client_certificate ca.pem; allow 10.0.0.0/8; deny all; proxy_pass orthanc:4242; } }",
    });
    const [entry] = throughProxy(run);
    expect(entry).toMatchObject({ id: "orthanc/dicom/proxy/tcp-2762", port: 2762, reach: "network" });
    expect(entry?.tls).toMatchObject({ mode: "on", clientCertificate: "required" });
    expect(entry?.unknownPeer?.store).toBe(true);
  });
  test("the archive of dcm4chee, by its paths", () => {
    const archive = `services:\n  arc:\n    image: dcm4che/dcm4chee-arc-psql:5.34.2\n${proxy}`;
    const run = lintSite({
      "compose.yml": archive,
      "pacs.conf": conf("  location /dcm4chee-arc/aets { proxy_pass http://arc:8080; }"),
    });
    const http = throughProxy(run, "arc").filter(({ id }) => id.startsWith("arc/http"));
    expect(http.map(can)).toEqual([["read", "write", "delete", "dicomweb"]]);
  });
});

describe("on a host", () => {
  const json = '{\n  "Name": "Clinic",\n  "RemoteAccessAllowed": false\n}\n';
  const site = conf("  location / { proxy_pass http://localhost:8042; }");
  test("what is for this host only is for everybody", () => {
    const run = lintSite(
      { "etc/orthanc/orthanc.json": json, "etc/nginx/sites-enabled/pacs": site },
      { orthancVersion: "1.12.7" },
    );
    expect(throughProxy(run).map(told)).toEqual(["/, network, loopback, off, none"]);
    expect(throughProxy(run).map(chain)[0]?.slice(0, 3)).toEqual([
      "etc/nginx/sites-enabled/pacs:2 nginx listens here",
      "etc/nginx/sites-enabled/pacs:3 no login is asked here",
      "etc/nginx/sites-enabled/pacs:3 passed on to orthanc, which takes the request for one of its own host",
    ]);
    expect(rulesOf(run)).toContain("http-no-authentication 3");
  });
  test("sites that are not enabled do not count, and includes are followed", () => {
    const run = lintSite(
      {
        "etc/orthanc/orthanc.json": json,
        "etc/nginx/nginx.conf": "events {}\nhttp { include /etc/nginx/sites-enabled/*; }\n",
        "etc/nginx/sites-enabled/pacs": conf("  include snippets/pacs.conf;"),
        "etc/nginx/sites-available/old": site.replace("80", "8080"),
        "etc/nginx/snippets/pacs.conf": `${login}\nlocation / { proxy_pass http://127.0.0.1:8042; }\n`,
      },
      { orthancVersion: "1.12.7" },
    );
    expect(throughProxy(run).map(told)).toEqual(["/, network, loopback, off, basic"]);
  });
  test("an address that is not this host's", () => {
    const elsewhere = site.replace("localhost", "10.1.2.3");
    const run = lintSite({ "orthanc.json": json, "pacs.conf": elsewhere }, { orthancVersion: "1.12.7" });
    expect(throughProxy(run)).toEqual([]);
  });
  test("beside containers that do not publish the port it leads to it is listed, and not taken for a server", () => {
    const run = lintSite({
      "compose.yml": `${orthanc}    ports: ["127.0.0.1:9042:8042"]\n`,
      "pacs.conf": site,
    });
    expect(throughProxy(run)).toEqual([]);
    expect(run.report.problems).toMatchObject([{ kind: "unlinked", location: { file: "site/pacs.conf" } }]);
  });
  test("named together with a compose file it runs on the same host", () => {
    const run = lintSite(
      { "compose.yml": `${orthanc}    ports: ["127.0.0.1:8042:8042"]\n`, "pacs.conf": site },
      { paths: ["site/compose.yml", "site/pacs.conf"] },
    );
    expect(throughProxy(run).map(told)).toEqual(["/, network, other, off, none"]);
  });
});

describe("what is not there to read", () => {
  test("an include in one location leaves the other decided", () => {
    const run = behind(pass("/", "include /etc/nginx/login.conf;"), pass("/wado"));
    expect(throughProxy(run).map(({ auth }) => auth.mode)).toMatchObject([{ cause: "input" }, "none"]);
    expect(run.report.problems).toMatchObject([
      { kind: "missing-file", location: { file: "site/pacs.conf", line: 3 } },
    ]);
    expect(run.report.undetermined.map(({ rule }) => rule)).toContain("http-no-authentication");
    expect(run.report.exitCode).toBe(3);
  });
  test("templates get the variables of the container", () => {
    const template = proxy.replace("conf.d/default.conf", "templates/default.conf.template");
    const at = (environment: string) =>
      throughProxy(
        lintSite({
          "compose.yml": `${orthanc}${template}    environment: { ${environment} }\n`,
          "pacs.conf": conf("  location / { proxy_pass http://${BACKEND}:8042; }"),
        }),
      ).length;
    expect([at("BACKEND: orthanc"), at("BACKEND: elsewhere")]).toEqual([1, 0]);
  });
});

test("a login and TLS at the proxy, nothing published behind it: nothing to say", () => {
  const run = lintSite({
    "compose.yml": `services:
  orthanc:
    image: orthancteam/orthanc:26.7.0
    environment:
      ORTHANC__REGISTERED_USERS: '{"viewer": "\${VIEWER_PASSWORD:?set it in .env}"}'
      ORTHANC__DICOM_SERVER_ENABLED: "false"
${proxy.replace('["80:80"]', '["80:80", "443:443"]')}`,
    ".env": "VIEWER_PASSWORD=seven red horses in rain\n",
    "pacs.conf": `server {
  listen 80;
  return 301 https://$host$request_uri;
}
server {
  listen 443 ssl;
  ssl_certificate /etc/ssl/pacs.crt;
  ssl_certificate_key /etc/ssl/pacs.key;
  ssl_protocols TLSv1.2 TLSv1.3;
  ${login}
  location / { proxy_pass http://orthanc:8042; }
}
`,
  });
  const about = run.report.findings.filter(
    ({ state, rule }) => state === "open" && /^(?:http|proxy|tls|dicom)-/.test(rule),
  );
  expect(about).toEqual([]);
  expect(throughProxy(run).map(told)).toEqual(["/, network, other, on, basic"]);
});

describe("a proxy behind a proxy", () => {
  const edge = `  edge:
    image: nginx:1.27.3
    ports: ["443:443"]
    volumes: ["./edge.conf:/etc/nginx/conf.d/default.conf:ro"]
`;
  const inner = `  inner:
    image: nginx:1.27.3
    volumes: ["./pacs.conf:/etc/nginx/conf.d/default.conf:ro"]
`;
  const tls = "listen 443 ssl; ssl_certificate /c.pem; ssl_certificate_key /k.pem;";
  const chained = (outer: string, ...lines: readonly string[]) =>
    lintSite({
      "compose.yml": orthanc + edge + inner,
      "edge.conf": `server { ${tls} ${outer} }\n`,
      "pacs.conf": conf(...lines),
    });
  const orthancPath = "  location /orthanc/ { proxy_pass http://orthanc:8042/; }";

  test("leads to what the paths of both lead to", () => {
    const run = chained(
      `location /pacs/ { ${login} proxy_pass http://inner/orthanc/; } location /share/ { proxy_pass http://inner/public/; }`,
      orthancPath,
      "  location /public/ { root /usr/share/nginx/html; }",
    );
    expect(throughProxy(run).map(told)).toEqual(["/pacs/, network, other, on, basic"]);
    expect(throughProxy(run).flatMap(can)).toEqual([]);
    expect(rulesOf(run).filter((found) => found.startsWith("http-"))).toEqual([]);
  });

  test("the paths are told as the outsider writes them", () => {
    const run = chained("location / { proxy_pass http://inner; }", orthancPath);
    expect(throughProxy(run).map(told)).toEqual(["/orthanc/, network, other, on, none"]);
    expect(rulesOf(run)).toContainEqual("http-no-authentication 4");
  });

  test("a path that the first one keeps to itself is not led on", () => {
    const run = chained(
      "location / { proxy_pass http://inner; } location /orthanc/ { return 403; }",
      orthancPath,
    );
    expect(throughProxy(run)).toEqual([]);
  });
});
