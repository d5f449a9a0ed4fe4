/** How functions of templates are called. */
import { type Located, type Text, textAt } from "../../../text/text.ts";
import { printed } from "./print.ts";
import { holeOf, truth, unknownTree, type Value } from "./values.ts";

/** A function: its arguments, the piped one last, and where it is called. Undefined is what nothing sets. */
export type TemplateFunction = (values: readonly Value[], at: Located) => Value;

/** A table of functions by their names. */
export type Functions = Readonly<Record<string, TemplateFunction>>;

/** Any hole in an argument, also in a part of its text, makes the result one. */
export function ofKnown(apply: TemplateFunction): TemplateFunction {
  return (values, at) => {
    const hole = values.map(holeOf).find((found) => found !== undefined);
    return hole === undefined ? apply(values, at) : unknownTree(hole.reason, at);
  };
}

/** The same of a function that makes nothing of nothing alone: what is not known but given stays so. */
export function ofKnownText(apply: TemplateFunction): TemplateFunction {
  return (values, at) => {
    const hole = values.map(holeOf).find((found) => found !== undefined);
    return hole === undefined
      ? apply(values, at)
      : unknownTree(hole.reason, at, truth(values.at(-1)) === true);
  };
}

/** An argument that is not known as a whole makes the result so. */
export function ofGiven(apply: TemplateFunction): TemplateFunction {
  return (values, at) => {
    const found = values.find((value) => value?.kind === "unknown");
    return found?.kind === "unknown" ? unknownTree(found.hole.reason, at) : apply(values, at);
  };
}

/** The same of all functions in a table. */
export function allOfGiven(table: Functions): Functions {
  return Object.fromEntries(Object.entries(table).map(([name, apply]) => [name, ofGiven(apply)]));
}

/** An argument as a text; nothing is empty. */
export function textOf(value: Value, at: Located): Text {
  return value === undefined || value.kind === "null" ? textAt("", at) : printed(value, at);
}

/** An argument as a word; nothing is empty. */
export function wordOf(value: Value, at: Located): string {
  return textOf(value, at).value;
}

/** An argument as a number, as cast.ToFloat64 of Go takes it; 0 for what is none. */
export function numberOf(value: Value): number {
  switch (value?.kind) {
    case "number":
      return value.value;
    case "boolean":
      return value.value ? 1 : 0;
    case "string":
      return Number(value.text.value) || 0;
    default:
      return 0;
  }
}

/** A whole number; a string counts in the notation of Go: 010 is 8. */
export function wholeOf(value: Value): number {
  if (value?.kind !== "string") return Math.trunc(numberOf(value));
  const { value: word } = value.text;
  if (/^[-+]?0[0-7]+$/u.test(word)) return Number.parseInt(word, 8);
  return /^[-+]?(?:\d+|0[xX][\da-fA-F]+)$/u.test(word) ? Number(word) : 0;
}
