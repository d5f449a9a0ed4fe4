/** A document of XML as a tree, with the position of every name and value. */
import { concat, type Located, slice, type Text, textAt } from "../../text/text.ts";

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

/** Character data. */
export interface XmlCharacters extends Located {
  readonly kind: "text";
  readonly text: Text;
  readonly cdata: boolean;
}

/** A comment without its marks. */
export interface XmlComment extends Located {
  readonly kind: "comment";
  readonly text: string;
}

/** A processing instruction. */
export interface XmlInstruction extends Located {
  readonly kind: "instruction";
  readonly target: string;
}

/** What stands inside an element. */
export type XmlNode = XmlElement | XmlCharacters | XmlComment | XmlInstruction;

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
