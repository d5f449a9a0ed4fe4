/** What became of the checks: findings with their remediation, doubts, passes. */
import type { Json } from "../../facts/json.ts";
import type { Audience, Confidence, Severity } from "../../rules/rule.ts";
import type { Location, Related } from "./location.ts";
import type { Suppression } from "./site.ts";

/** `hidden`: below the audience or severity that was asked for. */
export type FindingState = "open" | "hidden" | "suppressed" | "baselined";

/** Something that is open, with what closes it. */
export interface Finding {
  readonly rule: string;
  readonly severity: Severity;
  readonly confidence: Confidence;
  readonly audience: Audience;
  /** The releases for which it holds, where it does not hold for all candidates; empty otherwise. */
  readonly versions: readonly string[];
  readonly message: string;
  readonly expected: string;
  readonly actual: string;
  readonly location: Location;
  /** What the line at `location` does; "" when the message says it. */
  readonly label: string;
  readonly related: readonly Related[];
  readonly deployment: string;
  readonly service?: string;
  readonly listener?: string;
  readonly entry?: string;
  /** Id of the fact. */
  readonly fact: string;
  readonly remediation: {
    readonly text: string;
    readonly edits: readonly ReportedEdit[];
    /** The same for servers that run; absent where no tool takes it. */
    readonly commands?: readonly ReportedCommand[];
  };
  readonly impact: string;
  readonly controls: readonly string[];
  readonly fingerprint: string;
  readonly state: FindingState;
  /** Set with the state "suppressed". */
  readonly suppression?: Suppression;
  readonly countsForExit: boolean;
}

/** A proposed change of a file: replace the range by the text. */
export interface ReportedEdit {
  readonly location: Location;
  readonly text: string;
  readonly safety: "safe" | "unsafe";
  /** The edit without syntax: { "set": "AuthenticationEnabled", "to": true }. */
  readonly logical: Json;
  /** The lines as they read after the edit, for people. */
  readonly shown: string;
  /** Variables that have to be set before the server starts with the edit: the secret is left to them. */
  readonly needs?: readonly { readonly variable: string; readonly withQuotes: boolean }[];
  /**
   * Files with a secret that have to be made before the server starts with the edit; `reader`: the user of the container
   * that reads it, null where that is root or not known.
   */
  readonly creates?: readonly {
    readonly file: string;
    readonly reader: string | null;
    readonly holds: "password" | "users";
  }[];
  /** What a person has to write in the place of what the edit writes, which is closed until then: clauses. */
  readonly chooses?: readonly string[];
  /**
   * What the text begins and ends with, outermost first. Edits of the same range that have the same are written into one:
   * the frame once, their own texts inside, `between` between them.
   */
  readonly shared?: readonly { readonly before: string; readonly between: string; readonly after: string }[];
}

/** Lines that an administrator gives to a tool, to change a server that runs. */
export interface ReportedCommand {
  /** `json`: a part of a device in its JSON form. */
  readonly tool: "ldapmodify" | "kcadm.sh" | "json";
  /** What the lines belong into. */
  readonly into?: string;
  readonly text: string;
  /** The archive has to reload its configuration afterwards. */
  readonly reload?: true;
}

/** A check that could not be decided. */
export interface Undetermined {
  readonly rule: string;
  readonly severity: Severity;
  readonly audience: Audience;
  readonly deployment: string;
  readonly service?: string;
  readonly fact: string;
  readonly reason: string;
  readonly location?: Location;
  /** The reason is an absent or unresolved input, so that more input would decide it. */
  readonly input: boolean;
  /** Set where somebody accepted that it is not decided. */
  readonly suppression?: Suppression;
  readonly countsForExit: boolean;
}

/** A rule that looked at something and found nothing. */
export interface Passed {
  readonly rule: string;
  readonly deployment: string;
  /** Lines or defaults that were looked at: the first ten. */
  readonly looked: readonly (Location | string)[];
  /** How many others were. */
  readonly more: number;
}
