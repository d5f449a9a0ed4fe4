/**
 * The reader of Apache httpd's configuration, as server/config.c and util.c of httpd 2.4 read it, over Text: a directive a
 * line, sections in angle brackets, `\` at the end continues a line, `#` at its start is a comment.
 */
import {
  concat,
  type Located,
  locate,
  placeOf,
  replaceMatches,
  slice,
  type Text,
  textAt,
} from "../text/text.ts";

/** A word, its quotes removed. */
export interface HttpdWord extends Located {
  readonly text: Text;
}

/** A directive, or a section with what stands in it. */
export interface HttpdDirective extends Located {
  /** In lower case: names are compared so. */
  readonly name: string;
  readonly args: readonly HttpdWord[];
  readonly block?: readonly HttpdDirective[];
}

/** One reason why httpd refuses the file. */
export interface HttpdError extends Located {
  readonly message: string;
}

/** What was read. */
export interface HttpdFile {
  readonly directives: readonly HttpdDirective[];
  readonly errors: readonly HttpdError[];
}

interface Line {
  readonly text: Text;
  readonly start: number;
  readonly end: number;
}

interface Frame {
  readonly directives: HttpdDirective[];
  readonly head: HttpdDirective | undefined;
}

/** Nobody nests deeper. */
const depthLimit = 100;

/** Reads a configuration file. Never throws. */
export function readHttpd(text: Text): HttpdFile {
  const errors: HttpdError[] = [];
  const root: Frame = { directives: [], head: undefined };
  const frames: Frame[] = [root];
  for (const line of linesOf(text)) {
    const place = locate(text, line.start, line.end);
    const { value } = line.text;
    if (value === "" || value.startsWith("#")) continue;
    const frame = frames.at(-1) ?? root;
    const closing = /^<\/\s*([\w-]+)\s*>?/u.exec(value)?.[1]?.toLowerCase();
    if (closing !== undefined) {
      if (frame.head?.name === closing && frames.length > 1) closeFrame(frames);
      else errors.push({ message: `</${closing}> without its <${closing}>`, ...place });
      continue;
    }
    if (!value.startsWith("<")) {
      frame.directives.push(directiveOf(line.text, place));
      continue;
    }
    if (!value.endsWith(">")) errors.push({ message: 'a ">" is missing at the end of this line', ...place });
    const inner = slice(line.text, 1, value.length - (value.endsWith(">") ? 1 : 0));
    if (frames.length > depthLimit)
      errors.push({ message: `more than ${depthLimit} sections inside each other`, ...place });
    else frames.push({ directives: [], head: directiveOf(inner, place) });
  }
  while (frames.length > 1) {
    const head = frames.at(-1)?.head;
    if (head !== undefined) errors.push({ message: `<${head.name}> is never closed`, ...placeOf(head) });
    closeFrame(frames);
  }
  return { directives: root.directives, errors };
}

/** The comments: lines, with those that a backslash joins to them. */
export function httpdComments(text: Text): readonly Located[] {
  return linesOf(text).flatMap((line) =>
    line.text.value.startsWith("#") ? [locate(text, line.start, line.end)] : [],
  );
}

function closeFrame(frames: Frame[]): void {
  const frame = frames.pop();
  if (frame?.head !== undefined) frames.at(-1)?.directives.push({ ...frame.head, block: frame.directives });
}

/** Lines without the white space around them, continued ones joined. */
function linesOf(text: Text): readonly Line[] {
  const lines: Line[] = [];
  const pattern = /(?:[^\\\r\n]|\\(?!\r?\n|\r)|\\\r?\n)*/gu;
  for (const match of text.value.matchAll(pattern)) {
    const raw = match[0];
    const start = match.index + raw.length - raw.trimStart().length;
    const end = match.index + raw.trimEnd().length;
    if (end <= start) continue;
    const joined = replaceMatches(slice(text, start, end), /\\\r?\n/gu, () => concat([]));
    lines.push({ text: joined, start, end });
  }
  return lines;
}

const wordPattern = /"((?:\\.|[^"\\])*)"?|'((?:\\.|[^'\\])*)'?|\S+/gu;

function directiveOf(line: Text, place: Located): HttpdDirective {
  const name = /^\S+/u.exec(line.value)?.[0] ?? "";
  const args = [...line.value.slice(name.length).matchAll(wordPattern)].map((match): HttpdWord => {
    const start = name.length + match.index;
    const end = start + match[0].length;
    const at = locate(line, start, end);
    const quoted = match[1] ?? match[2];
    if (quoted === undefined) return { text: slice(line, start, end), ...at };
    const content = slice(line, start + 1, start + 1 + quoted.length);
    const quote = match[0][0] ?? "";
    return {
      text: quoted.includes(`\\${quote}`) ? textAt(quoted.replaceAll(`\\${quote}`, quote), at) : content,
      ...at,
    };
  });
  return { name: name.toLowerCase(), args, ...place };
}
