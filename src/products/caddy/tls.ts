/** How Caddy encrypts. Source: modules/caddytls of caddyserver/caddy; it takes TLS 1.2 and 1.3 by itself. */
import type { Tls } from "../../facts/facts.ts";
import { fromPlace, type Origin } from "../../facts/origin.ts";
import { map } from "../../facts/unknown.ts";
import type { CaddyDirective } from "../../sources/caddyfile.ts";
import type { Located } from "../../text/text.ts";
import { opensslList, tlsOff, tlsOn } from "../proxy/tls.ts";
import { type CaddyServer, placeOf, type Site, wordValue } from "./model.ts";

/** TLS of a site behind a server. */
export function siteTls(
  server: CaddyServer,
  site: Site | undefined,
): { readonly tls: Tls; readonly origins: Readonly<Record<string, readonly Origin[]>> } {
  const member = server.members.find((one) => one.site === site) ?? server.members[0];
  const listen = placeOf(member?.address ?? server);
  const directive = site?.directives.findLast(({ name }) => name === "tls");
  const at = [fromPlace(listen)];
  if (!server.tls) return { tls: tlsOff, origins: { "/tls": at, "/tls/mode": at } };
  const line = (name: string) => directive?.block?.findLast((one) => one.name === name);
  const protocols = line("protocols");
  const ciphers = line("ciphers");
  const client = line("client_auth");
  const [oldest] = protocols?.args ?? [];
  const minVersion =
    oldest === undefined ? "TLSv1.2" : map(wordValue(oldest), (text) => text.replace(/^tls/iu, "TLSv"));
  const clientCertificate = clientMode(client);
  const common = { minVersion, clientCertificate };
  const origin = (located: Located | undefined): readonly Origin[] =>
    located === undefined
      ? [{ kind: "absent", belongs: (directive ?? site ?? server).at, by: "default of Caddy" }]
      : [fromPlace(placeOf(located))];
  return {
    tls:
      ciphers === undefined
        ? { mode: "on", encrypts: true, ciphers: null, ...common }
        : tlsOn({ ciphers: opensslList(ciphers.args.map(({ text }) => text.value)), ...common }),
    origins: {
      "/tls": at,
      "/tls/mode": at,
      "/tls/minVersion": origin(protocols),
      "/tls/ciphers": origin(ciphers),
      "/tls/cipherVerdict": origin(ciphers),
      "/tls/clientCertificate": origin(client),
    },
  };
}

/** `require` alone takes any certificate that somebody has made himself. */
function clientMode(client: CaddyDirective | undefined): Tls["clientCertificate"] {
  if (client === undefined) return "none";
  const mode = client.block?.findLast(({ name }) => name === "mode")?.args[0]?.text.value;
  const trusts = client.block?.some(({ name }) => /^trust/u.test(name)) === true;
  if (mode === "require_and_verify" || (mode === undefined && trusts)) return "required";
  return mode === "verify_if_given" ? "optional" : "none";
}
