/** From what fired at each release to what is reported: merged over the releases and over equal causes. */
import type { Fact } from "../facts/facts.ts";
import type { Origin } from "../facts/origin.ts";
import { type Decision, noRuling, type Ruling } from "../policy/ruling.ts";
import { before } from "../products/version.ts";
import { type Doubt, type Hit, rank } from "../rules/evaluate.ts";
import type { Rule } from "../rules/rule.ts";
import { placeKey } from "../text/text.ts";

/** A hit with the releases at which it holds. */
export interface MergedHit extends Hit {
  /** The releases, where it does not hold for all that were considered; empty otherwise. */
  readonly versions: readonly string[];
  /** Further facts that the same line gives rise to. */
  readonly others: readonly Hit[];
  /** Set where the site lives with it. */
  readonly decision?: Decision;
}

/** A check that could not be decided; with a decision, somebody accepted that. */
export interface MergedDoubt extends Doubt {
  readonly decision?: Decision;
}

/** What was found at one set of releases. */
export interface Scenario {
  /** Release of each service, by its name. */
  readonly versions: ReadonlyMap<string, string>;
  readonly hits: readonly Hit[];
  readonly doubts: readonly Doubt[];
}

/** What is reported of a deployment. */
export interface Merged {
  readonly hits: readonly MergedHit[];
  readonly doubts: readonly MergedDoubt[];
}

/**
 * Merges the scenarios of a deployment. A hit that does not hold at every release of its service is likely. What the site
 * lives with silences no weaker rule: a suppression is about its own rule and nothing else.
 */
export function merge(scenarios: readonly Scenario[], ruling: Ruling = noRuling): Merged {
  const all = hitsWithReleases(scenarios).filter((hit) => !isOfThePast(hit, scenarios));
  const found = all.map((hit) => ({ ...hit, severity: ruling.severityOf(hit) }));
  const decisions = ruling.suppressed(found);
  const silenced = silencedBy(found.filter((hit) => !decisions.has(hit)));
  const hits = found
    .filter(({ rule, fact }) => !keysOf(rule.id, fact).some((key) => silenced.has(key)))
    .map((hit) => withDecision(hit, decisions));
  const settled = new Set([...silenced, ...hits.map(({ rule, fact }) => checkKey(rule.id, fact))]);
  const doubts = openDoubts(scenarios, settled);
  const accepted = ruling.accepted(doubts);
  return {
    hits: joinEqualCauses(hits, scenarios).map((hit) => withConfidence(hit, scenarios)),
    doubts: doubts.map((doubt) => withDecision(doubt, accepted)),
  };
}

function withDecision<T extends object>(
  subject: T,
  decisions: ReadonlyMap<T, Decision>,
): T & { readonly decision?: Decision } {
  const decision = decisions.get(subject);
  return decision === undefined ? subject : { ...subject, decision };
}

/**
 * What stays silent: a weaker rule on the same fact, and one that selects another kind of fact on the whole service, as
 * the login of a database and its port are one opening.
 */
function silencedBy(found: readonly Hit[]): ReadonlySet<string> {
  const selects = new Map(found.map(({ rule }) => [rule.id, rule.select]));
  const keys = found.flatMap(({ rule, fact }) =>
    (rule.supersedes ?? []).map((id) =>
      (selects.get(id) ?? rule.select) === rule.select ? checkKey(id, fact) : serviceKey(id, fact),
    ),
  );
  return new Set(keys);
}

/** The keys under which a check of a fact can be silenced. */
function keysOf(rule: Rule["id"], fact: Fact): readonly string[] {
  return [checkKey(rule, fact), serviceKey(rule, fact)];
}

function serviceKey(rule: Rule["id"], { service }: Fact): string {
  return `${rule}\n${service ?? ""}`;
}

/** A rule that silences a weaker one does so at every release: its finding names those at which it holds. */
function checkKey(rule: Rule["id"], fact: Fact): string {
  return `${rule}\n${fact.kind}\n${fact.id}`;
}

