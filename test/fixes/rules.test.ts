/** The edits of every rule on its own examples: each that is made takes the finding away and does no harm. */
import { describe, expect, test } from "vitest";
import type { LintOptions } from "../../src/lint.ts";
import { nodeCrypto } from "../../src/node/crypto.ts";
import { repair } from "../../src/repair/repair.ts";
import type { Subject } from "../../src/repair/trial.ts";
import { bundledRules } from "../../src/rules/bundled.ts";
import type { Example, Rule } from "../../src/rules/rule.ts";
import { memoryFiles } from "../../src/sources/memory-files.ts";

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
    expect(
      outcomes.some(({ made }) => made > 0),
      JSON.stringify(outcomes, null, 1),
    ).toBe(true);
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

function subjectOf({ files, modes = {}, args = [] }: Example): Subject {
  const flag = (name: string): readonly string[] =>
    args.flatMap((arg, index) => (args[index - 1] === name ? [arg] : []));
  const [orthancVersion] = flag("--orthanc-version");
  const [dcm4cheeVersion] = flag("--dcm4chee-version");
  const options: LintOptions = {
    paths: ["."],
    rules: bundledRules,
    audience: "audit",
    failOn: "high",
    ...(orthancVersion === undefined ? {} : { orthancVersion }),
    ...(dcm4cheeVersion === undefined ? {} : { dcm4cheeVersion }),
    envFiles: flag("--env-file"),
    env: Object.fromEntries(flag("--env").map((one) => one.split(/=(.*)/su).slice(0, 2))),
    onHost: args.includes("--on-host"),
    allowUndetermined: false,
  };
  const platform = {
    files: memoryFiles(files, modes),
    crypto: nodeCrypto,
    now: new Date("2026-11-22T00:00:00Z"),
  };
  return { options, platform };
}
