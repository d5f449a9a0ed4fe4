/** The routes of nginx as `reach` takes them: paths that are treated alike, with what of a PACS lies behind them. */
import { fromPlace, labelled, type Origin } from "../../facts/origin.ts";
import { isUnknown, type Maybe } from "../../facts/unknown.ts";
import type { Located } from "../../text/text.ts";
import { givenBy, probePaths } from "../probe-paths.ts";
import type { PassedPath, ProxyRoute, RouteTarget } from "../product.ts";
import { accessOf } from "./access.ts";
import { type Block, gapsAround, placeOf, setting } from "./block.ts";
import { maybe, megabytes, originOf, tlsFact, unknownOf } from "./fact-values.ts";
import type { NginxModel } from "./model.ts";
import type { RoutePath } from "./places.ts";
import type { ProbedBackend, ProbeResult } from "./probe.ts";
import { type Backend, suppliedAuthorization } from "./proxy.ts";
import { type Origin as At, ask, bodyLimitOf, type FoundRoute, foundRoutes, hostFor } from "./routes.ts";
import { socketId } from "./sockets.ts";
import { hstsOf } from "./tls.ts";
import { type Treatment, treatmentsOf } from "./treatment.ts";

/** Something that was asked for, and got to a backend. */
interface Asked {
  readonly at: At;
  /** As the outsider writes it. */
  readonly path: string;
  /** The location's own pattern, not just one path in it. */
  readonly whole: boolean;
  readonly method: string;
  readonly backend: ProbedBackend;
  readonly result: ProbeResult;
  readonly passes: Maybe<readonly PassedPath[]>;
}

/** The routes of http. */
export function proxyRoutes(model: NginxModel): readonly ProxyRoute[] {
  const found = foundRoutes(model).filter(
    ({ origin }) => !origin.server.tls.rejects && socketId(origin.socket) !== undefined,
  );
  const asked = [...found.flatMap(samplesOf), ...probesOf(found)];
  const groups = new Map<string, Group>();
  for (const one of asked) {
    for (const treatment of treatmentsOf(one.result, one.backend.block)) {
      const key = keyOf(one, treatment);
      const group = groups.get(key);
      if (group === undefined) groups.set(key, { treatment, members: [one] });
      else group.members.push(one);
    }
  }
  return numbered([...groups.values()].flatMap(routeOf));
}

interface Group {
  readonly treatment: Treatment;
  readonly members: Asked[];
}

/** What the sampled paths of the locations show. */
function samplesOf({ route, origin, result }: FoundRoute): readonly Asked[] {
  const backend = result?.backend;
  const [path] = route.paths;
  if (result === undefined || backend === undefined || path === undefined) return [];
  const method = route.sample.method;
  const upstream = backend.path;
  const passes =
    typeof upstream === "string"
      ? route.methods.flatMap((each) => givenBy(withoutQuery(upstream), each))
      : unknownOf(upstream);
  return [{ at: origin, path: pathText(path), whole: true, method, backend, result, passes }];
}

function pathText({ kind, pattern, ignoreCase }: RoutePath): string {
  if (kind === "regex") return `${ignoreCase ? "~*" : "~"} ${pattern}`;
  return kind === "exact" ? `= ${pattern}` : pattern;
}

function withoutQuery(path: string): string {
  return path.split("?")[0] ?? path;
}

/** Asks for every known path of a PACS, by each name under which a location may pass it on. */
function probesOf(found: readonly FoundRoute[]): readonly Asked[] {
  const servers = new Map<string, FoundRoute[]>();
  for (const one of found) {
    const key = `${socketId(one.origin.socket)} ${one.origin.server.at.file}:${one.origin.server.at.start}`;
    const same = servers.get(key);
    if (same === undefined) servers.set(key, [one]);
    else same.push(one);
  }
  return [...servers.values()].flatMap(probesOfServer);
}

function probesOfServer(found: readonly FoundRoute[]): readonly Asked[] {
  const [first] = found;
  if (first === undefined || !found.some(({ result }) => result?.backend !== undefined)) return [];
  const prefixes = distinctPrefixes(found.flatMap(prefixOf));
  const host = hostFor(first.origin.server);
  return probePaths.flatMap(({ path: wanted, method, product, gives, needs }): readonly Asked[] =>
    publicPaths(wanted, prefixes).flatMap((path): readonly Asked[] => {
      const result = ask(first.origin, { path, method, host });
      const { backend } = result;
      if (backend === undefined || typeof backend.path !== "string" || withoutQuery(backend.path) !== wanted)
        return [];
      const passes = [{ path: wanted, product, gives, ...(needs === undefined ? {} : { needs }) }];
      return [{ at: first.origin, path, whole: false, method, backend, result, passes }];
    }),
  );
}

/** What stands before a path outside, and what stands there at the backend. */
interface Prefix {
  readonly outside: string;
  readonly inside: string;
}

function prefixOf({ route, result }: FoundRoute): readonly Prefix[] {
  const [path] = route.paths;
  const inside = result?.backend?.path;
  if (path === undefined || typeof inside !== "string" || (path.kind !== "prefix" && path.kind !== "exact"))
    return [];
  const tail = route.sample.path.slice(path.pattern.length);
  const upstream = withoutQuery(inside);
  return upstream.endsWith(tail)
    ? [{ outside: path.pattern, inside: upstream.slice(0, upstream.length - tail.length) }]
    : [];
}

function distinctPrefixes(prefixes: readonly Prefix[]): readonly Prefix[] {
  const seen = new Set<string>();
  return prefixes.filter(({ outside, inside }) => {
    const key = `${outside} ${inside}`;
    return outside !== inside && !seen.has(key) && seen.add(key) !== undefined;
  });
}

