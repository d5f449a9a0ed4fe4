/** `--format NAME[=FILE]`: which documents a command writes, and where each of them goes. */
import controls from "../../generated/controls.js";
import type { ReportContext, ReportOptions } from "../reports/context.ts";
import { type FormatName, formats } from "../reports/formats.ts";
import type { Report } from "../triage/report.ts";
import { type Io, UsageError } from "./io.ts";
import { emit, type OutputFlags, textOptions } from "./output.ts";
import { workspaceOf } from "./workspace.ts";

/** A document that was asked for; without a file it goes to standard output. */
export interface Wanted {
  readonly format: FormatName;
  readonly file?: string;
}

/** The options that say so. */
export interface DocumentFlags extends OutputFlags {
  readonly format?: readonly Wanted[];
}

/** What the documents of a run are made with, apart from what the terminal decides. */
export interface DocumentInput {
  readonly report: Report;
  readonly context: Pick<ReportContext, "sources" | "secrets" | "rules">;
  readonly options: Omit<ReportOptions, "width" | "color" | "unicode">;
}

/** The documents with their files. Throws a UsageError where two would go to one place, or `--output` has no use. */
export function wantedOf({ format = [{ format: "text" }], output }: DocumentFlags): readonly Wanted[] {
  const bare = format.filter(({ file }) => file === undefined);
  if (bare.length > 1)
    throw new UsageError(
      `${bare.map((wanted) => `--format ${wanted.format}`).join(" and ")} cannot both go to standard output; give all but one a file: --format ${bare.at(-1)?.format}=FILE`,
    );
  if (output !== undefined && bare.length === 0)
    throw new UsageError("--output has nothing to write: every --format has a file of its own");
  const wanted = format.map((one) =>
    one.file === undefined && output !== undefined ? { ...one, file: output } : one,
  );
  const files = wanted.flatMap(({ file }) => (file === undefined ? [] : [file]));
  const twice = files.find((file, index) => files.indexOf(file) !== index);
  if (twice !== undefined) throw new UsageError(`two formats cannot be written to one file: ${twice}`);
  return wanted;
}

/** Writes every document: files first, so that whoever reads standard output to its end finds them. */
export async function writeDocuments(
  wanted: readonly Wanted[],
  { report, context, options }: DocumentInput,
  flags: OutputFlags,
  io: Io,
): Promise<void> {
  const full = { ...context, controls, workspace: workspaceOf(io), now: io.now, crypto: io.crypto };
  const filesFirst = wanted.toSorted((a, b) => Number(a.file === undefined) - Number(b.file === undefined));
  for (const { format, file } of filesFirst) {
    const to: OutputFlags = {
      ...(flags.color && { color: flags.color }),
      ...(file === undefined ? {} : { output: file }),
    };
    const render = await formats[format].load();
    emit(render(report, full, { ...options, ...textOptions(to, io) }), to, io);
  }
  if (wanted.some(({ format }) => format === "github")) await writeJobSummary(report, full, io);
}

/** GitHub Actions shows what is in this file on the page of the job; it may hold what earlier steps wrote. */
async function writeJobSummary(report: Report, context: ReportContext, io: Io): Promise<void> {
  const file = io.env.GITHUB_STEP_SUMMARY;
  if (file === undefined || file === "") return;
  const render = await formats.markdown.load();
  try {
    io.append(file, `${render(report, context)}\n`);
  } catch (error) {
    // The report itself is written: a summary that cannot be is no reason to fail.
    io.stderr(
      `pacslint: cannot write the job summary: ${error instanceof Error ? error.message : String(error)}\n`,
    );
  }
}
