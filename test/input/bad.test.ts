/** Whatever lies in the way: a message, the exit code 3, and everything else is still linted. */
import { describe, expect, test } from "vitest";
import { renderDoctor } from "../../src/reports/doctor.ts";
import type { Files, ReadFailure } from "../../src/sources/files.ts";
import { memoryFiles } from "../../src/sources/memory-files.ts";
import type { ReportedProblem } from "../../src/triage/report.ts";
import { cli } from "../cli/fake.ts";
import { lintFiles, lintOver } from "../inspect.ts";

const open = `{
  "Name": "Clinic",
  "RemoteAccessAllowed": true,
  "AuthenticationEnabled": false
}
`;

interface Obstacle {
  readonly name: string;
  readonly files: Files;
  /** What is said of `pacs/bad.json`. */
  readonly kind: ReportedProblem["kind"];
  readonly message: string;
}

const readable = memoryFiles({ "pacs/orthanc.json": open, "pacs/bad.json": "{}" });

/** The same folder, with a file in it that cannot be read. */
function unreadable(reason: ReadFailure, message: string): Files {
  return {
    ...readable,
    read: (path) => (path === "pacs/bad.json" ? { ok: false, reason, message } : readable.read(path)),
  };
}

const special: Files = {
  ...unreadable("special", "this is a pipe, a socket or a device, and is never opened"),
  stat: (path) =>
    path === "pacs/bad.json" ? { kind: "special", size: 0, identity: path } : readable.stat(path),
};

function withBad(content: string | Uint8Array): Files {
  return memoryFiles({ "pacs/orthanc.json": open, "pacs/bad.json": content });
}

const obstacles: readonly Obstacle[] = [
  {
    name: "a file that may not be read",
    files: unreadable("denied", "permission denied; run as a user who may read it"),
    kind: "unreadable",
    message: "permission denied",
  },
  {
    name: "a link that leads in a circle",
    files: unreadable("failed", "the symbolic links lead in a circle"),
    kind: "unreadable",
    message: "lead in a circle",
  },
  {
    name: "200 MB",
    files: unreadable("too-large", "the file has 200 MiB; files above 64 MiB are not read"),
    kind: "limit",
    message: "200 MiB",
  },
  {
    name: "a pipe, a socket or a device",
    files: special,
    kind: "unreadable",
    message: "it is not a regular file",
  },
  {
    name: "binary data",
    files: withBad(Uint8Array.of(0x50, 0x4b, 3, 4, 0, 0, 0, 0)),
    kind: "unreadable",
    message: "binary data",
  },
  {
    name: "100,000 levels of nesting",
    files: withBad(`{ "DicomAet": ${"[".repeat(100_000)}`),
    kind: "syntax",
    message: "deeper than 1000 levels",
  },
  {
    name: "a mistake",
    files: withBad('{\n  "DicomAet": "A"\n  "HttpPort": 1\n}\n'),
    kind: "syntax",
    message: 'a comma or "}" was expected',
  },
  { name: "nothing at all", files: withBad(""), kind: "syntax", message: "the file holds no value" },
];

describe.each(obstacles)("$name", ({ files, kind, message }) => {
  const named = lintOver(files, { paths: ["pacs/bad.json", "pacs/orthanc.json"], orthancVersion: "1.12.7" });

  test("is told, with the exit code 3", () => {
    const problem = named.report.problems.find(({ location }) => location?.file === "pacs/bad.json");
    expect(problem).toMatchObject({ kind, message: expect.stringContaining(message) });
    expect(named.report.exitCode).toBe(3);
  });

  test("is listed by doctor", () => {
    const text = renderDoctor(named.report, { width: 1000, color: false, unicode: false });
    expect(text).toContain("pacs/bad.json");
    expect(text).toContain(message);
  });

  test("does not keep the other files from being linted", () => {
    const finding = named.report.findings.find(({ rule }) => rule === "http-no-authentication");
    expect(finding?.location).toMatchObject({ file: "pacs/orthanc.json", line: 4 });
  });
});