function publicPaths(wanted: string, prefixes: readonly Prefix[]): readonly string[] {
  const mapped = prefixes.flatMap(({ outside, inside }) =>
    wanted.startsWith(inside) ? [outside + wanted.slice(inside.length)] : [],
  );
  return [...new Set([wanted, ...mapped])];
}

function keyOf({ at, backend }: Asked, { login, callers }: Treatment): string {
  const targets = backend.backends.map(({ host, port, unix, unknown }) => [
    host,
    port,
    unix,
    unknown?.unknown,
  ]);
  const said = (value: unknown) => (typeof value === "string" ? value : JSON.stringify(value));
  return JSON.stringify([
    socketId(at.socket),
    at.server.at,
    targets,
    said(login),
    said(callers),
    backend.supplies,
  ]);
}

function routeOf({ treatment, members }: Group): readonly ProxyRoute[] {
  const whole = members.filter((member) => member.whole);
  const shown = whole.length > 0 ? whole : members;
  const [first] = shown;
  if (first === undefined) return [];
  const { server, socket, listen } = first.at;
  const { block } = first.backend;
  const paths = [...new Set(shown.map(({ path }) => path))];
  const name = server.names.find(({ text }) => text !== "" && text !== "_")?.text;
  const { tls, origins } = tlsFact(server, socket.tls, socket.defaultServer.tls.protocols, listen);
  const [gap] = gapsAround(block);
  const route: ProxyRoute = {
    id: `${socketId(socket)}${name === undefined ? "" : `/${name}`}${paths[0]?.startsWith("/") === true ? "" : "/"}${paths[0] ?? ""}`,
    socket: socketId(socket) ?? "",
    label: `location${paths.length > 1 ? "s" : ""} ${paths.slice(0, 4).join(", ")}${paths.length > 4 ? ", …" : ""}${name === undefined ? "" : ` (server ${name})`}`,
    protocol: "http",
    paths,
    targets: first.backend.backends.map(targetOf),
    login: treatment.login,
    callers: treatment.callers,
    allowed: treatment.allowed,
    suppliesLogin: maybe(first.backend.supplies),
    passes: passesOf(members),
    tls,
    bodyLimit: megabytes(bodyLimitOf(block)),
    hsts: hasHsts(block),
    unread: asksAnyway(treatment) ? null : (gap?.reason ?? null),
    origins: { ...origins, ...originsOf(shown, treatment, listen, server) },
  };
  return [route];
}

/** A login that stands in what can be read: lines that cannot be would have to switch it off again. */
function asksAnyway({ login }: Treatment): boolean {
  return !isUnknown(login) && login !== "none";
}

function targetOf({ host, port, unix, unknown: why }: Backend): RouteTarget {
  if (why !== undefined) return { host: unknownOf(why), port: unknownOf(why) };
  return unix === undefined ? { host: host ?? "", port: port ?? 80 } : { host: `unix:${unix}`, port: 0 };
}

function passesOf(members: readonly Asked[]): Maybe<readonly PassedPath[]> {
  const known: PassedPath[] = [];
  for (const { passes } of members) {
    if (!Array.isArray(passes)) return passes;
    known.push(...passes);
  }
  const seen = new Set<string>();
  return known.filter(({ path, product, gives }) => {
    const key = `${product} ${gives} ${path}`;
    return !seen.has(key) && seen.add(key) !== undefined;
  });
}

function hasHsts(block: Block): Maybe<boolean> {
  const value = maybe(hstsOf(block).value);
  return typeof value === "string" ? /max-age\s*=\s*"?[1-9]/iu.test(value) : value;
}

/** More locations than these say no more. */
const shownLocations = 3;

function originsOf(
  members: readonly Asked[],
  treatment: Treatment,
  listen: Located,
  server: Located,
): ProxyRoute["origins"] {
  const [first] = members;
  if (first === undefined) return {};
  const { block } = first.backend;
  const places = (located: readonly Located[]): readonly Origin[] =>
    distinct(located).map((each) => fromPlace(each));
  const supplied = suppliedAuthorization(block);
  const limit = setting(block, "client_max_body_size");
  const idle = members.flatMap(({ backend }) => accessOf(backend.block).idle ?? []);
  const [gap] = gapsAround(block);
  return {
    "/listen": [fromPlace(listen)],
    "/path": places(members.map(({ backend }) => headOf(backend.block) ?? server)).slice(0, shownLocations),
    "/target": places(members.map(({ backend }) => backend.at)).slice(0, shownLocations),
    "/login": places(treatment.loginAt),
    "/promised": places(idle).map((origin) => labelled(origin, "asks nobody: no file of users is named")),
    "/callers": places(treatment.callersAt),
    "/suppliesLogin": supplied === undefined ? [] : [fromPlace(supplied)],
    "/bodyLimit": limit === undefined ? [] : [fromPlace(limit)],
    "/hsts": originOf(hstsOf(block), server),
    "/unread": gap === undefined ? [] : [fromPlace(gap)],
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

function distinct(located: readonly Located[]): readonly Located[] {
  const seen = new Set<string>();
  return located.filter(({ at }) => {
    const key = `${at.file}:${at.start}`;
    return !seen.has(key) && seen.add(key) !== undefined;
  });
}

/** Different treatments of one path are told apart by a number. */
function numbered(routes: readonly ProxyRoute[]): readonly ProxyRoute[] {
  const seen = new Map<string, number>();
  return routes.map((route) => {
    const count = (seen.get(route.id) ?? 0) + 1;
    seen.set(route.id, count);
    return count === 1 ? route : { ...route, id: `${route.id} (${count})` };
  });
}
