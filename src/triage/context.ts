/** What decisions are made with: one for each run. */
import type { Deployment } from "../deployment/model.ts";
import type { Analysis } from "../reach/analyse.ts";
import type { Evaluation } from "../rules/evaluate.ts";
import { type Audience, audiences, type Rule, type Severity, severities } from "../rules/rule.ts";
import type { Crypto } from "../sources/files.ts";
import type { Sources } from "../sources/source.ts";
import type { Locate } from "./locations.ts";
import type { Merged } from "./merge.ts";

/** The options that decide what counts. */
export interface Thresholds {
  readonly audience: Audience;
  readonly failOn: Severity;
  readonly allowUndetermined: boolean;
}

/** What is asked for, and what turns offsets into lines. */
export interface TriageContext {
  readonly thresholds: Thresholds;
  readonly sources: Pick<Sources, "get">;
  readonly crypto: Pick<Crypto, "sha256">;
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

/** Whether the audience that was asked for hears of a rule. */
export function isHeard(rule: Rule, { audience }: Thresholds): boolean {
  return audiences.indexOf(rule.audience) <= audiences.indexOf(audience);
}

/** Whether a severity is at or above the one that fails a run. */
export function fails(severity: Severity, { failOn }: Thresholds): boolean {
  return severities.indexOf(severity) >= severities.indexOf(failOn);
}