test("a compose file that is no YAML has one problem, not one for each line behind it", () => {
  const { report } = lintFiles({
    "compose.yml":
      "services:\n  pacs:\n    image: orthancteam/orthanc:25.8.1\n     ports: ['8042:8042']\n  'a b':\n    wrong: 1\n",
  });
  expect(report.problems.map(({ kind, location }) => [kind, location?.line, location?.column])).toEqual([
    ["syntax", 3, 12],
  ]);
  expect(report.exitCode).toBe(3);
});

test("a mistake is told with its line and column", () => {
  const files = { "orthanc.json": '{\n  "Name": "A"\n  "HttpPort": 1\n}\n' };
  const { report } = lintFiles(files, { orthancVersion: "1.12.7" });
  expect(report.problems).toMatchObject([{ kind: "syntax", location: { line: 3, column: 3 } }]);
  const finding = report.findings.find(({ message }) => message.includes("is not valid JSON"));
  expect(finding).toMatchObject({ location: { line: 3, column: 3 }, state: "open" });
});

describe("in a folder", () => {
  test("a file that cannot be read is told, wherever it lies", () => {
    const { report } = lintOver(unreadable("denied", "permission denied"), { paths: ["."] });
    expect(report.problems).toMatchObject([
      { kind: "unreadable", message: "pacs/bad.json: permission denied" },
    ]);
    expect(report.exitCode).toBe(3);
  });

  test("a pipe with the name of a configuration is told, and fails nothing", () => {
    const { report } = lintOver(special, { paths: ["."] });
    expect(report.problems).toMatchObject([
      { kind: "skipped", message: "pacs/bad.json: it is not a regular file" },
    ]);
    expect(report.exitCode).toBe(1);
  });

  test("pictures and archives are passed over", () => {
    const files = memoryFiles({ "pacs/orthanc.json": open, "pacs/scan": Uint8Array.of(1, 0, 2, 0) });
    expect(lintOver(files, { paths: ["."], orthancVersion: "1.12.7" }).report.problems).toEqual([]);
  });

  test("nothing to lint is not green", () => {
    expect(lintFiles({ "notes/readme.txt": "hello" }, { paths: ["notes"] }).report.exitCode).toBe(3);
  });
});

test("without a path, and none in the usual places: the exit code 3 and what to do", async () => {
  const { code, stderr } = await cli([], { files: { "readme.txt": "hello" } });
  expect(code).toBe(3);
  expect(stderr).toContain("Name a file or a folder: pacslint PATH");
});

/** Texts on which a careless pattern or loop would take hours. */
const hostile: readonly (readonly [string, string])[] = [
  ["white space", " ".repeat(2_000_000)],
  ["comments", "// a\n".repeat(200_000)],
  ["comments that open", "/* ".repeat(300_000)],
  ["blocks that never open", "location a\n".repeat(100_000)],
  ["directives without an end", `server {\n${"listen a\n".repeat(100_000)}`],
  ["brackets", "[".repeat(1_000_000)],
  ["mistakes", `{${"x ".repeat(200_000)}`],
  ["quotes", '"'.repeat(500_001)],
  ["variables", `{ "Name": "${"${".repeat(200_000)}" }`],
  ["names of sections", "[a]\n".repeat(200_000)],
  ["equal keys", `{ ${'"Name": "a", '.repeat(20_000)} "HttpPort": 8042 }`],
];

test.each(hostile)(
  "%s: no text takes longer than its length allows",
  (_name, content) => {
    for (const path of ["orthanc.json", "pacs.conf", "compose.yml"]) {
      const started = performance.now();
      const run = lintFiles({ [path]: content }, { orthancVersion: "1.12.7" });
      expect(run.report.exitCode).toBeGreaterThan(0);
      expect(performance.now() - started).toBeLessThan(15_000);
    }
  },
  60_000,
);
