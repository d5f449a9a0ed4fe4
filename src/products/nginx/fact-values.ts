/** From the values of the nginx model to those of facts. */

import { fromPlace, type Origin } from "../../facts/origin.ts";
import { isUnknown, type Maybe, unknown } from "../../facts/unknown.ts";
import { type Located, placeOf } from "../../text/text.ts";
import { plainPort, type ToldTls, tlsOn, tlsOrigins } from "../proxy/tls.ts";
import type { Unknown as NginxUnknown } from "./block.ts";
import type { NginxServer } from "./model.ts";
import { minVersionOf } from "./routes.ts";
import type { Setting } from "./tls.ts";

/** Reasons that lie in code or in other servers: no further file would decide them. */
const opaque = /decides who gets in|answers$|asks the backend|passwords/u;

/** An unknown of the model as one of the facts. */
export function unknownOf({ unknown: reason, at, via }: NginxUnknown): Maybe<never> {
  const cause = opaque.test(reason) ? "opaque" : /release of nginx/u.test(reason) ? "version" : "input";
  if (at === undefined) return unknown(cause, reason);
  return unknown(cause, reason, placeOf(via === undefined ? { at } : { at, via }));
}

/** A value of the model that may be unknown. */
export function maybe<T extends string | number | boolean | readonly string[]>(
  value: T | NginxUnknown,
): Maybe<T> {
  return typeof value === "object" && "unknown" in value ? unknownOf(value) : value;
}

/** Where a setting is made, or the server block that lacks it. */
export function originOf(
  setting: Pick<Setting<unknown>, "at" | "fromDefault">,
  server: Located,
): readonly Origin[] {
  if (setting.at !== undefined) return [fromPlace(setting.at)];
  return [{ kind: "absent", belongs: server.at, by: `default of ${setting.fromDefault ?? "nginx"}` }];
}

/** TLS of a server behind a socket, with the origins of its parts. */
export function tlsFact(
  server: Pick<NginxServer, "tls"> & Located,
  on: boolean,
  protocols: Setting<readonly string[]>,
  listen: Located,
): ToldTls {
  if (!on) return plainPort(listen);
  const { ciphers, clientCertificate } = server.tls;
  return {
    tls: tlsOn({
      minVersion: maybe(minVersionOf(protocols.value)),
      ciphers: maybe(ciphers.value),
      clientCertificate: maybe(clientCertificate.value),
    }),
    origins: tlsOrigins({
      at: [fromPlace(placeOf(listen))],
      protocols: originOf(protocols, server),
      ciphers: originOf(ciphers, server),
      client: originOf(clientCertificate, server),
    }),
  };
}

/** Bytes as the megabytes of facts. */
export function megabytes(bytes: number | NginxUnknown): Maybe<number> {
  const value = maybe(bytes);
  return isUnknown(value) ? value : value / 1024 ** 2;
}
