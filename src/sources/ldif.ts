/**
 * The LDIF reader (RFC 2849, with what OpenLDAP's tools add): contents and changes, folding, base64, positions through
 * both. A broken record is told and marked, the rest is still read. One pass; values are made only when asked for, so
 * that the export of a large hospital costs little more than its own size.
 */
import { concat, type Located, locate, slice, type Text, textAt } from "../text/text.ts";

/** One record of the file, in file order. */
export type LdifRecord = LdifEntry | LdifModify | LdifDelete | LdifRename;

interface RecordBase extends Located {
  /** The distinguished name as it is written (base64 resolved). */
  readonly dn: Text;
  /** Something in it could not be read: OpenLDAP's tools would refuse the record as a whole. */
  readonly broken: boolean;
}

/** The content of an entry; `add` when it is written as a change. */
export interface LdifEntry extends RecordBase {
  readonly kind: "entry" | "add";
  readonly attributes: readonly LdifAttribute[];
}

export interface LdifModify extends RecordBase {
  readonly kind: "modify";
  readonly changes: readonly LdifChange[];
}

export interface LdifDelete extends RecordBase {
  readonly kind: "delete";
}

/** `modrdn` and `moddn`. */
export interface LdifRename extends RecordBase {
  readonly kind: "rename";
  readonly newRdn: Text | undefined;
  readonly deleteOldRdn: boolean;
  readonly newSuperior: Text | undefined;
}

/** One `add:`, `delete:`, `replace:` or `increment:` of a modify record. */
export interface LdifChange extends Located {
  readonly operation: "add" | "delete" | "replace" | "increment";
  /** The attribute, lower case and without options. */
  readonly name: string;
  readonly values: readonly LdifAttribute[];
}

/** One attribute line. Offsets are into `text`: the file, or the unfolded line where the line is folded. */
export interface LdifAttribute {
  /** Lower case, without options: names are compared so (RFC 4512, 2.5). */
  readonly name: string;
  /** As it is written, with options such as `;binary`. */
  readonly description: string;
  readonly form: "plain" | "base64" | "url";
  readonly text: Text;
  readonly start: number;
  readonly valueStart: number;
  readonly end: number;
}

/** Something that is not LDIF. */
export interface LdifError extends Located {
  readonly message: string;
}

export interface LdifResult {
  readonly records: readonly LdifRecord[];
  readonly errors: readonly LdifError[];
}

/** A value: characters, or bytes that are not text (a certificate). */
export type LdifValue =
  | { readonly kind: "text"; readonly text: Text }
  | { readonly kind: "bytes"; readonly bytes: Uint8Array; readonly at: Located }
  /** `:<`: the value is in another file, which is never opened. */
  | { readonly kind: "url"; readonly url: Text };

/** Reads an LDIF file. Never throws. */
export function readLdif(text: Text): LdifResult {
  const errors: LdifError[] = [];
  const records = [...ldifRecords(text, (error) => errors.push(error))];
  return { records, errors };
}

/** The records one after the other, for files that are too large to hold as a whole. */
export function* ldifRecords(text: Text, report: (error: LdifError) => void): Generator<LdifRecord> {
  let lines: Line[] = [];
  let first = true;
  for (const line of logicalLines(text)) {
    if (line !== null) {
      lines.push(line);
      continue;
    }
    if (lines.length > 0) {
      const record = readRecord(lines, first, report);
      if (record !== undefined) yield record;
      first = false;
      lines = [];
    }
  }
}

/** The value of an attribute, with its positions. */
export function ldifValue(attribute: LdifAttribute): LdifValue {
  const { text, valueStart, end, form } = attribute;
  if (form === "plain") return { kind: "text", text: valueSlice(text, valueStart, end) };
  if (form === "url") return { kind: "url", url: valueSlice(text, valueStart, end) };
  const encoded = text.value.slice(valueStart, end);
  const bytes = decodeBase64(encoded) ?? new Uint8Array();
  const value = decodeUtf8(bytes);
  if (value === undefined) return { kind: "bytes", bytes, at: ldifValueAt(attribute) };
  return { kind: "text", text: decodedText(value, bytes.length, attribute) };
}

