/** Reads devices from LDAP entries as LdapDicomConfiguration and LdapArchiveConfiguration do (5.35.0). */
import {
  type LdifAttribute,
  ldifAttributeAt,
  ldifValue,
  ldifValueAt,
} from "../../sources/ldif/attributes.ts";
import { type Text, textAt } from "../../text/text.ts";
import {
  type Directory,
  type DirectoryEntry,
  entriesBelow,
  entryName,
  hasObjectClass,
  objectClasses,
  readDirectory,
} from "./directory.ts";
import { dnKey } from "./dn.ts";
import {
  type ConfigAttribute,
  type ConfigObject,
  type ConfigValue,
  type DevicesRead,
  splitAttributes,
} from "./model.ts";
import { auxiliaries, gateOf, type Role, roleOf } from "./schema.ts";

/** Reads the devices of some LDIF files together: bases, and changes to them. */
export function readDevicesLdif(texts: readonly Text[]): DevicesRead & { readonly directory: Directory } {
  const directory = readDirectory(texts);
  const problems = [
    ...directory.errors.map((error) => ({ kind: "syntax" as const, ...error })),
    ...directory.conflicts.map((conflict) => ({ kind: "refused" as const, ...conflict })),
  ];
  return {
    directory,
    devices: deviceEntries(directory).map((entry) => readObject(directory, entry, mayBeArchive(entry))),
    problems,
  };
}

/** The entries that are devices; a stand-in where only parts of a device are in the files. */
function deviceEntries(directory: Directory): readonly DirectoryEntry[] {
  const devices = new Map<string, DirectoryEntry>();
  const orphans = new Map<string, DirectoryEntry>();
  for (const entry of directory.entries.values()) {
    if (entry.key.startsWith("dicomdevicename=")) devices.set(entry.key, entry);
    const start = entry.key.indexOf(",dicomdevicename=");
    if (start < 0) continue;
    const key = entry.key.slice(start + 1);
    if (!orphans.has(key)) orphans.set(key, standIn(key, entry));
  }
  return [...new Map([...orphans, ...devices]).values()];
}

function mayBeArchive(entry: DirectoryEntry): boolean {
  return !entry.complete || hasObjectClass(entry, "dcmarchivedevice");
}

/** Stands for a device entry that is in none of the files. */
function standIn(key: string, part: DirectoryEntry): DirectoryEntry {
  return { dn: key, key, at: part.at, attributes: [], complete: false, removed: new Map() };
}

/** Reads an entry with everything below it; the services of other devices' entities are of no use here and cost much. */
function readObject(directory: Directory, entry: DirectoryEntry, archive: boolean): ConfigObject {
  const classes = objectClasses(entry);
  const { role, className } = identify(entry, classes);
  const attributes = grouped(entry.attributes);
  return {
    role,
    className,
    name: entryName(entry),
    at: entry.at,
    form: "ldif",
    classes,
    ...splitAttributes(attributes, (name) => missingClass(role, name, classes, entry.complete)),
    removed: entry.removed,
    children: entriesBelow(directory, entry.key)
      .filter((child) => archive || !hasObjectClass(child, "dicomtransfercapability"))
      .map((child) => readObject(directory, child, archive)),
    complete: entry.complete,
    reference: dnKey(entry.dn),
    dn: entry.dn,
    ...(entry.complete ? { source: { kind: "ldif", lines: entry.attributes } as const } : {}),
  };
}

function identify(
  entry: DirectoryEntry,
  classes: ReadonlySet<string>,
): { readonly role: Role; readonly className: string } {
  for (const className of classes) {
    const role = roleOf(className);
    if (role !== undefined) return { role, className };
  }
  const written = [...classes].find((name) => name !== "top" && !isAuxiliaryClass(name));
  return { role: entry.complete ? "other" : roleByName(entry), className: written ?? "" };
}

/** An entry that is only changed shows no class: its name tells what it is. */
function roleByName(entry: DirectoryEntry): Role {
  if (entry.key.startsWith("dicomdevicename=")) return "device";
  if (entry.key.startsWith("dicomaetitle=")) return "ae";
  if (entry.key.startsWith("dcmwebappname=")) return "webApp";
  if (entry.key.startsWith("hl7applicationname=")) return "hl7Application";
  if (entry.key.startsWith("dcmkeycloakclientid=")) return "keycloakClient";
  const names = new Set(entry.attributes.map((attribute) => attribute.name));
  return names.has("dicomport") ||
    names.has("dcmbindaddress") ||
    names.has("dicomtlsciphersuite") ||
    names.has("dicomhostname")
    ? "connection"
    : "other";
}

function isAuxiliaryClass(name: string): boolean {
  return Object.values(auxiliaries).some((list) =>
    list?.some((auxiliary) => auxiliary.name.toLowerCase() === name),
  );
}

/**
 * The class without which the loader skips the attribute (hasObjectClass in LdapDicomConfiguration.java:1470-1626).
 * An entry of which only changes are known may well have it.
 */
function missingClass(
  role: Role,
  name: string,
  classes: ReadonlySet<string>,
  complete: boolean,
): string | undefined {
  if (!complete) return undefined;
  const gate = gateOf(role, name);
  if (gate === undefined) return undefined;
  if (!classes.has(gate.name.toLowerCase())) return gate.name;
  return gate.inside !== null && !classes.has(gate.inside.toLowerCase()) ? gate.inside : undefined;
}

/** Lines of one name together; options such as `;binary` do not make another attribute. */
function grouped(lines: readonly LdifAttribute[]): readonly ConfigAttribute[] {
  const groups = new Map<string, { readonly first: LdifAttribute; readonly values: ConfigValue[] }>();
  for (const line of lines) {
    const group = groups.get(line.name) ?? { first: line, values: [] };
    groups.set(line.name, group);
    group.values.push({ text: textOf(line), at: ldifValueAt(line) });
  }
  return [...groups.values()].map(({ first, values }) => ({
    name: first.description.split(";")[0] ?? first.description,
    at: ldifAttributeAt(first),
    values,
  }));
}

function textOf(line: LdifAttribute): Text {
  const value = ldifValue(line);
  if (value.kind === "text") return value.text;
  return value.kind === "url" ? value.url : textAt("", value.at);
}
