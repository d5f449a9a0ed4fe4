/** Layouts that are seen in the field: who reaches which server, and what it asks for, each worked out by hand. */
import { describe, expect, test } from "vitest";
import { lintFiles } from "../inspect.ts";

type Files = Readonly<Record<string, string>>;

/** What is told of a layout. */
function told(files: Files, args: { readonly env?: Files } = {}) {
  const { report } = lintFiles(files, { paths: ["."], ...args });
  const services = report.deployments.flatMap((deployment) => deployment.services);
  const listeners = services.flatMap((service) => service.listeners);
  const entries = listeners.flatMap((listener) =>
    listener.entries.map((entry) => ({ ...entry, protocol: listener.protocol })),
  );
  return {
    report,
    passed: (path: string) =>
      entries.find(({ through, paths }) => through !== "direct" && paths.includes(path)),
    direct: entries.find(({ through, protocol }) => through === "direct" && protocol === "http"),
    rules: report.findings
      .filter(({ state, severity }) => state === "open" && severity !== "low")
      .map(({ rule, location }) => `${rule} ${location.file}:${location.line}`),
    problems: report.problems.map(({ kind, message }) => `${kind}: ${message}`),
  };
}

const open = { auth: { mode: "none" }, tls: { mode: "off" }, reach: "network" };
const asks = { auth: { mode: "basic", defaultCredentials: false }, tls: { mode: "off" }, reach: "network" };
const users = '"RegisteredUsers": { "radiology": "seven red horses in rain" }';

const image = "orthancteam/orthanc:24.6.2";
const published = 'ports: ["8042:8042"]';

/** A compose file with one archive. */
function archive(lines: readonly string[], more = ""): string {
  return `services:\n  archive:\n${lines.map((line) => `    ${line}\n`).join("")}${more}`;
}

test("a Docker secret that the command names goes past the image's own merging", () => {
  const { direct, rules } = told({
    "compose.yml": archive(
      [
        `image: ${image}`,
        "command: /run/secrets/",
        'environment: { ORTHANC__AUTHENTICATION_ENABLED: "true" }',
        published,
        "secrets: [orthanc.json]",
      ],
      "secrets:\n  orthanc.json:\n    file: ./secret.json\n",
    ),
    "secret.json": '{ "RemoteAccessAllowed": true,\n  "AuthenticationEnabled": false }\n',
  });
  expect(direct).toMatchObject({ ...open, port: 8042 });
  expect(rules).toContain("http-no-authentication secret.json:2");
});

describe("a folder is mounted", () => {
  const lines = [`image: ${image}`, 'volumes: ["./conf:/etc/orthanc:ro"]', published];

  test("with numbered files that have no key in common: all of them count", () => {
    const { direct, report } = told({
      "compose.yml": archive(lines),
      "conf/10-base.json": '{ "AuthenticationEnabled": true }',
      "conf/50-users.json": `{ ${users} }`,
    });
    expect(direct).toMatchObject(asks);
    expect(report.deployments[0]?.files.map(({ path, linked }) => `${path} ${linked}`)).toEqual([
      "compose.yml null",
      "conf/10-base.json archive",
      "conf/50-users.json archive",
    ]);
  });

  test("with numbered files that contradict each other: the image takes them in the order of the disk", () => {
    const { direct } = told({
      "compose.yml": archive(lines),
      "conf/10-base.json": `{ "AuthenticationEnabled": false, ${users} }`,
      "conf/50-login.json": '{ "AuthenticationEnabled": true }',
    });
    expect(direct).toMatchObject({ reach: "network", auth: { mode: { cause: "input" } } });
  });

  test("of an image without a start script: a key in two files stops Orthanc itself", () => {
    const { report } = told({
      "compose.yml": archive([`image: jodogne/orthanc:1.12.4`, ...lines.slice(1)]),
      "conf/10-base.json": '{ "Name": "A" }',
      "conf/50-name.json": '{ "Name": "B" }',
    });
    expect(report.deployments[0]?.services[0]?.startup.verdict).toBe("refuses");
  });
});

