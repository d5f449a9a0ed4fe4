/** What could not be read or decided, as notifications of a SARIF run. */
import type { Invocation, Notification, ReportingDescriptor } from "sarif";
import type { Report, ReportedProblem, Undetermined } from "../../triage/report.ts";
import type { ReportContext } from "../context.ts";
import { plainMessage } from "./message.ts";
import { sarifLocation } from "./places.ts";

const kinds: Readonly<Record<ReportedProblem["kind"], string>> = {
  unreadable: "A file could not be read.",
  syntax: "A file has a mistake of syntax.",
  unresolved: "A value could not be resolved.",
  "missing-file": "A file that a configuration names is not there.",
  unlinked: "A file belongs to no server.",
  skipped: "A file was left out.",
  limit: "A limit was reached.",
};

const undecided = "undetermined";

/** The kinds of notifications. */
export const notificationKinds: ReportingDescriptor[] = [
  ...Object.entries(kinds).map(([id, text]) => ({ id, shortDescription: { text } })),
  { id: undecided, shortDescription: { text: "A check could not be decided." } },
];

/** The run as an invocation. It was not successful where what it was asked to read or decide is left open. */
export function invocationOf(report: Report, context: ReportContext, further: readonly string[]): Invocation {
  return {
    executionSuccessful: report.exitCode <= 1,
    exitCode: report.exitCode,
    toolExecutionNotifications: [
      ...report.problems.map((problem) => problemNotification(problem, context)),
      ...report.undetermined.map((check) => undeterminedNotification(check, report, context)),
      ...further.map((text): Notification => ({ level: "warning", message: plainMessage(text) })),
    ],
  };
}

const grave: readonly ReportedProblem["kind"][] = ["unreadable", "syntax", "limit"];

function problemNotification(
  { kind, message, location }: ReportedProblem,
  context: ReportContext,
): Notification {
  const place = location && sarifLocation(location, context.workspace);
  const minor = kind === "skipped" || kind === "unlinked" ? "note" : "warning";
  return {
    descriptor: { id: kind },
    level: grave.includes(kind) ? "error" : minor,
    message: plainMessage(message),
    ...(place === undefined ? {} : { locations: [place] }),
  };
}

function undeterminedNotification(check: Undetermined, report: Report, context: ReportContext): Notification {
  const place = check.location && sarifLocation(check.location, context.workspace);
  const where = [check.deployment, check.service ?? ""].filter(Boolean).join(" / ");
  return {
    descriptor: { id: undecided },
    level: check.countsForExit && report.exitCode === 3 ? "error" : "note",
    message: plainMessage(
      `${where}: ${check.rule} (${check.severity}) could not be decided: ${check.reason}`,
    ),
    ...(place === undefined ? {} : { locations: [place] }),
    properties: { rule: check.rule },
  };
}
