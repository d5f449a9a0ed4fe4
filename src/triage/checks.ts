/** The checks that gave no finding: those that could not be decided, and those that passed. */
import type { Doubt } from "../rules/evaluate.ts";
import { fails, isHeard, type Judged, type TriageContext } from "./context.ts";
import { firstPlace, type Locate, located } from "./locations.ts";
import type { Finding, Passed, Undetermined } from "./report.ts";

/** The checks of a deployment that could not be decided. */
export function undeterminedOf(judged: Judged, context: TriageContext): readonly Undetermined[] {
  return judged.merged.doubts.map((doubt) => undetermined(doubt, judged.deployment.id, context));
}

function undetermined(
  { rule, fact, unknown, origins }: Doubt,
  deployment: string,
  { locate, thresholds }: TriageContext,
): Undetermined {
  const input = unknown.cause === "input";
  return {
    rule: rule.id,
    severity: rule.severity,
    deployment,
    ...(fact.service === undefined ? {} : { service: fact.service }),
    fact: fact.id,
    reason: unknown.reason,
    ...located(unknown.where?.at ?? firstPlace(origins), locate),
    input,
    countsForExit:
      input && !thresholds.allowUndetermined && isHeard(rule, thresholds) && fails(rule.severity, thresholds),
  };
}

/** How many of the places that a passed check looked at are listed. */
const mostPlaces = 10;

/** The rules that had something to look at at the newest release, and neither fired nor stayed open at any. */
export function passedOf(
  { deployment, evaluations }: Judged,
  notPassed: readonly (Finding | Undetermined)[],
  locate: Locate,
): readonly Passed[] {
  const open = new Set(notPassed.map(({ rule }) => rule));
  const newest = evaluations.at(-1)?.passed ?? [];
  return newest
    .filter(({ rule }) => !open.has(rule.id))
    .map(({ rule, facts }) => ({
      rule: rule.id,
      deployment: deployment.id,
      looked: facts.slice(0, mostPlaces).flatMap((fact) => {
        const origin = fact.origins[rule.at]?.[0] ?? fact.origins[""]?.[0];
        if (origin === undefined) return [];
        return [origin.kind === "place" ? locate(origin.at) : origin.by];
      }),
    }));
}
