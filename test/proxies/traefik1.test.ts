/**
 * Traefik 1, which Debian lacks: each case is a statement of its documentation (1.7: configuration/entrypoints,
 * configuration/backends/docker, basics).
 */
import { describe, expect, test } from "vitest";
import { chainOf, lintSite, orthanc, throughProxy, told } from "./entries.ts";

const all = "read write delete dicomweb webdav";

interface Layout {
  readonly labels?: readonly string[];
  readonly args?: readonly string[];
  readonly toml?: string;
  readonly more?: Readonly<Record<string, string>>;
}

function site({ labels = [], args = [], toml, more = {} }: Layout) {
  const list = (items: readonly string[]) => items.map((item) => `      - '${item}'\n`).join("");
  const files = { ...(toml === undefined ? {} : { "traefik.toml": toml }), ...more };
  const mounted = [
    "/var/run/docker.sock:/var/run/docker.sock",
    ...Object.keys(files).map((name) => `./${name}:/${name}`),
  ];
  return lintSite({
    "compose.yml": `${orthanc}${labels.length === 0 ? "" : `    labels:\n${list(labels)}`}  traefik:\n    image: traefik:1.7.34-alpine\n    ports: ["80:80", "443:443"]\n${args.length === 0 ? "" : `    command:\n${list(args)}`}    volumes:\n${list(mounted)}`,
    ...files,
  });
}

const port = "traefik.port=8042";
const rule = "traefik.frontend.rule=Host:pacs.example";
const login = "traefik.frontend.auth.basic=u:$$2y$$05$$abcdefghijklmnopqrstuv";
const docker = ["--docker"];
const toml = `defaultEntryPoints = ["http", "https"]
[entryPoints]
  [entryPoints.http]
  address = ":80"
    [entryPoints.http.redirect]
    entryPoint = "https"
  [entryPoints.https]
  address = ":443"
    [entryPoints.https.tls]
[docker]
`;
const gate = '    [entryPoints.https.auth.basic]\n    users = ["u:$2y$05$abcdefghijklmnopqrstuv"]\n';
const rules = `[backends.pacs.servers.one]
url = "http://orthanc:8042"
[frontends.pacs]
backend = "pacs"
entryPoints = ["http"]
[frontends.pacs.routes.all]
rule = "PathPrefix:/"
`;
const plain = '[entryPoints.http]\naddress = ":80"\n[file]\n';
const named = ["--docker", "--docker.exposedbydefault=false"];

describe("ways in", () => {
  test.each<[string, Layout, readonly string[]]>([
    [
      "a frontend, at the only entry point there is by itself",
      { labels: [rule, port], args: docker },
      [`80 / off none: ${all}`],
    ],
    [
      "without a rule the name of the container is one",
      { labels: [port], args: docker },
      [`80 / off none: ${all}`],
    ],
    [
      "containers that say no are left out",
      { labels: ["traefik.enable=false", rule, port], args: docker },
      [],
    ],
    [
      "as are those that say nothing where nobody is passed on to by itself",
      { labels: [rule, port], args: named },
      [],
    ],
    [
      "asked for by name then",
      { labels: ["traefik.enable=true", rule, port], args: named },
      [`80 / off none: ${all}`],
    ],
    ["a login", { labels: [rule, port, login], args: docker }, ["80 / off basic:"]],
    [
      "the same by its newer name",
      { labels: [rule, port, login.replace("basic", "basic.users")], args: docker },
      ["80 / off basic:"],
    ],
    [
      "another service decides",
      { labels: [rule, port, "traefik.frontend.auth.forward.address=http://auth/"], args: docker },
      ["80 / off proxy:"],
    ],
    [
      "addresses",
      { labels: [rule, port, "traefik.frontend.whiteList.sourceRange=10.0.0.0/8"], args: docker },
      [`80 / off none by address: ${all}`],
    ],
    [
      "a path that is cut off",
      { labels: ["traefik.frontend.rule=Host:pacs.example;PathPrefixStrip:/orthanc", port], args: docker },
      [`80 /orthanc off none: ${all}`],
    ],
    [
      "several frontends of one container",
      {
        labels: [
          "traefik.a.frontend.rule=PathPrefix:/dicom-web",
          "traefik.a.port=8042",
          "traefik.b.frontend.rule=PathPrefix:/",
          "traefik.b.port=8042",
          login.replace("traefik.", "traefik.b."),
        ],
        args: docker,
      },
      ["80 / off basic:", "80 /dicom-web off none: read write dicomweb"],
    ],
    [
      "a file with entry points, one of which sends to the other",
      { labels: [rule, port], toml },
      [`443 / on none: ${all}`],
    ],
    [
      "the same by flags",
      {
        labels: [rule, port],
        args: [
          ...docker,
          "--defaultentrypoints=http,https",
          "--entryPoints=Name:http Address::80 Redirect.EntryPoint:https",
          "--entryPoints=Name:https Address::443 TLS",
        ],
      },
      [`443 / on none: ${all}`],
    ],
    [
      "a login before an entry point",
      { labels: [rule, port], toml: toml.replace("[docker]\n", `${gate}[docker]\n`) },
      ["443 / on basic:"],
    ],
    ["frontends in its file", { toml: `${plain}${rules}` }, [`80 / off none: ${all}`]],
    [
      "and in one beside it",
      { toml: `${plain}filename = "/rules.toml"\n`, more: { "rules.toml": rules } },
      [`80 / off none: ${all}`],
    ],
    [
      "one that is not there leaves the routes undecided",
      { toml: `${plain}filename = "/elsewhere.toml"\n` },
      ["unknown"],
    ],
  ])("%s", (_, layout, expected) => {
    const found = told(site(layout));
    expect(
      expected[0] === "unknown" ? found.map((one) => (one.includes("unknown") ? "unknown" : one)) : found,
    ).toEqual(expected);
  });

  test("the chain of lines", () => {
    expect(chainOf(throughProxy(site({ labels: [rule, port], args: docker }))[0])).toEqual([
      "compose.yml:10 published on every address of the host",
      "compose.yml:9 traefik listens here",
      "compose.yml:6 no login is asked here",
      "compose.yml:7 passed on to orthanc",
      "compose.yml:4 nor is one asked here",
    ]);
  });
});
