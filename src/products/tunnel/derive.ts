/**
 * Programs that make servers reachable elsewhere without publishing a port: they call a host of their own and pass on
 * what arrives there.
 */
import type { Service } from "../../deployment/model.ts";
import type { Tls } from "../../facts/facts.ts";
import { fromPlace } from "../../facts/origin.ts";
import { tlsOff } from "../../facts/tls-off.ts";
import { isUnknown, type Maybe, map, unknown } from "../../facts/unknown.ts";
import { type Located, placeOf } from "../../text/text.ts";
import { probeHost } from "../probe-paths.ts";
import type { Derive, DeriveContext, Derived, ProxyRoute, Socket } from "../product.ts";
import { derivedOnce, nothingDerived, proxySocket, tcpRoute } from "../proxy/derived.ts";
import type { Front } from "../proxy/front.ts";
import { pathsLabel, routesOf } from "../proxy/routes.ts";
import { type Handler, type Trace, waysOf } from "../proxy/ways.ts";
import { cloudflared } from "./cloudflared.ts";
import { frpc } from "./frp.ts";
import { type TunnelGiven, tunnelGiven } from "./given.ts";
import type { Tunnel, TunnelOpening, TunnelRule } from "./model.ts";
import { ngrok } from "./ngrok.ts";
import { bore, localtunnel, newt, ssh, zrok } from "./shell.ts";
import { tailscale } from "./tailscale.ts";

/** The programs, each with the ids of its own images. */
const programs: readonly (readonly [(given: TunnelGiven) => Tunnel | undefined, readonly string[]])[] = [
  [cloudflared, ["cloudflared"]],
  [ngrok, ["ngrok"]],
  [frpc, ["frpc"]],
  [tailscale, ["tailscale"]],
  [ssh, ["autossh"]],
  [localtunnel, []],
  [bore, ["bore"]],
  [zrok, ["zrok"]],
  [newt, ["newt"]],
];

