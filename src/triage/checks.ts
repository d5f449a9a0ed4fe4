/** The checks that gave no finding: those that could not be decided, and those that passed. */
import type { Fact } from "../facts/facts.ts";
import type { AbsentOrigin } from "../facts/origin.ts";
import { withoutSecrets } from "../products/secret-names.ts";
import { originsAt } from "../rules/origins.ts";
import type { Rule } from "../rules/rule.ts";
import { placeKey } from "../text/text.ts";
import { fails, isHeard, type Judged, suppressionOf, type TriageContext } from "./context.ts";
import { firstPlace, type Locate, located } from "./locations.ts";
import type { MergedDoubt } from "./merge.ts";
import type { Location, Passed, Undetermined } from "./report.ts";

/** The checks of a deployment that could not be decided. */
export function undeterminedOf(judged: Judged, context: TriageContext): readonly Undetermined[] {
  return judged.merged.doubts.map((doubt) => undetermined(doubt, judged.deployment.id, context));
}

function undetermined(
  { rule, fact, unknown, origins, decision }: MergedDoubt,
  deployment: string,
  { locate, thresholds }: TriageContext,
): Undetermined {
  const input = unknown.cause === "input";
  const { id, severity, audience } = rule;
  const counts = (input || thresholds.profile !== undefined) && decision === undefined;
  return {
    rule: id,
    severity,
    audience,
    deployment,
    ...(fact.service === undefined ? {} : { service: fact.service }),
    fact: fact.id,
    reason: withoutSecrets(unknown.reason),
    ...located(unknown.where?.at ?? firstPlace(origins), locate),
    input,
    ...suppressionOf(decision, locate),
    countsForExit:
      counts &&
      !thresholds.allowUndetermined &&
      isHeard(rule, thresholds) &&
      fails({ rule: id, severity, audience }, thresholds),
  };
}

/** How many of the places that a passed check looked at are listed. */
const mostPlaces = 10;

/** The rules that had something to look at, and at no release that may run fired or stayed open. */
export function passedOf({ deployment, evaluations }: Judged, locate: Locate): readonly Passed[] {
  const failed = new Set(
    evaluations.flatMap(({ hits, doubts }) => [...hits, ...doubts].map(({ rule }) => rule.id)),
  );
  // The newest release is listed last, and tells it as it most likely is.
  const passed = new Map(
    evaluations.flatMap((evaluation) => evaluation.passed.map((check) => [check.rule.id, check])),
  );
  return [...passed.values()]
    .filter(({ rule }) => !failed.has(rule.id))
    .map(({ rule, facts }) => {
      const places = lookedAt(rule, facts, locate);
      return {
        rule: rule.id,
        deployment: deployment.id,
        looked: places.slice(0, mostPlaces),
        more: Math.max(0, places.length - mostPlaces),
      };
    });
}

/** The lines and defaults by which the facts were judged, each once. */
function lookedAt(rule: Rule, facts: readonly Fact[], locate: Locate): Passed["looked"] {
  const places = new Map<string, Location | string>();
  for (const fact of facts) {
    const [origin] = originsAt(fact, rule.at);
    if (origin === undefined) continue;
    if (origin.kind === "place") places.set(placeKey(origin.at), locate(origin.at));
    else places.set(`\n${absence(origin)}`, absence(origin));
  }
  return [...places.values()];
}

function absence({ by, belongs }: AbsentOrigin): string {
  return belongs === undefined ? by : `${by} (${belongs.file})`;
}

/** The rules that had nothing to look at at any release: they neither passed nor failed. */
export function notApplicableOf({ evaluations }: Judged): readonly string[] {
  const [first, ...others] = evaluations.map(({ idle }) => new Set(idle));
  return [...(first ?? [])].filter((rule) => others.every((idle) => idle.has(rule))).map(({ id }) => id);
}
