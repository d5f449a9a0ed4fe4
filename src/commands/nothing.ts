/** What every command does that was given nothing to read: it says so, and never ends green. */
import { renderJson } from "../reports/json.ts";
import { bundledRules } from "../rules/bundled.ts";
import { buildReport } from "../triage/build.ts";
import type { Report } from "../triage/report.ts";
import type { ExitCode, Io } from "./io.ts";
import { emit, type OutputFlags } from "./output.ts";
import { nothingFound } from "./request.ts";

/** Explains it to a person, and to a program that waits for a document. */
export function nothing(flags: OutputFlags & { readonly format: "text" | "json" }, io: Io): ExitCode {
  sayNothingFound(io);
  if (flags.format === "json") emit(renderJson(emptyReport), flags, io);
  return 3;
}

/** Tells a person what to name. */
export function sayNothingFound(io: Io): void {
  io.stderr(`pacslint: ${nothingFound}\n`);
}

/** The report of a run that had nothing to read. */
export const emptyReport: Report = buildReport([], {
  rules: bundledRules,
  sources: { get: () => undefined },
  discovery: { candidates: [], skipped: [] },
  problems: [{ kind: "unreadable", message: nothingFound }],
});
