/** Routes: one deployment read as its owner would, and the settings that no running nginx shows. */
import { describe, expect, test } from "vitest";
import { type NginxModel, nginxModel } from "../../src/products/nginx/model.ts";
import { probe } from "../../src/products/nginx/probe.ts";
import { type NginxRoute, routes } from "../../src/products/nginx/routes.ts";
import { probePaths } from "../../src/products/probe-paths.ts";
import { type Located, textOfFile } from "../../src/text/text.ts";

const model = (source: string, version?: string): NginxModel =>
  nginxModel({
    texts: [textOfFile("f", source)],
    resolveInclude: () => undefined,
    ...(version !== undefined && { build: { version } }),
  });

const clinic = `events {}
http {
  ssl_protocols TLSv1.2 TLSv1.3;
  add_header Strict-Transport-Security "max-age=63072000" always;
  upstream orthanc { server 10.0.0.5:8042; server 10.0.0.6:8042; }
  server {
    listen 80;
    listen [::]:80;
    server_name pacs.example;
    return 301 https://$host$request_uri;
  }
  server {
    listen 443 ssl http2;
    server_name pacs.example;
    ssl_certificate /etc/ssl/pacs.crt;
    ssl_certificate_key /etc/ssl/pacs.key;
    client_max_body_size 2G;
    location / {
      auth_basic "PACS";
      auth_basic_user_file /etc/nginx/users;
      proxy_pass http://orthanc/;
    }
    location /dicom-web/ {
      allow 10.1.0.0/16;
      deny all;
      proxy_set_header Authorization "Basic c2VjcmV0OnNlY3JldA==";
      add_header X-Frame-Options DENY;
      proxy_pass http://orthanc;
    }
    location = /tools/execute-script { deny all; proxy_pass http://orthanc; }
  }
}
stream {
  server {
    listen 2762 ssl;
    ssl_certificate /etc/ssl/pacs.crt;
    ssl_verify_client on;
    allow 10.1.0.0/16;
    deny all;
    proxy_pass orthanc-dicom:4242;
  }
}
`;

const line = ({ at }: Located): number => clinic.slice(0, at.start).split("\n").length;

function summary(route: NginxRoute): unknown[] {
  const { target } = route;
  const to =
    target.kind === "backend"
      ? `${target.backends.map((one) => `${one.host}:${one.port}`).join()} ${String(target.upstreamPath)}`
      : target.kind;
  return [
    `${route.listen.address}:${route.listen.port}`,
    route.paths[0]?.pattern,
    to,
    route.login,
    route.loginAt.map(line),
  ];
}

describe("a clinic", () => {
  const all = routes(model(clinic, "1.22.1"));
  test("its routes", () => {
    expect(model(clinic).problems).toEqual([]);
    expect(all.map(summary)).toEqual([
      ["*:80", "/", "redirect", "none", []],
      ["[::]:80", "/", "redirect", "none", []],
      ["*:443", "/", "10.0.0.5:8042,10.0.0.6:8042 /", "basic", [19]],
      ["*:443", "/dicom-web/", "10.0.0.5:8042,10.0.0.6:8042 /dicom-web/", "addresses", [25]],
      [
        "*:443",
        "/tools/execute-script",
        "10.0.0.5:8042,10.0.0.6:8042 /tools/execute-script",
        "addresses",
        [30],
      ],
    ]);
    expect(all.map((route) => route.plainRedirect)).toEqual([true, true, false, false, false]);
    expect(all[2]?.via.map(line)).toEqual([13, 18, 19]);
  });
  test("what belongs to them", () => {
    const [, , root, dicomWeb] = all;
    expect(root?.listen.tls).toMatchObject({
      on: true,
      minVersion: "TLSv1.2",
      clientCertificate: { value: "none" },
      ciphers: { value: "HIGH:!aNULL:!MD5", fromDefault: "nginx" },
    });
    expect(root?.bodyLimit).toBe(2 * 1024 ** 3);
    expect(root?.hsts.value).toBe("max-age=63072000");
    expect(dicomWeb?.hsts.value).toBe("");
    expect(dicomWeb?.allow.map((rule) => rule.text)).toEqual(["10.1.0.0/16"]);
    expect([root?.suppliesAuthorization, dicomWeb?.suppliesAuthorization]).toEqual([false, true]);
    expect(JSON.stringify(all)).not.toContain("c2VjcmV0");
  });
  test("the DICOM port", () => {
    expect(model(clinic).streams).toMatchObject([
      {
        listens: [{ port: 2762, ssl: true }],
        backends: [{ host: "orthanc-dicom", port: 4242 }],
        tls: { clientCertificate: { value: "required" } },
        tlsToBackend: false,
      },
    ]);
    expect(model(clinic).streams[0]?.rules.map((rule) => [rule.allow, rule.text])).toEqual([
      [true, "10.1.0.0/16"],
      [false, "all"],
    ]);
  });
  test("no listed path is open to a stranger; the network gets DICOMweb", () => {
    const ask = (client: string) =>
      probePaths.filter(
        ({ path, method }) =>
          probe(model(clinic), { port: 443, tls: true, host: "pacs.example", path, method, client })
            .reachesBackend !== "no",
      );
    expect(ask("203.0.113.9")).toEqual([]);
    expect(ask("10.1.2.3").map(({ method, path }) => `${method} ${path}`)).toEqual([
      "GET /dicom-web/studies",
      "POST /dicom-web/studies",
    ]);
  });
});

