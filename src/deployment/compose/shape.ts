/** Small descriptions of what may stand where, and the check of a tree against one. */
import type { Tree } from "../../sources/tree.ts";
import { type Report, refusal } from "./problems.ts";
import { kindName, printed } from "./trees.ts";

/** Kinds of values without parts. */
export type ScalarName = "string" | "number" | "integer" | "boolean" | "null";

/** A value without parts. */
export interface ScalarShape {
  readonly kind: "scalar";
  readonly types: readonly ScalarName[];
  readonly values?: readonly string[];
  readonly range?: readonly [number, number];
}

/** A list of values of one shape. */
export interface ListShape {
  readonly kind: "list";
  readonly of: Shape;
  readonly unique: boolean;
}

/** Keys and values. */
export interface MapShape {
  readonly kind: "map";
  readonly keys: Readonly<Record<string, Shape>>;
  /** What other keys must look like and hold; without it any other key is refused. */
  readonly others?: { readonly pattern: RegExp; readonly shape: Shape; readonly closed: boolean };
  /** Whether `x-…` may be added. */
  readonly extensible: boolean;
  readonly required: readonly string[];
}

/** What a value may be: alternatives differ in kind, so that the value's own kind tells which one is meant. */
export type Shape =
  | { readonly kind: "any" }
  | ScalarShape
  | ListShape
  | MapShape
  | { readonly kind: "either"; readonly of: readonly Shape[] };

/** Whatever is written. */
export const any: Shape = { kind: "any" };

/** A value of one of these kinds. */
export function scalar(...types: readonly ScalarName[]): ScalarShape {
  return { kind: "scalar", types };
}

/** One of these words. */
export function oneOf(...values: readonly string[]): ScalarShape {
  return { kind: "scalar", types: ["string"], values };
}

/** A whole number, also in quotes, between two others. */
export function integerWithin(from: number, to: number): ScalarShape {
  return { kind: "scalar", types: ["integer", "string"], range: [from, to] };
}

/** A list; `unique`: nothing may stand in it twice. */
export function list(of: Shape, unique = false): ListShape {
  return { kind: "list", of, unique };
}

/** One of several shapes. */
export function either(...of: readonly Shape[]): Shape {
  return { kind: "either", of };
}

/** A mapping with these keys, and `x-…`. */
export function map(keys: Readonly<Record<string, Shape>>, required: readonly string[] = []): MapShape {
  return { kind: "map", keys, extensible: true, required };
}

/** A mapping with these keys only. */
export function closedMap(keys: Readonly<Record<string, Shape>>, required: readonly string[] = []): MapShape {
  return { kind: "map", keys, extensible: false, required };
}

/** A mapping whose keys are names of the user's; `closed` when a key that is no name is refused. */
export function mapOf(shape: Shape, pattern: RegExp, closed = true): MapShape {
  return { kind: "map", keys: {}, others: { pattern, shape, closed }, extensible: false, required: [] };
}

/** Reports everything in which the tree is not of this shape. What is unknown is taken to fit. */
export function checkShape(tree: Tree, shape: Shape, path: string, report: Report): void {
  if (shape.kind === "any" || tree.kind === "unknown") return;
  const chosen = choose(tree, shape);
  if (chosen === undefined) {
    report(
      refusal(
        "syntax",
        `${path === "" ? "the file" : path} must be ${described(shape)}, not a ${kindName(tree)}`,
        tree,
      ),
    );
    return;
  }
  if (chosen.kind === "list" && tree.kind === "array") checkList(tree, chosen, path, report);
  else if (chosen.kind === "map" && tree.kind === "object") checkMap(tree, chosen, path, report);
  else if (chosen.kind === "scalar") checkScalar(tree, chosen, path, report);
}

function choose(tree: Tree, shape: Shape): Shape | undefined {
  if (shape.kind === "either") {
    for (const one of shape.of) {
      const found = choose(tree, one);
      if (found !== undefined) return found;
    }
    return undefined;
  }
  if (shape.kind === "any") return shape;
  if (tree.kind === "object") return shape.kind === "map" ? shape : undefined;
  if (tree.kind === "array") return shape.kind === "list" ? shape : undefined;
  return shape.kind === "scalar" && shape.types.some((type) => hasType(tree, type)) ? shape : undefined;
}

function hasType(tree: Tree, type: ScalarName): boolean {
  if (type === "integer") return tree.kind === "number" && Number.isInteger(tree.value);
  return tree.kind === type;
}

function described(shape: Shape): string {
  switch (shape.kind) {
    case "any":
      return "anything";
    case "list":
      return "a list";
    case "map":
      return "a mapping";
    case "scalar":
      return shape.types
        .map((type) => (type === "null" ? "empty" : type === "integer" ? "an integer" : `a ${type}`))
        .join(" or ");
    case "either":
      return shape.of.map(described).join(" or ");
  }
}

function checkScalar(tree: Tree, shape: ScalarShape, path: string, report: Report): void {
  if (tree.kind === "number" && !Number.isFinite(tree.value))
    report(refusal("syntax", `${path} must be a finite number`, tree));
  if (shape.values !== undefined && tree.kind === "string") {
    const known = tree.text.pieces.every((piece) => piece.hole === undefined);
    const { value } = tree.text;
    if (known && !shape.values.includes(value))
      report(refusal("syntax", `${path} must be one of ${shape.values.join(", ")}`, tree));
  }
  if (shape.range !== undefined && tree.kind === "number") {
    const [from, to] = shape.range;
    if (tree.value < from || tree.value > to)
      report(refusal("syntax", `${path} must lie between ${from} and ${to}`, tree));
  }
}

function checkList(tree: Tree & { kind: "array" }, shape: ListShape, path: string, report: Report): void {
  const seen = new Set<string>();
  for (const [index, item] of tree.items.entries()) {
    checkShape(item, shape.of, `${path}[${index}]`, report);
    if (!shape.unique || item.kind === "unknown") continue;
    const content = fingerprint(item);
    if (seen.has(content)) report(refusal("syntax", `${path}: the same entry stands twice`, item));
    seen.add(content);
  }
}

function fingerprint(tree: Tree): string {
  if (tree.kind === "array") return `[${tree.items.map(fingerprint).join()}]`;
  if (tree.kind !== "object") return `${tree.kind}:${JSON.stringify(printed(tree)?.value ?? null)}`;
  const members = tree.members.map((one) => `${JSON.stringify(one.key)}=${fingerprint(one.value)}`);
  return `{${members.sort().join()}}`;
}

function checkMap(tree: Tree & { kind: "object" }, shape: MapShape, path: string, report: Report): void {
  const inner = (key: string): string => (path === "" ? key : `${path}.${key}`);
  for (const one of tree.members) {
    const named = Object.hasOwn(shape.keys, one.key) ? shape.keys[one.key] : undefined;
    if (named !== undefined) checkShape(one.value, named, inner(one.key), report);
    else if (shape.others?.pattern.test(one.key) === true)
      checkShape(one.value, shape.others.shape, inner(one.key), report);
    else if (!(shape.extensible && one.key.startsWith("x-")) && shape.others?.closed !== false) {
      report(refusal("syntax", `${inner(one.key)}: Compose knows no such key here`, one.keyAt));
    }
  }
  for (const key of shape.required) {
    if (!tree.members.some((one) => one.key === key))
      report(refusal("syntax", `${inner(key)} is required`, tree));
  }
}
