/** Functions over strings: what stays of a text keeps its places. */
import { concat, type Located, slice, type Text, textAt } from "../../../text/text.ts";
import { ofKnown, type TemplateFunction } from "./calls.ts";
import { flagTree, joinTexts, linesOf, printed, textTree, type Value, wordTree } from "./values.ts";
import { quoted } from "./write.ts";

/** Changes the characters of a text one by one, or as a whole. */
function mapped(change: (text: string) => string): TemplateFunction {
  return ofKnown(([value], at) => {
    const text = printed(value ?? wordTree("", at), at);
    const result = change(text.value);
    return result === text.value ? textTree(text) : wordTree(result, value ?? at);
  });
}

/** Takes a part of the last argument. */
function cut(range: (text: string, other: string) => readonly [number, number]): TemplateFunction {
  return ofKnown((values, at) => {
    const value = values.at(-1);
    const text = printed(value ?? wordTree("", at), at);
    const [start, end] = range(text.value, values.length > 1 ? printed(values[0], at).value : "");
    return end > start ? textTree(slice(text, start, end)) : wordTree("", value ?? at);
  });
}

function tests(test: (text: string, part: string) => boolean): TemplateFunction {
  return ofKnown(([part, text], at) =>
    flagTree(test(printed(text ?? wordTree("", at), at).value, printed(part, at).value), at),
  );
}

/** Every line with spaces before it. */
function indented(value: Value, width: Value, at: Located): Text {
  const text = printed(value ?? wordTree("", at), at);
  const pad = " ".repeat(Math.min(100, width?.kind === "number" ? width.value : 0));
  const lines = linesOf(text).map((line) => concat([textAt(pad, at), ...(line.value === "" ? [] : [line])]));
  return joinTexts(lines, "\n", at);
}

