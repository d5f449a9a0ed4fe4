/** YAML files of pacslint's own: text, then schema, then what is wrong with its line, its column and what was meant. */
import { type Document, isMap, isNode, isPair, isScalar, LineCounter, type Node, parseDocument } from "yaml";
import type { SchemaError } from "../../generated/validate-rule.js";
import { closestWord } from "../products/spelling.ts";

/** One thing that is wrong with a file. */
export interface DocumentError {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  /** A sentence without a full stop. */
  readonly message: string;
}

/** The path of a value: keys, and positions in lists. */
export type ValuePath = readonly (string | number)[];

/** A file that fits its schema. */
export interface ReadDocument<T> {
  readonly ok: true;
  readonly value: T;
  /** The offsets of a value, the end exclusive; of the key itself with `key`. Of the nearest one around it, if need be. */
  rangeOf(path: ValuePath, key?: boolean): readonly [number, number];
  /** The error for something that only the caller can know. */
  errorAt(path: ValuePath, message: string): DocumentError;
}

/** How a kind of file is described. */
export interface DocumentKind<T> {
  readonly validate: {
    (value: unknown): value is T;
    errors?: readonly SchemaError[] | null;
  };
  readonly schema: unknown;
  /** What the whole is called: "the rule". */
  readonly whole: string;
  /** What a pattern of the schema means, after the name of the value; undefined where ajv's own words have to do. */
  patternHint(error: SchemaError): string | undefined;
  /** What one of several forms has to be, likewise. */
  choiceHint(error: SchemaError): string | undefined;
}

/** Longer files are no rules and no configuration; in characters. */
const longest = 1_000_000;

/** Reads a file. Never throws. */
export function readDocument<T>(
  file: string,
  text: string,
  kind: DocumentKind<T>,
): ReadDocument<T> | { readonly ok: false; readonly errors: readonly DocumentError[] } {
  const lines = new LineCounter();
  const errorIn = (offset: number, message: string): DocumentError => {
    const { line, col } = lines.linePos(offset);
    return { file, line: Math.max(1, line), column: Math.max(1, col), message };
  };
  const failed = (message: string) => ({ ok: false as const, errors: [errorIn(0, message)] });
  if (text.length > longest) return failed("the file is larger than a megabyte");
  const parsed = parse(text, lines);
  if (parsed === undefined) return failed("it is nested too deeply, or its aliases stand for too much");
  const { document, value } = parsed;
  const syntax = [...document.errors, ...document.warnings];
  if (syntax.length > 0)
    return { ok: false, errors: syntax.map((error) => errorIn(error.pos[0], firstLine(error.message))) };
  const verdict = judged(kind, value);
  if (verdict === undefined) return failed("it is nested too deeply");
  if (!verdict.ok) {
    const errors = telling(kind.validate.errors ?? []);
    return {
      ok: false,
      errors: errors.map((error) => errorIn(offsetOf(document, error), describe(error, kind, value))),
    };
  }
  const rangeOf = (path: ValuePath, key = false) => rangeIn(document, path, key);
  return {
    ok: true,
    value: verdict.value,
    rangeOf,
    errorAt: (path, message) => errorIn(rangeOf(path)[0], message),
  };
}

/** The sentence for a person: where, what, how to mend it. */
export function documentErrorText(error: DocumentError): string {
  return `${error.file}:${error.line}:${error.column}: ${error.message}`;
}

/** The document with its value; undefined where that would take too much memory or too deep a stack. */
function parse(
  text: string,
  lineCounter: LineCounter,
): { readonly document: Document; readonly value: unknown } | undefined {
  try {
    const document = parseDocument(text, { lineCounter, version: "1.2" });
    return {
      document,
      value: document.errors.length > 0 ? undefined : document.toJS({ maxAliasCount: 100 }),
    };
  } catch (error) {
    // The stack is used up (RangeError), or there are too many aliases (ReferenceError).
    if (error instanceof RangeError || error instanceof ReferenceError) return undefined;
    throw error;
  }
}

