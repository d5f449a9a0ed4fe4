/** Runs the rewrite program of a server or location: ngx_http_script.c of nginx 1.22. */

import { placeOf } from "../../text/text.ts";
import { matchRegex } from "../proxy/regex.ts";
import type { Unknown } from "./block.ts";
import { evaluate, setCaptures } from "./evaluate.ts";
import type { Condition, Instruction, Rewrite, RewriteInstruction } from "./rewrite.ts";
import type { Script } from "./script.ts";
import type { State } from "./state.ts";
import { escapeArgs, unescapeRedirect } from "./uri.ts";

/** How a program ends: with an answer, or `undefined` when the request goes on. */
export interface Answer {
  readonly status: number;
  readonly to?: string | Unknown;
  /** It has a text of its own, so that no error page replaces it. */
  readonly direct: boolean;
  readonly instruction: Instruction;
}

type Step =
  | { readonly type: "next" }
  | { readonly type: "stop" }
  | { readonly type: "answer"; readonly answer: Answer };

const next: Step = { type: "next" };
const stop: Step = { type: "stop" };

/** Runs a program. An `if` that holds also makes its block the request's configuration. */
export function runRewrite(state: State, program: Rewrite): Answer | undefined {
  const step = runAll(state, program);
  return step.type === "answer" ? step.answer : undefined;
}

function runAll(state: State, program: Rewrite): Step {
  for (const instruction of program) {
    const step = run(state, instruction);
    if (step.type !== "next") return step;
  }
  return next;
}

function run(state: State, instruction: Instruction): Step {
  if (instruction.type === "rewrite") return rewrite(state, instruction);
  if (instruction.type === "return") return answerOf(state, instruction);
  if (instruction.type === "set") {
    state.variables.set(instruction.name, evaluate(state, instruction.value, instruction));
    return next;
  }
  if (instruction.type === "break") {
    if (state.uriChanged) state.validLocation = false;
    state.uriChanged = false;
    return stop;
  }
  if (instruction.type === "unknown") {
    const why: Unknown = { unknown: instruction.reason, ...placeOf(instruction) };
    state.met.push({ login: "unknown", at: placeOf(instruction) });
    if (state.caller === "trusted" || state.choose(why)) return next;
    return { type: "answer", answer: { status: 403, direct: true, instruction } };
  }
  if (!holds(state, instruction)) return next;
  state.why.push(placeOf(instruction));
  if (instruction.block.kind === "location-if") state.block = instruction.block;
  return runAll(state, instruction.body);
}

function answerOf(state: State, instruction: Extract<Instruction, { type: "return" }>): Step {
  state.why.push(placeOf(instruction));
  const { status, text } = instruction;
  const redirect = [301, 302, 303, 307, 308].includes(status);
  const direct = status < 400 || (text !== undefined && text.length > 0);
  const to = redirect && text !== undefined ? evaluate(state, text, instruction).value : undefined;
  return { type: "answer", answer: { status, direct, instruction, ...(to !== undefined && { to }) } };
}

function holds(state: State, instruction: Extract<Instruction, { type: "if" }>): boolean {
  const { condition } = instruction;
  const result = test(state, condition, instruction);
  if (typeof result === "boolean") return result;
  return state.choose(result);
}

function test(
  state: State,
  condition: Condition,
  at: Extract<Instruction, { type: "if" }>,
): boolean | Unknown {
  if (condition.type === "unknown") return { unknown: condition.reason, ...placeOf(at) };
  // No file of the server is known; a path that the backend serves is rarely one of them.
  if (condition.type === "file") return condition.negative;
  const value = evaluate(state, condition.value, at);
  state.met.push(...value.needs.map((need) => ({ ...need, condition: true })));
  if (typeof value.value !== "string") return { ...value.value, ...placeOf(at) };
  if (condition.type === "set") return value.value !== "" && value.value !== "0";
  if (condition.type === "equal") {
    const other = evaluate(state, condition.other, at);
    if (typeof other.value !== "string") return { ...other.value, ...placeOf(at) };
    return (value.value === other.value) !== condition.negative;
  }
  const captures = matchRegex(condition.regex, value.value);
  if (captures !== undefined) setCaptures(state, captures, condition.regex.names);
  else state.captures = [];
  return (captures !== undefined) !== condition.negative;
}

function rewrite(state: State, instruction: RewriteInstruction): Step {
  const { regex } = instruction;
  const captures = regex === undefined ? undefined : matchRegex(regex, state.uri);
  if (regex === undefined) {
    const why: Unknown = {
      unknown: "the expression of a rewrite is not understood",
      ...placeOf(instruction),
    };
    if (!state.choose(why)) return next;
    return { type: "answer", answer: { status: 0, direct: true, to: why, instruction } };
  }
  if (captures === undefined) {
    state.captures = [];
    return next;
  }
  setCaptures(state, captures, regex.names);
  state.why.push(placeOf(instruction));
  return instruction.redirect > 0 ? redirectTo(state, instruction) : changeUri(state, instruction);
}

function escaping(state: State): ((text: string) => string) | undefined {
  return state.quoted || state.plus ? escapeArgs : undefined;
}

function redirectTo(state: State, instruction: RewriteInstruction): Step {
  const { value } = evaluate(state, instruction.replacement, instruction, escaping(state));
  const mark = splitArgs(instruction.replacement).query === undefined ? "?" : "&";
  const added = instruction.addArgs && state.args !== "" ? mark + state.args : "";
  const to = typeof value === "string" ? unescapeRedirect(value) + added : value;
  return { type: "answer", answer: { status: instruction.redirect, to, direct: true, instruction } };
}

function changeUri(state: State, instruction: RewriteInstruction): Step {
  const { path, query } = splitArgs(instruction.replacement);
  const uri = evaluate(state, path, instruction).value;
  const args = query && evaluate(state, query, instruction, escaping(state)).value;
  if (typeof uri !== "string" || (args !== undefined && typeof args !== "string")) {
    const why = typeof uri === "string" ? args : uri;
    return {
      type: "answer",
      answer: { status: 0, direct: true, ...(why !== undefined && { to: why }), instruction },
    };
  }
  state.internal = true;
  state.validUnparsed = false;
  if (instruction.flag === "break") state.validLocation = false;
  state.uriChanged = instruction.flag !== "break";
  if (args !== undefined)
    state.args = instruction.addArgs && state.args !== "" ? `${args}&${state.args}` : args;
  else if (!instruction.addArgs) state.args = "";
  state.uri = uri;
  if (uri === "") return { type: "answer", answer: { status: 500, direct: false, instruction } };
  return instruction.flag === "" ? next : stop;
}

/** The first written `?` of a replacement starts its arguments; one from a variable does not. */
function splitArgs(script: Script): { readonly path: Script; readonly query?: Script } {
  for (const [index, part] of script.entries()) {
    const mark = part.type === "text" ? part.value.indexOf("?") : -1;
    if (part.type !== "text" || mark === -1) continue;
    const path: Script = [...script.slice(0, index), { type: "text", value: part.value.slice(0, mark) }];
    return { path, query: [{ type: "text", value: part.value.slice(mark + 1) }, ...script.slice(index + 1)] };
  }
  return { path: script };
}
