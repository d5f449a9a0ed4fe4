/** Reports of earlier runs as the input of a command. */
import { type ReadReport, readReport } from "../triage/read-report.ts";
import type { Report } from "../triage/report.ts";
import { type Io, UsageError } from "./io.ts";

/** The reports in a file: one as JSON, or one a line. Throws a UsageError that says what is wrong with it. */
export function reportsIn(path: string, { files }: Io): readonly Report[] {
  const read = files.read(path);
  if (!read.ok) throw new UsageError(`${path}: ${read.message}`);
  const text = new TextDecoder().decode(read.bytes);
  const whole = readReport(text);
  if (whole.ok) return [whole.report];
  const lines = text.split("\n").filter((line) => line.trim() !== "");
  // A report over several lines, each of which is no JSON of its own, is one report that is broken.
  const [first] = lines;
  if (lines.length < 2 || first === undefined || !first.trimEnd().endsWith("}")) throw broken(path, whole);
  return lines.map((line, index) => {
    const one = readReport(line);
    if (!one.ok) throw broken(`${path}: line ${index + 1}`, one);
    return one.report;
  });
}

function broken(path: string, read: ReadReport & { readonly ok: false }): UsageError {
  return new UsageError(`${path} cannot be read as a report: ${read.message}`);
}
