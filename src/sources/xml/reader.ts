/** What the reader of XML has read so far, and how the parts of a document are put into it. */
import { type Located, locate, type Text } from "../../text/text.ts";
import type { XmlAttribute, XmlElement, XmlNode } from "./tree.ts";

/** Something that is not well-formed, or not accepted. */
export interface XmlError extends Located {
  readonly message: string;
}

/** A document that was read, as far as it could be. */
export interface XmlResult {
  /** Undefined when there is no element at all. */
  readonly root: XmlElement | undefined;
  readonly errors: readonly XmlError[];
  /** Where a document type declaration stands, and whether it declares anything itself. */
  readonly doctype?: Located & { readonly internalSubset: boolean };
  /** Every comment with its marks, inside and outside of elements. */
  readonly comments: readonly Located[];
}

/** What is accepted beyond elements. */
export interface XmlOptions {
  /**
   * `refuse` makes every DOCTYPE an error. `external` accepts one that only names a DTD, as the files of JBoss 4 do;
   * declarations inside the file are an error all the same.
   */
  readonly doctype: "refuse" | "external";
}

/** An element whose end tag has not come yet. */
export interface Open {
  /** The name with its prefix, as an end tag has to repeat it. */
  readonly prefixed: string;
  readonly name: string;
  readonly namespace: string;
  readonly nameAt: Located;
  readonly startTag: Located;
  readonly attributes: readonly XmlAttribute[];
  readonly children: XmlNode[];
  /** Prefix → namespace, as they apply inside. */
  readonly scope: ReadonlyMap<string, string>;
  readonly start: number;
}

/** What has been read so far. */
export interface Reader {
  readonly text: Text;
  readonly source: string;
  readonly errors: XmlError[];
  /** The elements that are open, the innermost last. */
  readonly stack: Open[];
  readonly options: XmlOptions;
  readonly comments: Located[];
  root: XmlElement | undefined;
  doctype: XmlResult["doctype"] | undefined;
}

/** Notes an error at a range of the text. */
export function fail(reader: Reader, message: string, start: number, end: number): void {
  reader.errors.push({ message, ...locate(reader.text, start, Math.max(start, end)) });
}

/** Puts a node into the innermost open element. */
export function append(reader: Reader, node: XmlNode): void {
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

/** Ends the innermost open element at an offset. */
export function closeInnermost(reader: Reader, end: number): void {
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

/** Notes that what begins here has no end; answers the end of the text. */
export function unclosed(reader: Reader, what: string, start: number, length: number): number {
  fail(reader, `${what} is never closed`, start, start + length);
  return reader.source.length;
}
