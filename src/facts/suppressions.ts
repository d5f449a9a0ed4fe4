/** What the site asks not to be told. */
import type { FactBase } from "./base.ts";

/** A suppression that a comment or pacslint.yaml holds; derived when everything else is judged. */
export interface SuppressionFact extends FactBase {
  readonly kind: "suppression";
  /** The rule that it names; "" where it names none. */
  readonly rule: string;
  readonly from: "comment" | "configuration";
  /** `not-understood`: it is not written as suppressions are; `unused`: nothing was there that it silences. */
  readonly state: "used" | "unused" | "expired" | "no-reason" | "unknown-rule" | "not-understood";
  /** The last day on which it holds; null: without end. */
  readonly until: string | null;
  /** What was probably meant, in brackets; "" when nothing is near. */
  readonly hint: string;
}
