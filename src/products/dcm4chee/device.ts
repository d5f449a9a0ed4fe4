/** A device of the archive, from its configuration to sockets and facts. */
import type { AnonymousHttp, Auth, Fact, ModalityFact, OptionFact } from "../../facts/facts.ts";
import { labelled } from "../../facts/origin.ts";
import { and, isUnknown, type Maybe, map, not, or } from "../../facts/unknown.ts";
import type { Answer, Socket } from "../product.ts";
import { before } from "../version.ts";
import { type Fault, factBase, type Surroundings } from "./archive.ts";
import { auditFacts } from "./audit.ts";
import { type Connection, connectionsOf, handshakeFails } from "./connections.ts";
import { answerOn } from "./dicom-answer.ts";
import { type Entity, entitiesOf } from "./entities.ts";
import { entityFact } from "./entity-fact.ts";
import { entityLists } from "./entity-lists.ts";
import { deviceFaults, portFaults, referenceFaults } from "./faults.ts";
import { type Hl7Application, hl7ApplicationsOf, hl7Fact } from "./hl7.ts";
import { ineffectiveFacts } from "./ineffective.ts";
import { keystoreFacts, keystoreFaults } from "./keystores.ts";
import { isWeakHost, type KnownPeer, peersOf } from "./known-peers.ts";
import { type ConfigObject, hasClass, partsOf } from "./model.ts";
import { policyFacts } from "./policies.ts";
import { deviceSecretsOf, type Secret, secretFacts } from "./secrets.ts";
import { listSetting, optionalBoolean, originsOf, textSetting } from "./settings.ts";

/** What a device does. */
export interface DeviceDerived {
  readonly sockets: readonly Socket[];
  readonly facts: readonly Fact[];
  readonly faults: readonly Fault[];
  readonly secrets: readonly Secret[];
  readonly assumptions: readonly string[];
}

/** The device that the archive runs: the named one, else the only one with the archive's class (F7). */
export function archiveDevice(
  devices: readonly ConfigObject[],
  name: string | null,
): ConfigObject | undefined {
  const named = devices.find((device) => device.name === name);
  if (named !== undefined) return named;
  const archives = devices.filter((device) => hasClass(device, "dcmArchiveDevice"));
  if (archives.length > 0) return archives[0];
  return devices.find((device) => !device.complete);
}

/** Derives a device; the others are peers and targets. */
export function deriveDevice(
  device: ConfigObject,
  devices: readonly ConfigObject[],
  around: Surroundings,
): DeviceDerived {
  const connections = connectionsOf(device);
  const entities = entitiesOf(device);
  const applications = hl7ApplicationsOf(device, connections);
  const peers = peersOf(devices);
  const secrets = deviceSecretsOf(device, around);
  return {
    sockets: connections.flatMap((connection) => socketOf(connection, entities, applications, peers, device)),
    facts: [
      ...entities.map((entity) => entityFact(entity, device, peers, around.service)),
      ...applications.map((application) => hl7Fact(application, around)),
      ...auditFacts(device, devices, around),
      ...keystoreFacts(device, connections, around),
      ...secretFacts(secrets, around),
      ...ineffectiveFacts(device, connections, around),
      ...policies(device, entities, around),
      ...modalityFacts(
        devices.filter((other) => other !== device),
        entities,
        around,
      ),
    ],
    faults: faultsOf(device, connections, entities, applications),
    secrets,
    assumptions: assumptionsOf(entities),
  };
}

/** Settings of the archive itself; of those of release 5 nothing is known of before, apart from what is written. */
function policies(
  device: ConfigObject,
  entities: readonly Entity[],
  around: Surroundings,
): readonly OptionFact[] {
  const all = policyFacts(device, around);
  return before(around.version, "5")
    ? all.filter(({ isDefault }) => !isDefault)
    : [...all, ...entityLists(entities, device, around)];
}

