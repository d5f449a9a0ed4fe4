/** Patches of RFC 6902: a list of operations. */
import type { Tree } from "../../../sources/tree.ts";
import { itemsAt, wordAt } from "../values.ts";
import { withMember } from "./edit.ts";

/** The tree after the operations; `failed` is the one that does not fit. */
export function jsonPatch(
  tree: Tree,
  operations: Tree,
): { readonly tree: Tree; readonly failed: Tree | undefined } {
  let result = tree;
  for (const operation of itemsAt(operations)) {
    const next = apply(result, operation);
    if (next === undefined) return { tree: result, failed: operation };
    result = next;
  }
  return { tree: result, failed: undefined };
}

function apply(tree: Tree, operation: Tree): Tree | undefined {
  const steps = stepsOf(wordAt(operation, "path") ?? "");
  const from = wordAt(operation, "from");
  const value =
    operation.kind === "object" ? operation.members.findLast(({ key }) => key === "value")?.value : undefined;
  switch (wordAt(operation, "op")) {
    case "add":
      return value === undefined ? undefined : insert(tree, steps, value);
    case "replace":
      return value === undefined || find(tree, steps) === undefined ? undefined : replace(tree, steps, value);
    case "remove":
      return remove(tree, steps);
    case "copy":
    case "move": {
      const source = stepsOf(from ?? "");
      const found = find(tree, source);
      const rest = wordAt(operation, "op") === "move" ? remove(tree, source) : tree;
      return found === undefined || rest === undefined ? undefined : insert(rest, steps, found);
    }
    case "test":
      return sameValue(find(tree, steps), value) ? tree : undefined;
    default:
      return undefined;
  }
}

function stepsOf(pointer: string): readonly string[] {
  return pointer
    .split("/")
    .slice(1)
    .map((step) => step.replaceAll("~1", "/").replaceAll("~0", "~"));
}

function find(tree: Tree | undefined, steps: readonly string[]): Tree | undefined {
  let current = tree;
  for (const step of steps) {
    if (current?.kind === "object") current = current.members.findLast(({ key }) => key === step)?.value;
    else if (current?.kind === "array") current = current.items[Number(step)];
    else return undefined;
  }
  return current;
}

/** Changes what holds the last step. */
function atHolder(
  tree: Tree,
  steps: readonly string[],
  change: (holder: Tree, step: string) => Tree | undefined,
): Tree | undefined {
  const [step = "", ...rest] = steps;
  if (rest.length === 0) return change(tree, step);
  const inner = find(tree, [step]);
  const changed = inner === undefined ? undefined : atHolder(inner, rest, change);
  if (changed === undefined) return undefined;
  if (tree.kind === "array") return { ...tree, items: tree.items.with(Number(step), changed) };
  return tree.kind === "object" ? withMember(tree, step, changed) : undefined;
}

function insert(tree: Tree, steps: readonly string[], value: Tree): Tree | undefined {
  if (steps.length === 0) return value;
  return atHolder(tree, steps, (holder, step) => {
    if (holder.kind === "object") return withMember(holder, step, value);
    if (holder.kind !== "array") return undefined;
    const index = step === "-" ? holder.items.length : Number(step);
    return Number.isInteger(index) && index <= holder.items.length
      ? { ...holder, items: holder.items.toSpliced(index, 0, value) }
      : undefined;
  });
}

function replace(tree: Tree, steps: readonly string[], value: Tree): Tree | undefined {
  if (steps.length === 0) return value;
  return atHolder(tree, steps, (holder, step) => {
    if (holder.kind === "object") return withMember(holder, step, value);
    return holder.kind === "array" ? { ...holder, items: holder.items.with(Number(step), value) } : undefined;
  });
}

function remove(tree: Tree, steps: readonly string[]): Tree | undefined {
  if (find(tree, steps) === undefined) return undefined;
  return atHolder(tree, steps, (holder, step) => {
    if (holder.kind === "object") return withMember(holder, step, undefined);
    return holder.kind === "array"
      ? { ...holder, items: holder.items.toSpliced(Number(step), 1) }
      : undefined;
  });
}

/** Whether two values are alike; null is like what is not there. What is not known may be. */
function sameValue(left: Tree | undefined, right: Tree | undefined): boolean {
  if (left?.kind === "unknown" || right?.kind === "unknown") return true;
  if (left?.kind === "array" && right?.kind === "array")
    return (
      left.items.length === right.items.length &&
      left.items.every((item, index) => sameValue(item, right.items[index]))
    );
  if (left?.kind === "object" && right?.kind === "object") {
    const keys = new Set([...left.members, ...right.members].map(({ key }) => key));
    return [...keys].every((key) => sameValue(find(left, [key]), find(right, [key])));
  }
  return (left?.kind ?? "null") === (right?.kind ?? "null") && wordAt(left) === wordAt(right);
}
