/** The lines that make a way through a proxy what it is. */
import type { EntryFact } from "../../facts/facts.ts";
import { labelled, type Origin } from "../../facts/origin.ts";
import { isUnknown } from "../../facts/unknown.ts";
import type { Answer, ProxyRoute } from "../../products/product.ts";
import type { Landing } from "../targets.ts";
import type { Front } from "./front.ts";

/** The chain of lines: how the outsider gets to the proxy, its route, and the server's own settings. */
export function originsThrough(front: Front, landing: Landing): EntryFact["origins"] {
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
