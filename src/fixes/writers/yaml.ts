/** Writes into YAML files: keys of mappings and items of sequences, in block and in flow style. */
import type { SourceFile } from "../../sources/source.ts";
import type { ArrayTree, Member, ObjectTree, Tree } from "../../sources/tree.ts";
import { indentAt, lineEnd, lineStart, newlineOf, type Shared, type Splice } from "./change.ts";

/** A new value: a scalar as it is to be written, a list of such, or a mapping of them. */
export type YamlValue = string | readonly string[] | YamlMap;

/** A mapping that is written with its keys in this order. */
export interface YamlMap {
  readonly [key: string]: YamlValue;
}

/** A scalar that YAML reads as this string; plain where that is certain. */
export function yamlString(value: string): string {
  const plain = /^[A-Za-z0-9_./$][\w./${}?%@+=,:<>-]*(?: [\w./${}?%@+=,<>-]+)*$/u;
  const typed = /^(?:true|false|yes|no|on|off|y|n|null|~|[-+.\d][\d._eExX+:-]*)$/iu;
  if (plain.test(value) && !typed.test(value) && !value.includes(": ") && !value.endsWith(":")) return value;
  return value.includes('"') || value.includes("\\")
    ? `'${value.replaceAll("'", "''")}'`
    : JSON.stringify(value);
}

