/**
 * The content of YAML scalars as Texts. What the YAML library decoded is the truth for the value; here it is decoded a
 * second time to learn where each character stands. If the two ever differ, the whole value has the whole scalar's place.
 */
import { concat, locate, slice, type Text, textAt } from "../text/text.ts";

/** How a scalar is written. */
export type ScalarStyle = "plain" | "single" | "double" | "literal" | "folded";

/** A scalar as the YAML library found it. */
export interface FoundScalar {
  readonly style: ScalarStyle;
  readonly start: number;
  readonly end: number;
  readonly value: string;
}

/** The scalar's content, each character with its place where the source spells it out. */
export function scalarText(text: Text, scalar: FoundScalar): Text {
  const found = decoders[scalar.style](text, scalar);
  if (found !== undefined && found.value === scalar.value) return found;
  return textAt(scalar.value, locate(text, scalar.start, scalar.end));
}

type Decoder = (text: Text, scalar: FoundScalar) => Text | undefined;

const decoders: Record<ScalarStyle, Decoder> = {
  plain: (text, { start, end }) => flow(text, start, end, () => undefined),
  single: (text, { start, end }) => flow(text, start + 1, end - 1, singleQuoteEscape),
  double: (text, { start, end }) => flow(text, start + 1, end - 1, doubleQuoteEscape),
  literal: (text, scalar) => block(text, scalar, literalLines),
  folded: (text, scalar) => block(text, scalar, foldedLines),
};

/** Collects a Text from runs of the source and from characters that stand for others. */
interface Builder {
  /** Source characters as they are. */
  readonly take: (start: number, end: number) => void;
  /** Characters that stand for the source from `start` to `end`. */
  readonly put: (value: string, start: number, end: number) => void;
  readonly done: () => Text;
}

function builder(text: Text, start: number, end: number): Builder {
  const parts: Text[] = [];
  return {
    take: (from, to) => {
      if (to > from) parts.push(slice(text, from, to));
    },
    put: (value, from, to) => {
      if (value !== "") parts.push(textAt(value, locate(text, from, to)));
    },
    done: () => (parts.length === 0 ? textAt("", locate(text, start, end)) : concat(parts)),
  };
}

/** What an escape stands for; undefined when there is none at this offset. */
type Escape = (source: string, index: number) => { readonly value: string; readonly end: number } | undefined;

const lineGap = /[ \t]*(?:\r\n|\n|\r)[ \t\r\n]*/y;
const spaces = /[ \t]+/y;
const lineBreak = /\r\n|\n|\r/g;

/** Flow scalars: escapes, and line breaks that become one space, or one break fewer than are written. */
function flow(text: Text, start: number, end: number, escapeAt: Escape): Text {
  const source = text.value;
  const build = builder(text, start, end);
  let run = start;
  let index = start;
  const replace = (value: string, to: number): void => {
    build.take(run, index);
    build.put(value, index, to);
    index = to;
    run = to;
  };
  while (index < end) {
    const found = escapeAt(source, index);
    if (found !== undefined) {
      replace(found.value, found.end);
      continue;
    }
    const gap = matchAt(lineGap, source, index, end);
    if (gap !== undefined) {
      const breaks = gap.match(lineBreak)?.length ?? 0;
      replace(breaks === 1 ? " " : "\n".repeat(breaks - 1), index + gap.length);
      continue;
    }
    index += matchAt(spaces, source, index, end)?.length ?? 1;
  }
  build.take(run, end);
  return build.done();
}

function matchAt(pattern: RegExp, source: string, index: number, end: number): string | undefined {
  const code = source.charCodeAt(index);
  if (code !== 32 && code !== 9 && code !== 10 && code !== 13) return undefined;
  pattern.lastIndex = index;
  const found = pattern.exec(source)?.[0];
  return found === undefined || index + found.length > end ? undefined : found;
}

function singleQuoteEscape(source: string, index: number): { value: string; end: number } | undefined {
  return source.startsWith("''", index) ? { value: "'", end: index + 2 } : undefined;
}

const doubleQuoteEscapes: Readonly<Record<string, string>> = {
  "0": "\0",
  a: "\x07",
  b: "\b",
  t: "\t",
  "\t": "\t",
  n: "\n",
  v: "\v",
  f: "\f",
  r: "\r",
  e: "\x1b",
  " ": " ",
  '"': '"',
  "/": "/",
  "\\": "\\",
  N: "\x85",
  _: "\xa0",
  L: "\u2028",
  P: "\u2029",
};
const codeLengths: Readonly<Record<string, number>> = { x: 2, u: 4, U: 8 };
const escapedBreak = /\\(?:\r\n|\n|\r)[ \t]*/y;

