/**
 * The application entities of the archive: who may call them, and what a caller can then do.
 * Sources: AssociationHandler.java:66-95, ApplicationEntity.java:268 (dcm4che 5.35.0), ArchiveAssociationHandler.java
 * (dcm4chee-arc-light 5.35.0): the steps of an association in their order.
 */
import type { ApplicationEntityFact, DicomOperations } from "../../facts/facts.ts";
import { labelled, type Origin } from "../../facts/origin.ts";
import { and, isUnknown, knownOr, type Maybe, map, not, or, unknown } from "../../facts/unknown.ts";
import { type Connection, connectionsOf, type References, referencesOf } from "./connections.ts";
import { dnKey } from "./dn.ts";
import { type ConfigObject, hasClass, partsOf } from "./model.ts";
import {
  booleanSetting,
  type Effective,
  listSetting,
  optionalBoolean,
  originsOf,
  textSetting,
} from "./settings.ts";

/** An application entity as the server uses it. */
export interface Entity {
  readonly object: ConfigObject;
  readonly title: string;
  readonly references: References;
  /** Installed and an acceptor. */
  readonly accepts: Maybe<boolean>;
  readonly acceptsBecause: readonly Origin[];
  readonly callers: Effective<readonly string[]>;
  readonly hostChecked: Effective<boolean>;
  readonly userIdentity: Effective<string | null>;
  readonly abilities: DicomOperations;
  /** No transfer capability is listed: the usual ones of an archive are taken for granted. */
  readonly abilitiesAssumed: boolean;
  /** The steps of the archive apply to it: user identity, host of the caller, access control. */
  readonly isArchive: boolean;
}

/** Another node that a directory lists: the host check compares with it. */
export interface KnownPeer {
  readonly title: string;
  readonly host: Maybe<string | null>;
  readonly origins: readonly Origin[];
}

/** Read once for each device: a directory may list thousands, and every release asks again. */
const read = new WeakMap<ConfigObject, readonly Entity[]>();

/** Reads the application entities of a device. */
export function entitiesOf(device: ConfigObject): readonly Entity[] {
  const known = read.get(device);
  if (known !== undefined) return known;
  const connections = connectionsOf(device);
  const objects = partsOf(device, "ae");
  const entities = objects.map((object) => readEntity(object, device, objects, connections));
  read.set(device, entities);
  return entities;
}

function readEntity(
  object: ConfigObject,
  device: ConfigObject,
  all: readonly ConfigObject[],
  connections: readonly Connection[],
): Entity {
  // Absent means FALSE to the LDAP loader and TRUE to the JSON loader (LdapDicomConfiguration.java:1621, ApplicationEntity.java:89).
  const acceptor = booleanSetting(object, "dicomAssociationAcceptor", object.form === "json");
  const installed = optionalBoolean(object, "dicomInstalled");
  const archive = archiveSettings(object, device);
  const services = capabilities(object, all);
  return {
    object,
    title: object.name,
    references: referencesOf(object, connections, object.form === "ldif" ? dnKey : (text) => text),
    accepts: and(
      acceptor.value,
      map(installed.value, (flag) => flag !== false),
    ),
    acceptsBecause: installed.value === false ? installed.origins : acceptor.origins,
    callers: listSetting(object, "dcmAcceptedCallingAETitle"),
    ...archive,
    ...services,
  };
}

/** A setting of the archive: the entity's own where it has one, else the device's. */
function archiveSetting<T>(
  object: ConfigObject,
  device: ConfigObject,
  read: (from: ConfigObject) => Effective<T>,
): Effective<T> {
  const own = read(object);
  if (!own.isDefault) return own;
  const shared = read(device);
  return isUnknown(own.value) && shared.isDefault ? own : shared;
}

function archiveSettings(
  object: ConfigObject,
  device: ConfigObject,
): Pick<Entity, "hostChecked" | "userIdentity" | "isArchive"> {
  const isArchive = !object.complete || hasClass(object, "dcmArchiveNetworkAE");
  if (!isArchive) {
    const origins = originsOf(object).map((origin) =>
      labelled(origin, "without dcmArchiveNetworkAE the archive checks nothing"),
    );
    return {
      isArchive,
      hostChecked: { value: false, origins, isDefault: true },
      userIdentity: { value: "NOT_SUPPORTED", origins, isDefault: true },
    };
  }
  return {
    isArchive,
    hostChecked: archiveSetting(object, device, (from) =>
      booleanSetting(from, "dcmValidateCallingAEHostname", false),
    ),
    userIdentity: archiveSetting(object, device, (from) =>
      textSetting(from, "dcmUserIdentityNegotiation", "SUPPORTS"),
    ),
  };
}

const everything: DicomOperations = {
  echo: true,
  store: true,
  find: true,
  findWorklist: true,
  get: true,
  move: true,
};
const nothing: DicomOperations = {
  echo: false,
  store: false,
  find: false,
  findWorklist: false,
  get: false,
  move: false,
};
const operations = ["echo", "store", "find", "findWorklist", "get", "move"] as const;

