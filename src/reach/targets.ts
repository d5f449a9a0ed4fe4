/** Where the target of a proxy is: which sockets answer at a host name and port, as the proxy sees them. */
import type { HostName, PortFront, PublishedPort, Service } from "../deployment/model.ts";
import { isUnknown } from "../facts/unknown.ts";
import type { Derived, RouteTarget, Socket } from "../products/product.ts";
import { baseName } from "../sources/files.ts";
import { admits, isLoopback, type ReachedListener } from "./reach.ts";

/** A service with its sockets. */
export interface Server {
  readonly service: Service;
  readonly derived: Derived;
  readonly listeners: readonly ReachedListener[];
}

/** A socket at which requests arrive, and what it takes them for. */
export interface Landing {
  readonly server: Server;
  readonly socket: Socket;
  readonly reached: ReachedListener;
  readonly seen: "loopback" | "other";
}

/** The sockets behind a target, each once. */
export function landingsOf(
  from: Service,
  target: RouteTarget,
  servers: readonly Server[],
): readonly Landing[] {
  const { host, port } = target;
  if (isUnknown(host) || isUnknown(port)) return [];
  const file = socketFileOf(host);
  if (file !== undefined) return landingsAtFile(from, file, servers);
  const found = spotsOf(from, plain(host), servers).flatMap((spot) => landingsAt(spot, port, servers));
  const seen = new Set<ReachedListener>();
  return found
    .filter(({ server, socket }) => admits(server.service.network, socket.port, from) !== false)
    .filter(({ reached }) => !seen.has(reached) && seen.add(reached) !== undefined);
}

/** The path of a target that is a socket file. */
export function socketFileOf(host: string): string | undefined {
  return host.startsWith("unix:") ? host.slice("unix:".length) : undefined;
}

function landingsAtFile(from: Service, file: string, servers: readonly Server[]): readonly Landing[] {
  return servers.flatMap((server) =>
    server.derived.sockets.flatMap((socket): readonly Landing[] => {
      const reached = listenerOf(server, socket);
      const isSame = socket.file !== undefined && isSameFile(from, file, server.service, socket.file);
      return reached === undefined || !isSame ? [] : [{ server, socket, reached, seen: "loopback" }];
    }),
  );
}

/** On the host and in one container by the path; in two containers by what is mounted there, or by the file's name. */
function isSameFile(left: Service, path: string, right: Service, other: string): boolean {
  if (left === right || (left.container === undefined && right.container === undefined))
    return path === other;
  const [own, its] = [mountedAt(left, path), mountedAt(right, other)];
  return own !== undefined && its !== undefined ? own === its : baseName(path) === baseName(other);
}

/** Where a path of a container is on the host; undefined where nothing of the host is mounted. */
function mountedAt({ container }: Service, path: string): string | undefined {
  if (container === undefined) return path;
  const [nearest] = container.files
    .filter(({ target }) => path === target || path.startsWith(`${target.replace(/\/$/u, "")}/`))
    .toSorted((left, right) => right.target.length - left.target.length);
  if (nearest?.content.type !== "folder" && nearest?.content.type !== "file") return undefined;
  return `${nearest.content.path}${path.slice(nearest.target.replace(/\/$/u, "").length)}`;
}

function listenerOf(server: Server, socket: Socket): ReachedListener | undefined {
  return server.listeners.find(({ listener }) => listener.id === `${server.service.name}/${socket.id}`);
}

/** The services behind a target, whether or not anything is known to listen there. */
export function servicesAt(
  from: Service,
  target: RouteTarget,
  servers: readonly Server[],
): readonly Server[] {
  const landed = landingsOf(from, target, servers).map(({ server }) => server);
  if (landed.length > 0 || isUnknown(target.host)) return landed;
  const spots = spotsOf(from, plain(target.host), servers);
  return servers.filter(({ service }) =>
    spots.some(
      (spot) => spot.kind === "namespace" && spot.seen === "other" && spot.name === namespaceOf(service),
    ),
  );
}

