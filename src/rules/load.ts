/** Turns a rule's YAML text into a Rule, or says what is wrong with it, with line and column. */
import { type Document, isMap, isNode, isPair, isScalar, LineCounter, type Node, parseDocument } from "yaml";
import validateRule, { type SchemaError } from "../../generated/validate-rule.js";
import type { Rule } from "./rule.ts";

/** One thing that is wrong with a rule file. */
export interface RuleError {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  /** A sentence without a full stop. */
  readonly message: string;
}

export type LoadedRule =
  | { readonly ok: true; readonly rule: Rule }
  | { readonly ok: false; readonly errors: readonly RuleError[] };

/** Reads one rule file: YAML, then the schema, then what only makes sense for a file of this name. */
export function loadRule(file: string, text: string): LoadedRule {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, version: "1.2" });
  const place = (offset: number, message: string): RuleError => {
    const { line, col } = lines.linePos(offset);
    return { file, line, column: col, message };
  };
  const syntax = [...document.errors, ...document.warnings];
  if (syntax.length > 0) {
    return { ok: false, errors: syntax.map((error) => place(error.pos[0], firstLine(error.message))) };
  }
  const value: unknown = document.toJS();
  if (!validateRule(value)) {
    const errors = telling(validateRule.errors ?? []);
    return { ok: false, errors: errors.map((error) => place(offsetOf(document, error), describe(error))) };
  }
  const misnamed = checkName(file, value);
  return misnamed === undefined ? { ok: true, rule: value } : { ok: false, errors: [place(0, misnamed)] };
}

/** The sentence for a person: where, what, how to mend it. */
export function ruleErrorText(error: RuleError): string {
  return `${error.file}:${error.line}:${error.column}: ${error.message}`;
}

function checkName(file: string, rule: Rule): string | undefined {
  const name = file.slice(file.lastIndexOf("/") + 1).replace(/\.ya?ml$/, "");
  return name === rule.id
    ? undefined
    : `the id is "${rule.id}" and the file is named "${name}"; they have to be equal`;
}

/** Drops what only repeats another error: each failed branch of a choice, and the reference that led to it. */
function telling(errors: readonly SchemaError[]): readonly SchemaError[] {
  return errors.filter((error) => !/\/(?:oneOf|anyOf)\/\d+\//.test(error.schemaPath));
}

function describe(error: SchemaError): string {
  const name =
    error.instancePath === "" ? "the rule" : `"${error.instancePath.slice(1).replaceAll("/", ".")}"`;
  const { params } = error;
  switch (error.keyword) {
    case "required":
      return `${name} has no field "${params.missingProperty}"`;
    case "additionalProperties":
      return `${name} has a field "${params.additionalProperty}" that rules do not know`;
    case "enum":
      return `${name} has to be one of ${list(params.allowedValues)}`;
    case "oneOf":
      return `${name} has to be one of the edits set/to, remove, rename/to, bind/to, to-variable[/name], add-item/value, remove-item/value`;
    case "pattern":
      return `${name} ${patternHint(error)}`;
    default:
      return `${name} ${error.message ?? "is not right"}`;
  }
}

/** What a pattern of the schema means in words. */
function patternHint(error: SchemaError): string {
  if (error.schemaPath.startsWith("#/$defs/line")) return "has to be a single line without spaces around it";
  if (error.schemaPath.startsWith("#/$defs/prose")) return "must not be empty";
  if (error.schemaPath.startsWith("#/$defs/pointer")) return 'has to be a JSON pointer such as "/auth/mode"';
  if (error.instancePath === "/id") return "has to be in kebab-case: lower-case words with hyphens";
  return error.message ?? "has the wrong form";
}

function list(values: unknown): string {
  return Array.isArray(values) ? values.map((value: unknown) => JSON.stringify(value)).join(", ") : "";
}

/** Where in the text the error is: the unknown key itself, the value, or the nearest thing around it. */
function offsetOf(document: Document, error: SchemaError): number {
  const path = error.instancePath
    .split("/")
    .slice(1)
    .map((step) => step.replaceAll("~1", "/").replaceAll("~0", "~"));
  const extra = error.params.additionalProperty;
  for (let length = path.length; length >= 0; length--) {
    const node: unknown = document.getIn(path.slice(0, length), true);
    if (!isNode(node)) continue;
    return (typeof extra === "string" ? keyOffset(node, extra) : undefined) ?? node.range?.[0] ?? 0;
  }
  return 0;
}

function keyOffset(node: Node, key: string): number | undefined {
  if (!isMap(node)) return undefined;
  const pair = node.items.find((item) => isPair(item) && isScalar(item.key) && item.key.value === key);
  return isScalar(pair?.key) ? pair.key.range?.[0] : undefined;
}

function firstLine(message: string): string {
  return (message.split("\n")[0] ?? message).replace(/ at line \d+, column \d+:?$/, "");
}
