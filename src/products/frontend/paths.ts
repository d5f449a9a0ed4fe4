/** Which of a PACS's paths a route leads to: rules of one host compete, and what is passed on may be rewritten. */
import type { FrontPath, FrontRoute } from "../../deployment/kubernetes/frontend.ts";
import { type Maybe, unknown } from "../../facts/unknown.ts";
import { probePaths } from "../probe-paths.ts";
import type { PassedPath, RequestLine } from "../product.ts";

/** What of the known paths gets through a route; `rivals`: all routes of the same proxy. */
export function passesOf(route: FrontRoute, rivals: readonly FrontRoute[]): Maybe<readonly PassedPath[]> {
  const { rewrite } = route;
  if (rewrite.kind === "unknown") return unknown("opaque", rewrite.reason, rewrite.at);
  return probePaths.flatMap(({ path, method, product, gives, needs }): readonly PassedPath[] =>
    pathsOutside({ path, method }, route, rivals)
      .slice(0, 1)
      .map((outside) => ({
        path,
        outside: { path: outside, method },
        product,
        gives,
        ...(needs === undefined ? {} : { needs }),
      })),
  );
}

/** What an outsider writes so that the server behind a route is asked for this. */
export function outsideOf(
  { path, method }: RequestLine,
  route: FrontRoute,
  rivals: readonly FrontRoute[],
): Maybe<readonly RequestLine[]> {
  const { rewrite } = route;
  if (rewrite.kind === "unknown") return unknown("opaque", rewrite.reason, rewrite.at);
  return pathsOutside({ path, method }, route, rivals).map((outside) => ({ path: outside, method }));
}

function pathsOutside(
  { path: wanted, method }: RequestLine,
  route: FrontRoute,
  rivals: readonly FrontRoute[],
): readonly string[] {
  const same = rivals
    .filter(({ host, listener }) => host === route.host && listener === route.listener)
    .filter(({ methods }) => methods === undefined || methods.includes(method));
  return candidates(route, wanted).filter(
    (outside) => chosen(outside, same) === route && inside(outside, route) === wanted,
  );
}

/** Paths under which an outsider may ask for a path of the server. */
function candidates({ path, rewrite }: FrontRoute, wanted: string): readonly string[] {
  const start = path.kind === "regex" ? literalStart(path.value) : path.value;
  const base = start.replace(/\/+$/u, "");
  const stripped = rewrite.kind === "strip" ? rewrite.prefixes.map((prefix) => joined(prefix, wanted)) : [];
  const added =
    rewrite.kind === "prefix" && wanted.startsWith(rewrite.by)
      ? [wanted.slice(rewrite.by.length) || "/"]
      : [];
  return [
    ...new Set([wanted, start, `${base}${wanted}`, `${start}${wanted.slice(1)}`, ...stripped, ...added]),
  ];
}

function joined(prefix: string, path: string): string {
  return `${prefix.replace(/\/+$/u, "")}${path}`;
}

/** The part of a pattern before its first special character. */
function literalStart(pattern: string): string {
  const start = pattern.replace(/^\^/u, "");
  return start.slice(0, /[\\^$.*+?()[\]{}|]|$/u.exec(start)?.index ?? 0) || "/";
}

/** The route that takes a path: an exact one, else the longest (ingress-nginx and Gateway API alike), then one for the method. */
function chosen(path: string, routes: readonly FrontRoute[]): FrontRoute | undefined {
  const taking = routes.filter((route) => takes(route.path, path));
  const exact = taking.find((route) => route.path.kind === "exact");
  const narrow = ({ path: own, methods }: FrontRoute): number =>
    own.value.length + (methods === undefined ? 0 : 0.5);
  return exact ?? taking.toSorted((left, right) => narrow(right) - narrow(left))[0];
}

function takes({ kind, value }: FrontPath, path: string): boolean {
  switch (kind) {
    case "exact":
      return path === value;
    case "start":
      return path.startsWith(value.replace(/\*$/u, ""));
    case "elements": {
      const prefix = value.replace(/\/+$/u, "");
      return path === prefix || path.startsWith(`${prefix}/`);
    }
    case "regex":
      return pattern(value)?.test(path) === true;
  }
}

/** ingress-nginx anchors at the start only and takes no notice of case. */
function pattern(value: string): RegExp | undefined {
  try {
    return new RegExp(`^${value.replace(/^\^/u, "")}`, "iu");
  } catch {
    return undefined;
  }
}

/** What the server is asked for. */
function inside(path: string, { path: own, rewrite }: FrontRoute): string | undefined {
  switch (rewrite.kind) {
    case "none":
      return path;
    case "strip": {
      const prefix = rewrite.prefixes.find((one) => path.startsWith(one.replace(/\/+$/u, "")));
      if (prefix === undefined) return path;
      const rest = path.slice(prefix.replace(/\/+$/u, "").length);
      return rest.startsWith("/") ? rest : `/${rest}`;
    }
    case "prefix":
      return `${rewrite.by.replace(/\/+$/u, "")}${path}`;
    case "replace": {
      const match = own.kind === "regex" ? pattern(own.value)?.exec(path) : undefined;
      const replaced = rewrite.by.replaceAll(/\$(\d)/gu, (_, digit: string) => match?.[Number(digit)] ?? "");
      return replaced.startsWith("/") ? replaced : `/${replaced}`;
    }
    case "unknown":
      return undefined;
  }
}