/** Whether the value fits; undefined where it is nested too deeply for the validator's stack. */
function judged<T>(
  { validate }: DocumentKind<T>,
  value: unknown,
): { readonly ok: true; readonly value: T } | { readonly ok: false } | undefined {
  try {
    return validate(value) ? { ok: true, value } : { ok: false };
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

/** Drops what only repeats another error: each failed branch of a choice, and the reference that led to it. */
function telling(errors: readonly SchemaError[]): readonly SchemaError[] {
  return errors.filter((error) => !/\/(?:oneOf|anyOf)\/\d+\//.test(error.schemaPath));
}

function describe<T>(error: SchemaError, kind: DocumentKind<T>, value: unknown): string {
  const name = error.instancePath === "" ? kind.whole : `"${steps(error.instancePath).join(".")}"`;
  const { params } = error;
  switch (error.keyword) {
    case "required":
      return `${name} has no field "${params.missingProperty}"`;
    case "additionalProperties":
      return `${name} has a field "${params.additionalProperty}" that is not known${meant(
        String(params.additionalProperty),
        fieldsAt(kind.schema, error.schemaPath),
      )}`;
    case "enum":
      return `${name} has to be one of ${list(params.allowedValues)}${meantValue(error, value)}`;
    case "oneOf":
    case "anyOf":
      return `${name} has to be ${kind.choiceHint(error) ?? "something else"}`;
    case "pattern":
      return `${name} ${kind.patternHint(error) ?? error.message ?? "has the wrong form"}`;
    default:
      return `${name} ${error.message ?? "is not right"}`;
  }
}

/** The end of a sentence: "; did you mean suppress?", or nothing. */
export function meant(word: string, candidates: readonly string[]): string {
  const closest = closestWord(word, candidates);
  return closest === undefined ? "" : `; did you mean ${closest}?`;
}

function meantValue({ instancePath, params }: SchemaError, value: unknown): string {
  let current = value;
  for (const step of steps(instancePath)) current = isRecord(current) ? current[step] : undefined;
  const allowed: readonly unknown[] = Array.isArray(params.allowedValues) ? params.allowedValues : [];
  if (typeof current !== "string") return "";
  return meant(
    current,
    allowed.filter((one) => typeof one === "string"),
  );
}

/** The fields that the part of the schema knows in which `additionalProperties` failed. */
function fieldsAt(schema: unknown, schemaPath: string): readonly string[] {
  let current: unknown = schema;
  for (const step of steps(schemaPath.replace(/^#/, "")).slice(0, -1)) {
    if (!isRecord(current)) return [];
    current = current[step];
  }
  const fields = isRecord(current) ? current.properties : undefined;
  return isRecord(fields) ? Object.keys(fields) : [];
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null;
}

function list(values: unknown): string {
  return Array.isArray(values) ? values.map((value: unknown) => JSON.stringify(value)).join(", ") : "";
}

function steps(pointer: string): readonly string[] {
  return pointer
    .split("/")
    .slice(1)
    .map((step) => step.replaceAll("~1", "/").replaceAll("~0", "~"));
}

/** Where in the text the error is: the unknown key itself, the value, or the nearest thing around it. */
function offsetOf(document: Document, error: SchemaError): number {
  const path = steps(error.instancePath);
  const extra = error.params.additionalProperty;
  return typeof extra === "string"
    ? rangeIn(document, [...path, extra], true)[0]
    : rangeIn(document, path, false)[0];
}

function rangeIn(document: Document, path: ValuePath, key: boolean): readonly [number, number] {
  const last = path.at(-1);
  if (key && typeof last === "string") {
    const holder: unknown = document.getIn(path.slice(0, -1), true);
    const range = isNode(holder) ? keyRange(holder, last) : undefined;
    if (range !== undefined) return range;
  }
  for (let length = path.length; length >= 0; length--) {
    const node: unknown = document.getIn(path.slice(0, length), true);
    if (isNode(node) && node.range) return [node.range[0], node.range[1]];
  }
  return [0, 0];
}

function keyRange(node: Node, key: string): readonly [number, number] | undefined {
  if (!isMap(node)) return undefined;
  const pair = node.items.find((item) => isPair(item) && isScalar(item.key) && item.key.value === key);
  const range = isScalar(pair?.key) ? pair.key.range : undefined;
  return range ? [range[0], range[1]] : undefined;
}

function firstLine(message: string): string {
  return (message.split("\n")[0] ?? message).replace(/ at line \d+, column \d+:?$/, "");
}
