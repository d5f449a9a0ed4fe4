/** GitLab's code quality report: https://docs.gitlab.com/ci/testing/code_quality/#code-quality-report-format. */

import type { Severity } from "../rules/rule.ts";
import type { Report } from "../triage/report.ts";
import { adviceText } from "./commands.ts";
import type { ReportContext } from "./context.ts";
import { toJson } from "./json.ts";
import { harmless } from "./layout.ts";
import { once } from "./once.ts";
import { shownAt, whereIs } from "./where.ts";

const severity: Readonly<Record<Severity, string>> = {
  critical: "blocker",
  high: "critical",
  medium: "major",
  low: "minor",
  info: "info",
};

/** Open findings, each once, as fingerprints have to be unique. */
export function renderGitlab(report: Report, { workspace }: ReportContext): string {
  return toJson(
    once(report).map(({ finding }) => {
      const { file, line, endLine } = shownAt(finding, report);
      return {
        type: "issue",
        check_name: finding.rule,
        description: harmless(finding.message).replaceAll("\n", " "),
        content: { body: harmless(`${adviceText(finding.remediation)}\n\nMay break: ${finding.impact}`) },
        categories: ["Security"],
        fingerprint: finding.fingerprint,
        severity: severity[finding.severity],
        location: { path: whereIs(file, workspace)?.path ?? file, lines: { begin: line, end: endLine } },
      };
    }),
  );
}
