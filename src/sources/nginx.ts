/**
 * The nginx configuration reader: a port of ngx_conf_read_token() of nginx 1.22 over Text, so that an argument that came
 * out of a template or an include still has its place. Iterative and linear; what nginx would refuse is an error with
 * its place, and reading goes on behind it.
 */
import { type Located, locate, placeOf, replaceMatches, slice, type Text, textAt } from "../text/text.ts";

/** One argument, its quotes removed and its escapes resolved. */
export interface NginxWord extends Located {
  readonly text: Text;
  /** Whether it stands in quotes. */
  readonly quoted: boolean;
}

/** One directive; `at` covers its name and its arguments. */
export interface NginxDirective extends Located {
  readonly name: string;
  readonly nameAt: Located;
  readonly args: readonly NginxWord[];
  /** The directives between its braces; absent when it ends with a semicolon. */
  readonly block?: readonly NginxDirective[];
  /** What stands between its braces, as a range: where an edit adds a line. */
  readonly body?: Located;
  /** The program of a `*_by_lua_block`, which is not read. */
  readonly code?: Text;
}

/** One reason why nginx refuses the file. */
export interface NginxError extends Located {
  readonly message: string;
}

/** What was read; `errors` is empty when nginx accepts the syntax. */
export interface NginxFile {
  readonly directives: readonly NginxDirective[];
  readonly errors: readonly NginxError[];
  /** From the sign to the end of the line. */
  readonly comments: readonly Located[];
}

/** nginx reads through a buffer of this many bytes, which an argument and a comment have to fit in (NGX_CONF_BUFFER). */
const bufferBytes = 4096;

/** nginx nests without a limit until its stack ends; nobody writes so many levels. */
const depthLimit = 100;

interface Frame {
  readonly directives: NginxDirective[];
  readonly head: Head | undefined;
  readonly bodyStart: number;
}

interface Head extends Located {
  readonly name: NginxWord;
  readonly args: readonly NginxWord[];
}

interface WordToken {
  readonly type: "word";
  readonly start: number;
  readonly end: number;
  readonly word: NginxWord;
}

interface MarkToken {
  readonly type: ";" | "{" | "}" | "end";
  readonly start: number;
  readonly end: number;
}

interface Reader {
  readonly text: Text;
  readonly source: string;
  readonly errors: NginxError[];
  readonly comments: Located[];
  offset: number;
  /** How often a string without end was cut at its line's end; more than twice is not worth it. */
  cuts: number;
}

/** Reads one nginx configuration file. Never throws. */
export function readNginx(text: Text): NginxFile {
  const reader: Reader = { text, source: text.value, errors: [], comments: [], offset: 0, cuts: 0 };
  const root: Frame = { directives: [], head: undefined, bodyStart: 0 };
  const frames: Frame[] = [root];
  let words: WordToken[] = [];
  for (let token = nextToken(reader); ; token = nextToken(reader)) {
    if (token.type === "word") {
      words.push(token);
      continue;
    }
    const frame = frames.at(-1) ?? root;
    const head = headOf(reader, words);
    words = [];
    if (token.type === "end") {
      endOfFile(reader, frames, head, token);
      break;
    }
    if (token.type === ";") addSimple(reader, frame, head, token);
    else if (token.type === "{") openBlock(reader, frames, frame, head, token);
    else closeBlock(reader, frames, frame, head, token);
  }
  while (frames.length > 1) popFrame(reader, frames, reader.source.length);
  return { directives: root.directives, errors: reader.errors, comments: reader.comments };
}

function fail(reader: Reader, message: string, start: number, end: number): void {
  reader.errors.push({ message, ...locate(reader.text, start, end) });
}

function headOf(reader: Reader, tokens: readonly WordToken[]): Head | undefined {
  const [name, ...args] = tokens;
  const last = tokens.at(-1);
  if (name === undefined || last === undefined) return undefined;
  return {
    name: name.word,
    args: args.map((token) => token.word),
    ...locate(reader.text, name.start, last.end),
  };
}

function directiveOf(head: Head): NginxDirective {
  const { at, via, name, args } = head;
  return { name: name.text.value, nameAt: placeOf(name), args, at, ...(via && { via }) };
}

