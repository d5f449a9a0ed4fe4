/** Code frames: lines of files with marks under them, secrets masked. */
import type { SourceFile } from "../sources/source.ts";
import { lineText } from "../text/lines.ts";
import type { Location } from "../triage/report.ts";
import type { RenderContext } from "./context.ts";
import { groupBy } from "./group.ts";
import { characterWidth, harmless, textWidth, visible, wrap } from "./layout.ts";
import type { Style } from "./style.ts";
import { type LineRange, suspects } from "./suspects.ts";

/** A range to underline, and what to say of it. */
export interface Mark {
  readonly location: Location;
  readonly label: string;
  /** The range that the finding is about, as opposed to one that only contributes. */
  readonly primary: boolean;
}

/** What frames are drawn with. */
export interface FrameOptions {
  readonly context: RenderContext;
  readonly style: Style;
  readonly width: number;
  /** Paints what is under the primary range. */
  readonly paint: (text: string) => string;
}

const tabWidth = 4;
const indent = "    ";

/** Frames for the marks, file by file in the order in which the marks name them, lines in order within a file. */
export function renderFrames(marks: readonly Mark[], options: FrameOptions): string[] {
  const files = groupBy(distinct(marks), (mark) => mark.location.file);
  return [...files].flatMap(([file, ofFile]) => renderFile(file, ofFile, options));
}

/** Two facts may lead to the same range for the same reason: said once. */
function distinct(marks: readonly Mark[]): Mark[] {
  const seen = new Set<string>();
  return marks.filter((mark) => {
    const { file, line, column, endLine, endColumn } = mark.location;
    const key = JSON.stringify([file, line, column, endLine, endColumn, mark.label]);
    return !seen.has(key) && seen.add(key);
  });
}

function renderFile(file: string, marks: readonly Mark[], options: FrameOptions): string[] {
  const { style } = options;
  const source = options.context.sources.get(file);
  if (source === undefined) return marks.flatMap((mark) => renderBare(mark, options));
  const sorted = marks.toSorted(
    (a, b) => a.location.line - b.location.line || a.location.column - b.location.column,
  );
  const numbers = Math.max(2, ...sorted.map((mark) => String(mark.location.line).length));
  const lines = groupBy(sorted, (mark) => mark.location.line);
  return [
    `${indent}${style.file(harmless(file))}`,
    ...[...lines].flatMap(([line, ofLine]) => renderLine(source, line, ofLine, numbers, options)),
  ];
}

/** A place in a file that is not at hand. */
function renderBare(mark: Mark, { style, width }: FrameOptions): string[] {
  const { file, line, column } = mark.location;
  // What was set on the command line has no lines.
  const name = file.startsWith("(") ? file : `${file}:${line}:${column}`;
  const place = `${indent}${style.file(harmless(name))}`;
  return [
    place,
    ...wrap(mark.label, width - 8)
      .filter(Boolean)
      .map((text) => `${indent}    ${style.words(text)}`),
  ];
}

function renderLine(
  source: SourceFile,
  line: number,
  marks: readonly Mark[],
  numbers: number,
  options: FrameOptions,
): string[] {
  const { style, width } = options;
  const cells = cellsOf(source, line, options);
  const room = Math.max(20, width - indent.length - numbers - 3);
  const gutter = (number: string) => `${indent}${style.faint(`${number.padStart(numbers)} ${style.bar}`)} `;
  const show = (group: readonly Mark[]) => {
    const first = group[0];
    if (first === undefined) return [];
    const view = cut(cells, first.location, room, style);
    const rows = group.flatMap((mark) => underline(view, mark, room, options));
    return [gutter(String(line)) + view.text, ...rows.map((row) => gutter("") + row)].map((row) =>
      row.trimEnd(),
    );
  };
  // A line that has to be cut is cut around one mark at a time.
  return cells.width <= room ? show(marks) : marks.flatMap((mark) => show([mark]));
}

/** A line as it is displayed, and where each of its characters went. */
interface Cells {
  readonly cells: readonly { readonly shown: string; readonly column: number }[];
  /** UTF-16 offset in the line → display column; one more entry than the line is long. */
  readonly columnOf: readonly number[];
  readonly width: number;
}

