/** A table for spreadsheets: RFC 4180, and safe against cells that a spreadsheet would evaluate. */

import type { Finding, Location, Passed, Report, Undetermined } from "../triage/report.ts";
import { adviceText } from "./commands.ts";
import { count, harmless } from "./layout.ts";

const columns = [
  "result",
  "severity",
  "rule",
  "deployment",
  "service",
  "file",
  "line",
  "column",
  "message",
  "expected",
  "found",
  "instead",
  "may break",
  "confidence",
  "releases",
  "controls",
  "fails the run",
  "reason",
  "fingerprint",
] as const;

type Row = Partial<Record<(typeof columns)[number], string>>;

/** One row for each finding that is not hidden, each undetermined check, each passed one. */
export function renderCsv({ findings, undetermined, passed }: Report): string {
  const rows: readonly Row[] = [
    ...findings.filter(({ state }) => state !== "hidden").map(findingRow),
    ...undetermined.map(undeterminedRow),
    ...passed.map(passedRow),
  ];
  return csvOf([columns, ...rows.map((row) => columns.map((column) => row[column] ?? ""))]);
}

/** Rows of cells as a document. */
export function csvOf(rows: readonly (readonly string[])[]): string {
  return rows.map((cells) => `${cells.map(cell).join(",")}\r\n`).join("");
}

function findingRow(finding: Finding): Row {
  return {
    ...place(finding.location),
    result: finding.state,
    severity: finding.severity,
    rule: finding.rule,
    deployment: finding.deployment,
    service: finding.service ?? "",
    message: finding.message,
    expected: finding.expected,
    found: finding.actual,
    instead: adviceText(finding.remediation),
    "may break": finding.impact.trim(),
    confidence: finding.confidence,
    releases: finding.versions.join(" "),
    controls: finding.controls.join(" "),
    "fails the run": finding.countsForExit ? "yes" : "no",
    reason: finding.suppression?.reason ?? "",
    fingerprint: finding.fingerprint,
  };
}

function undeterminedRow(check: Undetermined): Row {
  return {
    ...(check.location === undefined ? {} : place(check.location)),
    result: check.suppression === undefined ? "undetermined" : "accepted",
    severity: check.severity,
    rule: check.rule,
    deployment: check.deployment,
    service: check.service ?? "",
    message: check.reason,
    "fails the run": check.countsForExit ? "yes" : "no",
    reason: check.suppression?.reason ?? "",
  };
}

function passedRow({ rule, deployment, looked, more }: Passed): Row {
  const [first] = looked;
  const others = looked.length - 1 + more;
  return {
    ...(typeof first === "object" ? place(first) : {}),
    result: "passed",
    rule,
    deployment,
    found: typeof first === "string" ? first : "",
    message: others > 0 ? `and ${count(others, "more place", "more places")}` : "",
    "fails the run": "no",
  };
}

function place({ file, line, column }: Location): Row {
  return { file, line: String(line), column: String(column) };
}

/** What begins like a formula gets an apostrophe, as https://owasp.org/www-community/attacks/CSV_Injection advises. */
function cell(text: string): string {
  const plain = harmless(text);
  const safe = /^\s*[=+\-@\uff1d\uff0b\uff0d\uff20]/u.test(plain) ? `'${plain}` : plain;
  return /[",\r\n;]|^\s|\s$/u.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
