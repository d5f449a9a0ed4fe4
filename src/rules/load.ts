/** Turns a rule's YAML text into a Rule, or says what is wrong with it, with line and column. */
import validateRule from "../../generated/validate-rule.js";
import schema from "../../schemas/rule.schema.json" with { type: "json" };
import { type DocumentError, type DocumentKind, readDocument, type ValuePath } from "./document.ts";
import { patternFault } from "./pattern.ts";
import type { Rule } from "./rule.ts";

/** A rule, or what is wrong with its file. */
export type LoadedRule =
  | { readonly ok: true; readonly rule: Rule }
  | { readonly ok: false; readonly errors: readonly DocumentError[] };

/** Reads one rule file: YAML, then the schema, then what only makes sense for a file of this name. */
export function loadRule(file: string, text: string): LoadedRule {
  const read = readDocument(file, text, ruleKind);
  if (!read.ok) return read;
  const misnamed = checkName(file, read.value);
  const errors = [
    ...(misnamed === undefined ? [] : [read.errorAt(["id"], misnamed)]),
    ...patternsIn(read.value, []).flatMap(({ path, pattern }) => {
      const wrong = patternFault(pattern);
      return wrong === undefined ? [] : [read.errorAt(path, `"${path.join(".")}" ${wrong}`)];
    }),
  ];
  return errors.length === 0 ? { ok: true, rule: read.value } : { ok: false, errors };
}

/** Every pattern of a rule's conditions, with its path. */
function patternsIn(
  value: unknown,
  path: ValuePath,
): readonly { readonly path: ValuePath; readonly pattern: string }[] {
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, part]) => {
    const below = [...path, Array.isArray(value) ? Number(key) : key];
    if (path.length === 0 && !conditions.has(key)) return [];
    // A property of a fact may be called so too: its condition is an object.
    if (key === "pattern" && typeof part === "string") return [{ path: below, pattern: part }];
    return patternsIn(part, below);
  });
}

/** The fields of a rule that hold conditions. */
const conditions: ReadonlySet<string> = new Set(["match", "severityWhen", "remediation"]);

function checkName(file: string, rule: Rule): string | undefined {
  const name = file.slice(file.lastIndexOf("/") + 1).replace(/\.ya?ml$/, "");
  return name === rule.id
    ? undefined
    : `the id is "${rule.id}" and the file is named "${name}"; they have to be equal`;
}

const ruleKind: DocumentKind<Rule> = {
  validate: validateRule,
  schema,
  whole: "the rule",
  choiceHint: ({ keyword }) =>
    keyword === "oneOf"
      ? "one of the edits set/to, remove, rename/to, bind/to, to-variable[/name], add-item/value, remove-item/value"
      : undefined,
  patternHint({ schemaPath, instancePath }) {
    if (schemaPath.startsWith("#/$defs/line")) return "has to be a single line without spaces around it";
    if (schemaPath.startsWith("#/$defs/prose")) return "must not be empty";
    if (schemaPath.startsWith("#/$defs/pointer")) return 'has to be a JSON pointer such as "/auth/mode"';
    return instancePath === "/id" ? "has to be in kebab-case: lower-case words with hyphens" : undefined;
  },
};
