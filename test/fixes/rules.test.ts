/** The edits of every rule on its own examples: each that is made takes the finding away and does no harm. */
import { describe, expect, test } from "vitest";
import { repair } from "../../src/repair/repair.ts";
import { bundledRules } from "../../src/rules/bundled.ts";
import type { Example, Rule } from "../../src/rules/rule.ts";
import { subjectOf } from "./repair.ts";

const editing = bundledRules.filter(({ remediation }) =>
  remediation.some(({ edits }) => edits !== undefined),
);

describe("the edits of", () => {
  test.each(editing.map((rule) => [rule.id, rule] as const))("%s", (_id, rule) => {
    const outcomes = rule.examples
      .filter(({ expect: expected }) => expected.length > 0)
      .map((example) => ({ example: example.name, ...outcomeOf(rule, example) }));
    // An edit that leaves its finding where it is was written for something else.
    expect(outcomes.filter(({ because }) => because === "it would not take the finding away")).toEqual([]);
    const isMade = outcomes.some(({ made }) => made > 0);
    expect(isMade, JSON.stringify(outcomes, null, 1)).toBe(true);
  });
});

function outcomeOf(rule: Rule, example: Example): { made: number; because: string | undefined } {
  const alone = repair(subjectOf(example), { unsafe: true, rules: [rule.id] });
  // An edit may bring to light what other rules have edits for: then all of them are made together.
  const { made: all, left } =
    alone.made.length > 0 ? alone : repair(subjectOf(example), { unsafe: true, rules: [] });
  const made = all.filter(({ finding }) => finding.rule === rule.id);
  const refused = left.flatMap(({ finding, why }) =>
    finding.rule === rule.id && why.kind === "refused" ? [why.because] : [],
  );
  return { made: made.length, because: refused[0] };
}
