/** Functions over strings: what stays of a text keeps its places. Source: strings.go and regex.go of sprig. */
import { concat, type Located, slice, type Text, textAt } from "../../../text/text.ts";
import {
  type Functions,
  ofKnown,
  ofKnownText,
  type TemplateFunction,
  textOf,
  wholeOf,
  wordOf,
} from "./calls.ts";
import { goQuoted, printed } from "./print.ts";
import { printf } from "./printf.ts";
import { goRegex } from "./regex.ts";
import {
  flagTree,
  isNil,
  joinTexts,
  linesOf,
  listTree,
  textParts,
  textTree,
  type Value,
  wordTree,
} from "./values.ts";

/** Changes the characters of a text one by one, or as a whole. */
function mapped(change: (text: string) => string): TemplateFunction {
  return ofKnownText(([value], at) => {
    const text = textOf(value, at);
    const result = change(text.value);
    return result === text.value ? textTree(text) : wordTree(result, value ?? at);
  });
}

/** Takes a part of the last argument. */
function cut(range: (text: string, other: string) => readonly [number, number]): TemplateFunction {
  return ofKnownText((values, at) => {
    const value = values.at(-1);
    const text = textOf(value, at);
    const [start, end] = range(text.value, values.length > 1 ? wordOf(values[0], at) : "");
    return end > start ? textTree(slice(text, start, end)) : wordTree("", value ?? at);
  });
}

function tests(test: (text: string, part: string) => boolean): TemplateFunction {
  return ofKnown(([part, text], at) => flagTree(test(wordOf(text, at), wordOf(part, at)), at));
}

/** Every line with spaces before it. */
function indented(value: Value, width: Value, at: Located): Text {
  const pad = " ".repeat(Math.max(0, Math.min(200, wholeOf(width))));
  const lines = linesOf(value === undefined ? printed(value, at) : textOf(value, at)).map((line) =>
    concat([textAt(pad, at), ...(line.value === "" ? [] : [line])]),
  );
  return joinTexts(lines, "\n", at);
}

/** The arguments that are not nil, each changed, with spaces between. */
function each(change: (text: Text, at: Located) => Text): TemplateFunction {
  return (values, at) =>
    textTree(
      joinTexts(
        values.filter((value) => !isNil(value)).map((value) => change(printed(value, at), at)),
        " ",
        at,
      ),
    );
}

/** `trimAll` and its like: takes characters off the ends. */
function trimmed(left: boolean, right: boolean): TemplateFunction {
  return cut((text, characters) => {
    let [start, end] = [0, text.length];
    if (left) while (start < end && characters.includes(text.charAt(start))) start++;
    if (right) while (end > start && characters.includes(text.charAt(end - 1))) end--;
    return [start, end];
  });
}

/** `regexReplaceAll EXPRESSION TEXT REPLACEMENT`. */
function replacing(written: (replacement: string) => string): TemplateFunction {
  return ofKnown(([pattern, value, to], at) => {
    const regex = goRegex(wordOf(pattern, at), "g");
    if (regex === undefined) return undefined;
    const text = textOf(value, at);
    const result = text.value.replace(regex, written(wordOf(to, at)));
    return result === text.value ? textTree(text) : wordTree(result, value ?? at);
  });
}

/** A function that begins with an expression and a text. */
function matching(
  apply: (regex: RegExp, text: string, at: Located, count: number) => Value,
): TemplateFunction {
  return ofKnown(([pattern, value, count], at) => {
    const regex = goRegex(wordOf(pattern, at), "g");
    return regex === undefined ? undefined : apply(regex, wordOf(value, at), value ?? at, wholeOf(count));
  });
}

const replaced: TemplateFunction = ofKnown(([from, to, value], at) => {
  const text = textOf(value, at);
  const part = wordOf(from, at);
  if (part === "" || !text.value.includes(part)) return textTree(text);
  return textTree(joinTexts(textParts(text, part), wordOf(to, at), at));
});

/** Go writes nil out here, which an action does not. */
function spelled(value: Value, at: Located): Text {
  return value?.kind === "null" && value.unset === undefined ? textAt("<nil>", value) : printed(value, at);
}

const asString: TemplateFunction = ([value], at) => textTree(spelled(value, at));

/** Words of a name, as xstrings takes it apart. */
function words(text: string): readonly string[] {
  return text
    .replaceAll(/([\p{Ll}\d])(\p{Lu})/gu, "$1 $2")
    .replaceAll(/(\p{Lu}+)(\p{Lu}\p{Ll})/gu, "$1 $2")
    .split(/[\s_.-]+/u)
    .filter((word) => word !== "");
}

function abbreviated(text: string, width: number): string {
  return width < 4 || text.length <= width ? text : `${text.slice(0, width - 3)}...`;
}

