/**
 * Traefik, which Debian lacks: each case is a statement of its documentation or source. Docker provider:
 * pkg/provider/docker/config.go; rules: pkg/muxer/http/matcher.go; defaults: docs/content/reference.
 */
import { describe, expect, test } from "vitest";
import { parseRule } from "../../src/products/traefik/rule.ts";
import { chainOf, lintSite, orthanc, throughProxy, told } from "./entries.ts";

const all = "read write delete dicomweb webdav";

interface Layout {
  readonly args?: readonly string[];
  readonly labels?: readonly string[];
  readonly image?: string;
  readonly ports?: string;
  readonly more?: string;
  readonly files?: Readonly<Record<string, string>>;
  readonly volumes?: readonly string[];
}

const usual = [
  "--providers.docker=true",
  "--entrypoints.web.address=:80",
  "--entrypoints.websecure.address=:443",
];

const list = (items: readonly string[]) => items.map((item) => `      - '${item}'\n`).join("");

function site({ args = usual, labels = [], image = "traefik:v3.1.4", ports, more, files, volumes }: Layout) {
  const own = labels.length === 0 ? "" : `    labels:\n${list(labels)}`;
  const mounted = volumes === undefined ? "" : `    volumes:\n${list(volumes)}`;
  const command = args.length === 0 ? "" : `    command:\n${list(args)}`;
  return lintSite({
    "compose.yml": `${orthanc}${own}  traefik:\n    image: ${image}\n    ports: ${ports ?? '["80:80", "443:443", "104:104"]'}\n${command}${mounted}${more ?? ""}`,
    ...files,
  });
}

const port = "traefik.http.services.pacs.loadbalancer.server.port=8042";
const rule = "traefik.http.routers.pacs.rule=Host(`pacs.example`)";
const login = "traefik.http.middlewares.login.basicauth.users=u:$$2y$$05$$abcdefghijklmnopqrstuv";