function addSimple(reader: Reader, frame: Frame, head: Head | undefined, token: MarkToken): void {
  if (head === undefined) fail(reader, 'unexpected ";"', token.start, token.end);
  else frame.directives.push(directiveOf(head));
}

function openBlock(
  reader: Reader,
  frames: Frame[],
  frame: Frame,
  head: Head | undefined,
  token: MarkToken,
): void {
  if (head === undefined) fail(reader, 'unexpected "{"', token.start, token.end);
  if (head?.name.text.value.endsWith("_by_lua_block")) {
    const code = skipLua(reader, token);
    frame.directives.push({ ...directiveOf(head), code });
    return;
  }
  if (frames.length === depthLimit + 1)
    fail(reader, `more than ${depthLimit} blocks inside each other`, token.start, token.end);
  frames.push({ directives: [], head, bodyStart: token.end });
}

function closeBlock(
  reader: Reader,
  frames: Frame[],
  frame: Frame,
  head: Head | undefined,
  token: MarkToken,
): void {
  if (head !== undefined) {
    reader.errors.push({ message: 'unexpected "}": a ";" is missing after this', ...placeOf(head) });
    frame.directives.push(directiveOf(head));
  }
  if (frames.length === 1) fail(reader, 'unexpected "}": no block is open here', token.start, token.end);
  else popFrame(reader, frames, token.start);
}

function popFrame(reader: Reader, frames: Frame[], bodyEnd: number): void {
  const frame = frames.pop();
  const parent = frames.at(-1);
  if (frame?.head === undefined || parent === undefined || frames.length > depthLimit) return;
  const body = locate(reader.text, frame.bodyStart, bodyEnd);
  parent.directives.push({ ...directiveOf(frame.head), block: frame.directives, body });
}

function endOfFile(reader: Reader, frames: readonly Frame[], head: Head | undefined, token: MarkToken): void {
  if (head !== undefined) {
    reader.errors.push({ message: 'unexpected end of file: a ";" is missing after this', ...placeOf(head) });
    frames.at(-1)?.directives.push(directiveOf(head));
  }
  const open = frames.length > 1 ? frames.at(-1) : undefined;
  if (open === undefined) return;
  const message = 'unexpected end of file, expecting "}" for this block';
  if (open.head === undefined) fail(reader, message, token.start, token.end);
  else reader.errors.push({ message, ...placeOf(open.head) });
}

function isSpace(char: string | undefined): boolean {
  return char === " " || char === "\t" || char === "\n" || char === "\r";
}

/** The next word or mark. Spaces and comments are skipped; a mark right behind a word is a token of its own. */
function nextToken(reader: Reader): WordToken | MarkToken {
  const { source } = reader;
  for (; reader.offset < source.length; reader.offset++) {
    const char = source[reader.offset];
    if (isSpace(char) || (reader.offset === 0 && char === "\uFEFF")) continue;
    if (char !== "#") break;
    skipComment(reader);
  }
  const start = reader.offset;
  const char = source[start];
  if (char === undefined) return { type: "end", start, end: start };
  if (char === ";" || char === "{" || char === "}") {
    reader.offset++;
    return { type: char, start, end: start + 1 };
  }
  return char === '"' || char === "'" ? quotedWord(reader, char) : bareWord(reader);
}

function skipComment(reader: Reader): void {
  const start = reader.offset;
  const newline = reader.source.indexOf("\n", start);
  const end = newline === -1 ? reader.source.length : newline;
  if (newline !== -1) checkLength(reader, start, end, "comment");
  reader.comments.push(locate(reader.text, start, end));
  reader.offset = Math.max(end - 1, start);
}

function checkLength(reader: Reader, start: number, end: number, what: string): void {
  if ((end - start) * 3 < bufferBytes) return;
  if (new TextEncoder().encode(reader.source.slice(start, end)).length < bufferBytes) return;
  fail(
    reader,
    `too long ${what}: nginx reads at most ${bufferBytes - 1} bytes, refuses more`,
    start,
    Math.min(end, start + 40),
  );
}

