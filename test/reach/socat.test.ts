/** Ways in through socat and through socket files, expected values by hand. Source: socat(1), nginx's proxy_pass. */
import { describe, expect, test } from "vitest";
import { lintFiles } from "../inspect.ts";

function entries(files: Readonly<Record<string, string>>) {
  const { report } = lintFiles(files, { paths: ["."] });
  const archive = report.deployments
    .flatMap(({ services }) => services)
    .find(({ name }) => name === "archive");
  return (archive?.listeners ?? []).flatMap((listener) =>
    listener.entries.map(({ through, port, reach, auth, tls }) => ({
      protocol: listener.protocol,
      through,
      port,
      reach,
      auth: auth.mode,
      tls: tls.mode,
    })),
  );
}

const archive = `  archive:
    image: orthancteam/orthanc:24.6.2
    environment: { ORTHANC__AUTHENTICATION_ENABLED: "false" }
`;

describe("socat", () => {
  const forwarding = (command: string, ports: string): string =>
    `services:\n  fwd:\n    image: alpine/socat:1.8.0.0\n    command: ${command}\n    ports: [${ports}]\n${archive}`;

  test("leads from a published port to the archive", () => {
    const compose = forwarding("tcp-listen:80,fork,reuseaddr tcp-connect:archive:8042", '"8080:80"');
    expect(entries({ "compose.yml": compose })).toEqual([
      {
        protocol: "http",
        through: "fwd: socat port 80",
        port: 8080,
        reach: "network",
        auth: "none",
        tls: "off",
      },
    ]);
  });

  test("leads DICOM on, from a list of words with flags", () => {
    const compose = forwarding('["-d", "TCP-LISTEN:104,fork", "TCP4:archive:4242"]', '"104:104"');
    expect(entries({ "compose.yml": compose })).toMatchObject([
      { protocol: "dicom", through: "fwd: socat port 104", port: 104, reach: "network" },
    ]);
  });

  test("encrypts where it listens with OPENSSL, and asks for a certificate unless verify is off", () => {
    const listen = (verify: string) => `OPENSSL-LISTEN:8443,cert=/c.pem,fork${verify} TCP:archive:8042`;
    const at = (verify: string) => entries({ "compose.yml": forwarding(listen(verify), '"443:8443"') });
    expect(at(",verify=0")).toMatchObject([{ port: 443, tls: "on", auth: "none", reach: "network" }]);
    expect(at("")).toMatchObject([{ port: 443, tls: "on" }]);
  });

  test("leads nowhere while it listens on the container's own loopback", () => {
    const compose = forwarding("TCP-LISTEN:80,bind=127.0.0.1 TCP:archive:8042", '"8080:80"');
    expect(entries({ "compose.yml": compose })).toEqual([]);
  });
});

describe("a socket file between nginx and socat", () => {
  const compose = `services:
  proxy:
    image: nginx:1.26.1
    ports: ["80:80"]
    volumes: ["./site.conf:/etc/nginx/conf.d/default.conf:ro", "sock:/run/pacs"]
  bridge:
    image: alpine/socat:1.8.0.0
    command: UNIX-LISTEN:/sockets/archive.sock,fork,mode=777 TCP:archive:8042
    volumes: ["sock:/sockets"]
${archive}volumes: { sock: {} }
`;
  const login = "auth_basic x; auth_basic_user_file /u;";

  test.each([
    [
      "by proxy_pass",
      "server { listen 80; location / { proxy_pass http://unix:/run/pacs/archive.sock; } }",
      "none",
    ],
    [
      "by proxy_pass with a path",
      "server { listen 80; location / { proxy_pass http://unix:/run/pacs/archive.sock:/; } }",
      "none",
    ],
    [
      "by an upstream, with a login",
      `upstream pacs { server unix:/run/pacs/archive.sock; }\nserver { listen 80; location / { ${login} proxy_pass http://pacs; } }`,
      "basic",
    ],
  ])("%s", (_name, site, auth) => {
    expect(entries({ "compose.yml": compose, "site.conf": `${site}\n` })).toMatchObject([
      { protocol: "http", port: 80, reach: "network", auth, tls: "off" },
    ]);
  });

  test("another file leads nowhere", () => {
    const site = "server { listen 80; location / { proxy_pass http://unix:/run/pacs/web.sock; } }\n";
    expect(entries({ "compose.yml": compose, "site.conf": site })).toEqual([]);
  });
});

describe("a socket file behind other proxies", () => {
  const behind = (image: string, file: string, target: string, port: number): string => `services:
  proxy:
    image: ${image}
    ports: ["${port}:${port}"]
    volumes: ["./${file}:${target}:ro", "sock:/run/pacs"]
  bridge:
    image: alpine/socat:1.8.0.0
    entrypoint: ["sh", "-c", "socat UNIX-LISTEN:/run/pacs/archive.sock,fork TCP:archive:8042 & wait"]
    volumes: ["sock:/run/pacs"]
${archive}volumes: { sock: {} }
`;

  test.each([
    [
      "caddy:2.8.4",
      "Caddyfile",
      "/etc/caddy/Caddyfile",
      80,
      ":80 {\n  reverse_proxy unix//run/pacs/archive.sock\n}\n",
    ],
    [
      "haproxy:2.9.7",
      "haproxy.cfg",
      "/usr/local/etc/haproxy/haproxy.cfg",
      80,
      "defaults\n  mode http\nfrontend f\n  bind :80\n  default_backend b\nbackend b\n  server s unix@/run/pacs/archive.sock\n",
    ],
    [
      "httpd:2.4.59",
      "httpd.conf",
      "/usr/local/apache2/conf/httpd.conf",
      80,
      'Listen 80\nLoadModule proxy_module modules/mod_proxy.so\nLoadModule proxy_http_module modules/mod_proxy_http.so\nProxyPass / "unix:/run/pacs/archive.sock|http://localhost/"\n',
    ],
  ])("%s", (image, file, target, port, text) => {
    expect(entries({ "compose.yml": behind(image, file, target, port), [file]: text })).toMatchObject([
      { protocol: "http", port, reach: "network", auth: "none", tls: "off" },
    ]);
  });
});

test("on a host: what listens at a socket file named after the archive is not known", () => {
  const { report } = lintFiles(
    {
      "etc/orthanc/orthanc.json": '{ "AuthenticationEnabled": false }',
      "etc/nginx/nginx.conf":
        "events {}\nhttp { server { listen 80; location / { proxy_pass http://unix:/run/orthanc.sock; } } }\n",
    },
    { paths: ["."] },
  );
  const reasons = report.undetermined
    .filter(({ rule }) => rule === "http-no-authentication")
    .map(({ reason }) => reason);
  expect(reasons).toEqual([
    "what listens at /run/orthanc.sock, to which nginx passes requests, is not part of the input",
  ]);
});
