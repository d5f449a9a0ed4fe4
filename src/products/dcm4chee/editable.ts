/**
 * Where the settings of a device and of a realm are changed, by the paths of the rules (targets.ts), `realm.…` and
 * `client.…` for the realm or client of a finding, `olcAccess` for the rules of its directory.
 */
import type { Fact } from "../../facts/facts.ts";
import { type LdifAttribute, ldifAttributeAt, ldifValue } from "../../sources/ldif/attributes.ts";
import { member, type ObjectTree } from "../../sources/tree.ts";
import type { Command, SettingChange } from "../command.ts";
import type { CallerList, Editable } from "../product.ts";
import type { LineSpot, Spot, TreeSpot } from "../spot.ts";
import { accessCommands, deviceCommands, realmCommand } from "./commands.ts";
import type { Directory } from "./directory.ts";
import { type ConfigObject, hasClass } from "./model.ts";
import { auxiliaries, gateOf, type Role } from "./schema.ts";
import { targetsOf } from "./targets.ts";

/** What an archive's configuration consists of, for those who change it. */
export interface EditableParts {
  /** The device that runs, from a file or as the image loads it. */
  readonly device: ConfigObject | undefined;
  /** Realms that stand beside it. */
  readonly realms: readonly ObjectTree[];
  /** The root of the directory, where the device is not in a file. */
  readonly base?: string;
  /** The configuration of the directory itself. */
  readonly configuration: Directory | undefined;
  /** The AE titles that the site accepts. */
  readonly acceptedTitles?: readonly string[];
}

/** The layout of an archive's configuration. */
export function editableOf(parts: EditableParts): Editable {
  const { device, realms, configuration, base = "dc=dcm4che,dc=org" } = parts;
  return {
    spot: ([head = "", ...rest], fact) => {
      const [key = "", ...more] = rest;
      if (head === "realm") return more.length === 0 ? realmSpot(key, fact, realms) : undefined;
      if (head === "client") return more.length === 0 ? clientSpot(key, fact, realms) : undefined;
      if (device === undefined) return undefined;
      const [target, ...others] = targetsOf([head, ...rest], fact, device);
      return target === undefined || others.length > 0 ? undefined : spotOf(target.object, target.attribute);
    },
    lists: (name, fact) =>
      device === undefined ? [] : callerLists(name, fact, device, parts.acceptedTitles),
    commands: (path, change, fact) => {
      const [head = "", key = ""] = path;
      if (head === "olcAccess") return accessCommands(configuration, change, fact);
      if (head === "realm" || head === "client") return realmCommands(key, change, fact, realms);
      return device === undefined ? [] : deviceCommands(targetsOf(path, fact, device), change, device, base);
    },
  };
}

/** Those of the entities, or HL7 applications, behind the finding's socket; none where one of them has no file. */
function callerLists(
  name: string,
  fact: Fact,
  device: ConfigObject,
  acceptedTitles: readonly string[] = [],
): readonly CallerList[] {
  const isHl7 = fact.kind === "entry" && fact.protocol === "hl7";
  const targets = targetsOf([isHl7 ? "hl7" : "entity", name], fact, device);
  const lists = targets.flatMap(({ object, attribute }): readonly CallerList[] => {
    const spot = spotOf(object, attribute);
    const names = isHl7 ? [] : acceptedTitles;
    return spot === undefined
      ? []
      : [{ spot, owner: object.name, names, nobody: isHl7 ? noSender : noTitle }];
  });
  return lists.length < targets.length ? [] : lists;
}

/** A title has sixteen characters at most (DICOM PS3.5, table 6.2-1). */
function noTitle(text: string): string {
  return `NOBODY-${text.slice(0, 8)}`;
}

/** A sender is an application and a facility. */
function noSender(text: string): string {
  return `NOBODY|${text.slice(0, 8)}`;
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
  const found = realms.map((realm) => clientIn(realm, fact)).find((client) => client !== undefined);
  return found === undefined ? undefined : keySpot(found, key);
}

/** The client of a realm that a fact is about. */
function clientIn(realm: ObjectTree, fact: Fact): ObjectTree | undefined {
  const list = member(realm, "clients")?.value;
  const clients = list?.kind === "array" ? list.items : [];
  const found = clients.find((client) => client.kind === "object" && isNamed(client, "clientId", fact));
  return found?.kind === "object" ? found : undefined;
}

/** The same for a realm that runs, which no file changes any more; its stock name where no file has it. */
function realmCommands(
  key: string,
  change: SettingChange,
  fact: Fact,
  realms: readonly ObjectTree[],
): readonly Command[] {
  if (fact.kind === "realm" && typeof fact.name === "string")
    return realmCommand(fact.name, undefined, key, change);
  if (fact.kind !== "client" || typeof fact.clientId !== "string") return [];
  const owner = realms.find((realm) => clientIn(realm, fact) !== undefined);
  const name = owner === undefined ? undefined : member(owner, "realm")?.value;
  const realm = name?.kind === "string" && !name.text.value.includes("${") ? name.text.value : "dcm4che";
  return realmCommand(realm, fact.clientId, key, change);
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
