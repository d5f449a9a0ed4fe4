/**
 * A proxy's settings as one tree, whether they are written as files, labels, flags or variables. Names are compared
 * without regard to case, as Traefik does (traefik/paerser, parser/nodes_metadata.go).
 */
import { isUnknown, type Maybe, unknown } from "../../facts/unknown.ts";
import type { Member, ObjectTree, Tree } from "../../sources/tree.ts";
import { holeIn, type Located, locate, placeOf, slice, type Text } from "../../text/text.ts";

/** One setting by its dotted name: a label, a flag or a variable. */
export interface NamedSetting {
  readonly path: readonly string[];
  readonly value: Text;
  /** Where its name stands. */
  readonly at: Located;
}

interface Growing extends Located {
  readonly kind: "object";
  readonly members: { key: string; keyAt: Located; value: Tree | Growing }[];
}

/** The tree of settings that are named one by one. `servers[0]` is the member "0" of servers. */
export function treeOf(settings: readonly NamedSetting[], at: Located): ObjectTree {
  const root: Growing = { kind: "object", members: [], ...at };
  for (const { path, value, at: keyAt } of settings) {
    let level = root;
    const keys = path.flatMap((key) => key.replace(/\[(\d+)\]$/u, ".$1").split("."));
    for (const [index, key] of keys.entries()) {
      const known = level.members.find((one) => one.key.toLowerCase() === key.toLowerCase());
      const isLast = index === keys.length - 1;
      if (isLast) {
        const leaf: Tree = { kind: "string", text: value, ...locate(value, 0, value.value.length) };
        const place = value.value === "" ? { ...leaf, ...keyAt } : leaf;
        if (known === undefined) level.members.push({ key, keyAt, value: place });
        else if (known.value.kind !== "object") known.value = place;
        break;
      }
      if (known !== undefined && known.value.kind === "object" && isGrowing(known.value)) level = known.value;
      else {
        // `tls=true` before `tls.options=x`: the more detailed one holds.
        const made: Growing = { kind: "object", members: [], ...keyAt };
        if (known === undefined) level.members.push({ key, keyAt, value: made });
        else known.value = made;
        level = made;
      }
    }
  }
  return root;
}

function isGrowing(tree: Tree | Growing): tree is Growing {
  return tree.kind === "object" && Array.isArray(tree.members);
}

/** The member with this name. */
function memberOf(tree: Tree | undefined, name: string): Member | undefined {
  if (tree?.kind !== "object") return undefined;
  return tree.members.findLast(({ key, value }) => key.toLowerCase() === name && value.kind !== "null");
}

/** The value at a path of names in lower case. */
export function valueAt(tree: Tree | undefined, ...path: readonly string[]): Tree | undefined {
  return path.reduce<Tree | undefined>((level, name) => memberOf(level, name)?.value, tree);
}

/** The members of the object at a path. */
export function membersAt(tree: Tree | undefined, ...path: readonly string[]): readonly Member[] {
  const value = valueAt(tree, ...path);
  return value?.kind === "object" ? value.members.filter((member) => member.value.kind !== "null") : [];
}

/** A word of the configuration with its place. */
export interface Word extends Located {
  readonly value: Maybe<string>;
}

/** A value as text; undefined where there is none. */
export function wordOf(tree: Tree | undefined): Word | undefined {
  if (tree === undefined) return undefined;
  const place = placeOf(tree);
  if (tree.kind === "string") return { value: knownText(tree.text, place), ...place };
  if (tree.kind === "number" || tree.kind === "boolean") return { value: String(tree.value), ...place };
  if (tree.kind === "unknown") return { value: unknown("input", tree.hole.reason, place), ...place };
  return undefined;
}

function knownText(text: Text, place: Located): Maybe<string> {
  const hole = holeIn(text, 0, text.value.length);
  return hole === undefined ? text.value : unknown("input", hole.reason, place);
}

/** A list: one of YAML or TOML, members that are numbered, or text between commas. */
export function wordsOf(tree: Tree | undefined): readonly Word[] {
  if (tree === undefined) return [];
  if (tree.kind === "array") return tree.items.flatMap((item) => wordOf(item) ?? []);
  if (tree.kind === "object") return tree.members.flatMap(({ value }) => wordOf(value) ?? []);
  if (tree.kind !== "string") return [wordOf(tree)].flatMap((word) => word ?? []);
  const words: Word[] = [];
  for (const match of tree.text.value.matchAll(/[^,]+/gu)) {
    const start = match.index + match[0].length - match[0].trimStart().length;
    const end = start + match[0].trim().length;
    const place = locate(tree.text, start, end);
    if (end > start) words.push({ value: knownText(slice(tree.text, start, end), place), ...place });
  }
  return words;
}

/** The elements of a list of objects. */
export function itemsOf(tree: Tree | undefined): readonly Tree[] {
  if (tree?.kind === "array") return tree.items;
  if (tree?.kind !== "object") return [];
  return tree.members.every(({ key }) => /^\d+$/u.test(key))
    ? tree.members.map(({ value }) => value)
    : [tree];
}

/** Whether a switch is on: `true`, or anything that is not false where it has settings of its own. */
export function isOn(tree: Tree | undefined): Maybe<boolean> {
  if (tree === undefined || tree.kind === "null") return false;
  const word = wordOf(tree);
  if (word === undefined) return true;
  return isUnknown(word.value) ? word.value : !/^(?:false|0|f|no)$/iu.test(word.value);
}
