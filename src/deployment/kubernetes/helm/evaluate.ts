/** Renders templates over values: a Text whose characters know whether the template or a values file wrote them. */
import type { Tree } from "../../../sources/tree.ts";
import { concat, type Located, slice, type Text, textAt } from "../../../text/text.ts";
import type { Problem } from "../../model.ts";
import { placeOf } from "../values.ts";
import { functionNamed } from "./functions.ts";
import { type FileReader, methodNamed } from "./methods.ts";
import type { Branch, Node, Operand, Pipe } from "./nodes.ts";
import { parseTemplate } from "./parse.ts";
import {
  dictTree,
  fieldOf,
  numberTree,
  printed,
  textTree,
  truth,
  unknownTree,
  type Value,
  wordTree,
} from "./values.ts";

/** What rendering needs. */
export interface Rendering {
  /** What templates define, over all of the chart and its subcharts. */
  readonly defines: Map<string, readonly Node[]>;
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

/** How deep templates may include each other. */
const deepest = 60;

/** Renders a template with its dot. */
export function render(nodes: readonly Node[], dot: Value, rendering: Rendering, depth = 0): Text {
  const scope: Scope = { dot, variables: new Map([["$", { value: dot }]]), depth };
  const parts = runAll(nodes, scope, rendering).filter(({ value }) => value !== "");
  return parts.length === 0 ? textAt("", { at: { file: "", start: 0, end: 0 } }) : concat(parts);
}

function runAll(nodes: readonly Node[], scope: Scope, rendering: Rendering): Text[] {
  let inner = scope;
  const parts: Text[] = [];
  for (const node of nodes) {
    if (--rendering.budget < 0) return parts;
    switch (node.kind) {
      case "text":
        parts.push(node.text);
        break;
      case "print": {
        const value = pipeValue(node.pipe, inner, rendering);
        if (node.pipe.names.length > 0) inner = declared(node.pipe, [value], inner);
        else parts.push(placedText(printed(value, node.at), node.at));
        break;
      }
      case "template":
        parts.push(
          included(
            node.name,
            node.pipe === undefined ? undefined : pipeValue(node.pipe, inner, rendering),
            inner,
            rendering,
            node.at,
          ),
        );
        break;
      default:
        parts.push(...branchParts(node, inner, rendering));
    }
  }
  return parts;
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

function branchParts(node: Branch, scope: Scope, rendering: Rendering): Text[] {
  const value = pipeValue(node.pipe, scope, rendering);
  const holds = truth(value);
  if (holds === undefined) {
    const reason = value?.kind === "unknown" ? `: ${value.hole.reason}` : "";
    rendering.problems.push({
      kind: "unresolved",
      message: `whether this part of the chart is there is not known${reason}`,
      where: placeOf(node.at),
    });
    return [];
  }
  if (!holds) return runAll(node.otherwise, scope, rendering);
  if (node.kind === "range") return rangeParts(node, value, scope, rendering);
  const named = declared(node.pipe, [value], scope);
  return runAll(node.body, node.kind === "with" ? { ...named, dot: value } : named, rendering);
}

function rangeParts({ pipe, body, at }: Branch, value: Value, scope: Scope, rendering: Rendering): Text[] {
  const items: readonly (readonly [Tree, Tree])[] =
    value?.kind === "array"
      ? value.items.map((item, index) => [numberTree(index, item), item] as const)
      : value?.kind === "object"
        ? [...value.members]
            .sort((left, right) => (left.key < right.key ? -1 : 1))
            .map((one) => [wordTree(one.key, one.keyAt), one.value] as const)
        : value?.kind === "number"
          ? Array.from(
              { length: Math.min(100, value.value) },
              (_, index) => [numberTree(index, at), numberTree(index, at)] as const,
            )
          : [];
  return items.flatMap(([key, item]) => {
    const values = pipe.names.length > 1 ? [key, item] : [item];
    return runAll(body, { ...declared(pipe, values, scope), dot: item }, rendering);
  });
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
  const method =
    first.kind === "field" || first.kind === "variable" ? methodOf(first, values(), call) : undefined;
  return method === undefined ? operandValue(first, call) : method.value;
}

/** `.Files.Get "x"`, `.Capabilities.APIVersions.Has "x"`. */
function methodOf(
  operand: Extract<Operand, { kind: "field" | "variable" }>,
  values: readonly Value[],
  call: Call,
): { readonly value: Value } | undefined {
  const method = methodNamed(operand.path.slice(-2).join("."));
  if (method === undefined) return undefined;
  const holder = operandValue({ ...operand, path: operand.path.slice(0, -1) }, call);
  return { value: method(holder, values, call.rendering.readFile, call.at) };
}

function operandValue(operand: Operand, call: Call): Value {
  const { scope, rendering } = call;
  switch (operand.kind) {
    case "literal":
      return operand.value;
    case "field": {
      const method = methodOf(operand, [], call);
      return method === undefined ? fieldOf(scope.dot, operand.path) : method.value;
    }
    case "variable":
      return fieldOf(scope.variables.get(operand.name)?.value, operand.path);
    case "group": {
      const value = pipeValue(operand.pipe, scope, rendering);
      const method = methodNamed(operand.path.slice(-2).join("."));
      return method === undefined
        ? fieldOf(value, operand.path)
        : method(fieldOf(value, operand.path.slice(0, -1)), [], rendering.readFile, call.at);
    }
    case "function":
      return called(operand.name, [], call);
  }
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

/** A text that is a template itself. */
function asTemplate([value, dot]: readonly Value[], scope: Scope, rendering: Rendering, at: Located): Text {
  const text = printed(value ?? wordTree("", at), at);
  if (!text.value.includes("{{") || scope.depth > deepest) return text;
  const { nodes, defines, errors } = parseTemplate(slice(text, 0, text.value.length));
  for (const [name, body] of defines) rendering.defines.set(name, body);
  const [error] = errors;
  if (error !== undefined)
    rendering.problems.push({
      kind: "syntax",
      message: `the template in a value: ${error.message}`,
      where: placeOf(error),
    });
  return render(nodes, dot ?? dictTree([], at), rendering, scope.depth + 1);
}
