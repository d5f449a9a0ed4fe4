/** Ways in through proxies: their routes joined with the servers that they lead to. */
import type { AnonymousHttp, Auth, EntryFact, HttpFunctions, Reach } from "../facts/facts.ts";
import { labelled, type Origin } from "../facts/origin.ts";
import { and, isUnknown, type Maybe, map, or, unknown } from "../facts/unknown.ts";
import type { Answer, PassedPath, ProxyRoute, RequestLine, Socket } from "../products/product.ts";
import { languageOf } from "./language.ts";
import { entryFact } from "./reach.ts";
import { type Landing, landingsOf, type Server } from "./targets.ts";

/** One of the ways in that a proxy itself has, for one of its routes. */
interface Front {
  readonly proxy: Server;
  readonly route: ProxyRoute;
  readonly entry: EntryFact;
  /** The proxy before it, where the entry leads through one. */
  readonly before?: Front;
}

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

/** Whether the proxies before lead to this way at all. */
function isLedTo({ route, before }: Front): boolean {
  return (
    before === undefined ||
    route.protocol === "tcp" ||
    route.samples.some((sample) => {
      const outside = outsideOf(sample, before);
      return isUnknown(outside) || outside.length > 0;
    })
  );
}

/** How a request has to be written before this proxy and those before it. */
function outsideOf(asked: RequestLine, { route, before }: Front): Maybe<readonly RequestLine[]> {
  const here = route.outsideOf === undefined ? [asked] : route.outsideOf(asked);
  if (isUnknown(here) || before === undefined) return here;
  const found: RequestLine[] = [];
  for (const one of here) {
    const outside = outsideOf(one, before);
    if (isUnknown(outside)) return outside;
    found.push(...outside);
  }
  return found;
}

/** Of what the last proxy passes on, that to which the ones before it lead. */
function givenThrough({ route, before }: Front): Maybe<readonly PassedPath[]> {
  const { passes } = route;
  if (before === undefined || isUnknown(passes)) return passes;
  const led: PassedPath[] = [];
  for (const pass of passes) {
    const outside = outsideOf(pass.outside, before);
    if (isUnknown(outside)) return outside;
    if (outside.length > 0) led.push(pass);
  }
  return led;
}

function entriesOf(proxy: Server, socket: string): readonly EntryFact[] {
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
  const made = entryFact(listener, {
    id: `${listener.id}/${proxy.service.name}/${route.id}${entry.id.endsWith("/direct") ? "" : `@${entry.id}`}`,
    address: entry.address,
    port: entry.port,
    reach: [socket.port, socket.bind, answer.refused].find(isUnknown) ?? limited(entry.reach, route, proxy),
    seen,
    answer: view,
    origins: originsThrough(front, landing),
  });
  const language = languageOf(proxy.service);
  return {
    ...made,
    ...(language === undefined ? {} : { language }),
    ...(asksAtProxy(front) ? { proxyAsks: true } : {}),
    through: direct ? throughOf(front) : `${entry.through}, ${throughOf(front)}`,
    paths: direct ? pathsOf(route) : chainedPaths(front),
    tls: tlsThrough(front, landing),
    ...(route.allowed.length === 0 ? {} : { onlyFrom: route.allowed }),
  };
}

/** Whether this proxy, or one before it, asks for a login. */
function asksAtProxy({ route: { login }, before }: Front): boolean {
  if (!isUnknown(login) && login !== "none" && login !== "client-certificate") return true;
  return before !== undefined && asksAtProxy(before);
}

/** Pages without data, or paths of an interface that is not there: nobody gets an image this way. */
function givesNothing({ anonymous, auth }: Answer, given: Maybe<readonly PassedPath[]>): boolean {
  if (anonymous === undefined) return false;
  if (!isUnknown(given) && given.every(({ gives }) => gives === "page")) return true;
  return auth.mode === "none" && Object.values(anonymous).every((ability) => ability === false);
}

