/** Reading JSON reports in tests: they are valid, or the test fails. */
import { readReport } from "../../src/triage/read-report.ts";
import type { Report } from "../../src/triage/report.ts";

/** The report in what `--format json` printed. */
export function reportIn(text: string): Report {
  const read = readReport(text);
  if (!read.ok) throw new Error(read.message);
  return read.report;
}
