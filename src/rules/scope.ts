/** What a rule is about, as opposed to what it finds bad: tells "nothing found" from "nothing looked at". */
import type { Fact, FactKind, Product } from "../facts/facts.ts";
import { matches } from "./match.ts";
import { originsAt } from "./origins.ts";
import type { Match, Rule } from "./rule.ts";

/** Properties that say which thing a fact is about. The others say how it is set. */
const naming: ReadonlySet<string> = new Set([
  "product",
  "backend",
  "protocol",
  "role",
  "purpose",
  "through",
  "path",
  "catalogue",
  "plugin",
  "use",
  "engine",
  "section",
  "heldBy",
  "administrative",
]);

/** Properties that only things of some kinds have: without one there is nothing for the rule to look at. */
const parts: ReadonlySet<string> = new Set([
  "anonymous",
  "functions",
  "unknownPeer",
  "anySpoofedPeer",
  "spoofedPeer",
  "checks",
  "bodyLimit",
]);

/**
 * Kinds of facts that exist only where something is wrong, and the servers that are searched for it. Where nothing is,
 * the server itself is what was looked at.
 */
const searched: Readonly<Partial<Record<FactKind, readonly Product[] | "any">>> = {
  fault: "any",
  unknownOption: ["orthanc", "dcm4chee"],
  ineffective: ["orthanc"],
  advisory: ["orthanc", "dcm4chee"],
};

/** Properties that only ways through a proxy have. */
const proxied: ReadonlySet<string> = new Set(["leftOut", "onlyFrom", "suppliedByProxy"]);

const throughProxy: Match = { properties: { through: { not: { const: "direct" } } } };

/** What is said of TLS where it is on: without it there is nothing to look at. */
const ofTls: ReadonlySet<string> = new Set(["encrypts", "minVersion", "ciphers", "cipherVerdict"]);

const withTls: Match = { properties: { tls: { properties: { mode: { not: { const: "off" } } } } } };

const scopes = new WeakMap<Rule, Match>();

/** The facts that a rule is about, whether or not it fires on them. */
export function factsInScope(rule: Rule, byKind: FactsByKind): readonly Fact[] {
  const products = searched[rule.select];
  if (products !== undefined) return searchedServices(rule, products, byKind.get("service") ?? []);
  // Nobody can go around a proxy that is not there.
  if (rule.match.properties?.goesAround !== undefined && !byKind.has("route")) return [];
  const known = scopes.get(rule) ?? scopeOf(rule.match);
  scopes.set(rule, known);
  return (byKind.get(rule.select) ?? []).filter(
    (fact) => originsAt(fact, rule.at).length > 0 && matches(known, fact) !== false,
  );
}

/** Facts by their kind. */
export type FactsByKind = ReadonlyMap<FactKind, readonly Fact[]>;

function searchedServices(
  { match }: Rule,
  products: readonly Product[] | "any",
  services: readonly Fact[],
): readonly Fact[] {
  const own = match.properties?.product;
  return services.filter(({ product = "other" }) => {
    if (own !== undefined) return matches(own, product) !== false;
    return products === "any" ? product !== "other" : products.includes(product);
  });
}

/** The condition without what it says of settings: true of everything that the rule could fire on. */
function scopeOf(match: Match): Match {
  const { properties = {}, anyOf, allOf, not } = match;
  const kept = Object.entries(properties).flatMap(([name, part]): (readonly [string, Match])[] => {
    if (naming.has(name)) return [[name, part]];
    return parts.has(name) ? [[name, {}]] : [];
  });
  const named = [...Object.keys(properties), ...Object.keys(properties.auth?.properties ?? {})];
  const further = [
    ...(named.some((name) => proxied.has(name)) ? [throughProxy] : []),
    ...(Object.keys(properties.tls?.properties ?? {}).some((name) => ofTls.has(name)) ? [withTls] : []),
  ];
  return {
    ...(kept.length === 0 ? {} : { properties: Object.fromEntries(kept) }),
    ...(anyOf === undefined ? {} : { anyOf: anyOf.map(scopeOf) }),
    allOf: [...(allOf ?? []).map(scopeOf), ...further],
    ...(not === undefined || !namesOnly(not) ? {} : { not }),
  };
}

/** Whether a condition speaks of nothing but names: only then can its opposite be kept as it is. */
function namesOnly({ properties = {}, anyOf = [], allOf = [], not }: Match): boolean {
  return (
    Object.keys(properties).every((name) => naming.has(name)) &&
    [...anyOf, ...allOf, ...(not === undefined ? [] : [not])].every(namesOnly)
  );
}
