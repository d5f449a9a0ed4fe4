/** The words of a JSON text as each of the imitated readers splits it. */
import {
  concat,
  type Hole,
  holeAt,
  holeIn,
  type Located,
  locate,
  slice,
  type Text,
  textAt,
} from "../text/text.ts";
import type { ArrayTree, ObjectTree, Tree } from "./tree.ts";

/**
 * Which reader is imitated.
 *
 * - `jsoncpp`: JsonCpp 1.9.5 with the default CharReaderBuilder, as Orthanc uses it (Toolbox.cpp, ReadJson): comments,
 *   trailing commas, raw control characters, a BOM, text after the root; 1,000 levels of nesting.
 * - `python`: Python's json.loads, as the start script of the orthancteam image uses it after removing comments.
 * - `strict`: RFC 8259.
 */
export type JsonDialect = "jsoncpp" | "python" | "strict";

/** What a reader accepts. */
export interface Dialect {
  readonly comments: boolean;
  /** JsonCpp reads no comment between a key and its colon, nor alone before the bracket that closes an array. */
  readonly commentsAnywhere: boolean;
  readonly trailingCommas: boolean;
  /** Line ends and control characters inside of texts. */
  readonly rawControls: boolean;
  readonly textAfterRoot: boolean;
  /** A byte order mark at the start. */
  readonly bom: boolean;
  /** NaN and Infinity. */
  readonly specialNumbers: boolean;
  /** Leading zeros, "1." and a lone "-", which is 0 (tried with Orthanc 1.10.1). */
  readonly looseNumbers: boolean;
  /** Levels of nesting. */
  readonly depth: number;
}

/** What each of them accepts. */
export const dialects: Readonly<Record<JsonDialect, Dialect>> = {
  jsoncpp: {
    comments: true,
    commentsAnywhere: false,
    trailingCommas: true,
    rawControls: true,
    textAfterRoot: true,
    bom: true,
    specialNumbers: false,
    looseNumbers: true,
    depth: 1000,
  },
  python: {
    comments: true,
    commentsAnywhere: true,
    trailingCommas: false,
    rawControls: false,
    textAfterRoot: false,
    bom: false,
    specialNumbers: true,
    looseNumbers: false,
    depth: 990,
  },
  strict: {
    comments: false,
    commentsAnywhere: false,
    trailingCommas: false,
    rawControls: false,
    textAfterRoot: false,
    bom: false,
    specialNumbers: false,
    looseNumbers: false,
    depth: 100_000,
  },
};

/** The offsets that a token takes up, the end exclusive. */
interface Span {
  readonly start: number;
  readonly end: number;
}

/** A bracket, a brace, a colon or a comma. */
export interface Punctuation extends Span {
  readonly type: "punctuation";
  readonly char: "{" | "}" | "[" | "]" | ":" | ",";
}

/** A value that holds no others. */
export interface ValueToken extends Span {
  readonly type: "value";
  readonly tree: Exclude<Tree, ObjectTree | ArrayTree>;
}

interface Bad extends Span {
  readonly type: "bad";
  /** What was expected there. */
  readonly message: string;
}

interface Comment extends Span {
  readonly type: "comment";
}

/** The end of the text. */
interface End extends Span {
  readonly type: "end";
}

/** A piece of a JSON text. */
export type Token = Punctuation | ValueToken | Bad | Comment | End;

/** The token that starts at the offset or, white space aside, after it. */
export function readToken(text: Text, from: number, dialect: Dialect): Token {
  const source = text.value;
  let start = from;
  while (isSpace(source.charCodeAt(start))) start++;
  if (start >= source.length) return { type: "end", start: source.length, end: source.length };
  const char = source.charAt(start);
  switch (char) {
    case "{":
    case "}":
    case "[":
    case "]":
    case ":":
    case ",":
      return { type: "punctuation", char, start, end: start + 1 };
    case '"':
      return readString(text, start, dialect);
    case "/":
      return readComment(source, start, dialect);
    default:
      return readBare(text, start, dialect);
  }
}

/** The comments of a text, read as the dialect reads it. */
export function jsonComments(text: Text, dialect: Dialect): readonly Located[] {
  const comments: Located[] = [];
  for (let offset = 0; ; ) {
    const token = readToken(text, offset, dialect);
    if (token.type === "end") return comments;
    if (token.type === "comment") comments.push(locate(text, token.start, token.end));
    offset = Math.max(token.end, offset + 1);
  }
}

function isSpace(code: number): boolean {
  return code === 32 || code === 9 || code === 10 || code === 13;
}

function bad(message: string, start: number, end: number): Bad {
  return { type: "bad", message, start, end };
}

function readComment(source: string, start: number, dialect: Dialect): Token {
  const second = source.charAt(start + 1);
  if (!dialect.comments) return bad("comments are not allowed here", start, lineEnd(source, start));
  if (second === "/") return { type: "comment", start, end: lineEnd(source, start) };
  if (second !== "*") return bad("a value was expected", start, start + 1);
  const close = source.indexOf("*/", start + 2);
  if (close < 0) return bad('a comment that starts with "/*" is never closed', start, source.length);
  return { type: "comment", start, end: close + 2 };
}

function lineEnd(source: string, from: number): number {
  for (let index = from; index < source.length; index++) {
    const code = source.charCodeAt(index);
    if (code === 10 || code === 13) return index;
  }
  return source.length;
}

