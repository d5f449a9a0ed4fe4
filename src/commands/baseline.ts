/** `pacslint baseline write|check|prune PATH…`: the findings that were known on a day. */
import { type LintRun, lint } from "../lint.ts";
import { type Baseline, type BaselineEntry, writeBaseline } from "../policy/baseline.ts";
import type { Config } from "../policy/config.ts";
import { rootOf } from "../policy/find.ts";
import { absolute, asNamed, seenFrom } from "../policy/paths.ts";
import { renderFindingLine } from "../reports/finding.ts";
import { count, harmless } from "../reports/layout.ts";
import { createStyle } from "../reports/style.ts";
import { joinPath } from "../sources/files.ts";
import type { Finding } from "../triage/report.ts";
import { type ExitCode, type Io, UsageError } from "./io.ts";
import { baselineFile, type JudgementFlags, judgementOf, withBaseline } from "./judgement.ts";
import { sayNothingFound } from "./nothing.ts";
import { textOptions } from "./output.ts";
import { type InputFlags, request } from "./request.ts";

interface BaselineFlags extends InputFlags, JudgementFlags {}

/** Where it lies when nobody says otherwise. */
const usualFile = "pacslint-baseline.json";

/** A run, and the file that it is about. */
interface Known {
  readonly run: LintRun;
  readonly file: string;
  /** What the file holds; absent when it is written anew. */
  readonly baseline?: Baseline;
  /** A file as seen from the folder of the repository, and back. */
  readonly seen: (file: string) => string;
  readonly named: (file: string) => string;
}

/** Runs one of the three. */
export async function baselineCommand(
  action: "write" | "check" | "prune",
  paths: readonly string[],
  flags: BaselineFlags,
  io: Io,
): Promise<ExitCode> {
  const fileFor = (config: Config | undefined) => baselineFile(flags, config, io) ?? usualFile;
  const asked = await request(paths, flags, io, (config) => ({
    ...judgementOf(flags, config),
    ...(action === "write" ? {} : withBaseline(fileFor(config), io)),
  }));
  if (asked === undefined) {
    sayNothingFound(io);
    return 3;
  }
  const { options, platform } = asked;
  const cwd = joinPath("", io.cwd);
  const root = rootOf(platform.files, cwd, options.paths);
  const known: Known = {
    run: lint(options, platform),
    file: fileFor(options.config),
    ...(options.baseline === undefined ? {} : { baseline: options.baseline }),
    seen: (file) => seenFrom(root, absolute(file, cwd)),
    named: (file) => asNamed(joinPath(root, file), cwd, true),
  };
  return { write, check, prune }[action](known, io);
}

/** Findings that are neither suppressed nor below the audience. An input that could not be read is no finding: it stays. */
function write({ run: { report }, file, seen }: Known, io: Io): ExitCode {
  const open = report.findings.filter(({ state }) => state === "open");
  const entries = open.map(
    ({ fingerprint, rule, location, severity }): BaselineEntry => ({
      fingerprint,
      rule,
      file: seen(location.file),
      severity,
    }),
  );
  save(file, entries, io);
  const distinct = new Set(entries.map(({ fingerprint }) => fingerprint)).size;
  io.stdout(harmless(`${count(distinct, "finding")} written to ${file}.\n`));
  return report.exitCode === 3 ? tellUnread(io) : 0;
}

function tellUnread(io: Io): ExitCode {
  io.stderr("pacslint: not everything could be read or decided; pacslint lint tells what.\n");
  return 3;
}

/** New findings, whatever their severity: the gate is that there are none. */
function check({ run: { report }, file, baseline }: Known, io: Io): ExitCode {
  const fresh = distinctOf(report.findings.filter(({ state }) => state === "open"));
  const style = createStyle(textOptions({}, io));
  for (const finding of fresh) io.stdout(`${renderFindingLine(finding, style)}\n`);
  const known = distinctOf(report.findings.filter(({ state }) => state === "baselined"));
  const gone = report.baseline?.gone ?? 0;
  io.stdout(
    harmless(
      `${fresh.length} new, ${known.length} known, ${gone} closed of ${count(baseline?.entries.length ?? 0, "entry", "entries")} in ${file}.\n`,
    ),
  );
  if (report.exitCode === 3) return tellUnread(io);
  return fresh.length > 0 ? 1 : 0;
}

/** Entries of files that were not part of the run stay, as long as the files are there. */
function prune({ run: { report }, file, baseline, seen, named }: Known, io: Io): ExitCode {
  if (report.exitCode === 3) return tellUnread(io);
  const entries = baseline?.entries ?? [];
  const found = new Set(report.findings.map(({ fingerprint }) => fingerprint));
  const read = new Set(report.deployments.flatMap(({ files }) => files.map(({ path }) => seen(path))));
  const kept = entries.filter(
    (entry) =>
      found.has(entry.fingerprint) ||
      (!read.has(entry.file) && io.files.stat(named(entry.file)) !== undefined),
  );
  if (kept.length < entries.length) save(file, kept, io);
  io.stdout(harmless(`${entries.length - kept.length} closed, ${kept.length} left in ${file}.\n`));
  return 0;
}

function distinctOf(findings: readonly Finding[]): readonly Finding[] {
  return [...new Map(findings.map((finding) => [finding.fingerprint, finding])).values()];
}

function save(file: string, entries: readonly BaselineEntry[], io: Io): void {
  try {
    io.save(file, writeBaseline(entries));
  } catch (error) {
    throw new UsageError(`cannot write ${file}: ${error instanceof Error ? error.message : String(error)}`);
  }
}
