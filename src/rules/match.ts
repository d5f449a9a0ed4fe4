/** Evaluates a rule's condition over a fact. Three answers: yes, no, unknown (Kleene's logic). */

import type { Json } from "../facts/json.ts";
import { isUnknown, type Maybe, not } from "../facts/unknown.ts";
import { fitsPattern } from "./pattern.ts";
import type { Match } from "./rule.ts";

/** Whether the value satisfies the condition. An absent property is a no. */
export function matches(match: Match, value: unknown): Maybe<boolean> {
  const keywords = Object.keys(match);
  if (isUnknown(value)) return keywords.length === 0 ? true : value;
  return every(keywords, (keyword) => holds(keyword, match, value));
}

function holds(keyword: string, match: Match, value: unknown): Maybe<boolean> {
  switch (keyword) {
    case "properties":
      return hasProperties(match.properties ?? {}, value);
    case "const":
      return equal(match.const ?? null, value);
    case "enum":
      return some(match.enum ?? [], (option) => equal(option, value));
    case "anyOf":
      return some(match.anyOf ?? [], (option) => matches(option, value));
    case "allOf":
      return every(match.allOf ?? [], (part) => matches(part, value));
    case "not":
      return not(matches(match.not ?? {}, value));
    case "contains":
      return Array.isArray(value) && some(value, (item) => matches(match.contains ?? {}, item));
    case "minimum":
      return typeof value === "number" && value >= (match.minimum ?? 0);
    case "maximum":
      return typeof value === "number" && value <= (match.maximum ?? 0);
    case "pattern":
      return typeof value === "string" && fitsPattern(match.pattern ?? "", value);
    default:
      return true;
  }
}

/** Kleene's "and" over a list; what follows a no is not looked at. */
function every<T>(items: readonly T[], judge: (item: T) => Maybe<boolean>): Maybe<boolean> {
  let verdict: Maybe<boolean> = true;
  for (const item of items) {
    const one = judge(item);
    if (one === false) return false;
    if (verdict === true) verdict = one;
  }
  return verdict;
}

/** Kleene's "or" over a list; what follows a yes is not looked at. */
function some<T>(items: readonly T[], judge: (item: T) => Maybe<boolean>): Maybe<boolean> {
  return not(every(items, (item) => not(judge(item))));
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

function hasProperties(properties: Readonly<Record<string, Match>>, value: unknown): Maybe<boolean> {
  if (!isObject(value) || Array.isArray(value)) return false;
  return every(
    Object.keys(properties),
    (key) => hasOwn(value, key) && matches(properties[key] ?? {}, value[key]),
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
    return every([...expected.keys()], (index) => equal(expected[index], value[index]));
  }
  if (typeof expected !== "object" || expected === null) return expected === value;
  if (!isObject(value) || Array.isArray(value)) return false;
  const keys = Object.keys(value).filter((key) => hasOwn(value, key));
  if (keys.length !== Object.keys(expected).length) return false;
  return every(Object.entries(expected), ([key, item]) => hasOwn(value, key) && equal(item, value[key]));
}