function faultsOf(
  device: ConfigObject,
  connections: readonly Connection[],
  entities: readonly Entity[],
  applications: readonly Hl7Application[],
): readonly Fault[] {
  return [
    ...deviceFaults(device),
    ...portFaults(connections),
    ...(device.complete ? danglingReferences(connections, entities, applications) : []),
    ...keystoreFaults(device, connections),
  ];
}

/** Files that change a device say nothing of the connections that it has besides. */
function danglingReferences(
  connections: readonly Connection[],
  entities: readonly Entity[],
  applications: readonly Hl7Application[],
): readonly Fault[] {
  return [
    ...entities.flatMap((entity) => referenceFaults(`AE ${entity.title}`, entity.references, connections)),
    ...applications.flatMap((application) =>
      referenceFaults(`HL7 application ${application.object.name}`, application.references, connections),
    ),
  ];
}

function assumptionsOf(entities: readonly Entity[]): readonly string[] {
  const assumed = entities.filter((entity) => entity.abilitiesAssumed).map((entity) => entity.title);
  return assumed.length === 0
    ? []
    : [
        `No transfer capabilities are listed for ${assumed.join(", ")}: the usual services of an archive are taken for granted.`,
      ];
}

/** A socket for every connection with a port that the archive serves; switched-off ones too. */
function socketOf(
  connection: Connection,
  entities: readonly Entity[],
  applications: readonly Hl7Application[],
  peers: readonly KnownPeer[],
  device: ConfigObject,
): readonly Socket[] {
  const protocol = connection.protocol.value;
  if (connection.port.value === -1) return [];
  const dicom = protocol === "DICOM";
  if (!dicom && protocol !== "HL7" && protocol !== "HL7_MLLP2") return [];
  const answer = dicom
    ? dicomAnswer(connection, entities, peers, device)
    : hl7Answer(connection, applications);
  return [
    {
      id: connection.name,
      protocol: dicom ? "dicom" : "hl7",
      on: connection.listens,
      bind: connection.bind.value,
      port: connection.port.value,
      tls: connection.tls,
      seen: { loopback: answer, other: answer },
      origins: {
        "": originsOf(connection.object),
        "/on": connection.listensBecause,
        "/reach": reachOrigins(connection),
        "/bind": connection.bind.origins,
        "/port": connection.port.origins,
        ...connection.tlsOrigins,
      },
    },
  ];
}

function reachOrigins(connection: Connection): Socket["origins"][string] {
  return connection.listens === false ? connection.listensBecause : connection.bind.origins;
}

function dicomAnswer(
  connection: Connection,
  entities: readonly Entity[],
  peers: readonly KnownPeer[],
  device: ConfigObject,
): Answer {
  const answer = answerOn(connection, entities, peers);
  const { callable, loginRequired, origins } = answer;
  const nobody = labelledAll(
    originsOf(connection.object),
    "no application entity uses it: every association is refused",
  );
  return {
    refused: callable.length === 0 ? true : handshakeFails(connection),
    auth: dicomAuth(loginRequired, callable, device),
    unknownPeer: answer.unknownPeer,
    spoofedPeer: answer.spoofedPeer,
    anySpoofedPeer: answer.anySpoofedPeer,
    spoofableTitles: answer.spoofableTitles,
    origins:
      callable.length === 0
        ? { ...origins, "/reach": nobody }
        : handshakeFails(connection) === true
          ? {
              ...origins,
              "/reach": labelledAll(connection.suites.origins, "Java offers none of these suites"),
            }
          : origins,
  };
}

function labelledAll(origins: Socket["origins"][string], label: string): Socket["origins"][string] {
  return origins.map((origin) => labelled(origin, label));
}

