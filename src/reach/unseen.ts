/** Ways in that may be there: through proxies of which nobody can read what they pass on. */
import type { AnonymousHttp, EntryFact } from "../facts/facts.ts";
import { fromPlace, labelled, type Origin } from "../facts/origin.ts";
import { isUnknown, type Maybe, type Unknown, unknown } from "../facts/unknown.ts";
import type { Answer } from "../products/product.ts";
import { entryFact, type ReachedListener } from "./reach.ts";
import { landingsOf, type Server } from "./targets.ts";

/** Servers whose data is worth an undecided check. */
const archives: readonly Server["service"]["product"][] = ["orthanc", "dcm4chee"];

/** The entries of an archive, and where none is known from outside, those that may lead through such a proxy. */
export function withUnseen(server: Server, servers: readonly Server[]): Server["listeners"] {
  if (!archives.includes(server.service.product)) return server.listeners;
  return server.listeners.map((reached) => {
    if (reached.listener.protocol !== "http" || isReached(reached)) return reached;
    const unseen = servers
      .filter(isUnreadProxy)
      .flatMap((proxy) => entryThrough(proxy, server, reached, servers));
    return unseen.length === 0 ? reached : { ...reached, entries: [...reached.entries, ...unseen] };
  });
}

function isReached({ entries }: ReachedListener): boolean {
  return entries.some(({ reach }) => isUnknown(reach) || reach === "network" || reach === "internet");
}

/** A proxy that says nothing of its routes; one that passes on nothing has an empty list of them. */
function isUnreadProxy({ service, derived }: Server): boolean {
  return (
    service.container !== undefined &&
    derived.routes === undefined &&
    derived.sockets.some(({ role }) => role === "proxy")
  );
}

function entryThrough(
  proxy: Server,
  server: Server,
  reached: ReachedListener,
  servers: readonly Server[],
): readonly EntryFact[] {
  const { network, name } = server.service;
  const host = network.kind === "container" ? (network.names[0] ?? name) : name;
  const { listener } = reached;
  const landing = landingsOf(proxy.service, { host, port: listener.port }, servers).find(
    (candidate) => candidate.reached.listener.id === listener.id,
  );
  const front = proxy.listeners
    .filter((other) => other.listener.role === "proxy")
    .flatMap(({ entries }) => entries)
    .find(({ reach }) => reach === "network" || reach === "internet");
  if (landing === undefined || front === undefined) return [];
  const answer = landing.socket.seen[landing.seen];
  if (answer.refused === true) return [];
  const why = unknown(
    "input",
    `what ${proxy.service.name} passes on is not part of the input`,
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
    seen: landing.seen,
    answer: maybeAsked(answer, why),
    origins: { "/reach": lines, "/via": lines },
  });
  return [
    { ...made, through: `${proxy.service.name}: routes that are not known`, tls: { ...made.tls, mode: why } },
  ];
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
