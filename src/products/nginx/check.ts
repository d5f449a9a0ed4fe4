/** What nginx refuses beyond the shape of its directives: it looks at several of them together. */

import type { NginxDirective } from "../../sources/nginx.ts";
import { parseNetwork } from "../proxy/network.ts";
import { type Block, gapsAround, own } from "./block.ts";
import { type Reading, refuse } from "./expand.ts";
import type { NginxLocation } from "./location.ts";
import type { NginxServer } from "./model.ts";
import { type NginxUpstream, targetOf } from "./proxy.ts";
import type { Instruction, Rewrite } from "./rewrite.ts";
import { constantOf, scriptOf } from "./script.ts";
import { socketsOf } from "./socket.ts";

/** Notes what nginx refuses about the servers of http. */
export function checkServers(
  reading: Reading,
  servers: readonly NginxServer[],
  upstreams: readonly NginxUpstream[],
): void {
  checkSockets(reading, servers);
  for (const server of servers) {
    checkLevel(reading, server.block);
    for (const location of server.locations) checkLocation(reading, location, upstreams);
  }
}

function checkSockets(reading: Reading, servers: readonly NginxServer[]): void {
  for (const socket of socketsOf({ servers })) {
    const name = socket.port === undefined ? socket.address : `${socket.address}:${socket.port}`;
    const defaults = socket.members.filter((member) => member.listen.defaultServer);
    for (const member of defaults.slice(1))
      refuse(reading, `a duplicate default server for ${name}`, member.listen);
    const seen = new Set<NginxServer>();
    for (const { server, listen } of socket.members) {
      if (seen.has(server)) refuse(reading, `a duplicate listen ${name}`, listen);
      seen.add(server);
    }
    const { tls, block } = socket.defaultServer;
    const secured = socket.members.find((member) => member.listen.ssl);
    if (secured === undefined || tls.certificates.length > 0 || tls.rejects || gapsAround(block).length > 0)
      continue;
    refuse(reading, 'no "ssl_certificate" is defined for the "listen … ssl" directive', secured.listen);
  }
}

function checkLocation(reading: Reading, location: NginxLocation, upstreams: readonly NginxUpstream[]): void {
  const fixed =
    location.kind === "exact" ||
    location.kind === "prefix" ||
    location.kind === "prefix-first" ||
    location.kind === "unknown";
  checkLevel(reading, location.block);
  checkPass(
    reading,
    location.block,
    fixed ? "" : "in location given by regular expression, or inside named location",
    upstreams,
  );
  for (const block of innerBlocks(location.rewrite))
    checkPass(reading, block, 'inside "if" statement', upstreams);
  if (location.limitExcept !== undefined) {
    checkLevel(reading, location.limitExcept.block);
    checkPass(reading, location.limitExcept.block, 'inside "limit_except" block', upstreams);
  }
  for (const inner of location.locations) checkLocation(reading, inner, upstreams);
}

function innerBlocks(rewrite: Rewrite): Block[] {
  return rewrite.flatMap((instruction: Instruction) =>
    instruction.type === "if" ? [instruction.block] : [],
  );
}

function checkPass(reading: Reading, block: Block, where: string, upstreams: readonly NginxUpstream[]): void {
  for (const pass of own(block, "proxy_pass")) {
    const word = pass.args[0];
    const url = word === undefined ? undefined : constantOf(scriptOf(word.text).parts);
    if (url === undefined || word === undefined) continue;
    const target = targetOf(url, upstreams, word);
    if (typeof target === "string") refuse(reading, target, word);
    else if (where !== "" && target.uri !== "")
      refuse(reading, `"proxy_pass" cannot have URI part ${where}`, word);
  }
}

function checkLevel(reading: Reading, block: Block): void {
  for (const rule of own(block, "allow", "deny")) checkRule(reading, rule);
  for (const line of own(block, "satisfy")) checkValue(reading, line, ["all", "any"]);
  for (const line of own(block, "ssl_verify_client"))
    checkValue(reading, line, ["on", "off", "optional", "optional_no_ca"]);
}

function checkRule(reading: Reading, rule: NginxDirective): void {
  const word = rule.args[0];
  const value = word === undefined ? undefined : constantOf(scriptOf(word.text).parts);
  if (value === undefined || value === "all" || value === "unix:" || parseNetwork(value) !== undefined)
    return;
  refuse(reading, `invalid parameter "${value}"`, rule);
}

function checkValue(reading: Reading, line: NginxDirective, values: readonly string[]): void {
  const word = line.args[0];
  const value = word === undefined ? undefined : constantOf(scriptOf(word.text).parts);
  if (value !== undefined && !values.includes(value)) refuse(reading, `invalid value "${value}"`, line);
}
