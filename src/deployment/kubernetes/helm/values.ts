/**
 * Values of templates: trees whose texts know where they stand, and whose maps templates may change, as Go's may be
 * (`set`, `unset`, `merge`). Nothing at all is undefined.
 */
import type {
  BooleanTree,
  NullTree,
  NumberTree,
  StringTree,
  Tree,
  UnknownTree,
} from "../../../sources/tree.ts";
import {
  concat,
  type Hole,
  holeIn,
  isKnown,
  type Located,
  locate,
  slice,
  type Text,
  textAt,
} from "../../../text/text.ts";
import { placeOf } from "../values.ts";

/** A value that is there. Each is a tree as well. */
export type Known = Dict | List | StringTree | GoNumber | BooleanTree | Nil | UnknownTree;

/** A value, or none: a key that nothing sets. */
export type Value = Known | undefined;

/** A map. All who hold it see what one of them sets. */
export interface Dict extends Located {
  readonly kind: "object";
  members: Entry[];
  /** Set when it may have other members. */
  readonly open?: Hole;
}

interface Entry {
  readonly key: string;
  readonly keyAt: Located;
  readonly value: Known;
}

/** A list. */
interface List extends Located {
  readonly kind: "array";
  readonly items: readonly Known[];
}

/** Go's types of numbers: what YAML and JSON hold has fractions, and is printed so. */
export type GoType = "int" | "int64" | "float64";

interface GoNumber extends NumberTree {
  readonly go: GoType;
}

interface Nil extends NullTree {
  /** Whether nothing sets it; else a file says null. */
  readonly unset?: true;
}

/** A tree as a value of its own, with the numbers that reading YAML or JSON gives. */
export function ownValue(tree: Tree): Known {
  switch (tree.kind) {
    case "object": {
      const members = new Map<string, Entry>();
      for (const { key, keyAt, value } of tree.members)
        members.set(key, { key, keyAt, value: ownValue(value) });
      return { ...tree, members: [...members.values()] };
    }
    case "array":
      return { ...tree, items: tree.items.map(ownValue) };
    case "number":
      return { ...tree, go: "float64" };
    default:
      return tree;
  }
}

/** The same, shared with nobody. */
export function copyOf(value: Known): Known {
  if (value.kind === "object")
    return { ...value, members: value.members.map((one) => ({ ...one, value: copyOf(one.value) })) };
  return value.kind === "array" ? { ...value, items: value.items.map(copyOf) } : value;
}

/** What is not known, and where; `filled` when it is not empty, whatever it is. */
export function unknownTree(reason: string, at: Located, filled = false): UnknownTree {
  return {
    kind: "unknown",
    hole: filled ? { reason, filled } : { reason },
    quoted: false,
    ...placeOf(at),
  };
}

/** A string. */
export function textTree(text: Text): StringTree {
  return { kind: "string", text, ...locate(text, 0, text.value.length) };
}

/** A string that stands nowhere but at one place. */
export function wordTree(value: string, at: Located): StringTree {
  return { kind: "string", text: textAt(value, at), ...placeOf(at) };
}

/** A switch. */
export function flagTree(value: boolean, at: Located): BooleanTree {
  return { kind: "boolean", value, ...placeOf(at) };
}

/** A number. */
export function numberTree(value: number, at: Located, go: GoType = "int"): GoNumber {
  return { kind: "number", value, integer: Number.isInteger(value), go, ...placeOf(at) };
}

/** A list. */
export function listTree(items: readonly Known[], at: Located): List {
  return { kind: "array", items, ...placeOf(at) };
}

/** A map. */
export function dictTree(entries: Iterable<readonly [string, Known]>, at: Located): Dict {
  const members = new Map<string, Entry>();
  for (const [key, value] of entries) members.set(key, { key, keyAt: placeOf(value), value });
  return { kind: "object", members: [...members.values()], ...placeOf(at) };
}

/** What stands in a list or a map where nothing is given. */
export function orNil(value: Value, at: Located): Known {
  return value ?? { kind: "null", unset: true, ...placeOf(at) };
}

