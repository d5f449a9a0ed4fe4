/** `pacslint rules`: what is looked for. */
import { toJson } from "../reports/json.ts";
import { renderRules, ruleEntries } from "../reports/rules.ts";
import { bundledRules, familyOf } from "../rules/bundled.ts";
import type { ExitCode, Io } from "./io.ts";
import { emit, type OutputFlags, textOptions } from "./output.ts";

interface RulesFlags extends OutputFlags {
  readonly format: "text" | "json";
}

/** Lists every rule. */
export function rules(flags: RulesFlags, io: Io): ExitCode {
  const json = () => toJson({ version: 1, rules: ruleEntries(bundledRules, familyOf) });
  emit(
    flags.format === "json" ? json() : renderRules(bundledRules, familyOf, textOptions(flags, io)),
    flags,
    io,
  );
  return 0;
}
