/**
 * Workflow commands of GitHub Actions, which show findings beside the lines of a change. GitHub takes ten errors, ten
 * warnings and ten notices of a step: the worst come first.
 * https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands
 */

import type { Severity } from "../rules/rule.ts";
import type { Location, Report } from "../triage/report.ts";
import { leavesUnjudged } from "../triage/summary.ts";
import { adviceText } from "./commands.ts";
import type { ReportContext, Workspace } from "./context.ts";
import { countsText, otherCounts } from "./counts.ts";
import { harmless } from "./layout.ts";
import { once } from "./once.ts";
import { shownAt, whereIs } from "./where.ts";

type Command = "error" | "warning" | "notice";

const commands: Readonly<Record<Severity, Command>> = {
  critical: "error",
  high: "error",
  medium: "warning",
  low: "notice",
  info: "notice",
};

/** One command for each finding, for what could not be read, and for checks that fail the gate; then the counts. */
export function renderGithub(report: Report, { workspace }: ReportContext): string {
  const unread = report.problems.filter(({ kind }) => leavesUnjudged(kind));
  const undecided = report.undetermined.filter(({ countsForExit }) => countsForExit);
  const lines = [
    ...unread.map(({ message, location }) => command("error", "not read", message, location, workspace)),
    ...undecided.map(({ rule, reason, location }) =>
      command("error", rule, `could not be decided: ${reason}`, location, workspace),
    ),
    ...once(report).map(({ finding, also }) => {
      const elsewhere = also.length === 0 ? "" : `\nAlso in ${also.join(", ")}`;
      const text = `${finding.message}\nInstead: ${adviceText(finding.remediation)}${elsewhere}`;
      const title = `${finding.severity}: ${finding.rule}`;
      return command(commands[finding.severity], title, text, shownAt(finding, report), workspace);
    }),
    `pacslint: ${countsText(report)}; ${otherCounts(report)}; exit code ${report.exitCode}`,
  ];
  return `${lines.join("\n")}\n`;
}

function command(
  name: Command,
  title: string,
  text: string,
  location: Location | undefined,
  workspace: Workspace,
): string {
  const where = location && whereIs(location.file, workspace);
  const place = location === undefined || where === undefined ? {} : placeOf(where.path, location);
  const properties = Object.entries({ ...place, title: `pacslint ${title}` }).map(
    ([key, value]) => `${key}=${escapeProperty(String(value))}`,
  );
  return `::${name} ${properties.join(",")}::${escapeData(text)}`;
}

/** Columns count only where the range stays on its line. */
function placeOf(file: string, { line, endLine, column, endColumn }: Location) {
  const columns = line === endLine && endColumn > column ? { col: column, endColumn: endColumn - 1 } : {};
  return { file, line, endLine, ...columns };
}

function escapeData(text: string): string {
  return harmless(text).replaceAll("%", "%25").replaceAll("\n", "%0A");
}

function escapeProperty(text: string): string {
  return escapeData(text).replaceAll(":", "%3A").replaceAll(",", "%2C");
}
