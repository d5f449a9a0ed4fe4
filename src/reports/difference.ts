/** The difference of two reports: for a terminal, for programs, for a pull request. */
import type { Comparison } from "../triage/compare.ts";
import type { AttackPath, Finding, Report } from "../triage/report.ts";
import type { TextOptions } from "./context.ts";
import { renderFindingLine } from "./finding.ts";
import { count, hanging, harmless } from "./layout.ts";
import { code, inline } from "./markdown-text.ts";
import { createStyle, type Style } from "./style.ts";

/** Each part of a comparison: what it is called, and what is in it. */
interface Part {
  readonly title: string;
  readonly findings: readonly { readonly finding: Finding; readonly note: string }[];
}

function partsOf({ new: found, changed, lost, fixed }: Comparison): readonly Part[] {
  const plain = (findings: readonly Finding[]) => findings.map((finding) => ({ finding, note: "" }));
  return [
    { title: "New", findings: plain(found) },
    {
      title: "Changed",
      findings: changed.map(({ after, what }) => ({ finding: after, note: what.join("; ") })),
    },
    { title: "Not looked at or not decided any more", findings: plain(lost) },
    { title: "Fixed", findings: plain(fixed) },
  ];
}

/** One line for each. */
export function renderDiff(comparison: Comparison, options: TextOptions): string {
  const style = createStyle(options);
  const blocks = partsOf(comparison).flatMap(({ title, findings }) =>
    findings.length === 0
      ? []
      : [
          [
            style.bold(`${title}: ${count(findings.length, "finding")}`),
            ...findings.flatMap((one) => lineOf(one, style, options)),
          ],
        ],
  );
  const paths = (title: string, list: readonly AttackPath[]) =>
    list.length === 0
      ? []
      : [
          [
            style.bold(`${title}: ${count(list.length, "attack path")}`),
            ...list.flatMap(({ deployment, text }) =>
              hanging("  ", style.words(`${deployment}: ${text}`), options.width),
            ),
          ],
        ];
  const all = [
    ...blocks,
    ...paths("Opened", comparison.openedPaths),
    ...paths("Closed", comparison.closedPaths),
    notes(comparison).flatMap((note) => hanging("", style.words(note), options.width)),
  ].filter((block) => block.length > 0);
  return `${all.map((block) => block.join("\n")).join("\n\n")}\n`;
}

function lineOf(
  { finding, note }: Part["findings"][number],
  style: Style,
  { width }: TextOptions,
): readonly string[] {
  const line = `  ${renderFindingLine(finding, style)}`;
  return note === "" ? [line] : [line, ...hanging("      ", style.words(harmless(note)), width)];
}

/** The counts, and what keeps the two reports from being compared in full. */
function notes(comparison: Comparison): readonly string[] {
  const { fixed, new: found, changed, lost, gone, added, incomplete } = comparison;
  const lines = [
    `${found.length} new, ${changed.length} changed, ${fixed.length} fixed${lost.length > 0 ? `, ${lost.length} not known` : ""}.`,
  ];
  if (incomplete)
    lines.push("The new run could not read everything: what it did not find may still be there.");
  if (gone.length > 0) lines.push(`Only in the old report: ${gone.map(harmless).join(", ")}.`);
  if (added.length > 0) lines.push(`Only in the new report: ${added.map(harmless).join(", ")}.`);
  return lines;
}

/** The same in Markdown. */
export function renderDiffMarkdown(comparison: Comparison): string {
  const sections = partsOf(comparison).flatMap(({ title, findings }) =>
    findings.length === 0 ? [] : [`### ${title} (${findings.length})`, findings.map(item).join("\n")],
  );
  const paths = (title: string, list: readonly AttackPath[]) =>
    list.length === 0
      ? []
      : [
          `### ${title} (${list.length})`,
          list.map(({ deployment, text }) => `- ${inline(`${deployment}: ${text}`)}`).join("\n"),
        ];
  const parts = [
    "## pacslint: what changed",
    notes(comparison).map(inline).join("\n\n"),
    ...sections,
    ...paths("Attack paths opened", comparison.openedPaths),
    ...paths("Attack paths closed", comparison.closedPaths),
  ];
  return `${parts.join("\n\n")}\n`;
}

function item({ finding, note }: Part["findings"][number]): string {
  const { severity, rule, message, location } = finding;
  const place = location.file.startsWith("(")
    ? inline(location.file)
    : code(`${location.file}:${location.line}`);
  return `- **${severity}** ${code(rule)} ${place}: ${inline(message)}${note === "" ? "" : ` (${inline(note)})`}`;
}

/** For programs: `schemas/diff.schema.json` describes it. */
export function toDiffData(comparison: Comparison, before: Report, after: Report): object {
  const run = ({ tool, summary, exitCode }: Report) => ({ tool, summary, exitCode });
  return { version: 1, old: run(before), new: run(after), difference: comparison };
}
