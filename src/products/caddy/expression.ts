/**
 * Expressions of Caddy's matchers (CEL): what is written of paths, methods, names, addresses and comparisons of them.
 * Source: modules/caddyhttp/celmatcher.go of caddyserver/caddy.
 */
import { tokensOf } from "../proxy/tokens.ts";

/** What a call in an expression comes to: a matcher of Caddy by its name, with its words. */
export type Call = (name: string, words: readonly string[]) => boolean;

/** What placeholders stand for; undefined where that is not known. */
export type Placeholder = (name: string) => string | undefined;

/** Evaluates an expression; undefined where it holds something that is not understood. */
export function evaluateExpression(
  source: string,
  call: Call,
  placeholder: Placeholder,
): boolean | undefined {
  const tokens = tokensOf(source, tokenPattern);
  if (tokens === undefined) return undefined;
  const reader: Reader = { tokens, index: 0, call, placeholder };
  const value = either(reader);
  return reader.index === tokens.length && typeof value === "boolean" ? value : undefined;
}

interface Reader {
  readonly tokens: readonly string[];
  readonly call: Call;
  readonly placeholder: Placeholder;
  index: number;
}

/** Undefined: not understood. */
type Value = boolean | string | readonly string[] | undefined;

const tokenPattern = /\s*('[^']*'|"[^"]*"|\{[\w.-]+\}|&&|\|\||==|!=|[!()[\].,]|[A-Za-z_]\w*|\d+)\s*/uy;

function takes(reader: Reader, token: string): boolean {
  if (reader.tokens[reader.index] !== token) return false;
  reader.index++;
  return true;
}

function either(reader: Reader): Value {
  let value = both(reader);
  while (takes(reader, "||")) {
    const right = both(reader);
    if (value === true || right === true) value = true;
    else value = value === false && right === false ? false : undefined;
  }
  return value;
}

function both(reader: Reader): Value {
  let value = compared(reader);
  while (takes(reader, "&&")) {
    const right = compared(reader);
    if (value === false || right === false) value = false;
    else value = value === true && right === true ? true : undefined;
  }
  return value;
}

function compared(reader: Reader): Value {
  const left = single(reader);
  for (const operator of ["==", "!="]) {
    if (!takes(reader, operator)) continue;
    const right = single(reader);
    if (typeof left !== "string" || typeof right !== "string") return undefined;
    return (left === right) === (operator === "==");
  }
  if (!takes(reader, "in")) return left;
  const list = single(reader);
  return typeof left === "string" && Array.isArray(list) ? list.includes(left) : undefined;
}

function single(reader: Reader): Value {
  if (takes(reader, "!")) {
    const value = single(reader);
    return typeof value === "boolean" ? !value : undefined;
  }
  let value = primary(reader);
  while (takes(reader, ".")) value = method(reader, value);
  return value;
}

function primary(reader: Reader): Value {
  const token = reader.tokens[reader.index++] ?? "";
  if (token === "(") {
    const value = either(reader);
    return takes(reader, ")") ? value : undefined;
  }
  if (token === "[") return wordsUntil(reader, "]");
  if (/^['"]/u.test(token)) return token.slice(1, -1);
  if (token.startsWith("{")) return reader.placeholder(token.slice(1, -1));
  if (token === "true" || token === "false") return token === "true";
  if (!takes(reader, "(")) return undefined;
  const words = wordsUntil(reader, ")");
  return words === undefined ? undefined : reader.call(token, words);
}

function wordsUntil(reader: Reader, end: string): readonly string[] | undefined {
  const words: string[] = [];
  let isKnown = true;
  while (reader.index < reader.tokens.length && !takes(reader, end)) {
    if (takes(reader, ",")) continue;
    const value = single(reader);
    if (typeof value === "string") words.push(value);
    else if (Array.isArray(value)) words.push(...value);
    else isKnown = false;
  }
  return isKnown ? words : undefined;
}

function method(reader: Reader, value: Value): Value {
  const name = reader.tokens[reader.index++] ?? "";
  if (!takes(reader, "(")) return undefined;
  const [word] = wordsUntil(reader, ")") ?? [];
  if (typeof value !== "string" || word === undefined) return undefined;
  switch (name) {
    case "startsWith":
      return value.startsWith(word);
    case "endsWith":
      return value.endsWith(word);
    case "contains":
      return value.includes(word);
    default:
      return undefined;
  }
}
