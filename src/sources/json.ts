/**
 * The JSON reader. Ours, because what Orthanc accepts is not JSON, no two of its readers agree, and positions have
 * to survive substituted text. Iterative: nesting costs memory, never the call stack.
 */
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
import type { Member, Tree } from "./tree.ts";

/**
 * Which reader is imitated.
 *
 * - `jsoncpp`: JsonCpp 1.9.5 with the default CharReaderBuilder, as Orthanc uses it (Toolbox.cpp, ReadJson): comments,
 *   trailing commas, raw control characters, a BOM, text after the root; 1,000 levels of nesting.
 * - `python`: Python's json.loads, as the start script of the orthancteam image uses it after removing comments.
 * - `strict`: RFC 8259.
 */
export type JsonDialect = "jsoncpp" | "python" | "strict";

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

interface Dialect {
  readonly comments: boolean;
  readonly trailingCommas: boolean;
  readonly rawControls: boolean;
  readonly textAfterRoot: boolean;
  readonly bom: boolean;
  readonly specialNumbers: boolean;
  readonly depth: number;
}

const dialects: Record<JsonDialect, Dialect> = {
  jsoncpp: {
    comments: true,
    trailingCommas: true,
    rawControls: true,
    textAfterRoot: true,
    bom: true,
    specialNumbers: false,
    depth: 1000,
  },
  python: {
    comments: true,
    trailingCommas: false,
    rawControls: false,
    textAfterRoot: false,
    bom: false,
    specialNumbers: true,
    depth: 990,
  },
  strict: {
    comments: false,
    trailingCommas: false,
    rawControls: false,
    textAfterRoot: false,
    bom: false,
    specialNumbers: false,
    depth: 100_000,
  },
};

type Token =
  | {
      readonly type: "punctuation";
      readonly char: "{" | "}" | "[" | "]" | ":" | ",";
      readonly start: number;
      readonly end: number;
    }
  | { readonly type: "value"; readonly tree: Tree; readonly start: number; readonly end: number }
  | { readonly type: "comment"; readonly start: number; readonly end: number }
  | { readonly type: "end"; readonly start: number; readonly end: number }
  | { readonly type: "bad"; readonly message: string; readonly start: number; readonly end: number };

type Frame =
  | {
      readonly kind: "object";
      readonly start: number;
      readonly members: Member[];
      key?: PendingKey | undefined;
      open?: Hole;
    }
  | { readonly kind: "array"; readonly start: number; readonly items: Tree[] };

interface PendingKey {
  readonly name: string;
  readonly at: Located;
}

type SolidToken = Extract<Token, { type: "punctuation" | "value" }>;

