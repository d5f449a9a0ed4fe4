/** A proxy's way in, with the proxies before it: how a request has to be written to come through all of them. */
import type { EntryFact } from "../../facts/facts.ts";
import { isUnknown, type Maybe } from "../../facts/unknown.ts";
import type { PassedPath, ProxyRoute, RequestLine } from "../../products/product.ts";
import type { Server } from "../targets.ts";

/** One of the ways in that a proxy itself has, for one of its routes. */
export interface Front {
  readonly proxy: Server;
  readonly route: ProxyRoute;
  readonly entry: EntryFact;
  /** The proxy before it, where the entry leads through one. */
  readonly before?: Front;
}

/** Whether the proxies before lead to this way at all. */
export function isLedTo({ route, before }: Front): boolean {
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
export function givenThrough({ route, before }: Front): Maybe<readonly PassedPath[]> {
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

/** Whether this proxy, or one before it, asks for a login. */
export function asksAtProxy({ route: { login }, before }: Front): boolean {
  if (!isUnknown(login) && login !== "none" && login !== "client-certificate") return true;
  return before !== undefined && asksAtProxy(before);
}

/** The proxy and its route, for people. */
export function throughOf({ proxy, route }: Pick<Front, "proxy" | "route">): string {
  return `${proxy.service.name}: ${route.label}`;
}

/** The paths of the last proxy as they have to be written before the first. */
export function chainedPaths({ route, before, entry }: Front): readonly string[] {
  if (before === undefined) return entry.paths;
  const outside = route.paths.flatMap((path) => {
    const asked = path.startsWith("/") ? outsideOf({ path, method: "GET" }, before) : [];
    return isUnknown(asked) ? [] : asked.map((one) => one.path);
  });
  return outside.length === 0 ? entry.paths : [...new Set(outside)];
}
