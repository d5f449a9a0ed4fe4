/** What the derivations of all proxies have in common: sockets that show nothing themselves, and routes for bytes. */
import type { Problem, Service } from "../../deployment/model.ts";
import type { Tls } from "../../facts/facts.ts";
import { fromPlace } from "../../facts/origin.ts";
import { isUnknown } from "../../facts/unknown.ts";
import { type Located, placeOf } from "../../text/text.ts";
import {
  type Answer,
  type Derive,
  type Derived,
  notEditable,
  type ProxyRoute,
  type Socket,
} from "../product.ts";
import type { Treatment } from "./front.ts";

/** What a proxy itself shows is no image: logins belong to the routes. */
export const ownAnswer: Answer = {
  refused: false,
  auth: { mode: "none", defaultCredentials: false, lockout: false },
  origins: {},
};

/** A proxy of which nothing is known: it starts, and neither listens nor passes anything on. */
export const nothingDerived: Derived = {
  startup: { verdict: "starts", reasons: [] },
  sockets: [],
  routes: [],
  facts: () => [],
  settings: () => [],
  secrets: [],
  assumptions: [],
  editable: notEditable,
};

/** The releases of other services play no part: a service is derived once. */
export function derivedOnce(derive: Derive): Derive {
  const known = new WeakMap<Service, Derived>();
  return (service, version, context) => {
    const derived = known.get(service) ?? derive(service, version, context);
    known.set(service, derived);
    return derived;
  };
}

/** Something that a proxy refuses, or a file that is not there to read. */
export interface ProxyProblem extends Located {
  readonly kind: "refused" | "missing";
  readonly message: string;
}

/** What is wrong with a configuration: the proxy does not start for what it refuses. `name`: as people call it. */
export function wrongWith(
  name: string,
  problems: readonly ProxyProblem[],
): Pick<Derived, "startup" | "problems"> {
  const reasons = problems
    .filter(({ kind }) => kind === "refused")
    .map((problem) => ({ message: problem.message, origins: [fromPlace(placeOf(problem))] }));
  return {
    startup: { verdict: reasons.length > 0 ? "refuses" : "starts", reasons },
    problems: problems.map(
      ({ kind, message, ...where }): Problem => ({
        kind: kind === "refused" ? "syntax" : "missing-file",
        message: kind === "refused" ? `${name} refuses this: ${message}` : message,
        where: placeOf(where),
      }),
    ),
  };
}

/** What tells one socket of a proxy from another. */
export interface Listening extends Pick<Socket, "id" | "bind" | "port" | "tls"> {
  /** Where the address stands. */
  readonly at: Located;
  /** "/tls/…". */
  readonly origins: Socket["origins"];
}

/** A socket at which a proxy takes requests (`http`), or connections that it passes on as they are (`other`). */
export function proxySocket(protocol: "http" | "other", { at, origins, ...listening }: Listening): Socket {
  const place = [fromPlace(at)];
  return {
    ...listening,
    protocol,
    role: "proxy",
    on: true,
    seen: { loopback: ownAnswer, other: ownAnswer },
    origins: { ...origins, "": place, "/bind": place, "/port": place, "/on": place },
  };
}

/** Of sockets with one id the first. */
export function distinctSockets(sockets: readonly Socket[]): readonly Socket[] {
  const seen = new Set<string>();
  return sockets.filter(({ id }) => !seen.has(id) && seen.add(id) !== undefined);
}

/** A route that passes on bytes: nothing of what is in them is seen, and only a certificate is a login. */
export function tcpRoute(
  route: Pick<ProxyRoute, "id" | "socket" | "label" | "targets" | "callers" | "allowed" | "origins"> & {
    readonly tls: Tls;
    readonly login?: Treatment["login"];
  },
): ProxyRoute {
  const { tls, login = "none" } = route;
  const unlessKnown = isUnknown(login) ? login : "none";
  return {
    ...route,
    protocol: "tcp",
    paths: [],
    login: tls.clientCertificate === "required" ? "client-certificate" : unlessKnown,
    suppliesLogin: false,
    passes: [],
    samples: [],
    bodyLimit: 0,
    hsts: false,
    unread: null,
  };
}