/** The proxy and its route, for people. */
export function throughOf({ proxy, route }: Pick<Front, "proxy" | "route">): string {
  return `${proxy.service.name}: ${route.label}`;
}

function pathsOf(route: ProxyRoute): readonly string[] {
  return route.paths.length === 0 ? ["/"] : route.paths;
}

/** The paths of the last proxy as they have to be written before the first. */
function chainedPaths({ route, before, entry }: Front): readonly string[] {
  if (before === undefined) return entry.paths;
  const outside = route.paths.flatMap((path) => {
    const asked = path.startsWith("/") ? outsideOf({ path, method: "GET" }, before) : [];
    return isUnknown(asked) ? [] : asked.map((one) => one.path);
  });
  return outside.length === 0 ? entry.paths : [...new Set(outside)];
}

/** The paths of a socket's own product; of several sockets of one port, each has its paths. */
function passesTo({ socket, server }: Landing): (passes: readonly PassedPath[]) => readonly PassedPath[] {
  const product = server.service.product;
  const rivals = server.derived.sockets.filter((other) => other.port === socket.port);
  return (passes) =>
    passes.filter(
      (pass) => (pass.product === "any" || pass.product === product) && takes(socket, rivals, pass.path),
    );
}

function takes(socket: Socket, rivals: readonly Socket[], path: string): boolean {
  const length = (one: Socket): number =>
    Math.max(
      one.paths === undefined ? 0 : -1,
      ...(one.paths ?? [])
        .filter((prefix) => path === prefix || path.startsWith(`${prefix}/`))
        .map((prefix) => prefix.length),
    );
  const own = length(socket);
  return own >= 0 && rivals.every((rival) => length(rival) <= own);
}

/** What a caller can do whom the proxy lets through: what the server grants, as far as its paths are passed on. */
function behind(
  { route, entry }: Front,
  answer: Answer,
  given: Maybe<readonly PassedPath[]>,
): Pick<Answer, "anonymous" | "loggedIn" | "functions"> {
  const { functions, anonymous, loggedIn } = answer;
  const supplied = suppliesTo(route, answer);
  const granted = isUnknown(supplied) ? unsure(supplied) : supplied ? answer.loggedIn : anonymous;
  const unasked = and(
    map(route.login, (login) => login === "none" || login === "client-certificate"),
    // A proxy before this one may have asked.
    entry.through === "direct" || map(entry.auth.mode, (mode) => mode === "none"),
  );
  const through = (ability: keyof AnonymousHttp, abilities: AnonymousHttp | undefined): Maybe<boolean> =>
    map(given, (passes) => or(...passes.map((pass) => grants(pass, ability, abilities))));
  const can = (ability: keyof AnonymousHttp): Maybe<boolean> => and(unasked, through(ability, granted));
  const passed = (ability: keyof AnonymousHttp): Maybe<boolean> =>
    map(given, (passes) => passes.some((pass) => ways[ability].includes(pass.gives)));
  return {
    ...(anonymous === undefined ? {} : { anonymous: eachAbility(can) }),
    ...(loggedIn === undefined ? {} : { loggedIn: eachAbility((ability) => through(ability, loggedIn)) }),
    ...(functions === undefined ? {} : { functions: functionsBehind(functions, passed) }),
  };
}

function eachAbility(value: (ability: keyof AnonymousHttp) => Maybe<boolean>): AnonymousHttp {
  return {
    read: value("read"),
    write: value("write"),
    delete: value("delete"),
    execute: value("execute"),
    writeFiles: value("writeFiles"),
    dicomweb: value("dicomweb"),
    webdav: value("webdav"),
  };
}

function unsure(why: Maybe<boolean>): AnonymousHttp {
  return eachAbility(() => why);
}

const ways: Readonly<Record<keyof AnonymousHttp, readonly PassedPath["gives"][]>> = {
  read: ["read", "dicomweb", "webdav"],
  write: ["write"],
  delete: ["delete"],
  execute: ["execute"],
  writeFiles: ["files"],
  dicomweb: ["dicomweb"],
  webdav: ["webdav"],
};