/** The services that the entity provides, by its transfer capabilities or those that it shares. */
function capabilities(
  object: ConfigObject,
  all: readonly ConfigObject[],
): Pick<Entity, "abilities" | "abilitiesAssumed"> {
  const shared = textSetting(object, "dcmShareTransferCapabilitiesFromAETitle").value;
  const source =
    isUnknown(shared) || shared === null ? object : (all.find((other) => other.name === shared) ?? object);
  const listed = partsOf(source, "transferCapability");
  if (listed.length === 0 && (!source.complete || hasClass(source, "dcmArchiveNetworkAE"))) {
    return { abilities: everything, abilitiesAssumed: true };
  }
  const classes = listed.flatMap((capability) => {
    const role = knownOr(textSetting(capability, "dicomTransferRole").value, "SCP");
    const uid = knownOr(textSetting(capability, "dicomSOPClass").value, null);
    return role === "SCP" && uid !== null ? [uid] : [];
  });
  const has = (pattern: RegExp): boolean => classes.some((uid) => uid === "*" || pattern.test(uid));
  return {
    abilitiesAssumed: false,
    // SOP classes of DICOM PS3.4: verification, storage, query/retrieve (patient, study, composite), modality worklist.
    abilities: {
      echo: has(/^1\.2\.840\.10008\.1\.1$/),
      store: has(/^1\.2\.840\.10008\.5\.1\.4\.1\.1\.|^1\.2\.840\.10008\.5\.1\.4\.34\.7$/),
      find: has(/^1\.2\.840\.10008\.5\.1\.4\.1\.2\.[123]\.1$/),
      move: has(/^1\.2\.840\.10008\.5\.1\.4\.1\.2\.[1234]\.2$/),
      get: has(/^1\.2\.840\.10008\.5\.1\.4\.1\.2\.[12345]\.3$/),
      findWorklist: has(/^1\.2\.840\.10008\.5\.1\.4\.31$/),
    },
  };
}

/** What a caller can do that the entity accepts for this reason. */
function granted(entity: Entity, accepted: Maybe<boolean>): DicomOperations {
  return mapOperations((operation) => and(accepted, entity.abilities[operation]));
}

function mapOperations(value: (operation: (typeof operations)[number]) => Maybe<boolean>): DicomOperations {
  return {
    echo: value("echo"),
    store: value("store"),
    find: value("find"),
    findWorklist: value("findWorklist"),
    get: value("get"),
    move: value("move"),
  };
}

/** What is possible through any of some entities. */
function union(list: readonly DicomOperations[]): DicomOperations {
  return list.length === 0
    ? nothing
    : mapOperations((operation) => or(...list.map((item) => item[operation])));
}

/** Accepted without a user's login. */
function withoutLogin(entity: Entity): Maybe<boolean> {
  return map(entity.userIdentity.value, (mode) => mode !== "REQUIRED");
}

/** What strangers get from one connection. */
export interface DicomAnswer {
  readonly callable: readonly Entity[];
  readonly unknownPeer: DicomOperations;
  readonly spoofedPeer: Readonly<Record<string, DicomOperations>>;
  readonly anySpoofedPeer: DicomOperations;
  /** The titles that give a caller from anywhere images or names of patients. */
  readonly spoofableTitles: readonly string[];
  readonly loginRequired: Maybe<boolean>;
  readonly origins: Readonly<Record<string, readonly Origin[]>>;
}

/** Decides what a connection's entities give to callers whose title nobody listed, and to those who borrow a listed one. */
export function answerOn(
  connection: Connection,
  entities: readonly Entity[],
  peers: readonly KnownPeer[],
): DicomAnswer {
  const callable = entities.filter(
    (entity) =>
      entity.accepts !== false &&
      entity.references.connections.some((other) => other.object === connection.object),
  );
  const unknownPeer = union(
    callable.map((entity) =>
      granted(entity, and(withoutLogin(entity), acceptsAnyTitle(entity), not(entity.hostChecked.value))),
    ),
  );
  const weak = new Set(peers.flatMap((peer) => (isWeakHost(peer.host) ? [peer.title] : [])));
  const titles = new Set([
    ...callable.flatMap((entity) => knownOr(entity.callers.value, [])),
    ...(callable.some((entity) => entity.hostChecked.value === true) ? peers.map((peer) => peer.title) : []),
  ]);
  const spoofedPeer = Object.fromEntries(
    [...titles].map((title) => [
      title,
      union(
        callable.map((entity) =>
          granted(
            entity,
            and(withoutLogin(entity), acceptsTitle(entity, title), passesHostCheck(entity, title, weak)),
          ),
        ),
      ),
    ]),
  );
  const lists = callable.flatMap((entity) => entity.callers.origins);
  const where = lists.length > 0 ? lists : connection.listensBecause;
  return {
    callable,
    unknownPeer,
    spoofedPeer,
    anySpoofedPeer: union(Object.values(spoofedPeer)),
    spoofableTitles: Object.entries(spoofedPeer).flatMap(([title, granted]) =>
      granted.find === true || granted.get === true || granted.move === true || granted.findWorklist === true
        ? [title]
        : [],
    ),
    loginRequired:
      callable.length === 0 ? false : and(...callable.map((entity) => not(withoutLogin(entity)))),
    origins: {
      "/unknownPeer": where,
      ...Object.fromEntries(
        operations.map((operation) => [`/unknownPeer/${operation}`, openOrigins(callable, operation, where)]),
      ),
      "/anySpoofedPeer": lists,
      "/spoofableTitles": lists,
      "/spoofedPeer": callable.flatMap((entity) => entity.hostChecked.origins),
      "/auth": callable.flatMap((entity) => entity.userIdentity.origins),
      "/auth/mode": callable.flatMap((entity) => entity.userIdentity.origins),
    },
  };
}