test.each(["orthanc.json.tmpl", "orthanc.json.template", "orthanc.json.example"])(
  "%s is read as what it becomes",
  (name) => {
    const { direct, rules } = told({
      "compose.yml": archive([
        "image: jodogne/orthanc-plugins:1.12.4",
        `volumes: ["./${name}:/etc/orthanc/orthanc.json:ro"]`,
        published,
      ]),
      [name]:
        '{ "Name": "{{ .Name }}",\n  "RemoteAccessAllowed": true,\n  "AuthenticationEnabled": false }\n',
    });
    expect(direct).toMatchObject(open);
    expect(rules).toContain(`http-no-authentication ${name}:3`);
  },
);

test("an entry of environment without a sign takes its value from the shell, which nobody sees", () => {
  const lines = [`image: ${image}`, "environment:", "  - ORTHANC__AUTHENTICATION_ENABLED", published];
  const files = { "compose.yml": archive(lines) };
  expect(told(files).direct).toMatchObject({ reach: "network", auth: { mode: { cause: "input" } } });
  expect(told(files, { env: { ORTHANC__AUTHENTICATION_ENABLED: "false" } }).direct).toMatchObject(open);
});

test("an address that comes from a variable: its default counts, and is told", () => {
  const files = {
    "compose.yml": archive([
      `image: ${image}`,
      'environment: { ORTHANC__AUTHENTICATION_ENABLED: "false" }',
      'ports: ["${BIND:-127.0.0.1}:8042:8042"]',
    ]),
  };
  expect(told(files).direct).toMatchObject({ ...open, reach: "host" });
  expect(told(files, { env: { BIND: "10.0.0.5" } }).direct).toMatchObject({ ...open, address: "10.0.0.5" });
});

test("an image that is built: the Dockerfile says what it is, what it holds and who runs it", () => {
  const { direct, rules, report } = told({
    "compose.yml": archive(["build: ./image", published]),
    "image/Dockerfile": `FROM ${image}\nCOPY orthanc.json /etc/orthanc/orthanc.json\nENV ORTHANC__AUTHENTICATION_ENABLED=false\nEXPOSE 8042\nUSER orthanc\n`,
    "image/orthanc.json": `{ ${users} }`,
  });
  expect(direct).toMatchObject(open);
  expect(rules).toContain("http-no-authentication image/Dockerfile:3");
  expect(report.findings.map(({ rule }) => rule)).not.toContain("container-root");
});

test("a configuration that nothing mounts is no server, and is told", () => {
  const { direct, problems } = told({
    "compose.yml": archive([`image: ${image}`, published]),
    "orthanc.json": '{ "RemoteAccessAllowed": true, "AuthenticationEnabled": false }',
  });
  // The image asks for a login, and Orthanc makes orthanc/orthanc where no user is named.
  expect(direct).toMatchObject({ auth: { mode: "basic", defaultCredentials: true }, reach: "network" });
  expect(problems).toContainEqual(expect.stringMatching(/^unlinked: No service uses orthanc\.json:/u));
});

describe("a proxy", () => {
  const behind = (proxy: string): string =>
    `services:\n  proxy:\n    image: ${proxy}\n    ports: ["80:80"]\n    volumes: ["./site:/etc/nginx/conf.d/site.conf:ro", "./login.inc:/etc/nginx/login.inc:ro"]\n` +
    `  archive:\n    image: ${image}\n    environment: { ORTHANC__AUTHENTICATION_ENABLED: "false" }\n`;
  const site = (lines: string): string => `server {\n  listen 80;\n${lines}}\n`;
  const login = 'auth_basic "archive";\nauth_basic_user_file /etc/nginx/users;\n';
  const direct = "proxy_pass http://archive:8042;";

  test("whose login is in Lua: whether it asks is not known", () => {
    const { passed } = told({
      "compose.yml": behind("openresty/openresty:1.25.3.1-alpine"),
      site: site(`  location / { access_by_lua_block { require("sso").check() } ${direct} }\n`),
      "login.inc": login,
    });
    expect(passed("/")).toMatchObject({ reach: "network", auth: { mode: { cause: "opaque" } } });
  });

  test("whose login is in an include, in files without a suffix", () => {
    const { passed } = told({
      "compose.yml": behind("nginx:1.26.1"),
      site: site(`  location / { include /etc/nginx/login.inc; ${direct} }\n`),
      "login.inc": login,
    });
    expect(passed("/")).toMatchObject({ reach: "network", auth: { mode: "basic" }, tls: { mode: "off" } });
  });

  test("whose auth_request is commented out", () => {
    const { passed, rules } = told({
      "compose.yml": behind("nginx:1.26.1"),
      site: site(`  location / {\n    # auth_request /validate;\n    ${direct} }\n`),
      "login.inc": login,
    });
    expect(passed("/")).toMatchObject(open);
    expect(rules).toContain("http-no-authentication compose.yml:8");
  });

  test("that adds a login for every visitor", () => {
    const { passed, rules } = told({
      "compose.yml": behind("nginx:1.26.1").replace(
        'ORTHANC__AUTHENTICATION_ENABLED: "false"',
        `ORTHANC__REGISTERED_USERS: '{"viewer":"seven red horses in rain"}'`,
      ),
      site: site(
        `  location / {\n    proxy_set_header Authorization "Basic dmlld2VyOnNldmVuIHJlZCBob3JzZXMgaW4gcmFpbg==";\n    ${direct} }\n`,
      ),
      "login.inc": login,
    });
    expect(passed("/")).toMatchObject({ reach: "network", auth: { mode: "none", suppliedByProxy: true } });
    expect(rules).toContain("proxy-supplies-login site:4");
  });
});

