/**
 * The LDIF reader (RFC 2849, with what OpenLDAP's tools add): contents and changes, folding, base64, positions through
 * both. A broken record is told and marked, the rest is still read. One pass; values are made only when asked for, so
 * that the export of a large hospital costs little more than its own size.
 */
import { type Located, locate, type Text } from "../../text/text.ts";
import {
  type LdifAttribute,
  type LdifError,
  ldifAttributeAt,
  ldifValueAt,
  type Report,
  readAttribute,
  textOf,
} from "./attributes.ts";
import { isOperation, joined, type LdifChange, readModifications } from "./changes.ts";
import { type Line, logicalLines } from "./lines.ts";

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

/** Changes to attributes of an entry. */
export interface LdifModify extends RecordBase {
  readonly kind: "modify";
  readonly changes: readonly LdifChange[];
}

/** An entry that goes away. */
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

/** A file that was read, as far as it could be. */
export interface LdifResult {
  readonly records: readonly LdifRecord[];
  readonly errors: readonly LdifError[];
}

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
  // Without a change type ldapmodify takes a record for changes; no attribute is called "add".
  if (isOperation(body.attributes[0]?.name)) {
    const separators = body.separators.map((count) => count + 1);
    return { kind: "modify", ...base, changes: readModifications(body.attributes, separators, note), broken };
  }
  if (change === undefined) return { kind: "entry", ...base, attributes: body.attributes, broken };
  return readChange(base, change, body, note, () => broken);
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

function span(first: Line, last: Line): Located {
  return joined(locate(first.text, first.start, first.end), locate(last.text, last.start, last.end));
}
