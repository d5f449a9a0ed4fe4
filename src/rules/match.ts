/** Evaluates a rule's condition over a fact. Three answers: yes, no, unknown (Kleene's logic). */

import type { Json } from "../facts/json.ts";
import { and, isUnknown, type Maybe, not, or } from "../facts/unknown.ts";
import type { Match } from "./rule.ts";

/** Whether the value satisfies the condition. An absent property is a no. */
export function matches(match: Match, value: unknown): Maybe<boolean> {
  if (isUnknown(value)) return Object.keys(match).length === 0 ? true : value;
  const verdicts: Maybe<boolean>[] = [];
  if (match.const !== undefined) verdicts.push(equal(match.const, value));
  if (match.enum !== undefined) verdicts.push(or(...match.enum.map((option) => equal(option, value))));
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
  if (!isObject(value) || Array.isArray(value)) return false;
  return and(
    ...Object.entries(properties).map(([key, match]) => hasOwn(value, key) && matches(match, value[key])),
  );
}

/** A property that is undefined is as good as absent: JSON has no such value. */
function hasOwn(value: Readonly<Record<string, unknown>>, key: string): boolean {
  return Object.hasOwn(value, key) && value[key] !== undefined;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !isUnknown(value);
}

/** Equality of JSON values, whatever the order of keys; an unknown part of the value leaves it open. */
function equal(expected: Json, value: unknown): Maybe<boolean> {
  if (isUnknown(value)) return value;
  if (Array.isArray(expected)) {
    if (!Array.isArray(value) || value.length !== expected.length) return false;
    return and(...expected.map((item: Json, index) => equal(item, value[index])));
  }
  if (typeof expected !== "object" || expected === null) return expected === value;
  if (!isObject(value) || Array.isArray(value)) return false;
  const keys = Object.keys(value).filter((key) => hasOwn(value, key));
  if (keys.length !== Object.keys(expected).length) return false;
  return and(...Object.entries(expected).map(([key, item]) => hasOwn(value, key) && equal(item, value[key])));
}
