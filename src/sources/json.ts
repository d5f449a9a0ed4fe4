/**
 * The JSON reader. Ours, because what Orthanc accepts is not JSON, no two of its readers agree, and positions have
 * to survive substituted text. Iterative: nesting costs memory, never the call stack.
 */
import { type Hole, type Located, locate, type Text } from "../text/text.ts";
import {
  type Dialect,
  dialects,
  type JsonDialect,
  type Punctuation,
  readToken,
  type Token,
  type ValueToken,
} from "./json-tokens.ts";
import type { Member, Tree } from "./tree.ts";

/** One reason why the imitated reader refuses the text. */
export interface JsonError extends Located {
  /** What was expected there, as a sentence without a full stop. */
  readonly message: string;
}

/** What was read. After an error reading goes on as well as it can, so that the rest can still be judged. */
export interface JsonResult {
  /** The root value; undefined when there is none. */
  readonly root: Tree | undefined;
  /** In text order; empty when the imitated reader accepts the text. */
  readonly errors: readonly JsonError[];
}

/** How far a reading has come. */
interface Reading {
  readonly text: Text;
  readonly dialect: Dialect;
  readonly errors: JsonError[];
  /** The objects and arrays that are open, outermost first. */
  readonly stack: Frame[];
  /** Where the next token begins, white space aside. */
  offset: number;
  expecting: "key" | "value" | "separator";
  root: Tree | undefined;
  finished: boolean;
}

type Frame = ObjectFrame | ArrayFrame;

interface ObjectFrame {
  readonly kind: "object";
  readonly start: number;
  readonly members: Member[];
  /** The key whose value comes next. */
  key: { readonly name: string; readonly at: Located } | undefined;
  open: Hole | undefined;
}

interface ArrayFrame {
  readonly kind: "array";
  readonly start: number;
  readonly items: Tree[];
}

/** Reads a JSON text as the given reader would. Never throws. */
export function readJson(text: Text, dialectName: JsonDialect): JsonResult {
  const dialect = dialects[dialectName];
  const reading: Reading = {
    text,
    dialect,
    errors: [],
    stack: [],
    offset: 0,
    expecting: "value",
    root: undefined,
    finished: false,
  };
  skipByteOrderMark(reading);
  while (!reading.finished) step(reading);
  if (reading.root !== undefined && reading.errors.length === 0 && !dialect.textAfterRoot) {
    const rest = next(reading);
    if (rest.type !== "end") fail(reading, "nothing may follow the closing brace", rest);
  }
  return { root: reading.root, errors: reading.errors };
}

function skipByteOrderMark(reading: Reading): void {
  if (reading.text.value.charCodeAt(0) !== 0xfeff) return;
  reading.offset = 1;
  if (!reading.dialect.bom)
    fail(reading, "the file starts with a byte order mark, which this reader refuses", { start: 0, end: 1 });
}

function fail(reading: Reading, message: string, { start, end }: Pick<Token, "start" | "end">): void {
  const { length } = reading.text.value;
  reading.errors.push({ message, ...locate(reading.text, Math.min(start, length), Math.min(end, length)) });
}

/** Takes the next token, and what it means where it stands. */
function step(reading: Reading): void {
  const frame = reading.stack.at(-1);
  const token = next(reading, frame?.kind === "array" && reading.expecting === "value");
  if (token.type === "end") atEnd(reading, frame, token);
  else if (token.type === "bad") atMistake(reading, token);
  else if (reading.expecting === "separator") atSeparator(reading, frame, token);
  else if (reading.expecting === "key" && frame?.kind === "object") atKey(reading, frame, token);
  else atValue(reading, frame, token);
}

/** The next token that is not a comment. `inArray`: where JsonCpp looks for the closing bracket itself. */
function next(reading: Reading, inArray = false): Exclude<Token, { type: "comment" }> {
  const { text, dialect } = reading;
  let token = readToken(text, reading.offset, dialect);
  const skipped = token.type === "comment";
  while (token.type === "comment") token = readToken(text, token.end, dialect);
  if (skipped && inArray && !dialect.commentsAnywhere && isPunctuation(token, "]")) {
    // JsonCpp 1.9.5 readArray looks at the raw character: a comment between it and the bracket hides the bracket.
    fail(
      reading,
      "a value was expected here: a comment may not stand alone before the closing bracket",
      token,
    );
  }
  reading.offset = token.end;
  return token;
}

function isPunctuation<Char extends Punctuation["char"]>(
  token: Token,
  ...chars: readonly Char[]
): token is Punctuation & { readonly char: Char } {
  return token.type === "punctuation" && chars.some((char) => char === token.char);
}

function atMistake(reading: Reading, token: Extract<Token, { type: "bad" }>): void {
  fail(reading, token.message, token);
  if (reading.expecting !== "value") return;
  const hole = { reason: "it is not valid JSON" };
  deliver(reading, {
    kind: "unknown",
    quoted: false,
    hole,
    ...locate(reading.text, token.start, token.end),
  });
}