/** A network namespace: that of a container, or the host's. */
type Spot =
  | {
      readonly kind: "namespace";
      readonly name: string;
      readonly seen: "loopback" | "other";
      /** The name has ports of its own. */
      readonly front?: PortFront;
    }
  /** `address`: the one of the host's addresses that is called; undefined: any that containers reach it by. */
  | { readonly kind: "host"; readonly address: string | undefined; readonly front?: PortFront };

function plain(host: string): string {
  return host
    .replace(/^\[(.*)\]$/u, "$1")
    .replace(/\.$/u, "")
    .toLowerCase();
}

function spotsOf(from: Service, host: string, servers: readonly Server[]): readonly Spot[] {
  const { network } = from;
  const written = network.kind === "host" ? undefined : aliasOf(network.hosts ?? [], host);
  const name = written ?? host;
  if (name === "host-gateway") return [{ kind: "host", address: undefined }];
  const onHost = network.kind === "host" || network.hostNetwork === true;
  if (isLoopback(name)) {
    return onHost
      ? [{ kind: "host", address: "127.0.0.1" }]
      : [{ kind: "namespace", name: namespaceOf(from), seen: "loopback" }];
  }
  if (publishedPorts(servers).some(({ port }) => port.hostAddress === name))
    return [{ kind: "host", address: name }];
  if (onHost) return [];
  if (gatewayNames.has(name)) return [{ kind: "host", address: undefined }];
  const reached = servers.filter(({ service }) => shareNetwork(from, service));
  const named = reached.filter(({ service }) => answersTo(service, name));
  const fronts = new Map(
    reached.flatMap(({ service }) =>
      frontsOf(service, name).map((front) => [namespaceOf(service), front] as const),
    ),
  );
  return [
    ...[...new Set(named.map(({ service }) => namespaceOf(service)))].map(
      (other): Spot => ({ kind: "namespace", name: other, seen: "other" }),
    ),
    ...[...fronts].map(([other, front]): Spot => ({ kind: "namespace", name: other, seen: "other", front })),
    ...reached
      .filter(({ service: { network } }) => network.kind === "container" && network.hostNetwork === true)
      .flatMap(({ service }) => frontsNamed(service, name))
      .map((front): Spot => ({ kind: "host", address: undefined, front })),
  ];
}

function frontsOf(service: Service, name: string): readonly PortFront[] {
  const { network } = service;
  return network.kind === "host" || network.hostNetwork === true ? [] : frontsNamed(service, name);
}

function frontsNamed({ network }: Service, name: string): readonly PortFront[] {
  const fronts = network.kind === "host" ? [] : (network.fronts ?? []);
  return fronts.filter(({ names }) => names.some((own) => own.toLowerCase() === name));
}

/** Names that container engines give to the host, and the address of Docker's default bridge. */
const gatewayNames = new Set([
  "host.docker.internal",
  "gateway.docker.internal",
  "host.containers.internal",
  "host.lima.internal",
  "172.17.0.1",
]);

function aliasOf(hosts: readonly HostName[], name: string): string | undefined {
  return hosts.find((candidate) => candidate.name.toLowerCase() === name)?.address.toLowerCase();
}

function answersTo({ network }: Service, name: string): boolean {
  return (
    network.kind === "container" &&
    network.hostNetwork !== true &&
    network.names.some((own) => own.toLowerCase() === name)
  );
}

function shareNetwork(left: Service, right: Service): boolean {
  if (left.network.kind === "host" || right.network.kind === "host") return false;
  const { networks } = right.network;
  return (
    namespaceOf(left) === namespaceOf(right) ||
    left.network.networks.some((network) => networks.includes(network))
  );
}

/** Services that share a namespace have its name in common; those on the host's network are in none. */
function namespaceOf({ name, network }: Service): string {
  return network.kind === "host" ? "" : (network.namespace ?? name);
}

