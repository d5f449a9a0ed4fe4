/** The model of an nginx configuration: what its files say, as nginx would compile them. */
import type { NginxDirective } from "../../sources/nginx.ts";
import { type Located, placeOf, type Text } from "../../text/text.ts";
import { type Block, type Gap, gapsAround, nearest, own, setting } from "./block.ts";
import { lower } from "./bytes.ts";
import { checkServers } from "./check.ts";
import {
  blockOf,
  type NginxProblem,
  openBlock,
  type Reading,
  type ResolveInclude,
  readFile,
  refuse,
} from "./expand.ts";
import { impliedListen, type NginxListen, parseListen } from "./listen.ts";
import { locationsOf, type NginxLocation } from "./location.ts";
import { geoOf, mapOf, type NginxGeo, type NginxMap } from "./map.ts";
import { type NginxUpstream, upstreamOf } from "./proxy.ts";
import { assignedBy, compileRewrite, type Rewrite } from "./rewrite.ts";
import { type ServerName, serverNamesOf } from "./server-name.ts";
import { type NginxStream, streamsOf } from "./stream.ts";
import { type NginxBuild, type NginxTls, tlsOf } from "./tls.ts";

/** A `server` of http. */
export interface NginxServer extends Located {
  readonly block: Block;
  readonly listens: readonly NginxListen[];
  readonly names: readonly ServerName[];
  readonly rewrite: Rewrite;
  readonly locations: readonly NginxLocation[];
  readonly tls: NginxTls;
  /** The old `ssl on`, which makes every socket of a default server a TLS one; gone since 1.25.1. */
  readonly sslOn: boolean;
}

/** Everything that was read of one nginx. */
export interface NginxModel {
  readonly servers: readonly NginxServer[];
  readonly streams: readonly NginxStream[];
  readonly upstreams: readonly NginxUpstream[];
  /** Variables made by `map` and `geo`, without their dollar sign. */
  readonly variables: ReadonlyMap<string, NginxMap | NginxGeo>;
  /** Variables that some line may set; empty until one does. */
  readonly assigned: ReadonlySet<string>;
  /** Lines of http that are not there to read: they may hold other servers. */
  readonly gaps: readonly Gap[];
  readonly problems: readonly NginxProblem[];
  readonly version: string | undefined;
}

/** What to read. */
export interface NginxInput {
  /** The main file; or, without it, the files that it would include in http (or parts of a server). */
  readonly texts: readonly Text[];
  readonly resolveInclude: ResolveInclude;
  /** The folder of the main file in nginx's eyes: /etc/nginx in Debian and in the official image. */
  readonly prefix?: string;
  /** The program, as far as it is known. */
  readonly build?: NginxBuild;
}

/** Reads an nginx configuration. Never throws. */
export function nginxModel(input: NginxInput): NginxModel {
  const reading: Reading = {
    resolveInclude: input.resolveInclude,
    prefix: input.prefix ?? "/etc/nginx",
    problems: [],
    includes: 0,
  };
  const build = input.build ?? {};
  const https: Block[] = [];
  const streams: Block[] = [];
  for (const text of input.texts) {
    const directives = readFile(reading, text);
    const kind = levelOf(directives);
    if (kind === "main") readMain(reading, directives, https, streams);
    else if (kind === "http") https.push(blockOf(reading, "http", undefined, directives, undefined));
    else https.push(partOfServer(reading, directives));
  }
  const upstreams = https.flatMap((http) =>
    own(http, "upstream").flatMap((line) => upstreamOf(reading, line, http, false) ?? []),
  );
  const servers = https.flatMap((http) =>
    own(http, "server").flatMap((line) => serverOf(reading, line, http, build)),
  );
  const variables = new Map(https.flatMap((http) => variablesOf(reading, http)));
  const streamServers = streams.flatMap((stream) => streamsOf(reading, stream, build));
  checkServers(reading, servers, upstreams);
  const gaps = https.flatMap(gapsAround);
  return {
    servers,
    streams: streamServers,
    upstreams,
    variables,
    assigned: new Set(servers.flatMap(assignedIn)),
    gaps,
    problems: reading.problems,
    version: build.version,
  };
}

