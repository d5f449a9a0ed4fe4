/** The reader of Java properties files, as java.util.Properties.load (Java 17) takes them, with positions. */
import { concat, type Located, locate, replaceMatches, slice, type Text, textAt } from "../text/text.ts";

/** One `key=value`. */
export interface Property extends Located {
  readonly key: string;
  readonly keyAt: Located;
  readonly value: Text;
}

/** A file that was read, as far as it could be. */
export interface PropertiesResult {
  /** In file order; Java keeps the last of a name. */
  readonly properties: readonly Property[];
  readonly errors: readonly (Located & { readonly message: string })[];
}

/** Reads a properties file. Never throws. */
export function readProperties(text: Text): PropertiesResult {
  const properties: Property[] = [];
  const errors: (Located & { message: string })[] = [];
  for (const line of logicalLines(text)) {
    const separator = separatorIn(line.value);
    const key = withoutEscapes(slice(line, 0, separator.start), errors);
    const value = withoutEscapes(slice(line, separator.end, line.value.length), errors);
    properties.push({
      key: key.value,
      keyAt: locate(line, 0, separator.start),
      value: value.value === "" ? textAt("", locate(line, separator.end, separator.end)) : value,
      ...locate(line, 0, line.value.length),
    });
  }
  return { properties, errors };
}

/** The value that counts for a key: the last one. */
export function property(result: PropertiesResult, key: string): Property | undefined {
  return result.properties.findLast((candidate) => candidate.key === key);
}

/** The comments of a properties file: whole lines. */
export function propertiesComments(text: Text): readonly Located[] {
  const comments: Located[] = [];
  for (const _line of logicalLines(text, (start, end) => comments.push(locate(text, start, end))));
  return comments;
}

/** Lines joined over a backslash at their end, without comments, blank lines and leading blanks. */
function* logicalLines(
  text: Text,
  onComment: (start: number, end: number) => void = () => {},
): Generator<Text> {
  const source = text.value;
  let parts: Text[] = [];
  for (const match of source.matchAll(/([^\r\n]*)(?:\r\n|\r|\n|$)/g)) {
    const content = match[1] ?? "";
    if (match[0] === "" && match.index >= source.length && parts.length === 0) return;
    const blanks = /^[ \t\f]*/.exec(content)?.[0].length ?? 0;
    if (parts.length === 0 && blanks === content.length) continue;
    if (parts.length === 0 && /[#!]/.test(content.charAt(blanks))) {
      onComment(match.index + blanks, match.index + content.length);
      continue;
    }
    const continued = (/\\*$/.exec(content)?.[0].length ?? 0) % 2 === 1;
    parts.push(slice(text, match.index + blanks, match.index + content.length - (continued ? 1 : 0)));
    if (continued && match.index + match[0].length < source.length) continue;
    yield concat(parts);
    parts = [];
  }
}

/** Where the key ends and the value starts. */
function separatorIn(line: string): { readonly start: number; readonly end: number } {
  const key = /^(?:\\.|[^\\=: \t\f])*/.exec(line)?.[0].length ?? 0;
  const gap = /^[ \t\f]*[=:]?[ \t\f]*/.exec(line.slice(key))?.[0].length ?? 0;
  return { start: key, end: key + gap };
}

const escapes: Readonly<Record<string, string>> = { t: "\t", n: "\n", r: "\r", f: "\f" };

function withoutEscapes(text: Text, errors: (Located & { message: string })[]): Text {
  if (!text.value.includes("\\")) return text;
  return replaceMatches(text, /\\(?:u([0-9A-Fa-f]{4})|(u)|([\s\S]))/g, (match, where) => {
    if (match[2] !== undefined)
      errors.push({
        message: "four hexadecimal digits were expected after \\u: Java refuses the file",
        ...where,
      });
    const plain = match[3] ?? match[2] ?? "";
    const value =
      match[1] !== undefined ? String.fromCharCode(Number.parseInt(match[1], 16)) : (escapes[plain] ?? plain);
    return textAt(value, where);
  });
}
