/** The site's own decisions, as far as the run came across them. */
import type { Location } from "./location.ts";

/** A pacslint.yaml, and what it changes in this run. */
export interface ReportedConfiguration {
  readonly file: string;
  /** Sentences, each with its line: "line 9: http-no-tls counts as low". */
  readonly says: readonly { readonly text: string; readonly location: Location }[];
}

/** Why something that was found does not count, and where that is written. */
export interface Suppression {
  readonly reason: string;
  /** The last day on which it holds, as 2027-01-31; absent: without end. */
  readonly until?: string;
  /** The comment, or the entry of pacslint.yaml. */
  readonly location: Location;
}

/** A suppression that was read. A faulty one has no effect: a finding says what is wrong with it. */
export interface ReportedSuppression extends Suppression {
  readonly rule: string;
  readonly from: "comment" | "configuration";
  readonly state: "used" | "unused" | "expired" | "faulty";
  /** How many findings it silences. */
  readonly findings: number;
  /** How many checks it accepts that could not be decided. */
  readonly undetermined: number;
}

/** Findings that were known before. */
export interface ReportedBaseline {
  readonly file: string;
  readonly entries: number;
  /** Entries that no finding has any more. */
  readonly gone: number;
}
