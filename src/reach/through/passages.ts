/** Ways in through proxies: their routes joined with the servers that they lead to. */
import type { EntryFact, Reach } from "../../facts/facts.ts";
import { isWider } from "../../facts/reach.ts";
import { isUnknown, type Maybe, map } from "../../facts/unknown.ts";
import type { Answer, ProxyRoute } from "../../products/product.ts";
import { languageOf } from "../language.ts";
import { admits, entryFact } from "../reach.ts";
import { type Landing, landingsOf, type Server } from "../targets.ts";
import { behind, givesNothing, passesTo } from "./abilities.ts";
import { asksAtProxy, chainedPaths, type Front, givenThrough, isLedTo, throughOf } from "./front.ts";
import { authThrough } from "./login.ts";
import { originsThrough } from "./origins.ts";

/** An entry with what it was made of. */
export interface Passage extends Landing {
  readonly front: Front;
  readonly entry: EntryFact;
}

/** Proxies behind proxies: more than these are not followed. */
const chainLimit = 4;

/** Every way in through a proxy, through several where they stand behind each other. */
export function passagesOf(servers: readonly Server[]): readonly Passage[] {
  const found: Passage[] = [];
  let fronts = servers.flatMap((proxy) =>
    (proxy.derived.routes ?? []).flatMap((route) =>
      entriesOf(proxy, route.socket).map((entry): Front => ({ proxy, route, entry })),
    ),
  );
  for (let round = 0; round < chainLimit && fronts.length > 0; round++) {
    const next = fronts.flatMap((front) => passagesThrough(front, servers));
    found.push(...next);
    fronts = next.flatMap(({ server, socket, entry, front: before }) =>
      (server.derived.routes ?? [])
        .filter((route) => route.socket === socket.id)
        .map((route): Front => ({ proxy: server, route, entry, before }))
        .filter(isLedTo),
    );
  }
  return found;
}

/** None of a socket file, which leads on for those who get to it through another server. */
function entriesOf(proxy: Server, socket: string): readonly EntryFact[] {
  if (proxy.derived.sockets.some(({ id, file }) => id === socket && file !== undefined)) return [];
  return (
    proxy.listeners.find(({ listener }) => listener.id === `${proxy.service.name}/${socket}`)?.entries ?? []
  );
}

function passagesThrough(front: Front, servers: readonly Server[]): readonly Passage[] {
  if (front.route.callers === "nobody") return [];
  const landed = front.route.targets.flatMap((target) => landingsOf(front.proxy.service, target, servers));
  const landings =
    front.route.protocol === "tcp" ? landed : landed.flatMap((landing) => seenThrough(landing, servers));
  const seen = new Set<string>();
  return landings.flatMap((landing) => {
    const { id } = landing.reached.listener;
    if (seen.has(id)) return [];
    seen.add(id);
    const entry = entryThrough(front, landing);
    return entry === undefined ? [] : [{ ...landing, front, entry }];
  });
}

/** Requests that arrive where bytes are passed on as they are: the servers that get them in the end. */
function seenThrough(landing: Landing, servers: readonly Server[], rounds = chainLimit): readonly Landing[] {
  const { server, socket } = landing;
  const forwarders = (server.derived.routes ?? []).filter(
    (route) => route.socket === socket.id && route.protocol === "tcp",
  );
  if (forwarders.length === 0) return [landing];
  if (rounds === 0) return [];
  return forwarders
    .flatMap(({ targets }) => targets)
    .flatMap((target) => landingsOf(server.service, target, servers))
    .flatMap((next) => seenThrough(next, servers, rounds - 1));
}

/** The entry of a server behind a route; undefined when nothing that matters gets through. */
function entryThrough(front: Front, landing: Landing): EntryFact | undefined {
  const { route, proxy, entry } = front;
  const { socket, seen, server } = landing;
  const { listener } = landing.reached;
  const answer = socket.seen[seen];
  if (answer.refused === true || (route.protocol === "http" && socket.protocol !== "http")) return undefined;
  // What a further proxy makes of the paths is told by its own routes.
  const isWhole = route.protocol === "tcp" || server.derived.routes !== undefined;
  const given = map(givenThrough(front), passesTo(landing));
  const auth = route.protocol === "tcp" ? answer.auth : authThrough(front, answer);
  const view: Answer = { ...answer, ...(isWhole ? {} : behind(front, answer, given)), auth };
  if (!isWhole && givesNothing(view, given)) return undefined;
  const direct = entry.through === "direct";
  const admitted = admits(server.service.network, socket.port, proxy.service);
  const doubt = [socket.port, socket.bind, answer.refused, admitted];
  const made = entryFact(listener, {
    id: `${listener.id}/${proxy.service.name}/${route.id}${entry.id.endsWith("/direct") ? "" : `@${entry.id}`}`,
    address: entry.address,
    port: entry.port,
    reach: doubt.find(isUnknown) ?? limited(entry.reach, route, proxy),
    seen,
    answer: view,
    origins: originsThrough(front, landing),
  });
  const language = languageOf(proxy.service);
  return {
    ...made,
    ...(language === undefined ? {} : { language }),
    ...(asksAtProxy(front) ? { proxyAsks: true } : {}),
    ...(entry.tunnel === undefined ? {} : { tunnel: entry.tunnel }),
    ...(entry.place === undefined ? {} : { place: entry.place }),
    through: direct ? throughOf(front) : `${entry.through}, ${throughOf(front)}`,
    paths: direct ? pathsOf(route) : chainedPaths(front),
    tls: tlsThrough(front, landing),
    ...(route.allowed.length === 0 ? {} : { onlyFrom: route.allowed }),
  };
}

function pathsOf(route: ProxyRoute): readonly string[] {
  return route.paths.length === 0 ? ["/"] : route.paths;
}

function tlsThrough({ route, entry }: Front, { reached }: Landing): EntryFact["tls"] {
  const own = entry.through === "direct" ? route.tls : entry.tls;
  // What is passed on byte by byte is encrypted by the server itself, if at all.
  const tls = route.protocol === "tcp" && own.mode === "off" ? reached.listener.tls : own;
  return route.login === "client-certificate" ? { ...tls, clientCertificate: "required" } : tls;
}

/** A list of addresses takes in a network at most; one of loopback addresses only the proxy's own host. */
function limited(reach: Maybe<Reach>, { callers }: ProxyRoute, { service }: Server): Maybe<Reach> {
  if (isUnknown(reach) || callers === "anybody") return reach;
  if (isUnknown(callers)) return callers;
  const own = service.network.kind === "host" || service.network.hostNetwork === true ? "host" : "container";
  const most: Reach = callers === "listed" ? "network" : callers === "host" ? own : "none";
  return isWider(reach, most) ? most : reach;
}