/** Each hit once, with all releases at which it holds. */
function hitsWithReleases(scenarios: readonly Scenario[]): readonly MergedHit[] {
  const found = new Map<string, { hit: Hit; versions: Set<string> }>();
  for (const { hits, versions } of scenarios) {
    for (const hit of hits) {
      const key = checkKey(hit.rule.id, hit.fact);
      const known = found.get(key) ?? { hit, versions: new Set() };
      known.versions.add(releaseOf(hit.fact, versions));
      // The newest release tells it best: it is the one that is most likely run.
      if (rank(hit.severity) >= rank(known.hit.severity)) known.hit = hit;
      found.set(key, known);
    }
  }
  return [...found.values()].map(({ hit, versions }) => ({ ...hit, versions: [...versions], others: [] }));
}

/**
 * A refusal to start at older releases only, where it is not known which one runs: the server runs, so that it is none of
 * these. One at the newest release is told, as that is what the next update brings.
 */
function isOfThePast({ fact, versions }: MergedHit, scenarios: readonly Scenario[]): boolean {
  if (fact.kind !== "fault" || fact.effect !== "start") return false;
  const considered = scenarios.map((scenario) => releaseOf(fact, scenario.versions));
  return considered.some(
    (release) => !versions.includes(release) && versions.every((one) => before(one, release)),
  );
}

function isEverywhere(hit: MergedHit, scenarios: readonly Scenario[]): boolean {
  const considered = new Set(scenarios.map(({ versions }) => releaseOf(hit.fact, versions)));
  return hit.versions.length === considered.size;
}

function withConfidence(hit: MergedHit, scenarios: readonly Scenario[]): MergedHit {
  return isEverywhere(hit, scenarios)
    ? { ...hit, versions: [] }
    : { ...hit, confidence: hit.confidence === "certain" ? "likely" : hit.confidence };
}

function releaseOf(fact: Fact, versions: Scenario["versions"]): string {
  return versions.get(fact.service ?? "") ?? "";
}

/** Doubts that no hit settles, each once. */
function openDoubts(scenarios: readonly Scenario[], settled: ReadonlySet<string>): readonly Doubt[] {
  const doubts = new Map<string, Doubt>();
  for (const doubt of scenarios.flatMap((scenario) => scenario.doubts)) {
    const key = checkKey(doubt.rule.id, doubt.fact);
    if (!settled.has(key)) doubts.set(key, doubt);
  }
  return [...doubts.values()];
}

/**
 * Findings of one rule with the same first line are one finding: the worst of them, the others told beside it. What the
 * site lives with is told apart from what it does not.
 */
function joinEqualCauses(hits: readonly MergedHit[], scenarios: readonly Scenario[]): readonly MergedHit[] {
  const byCause = new Map<string, MergedHit>();
  for (const hit of hits) {
    const decision = hit.decision === undefined ? "" : placeKey(hit.decision.at);
    const key = `${hit.rule.id}\n${causeKey(hit.fact, hit.origins[0])}\n${decision}`;
    const other = byCause.get(key);
    byCause.set(key, other === undefined ? hit : joined(other, hit, scenarios));
  }
  return [...byCause.values()];
}

/** A default has no line of its own: what hangs on it is told apart by the fact. */
function causeKey(fact: Fact, origin: Origin | undefined): string {
  if (origin?.kind !== "place") return `${fact.kind}:${fact.id}`;
  return placeKey(origin.at);
}

/**
 * The worse of two, and the first of two that are equally bad: those hold wherever one of them holds. Releases of different
 * services have nothing to do with each other: the one that holds at all of its own comes first.
 */
function joined(first: MergedHit, second: MergedHit, scenarios: readonly Scenario[]): MergedHit {
  const [worse, milder] = rank(second.severity) > rank(first.severity) ? [second, first] : [first, second];
  if (rank(worse.severity) > rank(milder.severity)) return withOther(worse, milder);
  if (first.fact.service !== second.fact.service) {
    const surer = !isEverywhere(first, scenarios) && isEverywhere(second, scenarios);
    return surer ? withOther(second, first) : withOther(first, second);
  }
  return { ...withOther(first, second), versions: [...new Set([...first.versions, ...second.versions])] };
}

function withOther(main: MergedHit, other: MergedHit): MergedHit {
  return { ...main, others: [...main.others, ...other.others, other] };
}
