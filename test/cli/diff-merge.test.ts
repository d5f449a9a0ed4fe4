import { Ajv } from "ajv";
import { describe, expect, test } from "vitest";
import diffSchema from "../../schemas/diff.schema.json" with { type: "json" };
import reportSchema from "../../schemas/report.schema.json" with { type: "json" };
import { cli } from "./fake.ts";
import { reportIn } from "./report.ts";

const open = `{
  "Name": "Clinic",
  "RemoteAccessAllowed": true,
  "AuthenticationEnabled": false,
  "RegisteredUsers": { "desk": "Winter-in-2019" }
}
`;
const closed = open.replace("false", "true");
/** Three lines further down, and otherwise the same. */
const moved = open.replace("{\n", "{\n\n\n\n");
const unsure = open.replace("false", "${AUTH}").replace("true", "${REMOTE}");

async function json(text: string, ...argv: readonly string[]): Promise<string> {
  const files = { "pacs/orthanc.json": text };
  return (await cli(["pacs", "--orthanc-version", "1.12.7", "--format", "json", ...argv], { files })).stdout;
}

const validateDiff = new Ajv({ allowUnionTypes: true }).addSchema(reportSchema).compile(diffSchema);

interface Difference {
  readonly [part: string]: readonly { readonly rule?: string; readonly what?: readonly string[] }[];
}

async function diff(before: string, after: string, ...argv: readonly string[]) {
  const files = { "old.json": before, "new.json": after };
  const { code, stdout } = await cli(["diff", "old.json", "new.json", "--format", "json", ...argv], {
    files,
  });
  const value = JSON.parse(stdout);
  validateDiff(value);
  expect(validateDiff.errors ?? []).toEqual([]);
  const difference: Difference = value.difference;
  const rules = (part: string) => (difference[part] ?? []).map(({ rule }) => rule);
  return {
    code,
    difference,
    rules,
    text: (await cli(["diff", "old.json", "new.json", ...argv], { files })).stdout,
  };
}

describe("diff", () => {
  test("what was fixed, and the attack path that is closed; nothing new from --fail-on up ends with 0", async () => {
    // With a login the missing encryption weighs more: a password can be read on the way.
    const argv = ["--fail-on", "critical"];
    const { code, difference, rules, text } = await diff(await json(open), await json(closed), ...argv);
    expect(rules("fixed")).toContain("http-no-authentication");
    expect(difference.closedPaths).toHaveLength(1);
    expect(rules("new").filter((rule) => rule?.startsWith("http-no-auth"))).toEqual([]);
    expect(code).toBe(0);
    expect(text).toMatch(/Fixed: \d+ findings?\n {2}pacs\/orthanc\.json:4:28: critical: /);
  });

  test("what is new ends with 1 from --fail-on up", async () => {
    const [before, after] = [await json(closed), await json(open)];
    expect((await diff(before, after)).rules("new")).toContain("http-no-authentication");
    expect((await diff(before, after)).code).toBe(1);
    expect((await diff(await json(open), await json(open), "--fail-on", "info")).code).toBe(0);
  });

  test("lines that only moved are no change", async () => {
    const { difference } = await diff(await json(open), await json(moved));
    for (const part of ["fixed", "new", "changed", "lost", "openedPaths", "closedPaths"])
      expect(difference[part]).toEqual([]);
  });

  test("a check that cannot be decided any more is not fixed, and the comparison is not green", async () => {
    const { code, rules, text } = await diff(await json(open), await json(unsure));
    expect(rules("fixed")).not.toContain("http-no-authentication");
    expect(rules("lost")).toContain("http-no-authentication");
    expect(text).toContain("Not looked at or not decided any more: ");
    expect(code).toBe(3);
  });

  test("a deployment that was not looked at is not fixed", async () => {
    const other = await cli(["other", "--orthanc-version", "1.12.7", "--format", "json"], {
      files: { "other/orthanc.json": closed },
    });
    const { difference, rules } = await diff(await json(open), other.stdout);
    expect(rules("fixed")).toEqual([]);
    expect([difference.gone, difference.added]).toEqual([["pacs"], ["other"]]);
  });

  test("Markdown for a pull request", async () => {
    const files = { "old.json": await json(closed), "new.json": await json(open) };
    const { stdout } = await cli(["diff", "old.json", "new.json", "--format", "markdown"], { files });
    expect(stdout).toMatch(
      /^## pacslint: what changed\n\n\d+ new, \d+ changed, \d+ fixed\.\n\n### New \(\d+\)\n\n- \*\*critical\*\* `http-no-authentication`/,
    );
  });
});