const wordPattern = /[^\s,{}[\]:"/]+/y;

/** Anything that stands without quotes: numbers, true, false, null, an unknown variable, a mistake. */
function readBare(text: Text, start: number, dialect: Dialect): Token {
  const source = text.value;
  if (holeAt(text, start) !== undefined) return unknownWord(text, start);
  wordPattern.lastIndex = start;
  const word = wordPattern.exec(source)?.[0] ?? source.charAt(start);
  if (holeIn(text, start, start + word.length) !== undefined) return unknownWord(text, start);
  return (
    readLiteral(text, start, word) ?? readNumber(text, start, word, dialect) ?? badWord(source, start, word)
  );
}

/** What begins with true, false or null; what follows it is the next token, as in JsonCpp. */
function readLiteral(text: Text, start: number, word: string): Token | undefined {
  const literal = ["true", "false", "null"].find((candidate) => word.startsWith(candidate));
  if (literal === undefined) return undefined;
  const end = start + literal.length;
  const where = locate(text, start, end);
  return {
    type: "value",
    tree:
      literal === "null"
        ? { kind: "null", ...where }
        : { kind: "boolean", value: literal === "true", ...where },
    start,
    end,
  };
}

const loosePattern = /^-?\d*(?:\.\d*)?(?:[eE][+-]?\d+)?$/;
const strictPattern = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/;

function readNumber(text: Text, start: number, word: string, dialect: Dialect): Token | undefined {
  const end = start + word.length;
  const number = (value: number, integer: boolean): Token => {
    return {
      type: "value",
      tree: { kind: "number", value, integer, ...locate(text, start, end) },
      start,
      end,
    };
  };
  if (dialect.specialNumbers && /^(?:NaN|-?Infinity)$/.test(word)) return number(Number(word), false);
  if (!/^(?:-?\d|-$)/.test(word)) return undefined;
  const pattern = dialect.looseNumbers ? loosePattern : strictPattern;
  if (!pattern.test(word)) return bad(`"${word}" is not a number`, start, end);
  return number(word === "-" ? 0 : Number.parseFloat(word), /^-?\d*$/.test(word));
}

function badWord(source: string, start: number, word: string): Token {
  const end = start + word.length;
  if (word.startsWith("#"))
    return bad('comments start with "//" here, not with "#"', start, lineEnd(source, start));
  if (word.startsWith("'")) return badSingleQuotes(source, start);
  const lower = word.toLowerCase();
  if (lower === "true" || lower === "false" || lower === "null")
    return bad(`"${word}" must be written in lower case: ${lower}`, start, end);
  return bad("a value was expected: a text needs double quotes", start, end);
}

function badSingleQuotes(source: string, start: number): Token {
  const close = source.indexOf("'", start + 1);
  const end = close < 0 || close > lineEnd(source, start) ? start + 1 : close + 1;
  return bad("a text needs double quotes, not single ones", start, end);
}

/** A run of holes and words without quotes: its value may be anything. */
function unknownWord(text: Text, start: number): Token {
  const source = text.value;
  let end = start;
  while (end < source.length && (holeAt(text, end) !== undefined || !/[\s,{}[\]:"]/.test(source.charAt(end))))
    end++;
  const hole: Hole = holeIn(text, start, end) ?? { reason: "unknown" };
  return unknownValue(hole, false, locate(text, start, end), start, end);
}

function unknownValue(hole: Hole, quoted: boolean, where: Located, start: number, end: number): Token {
  return { type: "value", tree: { kind: "unknown", quoted, hole, ...where }, start, end };
}

function readString(text: Text, start: number, dialect: Dialect): Token {
  const { parts, end, mistake } = readCharacters(text, start + 1, dialect);
  if (end === undefined) return bad("a text in double quotes is never closed", start, text.value.length);
  if (mistake !== undefined) return { ...mistake, end };
  const where = locate(text, start, end);
  const hole = holeIn(text, start, end);
  if (hole !== undefined) return unknownValue(hole, true, where, start, end);
  return { type: "value", tree: { kind: "string", text: concat(parts), ...where }, start, end };
}

/** The characters of a text in double quotes: what they spell, the end behind the closing quote, the first mistake. */
interface Characters {
  readonly parts: readonly Text[];
  /** Undefined when the text is never closed. */
  readonly end: number | undefined;
  readonly mistake: Bad | undefined;
}

function readCharacters(text: Text, from: number, dialect: Dialect): Characters {
  const source = text.value;
  const parts: Text[] = [];
  let mistake: Bad | undefined;
  let runStart = from;
  let index = from;
  while (index < source.length) {
    const code = source.charCodeAt(index);
    if (code === 34) {
      if (index > runStart) parts.push(slice(text, runStart, index));
      return { parts, end: index + 1, mistake };
    }
    if (code < 32 && !dialect.rawControls)
      mistake ??= bad("a line end or control character may not stand in a text", index, index + 1);
    if (code !== 92) {
      index++;
      continue;
    }
    if (index > runStart) parts.push(slice(text, runStart, index));
    const escaped = readEscape(source, index);
    if (escaped.value === undefined)
      mistake ??= bad("unknown escape in a text; a backslash is written twice", index, escaped.end);
    else parts.push(textAt(escaped.value, locate(text, index, escaped.end)));
    index = escaped.end;
    runStart = index;
  }
  return { parts, end: undefined, mistake };
}

const simpleEscapes: Readonly<Record<string, string>> = {
  '"': '"',
  "/": "/",
  "\\": "\\",
  b: "\b",
  f: "\f",
  n: "\n",
  r: "\r",
  t: "\t",
};

function readEscape(
  source: string,
  start: number,
): { readonly value: string | undefined; readonly end: number } {
  const char = source.charAt(start + 1);
  if (char !== "u") return { value: simpleEscapes[char], end: start + 2 };
  const digits = source.slice(start + 2, start + 6);
  if (!/^[0-9a-fA-F]{4}$/.test(digits)) return { value: undefined, end: start + 2 };
  return { value: String.fromCharCode(Number.parseInt(digits, 16)), end: start + 6 };
}
