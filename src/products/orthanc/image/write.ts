/**
 * /tmp/orthanc.json as the start script writes it, as a Text whose characters lead to where they come from: Orthanc reads it
 * like any other file, and replaces variables in it once more.
 * Source: docker/orthanc/generateConfiguration.py (json.dump with an indentation of two).
 */
import type { Tree } from "../../../sources/tree.ts";
import {
  concat,
  holeAt,
  holeText,
  type Located,
  replaceMatches,
  type Text,
  textAt,
} from "../../../text/text.ts";
import { distinct } from "./merge.ts";

/** The text of a tree. */
export function writeJson(tree: Tree): Text {
  const parts: Text[] = [];
  write(tree, "\n", parts);
  return concat(parts);
}

function write(tree: Tree, indent: string, parts: Text[]): void {
  switch (tree.kind) {
    case "object": {
      const members = distinct(tree);
      const inner = `${indent}  `;
      parts.push(textAt("{", tree));
      members.forEach((member, index) => {
        parts.push(textAt(index === 0 ? inner : `,${inner}`, member.keyAt));
        writeString({ value: member.key, pieces: [] }, member.keyAt, parts);
        parts.push(textAt(": ", member.keyAt));
        write(member.value, inner, parts);
      });
      // Members that are not seen stand for themselves: the reader takes the object for open.
      if (tree.open !== undefined)
        parts.push(
          textAt(members.length === 0 ? inner : `,${inner}`, tree),
          holeText(tree.open.reason, tree),
        );
      parts.push(textAt(members.length === 0 && tree.open === undefined ? "}" : `${indent}}`, tree));
      return;
    }
    case "array":
      parts.push(textAt("[", tree));
      tree.items.forEach((item, index) => {
        parts.push(textAt(index === 0 ? `${indent}  ` : `,${indent}  `, tree));
        write(item, `${indent}  `, parts);
      });
      parts.push(textAt(tree.items.length === 0 ? "]" : `${indent}]`, tree));
      return;
    case "string":
      writeString(tree.text, tree, parts);
      return;
    case "unknown":
      parts.push(tree.quoted ? textAt('"', tree) : textAt(" ", tree), holeText(tree.hole.reason, tree));
      if (tree.quoted) parts.push(textAt('"', tree));
      return;
    default:
      parts.push(textAt(scalar(tree), tree));
  }
}

/** As Python spells it: a float always has a point or an exponent. */
function scalar(tree: Extract<Tree, { kind: "number" | "boolean" | "null" }>): string {
  if (tree.kind === "null") return "null";
  if (tree.kind === "boolean") return String(tree.value);
  if (Object.is(tree.value, -0)) return tree.integer ? "0" : "-0.0";
  if (!Number.isFinite(tree.value)) return String(tree.value);
  if (tree.integer) return BigInt(tree.value).toString();
  const spelled = String(tree.value);
  return /^-?\d+$/u.test(spelled) ? `${spelled}.0` : spelled;
}

const escapes: Readonly<Record<string, string>> = {
  '"': '\\"',
  "\\": "\\\\",
  "\n": "\\n",
  "\r": "\\r",
  "\t": "\\t",
  "\b": "\\b",
  "\f": "\\f",
};

/** Everything beyond ASCII is escaped, so that a variable's name or a pattern of Orthanc's never meets it. */
const special = /["\\]|[^\x20-\x7e]/g;

function writeString(text: Text, where: Located, parts: Text[]): void {
  const { value } = text;
  const placed = text.pieces.length === 0 && value !== "" ? textAt(value, where) : text;
  parts.push(textAt('"', where));
  const escaped = replaceMatches(placed, special, ({ 0: char, index }, at) =>
    holeAt(placed, index) === undefined
      ? textAt(escapes[char] ?? `\\u${char.charCodeAt(0).toString(16).padStart(4, "0")}`, at)
      : undefined,
  );
  parts.push(escaped);
  parts.push(textAt('"', where));
}
