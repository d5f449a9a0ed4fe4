/** `proxy_pass` and `upstream`: where requests go. */
import type { NginxDirective } from "../../sources/nginx.ts";
import { type Located, placeOf } from "../../text/text.ts";
import { argument, type Block, nearest, own, type Unknown, wordValue } from "./block.ts";
import { lower } from "./bytes.ts";
import { openBlock, type Reading, refuse } from "./expand.ts";
import { type Script, scriptOf } from "./script.ts";

/** One server that requests are passed to. */
export interface Backend extends Located {
  /** Absent for a unix socket. */
  readonly host?: string;
  readonly port?: number;
  readonly unix?: string;
  /** Set when it is only partly known, for instance because a template fills it in. */
  readonly unknown?: Unknown;
}

/** An `upstream` block. */
export interface NginxUpstream extends Located {
  readonly name: string;
  readonly backends: readonly Backend[];
  readonly unknown?: Unknown;
}

/** A parsed proxy address. */
export interface ProxyTarget {
  readonly scheme: string;
  readonly backends: readonly Backend[];
  /** The path and what follows; empty when there is none. */
  readonly uri: string;
  /** The `upstream` it names. */
  readonly upstream?: NginxUpstream;
}

/** Reads an `upstream` block. */
export function upstreamOf(
  reading: Reading,
  directive: NginxDirective,
  parent: Block,
  stream: boolean,
): NginxUpstream | undefined {
  const name = argument(directive, 0);
  if (name === undefined || directive.block === undefined) return undefined;
  const block = openBlock(reading, stream ? "stream-upstream" : "upstream", directive, parent);
  const backends: Backend[] = [];
  for (const server of own(block, "server")) {
    const word = server.args[0];
    const options = server.args.slice(1).map((option) => option.text.value);
    if (word === undefined || options.includes("down")) continue;
    const value = wordValue(word);
    backends.push(
      typeof value === "string" ? endpoint(value, 80, word) : { unknown: value, ...placeOf(word) },
    );
  }
  const [gap] = block.gaps;
  if (gap === undefined && own(block, "server").length === 0)
    refuse(reading, `no servers are inside upstream "${name}"`, directive);
  const unknown: Unknown | undefined = gap && { unknown: gap.reason, ...placeOf(gap) };
  return { name: lower(name), backends, ...placeOf(directive), ...(unknown && { unknown }) };
}

const endpointPattern = /^(\[[0-9a-fA-F:.]+\]|[^:[\]/]*)(?::(\d+))?$/;

function endpoint(text: string, port: number, at: Located): Backend {
  const place = placeOf(at);
  if (text.startsWith("unix:")) return { unix: text.slice(5), ...place };
  const found = endpointPattern.exec(text);
  if (found === null)
    return { unknown: { unknown: `the address ${text} is not understood`, ...place }, ...place };
  return { host: found[1] ?? "", port: found[2] === undefined ? port : Number(found[2]), ...place };
}

const schemes: Readonly<Record<string, number>> = { http: 80, https: 443, grpc: 80, grpcs: 443 };

/** Takes a proxy address apart; a string is what is wrong with it. */
export function targetOf(
  url: string,
  upstreams: readonly NginxUpstream[],
  at: Located,
): ProxyTarget | string {
  const scheme = /^([a-z]+):\/\//i.exec(url)?.[1]?.toLowerCase();
  const port = schemes[scheme ?? ""];
  if (scheme === undefined || port === undefined) return "invalid URL prefix";
  const rest = url.slice(scheme.length + 3);
  const unix = /^unix:([^:]*)(?::(.*))?$/s.exec(rest);
  if (unix !== null)
    return { scheme, backends: [{ unix: unix[1] ?? "", ...placeOf(at) }], uri: unix[2] ?? "" };
  const slash = rest.search(/[/?]/);
  const host = slash === -1 ? rest : rest.slice(0, slash);
  const uri = slash === -1 ? "" : rest.slice(slash);
  const upstream = upstreams.find((candidate) => candidate.name === lower(host));
  if (upstream !== undefined)
    return { scheme, backends: upstream.backends, uri: uri.startsWith("?") ? `/${uri}` : uri, upstream };
  const named = upstreams.find((candidate) => candidate.name === lower(host.replace(/:\d+$/, "")));
  if (named !== undefined && host !== "")
    return `upstream "${named.name}" may not have port ${host.slice(host.lastIndexOf(":") + 1)}`;
  if (host === "" || !endpointPattern.test(host)) return `invalid host in proxy address "${url}"`;
  return { scheme, backends: [endpoint(host, port, at)], uri: uri.startsWith("?") ? `/${uri}` : uri };
}

/** A stream's `proxy_pass`: an address without scheme. */
export function streamTargetOf(
  text: string,
  upstreams: readonly NginxUpstream[],
  at: Located,
): readonly Backend[] {
  return upstreams.find((candidate) => candidate.name === lower(text))?.backends ?? [endpoint(text, 0, at)];
}

/** What the proxy says in `Authorization` for every visitor. The value itself goes nowhere. */
export interface SuppliedAuthorization extends Located {
  readonly value: Script;
}

/** The nearest `proxy_set_header Authorization`. */
export function suppliedAuthorization(block: Block): SuppliedAuthorization | undefined {
  const header = nearest(block, "proxy_set_header").findLast(
    (directive) => lower(argument(directive, 0) ?? "") === "authorization",
  );
  const word = header?.args[1];
  if (header === undefined || word === undefined) return undefined;
  return { value: scriptOf(word.text).parts, ...placeOf(header) };
}
