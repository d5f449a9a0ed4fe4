/** Writes logical edits into JSON as a server reads it: text splices that leave every other byte as it is. */

import type { Json } from "../facts/json.ts";
import type { Editable } from "../products/product.ts";
import type { LogicalEdit } from "../rules/rule.ts";
import type { SourceFile } from "../sources/source.ts";
import type { Member, ObjectTree, Tree } from "../sources/tree.ts";
import type { Place } from "../text/text.ts";

/** A replacement in a file's decoded text. */
export interface Splice {
  readonly place: Place;
  readonly text: string;
  /** The changed lines for people, without what stands beside them. */
  readonly shown: string;
}

/** The splices of an edit, or undefined when this configuration cannot take it. `get` finds a file of the run. */
export function spliceJson(
  edit: LogicalEdit,
  layout: Editable,
  get: (path: string) => SourceFile | undefined,
): Splice | undefined {
  if ("set" in edit && layout.reads?.(edit.set) === false) return undefined; // it would do nothing at this release
  if ("set" in edit) return setValue(steps(edit.set), edit.to, layout, get);
  if ("rename" in edit) return renameKey(steps(edit.rename), edit.to, layout);
  if ("remove" in edit) return removeMember(steps(edit.remove), layout, get);
  if ("to-variable" in edit) return toVariable(steps(edit["to-variable"]), edit.name, layout);
  if ("add-item" in edit) return addItem(steps(edit["add-item"]), edit.value, layout);
  if ("remove-item" in edit) return removeItem(steps(edit["remove-item"]), edit.value, layout, get);
  return undefined;
}

/** The keys of a path; a dot that belongs to a key is written with a backslash. */
function steps(path: string): readonly string[] {
  return path.split(/(?<!\\)\./u).map((step) => step.replaceAll("\\.", "."));
}

function setValue(
  path: readonly string[],
  to: Json,
  layout: Editable,
  get: (path: string) => SourceFile | undefined,
): Splice | undefined {
  const key = path.at(-1) ?? "";
  const existing = layout.member(path);
  if (existing !== undefined) {
    const { value } = existing;
    if (isAlready(value, to)) return undefined;
    if (value.via !== undefined) return setVariable(value, to, key);
    return { place: value.at, text: JSON.stringify(to), shown: `${JSON.stringify(key)}: ${pretty(to)}` };
  }
  for (let depth = path.length - 1; depth >= 0; depth--) {
    const parent = layout.object(path.slice(0, depth));
    if (parent !== undefined)
      return parent.via === undefined ? insertMember(parent, path.slice(depth), to, get) : undefined;
    if (depth > 0 && layout.member(path.slice(0, depth)) !== undefined) return undefined;
  }
  return undefined;
}

function isAlready(value: Tree, to: Json): boolean {
  if (value.kind === "boolean") return value.value === to;
  return value.kind === "string" && value.text.value === to;
}

/** The value stands in a variable: it is changed there, as far as it is a scalar. */
function setVariable(value: Tree, to: Json, key: string): Splice | undefined {
  if (typeof to === "object") return undefined;
  return { place: value.at, text: String(to), shown: `${String(to)}   (the value of ${key})` };
}

/** New members go to the top of their object: there no comma of another member has to change. */
function insertMember(
  parent: ObjectTree,
  path: readonly string[],
  to: Json,
  get: (path: string) => SourceFile | undefined,
): Splice {
  const [key = "", ...rest] = path;
  const nested = rest.reduceRight<Json>((inner, name) => ({ [name]: inner }), to);
  const line = `${JSON.stringify(key)}: ${JSON.stringify(nested)}`;
  const source = get(parent.at.file);
  const indent = memberIndent(parent, source);
  const newline = source?.text.value.includes("\r\n") === true ? "\r\n" : "\n";
  const place = { file: parent.at.file, start: parent.at.start + 1, end: parent.at.start + 1 };
  const shown = `${JSON.stringify(key)}: ${pretty(nested)},`;
  if (parent.members.length === 0) {
    const outer = indent.slice(0, Math.max(0, indent.length - 2));
    return { place, text: `${newline}${indent}${line}${newline}${outer}`, shown: shown.slice(0, -1) };
  }
  const oneLine =
    source !== undefined &&
    !source.text.value.slice(parent.at.start, parent.members[0]?.keyAt.at.start).includes("\n");
  return { place, text: oneLine ? ` ${line},` : `${newline}${indent}${line},`, shown };
}

/** The white space before the first member of the object, or two columns more than the object's own line has. */
function memberIndent(parent: ObjectTree, source: SourceFile | undefined): string {
  if (source === undefined) return "  ";
  const first = parent.members[0];
  const text = source.text.value;
  const anchor = first === undefined ? parent.at.start : first.keyAt.at.start;
  const lineStart = Math.max(text.lastIndexOf("\n", anchor - 1), text.lastIndexOf("\r", anchor - 1)) + 1;
  const indent = /^[ \t]*/u.exec(text.slice(lineStart, anchor))?.[0] ?? "";
  return first === undefined || lineStart <= parent.at.start ? `${indent}  ` : indent;
}

