/** The formats of one run never disagree. */
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join, relative } from "node:path";
import { describe, expect, test } from "vitest";
import { cli } from "./fake.ts";
import { reportIn } from "./report.ts";

const root = join(import.meta.dirname, "../..");

function filesOf(folder: string): Record<string, string> {
  const names = readdirSync(join(root, folder), { recursive: true, encoding: "utf8" });
  const files = names.map((name) => join(root, folder, name)).filter((path) => statSync(path).isFile());
  return Object.fromEntries(files.map((path) => [relative(root, path), readFileSync(path, "utf8")]));
}

const names = ["json", "sarif", "junit", "github", "gitlab", "markdown", "csv", "text"];

async function all(folder: string, ...argv: readonly string[]) {
  const formats = names.flatMap((name) => ["--format", `${name}=${name}.out`]);
  const { code, stdout, saved } = await cli([folder, ...formats, ...argv], {
    files: filesOf(folder),
    env: { GITHUB_STEP_SUMMARY: "summary.md" },
  });
  expect(stdout).toBe("");
  const document = (name: string) => saved[`${name}.out`] ?? "";
  return { code, document, summary: saved["summary.md"] };
}

describe.each([
  ["examples/exposed-clinic", []],
  ["examples/exposed-clinic", ["--audience", "audit", "--fail-on", "critical"]],
  ["examples/exposed-hospital", []],
  ["examples/dcm4chee-stock-like", ["--on-host"]],
  ["examples/hardened-clinic", []],
] as const)("%s %j", (folder, argv) => {
  test("every format counts the same, and tells the exit code of the run", async () => {
    const { code, document, summary } = await all(folder, ...argv);
    const report = reportIn(document("json"));
    const open = report.findings.filter(({ state }) => state === "open");
    const distinct = new Set(open.map(({ fingerprint }) => fingerprint)).size;
    const counts = ["critical", "high", "medium", "low", "info"] as const;
    expect(report.exitCode).toBe(code);
    for (const severity of counts)
      expect(open.filter((finding) => finding.severity === severity)).toHaveLength(report.summary[severity]);

    const [run] = JSON.parse(document("sarif")).runs;
    expect(run.results).toHaveLength(open.length);
    expect(run.invocations[0].exitCode).toBe(code);
    expect(run.properties.summary).toEqual(report.summary);

    const told = counts.filter((severity) => report.summary[severity] > 0);
    const words = told.map((severity) => `${report.summary[severity]} ${severity}`);
    expect(document("text")).toContain(words.join(" · "));
    expect(document("markdown")).toContain(
      `## pacslint: ${words.length === 0 ? "no open findings" : words.join(", ")}\n`,
    );
    expect(document("github")).toContain(`; exit code ${code}\n`);
    expect(document("github").match(/^::/gm) ?? []).toHaveLength(
      distinct + report.undetermined.filter(({ countsForExit }) => countsForExit).length,
    );
    expect(summary).toBe(`${document("markdown")}\n`);
    expect(JSON.parse(document("gitlab"))).toHaveLength(distinct);

    const rows = (result: string) => document("csv").match(new RegExp(`(?<=\r\n)${result},`, "g")) ?? [];
    expect(rows("open")).toHaveLength(open.length);
    expect(rows("undetermined")).toHaveLength(report.summary.undetermined);
    expect(rows("passed")).toHaveLength(report.summary.passed);

    const failing = new Set(open.map(({ deployment, rule }) => `${deployment}\n${rule}`)).size;
    expect(document("junit").match(/<failure /g) ?? []).toHaveLength(failing);
    expect(document("junit").match(/<system-out>/g) ?? []).toHaveLength(report.summary.passed);
  });
});
