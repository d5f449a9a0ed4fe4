/** Containers, their images and the secrets in their manifests, with the lines that make them so. */
import { describe, expect, test } from "vitest";
import { isUnknown } from "../../src/facts/unknown.ts";
import { inspect, inspectProject } from "./deployment.ts";

const image = "example.org/x:1.0.0";

function container(lines: readonly string[], ofImage = image) {
  const { facts, placeOf } = inspectProject({ image: ofImage, lines });
  const [fact] = facts("container");
  if (fact === undefined) throw new Error("there is no container");
  return { fact, at: (pointer: string) => placeOf(fact.origins[pointer]?.[0]) };
}

describe("a container", () => {
  test("without anything said has the usual rights, and lacks the hardening", () => {
    expect(container([]).fact).toMatchObject({
      privileged: false,
      dockerSocket: false,
      hostNetwork: false,
      strongCapabilities: [],
      hostPaths: [],
      missing: ["no-new-privileges", "cap_drop: ALL", "read_only"],
      reach: "none",
    });
  });

  test.each([
    [["privileged: true"], "/privileged", { privileged: true }, "compose.yml:4:17"],
    [["pid: host"], "/hostPid", { hostPid: true }, "compose.yml:4:10"],
    [["ipc: host"], "/hostIpc", { hostIpc: true }, "compose.yml:4:10"],
    [["network_mode: host"], "/hostNetwork", { hostNetwork: true, reach: "network" }, "compose.yml:4:19"],
    [
      ["cap_add:", "  - CAP_SYS_ADMIN", "  - NET_RAW"],
      "/strongCapabilities",
      { strongCapabilities: ["SYS_ADMIN"] },
      "compose.yml:5:9",
    ],
    [["security_opt: [seccomp:unconfined]"], "/unconfined", { unconfined: ["seccomp"] }, "compose.yml:4:20"],
    [
      ["volumes:", "  - /var/run/docker.sock:/s.sock:ro"],
      "/dockerSocket",
      { dockerSocket: true, hostPaths: [] },
      "compose.yml:5:9",
    ],
    [["volumes:", "  - /:/host"], "/hostPaths", { hostPaths: ["/"] }, "compose.yml:5:9"],
    [
      ["volumes:", "  - /etc/:/host:ro"],
      "/hostPathsRead",
      { hostPathsRead: ["/etc"], hostPaths: [] },
      "compose.yml:5:9",
    ],
    [["devices:", "  - /dev/sda:/dev/sda"], "/hostPaths", { hostPaths: ["/dev/sda"] }, "compose.yml:5:9"],
    [['user: "0"'], "/root", { root: true }, "compose.yml:4:12"],
    [['user: "1000:0"'], "/root", { root: false }, "compose.yml:4:12"],
  ])("with %j: %s", (lines, pointer, expected, place) => {
    const { fact, at } = container(lines);
    expect(fact).toMatchObject(expected);
    expect(at(pointer)).toBe(place);
  });

  test.each([
    "/etc/localtime:/etc/localtime:ro",
    "/etc/letsencrypt:/etc/letsencrypt",
    "/var/lib/orthanc:/data",
    "/home/clinic/data:/data",
    "data:/etc",
    "./etc:/etc",
  ])("a mount of %s is none of the host's system", (mount) => {
    expect(container([`volumes: ["${mount}"]`]).fact).toMatchObject({ hostPaths: [], hostPathsRead: [] });
  });

  test("whose user nobody knows may or may not be root", () => {
    expect(container([]).fact.root).toSatisfy(isUnknown);
    expect(container([], "httpd:2.4.62").fact.root).toBe(true);
    expect(container([], "grafana/grafana:11.2.0").fact.root).toBe(false);
  });

  test("points to the line of the override file", () => {
    const { facts, placeOf } = inspect(
      {
        "compose.yml": `services:\n  one:\n    image: ${image}\n`,
        "compose.override.yml": "services:\n  one:\n    privileged: true\n    image: httpd\n",
      },
      ["compose.yml", "compose.override.yml"],
    );
    expect(placeOf(facts("container")[0]?.origins["/privileged"]?.[0])).toBe("compose.override.yml:3:17");
    expect(placeOf(facts("image")[0]?.origins["/floating"]?.[0])).toBe("compose.override.yml:4:12");
  });
});

describe("an image", () => {
  test.each([
    [
      "httpd",
      { reference: "httpd", tag: null, digest: false, floating: true, unmaintained: false, mirror: false },
    ],
    ["httpd:2.4.62", { tag: "2.4.62", floating: false }],
    ["osimis/orthanc:23.9.2", { unmaintained: true, since: "2024-02", instead: "orthancteam/orthanc" }],
    ["mirror.example.org/library/postgres:16.4", { mirror: true, floating: false }],
    [`httpd@sha256:${"ab".repeat(32)}`, { digest: true, floating: false }],
  ])("%s", (name, expected) => {
    const { facts, placeOf } = inspectProject({ image: name });
    expect(facts("image")[0]).toMatchObject(expected);
    expect(placeOf(facts("image")[0]?.origins["/reference"]?.[0])).toBe("compose.yml:3:12");
  });
});

