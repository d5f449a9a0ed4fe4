/** What every command does that was given nothing to read: it says so, and never ends green. */
import { renderJson } from "../reports/json.ts";
import { bundledRules } from "../rules/bundled.ts";
import type { Report } from "../triage/report.ts";
import { version } from "../version.ts";
import type { ExitCode, Io } from "./io.ts";
import { emit, type OutputFlags } from "./output.ts";
import { nothingFound } from "./request.ts";

/** Explains it to a person, and to a program that waits for a document. */
export function nothing(flags: OutputFlags & { readonly format: "text" | "json" }, io: Io): ExitCode {
  io.stderr(`pacslint: ${nothingFound}\n`);
  if (flags.format === "json") emit(renderJson(emptyReport), flags, io);
  return 3;
}

const emptyReport: Report = {
  version: 1,
  tool: { name: "pacslint", version, rules: bundledRules.length },
  deployments: [],
  findings: [],
  undetermined: [],
  passed: [],
  problems: [{ kind: "unreadable", deployment: null, message: nothingFound }],
  assumptions: [],
  summary: {
    critical: 0,
    high: 0,
    medium: 0,
    low: 0,
    info: 0,
    hidden: 0,
    suppressed: 0,
    baselined: 0,
    undetermined: 0,
    passed: 0,
  },
  exitCode: 3,
};
