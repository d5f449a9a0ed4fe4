/** The routes of a proxy as `reach` takes them: paths that are treated alike, with what of a PACS lies behind them. */
import { fromPlace, type Origin } from "../../facts/origin.ts";
import { isUnknown, type Maybe } from "../../facts/unknown.ts";
import type { Located } from "../../text/text.ts";
import { givenBy, probePaths } from "../probe-paths.ts";
import type { PassedPath, ProxyRoute, RequestLine } from "../product.ts";
import type { Front, Treatment, Way } from "./front.ts";

/** A path that was asked for, and one of its ways to a server. */
interface Asked {
  readonly front: Front;
  /** As the outsider writes it. */
  readonly path: string;
  readonly outside: RequestLine;
  /** The configuration's own pattern, not just one path in it. */
  readonly whole: boolean;
  readonly way: Way;
  readonly passes: Maybe<readonly PassedPath[]>;
}

const methods = ["GET", "POST", "PUT", "DELETE"];

/** The routes of all servers of a proxy. */
export function routesOf(fronts: readonly Front[]): readonly ProxyRoute[] {
  const groups = new Map<string, Asked[]>();
  for (const one of [...fronts.flatMap(samplesOf), ...fronts.flatMap(probesOf)]) {
    const key = keyOf(one);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [one]);
    else group.push(one);
  }
  return numbered([...groups].flatMap(([key, members]) => routeOf(key, members)));
}

/** What the sampled paths show. */
function samplesOf(front: Front): readonly Asked[] {
  return front.samples.flatMap(({ shown, path }) =>
    methods.flatMap((method) =>
      front.ask(path, method).map((way): Asked => {
        const { inside } = way.goal;
        const outside = { path, method };
        const passes = isUnknown(inside)
          ? inside
          : givenBy(withoutQuery(inside), method).map((given) => ({ ...given, outside }));
        return { front, path: shown, outside, whole: true, way, passes };
      }),
    ),
  );
}

function withoutQuery(path: string): string {
  return path.split("?")[0] ?? path;
}

/** Asks for every known path of a PACS, by each name under which it may be passed on. */
function probesOf(front: Front): readonly Asked[] {
  const prefixes = distinctPrefixes(front);
  if (prefixes === undefined) return [];
  return probePaths.flatMap(({ path: wanted, method, product, gives, needs }): readonly Asked[] =>
    publicPaths(wanted, prefixes).flatMap((path): readonly Asked[] =>
      front
        .ask(path, method)
        .filter(({ goal: { inside } }) => !isUnknown(inside) && withoutQuery(inside) === wanted)
        .map((way): Asked => {
          const outside = { path, method };
          const passes = [
            { path: wanted, outside, product, gives, ...(needs === undefined ? {} : { needs }) },
          ];
          return { front, path, outside, whole: false, way, passes };
        }),
    ),
  );
}

/** What stands before a path outside, and what stands there at the server behind. */
interface Prefix {
  readonly outside: string;
  readonly inside: string;
}

