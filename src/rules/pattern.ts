/**
 * The patterns of rules, run by our own matcher: its time is bounded by the length of the pattern times the length of the
 * text, so that a rule from a stranger cannot hang a run.
 */
import { matchRegex, type Regex, regexOf } from "../products/proxy/regex.ts";

/** Longer texts are looked at as far as this; no value of a fact comes near it. */
const longest = 10_000;

const compiled = new Map<string, Regex | string | undefined>();

function compiledOf(pattern: string): Regex | string | undefined {
  if (!compiled.has(pattern)) compiled.set(pattern, regexOf(pattern, false));
  return compiled.get(pattern);
}

/** Whether the pattern is found in the text. One that is not understood is found nowhere: loading refuses it. */
export function fitsPattern(pattern: string, text: string): boolean {
  const regex = compiledOf(pattern);
  return typeof regex === "object" && matchRegex(regex, text.slice(0, longest)) !== undefined;
}

/** What is wrong with a pattern, to be read behind its name; undefined when nothing is. */
export function patternFault(pattern: string): string | undefined {
  const regex = compiledOf(pattern);
  if (typeof regex === "string") return `is no pattern: ${regex}`;
  if (regex !== undefined) return undefined;
  return "is a pattern that takes too long or is not understood: it may have no backreference, no lookbehind, no possessive quantifier, and counts up to 200";
}