function quotedWord(reader: Reader, quote: string): WordToken {
  const { source } = reader;
  const start = reader.offset;
  let end = start + 1;
  while (end < source.length && source[end] !== quote) end += source[end] === "\\" ? 2 : 1;
  if (end >= source.length) {
    fail(reader, `unexpected end of file: this string is never closed with ${quote}`, start, start + 1);
    const line = source.indexOf("\n", start);
    end = line === -1 || reader.cuts++ >= 2 ? source.length : line;
    while (end > start + 1 && /[\s;{]/.test(source[end - 1] ?? "")) end--;
    reader.offset = end;
    return wordToken(reader, start, start + 1, end, end, true);
  }
  checkLength(reader, start + 1, end + 1, "string");
  reader.offset = end + 1;
  afterQuote(reader);
  return wordToken(reader, start, start + 1, end, end + 1, true);
}

/** Behind a closing quote nginx wants a space, a mark or `)`, the last for `if ($x = "y")`. */
function afterQuote(reader: Reader): void {
  const next = reader.source[reader.offset];
  if (next === undefined || isSpace(next) || next === ";" || next === "{" || next === ")") return;
  fail(reader, `unexpected "${next}" after a closing quote`, reader.offset, reader.offset + 1);
}

/** A word without quotes ends at a space, `;` or `{`; the `{` of `${name}` belongs to it. */
function bareWord(reader: Reader): WordToken {
  const { source } = reader;
  const start = reader.offset;
  let end = start;
  for (; end < source.length; end++) {
    const char = source[end];
    if (char === "\\") end++;
    else if (char === "{" && source[end - 1] === "$" && end > start) continue;
    else if (char === ";" || char === "{" || isSpace(char)) break;
  }
  end = Math.min(end, source.length);
  checkLength(reader, start, end, "argument");
  reader.offset = end;
  return wordToken(reader, start, start, end, end, false);
}

function wordToken(
  reader: Reader,
  start: number,
  from: number,
  to: number,
  end: number,
  quoted: boolean,
): WordToken {
  const text = withoutEscapes(slice(reader.text, from, Math.max(from, to)));
  return { type: "word", start, end, word: { text, quoted, ...locate(reader.text, start, end) } };
}

const controlEscapes: Readonly<Record<string, string>> = { t: "\t", r: "\r", n: "\n" };

/** `\"`, `\'`, `\\`, `\t`, `\r` and `\n` are resolved; before anything else the backslash stays. */
function withoutEscapes(text: Text): Text {
  if (!text.value.includes("\\")) return text;
  return replaceMatches(text, /\\(["'\\]|[trn])/g, ({ 1: next = "", index }, where) => {
    const control = controlEscapes[next];
    return control === undefined ? slice(text, index + 1, index + 2) : textAt(control, where);
  });
}

/** Skips a Lua program as lua-nginx-module does: braces are counted, strings and comments are not looked into. */
function skipLua(reader: Reader, opening: MarkToken): Text {
  const marks = /[{}"']|--\[(=*)\[|--|\[(=*)\[/g;
  marks.lastIndex = opening.end;
  let depth = 1;
  for (let mark = marks.exec(reader.source); mark !== null; mark = marks.exec(reader.source)) {
    if (mark[0] === "{") depth++;
    else if (mark[0] === "}") depth--;
    else marks.lastIndex = luaTextEnd(reader.source, mark);
    if (depth > 0) continue;
    reader.offset = mark.index + 1;
    return slice(reader.text, opening.end, mark.index);
  }
  fail(reader, 'unexpected end of file, expecting "}" for this Lua block', opening.start, opening.end);
  reader.offset = reader.source.length;
  return slice(reader.text, opening.end, reader.source.length);
}

function luaTextEnd(source: string, mark: RegExpExecArray): number {
  const start = mark.index + mark[0].length;
  if (mark[0] === "--") return endOr(source.indexOf("\n", start), source, 0);
  const level = mark[1] ?? mark[2];
  if (level !== undefined) return endOr(source.indexOf(`]${level}]`, start), source, level.length + 2);
  let end = start;
  while (end < source.length && source[end] !== mark[0] && source[end] !== "\n")
    end += source[end] === "\\" ? 2 : 1;
  return Math.min(end + 1, source.length);
}

function endOr(found: number, source: string, length: number): number {
  return found === -1 ? source.length : found + length;
}
