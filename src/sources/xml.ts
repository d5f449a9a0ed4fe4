/**
 * The XML reader: small, exact, with the position of every name and value. Elements, attributes, text, CDATA,
 * comments, processing instructions and namespaces (XML 1.0, Namespaces in XML 1.0). Entities are the five of XML and
 * character references only: a DOCTYPE is told and stepped over, nothing in it is ever resolved, so neither a file nor
 * a network address can be pulled in (XXE) and nothing can grow (entity expansion). Iterative; never throws.
 */
import { concat, holeText, type Located, locate, slice, type Text, textAt } from "../text/text.ts";

/** An element. */
export interface XmlElement extends Located {
  readonly kind: "element";
  /** The name without its prefix. */
  readonly name: string;
  /** The namespace that applies; "" when none does. */
  readonly namespace: string;
  readonly nameAt: Located;
  /** From "<" to ">" of the start tag: where an attribute would be added. */
  readonly startTag: Located;
  readonly attributes: readonly XmlAttribute[];
  readonly children: readonly XmlNode[];
}

/** An attribute; declarations of namespaces are not among them. */
export interface XmlAttribute extends Located {
  readonly name: string;
  /** "" for one without a prefix. */
  readonly namespace: string;
  readonly nameAt: Located;
  /** Without quotes, references resolved, line ends as blanks. */
  readonly value: Text;
}

export interface XmlCharacters extends Located {
  readonly kind: "text";
  readonly text: Text;
  readonly cdata: boolean;
}

export interface XmlComment extends Located {
  readonly kind: "comment";
  readonly text: string;
}

export interface XmlInstruction extends Located {
  readonly kind: "instruction";
  readonly target: string;
}

export type XmlNode = XmlElement | XmlCharacters | XmlComment | XmlInstruction;

/** Something that is not well-formed, or not accepted. */
export interface XmlError extends Located {
  readonly message: string;
}

export interface XmlResult {
  /** Undefined when there is no element at all. */
  readonly root: XmlElement | undefined;
  readonly errors: readonly XmlError[];
  /** Where a document type declaration stands, and whether it declares anything itself. */
  readonly doctype?: Located & { readonly internalSubset: boolean };
  /** Every comment with its marks, inside and outside of elements. */
  readonly comments: readonly Located[];
}

export interface XmlOptions {
  /**
   * `refuse` makes every DOCTYPE an error. `external` accepts one that only names a DTD, as the files of JBoss 4 do;
   * declarations inside the file are an error all the same.
   */
  readonly doctype: "refuse" | "external";
}

/** Reads an XML document. After an error the rest is still read. */
export function readXml(text: Text, options: XmlOptions = { doctype: "refuse" }): XmlResult {
  const reader: Reader = {
    text,
    source: text.value,
    errors: [],
    stack: [],
    root: undefined,
    doctype: undefined,
    comments: [],
    options,
  };
  let offset = text.value.charCodeAt(0) === 0xfeff ? 1 : 0;
  while (offset < reader.source.length) offset = step(reader, offset);
  finish(reader);
  const { root, errors, doctype, comments } = reader;
  return { root, errors, comments, ...(doctype === undefined ? {} : { doctype }) };
}

/** The child elements with this name, or all of them. */
export function xmlChildren(element: XmlElement, name?: string): readonly XmlElement[] {
  return element.children.filter(
    (child): child is XmlElement => child.kind === "element" && (name === undefined || child.name === name),
  );
}

/** The first child element with this name. */
export function xmlChild(element: XmlElement, name: string): XmlElement | undefined {
  return xmlChildren(element, name)[0];
}

/** The element at a path of names, each the first of its name. */
export function xmlAt(element: XmlElement, path: readonly string[]): XmlElement | undefined {
  let current: XmlElement | undefined = element;
  for (const name of path) current = current === undefined ? undefined : xmlChild(current, name);
  return current;
}

/** The attribute with this name and no prefix. */
export function xmlAttribute(element: XmlElement, name: string): XmlAttribute | undefined {
  return element.attributes.find((attribute) => attribute.name === name && attribute.namespace === "");
}

/** The character data directly inside an element, without blanks around it. */
export function xmlText(element: XmlElement): Text {
  const parts = element.children.flatMap((child) => (child.kind === "text" ? [child.text] : []));
  if (parts.length === 0) return textAt("", element.startTag);
  const whole = concat(parts);
  const start = whole.value.length - whole.value.trimStart().length;
  const end = whole.value.trimEnd().length;
  return start < end ? slice(whole, start, end) : textAt("", element.startTag);
}

interface Open {
  readonly prefixed: string;
  readonly name: string;
  readonly namespace: string;
  readonly nameAt: Located;
  readonly startTag: Located;
  readonly attributes: readonly XmlAttribute[];
  readonly children: XmlNode[];
  readonly scope: ReadonlyMap<string, string>;
  readonly start: number;
}

interface Reader {
  readonly text: Text;
  readonly source: string;
  readonly errors: XmlError[];
  readonly stack: Open[];
  readonly options: XmlOptions;
  readonly comments: Located[];
  root: XmlElement | undefined;
  doctype: XmlResult["doctype"] | undefined;
}

function fail(reader: Reader, message: string, start: number, end: number): void {
  reader.errors.push({ message, ...locate(reader.text, start, Math.max(start, end)) });
}

