/** How Apache httpd encrypts. Source: modules/ssl of httpd 2.4, docs/manual/mod/mod_ssl.xml. */
import type { Tls } from "../../facts/facts.ts";
import { fromPlace, type Origin } from "../../facts/origin.ts";
import { type Maybe, unknown } from "../../facts/unknown.ts";
import type { HttpdDirective } from "../../sources/httpd.ts";
import { type Located, placeOf } from "../../text/text.ts";
import { plainPort, type ToldTls, tlsOn, tlsOrigins } from "../proxy/tls.ts";
import { lastOf, wordAt } from "./model.ts";

/** TLS by the lines that count for a server. */
export function httpdTls(lines: readonly HttpdDirective[], on: boolean, listen: Located): ToldTls {
  if (!on) return plainPort(listen);
  const protocols = lastOf(lines, "sslprotocol");
  const ciphers = lines.findLast(
    ({ name, args }) => name === "sslciphersuite" && args[0]?.text.value.toUpperCase() !== "TLSV1.3",
  );
  const client = lastOf(lines, "sslverifyclient");
  const list = ciphers === undefined ? null : (ciphers.args.at(-1)?.text.value ?? "");
  const origin = (line: HttpdDirective | undefined): readonly Origin[] =>
    line === undefined
      ? [{ kind: "absent", belongs: listen.at, by: "default of Apache httpd" }]
      : [fromPlace(placeOf(line))];
  return {
    tls: tlsOn({ minVersion: oldest(protocols), ciphers: list, clientCertificate: clientMode(client) }),
    origins: tlsOrigins({
      at: [fromPlace(placeOf(listen))],
      protocols: origin(protocols),
      ciphers: origin(ciphers),
      client: origin(client),
    }),
  };
}

function clientMode(client: HttpdDirective | undefined): Tls["clientCertificate"] {
  const mode = client === undefined ? "none" : (wordAt(client, 0) ?? "").toLowerCase();
  if (mode === "require") return "required";
  return mode.startsWith("optional") ? "optional" : "none";
}

const versions = ["SSLv3", "TLSv1", "TLSv1.1", "TLSv1.2", "TLSv1.3"];

/** `all` is what OpenSSL of the machine has: TLS 1.0 with old ones, TLS 1.2 with those of today. */
function oldest(line: HttpdDirective | undefined): Maybe<string> {
  const byLibrary = unknown(
    "version",
    "it depends on OpenSSL which versions are left",
    line && placeOf(line),
  );
  if (line === undefined) return byLibrary;
  let enabled = new Set<string>();
  for (const word of line.args.map(({ text }) => text.value.toLowerCase())) {
    const name = word.replace(/^[+-]/u, "");
    const named = name === "all" ? versions.slice(1) : versions.filter((one) => one.toLowerCase() === name);
    if (word.startsWith("-")) for (const one of named) enabled.delete(one);
    else if (word.startsWith("+")) for (const one of named) enabled.add(one);
    else enabled = new Set(named);
  }
  const found = versions.find((one) => enabled.has(one));
  const isWhole = line.args.some(({ text }) => /^\+?all$/iu.test(text.value));
  return found === undefined || (isWhole && found === "TLSv1") ? byLibrary : found;
}
