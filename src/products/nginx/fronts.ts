/** The servers of nginx as every proxy has them. */
import { fromPlace, labelled, type Origin } from "../../facts/origin.ts";
import { isUnknown, type Maybe } from "../../facts/unknown.ts";
import { type Located, placeOf } from "../../text/text.ts";
import type { RouteTarget } from "../product.ts";
import type { Front, Goal, Sample, Treatment, Way } from "../proxy/front.ts";
import type { HashedLogins } from "../proxy/hashed-logins.ts";
import { pathsLabel } from "../proxy/routes.ts";
import { accessOf } from "./access.ts";
import { type Block, gapsAround, setting } from "./block.ts";
import { type ClientGroup, clientGroups } from "./clients.ts";
import { maybe, megabytes, originOf, tlsFact, unknownOf } from "./fact-values.ts";
import type { NginxModel } from "./model.ts";
import type { RoutePath } from "./places.ts";
import type { ProbedBackend, ProbeResult } from "./probe.ts";
import { type Backend, suppliedAuthorization } from "./proxy.ts";
import { type Origin as At, ask, bodyLimitOf, type FoundRoute, foundRoutes, hostFor } from "./routes.ts";
import { socketId } from "./sockets.ts";
import { hstsOf } from "./tls.ts";
import { treatmentsOf } from "./treatment.ts";

/** The servers of http, once for each of their sockets. */
export function frontsOf(model: NginxModel, readUsers: ReadUsers): readonly Front[] {
  const servers = new Map<string, FoundRoute[]>();
  for (const one of foundRoutes(model)) {
    const { socket, server } = one.origin;
    const id = socketId(socket);
    if (server.tls.rejects || id === undefined) continue;
    const key = `${id} ${server.at.file}:${server.at.start}`;
    const same = servers.get(key);
    if (same === undefined) servers.set(key, [one]);
    else same.push(one);
  }
  return [...servers.entries()].flatMap(([key, found]) => frontOf(key, found, readUsers));
}

/** The logins in a file of users, by the path in the configuration; undefined where it is not there to read. */
export type ReadUsers = (path: string) => HashedLogins | undefined;

function frontOf(key: string, found: readonly FoundRoute[], readUsers: ReadUsers): readonly Front[] {
  const [first] = found;
  if (first === undefined) return [];
  const { server, socket, listen } = first.origin;
  const name = server.names.find(({ text }) => text !== "" && text !== "_")?.text;
  const { tls, origins } = tlsFact(server, socket.tls, socket.defaultServer.tls.protocols, listen);
  return [
    {
      socket: socketId(socket) ?? "",
      key,
      name,
      tls,
      origins: { ...origins, "/listen": [fromPlace(listen)] },
      samples: distinctSamples(found.flatMap(sampleOf)),
      ask: asking(first.origin, readUsers),
      label: (paths) => pathsLabel("location", paths, name),
    },
  ];
}

function sampleOf({ route, result, origin }: FoundRoute): readonly Sample[] {
  const [path] = route.paths;
  if (path === undefined) return [];
  const isPlain = path.kind === "prefix" || path.kind === "exact";
  const prefix = isPlain ? { prefix: path.pattern } : {};
  if (isLed(origin, route.sample.path, result))
    return [{ shown: pathText(path), path: route.sample.path, ...prefix }];
  // The start page of a folder is a file; what is no file may be passed on (`error_page 404 = @pacs`).
  const below = `${path.pattern.replace(/\/$/u, "")}/instances`;
  if (path.kind !== "prefix" || !isLed(origin, below, undefined)) return [];
  return [{ shown: pathText(path), path: below, ...prefix }];
}

/** Whether somebody's request for a path is passed on: a stranger's, or that of a group of callers. */
function isLed(origin: At, path: string, result: ProbeResult | undefined): boolean {
  const request = { path, method: "GET", host: hostFor(origin.server) };
  return (
    (result ?? ask(origin, request)).backend !== undefined ||
    clientGroups(origin.model).some(({ client }) => ask(origin, request, client).backend !== undefined)
  );
}

function distinctSamples(samples: readonly Sample[]): readonly Sample[] {
  const seen = new Set<string>();
  return samples.filter(({ shown, path }) => {
    const key = `${shown} ${path}`;
    return !seen.has(key) && seen.add(key) !== undefined;
  });
}

function pathText({ kind, pattern, ignoreCase }: RoutePath): string {
  if (kind === "regex") return `${ignoreCase ? "~*" : "~"} ${pattern}`;
  return kind === "exact" ? `= ${pattern}` : pattern;
}

