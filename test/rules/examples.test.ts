/** Every example of every rule is linted, and has to get exactly the findings of that rule that it names. */
import { describe, expect, test } from "vitest";
import validateReport from "../../generated/validate-report.js";
import { bundledRules } from "../../src/rules/bundled.ts";
import type { Example, ExampleFinding } from "../../src/rules/rule.ts";
import type { Report } from "../../src/triage/report.ts";
import { cli } from "../cli/fake.ts";

/** An example whose name says so may leave the check undecided; any other silence has to be a clear no. */
const undecided = /\b(?:unknown|not known|not decided|undecided|undetermined)\b/i;

describe.each(bundledRules.map((rule) => [rule.id, rule] as const))("%s", (id, rule) => {
  test.each(rule.examples.map((example) => [example.name, example] as const))("%s", async (name, example) => {
    const report = await lintExample(example);
    const found = report.findings.filter((finding) => finding.rule === id);
    expect(found.map(asExpected).sort(byPlace)).toMatchObject([...example.expect].sort(byPlace));
    expect(found.length).toBe(example.expect.length);
    if (example.expect.length > 0 || undecided.test(name)) return;
    expect(report.undetermined.filter((check) => check.rule === id).map(({ reason }) => reason)).toEqual([]);
  });
});

test("there is something to test", () => {
  expect(bundledRules.every(({ examples }) => examples.length > 0)).toBe(true);
});

async function lintExample({ files, modes = {}, args = [] }: Example): Promise<Report> {
  const { code, stdout, stderr } = await cli(["lint", ".", "--format", "json", ...args], { files, modes });
  expect(stderr).toBe("");
  expect(code).not.toBe(4);
  const report: unknown = JSON.parse(stdout);
  validateReport(report);
  expect(validateReport.errors).toBeNull();
  return report as Report;
}

function asExpected({ location, severity, confidence }: Report["findings"][number]): ExampleFinding {
  return { file: location.file, line: location.line, severity, confidence };
}

function byPlace(a: ExampleFinding, b: ExampleFinding): number {
  return a.file < b.file ? -1 : a.file > b.file ? 1 : a.line - b.line;
}
