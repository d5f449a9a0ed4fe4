/** Evaluates a rule's condition over a fact. Three answers: yes, no, unknown (Kleene's logic). */

import type { Json } from "../facts/json.ts";
import { and, isUnknown, type Maybe, not, or } from "../facts/unknown.ts";
import type { Match } from "./rule.ts";

/** Whether the value satisfies the condition. An absent property is a no. */
export function matches(match: Match, value: unknown): Maybe<boolean> {
  if (isUnknown(value)) return Object.keys(match).length === 0 ? true : value;
  const verdicts: Maybe<boolean>[] = [];
  if (match.const !== undefined) verdicts.push(equal(match.const, value));
  if (match.enum !== undefined) verdicts.push(match.enum.some((option) => equal(option, value)));
  if (match.minimum !== undefined) verdicts.push(typeof value === "number" && value >= match.minimum);
  if (match.maximum !== undefined) verdicts.push(typeof value === "number" && value <= match.maximum);
  if (match.pattern !== undefined)
    verdicts.push(typeof value === "string" && new RegExp(match.pattern, "u").test(value));
  if (match.not !== undefined) verdicts.push(not(matches(match.not, value)));
  if (match.anyOf !== undefined) verdicts.push(or(...match.anyOf.map((option) => matches(option, value))));
  if (match.allOf !== undefined) verdicts.push(and(...match.allOf.map((part) => matches(part, value))));
  if (match.contains !== undefined) verdicts.push(contains(match.contains, value));
  if (match.properties !== undefined) verdicts.push(hasProperties(match.properties, value));
  return and(...verdicts);
}

/** The value at a JSON pointer of a fact; undefined when there is none, an unknown on the way is passed on. */
export function valueAt(fact: unknown, pointer: string): unknown {
  let current: unknown = fact;
  for (const step of pointer.split("/").slice(1)) {
    if (isUnknown(current)) return current;
    if (!isObject(current)) return undefined;
    current = current[step.replaceAll("~1", "/").replaceAll("~0", "~")];
  }
  return current;
}

function contains(match: Match, value: unknown): Maybe<boolean> {
  if (!Array.isArray(value)) return false;
  return or(...value.map((item: unknown) => matches(match, item)));
}

function hasProperties(properties: Readonly<Record<string, Match>>, value: unknown): Maybe<boolean> {
  if (!isObject(value)) return false;
  return and(
    ...Object.entries(properties).map(([key, match]) =>
      Object.hasOwn(value, key) && value[key] !== undefined ? matches(match, value[key]) : false,
    ),
  );
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !isUnknown(value);
}

function equal(expected: Json, value: unknown): boolean {
  if (expected === value) return true;
  if (typeof expected !== "object" || expected === null) return false;
  return JSON.stringify(expected) === JSON.stringify(value);
}
