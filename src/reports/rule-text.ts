/** What the rule's file implies and both `explain` and the documentation say. */

import type { Json } from "../facts/json.ts";
import type { Control } from "../rules/control.ts";
import type { Example, LogicalEdit, Remediation, Rule } from "../rules/rule.ts";

type Standard = Exclude<keyof Control, "topic" | "title">;

/** Field of a control → how the standard is called. */
export const standardNames: readonly (readonly [Standard, string])[] = [
  ["cwe", "CWE"],
  ["nist80053", "NIST SP 800-53"],
  ["hipaa", "HIPAA 45 CFR"],
  ["iso27001", "ISO/IEC 27001"],
  ["iec62443", "IEC 62443-4-2"],
  ["mds2", "MDS2"],
  ["cis", "CIS Controls"],
  ["dicom", "DICOM"],
];

/** Standard → the paragraphs that speak of what the rule finds. */
export function controlLines(
  rule: Rule,
  controls: readonly Control[],
): readonly (readonly [string, string])[] {
  return standardNames.flatMap(([field, name]) => {
    const ids = controlIds(rule, controls, field).map((id) => id.replace(/^CWE-/, ""));
    return ids.length === 0 ? [] : [[name, ids.join(", ")] as const];
  });
}

/** The paragraphs of one standard that speak of what the rule finds. */
export function controlIds(rule: Rule, controls: readonly Control[], standard: Standard): readonly string[] {
  const own = controls.filter(({ topic }) => rule.controls.includes(topic));
  return [...new Set(own.flatMap((control) => control[standard]))];
}

/** Examples in which the rule speaks. */
export function firing(rule: Rule): readonly Example[] {
  return rule.examples.filter(({ expect }) => expect.length > 0);
}

/** Examples in which it rightly does not. */
export function silent(rule: Rule): readonly Example[] {
  return rule.examples.filter(({ expect }) => expect.length === 0);
}

/** The lines to write, as the example's file would have them; in words where that depends on the site. */
export function editLines(rule: Rule, remediation: Remediation): readonly string[] {
  const json = firing(rule).some(({ expect }) => expect.some(({ file }) => file.endsWith(".json")));
  return (remediation.edits ?? [])
    .filter((edit) => !isTold(edit, remediation.text))
    .map((edit) => ("set" in edit && json ? jsonLine(edit.set, edit.to) : editLine(edit)));
}

/** Paths that start at the finding are no keys that anybody writes: the text has the lines, and names the variables. */
function isTold(edit: LogicalEdit, text: string): boolean {
  const [path] = Object.values(edit).filter((value) => typeof value === "string");
  if (path === undefined || "bind" in edit) return false;
  if (/^(?:realm|client|socket|entity|hl7|logger)\.|^\{path\}$/u.test(path)) return true;
  return path.startsWith("variable:") && text.includes(path.slice("variable:".length));
}

/** "DicomWeb.Enable": true → "DicomWeb": { "Enable": true } */
function jsonLine(path: string, value: Json): string {
  const [key, ...below] = path.split(".").reverse();
  const inner = `${JSON.stringify(key)}: ${JSON.stringify(value)}`;
  return below.reduce((text, name) => `${JSON.stringify(name)}: { ${text} }`, inner);
}

function editLine(edit: LogicalEdit): string {
  if ("set" in edit) return `${edit.set}: ${JSON.stringify(edit.to)}`;
  if ("remove" in edit) return `remove ${edit.remove}`;
  if ("rename" in edit) return `rename ${edit.rename} to ${edit.to}`;
  if ("bind" in edit) return `bind ${edit.bind} to ${edit.to}`;
  if ("to-variable" in edit) return `${edit["to-variable"]}: take it from ${edit.name ?? "a variable"}`;
  if ("add-item" in edit) return `${edit["add-item"]}: add ${JSON.stringify(edit.value)}`;
  return `${edit["remove-item"]}: remove ${JSON.stringify(edit.value)}`;
}
