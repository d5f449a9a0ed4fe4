/** A comment for a pull or merge request: what is open in a table, then each finding with its lines and what to write. */

import type { Finding, Location, Report, ReportedEdit } from "../triage/report.ts";
import { leavesUnjudged } from "../triage/summary.ts";
import { commandBlocks, proseOf } from "./commands.ts";
import type { ReportContext } from "./context.ts";
import { countsText, otherCounts } from "./counts.ts";
import { groupBy } from "./group.ts";
import { count } from "./layout.ts";
import { block, code, inline } from "./markdown-text.ts";
import { masked } from "./mask.ts";
import { once, type Told } from "./once.ts";
import { whereIs } from "./where.ts";

/** GitHub refuses a longer comment. */
const longest = 65_536;

/** The document; what does not fit is counted. */
export function renderMarkdown(report: Report, context: ReportContext): string {
  const told = once(report);
  const head = `## pacslint: ${countsText(report)}\n\n${inline(otherCounts(report))}. ${verdict(report)}\n`;
  const table = told.length === 0 ? [] : ["\n| Severity | Rule | Where | |\n|---|---|---|---|\n"];
  return fitted([
    { items: [head], rest: () => "" },
    { items: unseenLines(report, context), rest: (left) => `- and ${count(left, "other")}\n` },
    { items: table, rest: () => "" },
    {
      items: told.map((one) => row(one, context)),
      rest: (left) => `\n${count(left, "finding")} more: the other formats have them.\n`,
    },
    {
      items: told.map((one) => detailsOf(one, context)),
      rest: (left) => `\nWithout details here: ${count(left, "finding")}. The other formats have them.\n`,
    },
  ]);
}

interface Section {
  readonly items: readonly string[];
  /** What is said of those that do not fit. */
  rest(left: number): string;
}

/** As many items of each section as fit, with room for what is said of the others. */
function fitted(sections: readonly Section[]): string {
  const room = longest - 500;
  let text = "";
  for (const { items, rest } of sections) {
    const lengths = items.map(({ length }) => length);
    let end = text.length;
    const fitting = lengths.findIndex((length) => {
      end += length;
      return end > room;
    });
    const shown = fitting < 0 ? items : items.slice(0, fitting);
    text += shown.join("") + (fitting < 0 ? "" : rest(items.length - fitting));
  }
  return text;
}

function verdict({ exitCode }: Report): string {
  if (exitCode === 3) return "**Not everything could be read or decided.**";
  return exitCode === 1 ? "**The run fails.**" : "The run passes.";
}

/** What could not be read, and checks that fail the gate because they could not be decided. */
function unseenLines({ problems, undetermined }: Report, context: ReportContext): readonly string[] {
  const unread = problems.filter(({ kind }) => leavesUnjudged(kind));
  const undecided = undetermined.filter(({ countsForExit }) => countsForExit);
  const lines = [
    ...unread.map(({ message }) => `- Not read: ${inline(message)}\n`),
    ...undecided.map(({ rule, reason, location }) => {
      const place = location === undefined ? "" : ` (${placeText(location, context)})`;
      return `- Not decided: ${code(rule)}: ${inline(reason)}${place}\n`;
    }),
  ];
  return lines.length === 0 ? [] : ["\n", ...lines];
}

function row({ finding }: Told, context: ReportContext): string {
  const { severity, rule, location, message } = finding;
  return `| ${severity} | ${code(rule)} | ${placeText(location, context)} | ${inline(message)} |\n`;
}

function placeText({ file, line }: Location, { workspace }: ReportContext): string {
  const where = whereIs(file, workspace);
  return where === undefined ? inline(file) : code(`${where.path}:${line}`);
}

function detailsOf({ finding, also }: Told, context: ReportContext): string {
  const { severity, rule, message, location, related, remediation, impact, deployment } = finding;
  const lines = [
    `- ${placeText(location, context)}${finding.label === "" ? "" : `: ${inline(finding.label)}`}`,
    ...related.map((other) => `- ${placeText(other.location, context)}: ${inline(other.label)}`),
  ];
  const parts = [
    `\n<details><summary><b>${severity}</b> ${rule}</summary>`,
    inline(message),
    lines.join("\n"),
    instead(proseOf(remediation).trim()),
    ...editBlocks(finding, context),
    ...commandBlocks(remediation.commands ?? []).map(({ lead, text }) => `${inline(lead)}\n\n${block(text)}`),
    `**May break:** ${inline(impact.trim())}`,
    `In ${inline([deployment, ...also].join(", "))}.`,
    "</details>\n",
  ];
  return parts.join("\n\n");
}

/** Several paragraphs have lines to copy between them: they stay as they are. */
function instead(text: string): string {
  return text.includes("\n\n") ? `**Instead:**\n\n${block(text)}` : `**Instead:** ${inline(text)}`;
}

/** What to write, file by file. */
function editBlocks({ remediation }: Finding, context: ReportContext): readonly string[] {
  const written = remediation.edits.filter(({ shown }) => shown.trim() !== "");
  const places = groupBy(written, ({ location }) => `${location.file}:${location.line}`);
  return [...places.values()].flatMap((edits) => {
    const [first] = edits;
    if (first === undefined) return [];
    const text = (edit: ReportedEdit) => masked(edit.shown, edit.location.file, context, "••••");
    return [`${placeText(first.location, context)}:\n\n${block(edits.map(text).join("\n"))}`];
  });
}
