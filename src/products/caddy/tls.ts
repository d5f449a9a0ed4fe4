/** How Caddy encrypts. Source: modules/caddytls of caddyserver/caddy; it takes TLS 1.2 and 1.3 by itself. */
import type { Tls } from "../../facts/facts.ts";
import { fromPlace, type Origin } from "../../facts/origin.ts";
import { map } from "../../facts/unknown.ts";
import type { CaddyDirective } from "../../sources/caddyfile.ts";
import { type Located, placeOf } from "../../text/text.ts";
import { opensslList, plainPort, type ToldTls, tlsOn, tlsOrigins } from "../proxy/tls.ts";
import { type CaddyServer, type Site, wordValue } from "./model.ts";

/** TLS of a site behind a server. */
export function siteTls(server: CaddyServer, site: Site | undefined): ToldTls {
  const member = server.members.find((one) => one.site === site) ?? server.members[0];
  const listen = placeOf(member?.address ?? server);
  const directive = site?.directives.findLast(({ name }) => name === "tls");
  if (!server.tls) return plainPort(listen);
  const line = (name: string) => directive?.block?.findLast((one) => one.name === name);
  const protocols = line("protocols");
  const ciphers = line("ciphers");
  const client = line("client_auth");
  const [oldest] = protocols?.args ?? [];
  const minVersion =
    oldest === undefined ? "TLSv1.2" : map(wordValue(oldest), (text) => text.replace(/^tls/iu, "TLSv"));
  const list = ciphers === undefined ? null : opensslList(ciphers.args.map(({ text }) => text.value));
  const origin = (located: Located | undefined): readonly Origin[] =>
    located === undefined
      ? [{ kind: "absent", belongs: (directive ?? site ?? server).at, by: "default of Caddy" }]
      : [fromPlace(placeOf(located))];
  return {
    tls: tlsOn({ minVersion, ciphers: list, clientCertificate: clientMode(client) }),
    origins: tlsOrigins({
      at: [fromPlace(placeOf(listen))],
      protocols: origin(protocols),
      ciphers: origin(ciphers),
      client: origin(client),
    }),
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
