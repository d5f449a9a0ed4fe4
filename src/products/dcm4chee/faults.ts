/** What keeps a device from loading, or its entries from entering the directory. */
import { fromPlace } from "../../facts/origin.ts";
import { isUnknown } from "../../facts/unknown.ts";
import type { Member, ObjectTree, Tree } from "../../sources/tree.ts";
import type { Fault } from "./archive.ts";
import { jsonTypes } from "./catalogue.ts";
import { type Connection, protocols, type References } from "./connections.ts";
import type { ConfigObject } from "./model.ts";
import { enumerations } from "./policies.ts";
import { isAuxiliary } from "./schema.ts";
import { originsOf, written } from "./settings.ts";

/** Attributes that the LDAP schema demands, by role: dicom.schema:881-979 and dcm4che.schema:717-940 (5.35.0). */
const required: Readonly<Record<string, readonly string[]>> = {
  device: ["dicomDeviceName", "dicomInstalled"],
  connection: ["dicomHostname"],
  ae: [
    "dicomAETitle",
    "dicomNetworkConnectionReference",
    "dicomAssociationInitiator",
    "dicomAssociationAcceptor",
  ],
  webApp: ["dcmWebAppName", "dcmWebServiceClass", "dcmWebServicePath"],
  keycloakClient: ["dcmKeycloakClientID", "dcmKeycloakRealm", "dcmURI"],
  hl7Application: ["hl7ApplicationName", "dicomNetworkConnectionReference"],
  auditLogger: ["cn", "dicomNetworkConnectionReference", "dcmAuditRecordRepositoryDeviceReference"],
};

/** Attributes of boolean syntax that decide who gets in. */
const booleans = [
  "dicomInstalled",
  "dicomAssociationAcceptor",
  "dicomAssociationInitiator",
  "dcmTLSNeedClientAuth",
  "dcmValidateCallingAEHostname",
  "dcmTLSAllowAnyHostname",
  "dcmTLSDisableTrustManager",
  "dcmReadOnly",
  "dcmRecordAttributeModification",
  "dcmValidateUID",
];

/** All enumerations: a value outside is refused by Enum.valueOf, and the device does not load. */
const closed = new Map<string, readonly string[]>([
  ...enumerations,
  ["dcmProtocol", protocols],
  ["dcmTLSEndpointIdentificationAlgorithm", ["HTTPS", "LDAPS"]],
  ["dcmKeycloakGrantType", ["client_credentials", "password"]],
]);

/** Faults of a device and its parts. */
export function deviceFaults(device: ConfigObject): readonly Fault[] {
  return [device, ...descendants(device)].flatMap((object) => [
    ...enumFaults(object),
    ...booleanFaults(object),
    ...typeFaults(object),
    ...missingFaults(object),
  ]);
}

function descendants(object: ConfigObject): readonly ConfigObject[] {
  return object.children.flatMap((child) => [child, ...descendants(child)]);
}

function enumFaults(object: ConfigObject): readonly Fault[] {
  return [...closed].flatMap(([name, values]): Fault[] => {
    const value = written(object, name)?.values[0];
    if (value === undefined || values.includes(value.text.value) || value.text.value.includes("${"))
      return [];
    const message = `${name} is "${value.text.value}": the archive refuses the device, it does not load`;
    return [
      { message, expected: `one of ${values.join(", ")}`, effect: "start", origins: [fromPlace(value.at)] },
    ];
  });
}

/** A directory server refuses other values; where one gets through, the archive reads it as FALSE. */
function booleanFaults(object: ConfigObject): readonly Fault[] {
  if (object.form !== "ldif") return [];
  return booleans.flatMap((name): Fault[] => {
    const value = written(object, name)?.values[0];
    const accepted = ["TRUE", "FALSE"];
    if (value === undefined || accepted.includes(value.text.value) || value.text.value.includes("\uFFFC"))
      return [];
    const message = `${name} is "${value.text.value}": a directory refuses it, and the archive would take it for ${accepted[value.text.value.toLowerCase() === "true" ? 0 : 1]}`;
    return [{ message, expected: accepted.join(" or "), effect: "syntax", origins: [fromPlace(value.at)] }];
  });
}

/** Numbers and booleans of JSON stand without quotes: the parser of the archive throws (JsonReader.java:intValue, booleanValue). */
function typeFaults({ source }: ConfigObject): readonly Fault[] {
  if (source?.kind !== "json") return [];
  return membersOf(source.tree).flatMap(({ key, value }): readonly Fault[] => {
    const type = jsonTypes.get(key);
    const items = value.kind === "array" ? value.items : [value];
    const wrong = type === undefined ? undefined : items.find((item) => !fits(item, type));
    if (wrong === undefined) return [];
    const expected = type === "integer" ? "a whole number without quotes" : "true or false without quotes";
    const message = `${key} must be ${expected}: the archive refuses the device, it does not load`;
    return [{ message, expected, effect: "start", origins: [fromPlace(wrong)] }];
  });
}

/** The members of an object and of its auxiliary objects. */
function membersOf(tree: ObjectTree): readonly Member[] {
  return tree.members.flatMap((member) =>
    member.value.kind === "object" && isAuxiliary(member.key) ? membersOf(member.value) : [member],
  );
}

function fits(value: Tree, type: "integer" | "boolean"): boolean {
  if (value.kind === "unknown" || value.kind === "object" || value.kind === "array") return true;
  if (type === "boolean") return value.kind === "boolean";
  return value.kind === "number" && Number.isInteger(value.value);
}

function missingFaults(object: ConfigObject): readonly Fault[] {
  if (object.form !== "ldif" || !object.complete || object.by !== undefined) return [];
  const absent = (required[object.role] ?? []).filter(
    (name) => !object.attributes.has(name.toLowerCase()) && !isRdn(object, name),
  );
  if (absent.length === 0) return [];
  const message = `${object.role} ${object.name} lacks ${absent.join(", ")}: a directory refuses the entry`;
  return [{ message, expected: absent.join(", "), effect: "syntax", origins: originsOf(object) }];
}

/** A server adds what names the entry by itself. */
function isRdn(object: ConfigObject, name: string): boolean {
  return object.reference.startsWith(`${name.toLowerCase()}=`);
}

/** References to connections that are not there (LdapUtils.java:588, JsonConfiguration.java). */
export function referenceFaults(
  owner: string,
  references: References,
  connections: readonly Connection[],
): readonly Fault[] {
  return references.missing.map((missing) => ({
    message: `${owner} refers to a connection that the device does not have: ${missing.text}`,
    expected:
      connections.length === 0
        ? "a connection of the device"
        : `one of the connections ${connections.map((connection) => connection.name).join(", ")}`,
    effect: "start",
    origins: missing.origins,
  }));
}

/** Whether a text of a port is out of range. */
export function portFaults(connections: readonly Connection[]): readonly Fault[] {
  return connections.flatMap((connection): Fault[] => {
    const port = connection.port.value;
    if (isUnknown(port) || port === -1 || (port > 0 && port < 65_536)) return [];
    return [
      {
        message: `dicomPort ${port} is no port`,
        expected: "1 to 65535",
        effect: "start",
        origins: connection.port.origins,
      },
    ];
  });
}
