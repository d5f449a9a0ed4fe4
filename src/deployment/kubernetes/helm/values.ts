/** Values of templates: trees, whose texts know where they stand. Nothing at all is undefined. */
import type { ObjectTree, Tree } from "../../../sources/tree.ts";
import {
  concat,
  type Hole,
  holeIn,
  holeText,
  isKnown,
  type Located,
  locate,
  slice,
  type Text,
  textAt,
} from "../../../text/text.ts";
import { placeOf } from "../values.ts";

/** A value, or none: a key that nothing sets. */
export type Value = Tree | undefined;

/** What is not known, and where. */
export function unknownTree(reason: string, at: Located): Tree {
  return { kind: "unknown", hole: { reason }, quoted: false, ...placeOf(at) };
}

/** A string. */
export function textTree(text: Text): Tree {
  return { kind: "string", text, ...locate(text, 0, text.value.length) };
}

/** A string that stands nowhere but at one place. */
export function wordTree(value: string, at: Located): Tree {
  return { kind: "string", text: textAt(value, at), ...placeOf(at) };
}

/** A switch. */
export function flagTree(value: boolean, at: Located): Tree {
  return { kind: "boolean", value, ...placeOf(at) };
}

/** A number. */
export function numberTree(value: number, at: Located): Tree {
  return { kind: "number", value, integer: Number.isInteger(value), ...placeOf(at) };
}

/** An object. */
export function dictTree(entries: Iterable<readonly [string, Tree]>, at: Located): ObjectTree {
  const members = [...entries].map(([key, value]) => ({ key, keyAt: placeOf(value), value }));
  return { kind: "object", members, ...placeOf(at) };
}

/** Whether Go takes it for true: not empty; undefined: nobody knows. */
export function truth(value: Value): boolean | undefined {
  switch (value?.kind) {
    case undefined:
    case "null":
      return false;
    case "unknown":
      return undefined;
    case "string":
      return isKnown(value.text) || value.text.value.length > 1 ? value.text.value !== "" : undefined;
    case "number":
      return value.value !== 0;
    case "boolean":
      return value.value;
    case "array":
      return value.items.length > 0;
    case "object":
      return value.members.length > 0 ? true : value.open === undefined ? false : undefined;
  }
}

/** Why a value, or a part of its text, is not known. */
export function holeOf(value: Value): Hole | undefined {
  if (value?.kind === "unknown") return value.hole;
  return value?.kind === "string" ? holeIn(value.text, 0, value.text.value.length) : undefined;
}

/** What is printed for a value; what nothing sets is filled in by whoever installs the chart. */
export function printed(value: Value, at: Located): Text {
  switch (value?.kind) {
    case undefined:
      return holeText("no values file sets it", at);
    case "string":
      return value.text;
    case "number":
    case "boolean":
      return textAt(String(value.value), value);
    case "null":
      return textAt("", value);
    case "unknown":
      return holeText(value.hole.reason, at);
    default:
      return holeText("a list or a map is printed as Go shows it", at);
  }
}

/** A field of a value. */
export function fieldOf(value: Value, path: readonly string[]): Value {
  let current = value;
  for (const step of path) {
    if (current?.kind === "unknown") return current;
    if (current?.kind !== "object") return undefined;
    const found: Tree | undefined = current.members.findLast(({ key }) => key === step)?.value;
    if (found === undefined && current.open !== undefined) return unknownTree(current.open.reason, current);
    current = found;
  }
  return current;
}

/** The lines of a text, without their ends. */
export function linesOf(text: Text): readonly Text[] {
  const lines: Text[] = [];
  let start = 0;
  for (const part of text.value.split("\n")) {
    lines.push(slice(text, start, start + part.length));
    start += part.length + 1;
  }
  return lines;
}

/** Texts with something between them. */
export function joinTexts(texts: readonly Text[], between: string, at: Located): Text {
  return concat(texts.flatMap((text, index) => (index === 0 ? [text] : [textAt(between, at), text])));
}

/** Values over values, as Helm merges them: maps go together, everything else is replaced, null removes. */
export function mergeValues(base: Tree, over: Tree): Tree {
  if (base.kind !== "object" || over.kind !== "object") return over;
  const members = [...base.members];
  for (const member of over.members) {
    const index = members.findIndex(({ key }) => key === member.key);
    const own = members[index];
    if (own === undefined) members.push(member);
    else if (member.value.kind === "null") members.splice(index, 1);
    else
      members[index] =
        own.value.kind === "object" && member.value.kind === "object"
          ? { ...own, value: mergeValues(own.value, member.value) }
          : member;
  }
  return { ...base, members };
}
