/**
 * The directory that LDIF files make: contents first, then changes in their order, as an administrator applies them.
 * A change to an entry that no file holds makes an incomplete entry: what it sets is known, what it lacks is not.
 */
import {
  type LdifAttribute,
  type LdifError,
  ldifAttributeAt,
  ldifValue,
} from "../../sources/ldif/attributes.ts";
import type { LdifChange } from "../../sources/ldif/changes.ts";
import { type LdifEntry, type LdifRecord, ldifRecords } from "../../sources/ldif/records.ts";
import type { Located, Text } from "../../text/text.ts";
import { dnKey, firstRdn, parentKey } from "./dn.ts";

/** An entry after all changes. */
export interface DirectoryEntry {
  readonly dn: string;
  /** See {@link dnKey}. */
  readonly key: string;
  /** The record that made it, or the first change where no file holds the entry itself. */
  readonly at: Located;
  readonly attributes: readonly LdifAttribute[];
  /** False when only changes to it are known. */
  readonly complete: boolean;
  /** Attributes that a change took away, lower case, with the place of the change. */
  readonly removed: ReadonlyMap<string, Located>;
}

/** The entries by key, with what is below each. */
export interface Directory {
  readonly entries: ReadonlyMap<string, DirectoryEntry>;
  readonly children: ReadonlyMap<string, readonly string[]>;
  /** Not LDIF. */
  readonly errors: readonly LdifError[];
  /** LDIF that a server would refuse. */
  readonly conflicts: readonly DirectoryConflict[];
}

/** A record that cannot be applied to what is there. */
export interface DirectoryConflict extends Located {
  readonly message: string;
}

/** Lists and maps are replaced, never changed: most entries are never touched again, and share what is empty. */
interface MutableEntry extends DirectoryEntry {
  attributes: readonly LdifAttribute[];
  removed: ReadonlyMap<string, Located>;
}

const nothingRemoved: ReadonlyMap<string, Located> = new Map();

interface Builder {
  readonly entries: Map<string, MutableEntry>;
  readonly conflicts: DirectoryConflict[];
}

/** Builds the directory of some files. */
export function readDirectory(texts: readonly Text[]): Directory {
  const errors: LdifError[] = [];
  const changes: LdifRecord[] = [];
  const builder: Builder = { entries: new Map(), conflicts: [] };
  for (const text of texts) {
    for (const record of ldifRecords(text, (error) => errors.push(error))) {
      if (record.kind === "entry") addEntry(builder, record);
      else changes.push(record);
    }
  }
  for (const change of changes) applyChange(builder, change);
  return {
    entries: builder.entries,
    children: childrenOf(builder.entries),
    errors,
    conflicts: builder.conflicts,
  };
}

/** The entries directly below another, in file order. */
export function entriesBelow(directory: Directory, key: string): readonly DirectoryEntry[] {
  return (directory.children.get(key) ?? []).flatMap((child) => directory.entries.get(child) ?? []);
}

/** The text values of an attribute of an entry. A plain loop: it is asked of every entry of a large directory. */
export function entryValues(entry: DirectoryEntry, name: string): readonly Text[] {
  const values: Text[] = [];
  for (const attribute of entry.attributes) {
    if (attribute.name !== name) continue;
    const value = ldifValue(attribute);
    if (value.kind === "text") values.push(value.text);
  }
  return values;
}

/** The object classes of an entry, in lower case. */
export function objectClasses(entry: DirectoryEntry): ReadonlySet<string> {
  return new Set(entryValues(entry, "objectclass").map((text) => text.value.toLowerCase()));
}

/** Whether an entry has an object class, given in lower case; without making the whole set. */
export function hasObjectClass(entry: DirectoryEntry, name: string): boolean {
  return entry.attributes.some((attribute) => {
    if (attribute.name !== "objectclass") return false;
    if (attribute.form === "plain" && attribute.end - attribute.valueStart !== name.length) return false;
    const value = ldifValue(attribute);
    return value.kind === "text" && value.text.value.toLowerCase() === name;
  });
}

function addEntry(builder: Builder, record: LdifEntry): void {
  const key = dnKey(record.dn.value);
  const existing = builder.entries.get(key);
  if (existing?.complete === true) {
    const message = `there is already an entry ${record.dn.value}: a server refuses the second one`;
    conflict(builder, message, existing.at, record);
    return;
  }
  const { dn, at, via, attributes } = record;
  const where: Located = via === undefined ? { at } : { at, via };
  builder.entries.set(key, {
    dn: dn.value,
    key,
    at: where,
    attributes,
    complete: true,
    removed: nothingRemoved,
  });
}

