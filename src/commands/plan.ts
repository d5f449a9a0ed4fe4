/** `pacslint plan PATH…`: what is to be done, the step with the largest effect first. */
import { planOf } from "../repair/plan.ts";
import { initialState } from "../repair/trial.ts";
import { toJson } from "../reports/json.ts";
import { planData, planMarkdown, renderPlan } from "../reports/plan.ts";
import { type ExitCode, type Io, UsageError } from "./io.ts";
import { baselineFile, type JudgementFlags, judgementOf, withBaseline } from "./judgement.ts";
import { sayNothingFound } from "./nothing.ts";
import { emit, type OutputFlags, textOptions } from "./output.ts";
import { type InputFlags, request } from "./request.ts";

interface PlanFlags extends InputFlags, OutputFlags, JudgementFlags {
  readonly format: "text" | "markdown" | "json";
  /** Only what the baseline does not know. */
  readonly newOnly?: boolean;
}

/** Prints the steps. It is no gate: what is open does not count here, what could not be read does. */
export async function plan(paths: readonly string[], flags: PlanFlags, io: Io): Promise<ExitCode> {
  const asked = await request(paths, flags, io, (config) => ({
    ...judgementOf(flags, config),
    ...(flags.newOnly === true ? withBaseline(baselineFile(flags, config, io), io) : {}),
  }));
  if (asked === undefined) {
    sayNothingFound(io);
    return 3;
  }
  if (flags.newOnly === true && asked.options.baseline === undefined)
    throw new UsageError("--new-only goes with a baseline: name one with --baseline, or in pacslint.yaml");
  const before = initialState(asked);
  const steps = planOf(asked, before);
  const named = asked.options.paths;
  const document = {
    text: () => renderPlan(steps, named, textOptions(flags, io)),
    markdown: () => planMarkdown(steps, named),
    json: () => toJson(planData(steps, named)),
  }[flags.format];
  emit(document(), flags, io);
  const unread = before.report.problems.some(({ kind }) => ["unreadable", "syntax", "limit"].includes(kind));
  return unread || before.report.deployments.length === 0 ? 3 : 0;
}
