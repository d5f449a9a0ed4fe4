/** The rules that come with pacslint: `rules/`, validated and compiled when the package is built. */
import rules from "../../generated/rules.js";
import type { Rule } from "./rule.ts";

/** All of them, by id. */
export const bundledRules: readonly Rule[] = rules;