/** A scalar between braces or brackets, where these and commas need quotation marks. */
function inFlow(written: string): string {
  return /^["']/u.test(written) || !/[{}[\],]/u.test(written) ? written : JSON.stringify(written);
}

/**
 * Takes the place of a scalar in a mapping or list, with the quotation marks that it has now. `shown`: what people are
 * shown for what is written.
 */
export function replaceScalar(
  value: Tree,
  text: string,
  source: SourceFile,
  shown: (written: string) => string,
  owner: ObjectTree | ArrayTree,
): Splice {
  const old = source.text.value.slice(value.at.start, value.at.end);
  const quote = /^(["'])[\s\S]*\1$/u.exec(old)?.[1];
  const bare = isFlow(owner, source.text.value) ? inFlow(yamlString(text)) : yamlString(text);
  const written = quote === undefined ? bare : inQuotes(text, quote);
  return { place: value.at, text: written, shown: shown(written) };
}

function inQuotes(text: string, quote: string): string {
  if (quote === "'") return `'${text.replaceAll("'", "''")}'`;
  return text.includes('"') || text.includes("\\") ? `'${text.replaceAll("'", "''")}'` : `"${text}"`;
}

/** Adds a key behind the last one of a mapping. */
export function addKey(
  object: ObjectTree,
  key: string,
  value: YamlValue,
  source: SourceFile,
): Splice | undefined {
  const text = source.text.value;
  const shown = `${key}: ${flow(value)}`;
  if (isFlow(object, text))
    return addToFlow(object, object.members.at(-1)?.value, shown, source, shown, flowFrame(key, value));
  const last = ownMembers(object).at(-1);
  if (last === undefined) return undefined;
  const newline = newlineOf(text);
  const indent = columnText(text, last.keyAt.at.start);
  const { frames, inner } = blockOf(key, value, newline + indent, unitOf(source));
  return insertBehind(endOf(last.value, last), frames, inner, source, shown);
}

/** A key with its value as lines; what others may put into the same lists and mappings is a frame. */
function blockOf(
  key: string,
  value: YamlValue,
  line: string,
  unit: string,
): { readonly frames: readonly Shared[]; readonly inner: string } {
  if (typeof value === "string")
    return { frames: [], inner: `${line}${key}:${value === "" ? "" : ` ${value}`}` };
  const frame = { before: `${line}${key}:`, between: "", after: "" };
  if (isList(value))
    return { frames: [frame], inner: value.map((item) => `${line}${unit}- ${item}`).join("") };
  const members = Object.entries(value).map(([name, one]) => blockOf(name, one, line + unit, unit));
  const [only] = members;
  if (members.length === 1 && only !== undefined)
    return { frames: [frame, ...only.frames], inner: only.inner };
  const whole = members.map(({ frames, inner }) => frames.map(({ before }) => before).join("") + inner);
  return { frames: [frame], inner: whole.join("") };
}

function isList(value: readonly string[] | YamlMap): value is readonly string[] {
  return Array.isArray(value);
}

/** The value on one line. */
function flow(value: YamlValue): string {
  if (typeof value === "string") return inFlow(value);
  if (isList(value)) return `[${value.map(inFlow).join(", ")}]`;
  const members = Object.entries(value).map(([key, inner]) => `${key}: ${flow(inner)}`);
  return `{ ${members.join(", ")} }`;
}

/** What others may put into the same list or mapping on one line. */
function flowFrame(key: string, value: YamlValue): readonly Shared[] {
  if (typeof value === "string") return [];
  if (isList(value)) return [{ before: `${key}: [`, between: ", ", after: "]" }];
  return [{ before: `${key}: { `, between: ", ", after: " }" }];
}

/** How far the file indents: the white space of the first line that has any. */
function unitOf({ text }: SourceFile): string {
  return (
    /^[A-Za-z_"'][^\n]*:[ \t]*(?:#[^\n]*)?\r?\n(?:[ \t]*(?:#[^\n]*)?\r?\n)*( +)(?=[^\s#-])/mu.exec(
      text.value,
    )?.[1] ?? "  "
  );
}

/** Adds an item behind the last one of a sequence. */
export function addListItem(
  list: ArrayTree,
  item: string,
  source: SourceFile,
  shown: string,
): Splice | undefined {
  const text = source.text.value;
  if (isFlow(list, text)) return addToFlow(list, list.items.at(-1), inFlow(item), source, shown);
  const last = list.items.at(-1);
  if (last === undefined) return undefined;
  const dash = text.lastIndexOf("-", last.at.start - 1);
  const line = `${newlineOf(text)}${columnText(text, dash)}- ${item}`;
  return insertBehind(endOf(last), [], line, source, shown);
}

/** Takes a key out with its value; undefined where that is not sure to leave the rest as it is. */
export function removeKey(object: ObjectTree, found: Member, source: SourceFile): Splice | undefined {
  const text = source.text.value;
  const shown = `(remove ${found.key})`;
  if (isFlow(object, text)) return removeFromFlow(found.keyAt.at.start, found.value.at.end, source, shown);
  const only = ownMembers(object).length === 1;
  return only ? undefined : removeLines(found.keyAt.at.start, endOf(found.value, found), source, shown);
}

/** Takes an item out of a sequence of several. */
export function removeItem(
  list: ArrayTree,
  item: Tree,
  source: SourceFile,
  shown: string,
): Splice | undefined {
  const text = source.text.value;
  if (list.items.length < 2) return undefined;
  if (isFlow(list, text)) return removeFromFlow(item.at.start, item.at.end, source, shown);
  return removeLines(text.lastIndexOf("-", item.at.start - 1), endOf(item), source, shown);
}

/** The members that stand in the mapping itself, as opposed to those that a merge key or an alias brings. */
function ownMembers(object: ObjectTree): readonly Member[] {
  const outer = object.via?.length ?? 0;
  return object.members
    .filter(({ keyAt }) => (keyAt.via?.length ?? 0) === outer && keyAt.at.file === object.at.file)
    .toSorted((left, right) => left.keyAt.at.start - right.keyAt.at.start);
}

/** Whether the file itself has the key in this mapping. */
export function ownMember(object: ObjectTree, key: string): Member | undefined {
  return ownMembers(object).find((candidate) => candidate.key === key);
}

function isFlow(tree: ObjectTree | ArrayTree, text: string): boolean {
  return /[[{]/u.test(text.charAt(tree.at.start));
}

/** An alias ends where it is written, not where its anchor is. */
function endOf(value: Tree, owner?: Member): number {
  const outer = owner?.keyAt.via?.length ?? 0;
  const written = value.via !== undefined && value.via.length > outer ? value.via[0] : value.at;
  return Math.max(written?.end ?? 0, owner?.keyAt.at.end ?? 0);
}

/** The white space (and dashes as blanks) before an offset of a line: what the lines below it start with. */
function columnText(text: string, offset: number): string {
  return text.slice(lineStart(text, offset), offset).replaceAll(/[^\t]/gu, " ");
}

/** New lines behind the line on which something ends; a block scalar ends with its line end. */
function insertBehind(
  end: number,
  shared: readonly Shared[],
  inner: string,
  source: SourceFile,
  shown: string,
): Splice {
  const text = source.text.value;
  const inside = /[\r\n]/u.test(text.charAt(end - 1)) ? end - (text.endsWith("\r\n", end) ? 2 : 1) : end;
  const offset = lineEnd(text, inside);
  return {
    place: { file: source.path, start: offset, end: offset },
    text: shared.map(({ before }) => before).join("") + inner,
    shown,
    shared,
  };
}

/** Behind the last one, with a comma between. */
function addToFlow(
  tree: ObjectTree | ArrayTree,
  last: Tree | undefined,
  item: string,
  source: SourceFile,
  shown = item,
  frames: readonly Shared[] = [],
): Splice {
  const offset = last === undefined ? tree.at.start + 1 : endOf(last);
  const place = { file: source.path, start: offset, end: offset };
  const first = { before: last === undefined ? "" : ", ", between: ", ", after: "" };
  return { place, text: first.before + item, shown, shared: [first, ...frames] };
}

/** With the comma behind it, or the one before it. */
function removeFromFlow(start: number, end: number, source: SourceFile, shown: string): Splice {
  const text = source.text.value;
  const behind = /^\s*,[ \t]*/u.exec(text.slice(end));
  if (behind !== null)
    return { place: { file: source.path, start, end: end + behind[0].length }, text: "", shown };
  const before = /,\s*$/u.exec(text.slice(0, start))?.[0].length ?? 0;
  return { place: { file: source.path, start: start - before, end }, text: "", shown };
}

/** Whole lines, if nothing else stands before them. */
function removeLines(start: number, end: number, source: SourceFile, shown: string): Splice | undefined {
  const text = source.text.value;
  const from = lineStart(text, start);
  if (indentAt(text, start).length !== start - from) return undefined;
  const last = /[\r\n]/u.test(text.charAt(end - 1)) ? end : lineEnd(text, end);
  const next = text.startsWith("\r\n", last) ? last + 2 : Math.min(last + 1, text.length);
  const stop = last === end && end > start && /[\r\n]/u.test(text.charAt(end - 1)) ? end : next;
  return { place: { file: source.path, start: from, end: stop }, text: "", shown };
}