/** Whether a path gives an ability that the server grants; some paths are there with a plugin or an option only. */
function grants(
  { gives, needs }: PassedPath,
  ability: keyof AnonymousHttp,
  granted: AnonymousHttp | undefined,
): Maybe<boolean> {
  if (granted === undefined || !ways[ability].includes(gives)) return false;
  return and(granted[ability], needs === undefined ? true : granted[needs]);
}

function functionsBehind(
  functions: HttpFunctions,
  passed: (ability: keyof AnonymousHttp) => Maybe<boolean>,
): HttpFunctions {
  return {
    execute: and(passed("execute"), functions.execute),
    writeFiles: and(passed("writeFiles"), functions.writeFiles),
    webdav: and(passed("webdav"), functions.webdav),
    webdavUpload: and(passed("webdav"), passed("write"), functions.webdavUpload),
    webdavDelete: and(passed("webdav"), functions.webdavDelete),
  };
}

/** Whether a login that the proxy adds is one that the server asks for. */
function suppliesTo(route: ProxyRoute, answer: Answer): Maybe<boolean> {
  if (route.suppliesLogin === false || answer.auth.mode === "none") return false;
  const asked = map(answer.auth.mode, (mode) => mode === "basic" || mode === "password");
  return and(route.suppliesLogin, asked);
}

/** The login that stands before an answer: the proxy's, that of a proxy before it, or the server's own. */
function authThrough({ route, entry }: Front, answer: Answer): Auth {
  const supplied = suppliesTo(route, answer);
  const { login } = route;
  if (isUnknown(login))
    return {
      ...answer.auth,
      mode: answer.auth.mode === "none" || supplied !== false ? login : answer.auth.mode,
    };
  if (login !== "none" && login !== "client-certificate")
    return { mode: login, ...elsewhere(route), suppliedByProxy: supplied };
  if (entry.through !== "direct" && entry.auth.mode !== "none")
    return { ...entry.auth, suppliedByProxy: supplied };
  if (supplied === false) return answer.auth;
  if (isUnknown(supplied)) return { ...answer.auth, mode: supplied };
  return { ...answer.auth, mode: "none", defaultCredentials: false, suppliedByProxy: true };
}

/** Passwords are kept as hashes, or by another service: often nothing can be said of them. */
function elsewhere({
  login,
  accounts,
}: ProxyRoute): Pick<Auth, "defaultCredentials" | "lockout" | "lockedOut"> {
  if (accounts !== undefined)
    return {
      defaultCredentials: accounts.published,
      lockout: false,
      ...(accounts.nobody ? { lockedOut: true } : {}),
    };
  const kept = unknown(
    "opaque",
    login === "basic" ? "the proxy keeps hashes of its passwords" : "another service checks the login",
  );
  return { defaultCredentials: kept, lockout: login === "basic" ? false : kept };
}

function tlsThrough({ route, entry }: Front, { reached }: Landing): EntryFact["tls"] {
  const own = entry.through === "direct" ? route.tls : entry.tls;
  // What is passed on byte by byte is encrypted by the server itself, if at all.
  const tls = route.protocol === "tcp" && own.mode === "off" ? reached.listener.tls : own;
  return route.login === "client-certificate" ? { ...tls, clientCertificate: "required" } : tls;
}

const order: readonly Reach[] = ["none", "container", "host", "internal", "network", "internet"];

/** A list of addresses takes in a network at most; one of loopback addresses only the proxy's own host. */
function limited(reach: Maybe<Reach>, { callers }: ProxyRoute, { service }: Server): Maybe<Reach> {
  if (isUnknown(reach) || callers === "anybody") return reach;
  if (isUnknown(callers)) return callers;
  const own = service.network.kind === "host" || service.network.hostNetwork === true ? "host" : "container";
  const most: Reach = callers === "listed" ? "network" : callers === "host" ? own : "none";
  return order.indexOf(reach) <= order.indexOf(most) ? reach : most;
}

