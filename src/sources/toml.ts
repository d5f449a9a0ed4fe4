/** TOML as positioned trees. The grammar is toml-eslint-parser's; tables that are written in pieces become one object. */
import { type AST, ParseError, parseTOML } from "toml-eslint-parser";
import { holeIn, type Located, locate, slice, type Text, textAt } from "../text/text.ts";
import type { Member, Tree } from "./tree.ts";

/** What was read; where there is an error, there is no tree. */
export interface TomlResult {
  readonly root: Tree | undefined;
  readonly errors: readonly (Located & { readonly message: string })[];
}

/** A table that is being put together. */
interface Table {
  readonly kind: "table";
  readonly at: Located;
  readonly members: { readonly key: string; readonly keyAt: Located; readonly value: Part }[];
}

type Part = Table | { readonly kind: "tables"; readonly at: Located; readonly items: Table[] } | Tree;

/** Reads a TOML document. Never throws. */
export function readToml(text: Text): TomlResult {
  try {
    const [top] = parseTOML(text.value).body;
    const root: Table = { kind: "table", at: locate(text, 0, text.value.length), members: [] };
    for (const node of top.body) {
      if (node.type === "TOMLKeyValue") put(text, root, node);
      else for (const pair of node.body) put(text, tableOf(text, root, node), pair);
      if (node.type === "TOMLTable" && node.body.length === 0) tableOf(text, root, node);
    }
    return { root: finished(root), errors: [] };
  } catch (error) {
    if (!(error instanceof ParseError)) throw error;
    return {
      root: undefined,
      errors: [{ message: error.message, ...locate(text, error.index, error.index) }],
    };
  }
}

/** The comments of a TOML document, from the sign to the end of the line; none where it cannot be read. */
export function tomlComments(text: Text): readonly Located[] {
  try {
    const { comments } = parseTOML(text.value);
    return comments.map(({ range: [start, end] }) => locate(text, start, end));
  } catch (error) {
    if (error instanceof ParseError) return [];
    throw error;
  }
}

const opened = new WeakMap<AST.TOMLTable, Table>();

/** The table that a header opens: `[a.b]`, or one more of `[[a.b]]`. */
function tableOf(text: Text, root: Table, node: AST.TOMLTable): Table {
  const known = opened.get(node);
  if (known !== undefined) return known;
  const { keys } = node.key;
  let table = root;
  for (const [index, key] of keys.entries()) {
    const isNew = node.kind === "array" && index === keys.length - 1;
    table = into(text, table, key, isNew);
  }
  opened.set(node, table);
  return table;
}

type KeyPart = AST.TOMLBare | AST.TOMLQuoted;

function nameOf(key: KeyPart): string {
  return key.type === "TOMLBare" ? key.name : key.value;
}

/** The table at a key, made where it is not there yet; `adds`: as one more of an array. */
function into(text: Text, table: Table, key: KeyPart, adds: boolean): Table {
  const name = nameOf(key);
  const keyAt = locate(text, ...key.range);
  const known = table.members.find((member) => member.key === name)?.value;
  const made: Table = { kind: "table", at: keyAt, members: [] };
  if (adds) {
    if (known?.kind === "tables") known.items.push(made);
    else table.members.push({ key: name, keyAt, value: { kind: "tables", at: keyAt, items: [made] } });
    return made;
  }
  if (known?.kind === "table") return known;
  if (known?.kind === "tables") return known.items.at(-1) ?? made;
  table.members.push({ key: name, keyAt, value: made });
  return made;
}

function put(text: Text, start: Table, { key, value }: AST.TOMLKeyValue): void {
  const last = key.keys.at(-1);
  if (last === undefined) return;
  let table = start;
  for (const part of key.keys.slice(0, -1)) table = into(text, table, part, false);
  table.members.push({
    key: nameOf(last),
    keyAt: locate(text, ...last.range),
    value: contentTree(text, value),
  });
}

function contentTree(text: Text, node: AST.TOMLContentNode): Part {
  const place = locate(text, ...node.range);
  if (node.type === "TOMLArray")
    return { kind: "array", items: node.elements.map((item) => finished(contentTree(text, item))), ...place };
  if (node.type === "TOMLInlineTable") {
    const table: Table = { kind: "table", at: place, members: [] };
    for (const pair of node.body) put(text, table, pair);
    return table;
  }
  const hole = holeIn(text, ...node.range);
  if (hole !== undefined) return { kind: "unknown", hole, quoted: node.kind === "string", ...place };
  if (node.kind === "boolean") return { kind: "boolean", value: node.value, ...place };
  if (node.kind === "integer") return { kind: "number", value: Number(node.value), integer: true, ...place };
  if (node.kind === "float") return { kind: "number", value: node.value, integer: false, ...place };
  return { kind: "string", text: contentOf(text, node, place), ...place };
}

/** The content of a string; one without escapes keeps the place of each character. */
function contentOf(text: Text, node: AST.TOMLStringValue | AST.TOMLDateTimeValue, place: Located): Text {
  if (node.kind !== "string") return slice(text, ...node.range);
  const [start] = node.range;
  const quotes = node.multiline === true ? 3 : 1;
  const plain = slice(text, start + quotes, start + quotes + node.value.length);
  return plain.value === node.value ? plain : textAt(node.value, place);
}

function finished(part: Part): Tree {
  if (part.kind === "table") {
    const members = part.members.map(
      ({ key, keyAt, value }): Member => ({ key, keyAt, value: finished(value) }),
    );
    return { kind: "object", members, ...part.at };
  }
  if (part.kind === "tables") return { kind: "array", items: part.items.map(finished), ...part.at };
  return part;
}
