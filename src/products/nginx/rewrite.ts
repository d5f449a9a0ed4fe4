/** `rewrite`, `return`, `if`, `set` and `break`: read into the flat program that nginx runs. */
import type { NginxDirective, NginxWord } from "../../sources/nginx.ts";
import { concat, type Located, placeOf, slice, type Text } from "../../text/text.ts";
import { type Regex, regexOf } from "../proxy/regex.ts";
import { argument, type Block, wordValue } from "./block.ts";
import { lower } from "./bytes.ts";
import { openBlock, type Reading, refuse } from "./expand.ts";
import { type Script, scriptOf } from "./script.ts";

/** One instruction. */
export type Instruction =
  | RewriteInstruction
  | (Located & { readonly type: "return"; readonly status: number; readonly text: Script | undefined })
  | (Located & { readonly type: "set"; readonly name: string; readonly value: Script })
  | (Located & { readonly type: "break" })
  | (Located & {
      readonly type: "if";
      readonly condition: Condition;
      readonly body: Rewrite;
      readonly block: Block;
    })
  | (Located & { readonly type: "unknown"; readonly reason: string });

/** The instructions of a level, in order. */
export type Rewrite = readonly Instruction[];

/** A line `rewrite`. */
export interface RewriteInstruction extends Located {
  readonly type: "rewrite";
  /** Undefined when the expression is not understood. */
  readonly regex: Regex | undefined;
  readonly replacement: Script;
  /** Whether the arguments of the request are added (no `?` at the end of the replacement). */
  readonly addArgs: boolean;
  /** 301 or 302 for a redirect, 0 for another path. */
  readonly redirect: number;
  /** `last` and `break` end the program; `break` also stays in this location. */
  readonly flag: "" | "last" | "break";
}

/** What an `if` asks. */
export type Condition =
  | { readonly type: "set"; readonly value: Script }
  | { readonly type: "equal"; readonly value: Script; readonly other: Script; readonly negative: boolean }
  | { readonly type: "match"; readonly value: Script; readonly regex: Regex; readonly negative: boolean }
  | { readonly type: "file"; readonly value: Script; readonly negative: boolean }
  | { readonly type: "unknown"; readonly reason: string };

const modulesThatRewrite = /^(?:rewrite_by_lua|set_by_lua|access_by_lua_phase|js_set|perl_set)/;

/** Reads the instructions of a server or location; `kind` is that of its `if` blocks. */
export function compileRewrite(reading: Reading, block: Block, kind: "server-if" | "location-if"): Rewrite {
  const program: Instruction[] = [];
  for (const directive of block.own) {
    const instruction = instructionOf(reading, block, kind, directive);
    if (instruction !== undefined) program.push(instruction);
  }
  return program;
}

function instructionOf(
  reading: Reading,
  block: Block,
  kind: "server-if" | "location-if",
  directive: NginxDirective,
): Instruction | undefined {
  const { name } = directive;
  if (name === "return") return returnOf(reading, directive);
  if (name === "rewrite") return rewriteOf(reading, directive);
  if (name === "set") return setOf(reading, directive);
  if (name === "break") return { type: "break", ...placeOf(directive) };
  if (name === "if" && directive.block !== undefined) return ifOf(reading, block, kind, directive);
  if (modulesThatRewrite.test(name))
    return { type: "unknown", reason: `${name} may answer or change the request`, ...placeOf(directive) };
  return undefined;
}

/** The parts of a value; what nginx refuses in it is noted. */
export function readScript(reading: Reading, text: Text, at: Located): Script {
  const { parts, invalid } = scriptOf(text);
  if (invalid) refuse(reading, "invalid variable name", at);
  return parts;
}

function returnOf(reading: Reading, directive: NginxDirective): Instruction | undefined {
  const [first, second] = directive.args;
  if (first === undefined) return undefined;
  const code = wordValue(first);
  const place = placeOf(directive);
  if (typeof code !== "string" && second !== undefined)
    return { type: "unknown", reason: code.unknown, ...place };
  const isUrl = second === undefined && (typeof code !== "string" || /^(?:https?:\/\/|\$scheme)/.test(code));
  if (isUrl) return { type: "return", status: 302, text: readScript(reading, first.text, first), ...place };
  if (typeof code !== "string" || !/^\d{1,3}$/.test(code)) {
    refuse(reading, `invalid return code "${first.text.value}"`, directive);
    return undefined;
  }
  const text = second === undefined ? undefined : readScript(reading, second.text, second);
  return { type: "return", status: Number(code), text, ...place };
}

const redirects: Readonly<Record<string, number>> = { redirect: 302, permanent: 301 };

