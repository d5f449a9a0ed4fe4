/** The whole run on one screen: paths → sources → deployments → facts → rules → findings → report. */
import { assemble } from "./deployment/assemble.ts";
import { environmentOf } from "./deployment/environment.ts";
import { versionInfo } from "./deployment/host.ts";
import type { Deployment, Problem } from "./deployment/model.ts";
import { breakpoints } from "./products/orthanc/catalogue.ts";
import type { DeriveContext } from "./products/product.ts";
import { type Analysis, analyse } from "./reach/analyse.ts";
import { evaluate } from "./rules/evaluate.ts";
import type { Audience, Rule, Severity } from "./rules/rule.ts";
import { type Discovery, discover } from "./sources/discover.ts";
import type { Crypto, Files } from "./sources/files.ts";
import { createSources, type Sources } from "./sources/source.ts";
import type { Place } from "./text/text.ts";
import { buildReport, type Judged } from "./triage/build.ts";
import { mergeDoubts, mergeHits } from "./triage/findings.ts";
import type { Report } from "./triage/report.ts";

/** What a run is asked to do. */
export interface LintOptions {
  /** Files and folders, relative to the working directory. */
  readonly paths: readonly string[];
  readonly rules: readonly Rule[];
  readonly audience: Audience;
  readonly failOn: Severity;
  /** A release of Orthanc, or the version of a package such as 1.10.1+dfsg-2+deb12u1. */
  readonly orthancVersion?: string;
  /** A release of dcm4chee's archive, with the variant of its image where that matters: "5.35.1-secure". */
  readonly dcm4cheeVersion?: string;
  readonly envFiles: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly onHost: boolean;
  readonly allowUndetermined: boolean;
}

/** What a run may look at. */
export interface Platform {
  readonly files: Files;
  readonly crypto: Crypto;
  readonly now: Date;
}

/** What was read and worked out, before any rule. */
export interface Inspection {
  readonly sources: Sources;
  readonly discovery: Discovery;
  readonly deployments: readonly { readonly deployment: Deployment; readonly analysis: Analysis }[];
  readonly problems: readonly Problem[];
  /** Ranges that hold secrets. */
  readonly secrets: readonly Place[];
}

/** A finished run: the report, and what formats need to show its lines. */
export interface LintRun {
  readonly report: Report;
  readonly inspection: Inspection;
}

/** Lints. Never throws for anything that a file holds. */
export function lint(options: LintOptions, platform: Platform): LintRun {
  const inspection = inspect(options, platform);
  const judged = inspection.deployments.map(({ deployment, analysis }): Judged => {
    const evaluations = analysis.scenarios.map((scenario) => ({
      versions: scenario.versions,
      ...evaluate(options.rules, scenario.facts),
    }));
    const hits = mergeHits(evaluations);
    const doubts = mergeDoubts(evaluations, hits);
    return { deployment, analysis, hits, doubts, evaluations };
  });
  return { report: buildReport(judged, inspection, options, platform.crypto), inspection };
}

/** Everything up to the facts. */
export function inspect(options: LintOptions, platform: Platform): Inspection {
  const sources = createSources(platform.files, platform.crypto);
  const discovery = discover(options.paths, platform.files, sources);
  const environment = environmentOf(options.envFiles, options.env, sources);
  const assembled = assemble(discovery.candidates, {
    files: platform.files,
    sources,
    envFiles: options.envFiles,
    environment: environment.environment,
    onHost: options.onHost,
    orthancVersion: versionInfo(options.orthancVersion, breakpoints),
    ...(options.dcm4cheeVersion === undefined ? {} : { dcm4cheeVersion: options.dcm4cheeVersion }),
  });
  const context: DeriveContext = { ...platform, sources, onHost: options.onHost };
  const deployments = assembled.map((deployment) => ({ deployment, analysis: analyse(deployment, context) }));
  return {
    sources,
    discovery,
    deployments,
    problems: environment.problems,
    secrets: [...environment.secrets, ...deployments.flatMap(({ analysis }) => analysis.secrets)],
  };
}
