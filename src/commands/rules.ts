/** `pacslint rules`: what is looked for. */
import { toJson } from "../reports/json.ts";
import { renderRules, ruleEntries } from "../reports/rules.ts";
import { familyOf } from "../rules/bundled.ts";
import type { Rule } from "../rules/rule.ts";
import type { ExitCode, Io } from "./io.ts";
import { emit, type OutputFlags, textOptions } from "./output.ts";
import type { SiteFlags } from "./site.ts";

interface RulesFlags extends OutputFlags, SiteFlags {
  readonly format: "text" | "json";
}

/** Lists every rule, those of the site as a family of their own. */
export async function rules(flags: RulesFlags, io: Io): Promise<ExitCode> {
  const { siteOf } = await import("./site.ts");
  const all = siteOf(["."], flags, io, io.files).rules;
  const json = () => toJson({ version: 1, rules: ruleEntries(all, listedFamily) });
  emit(flags.format === "json" ? json() : renderRules(all, listedFamily, textOptions(flags, io)), flags, io);
  return 0;
}

function listedFamily(rule: Rule): string {
  return familyOf(rule) || "of the site";
}
