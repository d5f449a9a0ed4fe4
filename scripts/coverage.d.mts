import type { Rule } from "../src/rules/rule.ts";

/** The page, from the rules, `data/orthanc/traps.json` and `data/controls.json`. */
export declare function renderCoverage(
  rules: readonly Rule[],
  coverage: {
    readonly traps: readonly unknown[];
    readonly checklist: readonly unknown[];
    readonly otherTopics: readonly unknown[];
  },
  controls: readonly unknown[],
): string;