/** Where the value stands; an empty one is an empty range behind the colon. */
export function ldifValueAt(attribute: LdifAttribute): Located {
  return locate(attribute.text, attribute.valueStart, attribute.end);
}

/** Where the whole attribute stands, name and value, over all of its lines. */
export function ldifAttributeAt(attribute: LdifAttribute): Located {
  return locate(attribute.text, attribute.start, attribute.end);
}

/** A logical line: a range of the file, or, when folded, of a Text made of its parts. */
interface Line {
  readonly text: Text;
  readonly start: number;
  readonly end: number;
  readonly continuesNothing?: boolean;
}

/** The comments of an LDIF file; one that is folded goes on over its lines. */
export function ldifComments(text: Text): readonly Located[] {
  const comments: Located[] = [];
  for (const _line of logicalLines(text, (start, end) => comments.push(locate(text, start, end))));
  return comments;
}

/** Unfolded lines without comments, which are passed on as ranges; null for a blank line and at the end. */
function* logicalLines(
  text: Text,
  onComment: (start: number, end: number) => void = () => {},
): Generator<Line | null> {
  const source = text.value;
  let offset = 0;
  while (offset < source.length) {
    const start = offset;
    let end = endOfLine(source, start);
    offset = nextLine(source, start);
    if (end === start) {
      yield null;
      continue;
    }
    const parts: Text[] = [];
    while (source.charCodeAt(offset) === 32) {
      if (parts.length === 0) parts.push(slice(text, start, end));
      end = endOfLine(source, offset);
      parts.push(slice(text, offset + 1, end));
      offset = nextLine(source, offset);
    }
    if (source.charCodeAt(start) === 35) {
      onComment(start, end);
      continue;
    }
    const lost = source.charCodeAt(start) === 32 ? { continuesNothing: true } : {};
    if (parts.length === 0) yield { text, start, end, ...lost };
    else {
      const whole = concat(parts);
      yield { text: whole, start: 0, end: whole.value.length, ...lost };
    }
  }
  yield null;
}

function endOfLine(source: string, from: number): number {
  const feed = source.indexOf("\n", from);
  const end = feed < 0 ? source.length : feed;
  return end > from && source.charCodeAt(end - 1) === 13 ? end - 1 : end;
}

function nextLine(source: string, from: number): number {
  const feed = source.indexOf("\n", from);
  return feed < 0 ? source.length : feed + 1;
}

const attributeLine = /^([A-Za-z0-9][A-Za-z0-9.-]*)((?:;[A-Za-z0-9-]+)*)[ \t]*(::|:<|:)[ \t]*/;

type Report = (error: LdifError) => void;

function readAttribute(line: Line, report: Report): LdifAttribute | undefined {
  const source = line.text.value.slice(line.start, line.end);
  if (line.continuesNothing === true)
    return fail("a line that starts with a blank continues the one above, and there is none");
  if (source.startsWith("\t")) return fail("a continued line starts with one blank, not with a tab");
  const match = attributeLine.exec(source);
  if (match === null) return fail("an attribute, a colon and a value were expected");
  const mark = match[3];
  const attribute: LdifAttribute = {
    name: (match[1] ?? "").toLowerCase(),
    description: `${match[1] ?? ""}${match[2] ?? ""}`,
    form: mark === "::" ? "base64" : mark === ":<" ? "url" : "plain",
    text: line.text,
    start: line.start,
    valueStart: line.start + match[0].length,
    end: line.end,
  };
  if (attribute.form === "base64" && decodeBase64(source.slice(match[0].length)) === undefined) {
    report({ message: `the value of ${attribute.description} is not base64`, ...ldifValueAt(attribute) });
    return undefined;
  }
  return attribute;

  function fail(message: string): undefined {
    report({ message, ...locate(line.text, line.start, line.end) });
    return undefined;
  }
}

