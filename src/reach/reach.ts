/** From sockets to listeners and entries: who can reach what, through the network around the servers. */
import type { Admission, PublishedPort, Service } from "../deployment/model.ts";
import type { EntryFact, ListenerFact, Reach } from "../facts/facts.ts";
import { fromPlace, labelled, type Origin } from "../facts/origin.ts";
import { isWider } from "../facts/reach.ts";
import { isUnknown, type Maybe, map, or, type Unknown, unknown } from "../facts/unknown.ts";
import type { Answer, FarEnd, Socket } from "../products/product.ts";
import type { Located } from "../text/text.ts";

import { languageOf } from "./language.ts";

/** A listener with the ways in that lead to it. */
export interface ReachedListener {
  readonly listener: ListenerFact;
  readonly entries: readonly EntryFact[];
}

/** The listeners of a service. */
export function reachOf(service: Service, sockets: readonly Socket[]): readonly ReachedListener[] {
  return sockets.map((socket) => withPaths(socket, reachedAt(service, socket)));
}

function reachedAt(service: Service, socket: Socket): ReachedListener {
  if (socket.far !== undefined) return farAway(service, socket, socket.far);
  return service.network.kind === "host"
    ? onHost(service, socket)
    : inContainer(service, socket, service.network);
}

/** A port that a tunnel opens on another host: nothing of this host's network keeps anybody from it. */
function farAway(service: Service, socket: Socket, { address, reach, by, at }: FarEnd): ReachedListener {
  const answer = socket.seen.other;
  const opened = [fromPlace(at, `a tunnel (${by}) opens it elsewhere`)];
  const listener = listenerFact(service, socket, reach, answer, opened);
  const entry = entryFact(listener, {
    id: `${listener.id}/direct`,
    address,
    port: socket.port,
    reach,
    seen: "other",
    answer,
    origins: { "/reach": opened },
  });
  return { listener, entries: [{ ...entry, tunnel: by }] };
}

/** Sockets of one port that differ in their logins answer for different paths. */
function withPaths({ paths }: Socket, reached: ReachedListener): ReachedListener {
  if (paths === undefined) return reached;
  return { ...reached, entries: reached.entries.map((entry) => ({ ...entry, paths })) };
}

function onHost(service: Service, socket: Socket, sharedAt?: Located): ReachedListener {
  const reach = hostReach(socket);
  const seen = reach === "host" || reach === "none" ? "loopback" : "other";
  const answer = socket.seen[seen];
  const shared =
    sharedAt === undefined || isLoopback(socket.bind) || reach === "host"
      ? []
      : [fromPlace(sharedAt, "the container shares the host's network")];
  const listener = listenerFact(service, socket, reach, answer, shared);
  if (reach === "none") return { listener, entries: [] };
  const address = socket.bind === "0.0.0.0" ? "*" : socket.bind;
  return {
    listener,
    entries: [
      entryFact(listener, {
        id: `${listener.id}/direct`,
        address,
        port: socket.port,
        reach,
        seen,
        answer,
        origins: shared.length === 0 ? {} : { "/reach": shared },
      }),
    ],
  };
}

/** The widest from which a process of this host answers with more than a refusal. */
function hostReach(socket: Socket): Maybe<Reach> {
  if (socket.on === false) return "none";
  if (isUnknown(socket.on)) return socket.on;
  if (isUnknown(socket.bind)) return socket.bind;
  if (isLoopback(socket.bind))
    return map(socket.seen.loopback.refused, (refused) => (refused ? "none" : "host"));
  const { refused } = socket.seen.other;
  if (isUnknown(refused)) return refused;
  if (!refused) return isPublicAddress(socket.bind) ? "internet" : "network";
  // Wherever it is bound: a program of this host may call from 127.0.0.1 at any of the host's addresses (measured).
  return map(socket.seen.loopback.refused, (isRefused) => (isRefused ? "none" : "host"));
}

type ContainerNetwork = Extract<Service["network"], { kind: "container" }>;

function inContainer(service: Service, socket: Socket, network: ContainerNetwork): ReachedListener {
  if (network.hostNetwork === true)
    return onHost({ ...service, network: { kind: "host" } }, socket, network.modeAt);
  const published = network.published
    .filter((port) => port.protocol === (socket.transport ?? "tcp") && port.containerPort === socket.port)
    .flatMap((port) => admitted(port, network));
  const reach = containerReach(socket, network, published);
  const seen = isLoopback(socket.bind) || socket.on === false ? "loopback" : "other";
  const answer = socket.seen[seen];
  const listener = listenerFact(service, socket, reach, answer, published.map(publishedOrigin));
  // Something is published, and whether it leads here is not known: a way in that cannot be decided, not none.
  if (published.length === 0 && isUnknown(reach) && network.published.length > 0)
    return { listener, entries: [undecidedEntry(listener, network, reach, answer)] };
  const shut = socket.on === false || isLoopback(socket.bind) || answer.refused === true;
  return { listener, entries: shut ? [] : publishedEntries(listener, socket, published, answer) };
}

