/** `pacslint explain RULE`: why a rule exists, and what to write instead. */
import controls from "../../generated/controls.js";
import { renderExplanation } from "../reports/explain.ts";
import { bundledRules } from "../rules/bundled.ts";
import type { Rule } from "../rules/rule.ts";
import { type ExitCode, type Io, UsageError } from "./io.ts";
import { emit, type OutputFlags, textOptions } from "./output.ts";
import { unknownRule } from "./rule-ids.ts";
import type { SiteFlags } from "./site.ts";

/** Prints one rule, of pacslint or of the site. */
export async function explain(id: string, flags: OutputFlags & SiteFlags, io: Io): Promise<ExitCode> {
  const rule = bundledRules.find((own) => own.id === id) ?? (await ruleOfSite(id, flags, io));
  emit(renderExplanation(rule, controls, textOptions(flags, io)), flags, io);
  return 0;
}

async function ruleOfSite(id: string, flags: SiteFlags, io: Io): Promise<Rule> {
  const { siteOf } = await import("./site.ts");
  const { rules } = siteOf(["."], flags, io, io.files);
  const rule = rules.find((candidate) => candidate.id === id);
  if (rule === undefined) throw new UsageError(unknownRule(id, rules));
  return rule;
}
