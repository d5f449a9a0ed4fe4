/** Reports taken apart by deployment, and put together again: of many hosts, or of one run line by line. */
import { verdictOf } from "./profile.ts";
import type { Report } from "./report.ts";
import { exitCodeOf, summaryOf } from "./summary.ts";

/** A report, and the name of the host that it is of. */
export interface HostReport {
  readonly host: string;
  readonly report: Report;
}

/**
 * One report of all. With several hosts a deployment's id begins with its host: "ct-room:/etc/orthanc". Its files keep the
 * paths that they have there.
 */
export function combine(parts: readonly HostReport[], version: string): Report {
  const several = new Set(parts.map(({ host }) => host)).size > 1;
  const reports = parts.map(({ host, report }) => (several ? withHost(report, host) : report));
  const all = <K extends keyof Report>(key: K): Report[K][] => reports.map((report) => report[key]);
  const asked = [...new Set(all("profile").map((profile) => profile.asked))];
  const parted = {
    deployments: all("deployments").flat(),
    attackPaths: all("attackPaths").flat(),
    findings: all("findings").flat(),
    undetermined: all("undetermined").flat(),
    passed: all("passed").flat(),
    notApplicable: all("notApplicable").flat(),
    problems: all("problems").flat(),
    assumptions: all("assumptions").flat(),
    suppressions: all("suppressions").flat(),
  };
  return {
    version: 1,
    tool: { name: "pacslint", version, rules: Math.max(0, ...all("tool").map(({ rules }) => rules)) },
    ...parted,
    configuration: onlyOne(all("configuration")),
    baseline: onlyOne(all("baseline")),
    profile: { asked: asked.length === 1 ? (asked[0] ?? null) : null, ...verdictOf(parted) },
    summary: summaryOf(parted),
    exitCode: worst(all("exitCode")),
  };
}

/** One report for each deployment. What is said of the run as a whole is in the first; so is a run about nothing. */
export function split(report: Report): readonly Report[] {
  const { deployments } = report;
  if (deployments.length < 2) return [report];
  return deployments.map((deployment, index) => {
    const mine = (one: { readonly deployment: string | null }) =>
      one.deployment === deployment.id || (index === 0 && one.deployment === null);
    const part = {
      deployments: [deployment],
      attackPaths: report.attackPaths.filter(mine),
      findings: report.findings.filter(mine),
      undetermined: report.undetermined.filter(mine),
      passed: report.passed.filter(mine),
      notApplicable: report.notApplicable.filter(mine),
      problems: report.problems.filter(mine),
      assumptions: report.assumptions.filter(mine),
      suppressions: index === 0 ? report.suppressions : [],
    };
    return {
      ...report,
      ...part,
      configuration: index === 0 ? report.configuration : null,
      baseline: index === 0 ? report.baseline : null,
      profile: { asked: report.profile.asked, ...verdictOf(part) },
      summary: summaryOf(part),
      exitCode: exitCodeOf(part),
    };
  });
}

function onlyOne<T>(values: readonly (T | null)[]): T | null {
  const given = values.filter((value) => value !== null);
  return given.length === 1 ? (given[0] ?? null) : null;
}

/** The worst one wins, in this order. */
const order = [4, 2, 3, 1, 0] as const;

function worst(codes: readonly Report["exitCode"][]): Report["exitCode"] {
  // Nothing was read where there is no report at all.
  return order.find((code) => codes.includes(code)) ?? 3;
}

function withHost(report: Report, host: string): Report {
  const named = <T extends { readonly deployment: string | null }>(items: readonly T[]): readonly T[] =>
    items.map((item) => (item.deployment === null ? item : { ...item, deployment: idOf(item.deployment) }));
  const idOf = (id: string) => `${host}:${id}`;
  return {
    ...report,
    deployments: report.deployments.map((deployment) => ({ host, ...deployment, id: idOf(deployment.id) })),
    attackPaths: named(report.attackPaths),
    findings: named(report.findings),
    undetermined: named(report.undetermined),
    passed: named(report.passed),
    notApplicable: named(report.notApplicable),
    problems: named(report.problems).map((problem) =>
      problem.deployment === null ? { ...problem, message: `${host}: ${problem.message}` } : problem,
    ),
    assumptions: named(report.assumptions),
  };
}