/** What a network policy leaves of a published port: nothing, where it lets in other pods only. */
function admitted(port: PublishedPort, { admissions }: ContainerNetwork): readonly PublishedPort[] {
  if (admissions === undefined) return [port];
  const own = admissions.filter((admission) => covers(admission, port.containerPort));
  if (own.some(({ from }) => from === "anybody")) return [port];
  const unsure = own.map(({ from }) => from).find(isUnknown);
  if (unsure !== undefined) return [{ ...port, reach: unsure }];
  const [listed] = own.filter(({ addresses }) => addresses.length > 0);
  if (listed === undefined) return [];
  if (port.masked === true) {
    const why = "a network policy lets in addresses, and behind this Service it sees those of the nodes";
    return [{ ...port, reach: unknown("opaque", why, listed.at) }];
  }
  const addresses = own.flatMap((admission) => admission.addresses);
  const reach = map(publishedReach(port), (wide) => (wide === "internet" ? "network" : wide));
  return [{ ...port, reach, onlyFrom: addresses }];
}

/** Whether a container takes calls of another one: of its own pod always, of others what policies let in. */
export function admits(to: Service["network"], port: Maybe<number>, from: Service): Maybe<boolean> {
  if (to.kind === "host" || to.hostNetwork === true || to.admissions === undefined) return true;
  if (from.network.kind === "host" || from.network.hostNetwork === true) return true;
  const { namespace } = from.network;
  if (namespace !== undefined && namespace === to.namespace) return true;
  const own = to.admissions.filter((admission) => covers(admission, port));
  if (namespace === undefined) return or(...own.map(({ others }) => others));
  return or(...own.map(({ pods }) => map(pods, (names) => names === "all" || names.includes(namespace))));
}

function covers({ ports }: Admission, port: Maybe<number>): boolean {
  return (
    ports === undefined || isUnknown(port) || ports.some(([first, last]) => port >= first && port <= last)
  );
}

function publishedOrigin(port: PublishedPort): Origin {
  return labelled(fromPlace(port.at), publishedLabel(port));
}

function undecidedEntry(
  listener: ListenerFact,
  network: ContainerNetwork,
  why: Unknown,
  answer: Answer,
): EntryFact {
  return entryFact(listener, {
    id: `${listener.id}/direct`,
    address: why,
    port: listener.port,
    reach: why,
    seen: "other",
    answer,
    origins: { "/reach": network.published.map(publishedOrigin) },
  });
}

function publishedEntries(
  listener: ListenerFact,
  socket: Socket,
  published: readonly PublishedPort[],
  answer: Answer,
): readonly EntryFact[] {
  const doubt = [socket.on, socket.bind, answer.refused].find(isUnknown);
  return published.map((port, index) => ({
    ...entryFact(listener, {
      id: `${listener.id}/direct${published.length > 1 ? `-${index + 1}` : ""}`,
      address: isUnknown(port.hostAddress) || port.hostAddress !== "0.0.0.0" ? port.hostAddress : "*",
      port: port.hostPort,
      reach: doubt ?? publishedReach(port),
      seen: "other",
      answer,
      origins: { "/reach": [publishedOrigin(port)] },
    }),
    ...(port.onlyFrom === undefined || port.onlyFrom.length === 0 ? {} : { onlyFrom: port.onlyFrom }),
    ...(port.place === undefined ? {} : { place: port.place }),
  }));
}

function containerReach(
  socket: Socket,
  network: Extract<Service["network"], { kind: "container" }>,
  published: readonly PublishedPort[],
): Maybe<Reach> {
  if (socket.on === false) return "none";
  if (isUnknown(socket.on)) return socket.on;
  if (isUnknown(socket.bind)) return socket.bind;
  if (isLoopback(socket.bind)) return "container";
  const { refused } = socket.seen.other;
  if (isUnknown(refused)) return refused;
  if (refused) return "container";
  if (isUnknown(network.hostNetwork)) return network.hostNetwork;
  const shut = network.admissions?.every((admission) => !covers(admission, socket.port)) === true;
  let widest: Reach = network.networks.length > 0 && !shut ? "internal" : "container";
  for (const port of published) {
    const reach = publishedReach(port);
    if (isUnknown(reach)) return reach;
    if (reach === "host" && widest === "internal") continue;
    if (isWider(reach, widest)) widest = reach;
  }
  const undecided = network.published.find((port) => isUnknown(port.containerPort) || isUnknown(socket.port));
  if (undecided !== undefined && widest === "internal")
    return unknown("input", "a published port is not known", undecided.at);
  return widest;
}

function publishedReach(port: PublishedPort): Maybe<Reach> {
  if (port.reach !== undefined) return port.reach;
  if (isUnknown(port.hostAddress)) return port.hostAddress;
  if (isLoopback(port.hostAddress)) return "host";
  return isPublicAddress(port.hostAddress) ? "internet" : "network";
}

function publishedLabel(port: PublishedPort): string {
  if (port.label !== undefined) return port.label;
  if (isUnknown(port.hostAddress)) return "published on an address that is not known";
  if (port.hostAddress === "0.0.0.0" || port.hostAddress === "::")
    return "published on every address of the host";
  return isLoopback(port.hostAddress)
    ? "published for the host itself only"
    : `published on ${port.hostAddress}`;
}

