/** What decisions are made with: one for each run. */
import type { Deployment } from "../deployment/model.ts";
import type { Baseline } from "../policy/baseline.ts";
import type { Decision } from "../policy/ruling.ts";
import type { Analysis } from "../reach/analyse.ts";
import type { Evaluation } from "../rules/evaluate.ts";
import { type Audience, audiences, type Rule, type Severity, severities } from "../rules/rule.ts";
import type { Crypto } from "../sources/files.ts";
import type { Sources } from "../sources/source.ts";
import type { Locate } from "./locations.ts";
import type { Merged } from "./merge.ts";
import { type Counted, needs, type Profile } from "./profile.ts";
import type { Suppression } from "./report.ts";

/** The options that decide what counts. */
export interface Thresholds {
  readonly audience: Audience;
  readonly failOn: Severity;
  readonly allowUndetermined: boolean;
  /** The profile that has to be met: with it, what it needs fails the run, and not a severity. */
  readonly profile?: Profile;
  /** Findings that were known before. */
  readonly baseline?: Baseline;
}

/** What is asked for, and what turns offsets into lines. */
export interface TriageContext {
  readonly thresholds: Thresholds;
  readonly sources: Pick<Sources, "get">;
  readonly crypto: Pick<Crypto, "sha256">;
  /** A file as seen from the folder of the repository: the same wherever the run was started. */
  readonly seen: (file: string) => string;
  readonly locate: Locate;
}

/** A deployment with what the rules made of it. */
export interface Judged {
  readonly deployment: Deployment;
  readonly analysis: Analysis;
  /** One for each scenario of the analysis. */
  readonly evaluations: readonly Evaluation[];
  readonly merged: Merged;
}

/** A decision of the site as the report tells it, to be spread into what it is about. */
export function suppressionOf(
  decision: Decision | undefined,
  locate: Locate,
): { readonly suppression?: Suppression } {
  if (decision === undefined) return {};
  const { reason, until, at } = decision;
  return { suppression: { reason, ...(until === undefined ? {} : { until }), location: locate(at) } };
}

/** Whether the audience that was asked for hears of a rule. */
export function isHeard(rule: Pick<Rule, "audience">, { audience }: Thresholds): boolean {
  return audiences.indexOf(rule.audience) <= audiences.indexOf(audience);
}

/** Whether something that is open fails the run: its severity does, or the profile that has to be met needs it closed. */
export function fails(counted: Counted, { failOn, profile }: Thresholds): boolean {
  if (profile !== undefined) return needs(profile, counted);
  return severities.indexOf(counted.severity) >= severities.indexOf(failOn);
}