describe("labels", () => {
  test.each<[string, readonly string[], readonly string[]]>([
    [
      "a router without entry points and without TLS takes plain requests at all of them (reference/routing: EntryPoints)",
      [rule, port],
      [`80 / off none: ${all}`, `443 / off none: ${all}`],
    ],
    [
      "a router with TLS takes encrypted requests only (routing/routers: TLS)",
      [rule, port, "traefik.http.routers.pacs.tls=true", "traefik.http.routers.pacs.entrypoints=websecure"],
      [`443 / on none: ${all}`],
    ],
    [
      "basicAuth",
      [
        rule,
        port,
        login,
        "traefik.http.routers.pacs.middlewares=login",
        "traefik.http.routers.pacs.entrypoints=web",
      ],
      ["80 / off basic:"],
    ],
    [
      "names of labels are read in any case (paerser)",
      [
        "traefik.http.routers.pacs.Rule=PathPrefix(`/`)",
        port,
        "traefik.http.middlewares.login.BasicAuth.UsersFile=/users",
        "traefik.http.routers.pacs.entryPoints=web",
        "traefik.http.routers.pacs.middlewares=login@docker",
      ],
      ["80 / off basic:"],
    ],
    [
      "forwardAuth asks another service",
      [
        rule,
        port,
        "traefik.http.middlewares.sso.forwardauth.address=http://authelia:9091/api/verify",
        "traefik.http.routers.pacs.middlewares=sso",
        "traefik.http.routers.pacs.entrypoints=web",
      ],
      ["80 / off proxy:"],
    ],
    [
      "a chain holds other middlewares",
      [
        rule,
        port,
        login,
        "traefik.http.middlewares.secured.chain.middlewares=slow,login",
        "traefik.http.middlewares.slow.ratelimit.average=10",
        "traefik.http.routers.pacs.middlewares=secured",
        "traefik.http.routers.pacs.entrypoints=web",
      ],
      ["80 / off basic:"],
    ],
    [
      "a middleware that is not there may be anything",
      [
        rule,
        port,
        "traefik.http.routers.pacs.middlewares=gone@file",
        "traefik.http.routers.pacs.entrypoints=web",
      ],
      ["80 / off unknown:"],
    ],
    [
      "a plugin may be anything",
      [
        rule,
        port,
        "traefik.http.middlewares.mine.plugin.oidc.issuer=x",
        "traefik.http.routers.pacs.middlewares=mine",
        "traefik.http.routers.pacs.entrypoints=web",
      ],
      ["80 / off unknown:"],
    ],
    [
      "the longer rule comes first: DICOMweb without the login",
      [
        rule,
        port,
        login,
        "traefik.http.routers.pacs.middlewares=login",
        "traefik.http.routers.pacs.entrypoints=web",
        "traefik.http.routers.dw.rule=Host(`pacs.example`) && PathPrefix(`/dicom-web`)",
        "traefik.http.routers.dw.entrypoints=web",
      ],
      ["80 / off basic:", "80 /dicom-web off none: read write dicomweb"],
    ],
    [
      "unless a priority says otherwise",
      [
        rule,
        port,
        login,
        "traefik.http.routers.pacs.middlewares=login",
        "traefik.http.routers.pacs.priority=1000",
        "traefik.http.routers.pacs.entrypoints=web",
        "traefik.http.routers.dw.rule=Host(`pacs.example`) && PathPrefix(`/dicom-web`)",
        "traefik.http.routers.dw.entrypoints=web",
      ],
      ["80 / /dicom-web off basic:"],
    ],
    [
      "a prefix that the server does not see",
      [
        "traefik.http.routers.pacs.rule=PathPrefix(`/orthanc`)",
        port,
        "traefik.http.middlewares.cut.stripprefix.prefixes=/orthanc",
        "traefik.http.routers.pacs.middlewares=cut",
        "traefik.http.routers.pacs.entrypoints=web",
      ],
      [`80 /orthanc off none: ${all}`],
    ],
    [
      "a prefix that the server does not know gives nothing",
      [
        "traefik.http.routers.pacs.rule=PathPrefix(`/orthanc`)",
        port,
        "traefik.http.routers.pacs.entrypoints=web",
      ],
      [],
    ],
    [
      "ipAllowList lets in by address (ipWhiteList in release 2)",
      [
        rule,
        port,
        "traefik.http.middlewares.lan.ipallowlist.sourcerange=10.0.0.0/8, 127.0.0.1/32",
        "traefik.http.routers.pacs.middlewares=lan",
        "traefik.http.routers.pacs.entrypoints=web",
      ],
      [`80 / off none by address: ${all}`],
    ],
    [
      "a header takes the place of the address",
      [
        rule,
        port,
        "traefik.http.middlewares.lan.ipallowlist.sourcerange=10.0.0.0/8",
        "traefik.http.middlewares.lan.ipallowlist.ipstrategy.depth=1",
        "traefik.http.routers.pacs.middlewares=lan",
        "traefik.http.routers.pacs.entrypoints=web",
      ],
      ["80 / off unknown:"],
    ],
    [
      "redirectScheme sends plain requests away",
      [
        rule,
        port,
        "traefik.http.middlewares.tls.redirectscheme.scheme=https",
        "traefik.http.routers.pacs.middlewares=tls",
        "traefik.http.routers.pacs.entrypoints=web",
      ],
      [],
    ],
    ["traefik.enable=false takes a container out", [rule, port, "traefik.enable=false"], []],
    [
      "a rule that Traefik refuses makes no router",
      [
        "traefik.http.routers.pacs.rule=Host(pacs.example)",
        port,
        "traefik.http.routers.pacs.entrypoints=web",
      ],
      [],
    ],
    [
      "a router of one method",
      [
        "traefik.http.routers.pacs.rule=PathPrefix(`/`) && Method(`GET`)",
        port,
        "traefik.http.routers.pacs.entrypoints=web",
      ],
      ["80 / off none: read dicomweb webdav"],
    ],
    [
      "whoever connects writes the headers as he likes",
      [
        "traefik.http.routers.pacs.rule=Host(`pacs.example`) && HeaderRegexp(`User-Agent`, `Mozilla`)",
        port,
        "traefik.http.routers.pacs.entrypoints=web",
      ],
      [`80 / off none: ${all}`],
    ],
    [
      "two services and no name: the router is not made (BuildRouterConfiguration)",
      [
        rule,
        port,
        "traefik.http.services.other.loadbalancer.server.port=80",
        "traefik.http.routers.pacs.entrypoints=web",
      ],
      [],
    ],
    [
      "a fixed Authorization header logs everybody in",
      [
        rule,
        port,
        "traefik.http.middlewares.in.headers.customrequestheaders.Authorization=Basic dTpw",
        "traefik.http.routers.pacs.middlewares=in",
        "traefik.http.routers.pacs.entrypoints=web",
      ],
      [`80 / off none: ${all}`],
    ],
  ])("%s", (_, labels, expected) => {
    expect(told(site({ labels }))).toEqual(expected);
  });

  test("a password that everybody tries", () => {
    const labels = [
      rule,
      port,
      "traefik.http.middlewares.login.basicauth.users=admin:{SHA}0DPiKuNIrrVmD8IUCuw1hQxNqZc=",
      "traefik.http.routers.pacs.middlewares=login",
      "traefik.http.routers.pacs.entrypoints=web",
    ];
    const [entry] = throughProxy(site({ labels }));
    expect([entry?.auth.mode, entry?.auth.defaultCredentials]).toEqual(["basic", true]);
  });

  test("a TCP router for DICOM", () => {
    const args = [...usual, "--entrypoints.dicom.address=:104"];
    const labels = [
      "traefik.tcp.routers.dicom.rule=HostSNI(`*`)",
      "traefik.tcp.routers.dicom.entrypoints=dicom",
      "traefik.tcp.services.dicom.loadbalancer.server.port=4242",
    ];
    const [entry] = throughProxy(site({ args, labels }));
    expect([entry?.through, entry?.port, entry?.tls.mode, entry?.unknownPeer?.store]).toEqual([
      "traefik: TCP router dicom",
      104,
      "off",
      true,
    ]);
  });

  test("a TCP router with a list of addresses", () => {
    const args = [...usual, "--entrypoints.dicom.address=:104"];
    const labels = [
      "traefik.tcp.routers.dicom.rule=HostSNI(`*`)",
      "traefik.tcp.routers.dicom.entrypoints=dicom",
      "traefik.tcp.routers.dicom.middlewares=lan",
      "traefik.tcp.middlewares.lan.ipallowlist.sourcerange=10.1.2.3",
      "traefik.tcp.services.dicom.loadbalancer.server.port=4242",
    ];
    const [entry] = throughProxy(site({ args, labels }));
    expect(chainOf(entry)).toContain("compose.yml:9 who is let in by address");
  });

  test("the chain of lines", () => {
    const run = site({ labels: [rule, port, "traefik.http.routers.pacs.entrypoints=web"] });
    expect(chainOf(throughProxy(run)[0])).toEqual([
      "compose.yml:11 published on every address of the host",
      "compose.yml:14 traefik listens here",
      "compose.yml:6 no login is asked here",
      "compose.yml:7 passed on to orthanc",
      "compose.yml:4 nor is one asked here",
    ]);
  });
});

