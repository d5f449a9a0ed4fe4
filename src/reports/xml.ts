/** Text in XML. */
import { harmless } from "./layout.ts";

const entities: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&apos;",
};

/** The text for an attribute, where a line end would become a space. */
export function escapeAttribute(text: string): string {
  return escapeXml(text).replaceAll("\n", "&#10;");
}

/** The text for an element of XML 1.0, which has no place for control characters at all. */
export function escapeXml(text: string): string {
  return harmless(text)
    .replace(/[&<>"']/gu, (character) => entities[character] ?? character)
    .replace(
      /[\ufffe\uffff]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g,
      "\ufffd",
    )
    .replaceAll("\n", "&#10;");
}
