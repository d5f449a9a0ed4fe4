/** Holds the facts against the rules: what fires, what cannot be decided, what passed. */
import type { Fact } from "../facts/facts.ts";
import type { Origin } from "../facts/origin.ts";
import { isUnknown, type Unknown } from "../facts/unknown.ts";
import { placeKey } from "../text/text.ts";
import { matches, valueAt } from "./match.ts";
import { fill, plain } from "./message.ts";
import { originsAt } from "./origins.ts";
import { type Confidence, type Remediation, type Rule, type Severity, severities } from "./rule.ts";
import { type FactsByKind, factsInScope } from "./scope.ts";

/** A rule that fires on a fact. */
export interface Hit {
  readonly rule: Rule;
  readonly fact: Fact;
  readonly severity: Severity;
  readonly confidence: Confidence;
  readonly message: string;
  readonly expected: string;
  readonly actual: string;
  /** The first is shown first; its label says what the line does. */
  readonly origins: readonly Origin[];
  readonly remediation: Remediation | undefined;
}

/** A rule that cannot be decided on a fact. */
export interface Doubt {
  readonly rule: Rule;
  readonly fact: Fact;
  readonly unknown: Unknown;
  readonly origins: readonly Origin[];
}

/** What became of the rules over one set of facts. */
export interface Evaluation {
  readonly hits: readonly Hit[];
  readonly doubts: readonly Doubt[];
  /** Rules that neither fired nor stayed in doubt, with the facts that they are about: at least one. */
  readonly passed: readonly { readonly rule: Rule; readonly facts: readonly Fact[] }[];
  /** Rules without a fact that they are about. */
  readonly idle: readonly Rule[];
}

/**
 * Evaluates all rules over the facts of one deployment at one set of releases. What a rule silences is still here: that
 * is decided over all releases.
 */
export function evaluate(rules: readonly Rule[], facts: readonly Fact[]): Evaluation {
  const byKind = factsByKind(facts);
  const hits: Hit[] = [];
  const doubts: Doubt[] = [];
  const passed: { rule: Rule; facts: readonly Fact[] }[] = [];
  const idle: Rule[] = [];
  for (const rule of rules) {
    const candidates = byKind.get(rule.select) ?? [];
    const before = hits.length + doubts.length;
    for (const fact of candidates) {
      const verdict = matches(rule.match, fact);
      if (verdict === true) hits.push(hitOf(rule, fact));
      else if (isUnknown(verdict))
        doubts.push({ rule, fact, unknown: verdict, origins: originsAt(fact, rule.at) });
    }
    if (hits.length + doubts.length > before) continue;
    const about = factsInScope(rule, byKind);
    if (about.length > 0) passed.push({ rule, facts: about });
    else idle.push(rule);
  }
  return { hits, doubts, passed, idle };
}

function factsByKind(facts: readonly Fact[]): FactsByKind {
  const byKind = new Map<Fact["kind"], Fact[]>();
  for (const fact of facts) {
    const same = byKind.get(fact.kind);
    if (same === undefined) byKind.set(fact.kind, [fact]);
    else same.push(fact);
  }
  return byKind;
}

function hitOf(rule: Rule, fact: Fact): Hit {
  return {
    rule,
    fact,
    severity: severityOf(rule, fact),
    confidence: rule.confidence,
    message: fill(rule.message, fact),
    expected: fill(rule.expected, fact),
    actual: rule.actual === undefined ? plain(valueAt(fact, rule.at)) : fill(rule.actual, fact),
    origins: uniqueOrigins([...originsAt(fact, rule.at), ...relatedOrigins(rule, fact)]),
    remediation: rule.remediation.find(
      (remediation) => remediation.when === undefined || matches(remediation.when, fact) === true,
    ),
  };
}

/** The rule's severity, raised where a further condition certainly holds. */
function severityOf(rule: Rule, fact: Fact): Severity {
  let { severity } = rule;
  for (const raise of rule.severityWhen ?? []) {
    if (matches(raise.match, fact) === true && rank(raise.severity) > rank(severity))
      severity = raise.severity;
  }
  return severity;
}

/** Position of a severity, mildest first. */
export function rank(severity: Severity): number {
  return severities.indexOf(severity);
}

function relatedOrigins(rule: Rule, fact: Fact): readonly Origin[] {
  return Object.entries(rule.related ?? {}).flatMap(([pointer, label]) =>
    originsAt(fact, pointer).map((origin) => ({ ...origin, label: origin.label ?? fill(label, fact) })),
  );
}

function uniqueOrigins(origins: readonly Origin[]): readonly Origin[] {
  const seen = new Set<string>();
  return origins.filter((origin) => {
    const place = origin.kind === "place" ? origin.at : origin.belongs;
    const key = `${origin.kind} ${place === undefined ? (origin.label ?? "") : placeKey(place)}`;
    if (seen.has(key)) return false;
    seen.add(key);
    return true;
  });
}