function listenerFact(
  service: Service,
  socket: Socket,
  reach: Maybe<Reach>,
  answer: Answer,
  reachedBy: readonly Origin[] = [],
): ListenerFact {
  return {
    kind: "listener",
    id: `${service.name}/${socket.id}`,
    service: service.name,
    product: service.product,
    protocol: socket.protocol,
    ...(socket.role === undefined ? {} : { role: socket.role }),
    ...(socket.purpose === undefined ? {} : { purpose: socket.purpose }),
    bind: socket.bind,
    port: socket.port,
    reach,
    tls: socket.tls,
    auth: answer.auth,
    ...languageFact(service),
    ...abilities(answer),
    ...(socket.bodyLimit === undefined ? {} : { bodyLimit: socket.bodyLimit }),
    origins: { ...socket.origins, ...answer.origins, "/reach": reachOrigins(socket, answer, reachedBy) },
  };
}

function languageFact(service: Service): Pick<ListenerFact, "language"> {
  const language = languageOf(service);
  return language === undefined ? {} : { language };
}

/** What keeps a listener shut, or else what opens it. */
function reachOrigins(socket: Socket, answer: Answer, reachedBy: readonly Origin[]): readonly Origin[] {
  if (socket.on === false) return socket.origins["/on"] ?? [];
  if (reachedBy.length > 0) return reachedBy;
  const bind = isLoopback(socket.bind) ? (socket.origins["/bind"] ?? []) : [];
  return [...bind, ...(answer.origins["/reach"] ?? socket.seen.other.origins["/reach"] ?? [])];
}

/** What tells an entry from its listener. */
export interface EntryParts {
  readonly id: string;
  readonly address: Maybe<string>;
  readonly port: Maybe<number>;
  readonly reach: Maybe<Reach>;
  readonly seen: "loopback" | "other";
  readonly answer: Answer;
  readonly origins: Readonly<Record<string, readonly Origin[]>>;
}

/** An entry of a listener. */
export function entryFact(listener: ListenerFact, parts: EntryParts): EntryFact {
  const { service, product } = listener;
  return {
    kind: "entry",
    id: parts.id,
    ...(service === undefined ? {} : { service }),
    ...(product === undefined ? {} : { product }),
    listener: listener.id,
    protocol: listener.protocol,
    ...(listener.role === undefined ? {} : { role: listener.role }),
    ...(listener.purpose === undefined ? {} : { purpose: listener.purpose }),
    ...(listener.language === undefined ? {} : { language: listener.language }),
    through: "direct",
    address: parts.address,
    port: parts.port,
    paths: ["/"],
    reach: parts.reach,
    sourceSeen: parts.seen,
    tls: listener.tls,
    auth: parts.answer.auth,
    ...abilities(parts.answer),
    origins: { ...listener.origins, ...parts.answer.origins, ...parts.origins },
  };
}

type Abilities = Pick<
  ListenerFact,
  | "anonymous"
  | "loggedIn"
  | "unknownPeer"
  | "spoofedPeer"
  | "functions"
  | "anySpoofedPeer"
  | "spoofableTitles"
  | "checks"
>;

function abilities(answer: Answer): Abilities {
  return {
    ...(answer.anonymous === undefined ? {} : { anonymous: answer.anonymous }),
    ...(answer.loggedIn === undefined ? {} : { loggedIn: answer.loggedIn }),
    ...(answer.unknownPeer === undefined ? {} : { unknownPeer: answer.unknownPeer }),
    ...(answer.spoofedPeer === undefined ? {} : { spoofedPeer: answer.spoofedPeer }),
    ...(answer.functions === undefined ? {} : { functions: answer.functions }),
    ...(answer.anySpoofedPeer === undefined ? {} : { anySpoofedPeer: answer.anySpoofedPeer }),
    ...(answer.spoofableTitles === undefined ? {} : { spoofableTitles: answer.spoofableTitles }),
    ...(answer.checks === undefined ? {} : { checks: answer.checks }),
  };
}

/** Whether an address is this host's own. */
export function isLoopback(address: Maybe<string>): boolean {
  return (
    !isUnknown(address) &&
    (address === "localhost" || address === "::1" || address === "[::1]" || /^127\./u.test(address))
  );
}

/** Whether an address is one of the Internet: not private, link-local, shared or documentation space (RFC 6890). */
function isPublicAddress(address: string): boolean {
  const octets = /^(\d+)\.(\d+)\.(\d+)\.(\d+)$/u.exec(address)?.slice(1).map(Number);
  if (octets === undefined) return /^[23][0-9a-f]{3}:/iu.test(address);
  const [a = 0, b = 0] = octets;
  if (a === 0 || a === 10 || a === 127 || a >= 224) return false;
  if (a === 172 && b >= 16 && b <= 31) return false;
  if (a === 192 && b === 168) return false;
  if (a === 169 && b === 254) return false;
  return !(a === 100 && b >= 64 && b <= 127);
}
