/**
 * HL7 applications: who may send what.
 * Source: HL7Application.java:303 (dcm4che-net-hl7 5.35.0): an empty list of senders accepts everybody, an empty list
 * of message types nothing.
 */
import type { Hl7ApplicationFact } from "../../facts/facts.ts";
import { and, map, not, or } from "../../facts/unknown.ts";
import { factBase, type Surroundings } from "./archive.ts";
import { type Connection, type References, referencesOf } from "./connections.ts";
import { dnKey } from "./dn.ts";
import { type ConfigObject, partsOf } from "./model.ts";
import { listSetting, optionalBoolean, originsOf } from "./settings.ts";

/** An HL7 application of a device. */
export interface Hl7Application {
  readonly object: ConfigObject;
  readonly references: References;
}

/** Reads the HL7 applications of a device. */
export function hl7ApplicationsOf(
  device: ConfigObject,
  connections: readonly Connection[],
): readonly Hl7Application[] {
  return partsOf(device, "hl7Application").map((object) => ({
    object,
    references: referencesOf(object, connections, object.form === "ldif" ? dnKey : (text) => text),
  }));
}

/** The fact about an HL7 application. */
export function hl7Fact(application: Hl7Application, around: Surroundings): Hl7ApplicationFact {
  const { object } = application;
  const senders = listSetting(object, "hl7AcceptedSendingApplication");
  const types = listSetting(object, "hl7AcceptedMessageType");
  const installed = optionalBoolean(object, "dicomInstalled");
  const listening = application.references.connections.filter((connection) => connection.listens !== false);
  return {
    kind: "hl7Application",
    ...factBase(around, "hl7Application", object.name),
    name: object.name,
    callable: and(
      map(installed.value, (flag) => flag !== false),
      or(false, ...listening.map((connection) => connection.listens)),
    ),
    senders: map(senders.value, (list) => (list.length === 0 ? "any" : "listed")),
    messageTypes: map(types.value, (list) =>
      list.length === 0 ? "none" : list.includes("*") ? "all" : "listed",
    ),
    clearText: or(
      false,
      ...listening.map((connection) => and(connection.listens, not(connection.tls.encrypts))),
    ),
    origins: {
      "": originsOf(object),
      "/callable": installed.origins,
      "/senders": senders.origins,
      "/messageTypes": types.origins,
      "/clearText": listSetting(object, "dicomNetworkConnectionReference").origins,
    },
  };
}