interface Published {
  readonly service: Service;
  readonly port: PublishedPort;
}

function publishedPorts(servers: readonly Server[]): readonly Published[] {
  return servers.flatMap(({ service }) =>
    service.network.kind === "host" || service.network.hostNetwork === true
      ? []
      : service.network.published
          .filter(({ protocol }) => protocol === "tcp")
          .map((port) => ({ service, port })),
  );
}

function landingsAt(spot: Spot, port: number, servers: readonly Server[]): readonly Landing[] {
  if (spot.kind === "namespace")
    return portsBehind(spot.front, port).flatMap((own) => inNamespace(spot.name, own, spot.seen, servers));
  if (spot.front !== undefined)
    return portsBehind(spot.front, port).flatMap((own) =>
      landingsAt({ kind: "host", address: undefined }, own, servers),
    );
  const seen = spot.address === undefined || !isLoopback(spot.address) ? "other" : "loopback";
  const own = servers
    .filter(({ service: { network } }) => network.kind === "host" || network.hostNetwork === true)
    .flatMap((server) => at(server, port, seen, spot.address));
  const published = publishedPorts(servers).filter(
    ({ port: { hostPort, hostAddress } }) =>
      hostPort === port && !isUnknown(hostAddress) && leadsTo(hostAddress, spot.address),
  );
  return [
    ...own,
    ...published.flatMap(({ service, port: { containerPort } }) =>
      isUnknown(containerPort) ? [] : inNamespace(namespaceOf(service), containerPort, "other", servers),
    ),
  ];
}

/** The ports of a container that a port of one of its names leads to. */
function portsBehind(front: PortFront | undefined, port: number): readonly number[] {
  if (front === undefined) return [port];
  return front.ports.flatMap(({ port: own, containerPort }) =>
    own === port && !isUnknown(containerPort) ? [containerPort] : [],
  );
}

/** Whether a socket of the host takes calls to this address; Docker Desktop leads containers to its loopback as well. */
function leadsTo(bound: string, called: string | undefined): boolean {
  return (
    called === undefined ||
    bound === "0.0.0.0" ||
    bound === called ||
    (isLoopback(bound) && isLoopback(called))
  );
}

function inNamespace(
  name: string,
  port: number,
  seen: "loopback" | "other",
  servers: readonly Server[],
): readonly Landing[] {
  return servers
    .filter(
      ({ service: { network }, service }) =>
        network.kind === "container" && network.hostNetwork !== true && namespaceOf(service) === name,
    )
    .flatMap((server) => at(server, port, seen, seen === "loopback" ? "127.0.0.1" : undefined));
}

function at(
  server: Server,
  port: number,
  seen: "loopback" | "other",
  address: string | undefined,
): readonly Landing[] {
  return server.derived.sockets.flatMap((socket): readonly Landing[] => {
    const reached = listenerOf(server, socket);
    if (reached === undefined || socket.far !== undefined || !mayListen(socket, port, server)) return [];
    if (socket.on === false) return [];
    // Of a configuration that is not there nothing is known: the call may arrive, and whoever judges it sees why not.
    const shut = isLoopback(socket.bind) && (address === undefined || !isLoopback(address));
    return shut ? [] : [{ server, socket, reached, seen }];
  });
}

/** Ports at which DICOM is spoken, by registration or by the defaults of archives. */
const dicomPorts: ReadonlySet<number> = new Set([104, 2761, 2762, 4242, 11112]);

/** Whether a socket listens at a port; of one whose port is not known, whether it is the likely one behind a proxy's target. */
function mayListen(socket: Socket, port: number, { derived }: Server): boolean {
  if (!isUnknown(socket.port)) return socket.port === port;
  if (derived.sockets.some((other) => other.port === port)) return false;
  return dicomPorts.has(port) ? socket.protocol === "dicom" : socket.protocol === "http";
}
