/** `pacslint PATH…`: what is open. */
import { lint } from "../lint.ts";
import { renderJson } from "../reports/json.ts";
import { renderText } from "../reports/text.ts";
import type { Audience, Severity } from "../rules/rule.ts";
import type { ExitCode, Io } from "./io.ts";
import { nothing } from "./nothing.ts";
import { emit, type OutputFlags, textOptions } from "./output.ts";
import { type InputFlags, request } from "./request.ts";

interface LintFlags extends InputFlags, OutputFlags {
  readonly format: "text" | "json";
  readonly failOn: Severity;
  readonly audience: Audience;
  readonly allowUndetermined?: boolean;
  readonly quiet?: boolean;
  readonly verbose?: boolean;
}

/** Lints and prints the report. */
export async function lintCommand(paths: readonly string[], flags: LintFlags, io: Io): Promise<ExitCode> {
  const { audience, failOn } = flags;
  const asked = await request(paths, flags, io, {
    audience,
    failOn,
    allowUndetermined: flags.allowUndetermined === true,
  });
  if (asked === undefined) return nothing(flags, io);
  const run = lint(asked.options, asked.platform);
  const { report } = run;
  const text = () =>
    renderText(report, run, {
      ...textOptions(flags, io),
      quiet: flags.quiet === true,
      verbose: flags.verbose === true,
      audience,
      failOn,
      paths: asked.options.paths,
    });
  emit(flags.format === "json" ? renderJson(report) : text(), flags, io);
  return report.exitCode;
}
