/** Images that write nginx's configuration themselves, and proxies of which nobody can read what they pass on. */
import { describe, expect, test } from "vitest";
import { lintFiles } from "../inspect.ts";

const open = `  orthanc:
    image: orthancteam/orthanc:25.4.0
    environment:
      ORTHANC__AUTHENTICATION_ENABLED: "false"
`;

function run(services: string, files: Readonly<Record<string, string>> = {}) {
  return lintFiles({ "pacs/compose.yml": `services:\n${services}`, ...files }, { paths: ["pacs"] }).report;
}

/** "port paths tls login → service" of the ways through a proxy. */
function ways(report: ReturnType<typeof run>): readonly string[] {
  return report.deployments
    .flatMap(({ services }) => services)
    .flatMap(({ name, listeners }) =>
      listeners.flatMap(({ entries }) =>
        entries
          .filter(({ through }) => through !== "direct")
          .map(({ port, paths, tls, auth }) => `${port} ${paths.join()} ${tls.mode} ${auth.mode} → ${name}`),
      ),
    );
}

describe("nginx-proxy", () => {
  const proxy = (...volumes: readonly string[]) => `  proxy:
    image: nginxproxy/nginx-proxy:1.6
    ports: ["80:80", "443:443"]
    volumes: [${["/var/run/docker.sock:/tmp/docker.sock:ro", ...volumes].join(", ")}]
`;
  const host = "      VIRTUAL_HOST: pacs.example.org\n      VIRTUAL_PORT: 8042\n";

  test("passes on to a container that has VIRTUAL_HOST", () => {
    const report = run(proxy() + open + host);
    expect(ways(report)).toEqual(["80 / off none → orthanc"]);
    const found = report.findings.find(({ rule }) => rule === "http-no-authentication");
    expect(found?.location).toMatchObject({ file: "pacs/compose.yml", line: 9 });
  });

  test("with a certificate it redirects", () => {
    const report = run(`${proxy()}${open}${host}      LETSENCRYPT_HOST: pacs.example.org\n`);
    expect(ways(report)).toEqual(["443 / on none → orthanc"]);
  });

  test("a file of users of that name asks for a login", () => {
    const report = run(proxy("./users:/etc/nginx/htpasswd:ro") + open + host, {
      "pacs/users/pacs.example.org": "ward:$apr1$Zz9$msiwaOnL39TiVYw/gc8.x1\n",
    });
    expect(ways(report)).toEqual(["80 / off basic → orthanc"]);
  });

  const named = "      VIRTUAL_HOST: pacs.example.org\n";

  test("without VIRTUAL_PORT it calls the only port that is exposed, or else 80", () => {
    expect(ways(run(`${proxy()}${open}${named}    expose: ["8042"]\n`))).toEqual(["80 / off none → orthanc"]);
    expect(ways(run(`${proxy()}${open}${named}    expose: ["8042/tcp", "4242"]\n`))).toEqual([]);
    expect(ways(run(proxy() + open + named))).toEqual([]);
  });

  test("lets in private addresses only where NETWORK_ACCESS says so", () => {
    const report = run(`${proxy()}${open}${host}      NETWORK_ACCESS: internal\n`);
    const [entry] = report.deployments
      .flatMap(({ services }) => services)
      .flatMap(({ listeners }) => listeners.flatMap(({ entries }) => entries))
      .filter(({ through }) => through !== "direct");
    expect(entry).toMatchObject({ reach: "network", auth: { mode: "none" } });
    expect(entry?.via.map(({ label }) => label)).toContain("who is let in by address");
  });

  test("includes what stands in vhost.d for the host", () => {
    const report = run(proxy("./vhost.d:/etc/nginx/vhost.d:ro", "./users:/users:ro") + open + host, {
      "pacs/vhost.d/pacs.example.org_location": 'auth_basic "archive"; auth_basic_user_file /users/ward;\n',
      "pacs/users/ward": "ward:$apr1$Zz9$msiwaOnL39TiVYw/gc8.x1\n",
    });
    expect(ways(report)).toEqual(["80 / off basic → orthanc"]);
  });

  test.each([
    ["Mozilla-Modern", []],
    ["Mozilla-Old", ["proxy-old-tls"]],
    ["AWS-TLS-1-1-2017-01", ["proxy-old-tls"]],
  ])("SSL_POLICY %s", (policy, rules) => {
    const report = run(
      `${proxy()}${open}${host}      LETSENCRYPT_HOST: pacs.example.org\n      SSL_POLICY: ${policy}\n`,
    );
    const found = report.findings.map(({ rule }) => rule).filter((rule) => rule === "proxy-old-tls");
    expect([...new Set(found)]).toEqual(rules);
  });

  test("reads names, paths and ports from VIRTUAL_HOST_MULTIPORTS, which replaces VIRTUAL_HOST", () => {
    const several = `      VIRTUAL_HOST: other.example.org
      VIRTUAL_HOST_MULTIPORTS: |-
        pacs.example.org:
          "/orthanc/":
            port: 8042
            dest: "/"
        closed.example.org:
          "/":
            port: 9999
`;
    const report = run(proxy() + open + several);
    expect(ways(report)).toEqual(["80 /orthanc/ off none → orthanc"]);
    const found = report.findings.find(({ rule }) => rule === "http-no-authentication");
    expect(found?.related.map(({ location }) => location.line)).toContain(12);
  });

  test("leaves out who has no VIRTUAL_HOST", () => {
    expect(ways(run(proxy() + open))).toEqual([]);
  });
});

