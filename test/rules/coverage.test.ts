/** docs/coverage.md tells of every trap, advice and topic which rules see it; here is looked whether that is so. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import controls from "../../data/controls.json" with { type: "json" };
import coverage from "../../data/orthanc/traps.json" with { type: "json" };
import { renderCoverage } from "../../scripts/coverage.mjs";
import { bundledRules } from "../../src/rules/bundled.ts";

const ids = new Set(bundledRules.map(({ id }) => id));

interface Item {
  readonly seenBy: readonly string[];
  readonly unseen?: string;
}

const items: readonly (readonly [string, Item])[] = [
  ...coverage.traps.map((trap): readonly [string, Item] => [trap.id, trap]),
  ...coverage.checklist.map((item): readonly [string, Item] => [item.advice, item]),
];

test("rules that are said to see something exist", () => {
  const missing = items.flatMap(([name, { seenBy }]) =>
    seenBy.filter((id) => !ids.has(id)).map((id) => `${name}: ${id}`),
  );
  expect(missing).toEqual([]);
});

test("what no rule sees has a reason, and only that", () => {
  expect(items.filter(([, { seenBy, unseen }]) => (seenBy.length === 0) !== (unseen !== undefined))).toEqual(
    [],
  );
});

test("every topic has a rule or a reason why none, and not both", () => {
  const used = new Set(bundledRules.flatMap((rule) => rule.controls));
  const elsewhere = new Set(coverage.otherTopics.map(({ topic }) => topic));
  const open = controls.controls
    .map(({ topic }) => topic)
    .filter((topic) => !used.has(topic) && !elsewhere.has(topic));
  expect(open).toEqual([]);
  const known = new Set(controls.controls.map(({ topic }) => topic));
  expect([...elsewhere].filter((topic) => !known.has(topic))).toEqual([]);
});

test("the page is as the rules are", () => {
  const page = readFileSync(join(import.meta.dirname, "../../docs/coverage.md"), "utf8");
  expect(page, "run npm run coverage").toBe(renderCoverage(bundledRules, coverage, controls.controls));
});
