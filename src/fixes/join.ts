/** Joins new texts of one range that begin the same block: a key stands once, whatever comes into it. */
import type { Shared } from "./writers/change.ts";

/** An edit of a text by offsets. */
export interface OffsetSplice {
  readonly start: number;
  readonly end: number;
  readonly text: string;
  readonly shared: readonly Shared[];
}

/** What is written over one range. */
export interface JoinedSplice {
  readonly start: number;
  readonly end: number;
  readonly text: string;
  /** Offset within the text at which the words of an edit begin, by {@link keyOf}. */
  readonly parts: ReadonlyMap<string, number>;
}

/** Tells edits apart: those with the same key are one. */
export function keyOf({ start, end, text }: OffsetSplice): string {
  return JSON.stringify([start, end, text]);
}

/** Each edit once, and those of one range that share a frame as one. */
export function joinedSplices(splices: readonly OffsetSplice[]): readonly JoinedSplice[] {
  const once = [...new Map(splices.map((splice) => [keyOf(splice), splice])).values()];
  const pieces = once.map((splice): Piece => ({ splice, levels: splice.shared, inner: innerOf(splice) }));
  const ranges = groups(pieces, ({ splice }) => JSON.stringify([splice.start, splice.end]));
  return ranges.flatMap((range) => frames(range).flatMap(written).toSorted(deeperFirst));
}

/** Of new lines at one place the deeper ones come first: they end the block that is open there. */
function deeperFirst(left: JoinedSplice, right: JoinedSplice): number {
  const [one, other] = [left, right].map(({ text }) => /^\r?\n([ \t]*)/u.exec(text)?.[1]?.length);
  return one === undefined || other === undefined ? 0 : other - one;
}

/** An edit, or what is left of it inside of frames that are dealt with. */
interface Piece {
  readonly splice: OffsetSplice;
  readonly levels: readonly Shared[];
  readonly inner: string;
}

function innerOf({ text, shared }: OffsetSplice): string {
  const length = (part: "before" | "after"): number =>
    shared.reduce((sum, level) => sum + level[part].length, 0);
  return text.slice(length("before"), text.length - length("after"));
}

/** Pieces with the same outermost frame, in the order in which each frame came first. */
function frames(pieces: readonly Piece[]): readonly (readonly Piece[])[] {
  let alone = 0;
  return groups(pieces, ({ levels: [first] }) =>
    first === undefined ? String(alone++) : JSON.stringify([first.before, first.between, first.after]),
  );
}

function written(pieces: readonly Piece[]): readonly JoinedSplice[] {
  const [first] = pieces;
  if (first === undefined) return [];
  const { start, end } = first.splice;
  return [{ start, end, ...textOf(pieces) }];
}

type Joined = Pick<JoinedSplice, "text" | "parts">;

/** The text of pieces that have the same outermost frame. */
function textOf(pieces: readonly Piece[]): Joined {
  const [first] = pieces;
  const [level] = first?.levels ?? [];
  if (first === undefined || level === undefined) return bare(first);
  const rest = pieces.map((piece) => ({ ...piece, levels: piece.levels.slice(1) }));
  let text = level.before;
  const parts = new Map<string, number>();
  for (const [index, group] of frames(rest).entries()) {
    if (index > 0) text += level.between;
    const inner = textOf(group);
    for (const [key, offset] of inner.parts) parts.set(key, text.length + offset);
    text += inner.text;
  }
  return { text: text + level.after, parts };
}

/** Its words begin behind the white space. */
function bare(piece: Piece | undefined): Joined {
  if (piece === undefined) return { text: "", parts: new Map() };
  const { inner, splice } = piece;
  const blank = inner.length - inner.trimStart().length;
  return { text: inner, parts: new Map([[keyOf(splice), blank < inner.length ? blank : 0]]) };
}

function groups<T>(items: readonly T[], key: (item: T) => string): readonly (readonly T[])[] {
  const found = new Map<string, T[]>();
  for (const item of items) {
    const own = key(item);
    found.set(own, [...(found.get(own) ?? []), item]);
  }
  return [...found.values()];
}
