/**
 * Text: a string that knows, character by character, where it came from.
 *
 * Substitution, escapes and embedding (JSON inside a variable inside an override file) make Texts from
 * Texts, so a value at the end of that chain still has its line and column.
 */

/** A range of a source file: UTF-16 offsets into its decoded content, `end` exclusive. */
export interface Place {
  /** Path of the file as the run knows it (relative to the working directory, forward slashes). */
  readonly file: string;
  readonly start: number;
  readonly end: number;
}

/** The same for equal places, different for others. */
export function placeKey(place: Place): string {
  return `${place.file}:${place.start}:${place.end}`;
}

/** Whether a place lies in another. */
export function covers(outer: Place, inner: Place): boolean {
  return outer.file === inner.file && outer.start <= inner.start && inner.end <= outer.end;
}

/** A place, and the outer places through which its text was pulled in, innermost first. */
export interface Located {
  readonly at: Place;
  /** Where the text at `at` was inserted, for instance the `${VAR}` whose value stands in an env file. */
  readonly via?: readonly Place[];
}

/** The place alone of what has more to it, such as a value. */
export function placeOf({ at, via }: Located): Located {
  return via === undefined ? { at } : { at, via };
}

/** Whether the text stands in another file than the one that it is inserted into, as that of a variable from `.env` does. */
export function isFromOtherFile({ at, via }: Located): boolean {
  return (via ?? []).some(({ file }) => file !== at.file);
}

/** A run of characters of a Text that map to one place. */
interface Piece {
  /** Offset in the Text's value where this piece starts. */
  readonly start: number;
  /** Offset in the Text's value where it ends, exclusive. */
  readonly end: number;
  readonly at: Place;
  readonly via: readonly Place[];
  /** True when character i of the piece is character i of the place; false when the whole maps to the whole. */
  readonly exact: boolean;
  /** Set when the characters stand for something unknown; says why. */
  readonly hole?: Hole;
}

/** Why a part of a Text is not known. */
export interface Hole {
  readonly reason: string;
  /** Set when it is not empty, whatever it is. */
  readonly filled?: true;
}

/** A string with a map from its characters to their sources. */
export interface Text {
  readonly value: string;
  readonly pieces: readonly Piece[];
}

/** The character that stands for a hole; whether one is really a hole is asked with {@link holeAt}. */
const HOLE_CHARACTER = "\uFFFC";

/** The whole content of a file as a Text. */
export function textOfFile(file: string, value: string): Text {
  return {
    value,
    pieces: [
      { start: 0, end: value.length, at: { file, start: 0, end: value.length }, via: [], exact: true },
    ],
  };
}

/** A Text whose every character maps to one place, for values that a file's text does not spell out. */
export function textAt(value: string, located: Located): Text {
  return {
    value,
    pieces: [{ start: 0, end: value.length, at: located.at, via: located.via ?? [], exact: false }],
  };
}

/** A Text that stands for an unknown value. */
export function holeText(reason: string, located: Located): Text {
  return textOfHole({ reason }, located);
}

/** The same of a hole that is there. */
export function textOfHole(hole: Hole, located: Located): Text {
  return {
    value: HOLE_CHARACTER,
    pieces: [{ start: 0, end: 1, at: located.at, via: located.via ?? [], exact: false, hole }],
  };
}

/** The characters from `start` to `end` (exclusive), with their sources. */
export function slice(text: Text, start: number, end: number): Text {
  const pieces: Piece[] = [];
  for (let index = firstPieceAt(text, start); index < text.pieces.length; index++) {
    const piece = text.pieces[index];
    if (piece === undefined || piece.start >= end) break;
    const from = Math.max(start, piece.start);
    const to = Math.min(end, piece.end);
    if (from >= to) continue;
    pieces.push({ ...piece, start: from - start, end: to - start, at: cut(piece, from, to) });
  }
  return { value: text.value.slice(start, end), pieces };
}

/** One Text after the other. */
export function concat(texts: readonly Text[]): Text {
  const only = texts.length === 1 ? texts[0] : undefined;
  if (only !== undefined) return only;
  const pieces: Piece[] = [];
  let length = 0;
  for (const text of texts) {
    for (const piece of text.pieces) {
      pieces.push({ ...piece, start: piece.start + length, end: piece.end + length });
    }
    length += text.value.length;
  }
  return { value: texts.map((text) => text.value).join(""), pieces };
}

/** A range of a Text, and what stands for it. */
export interface Replacement {
  readonly start: number;
  readonly end: number;
  readonly by: Text;
}

