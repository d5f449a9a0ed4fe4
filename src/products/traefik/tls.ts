/** How Traefik encrypts. Sources: pkg/tls and docs/content/https/tls.md of traefik/traefik. */
import { fromPlace, type Origin } from "../../facts/origin.ts";
import { isUnknown, type Maybe, map, unknown } from "../../facts/unknown.ts";
import type { Tree } from "../../sources/tree.ts";
import type { Located } from "../../text/text.ts";
import { opensslList, type ToldTls, tlsOn, tlsOrigins } from "../proxy/tls.ts";
import { valueAt, wordOf, wordsOf } from "../proxy/tree.ts";
import { before } from "../version.ts";
import { type DynamicConfiguration, qualified } from "./dynamic.ts";

/** TLS as a router or an entry point asks for it: with options by name, or the default ones. */
export function toldTls(
  tree: Tree,
  provider: string,
  { tlsOptions }: DynamicConfiguration,
  version: string,
): ToldTls {
  const named = wordOf(valueAt(tree, "options"));
  const name = named === undefined || isUnknown(named.value) ? "default" : named.value;
  const options = tlsOptions.get(name === "default" ? name : qualified(name, provider));
  const oldest = wordOf(valueAt(options?.value, "minversion"));
  const suites = wordsOf(valueAt(options?.value, "ciphersuites"));
  const client = wordOf(valueAt(options?.value, "clientauth", "clientauthtype"));
  const whyNot =
    options === undefined && name !== "default"
      ? unknown("input", `the TLS options ${name} are not part of the input`, named)
      : undefined;
  const minVersion =
    whyNot ?? (oldest === undefined ? defaultVersion(version) : map(oldest.value, versionOf));
  const ciphers = whyNot ?? listOf(suites.map(({ value }) => value));
  const clientCertificate =
    whyNot ?? (client === undefined ? "none" : map(client.value, (type) => clientModes[type] ?? "none"));
  const at = [fromPlace(tree)];
  const origin = (word: Located | undefined): readonly Origin[] =>
    word === undefined
      ? [{ kind: "absent", belongs: (options?.value ?? tree).at, by: "default of Traefik" }]
      : [fromPlace(word)];
  return {
    tls: tlsOn({ minVersion, ciphers, clientCertificate }),
    origins: tlsOrigins({
      at,
      protocols: origin(oldest),
      ciphers: origin(suites[0]),
      client: origin(client),
    }),
  };
}

/** `RequireAnyClientCert` takes any certificate that somebody has made himself. */
const clientModes: Readonly<Record<string, "none" | "optional" | "required">> = {
  RequireAndVerifyClientCert: "required",
  VerifyClientCertIfGiven: "optional",
};

function versionOf(text: string): string {
  const [, minor = "2"] = /^VersionTLS1(\d)$/iu.exec(text) ?? [];
  return minor === "0" ? "TLSv1" : `TLSv1.${minor}`;
}

/** TLS 1.2 since 3.0 (#8951); before, what Go takes by itself: TLS 1.0 up to Go 1.21, which built 2.10 and older. */
function defaultVersion(version: string): Maybe<string> {
  if (!/^\d/u.test(version) || version === "0")
    return unknown("version", "the default depends on the release");
  if (!before(version, "3.0")) return "TLSv1.2";
  return before(version, "2.11") ? "TLSv1" : unknown("version", "the default depends on the release of Go");
}

function listOf(names: readonly Maybe<string>[]): Maybe<string> | null {
  const open = names.find(isUnknown);
  if (open !== undefined) return open;
  return names.length === 0 ? null : opensslList(names.flatMap((name) => (isUnknown(name) ? [] : [name])));
}
