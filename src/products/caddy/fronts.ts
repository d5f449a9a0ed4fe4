/** The servers of Caddy as every proxy has them. */

import { fromPlace } from "../../facts/origin.ts";
import type { CaddyDirective } from "../../sources/caddyfile.ts";
import { placeOf } from "../../text/text.ts";
import { probeHost } from "../probe-paths.ts";
import type { Front, Sample } from "../proxy/front.ts";
import { pathsLabel } from "../proxy/routes.ts";
import { type Handler, type Trace, waysOf } from "../proxy/ways.ts";
import { decoded, type Passing, runBlock } from "./handlers.ts";
import { isHost, matchesPath, namedMatchers } from "./matchers.ts";
import { type CaddyModel, type CaddyServer, type Site, serversOf } from "./model.ts";
import { siteTls } from "./tls.ts";

/** A front for each server, once for each name in its addresses. */
export function frontsOf(model: CaddyModel): readonly Front[] {
  return serversOf(model).flatMap((server) => hostsOf(server).map((host) => frontOf(server, host)));
}

/** The name of a server's socket. */
export function socketId({ bind, port }: CaddyServer): string {
  return bind === "0.0.0.0" ? `http-${port}` : `http-${port}-${bind}`;
}

function hostsOf({ members }: CaddyServer): readonly string[] {
  const hosts = members.map(({ address }) => address.host);
  const named = hosts.filter((host) => host !== "").map((host) => host.replaceAll("*", "pacs"));
  return [...new Set([...named, ...(hosts.includes("") ? [probeHost] : [])])];
}

function frontOf(server: CaddyServer, host: string): Front {
  const member = server.members.find(({ address }) => takesHost(address.host, host)) ?? server.members[0];
  const site = member?.site;
  const said = siteTls(server, site);
  const handler = handlerOf(server);
  const name = host === probeHost ? undefined : host;
  return {
    socket: socketId(server),
    key: `${server.bind} ${server.port} ${site?.at.file}:${site?.at.start}`,
    name,
    tls: said.tls,
    origins: { ...said.origins, "/listen": [fromPlace(placeOf(member?.address ?? server))] },
    samples: server.members
      .filter(({ address }) => takesHost(address.host, host))
      .flatMap((one) => samplesOf(one.site)),
    ask: (path, method) => waysOf(handler, { path, method, host, tls: server.tls }),
    label: (paths) => pathsLabel("path", paths, name),
  };
}

function takesHost(pattern: string, host: string): boolean {
  return pattern === "" || isHost(pattern, host);
}

function samplesOf({ directives }: Site): readonly Sample[] {
  const patterns = patternsIn(directives);
  const named = [...new Set(patterns)].flatMap((shown): readonly Sample[] => {
    const prefix = shown.replace(/\*$/u, "");
    if (prefix.includes("*") || !prefix.startsWith("/")) return [];
    if (prefix === shown) return [{ shown: `= ${shown}`, path: shown, prefix: shown }];
    const whole = prefix.endsWith("/") ? prefix : `${prefix}/`;
    return [{ shown, path: whole, prefix: whole }];
  });
  return [{ shown: "/", path: "/", prefix: "/" }, ...named.filter(({ shown }) => shown !== "/*")];
}

/** The paths that matchers of a block name. */
function patternsIn(directives: readonly CaddyDirective[]): readonly string[] {
  return directives
    .filter(({ name }) => name !== "tls")
    .flatMap((directive) => {
      const { name, block, args } = directive;
      const words = args.map(({ text }) => text.value);
      const isMatcher = name.startsWith("@") || name === "path" || name === "not";
      const inside = block !== undefined && (isMatcher || nesting.has(name)) ? patternsIn(block) : [];
      if (!isMatcher) return [...(words[0]?.startsWith("/") === true ? words.slice(0, 1) : []), ...inside];
      return name === "path" || words.includes("path")
        ? [...words.filter((word) => word.startsWith("/")), ...inside]
        : inside;
    });
}

/** Directives that hold others. */
const nesting = new Set(["handle", "handle_path", "route"]);

/** What a server does with a request: the first site for its name and path takes it. */
export function handlerOf(server: CaddyServer): Handler {
  return (request, decide): Trace => {
    const host = request.host.replace(/:\d+$/u, "").toLowerCase();
    const [path = "", query] = request.path.split(/\?(.*)/su);
    const member = server.members.find(
      ({ address }) =>
        takesHost(address.host, host) && (address.path === "" || matchesPath([address.path], decoded(path))),
    );
    if (!isWellFormed(path)) return { outcome: { kind: "answer", status: 400 }, gates: [] };
    if (member === undefined) return { outcome: { kind: "answer", status: 200 }, gates: [] };
    const wanted = siteTls(server, member.site).tls.clientCertificate;
    const passing: Passing = {
      request,
      decide,
      path,
      query,
      method: request.method,
      gates: wanted === "required" ? [{ login: "client-certificate", at: [placeOf(member.site)] }] : [],
      supplies: false,
      bodyLimit: 0,
      hsts: false,
      origins: {},
    };
    const none = namedMatchers([], new Map());
    const outcome = runBlock(member.site.directives, none, passing) ?? { kind: "answer", status: 200 };
    return { outcome, gates: passing.gates };
  };
}

function isWellFormed(path: string): boolean {
  return !/%(?![0-9a-fA-F]{2})/u.test(path);
}