/** The Text with ranges replaced, which stand in order and apart; the rest keeps its sources. */
export function replaceRanges(text: Text, replacements: readonly Replacement[]): Text {
  if (replacements.length === 0) return text;
  const parts: Text[] = [];
  let done = 0;
  for (const { start, end, by } of replacements) {
    if (start > done) parts.push(slice(text, done, start));
    parts.push(by);
    done = end;
  }
  if (done < text.value.length) parts.push(slice(text, done, text.value.length));
  return concat(parts);
}

/** `String.replaceAll` for a Text. A match for which `replacement` answers undefined stays as it is. */
export function replaceMatches(
  text: Text,
  pattern: RegExp,
  replacement: (match: RegExpExecArray, where: Located) => Text | undefined,
): Text {
  const replacements = [...text.value.matchAll(pattern)].flatMap((match): readonly Replacement[] => {
    const start = match.index;
    const end = start + match[0].length;
    const by = replacement(match, locate(text, start, end));
    return by === undefined ? [] : [{ start, end, by }];
  });
  return replaceRanges(text, replacements);
}

/** The same Text, marked as inserted at `place` (the reference that it replaces). */
export function insertedAt(text: Text, outer: Located): Text {
  const added = [outer.at, ...(outer.via ?? [])];
  return {
    value: text.value,
    pieces: text.pieces.map((piece) => ({ ...piece, via: [...piece.via, ...added] })),
  };
}

/**
 * Where the characters from `start` to `end` come from. A range that mixes sources is located in the outermost
 * file that all of it passes through, or where it begins when there is none; an empty range at a boundary is located at the nearest character.
 */
export function locate(text: Text, start: number, end: number): Located {
  const first = text.pieces[firstPieceAt(text, start)];
  if (first === undefined) return locateEnd(text);
  if (end <= first.end) return located(cut(first, start, Math.max(start, end)), first.via);
  const last = text.pieces[firstPieceAt(text, Math.max(start, end - 1))] ?? first;
  return spanning(first, last, start, end);
}

/** Why part of the range is unknown, or undefined when all of it is known. */
export function holeIn(text: Text, start: number, end: number): Hole | undefined {
  for (let index = firstPieceAt(text, start); index < text.pieces.length; index++) {
    const piece = text.pieces[index];
    if (piece === undefined || piece.start >= end) return undefined;
    if (piece.hole !== undefined && piece.end > start) return piece.hole;
  }
  return undefined;
}

/** The hole that stands at this offset, if one does. */
export function holeAt(text: Text, offset: number): Hole | undefined {
  return text.value[offset] === HOLE_CHARACTER ? holeIn(text, offset, offset + 1) : undefined;
}

/** Whether no part of the Text is unknown. */
export function isKnown(text: Text): boolean {
  return text.pieces.every((piece) => piece.hole === undefined);
}

/** Index of the piece that holds the character at `offset`, by bisection; `pieces.length` when there is none. */
function firstPieceAt(text: Text, offset: number): number {
  let low = 0;
  let high = text.pieces.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    const piece = text.pieces[middle];
    if (piece !== undefined && piece.end <= offset) low = middle + 1;
    else high = middle;
  }
  return low;
}

function cut(piece: Piece, from: number, to: number): Place {
  if (!piece.exact) return piece.at;
  const start = piece.at.start + (from - piece.start);
  return { file: piece.at.file, start, end: start + (to - from) };
}

function locateEnd(text: Text): Located {
  const last = text.pieces.at(-1);
  if (last === undefined) return { at: { file: "", start: 0, end: 0 } };
  return located({ file: last.at.file, start: last.at.end, end: last.at.end }, last.via);
}

function located(at: Place, via: readonly Place[]): Located {
  return via.length === 0 ? { at } : { at, via };
}

/** A range over several pieces: from the outermost level at which first and last piece lie in one file. */
function spanning(first: Piece, last: Piece, start: number, end: number): Located {
  const begin = [cut(first, start, first.end), ...first.via].reverse();
  const finish = [cut(last, last.start, Math.min(end, last.end)), ...last.via].reverse();
  const outer: Place[] = [];
  for (let level = 0; level < Math.min(begin.length, finish.length); level++) {
    const from = begin[level];
    const to = finish[level];
    if (from === undefined || to === undefined || from.file !== to.file) break;
    outer.push({ file: from.file, start: Math.min(from.start, to.start), end: Math.max(from.end, to.end) });
    if (from.start !== to.start || from.end !== to.end) break;
  }
  const [at, ...via] = outer.reverse();
  return at === undefined ? located(cut(first, start, first.end), first.via) : located(at, via);
}
