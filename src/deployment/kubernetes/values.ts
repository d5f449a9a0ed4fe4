/** Values of manifests: what stands at a path of keys, with its place, unknown where a template leaves it open. */
import { type Maybe, unknown } from "../../facts/unknown.ts";
import { at, type Member, member, type ObjectTree, type Tree } from "../../sources/tree.ts";
import { holeIn, holeText, isKnown, type Located, locate, type Text, textAt } from "../../text/text.ts";

/** The value at a path; undefined where nothing, or null, stands there. */
export function valueAt(tree: Tree | undefined, ...path: readonly string[]): Tree | undefined {
  const found = tree === undefined ? undefined : at(tree, path);
  return found === undefined || found.kind === "null" ? undefined : found;
}

/** The items of a list; empty where there is none. */
export function itemsAt(tree: Tree | undefined, ...path: readonly string[]): readonly Tree[] {
  const found = valueAt(tree, ...path);
  return found?.kind === "array" ? found.items : [];
}

/** The members of an object, of those that stand twice the last; empty where there is none. */
export function membersAt(tree: Tree | undefined, ...path: readonly string[]): readonly Member[] {
  const found = valueAt(tree, ...path);
  if (found?.kind !== "object") return [];
  return found.members.filter((one) => member(found, one.key) === one);
}

/** A scalar as a Text; undefined for lists and objects. */
export function scalarOf(tree: Tree | undefined): Text | undefined {
  switch (tree?.kind) {
    case "string":
      return tree.text;
    case "number":
    case "boolean":
      return textAt(String(tree.value), tree);
    case "unknown":
      return holeText(tree.hole.reason, tree);
    default:
      return undefined;
  }
}

/** The text at a path. */
export function textValue(tree: Tree | undefined, ...path: readonly string[]): Text | undefined {
  return scalarOf(valueAt(tree, ...path));
}

/** The string at a path, whatever in it is not known standing as it is; for names that only have to be alike. */
export function wordAt(tree: Tree | undefined, ...path: readonly string[]): string | undefined {
  return textValue(tree, ...path)?.value;
}

/** The known string at a path. */
export function stringAt(tree: Tree | undefined, ...path: readonly string[]): Maybe<string> | undefined {
  const text = textValue(tree, ...path);
  return text === undefined ? undefined : knownString(text);
}

/** A text's value, unknown when part of it is. */
function knownString(text: Text): Maybe<string> {
  if (isKnown(text)) return text.value;
  const hole = holeIn(text, 0, text.value.length);
  return unknown("input", hole?.reason ?? "part of it is not known", placeOfText(text));
}

/** Where a text stands. */
export function placeOfText(text: Text): Located {
  return locate(text, 0, text.value.length);
}

/** A switch. */
export function booleanAt(tree: Tree | undefined, ...path: readonly string[]): Maybe<boolean> | undefined {
  const found = valueAt(tree, ...path);
  if (found?.kind === "boolean") return found.value;
  if (found?.kind === "unknown") return unknown("input", found.hole.reason, placeOf(found));
  if (found?.kind === "string" && !isKnown(found.text))
    return unknown("input", holeIn(found.text, 0, found.text.value.length)?.reason ?? "", placeOf(found));
  return undefined;
}

/** A number, also one that a template wrote into quotes. */
export function numberAt(tree: Tree | undefined, ...path: readonly string[]): Maybe<number> | undefined {
  const found = valueAt(tree, ...path);
  if (found?.kind === "number") return found.value;
  if (found?.kind === "unknown") return unknown("input", found.hole.reason, placeOf(found));
  if (found?.kind === "string" && !isKnown(found.text))
    return unknown("input", holeIn(found.text, 0, found.text.value.length)?.reason ?? "", placeOf(found));
  return found?.kind === "string" && /^\d+$/u.test(found.text.value) ? Number(found.text.value) : undefined;
}

/** Just the place. */
export function placeOf({ at: place, via }: Located): Located {
  return via === undefined ? { at: place } : { at: place, via };
}

/** Where a member stands, key and value. */
function placeOfMember({ keyAt, value }: Member): Located {
  const { at: key } = keyAt;
  if (key.file !== value.at.file || value.at.end < key.end) return placeOf(keyAt);
  const { file, start } = key;
  const end = value.kind === "object" || value.kind === "array" ? key.end : value.at.end;
  return keyAt.via === undefined
    ? { at: { file, start, end } }
    : { at: { file, start, end }, via: keyAt.via };
}

/** The place of the member at a path, else of what is around it. */
export function placeAt(tree: ObjectTree, ...path: readonly string[]): Located {
  const holder = at(tree, path.slice(0, -1));
  const found = holder?.kind === "object" ? member(holder, path.at(-1) ?? "") : undefined;
  return found === undefined ? placeOf(tree) : placeOfMember(found);
}