/** Which level of nginx's configuration a file is written for, by the directives that it starts with. */
function levelOf(directives: readonly NginxDirective[]): "main" | "http" | "server" {
  const names = new Set(directives.map((directive) => directive.name));
  const has = (...wanted: string[]): boolean => wanted.some((name) => names.has(name));
  if (has("http", "events", "stream", "mail", "worker_processes", "daemon", "load_module")) return "main";
  if (has("server", "upstream", "map", "geo")) return "http";
  return has("location", "listen", "server_name") ? "server" : "http";
}

function readMain(
  reading: Reading,
  directives: readonly NginxDirective[],
  https: Block[],
  streams: Block[],
): void {
  const main = blockOf(reading, "main", undefined, directives, undefined);
  const first = directives[0];
  if (first !== undefined && main.gaps.length === 0 && own(main, "events").length === 0) {
    refuse(reading, 'no "events" section in configuration', first);
  }
  for (const line of own(main, "events")) openBlock(reading, "events", line, main);
  for (const line of own(main, "http")) https.push(openBlock(reading, "http", line, main));
  for (const line of own(main, "stream")) streams.push(openBlock(reading, "stream", line, main));
}

/** A file of locations: it belongs into a server that is not there to read, which may ask for a login. */
function partOfServer(reading: Reading, directives: readonly NginxDirective[]): Block {
  const [first] = directives;
  const nameAt = placeOf(first ?? { at: { file: "", start: 0, end: 0 } });
  const head: NginxDirective = { name: "server", nameAt, args: [], block: directives, ...nameAt };
  const gaps = [{ reason: "this file is a part of a server that is not there to read", ...nameAt }];
  const http = blockOf(reading, "http", undefined, [head], undefined);
  return { ...http, gaps };
}

function serverOf(reading: Reading, line: NginxDirective, http: Block, build: NginxBuild): NginxServer[] {
  if (line.block === undefined) return [];
  const block = openBlock(reading, "server", line, http);
  return [
    {
      block,
      listens: listensOf(reading, block, line),
      names: serverNamesOf(own(block, "server_name")),
      rewrite: compileRewrite(reading, block, "server-if"),
      locations: locationsOf(reading, block, undefined),
      tls: tlsOf(block, build),
      sslOn: setting(block, "ssl")?.args[0]?.text.value === "on",
      ...placeOf(line),
    },
  ];
}

function listensOf(reading: Reading, block: Block, server: Located): NginxListen[] {
  const listens: NginxListen[] = [];
  for (const line of own(block, "listen")) {
    const listen = parseListen(line);
    if (typeof listen === "string") refuse(reading, listen, line);
    else listens.push(listen);
  }
  const [gap] = gapsAround(block);
  if (own(block, "listen").length > 0) return listens;
  const implied = impliedListen(server);
  return [gap === undefined ? implied : { ...implied, unknown: { unknown: gap.reason, ...placeOf(gap) } }];
}

function assignedIn(server: NginxServer): string[] {
  const inNames = server.names.flatMap((name) =>
    name.kind === "regex" ? [...(name.regex?.names.keys() ?? [])] : [],
  );
  return [...inNames.map(lower), ...assignedBy(server.rewrite), ...server.locations.flatMap(assignedAt)];
}

function assignedAt(location: NginxLocation): string[] {
  const captures = [...(location.regex?.names.keys() ?? [])].map(lower);
  return [...captures, ...assignedBy(location.rewrite), ...location.locations.flatMap(assignedAt)];
}

function variablesOf(reading: Reading, http: Block): [string, NginxMap | NginxGeo][] {
  const maps = nearest(http, "map").flatMap((line) => {
    const made = mapOf(reading, line, http);
    return made === undefined ? [] : [made];
  });
  const geos = nearest(http, "geo").flatMap((line) => {
    const made = geoOf(reading, line, http);
    return made === undefined ? [] : [made];
  });
  return [...maps, ...geos];
}
