/** All ways through nginx: for each socket, server and location, where it leads and what stands before it. */
import { type Located, placeOf } from "../../text/text.ts";
import { accessOf, admitted, type Login } from "./access.ts";
import { argument, type Block, setting, type Unknown } from "./block.ts";
import type { NginxListen } from "./listen.ts";
import type { NginxModel, NginxServer } from "./model.ts";
import { placesOf, type RoutePath, type Sampled } from "./places.ts";
import { judge, type ProbeResult, stranger } from "./probe.ts";
import type { Backend } from "./proxy.ts";
import { type NginxSocket, socketsOf } from "./socket.ts";
import type { NginxRequest } from "./state.ts";
import { hstsOf, type NginxTls, type Setting } from "./tls.ts";
import { escapeUri } from "./uri.ts";

/** The socket of a route. */
export interface RouteListen {
  readonly address: string;
  readonly port: number | undefined;
  readonly tls: NginxTls & { readonly on: boolean; readonly minVersion: string | Unknown };
  readonly listen: NginxListen;
}

/** Where a route leads. */
export type RouteTarget =
  | {
      readonly kind: "backend";
      readonly scheme: string;
      readonly backends: readonly Backend[];
      /** What a request for the start of the path becomes. */
      readonly upstreamPath: string | Unknown;
      readonly at: Located;
    }
  | {
      readonly kind: "redirect";
      readonly status: number;
      readonly to: string | Unknown;
      readonly at?: Located;
    }
  | { readonly kind: "answer"; readonly status: number; readonly at?: Located }
  | { readonly kind: "static"; readonly at?: Located }
  | { readonly kind: "unknown"; readonly why: Unknown };

/** A network that is let in, as written. */
export interface AllowedFrom extends Located {
  readonly text: string;
}

/** One way through nginx. */
export interface NginxRoute {
  readonly listen: RouteListen;
  readonly serverNames: readonly string[];
  /** Whether it also answers for names that no server has. */
  readonly isDefault: boolean;
  readonly paths: readonly RoutePath[];
  /** The methods for which this holds, of those that are regarded. */
  readonly methods: readonly string[];
  /** A path and method that take this route, for asking on. */
  readonly sample: { readonly path: string; readonly method: string; readonly host: string };
  readonly target: RouteTarget;
  readonly login: Login;
  readonly loginAt: readonly Located[];
  /** Who is let in without a password, where not everybody is. */
  readonly allow: readonly AllowedFrom[];
  readonly suppliesAuthorization: boolean | Unknown;
  /** A plain port that only sends to https. */
  readonly plainRedirect: boolean;
  /** Bytes that a request may have; 0: any number. */
  readonly bodyLimit: number | Unknown;
  /** `Strict-Transport-Security` as sent on this route. */
  readonly hsts: Setting<string>;
  readonly via: readonly Located[];
  readonly unknown?: Unknown;
}

const methods = ["GET", "POST", "PUT", "DELETE"];

/** One server at one of its sockets. */
export interface Origin {
  readonly model: NginxModel;
  readonly socket: NginxSocket;
  readonly server: NginxServer;
  readonly listen: NginxListen;
}

/** A route, and what it was worked out from. */
export interface FoundRoute {
  readonly route: NginxRoute;
  readonly origin: Origin;
  /** The block whose settings hold. */
  readonly block: Block;
  /** What became of the sample; absent where no path is known that leads here. */
  readonly result?: ProbeResult;
}

/** The routes of all servers of http. */
export function routes(model: NginxModel): NginxRoute[] {
  return foundRoutes(model).map(({ route }) => route);
}

/** The same, with what they were worked out from. */
export function foundRoutes(model: NginxModel): FoundRoute[] {
  const found: FoundRoute[] = [];
  for (const socket of socketsOf(model)) {
    for (const { server, listen } of socket.members) {
      for (const place of placesOf(server)) found.push(...routesAt({ model, socket, server, listen }, place));
    }
  }
  return found;
}

function routesAt(origin: Origin, place: Sampled): FoundRoute[] {
  if ("unknown" in place) return [unknownRoute(origin, place.path, place.block, place.unknown)];
  const grouped = new Map<string, { found: FoundRoute; methods: string[] }>();
  for (const method of methods) {
    const found = routeFor(origin, place.path, place.block, place.sample, method);
    const { target, login, unknown, plainRedirect } = found.route;
    const key = JSON.stringify([target, login, unknown?.unknown, plainRedirect]);
    const group = grouped.get(key);
    if (group === undefined) grouped.set(key, { found, methods: [method] });
    else group.methods.push(method);
  }
  return [...grouped.values()].map((group) => ({
    ...group.found,
    route: { ...group.found.route, methods: group.methods },
  }));
}

function routeFor(origin: Origin, path: RoutePath, place: Block, uri: string, method: string): FoundRoute {
  const { socket, server, listen } = origin;
  const sample = { path: escapeUri(uri, false), method, host: hostFor(server) };
  const result = ask(origin, sample);
  const target = targetOf(result);
  const block = result.backend?.block ?? place;
  const unknown = result.unknown ?? listen.unknown;
  const route: NginxRoute = {
    ...listenerOf(origin),
    paths: [path],
    methods: [method],
    sample,
    target,
    login: result.login,
    loginAt: result.loginAt,
    allow: allowedWithout(block),
    suppliesAuthorization: result.backend?.supplies ?? false,
    plainRedirect: !socket.tls && leadsToTls(target),
    bodyLimit: bodyLimitOf(block),
    hsts: hstsOf(block),
    via: distinct([placeOf(listen), ...result.why]),
    ...(unknown !== undefined && { unknown }),
  };
  return { route, origin, block, result };
}

