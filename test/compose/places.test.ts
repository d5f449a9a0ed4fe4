// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the references are Compose's
import { describe, expect, it } from "vitest";
import { groupComposeFiles } from "../../src/deployment/compose/discover.ts";
import { type ComposeOptions, loadComposeProject } from "../../src/deployment/compose/load.ts";
import type { ComposeProject, ComposeService } from "../../src/deployment/compose/model.ts";
import { lineStarts, positionAt } from "../../src/text/lines.ts";
import {
  isKnown,
  type Located,
  locate,
  type Place,
  type Text,
  textAt,
  textOfFile,
} from "../../src/text/text.ts";

type Files = Readonly<Record<string, string>>;

function readFrom(files: Files): ComposeOptions["readText"] {
  return (path) => {
    const content = files[path];
    return content === undefined ? { missing: "there is no such file" } : textOfFile(path, content);
  };
}

function load(files: Files, options: Partial<ComposeOptions> = {}): ComposeProject {
  return loadComposeProject({ files: ["compose.yaml"], readText: readFrom(files), ...options });
}

function service(project: ComposeProject, name: string): ComposeService {
  const found = project.services.find((one) => one.name === name);
  if (found === undefined) throw new Error(`no service ${name}`);
  return found;
}

/** `file:line:column text` of a place. */
function shown(files: Files, place: Place | undefined): string {
  if (place === undefined) return "nowhere";
  const content = files[place.file] ?? "";
  const { line, column } = positionAt(lineStarts(content), place.start);
  return `${place.file}:${line}:${column} ${content.slice(place.start, place.end)}`;
}

function placesOf(files: Files, where: Located | undefined): string[] {
  return where === undefined ? [] : [where.at, ...(where.via ?? [])].map((place) => shown(files, place));
}

function whole(text: Text | undefined): Located | undefined {
  return text === undefined ? undefined : locate(text, 0, text.value.length);
}

describe("places", () => {
  it("of a port in an override file are there", () => {
    const files = {
      "compose.yaml": 'services:\n  a:\n    image: x\n    ports:\n      - "127.0.0.1:80:80"\n',
      "over.yaml": 'services:\n  a:\n    ports:\n      - "8042-8043:8042-8043/tcp"\n',
    };
    const { ports } = service(load(files, { files: ["compose.yaml", "over.yaml"] }), "a");
    expect(ports.map((port) => shown(files, port.at))).toEqual([
      'compose.yaml:5:9 "127.0.0.1:80:80"',
      'over.yaml:4:9 "8042-8043:8042-8043/tcp"',
      'over.yaml:4:9 "8042-8043:8042-8043/tcp"',
    ]);
    expect(placesOf(files, whole(ports[0]?.hostIp))).toEqual(["compose.yaml:5:10 127.0.0.1"]);
    expect(placesOf(files, ports[2]?.target)).toEqual(["over.yaml:4:20 8042-8043"]);
    expect(ports[2]?.published).toMatchObject({ known: true, value: { from: 8043, to: 8043 } });
  });

  it("of a value from .env are in .env, through its reference", () => {
    const files = {
      "compose.yaml":
        'services:\n  a:\n    image: "x:${TAG}"\n    environment:\n      - PASSWORD=${SECRET:-none}\n      - BARE\n',
      ".env": "TAG=1.2\nSECRET='orthanc'\nBARE=b\n",
    };
    const { image, environment } = service(load(files), "a");
    expect(image?.value).toBe("x:1.2");
    expect(image && placesOf(files, locate(image, 2, 5))).toEqual([
      ".env:1:5 1.2",
      "compose.yaml:3:15 ${TAG}",
    ]);
    const [password, bare] = environment;
    expect(placesOf(files, whole(password?.value))).toEqual([
      ".env:2:9 orthanc",
      "compose.yaml:5:18 ${SECRET:-none}",
    ]);
    expect(placesOf(files, password?.nameAt)).toEqual(["compose.yaml:5:9 PASSWORD"]);
    expect(placesOf(files, whole(bare?.value))).toEqual([".env:3:6 b", "compose.yaml:6:9 BARE"]);
  });

  it("of JSON in an environment variable keep line and column", () => {
    const files = {
      "compose.yaml":
        'services:\n  a:\n    image: x\n    environment:\n      ORTHANC_JSON: |\n        {\n          "HttpPort": ${PORT:-8042}\n        }\n',
    };
    const [json] = service(load(files), "a").environment;
    const start = json?.value?.value.indexOf("8042") ?? -1;
    expect(json?.value && placesOf(files, locate(json.value, start, start + 4))).toEqual([
      "compose.yaml:7:31 8042",
    ]);
  });

  it("of env files, extended and included files are in those", () => {
    const files = {
      "compose.yaml":
        "include: [inc/compose.yaml]\nservices:\n  a:\n    extends: {file: sub/base.yaml, service: b}\n",
      "sub/base.yaml": "services:\n  b:\n    image: base\n    env_file: b.env\n    volumes: [./conf:/conf]\n",
      "sub/b.env": "NAME=value\n",
      "inc/compose.yaml": "services:\n  i: {image: y, volumes: [./d:/d]}\n",
    };
    const project = load(files);
    const a = service(project, "a");
    expect(project).toMatchObject({
      accepted: true,
      files: ["compose.yaml", "sub/base.yaml", "inc/compose.yaml"],
    });
    expect(a.environment.map((one) => [one.from, shown(files, one.nameAt.at), one.value?.value])).toEqual([
      ["env_file", "sub/b.env:1:1 NAME", "value"],
    ]);
    expect(a.mounts.map((mount) => mount.source?.value)).toEqual(["sub/conf"]);
    expect(placesOf(files, whole(a.mounts[0]?.source))).toEqual(["sub/base.yaml:5:15 ./conf"]);
    expect(service(project, "i").mounts.map((mount) => mount.source?.value)).toEqual(["inc/d"]);
  });

  it("of anchored values are the anchor's, through the alias", () => {
    const files = { "compose.yaml": 'x-p: &p ["80:80"]\nservices:\n  a: {image: x, ports: *p}\n' };
    expect(placesOf(files, service(load(files), "a").ports[0])).toEqual([
      'compose.yaml:1:10 "80:80"',
      "compose.yaml:3:24 *p",
    ]);
  });
});