/** Reads a JSON text as the given reader would. Never throws. */
export function readJson(text: Text, dialectName: JsonDialect): JsonResult {
  const dialect = dialects[dialectName];
  const errors: JsonError[] = [];
  const source = text.value;
  let offset = source.charCodeAt(0) === 0xfeff ? 1 : 0;
  if (offset === 1 && !dialect.bom)
    fail("the file starts with a byte order mark, which this reader refuses", 0, 1);

  function fail(message: string, start: number, end: number): void {
    errors.push({ message, ...locate(text, Math.min(start, source.length), Math.min(end, source.length)) });
  }

  /** The next token that is not a comment. `afterComma`: the place in an array where JsonCpp looks for `]` itself. */
  function next(inArrayBeforeValue = false): Token {
    let token = readToken(text, offset, dialect);
    const skipped = token.type === "comment";
    while (token.type === "comment") {
      offset = token.end;
      token = readToken(text, offset, dialect);
    }
    if (
      skipped &&
      inArrayBeforeValue &&
      dialectName === "jsoncpp" &&
      token.type === "punctuation" &&
      token.char === "]"
    ) {
      // JsonCpp 1.9.5 readArray looks at the raw character: a comment between it and the bracket hides the bracket.
      fail(
        "a value was expected here: a comment may not stand alone before the closing bracket",
        token.start,
        token.end,
      );
    }
    offset = token.end;
    return token;
  }

  const root = readRoot();
  if (root !== undefined && errors.length === 0 && !dialect.textAfterRoot) {
    const rest = next();
    if (rest.type !== "end") fail("nothing may follow the closing brace", rest.start, rest.end);
  }
  return { root, errors };

  function readRoot(): Tree | undefined {
    const stack: Frame[] = [];
    let expecting: "value" | "key" | "separator" = "value";
    for (;;) {
      const frame = stack.at(-1);
      const token = next(frame?.kind === "array" && expecting === "value");
      const done = step(frame, token);
      if (done !== undefined) return done.root;
    }

    function step(frame: Frame | undefined, token: Token): { root: Tree | undefined } | undefined {
      if (token.type === "end") return finishEarly(frame, token);
      if (token.type === "bad") {
        fail(token.message, token.start, token.end);
        return expecting === "value"
          ? deliver({
              kind: "unknown",
              quoted: false,
              hole: { reason: "it is not valid JSON" },
              ...locate(text, token.start, token.end),
            })
          : undefined;
      }
      if (token.type === "comment") return undefined;
      if (expecting === "key" && frame?.kind === "object") return atKey(frame, token);
      if (expecting === "separator") return atSeparator(frame, token);
      return atValue(frame, token);
    }

    function atKey(
      frame: Extract<Frame, { kind: "object" }>,
      token: SolidToken,
    ): { root: Tree | undefined } | undefined {
      if (token.type === "punctuation" && token.char === "}") {
        if (frame.members.length > 0 && !dialect.trailingCommas) {
          fail("a comma may not stand before the closing brace", token.start, token.end);
        }
        return close(token.end);
      }
      if (token.type === "value" && token.tree.kind === "string") {
        frame.key = { name: token.tree.text.value, at: locate(text, token.start, token.end) };
        const colonAt = readToken(text, offset, dialect);
        if (colonAt.type === "comment" && dialectName === "jsoncpp") {
          fail(
            "a colon was expected here: no comment may stand between a key and its colon",
            colonAt.start,
            colonAt.end,
          );
        }
        const colon = next();
        if (colon.type !== "punctuation" || colon.char !== ":") {
          fail(`a colon was expected after the key "${token.tree.text.value}"`, colon.start, colon.end);
          offset = colon.start;
        }
        expecting = "value";
        return undefined;
      }
      if (token.type === "value" && token.tree.kind === "unknown") {
        // An unknown variable in the place of a key may hold any number of members.
        frame.open = token.tree.hole;
        expecting = "separator";
        return undefined;
      }
      fail("a key in double quotes was expected", token.start, token.end);
      if (token.type === "punctuation" && token.char === "]") return close(token.end);
      return undefined;
    }

    function atSeparator(
      frame: Frame | undefined,
      token: SolidToken,
    ): { root: Tree | undefined } | undefined {
      const closing = frame?.kind === "object" ? "}" : "]";
      if (token.type === "punctuation" && token.char === ",") {
        expecting = frame?.kind === "object" ? "key" : "value";
        return undefined;
      }
      if (token.type === "punctuation" && (token.char === "}" || token.char === "]")) {
        if (token.char !== closing)
          fail(`"${closing}" was expected, not "${token.char}"`, token.start, token.end);
        return close(token.end);
      }
      if (token.type === "value" && token.tree.kind === "unknown" && !token.tree.quoted) return undefined;
      fail(`a comma or "${closing}" was expected`, token.start, token.end);
      offset = token.start;
      expecting = frame?.kind === "object" ? "key" : "value";
      return undefined;
    }

    function atValue(frame: Frame | undefined, token: SolidToken): { root: Tree | undefined } | undefined {
      if (token.type === "value") return deliver(token.tree);
      if (token.char === "{" || token.char === "[") {
        if (stack.length >= dialect.depth) {
          fail(`nesting deeper than ${dialect.depth} levels`, token.start, token.end);
          return { root: undefined };
        }
        stack.push(
          token.char === "{"
            ? { kind: "object", start: token.start, members: [] }
            : { kind: "array", start: token.start, items: [] },
        );
        expecting = token.char === "{" ? "key" : "value";
        return undefined;
      }
      if (token.char === "]" && frame?.kind === "array") {
        if (frame.items.length > 0 && !dialect.trailingCommas)
          fail("a comma may not stand before the closing bracket", token.start, token.end);
        return close(token.end);
      }
      fail("a value was expected", token.start, token.end);
      if (token.char === "}" || token.char === "]") return frame === undefined ? undefined : close(token.end);
      if (token.char === "," && frame?.kind === "object") expecting = "key";
      return undefined;
    }

    function deliver(tree: Tree): { root: Tree | undefined } | undefined {
      const frame = stack.at(-1);
      if (frame === undefined) return { root: tree };
      if (frame.kind === "array") frame.items.push(tree);
      else if (frame.key !== undefined) {
        frame.members.push({ key: frame.key.name, keyAt: frame.key.at, value: tree });
        frame.key = undefined;
      }
      expecting = "separator";
      return undefined;
    }

    function close(end: number): { root: Tree | undefined } | undefined {
      const frame = stack.pop();
      if (frame === undefined) return undefined;
      const where = locate(text, frame.start, end);
      expecting = "separator";
      if (frame.kind === "array") return deliver({ kind: "array", items: frame.items, ...where });
      return deliver({
        kind: "object",
        members: frame.members,
        ...(frame.open === undefined ? {} : { open: frame.open }),
        ...where,
      });
    }

    function finishEarly(frame: Frame | undefined, token: Token): { root: Tree | undefined } {
      if (frame === undefined) {
        fail("the file holds no value; an object in braces was expected", token.start, token.end);
        return { root: undefined };
      }
      const opened = locate(text, frame.start, frame.start + 1);
      fail(
        `the text ends before "${frame.kind === "object" ? "}" : "]"}"`,
        opened.at.start === 0 ? token.start : frame.start,
        frame.start + 1,
      );
      for (;;) {
        const done = close(token.end);
        if (done !== undefined) return done;
      }
    }
  }
}

