/** Reports to be shown as HTML: of examples, of hostile names, and of hundreds of findings. */
import { join } from "node:path";
import policies from "../../generated/policies.js";
import { nodeFiles } from "../../src/node/files.ts";
import type { RenderContext } from "../../src/reports/context.ts";
import { renderHtml } from "../../src/reports/html/page.ts";
import { bundledRules } from "../../src/rules/bundled.ts";
import { complianceOf } from "../../src/triage/compliance.ts";
import type { Finding, Report } from "../../src/triage/report.ts";
import { lintOver } from "../inspect.ts";
import { completed, plainOptions, sample } from "./sample.ts";

/** The document of a report. */
export function htmlOf(report: Report, context: RenderContext): string {
  return renderHtml(report, completed(context), { ...plainOptions, audience: "strict" });
}

/** Lints folders of examples/ as they are on disk; holds them against two standards. */
export function htmlOfExamples(...names: readonly string[]): string {
  const root = join(import.meta.dirname, "../..");
  const run = lintOver(nodeFiles(root), {
    paths: names.map((name) => `examples/${name}`),
    audience: "strict",
  });
  const standards = policies.filter(({ name }) => name === "hipaa" || name === "mds2");
  const compliance = complianceOf(run.report, standards, bundledRules);
  return htmlOf({ ...run.report, compliance }, run);
}

/** What a configuration could write where a name is expected. */
export const hostile =
  "<script>window.hit=1</script>\"'><img src=x onerror=window.hit=1>&lt;\u202e\u0007\u001b[31m</style>]]>";

/** Fields whose words are ours: a schema allows no others. */
const ours = new Set([
  "severity",
  "confidence",
  "audience",
  "state",
  "kind",
  "form",
  "product",
  "protocol",
  "from",
  "reach",
  "mode",
  "verdict",
  "safety",
]);

/** The same report with hostile text behind every text of it. */
export function poisoned<T>(value: T, key = ""): T {
  if (typeof value === "string") return (ours.has(key) ? value : value + hostile) as T;
  if (Array.isArray(value)) return value.map((item) => poisoned(item, key)) as T;
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, part]) => [name, poisoned(part, name)])) as T;
}

/** A report with so many findings. */
export function manyFindings(number: number): Report {
  const [first] = sample.findings;
  if (first === undefined) throw new Error("the sample has findings");
  const severities = ["critical", "high", "medium", "low"] as const;
  const findings = Array.from({ length: number }, (_, index): Finding => {
    const severity = severities[index % severities.length] ?? "low";
    return { ...first, severity, message: `Opening number${index}.`, fingerprint: `f${index}` };
  });
  return { ...sample, findings };
}