function atKey(reading: Reading, frame: ObjectFrame, token: Punctuation | ValueToken): void {
  if (isPunctuation(token, "}")) {
    if (frame.members.length > 0 && !reading.dialect.trailingCommas)
      fail(reading, "a comma may not stand before the closing brace", token);
    close(reading, token.end);
  } else if (token.type === "value" && token.tree.kind === "string") {
    startMember(reading, frame, token.tree.text.value, token);
  } else if (token.type === "value" && token.tree.kind === "unknown") {
    // An unknown variable in the place of a key may hold any number of members; in quotes it is a part of one key.
    frame.open = token.tree.hole;
    if (token.tree.quoted) startMember(reading, frame, unknownKey, token);
    else reading.expecting = "separator";
  } else {
    fail(reading, "a key in double quotes was expected", token);
    if (isPunctuation(token, "]")) close(reading, token.end);
  }
}

/** What a key is called that an unknown variable is part of: its value is kept, for the secrets that it may hold. */
export const unknownKey = "(name from a variable)";

function startMember(reading: Reading, frame: ObjectFrame, name: string, { start, end }: ValueToken): void {
  frame.key = { name, at: locate(reading.text, start, end) };
  readColon(reading, name);
  reading.expecting = "value";
}

function readColon(reading: Reading, key: string): void {
  const { text, dialect } = reading;
  const following = readToken(text, reading.offset, dialect);
  if (following.type === "comment" && !dialect.commentsAnywhere)
    fail(reading, "a colon was expected here: no comment may stand between a key and its colon", following);
  const colon = next(reading);
  if (isPunctuation(colon, ":")) return;
  fail(reading, `a colon was expected after the key "${key}"`, colon);
  reading.offset = colon.start;
}

function atSeparator(reading: Reading, frame: Frame | undefined, token: Punctuation | ValueToken): void {
  const closing = frame?.kind === "object" ? "}" : "]";
  const following = frame?.kind === "object" ? "key" : "value";
  if (isPunctuation(token, ",")) {
    reading.expecting = following;
  } else if (isPunctuation(token, "}", "]")) {
    if (token.char !== closing) fail(reading, `"${closing}" was expected, not "${token.char}"`, token);
    close(reading, token.end);
  } else if (token.type !== "value" || token.tree.kind !== "unknown" || token.tree.quoted) {
    fail(reading, `a comma or "${closing}" was expected`, token);
    reading.offset = token.start;
    reading.expecting = following;
  }
}

function atValue(reading: Reading, frame: Frame | undefined, token: Punctuation | ValueToken): void {
  if (token.type === "value") {
    deliver(reading, token.tree);
  } else if (isPunctuation(token, "{", "[")) {
    open(reading, token);
  } else if (isPunctuation(token, "]") && frame?.kind === "array") {
    if (frame.items.length > 0 && !reading.dialect.trailingCommas)
      fail(reading, "a comma may not stand before the closing bracket", token);
    close(reading, token.end);
  } else {
    fail(reading, "a value was expected", token);
    if (isPunctuation(token, "}", "]")) close(reading, token.end);
    else if (isPunctuation(token, ",") && frame?.kind === "object") reading.expecting = "key";
  }
}

/** The text ends: too early, or what is open would have been closed. */
function atEnd(reading: Reading, frame: Frame | undefined, end: Pick<Token, "start" | "end">): void {
  if (frame === undefined) {
    fail(reading, "the file holds no value; an object in braces was expected", end);
    reading.finished = true;
    return;
  }
  // A brace at the start of the file tells nobody where to look: the end of the text does.
  const opened = locate(reading.text, frame.start, frame.start + 1).at;
  fail(reading, `the text ends before "${frame.kind === "object" ? "}" : "]"}"`, {
    start: opened.start === 0 ? end.start : frame.start,
    end: frame.start + 1,
  });
  while (!reading.finished) close(reading, end.end);
}

function open(reading: Reading, { char, start, end }: Punctuation): void {
  if (reading.stack.length >= reading.dialect.depth) {
    fail(reading, `nesting deeper than ${reading.dialect.depth} levels`, { start, end });
    reading.finished = true;
    return;
  }
  reading.stack.push(
    char === "{"
      ? { kind: "object", start, members: [], key: undefined, open: undefined }
      : { kind: "array", start, items: [] },
  );
  reading.expecting = char === "{" ? "key" : "value";
}

function close(reading: Reading, end: number): void {
  const frame = reading.stack.pop();
  if (frame !== undefined) deliver(reading, treeOf(frame, locate(reading.text, frame.start, end)));
}

function treeOf(frame: Frame, where: Located): Tree {
  if (frame.kind === "array") return { kind: "array", items: frame.items, ...where };
  const { members, open: hole } = frame;
  return { kind: "object", members, ...(hole === undefined ? {} : { open: hole }), ...where };
}

/** Puts a value into what is open; with nothing open it is the root. */
function deliver(reading: Reading, tree: Tree): void {
  const frame = reading.stack.at(-1);
  reading.expecting = "separator";
  if (frame === undefined) {
    reading.root = tree;
    reading.finished = true;
  } else if (frame.kind === "array") {
    frame.items.push(tree);
  } else if (frame.key !== undefined) {
    frame.members.push({ key: frame.key.name, keyAt: frame.key.at, value: tree });
    frame.key = undefined;
  }
}
