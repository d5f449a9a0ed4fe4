/** Reads typed values out of the merged tree. */
import type { Member, Tree } from "../../sources/tree.ts";
import { type Located, locate, placeOf, type Text, textAt } from "../../text/text.ts";
import { part } from "./canonical.ts";
import type { NamedText, Unknown, Value } from "./model.ts";
import { holeOf, nullTree, printed, stringTree, valueAt } from "./trees.ts";

/** The text of a key; undefined when it is not there or empty. */
export function textAtKey(tree: Tree | undefined, key: string): Text | undefined {
  const value = valueAt(tree, key);
  return value === undefined ? undefined : printed(value);
}

/** The texts of a list, or the single text that stands for a list of one. */
export function textsAtKey(tree: Tree | undefined, key: string): readonly Text[] {
  const value = valueAt(tree, key);
  if (value === undefined) return [];
  return (value.kind === "array" ? value.items : [value]).flatMap((item) => printed(item) ?? []);
}

/** A yes or no; undefined when it is not there. */
export function flagAtKey(tree: Tree | undefined, key: string): Value<boolean> | undefined {
  const value = valueAt(tree, key);
  if (value === undefined || value.kind === "null") return undefined;
  if (value.kind === "boolean") return { known: true, value: value.value, ...placeOf(value) };
  const text = printed(value)?.value;
  if (text === "true" || text === "false") return { known: true, value: text === "true", ...placeOf(value) };
  return unknown(value);
}

/** A yes or no that is no where nothing is written. */
export function flagOrFalse(tree: Tree, key: string): Value<boolean> {
  return flagAtKey(tree, key) ?? { known: true, value: false, ...placeOf(tree) };
}

/** Why a value is not what it should be. */
export function unknown(tree: Tree): Unknown {
  const text = printed(tree);
  const hole = tree.kind === "unknown" ? tree.hole : text === undefined ? undefined : holeOf(text);
  return {
    known: false,
    reason: hole?.reason ?? "the value is not of the type that belongs here",
    ...placeOf(tree),
  };
}

/** The members of a mapping. */
export function membersAtKey(tree: Tree | undefined, key: string): readonly Member[] {
  const value = valueAt(tree, key);
  return value?.kind === "object" ? value.members : [];
}

/** The items of a list. */
export function itemsAtKey(tree: Tree | undefined, key: string): readonly Tree[] {
  const value = valueAt(tree, key);
  return value?.kind === "array" ? value.items : [];
}

/** A mapping, or a list of `key=value` with the same meaning; a bare key has the value null. */
export function pairsAtKey(
  tree: Tree | undefined,
  key: string,
  separators: readonly string[] = ["="],
): readonly Member[] {
  const value = valueAt(tree, key);
  if (value?.kind === "object") return value.members;
  if (value?.kind !== "array") return [];
  return value.items.flatMap((item) => {
    const text = printed(item);
    return text === undefined ? [] : [splitPair(text, item, separators)];
  });
}

function splitPair(text: Text, item: Located, separators: readonly string[]): Member {
  const separator = separators.find((one) => text.value.includes(one));
  const end = separator === undefined ? text.value.length : text.value.indexOf(separator);
  const keyAt = locate(text, 0, end);
  const name = text.value.slice(0, end);
  if (separator === undefined) return { key: name, keyAt, value: nullTree(item) };
  const value = part(text, end + 1, text.value.length);
  return { key: name, keyAt, value: stringTree(value, locate(value, 0, value.value.length)) };
}

/** Pairs with their values as texts; a bare key has an empty one. The last of equal keys counts. */
export function namedTexts(members: readonly Member[]): readonly NamedText[] {
  return [...new Map(everyNamedText(members).map((one) => [one.name, one])).values()];
}

/** The same, where equal keys add to each other; a list of values is one pair each. */
export function everyNamedText(members: readonly Member[]): readonly NamedText[] {
  return members.flatMap((one) =>
    (one.value.kind === "array" ? one.value.items : [one.value]).map((value) => ({
      name: one.key,
      nameAt: one.keyAt,
      value: printed(value) ?? textAt("", one.keyAt),
    })),
  );
}
