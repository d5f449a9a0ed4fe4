/** Functions over maps. */
import type { ObjectTree, Tree } from "../../../sources/tree.ts";
import type { Located } from "../../../text/text.ts";
import type { TemplateFunction } from "./calls.ts";
import {
  dictTree,
  fieldOf,
  flagTree,
  mergeValues,
  printed,
  unknownTree,
  type Value,
  wordTree,
} from "./values.ts";

function dict(value: Value, at: Located): ObjectTree {
  return value?.kind === "object" ? value : dictTree([], value ?? at);
}

function keyOf(value: Value, at: Located): string {
  return printed(value ?? wordTree("", at), at).value;
}

function kept(value: Value, keep: (key: string) => boolean, at: Located): Tree {
  const own = dict(value, at);
  return { ...own, members: own.members.filter(({ key }) => keep(key)) };
}

/** By their names. */
export const dictionaries: Readonly<Record<string, TemplateFunction>> = {
  dict: (values, at) => {
    const entries: [string, Tree][] = [];
    for (let index = 0; index + 1 < values.length; index += 2)
      entries.push([keyOf(values[index], at), values[index + 1] ?? { kind: "null", at: at.at }]);
    return dictTree(entries, at);
  },
  get: ([value, key], at) => fieldOf(value, [keyOf(key, at)]) ?? wordTree("", at),
  hasKey: ([value, key], at) =>
    value?.kind === "unknown" ? value : flagTree(fieldOf(value, [keyOf(key, at)]) !== undefined, at),
  set: ([value, key, added], at) =>
    mergeValues(dict(value, at), dictTree(added === undefined ? [] : [[keyOf(key, at), added]], at)),
  unset: ([value, key], at) => kept(value, (one) => one !== keyOf(key, at), at),
  pick: ([value, ...keys], at) => kept(value, (one) => keys.some((key) => keyOf(key, at) === one), at),
  omit: ([value, ...keys], at) => kept(value, (one) => keys.every((key) => keyOf(key, at) !== one), at),
  keys: (values, at) => ({
    kind: "array",
    items: values.flatMap((value) => dict(value, at).members.map(({ key, keyAt }) => wordTree(key, keyAt))),
    at: at.at,
  }),
  values: ([value], at) => ({
    kind: "array",
    items: dict(value, at).members.map((one) => one.value),
    at: at.at,
  }),
  // The first one wins in `merge`, the last one in `mergeOverwrite`.
  merge: (values, at) =>
    [...values]
      .reverse()
      .map((value) => dict(value, at))
      .reduce<Tree>(mergeValues, dictTree([], at)),
  mergeOverwrite: (values, at) =>
    values.map((value) => dict(value, at)).reduce<Tree>(mergeValues, dictTree([], at)),
  deepCopy: ([value]) => value,
  dig: (values, at) => {
    const steps = values.slice(0, -2).map((step) => keyOf(step, at));
    const holder = values.at(-1);
    if (holder?.kind === "unknown") return unknownTree(holder.hole.reason, at);
    return fieldOf(holder, steps) ?? values.at(-2);
  },
};
