/** Makes a program for the matcher out of an expression. */
import type { Node } from "./regex-parse.ts";

/** One step of a program. */
export type Step =
  | { readonly type: "char"; readonly test: (code: number) => boolean }
  | { readonly type: "split"; first: number; second: number }
  | { readonly type: "jump"; to: number }
  | { readonly type: "save"; readonly slot: number }
  | { readonly type: "assert"; readonly test: (text: string, position: number) => boolean }
  | { readonly type: "look"; readonly program: Program; readonly negative: boolean }
  | { readonly type: "match" };

/** Steps, and how many offsets they save. */
export interface Program {
  readonly steps: readonly Step[];
  readonly slots: number;
}

/** More steps than this are not worth their memory; nobody's location needs them. */
const stepLimit = 5000;

/** The program, or undefined when it would be too long. */
export function compile(node: Node, groups: number): Program | undefined {
  const steps: Step[] = [];
  const slots = (groups + 1) * 2;
  steps.push({ type: "save", slot: 0 });
  emit(steps, node, slots);
  steps.push({ type: "save", slot: 1 }, { type: "match" });
  return steps.length > stepLimit ? undefined : { steps, slots };
}

function emit(steps: Step[], node: Node, slots: number): void {
  if (steps.length > stepLimit) return;
  if (node.type === "char" || node.type === "assert") steps.push(node);
  else if (node.type === "sequence") for (const item of node.items) emit(steps, item, slots);
  else if (node.type === "choice") emitChoice(steps, node.items, slots);
  else if (node.type === "repeat") emitRepeat(steps, node, slots);
  else if (node.type === "group") {
    steps.push({ type: "save", slot: node.number * 2 });
    emit(steps, node.item, slots);
    steps.push({ type: "save", slot: node.number * 2 + 1 });
  } else {
    const inner: Step[] = [];
    emit(inner, node.item, slots);
    inner.push({ type: "match" });
    steps.push({ type: "look", program: { steps: inner, slots }, negative: node.negative });
  }
}

function emitChoice(steps: Step[], items: readonly Node[], slots: number): void {
  const jumps: { type: "jump"; to: number }[] = [];
  for (const [index, item] of items.entries()) {
    const split =
      index < items.length - 1
        ? ({ type: "split", first: steps.length + 1, second: 0 } satisfies Step)
        : undefined;
    if (split !== undefined) steps.push(split);
    emit(steps, item, slots);
    if (split === undefined) continue;
    const jump = { type: "jump" as const, to: 0 };
    jumps.push(jump);
    steps.push(jump);
    split.second = steps.length;
  }
  for (const jump of jumps) jump.to = steps.length;
}

type Repeat = Extract<Node, { type: "repeat" }>;

function emitRepeat(steps: Step[], { item, min, max, greedy }: Repeat, slots: number): void {
  for (let count = 0; count < min; count++) emit(steps, item, slots);
  if (max === Number.POSITIVE_INFINITY) {
    const start = steps.length;
    const split = openSplit(steps);
    emit(steps, item, slots);
    steps.push({ type: "jump", to: start });
    closeSplit(split, start + 1, steps.length, greedy);
    return;
  }
  const splits: [Extract<Step, { type: "split" }>, number][] = [];
  for (let count = min; count < max && steps.length <= stepLimit; count++) {
    splits.push([openSplit(steps), steps.length]);
    emit(steps, item, slots);
  }
  for (const [split, body] of splits) closeSplit(split, body, steps.length, greedy);
}

function openSplit(steps: Step[]): Extract<Step, { type: "split" }> {
  const split: Extract<Step, { type: "split" }> = { type: "split", first: 0, second: 0 };
  steps.push(split);
  return split;
}

function closeSplit(
  split: Extract<Step, { type: "split" }>,
  body: number,
  after: number,
  greedy: boolean,
): void {
  split.first = greedy ? body : after;
  split.second = greedy ? after : body;
}
