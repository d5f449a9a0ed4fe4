/** Makes proposed edits in the text of a file. Pure: reading and writing is for who calls it. */
import { type LineStarts, lineStarts, positionAt } from "../text/lines.ts";
import { type JoinedSplice, joinedSplices, keyOf, type OffsetSplice } from "./join.ts";
import type { Shared } from "./writers/change.ts";

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
  /** Frames of the text that it may have in common with other edits of the same range, outermost first. */
  readonly shared?: readonly Shared[];
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
 * made once; edits of one range that begin the same block are written into one. Undefined where two edits want the same
 * characters: which one is meant, nobody can tell.
 */
export function makeEdits(text: string, edits: readonly TextEdit[]): Edited | undefined {
  const lines = lineStarts(text);
  const splices = joinedSplices(edits.map((edit) => toSplice(edit, lines))).toSorted(byStart);
  if (splices.some((splice, index) => splice.start < (splices[index - 1]?.end ?? 0))) return undefined;
  const result = splices.reduceRight(
    (current, { start, end, text: inserted }) => current.slice(0, start) + inserted + current.slice(end),
    text,
  );
  const after = lineStarts(result);
  const growth = (earlier: readonly JoinedSplice[]): number =>
    earlier.reduce((sum, splice) => sum + splice.text.length - (splice.end - splice.start), 0);
  return {
    text: result,
    lineOf(edit) {
      const key = keyOf(toSplice(edit, lines));
      const index = splices.findIndex(({ parts }) => parts.has(key));
      const own = splices[index];
      const offset = (own?.start ?? 0) + growth(splices.slice(0, index)) + (own?.parts.get(key) ?? 0);
      return positionAt(after, offset).line;
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

function toSplice({ location, text, shared = [] }: TextEdit, lines: LineStarts): OffsetSplice {
  const offset = (line: number, column: number): number => (lines[line - 1] ?? 0) + column - 1;
  return {
    start: offset(location.line, location.column),
    end: offset(location.endLine, location.endColumn),
    text,
    shared,
  };
}

/** Insertions before a replacement that begins at the same place; among themselves in the order that they came in. */
function byStart(left: JoinedSplice, right: JoinedSplice): number {
  return left.start - right.start || left.end - right.end;
}
