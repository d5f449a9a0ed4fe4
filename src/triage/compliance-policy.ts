/** A standard as `data/policies/` has it: the controls that a configuration has a part in. */

/** One file of `data/policies/`; `schemas/compliance-policy.schema.json` describes it. */
export interface CompliancePolicy {
  /** What `--compliance` takes. */
  readonly name: string;
  readonly title: string;
  /** Which edition the identifiers are of. */
  readonly edition: string;
  readonly source: string;
  /** What of the standard is listed, and what is not. */
  readonly scope: string;
  /** `questions`: each control is a question that gets an answer besides its state. */
  readonly kind?: "questions";
  readonly controls: readonly PolicyControl[];
}

/** An answer to a question. */
export type Answer = "Yes" | "No" | "See note";

/** A control: tested by the rules of its topics and by those that it names; without either it is manual. */
export interface PolicyControl {
  /** The standard's own identifier. */
  readonly id: string;
  /** In our own words. */
  readonly title: string;
  /** Topics of data/controls.json. */
  readonly topics?: readonly string[];
  readonly rules?: readonly PolicyTest[];
  readonly answers?: { readonly pass?: Answer; readonly fail?: Answer };
  /** What no configuration shows. */
  readonly manual?: string;
}

/** A rule; with `found`, only those of its findings whose `actual` matches this regular expression. */
export type PolicyTest = string | { readonly rule: string; readonly found: string };
