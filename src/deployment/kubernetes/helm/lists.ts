/** Functions over lists. Source: list.go of sprig. */
import type { Located } from "../../../text/text.ts";
import { allOfGiven, type Functions, numberOf, ofKnown, textOf, wholeOf, wordOf } from "./calls.ts";
import { printed } from "./print.ts";
import { toJson } from "./to-json.ts";
import {
  compareWords,
  dictTree,
  flagTree,
  isNil,
  joinTexts,
  type Known,
  listTree,
  numberTree,
  orNil,
  textParts,
  textTree,
  truth,
  unknownTree,
  type Value,
  wordTree,
} from "./values.ts";

function items(value: Value): readonly Known[] {
  return value?.kind === "array" ? value.items : [];
}

/** reflect.DeepEqual: numbers of different types are not the same. */
export function same(left: Value, right: Value, at: Located): boolean {
  if (isNil(left) || isNil(right)) return isNil(left) && isNil(right);
  if (left?.kind === "number" && right?.kind === "number")
    return left.value === right.value && left.go === right.go;
  const written = (value: Value): string =>
    toJson(orNil(value, at), at, { html: false, pretty: false }).value;
  return left?.kind === right?.kind && written(left) === written(right);
}

/** How many numbers a template may count to here. */
const most = 2000;

function counted(from: number, to: number, step: number, at: Located): Known {
  const count = step === 0 ? 0 : Math.max(0, Math.min(most, Math.ceil((to - from) / step)));
  return listTree(
    Array.from({ length: count }, (_, index) => numberTree(from + index * step, at)),
    at,
  );
}

/** `seq`, which prints like the tool of that name: both ends count. */
function sequence(numbers: readonly number[], at: Located): Known {
  const [from = 1, middle, end] = numbers.length === 1 ? [1, undefined, numbers[0]] : numbers;
  const to = end ?? middle ?? from;
  const towards = to < from ? -1 : 1;
  const step = end === undefined || middle === undefined ? towards : middle;
  const count = Math.max(0, Math.min(most, Math.floor((to - from) / step) + 1));
  return wordTree(Array.from({ length: count }, (_, index) => from + index * step).join(" "), at);
}

function countOf(value: Value): number {
  if (value?.kind === "array") return value.items.length;
  if (value?.kind === "object") return value.members.length;
  return value?.kind === "string" ? new TextEncoder().encode(value.text.value).length : 0;
}

function itemOf(value: Value, step: Value, at: Located): Value {
  if (value?.kind === "unknown" || step?.kind === "unknown") return unknownTree("the item is not known", at);
  if (value?.kind === "array") return value.items[numberOf(step)];
  if (value?.kind !== "object") return undefined;
  const found = value.members.find(({ key }) => key === wordOf(step, at))?.value;
  return found?.kind === "null" && found.unset === true ? undefined : found;
}

/** Parts under the keys _0, _1 …, as `split` gives them. */
function numbered(parts: readonly Known[], at: Located): Known {
  return dictTree(
    parts.map((part, index) => [`_${index}`, part] as const),
    at,
  );
}

/** By their names; what is not known as a whole makes the result so. */
export const lists: Functions = allOfGiven({
  first: ([list]) => items(list)[0],
  last: ([list]) => items(list).at(-1),
  rest: ([list], at) => listTree(items(list).slice(1), list ?? at),
  initial: ([list], at) => listTree(items(list).slice(0, -1), list ?? at),
  slice: ([list, from, to], at) =>
    listTree(items(list).slice(wholeOf(from), to === undefined ? undefined : wholeOf(to)), list ?? at),
  chunk: ([size, list], at) => {
    const width = Math.max(1, wholeOf(size));
    const count = Math.ceil(items(list).length / width);
    return listTree(
      Array.from({ length: count }, (_, index) =>
        listTree(items(list).slice(index * width, (index + 1) * width), at),
      ),
      list ?? at,
    );
  },
  concat: (values, at) => listTree(values.flatMap(items), at),
  reverse: ([list], at) => listTree([...items(list)].reverse(), list ?? at),
  uniq: ([list], at) =>
    listTree(
      items(list).filter((item, index, all) => all.findIndex((other) => same(other, item, at)) === index),
      list ?? at,
    ),
  compact: ([list], at) =>
    listTree(
      items(list).filter((item) => truth(item) !== false),
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
      items(list)
        .map((item) => textTree(printed(item, at)))
        .sort((left, right) => compareWords(left.text.value, right.text.value)),
      list ?? at,
    ),
  len: ([value], at) => numberTree(countOf(value), value ?? at),
  until: ([count], at) => counted(0, wholeOf(count), wholeOf(count) < 0 ? -1 : 1, at),
  untilStep: ([from, to, step], at) => counted(wholeOf(from), wholeOf(to), wholeOf(step), at),
  seq: (values, at) => sequence(values.map(wholeOf), at),
  join: ([between, list], at) => {
    const parts = list?.kind === "array" ? items(list).filter((item) => !isNil(item)) : [orNil(list, at)];
    return textTree(
      joinTexts(
        parts.map((item) => printed(item, at)),
        wordOf(between, at),
        at,
      ),
    );
  },
  splitList: ofKnown(([between, value], at) =>
    listTree(textParts(textOf(value, at), wordOf(between, at)).map(textTree), value ?? at),
  ),
  split: ofKnown(([between, value], at) =>
    numbered(textParts(textOf(value, at), wordOf(between, at)).map(textTree), value ?? at),
  ),
  splitn: ofKnown(([between, count, value], at) => {
    const mark = wordOf(between, at);
    const parts = textParts(textOf(value, at), mark);
    const limit = Math.max(1, wholeOf(count));
    const head = parts.slice(0, limit - 1);
    const tail = parts.slice(limit - 1);
    return numbered(
      [...head, ...(tail.length > 0 ? [joinTexts(tail, mark, at)] : [])].map(textTree),
      value ?? at,
    );
  }),
  toStrings: ([list], at) =>
    listTree(
      items(list).map((item) => textTree(printed(item, at))),
      list ?? at,
    ),
});

/** Those whose result is known although an argument is not. */
export const listsOfAny: Functions = {
  list: (values, at) =>
    listTree(
      values.map((value) => orNil(value, at)),
      at,
    ),
  tuple: (values, at) =>
    listTree(
      values.map((value) => orNil(value, at)),
      at,
    ),
  append: ([list, value], at) =>
    list?.kind === "unknown" ? list : listTree([...items(list), orNil(value, at)], list ?? at),
  push: ([list, value], at) =>
    list?.kind === "unknown" ? list : listTree([...items(list), orNil(value, at)], list ?? at),
  prepend: ([list, value], at) =>
    list?.kind === "unknown" ? list : listTree([orNil(value, at), ...items(list)], list ?? at),
  index: ([value, ...path], at) => path.reduce<Value>((current, step) => itemOf(current, step, at), value),
};
