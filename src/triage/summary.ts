/** Counts, and the exit code: decided here and nowhere else. */
import type { Severity } from "../rules/rule.ts";
import type { Finding, Report, ReportedProblem, Summary } from "./report.ts";

/** How many there are of each. */
export function summaryOf({
  findings,
  undetermined,
  passed,
}: Pick<Report, "findings" | "undetermined" | "passed">): Summary {
  const inState = (state: Finding["state"]): readonly Finding[] =>
    findings.filter((finding) => finding.state === state);
  const open = inState("open");
  const count = (severity: Severity): number =>
    open.filter((finding) => finding.severity === severity).length;
  return {
    critical: count("critical"),
    high: count("high"),
    medium: count("medium"),
    low: count("low"),
    info: count("info"),
    hidden: inState("hidden").length,
    suppressed: inState("suppressed").length,
    baselined: inState("baselined").length,
    undetermined: undetermined.length,
    accepted: undetermined.filter(({ suppression }) => suppression !== undefined).length,
    passed: passed.length,
  };
}

/** Problems that leave something unjudged. */
const incomplete: ReadonlySet<ReportedProblem["kind"]> = new Set(["unreadable", "syntax", "limit"]);

/** Whether a problem leaves something unjudged. */
export function leavesUnjudged(kind: ReportedProblem["kind"]): boolean {
  return incomplete.has(kind);
}

/** 3 when the input was not complete, 1 when a finding counts, otherwise 0. Usage (2) and mistakes of ours (4) end earlier. */
export function exitCodeOf({
  deployments,
  problems,
  undetermined,
  findings,
}: Pick<Report, "deployments" | "problems" | "undetermined" | "findings">): 0 | 1 | 3 {
  if (deployments.length === 0 || problems.some(({ kind }) => leavesUnjudged(kind))) return 3;
  if (undetermined.some(({ countsForExit }) => countsForExit)) return 3;
  return findings.some(({ countsForExit }) => countsForExit) ? 1 : 0;
}
