/**
 * Where the settings of a device and of a realm are changed, by the paths of the rules: an option's own path
 * ("dcmOverwritePolicy", "ARCHIVE.dcmOverwritePolicy", "connection.dicom.dcmAARQTimeout", "dcmStorage.fs1.dcmReadOnly"),
 * `socket.…` for the connection that an entry is about, `realm.…` and `client.…` for the realm or client of a finding.
 */
import type { Fact } from "../../facts/facts.ts";
import { type LdifAttribute, ldifAttributeAt, ldifValue } from "../../sources/ldif.ts";
import { member, type ObjectTree } from "../../sources/tree.ts";
import type { Editable } from "../product.ts";
import type { LineSpot, Spot, TreeSpot } from "../spot.ts";
import { type ConfigObject, hasClass, partsOf } from "./model.ts";
import { auxiliaries, gateOf, type Role } from "./schema.ts";

/** The layout of an archive's configuration: its device, and realms that stand beside it. */
export function editableOf(device: ConfigObject | undefined, realms: readonly ObjectTree[]): Editable {
  return {
    spot: ([head = "", ...rest], fact) => {
      const [key = "", ...more] = rest;
      if (head === "realm") return more.length === 0 ? realmSpot(key, fact, realms) : undefined;
      if (head === "client") return more.length === 0 ? clientSpot(key, fact, realms) : undefined;
      if (device === undefined) return undefined;
      return deviceSpot([head, ...rest], fact, device);
    },
  };
}

/** The words that option paths begin with, by what they name. */
const roles: Readonly<Record<string, Role>> = {
  connection: "connection",
  dcmStorage: "storage",
  dcmExporter: "exporter",
  keycloakClient: "keycloakClient",
};

function deviceSpot(given: readonly string[], fact: Fact, device: ConfigObject): Spot | undefined {
  const titled = /^(\w+) (.*): (\w+)$/.exec(given.join("."));
  if (titled !== null) return titledSpot(titled[1] ?? "", titled[2] ?? "", titled[3] ?? "", device);
  // What is worked out from a setting is changed with it: "dcmStoragePathFormat.escapes".
  const path = given.at(-1) === "escapes" ? given.slice(0, -1) : given;
  const attribute = path.at(-1) ?? "";
  const [head = "", ...names] = path.slice(0, -1);
  if (head === "") return spotOf(device, attribute);
  if (head === "socket") return onSocket(attribute, fact, device);
  const role = Object.hasOwn(roles, head) ? roles[head] : undefined;
  const [wanted, name] = role === undefined ? (["ae", head] as const) : [role, names.join(".")];
  const object = partsOf(device, wanted).find((part) => part.name === name);
  return object === undefined ? undefined : spotOf(object, attribute);
}

/** "ae ARCHIVE: dcmDescription", as settings without effect are named. */
function titledSpot(role: string, name: string, attribute: string, device: ConfigObject): Spot | undefined {
  const pending = [device];
  for (let object = pending.pop(); object !== undefined; object = pending.pop()) {
    if (object.role === role && object.name === name) return spotOf(object, attribute);
    pending.push(...object.children);
  }
  return undefined;
}

/** The connection whose socket a listener or entry stands for. */
function onSocket(attribute: string, fact: Fact, device: ConfigObject): Spot | undefined {
  if (fact.kind !== "entry" && fact.kind !== "listener") return undefined;
  if (fact.protocol !== "dicom" && fact.protocol !== "hl7") return undefined;
  const id = fact.kind === "entry" ? fact.listener : fact.id;
  const object = partsOf(device, "connection").find(({ name }) => id.endsWith(`/${name}`));
  return object === undefined ? undefined : spotOf(object, attribute);
}

/** Where an attribute stands, or would stand; undefined where it would not be read there. */
function spotOf(object: ConfigObject, name: string): Spot | undefined {
  const { source } = object;
  if (source === undefined || !isGateOpen(object, name)) return undefined;
  return source.kind === "ldif"
    ? lineSpot(object, source.lines, name)
    : treeSpot(object.role, source.tree, name);
}

/** In LDAP an attribute needs its auxiliary class; JSON nests it, and the nest is written along. */
function isGateOpen(object: ConfigObject, name: string): boolean {
  const gate = gateOf(object.role, name.toLowerCase());
  if (object.form === "json" || gate === undefined) return true;
  return hasClass(object, gate.name) && (gate.inside === null || hasClass(object, gate.inside));
}

/** Only lines of the entry's own record: what a later change says has a syntax of its own. */
function lineSpot(object: ConfigObject, entry: readonly LdifAttribute[], name: string): LineSpot | undefined {
  const own = entry.filter((line) => line.name === name.toLowerCase());
  const lines = own.map((line) => ({ at: ldifAttributeAt(line).at, value: textOfLine(line) }));
  const record = object.at.at;
  const inside = lines.every(
    ({ at }) => at.file === record.file && at.start >= record.start && at.end <= record.end,
  );
  if (!inside || own.some(({ form }) => form === "url")) return undefined;
  const last = lines.at(-1)?.at ?? record;
  return { kind: "line", format: "ldif", name: own[0]?.description ?? name, lines, after: last };
}

function textOfLine(line: LdifAttribute): string {
  const value = ldifValue(line);
  return value.kind === "text" ? value.text.value : "";
}

function treeSpot(role: Role, tree: ObjectTree, name: string): TreeSpot {
  const gate = gateOf(role, name.toLowerCase());
  const nest = nestOf(role, gate?.name ?? "");
  let object = tree;
  for (const [index, key] of nest.entries()) {
    const inner = member(object, key)?.value;
    if (inner?.kind !== "object") return { kind: "json", object, path: [...nest.slice(index), name] };
    object = inner;
  }
  const found = member(object, name);
  return { kind: "json", object, path: [name], ...(found === undefined ? {} : { member: found }) };
}

/** The nested objects on the way to an auxiliary class. */
function nestOf(role: Role, className: string): readonly string[] {
  const found = auxiliaries[role]?.find(({ name }) => name === className);
  if (found === undefined || className === "") return [];
  return [...(found.inside === null ? [] : [found.inside]), className];
}

function realmSpot(key: string, fact: Fact, realms: readonly ObjectTree[]): TreeSpot | undefined {
  const found = realms.length === 1 ? realms[0] : realms.find((realm) => isNamed(realm, "realm", fact));
  return found === undefined ? undefined : keySpot(found, key);
}

function clientSpot(key: string, fact: Fact, realms: readonly ObjectTree[]): TreeSpot | undefined {
  const clients = realms.flatMap((realm) => {
    const list = member(realm, "clients")?.value;
    return list?.kind === "array" ? list.items : [];
  });
  const found = clients.find((client) => client.kind === "object" && isNamed(client, "clientId", fact));
  return found?.kind === "object" ? keySpot(found, key) : undefined;
}

/** Whether a fact is about this realm or client; a name that comes from a variable is compared by its place. */
function isNamed(object: ObjectTree, key: string, fact: Fact): boolean {
  const value = member(object, key)?.value;
  return (fact.origins[""] ?? []).some(
    (origin) =>
      origin.kind === "place" && origin.at.start === value?.at.start && origin.at.file === value.at.file,
  );
}

function keySpot(object: ObjectTree, key: string): TreeSpot {
  const found = member(object, key);
  return { kind: "json", object, path: [key], ...(found === undefined ? {} : { member: found }) };
}
