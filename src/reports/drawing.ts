/** The deployment as a picture, before anything is drawn: who gets in from where, and how each way is kept. */
import type { DicomOperations, Reach } from "../facts/facts.ts";
import { isUnknown } from "../facts/unknown.ts";
import type {
  Report,
  ReportedDeployment,
  ReportedEntry,
  ReportedListener,
  ReportedService,
} from "../triage/report.ts";
import { productName } from "./products.ts";

/** Where callers stand, from far to near. */
export type Zone = "internet" | "network" | "internal" | "host" | "unknown";

/** A way from a zone to a listener. */
export interface Way {
  readonly zone: Zone;
  readonly service: string;
  readonly listener: string;
  /** Address, port and paths as the caller uses them. */
  readonly address: string;
  /** The proxy that it leads through, and the part of its configuration; absent where it is direct. */
  readonly through?: Through;
  /** Protocol, encryption and login, in words. */
  readonly kept: readonly string[];
  /** Strangers get something. */
  readonly open: boolean;
}

/** A proxy and its route: "proxy" and "location / (server pacs.example)". */
export interface Through {
  readonly proxy: string;
  readonly route: string;
}

/** Services that reach each other on every port. */
export interface Neighbours {
  readonly network: string;
  readonly services: readonly string[];
}

/** What is drawn of a deployment. */
export interface Drawing {
  readonly ways: readonly Way[];
  readonly networks: readonly Neighbours[];
}

/** The names of the zones, as they start a line. */
export const zoneName: Readonly<Record<Zone, string>> = {
  internet: "Internet",
  network: "network around the host",
  internal: "containers of the same networks",
  host: "this host",
  unknown: "not known from where",
};

/** Works out the picture of a deployment. */
export function drawingOf(deployment: ReportedDeployment, { attackPaths }: Report): Drawing {
  const open = new Set(
    attackPaths.filter((path) => path.deployment === deployment.id).map(({ entry }) => entry),
  );
  const ways = deployment.services.flatMap((service) =>
    service.listeners.flatMap((listener) => [
      ...listener.entries.map((entry) => wayOf(service, listener, entry, open.has(entry.id))),
      ...(listener.entries.length === 0 ? inside(service, listener) : []),
    ]),
  );
  const order: readonly Zone[] = ["internet", "network", "internal", "host", "unknown"];
  return {
    ways: order.flatMap((zone) => ways.filter((way) => way.zone === zone)),
    networks: networksOf(deployment.services),
  };
}

function wayOf(
  service: ReportedService,
  listener: ReportedListener,
  entry: ReportedEntry,
  open: boolean,
): Way {
  return {
    zone: zoneOf(entry.reach) ?? "unknown",
    service: service.name,
    listener: listener.id,
    address: addressOf(entry),
    ...(entry.through === "direct" ? {} : { through: throughOf(entry.through) }),
    kept: [protocolOf(listener), ...keptBy(entry, isPassing(listener, entry))],
    open,
  };
}

/** Takes "proxy: location /" apart. */
export function throughOf(text: string): Through {
  const [proxy = text, ...route] = text.split(": ");
  return { proxy, route: route.join(": ") };
}

/** A listener without entries is reached at most by its neighbours. */
function inside(service: ReportedService, listener: ReportedListener): readonly Way[] {
  const zone = zoneOf(listener.reach);
  if (zone === undefined) return [];
  return [
    {
      zone,
      service: service.name,
      listener: listener.id,
      address: `${service.name}:${shown(listener.port)}`,
      kept: [protocolOf(listener), ...keptBy(listener, listener.role === "proxy")],
      open: false,
    },
  ];
}

function zoneOf(reach: ReportedListener["reach"]): Zone | undefined {
  if (isUnknown(reach)) return "unknown";
  const zones: Readonly<Record<Reach, Zone | undefined>> = {
    none: undefined,
    container: undefined,
    host: "host",
    internal: "internal",
    network: "network",
    internet: "internet",
  };
  return zones[reach];
}

/** How many paths of a way are written out. */
const mostPaths = 3;

function addressOf({ address, port, paths }: ReportedEntry): string {
  const host = isUnknown(address) ? "an unknown address" : address === "*" ? "0.0.0.0" : address;
  const all = paths.length === 0 || (paths.length === 1 && paths[0] === "/");
  const more = paths.length > mostPaths ? [`and ${paths.length - mostPaths} more`] : [];
  const written = all ? "" : ` ${[...paths.slice(0, mostPaths), ...more].join(" ")}`;
  return `${host.includes(":") ? `[${host}]` : host}:${shown(port)}${written}`;
}

function shown(port: ReportedListener["port"]): string {
  return isUnknown(port) ? "?" : String(port);
}

/** A proxy's own port: logins belong to what it passes on. */
function isPassing({ role }: ReportedListener, { through }: ReportedEntry): boolean {
  return role === "proxy" && through === "direct";
}

/** Encryption and login of a listener or an entry, in words; of a proxy's own port the encryption alone. */
export function keptBy(opening: ReportedListener | ReportedEntry, isProxy = false): readonly string[] {
  return [transportOf(opening), isProxy ? "" : loginOf(opening)].filter((words) => words !== "");
}

/** What it speaks; releases may differ in it. */
export function protocolOf({ protocol }: ReportedListener): string {
  return isUnknown(protocol) ? "protocol not known" : protocol;
}

function transportOf({ tls }: ReportedListener | ReportedEntry): string {
  if (isUnknown(tls.mode)) return "encryption not known";
  if (tls.mode === "off") return "not encrypted";
  const client = tls.clientCertificate === "required" ? " with client certificates" : "";
  return `TLS${tls.mode === "at-proxy" ? " at the proxy" : ""}${client}`;
}

/** The operations that matter; testing the connection is of no weight. */
const operations = ["find", "get", "move", "findWorklist", "store"] as const;

function loginOf(opening: ReportedListener | ReportedEntry): string {
  const { auth, unknownPeer, spoofedPeer } = opening;
  if (unknownPeer !== undefined) {
    const callers = Object.values(spoofedPeer ?? {});
    if (allows(unknownPeer)) return "any AE title";
    if (operations.some((name) => isUnknown(unknownPeer[name]))) return "callers not known";
    return callers.some(allows) ? "any caller with a listed AE title" : "listed modalities";
  }
  if (isUnknown(auth.mode)) return "login not known";
  if (auth.mode === "none") return auth.suppliedByProxy === true ? "the proxy logs everybody in" : "no login";
  if (auth.defaultCredentials === true) return "a guessable login";
  const kinds: Readonly<Partial<Record<string, string>>> = {
    oidc: "login by OpenID Connect",
    password: "password",
    plugin: "login by a plugin",
    proxy: "login at the proxy",
  };
  return kinds[auth.mode] ?? "login";
}

function allows(peer: DicomOperations): boolean {
  return operations.some((operation) => peer[operation] === true);
}

function networksOf(services: readonly ReportedService[]): readonly Neighbours[] {
  const names = [...new Set(services.flatMap(({ network }) => network?.networks ?? []))];
  return names.map((name) => ({
    network: name,
    services: services
      .filter(({ network }) => network?.networks.includes(name))
      .map((service) => service.name),
  }));
}

/** "PostgreSQL (db)". */
export function serviceTitle({ name, product, software }: ReportedService): string {
  if (software !== undefined) return `${software} (${name})`;
  if (name === product) return productName(product);
  return product === "other" ? name : `${productName(product)} (${name})`;
}
