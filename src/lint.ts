/** The whole run on one screen: paths → sources → deployments → facts → rules → findings → report. */
import { assemble } from "./deployment/assemble.ts";
import { environmentOf } from "./deployment/environment.ts";
import { versionInfo } from "./deployment/host/version.ts";
import type { Deployment, Problem } from "./deployment/model.ts";
import { acceptedBy } from "./policy/accepted.ts";
import type { Baseline } from "./policy/baseline.ts";
import type { Config } from "./policy/config.ts";
import { rootOf } from "./policy/find.ts";
import { absolute, seenFrom } from "./policy/paths.ts";
import { createPolicy, type Policy } from "./policy/ruling.ts";
import { breakpoints } from "./products/orthanc/catalogue.ts";
import type { DeriveContext } from "./products/product.ts";
import { analyse } from "./reach/analyse.ts";
import { evaluate } from "./rules/evaluate.ts";
import type { Audience, Rule, Severity } from "./rules/rule.ts";
import { type Discovery, discover, discoverAgain } from "./sources/discover.ts";
import { withEmbedded } from "./sources/embedded-files.ts";
import { type Crypto, type Files, joinPath } from "./sources/files.ts";
import { createSources, renewed, type Sources } from "./sources/source.ts";
import { within } from "./sources/within.ts";
import type { Place } from "./text/text.ts";
import { buildReport, type DeploymentReport, reportDeployment } from "./triage/build.ts";
import type { TriageContext } from "./triage/context.ts";
import { locator } from "./triage/locations.ts";
import { merge } from "./triage/merge.ts";
import { policyReport } from "./triage/policy.ts";
import type { Profile } from "./triage/profile.ts";
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
  /** Files of values for Helm charts, the last one winning. */
  readonly valueFiles?: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly onHost: boolean;
  /** False: nothing outside the paths is read, even if a configuration names it. */
  readonly followOutside?: boolean;
  readonly allowUndetermined: boolean;
  /** Variables that somebody will set: for runs over edits that leave a secret to them. */
  readonly promised?: Readonly<Record<string, string>>;
  /** Ids of the only deployments that are judged; for runs that are repeated. */
  readonly only?: ReadonlySet<string>;
  /** An earlier run over the same folders: what was not edited since is taken from it. */
  readonly again?: Again;
  /** The pacslint.yaml of the site. */
  readonly config?: Config;
  /** The profile that has to be met: it decides what fails the run, unless `failOn` was asked for. */
  readonly profile?: Profile;
  /** Whether `failOn` was asked for, and so decides alone. */
  readonly failOnAsked?: boolean;
  readonly baseline?: Baseline;
  /** False: no suppression counts. */
  readonly ignores?: boolean;
}

/** What a run takes from an earlier one. Files were edited since; none came and none went. */
export interface Again {
  readonly survey: Survey;
  /** The files that were edited. */
  readonly edited: ReadonlySet<string>;
  /** The only files that are looked at besides those that a configuration names; absent: all that the earlier run found. */
  readonly files?: ReadonlySet<string>;
}

/** What a run may look at. */
export interface Platform {
  readonly files: Files;
  readonly crypto: Crypto;
  readonly now: Date;
  /** The working directory, absolute; "/" where there is none. */
  readonly cwd?: string;
}

/** What was read, before any server is understood. */
export interface Survey {
  readonly sources: Sources;
  readonly discovery: Discovery;
  readonly deployments: readonly Deployment[];
  /** What is wrong with the variables that were given. */
  readonly problems: readonly Problem[];
  /** Ranges that hold the variables' values: any of them may be a secret. */
  readonly secrets: readonly Place[];
  readonly context: DeriveContext;
  readonly policy: Policy;
  readonly triage: TriageContext;
}

/** A deployment that was judged, and the ranges of its files that hold secrets. */
export interface LintedDeployment {
  readonly report: DeploymentReport;
  readonly secrets: readonly Place[];
}