function printf(values: readonly Value[], at: Located): Text {
  const [format, ...rest] = values;
  const text = printed(format, at);
  const parts: Text[] = [];
  let end = 0;
  let next = 0;
  for (const match of text.value.matchAll(/%[-+ #0]*\d*(?:\.\d+)?([a-zA-Z%])/gu)) {
    parts.push(slice(text, end, match.index));
    end = match.index + match[0].length;
    if (match[1] === "%") parts.push(textAt("%", at));
    else {
      const own = printed(rest[next] ?? wordTree("", at), at);
      parts.push(match[1] === "q" ? quoted(own) : own);
      next++;
    }
  }
  parts.push(slice(text, end, text.value.length));
  return concat(parts.filter(({ value }) => value !== ""));
}

function trimmedBy(pattern: (characters: string) => RegExp): TemplateFunction {
  return cut((text, characters) => {
    const match = pattern(characters.replaceAll(/[\\^$.*+?()[\]{}|-]/gu, "\\$&")).exec(text);
    return match === null
      ? [0, text.length]
      : [
          match.index + (match[1]?.length ?? 0),
          match.index + (match[1]?.length ?? 0) + (match[2]?.length ?? 0),
        ];
  });
}

/** An expression of Go's; undefined where it is none of JavaScript's as well. */
function regexOf(pattern: string, flags = "u"): RegExp | undefined {
  try {
    return new RegExp(pattern, flags);
  } catch {
    return undefined;
  }
}

/** `regexReplaceAll EXPRESSION TEXT REPLACEMENT`. */
function replacing(written: (replacement: string) => string): TemplateFunction {
  return ofKnown(([pattern, value, to], at) => {
    const regex = regexOf(printed(pattern, at).value, "gu");
    if (regex === undefined) return undefined;
    const text = printed(value, at);
    const result = text.value.replace(regex, written(printed(to, at).value));
    return result === text.value ? textTree(text) : wordTree(result, value ?? at);
  });
}

const asString: TemplateFunction = ([value], at) => textTree(printed(value ?? wordTree("", at), at));

/** By their names. */
export const strings: Readonly<Record<string, TemplateFunction>> = {
  quote: (values, at) =>
    textTree(
      joinTexts(
        values
          .filter((value) => value !== undefined && value.kind !== "null")
          .map((value) => quoted(printed(value, at))),
        " ",
        at,
      ),
    ),
  squote: (values, at) =>
    textTree(
      joinTexts(
        values
          .filter((value) => value !== undefined && value.kind !== "null")
          .map((value) => concat([textAt("'", at), printed(value, at), textAt("'", at)])),
        " ",
        at,
      ),
    ),
  toString: asString,
  print: (values, at) => textTree(concat(values.map((value) => printed(value, at)))),
  printf: (values, at) => textTree(printf(values, at)),
  indent: ([width, value], at) => textTree(indented(value, width, at)),
  nindent: ([width, value], at) => textTree(concat([textAt("\n", at), indented(value, width, at)])),
  upper: mapped((text) => text.toUpperCase()),
  lower: mapped((text) => text.toLowerCase()),
  title: mapped((text) => text.replaceAll(/\b\w/gu, (letter) => letter.toUpperCase())),
  untitle: mapped((text) => text.replaceAll(/\b\w/gu, (letter) => letter.toLowerCase())),
  nospace: mapped((text) => text.replaceAll(/\s/gu, "")),
  kebabcase: mapped((text) =>
    text
      .replaceAll(/([a-z\d])([A-Z])/gu, "$1-$2")
      .replaceAll(/[_\s]+/gu, "-")
      .toLowerCase(),
  ),
  snakecase: mapped((text) =>
    text
      .replaceAll(/([a-z\d])([A-Z])/gu, "$1_$2")
      .replaceAll(/[-\s]+/gu, "_")
      .toLowerCase(),
  ),
  trim: cut((text) => [text.length - text.trimStart().length, text.trimEnd().length]),
  trimSuffix: cut((text, end) => [
    0,
    end !== "" && text.endsWith(end) ? text.length - end.length : text.length,
  ]),
  trimPrefix: cut((text, start) => [text.startsWith(start) ? start.length : 0, text.length]),
  trimAll: trimmedBy((characters) => new RegExp(`^([${characters}]*)([\\s\\S]*?)[${characters}]*$`, "u")),
  trunc: cut((text, length) => {
    const count = Number(length);
    return count < 0 ? [Math.max(0, text.length + count), text.length] : [0, Math.min(text.length, count)];
  }),
  contains: tests((text, part) => text.includes(part)),
  hasPrefix: tests((text, part) => text.startsWith(part)),
  hasSuffix: tests((text, part) => text.endsWith(part)),
  replace: ofKnown(([from, to, value], at) => {
    const text = printed(value ?? wordTree("", at), at);
    const part = printed(from, at).value;
    if (part === "" || !text.value.includes(part)) return textTree(text);
    const pieces: Text[] = [];
    let start = 0;
    for (let found = text.value.indexOf(part); found >= 0; found = text.value.indexOf(part, start)) {
      pieces.push(slice(text, start, found));
      start = found + part.length;
    }
    return textTree(joinTexts([...pieces, slice(text, start, text.value.length)], printed(to, at).value, at));
  }),
  repeat: ofKnown(([count, value], at) =>
    wordTree(printed(value, at).value.repeat(Math.min(100, Number(printed(count, at).value) || 0)), at),
  ),
  cat: (values, at) =>
    textTree(
      joinTexts(
        values.filter((value) => value !== undefined).map((value) => printed(value, at)),
        " ",
        at,
      ),
    ),
  substr: ofKnown(([start, end, value], at) => {
    const text = printed(value, at);
    const [from, to] = [Number(printed(start, at).value), Number(printed(end, at).value)];
    const last = to < 0 ? text.value.length : Math.min(to, text.value.length);
    return last > Math.max(0, from) ? textTree(slice(text, Math.max(0, from), last)) : wordTree("", at);
  }),
  camelcase: mapped((text) =>
    text.replaceAll(/(?:^|[_\-\s]+)(\w)/gu, (_, letter: string) => letter.toUpperCase()),
  ),
  regexReplaceAll: replacing((to) => to.replaceAll(/\$\{(\d+)\}/gu, "$$$1")),
  regexReplaceAllLiteral: replacing((to) => to.replaceAll("$", "$$$$")),
  regexFind: ofKnown(([pattern, value], at) => {
    const regex = regexOf(printed(pattern, at).value);
    return regex === undefined
      ? undefined
      : wordTree(regex.exec(printed(value, at).value)?.[0] ?? "", value ?? at);
  }),
  regexMatch: ofKnown(([pattern, value], at) => {
    const regex = regexOf(printed(pattern, at).value);
    return regex === undefined ? undefined : flagTree(regex.test(printed(value, at).value), at);
  }),
};