/** Undefined where nothing is passed on at all. */
function distinctPrefixes(front: Front): readonly Prefix[] | undefined {
  const found = front.samples.flatMap(({ path, prefix }) => {
    const goals = methods.flatMap((method) => front.ask(path, method).map(({ goal }) => goal));
    return goals.map(({ inside }) => ({ path, prefix, inside }));
  });
  if (found.length === 0) return undefined;
  const prefixes = found.flatMap(({ path, prefix, inside }): readonly Prefix[] => {
    if (prefix === undefined || isUnknown(inside)) return [];
    const tail = path.slice(prefix.length);
    const upstream = withoutQuery(inside);
    return upstream.endsWith(tail)
      ? [{ outside: prefix, inside: upstream.slice(0, upstream.length - tail.length) }]
      : [];
  });
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

function keyOf({ front, way: { goal, treatment } }: Pick<Asked, "front" | "way">): string {
  const said = (value: unknown) => (isUnknown(value) ? { unknown: value.reason } : value);
  return JSON.stringify([
    front.socket,
    front.key,
    goal.part,
    goal.targets.map(({ host, port }) => [said(host), said(port)]),
    said(treatment.login),
    said(treatment.callers),
    said(goal.supplies),
    said(treatment.accounts?.published ?? null),
  ]);
}

function routeOf(key: string, members: readonly Asked[]): readonly ProxyRoute[] {
  const whole = members.filter((member) => member.whole);
  const shown = whole.length > 0 ? whole : members;
  const [first] = shown;
  if (first === undefined) return [];
  const { front, way } = first;
  const { goal, treatment } = way;
  const paths = [...new Set(shown.map(({ path }) => path))];
  const { login, callers, allowed, accounts } = treatment;
  const name = front.name === undefined ? "" : `/${front.name}`;
  const route: ProxyRoute = {
    id: `${front.socket}${name}${paths[0]?.startsWith("/") === true ? "" : "/"}${paths[0] ?? ""}`,
    socket: front.socket,
    label: front.label(paths, way),
    protocol: "http",
    paths,
    targets: goal.targets,
    login,
    callers,
    allowed,
    ...(accounts === undefined
      ? {}
      : { accounts: { published: accounts.published, nobody: accounts.nobody } }),
    suppliesLogin: goal.supplies,
    passes: passesOf(members),
    samples: members.map(({ outside }) => outside),
    outsideOf: (asked) => outsideOf(asked, key, front),
    tls: front.tls,
    bodyLimit: goal.bodyLimit,
    hsts: goal.hsts,
    unread: asksAnyway(treatment) ? null : goal.unread,
    origins: { ...front.origins, ...originsOf(shown) },
  };
  return [route];
}

/** A login that stands in what can be read: lines that cannot be would have to switch it off again. */
function asksAnyway({ login }: Treatment): boolean {
  return !isUnknown(login) && login !== "none";
}

/** "location /a, /b (server pacs.example)": the first paths, and the name of the server. */
export function pathsLabel(word: string, paths: readonly string[], server: string | undefined): string {
  const more = paths.length > 4 ? ", …" : "";
  const of = server === undefined ? "" : ` (server ${server})`;
  return `${word}${paths.length > 1 ? "s" : ""} ${paths.slice(0, 4).join(", ")}${more}${of}`;
}

/** Which questions of an outsider take this way and arrive as this one. */
function outsideOf(
  { path: wanted, method }: RequestLine,
  key: string,
  front: Front,
): Maybe<readonly RequestLine[]> {
  const found: RequestLine[] = [];
  for (const path of publicPaths(wanted, distinctPrefixes(front) ?? [])) {
    for (const way of front.ask(path, method)) {
      if (keyOf({ front, way }) !== key) continue;
      const { inside } = way.goal;
      if (isUnknown(inside)) return inside;
      if (withoutQuery(inside) === wanted) found.push({ path, method });
    }
  }
  return found;
}

function passesOf(members: readonly Asked[]): Maybe<readonly PassedPath[]> {
  const known: PassedPath[] = [];
  for (const { passes } of members) {
    if (isUnknown(passes)) return passes;
    known.push(...passes);
  }
  const seen = new Set<string>();
  return known.filter(({ path, product, gives, outside }) => {
    const key = `${product} ${gives} ${path} ${outside.method} ${outside.path}`;
    return !seen.has(key) && seen.add(key) !== undefined;
  });
}

/** More lines than these say no more. */
const shownLines = 3;

function originsOf(members: readonly Asked[]): ProxyRoute["origins"] {
  const [first] = members;
  if (first === undefined) return {};
  const { goal, treatment } = first.way;
  const of = (pointer: string): readonly Origin[] =>
    distinct(members.flatMap(({ way }) => way.goal.origins[pointer] ?? []));
  const places = (located: readonly Located[]): readonly Origin[] =>
    distinct(located.map((each) => fromPlace(each)));
  return {
    ...goal.origins,
    "/path": of("/path").slice(0, shownLines),
    "/target": of("/target").slice(0, shownLines),
    "/promised": of("/promised"),
    "/login": places(treatment.loginAt),
    "/accounts": places(treatment.accounts?.at ?? []),
    "/callers": places(treatment.callersAt),
  };
}

function distinct(origins: readonly Origin[]): readonly Origin[] {
  const seen = new Set<string>();
  return origins.filter((origin) => {
    const place = origin.kind === "place" ? origin.at : origin.belongs;
    const key = `${place?.file}:${place?.start} ${origin.kind}`;
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
