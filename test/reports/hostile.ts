/** Names that a configuration may hold and that mean something to those who read reports. */
import type { Finding, Report } from "../../src/triage/report.ts";
import { everyState } from "./sample.ts";

/** Line ends, escape sequences, commands of CI services, markup, links, formulas, text that runs backwards. */
export const hostile =
  "a\r\nb\u0000\u001b[31m\t::error::x ]]> <script>alert(1)</script> | `c` ``` [x](javascript:alert(1)) {0} \"'&amp; ##[group] ::set-output name=a::b \u202egnp.exe\u2066 \u2028 @here #1 @octocat =1+1";

/** Begins like a formula, as cells of a table may. */
const formula = '=HYPERLINK("http://x","y")';

const file = "clinic/we ird,;%0A`|\u202e\n::].json";

/** The sample with such names wherever a configuration chooses them. */
export const hostileReport: Report = {
  ...everyState,
  deployments: everyState.deployments.map((deployment) => ({
    ...deployment,
    id: hostile,
    root: hostile,
    files: deployment.files.map((one) => ({ ...one, path: file, linked: hostile })),
    services: deployment.services.map((service) => ({ ...service, name: hostile })),
  })),
  findings: everyState.findings.map((finding) => ({ ...finding, ...named(finding) })),
  undetermined: everyState.undetermined.map((check) => ({
    ...check,
    deployment: hostile,
    service: hostile,
    reason: hostile,
  })),
  passed: everyState.passed.map((check) => ({ ...check, deployment: hostile, looked: [hostile] })),
  problems: everyState.problems.map((problem) => ({ ...problem, deployment: hostile, message: hostile })),
  assumptions: [{ deployment: hostile, message: hostile }],
};

function named(finding: Finding): Partial<Finding> {
  return {
    message: `${hostile} ${finding.message}`,
    actual: formula,
    expected: hostile,
    label: hostile,
    related: finding.related.map(({ location }) => ({ location: { ...location, file }, label: hostile })),
    location: { ...finding.location, file },
    deployment: hostile,
    service: hostile,
    entry: hostile,
    listener: hostile,
    impact: hostile,
    remediation: {
      text: hostile,
      edits: finding.remediation.edits.map((edit) => ({ ...edit, text: hostile, shown: hostile })),
    },
  };
}