describe("defaults by release", () => {
  const protocols = (version?: string) =>
    routes(model("server { listen 443 ssl; ssl_certificate c; }", version))[0]?.listen.tls;
  test.each([
    ["1.22.1", ["TLSv1", "TLSv1.1", "TLSv1.2"]],
    ["1.23.4", ["TLSv1", "TLSv1.1", "TLSv1.2", "TLSv1.3"]],
    ["1.27.3", ["TLSv1.2", "TLSv1.3"]],
  ])("ssl_protocols of %s", (version, expected) => {
    expect(protocols(version)?.protocols).toEqual({ value: expected, fromDefault: `nginx ${version}` });
  });
  test("an unknown release is unknown", () => {
    expect(protocols()?.minVersion).toEqual({ unknown: "the default depends on the release of nginx" });
  });
});

describe("unknown is said", () => {
  const ask = (lines: string) =>
    probe(model(`server { listen 80; ${lines} }`), { port: 80, path: "/studies" });
  test.each([
    [
      "Lua decides",
      "location / { access_by_lua_block { check() } proxy_pass http://a; }",
      "access_by_lua_block decides who gets in",
    ],
    [
      "a template's backend",
      "location / { proxy_pass http://{{ backend }}; if ($args) { return 403; } }",
      undefined,
    ],
    [
      "a header opens",
      'location / { if ($http_x_key != "k") { return 403; } proxy_pass http://a; }',
      "$http_x_key is what the visitor sends",
    ],
    [
      "a template's location",
      "location {{ path }} { auth_basic a; auth_basic_user_file u; proxy_pass http://a; } location / { proxy_pass http://b; }",
      "a template puts something in for {{ path }}",
    ],
  ])("%s", (_, lines, reason) => {
    const result = probe(
      nginxModel({
        texts: [textOfFile("f", `server { listen 80; ${lines} }`)],
        resolveInclude: () => undefined,
      }),
      { port: 80, path: "/studies" },
    );
    if (reason === undefined) expect(result.backend?.backends[0]?.unknown).toBeDefined();
    else expect(result).toMatchObject({ reachesBackend: "unknown", unknown: { unknown: reason } });
  });
  test("a part of a server", () => {
    const part = model("location /orthanc/ { proxy_pass http://orthanc:8042/; }");
    expect(routes(part)[0]).toMatchObject({
      login: "unknown",
      unknown: { unknown: "this file is a part of a server that is not there to read" },
    });
  });
  test("a password without a file of users is no login", () => {
    expect(ask("auth_basic a; location / { proxy_pass http://a; }").reachesBackend).toBe("yes");
  });
});
