/** `pacslint PATH…`: what is open. */
import { lint, type Platform } from "../lint.ts";
import { bundledRules } from "../rules/bundled.ts";
import { complianceOf } from "../triage/compliance.ts";
import { policiesOf } from "./compliance.ts";
import { type DocumentFlags, wantedOf, writeDocuments } from "./documents.ts";
import { type ExitCode, type Io, UsageError } from "./io.ts";
import { baselineFile, type JudgementFlags, judgementOf, withBaseline } from "./judgement.ts";
import { emptyReport, sayNothingFound } from "./nothing.ts";
import { type InputFlags, type Request, request } from "./request.ts";

interface LintFlags extends InputFlags, DocumentFlags, JudgementFlags {
  /** Names of standards, or lists of them with commas. */
  readonly compliance?: readonly string[];
  readonly quiet?: boolean;
  readonly verbose?: boolean;
  /** Makes the edits first, and reports what is left. */
  readonly fix?: boolean;
  readonly unsafe?: boolean;
  readonly backup?: boolean;
  readonly newOnly?: boolean;
  readonly showSuppressed?: boolean;
}

/** Lints and writes the report in every format that was asked for. */
export async function lintCommand(paths: readonly string[], flags: LintFlags, io: Io): Promise<ExitCode> {
  const wanted = wantedOf(flags);
  const policies = await policiesOf(flags.compliance ?? []);
  const asked = await request(paths, flags, io, (config) => ({
    ...judgementOf(flags, config),
    ...withBaseline(baselineFile(flags, config, io), io),
  }));
  if (asked === undefined) sayNothingFound(io);
  const platform = asked === undefined ? undefined : await fixedFirst(paths, asked, flags, io);
  const run = asked === undefined || platform === undefined ? nothingRead : lint(asked.options, platform);
  // A person was told on standard error; a program waits for a document.
  const told =
    asked === undefined
      ? wanted.filter(({ format, file }) => format !== "text" || file !== undefined)
      : wanted;
  const options = {
    quiet: flags.quiet === true,
    verbose: flags.verbose === true,
    showSuppressed: flags.showSuppressed === true,
    audience: asked?.options.audience ?? "everyday",
    failOn: asked?.options.failOn ?? "high",
    byProfile: asked?.options.profile !== undefined && asked.options.failOnAsked !== true,
    paths: asked?.options.paths ?? [],
  };
  const context = { ...run, rules: asked?.options.rules ?? bundledRules };
  const compliance =
    policies.length === 0 ? {} : { compliance: complianceOf(run.report, policies, context.rules) };
  await writeDocuments(told, { report: { ...run.report, ...compliance }, context, options }, flags, io);
  return run.report.exitCode;
}

/** The files after the edits that `--fix` makes: what was done is told on standard error, the report is of the result. */
async function fixedFirst(
  paths: readonly string[],
  { options, platform }: Request,
  flags: LintFlags,
  io: Io,
): Promise<Platform> {
  if (flags.fix !== true) {
    if (flags.unsafe === true || flags.backup === true || flags.newOnly === true)
      throw new UsageError("--unsafe, --backup and --new-only say how --fix works: they go with it");
    return platform;
  }
  const { fixFirst } = await import("./fix.ts");
  return fixFirst(paths, { options, platform }, flags, io);
}

const nothingRead = { report: emptyReport, sources: { get: () => undefined }, secrets: [] };
