/** Small tools to make and change positioned trees. */
import type {
  ArrayTree,
  BooleanTree,
  Member,
  NumberTree,
  ObjectTree,
  StringTree,
  Tree,
} from "../../sources/tree.ts";
import { type Hole, holeIn, type Located, type Place, placeOf, type Text, textAt } from "../../text/text.ts";

/** A string that is made here, with the place that it comes from. */
export function stringTree(text: Text, where: Located): StringTree {
  return { kind: "string", text, ...placeOf(where) };
}

/** A number that is made here. */
export function numberTree(value: number, where: Located): NumberTree {
  return { kind: "number", value, integer: Number.isInteger(value), ...placeOf(where) };
}

/** True or false, made here. */
export function booleanTree(value: boolean, where: Located): BooleanTree {
  return { kind: "boolean", value, ...placeOf(where) };
}

/** A value that is left out. */
export function nullTree(where: Located): Tree {
  return { kind: "null", ...placeOf(where) };
}

/** A value that nobody knows, with the reason. */
export function unknownTree(hole: Hole, where: Located): Tree {
  return { kind: "unknown", hole, quoted: false, ...placeOf(where) };
}

/** Keys and values that are put together here. */
export function objectTree(members: readonly Member[], where: Located): ObjectTree {
  return { kind: "object", members, ...placeOf(where) };
}

/** A list that is put together here. */
export function arrayTree(items: readonly Tree[], where: Located): ArrayTree {
  return { kind: "array", items, ...placeOf(where) };
}

/** A member whose key no file spells out: it stands where its value stands. */
export function implied(key: string, value: Tree): Member {
  return { key, keyAt: placeOf(value), value };
}

/** The value of a key. */
export function valueAt(tree: Tree | undefined, key: string): Tree | undefined {
  return tree?.kind === "object" ? tree.members.findLast((one) => one.key === key)?.value : undefined;
}

/** The same object with a member replaced, or added at the end. */
export function withMember(tree: ObjectTree, key: string, value: Tree): ObjectTree {
  const found = tree.members.some((one) => one.key === key);
  if (!found) return { ...tree, members: [...tree.members, implied(key, value)] };
  return { ...tree, members: tree.members.map((one) => (one.key === key ? { ...one, value } : one)) };
}

/** The object without a key. */
export function withoutMember(tree: ObjectTree, key: string): ObjectTree {
  return { ...tree, members: tree.members.filter((one) => one.key !== key) };
}

/** The members with every value changed. */
export function mapMembers(tree: ObjectTree, change: (value: Tree, key: string) => Tree): ObjectTree {
  return { ...tree, members: tree.members.map((one) => ({ ...one, value: change(one.value, one.key) })) };
}

/** A scalar as Go prints it with `%v`, which is what Compose makes of numbers and booleans where it wants a text. */
export function printed(tree: Tree): Text | undefined {
  switch (tree.kind) {
    case "string":
      return tree.text;
    case "number":
      return textAt(goNumber(tree), tree);
    case "boolean":
      return textAt(String(tree.value), tree);
    case "unknown":
      return { value: "\uFFFC", pieces: [holePiece(tree.hole, tree)] };
    default:
      return undefined;
  }
}

function holePiece(hole: Hole, where: Located): Text["pieces"][number] {
  const via: readonly Place[] = where.via ?? [];
  return { start: 0, end: 1, at: where.at, via, exact: false, hole };
}

/** Go's shortest form: an exponent below 1e-4 and from 1e21 on. */
export function goNumber(tree: NumberTree): string {
  const { value } = tree;
  if (Number.isNaN(value)) return "NaN";
  if (!Number.isFinite(value)) return value > 0 ? "+Inf" : "-Inf";
  const size = Math.abs(value);
  const form = size !== 0 && size < 1e-4 ? value.toExponential() : String(value);
  return form.replace(
    /e([-+]?)(\d)$/,
    (_, sign: string, digit: string) => `e${sign === "" ? "+" : sign}0${digit}`,
  );
}

/** Why a text is not wholly known, if it is not. */
export function holeOf(text: Text): Hole | undefined {
  return holeIn(text, 0, text.value.length);
}

/** What a value is called in a message. */
export function kindName(tree: Tree): string {
  return {
    object: "mapping",
    array: "list",
    string: "string",
    number: "number",
    boolean: "boolean",
    null: "null",
    unknown: "unknown value",
  }[tree.kind];
}