describe("what Traefik is started with", () => {
  const web = [rule, port, "traefik.http.routers.pacs.entrypoints=web"];

  test.each<[string, readonly string[], readonly string[], readonly string[]]>([
    ["containers are exposed unless it says otherwise", usual, web, [`80 / off none: ${all}`]],
    ["exposedByDefault=false", [...usual, "--providers.docker.exposedbydefault=false"], web, []],
    [
      "and the label that exposes one all the same",
      [...usual, "--providers.docker.exposedByDefault=false"],
      [...web, "traefik.enable=true"],
      [`80 / off none: ${all}`],
    ],
    ["without the Docker provider labels are not read", ["--entrypoints.web.address=:80"], web, []],
    [
      "without entry points there is one at port 80",
      ["--providers.docker"],
      [rule, port],
      [`80 / off none: ${all}`],
    ],
    [
      "an entry point that sends all requests to another",
      [...usual, "--entrypoints.web.http.redirections.entrypoint.to=websecure"],
      web,
      [],
    ],
    [
      "which a router of a higher priority gets around",
      [
        ...usual,
        "--entrypoints.web.http.redirections.entrypoint.to=websecure",
        "--entrypoints.web.http.redirections.entrypoint.priority=5",
      ],
      web,
      [`80 / off none: ${all}`],
    ],
    [
      "an entry point that encrypts",
      [...usual, "--entrypoints.websecure.http.tls=true"],
      [rule, port, "traefik.http.routers.pacs.entrypoints=websecure"],
      [`443 / on none: ${all}`],
    ],
    [
      "middlewares of an entry point",
      [...usual, "--entrypoints.web.http.middlewares=login@docker"],
      [...web, login],
      ["80 / off basic:"],
    ],
    [
      "default entry points",
      [...usual, "--entrypoints.websecure.asdefault=true"],
      [rule, port],
      [`443 / off none: ${all}`],
    ],
  ])("%s", (_, args, labels, expected) => {
    expect(told(site({ args, labels }))).toEqual(expected);
  });

  test("release 2 writes several names in one matcher", () => {
    const labels = ["traefik.http.routers.pacs.rule=Host(`a.example`,`b.example`)", port];
    expect(told(site({ image: "traefik:v2.11.2", labels, args: usual.slice(0, 2) }))).toEqual([
      `80 / off none: ${all}`,
    ]);
  });

  test.each([
    ["traefik:v3.1.4", "TLSv1.2"],
    ["traefik:v2.10.7", "TLSv1"],
    ["traefik:v2.11.2", "unknown"],
  ])("%s allows %s by itself", (image, version) => {
    const labels = [rule, port, "traefik.http.routers.pacs.tls=true"];
    expect(
      throughProxy(site({ image, labels })).map(({ tls }) =>
        typeof tls.minVersion === "string" ? tls.minVersion : "unknown",
      )[0],
    ).toBe(version);
  });

  test("variables", () => {
    const more =
      '    environment: { TRAEFIK_PROVIDERS_DOCKER: "true", TRAEFIK_ENTRYPOINTS_IN_ADDRESS: ":443" }\n';
    expect(told(site({ args: [], labels: [rule, port], more }))).toEqual([`443 / off none: ${all}`]);
  });

  test("a file takes the place of flags", () => {
    const files = { "traefik.yml": "entryPoints:\n  web:\n    address: ':443'\nproviders:\n  docker: {}\n" };
    const volumes = ["./traefik.yml:/etc/traefik/traefik.yml:ro"];
    expect(told(site({ labels: [rule, port], files, volumes }))).toEqual([`443 / off none: ${all}`]);
  });

  test("a file that is not there: nothing is known", () => {
    const volumes = ["./traefik.yml:/etc/traefik/traefik.yml:ro"];
    const run = site({ labels: [rule, port], volumes });
    // It may lead to the archive: a way in that is not decided.
    expect(told(run)).toEqual(["80 / unknown unknown:"]);
    expect(run.report.assumptions.map(({ message }) => message).join()).toContain(
      "what it passes on is not known",
    );
  });
});

