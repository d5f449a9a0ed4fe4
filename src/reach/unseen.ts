/** Ways in that may be there: through proxies of which nobody can read what they pass on. */
import type { AnonymousHttp, EntryFact } from "../facts/facts.ts";
import { fromPlace, labelled, type Origin } from "../facts/origin.ts";
import { isUnknown, type Maybe, type Unknown, unknown } from "../facts/unknown.ts";
import type { Answer } from "../products/product.ts";
import { baseName } from "../sources/files.ts";
import { entryFact, isLoopback, type ReachedListener } from "./reach.ts";
import { landingsOf, type Server, servicesAt, socketFileOf } from "./targets.ts";

/** Servers whose data is worth an undecided check. */
const archives: readonly Server["service"]["product"][] = ["orthanc", "dcm4chee"];

/** The entries of an archive, and where none is known from outside, those that may lead through such a proxy. */
export function withUnseen(server: Server, servers: readonly Server[]): Server["listeners"] {
  if (!archives.includes(server.service.product)) return server.listeners;
  return server.listeners.map((reached) => {
    if (reached.listener.protocol !== "http" || isReached(reached)) return reached;
    const unseen = servers.flatMap((proxy) => {
      const why = unseenOf(proxy, server, servers);
      return why === undefined ? [] : entryThrough(proxy, server, reached, why);
    });
    return unseen.length === 0 ? reached : { ...reached, entries: [...reached.entries, ...unseen] };
  });
}

function isReached({ entries }: ReachedListener): boolean {
  return entries.some(({ reach }) => isUnknown(reach) || reach === "network" || reach === "internet");
}

/** Products that pass requests on, whatever their image is called. */
const proxies: readonly Server["service"]["product"][] = ["nginx", "traefik"];

/** Why a proxy may lead to a server though no route of it is known to; undefined where it does not. */
function unseenOf(proxy: Server, server: Server, servers: readonly Server[]): string | undefined {
  if (isUnreadProxy(proxy))
    return reaches(proxy, server, servers)
      ? `what ${proxy.service.name} passes on is not part of the input`
      : undefined;
  const files = (proxy.derived.routes ?? [])
    .flatMap(({ targets }) => targets)
    .filter((target) => landingsOf(proxy.service, target, servers).length === 0)
    .flatMap(({ host }) => (isUnknown(host) ? [] : (socketFileOf(host) ?? [])));
  const file = files.find((path) => isNamedAfter(path, server));
  return file === undefined
    ? undefined
    : `what listens at ${file}, to which ${proxy.service.name} passes requests, is not part of the input`;
}

/** Archives do not listen at socket files: a file that is called after one belongs to something that passes on to it. */
function isNamedAfter(path: string, { service }: Server): boolean {
  const name = baseName(path).toLowerCase();
  return [service.name.toLowerCase(), service.product, "pacs", "dicom"].some((word) => name.includes(word));
}

/** A proxy that says nothing of its routes; one that passes on nothing has an empty list of them. */
function isUnreadProxy({ service, derived }: Server): boolean {
  return (
    service.container !== undefined &&
    derived.routes === undefined &&
    (proxies.includes(service.product) || derived.sockets.some(({ role }) => role === "proxy"))
  );
}

function entryThrough(
  proxy: Server,
  server: Server,
  reached: ReachedListener,
  reason: string,
): readonly EntryFact[] {
  const { listener } = reached;
  const front = proxy.listeners
    .flatMap(({ entries }) => entries)
    .find(({ reach }) => reach === "network" || reach === "internet");
  const socket = server.derived.sockets.find(({ id }) => listener.id === `${server.service.name}/${id}`);
  if (front === undefined || socket === undefined) return [];
  const answer = socket.seen[proxy.service.container === undefined ? "loopback" : "other"];
  if (answer.refused === true || (proxy.service.container !== undefined && isLoopback(socket.bind)))
    return [];
  const why = unknown(
    "input",
    reason,
    front.origins["/reach"]?.[0]?.kind === "place" ? front.origins["/reach"][0] : undefined,
  );
  const lines: readonly Origin[] = [
    ...(front.origins["/reach"] ?? []),
    ...(proxy.service.at === undefined
      ? []
      : [labelled(fromPlace(proxy.service.at), "what it passes on is not known")]),
  ];
  const made = entryFact(listener, {
    id: `${listener.id}/${proxy.service.name}/unseen`,
    address: front.address,
    port: front.port,
    reach: why,
    seen: "other",
    answer: maybeAsked(answer, why),
    origins: { "/reach": lines, "/via": lines },
  });
  return [
    {
      ...made,
      through: `${proxy.service.name}: routes that are not known`,
      tls: { ...made.tls, mode: why },
      ...(front.tunnel === undefined ? {} : { tunnel: front.tunnel }),
    },
  ];
}

/** Whether the proxy can get to the server at all: by its name, on a network that both have. */
function reaches(proxy: Server, server: Server, servers: readonly Server[]): boolean {
  const { network, name } = server.service;
  const host = network.kind === "container" ? (network.names[0] ?? name) : name;
  const port = unknown("input", "which port it calls is not known");
  return servicesAt(proxy.service, { host, port }, servers).some(
    (found) => found.service.name === server.service.name,
  );
}

/** The proxy may ask for a login where the server does not. */
function maybeAsked(answer: Answer, why: Unknown): Answer {
  if (answer.auth.mode !== "none") return answer;
  const { anonymous } = answer;
  return {
    ...answer,
    auth: { ...answer.auth, mode: why },
    ...(anonymous === undefined ? {} : { anonymous: eachMaybe(anonymous, why) }),
  };
}

function eachMaybe(anonymous: AnonymousHttp, why: Unknown): AnonymousHttp {
  const maybe = (value: Maybe<boolean>): Maybe<boolean> => (value === false ? false : why);
  return {
    read: maybe(anonymous.read),
    write: maybe(anonymous.write),
    delete: maybe(anonymous.delete),
    execute: maybe(anonymous.execute),
    writeFiles: maybe(anonymous.writeFiles),
    dicomweb: maybe(anonymous.dicomweb),
    webdav: maybe(anonymous.webdav),
  };
}
