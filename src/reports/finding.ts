/** One finding in words: what is open, the lines that make it so, what to write instead. */
import { baseName } from "../sources/files.ts";
import type { Finding, ReportedEdit } from "../triage/report.ts";
import { commandBlocks, proseOf } from "./commands.ts";
import type { RenderContext, TextOptions } from "./context.ts";
import { type Mark, renderFrames } from "./frame.ts";
import { groupBy } from "./group.ts";
import { hanging, harmless, paragraphs, sentence, textWidth, wrap } from "./layout.ts";
import { masked } from "./mask.ts";
import { spans } from "./products.ts";
import type { Style } from "./style.ts";

/** How much is said. */
export interface FindingOptions extends TextOptions {
  readonly verbose: boolean;
}

/** The lines of a finding. `also`: other deployments in which the same thing was found. */
export function renderFinding(
  finding: Finding,
  also: readonly string[],
  context: RenderContext,
  style: Style,
  options: FindingOptions,
): string[] {
  const paint = style.severity[finding.severity];
  const frames = renderFrames(marksOf(finding), { context, style, width: options.width, paint });
  const detail = (lead: string, text: string) =>
    text === "" ? [] : sentence(`  ${lead}`, style.words(text), options.width);
  return [
    ...headLines(finding, style, options.width),
    ...wrap(style.words(finding.message), options.width),
    "",
    ...frames,
    "",
    ...instead(finding, context, style, options),
    ...commandLines(finding, context, style, options.width),
    ...detail("May break", finding.impact),
    ...(options.verbose ? detail("Expected", finding.expected) : []),
    ...(options.verbose ? detail("Found", finding.actual) : []),
    ...(options.verbose ? detail("Controls", finding.controls.join(", ")) : []),
    ...detail("Also in", also.join(", ")),
    `  More: pacslint explain ${finding.rule}`,
  ];
}

/** One line, for `--quiet`. */
export function renderFindingLine(finding: Finding, style: Style): string {
  const { file, line, column } = finding.location;
  const message = finding.message.replaceAll("\n", " ");
  return `${harmless(`${file}:${line}:${column}`)}: ${finding.severity}: ${harmless(style.words(message))} (${finding.rule})`;
}

function headLines(finding: Finding, style: Style, width: number): string[] {
  const severity = finding.severity.toUpperCase();
  const head = `${style.severity[finding.severity](severity)}  ${style.bold(finding.rule)}`;
  const reserve = doubt(finding);
  if (reserve === "") return [head];
  const beside = severity.length + finding.rule.length + reserve.length + 5 <= width;
  return beside ? [`${head}   ${reserve}`] : [head, reserve];
}

/** Said only where the finding is not certain for every release that may run. */
export function doubt(finding: Finding): string {
  const releases = finding.versions.length === 0 ? "" : `releases ${spans(finding.versions)}`;
  const words = [finding.confidence === "certain" ? "" : finding.confidence, releases]
    .filter(Boolean)
    .join(", ");
  return words === "" ? "" : `(${words})`;
}

/** The lines of a finding, the one that causes it first. */
export function marksOf(finding: Finding): Mark[] {
  const primary = { location: finding.location, label: finding.label, primary: true };
  return [primary, ...finding.related.map((related) => ({ ...related, primary: false }))];
}

function instead(finding: Finding, context: RenderContext, style: Style, options: FindingOptions): string[] {
  const { edits } = finding.remediation;
  const words = proseOf(finding.remediation);
  const prose = words === "" ? [] : advice(style.words(words), options.width);
  if (edits.length === 0) return prose;
  const told = options.verbose && prose.length > 0;
  const places = groupBy(
    edits,
    ({ location, shown }) => `${location.file}:${location.line}:${shown.trim() === ""}`,
  );
  const lines = [...places.values()].flatMap((group, index) => {
    const lead = index > 0 ? "and" : told ? "In" : "Instead,";
    return renderEdits(group, lead, context, style, options.width);
  });
  return told ? [...prose, ...lines] : lines;
}

/** One paragraph goes on after its heading; several, with lines to copy between them, stand below it. */
function advice(text: string, width: number): string[] {
  if (!text.trim().includes("\n\n")) return sentence("  Instead", text.trim().replaceAll("\n", " "), width);
  return ["  Instead:", ...paragraphs(text, width - 4).map((line) => (line === "" ? "" : `    ${line}`))];
}

/** LDIF begins in the first column: there a blank at the start of a line continues the one before. */
function commandLines(finding: Finding, context: RenderContext, style: Style, width: number): string[] {
  return commandBlocks(finding.remediation.commands ?? []).flatMap(({ lead, text, flush }) => {
    const lines = harmless(masked(text, finding.location.file, context, style.mask)).split("\n");
    const margin = flush ? "" : "      ";
    const shown = lines.map((line) => (line === "" ? "" : `${margin}${style.better(line)}`));
    return [...hanging("  ", style.words(harmless(lead)), width), ...(flush ? ["", ...shown, ""] : shown)];
  });
}

/** The edits at one line of a file. */
function renderEdits(
  edits: readonly ReportedEdit[],
  lead: string,
  context: RenderContext,
  style: Style,
  width: number,
): string[] {
  const [first] = edits;
  if (first === undefined) return [];
  const { file, line } = first.location;
  const full = `  ${lead} ${file} line ${line}:`;
  const place = harmless(`${textWidth(full) <= width ? file : baseName(file)} line ${line}`);
  if (first.shown.trim() === "") return [`  ${lead} remove from ${place} what is marked.`];
  const shown = edits.flatMap((edit) =>
    outdent(harmless(masked(edit.shown, file, context, style.mask)).split("\n")),
  );
  return [`  ${lead} ${place}:`, ...shown.map((text) => `      ${style.better(text)}`.trimEnd())];
}

/** The lines without the margin that they share; tabs as spaces. */
export function outdent(lines: readonly string[]): string[] {
  const spaced = lines.map((line) => line.replaceAll("\\u{9}", "    "));
  const margins = spaced
    .filter((line) => line.trim() !== "")
    .map((line) => /^ */.exec(line)?.[0].length ?? 0);
  const margin = Math.min(...margins);
  return spaced.map((line) => line.slice(margin));
}
