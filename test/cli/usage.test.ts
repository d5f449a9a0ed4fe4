import { describe, expect, test } from "vitest";
import packageJson from "../../package.json" with { type: "json" };
import { bundledRules } from "../../src/rules/bundled.ts";
import { cli } from "./fake.ts";

test("--version prints the version, and nothing else", async () => {
  expect(await cli(["--version"])).toEqual({
    code: 0,
    stdout: `${packageJson.version}\n`,
    stderr: "",
    saved: {},
  });
});

test("--help fits 80 columns and names the exit codes", async () => {
  for (const argv of [["--help"], ["lint", "--help"], ["effective", "--help"], ["explain", "-h"]]) {
    const { code, stdout, stderr } = await cli(argv);
    expect(code).toBe(0);
    expect(stderr).toBe("");
    expect(stdout.split("\n").filter((line) => line.length > 80)).toEqual([]);
  }
  expect((await cli(["--help"])).stdout).toContain("Exit codes:");
});

describe("a mistake of the caller's is one sentence, with the exit code 2", () => {
  test.each([
    ["an unknown option", ["--formt", "json", "x"], "unknown option '--formt'\n(Did you mean --format?)"],
    [
      "an unknown format",
      ["--format", "xml", "x"],
      "argument 'xml' is invalid. Allowed formats are text, json,",
    ],
    [
      "a format without its file",
      ["--format", "json=", "x"],
      "A file comes after the sign: json=report.txt.",
    ],
    [
      "two formats for standard output",
      ["--format", "json", "--format", "text", "x"],
      "--format json and --format text cannot both go to standard output; give all but one a file: --format text=FILE",
    ],
    [
      "two formats for one file",
      ["--format", "json=out", "--format", "text=out", "x"],
      "two formats cannot be written to one file: out",
    ],
    [
      "an output that nothing goes to",
      ["--format", "json=a.json", "--output", "b.txt", "x"],
      "--output has nothing to write",
    ],
    [
      "an unknown severity",
      ["--fail-on", "urgent", "x"],
      "Allowed choices are info, low, medium, high, critical.",
    ],
    [
      "a release that is none",
      ["--orthanc-version", "latest", "x"],
      "A release starts with three numbers, such as 1.12.7.",
    ],
    ["a variable without a value", ["--env", "PASSWORD", "x"], "--env takes NAME=VALUE"],
    ["a name without --stdin", ["--stdin-filename", "a.json", "x"], "--stdin-filename goes with --stdin"],
    [
      "an unknown rule",
      ["explain", "no-such-rule-at-all"],
      'there is no rule "no-such-rule-at-all"; pacslint rules lists them all',
    ],
    ["a rule that is missing", ["explain"], "missing required argument 'rule'"],
    ["a word too many", ["rules", "http"], "too many arguments"],
  ])("%s", async (_name, argv, message) => {
    const { code, stdout, stderr } = await cli(argv, { files: { x: "{}" } });
    expect(stderr).toContain(message);
    expect(stderr).toMatch(/^pacslint: /);
    expect(stdout).toBe("");
    expect(code).toBe(2);
  });

  test("a variable's text is not repeated: it may be a password", async () => {
    expect((await cli(["--env", "=hunter2", "x"])).stderr).not.toContain("hunter2");
  });

  test("an output file that cannot be written", async () => {
    const save = () => {
      throw new Error("EACCES: permission denied");
    };
    const { code, stderr } = await cli(["rules", "--output", "/out.txt"], { save });
    expect(code).toBe(2);
    expect(stderr).toBe("pacslint: cannot write /out.txt: EACCES: permission denied\n");
  });
});

test("a mistake of ours says so, how to report it, and shows details on request only", async () => {
  const crypto = {
    sha256: () => {
      throw new TypeError("secret inside");
    },
    certificates: () => [],
  };
  const files = { "orthanc.json": '{ "Name": "x", "HttpPort": 8042 }' };
  const short = await cli(["orthanc.json"], { files, crypto });
  expect(short.code).toBe(4);
  expect(short.stderr).toContain("pacslint: internal error (TypeError). This is a mistake in pacslint");
  expect(short.stderr).not.toContain("secret inside");
  expect((await cli(["--verbose", "orthanc.json"], { files, crypto })).stderr).toContain(
    "TypeError: secret inside",
  );
});

test("rules lists every rule, as text and as JSON", async () => {
  const text = await cli(["rules"]);
  const json = await cli(["rules", "--format", "json"]);
  expect(text.code).toBe(0);
  for (const { id } of bundledRules) expect(text.stdout).toContain(id);
  const listed: unknown = JSON.parse(json.stdout);
  expect(listed).toMatchObject({
    version: 1,
    rules: bundledRules.map(({ id, severity }) => ({ id, severity })),
  });
});

test.skipIf(bundledRules.length === 0)(
  "explain fits 80 columns, but for links, lines of files and one long word",
  async () => {
    for (const { id, title, impact } of bundledRules) {
      const { code, stdout } = await cli(["explain", id]);
      expect(code).toBe(0);
      expect(stdout).toContain(title.split(" ")[0]);
      expect(stdout).toContain(impact.split(" ")[0]);
      const wide = stdout
        .split("\n")
        .filter(
          (line) =>
            line.length > 80 &&
            !line.includes("│") &&
            !line.includes("://") &&
            !line.startsWith("      ") &&
            line.trim().includes(" "),
        );
      expect(wide).toEqual([]);
    }
  },
);

test.skipIf(bundledRules.length === 0)("explain knows which rule was meant", async () => {
  const id = bundledRules[0]?.id ?? "";
  expect((await cli(["explain", `${id}x`])).stderr).toBe(
    `pacslint: there is no rule "${id}x"; did you mean ${id}?\n`,
  );
});

test("--output takes the document, and standard output stays empty", async () => {
  const { stdout, saved } = await cli(["rules", "--format", "json", "--output", "rules.json"]);
  expect(stdout).toBe("");
  expect(JSON.parse(saved["rules.json"] ?? "")).toHaveProperty("rules");
});
