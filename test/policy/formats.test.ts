/** Suppressions by comments in every format that has comments, each with what may be wrong with one. */
import { describe, expect, test } from "vitest";
import { bundledRules } from "../../src/rules/bundled.ts";
import type { Report } from "../../src/triage/report.ts";
import { lintFiles } from "../inspect.ts";

type Files = Readonly<Record<string, string>>;

/** A finding whose first line is in a file of the format. */
interface Case {
  readonly format: string;
  readonly files: Files;
  readonly file: string;
  readonly rule: string;
  /** What a comment looks like. */
  readonly marks?: readonly [string, string];
}

/** A proxy before an Orthanc that asks for a password, with one file of its configuration. */
function behind(image: string, file: string, mount: string, text: string): Files {
  const compose = `services:
  orthanc:
    image: orthancteam/orthanc:25.8.1
    environment: { ORTHANC__REGISTERED_USERS: '{"radiology": "nine blue doors by the sea"}' }
  proxy:
    image: ${image}
    ports: ["80:80"]
    volumes: ["./${file}:${mount}:ro"]
`;
  return { "compose.yml": compose, [file]: text };
}

/** The example of a rule. */
function exampleOf(rule: string, name: string): Files {
  const found = bundledRules.find(({ id }) => id === rule)?.examples.find((one) => one.name === name);
  if (found === undefined) throw new Error(`${rule} has no example "${name}"`);
  return found.files;
}

const open = "ORTHANC__AUTHENTICATION_ENABLED=false\n";

const cases: readonly Case[] = [
  {
    format: "JSON of Orthanc",
    files: { "orthanc.json": '{\n  "RemoteAccessAllowed": true,\n  "AuthenticationEnabled": false\n}\n' },
    file: "orthanc.json",
    rule: "http-no-authentication",
    marks: ["//", ""],
  },
  {
    format: "JSON of Orthanc, in a block",
    files: { "orthanc.json": '{\n  "RemoteAccessAllowed": true,\n  "AuthenticationEnabled": false\n}\n' },
    file: "orthanc.json",
    rule: "http-no-authentication",
    marks: ["/*", "*/"],
  },
  {
    format: "YAML",
    files: {
      "compose.yml": `services:
  orthanc:
    image: orthancteam/orthanc:25.8.1
    ports: ["8042:8042"]
    environment:
      ORTHANC__AUTHENTICATION_ENABLED: "false"
`,
    },
    file: "compose.yml",
    rule: "http-no-authentication",
  },
  {
    format: "an env file",
    files: {
      "compose.yml":
        'services:\n  orthanc:\n    image: orthancteam/orthanc:25.8.1\n    env_file: pacs.env\n    ports: ["8042:8042"]\n',
      "pacs.env": open,
    },
    file: "pacs.env",
    rule: "http-no-authentication",
  },
  {
    format: "a Dockerfile",
    files: {
      "compose.yml": 'services:\n  orthanc:\n    build: .\n    ports: ["8042:8042"]\n',
      Dockerfile: `FROM orthancteam/orthanc:25.8.1\nENV ${open}`,
    },
    file: "Dockerfile",
    rule: "http-no-authentication",
  },
  {
    format: "nginx",
    files: behind(
      "nginx:1.27.4",
      "pacs.conf",
      "/etc/nginx/conf.d/default.conf",
      "server {\n  listen 80;\n  location / {\n    proxy_pass http://orthanc:8042;\n  }\n}\n",
    ),
    file: "pacs.conf",
    rule: "proxy-no-tls",
  },
  {
    format: "a Caddyfile",
    files: behind(
      "caddy:2.9.1",
      "Caddyfile",
      "/etc/caddy/Caddyfile",
      "http://pacs.hospital.example {\n  reverse_proxy orthanc:8042\n}\n",
    ),
    file: "Caddyfile",
    rule: "proxy-no-tls",
  },
  {
    format: "Apache httpd",
    files: behind(
      "httpd:2.4.63",
      "pacs.conf",
      "/usr/local/apache2/conf/httpd.conf",
      `LoadModule proxy_module modules/mod_proxy.so
LoadModule proxy_http_module modules/mod_proxy_http.so
Listen 80
<VirtualHost *:80>
  ProxyPass / http://orthanc:8042/
</VirtualHost>
`,
    ),
    file: "pacs.conf",
    rule: "proxy-no-tls",
  },
  {
    format: "HAProxy",
    files: behind(
      "haproxy:3.0.8",
      "haproxy.cfg",
      "/usr/local/etc/haproxy/haproxy.cfg",
      "frontend web\n  mode http\n  bind :80\n  default_backend pacs\nbackend pacs\n  mode http\n  server pacs orthanc:8042\n",
    ),
    file: "haproxy.cfg",
    rule: "proxy-no-tls",
  },
  {
    format: "TOML",
    files: behind(
      "traefik:v3.3",
      "traefik.toml",
      "/etc/traefik/traefik.toml",
      `[entryPoints.web]
address = ":80"
[providers.file]
filename = "/etc/traefik/traefik.toml"
[http.routers.pacs]
rule = "PathPrefix(\`/\`)"
entryPoints = ["web"]
service = "pacs"
[[http.services.pacs.loadBalancer.servers]]
url = "http://orthanc:8042"
`,
    ),
    file: "traefik.toml",
    rule: "proxy-no-tls",
  },
  {
    format: "a unit of systemd",
    files: exampleOf("unit-logs-everything", "everything is traced"),
    file: "lib/systemd/system/orthanc.service",
    rule: "unit-logs-everything",
  },
  {
    format: "LDIF",
    files: exampleOf("archive-default-secret", "the pin of the samples in a device"),
    file: "device.ldif",
    rule: "archive-default-secret",
  },
  {
    format: "XML",
    files: exampleOf("health-without-login", "health without a login"),
    file: "standalone.xml",
    rule: "health-without-login",
    marks: ["<!--", "-->"],
  },
  {
    format: "properties",
    files: exampleOf("directory-link-unencrypted", "a directory on another host"),
    file: "ldap.properties",
    rule: "directory-link-unencrypted",
    marks: ["!", ""],
  },
];