function readRecord(allLines: readonly Line[], first: boolean, report: Report): LdifRecord | undefined {
  let broken = false;
  const note: Report = (error) => {
    broken = true;
    report(error);
  };
  const lines = first && isVersion(allLines[0]) ? withoutVersion(allLines[0], allLines, note) : allLines;
  const head = lines[0];
  const last = lines.at(-1);
  if (head === undefined || last === undefined) return undefined;
  const where = span(head, last);
  const dn = readAttribute(head, note);
  if (dn === undefined) return undefined;
  if (dn.name !== "dn") {
    const message =
      dn.name === "include"
        ? "an include is not followed: lint that file itself"
        : 'a record starts with "dn:"';
    note({ message, ...ldifAttributeAt(dn) });
    return undefined;
  }
  const body = readBody(lines, note);
  const base = { dn: textOf(dn), ...where };
  const change = body.attributes[0]?.name === "changetype" ? body.attributes[0] : undefined;
  if (change === undefined) return { kind: "entry", ...base, attributes: body.attributes, broken };
  return readChange(base, change, body, note, () => broken);
}

interface Body {
  readonly attributes: readonly LdifAttribute[];
  /** How many attributes stand before each separator line. */
  readonly separators: readonly number[];
}

/** The lines below the name, without controls (RFC 2849, `control:`), and where the "-" lines stand. */
function readBody(lines: readonly Line[], note: Report): Body {
  const attributes: LdifAttribute[] = [];
  const separators: number[] = [];
  for (let index = 1; index < lines.length; index++) {
    const line = lines[index];
    if (line === undefined) continue;
    if (line.end - line.start === 1 && line.text.value.charAt(line.start) === "-") {
      separators.push(attributes.length);
      continue;
    }
    const attribute = readAttribute(line, note);
    if (attribute !== undefined && !(attribute.name === "control" && attributes.length === 0))
      attributes.push(attribute);
  }
  return { attributes, separators };
}

function readChange(
  base: { readonly dn: Text } & Located,
  change: LdifAttribute,
  body: Body,
  note: Report,
  isBroken: () => boolean,
): LdifRecord | undefined {
  const attributes = body.attributes.slice(1);
  const type = textOf(change).value.trim().toLowerCase();
  switch (type) {
    case "add":
      return { kind: "add", ...base, attributes, broken: isBroken() };
    case "delete":
      return { kind: "delete", ...base, broken: isBroken() };
    case "modify": {
      const changes = readModifications(attributes, body.separators, note);
      return { kind: "modify", ...base, changes, broken: isBroken() };
    }
    case "modrdn":
    case "moddn": {
      const named = (name: string): Text | undefined => {
        const found = attributes.find((attribute) => attribute.name === name);
        return found === undefined ? undefined : textOf(found);
      };
      if (named("newrdn") === undefined)
        note({ message: 'a rename needs a line "newrdn:"', ...ldifAttributeAt(change) });
      const deleteOldRdn = named("deleteoldrdn")?.value.trim() === "1";
      return {
        kind: "rename",
        ...base,
        newRdn: named("newrdn"),
        deleteOldRdn,
        newSuperior: named("newsuperior"),
        broken: isBroken(),
      };
    }
    default:
      note({
        message: "the change type is one of add, delete, modify, modrdn, moddn",
        ...ldifValueAt(change),
      });
      return undefined;
  }
}

const operations = ["add", "delete", "replace", "increment"] as const;