describe("without an environment", () => {
  const files = {
    "compose.yaml": `services:
  a:
    image: "x:\${TAG}"
    privileged: \${PRIVILEGED}
    environment: [SHELL_ONLY, "DEFAULTED=\${D:-d}", "REQUIRED=\${R:?no}", "ALTERNATIVE=\${X:+y}"]
    ports: ["\${BIND}:8042:8042", "\${PORT}:4242", "\${PORTS}", "\${P:-81}:80", "9000:\${T}"]
    volumes: ["\${DATA}:/a", "\${DATA}/sub:/b", "./c:\${D}", "data:/e:\${MODE}", "./f:\${G}"]
volumes: {data: {}}
`,
  };
  const project = load(files);
  const a = service(project, "a");

  it("variables are unknown, with their place and reason", () => {
    expect(project.accepted).toBe(true);
    expect(a.image && isKnown(a.image)).toBe(false);
    expect(a.privileged).toMatchObject({ known: false, reason: expect.stringContaining("PRIVILEGED") });
    expect(
      a.environment.map((one) =>
        one.value === undefined ? "unset" : isKnown(one.value) ? one.value.value : "unknown",
      ),
    ).toEqual(["unknown", "d", "unknown", "unknown"]);
    const unresolved = project.problems.filter((problem) => problem.kind === "unresolved");
    expect(unresolved[0]?.where && shown(files, unresolved[0].where.at)).toBe("compose.yaml:3:15 ${TAG}");
  });

  it("ports keep what is known of them", () => {
    const known = a.ports.map((port) => [
      port.hostIp === undefined ? "every" : isKnown(port.hostIp) ? port.hostIp.value : "unknown",
      port.published === undefined ? "any" : port.published.known ? port.published.value.from : "unknown",
      port.target.known ? port.target.value : "unknown",
    ]);
    expect(known).toEqual([
      ["unknown", 8042, 8042],
      ["unknown", "unknown", 4242],
      ["every", "any", "unknown"],
      ["every", 81, 80],
      ["every", 9000, "unknown"],
    ]);
  });

  it("mounts keep what is known of them", () => {
    expect(
      a.mounts.map((mount) => [mount.type.known ? mount.type.value : "unknown", mount.readOnly.known]),
    ).toEqual([
      ["unknown", true],
      ["bind", true],
      ["bind", true],
      ["volume", false],
      ["bind", true],
    ]);
  });
});