function report(files: Files): Report {
  return lintFiles(files, { audience: "audit", paths: ["."], orthancVersion: "1.12.7" }).report;
}

/** The line of the first finding of the rule in the file. */
function lineOf({ files, file, rule }: Case): number {
  const found = report(files).findings.find((one) => one.rule === rule && one.location.file === file);
  expect(found?.state).toBe("open");
  return found?.location.line ?? 0;
}

describe.each(cases)("$format", (given) => {
  const { files, file, rule, marks: [before, after] = ["#", ""] } = given;
  const line = lineOf(given);

  /** States of the rule's findings on the line, and "rule:line" of what is said about suppressions. */
  function said(comment: string): readonly [readonly string[], readonly string[]] {
    const lines = (files[file] ?? "").split("\n");
    const written = `${before} ${comment} ${after}`.trimEnd();
    const changed = [...lines.slice(0, line - 1), written, ...lines.slice(line - 1)].join("\n");
    const { findings } = report({ ...files, [file]: changed });
    return [
      findings
        .filter((one) => one.rule === rule && one.location.file === file && one.location.line === line + 1)
        .map(({ state }) => state),
      findings
        .filter((one) => one.rule.startsWith("suppression-"))
        .map((one) => `${one.rule}:${one.location.file}:${one.location.line}`),
    ];
  }

  test.each([
    ["with a reason", `pacslint-ignore ${rule}: decided in May`, "suppressed", undefined],
    [
      "with a day to come",
      `pacslint-ignore ${rule} until 2027-01-31: until the new building`,
      "suppressed",
      undefined,
    ],
    ["on its last day", `pacslint-ignore ${rule} until 2026-11-22: until today`, "suppressed", undefined],
    ["expired", `pacslint-ignore ${rule} until 2026-11-21: was for yesterday`, "open", "suppression-expired"],
    ["without a reason", `pacslint-ignore ${rule}`, "open", "suppression-without-reason"],
    [
      "of a rule that is not there",
      "pacslint-ignore no-such-rule: why not",
      "open",
      "suppression-of-unknown-rule",
    ],
    [
      "of a rule that is quiet",
      "pacslint-ignore webdav-enabled: nothing is there",
      "open",
      "suppression-unused",
    ],
  ])("%s", (_name, comment, state, about) => {
    const [states, others] = said(comment);
    expect(new Set(states)).toEqual(new Set([state]));
    expect(others).toEqual(about === undefined ? [] : [`${about}:${file}:${line}`]);
  });
});
