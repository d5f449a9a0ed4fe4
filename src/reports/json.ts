/** The report for programs: `schemas/report.schema.json` describes it. */
import { isUnknown } from "../facts/unknown.ts";
import type { Report } from "../triage/report.ts";

/** The report as one JSON document; what is not known is the string "unknown". */
export function renderJson(report: Report): string {
  return toJson(report);
}

/** Any plain data as indented JSON, with a line end. */
export function toJson(value: unknown): string {
  return `${JSON.stringify(value, (_key, part: unknown) => (isUnknown(part) ? "unknown" : part), 2)}\n`;
}
