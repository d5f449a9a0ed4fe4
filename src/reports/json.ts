/** The report for programs: `schemas/report.schema.json` describes it. */
import { isUnknown } from "../facts/unknown.ts";
import { split } from "../triage/combine.ts";
import type { Report } from "../triage/report.ts";

/** The report as one JSON document; what is not known is the string "unknown". */
export function renderJson(report: Report): string {
  return toJson(report);
}

/** One line of JSON for each deployment, each a report of its own: for fleets, and for tools that read line by line. */
export function renderNdjson(report: Report): string {
  return split(report).map(ndjsonLine).join("");
}

/** A report on one line, with the line end. */
export function ndjsonLine(report: Report): string {
  return toJson(report, 0);
}

/** Any plain data as JSON, with a line end. */
export function toJson(value: unknown, indent = 2): string {
  return `${JSON.stringify(value, (_key, part: unknown) => (isUnknown(part) ? "unknown" : part), indent)}\n`;
}
