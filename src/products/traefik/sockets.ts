/** The sockets of Traefik: its entry points, and the dashboard of api.insecure. */
import { fromPlace } from "../../facts/origin.ts";
import { tlsOff } from "../../facts/tls-off.ts";
import { isUnknown } from "../../facts/unknown.ts";
import type { Answer, Socket } from "../product.ts";
import { ownAnswer, proxySocket } from "../proxy/derived.ts";
import { plainPort } from "../proxy/tls.ts";
import { encrypts, routersAt, socketId } from "./fronts.ts";
import type { TraefikModel } from "./model.ts";
import type { EntryPoint } from "./static.ts";
import { toldTls } from "./tls.ts";

/** One socket an entry point. */
export function socketFacts(model: TraefikModel): readonly Socket[] {
  const { entryPoints, insecureApi } = model.configuration;
  const proxies = entryPoints.filter(({ udp, name }) => !udp && name !== "traefik");
  const sockets = proxies.map((entryPoint) => socketOf(model, entryPoint));
  const internal = entryPoints.find(({ name }) => name === "traefik");
  return [...sockets, dashboard(internal, insecureApi !== undefined)];
}

function socketOf(model: TraefikModel, entryPoint: EntryPoint): Socket {
  const http = routersAt(model, entryPoint, "http");
  const tcp = routersAt(model, entryPoint, "tcp");
  const encrypted = http.find(({ router }) => encrypts(router, entryPoint));
  const asked = encrypted?.router.tls ?? entryPoint.tls;
  const { tls, origins } =
    asked === undefined
      ? plainPort(entryPoint)
      : toldTls(asked, encrypted?.provider ?? "file", model.dynamic, model.version);
  const { bind, port } = entryPoint;
  const protocol = http.length === 0 && tcp.length > 0 ? "other" : "http";
  return proxySocket(protocol, { id: socketId(entryPoint), bind, port, tls, at: entryPoint, origins });
}

/** It answers at the entry point "traefik" only where `api.insecure` says so. */
function dashboard(entryPoint: EntryPoint | undefined, on: boolean): Socket {
  const at = entryPoint === undefined ? [] : [fromPlace(entryPoint)];
  const port = entryPoint?.port ?? 8080;
  const open: Answer = { ...ownAnswer, origins: { "/auth/mode": at } };
  return {
    id: `management-${isUnknown(port) ? "traefik" : port}`,
    protocol: "management",
    role: "administration",
    purpose: "Traefik (dashboard and API with api.insecure)",
    on,
    bind: entryPoint?.bind ?? "0.0.0.0",
    port,
    tls: tlsOff,
    seen: { loopback: open, other: open },
    origins: { "": at, "/on": at, "/bind": at, "/port": at },
  };
}
