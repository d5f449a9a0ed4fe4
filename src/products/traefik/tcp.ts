/** The routers of Traefik for TCP: DICOM, and whatever else is passed on byte by byte. */

import { fromPlace } from "../../facts/origin.ts";
import { unknown } from "../../facts/unknown.ts";
import { probeHost } from "../probe-paths.ts";
import type { ProxyRoute } from "../product.ts";
import { tcpRoute } from "../proxy/derived.ts";
import { plainPort } from "../proxy/tls.ts";
import { isOn, valueAt } from "../proxy/tree.ts";
import { type Handler, waysOf } from "../proxy/ways.ts";
import { type Passing, throughAll } from "./chain.ts";
import { encrypts, type ReadRouter, routersAt, serversOf, socketId } from "./fronts.ts";
import type { TraefikModel } from "./model.ts";
import { matches } from "./rule.ts";
import type { EntryPoint } from "./static.ts";
import { toldTls } from "./tls.ts";

/** One route for each router at each entry point. */
export function tcpRoutes(model: TraefikModel): readonly ProxyRoute[] {
  return model.configuration.entryPoints
    .filter(({ udp }) => !udp)
    .flatMap((entryPoint) =>
      routersAt(model, entryPoint, "tcp").flatMap((read) => routeOf(model, entryPoint, read)),
    );
}

function routeOf(model: TraefikModel, entryPoint: EntryPoint, read: ReadRouter): readonly ProxyRoute[] {
  const { router, provider } = read;
  const servers = serversOf(model, "tcp", router.service);
  if (servers === "internal") return [];
  const why = unknown(
    "input",
    `the service ${router.service ?? ""} is not part of the input`,
    router.serviceAt,
  );
  const asked = router.tls ?? entryPoint.tls;
  const passedThrough = isOn(valueAt(router.tls, "passthrough")) === true;
  const { tls, origins } =
    asked === undefined || passedThrough || !encrypts(router, entryPoint)
      ? plainPort(entryPoint)
      : toldTls(asked, provider, model.dynamic, model.version);
  const [way] = waysOf(handlerOf(model, read), { path: "/", method: "GET", host: probeHost, tls: false });
  if (way === undefined) return [];
  const { login, callers, callersAt, allowed } = way.treatment;
  return [
    tcpRoute({
      id: `${socketId(entryPoint)}/tcp/${router.name}`,
      socket: socketId(entryPoint),
      label: `TCP router ${router.name}`,
      targets: servers?.map(({ host, port }) => ({ host, port })) ?? [{ host: why, port: why }],
      login,
      callers,
      allowed,
      tls,
      origins: {
        ...origins,
        "/listen": [fromPlace(entryPoint)],
        "/path": [fromPlace(router)],
        "/target": (servers ?? [router.serviceAt]).map((server) => fromPlace(server)),
        "/callers": callersAt.map((at) => fromPlace(at)),
      },
    }),
  ];
}

/** Only lists of addresses stand before a connection. */
function handlerOf(model: TraefikModel, { router, provider, rule, syntax }: ReadRouter): Handler {
  return (request, decide) => {
    if (rule !== undefined && !matches(rule, { request, path: "/", syntax, at: router, decide }))
      return { outcome: { kind: "answer", status: undefined }, gates: [] };
    const passing: Passing = {
      request,
      decide,
      middlewares: model.dynamic.tcp.middlewares,
      read: model.read,
      path: "/",
      gates: [],
      supplies: false,
      bodyLimit: 0,
      hsts: false,
      origins: {},
    };
    const ended = throughAll(router.middlewares, provider, passing);
    const goal = {
      targets: [],
      inside: "/",
      supplies: false,
      bodyLimit: 0,
      hsts: false,
      unread: null,
      origins: {},
    };
    return { outcome: ended ?? { kind: "passed", goal }, gates: passing.gates };
  };
}
