/** How well a proxy encrypts, by what it says in the words of OpenSSL. */
import keywordData from "../../../data/tls-cipher-keywords.json" with { type: "json" };
import cipherData from "../../../data/tls-ciphers.json" with { type: "json" };
import type { Tls } from "../../facts/facts.ts";
import { fromPlace, type Origin } from "../../facts/origin.ts";
import { tlsOff } from "../../facts/tls-off.ts";
import { type Maybe, map } from "../../facts/unknown.ts";
import { type Located, placeOf } from "../../text/text.ts";
import type { Socket } from "../product.ts";

/** What is said of a port's TLS, with the lines that say it under "/tls" and "/tls/…". */
export interface ToldTls {
  readonly tls: Tls;
  readonly origins: Socket["origins"];
}

/** A port without TLS, which it is by this line. */
export function plainPort(at: Located): ToldTls {
  const place = [fromPlace(placeOf(at))];
  return { tls: tlsOff, origins: { "/tls": place, "/tls/mode": place } };
}

/** What a port with TLS says of itself. */
export interface TlsSettings {
  readonly minVersion: Maybe<string | null>;
  /** A list of OpenSSL for TLS 1.2 and older; null for the proxy's own. */
  readonly ciphers: Maybe<string> | null;
  readonly clientCertificate: Tls["clientCertificate"];
}

/** A port with TLS. */
export function tlsOn({ minVersion, ciphers, clientCertificate }: TlsSettings): Tls {
  if (ciphers === null) return { mode: "on", encrypts: true, minVersion, ciphers, clientCertificate };
  return {
    mode: "on",
    encrypts: map(ciphers, encrypts),
    minVersion,
    ciphers: map(ciphers, (list) =>
      list.split(/[: ,]+/u).filter((word) => word !== "" && !/^[!@+-]/u.test(word)),
    ),
    cipherVerdict: map(ciphers, cipherListVerdict),
    clientCertificate,
  };
}

/** What decides about TLS, each with its own lines. `at`: where TLS is asked for. */
export interface TlsLines {
  readonly at: readonly Origin[];
  readonly protocols: readonly Origin[];
  readonly ciphers: readonly Origin[];
  readonly client: readonly Origin[];
}

/** The origins of a port with TLS. */
export function tlsOrigins({ at, protocols, ciphers, client }: TlsLines): Socket["origins"] {
  return {
    "/tls": at,
    "/tls/mode": at,
    "/tls/minVersion": protocols,
    "/tls/ciphers": ciphers,
    "/tls/cipherVerdict": ciphers,
    "/tls/clientCertificate": client,
  };
}

/** Whether a list has a suite that encrypts: one of `NULL` alone does not, one beside others may. */
function encrypts(list: string): boolean {
  const words = list.split(/[: ,]+/u).filter((word) => word !== "" && !/^[!+@-]/u.test(word));
  return words.length === 0 || words.some((word) => !/NULL/u.test(word));
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

const opensslNames: ReadonlyMap<string, string> = new Map(
  cipherData.ciphers.flatMap(({ iana, openssl }): [string, string][] =>
    openssl === null ? [] : [[iana, openssl]],
  ),
);

/** Suites by the names of IANA, as OpenSSL lists them. */
export function opensslList(names: readonly string[]): string {
  return names.map((name) => opensslNames.get(name) ?? name).join(":");
}
