/**
 * Changes as an administrator makes them on servers that run: records for ldapmodify (RFC 2849), parts of a device in JSON,
 * and kcadm.sh for a realm (server_admin of Keycloak 25, "Admin CLI"). Nothing is run here.
 */
import type { Fact } from "../../facts/facts.ts";
import type { Json } from "../../facts/json.ts";
import { isUnknown } from "../../facts/unknown.ts";
import { ldifLine, ldifScalar } from "../../sources/ldif/write.ts";
import type { Command, SettingChange } from "../command.ts";
import { type Directory, entryValues } from "./directory.ts";
import { type ConfigObject, hasClass } from "./model.ts";
import { auxiliaries, gateOf, type Role } from "./schema.ts";
import type { Target } from "./targets.ts";

/** The change for each object: one record an entry, or the members of a JSON object. */
export function deviceCommands(
  targets: readonly Target[],
  change: SettingChange,
  device: ConfigObject,
  base: string,
): readonly Command[] {
  return targets.flatMap((target): readonly Command[] => {
    const { object, attribute } = target;
    if (object.source?.kind === "json") {
      const text = jsonText(target, change);
      return text === undefined ? [] : [{ tool: "json", into: titleOf(object), text }];
    }
    const lines = recordLines(target, change);
    if (lines.length === 0) return [];
    const dn = object.dn ?? stockDn(object, device, base);
    return [
      {
        tool: "ldapmodify",
        reload: true,
        into: object.name,
        text: ldifRecord(dn, [...classLines(object, attribute), ...lines]),
      },
    ];
  });
}

/** A record that changes one entry; lines of several changes are set apart by "-". */
function ldifRecord(dn: string, changes: readonly (readonly string[])[]): string {
  const parts = changes.map((lines) => lines.join("\n")).join("\n-\n");
  return `${ldifLine("dn", dn)}\nchangetype: modify\n${parts}`;
}

/** The lines of a change; what is not there is not taken away. */
function recordLines({ object, attribute }: Target, change: SettingChange): readonly (readonly string[])[] {
  const nothing = change.type === "remove" && !object.attributes.has(attribute.toLowerCase());
  return nothing ? [] : changeLines(attribute, change);
}

/** What is set replaces all values. */
function changeLines(attribute: string, change: SettingChange): readonly (readonly string[])[] {
  switch (change.type) {
    case "set":
      return [[`replace: ${attribute}`, ...valuesOf(change.to).map((value) => ldifLine(attribute, value))]];
    case "add-item":
      return [[`add: ${attribute}`, ldifLine(attribute, ldifScalar(change.value))]];
    case "remove":
      return [[`delete: ${attribute}`]];
  }
}

function valuesOf(to: Json): readonly string[] {
  return Array.isArray(to) ? to.map((value: Json) => ldifScalar(value)) : [ldifScalar(to as Json)];
}

/** A directory takes an attribute only with the auxiliary class that allows it. */
function classLines(object: ConfigObject, attribute: string): readonly (readonly string[])[] {
  const gate = gateOf(object.role, attribute.toLowerCase());
  if (gate === undefined || !object.complete) return [];
  const missing = [...(gate.inside === null ? [] : [gate.inside]), gate.name].filter(
    (name) => !hasClass(object, name),
  );
  return missing.length === 0
    ? []
    : [["add: objectClass", ...missing.map((name) => ldifLine("objectClass", name))]];
}

/** What the names of entries begin with (LdapDicomConfiguration.java, LdapHL7Configuration.java, 5.35.0). */
const nameTypes: Readonly<Partial<Record<Role, string>>> = {
  device: "dicomDeviceName",
  connection: "cn",
  ae: "dicomAETitle",
  hl7Application: "hl7ApplicationName",
  auditLogger: "cn",
  webApp: "dcmWebAppName",
  keycloakClient: "dcmKeycloakClientID",
  storage: "dcmStorageID",
  exporter: "dcmExporterID",
};

/** The name of an entry that the image loads. */
function stockDn(object: ConfigObject, device: ConfigObject, base: string): string {
  const own = `${nameTypes[object.role] ?? "cn"}=${object.name}`;
  const below = object === device ? "" : `,dicomDeviceName=${device.name}`;
  return `${own}${below},cn=Devices,cn=DICOM Configuration,${base}`;
}

function titleOf(object: ConfigObject): string {
  return object.role === "device" ? `the device ${object.name}` : `${object.className} ${object.name}`;
}

/** The members, nested as the class of the attribute asks for. */
function jsonText({ object, attribute }: Target, change: SettingChange): string | undefined {
  const value = jsonValue(change);
  if (value === undefined) return undefined;
  const gate = gateOf(object.role, attribute.toLowerCase());
  const nest = auxiliaries[object.role]?.some(({ name }) => name === gate?.name)
    ? [...(gate?.inside == null ? [] : [gate.inside]), gate?.name ?? ""]
    : [];
  const inner = `${JSON.stringify(attribute)}: ${spaced(value)}`;
  return nest.reduceRight((text, name) => `${JSON.stringify(name)}: { ${text} }`, inner);
}

function jsonValue(change: SettingChange): Json | undefined {
  if (change.type === "set") return change.to;
  return change.type === "add-item" ? [change.value] : undefined;
}

function spaced(value: Json): string {
  return Array.isArray(value)
    ? `[${value.map((item: Json) => JSON.stringify(item)).join(", ")}]`
    : JSON.stringify(value);
}

/** The change of a realm, or of one of its clients. */
export function realmCommand(
  realm: string,
  client: string | undefined,
  key: string,
  change: SettingChange,
): readonly Command[] {
  const value = jsonValue(change);
  if (value === undefined) return [];
  const setting = `-s ${shellWord(`${key}=${typeof value === "string" ? value : JSON.stringify(value)}`)}`;
  if (client === undefined)
    return [{ tool: "kcadm.sh", text: `kcadm.sh update ${shellWord(`realms/${realm}`)} ${setting}` }];
  const query = `kcadm.sh get clients -r ${shellWord(realm)} -q ${shellWord(`clientId=${client}`)} --fields id --format csv --noquotes`;
  return [
    { tool: "kcadm.sh", text: `kcadm.sh update clients/$(${query}) -r ${shellWord(realm)} ${setting}` },
  ];
}

/** A word of the shell, in quotes where it needs them. */
function shellWord(text: string): string {
  return /^[\w@%+=:,./-]+$/u.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}

/** The database of the image slapd-dcm4chee (dcm4che-dockerfiles/slapd slapadd.sh). */
const stockDatabase = "olcDatabase={1}mdb,cn=config";

/** The change of access rules, for the database that a finding is about. */
export function accessCommands(
  configuration: Directory | undefined,
  change: SettingChange,
  fact: Fact,
): readonly Command[] {
  const databases = [...(configuration?.entries.values() ?? [])].filter((entry) =>
    entryValues(entry, "olcsuffix").some(
      ({ value }) => fact.kind !== "directory" || isUnknown(fact.suffix) || fact.suffix === value,
    ),
  );
  const names = databases.length > 0 ? databases.map(({ dn }) => dn) : [stockDatabase];
  return names.map((dn) => ({
    tool: "ldapmodify",
    into: dn,
    text: ldifRecord(dn, changeLines("olcAccess", change)),
  }));
}
