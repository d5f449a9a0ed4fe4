/** pacslint.yaml as it is written: `schemas/pacslint-config.schema.json` in TypeScript. */
import type { Audience, Severity } from "../rules/rule.ts";

/** A severity for a rule, or none at all. */
export type RuleSeverity = Severity | "off";

/** One entry of `suppress` or `accept-undetermined`. */
export interface WrittenSuppression {
  readonly rule: string;
  readonly path?: string | readonly string[];
  readonly fact?: string;
  readonly reason: string;
  readonly until?: string;
}

/** One entry of `zones`. */
interface WrittenZone {
  readonly name: string;
  readonly networks: readonly string[];
  readonly trust: "none" | "network" | "trusted";
}

/** The whole file. */
export interface WrittenConfig {
  readonly profile?: string;
  readonly "fail-on"?: Severity;
  readonly audience?: Audience;
  readonly "allow-undetermined"?: boolean;
  readonly baseline?: string;
  readonly include?: readonly string[];
  readonly exclude?: readonly string[];
  readonly rules?: Readonly<Record<string, RuleSeverity>>;
  readonly overrides?: readonly {
    readonly path: string | readonly string[];
    readonly rules: Readonly<Record<string, RuleSeverity>>;
  }[];
  readonly "rule-folders"?: readonly string[];
  readonly versions?: { readonly orthanc?: string; readonly dcm4chee?: string };
  readonly parameters?: {
    readonly ports?: readonly number[];
    readonly registries?: readonly string[];
    readonly "minimum-tls"?: "TLSv1.2" | "TLSv1.3";
    readonly "ae-titles"?: readonly string[];
  };
  readonly host?: { readonly "faces-internet"?: boolean };
  readonly zones?: readonly WrittenZone[];
  readonly firewall?: readonly { readonly port: number; readonly from: readonly string[] }[];
  readonly suppress?: readonly WrittenSuppression[];
  readonly "accept-undetermined"?: readonly WrittenSuppression[];
}
