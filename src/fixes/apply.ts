/** Makes proposed edits in the text of a file. Pure: reading and writing is for who calls it. */
import { type LineStarts, lineStarts, positionAt } from "../text/lines.ts";

/** A range of a file, as reports have it: lines and columns start at 1, the end is exclusive. */
export interface EditRange {
  readonly line: number;
  readonly column: number;
  readonly endLine: number;
  readonly endColumn: number;
}

/** A replacement of a range by a text. */
export interface TextEdit {
  readonly location: EditRange;
  readonly text: string;
}

/** A text with its edits made. */
export interface Edited {
  readonly text: string;
  /** The line of the result that an edit wrote, by its place in the list; of one that takes away, where it stood. */
  lineOf(edit: TextEdit): number;
  /** Where a line of the old text is now. */
  moved(line: number): number;
}

/**
 * The text with all edits made, from the end backwards so that ranges stay what they were. The same edit proposed twice is
 * made once. Undefined where two edits want the same characters: which one is meant, nobody can tell.
 */
export function makeEdits(text: string, edits: readonly TextEdit[]): Edited | undefined {
  const lines = lineStarts(text);
  const splices = distinct(edits.map((edit) => toSplice(edit, lines))).sort(byStart);
  if (splices.some((splice, index) => splice.start < (splices[index - 1]?.end ?? 0))) return undefined;
  const result = splices.reduceRight(
    (current, { start, end, text: inserted }) => current.slice(0, start) + inserted + current.slice(end),
    text,
  );
  const after = lineStarts(result);
  const growth = (earlier: readonly OffsetSplice[]): number =>
    earlier.reduce((sum, splice) => sum + splice.text.length - (splice.end - splice.start), 0);
  return {
    text: result,
    lineOf(edit) {
      const { start, end, text: inserted } = toSplice(edit, lines);
      const index = splices.findIndex(
        (one) => one.start === start && one.end === end && one.text === inserted,
      );
      const blank = /^\s*/u.exec(inserted)?.[0].length ?? 0;
      const skipped = blank < inserted.length ? blank : 0;
      return positionAt(after, start + growth(splices.slice(0, index)) + skipped).line;
    },
    moved(line) {
      const start = lines[line - 1] ?? text.length;
      return positionAt(after, start + growth(splices.filter((one) => one.end <= start))).line;
    },
  };
}

/** Only the text of {@link makeEdits}. */
export function applyEdits(text: string, edits: readonly TextEdit[]): string | undefined {
  return makeEdits(text, edits)?.text;
}
/** The files with all edits made; undefined where edits overlap, or name a file that is not among them. */
export function applyToFiles(
  files: Readonly<Record<string, string>>,
  edits: readonly (TextEdit & { readonly location: { readonly file: string } })[],
): Readonly<Record<string, string>> | undefined {
  if (edits.some(({ location }) => files[location.file] === undefined)) return undefined;
  const result = { ...files };
  for (const [path, text] of Object.entries(files)) {
    const changed = applyEdits(
      text,
      edits.filter(({ location }) => location.file === path),
    );
    if (changed === undefined) return undefined;
    result[path] = changed;
  }
  return result;
}

interface OffsetSplice {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

function toSplice({ location, text }: TextEdit, lines: LineStarts): OffsetSplice {
  const offset = (line: number, column: number): number => (lines[line - 1] ?? 0) + column - 1;
  return {
    start: offset(location.line, location.column),
    end: offset(location.endLine, location.endColumn),
    text,
  };
}

function distinct(splices: readonly OffsetSplice[]): OffsetSplice[] {
  return [
    ...new Map(
      splices.map((splice) => [JSON.stringify([splice.start, splice.end, splice.text]), splice]),
    ).values(),
  ];
}

/** Insertions before a replacement that begins at the same place; among themselves in the order that they came in. */
function byStart(left: OffsetSplice, right: OffsetSplice): number {
  return left.start - right.start || left.end - right.end;
}