function doubleQuoteEscape(source: string, index: number): { value: string; end: number } | undefined {
  if (source[index] !== "\\") return undefined;
  const char = source.charAt(index + 1);
  const digits = codeLengths[char];
  if (digits !== undefined) {
    const end = index + 2 + digits;
    const code = Number.parseInt(source.slice(index + 2, end), 16);
    return code <= 0x10ffff ? { value: String.fromCodePoint(code), end } : undefined;
  }
  const value = doubleQuoteEscapes[char];
  if (value !== undefined) return { value, end: index + 2 };
  escapedBreak.lastIndex = index;
  const found = escapedBreak.exec(source)?.[0];
  return found === undefined ? undefined : { value: "", end: index + found.length };
}

/** One line of a block scalar: its content from `start` to `end`, its line break up to `next`. */
interface BlockLine {
  readonly start: number;
  readonly end: number;
  readonly next: number;
}

type BlockWriter = (build: Builder, lines: readonly BlockLine[], source: string) => void;

/** Block scalars: the header line, then lines from which the indentation is taken off. */
function block(text: Text, scalar: FoundScalar, write: BlockWriter): Text | undefined {
  const source = text.value;
  const header = /^[|>][-+0-9]*[^\r\n]*(?:\r\n|\n|\r|$)/.exec(
    source.slice(scalar.start, scalar.start + 200),
  )?.[0];
  if (header === undefined) return undefined;
  const first = scalar.start + header.length;
  const indicators = /^[|>]([-+0-9]*)/.exec(header)?.[1] ?? "";
  const widest = indentation(source, first, scalar.end);
  const candidates = /[1-9]/.test(indicators)
    ? Array.from({ length: widest }, (_, count) => count + 1)
    : [widest];
  for (const indent of candidates) {
    const build = builder(text, scalar.start, scalar.end);
    writeChomped(build, blockLines(source, first, scalar.end, indent), source, indicators, write);
    const found = build.done();
    if (found.value === scalar.value) return found;
  }
  return undefined;
}

function indentation(source: string, start: number, end: number): number {
  return /^(?:[ ]*[\r\n])*([ ]*)/.exec(source.slice(start, end))?.[1]?.length ?? 0;
}

function blockLines(source: string, start: number, end: number, indent: number): BlockLine[] {
  const lines: BlockLine[] = [];
  let index = start;
  while (index < end) {
    let stop = index;
    while (stop < end && source[stop] !== "\n" && source[stop] !== "\r") stop++;
    const next = Math.min(end, source.startsWith("\r\n", stop) ? stop + 2 : stop + 1);
    let content = index;
    while (content < stop && content < index + indent && source[content] === " ") content++;
    lines.push({ start: content, end: stop, next });
    index = Math.max(next, stop);
  }
  return lines;
}

function writeChomped(
  build: Builder,
  lines: BlockLine[],
  source: string,
  indicators: string,
  write: BlockWriter,
): void {
  let used = lines.length;
  while (used > 0 && isEmpty(lines[used - 1])) used--;
  write(build, lines.slice(0, used), source);
  const last = lines[used - 1];
  if (indicators.includes("-")) return;
  if (last !== undefined) build.put("\n", last.end, last.next);
  if (!indicators.includes("+")) return;
  for (const line of lines.slice(used)) build.put("\n", line.end, line.next);
}

function isEmpty(line: BlockLine | undefined): boolean {
  return line !== undefined && line.start === line.end;
}

function literalLines(build: Builder, lines: readonly BlockLine[]): void {
  lines.forEach((line, index) => {
    build.take(line.start, line.end);
    if (index < lines.length - 1) build.put("\n", line.end, line.next);
  });
}

/** Folding: a single break between two plain lines is a space; next to an indented line breaks stay. */
function foldedLines(build: Builder, lines: readonly BlockLine[], source: string): void {
  const indented = (line: BlockLine): boolean => source[line.start] === " " || source[line.start] === "\t";
  let previous: BlockLine | undefined;
  let empty: BlockLine[] = [];
  for (const line of lines) {
    if (isEmpty(line)) {
      empty.push(line);
      continue;
    }
    if (previous !== undefined) {
      const kept = indented(previous) || indented(line);
      if (kept) build.put("\n", previous.end, previous.next);
      else if (empty.length === 0) build.put(" ", previous.end, previous.next);
    }
    for (const gap of empty) build.put("\n", gap.end, gap.next);
    empty = [];
    build.take(line.start, line.end);
    previous = line;
  }
}
