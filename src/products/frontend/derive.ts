/** Proxies of which manifests tell the routes alone: Ingresses and Gateways. */
import type { Frontend, FrontListener, FrontRoute } from "../../deployment/kubernetes/frontend.ts";
import type { UserLines } from "../../deployment/kubernetes/login-secrets.ts";
import type { Service } from "../../deployment/model.ts";
import type { Tls } from "../../facts/facts.ts";
import { fromPlace, type Origin } from "../../facts/origin.ts";
import { tlsOff } from "../../facts/tls-off.ts";
import { isUnknown, map, unknown } from "../../facts/unknown.ts";
import { type Derived, notEditable, type ProxyRoute, type RequestLine, type Socket } from "../product.ts";
import { type HashedLogins, judgeHashedLogins, readHashedLogins } from "../proxy/hashed-logins.ts";
import { outsideOf, passesOf } from "./paths.ts";

/** Sockets and routes of a frontend. */
export function deriveFrontend(service: Service, frontend: Frontend): Derived {
  const { listeners, routes } = frontend;
  return {
    startup: { verdict: unknown("opaque", "the controller is not part of the manifests"), reasons: [] },
    sockets: listeners.map((listener) => socketOf(listener, frontend)),
    routes: routes.flatMap((route) => {
      const listener = listeners.find(({ id }) => id === route.listener);
      return listener === undefined ? [] : [routeOf(route, listener, frontend)];
    }),
    facts: () => [],
    settings: () => [],
    secrets: [],
    assumptions: [
      `The controller behind ${service.name} is not part of the input: it is taken to be reachable from ${around(service)}.`,
    ],
    editable: notEditable,
  };
}

function around({ network }: Service): string {
  const ports = network.kind === "container" ? network.published : [];
  return ports.some(({ reach }) => reach === "internet") ? "the Internet" : "the network around the cluster";
}

/** ingress-nginx offers TLS 1.2 and 1.3 since 0.25 (its ConfigMap, ssl-protocols); others have settings of their own. */
function tlsOf({ tls }: FrontListener, { controller }: Frontend): Tls {
  if (tls === false) return tlsOff;
  const own = unknown("opaque", "the controller has settings of its own");
  const on: Tls = {
    mode: "on",
    encrypts: true,
    minVersion: controller === "nginx" ? "TLSv1.2" : own,
    ciphers: null,
    clientCertificate: "none",
  };
  if (tls === true) return on;
  return { ...on, mode: map(tls, () => "on"), encrypts: tls, minVersion: own };
}

function socketOf(listener: FrontListener, frontend: Frontend): Socket {
  const origins = [fromPlace(listener.at)];
  const answer = {
    refused: false,
    auth: { mode: "none", defaultCredentials: false, lockout: false },
    origins: {},
  } as const;
  return {
    id: listener.id,
    protocol: listener.protocol === "tcp" ? "other" : "http",
    role: "proxy",
    purpose: "routes to the servers behind it",
    on: true,
    bind: "0.0.0.0",
    port: listener.port,
    tls: tlsOf(listener, frontend),
    seen: { loopback: answer, other: answer },
    origins: {
      "": origins,
      "/reach": origins,
      "/bind": origins,
      "/port": origins,
      "/tls": origins,
      "/tls/mode": origins,
    },
  };
}

function routeOf(route: FrontRoute, listener: FrontListener, frontend: Frontend): ProxyRoute {
  return {
    id: route.id,
    socket: route.listener,
    label: route.label,
    protocol: route.protocol,
    paths: route.protocol === "tcp" ? [] : [route.path.value],
    targets: route.targets,
    login: route.login,
    ...(route.users === undefined ? {} : accountsOf(route.users)),
    callers: route.callers,
    allowed: route.allowed,
    suppliesLogin: route.suppliesLogin,
    passes: passesOf(route, frontend.routes),
    samples: [{ path: route.path.value, method: "GET" }],
    ...(route.protocol === "tcp"
      ? {}
      : { outsideOf: (asked: RequestLine) => outsideOf(asked, route, frontend.routes) }),
    tls: tlsOf(listener, frontend),
    bodyLimit: route.bodyLimit,
    hsts: route.hsts,
    unread: isUnknown(route.login) && route.login.cause === "input" ? route.login.reason : null,
    origins: originsOf(route, listener),
  };
}

const judged = new WeakMap<UserLines, HashedLogins>();

/** What can be said of the users of a route; each list is tried once. */
function loginsOf(users: UserLines): HashedLogins {
  const known = judged.get(users) ?? judgeHashedLogins(users.flatMap(readHashedLogins));
  judged.set(users, known);
  return known;
}

function accountsOf(users: UserLines): Pick<ProxyRoute, "accounts"> {
  const { published, nobody } = loginsOf(users);
  return { accounts: { published, nobody } };
}

function guessable({ users, loginAt }: FrontRoute): FrontRoute["loginAt"] {
  if (users === undefined) return [];
  const { at } = loginsOf(users);
  return at.length > 0 ? at : loginAt;
}

function originsOf(route: FrontRoute, listener: FrontListener): ProxyRoute["origins"] {
  const places = (list: readonly Parameters<typeof fromPlace>[0][]): readonly Origin[] =>
    list.map((place) => fromPlace(place));
  const listen = places([listener.at]);
  return {
    "/listen": listen,
    "/path": places([route.at]),
    "/target": places([route.targetAt]),
    "/login": places(route.loginAt),
    "/accounts": places(guessable(route)),
    "/callers": places(route.callersAt),
    "/suppliesLogin": places(route.suppliesAt),
    "/bodyLimit": route.bodyLimitAt === undefined ? [] : places([route.bodyLimitAt]),
    "/unread": places(route.loginAt),
    "/tls": listen,
    "/tls/mode": listen,
  };
}
