/**
 * The connections of a device: which open a socket, on which address, with which transport security.
 * Sources: Connection.java:90-141, 411, 660, 922 and TCPListener.java of dcm4che 5.35.0.
 */
import type { Tls } from "../../facts/facts.ts";
import { labelled, type Origin } from "../../facts/origin.ts";
import { and, isUnknown, type Maybe, map } from "../../facts/unknown.ts";
import { oldestProtocol, type Suite, suiteOf, worstVerdict } from "./java.ts";
import { type ConfigObject, partsOf } from "./model.ts";
import {
  booleanSetting,
  type Effective,
  integerSetting,
  listSetting,
  optionalBoolean,
  textSetting,
} from "./settings.ts";

/** The protocols that a connection may have; any other value stops the configuration from loading. */
export const protocols = ["DICOM", "HL7", "HL7_MLLP2", "SYSLOG_TLS", "SYSLOG_UDP", "HTTP"] as const;

/** A connection as the server uses it. */
export interface Connection {
  readonly object: ConfigObject;
  readonly name: string;
  readonly protocol: Effective<string | null>;
  readonly port: Effective<number>;
  /** Whether it opens a socket: installed, with a port, of a protocol that the archive serves. */
  readonly listens: Maybe<boolean>;
  readonly listensBecause: readonly Origin[];
  readonly bind: { readonly value: Maybe<string>; readonly origins: readonly Origin[] };
  readonly suites: Effective<readonly string[]>;
  readonly tls: Tls;
  readonly tlsOrigins: Readonly<Record<string, readonly Origin[]>>;
}

/** Reads the connections of a device. */
export function connectionsOf(device: ConfigObject): readonly Connection[] {
  const deviceInstalled = booleanSetting(device, "dicomInstalled", true);
  return partsOf(device, "connection").map((object) => readConnection(object, deviceInstalled));
}

function readConnection(object: ConfigObject, deviceInstalled: Effective<boolean>): Connection {
  const protocol = textSetting(object, "dcmProtocol", "DICOM");
  const port = integerSetting(object, "dicomPort", -1);
  const installed = optionalBoolean(object, "dicomInstalled");
  const served = map(protocol.value, (name) => name === "DICOM" || name === "HL7" || name === "HL7_MLLP2");
  const suites = listSetting(object, "dicomTLSCipherSuite");
  return {
    object,
    name: object.name,
    protocol,
    port,
    listens: and(
      served,
      map(port.value, (number) => number > 0),
      deviceInstalled.value,
      map(installed.value, (flag) => flag !== false),
    ),
    listensBecause: because(port, installed, deviceInstalled),
    bind: bindAddress(object),
    suites,
    ...transport(object, suites),
  };
}

/** The lines that decide whether it listens: the flag that shuts it, or the port. */
function because(
  port: Effective<number>,
  installed: Effective<boolean | null>,
  device: Effective<boolean>,
): readonly Origin[] {
  if (device.value === false)
    return device.origins.map((origin) => labelled(origin, "the device is not installed"));
  if (installed.value === false)
    return installed.origins.map((origin) => labelled(origin, "the connection is not installed"));
  return port.origins;
}

/** dcmBindAddress, else dicomHostname, else every address (Connection.java:922). */
function bindAddress(object: ConfigObject): Connection["bind"] {
  const bind = textSetting(object, "dcmBindAddress");
  const host = textSetting(object, "dicomHostname");
  const decisive = bind.value === null ? host : bind;
  if (decisive.value === null) return { value: "0.0.0.0", origins: bind.origins };
  return { value: map(decisive.value, (name) => address(name ?? "")), origins: decisive.origins };
}

function address(name: string): string {
  const trimmed = name.trim().toLowerCase();
  if (trimmed === "localhost") return "127.0.0.1";
  return trimmed === "::" ? "0.0.0.0" : trimmed;
}

/** The suites that some release of Java still offers. */
function offeredSuites(suites: readonly Suite[]): readonly Suite[] {
  return suites.filter((suite) => suite.java !== "disabled");
}

