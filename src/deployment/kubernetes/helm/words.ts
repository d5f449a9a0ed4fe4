/** The words inside of an action, and the pipelines that they make. Source: text/template/parse of Go. */
import { type Located, locate, slice, type Text, textAt } from "../../../text/text.ts";
import type { Operand, Pipe } from "./nodes.ts";
import { type Known, numberTree } from "./values.ts";

/** A word with its offsets in the template. */
interface Word {
  readonly text: string;
  readonly start: number;
  readonly end: number;
  /** White space stands before it. */
  readonly apart: boolean;
}

const wordPattern =
  /(?<space>[ \t\r\n]+)|"(?:\\.|[^"\\])*"|`[^`]*`|'(?:\\.|[^'\\])*'|:=|[=|(),]|\$\w*(?:\.\w+)*|(?:\.\w+)+|\.|[-+]?\d[\w.]*|\w+/gy;

/** Takes an action apart; undefined: something in it is no word. */
function wordsOf(source: string, start: number, end: number): Word[] | undefined {
  const words: Word[] = [];
  const pattern = new RegExp(wordPattern);
  pattern.lastIndex = start;
  let apart = true;
  while (pattern.lastIndex < end) {
    const at = pattern.lastIndex;
    const match = pattern.exec(source);
    if (match === null || pattern.lastIndex > end) return undefined;
    if (match.groups?.space !== undefined) apart = true;
    else {
      words.push({ text: match[0], start: at, end: pattern.lastIndex, apart });
      apart = false;
    }
  }
  return words;
}

interface Reader {
  readonly source: Text;
  readonly words: readonly Word[];
  index: number;
}

/** The pipeline between two offsets of a template; undefined: it is none. */
export function readPipe(source: Text, start: number, end: number): Pipe | undefined {
  const words = wordsOf(source.value, start, end);
  if (words === undefined || words.length === 0) return undefined;
  const reader: Reader = { source, words, index: 0 };
  const pipe = pipeline(reader, locate(source, start, end));
  return pipe === undefined || reader.index < words.length ? undefined : pipe;
}

function pipeline(reader: Reader, at: Located): Pipe | undefined {
  const { names, assigns } = declared(reader);
  const commands: Operand[][] = [];
  for (;;) {
    const command = commandAt(reader);
    if (command === undefined || command.length === 0) return undefined;
    commands.push(command);
    if (reader.words[reader.index]?.text !== "|") break;
    reader.index++;
  }
  return { names, assigns, commands, at };
}

/** `$x :=`, `$x =`, `$index, $item :=`. */
function declared(reader: Reader): Pick<Pipe, "names" | "assigns"> {
  const names: string[] = [];
  let index = reader.index;
  while (/^\$\w*$/u.test(reader.words[index]?.text ?? "")) {
    names.push(reader.words[index]?.text ?? "");
    index++;
    if (reader.words[index]?.text !== ",") break;
    index++;
  }
  const operator = reader.words[index]?.text;
  if (names.length === 0 || (operator !== ":=" && operator !== "=")) return { names: [], assigns: false };
  reader.index = index + 1;
  return { names, assigns: operator === "=" };
}

function commandAt(reader: Reader): Operand[] | undefined {
  const operands: Operand[] = [];
  for (;;) {
    const word = reader.words[reader.index];
    if (word === undefined || word.text === "|" || word.text === ")") return operands;
    const operand = operandAt(reader, word);
    if (operand === undefined) return undefined;
    operands.push(operand);
  }
}

function operandAt(reader: Reader, word: Word): Operand | undefined {
  reader.index++;
  const { text } = word;
  if (text === "(") return groupAt(reader, word);
  if (text === ".") return { kind: "field", path: [] };
  if (text.startsWith(".")) return { kind: "field", path: text.slice(1).split(".") };
  if (text.startsWith("$")) {
    const [name = "$", ...path] = text.split(".");
    return { kind: "variable", name, path };
  }
  const value = literalOf(reader.source, word);
  if (value !== undefined) return { kind: "literal", value };
  return /^[A-Za-z_]\w*$/u.test(text) ? { kind: "function", name: text } : undefined;
}

/** Brackets, and a field of what they give. */
function groupAt(reader: Reader, open: Word): Operand | undefined {
  const pipe = pipeline(reader, locate(reader.source, open.start, open.end));
  if (pipe === undefined || reader.words[reader.index]?.text !== ")") return undefined;
  reader.index++;
  const next = reader.words[reader.index];
  if (next === undefined || next.apart || !/^\.\w/u.test(next.text)) return { kind: "group", pipe, path: [] };
  reader.index++;
  return { kind: "group", pipe, path: next.text.slice(1).split(".") };
}

function literalOf(source: Text, { text, start, end }: Word): Known | undefined {
  const at = locate(source, start, end);
  if (text.startsWith("`")) return { kind: "string", text: inner(source, start, end), ...at };
  if (text.startsWith('"')) {
    const plain = !text.includes("\\");
    return { kind: "string", text: plain ? inner(source, start, end) : textAt(unescaped(text), at), ...at };
  }
  if (text === "true" || text === "false") return { kind: "boolean", value: text === "true", ...at };
  if (text === "nil") return { kind: "null", ...at };
  if (/^[-+]?(?:\d[\d_]*|0[xX][\da-fA-F]+|0[oO]?[0-7]+)$/u.test(text)) return numberTree(goInteger(text), at);
  const [, sign = "", mantissa, power] = /^([-+]?)(0[xX][\da-fA-F]+)[pP]([-+]?\d+)$/u.exec(text) ?? [];
  if (mantissa !== undefined)
    return numberTree((sign === "-" ? -1 : 1) * Number(mantissa) * 2 ** Number(power), at, "float64");
  if (/^[-+]?\d+(?:\.\d*)?(?:[eE][-+]?\d+)?$/u.test(text)) return numberTree(Number(text), at, "float64");
  if (/^'.[^']*'$/u.test(text)) return numberTree(unescaped(text).codePointAt(0) ?? 0, at);
  return undefined;
}

/** An integer in the notation of Go: 010 is 8. */
function goInteger(text: string): number {
  const plain = text.replaceAll("_", "");
  return Number(plain.replace(/^([-+]?)0[oO]?(?=[0-7]+$)/u, "$10o").replace(/^-0o/u, "-0"));
}

function inner(source: Text, start: number, end: number): Text {
  return end - start > 2 ? slice(source, start + 1, end - 1) : textAt("", locate(source, start, end));
}

const escapes: Readonly<Record<string, string>> = {
  n: "\n",
  t: "\t",
  r: "\r",
  '"': '"',
  "\\": "\\",
  "'": "'",
};

function unescaped(text: string): string {
  return text
    .slice(1, -1)
    .replaceAll(
      /\\(?:x([\da-fA-F]{2})|u([\da-fA-F]{4})|U([\da-fA-F]{8})|([0-7]{3})|(.))/gu,
      (_, x?: string, u?: string, long?: string, octal?: string, character = "") => {
        const code = x ?? u ?? long;
        if (code !== undefined) return String.fromCodePoint(Number.parseInt(code, 16));
        if (octal !== undefined) return String.fromCharCode(Number.parseInt(octal, 8));
        return escapes[character] ?? character;
      },
    );
}
