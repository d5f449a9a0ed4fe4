/** Whether a configuration is in any way worse after an edit than before: then the edit is not made. */
import { isUnknown } from "../facts/unknown.ts";
import { severities } from "../rules/rule.ts";
import type { Finding, Report, ReportedService, Undetermined } from "../triage/report.ts";

/** What is compared. */
export interface Comparison {
  readonly before: Report;
  readonly after: Report;
  /** The findings that the edits are for. */
  readonly removed: readonly Finding[];
}

/** What the edits would do besides; undefined when they do no harm. A clause: "it would add …". */
export function whatIsWorse(comparison: Comparison): string | undefined {
  const { before, after } = comparison;
  return (
    lostDeployment(before, after) ??
    stoppedService(before, after) ??
    newProblem(before, after) ??
    newFinding(comparison) ??
    newDoubt(comparison)
  );
}

/** A finding, or a check that cannot be decided: that one names no listener. */
type Check = Pick<Finding, "severity" | "service" | "deployment" | "listener">;

/**
 * Whether a check only takes the place of a worse one: it is milder, and about the same opening of the same service, or the
 * service itself. A password that was open to the network and is still guessed within the project, or a function that
 * everybody had and now every user has: told as what is left, not counted as new.
 */
function takesItsPlace({ severity, service, deployment, listener }: Check, { removed }: Comparison): boolean {
  return removed.some(
    (finding) =>
      finding.service === service &&
      finding.deployment === deployment &&
      (listener === undefined || finding.listener === listener) &&
      severities.indexOf(severity) < severities.indexOf(finding.severity),
  );
}

function lostDeployment(before: Report, after: Report): string | undefined {
  const ids = new Set(after.deployments.map(({ id }) => id));
  const lost = before.deployments.find(({ id }) => !ids.has(id));
  return lost === undefined ? undefined : `${lost.id} would no longer be recognised`;
}

function stoppedService(before: Report, after: Report): string | undefined {
  const services = ({ deployments }: Report): Map<string, ReportedService> =>
    new Map(deployments.flatMap(({ id, services: list }) => list.map((one) => [`${id}\n${one.name}`, one])));
  const earlier = services(before);
  for (const [key, service] of services(after)) {
    const was = earlier.get(key)?.startup.verdict;
    const { verdict, reasons } = service.startup;
    if (verdict === was || verdict === "starts" || (isUnknown(verdict) && was !== "starts")) continue;
    const why = reasons[0]?.message;
    return `${service.name} would ${isUnknown(verdict) ? "perhaps not start" : "not start"}${why === undefined ? "" : `: ${why}`}`;
  }
  return undefined;
}

/** Two problems are the same when they read the same: lines move. */
function newProblem(before: Report, after: Report): string | undefined {
  const key = (problem: Report["problems"][number]): string =>
    `${problem.kind}\n${problem.deployment}\n${problem.location?.file}`;
  const added = firstBeyond(before.problems, after.problems, key);
  return added === undefined ? undefined : `there would be a problem: ${added.message}`;
}

function newFinding(comparison: Comparison): string | undefined {
  // That a suppression has nothing left to silence is told, and speaks for the edit.
  const open = ({ findings }: Report): readonly Finding[] =>
    findings.filter(({ state, fact }) => state === "open" && !fact.startsWith("suppression/"));
  const before = open(comparison.before);
  const after = open(comparison.after).filter((finding) => !takesItsPlace(finding, comparison));
  const added = firstBeyond(before, after, checkKey);
  if (added !== undefined) return `it would add ${added.rule}: ${added.message}`;
  const worst = new Map<string, number>();
  for (const finding of before)
    worst.set(checkKey(finding), Math.max(rank(finding), worst.get(checkKey(finding)) ?? 0));
  // What a login makes worse, such as a password on an open line, is still better than no login.
  const removed = Math.max(0, ...comparison.removed.map(rank));
  const graver = after.find(
    (finding) => rank(finding) > (worst.get(checkKey(finding)) ?? 0) && rank(finding) > removed,
  );
  return graver === undefined ? undefined : `${graver.rule} would be ${graver.severity}: ${graver.message}`;
}

function newDoubt(comparison: Comparison): string | undefined {
  const after = comparison.after.undetermined.filter((doubt) => !takesItsPlace(doubt, comparison));
  const added = firstBeyond(comparison.before.undetermined, after, checkKey);
  return added === undefined ? undefined : `${added.rule} could no longer be decided: ${added.reason}`;
}

/** Ids of facts hold addresses and paths, which an edit may change: rule and service are what counts. */
function checkKey({ rule, deployment, service }: Finding | Undetermined): string {
  return `${rule}\n${deployment}\n${service ?? ""}`;
}

function rank({ severity }: Finding): number {
  return severities.indexOf(severity);
}

/** The first item whose key is more frequent than it was. */
function firstBeyond<T>(before: readonly T[], after: readonly T[], key: (item: T) => string): T | undefined {
  const counts = new Map<string, number>();
  for (const item of before) counts.set(key(item), (counts.get(key(item)) ?? 0) + 1);
  return after.find((item) => {
    const left = (counts.get(key(item)) ?? 0) - 1;
    counts.set(key(item), left);
    return left < 0;
  });
}
