/** `pacslint explain RULE`: why a rule exists, and what to write instead. */
import controls from "../../generated/controls.js";
import { closestWord } from "../products/spelling.ts";
import { renderExplanation } from "../reports/explain.ts";
import { bundledRules } from "../rules/bundled.ts";
import { type ExitCode, type Io, UsageError } from "./io.ts";
import { emit, type OutputFlags, textOptions } from "./output.ts";

/** Prints one rule. */
export function explain(id: string, flags: OutputFlags, io: Io): ExitCode {
  const rule = bundledRules.find((candidate) => candidate.id === id);
  if (rule === undefined) throw new UsageError(unknownRule(id));
  emit(renderExplanation(rule, controls, textOptions(flags, io)), flags, io);
  return 0;
}

function unknownRule(id: string): string {
  const ids = bundledRules.map((rule) => rule.id);
  const meant =
    closestWord(id, ids) ?? ids.find((known) => id.length >= 4 && known.includes(id.toLowerCase()));
  const hint = meant === undefined ? "pacslint rules lists them all" : `did you mean ${meant}?`;
  return `there is no rule "${id}"; ${hint}`;
}