function rewriteOf(reading: Reading, directive: NginxDirective): Instruction | undefined {
  const [pattern, replacement, flag] = directive.args;
  if (pattern === undefined || replacement === undefined) return undefined;
  const option = argument(directive, 2) ?? "";
  if (flag !== undefined && !["last", "break", "redirect", "permanent"].includes(option)) {
    refuse(reading, `invalid parameter "${option}"`, directive);
  }
  const value = wordValue(pattern);
  const regex = typeof value === "string" ? regexOf(value, false) : undefined;
  if (typeof regex === "string")
    refuse(reading, `the expression "${pattern.text.value}" is refused: ${regex}`, pattern);
  const target = replacement.text.value;
  const redirect = redirects[option] ?? (/^(?:https?:\/\/|\$scheme)/.test(target) ? 302 : 0);
  const text = target.endsWith("?") ? slice(replacement.text, 0, target.length - 1) : replacement.text;
  return {
    type: "rewrite",
    regex: typeof regex === "object" ? regex : undefined,
    replacement: readScript(reading, text, replacement),
    addArgs: !target.endsWith("?"),
    redirect,
    flag: option === "last" || option === "break" ? option : "",
    ...placeOf(directive),
  };
}

function setOf(reading: Reading, directive: NginxDirective): Instruction | undefined {
  const [name, value] = directive.args;
  if (name === undefined || value === undefined) return undefined;
  if (!name.text.value.startsWith("$")) {
    refuse(reading, `invalid variable name "${name.text.value}"`, directive);
    return undefined;
  }
  const lowered = name.text.value.slice(1).toLowerCase();
  return { type: "set", name: lowered, value: readScript(reading, value.text, value), ...placeOf(directive) };
}

function ifOf(
  reading: Reading,
  parent: Block,
  kind: "server-if" | "location-if",
  directive: NginxDirective,
): Instruction {
  const block = openBlock(reading, kind, directive, parent);
  const condition = conditionOf(reading, directive);
  return { type: "if", condition, block, body: compileRewrite(reading, block, kind), ...placeOf(directive) };
}

/** The words between the parentheses; nginx wants these without quotes around. */
function conditionWords(directive: NginxDirective): NginxWord[] | undefined {
  const words = [...directive.args];
  const first = words[0];
  if (first === undefined || !first.text.value.startsWith("(")) return undefined;
  words[0] = { ...first, text: slice(first.text, 1, first.text.value.length) };
  const last = words.at(-1);
  if (last === undefined || !last.text.value.endsWith(")")) return undefined;
  words[words.length - 1] = { ...last, text: slice(last.text, 0, last.text.value.length - 1) };
  return words.filter((word, index) => word.text.value !== "" || (word.quoted && index > 0));
}

function conditionOf(reading: Reading, directive: NginxDirective): Condition {
  const words = conditionWords(directive);
  const [value, operator, other, more] = words ?? [];
  const bad = (message: string): Condition => {
    refuse(reading, message, directive);
    return { type: "unknown", reason: message };
  };
  if (words === undefined || value === undefined) return bad("invalid condition");
  if (/^!?-[fdex]$/.test(value.text.value)) {
    if (operator === undefined || other !== undefined) return bad("invalid condition");
    return {
      type: "file",
      value: readScript(reading, operator.text, operator),
      negative: value.text.value.startsWith("!"),
    };
  }
  if (!value.text.value.startsWith("$") && !value.text.value.startsWith("\uFFFC"))
    return bad(`invalid condition "${value.text.value}"`);
  const script = readScript(reading, value.text, value);
  if (operator === undefined) return { type: "set", value: script };
  const compared = other?.text ?? concat([]);
  if (more !== undefined) return bad("invalid condition");
  return (
    comparison(reading, script, operator.text.value, compared, directive) ??
    bad(`unexpected "${operator.text.value}" in condition`)
  );
}

function comparison(
  reading: Reading,
  value: Script,
  operator: string,
  other: Text,
  at: Located,
): Condition | undefined {
  if (operator === "=" || operator === "!=") {
    return { type: "equal", value, other: readScript(reading, other, at), negative: operator === "!=" };
  }
  if (!/^!?~\*?$/.test(operator)) return undefined;
  const pattern = wordValue({ text: other, quoted: false, ...placeOf(at) });
  if (typeof pattern !== "string") return { type: "unknown", reason: pattern.unknown };
  const regex = regexOf(pattern, operator.endsWith("*"));
  if (typeof regex === "string") refuse(reading, `the expression "${pattern}" is refused: ${regex}`, at);
  if (typeof regex !== "object")
    return { type: "unknown", reason: `the expression ${pattern} is not understood` };
  return { type: "match", value, regex, negative: operator.startsWith("!") };
}

/** The variables that a program may set, by `set` or as a named capture: empty until then. */
export function assignedBy(program: Rewrite): string[] {
  return program.flatMap((instruction) => {
    if (instruction.type === "set") return [instruction.name];
    if (instruction.type === "rewrite") return namesOf(instruction.regex);
    if (instruction.type !== "if") return [];
    const { condition, body } = instruction;
    return [...(condition.type === "match" ? namesOf(condition.regex) : []), ...assignedBy(body)];
  });
}

function namesOf(regex: Regex | undefined): string[] {
  return [...(regex?.names.keys() ?? [])].map(lower);
}
