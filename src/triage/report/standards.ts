/** The findings held against the ladder of profiles and against standards. */
import type { Location } from "./location.ts";

/** Which rung of the ladder of profiles the run stands on. Suppressed findings are no steps, those of the baseline are. */
export interface ProfileVerdict {
  /** The profile that was asked for; null where none was. */
  readonly asked: string | null;
  /** The highest profile that is met, with all below it; null where not even the first is met, or nobody can tell. */
  readonly met: string | null;
  /** The profile above it; null where the last one is met. */
  readonly next: {
    readonly name: string;
    /** Distinct findings to close. */
    readonly steps: number;
    /** Checks that it needs and that could not be decided, and inputs that could not be read: with any, nobody can tell. */
    readonly undecided: number;
  } | null;
}

/** What became of a control. `manual`: no configuration shows it; `not-applicable`: there was nothing to look at. */
export type ComplianceState = "fail" | "pass" | "undetermined" | "not-applicable" | "manual";

/** A standard, as far as the configuration has a part in it. */
export interface ComplianceView {
  readonly policy: string;
  readonly title: string;
  readonly edition: string;
  readonly source: string;
  /** What of the standard is listed, and what is not. */
  readonly scope: string;
  readonly counts: Readonly<Record<ComplianceState, number>>;
  readonly controls: readonly ComplianceControl[];
}

/** A control of a standard. A pass says that the checks found nothing, not that the control is met. */
export interface ComplianceControl {
  readonly id: string;
  readonly title: string;
  readonly state: ComplianceState;
  /** Of a question: what the configuration shows. */
  readonly answer?: "Yes" | "No" | "See note";
  /** What has to be shown by other means. */
  readonly manual?: string;
  /** What decided the state, as far as it is listed. */
  readonly evidence: readonly Evidence[];
  /** How much more there is. */
  readonly more: number;
}

/** A finding, a doubt or a passed check behind the state of a control. */
export interface Evidence {
  readonly rule: string;
  readonly deployment: string;
  readonly text: string;
  readonly locations: readonly Location[];
}
