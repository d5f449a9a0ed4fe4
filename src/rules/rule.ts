/** The rule: a value, read from one YAML file of `rules/`. */
import type { FactKind } from "../facts/facts.ts";
import type { Json } from "../facts/json.ts";

/** Every severity, mildest first. */
export const severities = ["info", "low", "medium", "high", "critical"] as const;
/** How bad it is, mildest first. */
export type Severity = (typeof severities)[number];

/** How sure the finding is. */
export type Confidence = "certain" | "likely" | "possible";

/** Every audience, the one that hears least first. */
export const audiences = ["everyday", "strict", "audit"] as const;
/** Who wants to hear of it; each audience hears what the ones before it hear. */
export type Audience = (typeof audiences)[number];

/** A condition over a fact: a closed subset of JSON Schema with three-valued logic. */
export interface Match {
  readonly properties?: Readonly<Record<string, Match>>;
  readonly const?: Json;
  readonly enum?: readonly Json[];
  readonly anyOf?: readonly Match[];
  readonly allOf?: readonly Match[];
  readonly not?: Match;
  /** At least one item of an array. */
  readonly contains?: Match;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly pattern?: string;
}

/** A change to a configuration, said without the syntax of any file. */
export type LogicalEdit =
  | { readonly set: string; readonly to: Json }
  | { readonly remove: string }
  | { readonly rename: string; readonly to: string }
  | { readonly bind: string; readonly to: string }
  | { readonly "to-variable": string; readonly name?: string }
  | { readonly "add-item": string; readonly value: Json }
  | { readonly "remove-item": string; readonly value: Json };

/** A way to close the finding. */
export interface Remediation {
  /** What to do, for a person; may use the message placeholders. */
  readonly text: string;
  readonly edits?: readonly LogicalEdit[];
  /** Changes with values that stand for the site's own: they are shown as commands, and never made. */
  readonly sample?: readonly LogicalEdit[];
  /** Safe: nobody who works rightly is locked out. */
  readonly safety?: "safe" | "unsafe";
  /** Only for facts that match; the first remediation that applies is proposed. */
  readonly when?: Match;
}

/** A small deployment with what the rule must say of it. */
export interface Example {
  readonly name: string;
  readonly files: Readonly<Record<string, string>>;
  /** Octal permissions of files, where they matter; without, they are not known. */
  readonly modes?: Readonly<Record<string, string>>;
  /** Command-line arguments besides the folder. */
  readonly args?: readonly string[];
  /** Findings of this rule; empty when it must be silent. */
  readonly expect: readonly ExampleFinding[];
}

/** What an example is to be found guilty of. */
export interface ExampleFinding {
  readonly file: string;
  readonly line: number;
  readonly severity?: Severity;
  readonly confidence?: Confidence;
}

/** A rule as its file has it. */
export interface Rule {
  /** Names the bad thing; reads well after "allow"; never reused. */
  readonly id: string;
  readonly title: string;
  readonly severity: Severity;
  readonly confidence: Confidence;
  readonly audience: Audience;
  readonly select: FactKind;
  readonly match: Match;
  /** Raises the severity where a further condition certainly holds. */
  readonly severityWhen?: readonly { readonly match: Match; readonly severity: Severity }[];
  /** Weaker rules that stay silent on the same fact. */
  readonly supersedes?: readonly string[];
  /** JSON pointer of the property whose line is shown first. */
  readonly at: string;
  /** Further properties whose lines are shown, with what each line does. */
  readonly related?: Readonly<Record<string, string>>;
  readonly message: string;
  readonly expected: string;
  /** What the file says, for the expected/actual pair; default: the value at `at`. */
  readonly actual?: string;
  readonly why: string;
  readonly remediation: readonly Remediation[];
  /** What the change may break for those who work with the server. */
  readonly impact: string;
  /** Topics of data/controls.json. */
  readonly controls: readonly string[];
  readonly references: readonly string[];
  readonly examples: readonly Example[];
}
