/** Builds the report, deployment by deployment, so that nothing else of a deployment has to be kept. */
import type { Problem } from "../deployment/model.ts";
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
import type { Report, ReportedDeployment } from "./report.ts";
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
  const report = {
    version: 1 as const,
    tool: { name: "pacslint" as const, version, rules: input.rules.length },
    deployments: parts.map(({ deployment }) => deployment),
    attackPaths: parts.flatMap(({ attackPaths }) => attackPaths),
    findings: parts.flatMap(({ findings }) => findings),
    undetermined: parts.flatMap(({ undetermined }) => undetermined),
    passed: parts.flatMap(({ passed }) => passed),
    notApplicable: parts.map(({ deployment, notApplicable }) => ({
      deployment: deployment.id,
      rules: notApplicable,
    })),
    problems: [...ofRun, ...parts.flatMap(({ problems }) => problems)],
    assumptions: parts.flatMap(({ assumptions }) => assumptions),
    configuration: null,
    suppressions: [],
    baseline: null,
  };
  return {
    ...report,
    profile: { asked: null, ...verdictOf(report) },
    summary: summaryOf(report),
    exitCode: exitCodeOf(report),
  };
}
