/**
 * JUnit XML, as Jenkins and GitLab read it: a suite for each deployment, a test for each rule that had something to look
 * at. What was found is a failure, whatever --fail-on says; what fails the gate without being found is an error.
 */

import type { Finding, Location, Report, ReportedProblem, Undetermined } from "../triage/report.ts";
import { leavesUnjudged } from "../triage/summary.ts";
import { adviceText } from "./commands.ts";
import { groupBy } from "./group.ts";
import { escapeAttribute, escapeXml } from "./xml.ts";

/** The report as one document. */
export function renderJunit(report: Report): string {
  const suites = [...inputSuite(report), ...report.deployments.map(({ id }) => suiteOf(id, report))];
  const body = suites.flatMap(({ name, cases }) => [
    `  <testsuite name="${escapeAttribute(name)}" ${countsOf(cases)}>`,
    ...cases.map(caseText),
    "  </testsuite>",
  ]);
  const all = suites.flatMap(({ cases }) => cases);
  return `${[`<?xml version="1.0" encoding="UTF-8"?>`, `<testsuites name="pacslint" ${countsOf(all)}>`, ...body, "</testsuites>"].join("\n")}\n`;
}

interface Suite {
  readonly name: string;
  readonly cases: readonly Case[];
}

type Outcome = "passed" | "failure" | "error" | "skipped";

interface Case {
  readonly suite: string;
  readonly name: string;
  readonly outcome: Outcome;
  /** The kind of a failure: its severity. */
  readonly type: string;
  readonly message: string;
  /** What else is told. */
  readonly text: string;
  readonly location?: Location;
}

/** What could not be read is in no deployment, or makes one that is not whole. */
function inputSuite({ problems, deployments }: Report): readonly Suite[] {
  const name = "input";
  const unread = problems.filter(({ kind }) => leavesUnjudged(kind));
  const cases = unread.map(({ kind, message, location }: ReportedProblem) => ({
    suite: name,
    name: message,
    outcome: "error" as const,
    type: kind,
    message,
    text: "",
    ...(location === undefined ? {} : { location }),
  }));
  if (cases.length > 0) return [{ name, cases }];
  const nothing = {
    suite: name,
    name: "something to read",
    outcome: "error" as const,
    type: "unreadable",
    message: "nothing was read",
    text: "",
  };
  return deployments.length === 0 ? [{ name, cases: [nothing] }] : [];
}

function suiteOf(id: string, report: Report): Suite {
  const mine = <T extends { readonly deployment: string }>(items: readonly T[]) =>
    items.filter(({ deployment }) => deployment === id);
  const findings = mine(report.findings).filter(({ state }) => state !== "hidden");
  const found = groupBy(findings, ({ rule }) => rule);
  const undecided = groupBy(mine(report.undetermined), ({ rule }) => rule);
  const rules = [...new Set([...found.keys(), ...undecided.keys()])];
  const cases = rules.map((rule) => caseOf(id, rule, found.get(rule) ?? [], undecided.get(rule) ?? []));
  const passed = mine(report.passed).map(({ rule, looked, more }): Case => {
    const places = looked.map((place) => (typeof place === "string" ? place : placeText(place)));
    const text = [...places, ...(more > 0 ? [`and ${more} more`] : [])].join("\n");
    return { suite: id, name: rule, outcome: "passed", type: "", message: "", text };
  });
  return { name: id, cases: [...cases, ...passed] };
}

/** The gravest of what is to be said of a rule decides what the test is. */
function caseOf(
  suite: string,
  rule: string,
  findings: readonly Finding[],
  undecided: readonly Undetermined[],
): Case {
  const open = findings.filter(({ state }) => state === "open");
  const [first] = open;
  if (first !== undefined)
    return {
      suite,
      name: rule,
      outcome: "failure",
      type: first.severity,
      message: open.length === 1 ? first.message : `${first.message} (and ${open.length - 1} more)`,
      text: open.map(findingText).join("\n\n"),
      location: first.location,
    };
  const failing = undecided.find(({ countsForExit }) => countsForExit);
  const check = failing ?? undecided[0];
  if (check !== undefined)
    return {
      suite,
      name: rule,
      outcome: failing === undefined ? "skipped" : "error",
      type: "undetermined",
      message: `could not be decided: ${check.reason}`,
      text: undecided.map(({ fact, reason }) => `${fact}: ${reason}`).join("\n"),
      ...(check.location === undefined ? {} : { location: check.location }),
    };
  const silenced = findings.map(({ state, suppression }) =>
    state === "baselined" ? "in the baseline" : `suppressed: ${suppression?.reason ?? ""}`,
  );
  return {
    suite,
    name: rule,
    outcome: "skipped",
    type: findings[0]?.state ?? "",
    message: silenced[0] ?? "",
    text: findings.map(findingText).join("\n\n"),
  };
}

function findingText({ location, severity, message, related, remediation, impact }: Finding): string {
  return [
    `${placeText(location)}: ${severity}: ${message}`,
    ...related.map((other) => `${placeText(other.location)}: ${other.label}`),
    `Instead: ${adviceText(remediation)}`,
    `May break: ${impact}`,
  ].join("\n");
}

function placeText({ file, line, column }: Location): string {
  return file.startsWith("(") ? file : `${file}:${line}:${column}`;
}

function countsOf(cases: readonly Case[]): string {
  const count = (outcome: Outcome) => cases.filter((one) => one.outcome === outcome).length;
  return `tests="${cases.length}" failures="${count("failure")}" errors="${count("error")}" skipped="${count("skipped")}"`;
}

function caseText({ suite, name, outcome, type, message, text, location }: Case): string {
  const file =
    location === undefined ? "" : ` file="${escapeAttribute(location.file)}" line="${location.line}"`;
  const open = `    <testcase classname="${escapeAttribute(suite)}" name="${escapeAttribute(name)}"${file}>`;
  const inside =
    outcome === "passed"
      ? `<system-out>${escapeXml(text)}</system-out>`
      : `<${outcome} message="${escapeAttribute(message)}" type="${escapeAttribute(type)}">${escapeXml(text)}</${outcome}>`;
  return `${open}${inside}</testcase>`;
}
