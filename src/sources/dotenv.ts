/** Env files as Compose reads them (compose-go's dotenv package, 2.4): every variable with the place of its key and value. */
import { concat, type Located, locate, replaceMatches, slice, type Text, textAt } from "../text/text.ts";
import { type Lookup, type SubstitutionIssue, substitute } from "./substitution.ts";

/** One variable of an env file. */
export interface DotenvEntry {
  readonly key: string;
  readonly keyAt: Located;
  /** Undefined for a name without `=`: the variable is inherited from the environment in which Compose runs. */
  readonly value: Text | undefined;
}

/** Something that Compose refuses, or warns about. */
export interface DotenvIssue extends Located {
  /** `syntax`: Compose refuses the whole file. The others are those of substitution. */
  readonly kind: "syntax" | SubstitutionIssue["kind"];
  readonly message: string;
}

/** What was read. */
export interface DotenvResult {
  /** In file order; a later entry of the same key replaces the earlier one. */
  readonly entries: readonly DotenvEntry[];
  readonly issues: readonly DotenvIssue[];
  /** From the sign to the end of the line. */
  readonly comments: readonly Located[];
}

interface Reader {
  readonly text: Text;
  readonly entries: DotenvEntry[];
  readonly issues: DotenvIssue[];
  readonly comments: Located[];
  readonly values: Map<string, Text>;
  readonly lookup: Lookup;
}

