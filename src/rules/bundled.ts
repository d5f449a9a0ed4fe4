/** The rules that come with pacslint: `rules/`, validated and compiled when the package is built. */
import families from "../../generated/families.js";
import rules from "../../generated/rules.js";
import type { Rule } from "./rule.ts";

/** All of them, by id. */
export const bundledRules: readonly Rule[] = rules;

/** The folder of rules/ that a rule lies in: "http", "dicom" … */
export function familyOf(rule: Rule): string {
  return families[rule.id] ?? "";
}
