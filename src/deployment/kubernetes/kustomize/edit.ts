/** Changes to trees: every function gives a new tree, whose unchanged parts keep their places. */
import type { Member, ObjectTree, StringTree, Tree } from "../../../sources/tree.ts";
import { type Located, locate, type Text } from "../../../text/text.ts";
import { placeOf } from "../values.ts";

/** A string with the places of its text. */
export function stringTree(text: Text): StringTree {
  return { kind: "string", text, ...locate(text, 0, text.value.length) };
}

/** An object that stands nowhere but at one place. */
export function objectTree(members: readonly Member[], at: Located): ObjectTree {
  return { kind: "object", members, ...placeOf(at) };
}

/** The object with a member set, in its place where it is there already; undefined removes it. */
export function withMember(
  object: ObjectTree,
  key: string,
  value: Tree | undefined,
  keyAt: Located = value ?? object,
): ObjectTree {
  const index = object.members.findLastIndex((member) => member.key === key);
  const others = object.members.filter((member, at) => member.key !== key || at === index);
  if (value === undefined)
    return { ...object, members: object.members.filter((member) => member.key !== key) };
  const position = others.findIndex((member) => member.key === key);
  const own = others[position];
  const changed: Member = { key, keyAt: own?.keyAt ?? placeOf(keyAt), value };
  return {
    ...object,
    members: own === undefined ? [...others, changed] : others.with(position, changed),
  };
}

/**
 * The tree with the value at a path changed. A step "name[]" goes into every item of a list, as does any step behind one. Where the path ends before,
 * nothing changes, unless `create` is given: then objects are made on the way.
 */
export function changeAt(
  tree: Tree,
  [step, ...rest]: readonly string[],
  change: (tree: Tree | undefined) => Tree | undefined,
  create?: Located,
): Tree {
  if (step === undefined) return change(tree) ?? tree;
  if (tree.kind === "array")
    return { ...tree, items: tree.items.map((item) => changeAt(item, [step, ...rest], change, create)) };
  if (tree.kind !== "object") return tree;
  const each = step.endsWith("[]");
  const key = each ? step.slice(0, -2) : step;
  const own = tree.members.findLast((member) => member.key === key)?.value;
  if (each) {
    if (own?.kind !== "array") return tree;
    const items = own.items.map((item) => changeAt(item, rest, change, create));
    return withMember(tree, key, { ...own, items });
  }
  if (rest.length === 0) {
    if (own === undefined && create === undefined) return tree;
    return withMember(tree, key, change(own), create);
  }
  if (own === undefined || own.kind === "null") {
    if (create === undefined || rest[0]?.endsWith("[]") === true) return tree;
    const made = changeAt(objectTree([], create), rest, change, create);
    return withMember(tree, key, made, create);
  }
  return withMember(tree, key, changeAt(own, rest, change, create));
}
