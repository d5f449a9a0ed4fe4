/** Findings that were known before: a file of fingerprints, without anything that a configuration holds. */
import { type Severity, severities } from "../rules/rule.ts";

/** A finding that was known. */
export interface BaselineEntry {
  readonly fingerprint: string;
  readonly rule: string;
  /** As seen from the folder of the repository. */
  readonly file: string;
  /** How bad it was: one that became worse is new. */
  readonly severity: Severity;
}

/** The content of a baseline file. */
export interface Baseline {
  readonly file: string;
  readonly entries: readonly BaselineEntry[];
}

/** Reads a baseline file; a sentence that says what is wrong with it, where it is none. */
export function readBaseline(file: string, text: string): Baseline | string {
  const value = parsed(text);
  if (!isRecord(value) || value.version !== 1 || !Array.isArray(value.findings))
    return "this is no baseline of pacslint; write one with pacslint baseline write";
  const entries = value.findings.flatMap((entry: unknown) => entryOf(entry) ?? []);
  return entries.length === value.findings.length
    ? { file, entries }
    : "an entry is not as pacslint writes it; write the file again with pacslint baseline write";
}

/** The file with these entries: one line each, in an order that keeps changes small. */
export function writeBaseline(entries: readonly BaselineEntry[]): string {
  const distinct = new Map(entries.map((entry) => [entry.fingerprint, entry]));
  const lines = [...distinct.values()]
    .map(({ rule, file, severity, fingerprint }) => JSON.stringify({ rule, file, severity, fingerprint }))
    .sort((a, b) => (a < b ? -1 : 1));
  const list = lines.length === 0 ? "[]" : `[\n    ${lines.join(",\n    ")}\n  ]`;
  return `{\n  "version": 1,\n  "findings": ${list}\n}\n`;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function entryOf(entry: unknown): BaselineEntry | undefined {
  if (!isRecord(entry)) return undefined;
  const { fingerprint, rule, file } = entry;
  const severity = severities.find((known) => known === entry.severity);
  if (typeof fingerprint !== "string" || typeof rule !== "string" || typeof file !== "string")
    return undefined;
  return severity === undefined ? undefined : { fingerprint, rule, file, severity };
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null;
}