function readToken(text: Text, from: number, dialect: Dialect): Token {
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

function isSpace(code: number): boolean {
  return code === 32 || code === 9 || code === 10 || code === 13;
}

function readComment(source: string, start: number, dialect: Dialect): Token {
  const second = source.charAt(start + 1);
  if (!dialect.comments)
    return { type: "bad", message: "comments are not allowed here", start, end: lineEnd(source, start) };
  if (second === "/") return { type: "comment", start, end: lineEnd(source, start) };
  if (second === "*") {
    const close = source.indexOf("*/", start + 2);
    if (close >= 0) return { type: "comment", start, end: close + 2 };
    return {
      type: "bad",
      message: 'a comment that starts with "/*" is never closed',
      start,
      end: source.length,
    };
  }
  return { type: "bad", message: "a value was expected", start, end: start + 1 };
}

function lineEnd(source: string, from: number): number {
  for (let index = from; index < source.length; index++) {
    const code = source.charCodeAt(index);
    if (code === 10 || code === 13) return index;
  }
  return source.length;
}

const wordPattern = /[^\s,{}[\]:"/]+/y;
/** JsonCpp takes leading zeros, "1." and a lone "-", which is 0 (tried with 1.10.1). */
const numberPattern = /-?\d*(?:\.\d*)?(?:[eE][+-]?\d+)?/y;
const strictNumberPattern = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/;

/** Anything that stands without quotes: numbers, true, false, null, an unknown variable, a mistake. */
function readBare(text: Text, start: number, dialect: Dialect): Token {
  const source = text.value;
  if (holeAt(text, start) !== undefined) return unknownWord(text, start);
  wordPattern.lastIndex = start;
  const word = wordPattern.exec(source)?.[0] ?? source.charAt(start);
  const end = start + word.length;
  const hole = holeIn(text, start, end);
  if (hole !== undefined) return unknownWord(text, start);
  const where = (length: number): Located => locate(text, start, start + length);
  const value = (tree: Tree, length: number): Token => ({ type: "value", tree, start, end: start + length });
  for (const literal of ["true", "false", "null"] as const) {
    if (!word.startsWith(literal)) continue;
    const located = where(literal.length);
    return value(
      literal === "null"
        ? { kind: "null", ...located }
        : { kind: "boolean", value: literal === "true", ...located },
      literal.length,
    );
  }
  if (dialect.specialNumbers && /^(NaN|-?Infinity)$/.test(word))
    return value({ kind: "number", value: Number(word), integer: false, ...where(word.length) }, word.length);
  if (/^(?:-?\d|-$)/.test(word)) {
    numberPattern.lastIndex = start;
    const digits = numberPattern.exec(source)?.[0] ?? "";
    const lenient = dialect.textAfterRoot;
    if (digits.length === word.length && (lenient || strictNumberPattern.test(digits))) {
      return value(
        {
          kind: "number",
          value: digits === "-" ? 0 : Number.parseFloat(digits),
          integer: /^-?\d*$/.test(digits),
          ...where(digits.length),
        },
        digits.length,
      );
    }
    return { type: "bad", message: `"${word}" is not a number`, start, end };
  }
  if (word.startsWith("#"))
    return {
      type: "bad",
      message: 'comments start with "//" here, not with "#"',
      start,
      end: lineEnd(source, start),
    };
  if (word.startsWith("'")) return badSingleQuotes(source, start);
  return { type: "bad", message: badWord(word), start, end };
}

function badWord(word: string): string {
  const lower = word.toLowerCase();
  if (lower === "true" || lower === "false" || lower === "null")
    return `"${word}" must be written in lower case: ${lower}`;
  return "a value was expected: a text needs double quotes";
}

function badSingleQuotes(source: string, start: number): Token {
  const close = source.indexOf("'", start + 1);
  const end = close < 0 || close > lineEnd(source, start) ? start + 1 : close + 1;
  return { type: "bad", message: "a text needs double quotes, not single ones", start, end };
}

/** A run of holes and words without quotes: its value may be anything. */
function unknownWord(text: Text, start: number): Token {
  const source = text.value;
  let end = start;
  while (end < source.length && (holeAt(text, end) !== undefined || !/[\s,{}[\]:"]/.test(source.charAt(end))))
    end++;
  const hole: Hole = holeIn(text, start, end) ?? { reason: "unknown" };
  return {
    type: "value",
    tree: { kind: "unknown", quoted: false, hole, ...locate(text, start, end) },
    start,
    end,
  };
}

const simpleEscapes: Record<string, string> = {
  '"': '"',
  "/": "/",
  "\\": "\\",
  b: "\b",
  f: "\f",
  n: "\n",
  r: "\r",
  t: "\t",
};

function readString(text: Text, start: number, dialect: Dialect): Token {
  const source = text.value;
  const parts: Text[] = [];
  let runStart = start + 1;
  let index = runStart;
  let bad: { message: string; start: number; end: number } | undefined;
  const flush = (end: number): void => {
    if (end > runStart) parts.push(slice(text, runStart, end));
  };
  for (;;) {
    if (index >= source.length)
      return { type: "bad", message: "a text in double quotes is never closed", start, end: source.length };
    const code = source.charCodeAt(index);
    if (code === 34) break;
    if (code < 32 && !dialect.rawControls)
      bad ??= {
        message: "a line end or control character may not stand in a text",
        start: index,
        end: index + 1,
      };
    if (code !== 92) {
      index++;
      continue;
    }
    flush(index);
    const escape = readEscape(source, index);
    if (escape.value === undefined)
      bad ??= {
        message: "unknown escape in a text; a backslash is written twice",
        start: index,
        end: escape.end,
      };
    else parts.push(textAt(escape.value, locate(text, index, escape.end)));
    index = escape.end;
    runStart = index;
  }
  flush(index);
  const end = index + 1;
  const where = locate(text, start, end);
  if (bad !== undefined) return { type: "bad", message: bad.message, start: bad.start, end };
  const content = concat(parts.length === 0 ? [slice(text, start + 1, start + 1)] : parts);
  const hole = holeIn(text, start, end);
  if (hole !== undefined)
    return { type: "value", tree: { kind: "unknown", quoted: true, hole, ...where }, start, end };
  const tree: Tree = {
    kind: "string",
    text: content.pieces.length === 0 ? { value: "", pieces: [] } : content,
    ...where,
  };
  return { type: "value", tree, start, end };
}

function readEscape(source: string, start: number): { value: string | undefined; end: number } {
  const char = source.charAt(start + 1);
  if (char === "u") {
    const digits = source.slice(start + 2, start + 6);
    if (!/^[0-9a-fA-F]{4}$/.test(digits)) return { value: undefined, end: start + 2 };
    return { value: String.fromCharCode(Number.parseInt(digits, 16)), end: start + 6 };
  }
  return { value: simpleEscapes[char], end: start + 2 };
}
