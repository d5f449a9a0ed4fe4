/** Adds members to objects of a JSON file: where a person would write them, in the style of those that are there. */
import type { Json } from "../../facts/json.ts";
import type { SourceFile } from "../../sources/source.ts";
import type { Member, ObjectTree } from "../../sources/tree.ts";
import {
  type GetSource,
  indentAt,
  lineEnd,
  lineStart,
  newlineOf,
  type Shared,
  type Splice,
} from "./change.ts";

/** A value as it goes into the file, and as people read it. */
export interface Written {
  readonly text: string;
  readonly shown: string;
}

/** How the file writes a new member. */
interface Layout {
  /** Line end and white space before it; undefined where the object stands on one line. */
  readonly line: string | undefined;
  /** White space that an inner object has more than the one around it. */
  readonly unit: string;
  readonly colon: string;
}

/** Adds a member behind the one that it belongs to, or behind the last one; what is missing on the way is written along. */
export function insertMember(
  parent: ObjectTree,
  path: readonly string[],
  value: Written,
  get: GetSource,
): Splice | undefined {
  const source = get(parent.at.file);
  if (source === undefined) return undefined;
  const [key = ""] = path;
  const anchor = anchorOf(parent, key);
  const layout = layoutOf(parent, anchor, source.text.value);
  const shown = `${shownPath(path)}${value.shown}${" }".repeat(path.length - 1)}`;
  const { place, levels } =
    anchor === undefined ? inside(parent, layout, source) : behind(anchor, layout, source);
  const nested = path.slice(0, -1).map((name, depth) => openedBy(name, depth, layout));
  const inner = `${lineAt(layout, path.length - 1)}${memberHead(path.at(-1) ?? "", layout)}${value.text}`;
  const shared = [...levels, ...nested];
  const before = shared.map((level) => level.before).join("");
  const after = shared
    .toReversed()
    .map((level) => level.after)
    .join("");
  return { place, text: before + inner + after, shown, shared };
}

function shownPath(path: readonly string[]): string {
  return path.map((name) => `${JSON.stringify(name)}: `).join("{ ");
}

function memberHead(key: string, { colon }: Layout): string {
  return `${JSON.stringify(key)}${colon}`;
}

/** What stands before a member that is this many objects deeper than the parent's own. */
function lineAt({ line, unit }: Layout, depth: number): string {
  if (line === undefined) return depth === 0 ? "" : " ";
  return line + unit.repeat(depth);
}

/** A new object around what comes into it. */
function openedBy(name: string, depth: number, layout: Layout): Shared {
  const end = layout.line === undefined ? " }" : `${lineAt(layout, depth)}}`;
  return { before: `${lineAt(layout, depth)}${memberHead(name, layout)}{`, between: ",", after: end };
}

interface Opening {
  readonly place: Splice["place"];
  readonly levels: readonly Shared[];
}

/** Into an object without members. */
function inside({ at }: ObjectTree, { line }: Layout, source: SourceFile): Opening {
  const place = { file: at.file, start: at.start + 1, end: at.start + 1 };
  const outer = `${newlineOf(source.text.value)}${indentAt(source.text.value, at.start)}`;
  return { place, levels: [{ before: "", between: ",", after: line === undefined ? "" : outer }] };
}

/** A comment that ends on the line on which it begins. */
const onlyComment = /^[ \t]*(?:\/\/[^\r\n]*|\/\*(?:(?!\*\/)[^\r\n])*\*\/[ \t]*)?$/u;

function behind({ value }: Member, { line }: Layout, source: SourceFile): Opening {
  const text = source.text.value;
  const { file, end } = value.at;
  const comma = commaAt(text, end);
  const from = comma === undefined ? end : comma + 1;
  const ends = lineEnd(text, from);
  if (line === undefined) {
    const place = { file, start: from, end: from };
    const level = comma === undefined ? { before: ", ", after: "" } : { before: " ", after: "," };
    return { place, levels: [{ ...level, between: ", " }] };
  }
  const level = { before: "", between: ",", after: "," };
  if (comma !== undefined) return { place: { file, start: ends, end: ends }, levels: [level] };
  // The comment behind the last member stays on its line, and the comma goes before it.
  const last = { before: `,${text.slice(end, ends)}`, between: ",", after: "" };
  return { place: { file, start: end, end: ends }, levels: [last] };
}