/** Only within one file: files beside each other are often alternatives, or steps of which some were done before. */
function conflict(builder: Builder, message: string, first: Located, second: Located): void {
  if (first.at.file === second.at.file) builder.conflicts.push({ message, at: second.at });
}

function applyChange(builder: Builder, record: LdifRecord): void {
  const key = dnKey(record.dn.value);
  switch (record.kind) {
    case "entry":
    case "add":
      addEntry(builder, record);
      return;
    case "delete":
      builder.entries.delete(key);
      return;
    case "rename":
      if (record.newRdn !== undefined) rename(builder, key, record.newRdn.value, record.newSuperior?.value);
      return;
    case "modify": {
      const entry = builder.entries.get(key) ?? incomplete(record, key);
      builder.entries.set(key, entry);
      for (const change of record.changes) modify(builder, entry, change);
      return;
    }
  }
}

function incomplete(record: LdifRecord, key: string): MutableEntry {
  return {
    dn: record.dn.value,
    key,
    at: { at: record.at },
    attributes: [],
    complete: false,
    removed: nothingRemoved,
  };
}

function modify(builder: Builder, entry: MutableEntry, change: LdifChange): void {
  const { operation, name, values } = change;
  const where: Located = { at: change.at };
  if (operation === "increment") return;
  if (operation === "add") {
    const known = new Map(
      entry.attributes.flatMap((attribute) =>
        attribute.name === name ? [[textOf(attribute), attribute] as const] : [],
      ),
    );
    const doubled = values.flatMap((value) => known.get(textOf(value)) ?? [])[0];
    if (doubled !== undefined)
      conflict(
        builder,
        `${name} has this value already: a server refuses the change`,
        ldifAttributeAt(doubled),
        change,
      );
    entry.attributes = [...entry.attributes, ...values.filter((value) => !known.has(textOf(value)))];
    entry.removed = new Map([...entry.removed].filter(([gone]) => gone !== name));
    return;
  }
  if (operation === "delete" && values.length > 0) {
    const gone = new Set(values.map(textOf));
    const before = entry.attributes.length;
    entry.attributes = entry.attributes.filter(
      (attribute) => attribute.name !== name || !gone.has(textOf(attribute)),
    );
    if (entry.complete && entry.attributes.length === before) {
      conflict(builder, `${name} has no such value: a server refuses the change`, entry.at, change);
    }
  } else {
    entry.attributes = [...entry.attributes.filter((attribute) => attribute.name !== name), ...values];
  }
  if (!entry.attributes.some((attribute) => attribute.name === name))
    entry.removed = new Map([...entry.removed, [name, where]]);
}

function textOf(attribute: LdifAttribute): string {
  const value = ldifValue(attribute);
  return value.kind === "text"
    ? value.text.value
    : attribute.text.value.slice(attribute.valueStart, attribute.end);
}

function rename(builder: Builder, key: string, newRdn: string, newSuperior: string | undefined): void {
  const above = newSuperior === undefined ? parentKey(key) : dnKey(newSuperior);
  const renamed = `${dnKey(newRdn)},${above}`;
  for (const [oldKey, entry] of [...builder.entries]) {
    if (oldKey !== key && !oldKey.endsWith(`,${key}`)) continue;
    builder.entries.delete(oldKey);
    const newKey = oldKey === key ? renamed : oldKey.slice(0, -key.length) + renamed;
    const dn =
      oldKey === key ? `${newRdn},${newSuperior ?? entry.dn.slice(entry.dn.indexOf(",") + 1)}` : newKey;
    builder.entries.set(newKey, { ...entry, key: newKey, dn });
  }
}

function childrenOf(entries: ReadonlyMap<string, DirectoryEntry>): ReadonlyMap<string, readonly string[]> {
  const index = new Map<string, string[]>();
  for (const key of entries.keys()) {
    const parent = parentKey(key);
    const siblings = index.get(parent);
    if (siblings === undefined) index.set(parent, [key]);
    else siblings.push(key);
  }
  return index;
}

/** The value that names an entry: its own attribute where it has one, else the first part of its DN. */
export function entryName(entry: DirectoryEntry): string {
  const { type, value } = firstRdn(entry.dn);
  return entryValues(entry, type)[0]?.value ?? value;
}