function renameKey(path: readonly string[], to: string, layout: Editable): Splice | undefined {
  const existing = layout.member(path);
  if (existing === undefined || existing.keyAt.via !== undefined) return undefined;
  return { place: existing.keyAt.at, text: JSON.stringify(to), shown: `${JSON.stringify(to)}: …` };
}

/** A variable without quotes: while it is not set, the file is no JSON and the server does not start. */
function toVariable(path: readonly string[], name: string | undefined, layout: Editable): Splice | undefined {
  const existing = layout.member(path);
  if (existing === undefined || existing.value.via !== undefined) return undefined;
  const variable =
    name ??
    path
      .join("_")
      .replace(/([a-z0-9])([A-Z][a-z])/gu, "$1_$2")
      .replace(/\W+/gu, "_")
      .toUpperCase();
  return {
    place: existing.value.at,
    text: `\${${variable}}`,
    shown: `${JSON.stringify(existing.key)}: \${${variable}}`,
  };
}

function removeMember(
  path: readonly string[],
  layout: Editable,
  get: (path: string) => SourceFile | undefined,
): Splice | undefined {
  const existing = layout.member(path);
  const source = existing === undefined ? undefined : get(existing.keyAt.at.file);
  if (existing === undefined || source === undefined || existing.value.via !== undefined) return undefined;
  const parent = parentOf(existing, path, layout);
  const cut = cutItem(source, existing.keyAt.at.start, existing.value.at.end, previousEnd(parent, existing));
  return { ...cut, shown: `(remove ${JSON.stringify(existing.key)})` };
}

function parentOf(member: Member, path: readonly string[], layout: Editable): ObjectTree | undefined {
  const parent = layout.object(path.slice(0, -1));
  return parent?.members.includes(member) === true ? parent : undefined;
}

function previousEnd(parent: ObjectTree | undefined, member: Member): number | undefined {
  const index = parent?.members.indexOf(member) ?? -1;
  return index > 0 ? parent?.members[index - 1]?.value.at.end : undefined;
}

/** Cuts an item with the comma behind it; the last one with the comma before it, but not with the comments between. */
function cutItem(
  source: SourceFile,
  start: number,
  end: number,
  previous: number | undefined,
): Pick<Splice, "place" | "text"> {
  const text = source.text.value;
  const behind = commaAt(text, end);
  if (behind !== undefined)
    return {
      place: { file: source.path, start, end: behind + 1 },
      text: text.slice(end, behind).trimStart(),
    };
  const before = previous === undefined ? undefined : commaAt(text, previous);
  if (before === undefined) return { place: { file: source.path, start, end }, text: "" };
  const between = text.slice(before + 1, start);
  return { place: { file: source.path, start: before, end }, text: between.trim() === "" ? "" : between };
}

/** Offset of the comma that comes next, comments and white space aside. */
function commaAt(text: string, from: number): number | undefined {
  const match = /^(?:\s|\/\/[^\n]*|\/\*[\s\S]*?\*\/)*,/u.exec(text.slice(from));
  return match === null ? undefined : from + match[0].length - 1;
}

function addItem(path: readonly string[], value: Json, layout: Editable): Splice | undefined {
  const list = layout.member(path)?.value;
  if (list?.kind !== "array" || list.via !== undefined) return undefined;
  const start = list.at.start + 1;
  const text = list.items.length === 0 ? JSON.stringify(value) : `${JSON.stringify(value)}, `;
  return {
    place: { file: list.at.file, start, end: start },
    text,
    shown: `${JSON.stringify(path.at(-1) ?? "")}: [ ${JSON.stringify(value)}, … ]`,
  };
}

function removeItem(
  path: readonly string[],
  value: Json,
  layout: Editable,
  get: (path: string) => SourceFile | undefined,
): Splice | undefined {
  const list = layout.member(path)?.value;
  if (list?.kind !== "array" || list.via !== undefined) return undefined;
  const index = list.items.findIndex((item) => item.kind === "string" && item.text.value === value);
  const item = list.items[index];
  const source = get(list.at.file);
  if (item === undefined || source === undefined) return undefined;
  const cut = cutItem(source, item.at.start, item.at.end, list.items[index - 1]?.at.end);
  return { ...cut, shown: `(remove ${JSON.stringify(value)} from ${path.at(-1) ?? ""})` };
}

/** JSON with a blank after colons and commas, as people write it in one line. */
function pretty(value: Json): string {
  if (Array.isArray(value)) return `[${value.map(pretty).join(", ")}]`;
  if (typeof value === "object" && value !== null) {
    const members = Object.entries(value).map(
      ([key, inner]) => `${JSON.stringify(key)}: ${pretty(inner as Json)}`,
    );
    return members.length === 0 ? "{}" : `{ ${members.join(", ")} }`;
  }
  return JSON.stringify(value);
}
