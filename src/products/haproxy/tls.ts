/** How HAProxy encrypts. Source: doc/configuration.txt of haproxy/haproxy, sections 3.1 and 5.1. */
import { fromPlace, type Origin } from "../../facts/origin.ts";
import { type Maybe, unknown } from "../../facts/unknown.ts";
import type { HaproxyLine } from "../../sources/haproxy.ts";
import { placeOf } from "../../text/text.ts";
import { plainPort, type ToldTls, tlsOn, tlsOrigins } from "../proxy/tls.ts";
import { before } from "../version.ts";
import { type HaproxyBind, type HaproxyModel, optionOf, wordAt } from "./model.ts";

/** TLS of an address, with the defaults of `global`. */
export function bindTls(bind: HaproxyBind, model: HaproxyModel, version: string): ToldTls {
  if (!bind.ssl) return plainPort(bind);
  const at = [fromPlace(placeOf(bind))];
  const globalLine = (name: string) => model.global.findLast((line) => wordAt(line, 0) === name);
  const options = globalLine("ssl-default-bind-options");
  const lists = globalLine("ssl-default-bind-ciphers");
  const ciphers = optionOf(bind.line, "ciphers") ?? (lists === undefined ? undefined : wordAt(lists, 1));
  const oldest = oldestOf(bind.line) ?? (options === undefined ? undefined : oldestOf(options));
  const verify = optionOf(bind.line, "verify");
  const minVersion = oldest ?? defaultVersion(version);
  const clientCertificate = verify === "required" || verify === "optional" ? verify : "none";
  const origin = (written: boolean, line: HaproxyLine | undefined): readonly Origin[] => {
    if (written) return at;
    return line === undefined
      ? [{ kind: "absent", belongs: bind.at, by: "default of HAProxy" }]
      : [fromPlace(placeOf(line))];
  };
  return {
    tls: tlsOn({ minVersion, ciphers: ciphers ?? null, clientCertificate }),
    origins: tlsOrigins({
      at,
      protocols: origin(oldestOf(bind.line) !== undefined, options),
      ciphers: origin(optionOf(bind.line, "ciphers") !== undefined, lists),
      client: at,
    }),
  };
}

const versions = ["SSLv3", "TLSv1.0", "TLSv1.1", "TLSv1.2", "TLSv1.3"];

/** `ssl-min-ver`, `force-tlsv12`, or `no-tlsv10` and the like; undefined where none of them stands. */
function oldestOf(line: HaproxyLine): string | undefined {
  const written = optionOf(line, "ssl-min-ver");
  if (written !== undefined) return written === "TLSv1.0" ? "TLSv1" : written;
  const words = line.words.map(({ text }) => text.value);
  const forced = words.find((word) => /^force-tlsv1\d$/u.test(word));
  if (forced !== undefined) return named(`TLSv1.${forced.at(-1)}`);
  const without = words.flatMap((word) => /^no-(sslv3|tlsv1\d)$/u.exec(word)?.[1] ?? []);
  if (!without.some((word) => word.startsWith("tlsv1"))) return undefined;
  return named(versions.find((one) => !without.includes(one.toLowerCase().replace(".", ""))) ?? "TLSv1.3");
}

function named(version: string): string {
  return version === "TLSv1.0" ? "TLSv1" : version;
}

/** TLS 1.2 since 2.2. */
function defaultVersion(version: string): Maybe<string> {
  if (version === "0" || version === "") return unknown("version", "the default depends on the release");
  return before(version, "2.2") ? "TLSv1" : "TLSv1.2";
}
