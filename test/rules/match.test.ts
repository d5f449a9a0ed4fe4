import { Ajv } from "ajv";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Json } from "../../src/facts/json.ts";
import { and, isUnknown, type Maybe, not, or, unknown } from "../../src/facts/unknown.ts";
import { matches, valueAt } from "../../src/rules/match.ts";
import type { Match } from "../../src/rules/rule.ts";

const aKey = fc.constantFrom("a", "b", "c");

/** Few different values, so that conditions often hold. */
const aScalar: fc.Arbitrary<Json> = fc.constantFrom<Json>(null, true, false, 0, 1, 2.5, "", "x", "xy");

const aValue = fc.letrec<{ value: Json }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 3 },
    aScalar,
    fc.array(tie("value"), { maxLength: 3 }),
    fc.dictionary(aKey, tie("value"), { maxKeys: 3, noNullPrototype: true }),
  ),
})).value;

const aMatch = fc.letrec<{ match: Match }>((tie) => ({
  match: fc.oneof(
    { maxDepth: 3 },
    aValue.map((value): Match => ({ const: value })),
    fc.array(aValue, { maxLength: 3 }).map((values): Match => ({ enum: values })),
    fc.constantFrom<Match>({}, { minimum: 1 }, { maximum: 1 }, { minimum: 0, maximum: 2 }, { pattern: "^x" }),
    fc
      .dictionary(aKey, tie("match"), { maxKeys: 3, noNullPrototype: true })
      .map((properties): Match => ({ properties })),
    fc.array(tie("match"), { minLength: 1, maxLength: 3 }).map((anyOf): Match => ({ anyOf })),
    fc.array(tie("match"), { minLength: 1, maxLength: 3 }).map((allOf): Match => ({ allOf })),
    tie("match").map((inner): Match => ({ not: inner })),
    tie("match").map((contains): Match => ({ contains })),
    fc.tuple(tie("match"), tie("match")).map(([left, right]): Match => ({ ...left, ...right })),
  ),
})).match;

/** The condition as JSON Schema, which takes an absent property, and a value of another type, for a yes. */
function schemaOf(match: Match): object {
  const { properties, anyOf, allOf, not: negated, contains, minimum, maximum, pattern } = match;
  const parts: object[] = [];
  if (match.const !== undefined) parts.push({ const: match.const });
  // An empty list is no JSON Schema.
  if (match.enum !== undefined) parts.push(match.enum.length === 0 ? { not: {} } : { enum: match.enum });
  if (minimum !== undefined) parts.push({ type: "number", minimum });
  if (maximum !== undefined) parts.push({ type: "number", maximum });
  if (pattern !== undefined) parts.push({ type: "string", pattern });
  if (negated !== undefined) parts.push({ not: schemaOf(negated) });
  if (anyOf !== undefined) parts.push({ anyOf: anyOf.map(schemaOf) });
  if (allOf !== undefined) parts.push({ allOf: allOf.map(schemaOf) });
  if (contains !== undefined) parts.push({ type: "array", contains: schemaOf(contains) });
  if (properties !== undefined) {
    const schemas = Object.entries(properties).map(([key, inner]) => [key, schemaOf(inner)]);
    const required = Object.keys(properties);
    parts.push({ type: "object", required, properties: Object.fromEntries(schemas) });
  }
  return { allOf: [{}, ...parts] };
}

/** Stands for an unknown value until one is put in its place. */
const hole = "(hole)";

function fillHoles(value: Json, filling: () => unknown): unknown {
  if (value === hole) return filling();
  if (Array.isArray(value)) return value.map((item: Json) => fillHoles(item, filling));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, fillHoles(item, filling)]));
}

const withHoles = fc.letrec<{ value: Json }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 3 },
    fc.constant<Json>(hole),
    aScalar,
    fc.array(tie("value"), { maxLength: 3 }),
    fc.dictionary(aKey, tie("value"), { maxKeys: 3, noNullPrototype: true }),
  ),
})).value;

