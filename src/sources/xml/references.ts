/** Characters of XML with their references resolved. */
import { concat, holeText, locate, slice, type Text, textAt } from "../../text/text.ts";
import { fail, type Reader } from "./reader.ts";

/** Characters with their references resolved; an entity that only a DOCTYPE could declare is unknown. */
export function resolve(reader: Reader, start: number, end: number, attribute = false): Text {
  const { source, text } = reader;
  const content = source.slice(start, end);
  if (content === "") return textAt("", locate(text, start, start));
  const special = attribute ? /&|\r\n?|[\n\t]/g : /&|\r\n?/g;
  if (content.search(special) < 0) return slice(text, start, end);
  const parts: Text[] = [];
  let done = 0;
  for (const match of content.matchAll(special)) {
    parts.push(slice(text, start + done, start + match.index));
    const length = match[0] === "&" ? reference(reader, start + match.index, end, parts) : match[0].length;
    if (match[0] !== "&")
      parts.push(
        textAt(attribute ? " " : "\n", locate(text, start + match.index, start + match.index + length)),
      );
    done = match.index + length;
  }
  parts.push(slice(text, start + done, end));
  return concat(parts.filter((part) => part.value !== ""));
}

const predefined: Readonly<Record<string, string>> = { lt: "<", gt: ">", amp: "&", quot: '"', apos: "'" };

/** Resolves one reference; answers its length. */
function reference(reader: Reader, start: number, limit: number, parts: Text[]): number {
  const { source, text } = reader;
  const match = /^&(?:#(\d{1,7})|#x([0-9A-Fa-f]{1,6})|([A-Za-z_][\w.-]*));/.exec(
    source.slice(start, Math.min(limit, start + 256)),
  );
  if (match === null) {
    fail(reader, 'an "&" in text is written as "&amp;"', start, start + 1);
    parts.push(slice(text, start, start + 1));
    return 1;
  }
  const length = match[0].length;
  const where = locate(text, start, start + length);
  const value = characterOf(match);
  if (value !== undefined) parts.push(textAt(value, where));
  else {
    reader.errors.push({
      message: `${match[0]} is not known: only the entities of XML itself are read`,
      ...where,
    });
    parts.push(holeText(`the entity ${match[0]} is not resolved`, where));
  }
  return length;
}

/** The character of a reference: decimal, hexadecimal, or one of the five names; undefined where there is none. */
function characterOf([, decimal, hexadecimal, name = ""]: RegExpExecArray): string | undefined {
  if (decimal === undefined && hexadecimal === undefined) return predefined[name];
  const code = hexadecimal === undefined ? Number(decimal) : Number.parseInt(hexadecimal, 16);
  return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : undefined;
}
