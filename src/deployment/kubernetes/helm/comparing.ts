/** Functions that compare, and that tell of what kind a value is. Sources: funcs.go of text/template, reflect.go of sprig. */
import type { Located } from "../../../text/text.ts";
import { type Functions, ofKnown, type TemplateFunction, wordOf } from "./calls.ts";
import { same } from "./lists.ts";
import { satisfies, versionFields } from "./semver.ts";
import {
  dictTree,
  flagTree,
  isNil,
  type Known,
  kindOf,
  numberTree,
  typeOf,
  unknownTree,
  type Value,
  wordTree,
} from "./values.ts";

/** A scalar for comparing; a number and a string are never the same. */
function comparable(value: Value): string | number | boolean | undefined {
  switch (value?.kind) {
    case "string":
      return value.text.value;
    case "number":
    case "boolean":
      return value.value;
    default:
      return undefined;
  }
}

function equal(left: Value, right: Value): boolean {
  return isNil(left) || isNil(right) ? isNil(left) && isNil(right) : comparable(left) === comparable(right);
}

function ordered(test: (order: number) => boolean): TemplateFunction {
  return ofKnown(([left, right], at) => {
    const [one, other] = [comparable(left), comparable(right)];
    if (typeof one !== typeof other || one === undefined || other === undefined) return flagTree(false, at);
    if (one === other) return flagTree(test(0), at);
    return flagTree(test(one < other ? -1 : 1), at);
  });
}

function unlessUnknown(apply: (value: Value, other: Value, at: Located) => Known): TemplateFunction {
  return ([other, value], at) =>
    value?.kind === "unknown" ? unknownTree(value.hole.reason, at) : apply(value, other, at);
}

function kindTold(kind: (value: Value) => string): TemplateFunction {
  return ([value], at) =>
    value?.kind === "unknown" ? unknownTree(value.hole.reason, at) : wordTree(kind(value), at);
}

/** By their names. */
export const comparing: Functions = {
  eq: ofKnown(([first, ...others], at) =>
    flagTree(
      others.some((other) => equal(other, first)),
      at,
    ),
  ),
  ne: ofKnown(([left, right], at) => flagTree(!equal(left, right), at)),
  lt: ordered((order) => order < 0),
  le: ordered((order) => order <= 0),
  gt: ordered((order) => order > 0),
  ge: ordered((order) => order >= 0),
  // A text of which a part is not known is a text all the same.
  kindIs: unlessUnknown((value, kind, at) => flagTree(wordOf(kind, at) === kindOf(value), at)),
  kindOf: kindTold(kindOf),
  typeIs: unlessUnknown((value, type, at) => flagTree(wordOf(type, at) === typeOf(value), at)),
  typeIsLike: unlessUnknown((value, type, at) =>
    flagTree([typeOf(value), `*${typeOf(value)}`].includes(wordOf(type, at)), at),
  ),
  typeOf: kindTold(typeOf),
  deepEqual: ofKnown(([left, right], at) => flagTree(same(left, right, at), at)),
  semverCompare: ofKnown(([constraint, version], at) => {
    const fits = satisfies(wordOf(version, at), wordOf(constraint, at));
    return fits === undefined ? unknownTree("the versions cannot be compared", at) : flagTree(fits, at);
  }),
  semver: ofKnown(([version], at) => {
    const fields = versionFields(wordOf(version, at));
    if (fields === undefined) return unknownTree("it is no version", at);
    return dictTree(
      Object.entries(fields).map(([key, field]) => [
        key,
        typeof field === "number" ? numberTree(field, at, "int64") : wordTree(field, at),
      ]),
      at,
    );
  }),
};
