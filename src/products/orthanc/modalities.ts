/**
 * The DICOM nodes that a configuration lists, and what the list lets a caller do.
 * Source: OrthancFramework/Sources/DicomNetworking/RemoteModalityParameters.cpp; OrthancServer/Sources/main.cpp,
 * OrthancApplicationEntityFilter, at 1.5.8, 1.7.4, 1.9.1, 1.9.3, 1.10.1 and 1.13.0; measured on four releases.
 */
import type { DicomOperations } from "../../facts/facts.ts";
import { fromPlace, type Origin } from "../../facts/origin.ts";
import { and, isUnknown, type Maybe, map, not, or, unknown } from "../../facts/unknown.ts";
import type { ArrayTree, Member, ObjectTree, Tree } from "../../sources/tree.ts";
import { atLeast } from "../version.ts";
import type { Settings } from "./settings.ts";

/** The operations of DICOM that are told apart. */
export type Operation = keyof DicomOperations;

/** Every operation that DICOM callers ask for. */
export const operations: readonly Operation[] = ["echo", "store", "find", "findWorklist", "get", "move"];

/** The key of a modality that allows an operation, and the release that brought it. */
const allowKeys: Readonly<
  Record<Operation, { readonly key: string; readonly since: string; readonly before?: Operation }>
> = {
  echo: { key: "AllowEcho", since: "1.5.0" },
  store: { key: "AllowStore", since: "1.5.0" },
  find: { key: "AllowFind", since: "1.5.0" },
  findWorklist: { key: "AllowFindWorklist", since: "1.10.0", before: "find" },
  get: { key: "AllowGet", since: "1.7.0" },
  move: { key: "AllowMove", since: "1.5.0" },
};

/** The switch that allows an operation to everybody, its release, and what decided before it. */
const alwaysKeys: Readonly<
  Record<Operation, { readonly key: string; readonly since: string; readonly before?: Operation }>
> = {
  echo: { key: "DicomAlwaysAllowEcho", since: "1.3.1" },
  store: { key: "DicomAlwaysAllowStore", since: "1.3.0" },
  find: { key: "DicomAlwaysAllowFind", since: "1.9.0" },
  findWorklist: { key: "DicomAlwaysAllowFindWorklist", since: "1.10.0", before: "find" },
  get: { key: "DicomAlwaysAllowGet", since: "1.9.0" },
  move: { key: "DicomAlwaysAllowMove", since: "1.9.7" },
};

/** One entry of DicomModalities. */
export interface Modality {
  readonly name: string;
  readonly aet: Maybe<string>;
  readonly host: Maybe<string>;
  readonly allows: DicomOperations;
  readonly tls: Maybe<boolean>;
  readonly origin: Origin;
  readonly origins: { readonly aet: Origin; readonly host: Origin; readonly tls: Origin };
  /** Where each denial stands. */
  readonly denials: Readonly<Partial<Record<Operation, Origin>>>;
}

/** Reads the list; empty when the file's list is not used or not there. Ordered by name, as the server keeps it. */
export function readModalities(settings: Settings): readonly Modality[] {
  const listed = settings.find(["DicomModalities"]);
  if (listed?.kind !== "object" || settings.boolean("DicomModalitiesInDatabase").value === true) return [];
  const last = new Map(listed.members.map((member) => [member.key, member]));
  return [...last.values()]
    .map((member) => readModality(member, settings.version))
    .filter((modality) => modality !== undefined)
    .sort((left, right) => (left.name < right.name ? -1 : 1));
}

function readModality(member: Member, version: string): Modality | undefined {
  if (member.value.kind === "array") return fromArray(member, member.value, version);
  if (member.value.kind === "object") return fromObject(member, member.value, version);
  return undefined;
}

function fromArray(member: Member, tree: ArrayTree, _version: string): Modality {
  const [aet, host] = tree.items;
  const here = fromPlace(tree);
  return {
    name: member.key,
    aet: text(aet),
    host: text(host),
    allows: { echo: true, store: true, find: true, findWorklist: true, get: true, move: true },
    tls: false,
    origin: here,
    origins: {
      aet: aet === undefined ? here : fromPlace(aet),
      host: host === undefined ? here : fromPlace(host),
      tls: here,
    },
    denials: {},
  };
}

function fromObject(member: Member, tree: ObjectTree, version: string): Modality {
  const find = (key: string): Tree | undefined =>
    tree.members.findLast((candidate) => candidate.key === key)?.value;
  const absent: Origin = { kind: "absent", belongs: tree.at, by: "default of Orthanc" };
  const originOf = (key: string): Origin => {
    const value = find(key);
    return value === undefined ? absent : fromPlace(value);
  };
  const denials: Partial<Record<Operation, Origin>> = {};
  const allow = (operation: Operation): Maybe<boolean> => {
    const { key, since, before } = allowKeys[operation];
    if (!atLeast(version, since)) return before === undefined ? true : allow(before);
    const value = flag(find(key), true);
    if (value === false) denials[operation] = originOf(key);
    return value;
  };
  const allows = Object.fromEntries(
    operations.map((operation) => [operation, allow(operation)]),
  ) as unknown as DicomOperations;
  return {
    name: member.key,
    aet: text(find("AET")),
    host: text(find("Host")),
    allows,
    tls: atLeast(version, "1.9.0") ? flag(find("UseDicomTls"), false) : false,
    origin: fromPlace(member.keyAt),
    origins: { aet: originOf("AET"), host: originOf("Host"), tls: originOf("UseDicomTls") },
    denials,
  };
}

