/** Writes into JSON as a server reads it: text splices that leave every other byte as it is. */
import type { Json } from "../../facts/json.ts";
import type { TreeSpot } from "../../products/spot.ts";
import type { SourceFile } from "../../sources/source.ts";
import type { Member, ObjectTree, Tree } from "../../sources/tree.ts";
import { type Change, type GetSource, lineStart, type Splice, type Writer } from "./change.ts";
import { commaAt, insertMember, pretty, writtenJson } from "./json-insert.ts";

/** Changes a key of a JSON file. */
export const writeJson: Writer<TreeSpot> = (change, spot, get) => {
  const splice = spliceOf(change, spot, get);
  return splice === undefined ? undefined : [splice];
};

function spliceOf(change: Change, spot: TreeSpot, get: GetSource): Splice | undefined {
  if (spot.embedded === true && spot.object === undefined && !isBare(change)) return undefined;
  switch (change.type) {
    case "set":
      return setValue(change.to, spot, get);
    case "rename":
      return renameKey(change.to, spot);
    case "remove":
      return removeMember(spot, get);
    case "reference":
      return toVariable(change.name, change.quoted, spot, get);
    case "add-item":
      return addItem(change.value, spot);
    case "remove-item":
      return removeItem(change.value, spot, get);
  }
}

/** What can be written into JSON that stands in a string of another file, whatever that file escapes. */
function isBare(change: Change): boolean {
  return change.type === "set" && (typeof change.to === "boolean" || typeof change.to === "number");
}

function setValue(to: Json, { member, object, path }: TreeSpot, get: GetSource): Splice | undefined {
  if (member === undefined)
    return object === undefined || object.via !== undefined
      ? undefined
      : insertMember(object, path, writtenJson(to), get);
  const { value } = member;
  if (isAlready(value, to)) return undefined;
  if (value.via !== undefined) return setVariable(value, to, member.key);
  const isElsewhere = value.at.file !== member.keyAt.at.file;
  const shown = isElsewhere
    ? `${pretty(to)}   (the value of ${member.key})`
    : `${JSON.stringify(member.key)}: ${pretty(to)}`;
  return { place: value.at, text: pretty(to), shown };
}

function isAlready(value: Tree, to: Json): boolean {
  if (value.kind === "boolean" || value.kind === "number") return value.value === to;
  return value.kind === "string" && value.text.value === to;
}

/** The value stands in a variable: it is changed there, as far as it is a scalar. */
function setVariable(value: Tree, to: Json, key: string): Splice | undefined {
  if (typeof to === "object") return undefined;
  return { place: value.at, text: String(to), shown: `${String(to)}   (the value of ${key})` };
}

/** Not to a name that stands beside it already: which one counts then is no question for an edit. */
function renameKey(to: string, { member, object }: TreeSpot): Splice | undefined {
  if (member === undefined || member.keyAt.via !== undefined) return undefined;
  if (object?.members.some(({ key }) => key === to) === true) return undefined;
  return { place: member.keyAt.at, text: JSON.stringify(to), shown: `${JSON.stringify(to)}: …` };
}

/**
 * Without quotes in the file: while the variable is not set, the file is no JSON and the server does not start. Quotes
 * are for a variable that something else makes sure of.
 */
function toVariable(name: string, quoted: boolean, spot: TreeSpot, get: GetSource): Splice | undefined {
  const { member, object, path } = spot;
  const text = quoted ? `"\${${name}}"` : `\${${name}}`;
  if (member === undefined)
    return object === undefined || object.via !== undefined
      ? undefined
      : insertMember(object, path, { text, shown: text }, get);
  // A list or an object is no secret itself: the one inside of it is for a person to find.
  if (member.value.via !== undefined || member.value.kind === "array" || member.value.kind === "object")
    return undefined;
  return { place: member.value.at, text, shown: `${JSON.stringify(member.key)}: ${text}` };
}

function removeMember({ member, object }: TreeSpot, get: GetSource): Splice | undefined {
  const source = member === undefined ? undefined : get(member.keyAt.at.file);
  if (member === undefined || source === undefined || member.value.via !== undefined) return undefined;
  const previous = previousEnd(object, member);
  const cut = cutItem(source, member.keyAt.at.start, member.value.at.end, previous);
  return { ...cut, shown: `(remove ${JSON.stringify(member.key)})` };
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
  const line = behind === undefined ? undefined : ownLine(text, start, behind + 1);
  if (line !== undefined && behind !== undefined && text.slice(end, behind).trim() === "")
    return { place: { file: source.path, ...line }, text: "" };
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

/** The line with its line end, when nothing else stands on it. */
function ownLine(text: string, start: number, end: number): { start: number; end: number } | undefined {
  const from = lineStart(text, start);
  const rest = /^[ \t]*(?:\r\n|\n|\r)/u.exec(text.slice(end));
  const isAlone = text.slice(from, start).trim() === "" && from > 0 && rest !== null;
  return isAlone ? { start: from, end: end + rest[0].length } : undefined;
}

function addItem(value: Json, { member }: TreeSpot): Splice | undefined {
  const list = member?.value;
  if (list?.kind !== "array" || list.via !== undefined) return undefined;
  const start = list.at.start + 1;
  const text = list.items.length === 0 ? JSON.stringify(value) : `${JSON.stringify(value)}, `;
  return {
    place: { file: list.at.file, start, end: start },
    text,
    shown: `${JSON.stringify(member?.key ?? "")}: [ ${JSON.stringify(value)}, … ]`,
  };
}

function removeItem(value: Json, { member }: TreeSpot, get: GetSource): Splice | undefined {
  const list = member?.value;
  if (list?.kind !== "array" || list.via !== undefined) return undefined;
  const index = list.items.findIndex((item) => item.kind === "string" && item.text.value === value);
  const item = list.items[index];
  const source = get(list.at.file);
  if (item === undefined || source === undefined) return undefined;
  const cut = cutItem(source, item.at.start, item.at.end, list.items[index - 1]?.at.end);
  return { ...cut, shown: `(remove ${JSON.stringify(value)} from ${member?.key ?? ""})` };
}
