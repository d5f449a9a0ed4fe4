/** Tags of XML: names, attributes, namespaces. */
import { locate, type Text } from "../../text/text.ts";
import { closeInnermost, fail, type Reader, unclosed } from "./reader.ts";
import { resolve } from "./references.ts";
import type { XmlAttribute } from "./tree.ts";

/** Reads a start tag and opens its element; answers the offset behind it. */
export function readStartTag(reader: Reader, start: number): number {
  const { source } = reader;
  const prefixed = readName(source, start + 1);
  if (prefixed === "") {
    fail(reader, 'a "<" in text is written as "&lt;"', start, start + 1);
    return start + 1;
  }
  const raw: RawAttribute[] = [];
  const end = readAttributes(reader, start + 1 + prefixed.length, raw);
  const selfClosing = source.startsWith("/>", end - 2);
  const scope = namespaces(
    reader.stack.at(-1)?.scope ?? new Map([["xml", "http://www.w3.org/XML/1998/namespace"]]),
    raw,
  );
  const [prefix, name] = splitName(prefixed);
  const nameAt = locate(reader.text, start + 1, start + 1 + prefixed.length);
  if (prefix !== "" && !scope.has(prefix))
    fail(reader, `the prefix ${prefix} is not declared`, start + 1, start + 1 + prefix.length);
  const attributes = raw
    .filter((attribute) => !isDeclaration(attribute.prefixed))
    .map((attribute) => named(reader, attribute, scope));
  const startTag = locate(reader.text, start, end);
  reader.stack.push({
    prefixed,
    name,
    namespace: scope.get(prefix) ?? "",
    nameAt,
    startTag,
    attributes,
    children: [],
    scope,
    start,
  });
  if (selfClosing) closeInnermost(reader, end);
  return end;
}

/** Reads an end tag and closes its element with those inside it; answers the offset behind it. */
export function readEndTag(reader: Reader, start: number): number {
  const name = readName(reader.source, start + 2);
  const close = reader.source.indexOf(">", start);
  const end = close < 0 ? reader.source.length : close + 1;
  if (close < 0 || reader.source.slice(start + 2 + name.length, close).trim() !== "")
    fail(reader, "an end tag is not written as </name>", start, end);
  const depth = reader.stack.findLastIndex((open) => open.prefixed === name);
  if (depth < 0) {
    fail(reader, `</${name}> closes nothing that is open`, start, end);
    return end;
  }
  while (reader.stack.length - 1 > depth) {
    const open = reader.stack.at(-1);
    if (open !== undefined)
      reader.errors.push({ message: `<${open.prefixed}> is not closed before </${name}>`, ...open.nameAt });
    closeInnermost(reader, start);
  }
  closeInnermost(reader, end);
  return end;
}

interface RawAttribute {
  readonly prefixed: string;
  readonly start: number;
  readonly end: number;
  readonly value: Text;
}

/** Reads up to and with the ">"; answers the offset behind it. */
function readAttributes(reader: Reader, from: number, attributes: RawAttribute[]): number {
  const { source } = reader;
  let offset = from;
  for (;;) {
    const before = offset;
    while (/\s/.test(source.charAt(offset))) offset++;
    if (offset >= source.length) return unclosed(reader, "a tag", from - 1, 1);
    if (source.charAt(offset) === ">") return offset + 1;
    if (source.startsWith("/>", offset)) return offset + 2;
    if (source.charAt(offset) === "<") {
      fail(reader, 'a ">" is missing before this', offset, offset + 1);
      return offset;
    }
    const name = readName(source, offset);
    if (name === "") {
      fail(reader, "an attribute was expected", offset, offset + 1);
      offset++;
      continue;
    }
    if (before === offset) fail(reader, "attributes are separated by blanks", offset, offset + name.length);
    offset = readAttribute(reader, name, offset, attributes);
  }
}

function readAttribute(reader: Reader, prefixed: string, start: number, attributes: RawAttribute[]): number {
  const { source } = reader;
  let offset = start + prefixed.length;
  const equals = /\s*=\s*/y;
  equals.lastIndex = offset;
  const found = equals.exec(source);
  const quote = source.charAt(offset + (found?.[0].length ?? 0));
  if (found === null || (quote !== '"' && quote !== "'")) {
    fail(reader, `the attribute ${prefixed} needs a value in quotes`, start, offset);
    return offset;
  }
  offset += found[0].length;
  const close = source.indexOf(quote, offset + 1);
  if (close < 0) {
    fail(reader, `the value of ${prefixed} is never closed`, offset, offset + 1);
    return source.length;
  }
  if (attributes.some((attribute) => attribute.prefixed === prefixed))
    fail(reader, `the attribute ${prefixed} stands here twice`, start, close + 1);
  attributes.push({ prefixed, start, end: close + 1, value: resolve(reader, offset + 1, close, true) });
  return close + 1;
}

function named(reader: Reader, raw: RawAttribute, scope: ReadonlyMap<string, string>): XmlAttribute {
  const [prefix, name] = splitName(raw.prefixed);
  if (prefix !== "" && !scope.has(prefix))
    fail(reader, `the prefix ${prefix} is not declared`, raw.start, raw.start + prefix.length);
  return {
    name,
    namespace: prefix === "" ? "" : (scope.get(prefix) ?? ""),
    nameAt: locate(reader.text, raw.start, raw.start + raw.prefixed.length),
    value: raw.value,
    ...locate(reader.text, raw.start, raw.end),
  };
}

function splitName(prefixed: string): readonly [prefix: string, name: string] {
  const colon = prefixed.indexOf(":");
  return colon < 0 ? ["", prefixed] : [prefixed.slice(0, colon), prefixed.slice(colon + 1)];
}

function isDeclaration(prefixed: string): boolean {
  return prefixed === "xmlns" || prefixed.startsWith("xmlns:");
}

function namespaces(
  outer: ReadonlyMap<string, string>,
  raw: readonly RawAttribute[],
): ReadonlyMap<string, string> {
  const declared = raw.filter((attribute) => isDeclaration(attribute.prefixed));
  if (declared.length === 0) return outer;
  return new Map([
    ...outer,
    ...declared.map((attribute): [string, string] => [
      splitName(attribute.prefixed)[0] === "" ? "" : splitName(attribute.prefixed)[1],
      attribute.value.value,
    ]),
  ]);
}

const namePattern = /[:A-Z_a-z\u00C0-\uFFFD][-.\d:A-Z_a-z\u00B7\u00C0-\uFFFD]*/y;

function readName(source: string, from: number): string {
  namePattern.lastIndex = from;
  return namePattern.exec(source)?.[0] ?? "";
}