describe("an environment that is complete", () => {
  it("makes unset variables empty, with a warning", () => {
    const project = load(
      { "compose.yaml": 'services: {a: {image: "x${TAG}", environment: [BARE]}}\n' },
      { variables: new Map([["HOME", textAt("/h", { at: { file: "", start: 0, end: 0 } })]]) },
    );
    expect(service(project, "a").image?.value).toBe("x");
    expect(service(project, "a").environment).toMatchObject([{ name: "BARE", value: undefined }]);
    expect(project.problems).toMatchObject([{ kind: "warning", refuses: false }]);
  });
});

describe("problems", () => {
  it.each([
    ["include: [https://example.invalid/x.git]\nservices: {a: {image: x}}\n", "skipped", false, "[https"],
    ["services: {a: {image: x, env_file: no.env}}\n", "missing-file", true, "no.env"],
    [
      "services: {a: {image: x, env_file: [{path: no.env, required: false}]}}\n",
      "missing-file",
      false,
      "no.env",
    ],
    ["include: [no.yaml]\nservices: {a: {image: x}}\n", "missing-file", true, "no.yaml"],
    ["services: {a: {image: x, extends: {file: no.yaml, service: b}}}\n", "missing-file", true, "{file"],
    ["services: {a: {image: x, extends: b}, b: {extends: a}}\n", "syntax", true, "b"],
    ["services: {a: {image: x}}\nnetworks: {n: {external: true}}\n", "external", false, "n"],
    ["services: {a: {image: x, prots: []}}\n", "syntax", true, "prots"],
    ['services: {a: {image: "${X:?say it}"}}\n', "unresolved", true, "${X"],
  ])("%j", (source, kind, refuses, at) => {
    const files = { "compose.yaml": source };
    const project = load(files, { environmentComplete: true });
    const [problem] = project.problems;
    expect(problem).toMatchObject({ kind, refuses });
    const place = problem?.where?.at;
    expect(source.slice(place?.start ?? 0, place?.end).startsWith(at.replace(/^\[/, ""))).toBe(true);
    expect(project.services.map((one) => one.name)).toContain("a");
  });

  it("leave everything else readable", () => {
    const project = load({
      "compose.yaml": 'services:\n  a: {image: x, ports: ["abc:80", "81:81"], prots: 1}\n  b: 5\n',
    });
    expect(project.accepted).toBe(false);
    expect(service(project, "a").ports.at(-1)?.target).toMatchObject({ value: 81 });
  });
});

describe("names", () => {
  it.each([
    [{ "My App/compose.yaml": "services: {}\n" }, {}, "myapp"],
    [{ "p/compose.yaml": "name: Given_Name\nservices: {}\n" }, {}, "given_name"],
    [{ "p/compose.yaml": "services: {}\n", "p/.env": "COMPOSE_PROJECT_NAME=fromenv\n" }, {}, "fromenv"],
    [{ "p/compose.yaml": "name: x\nservices: {}\n" }, { projectName: "flag" }, "flag"],
    [{ "compose.yaml": "services: {}\n" }, { workingDirectoryName: "here" }, "here"],
    [{ "compose.yaml": "services: {}\n" }, {}, undefined],
  ])("%j", (files: Files, options: Partial<ComposeOptions>, name) => {
    const path = Object.keys(files)[0] ?? "";
    expect(load(files, { files: [path], ...options }).name).toBe(name);
  });
});

describe("groups", () => {
  const image = "services: {a: {image: x}}\n";
  const group = (files: Files): unknown =>
    groupComposeFiles(
      Object.keys(files).filter((path) => path.endsWith("ml")),
      readFrom(files),
    ).map(({ kind, files }) => [kind, ...files]);

  it("are the default file with its override, and alternatives", () => {
    expect(
      group({
        "d/docker-compose.yml": image,
        "d/docker-compose.override.yml": image,
        "d/other.yaml": image,
        "e/x.yml": image,
      }),
    ).toEqual([
      ["default", "d/docker-compose.yml", "d/docker-compose.override.yml"],
      ["alternative", "d/other.yaml"],
      ["alternative", "e/x.yml"],
    ]);
  });

  it("take a file that is no project alone over the default", () => {
    expect(group({ "compose.yaml": image, "prod.yaml": "services: {a: {ports: ['80:80']}}\n" })).toEqual([
      ["default", "compose.yaml"],
      ["over-default", "compose.yaml", "prod.yaml"],
    ]);
  });

  it("take it over the project that it changes, be that elsewhere or under a name of its own", () => {
    const part = "services: {a: {ports: ['80:80']}}\n";
    expect(
      group({
        "docker-compose.yml": "include: [base.yml]\n",
        "base.yml": image,
        "overrides/prod.yml": part,
        "cloud/compose.cloud.yml": image,
        "cloud/compose.cloud.gpu.yml": part,
        "cloud/other.yml": "services: {b: {ports: ['81:81']}}\n",
      }),
    ).toEqual([
      ["default", "docker-compose.yml"],
      ["over-default", "cloud/compose.cloud.yml", "cloud/compose.cloud.gpu.yml"],
      ["alternative", "cloud/compose.cloud.yml"],
      ["alternative", "cloud/other.yml"],
      ["over-default", "docker-compose.yml", "overrides/prod.yml"],
    ]);
  });

  it("leave out parts of others", () => {
    expect(
      group({ "compose.yaml": `include: [part.yaml]\n${image}`, "part.yaml": "services: {b: {image: y}}\n" }),
    ).toEqual([["default", "compose.yaml"]]);
  });

  it("follow COMPOSE_FILE", () => {
    expect(
      group({
        "a.yaml": image,
        "b.yaml": image,
        "compose.yaml": image,
        ".env": "COMPOSE_FILE=a.yaml:b.yaml\n",
      }),
    ).toEqual([
      ["variable", "a.yaml", "b.yaml"],
      ["alternative", "compose.yaml"],
    ]);
  });
});

describe("hostile files", () => {
  it("cannot make texts grow without end", () => {
    const lines = Array.from({ length: 60 }, (_, index) => `V${index + 1}=\${V${index}}\${V${index}}\n`);
    const files = {
      "compose.yaml": "services: {a: {image: '${V60}'}}\n",
      ".env": `V0=xxxxxxxx\n${lines.join("")}`,
    };
    const { image } = service(load(files), "a");
    expect(image !== undefined && isKnown(image)).toBe(false);
  });

  it("cannot include without end", () => {
    const files: Record<string, string> = {
      "compose.yaml": "include: [f0.yaml, f0.yaml]\nservices: {a: {image: x}}\n",
    };
    for (let index = 0; index < 30; index++)
      files[`f${index}.yaml`] = `include: [f${index + 1}.yaml, f${index + 1}.yaml]\n`;
    const project = load(files);
    expect(project.accepted).toBe(false);
    expect(project.problems.map((problem) => problem.message).join()).toContain("more than 1000 files");
  });

  it("cannot publish without end", () => {
    const ports = Array.from({ length: 50 }, (_, index) => `"${index + 1}-65535:${index + 1}-65535"`).join(
      ", ",
    );
    const project = load({ "compose.yaml": `services: {a: {image: x, ports: [${ports}]}}\n` });
    expect(project.problems.map((problem) => problem.message).join()).toContain("more ports than a host has");
  }, 60_000);
});

describe("large files", () => {
  it("are read in linear time", () => {
    const time = (count: number): number => {
      const services = Array.from(
        { length: count },
        (_, index) =>
          `  s${index}:\n    image: "x:\${TAG:-${index}}"\n    environment: {A: ${index}}\n    ports: ["${index}:80"]\n    depends_on: [s0]\n`,
      );
      const files = {
        "compose.yaml": `services:\n${services.join("")}`.replace("    depends_on: [s0]\n", ""),
      };
      const start = performance.now();
      expect(load(files, { environmentComplete: true }).services).toHaveLength(count);
      return performance.now() - start;
    };
    time(200);
    // 20,000 lines; quadratic work would take hundreds of times as long as a tenth of it.
    expect(time(4_000) / time(400)).toBeLessThan(40);
  }, 60_000);
});