/** The lists that leave an operation open to everybody, else all of them. */
function openOrigins(
  callable: readonly Entity[],
  operation: (typeof operations)[number],
  otherwise: readonly Origin[],
): readonly Origin[] {
  const open = callable.filter(
    (entity) => acceptsAnyTitle(entity) === true && entity.abilities[operation] === true,
  );
  return open.length === 0 ? otherwise : open.flatMap((entity) => entity.callers.origins);
}

/** An empty list accepts every title (ApplicationEntity.java:268). */
function acceptsAnyTitle(entity: Entity): Maybe<boolean> {
  return map(entity.callers.value, (titles) => titles.length === 0);
}

function acceptsTitle(entity: Entity, title: string): Maybe<boolean> {
  return map(entity.callers.value, (titles) => titles.length === 0 || titles.includes(title));
}

/** Whether a caller from elsewhere passes: never where the address counts, perhaps where a reverse name does. */
function passesHostCheck(entity: Entity, title: string, weak: ReadonlySet<string>): Maybe<boolean> {
  if (entity.hostChecked.value !== true) return not(entity.hostChecked.value);
  if (!weak.has(title)) return false;
  return unknown("opaque", `the host of ${title} is compared by the first label of its reverse DNS name`);
}

/** A name without a dot is compared with the first label of the reverse name (ArchiveAssociationHandler.equalsHost). */
export function isWeakHost(host: Maybe<string | null>): boolean {
  return typeof host === "string" && !host.includes(".") && !host.includes(":");
}

/** The fact about an entity. */
export function entityFact(
  entity: Entity,
  device: ConfigObject,
  peers: readonly KnownPeer[],
  service: string,
): ApplicationEntityFact {
  const listening = entity.references.connections.filter((connection) => connection.listens !== false);
  const destinations = archiveSetting(entity.object, device, (from) =>
    listSetting(from, "dcmAcceptedMoveDestination"),
  );
  const accessIds = listSetting(entity.object, "dcmAccessControlID");
  return {
    kind: "applicationEntity",
    id: `${service}/applicationEntity/${entity.title}`,
    service,
    product: "dcm4chee",
    title: entity.title,
    callable: and(entity.accepts, or(false, ...listening.map((connection) => connection.listens))),
    callers: map(entity.callers.value, (titles) => (titles.length === 0 ? "any" : "listed")),
    hostChecked: entity.hostChecked.value,
    weaklyChecked: entity.hostChecked.value === true ? weakTitles(entity, peers) : [],
    userIdentity: map(entity.userIdentity.value, (mode) =>
      mode === "REQUIRED" ? "required" : mode === "SUPPORTS" ? "optional" : "none",
    ),
    clearText: or(
      false,
      ...listening.map((connection) => and(connection.listens, not(connection.tls.encrypts))),
    ),
    abilities: entity.abilities,
    moveDestinations: map(destinations.value, (list) => (list.length === 0 ? "any" : "listed")),
    accessControlled: map(accessIds.value, (list) => list.length > 0),
    origins: {
      "": originsOf(entity.object),
      "/callable": entity.acceptsBecause,
      "/callers": entity.callers.origins,
      "/hostChecked": entity.hostChecked.origins,
      "/weaklyChecked": peers.filter((peer) => isWeakHost(peer.host)).flatMap((peer) => peer.origins),
      "/userIdentity": entity.userIdentity.origins,
      "/clearText": listSetting(entity.object, "dicomNetworkConnectionReference").origins,
      "/moveDestinations": destinations.origins,
      "/accessControlled": accessIds.origins,
    },
  };
}

function weakTitles(entity: Entity, peers: readonly KnownPeer[]): readonly string[] {
  return peers
    .filter((peer) => isWeakHost(peer.host) && acceptsTitle(entity, peer.title) !== false)
    .map((peer) => peer.title);
}

/** The entities of other devices, as the archive's cache looks them up. */
export function peersOf(devices: readonly ConfigObject[]): readonly KnownPeer[] {
  return devices.flatMap((device) =>
    entitiesOf(device).map((entity) => {
      const host = entity.references.connections.map((connection) =>
        textSetting(connection.object, "dicomHostname"),
      )[0];
      return {
        title: entity.title,
        host: host?.value ?? null,
        origins: host?.origins ?? originsOf(entity.object),
      };
    }),
  );
}
