/**
 * What strangers get from a DICOM connection: the steps of an association in their order.
 * Sources: AssociationHandler.java:66-95, ApplicationEntity.java:268 (dcm4che 5.35.0), ArchiveAssociationHandler.java
 * (dcm4chee-arc-light 5.35.0).
 */
import type { DicomOperations } from "../../facts/facts.ts";
import type { Origin } from "../../facts/origin.ts";
import { and, knownOr, type Maybe, map, not, or, unknown } from "../../facts/unknown.ts";
import type { Connection } from "./connections.ts";
import type { Entity } from "./entities.ts";
import { isWeakHost, type KnownPeer } from "./known-peers.ts";

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
  const spoofedPeer = borrowed(callable, peers);
  return {
    callable,
    unknownPeer,
    spoofedPeer,
    anySpoofedPeer: union(Object.values(spoofedPeer)),
    spoofableTitles: Object.entries(spoofedPeer).flatMap(([title, { find, get, move, findWorklist }]) =>
      [find, get, move, findWorklist].includes(true) ? [title] : [],
    ),
    loginRequired:
      callable.length === 0 ? false : and(...callable.map((entity) => not(withoutLogin(entity)))),
    origins: originsOn(connection, callable),
  };
}

/** What each title gives that a list names, or with which the address of a caller is compared. */
function borrowed(
  callable: readonly Entity[],
  peers: readonly KnownPeer[],
): Readonly<Record<string, DicomOperations>> {
  const weak = new Set(peers.flatMap((peer) => (isWeakHost(peer.host) ? [peer.title] : [])));
  const isCompared = callable.some((entity) => entity.hostChecked.value === true);
  const titles = new Set([
    ...callable.flatMap((entity) => knownOr(entity.callers.value, [])),
    ...(isCompared ? peers.map((peer) => peer.title) : []),
  ]);
  const through = (entity: Entity, title: string): DicomOperations =>
    granted(
      entity,
      and(withoutLogin(entity), acceptsTitle(entity, title), passesHostCheck(entity, title, weak)),
    );
  return Object.fromEntries(
    [...titles].map((title) => [title, union(callable.map((entity) => through(entity, title)))]),
  );
}

function originsOn(connection: Connection, callable: readonly Entity[]): DicomAnswer["origins"] {
  const lists = callable.flatMap((entity) => entity.callers.origins);
  const identities = callable.flatMap((entity) => entity.userIdentity.origins);
  const where = lists.length > 0 ? lists : connection.listensBecause;
  return {
    "/unknownPeer": where,
    ...Object.fromEntries(
      operations.map((operation) => [`/unknownPeer/${operation}`, openOrigins(callable, operation, where)]),
    ),
    "/anySpoofedPeer": lists,
    "/spoofableTitles": lists,
    "/spoofedPeer": callable.flatMap((entity) => entity.hostChecked.origins),
    "/auth": identities,
    "/auth/mode": identities,
  };
}

const operations = ["echo", "store", "find", "findWorklist", "get", "move"] as const;

const nothing: DicomOperations = {
  echo: false,
  store: false,
  find: false,
  findWorklist: false,
  get: false,
  move: false,
};

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

/** Whether an entity takes calls from this AE title; without a list it takes all. */
export function acceptsTitle(entity: Entity, title: string): Maybe<boolean> {
  return map(entity.callers.value, (titles) => titles.length === 0 || titles.includes(title));
}

/** Whether a caller from elsewhere passes: never where the address counts, perhaps where a reverse name does. */
function passesHostCheck(entity: Entity, title: string, weak: ReadonlySet<string>): Maybe<boolean> {
  if (entity.hostChecked.value !== true) return not(entity.hostChecked.value);
  if (!weak.has(title)) return false;
  return unknown("opaque", `the host of ${title} is compared by the first label of its reverse DNS name`);
}