/** Each question is answered once: the same ones are asked for samples and for known paths. */
function asking(at: At, readUsers: ReadUsers): Front["ask"] {
  const answers = new Map<string, readonly Way[]>();
  const host = hostFor(at.server);
  return (path, method) => {
    const key = `${method} ${path}`;
    const known = answers.get(key) ?? waysOf(at, { path, method, host }, readUsers);
    answers.set(key, known);
    return known;
  };
}

function waysOf(at: At, request: Parameters<typeof ask>[1], readUsers: ReadUsers): readonly Way[] {
  const anybody = waysIn(ask(at, request), at.server, readUsers);
  const isOpen = anybody.some(
    ({ treatment: { login, callers } }) => login === "none" && callers === "anybody",
  );
  if (isOpen) return anybody;
  const listed = clientGroups(at.model).flatMap((group) =>
    waysIn(ask(at, request, group.client), at.server, readUsers)
      .filter(({ treatment: { login, callers } }) => login === "none" && callers === "anybody")
      .map((way): Way => ({ ...way, treatment: { ...way.treatment, ...callersIn(group) } })),
  );
  const decided =
    listed.length > 0 ? anybody.filter(({ treatment }) => !isLeftToAddress(treatment)) : anybody;
  return [...decided, ...listed];
}

function callersIn({ texts, isHost, at }: ClientGroup): Pick<Treatment, "callers" | "callersAt" | "allowed"> {
  return { callers: isHost ? "host" : "listed", callersAt: [at], allowed: texts };
}

/** What a condition on the address leaves open is told by the groups of callers. */
function isLeftToAddress({ callers }: Treatment): boolean {
  return isUnknown(callers) && callers.cause === "opaque";
}

function waysIn(result: ProbeResult, server: Located, readUsers: ReadUsers): readonly Way[] {
  const { backend } = result;
  if (backend === undefined) return [];
  const goal = goalOf(backend, server);
  return treatmentsOf(result, backend.block).map((treatment) => ({
    treatment: withAccounts(treatment, backend.block, readUsers),
    goal,
  }));
}

function withAccounts(treatment: Treatment, block: Block, readUsers: ReadUsers): Treatment {
  if (treatment.login !== "basic") return treatment;
  const gate = accessOf(block).gates.find(({ kind }) => kind === "basic");
  const path = gate?.kind === "basic" ? gate.userFile : undefined;
  const accounts = typeof path === "string" ? readUsers(path) : undefined;
  return accounts === undefined ? treatment : { ...treatment, accounts };
}

function goalOf(backend: ProbedBackend, server: Located): Goal {
  const { block } = backend;
  const [gap] = gapsAround(block);
  return {
    targets: backend.backends.map(targetOf),
    inside: maybe(backend.path),
    supplies: maybe(backend.supplies),
    bodyLimit: megabytes(bodyLimitOf(block)),
    hsts: hasHsts(block),
    unread: gap?.reason ?? null,
    origins: originsOf(backend, server),
  };
}

function targetOf({ host, port, unix, unknown: why }: Backend): RouteTarget {
  if (why !== undefined) return { host: unknownOf(why), port: unknownOf(why) };
  return unix === undefined ? { host: host ?? "", port: port ?? 80 } : { host: `unix:${unix}`, port: 0 };
}

function hasHsts(block: Block): Maybe<boolean> {
  const value = maybe(hstsOf(block).value);
  return typeof value === "string" ? /max-age\s*=\s*"?[1-9]/iu.test(value) : value;
}

function originsOf({ block, at }: ProbedBackend, server: Located): Goal["origins"] {
  const place = (located: Located | undefined): readonly Origin[] =>
    located === undefined ? [] : [fromPlace(located)];
  const [gap] = gapsAround(block);
  return {
    "/path": place(headOf(block) ?? server),
    "/target": place(at),
    "/promised": place(accessOf(block).idle).map((origin) =>
      labelled(origin, "asks nobody: no file of users is named"),
    ),
    "/suppliesLogin": place(suppliedAuthorization(block)),
    "/bodyLimit": place(setting(block, "client_max_body_size")),
    "/hsts": originOf(hstsOf(block), server),
    "/unread": place(gap),
  };
}

/** The line of the location around a block; a block inside of one belongs to it. */
function headOf(block: Block): Located | undefined {
  for (let level: Block | undefined = block; level !== undefined; level = level.parent) {
    if (level.kind === "location" || level.kind === "server")
      return level.head === undefined ? undefined : placeOf(level.head);
  }
  return undefined;
}
