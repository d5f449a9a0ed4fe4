/** The entry points of Traefik as every proxy has its servers: routers by priority, and what they go through. */

import { fromPlace } from "../../facts/origin.ts";
import { isUnknown, unknown } from "../../facts/unknown.ts";
import { placeOf } from "../../text/text.ts";
import { probeHost } from "../probe-paths.ts";
import type { Front, Goal, Sample } from "../proxy/front.ts";
import { cleanPath } from "../proxy/paths.ts";
import { regexOf } from "../proxy/regex.ts";
import { plainPort } from "../proxy/tls.ts";
import { type Handler, type Outcome, pagesOf, type Trace, waysOf } from "../proxy/ways.ts";
import { type Passing, throughAll } from "./chain.ts";
import type { Router, ServiceServer } from "./dynamic.ts";
import type { TraefikModel } from "./model.ts";
import { matches, namedIn, parseRule, type Rule, type Syntax } from "./rule.ts";
import type { EntryPoint } from "./static.ts";
import { toldTls } from "./tls.ts";

/** A router with its rule. */
export interface ReadRouter {
  readonly router: Router;
  /** Undefined where it is not known. */
  readonly rule: Rule | undefined;
  readonly priority: number;
  readonly syntax: Syntax;
  readonly provider: string;
}

/** The routers of an entry point for one kind of connection, in the order in which they are asked. */
export function routersAt(
  model: TraefikModel,
  entryPoint: EntryPoint,
  kind: "http" | "tcp",
): readonly ReadRouter[] {
  return model.dynamic[kind].routers
    .filter((router) => listensAt(router, entryPoint, model))
    .flatMap((router) => readRouter(router, model))
    .sort((left, right) => right.priority - left.priority);
}

function listensAt(
  { entryPoints }: Router,
  entryPoint: EntryPoint,
  { configuration }: TraefikModel,
): boolean {
  if (entryPoints !== undefined && entryPoints.length > 0)
    return entryPoints.some(({ value }) => isUnknown(value) || value === entryPoint.name);
  const isAny = configuration.entryPoints.some(({ isDefault }) => isDefault);
  return isAny ? entryPoint.isDefault : entryPoint.name !== "traefik";
}

/** One that Traefik refuses is not there; the priority is the length of the rule unless it is written. */
function readRouter(router: Router, model: TraefikModel): readonly ReadRouter[] {
  const { value } = router.rule;
  const written = isUnknown(router.priority) ? undefined : router.priority;
  const rule = isUnknown(value) ? undefined : parseRule(value);
  if (rule === undefined && !isUnknown(value)) return [];
  const length = isUnknown(value) ? 0 : value.length;
  return [
    {
      router,
      rule,
      priority: written === undefined || written === 0 ? length : written,
      syntax: router.syntax === "v2" || router.syntax === "v3" ? router.syntax : model.syntax,
      provider: router.id.slice(router.id.lastIndexOf("@") + 1),
    },
  ];
}

/** A server for each entry point, each name in the rules, and for encrypted connections and others. */
export function frontsOf(model: TraefikModel): readonly Front[] {
  return model.configuration.entryPoints
    .filter(({ udp }) => !udp)
    .flatMap((entryPoint) => {
      const routers = routersAt(model, entryPoint, "http");
      return [false, true].flatMap((tls) => {
        const own = routers.filter(({ router }) => encrypts(router, entryPoint) === tls);
        return own.length === 0 ? [] : hostsOf(own).map((host) => frontOf(model, entryPoint, own, tls, host));
      });
    });
}

/** Whether a router takes encrypted connections; it then takes no others. */
export function encrypts({ tls }: Router, entryPoint: EntryPoint): boolean {
  return tls !== undefined || entryPoint.tls !== undefined;
}

function hostsOf(routers: readonly ReadRouter[]): readonly string[] {
  const named = routers.flatMap(({ rule }) => (rule === undefined ? [] : namedIn(rule).hosts));
  return [...new Set([...named.map((host) => host.replace(/^\*/u, "pacs")), probeHost])];
}

function frontOf(
  model: TraefikModel,
  entryPoint: EntryPoint,
  routers: readonly ReadRouter[],
  tls: boolean,
  host: string,
): Front {
  const first =
    routers.find(({ rule }) => rule !== undefined && namedIn(rule).hosts.includes(host)) ?? routers[0];
  const asked = first?.router.tls ?? entryPoint.tls;
  const said =
    tls && asked !== undefined
      ? toldTls(asked, first?.provider ?? "file", model.dynamic, model.version)
      : plainPort(entryPoint);
  const handler = handlerOf(model, entryPoint, routers, said.tls.clientCertificate === "required");
  const { mode, minVersion, clientCertificate } = said.tls;
  return {
    socket: socketId(entryPoint),
    key: JSON.stringify([entryPoint.name, mode, said.tls.ciphers, minVersion, clientCertificate]),
    name: host === probeHost ? undefined : host,
    tls: said.tls,
    origins: { ...said.origins, "/listen": [fromPlace(entryPoint)] },
    samples: samplesOf(routers),
    ask: (path, method) => waysOf(handler, { path, method, host, tls }),
    pages: (path, method) => pagesOf(handler, { path, method, host, tls }),
    label: (_paths, { goal }) => `router ${goal.part ?? ""}`.trim(),
  };
}

