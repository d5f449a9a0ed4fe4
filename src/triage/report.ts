/** The report: what a run found, as plain data. `schemas/report.schema.json` describes it; formats only render it. */
import type {
  AnonymousHttp,
  Auth,
  DeploymentForm,
  DicomOperations,
  Product,
  Protocol,
  Reach,
  Role,
  RouteFact,
  Tls,
} from "../facts/facts.ts";
import type { Json } from "../facts/json.ts";
import type { Maybe } from "../facts/unknown.ts";
import type { Audience, Confidence, Severity } from "../rules/rule.ts";

/** A range in a file; lines and columns start at 1, the end is exclusive. */
export interface Location {
  /** Relative to the working directory, forward slashes. */
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly endLine: number;
  readonly endColumn: number;
}

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

export interface ReportedDeployment {
  readonly id: string;
  /** The host that its report came from; absent in the report of one run. */
  readonly host?: string;
  readonly root: string;
  readonly form: DeploymentForm;
  readonly files: readonly {
    readonly path: string;
    readonly kind: string;
    readonly sha256: string;
    readonly linked: string | null;
  }[];
  readonly services: readonly ReportedService[];
}

export interface ReportedService {
  readonly name: string;
  readonly product: Product;
  readonly version: {
    readonly value: string | null;
    readonly from: string;
    readonly candidates: readonly string[];
  };
  readonly startup: {
    readonly verdict: Maybe<"starts" | "refuses">;
    readonly reasons: readonly { readonly message: string; readonly location?: Location }[];
  };
  readonly listeners: readonly ReportedListener[];
  /** As the manifest names it; the base, where it is built. */
  readonly image?: string;
  /** What the image holds, by the name that its makers give it, where `product` says less: "MariaDB". */
  readonly software?: string;
  readonly network?: ReportedNetwork;
  /** Where it passes requests on to, when it is a proxy. */
  readonly routes?: readonly ReportedRoute[];
}

/** The network that a service stands in. */
export interface ReportedNetwork {
  /** `host`: it uses the host's own. */
  readonly kind: Maybe<"host" | "container">;
  /** Services with a network in common reach each other on every port. */
  readonly networks: readonly string[];
}

/** A way through a proxy to a server. */
export interface ReportedRoute {
  readonly through: string;
  /** The service that it leads to, or an address outside the deployment. */
  readonly to: Maybe<string>;
  readonly paths: readonly string[];
  readonly login: RouteFact["login"];
}

interface ReportedOpening {
  readonly id: string;
  readonly reach: Maybe<Reach>;
  readonly port: Maybe<number>;
  readonly tls: Tls;
  readonly auth: Auth;
  readonly anonymous?: AnonymousHttp;
  readonly unknownPeer?: DicomOperations;
  readonly spoofedPeer?: Readonly<Record<string, DicomOperations>>;
}

export interface ReportedListener extends ReportedOpening {
  readonly protocol: Protocol;
  /** What is behind it; absent where it is the archive itself. */
  readonly role?: Role;
  /** The same for people. */
  readonly purpose?: string;
  readonly bind: Maybe<string>;
  readonly entries: readonly ReportedEntry[];
}

export interface ReportedEntry extends ReportedOpening {
  readonly through: string;
  readonly address: Maybe<string>;
  readonly paths: readonly string[];
  readonly sourceSeen: Maybe<"loopback" | "other">;
  readonly via: readonly Related[];
}

/** How a stranger gets to something: the lines that make it possible, in the order in which they are passed. */
export interface AttackPath {
  readonly deployment: string;
  readonly service: string;
  readonly listener: string;
  readonly entry: string;
  /** Where the stranger stands. */
  readonly from: "network" | "internet";
  readonly steps: readonly AttackStep[];
  /** A clause: "anyone can run commands as root in the container". */
  readonly outcome: string;
  /** All of it on one line; files are relative to the deployment's folder. */
  readonly text: string;
  /** The releases at which it is there, where not at all that may run; empty otherwise. */
  readonly versions: readonly string[];
  /** Set where every finding about it is suppressed: the path is there, and somebody decided that it may be. */
  readonly suppression?: Suppression;
}

export interface AttackStep {
  readonly text: string;
  readonly location?: Location;
}

export interface Related {
  readonly location: Location;
  readonly label: string;
}

/** `hidden`: below the audience or severity that was asked for. */
export type FindingState = "open" | "hidden" | "suppressed" | "baselined";

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

export interface Passed {
  readonly rule: string;
  readonly deployment: string;
  /** Lines or defaults that were looked at: the first ten. */
  readonly looked: readonly (Location | string)[];
  /** How many others were. */
  readonly more: number;
}

export interface ReportedProblem {
  readonly kind: "unreadable" | "syntax" | "unresolved" | "missing-file" | "unlinked" | "skipped" | "limit";
  readonly deployment: string | null;
  readonly message: string;
  readonly location?: Location;
}

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