const statementStart = /(?:\s+|#[^\n]*)*/y;
const exportPrefix = /export\s+/y;
/** Spaces within a line, as Go's parser counts them. */
const blank = /[\t\v\f\r \u0085\u00a0]/;
const blanks = /[\t\v\f\r \u0085\u00a0]*/y;
const keyCharacter = /[\p{L}\p{N}_.[\]-]/u;

/** Reads an env file. `lookup` is the environment in which Compose runs: it wins over the file inside `${}`. Never throws. */
export function readDotenv(text: Text, lookup: Lookup): DotenvResult {
  const reader: Reader = { text, entries: [], issues: [], comments: [], values: new Map(), lookup };
  let offset = text.value.charCodeAt(0) === 0xfeff ? 1 : 0;
  for (;;) {
    const start = offset;
    offset = skip(statementStart, text.value, offset);
    for (const { index, 0: comment } of text.value.slice(start, offset).matchAll(/#[^\n]*/g))
      addComment(reader, start + index, start + index + comment.length);
    if (offset >= text.value.length) break;
    const next = readStatement(reader, offset);
    if (next === undefined) break;
    offset = next;
  }
  return { entries: reader.entries, issues: reader.issues, comments: reader.comments };
}

/** An env file in Compose's `raw` format: `KEY=value` to the end of the line, nothing replaced. */
export function readRawEnv(text: Text): DotenvResult {
  const entries: DotenvEntry[] = [];
  const comments: Located[] = [];
  const line = /[^\r\n]+/g;
  for (const found of text.value.matchAll(line)) {
    const start = found.index + (found[0].length - found[0].trimStart().length);
    const end = found.index + found[0].length;
    if (text.value[start] === "#") comments.push(locate(text, start, end));
    if (/^\s*(#|$)/.test(found[0])) continue;
    const equals = text.value.indexOf("=", start);
    const keyEnd = equals < 0 || equals > end ? end : equals;
    const value = keyEnd === end ? undefined : slice(text, keyEnd + 1, end);
    entries.push({ key: text.value.slice(start, keyEnd), keyAt: locate(text, start, keyEnd), value });
  }
  return { entries, issues: [], comments };
}

function addComment(reader: Reader, start: number, end: number): void {
  reader.comments.push(locate(reader.text, start, end));
}

function skip(pattern: RegExp, source: string, offset: number): number {
  pattern.lastIndex = offset;
  return offset + (pattern.exec(source)?.[0].length ?? 0);
}

/** Reads one variable; gives the offset after it, or undefined when the rest cannot be read. */
function readStatement(reader: Reader, offset: number): number | undefined {
  const source = reader.text.value;
  const start = skip(exportPrefix, source, offset);
  const key = readKey(reader, start);
  if (key === undefined) return undefined;
  const { name, keyAt } = key;
  if (key.inherited) {
    reader.entries.push({ key: name, keyAt, value: undefined });
    return key.end;
  }
  const found = readValue(reader, skip(blanks, source, key.end));
  if (found === undefined) return undefined;
  reader.entries.push({ key: name, keyAt, value: found.value });
  reader.values.set(name, found.value);
  return found.end;
}

interface Key {
  readonly name: string;
  readonly keyAt: Located;
  readonly end: number;
  readonly inherited: boolean;
}

function readKey(reader: Reader, start: number): Key | undefined {
  const source = reader.text.value;
  // Only `export` and blanks are left.
  if (start >= source.length) return refuse(reader, "zero length string", source.length, source.length);
  let index = start;
  while (index < source.length) {
    const char = String.fromCodePoint(source.codePointAt(index) ?? 0);
    if (char === "=" || char === ":" || char === "\n") break;
    if (!blank.test(char) && !keyCharacter.test(char)) {
      // Compose shows the line; what stands there may be a part of a secret.
      return refuse(
        reader,
        `unexpected character "${char}" in the name of a variable`,
        index,
        index + char.length,
      );
    }
    index += char.length;
  }
  // A last line without separator and without line end: Go's parser takes it for the value of a variable without name.
  if (index >= source.length)
    return { name: "", keyAt: locate(reader.text, start, index), end: start, inherited: false };
  const name = source.slice(start, index).trimEnd();
  if (name.includes(" ")) return refuse(reader, "key cannot contain a space", start, index);
  const keyAt = locate(reader.text, start, start + name.length);
  return { name, keyAt, end: index + 1, inherited: source[index] === "\n" };
}

function refuse(reader: Reader, message: string, start: number, end: number): undefined {
  reader.issues.push({ kind: "syntax", message, ...locate(reader.text, start, end) });
  return undefined;
}

interface Value {
  readonly value: Text;
  readonly end: number;
}

function readValue(reader: Reader, start: number): Value | undefined {
  const quote = reader.text.value[start];
  if (quote === '"' || quote === "'") return readQuoted(reader, start, quote);
  const source = reader.text.value;
  const newline = source.indexOf("\n", start);
  const lineEnd = newline < 0 ? source.length : newline;
  const line = source.slice(start, lineEnd);
  const comment = line.indexOf(" #");
  const content = (comment < 0 ? line : line.slice(0, comment)).trimEnd();
  const end = newline < 0 ? lineEnd : lineEnd + 1;
  if (comment >= 0) addComment(reader, start + comment + 1, lineEnd);
  return { value: expand(reader, textFrom(reader, start, start + content.length)), end };
}

function readQuoted(reader: Reader, start: number, quote: string): Value | undefined {
  const source = reader.text.value;
  const parts: Text[] = [];
  let run = start + 1;
  let index = run;
  while (index < source.length && source[index] !== quote) {
    if (source[index] !== "\\") {
      index++;
      continue;
    }
    if (source[index + 1] === quote) {
      parts.push(slice(reader.text, run, index), slice(reader.text, index + 1, index + 2));
      run = index + 2;
    }
    index += 2;
  }
  if (index >= source.length) {
    const line = source.slice(start).split("\n", 1)[0] ?? "";
    return refuse(reader, "unterminated quoted value", start, start + line.length);
  }
  parts.push(slice(reader.text, run, index));
  const inner = index === start + 1 ? textAt("", locate(reader.text, start, index + 1)) : concat(parts);
  return { value: quote === '"' ? expand(reader, unescaped(inner)) : inner, end: index + 1 };
}

const escapeSequence = /\\(?:[abcfnrtv$"\\]|0\d{0,3})/g;
const escapes: Readonly<Record<string, string>> = {
  a: "\x07",
  b: "\b",
  f: "\f",
  n: "\n",
  r: "\r",
  t: "\t",
  v: "\v",
  "\\": "\\",
  '"': '"',
  $: "$$",
};

/** The escapes of double quotes. `\$` becomes `$$`, which the substitution after it makes a dollar. */
function unescaped(text: Text): Text {
  return replaceMatches(text, escapeSequence, ([sequence], where) => {
    const value = escapedValue(sequence);
    return value === undefined ? undefined : textAt(value, where);
  });
}

/** `\c` is no Go escape and stays; of an octal that is none, Go's parser loses the zero. */
function escapedValue(sequence: string): string | undefined {
  if (!sequence.startsWith("\\0")) return escapes[sequence.slice(1)];
  const octal = sequence.slice(2);
  const code = Number.parseInt(octal, 8);
  return /^[0-7]{3}$/.test(octal) && code <= 255 ? String.fromCharCode(code) : `\\${octal}`;
}

function expand(reader: Reader, text: Text): Text {
  const result = substitute(text, (name) => {
    const outer = reader.lookup(name);
    if (outer.state === "set") return outer;
    const inner = reader.values.get(name);
    return inner === undefined ? outer : { state: "set", value: inner };
  });
  reader.issues.push(...result.issues);
  return result.text;
}

function textFrom(reader: Reader, start: number, end: number): Text {
  return start === end ? textAt("", locate(reader.text, start, end)) : slice(reader.text, start, end);
}
