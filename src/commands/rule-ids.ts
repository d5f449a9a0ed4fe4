/** Ids of rules as people type them. */
import { closestWord } from "../products/spelling.ts";
import type { Rule } from "../rules/rule.ts";

/** What to say of an id that no rule has: the one that was probably meant. */
export function unknownRule(id: string, rules: readonly Rule[]): string {
  const ids = rules.map((rule) => rule.id);
  const meant =
    closestWord(id, ids) ?? ids.find((known) => id.length >= 4 && known.includes(id.toLowerCase()));
  const hint = meant === undefined ? "pacslint rules lists them all" : `did you mean ${meant}?`;
  return `there is no rule "${id}"; ${hint}`;
}