describe("merge", () => {
  test("one report of many hosts, each called as its file, with the worst exit code", async () => {
    const files = { "ct/one.json": await json(open), "two.json": await json(closed) };
    const { code, stdout } = await cli(["merge", "ct/one.json", "two.json", "--format", "json"], { files });
    const report = reportIn(stdout);
    expect(report.deployments.map(({ id, host }) => [id, host])).toEqual([
      ["one:pacs", "one"],
      ["two:pacs", "two"],
    ]);
    const parts = [reportIn(files["ct/one.json"]), reportIn(files["two.json"])];
    expect(report.findings).toHaveLength(parts.flatMap(({ findings }) => findings).length);
    expect(report.summary.critical).toBe(parts.reduce((sum, { summary }) => sum + summary.critical, 0));
    expect(code).toBe(1);
  });

  test("in every format, and again of merged reports", async () => {
    const files = { "one.json": await json(open), "two.json": await json(open) };
    const formats = [
      "text",
      "json",
      "ndjson",
      "sarif",
      "junit",
      "github",
      "gitlab",
      "markdown",
      "csv",
      "mermaid",
    ];
    const argv = formats.flatMap((name) => ["--format", `${name}=fleet.${name}`]);
    const { saved } = await cli(["merge", "one.json", "two.json", ...argv], { files });
    for (const name of formats) expect(saved[`fleet.${name}`]?.length).toBeGreaterThan(100);
    expect(saved["fleet.text"]).toContain("Also in: two:pacs");
    expect(saved["fleet.text"]).not.toContain("Next: ");
    const again = await cli(["merge", "fleet.ndjson", "--format", "json"], {
      files: { "fleet.ndjson": saved["fleet.ndjson"] ?? "" },
    });
    expect(reportIn(again.stdout)).toEqual(reportIn(saved["fleet.json"] ?? ""));
  });

  test("files of the same name are told apart by their folders", async () => {
    const report = await json(closed);
    const { stdout } = await cli(["merge", "a/r.json", "b/r.json", "--format", "json"], {
      files: { "a/r.json": report, "b/r.json": report },
    });
    expect(reportIn(stdout).deployments.map(({ id }) => id)).toEqual(["a/r:pacs", "b/r:pacs"]);
  });
});

test("ndjson: each line is a report of one deployment, and all lines together are the report", async () => {
  const files = { "a/orthanc.json": open, "b/orthanc.json": closed, "c/orthanc.json": "{" };
  const argv = ["a", "b", "c", "--orthanc-version", "1.12.7"];
  const { stdout, code } = await cli([...argv, "--format", "ndjson"], { files });
  const lines = stdout.trimEnd().split("\n");
  const reports = lines.map(reportIn);
  expect(reports.map(({ deployments }) => deployments.length)).toEqual(reports.map(() => 1));
  const whole = reportIn((await cli([...argv, "--format", "json"], { files })).stdout);
  expect(reports).toHaveLength(whole.deployments.length);
  expect(reports.flatMap(({ findings }) => findings)).toEqual(whole.findings);
  const merged = await cli(["merge", "r.ndjson", "--format", "json"], { files: { "r.ndjson": stdout } });
  expect(reportIn(merged.stdout)).toEqual(whole);
  expect([code, merged.code]).toEqual([3, 3]);
});

describe("a report that cannot be read is a mistake of the caller's", () => {
  test.each([
    ["not there", undefined, "r.json: there is no such file"],
    ["no JSON", "{ ", "r.json cannot be read as a report: it is not JSON"],
    ["empty", "", "it is not JSON"],
    ["another tool's", '{ "version": 1, "tool": { "name": "trivy" } }', "it is no report of pacslint"],
    ["a configuration", open, "it is no report of pacslint"],
    [
      "of another version",
      '{ "version": 2, "tool": { "name": "pacslint" } }',
      "of another version; this pacslint reads version 1",
    ],
    [
      "damaged",
      '{ "version": 1, "tool": { "name": "pacslint", "version": "0", "rules": 1 } }',
      "it is damaged: the report must have required property",
    ],
  ])("%s", async (_name, text, message) => {
    const files = { "good.json": await json(closed), ...(text === undefined ? {} : { "r.json": text }) };
    for (const argv of [
      ["merge", "good.json", "r.json"],
      ["diff", "good.json", "r.json"],
      ["diff", "r.json", "good.json"],
    ]) {
      const { code, stdout, stderr } = await cli(argv, { files });
      expect(stderr).toContain(message);
      expect([code, stdout]).toEqual([2, ""]);
      expect(stderr).not.toContain("Winter-in-2019");
    }
  });

  test("one line of many", async () => {
    const good = (await cli(["pacs", "--format", "ndjson"], { files: { "pacs/orthanc.json": closed } }))
      .stdout;
    const { code, stderr } = await cli(["merge", "r.ndjson"], {
      files: { "r.ndjson": `${good}{ "version": 1 }\n` },
    });
    expect(code).toBe(2);
    expect(stderr).toContain("r.ndjson: line 2 cannot be read as a report");
  });
});
