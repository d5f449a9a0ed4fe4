/** The report: what a run found, as plain data. `schemas/report.schema.json` describes it; formats only render it. */
import type { AttackPath, ReportedDeployment } from "./report/deployment.ts";
import type { Finding, Passed, Undetermined } from "./report/finding.ts";
import type { Location } from "./report/location.ts";
import type { ReportedBaseline, ReportedConfiguration, ReportedSuppression } from "./report/site.ts";
import type { ComplianceView, ProfileVerdict } from "./report/standards.ts";

export type * from "./report/deployment.ts";
export type * from "./report/finding.ts";
export type * from "./report/location.ts";
export type * from "./report/site.ts";
export type * from "./report/standards.ts";

/** Format version 1. Unknown values are markers here and the string "unknown" in JSON. */
export interface Report {
  readonly version: 1;
  readonly tool: { readonly name: "pacslint"; readonly version: string; readonly rules: number };
  readonly deployments: readonly ReportedDeployment[];
  /** One for each entry through which strangers get something. */
  readonly attackPaths: readonly AttackPath[];
  readonly findings: readonly Finding[];
  readonly undetermined: readonly Undetermined[];
  readonly passed: readonly Passed[];
  /** By deployment, the rules that had nothing to look at: neither passed nor failed. */
  readonly notApplicable: readonly { readonly deployment: string; readonly rules: readonly string[] }[];
  readonly problems: readonly ReportedProblem[];
  readonly assumptions: readonly { readonly deployment: string; readonly message: string }[];
  /** The site's own decisions; null where no pacslint.yaml was read. */
  readonly configuration: ReportedConfiguration | null;
  /** Every suppression that was read, in comments first; empty with `--no-ignores`. */
  readonly suppressions: readonly ReportedSuppression[];
  /** The baseline that findings were compared with; null where none was given. */
  readonly baseline: ReportedBaseline | null;
  readonly profile: ProfileVerdict;
  /** One for each standard that was asked for. */
  readonly compliance?: readonly ComplianceView[];
  readonly summary: Summary;
  readonly exitCode: 0 | 1 | 2 | 3 | 4;
}

/** An input that was not read, or not as a whole. */
export interface ReportedProblem {
  readonly kind: "unreadable" | "syntax" | "unresolved" | "missing-file" | "unlinked" | "skipped" | "limit";
  readonly deployment: string | null;
  readonly message: string;
  readonly location?: Location;
}

/** How many there are; by severity those that are open. */
export interface Summary {
  readonly critical: number;
  readonly high: number;
  readonly medium: number;
  readonly low: number;
  readonly info: number;
  readonly hidden: number;
  readonly suppressed: number;
  readonly baselined: number;
  readonly undetermined: number;
  /** Those of the undetermined checks that somebody accepted. */
  readonly accepted: number;
  readonly passed: number;
}
