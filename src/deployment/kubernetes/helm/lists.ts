/** Functions over lists. */
import type { Tree } from "../../../sources/tree.ts";
import type { Located } from "../../../text/text.ts";
import { ofKnown, type TemplateFunction } from "./calls.ts";
import { linesBy } from "./texts.ts";
import {
  flagTree,
  joinTexts,
  numberTree,
  printed,
  textTree,
  unknownTree,
  type Value,
  wordTree,
} from "./values.ts";

function listTree(items: readonly Tree[], at: Located): Tree {
  return { kind: "array", items, at: at.at, ...(at.via === undefined ? {} : { via: at.via }) };
}

function items(value: Value): readonly Tree[] {
  return value?.kind === "array" ? value.items : [];
}

function set(values: readonly Value[], at: Located): readonly Tree[] {
  return values.map((value) => value ?? { kind: "null", at: at.at });
}

function same(left: Value, right: Value, at: Located): boolean {
  return left?.kind === right?.kind && printed(left, at).value === printed(right, at).value;
}

function range(from: number, to: number, at: Located): Tree {
  const count = Math.max(0, Math.min(1000, to - from));
  return listTree(
    Array.from({ length: count }, (_, index) => numberTree(from + index, at)),
    at,
  );
}

function countOf(value: Value): number {
  if (value?.kind === "array") return value.items.length;
  if (value?.kind === "object") return value.members.length;
  return value?.kind === "string" ? value.text.value.length : 0;
}

function numberOf(value: Value): number {
  return value?.kind === "number" ? value.value : 0;
}

/** By their names. */
export const lists: Readonly<Record<string, TemplateFunction>> = {
  list: (values, at) => listTree(set(values, at), at),
  tuple: (values, at) => listTree(set(values, at), at),
  first: ([list]) => items(list)[0],
  last: ([list]) => items(list).at(-1),
  rest: ([list], at) => listTree(items(list).slice(1), list ?? at),
  initial: ([list], at) => listTree(items(list).slice(0, -1), list ?? at),
  append: ([list, value], at) => listTree([...items(list), ...set([value], at)], list ?? at),
  prepend: ([list, value], at) => listTree([...set([value], at), ...items(list)], list ?? at),
  concat: (values, at) => listTree(values.flatMap(items), at),
  reverse: ([list], at) => listTree([...items(list)].reverse(), list ?? at),
  uniq: ([list], at) =>
    listTree(
      items(list).filter((item, index, all) => all.findIndex((other) => same(other, item, at)) === index),
      list ?? at,
    ),
  compact: ([list], at) =>
    listTree(
      items(list).filter(
        (item) => item.kind !== "null" && (item.kind !== "string" || item.text.value !== ""),
      ),
      list ?? at,
    ),
  without: ([list, ...others], at) =>
    listTree(
      items(list).filter((item) => !others.some((other) => same(other, item, at))),
      list ?? at,
    ),
  has: ofKnown(([value, list], at) =>
    flagTree(
      items(list).some((item) => same(item, value, at)),
      at,
    ),
  ),
  sortAlpha: ([list], at) =>
    listTree(
      [...items(list)].sort((left, right) => (printed(left, at).value < printed(right, at).value ? -1 : 1)),
      list ?? at,
    ),
  len: ([value], at) => (value?.kind === "unknown" ? value : numberTree(countOf(value), value ?? at)),
  until: ([count], at) => range(0, numberOf(count), at),
  untilStep: ([from, to], at) => range(numberOf(from), numberOf(to), at),
  join: ([between, list], at) =>
    textTree(
      joinTexts(
        items(list).map((item) => printed(item, at)),
        printed(between, at).value,
        at,
      ),
    ),
  splitList: ofKnown(([between, value], at) =>
    listTree(
      linesBy(printed(value ?? wordTree("", at), at), printed(between, at).value).map(textTree),
      value ?? at,
    ),
  ),
  toStrings: ([list], at) =>
    listTree(
      items(list).map((item) => textTree(printed(item, at))),
      list ?? at,
    ),
  index: ([value, ...path], at) => {
    let current = value;
    for (const step of path) {
      if (current?.kind === "unknown" || step?.kind === "unknown")
        return unknownTree("the item is not known", at);
      if (current?.kind === "array") current = current.items[numberOf(step)];
      else if (current?.kind === "object") {
        const key = printed(step, at).value;
        current = current.members.findLast((member) => member.key === key)?.value;
      } else return undefined;
    }
    return current;
  },
};
