/** `pacslint fix PATH…`: makes the edits that the rules propose, each judged before it is written. */
import { type LintOptions, lint, type Platform } from "../lint.ts";
import { withContents } from "../repair/overlay.ts";
import { type Left, type Repair, repair } from "../repair/repair.ts";
import type { State, Subject } from "../repair/trial.ts";
import { type FileChange, renderDiff } from "../reports/diff.ts";
import { type FixReport, renderFix } from "../reports/fix.ts";
import { createStyle } from "../reports/style.ts";
import { decode } from "../sources/decode.ts";
import { type ExitCode, type Io, UsageError } from "./io.ts";
import { baselineFile, type JudgementFlags, judgementOf, withBaseline } from "./judgement.ts";
import { sayNothingFound } from "./nothing.ts";
import { type OutputFlags, textOptions } from "./output.ts";
import { type InputFlags, request } from "./request.ts";
import { unknownRule } from "./rule-ids.ts";

/** The options that say what may be changed. */
interface FixFlags {
  readonly dryRun?: boolean;
  readonly unsafe?: boolean;
  readonly safe?: boolean;
  readonly rule?: readonly string[];
  readonly backup?: boolean;
  /** Only what the baseline does not know. */
  readonly newOnly?: boolean;
}

interface FixCommandFlags extends InputFlags, OutputFlags, JudgementFlags, FixFlags {}

/** Repairs, and tells what was changed and what is left; the exit code is that of a run over the result. */
export async function fix(paths: readonly string[], flags: FixCommandFlags, io: Io): Promise<ExitCode> {
  refuseStandardInput(paths, flags);
  const asked = await request(paths, flags, io, (config) => ({
    ...judgementOf(flags, config),
    ...withBaseline(baselineFile(flags, config, io), io),
  }));
  if (asked === undefined) {
    sayNothingFound(io);
    return 3;
  }
  const made = makeFixes(asked, flags, io);
  const dryRun = flags.dryRun === true;
  const options = textOptions(flags, io);
  const text = renderFix(fixReport(made, dryRun), options);
  if (dryRun) {
    for (const change of changesOf(made)) io.stdout(renderDiff(change, createStyle(options)));
    io.stderr(text);
  } else io.stdout(text);
  if (asked.options.baseline === undefined || flags.newOnly === true) return made.exitCode();
  const files = withContents(asked.platform.files, made.after.contents);
  return lint(asked.options, { ...asked.platform, files }).report.exitCode;
}

/** For `lint --fix`: writes the edits, tells of them on standard error, and gives the files as they are then. */
export function fixFirst(
  paths: readonly string[],
  subject: Subject,
  flags: FixFlags & InputFlags & OutputFlags,
  io: Io,
): Platform {
  refuseStandardInput(paths, flags);
  const made = makeFixes(subject, flags, io);
  io.stderr(renderFix({ ...fixReport(made, false), left: undefined }, textOptions(flags, io)));
  return { ...subject.platform, files: withContents(subject.platform.files, made.after.contents) };
}

/** What comes in by standard input has no file that could be changed. */
function refuseStandardInput(paths: readonly string[], { stdin }: Pick<InputFlags, "stdin">): void {
  if (stdin === true || paths.includes("-"))
    throw new UsageError("standard input is read once and cannot be changed: name the file");
}

/** What the baseline knows is open all the same, and repaired like the rest, unless only new findings are asked for. */
function repairable(options: LintOptions, { newOnly }: FixFlags): LintOptions {
  const { baseline, ...rest } = options;
  if (newOnly !== true) return rest;
  if (baseline === undefined)
    throw new UsageError("--new-only goes with a baseline: name one with --baseline, or in pacslint.yaml");
  return options;
}

/** Repairs in memory and, unless it is a dry run, on the disk. */
function makeFixes(asked: Subject, flags: FixFlags, io: Io): Repair {
  const subject = { ...asked, options: repairable(asked.options, flags) };
  const rules = flags.rule ?? [];
  const unknown = rules.find((id) => !subject.options.rules.some((rule) => rule.id === id));
  if (unknown !== undefined) throw new UsageError(unknownRule(unknown, subject.options.rules));
  if (flags.safe === true && flags.unsafe === true)
    throw new UsageError("--safe and --unsafe exclude each other");
  const made = repair(subject, { unsafe: flags.unsafe === true, rules });
  if (flags.dryRun !== true) writeFiles(made, subject, flags.backup === true, io);
  return made;
}

function writeFiles({ after }: Repair, { platform }: Subject, backup: boolean, io: Io): void {
  const written: string[] = [];
  for (const [path, content] of after.contents) {
    const read = platform.files.read(path);
    try {
      if (!read.ok) throw new Error(read.message);
      io.rewrite(path, { expected: read.bytes, content, backup });
      written.push(path);
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      const so = written.length === 0 ? "nothing was changed" : `changed before that: ${written.join(", ")}`;
      throw new UsageError(`cannot write ${path}: ${why}; ${so}`);
    }
  }
}

/** The repair as reports tell it. */
function fixReport({ made, left }: Repair, dryRun: boolean): FixReport {
  const needs = new Map(made.flatMap((one) => one.needs.map((need) => [need.variable, need] as const)));
  const creates = new Map(made.flatMap((one) => one.creates.map((file) => [file.file, file] as const)));
  return {
    dryRun,
    made,
    needs: [...needs.values()],
    creates: [...creates.values()],
    chooses: [...new Set(made.flatMap(({ chooses }) => chooses))],
    left: left.flatMap(({ finding, why }) =>
      why.kind === "not-asked" ? [] : [{ finding, why: reason(finding, why) }],
    ),
  };
}

function reason(finding: Left["finding"], why: Left["why"]): string {
  const [first = ""] = finding.remediation.text.trim().split(/\n\s*\n/u);
  const example = `; pacslint explain ${finding.rule} has an example.`;
  const byHand = first.replaceAll(/\s+/gu, " ").replace(/:$/u, example);
  switch (why.kind) {
    case "refused":
      return `Its edit was not made: ${why.because.replace(/\.$/u, "")}. ${byHand}`;
    case "unsafe":
      return `pacslint fix --unsafe makes the edit. It may break: ${finding.impact.replaceAll(/\s+/gu, " ").trim()}`;
    default:
      return byHand;
  }
}

function changesOf({ before, after }: Repair): readonly FileChange[] {
  return [...after.contents].map(([path, bytes]) => ({
    path,
    before: textOf(before, path),
    after: decodedText(bytes),
    secretsBefore: before.secrets.filter(({ file }) => file === path),
    secretsAfter: after.secrets.filter(({ file }) => file === path),
  }));
}

function textOf({ files }: State, path: string): string {
  const read = files.read(path);
  return read.ok ? decodedText(read.bytes) : "";
}

function decodedText(bytes: Uint8Array): string {
  const decoded = decode(bytes);
  return decoded.ok ? decoded.text : "";
}
