/**
 * oauth2-proxy: what it leads to, and what needs no login. Expected values by hand from its documentation
 * (configuration/overview) and source (oauthproxy.go: buildRoutesAllowlist, isTrustedIP; pkg/upstream/proxy.go).
 */
import { describe, expect, test } from "vitest";
import { chainOf, lintSite, orthanc, throughProxy, told } from "./entries.ts";

const all = "read write delete dicomweb webdav";

interface Layout {
  readonly flags?: readonly string[];
  readonly variables?: readonly string[];
  readonly image?: string;
  readonly files?: Readonly<Record<string, string>>;
  readonly volumes?: string;
}

function site({
  flags = [],
  variables = [],
  image = "quay.io/oauth2-proxy/oauth2-proxy:v7.12.0",
  files,
  volumes,
}: Layout) {
  const list = (name: string, items: readonly string[]) =>
    items.length === 0 ? "" : `    ${name}:\n${items.map((item) => `      - '${item}'\n`).join("")}`;
  return lintSite({
    "compose.yml": `${orthanc}  login:\n    image: ${image}\n    ports: ["80:4180", "443:443"]\n${list("command", flags)}${list("environment", variables)}${volumes ?? ""}`,
    ...files,
  });
}

const usual = [
  "--http-address=0.0.0.0:4180",
  "--upstream=http://orthanc:8042/",
  "--email-domain=clinic.example",
];

describe("ways in", () => {
  test.each<[string, Layout, readonly string[]]>([
    ["everything needs a login", { flags: usual }, ["80 / off oidc:"]],
    [
      "by variables",
      {
        variables: ["OAUTH2_PROXY_HTTP_ADDRESS=0.0.0.0:4180", "OAUTH2_PROXY_UPSTREAMS=http://orthanc:8042/"],
      },
      ["80 / off oidc:"],
    ],
    [
      "by its file",
      {
        flags: ["--config=/etc/oauth2-proxy.cfg"],
        volumes: '    volumes: ["./oauth2-proxy.cfg:/etc/oauth2-proxy.cfg:ro"]\n',
        files: {
          "oauth2-proxy.cfg":
            'http_address = "0.0.0.0:4180"\nupstreams = [ "http://orthanc:8042/" ]\nskip_auth_routes = [ "^/dicom-web" ]\n',
        },
      },
      ["80 / off oidc:", "80 ^/dicom-web off none: read write dicomweb"],
    ],
    [
      "a route of one method needs none",
      { flags: [...usual, "--skip-auth-route=GET=^/dicom-web"] },
      ["80 / ^/dicom-web off oidc:", "80 ^/dicom-web off none: read dicomweb"],
    ],
    [
      "routes that are not of a kind need none",
      { flags: [...usual, "--skip-auth-route=!=^/private"] },
      [`80 / off none: ${all}`],
    ],
    [
      "addresses that are trusted",
      { flags: [...usual, "--trusted-ip=10.0.0.0/8"] },
      ["80 / off oidc:", `80 / off none by address: ${all}`],
    ],
    [
      "a path alone is one path",
      { flags: ["--http-address=0.0.0.0:4180", "--upstream=http://orthanc:8042/dicom-web"] },
      ["80 /dicom-web off oidc:"],
    ],
    [
      "with TLS at another port",
      { flags: ["--upstream=http://orthanc:8042/", "--tls-cert-file=/c.pem", "--tls-key-file=/k.pem"] },
      ["443 / on oidc:"],
    ],
    ["on the loopback it answers nobody", { flags: ["--upstream=http://orthanc:8042/"] }, []],
    [
      "a number for an upstream leads nowhere",
      { flags: ["--http-address=0.0.0.0:4180", "--upstream=static://202"] },
      [],
    ],
    ["a file that is not there", { flags: ["--config=/etc/oauth2-proxy.cfg"] }, ["80 / unknown unknown:"]],
  ])("%s", (_, layout, expected) => {
    expect(told(site(layout))).toEqual(expected);
  });

  test("the chain of lines", () => {
    expect(chainOf(throughProxy(site({ flags: [...usual, "--skip-auth-route=^/dicom-web"] }))[1])).toEqual([
      "compose.yml:7 published on every address of the host",
      "compose.yml:9 login listens here",
      "compose.yml:12 no login is asked here",
      "compose.yml:10 passed on to orthanc",
      "compose.yml:4 nor is one asked here",
    ]);
  });

  test("a cookie secret that is published is told and not shown", () => {
    const run = site({
      variables: [
        "OAUTH2_PROXY_COOKIE_SECRET=T0F1dGhLaWJhbmFUZXN0cw==",
        "OAUTH2_PROXY_UPSTREAMS=http://orthanc:8042/",
      ],
    });
    const found = run.report.findings.filter(({ rule }) => rule === "proxy-login-for-anybody");
    expect(found.map(({ location }) => location.line)).toEqual([9]);
    expect(JSON.stringify(run.report)).not.toContain("T0F1dGhLaWJhbmFUZXN0cw");
  });
});