/** The tunnel that a service runs; undefined where it runs none. */
function tunnelOf(service: Service, context: DeriveContext): Tunnel | undefined {
  for (const [program, images] of programs) {
    const given = tunnelGiven(service, images, context);
    if (service.container === undefined && !isFileOf(program, given)) continue;
    const found = program(given);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** On a host the file tells whose it is. */
function isFileOf(program: (given: TunnelGiven) => Tunnel | undefined, { file }: TunnelGiven): boolean {
  const text = file?.value ?? "";
  if (/^(?:\[\[proxies\]\]|\[common\]|serverAddr\s*[=:])/mu.test(text)) return program === frpc;
  return /^(?:authtoken|endpoints|tunnels|agent)\s*:/mu.test(text)
    ? program === ngrok
    : program === cloudflared;
}

/** Whether a container whose image says nothing runs a tunnel all the same. */
export function runsTunnel(service: Service, context: DeriveContext): boolean {
  return service.container !== undefined && tunnelOf(service, context) !== undefined;
}

/** Sockets at the far ends of a tunnel, and what they lead to. */
export const deriveTunnel: Derive = derivedOnce((service, _version, context) => {
  const tunnel = tunnelOf(service, context);
  if (tunnel === undefined) return nothingDerived;
  const { openings, secrets, assumptions } = tunnel;
  if (openings === undefined) return unseen(tunnel, service);
  const http = openings.filter(({ protocol }) => protocol === "http");
  return {
    ...nothingDerived,
    sockets: openings.map((opening) => socketOf(opening, tunnel)),
    routes: [
      ...routesOf(http.map(frontOf)),
      ...openings.filter(({ protocol }) => protocol === "tcp").flatMap(tcpRoutesOf),
    ],
    secrets,
    assumptions,
  };
});

/** Where it leads is kept elsewhere: nothing is said of its routes, which leaves what it may lead to undecided. */
function unseen({ name, secrets, assumptions }: Tunnel, service: Service): Derived {
  const at = placeOf(service.container?.imageAt ?? service.at ?? { at: { file: "", start: 0, end: 0 } });
  const opening: TunnelOpening = {
    ...at,
    id: "unseen",
    protocol: "http",
    address: unknown("input", `the names of the tunnel are kept at ${name}`, at),
    port: 443,
    reach: "internet",
    tls: true,
    rules: [],
  };
  const { routes: _routes, ...nothing } = nothingDerived;
  return { ...nothing, sockets: [socketOf(opening, { name })], secrets, assumptions };
}

function socketId({ id }: TunnelOpening): string {
  return `tunnel-${id}`;
}

function tlsOf(on: Maybe<boolean>): Tls {
  if (on === false) return tlsOff;
  const own = unknown("opaque", "the far end of the tunnel decides it");
  return {
    mode: map(on, () => "on"),
    encrypts: on,
    minVersion: own,
    ciphers: null,
    clientCertificate: "none",
  };
}

function socketOf(opening: TunnelOpening, { name }: Pick<Tunnel, "name">): Socket {
  const { protocol, address, port, reach, tls } = opening;
  const at = placeOf(opening);
  const place = [fromPlace(at)];
  return {
    ...proxySocket(protocol === "http" ? "http" : "other", {
      id: socketId(opening),
      bind: "0.0.0.0",
      port,
      tls: tlsOf(tls),
      at,
      origins: { "/tls": place, "/tls/mode": place },
    }),
    purpose: `the far end of a tunnel (${name})`,
    far: { by: name, address, reach, at },
  };
}

function frontOf(opening: TunnelOpening): Front {
  const place = [fromPlace(placeOf(opening))];
  const { address } = opening;
  return {
    socket: socketId(opening),
    key: opening.id,
    name: isUnknown(address) ? undefined : address,
    tls: tlsOf(opening.tls),
    origins: { "/listen": place, "/tls": place, "/tls/mode": place },
    samples: opening.rules.map(({ shown, sample, prefix }) => ({
      shown,
      path: sample,
      ...(prefix === undefined ? {} : { prefix }),
    })),
    ask: (path, method) =>
      waysOf(handlerOf(opening), { path, method, host: probeHost, tls: opening.tls !== false }),
    label: (paths) => pathsLabel("path", paths, isUnknown(address) ? undefined : address),
  };
}

function handlerOf({ rules }: TunnelOpening): Handler {
  return ({ path }, decide) => {
    for (const rule of rules) {
      const takes = rule.takes(path.split("?")[0] ?? path);
      if (takes === false || (isUnknown(takes) && !decide({ kind: "unknown", why: takes }))) continue;
      const { callers } = rule;
      if (
        callers !== undefined &&
        !decide({ kind: "addresses", networks: callers.networks, at: placeOf(callers) })
      )
        return { outcome: { kind: "answer", status: 403 }, gates: [] };
      return passedBy(rule, path);
    }
    return { outcome: { kind: "answer", status: 404 }, gates: [] };
  };
}

const theirs = unknown("opaque", "the far end of the tunnel decides it");

function passedBy({ target, targetAt, gates, inside, at, via }: TunnelRule, path: string): Trace {
  if (target === undefined) return { outcome: { kind: "answer", status: undefined }, gates: [] };
  const where: Located = via === undefined ? { at } : { at, via };
  return {
    gates,
    outcome: {
      kind: "passed",
      goal: {
        targets: [target],
        inside: inside === undefined ? path : inside(path),
        supplies: false,
        bodyLimit: theirs,
        hsts: theirs,
        unread: null,
        origins: { "/path": [fromPlace(where)], "/target": [fromPlace(placeOf(targetAt))] },
      },
    },
  };
}

function tcpRoutesOf(opening: TunnelOpening): readonly ProxyRoute[] {
  const { rules, tls, address, id } = opening;
  const place = [fromPlace(placeOf(opening))];
  return rules.flatMap(({ target, targetAt, gates: [gate] }) => {
    if (target === undefined) return [];
    const told = tlsOf(tls);
    return [
      tcpRoute({
        id: `${socketId(opening)}/tcp`,
        socket: socketId(opening),
        label: isUnknown(address) ? id : address,
        targets: [target],
        callers: "anybody",
        allowed: [],
        tls: told,
        ...(gate === undefined ? {} : { login: gate.login }),
        origins: {
          "/listen": place,
          "/path": place,
          "/target": [fromPlace(placeOf(targetAt))],
          "/login": gate?.at.map((each) => fromPlace(each)) ?? [],
          "/tls": place,
          "/tls/mode": place,
        },
      }),
    ];
  });
}
