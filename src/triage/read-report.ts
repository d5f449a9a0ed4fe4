/** Reads a JSON report back: the text of `--format json`, or of one line of `--format ndjson`. */
import validate, { type SchemaError } from "../../generated/validate-report.js";
import { unknown } from "../facts/unknown.ts";
import type { Report } from "./report.ts";

/** A report of an earlier run, or why a text is none. */
export type ReadReport =
  | { readonly ok: true; readonly report: Report }
  | { readonly ok: false; readonly message: string };

/** The report, or a clause that says why the text is none. What a file holds is not repeated in it. */
export function readReport(text: string): ReadReport {
  const value = parse(text);
  if (value === undefined) return { ok: false, message: "it is not JSON" };
  if (!isRecord(value) || !isRecord(value.tool) || value.tool.name !== "pacslint")
    return { ok: false, message: "it is no report of pacslint (pacslint PATH --format json writes one)" };
  if (value.version !== 1)
    return { ok: false, message: "it is a report of another version; this pacslint reads version 1" };
  if (!validate(value)) return { ok: false, message: `it is damaged: ${told(validate.errors?.[0])}` };
  // The schema is what the cast stands on; it says the same as the types, and a test keeps it so.
  return { ok: true, report: { ...value, deployments: revived(value.deployments) } as Report };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function told(error: SchemaError | undefined): string {
  if (error === undefined) return "it does not fit the schema";
  const where = error.instancePath === "" ? "the report" : error.instancePath.slice(0, 100);
  return `${where} ${error.message ?? "does not fit the schema"}`;
}

/** Fields that the site or pacslint fills with words: "unknown" is a word there. */
const words: ReadonlySet<string> = new Set([
  "id",
  "root",
  "name",
  "product",
  "value",
  "from",
  "image",
  "through",
  "role",
  "purpose",
  "label",
  "message",
  "file",
  "path",
  "linked",
]);

/** The same with the marker where the JSON has "unknown" for a value that is not known. */
function revived(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(revived);
  if (!isRecord(value)) return value;
  const entries = Object.entries(value).map(([key, inner]): [string, unknown] => {
    if (inner === "unknown" && !words.has(key)) return [key, unknown("opaque", "the report says so")];
    return [key, revived(inner)];
  });
  return Object.fromEntries(entries);
}
