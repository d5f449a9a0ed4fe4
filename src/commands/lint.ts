/** `pacslint PATH…`: what is open. */
import { lint } from "../lint.ts";
import { bundledRules } from "../rules/bundled.ts";
import type { Audience, Severity } from "../rules/rule.ts";
import { type DocumentFlags, wantedOf, writeDocuments } from "./documents.ts";
import type { ExitCode, Io } from "./io.ts";
import { emptyReport, sayNothingFound } from "./nothing.ts";
import { type InputFlags, request } from "./request.ts";

interface LintFlags extends InputFlags, DocumentFlags {
  readonly failOn: Severity;
  readonly audience: Audience;
  readonly allowUndetermined?: boolean;
  readonly quiet?: boolean;
  readonly verbose?: boolean;
}

/** Lints and writes the report in every format that was asked for. */
export async function lintCommand(paths: readonly string[], flags: LintFlags, io: Io): Promise<ExitCode> {
  const { audience, failOn } = flags;
  const wanted = wantedOf(flags);
  const asked = await request(paths, flags, io, {
    audience,
    failOn,
    allowUndetermined: flags.allowUndetermined === true,
  });
  if (asked === undefined) sayNothingFound(io);
  const run = asked === undefined ? nothingRead : lint(asked.options, asked.platform);
  // A person was told on standard error; a program waits for a document.
  const told =
    asked === undefined
      ? wanted.filter(({ format, file }) => format !== "text" || file !== undefined)
      : wanted;
  const options = {
    quiet: flags.quiet === true,
    verbose: flags.verbose === true,
    audience,
    failOn,
    paths: asked?.options.paths ?? [],
  };
  const context = { ...run, rules: bundledRules };
  await writeDocuments(told, { report: run.report, context, options }, flags, io);
  return run.report.exitCode;
}

const nothingRead = { report: emptyReport, sources: { get: () => undefined }, secrets: [] };
