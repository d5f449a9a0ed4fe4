/** From what fired at each release to findings: merged over the releases, over alternatives and over equal causes. */
import type { Fact } from "../facts/facts.ts";
import type { Origin } from "../facts/origin.ts";
import { type Doubt, type Hit, rank } from "../rules/evaluate.ts";
import type { Place } from "../text/text.ts";

/** A hit with the releases at which it holds. */
export interface MergedHit extends Hit {
  /** The releases, where it does not hold for all that were considered; empty otherwise. */
  readonly versions: readonly string[];
  /** Further facts that the same line gives rise to. */
  readonly others: readonly Hit[];
}

/** What was found at one set of releases. */
export interface Scenario {
  /** Release of each service, by its name. */
  readonly versions: ReadonlyMap<string, string>;
  readonly hits: readonly Hit[];
  readonly doubts: readonly Doubt[];
}

/** Merges the scenarios of a deployment. A hit that does not hold at every release of its service is likely. */
export function mergeHits(scenarios: readonly Scenario[]): readonly MergedHit[] {
  const merged = new Map<string, { hit: Hit; versions: Set<string> }>();
  for (const scenario of scenarios) {
    for (const hit of scenario.hits) {
      const key = hitKey(hit);
      const version = scenario.versions.get(hit.fact.service ?? "") ?? "";
      const entry = merged.get(key);
      if (entry === undefined) merged.set(key, { hit, versions: new Set([version]) });
      else {
        entry.versions.add(version);
        // The newest release tells it best: it is the one that is most likely run.
        entry.hit = rank(hit.severity) >= rank(entry.hit.severity) ? hit : entry.hit;
      }
    }
  }
  const all = allVersions(scenarios);
  const hits = [...merged.values()].map(({ hit, versions }): MergedHit => {
    const everywhere = all.get(hit.fact.service ?? "")?.size ?? 1;
    if (versions.size >= everywhere) return { ...hit, versions: [], others: [] };
    return { ...hit, confidence: "likely", versions: [...versions], others: [] };
  });
  return joinEqualCauses(withoutSuperseded(hits));
}

/** A rule that silences a weaker one does so at every release: its finding names those at which it holds. */
function withoutSuperseded(hits: readonly MergedHit[]): readonly MergedHit[] {
  const silenced = new Set(
    hits.flatMap(({ rule, fact }) => (rule.supersedes ?? []).map((id) => `${id}\n${fact.kind}\n${fact.id}`)),
  );
  return hits.filter((hit) => !silenced.has(hitKey(hit)));
}

/** Doubts that no hit settles, each once. */
export function mergeDoubts(scenarios: readonly Scenario[], hits: readonly MergedHit[]): readonly Doubt[] {
  const decided = new Set(hits.flatMap((hit) => [hit, ...hit.others]).map(hitKey));
  const doubts = new Map<string, Doubt>();
  for (const scenario of scenarios) {
    for (const doubt of scenario.doubts) {
      const key = `${doubt.rule.id}\n${doubt.fact.kind}\n${doubt.fact.id}`;
      if (!decided.has(key)) doubts.set(key, doubt);
    }
  }
  return [...doubts.values()];
}

function hitKey(hit: Pick<Hit, "rule" | "fact">): string {
  return `${hit.rule.id}\n${hit.fact.kind}\n${hit.fact.id}`;
}

function allVersions(scenarios: readonly Scenario[]): ReadonlyMap<string, ReadonlySet<string>> {
  const all = new Map<string, Set<string>>();
  for (const scenario of scenarios) {
    for (const [service, version] of scenario.versions) {
      const known = all.get(service);
      if (known === undefined) all.set(service, new Set([version]));
      else known.add(version);
    }
  }
  return all;
}

/** Findings of one rule with the same first line are one finding: the worst of them, the others told beside it. */
function joinEqualCauses(hits: readonly MergedHit[]): readonly MergedHit[] {
  const byCause = new Map<string, MergedHit>();
  for (const hit of hits) {
    const key = `${hit.rule.id}\n${causeKey(hit.fact, hit.origins[0])}`;
    const other = byCause.get(key);
    if (other === undefined) byCause.set(key, hit);
    else {
      const [worse, milder] = rank(hit.severity) > rank(other.severity) ? [hit, other] : [other, hit];
      byCause.set(key, {
        ...worse,
        versions: sharedVersions(worse, milder),
        others: [...worse.others, ...milder.others, milder],
      });
    }
  }
  return [...byCause.values()];
}

/** A default has no line of its own: what hangs on it is told apart by the fact. */
function causeKey(fact: Fact, origin: Origin | undefined): string {
  if (origin?.kind !== "place") return `${fact.kind}:${fact.id}`;
  return placeKey(origin.at);
}

function sharedVersions(left: MergedHit, right: MergedHit): readonly string[] {
  if (left.versions.length === 0 || right.versions.length === 0) return [];
  return [...new Set([...left.versions, ...right.versions])];
}

/** A key for a range of a file. */
export function placeKey(place: Place): string {
  return `${place.file}:${place.start}:${place.end}`;
}
