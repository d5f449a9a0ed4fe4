/** The short form of mounts, `[source:]target[:options]`; after compose-go's format package (2.4). */
import type { Member, Tree } from "../../sources/tree.ts";
import { type Located, locate, placeOf, slice, type Text, textAt } from "../../text/text.ts";
import { booleanTree, holeOf, implied, objectTree, stringTree, unknownTree } from "./trees.ts";

/** The parts of a short mount. */
export interface ShortVolume {
  readonly source: Text | undefined;
  readonly target: Text | undefined;
  /** Comma-separated, possibly in several groups. */
  readonly options: readonly Text[];
}

/** Splits a short mount; undefined when Compose refuses it. */
export function splitVolume(text: Text): ShortVolume | undefined {
  const { value } = text;
  if (value.length === 0) return undefined;
  if (value.length <= 2) return { source: undefined, target: text, options: [] };
  const parts: Text[] = [];
  let start = 0;
  for (let index = 0; index <= value.length; index++) {
    if (index < value.length && value[index] !== ":") continue;
    // A single letter before a colon is a Windows drive.
    if (index < value.length && index - start === 1 && /\p{L}/u.test(value.charAt(start))) continue;
    if (index === start) return undefined;
    parts.push(slice(text, start, index));
    start = index + 1;
  }
  const [first, second, ...options] = parts;
  if (second === undefined) return { source: undefined, target: first, options: [] };
  // Before the end there may be one group of options only.
  return options.length > 1 ? undefined : { source: first, target: second, options };
}

const propagations = new Set(["rprivate", "private", "rshared", "shared", "rslave", "slave"]);

/** A short mount in the long form; undefined when Compose refuses it. */
export function readShortVolume(text: Text, where: Located): Tree | undefined {
  const split = splitVolume(text);
  if (split?.target === undefined) return undefined;
  const place = placeOf(where);
  const type = mountType(split.source, place);
  const members: Member[] = [implied("type", type)];
  if (split.source !== undefined) members.push(implied("source", textTree(split.source)));
  members.push(implied("target", textTree(cleaned(split.target))));
  const options = split.options.flatMap((group) => splitOptions(group));
  const readOnly = options.findLast((option) => option.value === "ro" || option.value === "rw");
  if (readOnly?.value === "ro") members.push(implied("read_only", booleanTree(true, wholeOf(readOnly))));
  const unknown = options.find((option) => holeOf(option) !== undefined);
  const hole = unknown === undefined ? undefined : holeOf(unknown);
  if (unknown !== undefined && hole !== undefined)
    members.push(implied("read_only", unknownTree(hole, wholeOf(unknown))));
  const kind = type.kind === "string" ? type.text.value : "";
  const bind = bindMembers(options, kind === "bind", place);
  if (bind.length > 0) members.push(implied("bind", objectTree(bind, place)));
  const noCopy = options.find((option) => option.value === "nocopy");
  if (noCopy !== undefined || (kind === "volume" && text.value.length > 2)) {
    const inner = noCopy === undefined ? [] : [implied("nocopy", booleanTree(true, wholeOf(noCopy)))];
    members.push(implied("volume", objectTree(inner, place)));
  }
  return objectTree(members, place);
}

function bindMembers(options: readonly Text[], isBind: boolean, place: Located): Member[] {
  const members: Member[] = [];
  for (const option of options) {
    if (propagations.has(option.value)) members.push(implied("propagation", textTree(option)));
    if (option.value === "z" || option.value === "Z") members.push(implied("selinux", textTree(option)));
  }
  if (isBind) members.push(implied("create_host_path", booleanTree(true, place)));
  return [...new Map(members.map((one) => [one.key, one])).values()];
}

/** A path is bound, a name is a volume; a variable that begins the source may be either, unless a path goes on after it. */
function mountType(source: Text | undefined, place: Located): Tree {
  const where = source === undefined ? place : wholeOf(source);
  const known = (type: string): Tree => stringTree(textAt(type, where), where);
  if (source === undefined || source.value === "") return known("volume");
  const hole = holeOf(slice(source, 0, 1));
  if (hole !== undefined && !source.value.includes("/")) return unknownTree(hole, where);
  const path = hole !== undefined || /^([./~]|\\\\|\p{L}:)/u.test(source.value);
  return known(path ? "bind" : "volume");
}

function splitOptions(group: Text): Text[] {
  const options: Text[] = [];
  let start = 0;
  for (let index = 0; index <= group.value.length; index++) {
    if (index < group.value.length && group.value[index] !== ",") continue;
    if (index > start) options.push(slice(group, start, index));
    start = index + 1;
  }
  return options;
}

/** A container path without `.`, `..`, doubled and trailing slashes, as Go's path.Clean makes it. */
export function cleaned(text: Text): Text {
  const value = cleanPath(text.value);
  return value === text.value ? text : textAt(value, wholeOf(text));
}

/** Go's path.Clean. */
function cleanPath(path: string): string {
  if (path === "") return "";
  const parts: string[] = [];
  const rooted = path.startsWith("/");
  for (const part of path.split("/")) {
    if (part === "" || part === ".") continue;
    if (part === ".." && parts.length > 0 && parts.at(-1) !== "..") parts.pop();
    else if (part !== ".." || !rooted) parts.push(part);
  }
  const joined = parts.join("/");
  return rooted ? `/${joined}` : joined === "" ? "." : joined;
}

function wholeOf(text: Text): Located {
  return locate(text, 0, text.value.length);
}

function textTree(text: Text): Tree {
  return stringTree(text, wholeOf(text));
}
