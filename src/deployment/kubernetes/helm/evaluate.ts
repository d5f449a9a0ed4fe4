/** Renders templates over values: a Text whose characters know whether the template or a values file wrote them. */
import { concat, type Located, slice, type Text, textAt } from "../../../text/text.ts";
import type { Problem } from "../../model.ts";
import { placeOf } from "../values.ts";
import { textOf } from "./calls.ts";
import { functionNamed } from "./functions.ts";
import { type FileReader, methodNamed } from "./methods.ts";
import type { Branch, Node, Operand, Pipe } from "./nodes.ts";
import { parseTemplate } from "./parse.ts";
import { printed } from "./print.ts";
import {
  dictTree,
  fieldOf,
  type Known,
  numberTree,
  sortedMembers,
  textTree,
  truth,
  unknownTree,
  type Value,
  wordTree,
} from "./values.ts";

/** What rendering needs. */
export interface Rendering {
  /** What templates define, over all of the chart and its subcharts. */
  readonly defines: ReadonlyMap<string, readonly Node[]>;
  readonly readFile: FileReader;
  readonly problems: Problem[];
  /** Steps that are left: templates may call each other without end. */
  budget: number;
}

/** Variables, those of inner blocks before those around them. */
interface Scope {
  readonly dot: Value;
  readonly variables: ReadonlyMap<string, { value: Value }>;
  readonly depth: number;
}

/** What nodes give, and whether they end a round of the loop around them, or the loop. */
interface Output {
  readonly parts: Text[];
  jump?: "break" | "continue";
}

/** How deep templates may include each other. */
const deepest = 100;

/** Renders a template with its dot. */
export function render(nodes: readonly Node[], dot: Value, rendering: Rendering, depth = 0): Text {
  const scope: Scope = { dot, variables: new Map([["$", { value: dot }]]), depth };
  const output: Output = { parts: [] };
  runAll(nodes, scope, rendering, output);
  const parts = output.parts.filter(({ value }) => value !== "");
  return parts.length === 0 ? textAt("", { at: { file: "", start: 0, end: 0 } }) : concat(parts);
}

function runAll(nodes: readonly Node[], scope: Scope, rendering: Rendering, output: Output): void {
  let inner = scope;
  for (const node of nodes) {
    if (--rendering.budget < 0 || output.jump !== undefined) return;
    switch (node.kind) {
      case "text":
        output.parts.push(node.text);
        break;
      case "print": {
        const value = pipeValue(node.pipe, inner, rendering);
        if (node.pipe.names.length > 0) inner = declared(node.pipe, [value], inner);
        else output.parts.push(placedText(printed(value, node.at), node.at));
        break;
      }
      case "template": {
        const dot = node.pipe === undefined ? undefined : pipeValue(node.pipe, inner, rendering);
        output.parts.push(included(node.name, dot, inner, rendering, node.at));
        break;
      }
      case "break":
      case "continue":
        output.jump = node.kind;
        break;
      default:
        runBranch(node, inner, rendering, output);
    }
  }
}

/** What no file says, such as the name of the release, stands where it is asked for. */
function placedText(text: Text, at: Located): Text {
  if (text.pieces.every((piece) => piece.at.file !== "")) return text;
  return {
    value: text.value,
    pieces: text.pieces.map((piece) =>
      piece.at.file === "" ? { ...piece, at: at.at, via: at.via ?? [], exact: false } : piece,
    ),
  };
}

function declared({ names, assigns }: Pipe, values: readonly Value[], scope: Scope): Scope {
  const variables = new Map(scope.variables);
  for (const [index, name] of names.entries()) {
    const value = values[index];
    const known = scope.variables.get(name);
    if (assigns && known !== undefined) known.value = value;
    else variables.set(name, { value });
  }
  return { ...scope, variables };
}

function runBranch(node: Branch, scope: Scope, rendering: Rendering, output: Output): void {
  const value = pipeValue(node.pipe, scope, rendering);
  const holds = truth(value);
  if (holds === undefined) {
    const reason = value?.kind === "unknown" ? `: ${value.hole.reason}` : "";
    rendering.problems.push({
      kind: "unresolved",
      message: `whether this part of the chart is there is not known${reason}`,
      where: placeOf(node.at),
    });
    return;
  }
  if (node.kind === "range" && holds) {
    runRange(node, value, scope, rendering, output);
    return;
  }
  const named = node.kind === "range" ? scope : declared(node.pipe, [value], scope);
  if (!holds) runAll(node.otherwise, named, rendering, output);
  else runAll(node.body, node.kind === "with" ? { ...named, dot: value } : named, rendering, output);
}

/** Maps in the order of their keys. */
function runRange(
  { pipe, body, at }: Branch,
  value: Value,
  scope: Scope,
  rendering: Rendering,
  output: Output,
): void {
  for (const [key, item] of roundsOf(value, at)) {
    const values = pipe.names.length > 1 ? [key, item] : [item];
    runAll(body, { ...declared(pipe, values, scope), dot: item }, rendering, output);
    const ends = output.jump === "break" || rendering.budget < 0;
    delete output.jump;
    if (ends) return;
  }
}