/** Whether it is Go's nil. */
export function isNil(value: Value): boolean {
  return value === undefined || value.kind === "null";
}

/** Sets a member for all who hold the map. */
export function setMember(dict: Dict, key: string, value: Known, keyAt: Located = value): void {
  const member = { key, keyAt: placeOf(keyAt), value };
  const index = dict.members.findIndex((one) => one.key === key);
  if (index < 0) dict.members.push(member);
  else dict.members[index] = member;
}

/** Takes a member out for all who hold the map. */
export function removeMember(dict: Dict, key: string): void {
  dict.members = dict.members.filter((one) => one.key !== key);
}

/** Go's order of strings. */
export function byKey(left: { readonly key: string }, right: { readonly key: string }): number {
  return compareWords(left.key, right.key);
}

/** Go's order of strings, which is that of their code points. */
export function compareWords(left: string, right: string): number {
  if (left === right) return 0;
  return left < right ? -1 : 1;
}

/** The members in Go's order, in which templates go over them. */
export function sortedMembers(value: Dict): readonly Entry[] {
  return [...value.members].sort(byKey);
}

/** Whether Go takes it for true: not empty; undefined: nobody knows. */
export function truth(value: Value): boolean | undefined {
  switch (value?.kind) {
    case undefined:
    case "null":
      return false;
    case "unknown":
      return value.hole.filled;
    case "string":
      return isKnown(value.text) || value.text.value.length > 1
        ? value.text.value !== ""
        : holeOf(value)?.filled;
    case "number":
      return value.value !== 0;
    case "boolean":
      return value.value;
    case "array":
      return value.items.length > 0;
    case "object":
      if (value.members.length > 0) return true;
      return value.open === undefined ? false : undefined;
  }
}

/** Why a value, or a part of its text, is not known. */
export function holeOf(value: Value): Hole | undefined {
  if (value?.kind === "unknown") return value.hole;
  return value?.kind === "string" ? holeIn(value.text, 0, value.text.value.length) : undefined;
}

/** The kind of a value, as reflect of Go calls it. */
export function kindOf(value: Value): string {
  switch (value?.kind) {
    case "object":
      return "map";
    case "array":
      return "slice";
    case "boolean":
      return "bool";
    case "number":
      return value.go;
    case "string":
    case "unknown":
      return "string";
    default:
      return "invalid";
  }
}

/** As Go calls the types of values that were read from YAML. */
export function typeOf(value: Value): string {
  const kind = kindOf(value);
  const names: Readonly<Record<string, string>> = {
    map: "map[string]interface {}",
    slice: "[]interface {}",
    invalid: "<nil>",
  };
  return names[kind] ?? kind;
}

/** A field of a value. */
export function fieldOf(value: Value, path: readonly string[]): Value {
  let current = value;
  for (const step of path) {
    if (current?.kind === "unknown") return current;
    if (current?.kind !== "object") return undefined;
    const found: Value = current.members.findLast(({ key }) => key === step)?.value;
    if (found === undefined && current.open !== undefined) return unknownTree(current.open.reason, current);
    current = found?.kind === "null" && found.unset === true ? undefined : found;
  }
  return current;
}

/** The lines of a text, without their ends. */
export function linesOf(text: Text): readonly Text[] {
  return textParts(text, "\n");
}

/** The parts of a text between marks. */
export function textParts(text: Text, mark: string): readonly Text[] {
  if (mark === "") return [...text.value].map((_, index) => slice(text, index, index + 1));
  const parts: Text[] = [];
  let start = 0;
  for (const part of text.value.split(mark)) {
    parts.push(slice(text, start, start + part.length));
    start += part.length + mark.length;
  }
  return parts;
}

/** Texts with something between them. */
export function joinTexts(texts: readonly Text[], between: string, at: Located): Text {
  return concat(texts.flatMap((text, index) => (index === 0 ? [text] : [textAt(between, at), text])));
}