/** Offset of the comma that comes next, comments and white space aside. */
export function commaAt(text: string, from: number): number | undefined {
  const match = /^(?:\s|\/\/[^\n]*\n|\/\*(?:(?!\*\/)[\s\S])*\*\/)*,/u.exec(text.slice(from));
  return match === null ? undefined : from + match[0].length - 1;
}

/** Keys that people look for together although their names differ. */
const neighbours: Readonly<Record<string, string>> = {
  RegisteredUsers: "AuthenticationEnabled",
  AuthenticationEnabled: "RemoteAccessAllowed",
};

/** The member that a new one goes behind: the last of those whose names begin with the most words of its own. */
function anchorOf({ members, at }: ObjectTree, key: string): Member | undefined {
  const own = members
    .filter(
      ({ keyAt, value }) => keyAt.via === undefined && value.via === undefined && keyAt.at.file === at.file,
    )
    .toSorted((left, right) => left.keyAt.at.start - right.keyAt.at.start);
  const neighbour = own.find((one) => one.key === neighbours[key]);
  if (neighbour !== undefined) return neighbour;
  const alike = own.map((one) => commonWords(one.key, key));
  const most = Math.max(0, ...alike);
  return most === 0 ? own.at(-1) : own[alike.lastIndexOf(most)];
}

function commonWords(left: string, right: string): number {
  const [one, other] = [wordsOf(left), wordsOf(right)];
  const differs = one.findIndex((word, index) => word !== other[index]);
  return differs < 0 ? one.length : differs;
}

function wordsOf(key: string): readonly string[] {
  return key.split(/(?<=[a-z\d])(?=[A-Z])|[_\s.-]+/u);
}

/** Whether nothing but a comment follows on the line. */
function isLastOnLine({ value }: Member, text: string): boolean {
  const comma = commaAt(text, value.at.end);
  const from = comma === undefined ? value.at.end : comma + 1;
  return onlyComment.test(text.slice(from, lineEnd(text, from)));
}

/** A colon with the blanks around it that another one has; of several blanks, which set columns, one. */
function colonOf(between: string): string {
  const [, before, after] = /^([ \t]*):([ \t]*)$/u.exec(between) ?? [];
  if (before === undefined || after === undefined) return ": ";
  return `${before === "" ? "" : " "}:${after === "" ? "" : " "}`;
}

/** The style of the member that the new one goes behind, and of the object where it has none. */
function layoutOf(parent: ObjectTree, anchor: Member | undefined, text: string): Layout {
  const newline = newlineOf(text);
  const outer = indentAt(text, parent.at.start);
  if (anchor === undefined) return { line: `${newline}${outer}  `, unit: "  ", colon: ": " };
  const from = anchor.keyAt.at.start;
  const colon = colonOf(text.slice(anchor.keyAt.at.end, anchor.value.at.start));
  const first = parent.members[0]?.keyAt.at.start ?? from;
  const oneLine = !/[\r\n]/u.test(text.slice(parent.at.start, Math.max(first, from)));
  if (oneLine || !isLastOnLine(anchor, text)) return { line: undefined, unit: "", colon };
  const indent = lineStart(text, from) <= parent.at.start ? `${outer}  ` : indentAt(text, from);
  const more = indent.startsWith(outer) ? indent.slice(outer.length) : "";
  return { line: newline + indent, unit: more === "" ? "  " : more, colon };
}

/** A value with the layout of a file that has a line for each member. */
export function writtenJson(to: Json): Written {
  const text = pretty(to);
  return { text, shown: text };
}

/** JSON with a blank after colons and commas, as people write it in one line. */
export function pretty(value: Json): string {
  if (Array.isArray(value)) return `[${value.map(pretty).join(", ")}]`;
  if (typeof value === "object" && value !== null) {
    const members = Object.entries(value).map(
      ([key, inner]) => `${JSON.stringify(key)}: ${pretty(inner as Json)}`,
    );
    return members.length === 0 ? "{}" : `{ ${members.join(", ")} }`;
  }
  return JSON.stringify(value);
}