function roundsOf(value: Value, at: Located): readonly (readonly [Known, Value])[] {
  switch (value?.kind) {
    case "array":
      return value.items.map((item, index) => [numberTree(index, item), item] as const);
    case "object":
      return sortedMembers(value).map((one) => [wordTree(one.key, one.keyAt), one.value] as const);
    case "number":
      return Array.from(
        { length: Math.min(1000, value.value) },
        (_, index) => [numberTree(index, at), numberTree(index, at)] as const,
      );
    default:
      return [];
  }
}

function included(name: string, dot: Value, scope: Scope, rendering: Rendering, at: Located): Text {
  const nodes = rendering.defines.get(name);
  if (nodes === undefined || scope.depth > deepest) {
    const why = nodes === undefined ? `there is no template ${name}` : `${name} includes itself`;
    rendering.problems.push({ kind: "unresolved", message: why, where: placeOf(at) });
    return printed(unknownTree(why, at), at);
  }
  return render(nodes, dot, rendering, scope.depth + 1);
}

/** The value of a pipeline. */
function pipeValue({ commands, at }: Pipe, scope: Scope, rendering: Rendering): Value {
  let value: Value;
  for (const [index, command] of commands.entries())
    value = commandValue(command, index === 0 ? [] : [value], { scope, rendering, at });
  return value;
}

interface Call {
  readonly scope: Scope;
  readonly rendering: Rendering;
  readonly at: Located;
}

function commandValue([first, ...rest]: readonly Operand[], piped: readonly Value[], call: Call): Value {
  if (first === undefined) return undefined;
  const values = (): readonly Value[] => [...rest.map((operand) => operandValue(operand, call)), ...piped];
  if (first.kind === "function") return called(first.name, values(), call);
  const method = first.kind === "literal" ? undefined : methodOf(first, values(), call);
  return method === undefined ? operandValue(first, call) : method.value;
}

type Holder = Extract<Operand, { kind: "field" | "variable" | "group" }>;

/** `.Files.Get "x"`, `(.Files.Glob "x").AsConfig`, `.Capabilities.APIVersions.Has "x"`. */
function methodOf(
  operand: Holder,
  values: readonly Value[],
  call: Call,
): { readonly value: Value } | undefined {
  const method = methodNamed(operand.path.slice(-2).join("."));
  if (method === undefined) return undefined;
  const holder = fieldOf(baseOf(operand, call), operand.path.slice(0, -1));
  return { value: method(holder, values, call.rendering.readFile, call.at) };
}

/** What the fields of an operand are taken of. */
function baseOf(operand: Holder, { scope, rendering }: Call): Value {
  switch (operand.kind) {
    case "field":
      return scope.dot;
    case "variable":
      return scope.variables.get(operand.name)?.value;
    case "group":
      return pipeValue(operand.pipe, scope, rendering);
  }
}

function operandValue(operand: Operand, call: Call): Value {
  if (operand.kind === "literal") return operand.value;
  if (operand.kind === "function") return called(operand.name, [], call);
  const method = methodOf(operand, [], call);
  return method === undefined ? fieldOf(baseOf(operand, call), operand.path) : method.value;
}

function called(name: string, values: readonly Value[], { scope, rendering, at }: Call): Value {
  if (name === "include") {
    const [template, dot] = values;
    return textTree(included(printed(template, at).value, dot, scope, rendering, at));
  }
  if (name === "tpl") return textTree(asTemplate(values, scope, rendering, at));
  const known = functionNamed(name);
  if (known !== undefined) return known(values, at);
  const message = `the function ${name} is not known here: what it gives is not known`;
  if (!rendering.problems.some((problem) => problem.message === message))
    rendering.problems.push({ kind: "unresolved", message, where: placeOf(at) });
  return unknownTree(`${name} gives it`, at);
}

/** A text that is a template itself; what it defines it defines for itself alone. */
function asTemplate([value, dot]: readonly Value[], scope: Scope, rendering: Rendering, at: Located): Text {
  const text = value?.kind === "unknown" ? printed(value, at) : textOf(value, at);
  if (!text.value.includes("{{") || scope.depth > deepest) return text;
  const { nodes, defines, errors } = parseTemplate(slice(text, 0, text.value.length));
  const [error] = errors;
  if (error !== undefined)
    rendering.problems.push({
      kind: "syntax",
      message: `the template in a value: ${error.message}`,
      where: placeOf(error),
    });
  const inner: Rendering =
    defines.size === 0 ? rendering : { ...rendering, defines: new Map([...rendering.defines, ...defines]) };
  const result = render(nodes, dot ?? dictTree([], at), inner, scope.depth + 1);
  rendering.budget = inner.budget;
  return result;
}
