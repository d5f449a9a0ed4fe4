/** Functions over maps. Source: dict.go of sprig, merge.go of mergo. */
import type { Located } from "../../../text/text.ts";
import { allOfGiven, type Functions, wordOf } from "./calls.ts";
import {
  copyOf,
  type Dict,
  dictTree,
  fieldOf,
  flagTree,
  isNil,
  type Known,
  listTree,
  orNil,
  removeMember,
  setMember,
  truth,
  type Value,
  wordTree,
} from "./values.ts";

function dict(value: Value, at: Located): Dict {
  return value?.kind === "object" ? value : dictTree([], value ?? at);
}

function kept(value: Value, keep: (key: string) => boolean, at: Located): Known {
  const own = dict(value, at);
  return { ...own, members: own.members.filter(({ key }) => keep(key)) };
}

/** Fills what the first map lacks or holds empty; with `over` the others win. The first map is changed. */
function merged(over: boolean, [first, ...others]: readonly Value[], at: Located): Known {
  const target = dict(first, at);
  for (const other of others) mergeInto(target, dict(other, at), over);
  return target;
}

function mergeInto(target: Dict, source: Dict, over: boolean): void {
  for (const { key, keyAt, value } of source.members) {
    const own = target.members.find((one) => one.key === key)?.value;
    if (own?.kind === "object" && value.kind === "object") mergeInto(own, value, over);
    else if (over || (truth(own) === false && !isNil(value))) setMember(target, key, value, keyAt);
  }
}

/** By their names; what is not known as a whole makes the result so. */
export const dictionaries: Functions = allOfGiven({
  get: ([value, key], at) => fieldOf(value, [wordOf(key, at)]) ?? wordTree("", at),
  hasKey: ([value, key], at) =>
    flagTree(
      dict(value, at).members.some((one) => one.key === wordOf(key, at)),
      at,
    ),
  unset: ([value, key], at) => {
    const own = dict(value, at);
    removeMember(own, wordOf(key, at));
    return own;
  },
  pick: ([value, ...keys], at) => kept(value, (one) => keys.some((key) => wordOf(key, at) === one), at),
  omit: ([value, ...keys], at) => kept(value, (one) => keys.every((key) => wordOf(key, at) !== one), at),
  // In no order of their own; charts sort them, and so do we.
  keys: (values, at) =>
    listTree(
      values.flatMap((value) => dict(value, at).members.map(({ key, keyAt }) => wordTree(key, keyAt))),
      at,
    ),
  values: ([value], at) =>
    listTree(
      dict(value, at).members.map((one) => one.value),
      at,
    ),
  pluck: ([key, ...dicts], at) =>
    listTree(
      dicts.flatMap((one) => fieldOf(one, [wordOf(key, at)]) ?? []),
      at,
    ),
  merge: (values, at) => merged(false, values, at),
  mergeOverwrite: (values, at) => merged(true, values, at),
});

/** Those whose result is known although an argument is not. */
export const dictionariesOfAny: Functions = {
  dict: (values, at) => {
    const entries: [string, Known][] = [];
    for (let index = 0; index < values.length; index += 2)
      entries.push([
        wordOf(values[index], at),
        index + 1 < values.length ? orNil(values[index + 1], at) : wordTree("", at),
      ]);
    return dictTree(entries, at);
  },
  set: ([value, key, added], at) => {
    if (value?.kind === "unknown") return value;
    const own = dict(value, at);
    setMember(own, wordOf(key, at), orNil(added, at));
    return own;
  },
  deepCopy: ([value]) => (value === undefined ? undefined : copyOf(value)),
  dig: (values, at) => {
    const steps = values.slice(0, -2).map((step) => wordOf(step, at));
    return fieldOf(values.at(-1), steps) ?? values.at(-2);
  },
};
