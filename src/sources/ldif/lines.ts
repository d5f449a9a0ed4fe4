/** Lines of LDIF: unfolded, without comments. */
import { concat, type Located, locate, slice, type Text } from "../../text/text.ts";

/** A logical line: a range of the file, or, when folded, of a Text made of its parts. */
export interface Line {
  readonly text: Text;
  readonly start: number;
  readonly end: number;
  readonly continuesNothing?: boolean;
}

/** The comments of an LDIF file; one that is folded goes on over its lines. */
export function ldifComments(text: Text): readonly Located[] {
  const comments: Located[] = [];
  for (const _line of logicalLines(text, (start, end) => comments.push(locate(text, start, end))));
  return comments;
}

/** Unfolded lines without comments, which are passed on as ranges; null for a blank line and at the end. */
export function* logicalLines(
  text: Text,
  onComment: (start: number, end: number) => void = () => {},
): Generator<Line | null> {
  const source = text.value;
  let offset = 0;
  while (offset < source.length) {
    const start = offset;
    let end = endOfLine(source, start);
    offset = nextLine(source, start);
    if (end === start) {
      yield null;
      continue;
    }
    const parts: Text[] = [];
    while (source.charCodeAt(offset) === 32) {
      if (parts.length === 0) parts.push(slice(text, start, end));
      end = endOfLine(source, offset);
      parts.push(slice(text, offset + 1, end));
      offset = nextLine(source, offset);
    }
    if (source.charCodeAt(start) === 35) {
      onComment(start, end);
      continue;
    }
    const lost = source.charCodeAt(start) === 32 ? { continuesNothing: true } : {};
    if (parts.length === 0) yield { text, start, end, ...lost };
    else {
      const whole = concat(parts);
      yield { text: whole, start: 0, end: whole.value.length, ...lost };
    }
  }
  yield null;
}

function endOfLine(source: string, from: number): number {
  const feed = source.indexOf("\n", from);
  const end = feed < 0 ? source.length : feed;
  return end > from && source.charCodeAt(end - 1) === 13 ? end - 1 : end;
}

function nextLine(source: string, from: number): number {
  const feed = source.indexOf("\n", from);
  return feed < 0 ? source.length : feed + 1;
}
