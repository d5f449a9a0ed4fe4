/** Findings as they are told: each once, although deployments that share files have it each. */
import { severities } from "../rules/rule.ts";
import type { Finding, FindingState, Report } from "../triage/report.ts";
import { groupBy } from "./group.ts";

/** A finding, and where else it was found. */
export interface Told {
  readonly finding: Finding;
  /** Ids of other deployments with the same finding: alternatives share files. */
  readonly also: readonly string[];
}

/** The findings in a state, worst first, each once. */
export function once(report: Report, state: FindingState = "open"): readonly Told[] {
  const groups = groupBy(
    report.findings.filter((finding) => finding.state === state),
    ({ fingerprint }) => fingerprint,
  );
  const told = [...groups.values()].flatMap(([finding, ...others]): readonly Told[] => {
    if (finding === undefined) return [];
    const elsewhere = others.map(({ deployment }) => deployment).filter((id) => id !== finding.deployment);
    return [{ finding, also: [...new Set(elsewhere)] }];
  });
  return told.toSorted(
    (a, b) => severities.indexOf(b.finding.severity) - severities.indexOf(a.finding.severity),
  );
}