/** Reads one piece of markup or text; answers where the next one starts. */
function step(reader: Reader, offset: number): number {
  const { source } = reader;
  if (source.charCodeAt(offset) !== 60) return readCharacters(reader, offset);
  if (source.startsWith("<!--", offset)) return readComment(reader, offset);
  if (source.startsWith("<![CDATA[", offset)) return readCdata(reader, offset);
  if (source.startsWith("<!DOCTYPE", offset)) return readDoctype(reader, offset);
  if (source.startsWith("<?", offset)) return readInstruction(reader, offset);
  if (source.startsWith("</", offset)) return readEndTag(reader, offset);
  return readStartTag(reader, offset);
}

function append(reader: Reader, node: XmlNode): void {
  const parent = reader.stack.at(-1);
  if (parent !== undefined) parent.children.push(node);
  else if (node.kind === "element") {
    if (reader.root === undefined) reader.root = node;
    else
      reader.errors.push({
        message: "a document has one outermost element; this is a second one",
        ...node.nameAt,
      });
  }
}

function readCharacters(reader: Reader, start: number): number {
  const next = reader.source.indexOf("<", start);
  const end = next < 0 ? reader.source.length : next;
  if (reader.stack.length > 0) {
    append(reader, {
      kind: "text",
      cdata: false,
      text: resolve(reader, start, end),
      ...locate(reader.text, start, end),
    });
  } else {
    const stray = /\S/.exec(reader.source.slice(start, end));
    if (stray !== null) fail(reader, "text may stand inside elements only", start + stray.index, end);
  }
  return end;
}

function readComment(reader: Reader, start: number): number {
  const close = reader.source.indexOf("-->", start + 4);
  if (close < 0) return unclosed(reader, "a comment", start, 4);
  const at = locate(reader.text, start, close + 3);
  reader.comments.push(at);
  append(reader, { kind: "comment", text: reader.source.slice(start + 4, close), ...at });
  return close + 3;
}

function readCdata(reader: Reader, start: number): number {
  const close = reader.source.indexOf("]]>", start);
  if (close < 0) return unclosed(reader, "a CDATA section", start, 9);
  append(reader, {
    kind: "text",
    cdata: true,
    text: slice(reader.text, start + 9, close),
    ...locate(reader.text, start, close + 3),
  });
  return close + 3;
}

function readInstruction(reader: Reader, start: number): number {
  const close = reader.source.indexOf("?>", start);
  if (close < 0) return unclosed(reader, "a processing instruction", start, 2);
  const target = /^[^\s?]*/.exec(reader.source.slice(start + 2, close))?.[0] ?? "";
  append(reader, { kind: "instruction", target, ...locate(reader.text, start, close + 2) });
  return close + 2;
}

function unclosed(reader: Reader, what: string, start: number, length: number): number {
  fail(reader, `${what} is never closed`, start, start + length);
  return reader.source.length;
}

/** Steps over a DOCTYPE with its quotes, brackets and comments. */
function readDoctype(reader: Reader, start: number): number {
  const { source } = reader;
  let depth = 0;
  let internalSubset = false;
  let index = start + 9;
  for (; index < source.length; index++) {
    const char = source.charAt(index);
    if (char === ">" && depth === 0) break;
    if (char === "[") {
      depth++;
      internalSubset = true;
    } else if (char === "]") depth--;
    else if (source.startsWith("<!--", index)) index = skipTo(source, "-->", index + 4) - 1;
    else if (char === '"' || char === "'") index = skipTo(source, char, index + 1) - 1;
  }
  const end = Math.min(index + 1, source.length);
  reader.doctype = { internalSubset, ...locate(reader.text, start, end) };
  if (reader.options.doctype === "refuse" || internalSubset) {
    fail(
      reader,
      "a document type declaration (DOCTYPE) is not read: what it declares or includes stays unknown",
      start,
      end,
    );
  }
  return end;
}

function skipTo(source: string, mark: string, from: number): number {
  const found = source.indexOf(mark, from);
  return found < 0 ? source.length : found + mark.length;
}

const namePattern = /[:A-Z_a-z\u00C0-\uFFFD][-.\d:A-Z_a-z\u00B7\u00C0-\uFFFD]*/y;

function readName(source: string, from: number): string {
  namePattern.lastIndex = from;
  return namePattern.exec(source)?.[0] ?? "";
}

function readEndTag(reader: Reader, start: number): number {
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

function closeInnermost(reader: Reader, end: number): void {
  const open = reader.stack.pop();
  if (open === undefined) return;
  const { name, namespace, nameAt, startTag, attributes, children } = open;
  append(reader, {
    kind: "element",
    name,
    namespace,
    nameAt,
    startTag,
    attributes,
    children,
    ...locate(reader.text, open.start, end),
  });
}

interface RawAttribute {
  readonly prefixed: string;
  readonly start: number;
  readonly end: number;
  readonly value: Text;
}

function readStartTag(reader: Reader, start: number): number {
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

const predefined: Readonly<Record<string, string>> = { lt: "<", gt: ">", amp: "&", quot: '"', apos: "'" };

/** Characters with their references resolved; an entity that only a DOCTYPE could declare is unknown. */
function resolve(reader: Reader, start: number, end: number, attribute = false): Text {
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
  const code =
    match[1] !== undefined
      ? Number(match[1])
      : match[2] !== undefined
        ? Number.parseInt(match[2], 16)
        : undefined;
  const value =
    code === undefined
      ? predefined[match[3] ?? ""]
      : code > 0 && code <= 0x10ffff
        ? String.fromCodePoint(code)
        : undefined;
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

function finish(reader: Reader): void {
  while (reader.stack.length > 0) {
    const open = reader.stack.at(-1);
    if (open !== undefined)
      reader.errors.push({ message: `<${open.prefixed}> is never closed`, ...open.nameAt });
    closeInnermost(reader, reader.source.length);
  }
  if (reader.root === undefined) fail(reader, "the file holds no element", 0, 0);
}