/** The chain of lines: how the outsider gets to the proxy, its route, and the server's own settings. */
function originsThrough(front: Front, landing: Landing): EntryFact["origins"] {
  const { route } = front;
  const answer = landing.socket.seen[landing.seen];
  const at = (pointer: string, label: string) => relabelled(route.origins[pointer], label);
  const path = at("/path", route.login === "none" ? "no login is asked here" : "these paths lead on");
  const reach = reachOrigins(front, landing, path);
  const mode = route.protocol === "tcp" ? [] : modeOrigins(front, path, backendOrigins(route, answer));
  return {
    "/reach": reach,
    ...(route.protocol === "tcp" && route.tls.mode === "off" ? {} : tlsOrigins(front)),
    ...(mode.length === 0 ? {} : { "/auth/mode": mode }),
    "/auth/promised": [...(route.origins["/promised"] ?? []), ...(answer.origins["/auth/promised"] ?? [])],
    ...(route.accounts === undefined
      ? {}
      : { "/auth/defaultCredentials": at("/accounts", "the proxy's own account") }),
    "/auth/suppliedByProxy": at("/suppliesLogin", "the proxy logs everybody in"),
    "/leftOut": path,
    "/onlyFrom": at("/callers", "these addresses are let in"),
    "/via": [...reach, ...mode.filter((origin) => !path.includes(origin))],
  };
}

function relabelled(origins: readonly Origin[] | undefined, label: string): readonly Origin[] {
  return (origins ?? []).map((origin) => labelled(origin, label));
}

function reachOrigins(front: Front, { seen, server }: Landing, path: readonly Origin[]): readonly Origin[] {
  const { route, entry, proxy } = front;
  const own = seen === "loopback" ? ", which takes the request for one of its own host" : "";
  return [
    ...(entry.through === "direct" ? reachedBy(entry) : (entry.origins["/reach"] ?? [])),
    ...relabelled(route.origins["/listen"], `${proxy.service.name} listens here`),
    ...relabelled(route.origins["/callers"], "who is let in by address"),
    ...path,
    ...relabelled(route.origins["/target"], `passed on to ${server.service.name}${own}`),
  ];
}

/** The server's own lines about its login. */
function backendOrigins(route: ProxyRoute, answer: Answer): readonly Origin[] {
  const origins = answer.origins["/auth/mode"] ?? answer.origins["/auth"] ?? [];
  if (route.login !== "none") return origins;
  const label = answer.auth.mode === "none" ? "nor is one asked here" : "the server's own login";
  return origins.map((origin) => (origin.label === undefined ? labelled(origin, label) : origin));
}

/** Whose line decides about the login: one that is written comes before a default. */
function modeOrigins(
  { route, entry }: Front,
  path: readonly Origin[],
  backend: readonly Origin[],
): readonly Origin[] {
  const { login, suppliesLogin, origins } = route;
  if (isUnknown(login)) return [...(origins["/login"] ?? []), ...(origins["/unread"] ?? []), ...path];
  if (login !== "none") return [...relabelled(origins["/login"], "a login is asked here"), ...path];
  if (entry.through !== "direct" && entry.auth.mode !== "none") return entry.origins["/auth/mode"] ?? [];
  const supplied = relabelled(origins["/suppliesLogin"], "the proxy logs everybody in");
  if (suppliesLogin !== false && supplied.length > 0) return [...supplied, ...path, ...backend];
  return backend[0]?.kind === "place" ? [...backend, ...path] : [...path, ...backend];
}

/** The published port, of what leads to the proxy itself; its own listen line is shown after it. */
function reachedBy(entry: EntryFact): readonly Origin[] {
  return (entry.origins["/reach"] ?? []).filter((origin) => origin.label !== undefined);
}

function tlsOrigins({ route, entry }: Front): EntryFact["origins"] {
  const source = entry.through === "direct" ? route.origins : entry.origins;
  return Object.fromEntries(Object.entries(source).filter(([pointer]) => pointer.startsWith("/tls")));
}
