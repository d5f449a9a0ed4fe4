/** Builds the report, deployment by deployment, so that nothing else of a deployment has to be kept. */
import type { Problem } from "../deployment/model.ts";
import type { Baseline } from "../policy/baseline.ts";
import type { Discovery } from "../sources/discover.ts";
import type { Sources } from "../sources/source.ts";
import { version } from "../version.ts";
import { attackPathsOf } from "./attack-paths.ts";
import { notApplicableOf, passedOf, undeterminedOf } from "./checks.ts";
import type { Judged, TriageContext } from "./context.ts";
import { findingsOf } from "./finding.ts";
import { locator } from "./locations.ts";
import { assumptionsOf, problemsOf, problemsOfRun } from "./problems.ts";
import { verdictOf } from "./profile.ts";
import type { Finding, Report, ReportedBaseline, ReportedDeployment } from "./report.ts";
import { reportedDeployment } from "./services.ts";
import { exitCodeOf, summaryOf } from "./summary.ts";

/** What the report says of one deployment. */
export interface DeploymentReport
  extends Pick<Report, "attackPaths" | "findings" | "undetermined" | "passed" | "problems" | "assumptions"> {
  readonly deployment: ReportedDeployment;
  /** Ids of the rules that had nothing to look at. */
  readonly notApplicable: readonly string[];
}

/** What the report says of the run besides its deployments. */
export interface RunInput {
  readonly rules: readonly unknown[];
  readonly sources: Pick<Sources, "get">;
  readonly discovery: Discovery;
  /** What is wrong with the variables that were given. */
  readonly problems: readonly Problem[];
  /** What the site decided. */
  readonly policy?: PolicyReport;
}

/** What the report says of the decisions of the site. */
export interface PolicyReport extends Pick<Report, "configuration" | "suppressions"> {
  /** Findings about suppressions themselves. */
  readonly findings: readonly Finding[];
  readonly baseline: Baseline | undefined;
  /** A file as seen from the folder of the repository. */
  readonly seen: (file: string) => string;
  /** Name of the profile that has to be met. */
  readonly profile: string | null;
}

/** Decides everything that is reported of a deployment. */
export function reportDeployment(judged: Judged, context: TriageContext): DeploymentReport {
  return {
    deployment: reportedDeployment(judged, context.locate),
    attackPaths: attackPathsOf(judged, context.locate),
    findings: findingsOf(judged, context),
    undetermined: undeterminedOf(judged, context),
    passed: passedOf(judged, context.locate),
    notApplicable: notApplicableOf(judged),
    problems: problemsOf(judged, context.locate),
    assumptions: assumptionsOf(judged),
  };
}

/** Puts the report of a run together. */
export function buildReport(parts: readonly DeploymentReport[], input: RunInput): Report {
  const ofRun = problemsOfRun(input.discovery.skipped, input.problems, locator(input.sources));
  const { policy } = input;
  const findings = [...parts.flatMap((part) => part.findings), ...(policy?.findings ?? [])];
  const report = {
    version: 1 as const,
    tool: { name: "pacslint" as const, version, rules: input.rules.length },
    deployments: parts.map(({ deployment }) => deployment),
    attackPaths: parts.flatMap(({ attackPaths }) => attackPaths),
    findings,
    undetermined: parts.flatMap(({ undetermined }) => undetermined),
    passed: parts.flatMap(({ passed }) => passed),
    notApplicable: parts.map(({ deployment, notApplicable }) => ({
      deployment: deployment.id,
      rules: notApplicable,
    })),
    problems: [...ofRun, ...parts.flatMap(({ problems }) => problems)],
    assumptions: parts.flatMap(({ assumptions }) => assumptions),
    configuration: policy?.configuration ?? null,
    suppressions: policy?.suppressions ?? [],
    baseline:
      policy?.baseline === undefined ? null : baselineOf(policy.baseline, findings, parts, policy.seen),
  };
  return {
    ...report,
    profile: { asked: policy?.profile ?? null, ...verdictOf(report) },
    summary: summaryOf(report),
    exitCode: exitCodeOf(report),
  };
}

/** Of an entry whose file was not read nobody knows whether it is gone. */
function baselineOf(
  { file, entries }: Baseline,
  findings: readonly Finding[],
  parts: readonly DeploymentReport[],
  seen: (file: string) => string,
): ReportedBaseline {
  const found = new Set(findings.map(({ fingerprint }) => fingerprint));
  const read = new Set(parts.flatMap(({ deployment }) => deployment.files.map(({ path }) => seen(path))));
  const gone = entries.filter((entry) => read.has(entry.file) && !found.has(entry.fingerprint));
  return { file, entries: entries.length, gone: gone.length };
}