function cellsOf(source: SourceFile, line: number, options: FrameOptions): Cells {
  const text = lineText(source.text.value, source.lines, line);
  const hidden = hiddenIn(source, line, text.length, options.context);
  const cells: { shown: string; column: number }[] = [];
  const columnOf: number[] = [];
  let column = 0;
  const put = (shown: string, from: number, to: number) => {
    for (let offset = from; offset < to; offset++) columnOf[offset] = column;
    for (const character of shown) {
      cells.push({ shown: character, column });
      column += characterWidth(character);
    }
  };
  for (let offset = 0; offset < text.length; ) {
    const secret = hidden.find(([from, to]) => from <= offset && offset < to);
    const character = String.fromCodePoint(text.codePointAt(offset) ?? 0);
    const end = secret === undefined ? offset + character.length : secret[1];
    if (secret !== undefined) put(options.style.mask, offset, end);
    else if (character === "\t") put(" ".repeat(tabWidth - (column % tabWidth)), offset, end);
    else put(visible(character) ?? character, offset, end);
    offset = end;
  }
  columnOf[text.length] = column;
  return { cells, columnOf, width: column };
}

/** The parts of a line that are secret, merged, as offsets within the line. */
export function hiddenIn(
  source: SourceFile,
  line: number,
  length: number,
  { secrets }: RenderContext,
): (readonly [number, number])[] {
  const start = source.lines[line - 1] ?? 0;
  const known = secrets
    .filter((place) => place.file === source.path && place.start < start + length && place.end > start)
    .map((place): LineRange => [Math.max(0, place.start - start), Math.min(length, place.end - start)]);
  const parts = [...known, ...suspects(lineText(source.text.value, source.lines, line))]
    .filter(([from, to]) => from < to)
    .sort((a, b) => a[0] - b[0]);
  const merged: [number, number][] = [];
  for (const [from, to] of parts) {
    const last = merged.at(-1);
    if (last !== undefined && from <= last[1]) last[1] = Math.max(last[1], to);
    else merged.push([from, to]);
  }
  return merged;
}

/** What is shown of a line: all of it, or a window around a mark. */
interface View {
  readonly text: string;
  /** Display column, within the window, of an offset in the line; kept inside the window. */
  columnOf(offset: number): number;
}

function cut(line: Cells, location: Location, room: number, style: Style): View {
  const at = (offset: number) => line.columnOf[Math.min(Math.max(0, offset), line.columnOf.length - 1)] ?? 0;
  const [from, to] = windowAround(line.width, at(location.column - 1), room);
  const left = from > 0 ? style.ellipsis : "";
  const right = to < line.width ? style.ellipsis : "";
  const first = from + textWidth(left);
  const last = to - textWidth(right);
  const shown = line.cells.filter(
    (cell) => cell.column >= first && cell.column + characterWidth(cell.shown) <= last,
  );
  // Half of a wide character may have been cut off.
  const gap = " ".repeat((shown[0]?.column ?? first) - first);
  return {
    text: left + gap + shown.map((cell) => cell.shown).join("") + right,
    columnOf: (offset) => Math.min(Math.max(at(offset), first), last) - from,
  };
}

function windowAround(width: number, mark: number, room: number): readonly [number, number] {
  if (width <= room) return [0, width];
  const from = mark < room * 0.6 ? 0 : Math.min(mark - Math.floor(room / 2), width - room);
  return [from, from + room];
}

/** The row below a line: the mark and its label, which goes on below when it does not fit beside it. */
function underline(view: View, mark: Mark, room: number, options: FrameOptions): string[] {
  const { style } = options;
  const { line, column, endLine, endColumn } = mark.location;
  const from = view.columnOf(column - 1);
  const to = endLine > line ? textWidth(view.text) : view.columnOf(endColumn - 1);
  const length = Math.max(1, Math.min(to, room) - from);
  const label = style.words(harmless(mark.label));
  const paint = mark.primary ? options.paint : (text: string) => text;
  const marked = " ".repeat(from) + paint(style.underline.repeat(length));
  if (label === "") return [marked];
  if (from + length + 1 + textWidth(label) <= room) return [`${marked} ${paint(label)}`];
  const margin = " ".repeat(Math.min(from, Math.max(0, room - 50)));
  return [marked, ...wrap(label, room - margin.length).map((text) => margin + paint(text))];
}
