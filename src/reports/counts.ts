/** What is left open, in a few words; every format that says it says it in these. */
import { severities } from "../rules/rule.ts";
import type { Report } from "../triage/report.ts";

/** "2 critical, 3 high", or that there is nothing. */
export function countsText({ summary }: Report): string {
  const found = severities.toReversed().filter((severity) => summary[severity] > 0);
  if (found.length === 0) return "no open findings";
  return found.map((severity) => `${summary[severity]} ${severity}`).join(", ");
}

/** What else was counted: "141 checks passed, 2 undetermined, 1 suppressed". */
export function otherCounts({ summary }: Report): string {
  const counted: readonly (readonly [number, string])[] = [
    [summary.passed, "passed"],
    [summary.undetermined, "undetermined"],
    [summary.suppressed, "suppressed"],
    [summary.baselined, "in the baseline"],
    [summary.hidden, "hidden"],
  ];
  return counted
    .filter(([number], index) => index < 2 || number > 0)
    .map(([number, word]) => `${number} ${word}`)
    .join(", ");
}
