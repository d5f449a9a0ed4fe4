/** `map` and `geo`: variables that are made out of other variables. */
import type { NginxDirective } from "../../sources/nginx.ts";
import { type Located, placeOf } from "../../text/text.ts";
import { contains, type Network, parseAddress, parseNetwork } from "../proxy/network.ts";
import { matchRegex, type Regex, regexOf } from "../proxy/regex.ts";
import { type Block, type Gap, type Unknown, wordValue } from "./block.ts";
import { lower } from "./bytes.ts";
import { openBlock, type Reading } from "./expand.ts";
import { readScript } from "./rewrite.ts";
import type { Script } from "./script.ts";

/** A variable that is made by a `map`. */
export interface NginxMap extends Located {
  readonly kind: "map";
  readonly source: Script;
  readonly exact: ReadonlyMap<string, Script>;
  readonly wildcards: readonly { readonly name: string; readonly value: Script }[];
  readonly patterns: readonly {
    readonly regex: Regex | undefined;
    readonly value: Script;
    readonly at: Located;
  }[];
  readonly fallback: Script;
  /** Looked up anew each time it is used. */
  readonly volatile: boolean;
  readonly gaps: readonly Gap[];
}

/** A variable that is made by a `geo`. */
export interface NginxGeo extends Located {
  readonly kind: "geo";
  /** The variable with the address; undefined for the client's. */
  readonly source: string | undefined;
  readonly networks: readonly { readonly text: string; readonly network: Network; readonly value: Script }[];
  readonly fallback: Script;
  /** Why the result cannot be told: `proxy` takes the address from a header, an include is missing. */
  readonly unknown: string | undefined;
}

/** The variable's name and what makes it. */
export function mapOf(
  reading: Reading,
  directive: NginxDirective,
  parent: Block,
): [string, NginxMap] | undefined {
  const [source, variable] = directive.args;
  if (source === undefined || variable === undefined) return undefined;
  const block = openBlock(reading, "other", directive, parent);
  const exact = new Map<string, Script>();
  const wildcards: { name: string; value: Script }[] = [];
  const patterns: { regex: Regex | undefined; value: Script; at: Located }[] = [];
  const hostnames = block.own.some((entry) => entry.name === "hostnames" && entry.args.length === 0);
  let fallback: Script = [];
  for (const entry of block.own) {
    const word = entry.args[0];
    if (word === undefined) continue;
    const value = readScript(reading, word.text, word);
    const key = lower(entry.name);
    if (entry.name === "default") fallback = value;
    else if (entry.name.startsWith("~"))
      patterns.push({ regex: patternOf(entry.name), value, at: placeOf(entry) });
    else if (hostnames && /^\*?\.|\.\*$/.test(key)) wildcards.push({ name: key, value });
    else exact.set(key.replace(/^\\(?=[~\\dhv*.])/, ""), value);
  }
  const found: NginxMap = {
    kind: "map",
    source: readScript(reading, source.text, source),
    exact,
    wildcards,
    patterns,
    fallback,
    volatile: block.own.some((entry) => entry.name === "volatile" && entry.args.length === 0),
    gaps: block.gaps,
    ...placeOf(directive),
  };
  return [lower(variable.text.value.replace(/^\$/, "")), found];
}

function patternOf(text: string): Regex | undefined {
  const ignoreCase = text.startsWith("~*");
  const regex = regexOf(text.slice(ignoreCase ? 2 : 1), ignoreCase);
  return typeof regex === "object" ? regex : undefined;
}

/** What a map makes of a value: the script to evaluate, and the captures of an expression. */
export interface Mapped {
  readonly value: Script;
  readonly captures?: readonly string[];
  readonly names?: ReadonlyMap<string, number>;
}

/** Looks a value up: exact (without regard to case), wildcards, expressions in order, default. */
export function lookUp(map: NginxMap, value: string): Mapped | Unknown {
  const found = map.exact.get(lower(value)) ?? wildcard(map, lower(value));
  if (found !== undefined) return { value: found };
  const [gap] = map.gaps;
  if (gap !== undefined) return { unknown: gap.reason, ...placeOf(gap) };
  for (const pattern of map.patterns) {
    if (pattern.regex === undefined)
      return { unknown: "an expression of the map is not understood", ...placeOf(pattern.at) };
    const captures = matchRegex(pattern.regex, value);
    if (captures !== undefined) return { value: pattern.value, captures, names: pattern.regex.names };
  }
  return { value: map.fallback };
}

function wildcard(map: NginxMap, host: string): Script | undefined {
  let best: { name: string; value: Script } | undefined;
  for (const entry of map.wildcards) {
    const { name } = entry;
    const fits = name.endsWith(".*")
      ? host.startsWith(name.slice(0, -1))
      : host.endsWith(name.replace(/^\*/, "")) || (name.startsWith(".") && host === name.slice(1));
    const ahead = best === undefined || (best.name.endsWith(".*") && !name.endsWith(".*"));
    if (
      fits &&
      (ahead ||
        (best !== undefined &&
          name.length > best.name.length &&
          best.name.endsWith(".*") === name.endsWith(".*")))
    )
      best = entry;
  }
  return best?.value;
}

/** The variable's name and what makes it. */
export function geoOf(
  reading: Reading,
  directive: NginxDirective,
  parent: Block,
): [string, NginxGeo] | undefined {
  const variable = directive.args.at(-1);
  const source = directive.args.length > 1 ? directive.args[0]?.text.value.replace(/^\$/, "") : undefined;
  if (variable === undefined) return undefined;
  const block = openBlock(reading, "other", directive, parent);
  const networks: { text: string; network: Network; value: Script }[] = [];
  let fallback: Script = [];
  let unknown = block.gaps[0]?.reason;
  for (const entry of block.own) {
    const word = entry.args[0];
    if (entry.name === "proxy") unknown ??= "geo takes the address from a header of trusted proxies";
    else if (entry.name === "delete") unknown ??= "geo with delete is not followed";
    if (word === undefined || entry.name === "proxy" || entry.name === "delete") continue;
    const value = typeof wordValue(word) === "string" ? readScript(reading, word.text, word) : [];
    const network = networkOf(entry.name);
    if (entry.name === "default") fallback = value;
    else if (network === undefined) unknown ??= `the network ${entry.name} is not understood`;
    else networks.push({ text: entry.name, network, value });
  }
  const found: NginxGeo = { kind: "geo", source, networks, fallback, unknown, ...placeOf(directive) };
  return [lower(variable.text.value.replace(/^\$/, "")), found];
}

function networkOf(text: string): Network | undefined {
  const [from, to] = text.split("-").map(parseAddress);
  if (to === undefined || from === undefined) return parseNetwork(text);
  return from.version === to.version
    ? { version: from.version, first: from.value, last: to.value }
    : undefined;
}

/** The value for an address: the smallest network that holds it; of equal ones the later. */
export function locateAddress(geo: NginxGeo, address: string): Script {
  const parsed = parseAddress(address);
  let best: { network: Network; value: Script } | undefined;
  for (const entry of geo.networks) {
    if (parsed === undefined || !contains(entry.network, parsed)) continue;
    if (best === undefined || size(entry.network) <= size(best.network)) best = entry;
  }
  return best?.value ?? geo.fallback;
}

function size(network: Network): bigint {
  return network.last - network.first;
}