function readModifications(
  attributes: readonly LdifAttribute[],
  separators: readonly number[],
  note: Report,
): LdifChange[] {
  const changes: LdifChange[] = [];
  // The changetype line itself was counted before the separators.
  const ends = [...separators.map((count) => count - 1), attributes.length];
  let from = 0;
  for (const to of ends) {
    const head = attributes[from];
    if (head === undefined || from >= to) continue;
    const operation = operations.find((name) => name === head.name);
    const values = attributes.slice(from + 1, to);
    from = to;
    if (operation === undefined) {
      note({
        message: `"add:", "delete:" or "replace:" was expected, or a "-" is missing above`,
        ...ldifAttributeAt(head),
      });
      continue;
    }
    const name = baseName(textOf(head).value);
    for (const stray of values.filter((value) => value.name !== name)) {
      note({ message: `only ${name} may follow here; a "-" ends a change`, ...ldifAttributeAt(stray) });
    }
    const last = values.at(-1) ?? head;
    changes.push({
      operation,
      name,
      values: values.filter((value) => value.name === name),
      ...joined(ldifAttributeAt(head), ldifAttributeAt(last)),
    });
  }
  return changes;
}

function baseName(description: string): string {
  return (description.trim().split(";")[0] ?? "").toLowerCase();
}

function isVersion(line: Line | undefined): boolean {
  return (
    line !== undefined &&
    /^version[ \t]*:/i.test(line.text.value.slice(line.start, Math.min(line.end, line.start + 16)))
  );
}

function withoutVersion(line: Line | undefined, lines: readonly Line[], note: Report): readonly Line[] {
  const attribute = line === undefined ? undefined : readAttribute(line, note);
  if (attribute !== undefined && textOf(attribute).value.trim() !== "1") {
    note({ message: "only version 1 of LDIF exists", ...ldifValueAt(attribute) });
  }
  return lines.slice(1);
}

/** The text of an attribute that names something: a binary value there is no name. */
function textOf(attribute: LdifAttribute): Text {
  const value = ldifValue(attribute);
  if (value.kind === "text") return value.text;
  return value.kind === "url" ? value.url : textAt("", value.at);
}

function span(first: Line, last: Line): Located {
  return joined(locate(first.text, first.start, first.end), locate(last.text, last.start, last.end));
}

function joined(first: Located, last: Located): Located {
  if (first.at.file !== last.at.file) return first;
  return {
    ...first,
    at: { file: first.at.file, start: first.at.start, end: Math.max(first.at.end, last.at.end) },
  };
}

/** A slice that keeps its place even when it is empty. */
function valueSlice(text: Text, start: number, end: number): Text {
  return start < end ? slice(text, start, end) : textAt("", locate(text, start, start));
}

function decodeBase64(encoded: string): Uint8Array | undefined {
  const trimmed = encoded.trimEnd();
  if (trimmed.length % 4 !== 0 || /[^A-Za-z0-9+/]/.test(trimmed.replace(/={1,2}$/, ""))) return undefined;
  const binary = atob(trimmed);
  const bytes = new Uint8Array(binary.length);
  for (let index = 0; index < binary.length; index++) bytes[index] = binary.charCodeAt(index);
  return bytes;
}

function decodeUtf8(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

/** Longest decoded value whose characters are located one by one; a longer one is located as a whole. */
const fineLimit = 4096;

/** Decoded characters, each located at the base64 digits that hold it. */
function decodedText(value: string, byteLength: number, attribute: LdifAttribute): Text {
  if (value.length === 0 || value.length > fineLimit) return textAt(value, ldifValueAt(attribute));
  const parts: Text[] = [];
  let byte = 0;
  for (const character of value) {
    const next = byte + utf8Length(character);
    const from = attribute.valueStart + Math.floor((byte * 4) / 3);
    const to =
      attribute.valueStart +
      (next === byteLength ? attribute.end - attribute.valueStart : Math.ceil((next * 4) / 3));
    parts.push(textAt(character, locate(attribute.text, from, to)));
    byte = next;
  }
  return concat(parts);
}

function utf8Length(character: string): number {
  const code = character.codePointAt(0) ?? 0;
  return code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
}