const cases: Functions = {
  upper: mapped((text) => text.toUpperCase()),
  lower: mapped((text) => text.toLowerCase()),
  title: mapped((text) => text.replaceAll(/(?<![\p{L}\d_])\p{L}/gu, (letter) => letter.toUpperCase())),
  untitle: mapped((text) => text.replaceAll(/(?<!\S)\S/gu, (letter) => letter.toLowerCase())),
  swapcase: mapped((text) =>
    [...text]
      .map((letter) => (letter === letter.toUpperCase() ? letter.toLowerCase() : letter.toUpperCase()))
      .join(""),
  ),
  nospace: mapped((text) => text.replaceAll(/\s/gu, "")),
  initials: mapped((text) => [...text.matchAll(/(?<!\S)\S/gu)].join("")),
  kebabcase: mapped((text) => words(text).join("-").toLowerCase()),
  snakecase: mapped((text) => words(text).join("_").toLowerCase()),
  camelcase: mapped((text) =>
    text.replaceAll(/(?:^|[_\-\s]+)(\w)/gu, (_, letter: string) => letter.toUpperCase()),
  ),
};

const parts: Functions = {
  trim: cut((text) => [text.length - text.trimStart().length, text.trimEnd().length]),
  trimSuffix: cut((text, end) => [
    0,
    end !== "" && text.endsWith(end) ? text.length - end.length : text.length,
  ]),
  trimPrefix: cut((text, start) => [text.startsWith(start) ? start.length : 0, text.length]),
  trimAll: trimmed(true, true),
  trunc: cut((text, length) => {
    const count = Number(length);
    if (count < 0) return [text.length + count > 0 ? text.length + count : 0, text.length];
    return [0, Math.min(text.length, count)];
  }),
  substr: ofKnown(([start, end, value], at) => {
    const text = textOf(value, at);
    const [from, to] = [wholeOf(start), wholeOf(end)];
    const last = to < 0 || to > text.value.length ? text.value.length : to;
    return last > Math.max(0, from) ? textTree(slice(text, Math.max(0, from), last)) : wordTree("", at);
  }),
  abbrev: ofKnown(([width, value], at) =>
    wordTree(abbreviated(wordOf(value, at), wholeOf(width)), value ?? at),
  ),
  base: cut((text) => [text.replace(/\/+$/u, "").lastIndexOf("/") + 1, text.replace(/\/+$/u, "").length]),
  dir: mapped((text) => (text.includes("/") ? text.slice(0, text.lastIndexOf("/")) || "/" : ".")),
  ext: cut((text) => [/\.[^./]*$/u.exec(text)?.index ?? text.length, text.length]),
};

const expressions: Functions = {
  regexReplaceAll: replacing((to) =>
    to.replaceAll(/\$(?:\{(\w+)\}|(\w+))/gu, (_, one: string, other: string) => {
      const name = one ?? other;
      return /^\d+$/u.test(name) ? `$${name}` : `$<${name}>`;
    }),
  ),
  regexReplaceAllLiteral: replacing((to) => to.replaceAll("$", "$$$$")),
  regexFind: matching((regex, text, at) => wordTree(regex.exec(text)?.[0] ?? "", at)),
  regexMatch: matching((regex, text, at) => flagTree(regex.test(text), at)),
  regexFindAll: matching((regex, text, at, count) => {
    const found = [...text.matchAll(regex)].map(([all]) => wordTree(all, at));
    return listTree(count < 0 ? found : found.slice(0, count), at);
  }),
  regexSplit: matching((regex, text, at, count) => {
    const found = text.split(new RegExp(regex.source, regex.flags.replace("g", "")));
    const kept = count < 0 ? found : found.slice(0, count);
    return listTree(
      kept.map((part) => wordTree(part, at)),
      at,
    );
  }),
  regexQuoteMeta: mapped((text) => text.replaceAll(/[\\.+*?()|[\]{}^$]/gu, "\\$&")),
};

/** By their names. */
export const strings: Functions = {
  ...cases,
  ...parts,
  ...expressions,
  trimall: trimmed(true, true),
  quote: each(goQuoted),
  squote: each((text, at) => concat([textAt("'", at), text, textAt("'", at)])),
  toString: asString,
  print: (values, at) =>
    textTree(
      concat(
        values.flatMap((value, index) => {
          const before = values[index - 1];
          // Go puts a space between two of which none is a string.
          const isApart = index > 0 && value?.kind !== "string" && before?.kind !== "string";
          return [...(isApart ? [textAt(" ", at)] : []), spelled(value, at)];
        }),
      ),
    ),
  println: (values, at) =>
    textTree(
      concat([
        joinTexts(
          values.map((value) => spelled(value, at)),
          " ",
          at,
        ),
        textAt("\n", at),
      ]),
    ),
  printf: (values, at) => textTree(printf(values, at)),
  cat: (values, at) =>
    textTree(
      joinTexts(
        values.filter((value) => !isNil(value)).map((value) => printed(value, at)),
        " ",
        at,
      ),
    ),
  indent: ([width, value], at) => textTree(indented(value, width, at)),
  nindent: ([width, value], at) => textTree(concat([textAt("\n", at), indented(value, width, at)])),
  contains: tests((text, part) => text.includes(part)),
  hasPrefix: tests((text, part) => text.startsWith(part)),
  hasSuffix: tests((text, part) => text.endsWith(part)),
  replace: replaced,
  repeat: ofKnown(([count, value], at) =>
    wordTree(wordOf(value, at).repeat(Math.max(0, Math.min(100, wholeOf(count)))), at),
  ),
  plural: ofKnown(([one, many, count], at) => (wholeOf(count) === 1 ? one : many) ?? wordTree("", at)),
};
