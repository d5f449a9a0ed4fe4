/** Settings: what they come to, what is wrong with them, and the weaknesses that they leave open. */
import type { FactBase } from "./base.ts";
import type { Maybe } from "./unknown.ts";

/** One effective setting. */
export interface OptionFact extends FactBase {
  readonly kind: "option";
  /** Path of keys, a star never: "DicomModalities.CT1.AllowFind". */
  readonly path: string;
  /** Its catalogue path: "DicomModalities.*.AllowFind". */
  readonly catalogue: string;
  /** The value; a secret's is its verdict. */
  readonly value: unknown;
  readonly isDefault: boolean;
  /** Whether the server looks at it, in this version and with the features that are on. */
  readonly read: Maybe<boolean>;
  /** Certainly nothing looks at it: what depends on plugins that cannot be seen is not idle. */
  readonly idle?: boolean;
  readonly security: boolean;
  /** Deprecated, too new or too old for the version, out of range …; null when nothing is wrong. */
  readonly issue: OptionIssue | null;
}

/** What is wrong with an option that the server knows. */
export type OptionIssue =
  | { readonly type: "too-new"; readonly since: string }
  | { readonly type: "removed"; readonly until: string }
  | { readonly type: "deprecated"; readonly instead: string | null }
  | {
      readonly type: "wrong-type";
      readonly expected: string;
      readonly effect: "refuses" | "ignored" | "late";
    }
  | { readonly type: "out-of-range"; readonly becomes: string }
  /** Not one of the values that the server knows; `becomes` is null where it is not known what it makes of it. */
  | { readonly type: "unknown-value"; readonly allowed: string; readonly becomes: string | null }
  /** Written more than once in one object: only the last one counts. */
  | { readonly type: "duplicate" };

/** A key that the server does not know. */
export interface UnknownOptionFact extends FactBase {
  readonly kind: "unknownOption";
  readonly path: string;
  /** The known key that was probably meant; null when nothing is near. */
  readonly closest: string | null;
  /** What it does that the meant setting does not apply: opens something, closes something, or neither. */
  readonly effect: Maybe<"opens" | "closes" | "none">;
  /** What the server does instead, as a clause. */
  readonly consequence: string;
}

/** A setting that is written and has no effect. */
export interface IneffectiveFact extends FactBase {
  readonly kind: "ineffective";
  /** Where it is set: "AE DCM4CHEE: dcmPreferredCallingAETitle". */
  readonly path: string;
  /** Why, as a clause. */
  readonly because: string;
  /** Whether it looks like a protection that is not there. */
  readonly looksSafe: boolean;
}

/** One reason why a server would not start. */
export interface FaultFact extends FactBase {
  readonly kind: "fault";
  /** A sentence: what the server refuses. */
  readonly message: string;
  /** `start`: it does not start; `crash`: it starts and dies at a caller's hand; `syntax`: the file cannot be read. */
  readonly effect: "start" | "crash" | "syntax";
  readonly expected: string;
}

/** Published weaknesses that the running release has, in this configuration. */
export interface AdvisoryFact extends FactBase {
  readonly kind: "advisory";
  /** The worst of them, where several are told together. */
  readonly advisory: string;
  readonly advisories?: readonly string[];
  readonly severity: "critical" | "high" | "medium" | "low";
  readonly fixed: string | null;
  /** What it allows here, as a clause. */
  readonly allows: string;
  /** Whether its precondition holds in this configuration. */
  readonly applies: Maybe<boolean>;
}
