/** `pacslint explain RULE`: why a rule exists, and what to write instead. */
import controls from "../../generated/controls.js";
import { renderExplanation } from "../reports/explain.ts";
import { bundledRules } from "../rules/bundled.ts";
import { type ExitCode, type Io, UsageError } from "./io.ts";
import { emit, type OutputFlags, textOptions } from "./output.ts";
import { unknownRule } from "./rule-ids.ts";

/** Prints one rule. */
export function explain(id: string, flags: OutputFlags, io: Io): ExitCode {
  const rule = bundledRules.find((candidate) => candidate.id === id);
  if (rule === undefined) throw new UsageError(unknownRule(id));
  emit(renderExplanation(rule, controls, textOptions(flags, io)), flags, io);
  return 0;
}
