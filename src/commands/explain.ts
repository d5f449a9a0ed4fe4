/** `pacslint explain RULE`: why a rule exists, and what to write instead. */
import controls from "../../generated/controls.js";
import { renderExplanation } from "../reports/explain.ts";
import { type ExitCode, type Io, UsageError } from "./io.ts";
import { emit, type OutputFlags, textOptions } from "./output.ts";
import { unknownRule } from "./rule-ids.ts";
import { type SiteFlags, siteOf } from "./site.ts";

/** Prints one rule, of pacslint or of the site. */
export function explain(id: string, flags: OutputFlags & SiteFlags, io: Io): ExitCode {
  const { rules } = siteOf(["."], flags, io, io.files);
  const rule = rules.find((candidate) => candidate.id === id);
  if (rule === undefined) throw new UsageError(unknownRule(id, rules));
  emit(renderExplanation(rule, controls, textOptions(flags, io)), flags, io);
  return 0;
}
