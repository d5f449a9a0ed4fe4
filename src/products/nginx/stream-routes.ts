/** The routes of `stream` as `reach` takes them. */

import { fromPlace } from "../../facts/origin.ts";
import { unknown } from "../../facts/unknown.ts";
import { placeOf } from "../../text/text.ts";
import type { ProxyRoute } from "../product.ts";
import { tcpRoute } from "../proxy/derived.ts";
import { admitted } from "./access.ts";
import { tlsFact, unknownOf } from "./fact-values.ts";
import type { NginxListen } from "./listen.ts";
import type { NginxModel } from "./model.ts";
import { streamSocketId } from "./sockets.ts";
import type { NginxStream } from "./stream.ts";
import { callersOf } from "./treatment.ts";

/** One route for each socket of each server. */
export function streamRoutes(model: NginxModel): readonly ProxyRoute[] {
  return model.streams.flatMap((stream) => stream.listens.flatMap((listen) => streamRoute(stream, listen)));
}

function streamRoute(stream: NginxStream, listen: NginxListen): readonly ProxyRoute[] {
  const socket = streamSocketId(listen);
  if (socket === undefined || (stream.backends.length === 0 && stream.unknown === undefined)) return [];
  const { tls, origins } = tlsFact(stream, listen.ssl, stream.tls.protocols, listen);
  const why = stream.unknown === undefined ? undefined : unknownOf(stream.unknown);
  const targets = stream.backends.map(({ host, port, unix, unknown: reason }) => {
    if (unix !== undefined) return { host: `unix:${unix}`, port: 0 };
    const open = reason === undefined ? undefined : unknownOf(reason);
    return { host: open ?? host ?? "", port: open ?? port ?? unknown("input", "no port is named") };
  });
  return [
    tcpRoute({
      id: socket,
      socket,
      label: `stream on ${listen.port === undefined ? listen.address : `port ${listen.port}`}`,
      targets: why === undefined ? targets : [{ host: why, port: why }],
      callers: callersOf(stream.rules),
      allowed: admitted(stream.rules).map(({ text }) => text),
      tls,
      origins: {
        ...origins,
        "/listen": [fromPlace(listen)],
        "/path": [fromPlace(placeOf(stream))],
        "/target": stream.proxyPass === undefined ? [] : [fromPlace(stream.proxyPass)],
        "/callers": stream.rules.map((rule) => fromPlace(placeOf(rule))),
      },
    }),
  ];
}
