/**
 * What a finding is known by from one run to the next: its rule, its file, what it is about and the value that is wrong.
 * Neither lines nor columns nor wording are part of it, and no secret: facts hold verdicts about them only.
 */
import type { Fact } from "../facts/facts.ts";
import { isUnknown } from "../facts/unknown.ts";
import type { Hit } from "../rules/evaluate.ts";
import { valueAt } from "../rules/match.ts";
import type { Crypto } from "../sources/files.ts";

/** The fingerprint of a hit in a file, which is named as seen from the folder that does not move. */
export function fingerprintOf(hit: Hit, file: string, crypto: Pick<Crypto, "sha256">): string {
  const { rule, fact } = hit;
  return hashed([rule.id, file, fact.kind, ...subjectOf(fact), valueAtFault(hit)], crypto);
}

/** Tells apart what has the same fingerprint in one deployment: the first keeps it. */
export function numbered(fingerprint: string, earlier: number, crypto: Pick<Crypto, "sha256">): string {
  return earlier === 0 ? fingerprint : hashed([fingerprint, String(earlier + 1)], crypto);
}

function hashed(parts: readonly string[], crypto: Pick<Crypto, "sha256">): string {
  return crypto.sha256(new TextEncoder().encode(JSON.stringify(parts))).slice(0, 32);
}

/** The id of the fact without numbers that only count: an entry is known by its port, a note by what it says. */
function subjectOf(fact: Fact): readonly string[] {
  if (fact.kind === "entry")
    return [fact.id.replace(/\/direct(?:-\d+)?$/u, "/direct"), plainly(fact.address), plainly(fact.port)];
  if (fact.kind === "ineffective") return [fact.id.replace(/\/\d+$/u, ""), fact.because];
  if (fact.kind === "secret") return [fact.id.replace(/(\/image\/[^/]+)\/\d+$/u, "$1"), fact.path];
  return [fact.id];
}

/** Values that change by themselves. */
const moving: ReadonlySet<string> = new Set(["/daysLeft"]);

function valueAtFault({ rule, fact }: Hit): string {
  return rule.at === "" || moving.has(rule.at) ? "" : plainly(valueAt(fact, rule.at));
}

/** A value as text, the same whatever the order of its keys. */
function plainly(value: unknown): string {
  return (
    JSON.stringify(value, (_key, part: unknown) => {
      if (isUnknown(part)) return "unknown";
      if (typeof part !== "object" || part === null || Array.isArray(part)) return part;
      return Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)));
    }) ?? ""
  );
}