describe("conditions", () => {
  test("over known facts are JSON Schema, with absent properties as a no", () => {
    const ajv = new Ajv({ strict: false, validateSchema: false });
    fc.assert(
      fc.property(aMatch, fc.array(aValue, { minLength: 1, maxLength: 8 }), (match, values) => {
        const validate = ajv.compile(schemaOf(match));
        for (const value of values) expect(matches(match, value)).toBe(validate(value));
        ajv.removeSchema();
      }),
      { numRuns: 400 },
    );
  }, 60_000);

  test("answer yes or no over unknowns only if whatever they stand for gives the same answer", () => {
    fc.assert(
      fc.property(aMatch, withHoles, fc.array(aValue, { minLength: 1 }), (match, value, fillings) => {
        const verdict = matches(
          match,
          fillHoles(value, () => unknown("input", "a test")),
        );
        if (isUnknown(verdict)) return;
        let next = 0;
        const filled = fillHoles(value, () => fillings[next++ % fillings.length]);
        expect(matches(match, filled)).toBe(verdict);
      }),
      { numRuns: 3000 },
    );
  });

  const u = unknown("input", "the variable X is not set");
  const examples: readonly (readonly [string, Match, unknown, Maybe<boolean>])[] = [
    ["the empty condition over an unknown", {}, u, true],
    ["a value over an unknown", { const: 1 }, u, u],
    ["a property that is absent", { properties: { a: { const: 1 } } }, {}, false],
    ["a property that is undefined", { properties: { a: {} } }, { a: undefined }, false],
    ["a property that is unknown", { properties: { a: { const: 1 } } }, { a: u }, u],
    ["that there is a property that is unknown", { properties: { a: {} } }, { a: u }, true],
    ["one no beside an unknown", { properties: { a: { const: 1 }, b: { const: 1 } } }, { a: u, b: 2 }, false],
    ["one yes beside an unknown", { properties: { a: { const: 1 }, b: { const: 1 } } }, { a: u, b: 1 }, u],
    ["any of, one yes", { anyOf: [{ properties: { a: { const: 1 } } }, {}] }, { a: u }, true],
    ["any of, no yes", { anyOf: [{ properties: { a: { const: 1 } } }, { const: 3 }] }, { a: u }, u],
    ["not an unknown", { properties: { a: { not: { const: 1 } } } }, { a: u }, u],
    ["not an absent property", { not: { properties: { a: { const: 1 } } } }, {}, true],
    ["an item among unknown ones", { contains: { const: 1 } }, [u, 1], true],
    ["no item but unknown ones", { contains: { const: 1 } }, [2, u], u],
    ["no item", { contains: {} }, [], false],
    ["a list with an unknown item", { const: [1, 2] }, [1, u], u],
    ["a list of another length", { const: [1, 2] }, [u], false],
    ["a list that is different elsewhere", { const: [1, 2] }, [3, u], false],
    ["an object with an unknown property", { const: { a: 1 } }, { a: u }, u],
    ["one of several lists", { enum: [[2], [1, 2]] }, [1, u], u],
    ["a list where an object is asked for", { properties: {} }, [], false],
  ];
  test.each(examples)("%s", (_name, match, value, verdict) => {
    expect(matches(match, value)).toBe(verdict);
  });
});

test("Kleene's tables", () => {
  const u = unknown("version", "it differs");
  const values = [true, false, u] as const;
  const table = (operate: (left: Maybe<boolean>, right: Maybe<boolean>) => Maybe<boolean>) =>
    values.map((left) => values.map((right) => operate(left, right)));
  expect(table(and)).toEqual([
    [true, false, u],
    [false, false, false],
    [u, false, u],
  ]);
  expect(table(or)).toEqual([
    [true, true, true],
    [true, false, u],
    [true, u, u],
  ]);
  expect(values.map(not)).toEqual([false, true, u]);
  expect([and(), or()]).toEqual([true, false]);
});

test("a pointer finds a value, with escapes, and stops at an unknown", () => {
  const u = unknown("input", "a test");
  const fact = { "a/b": { "c~d": [1, { e: 2 }] }, x: u };
  expect(valueAt(fact, "")).toBe(fact);
  expect(valueAt(fact, "/a~1b/c~0d/1/e")).toBe(2);
  expect(valueAt(fact, "/x/y/z")).toBe(u);
  expect(valueAt(fact, "/none/y")).toBeUndefined();
});
