/**
 * Units of systemd and their environment files, with the place of every value.
 * Sources: systemd.syntax(7), systemd.service(5) "Command lines", systemd.exec(5) "Environment=", "EnvironmentFile=".
 */
import { concat, holeText, type Located, locate, slice, type Text, textAt } from "../text/text.ts";

/** One assignment of a unit. */
export interface UnitEntry {
  readonly section: string;
  readonly key: string;
  readonly keyAt: Located;
  /** Without white space around it; lines that are continued are joined by a space. */
  readonly value: Text;
}

/** The assignments of a unit or of a drop-in, in file order. Lines that are none are passed over, as systemd does. */
export function readUnit(text: Text): readonly UnitEntry[] {
  const entries: UnitEntry[] = [];
  let section = "";
  for (const line of logicalLines(text)) {
    const header = /^\s*\[([^\]]*)\]\s*$/u.exec(line.value);
    const equals = line.value.indexOf("=");
    if (header !== null) section = header[1] ?? "";
    else if (equals > 0) {
      const key = trimmed(slice(line, 0, equals));
      const value = trimmed(slice(line, equals + 1, line.value.length));
      const place = equals + 1 < line.value.length ? equals + 1 : equals;
      entries.push({
        section,
        key: key.value,
        keyAt: locate(key, 0, key.value.length),
        value: value.value === "" ? textAt("", locate(line, place, place)) : value,
      });
    }
  }
  return entries;
}

/** The comments of a unit or of its environment file: whole lines. */
export function unitComments(text: Text): readonly Located[] {
  const comments: Located[] = [];
  for (const _line of logicalLines(text, (start, end) => comments.push(locate(text, start, end))));
  return comments;
}

/** Lines without comments; one that ends in a backslash goes on in the next, with a space between. */
function* logicalLines(
  text: Text,
  onComment: (start: number, end: number) => void = () => {},
): Generator<Text> {
  let parts: Text[] = [];
  for (const { start, end } of rawLines(text.value)) {
    const sign = /^\s*(?=[#;])/u.exec(text.value.slice(start, end));
    if (sign !== null) {
      onComment(start + sign[0].length, end);
      continue;
    }
    const goesOn = text.value[end - 1] === "\\";
    parts.push(slice(text, start, goesOn ? end - 1 : end));
    if (goesOn) parts.push(textAt(" ", locate(text, end - 1, end)));
    else {
      yield concat(parts);
      parts = [];
    }
  }
  if (parts.length > 0) yield concat(parts);
}

function* rawLines(value: string): Generator<{ readonly start: number; readonly end: number }> {
  let start = 0;
  while (start < value.length) {
    const newline = value.indexOf("\n", start);
    const next = newline < 0 ? value.length : newline;
    yield { start, end: next > start && value[next - 1] === "\r" ? next - 1 : next };
    start = next + 1;
  }
}

function trimmed(text: Text): Text {
  const start = text.value.length - text.value.trimStart().length;
  return slice(text, start, Math.max(start, text.value.trimEnd().length));
}

const escapes: Readonly<Record<string, string>> = {
  a: "\x07",
  b: "\b",
  f: "\f",
  n: "\n",
  r: "\r",
  t: "\t",
  v: "\v",
  s: " ",
};

/** A value in words: quotes are taken away, escapes resolved; what "%" stands for is not known here. */
export function unitWords(text: Text): readonly Text[] {
  const words: Text[] = [];
  let parts: Text[] | undefined;
  let quote = "";
  for (let index = 0; index < text.value.length; index++) {
    const char = text.value.charAt(index);
    if (quote === "" && /\s/u.test(char)) {
      if (parts !== undefined) words.push(word(parts, text, index));
      parts = undefined;
      continue;
    }
    parts ??= [];
    if (char === quote) quote = "";
    else if (quote === "" && /["']/u.test(char)) quote = char;
    else {
      const length = lengthAt(text.value, index);
      parts.push(part(text, index, length));
      index += length - 1;
    }
  }
  return parts === undefined ? words : [...words, word(parts, text, text.value.length)];
}

function word(parts: readonly Text[], text: Text, end: number): Text {
  return parts.length === 0 ? textAt("", locate(text, Math.max(0, end - 1), end)) : concat(parts);
}

/** How many characters belong together: an escape, a specifier, or a run of others. */
function lengthAt(value: string, index: number): number {
  const found = /\\x[0-9a-f]{2}|\\[\s\S]|%[\s\S]|[^\\%"'\s]+|[\s\S]/iuy;
  found.lastIndex = index;
  return found.exec(value)?.[0].length ?? 1;
}

function part(text: Text, start: number, length: number): Text {
  const end = start + length;
  const written = text.value.slice(start, end);
  const place = locate(text, start, end);
  if (written === "%%") return textAt("%", place);
  if (/^%[\s\S]/u.test(written)) return holeText(`systemd fills in ${written}`, place);
  if (/^\\x/iu.test(written))
    return textAt(String.fromCharCode(Number.parseInt(written.slice(2), 16)), place);
  if (/^\\[\s\S]/u.test(written)) return textAt(escapes[written.slice(1)] ?? written.slice(1), place);
  return slice(text, start, end);
}

/** A variable of `Environment=` or of an environment file. */
export interface UnitVariable {
  readonly name: string;
  readonly nameAt: Located;
  readonly value: Text;
}

/** A word such as `NAME=value`. */
export function assignment(text: Text): UnitVariable | undefined {
  const equals = text.value.indexOf("=");
  if (equals < 1) return undefined;
  const end = text.value.length;
  return {
    name: text.value.slice(0, equals),
    nameAt: locate(text, 0, equals),
    value: equals + 1 < end ? slice(text, equals + 1, end) : textAt("", locate(text, equals, equals + 1)),
  };
}

/** An environment file: one `NAME=value` a line, quotes taken away, nothing substituted. */
export function readUnitEnvironment(text: Text): readonly UnitVariable[] {
  return [...logicalLines(text)].flatMap((line): readonly UnitVariable[] => {
    const found = assignment(trimmed(line));
    if (found === undefined) return [];
    const { value } = found;
    const quoted = /^(["'])([\s\S]*)\1$/u.exec(value.value);
    const inner = quoted === null ? value : slice(value, 1, value.value.length - 1);
    const empty = quoted !== null && quoted[2] === "";
    return [{ ...found, value: empty ? textAt("", locate(value, 0, value.value.length)) : inner }];
  });
}