describe("orthancteam/orthanc-nginx", () => {
  test("passes on what its variables switch on", () => {
    const report = run(`  proxy:
    image: orthancteam/orthanc-nginx:25.4.0
    ports: ["80:80"]
    environment: { ENABLE_ORTHANC: "true", ENABLE_OHIF: "false" }
${open}`);
    expect(ways(report)).toEqual(["80 /orthanc/ off none → orthanc"]);
  });
});

describe("linuxserver/swag", () => {
  const swag = (conf: string) =>
    run(
      `  swag:
    image: lscr.io/linuxserver/swag:2.11.0
    ports: ["443:443"]
    volumes: ["./conf:/config/nginx/proxy-confs"]
${open}`,
      { "pacs/conf/orthanc.subdomain.conf": conf },
    );
  const server = (login: string) => `server {
  listen 443 ssl; server_name orthanc.*; include /config/nginx/ssl.conf;
  location / {
    ${login}include /config/nginx/proxy.conf;
    set $upstream_app orthanc; set $upstream_port 8042; set $upstream_proto http;
    proxy_pass $upstream_proto://$upstream_app:$upstream_port;
  }
}
`;
  test("reads the sites that are put into it", () => {
    expect(ways(swag(server("")))).toEqual(["443 / on none → orthanc"]);
  });
  test("knows its own include for a login", () => {
    const way = ways(swag(server("include /config/nginx/authelia-location.conf; ")));
    expect(way).toEqual([expect.stringMatching(/^443 \/ on (?!none)/u)]);
  });
});

describe("a proxy that keeps its routes to itself", () => {
  const manager = `  npm:
    image: jc21/nginx-proxy-manager:2.13.0
    ports: ["443:443"]
`;
  test("leaves the check undecided, and the gate shut", () => {
    const report = run(manager + open);
    const undecided = report.undetermined.filter(({ rule }) => rule === "http-no-authentication");
    expect(undecided).toMatchObject([
      { reason: "what npm passes on is not part of the input", countsForExit: true },
    ]);
    expect(report.exitCode).toBe(3);
  });
  test("says nothing of an archive that is published anyway", () => {
    const report = run(`${manager}${open}    ports: ["8042:8042"]\n`);
    expect(ways(report)).toEqual([]);
  });
  test("nor of one on another network", () => {
    const apart = `${manager}    networks: [front]\n${open}    networks: [back]\nnetworks: { front: {}, back: {} }\n`;
    expect(ways(run(apart))).toEqual([]);
  });
});
