/** Facts about the routes of proxies, and what they mean for the entries beside them. */
import type { EntryFact, RouteFact } from "../facts/facts.ts";
import type { Origin } from "../facts/origin.ts";
import { widestReach } from "../facts/reach.ts";
import { isUnknown, map } from "../facts/unknown.ts";
import type { ProxyRoute } from "../products/product.ts";
import { languageOf } from "./language.ts";
import { type Server, servicesAt, socketFileOf } from "./targets.ts";
import { throughOf } from "./through/front.ts";
import type { Passage } from "./through/passages.ts";

/** One fact for each route. */
export function routeFacts(servers: readonly Server[], passages: readonly Passage[]): readonly RouteFact[] {
  return servers.flatMap((proxy) =>
    (proxy.derived.routes ?? []).map((route) => routeFact(proxy, route, servers, passages)),
  );
}

function routeFact(
  proxy: Server,
  route: ProxyRoute,
  servers: readonly Server[],
  passages: readonly Passage[],
): RouteFact {
  const [target] = route.targets;
  const [backend] = route.targets.flatMap((one) => servicesAt(proxy.service, one, servers));
  const own = passages.filter(({ front }) => front.proxy === proxy && front.route === route);
  const reach = widestReach(own.map(({ entry }) => entry.reach));
  const written =
    target === undefined
      ? "nothing"
      : map(
          target.host,
          (host) => socketFileOf(host) ?? `${host}:${isUnknown(target.port) ? "?" : target.port}`,
        );
  return {
    kind: "route",
    id: `${proxy.service.name}/route/${route.id}`,
    service: proxy.service.name,
    product: proxy.service.product,
    through: throughOf({ proxy, route }),
    ...language(proxy.service),
    protocol: route.protocol,
    to: backend?.service.name ?? written,
    backend: backend?.service.product ?? "other",
    paths: route.paths,
    login: route.login,
    reach,
    suppliesLogin: route.suppliesLogin,
    dangerousPaths: dangerous(own),
    plainHttp: map(route.tls.mode, (mode) => mode === "off"),
    tls: route.tls,
    bodyLimit: route.bodyLimit,
    hsts: route.hsts,
    unread: route.unread,
    origins: originsOf(route),
  };
}

function language(service: Server["service"]): Pick<RouteFact, "language"> {
  const own = languageOf(service);
  return own === undefined ? {} : { language: own };
}

function originsOf({ origins }: ProxyRoute): RouteFact["origins"] {
  const path = origins["/path"] ?? [];
  const first = (pointer: string): readonly Origin[] =>
    (origins[pointer]?.length ?? 0) > 0 ? (origins[pointer] ?? []) : path;
  return {
    ...origins,
    "": path,
    "/login": first("/login"),
    "/to": first("/target"),
    "/dangerousPaths": path,
    "/reach": first("/listen"),
    "/plainHttp": first("/listen"),
    "/bodyLimit": first("/bodyLimit"),
    "/hsts": first("/hsts"),
  };
}

/** What a proxy can keep back without loss to those who look at images. */
function dangerous(passages: readonly Passage[]): readonly string[] {
  const paths = passages.flatMap(({ front: { route }, server, socket, seen }) => {
    if (isUnknown(route.passes)) return [];
    const { functions } = socket.seen[seen];
    return route.passes
      .filter(({ product }) => product === server.service.product)
      .filter(
        ({ gives }) =>
          gives === "control" ||
          (gives === "execute" && functions?.execute !== false) ||
          (gives === "files" && functions?.writeFiles !== false),
      )
      .map(({ path }) => path.replace("/instances/x/", "/instances/{id}/"));
  });
  return [...new Set(paths)];
}

/** The entries of a server with those through proxies, each knowing what the others ask for. */
export function withPassages(server: Server, passages: readonly Passage[]): Server["listeners"] {
  return server.listeners.map((reached) => {
    const own = passages.filter((passage) => passage.reached === reached);
    if (own.length === 0) return reached;
    return {
      ...reached,
      entries: [
        ...reached.entries.map((entry) => aroundProxy(entry, own)),
        ...own.map((passage) => besideOthers(passage, own)),
      ],
    };
  });
}

/** A direct entry that has less before it than one through a proxy. */
function aroundProxy(entry: EntryFact, passages: readonly Passage[]): EntryFact {
  const guarded = passages.find(
    ({ front, entry: other }) => asks(front.route) || (other.tls.mode === "on" && entry.tls.mode === "off"),
  );
  if (guarded === undefined) return entry;
  const lines = [
    ...(guarded.front.route.origins["/login"] ?? []),
    ...(guarded.front.route.origins["/path"] ?? []),
  ];
  return {
    ...entry,
    goesAround: throughOf(guarded.front),
    origins: { ...entry.origins, "/goesAround": lines },
  };
}

function besideOthers({ front, entry }: Passage, passages: readonly Passage[]): EntryFact {
  const { route, proxy } = front;
  const asked = passages.find(
    (other) => other.front.proxy === proxy && asks(other.front.route) && !samePaths(other.front.route, route),
  );
  const leftOut = route.login === "none" && route.protocol === "http" && asked !== undefined;
  if (!leftOut) return { ...entry, leftOut };
  return {
    ...entry,
    leftOut,
    origins: { ...entry.origins, "/others": asked.front.route.origins["/login"] ?? [] },
  };
}

function samePaths(left: ProxyRoute, right: ProxyRoute): boolean {
  return left.paths.join() === right.paths.join();
}

function asks({ login, callers }: ProxyRoute): boolean {
  return !isUnknown(login) && login !== "none" && callers !== "nobody";
}