/** Asks what a server does with a request that comes in at one of its sockets. */
export function ask(
  { model, socket, server }: Origin,
  sample: NginxRoute["sample"],
  client: string = stranger,
): ProbeResult {
  const headers = { "user-agent": "Mozilla/5.0" };
  const request: NginxRequest = { ...sample, port: socket.port, tls: socket.tls, client, headers };
  return judge({ model, server, reader: socket.defaultServer, request, captures: [], names: new Map() });
}

function leadsToTls(target: RouteTarget): boolean {
  return target.kind === "redirect" && typeof target.to === "string" && /^https:/i.test(target.to);
}

/** A location that no path is known for, or lines that are missing: which requests it takes is not known. */
function unknownRoute(origin: Origin, path: RoutePath, block: Block, unknown: Unknown): FoundRoute {
  const at = block.head;
  const route: NginxRoute = {
    ...listenerOf(origin),
    paths: [path],
    methods,
    sample: { path: "/", method: "GET", host: hostFor(origin.server) },
    target: { kind: "unknown", why: unknown },
    login: "unknown",
    loginAt: [],
    allow: allowedWithout(block),
    suppliesAuthorization: false,
    plainRedirect: false,
    bodyLimit: bodyLimitOf(block),
    hsts: hstsOf(block),
    via: distinct([placeOf(origin.listen), ...(at === undefined ? [] : [placeOf(at)])]),
    unknown,
  };
  return { route, origin, block };
}

function distinct(places: readonly Located[]): Located[] {
  const seen = new Set<string>();
  return places.filter(({ at }) => {
    const key = `${at.start} ${at.file}`;
    return !seen.has(key) && seen.add(key) !== undefined;
  });
}

function listenerOf({
  socket,
  server,
  listen,
}: Origin): Pick<NginxRoute, "listen" | "serverNames" | "isDefault"> {
  // The protocols are settled before the name is known: the default server's hold for all ("Virtual server selection").
  const protocols = socket.defaultServer.tls.protocols;
  const tls = { ...server.tls, protocols, on: socket.tls, minVersion: minVersionOf(protocols.value) };
  return {
    listen: { address: socket.address, port: socket.port, tls, listen },
    serverNames: server.names.map((name) => name.text),
    isDefault: socket.defaultServer === server,
  };
}

const versions = ["SSLv2", "SSLv3", "TLSv1", "TLSv1.1", "TLSv1.2", "TLSv1.3"];

/** The oldest of these protocols. */
export function minVersionOf(protocols: readonly string[] | Unknown): string | Unknown {
  if ("unknown" in protocols) return protocols;
  return versions.find((version) => protocols.includes(version)) ?? { unknown: "no protocol is named" };
}

/** A name for which this server is chosen. */
export function hostFor(server: NginxServer): string {
  for (const name of server.names) {
    if (name.kind === "exact" && name.name !== "" && name.name !== "_") return name.name;
    if (name.kind === "suffix") return `www${name.name}`;
  }
  return "localhost";
}

function targetOf(result: ProbeResult): RouteTarget {
  const { backend, outcome } = result;
  if (backend !== undefined) {
    const { scheme, backends, path, at } = backend;
    return { kind: "backend", scheme, backends, upstreamPath: path, at };
  }
  if (outcome.kind === "status") {
    const at = outcome.at && { at: outcome.at };
    if (outcome.to !== undefined) return { kind: "redirect", status: outcome.status, to: outcome.to, ...at };
    return { kind: "answer", status: outcome.status, ...at };
  }
  if (outcome.kind === "unknown") return outcome;
  if (outcome.kind === "closed")
    return { kind: "answer", status: 444, ...(outcome.at && { at: outcome.at }) };
  return { kind: "static", ...(outcome.kind === "static" && outcome.at && { at: outcome.at }) };
}

/** With `satisfy all` and a password, an address alone lets nobody in. */
function allowedWithout(block: Block): readonly AllowedFrom[] {
  const access = accessOf(block);
  const rules = access.gates.find((gate) => gate.kind === "addresses");
  if (rules?.kind !== "addresses") return [];
  const enough = access.any || access.gates.length === 1;
  return enough ? admitted(rules.rules).map((rule) => ({ text: rule.text, ...placeOf(rule) })) : [];
}

const units: Readonly<Record<string, number>> = { "": 1, k: 1024, m: 1024 ** 2, g: 1024 ** 3 };

/** Bytes that a request may have; 0: any number. */
export function bodyLimitOf(block: Block): number | Unknown {
  const line = setting(block, "client_max_body_size");
  if (line === undefined) return 1024 ** 2;
  const found = /^(\d+)([kKmMgG]?)$/.exec(argument(line, 0) ?? "");
  if (found === null) return { unknown: "the limit is not a size", ...placeOf(line) };
  return Number(found[1]) * (units[(found[2] ?? "").toLowerCase()] ?? 1);
}