/** A finished run: the report, and what formats need to show its lines. */
export interface LintRun {
  readonly report: Report;
  readonly sources: Sources;
  /** Ranges that hold secrets. */
  readonly secrets: readonly Place[];
  readonly survey: Survey;
}

/** Lints. Never throws for anything that a file holds. */
export function lint(options: LintOptions, platform: Platform): LintRun {
  const survey = surveyPaths(options, platform);
  const linted = [...lintDeployments(survey, options)];
  const reports = linted.map(({ report }) => report);
  const policy = policyReport(reports, { ...survey, ...options });
  return {
    report: buildReport(reports, { ...survey, rules: options.rules, policy }),
    sources: survey.sources,
    secrets: [...survey.secrets, ...linted.flatMap(({ secrets }) => secrets)],
    survey,
  };
}

/** Finds, reads and assembles. */
export function surveyPaths(options: LintOptions, platform: Platform): Survey {
  const { paths, followOutside, config, again } = options;
  const { envFiles, valueFiles = [] } = options;
  const also = [...envFiles, ...valueFiles, ...(config === undefined ? [] : [config.file])];
  const disk = followOutside === false ? within(platform.files, paths, also) : platform.files;
  const read = createSources(disk, platform.crypto);
  const sources = again === undefined ? read : renewed(again.survey.sources, read, again.edited);
  if (config !== undefined) sources.open(config.file);
  const discovery =
    again === undefined
      ? discover(paths, disk, sources, acceptedBy(config, joinPath("", platform.cwd ?? "/")))
      : discoverAgain(again.survey.discovery, sources, again.files);
  const files = withEmbedded(disk, discovery.candidates);
  const { environment, problems, secrets } = environmentOf(
    options.envFiles,
    options.env,
    sources,
    options.promised,
  );
  const { onHost, dcm4cheeVersion } = options;
  const deployments = assemble(discovery.candidates, {
    files,
    sources,
    envFiles,
    valueFiles,
    environment,
    onHost,
    orthancVersion: versionInfo(options.orthancVersion, breakpoints),
    ...(dcm4cheeVersion === undefined ? {} : { dcm4cheeVersion }),
  });
  return {
    sources,
    discovery,
    deployments,
    problems,
    secrets,
    context: { ...platform, files, sources, onHost, ...(config === undefined ? {} : { site: config.site }) },
    ...judgement(options, platform, sources),
  };
}

/** What decisions are made with. */
function judgement(
  options: LintOptions,
  { files, crypto, now, cwd: folder = "/" }: Platform,
  sources: Sources,
): Pick<Survey, "policy" | "triage"> {
  const { config, rules, audience, failOn, allowUndetermined, profile, baseline } = options;
  const cwd = joinPath("", folder);
  const root = rootOf(files, cwd, options.paths);
  const gate = profile === undefined || options.failOnAsked === true ? {} : { profile };
  return {
    policy: createPolicy({
      config,
      sources,
      known: rules.map(({ id }) => id),
      now,
      cwd,
      ignores: options.ignores !== false,
    }),
    triage: {
      thresholds: { audience, failOn, allowUndetermined, ...gate, ...(baseline && { baseline }) },
      sources,
      crypto,
      locate: locator(sources),
      seen: (file) => seenFrom(root, absolute(file, cwd)),
    },
  };
}

/** Judges one deployment at a time: fifty thousand need no more memory than one and their reports. */
export function* lintDeployments(survey: Survey, options: LintOptions): Generator<LintedDeployment> {
  const { context, policy, triage } = survey;
  const rules = options.rules.filter(({ select }) => select !== "suppression");
  for (const deployment of survey.deployments) {
    if (options.only?.has(deployment.id) === false) continue;
    const analysis = analyse(deployment, context);
    const evaluations = analysis.scenarios.map(({ facts, versions }) => ({
      versions,
      ...evaluate(rules, facts),
    }));
    const merged = merge(evaluations, policy.rulingFor(deployment));
    const judged = { deployment, analysis, evaluations, merged };
    yield { report: reportDeployment(judged, triage), secrets: analysis.secrets };
  }
}