describe("the file provider", () => {
  const args = ["--providers.file.filename=/etc/dynamic.toml", "--entrypoints.web.address=:80"];
  const toml = `[http.routers.pacs]
rule = "PathPrefix(\`/\`)"
service = "pacs"
middlewares = ["lan", "login"]

[http.middlewares.login.basicAuth]
users = ["u:$apr1$x"]

[http.middlewares.lan.ipAllowList]
sourceRange = ["192.168.0.0/16"]

[[http.services.pacs.loadBalancer.servers]]
url = "http://orthanc:8042/"
`;
  test("TOML", () => {
    const run = site({
      args,
      files: { "dynamic.toml": toml },
      volumes: ["./dynamic.toml:/etc/dynamic.toml"],
    });
    expect(told(run)).toEqual(["80 / off basic by address:"]);
    expect(chainOf(throughProxy(run)[0]).at(2)).toBe("dynamic.toml:10 who is let in by address");
  });
  test("YAML in a folder", () => {
    const files = {
      "conf/a.yml":
        "http:\n  routers:\n    pacs: { rule: 'Path(`/patients`)', service: pacs }\n  services:\n    pacs:\n      loadBalancer:\n        servers: [{ url: 'http://orthanc:8042' }]\n",
    };
    const run = site({
      args: ["--providers.file.directory=/conf", "--entrypoints.web.address=:80"],
      files,
      volumes: ["./conf:/conf"],
    });
    expect(told(run)).toEqual(["80 = /patients off none: read write delete"]);
  });
  test("a mistake is told with its place", () => {
    const run = site({
      args,
      files: { "dynamic.toml": "[http.routers.pacs]\nrule = \n" },
      volumes: ["./dynamic.toml:/etc/dynamic.toml"],
    });
    expect(run.report.problems.map(({ kind, location }) => [kind, location?.file, location?.line])).toEqual([
      ["syntax", "site/dynamic.toml", 3],
    ]);
  });
});

