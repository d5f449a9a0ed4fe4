/** Code frames as HTML: lines of files with what a finding marks in them, secrets masked as in every report. */
import type { SourceFile } from "../../sources/source.ts";
import { lineText } from "../../text/lines.ts";
import type { Location } from "../../triage/report.ts";
import type { RenderContext } from "../context.ts";
import { hiddenIn, type Mark } from "../frame.ts";
import { groupBy } from "../group.ts";
import { type Html, html, trusted } from "./markup.ts";

/** A longer line is cut around its first mark: it would fill pages. */
const longest = 240;

const mask = "••••";

/** Frames for the marks, file by file in the order in which the marks name them. */
export function codeFrames(marks: readonly Mark[], context: RenderContext): Html {
  const files = groupBy(marks, ({ location }) => location.file);
  return html`${[...files].map(([file, ofFile]) => codeFrame(file, ofFile, context))}`;
}

function codeFrame(file: string, marks: readonly Mark[], context: RenderContext): Html {
  const source = context.sources.get(file);
  const body = source === undefined ? bareRows(marks) : rowsOf(source, marks, context);
  return html`<figure class="frame"><figcaption>${file}</figcaption><div class="code">${body}</div></figure>`;
}

/** Places in a file that is not at hand. */
function bareRows(marks: readonly Mark[]): Html {
  return html`${marks.map(
    ({ location, label }) =>
      html`<div class="line hit"><span class="number">${location.line}</span><span class="text">${label}</span></div>`,
  )}`;
}

function rowsOf(source: SourceFile, marks: readonly Mark[], context: RenderContext): Html {
  const byLine = groupBy(marks, ({ location }) => Math.min(location.line, source.lines.length));
  // Marked lines only, as in text: what stands beside them may be somebody's secret that nobody knows as one.
  const shown = [...byLine.keys()].sort((a, b) => a - b);
  const rows = shown.map((line, index) => {
    const previous = shown[index - 1];
    const gap =
      previous !== undefined && previous < line - 1 ? html`<div class="gap" aria-hidden="true">⋯</div>` : "";
    return html`${gap}${lineRow(source, line, byLine.get(line) ?? [], context)}`;
  });
  return html`${rows}`;
}

function lineRow(source: SourceFile, line: number, marks: readonly Mark[], context: RenderContext): Html {
  const labels = [...new Set(marks.map(({ label }) => label).filter((label) => label !== ""))];
  return html`<div class="${marks.length > 0 ? "line hit" : "line"}"><span class="number">${line}</span><code class="text">${lineCode(source, line, marks, context)}</code></div>${labels.map(
    (label) => html`<div class="label">${label}</div>`,
  )}`;
}

/** A run of characters that are shown alike. */
interface Run {
  readonly text: string;
  readonly kind: "plain" | "primary" | "related";
  readonly secret: boolean;
}

function lineCode(source: SourceFile, line: number, marks: readonly Mark[], context: RenderContext): Html {
  const text = lineText(source.text.value, source.lines, line);
  const secrets = hiddenIn(source, line, text.length, context);
  const ranges = marks.map((mark) => ({
    ...rangeIn(mark.location, line, text.length),
    primary: mark.primary,
  }));
  const [from, to] = windowOf(text.length, ranges[0]?.from ?? 0);
  const kindAt = (offset: number): Run["kind"] => {
    const hits = ranges.filter((range) => range.from <= offset && offset < range.to);
    if (hits.length === 0) return "plain";
    return hits.some(({ primary }) => primary) ? "primary" : "related";
  };
  const isSecret = (offset: number) => secrets.some(([start, end]) => start <= offset && offset < end);
  const ends = [from, to, ...secrets.flat(), ...ranges.flatMap((range) => [range.from, range.to])];
  const cuts = [...new Set(ends.filter((end) => end >= from && end <= to))].sort((a, b) => a - b);
  const runs = cuts.slice(0, -1).map((start, index): Run => {
    const secret = isSecret(start);
    return { kind: kindAt(start), secret, text: secret ? mask : text.slice(start, cuts[index + 1]) };
  });
  return html`${from > 0 && "…"}${runs.map(runCode)}${to < text.length && "…"}`;
}

function rangeIn({ line: first, column, endLine, endColumn }: Location, line: number, length: number) {
  const from = Math.min(first === line ? column - 1 : 0, length);
  const to = endLine > line ? length : Math.min(endColumn - 1, length);
  return { from, to: Math.max(from, to) };
}

/** Tabs stay tabs here: the style sheet gives them their width. */
function runCode({ text, kind, secret }: Run): Html {
  const code = secret
    ? html`<span class="secret" title="not shown">${text}</span>`
    : html`${text.split("\t").map((part, index) => html`${index > 0 && trusted("\t")}${part}`)}`;
  return kind === "plain" ? code : html`<mark class="${kind}">${code}</mark>`;
}

function windowOf(length: number, mark: number): readonly [number, number] {
  if (length <= longest) return [0, length];
  const from = Math.max(0, Math.min(mark - Math.floor(longest / 3), length - longest));
  return [from, from + longest];
}