/** A login in the association counts only where it is required; without a client to check it, nobody gets in (F15). */
function dicomAuth(required: Maybe<boolean>, callable: readonly Entity[], device: ConfigObject): Auth {
  const base: Auth = {
    mode: map(required, (yes) => (yes ? "password" : "none")),
    defaultCredentials: false,
    lockout: false,
  };
  if (required !== true) return base;
  const clients = new Set(partsOf(device, "keycloakClient").map((client) => client.name));
  const lacking = callable.map((entity): Maybe<boolean> => {
    const id =
      textSetting(entity.object, "dcmUserIdentityNegotiationKeycloakClientID").value ??
      textSetting(device, "dcmUserIdentityNegotiationKeycloakClientID").value;
    return isUnknown(id) ? id : id !== null && !clients.has(id);
  });
  return { ...base, lockedOut: and(...lacking) };
}

/** HL7 has no login; what a sender may do depends on the lists of the applications. */
function hl7Answer(connection: Connection, applications: readonly Hl7Application[]): Answer {
  const served = applications.filter((application) =>
    application.references.connections.some((other) => other.object === connection.object),
  );
  const nobody = labelledAll(
    originsOf(connection.object),
    "no HL7 application uses it: every message is refused",
  );
  return {
    refused: served.length === 0 ? true : handshakeFails(connection),
    auth: { mode: "none", defaultCredentials: false, lockout: false },
    anonymous: senderAbilities(served),
    origins:
      served.length === 0
        ? { "/reach": nobody }
        : {
            "/auth": served.flatMap((application) => originsOf(application.object)),
            "/anonymous": served.flatMap(
              ({ object }) => listSetting(object, "hl7AcceptedSendingApplication").origins,
            ),
          },
  };
}

/** What a sender can do whom nobody listed: messages create, change and merge patients and orders. */
function senderAbilities(served: readonly Hl7Application[]): AnonymousHttp {
  const open = or(
    false,
    ...served.map(({ object }) =>
      and(
        map(listSetting(object, "hl7AcceptedSendingApplication").value, (list) => list.length === 0),
        map(listSetting(object, "hl7AcceptedMessageType").value, (list) => list.length > 0),
        map(optionalBoolean(object, "dicomInstalled").value, (flag) => flag !== false),
      ),
    ),
  );
  return {
    read: false,
    write: open,
    delete: false,
    execute: false,
    writeFiles: false,
    dicomweb: false,
    webdav: false,
  };
}

/** The nodes that other devices describe. */
function modalityFacts(
  others: readonly ConfigObject[],
  entities: readonly Entity[],
  around: Surroundings,
): readonly ModalityFact[] {
  const nodes = others.flatMap((device) =>
    entitiesOf(device).map((entity) => ({ device, entity, connection: entity.references.connections[0] })),
  );
  const counts = new Map<string, number>();
  for (const { entity } of nodes) counts.set(entity.title, (counts.get(entity.title) ?? 0) + 1);
  const checked = or(false, ...entities.map((entity) => entity.hostChecked.value));
  return nodes.map(({ device, entity, connection }): ModalityFact => {
    const host = connection === undefined ? null : textSetting(connection.object, "dicomHostname");
    const name = host === null || host.value === null ? "" : host.value;
    return {
      kind: "modality",
      ...factBase(around, "modality", `${device.name}/${entity.title}`),
      name: device.name,
      aet: entity.title,
      host: name,
      hostIsAddress: map(name, (text) => /^[\d.]+$|:/.test(text)),
      sameAet: counts.get(entity.title) ?? 1,
      hostChecked: and(checked, not(isWeakHost(name))),
      tls: connection === undefined ? false : map(connection.tls.mode, (mode) => mode === "on"),
      allows: { echo: false, store: false, find: false, findWorklist: false, get: false, move: false },
      ineffectiveDenials: [],
      origins: {
        "": originsOf(entity.object),
        "/aet": originsOf(entity.object),
        "/host": host?.origins ?? [],
        "/hostIsAddress": host?.origins ?? [],
        "/hostChecked": entities[0]?.hostChecked.origins ?? [],
        "/tls": connection?.suites.origins ?? [],
      },
    };
  });
}
