/**
 * What a path of a rule names in a device: an option's own path ("dcmOverwritePolicy", "ARCHIVE.dcmOverwritePolicy",
 * "connection.dicom.dcmAARQTimeout", "dcmStorage.fs1.dcmReadOnly"), and by the fact of a finding `socket.…` for the
 * connection, `entity.…` for the application entities behind it `hl7.…` for its HL7 applications, `logger.…` for the audit
 * loggers.
 */
import type { Fact } from "../../facts/facts.ts";
import { connectionsOf } from "./connections.ts";
import { entitiesOf } from "./entities.ts";
import { hl7ApplicationsOf } from "./hl7.ts";
import { type ConfigObject, partsOf } from "./model.ts";
import type { Role } from "./schema.ts";
import { listSetting } from "./settings.ts";

/** An attribute of an object, there or not. */
export interface Target {
  readonly object: ConfigObject;
  readonly attribute: string;
}

/** The words that option paths begin with, by what they name. */
const roles: Readonly<Record<string, Role>> = {
  connection: "connection",
  dcmStorage: "storage",
  dcmExporter: "exporter",
  keycloakClient: "keycloakClient",
};

/** The attributes that a path names: one, several for `entity.…` and `hl7.…`, or none. */
export function targetsOf(given: readonly string[], fact: Fact, device: ConfigObject): readonly Target[] {
  const titled = /^(\w+) (.*): (\w+)$/.exec(given.join("."));
  if (titled !== null) return at(named(titled[1] ?? "", titled[2] ?? "", device), titled[3] ?? "");
  // What is worked out from a setting is changed with it: "dcmStoragePathFormat.escapes".
  const path = given.at(-1) === "escapes" ? given.slice(0, -1) : given;
  const attribute = path.at(-1) ?? "";
  const [head = "", ...names] = path.slice(0, -1);
  switch (head) {
    case "":
      return [{ object: device, attribute }];
    case "socket":
      return at(socketOf(fact, device), attribute);
    case "entity":
      return openEntities(fact, attribute, device).map((object) => ({ object, attribute }));
    case "logger":
      return partsOf(device, "auditLogger").map((object) => ({ object, attribute }));
    case "hl7":
      return openApplications(fact, attribute, device).map((object) => ({ object, attribute }));
  }
  const role = Object.hasOwn(roles, head) ? roles[head] : undefined;
  const [wanted, name] = role === undefined ? (["ae", head] as const) : [role, names.join(".")];
  return at(
    partsOf(device, wanted).find((part) => part.name === name),
    attribute,
  );
}

function at(object: ConfigObject | undefined, attribute: string): readonly Target[] {
  return object === undefined ? [] : [{ object, attribute }];
}

/** "ae ARCHIVE: dcmDescription", as settings without effect are named. */
function named(role: string, name: string, device: ConfigObject): ConfigObject | undefined {
  const pending = [device];
  for (let object = pending.pop(); object !== undefined; object = pending.pop()) {
    if (object.role === role && object.name === name) return object;
    pending.push(...object.children);
  }
  return undefined;
}

/** The connection whose socket a listener or entry stands for. */
function socketOf(fact: Fact, device: ConfigObject): ConfigObject | undefined {
  if (fact.kind !== "entry" && fact.kind !== "listener") return undefined;
  if (fact.protocol !== "dicom" && fact.protocol !== "hl7") return undefined;
  const id = fact.kind === "entry" ? fact.listener : fact.id;
  return partsOf(device, "connection").find(({ name }) => id.endsWith(`/${name}`));
}

/** The entities that a finding names, or those behind its socket that have no such list yet. */
function openEntities(fact: Fact, attribute: string, device: ConfigObject): readonly ConfigObject[] {
  const entities = entitiesOf(device);
  if (fact.kind === "option") {
    const titles = new Set<unknown>(Array.isArray(fact.value) ? fact.value : []);
    return entities.filter(({ title }) => titles.has(title)).map(({ object }) => object);
  }
  const socket = socketOf(fact, device);
  return entities
    .filter(
      ({ accepts, references }) =>
        accepts !== false && references.connections.some(({ object }) => object === socket),
    )
    .map(({ object }) => object)
    .filter((object) => isEmpty(object, attribute));
}

function openApplications(fact: Fact, attribute: string, device: ConfigObject): readonly ConfigObject[] {
  const socket = socketOf(fact, device);
  return hl7ApplicationsOf(device, connectionsOf(device))
    .filter(({ references }) => references.connections.some(({ object }) => object === socket))
    .map(({ object }) => object)
    .filter((object) => isEmpty(object, attribute));
}

function isEmpty(object: ConfigObject, attribute: string): boolean {
  const list = listSetting(object, attribute).value;
  return Array.isArray(list) && list.length === 0;
}