test("a health check that carries the default password", () => {
  const { direct, report } = told({
    "compose.yml": archive([
      "image: jodogne/orthanc:1.12.4",
      'healthcheck: { test: ["CMD", "curl", "-f", "-u", "orthanc:orthanc", "http://localhost:8042/system"] }',
      published,
    ]),
  });
  expect(direct).toMatchObject({ auth: { mode: "basic", defaultCredentials: true }, reach: "network" });
  const found = report.findings.find(({ rule }) => rule === "health-check-default-password");
  expect(found?.location).toMatchObject({ file: "compose.yml", line: 4 });
});

test("variables of orthancteam's image on one of jodogne: nothing reads them", () => {
  const { direct, rules } = told({
    "compose.yml": archive([
      "image: jodogne/orthanc:1.12.4",
      `environment: { ORTHANC__REGISTERED_USERS: '{"radiology":"seven red horses in rain"}' }`,
      published,
    ]),
  });
  expect(direct).toMatchObject({ auth: { mode: "basic", defaultCredentials: true } });
  expect(rules).toContain("variable-without-effect compose.yml:4");
});

describe("an invented name", () => {
  test.each([
    ["orthanc.json", "HttpTlsEnabled", "misspelt-key-opens"],
    ["compose.yml", "ORTHANC__HTTP_AUTHENTICATION_ENABLED", "misspelt-key"],
  ])("in %s: %s", (file, name, rule) => {
    const { report } = told({
      "compose.yml": archive([
        `image: ${image}`,
        'volumes: ["./orthanc.json:/etc/orthanc/orthanc.json"]',
        `environment: { ${file === "compose.yml" ? name : "TZ"}: "true" }`,
        published,
      ]),
      "orthanc.json": file === "orthanc.json" ? `{ "${name}": true, ${users} }` : `{ ${users} }`,
    });
    const found = report.findings.find((finding) => finding.rule === rule);
    expect(found?.location).toMatchObject({ file });
    expect(found?.message).toContain(name.startsWith("ORTHANC") ? "HttpAuthenticationEnabled" : name);
  });

  test("of a database's variables", () => {
    const { report } = told({
      "compose.yml": archive(["image: jboss/keycloak:16.1.1", "environment: { DB_DATABSE: keycloak }"]),
    });
    const found = report.findings.find(({ rule }) => rule === "misspelt-key");
    expect(found).toMatchObject({ location: { line: 4 }, expected: "DB_DATABASE" });
  });
});

test("files that are named together are one run, and find each other", () => {
  const { report } = lintFiles(
    {
      "a/compose.yml": archive([
        `image: ${image}`,
        'volumes: ["./orthanc.json:/etc/orthanc/orthanc.json"]',
        published,
      ]),
      "a/orthanc.json": `{ "AuthenticationEnabled": true, ${users} }`,
    },
    { paths: ["a/orthanc.json", "a/compose.yml"] },
  );
  expect(report.deployments).toMatchObject([{ form: "compose", services: [{ name: "archive" }] }]);
  expect(report.deployments[0]?.files).toContainEqual(
    expect.objectContaining({ path: "a/orthanc.json", linked: "archive" }),
  );
});