/** TLS is on when suites are listed, whatever else is written (Connection.java:660). */
function transport(
  object: ConfigObject,
  listed: Effective<readonly string[]>,
): Pick<Connection, "tls" | "tlsOrigins"> {
  const clientAuth = booleanSetting(object, "dcmTLSNeedClientAuth", true);
  const versions = listSetting(object, "dcmTLSProtocol");
  const names = map(versions.value, (list) => (list.length === 0 ? ["TLSv1.2"] : list));
  const suites = map(listed.value, (list) => list.map(suiteOf));
  const on = map(listed.value, (list) => list.length > 0);
  const whenOn = <T, E>(value: Maybe<T>, off: E): Maybe<T | E> => (isUnknown(on) ? on : on ? value : off);
  return {
    tls: {
      mode: map(on, (yes) => (yes ? "on" : "off")),
      encrypts: whenOn(map(suites, encrypts), false),
      minVersion: whenOn(
        map(names, (list) => oldestProtocol(list) ?? null),
        null,
      ),
      ciphers: whenOn(
        map(suites, (list) => offeredSuites(list).map((suite) => suite.name)),
        null,
      ),
      cipherVerdict: whenOn(map(suites, verdict), "none"),
      clientCertificate: whenOn(
        map(clientAuth.value, (need) => (need ? "required" : "none")),
        "none",
      ),
    },
    tlsOrigins: {
      "/tls/mode": listed.origins,
      "/tls/encrypts": listed.origins,
      "/tls/ciphers": listed.origins,
      "/tls/cipherVerdict": listed.origins,
      "/tls/minVersion": [...versions.origins],
      "/tls/clientCertificate": on === false ? listed.origins : clientAuth.origins,
    },
  };
}

/** Of the suites that can be agreed on, none may leave the data readable; NULL ones alone encrypt nothing. */
function encrypts(suites: readonly Suite[]): boolean {
  const usable = offeredSuites(suites);
  return usable.length > 0 ? usable.every((suite) => !suite.isNull) : !suites.every((suite) => suite.isNull);
}

function verdict(suites: readonly Suite[]): "strong" | "acceptable" | "weak" | "broken" {
  const usable = offeredSuites(suites);
  return worstVerdict(usable.length > 0 ? usable : suites) ?? "weak";
}

/** Whether no handshake can succeed: Java offers none of the suites, or none of the protocols has one. */
export function handshakeFails(connection: Connection): Maybe<boolean> {
  const versions = listSetting(connection.object, "dcmTLSProtocol").value;
  if (isUnknown(connection.suites.value)) return connection.suites.value;
  if (isUnknown(versions)) return versions;
  const usable = offeredSuites(connection.suites.value.map(suiteOf));
  if (connection.suites.value.length === 0) return false;
  const allowed = versions.length === 0 ? ["TLSv1.2"] : versions;
  const only13 = usable.length > 0 && usable.every((suite) => suite.isTls13);
  return usable.length === 0 || (only13 && !allowed.includes("TLSv1.3"));
}

/** The connections that an entity refers to. */
export interface References {
  readonly connections: readonly Connection[];
  /** References to what is not there: the configuration does not load (LdapUtils.java:588). */
  readonly missing: readonly { readonly text: string; readonly origins: readonly Origin[] }[];
}

/** Resolves dicomNetworkConnectionReference: DNs in LDAP, positions in JSON. */
export function referencesOf(
  entity: ConfigObject,
  connections: readonly Connection[],
  key: (text: string) => string,
): References {
  const written = listSetting(entity, "dicomNetworkConnectionReference");
  const texts = isUnknown(written.value) ? [] : written.value;
  const byReference = new Map(connections.map((connection) => [connection.object.reference, connection]));
  const found: Connection[] = [];
  const missing: { text: string; origins: readonly Origin[] }[] = [];
  texts.forEach((text, index) => {
    const connection = byReference.get(key(text));
    if (connection !== undefined) found.push(connection);
    else missing.push({ text, origins: written.origins.slice(index, index + 1) });
  });
  return { connections: found, missing };
}
