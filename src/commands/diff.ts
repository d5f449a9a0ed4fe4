/** `pacslint diff OLD.json NEW.json`: what was fixed, what is new, what changed. */
import { renderDiff, renderDiffMarkdown, toDiffData } from "../reports/difference.ts";
import { toJson } from "../reports/json.ts";
import { type Severity, severities } from "../rules/rule.ts";
import { combine } from "../triage/combine.ts";
import { compare } from "../triage/compare.ts";
import type { Report } from "../triage/report.ts";
import { version } from "../version.ts";
import type { ExitCode, Io } from "./io.ts";
import { emit, type OutputFlags, textOptions } from "./output.ts";
import { reportsIn } from "./reports.ts";

interface DiffFlags extends OutputFlags {
  readonly format: "text" | "json" | "markdown";
  readonly failOn: Severity;
}

/** Prints it. Ends with 3 where the new run could not see everything, otherwise with 1 where something new counts. */
export function diff(before: string, after: string, flags: DiffFlags, io: Io): ExitCode {
  const [old, now] = [reportOf(before, io), reportOf(after, io)];
  const comparison = compare(old, now);
  const document = {
    text: () => renderDiff(comparison, textOptions(flags, io)),
    json: () => toJson(toDiffData(comparison, old, now)),
    markdown: () => renderDiffMarkdown(comparison),
  }[flags.format];
  emit(document(), flags, io);
  if (now.exitCode === 3) return 3;
  const counts = (severity: Severity) => severities.indexOf(severity) >= severities.indexOf(flags.failOn);
  const worse = comparison.changed.filter(
    ({ before: one, after: other }) =>
      other.state === "open" && severities.indexOf(other.severity) > severities.indexOf(one.severity),
  );
  return [...comparison.new, ...worse.map(({ after: other }) => other)].some(({ severity }) =>
    counts(severity),
  )
    ? 1
    : 0;
}

/** A file of several reports, one a line, is one run. */
function reportOf(path: string, io: Io): Report {
  return combine(
    reportsIn(path, io).map((report) => ({ host: "", report })),
    version,
  );
}