describe("secrets", () => {
  const long = "seven-red-horses-in-rain";

  test.each([
    [["environment:", `  DB_PASSWORD: ${long}`], "variable", "literal", "compose.yml:5:20"],
    [["environment:", `  - API_TOKEN=${long}`], "variable", "literal", "compose.yml:5:19"],
    [["environment:", "  PASSWORD: changeme"], "variable", "default", "compose.yml:5:17"],
    [["environment:", `  URL: postgresql://bob:${long}@db/x`], "variable", "literal", "compose.yml:5:29"],
    [["environment:", "  URL: postgresql://bob:bob@db/x"], "variable", "same-as-name", "compose.yml:5:29"],
    [["command: run --password hello --port 1"], "command", "default", "compose.yml:4:29"],
    [
      ["healthcheck:", '  test: ["CMD", "curl", "-u", "orthanc:orthanc", "http://localhost"]'],
      "health-check",
      "default",
      "compose.yml:5:44",
    ],
    [
      ["healthcheck:", "  test: curl -u orthanc:orthanc http://localhost"],
      "health-check",
      "default",
      "compose.yml:5:29",
    ],
  ])("%j", (lines, heldBy, verdict, place) => {
    const { facts, placeOf, masked } = inspectProject({ image, lines });
    const [secret] = facts("secret");
    expect(secret).toMatchObject({ heldBy, verdict });
    expect(placeOf(secret?.origins["/verdict"]?.[0])).toBe(place);
    expect(masked.length).toBeGreaterThan(0);
  });

  test("a variable in its place is a reference, and its value is masked where it stands", () => {
    const project = {
      image,
      lines: ["environment:", "  DB_PASSWORD: ${PW}"],
      files: { ".env": `PW=${long}\n` },
    };
    const { facts, masked } = inspectProject(project);
    expect(facts("secret")[0]?.verdict).toBe("reference");
    expect(masked).toContain(long);
  });

  test("the default of a variable is written out", () => {
    const { facts, masked } = inspectProject({
      image,
      lines: ["environment:", "  DB_PASSWORD: ${PW:-changeme}"],
    });
    expect(facts("secret")[0]?.verdict).toBe("default");
    expect(masked).toContain("changeme");
  });

  test.each([
    "POSTGRES_PASSWORD_FILE: /run/secrets/db",
    "ALLOW_EMPTY_PASSWORD: yes",
    "TOKEN_URL: https://login.example.org/token",
    "SECRET_NAME: db",
    'PASSWORD_LENGTH: "12"',
    'PASSWORD: ""',
  ])("%s is none", (line) => {
    expect(inspectProject({ image, lines: ["environment:", `  ${line}`] }).facts("secret")).toEqual([]);
  });

  test("no fact holds a secret's text", () => {
    const lines = [
      "environment:",
      `  A_PASSWORD: ${long}`,
      `  URL: http://a:${long}@b`,
      `command: --password ${long}`,
    ];
    const { analysis } = inspectProject({ image, lines });
    expect(JSON.stringify(analysis.scenarios.map(({ facts }) => facts))).not.toContain(long);
  });

  test("what only a profile starts, and a comment, is masked too", () => {
    const { masked } = inspect({
      "compose.yml": `services:\n  one:\n    image: ${image}\n    # DB_PASSWORD: in-a-comment\n  two:\n    profiles: [never]\n    image: x\n    environment: { A: 1 }\n    command: --password in-a-profile\n`,
    });
    expect(masked).toEqual(expect.arrayContaining(["in-a-comment", "in-a-profile"]));
  });
});

describe("a debugger", () => {
  test.each([
    ["-agentlib:jdwp=transport=dt_socket,server=y,suspend=n,address=*:5005", "network"],
    ["-agentlib:jdwp=transport=dt_socket,server=y,suspend=n,address=127.0.0.1:5005", "container"],
    ["-Xmx2g", undefined],
  ])("%s", (value, reach) => {
    const lines = ["environment:", `  JAVA_TOOL_OPTIONS: "${value}"`, 'ports: ["5005:5005"]'];
    const { facts } = inspectProject({ image, lines });
    expect(facts("listener").find(({ protocol }) => protocol === "debug")?.reach).toBe(reach);
  });

  test("of Java at a port alone is open or not, by the release of Java", () => {
    const lines = [
      "environment:",
      '  JAVA_OPTS: "-agentlib:jdwp=server=y,address=5005"',
      'ports: ["5005:5005"]',
    ];
    expect(inspectProject({ image, lines }).facts("entry")[0]?.reach).toSatisfy(isUnknown);
  });
});

describe("the files that secrets come from", () => {
  const files = {
    "/srv/pacs/compose.yml": `services:\n  one:\n    image: ${image}\n    environment: { DB_PASSWORD: "\${PW}" }\n`,
    "/srv/pacs/.env": "PW=seven-red-horses-in-rain\n",
  };

  test.each([
    ["0644", true],
    ["0600", false],
  ])("mode %s: readable by all is %s", (mode, readable) => {
    const { facts } = inspect(files, ["/srv/pacs/compose.yml"], { "/srv/pacs/.env": mode });
    expect(facts("file")).toMatchObject([
      { path: "/srv/pacs/.env", holdsSecrets: true, worldReadable: readable },
    ]);
  });
});
