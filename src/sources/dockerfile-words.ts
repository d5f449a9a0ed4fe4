/** Words and variables in Dockerfile instructions, as BuildKit's shell lexer treats them. */
import { concat, holeText, insertedAt, locate, slice, type Text, textAt } from "../text/text.ts";

/** A variable's value; undefined when it is known not to be set; a reason when it may come from the base image. */
export type DockerLookup = (name: string) => Text | undefined | { readonly unknown: string };

/** Splits at spaces outside quotes; the quotes stay. */
export function splitWords(text: Text, escapeChar: string): Text[] {
  const words: Text[] = [];
  let start = -1;
  let quote = "";
  for (let index = 0; index <= text.value.length; index++) {
    const char = text.value.charAt(index);
    const ends = index === text.value.length || (quote === "" && /\s/.test(char));
    if (ends) {
      if (start >= 0) words.push(slice(text, start, index));
      start = -1;
      continue;
    }
    if (start < 0) start = index;
    if (char === escapeChar && quote !== "'") index++;
    else if (quote === "" && (char === '"' || char === "'")) quote = char;
    else if (char === quote) quote = "";
  }
  return words;
}

/** A word without its quotes and escapes, its variables replaced. */
export function expandWord(text: Text, escapeChar: string, lookup: DockerLookup): Text {
  const source = text.value;
  const parts: Text[] = [];
  let quote = "";
  let run = 0;
  let index = 0;
  const flush = (to: number): void => {
    if (to > run) parts.push(slice(text, run, to));
  };
  while (index < source.length) {
    const char = source.charAt(index);
    if (char === "$" && quote !== "'") {
      const found = variable(text, index, escapeChar, lookup);
      if (found !== undefined) {
        flush(index);
        parts.push(found.text);
        index = found.end;
        run = index;
        continue;
      }
    } else if (quote === "" ? char === '"' || char === "'" : char === quote) {
      flush(index);
      quote = quote === "" ? char : "";
      run = index + 1;
    } else if (
      char === escapeChar &&
      quote !== "'" &&
      index + 1 < source.length &&
      (quote === "" || /["$\\`]/.test(source.charAt(index + 1)))
    ) {
      flush(index);
      run = index + 1;
      index++;
    }
    index++;
  }
  flush(source.length);
  const filled = parts.filter((part) => part.value !== "");
  return filled.length === 0 ? textAt("", locate(text, 0, source.length)) : concat(filled);
}

function variable(
  text: Text,
  start: number,
  escapeChar: string,
  lookup: DockerLookup,
): { text: Text; end: number } | undefined {
  const rest = text.value.slice(start + 1);
  const plain = /^(?:[A-Za-z_][A-Za-z0-9_]*|[0-9@*#])/.exec(rest)?.[0];
  if (plain !== undefined)
    return {
      text: resolve(text, plain, start, start + 1 + plain.length, lookup),
      end: start + 1 + plain.length,
    };
  const braced = /^\{([A-Za-z_][A-Za-z0-9_]*)(?:(:?[-+?])|(?=\}))/.exec(rest);
  const close = braced === null ? -1 : closing(text.value, start + 1);
  if (braced === null || close < 0) return undefined;
  const [head, name = "", operator = ""] = braced;
  const word = slice(text, start + 1 + head.length, close);
  const end = close + 1;
  const value = lookup(name);
  if (value !== undefined && "unknown" in value)
    return { text: resolve(text, name, start, end, lookup), end };
  const present = value !== undefined && (!operator.startsWith(":") || value.value !== "");
  const useWord = operator.endsWith("-") ? !present : operator.endsWith("+") && present;
  if (useWord) return { text: expandWord(word, escapeChar, lookup), end };
  if (operator.endsWith("+")) return { text: textAt("", locate(text, start, end)), end };
  return { text: resolve(text, name, start, end, lookup), end };
}

function closing(source: string, open: number): number {
  let depth = 0;
  for (let index = open; index < source.length; index++) {
    if (source[index] === "{") depth++;
    if (source[index] === "}" && --depth === 0) return index;
  }
  return -1;
}

function resolve(text: Text, name: string, start: number, end: number, lookup: DockerLookup): Text {
  const where = locate(text, start, end);
  const value = lookup(name);
  if (value === undefined) return textAt("", where);
  if ("unknown" in value) return holeText(value.unknown, where);
  return value.value === "" ? textAt("", where) : insertedAt(value, where);
}