/** The name of the socket of an entry point. */
export function socketId({ name, port }: EntryPoint): string {
  return isUnknown(port) ? `http-${name}` : `http-${port}`;
}

function samplesOf(routers: readonly ReadRouter[]): readonly Sample[] {
  const paths = routers.flatMap(({ rule }) => (rule === undefined ? [] : namedIn(rule).paths));
  const named = paths.flatMap(({ path, kind }): readonly Sample[] => {
    if (kind === "Path") return [{ shown: `= ${path}`, path, prefix: path }];
    if (kind === "PathRegexp" || path.includes("{")) return sampleOfRegex(path);
    const whole = path.endsWith("/") ? path : `${path}/`;
    return [{ shown: path, path: whole, prefix: whole }];
  });
  const all: readonly Sample[] = [{ shown: "/", path: "/", prefix: "/" }, ...named];
  return all.filter(({ shown }, index) => all.findIndex((other) => other.shown === shown) === index);
}

function sampleOfRegex(pattern: string): readonly Sample[] {
  const regex = regexOf(pattern, false);
  const example = typeof regex === "object" ? regex.example : undefined;
  return example === undefined ? [] : [{ shown: `~ ${pattern}`, path: example }];
}

/** What an entry point does with a request. */
function handlerOf(
  model: TraefikModel,
  entryPoint: EntryPoint,
  routers: readonly ReadRouter[],
  wantsCertificate: boolean,
): Handler {
  return (request, decide) => {
    const [raw = "", query] = request.path.split(/\?(.*)/su);
    const path = cleanPath(raw);
    const { redirection } = entryPoint;
    const redirected: Trace = {
      outcome: { kind: "redirect", status: 301, to: `${redirection?.scheme}://${request.host}` },
      gates: [],
    };
    for (const read of routers) {
      if (redirection !== undefined && redirection.priority >= read.priority) return redirected;
      const { rule, router, syntax } = read;
      const at = router.rule;
      const takes =
        rule === undefined
          ? decide({
              kind: "unknown",
              why: isUnknown(at.value) ? at.value : unknown("input", "its rule is not known", at),
            })
          : matches(rule, { request, path, syntax, at: router, decide });
      if (!takes) continue;
      const passing: Passing = {
        request,
        decide,
        middlewares: model.dynamic.http.middlewares,
        read: model.read,
        path,
        gates: wantsCertificate ? [{ login: "client-certificate", at: [entryPoint] }] : [],
        supplies: false,
        bodyLimit: 0,
        hsts: false,
        origins: {},
      };
      return { outcome: passOn(model, entryPoint, read, passing, query), gates: passing.gates };
    }
    return redirection === undefined ? { outcome: { kind: "answer", status: 404 }, gates: [] } : redirected;
  };
}

/** Services of Traefik itself that show or change what it does. */
const internalPages: Readonly<Record<string, string>> = {
  "api@internal": "dashboard and API",
  "dashboard@internal": "dashboard and API",
  "rest@internal": "configuration over REST",
};

function passOn(
  model: TraefikModel,
  entryPoint: EntryPoint,
  { router, provider }: ReadRouter,
  passing: Passing,
  query: string | undefined,
): Outcome {
  const ended =
    throughAll(entryPoint.middlewares, "file", passing) ?? throughAll(router.middlewares, provider, passing);
  if (ended !== undefined) return ended;
  const found = serversOf(model, "http", router.service);
  if (found === "internal") {
    const name = internalPages[router.service ?? ""];
    return {
      kind: "answer",
      status: 200,
      ...(name && { page: { name, role: "administration", at: placeOf(router) } }),
    };
  }
  return { kind: "passed", goal: goalOf(router, found, passing, query) };
}

function goalOf(
  router: Router,
  servers: readonly ServiceServer[] | undefined,
  passing: Passing,
  query: string | undefined,
): Goal {
  const why = unknown(
    "input",
    `the service ${router.service ?? ""} is not part of the input`,
    router.serviceAt,
  );
  return {
    targets: servers?.map(({ host, port }) => ({ host, port })) ?? [{ host: why, port: why }],
    inside: passing.path + (query === undefined ? "" : `?${query}`),
    supplies: passing.supplies,
    bodyLimit: passing.bodyLimit,
    hsts: passing.hsts,
    unread: null,
    part: router.name,
    origins: {
      "/path": [fromPlace(router)],
      "/target": (servers ?? [router.serviceAt]).map((server) => fromPlace(server)),
      ...passing.origins,
    },
  };
}

const nestingLimit = 10;

/** The servers behind a service; undefined where nobody knows them. */
export function serversOf(
  model: TraefikModel,
  kind: "http" | "tcp",
  id: string | undefined,
  depth = 0,
): readonly ServiceServer[] | "internal" | undefined {
  if (id?.endsWith("@internal") === true) return "internal";
  const service = id === undefined || depth > nestingLimit ? undefined : model.dynamic[kind].services.get(id);
  if (service === undefined) return undefined;
  const others = service.others.flatMap((other) => {
    const found = serversOf(model, kind, other, depth + 1);
    return Array.isArray(found) ? found : [];
  });
  return [...service.servers, ...others];
}
