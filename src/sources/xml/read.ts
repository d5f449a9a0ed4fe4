/**
 * The XML reader: small, exact, with the position of every name and value. Elements, attributes, text, CDATA,
 * comments, processing instructions and namespaces (XML 1.0, Namespaces in XML 1.0). Entities are the five of XML and
 * character references only: a DOCTYPE is told and stepped over, nothing in it is ever resolved, so neither a file nor
 * a network address can be pulled in (XXE) and nothing can grow (entity expansion). Iterative; never throws.
 */
import { locate, slice, type Text } from "../../text/text.ts";
import {
  append,
  closeInnermost,
  fail,
  type Reader,
  unclosed,
  type XmlOptions,
  type XmlResult,
} from "./reader.ts";
import { resolve } from "./references.ts";
import { readEndTag, readStartTag } from "./tags.ts";

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

function finish(reader: Reader): void {
  while (reader.stack.length > 0) {
    const open = reader.stack.at(-1);
    if (open !== undefined)
      reader.errors.push({ message: `<${open.prefixed}> is never closed`, ...open.nameAt });
    closeInnermost(reader, reader.source.length);
  }
  if (reader.root === undefined) fail(reader, "the file holds no element", 0, 0);
}