test("labels for a Traefik of another project", () => {
  const labels = `    labels:\n${list([rule, port])}`;
  const run = lintSite({ "compose.yml": `${orthanc}${labels}` });
  expect(run.report.assumptions.map(({ message }) => message)).toEqual([
    "orthanc has labels for a Traefik that is not part of this project: what that passes on is not known.",
  ]);
});

describe("rules", () => {
  test.each([
    ["Host(`a`) && (PathPrefix(`/x`) || !Path(`/y`))", true],
    ['Host("a") || Host("b")', true],
    ["Host(`a`", false],
    ["Host(`a`) &&", false],
    ["&& Host(`a`)", false],
    ["Host(`a`) Host(`b`)", false],
    ["", false],
    [`${"(".repeat(5000)}Host(\`a\`)`, false],
  ])("%j", (source, good) => {
    expect(parseRule(source) !== undefined).toBe(good);
  });
});

describe("whose labels count", () => {
  const rules = [rule, port, "traefik.http.routers.pacs.entrypoints=web"];

  test("middlewares in the labels of Traefik's own container", () => {
    const more = `    labels:\n${list([login])}`;
    const run = site({ labels: [...rules, "traefik.http.routers.pacs.middlewares=login@docker"], more });
    expect(told(run)).toEqual(["80 / off basic:"]);
  });

  test("of a swarm those of the service, not those of its containers (providers/swarm)", () => {
    const deploy = `    deploy:\n      labels:\n${list(rules).replaceAll("      - ", "        - ")}`;
    const files = (args: readonly string[]) =>
      told(
        lintSite({
          "compose.yml": `${orthanc}${deploy}  traefik:\n    image: traefik:v3.1.4\n    ports: ["80:80"]\n    command:\n${list([...args, "--entrypoints.web.address=:80"])}`,
        }),
      );
    expect(files(["--providers.swarm=true"])).toEqual([`80 / off none: ${all}`]);
    expect(files(["--providers.docker=true", "--providers.docker.swarmmode=true"])).toEqual([
      `80 / off none: ${all}`,
    ]);
    expect(files(["--providers.docker=true", "--providers.docker.exposedbydefault=false"])).toEqual([]);
  });

  test.each([
    ["Label(`zone`,`public`)", true],
    ["Label(`zone`,`private`)", false],
    ["!Label(`zone`,`private`) && LabelRegex(`zone`,`pub.*`)", true],
    ["Label(`zone`,`private`) || Label(`none`,`x`)", false],
  ])("constraints %s (providers/docker: constraints)", (constraint, counts) => {
    const args = [...usual, `--providers.docker.constraints=${constraint}`];
    expect(told(site({ args, labels: [...rules, "zone=public"] }))).toEqual(
      counts ? [`80 / off none: ${all}`] : [],
    );
  });
});