function text(tree: Tree | undefined): Maybe<string> {
  if (tree?.kind === "unknown") return unknown("input", tree.hole.reason, tree);
  return tree?.kind === "string" ? tree.text.value : "";
}

function flag(tree: Tree | undefined, whenAbsent: boolean): Maybe<boolean> {
  if (tree?.kind === "unknown") return unknown("input", tree.hole.reason, tree);
  return tree?.kind === "boolean" ? tree.value : whenAbsent;
}

/** The switches for everybody, with where each is set. */
export interface AlwaysAllowed {
  readonly operations: DicomOperations;
  readonly origins: Readonly<Record<Operation, Origin>>;
}

/** What is allowed to every AE title. */
export function readAlwaysAllowed(settings: Settings): AlwaysAllowed {
  const read = (operation: Operation): { value: Maybe<boolean>; origin: Origin } => {
    const { key, since, before } = alwaysKeys[operation];
    if (!atLeast(settings.version, since)) {
      return before === undefined ? { value: false, origin: settings.originOf([key]) } : read(before);
    }
    return { value: settings.boolean(key).value, origin: settings.originOf([key]) };
  };
  const entries = operations.map((operation) => [operation, read(operation)] as const);
  return {
    operations: Object.fromEntries(
      entries.map(([name, entry]) => [name, entry.value]),
    ) as unknown as DicomOperations,
    origins: Object.fromEntries(entries.map(([name, entry]) => [name, entry.origin])) as unknown as Record<
      Operation,
      Origin
    >,
  };
}

/** Whether two AE titles are one to the server. Blanks around them count since 1.13.0 no more. */
export function sameAet(left: string, right: string, strict: boolean): boolean {
  return strict ? left === right : left.toLowerCase() === right.toLowerCase();
}

/** A caller: whose AE title it uses, and from where. */
export interface Caller {
  /** The entries that carry its AE title, in the order of their names. */
  readonly entries: readonly Modality[];
  /** Its address as the server sees it; null is an address that no entry lists. */
  readonly address: string | null;
}

/** What a caller may do at a release. */
export function allowedOperations(
  caller: Caller,
  always: DicomOperations,
  checkHost: Maybe<boolean>,
  version: string,
): DicomOperations {
  const admitted = or(...Object.values(always), associationAllowed(caller, checkHost));
  const decide = (operation: Operation): Maybe<boolean> =>
    or(always[operation], and(admitted, requestAllowed(caller, operation, checkHost, version)));
  return {
    echo: decide("echo"),
    store: decide("store"),
    find: decide("find"),
    findWorklist: decide("findWorklist"),
    get: decide("get"),
    move: decide("move"),
  };
}

/** When nothing is allowed to everybody: the first entry of the title must have the caller's address, if hosts are checked. */
function associationAllowed(caller: Caller, checkHost: Maybe<boolean>): Maybe<boolean> {
  const first = caller.entries[0];
  if (first === undefined) return false;
  return or(not(checkHost), hostIs(first, caller.address));
}

function hostIs(modality: Modality, address: string | null): Maybe<boolean> {
  return map(modality.host, (host) => host === address);
}

function requestAllowed(
  caller: Caller,
  operation: Operation,
  checkHost: Maybe<boolean>,
  version: string,
): Maybe<boolean> {
  const { entries, address } = caller;
  const [only] = entries;
  if (only === undefined) return false;
  if (entries.length === 1) {
    const hostMatters = atLeast(version, "1.9.3");
    return and(only.allows[operation], hostMatters ? or(not(checkHost), hostIs(only, address)) : true);
  }
  if (atLeast(version, "1.10.1")) {
    const everyEntry = and(...entries.map((entry) => entry.allows[operation]));
    const matchingEntry = or(...entries.map((entry) => and(entry.allows[operation], hostIs(entry, address))));
    return or(everyEntry, and(checkHost, matchingEntry));
  }
  if (atLeast(version, "1.7.4")) return firstMatching(entries, address, operation);
  return only.allows[operation];
}

/** 1.7.4 to 1.10.0: of several entries the first with the caller's address decides; without one nothing is allowed. */
function firstMatching(
  entries: readonly Modality[],
  address: string | null,
  operation: Operation,
): Maybe<boolean> {
  for (const entry of entries) {
    const match = hostIs(entry, address);
    if (isUnknown(match)) return match;
    if (match) return entry.allows[operation];
  }
  return false;
}
