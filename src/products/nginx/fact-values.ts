/** From the values of the nginx model to those of facts. */

import keywordData from "../../../data/tls-cipher-keywords.json" with { type: "json" };
import cipherData from "../../../data/tls-ciphers.json" with { type: "json" };
import type { Tls } from "../../facts/facts.ts";
import { fromPlace, type Origin } from "../../facts/origin.ts";
import { isUnknown, type Maybe, map, unknown } from "../../facts/unknown.ts";
import type { Located } from "../../text/text.ts";
import { type Unknown as NginxUnknown, placeOf } from "./block.ts";
import type { NginxServer } from "./model.ts";
import { minVersionOf } from "./routes.ts";
import type { Setting } from "./tls.ts";

/** Reasons that lie in code or in other servers: no further file would decide them. */
const opaque = /decides who gets in|answers$|asks the backend|passwords/u;

/** An unknown of the model as one of the facts. */
export function unknownOf({ unknown: reason, at, via }: NginxUnknown): Maybe<never> {
  const cause = opaque.test(reason) ? "opaque" : /release of nginx/u.test(reason) ? "version" : "input";
  return unknown(
    cause,
    reason,
    at === undefined ? undefined : placeOf(via === undefined ? { at } : { at, via }),
  );
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
): { readonly tls: Tls; readonly origins: Readonly<Record<string, readonly Origin[]>> } {
  const { tls } = server;
  const origins = {
    "/tls": [fromPlace(listen)],
    "/tls/mode": [fromPlace(listen)],
    "/tls/minVersion": originOf(protocols, server),
    "/tls/ciphers": originOf(tls.ciphers, server),
    "/tls/cipherVerdict": originOf(tls.ciphers, server),
    "/tls/clientCertificate": originOf(tls.clientCertificate, server),
  };
  if (!on)
    return {
      tls: { mode: "off", encrypts: false, minVersion: null, ciphers: null, clientCertificate: "none" },
      origins,
    };
  const ciphers = maybe(tls.ciphers.value);
  return {
    tls: {
      mode: "on",
      encrypts: map(
        ciphers,
        (list) => cipherListVerdict(list) !== "broken" || !/NULL/u.test(list.replaceAll(/[!-]\w*NULL/gu, "")),
      ),
      minVersion: maybe(minVersionOf(protocols.value)),
      ciphers: map(ciphers, (list) =>
        list.split(/[: ,]+/u).filter((word) => word !== "" && !/^[!@+-]/u.test(word)),
      ),
      cipherVerdict: map(ciphers, cipherListVerdict),
      clientCertificate: maybe(tls.clientCertificate.value),
    },
    origins,
  };
}

type Verdict = "strong" | "acceptable" | "weak" | "broken" | "none";

const order: readonly Verdict[] = ["none", "strong", "acceptable", "weak", "broken"];
const rankOf = new Map<string, number>(order.map((verdict, index) => [verdict, index]));
const verdicts: ReadonlyMap<string, string> = new Map([
  ...cipherData.ciphers.flatMap(({ openssl, verdict }): [string, string][] =>
    openssl === null ? [] : [[openssl, verdict]],
  ),
  ...keywordData.keywords.map(({ keyword, verdict }): [string, string] => [keyword, verdict]),
]);

/**
 * The worst that a list of OpenSSL allows. Words are judged one by one: what `!` and `-` take out of a keyword makes it
 * no better than its catalogued verdict says, which already leaves out the suites without a key.
 */
function cipherListVerdict(list: string): Verdict {
  const whole = order.find((verdict) => verdict === verdicts.get(list));
  if (whole !== undefined) return whole;
  const words = list.split(/[: ,]+/u).filter((word) => word !== "" && !/^[!+-]/u.test(word));
  const ranks = words.map((word) => rankOf.get(verdicts.get(word) ?? "") ?? 0);
  return order[Math.max(0, ...ranks)] ?? "none";
}

/** Bytes as the megabytes of facts. */
export function megabytes(bytes: number | NginxUnknown): Maybe<number> {
  const value = maybe(bytes);
  return isUnknown(value) ? value : value / 1024 ** 2;
}
