/** `location`: reading its head, and finding the one for a path: ngx_http_core_find_location() of nginx 1.22. */
import type { NginxDirective } from "../../sources/nginx.ts";
import { type Located, placeOf, slice } from "../../text/text.ts";
import { matchRegex, type Regex, regexOf } from "../proxy/regex.ts";
import { type Block, own, type Unknown, wordValue } from "./block.ts";
import { openBlock, type Reading, refuse } from "./expand.ts";
import { compileRewrite, type Rewrite } from "./rewrite.ts";

/** How the pattern of a location is compared. `^~` is a prefix behind which no expressions are tried. */
export type LocationKind = "exact" | "prefix" | "prefix-first" | "regex" | "named" | "unknown";

/** A location with everything that nginx compiles out of it. */
export interface NginxLocation extends Located {
  readonly kind: LocationKind;
  /** The path or expression, without modifier. */
  readonly pattern: string;
  readonly ignoreCase: boolean;
  /** Absent when the expression is not understood. */
  readonly regex?: Regex;
  readonly unknown?: Unknown;
  readonly block: Block;
  readonly rewrite: Rewrite;
  readonly limitExcept?: LimitExcept;
  readonly locations: readonly NginxLocation[];
}

/** `limit_except`: the block that holds for all other methods. */
export interface LimitExcept {
  readonly methods: readonly string[];
  readonly block: Block;
}

/** The locations of a server or of a location. */
export function locationsOf(
  reading: Reading,
  parent: Block,
  outer: NginxLocationHead | undefined,
): NginxLocation[] {
  const seen = new Set<string>();
  const locations: NginxLocation[] = [];
  for (const directive of own(parent, "location")) {
    if (directive.block === undefined) continue;
    const head = headOf(directive);
    const key = `${head.kind === "prefix-first" ? "prefix" : head.kind} ${head.pattern}`;
    if (head.kind !== "regex" && head.kind !== "unknown" && seen.has(key)) {
      refuse(reading, `duplicate location "${head.pattern}"`, directive);
      continue;
    }
    seen.add(key);
    checkNesting(reading, directive, head, outer);
    locations.push(locationOf(reading, parent, directive, head));
  }
  return locations;
}

interface NginxLocationHead {
  readonly kind: LocationKind;
  readonly pattern: string;
  readonly ignoreCase: boolean;
  readonly regex?: Regex;
  readonly unknown?: Unknown;
  readonly refused?: string;
}

function locationOf(
  reading: Reading,
  parent: Block,
  directive: NginxDirective,
  head: NginxLocationHead,
): NginxLocation {
  const block = openBlock(reading, "location", directive, parent);
  const rewrite = compileRewrite(reading, block, "location-if");
  const limit = own(block, "limit_except")[0];
  const { refused, ...rest } = head;
  if (refused !== undefined) refuse(reading, refused, directive);
  const locations = locationsOf(reading, block, head);
  const limitExcept = limit === undefined ? undefined : limitOf(reading, block, limit);
  return { ...rest, block, rewrite, locations, ...(limitExcept && { limitExcept }), ...placeOf(directive) };
}

function limitOf(reading: Reading, parent: Block, directive: NginxDirective): LimitExcept {
  const methods = directive.args.map((word) => word.text.value.toUpperCase());
  if (methods.includes("GET")) methods.push("HEAD");
  return { methods, block: openBlock(reading, "limit_except", directive, parent) };
}

const modifiers: Readonly<Record<string, LocationKind>> = {
  "=": "exact",
  "^~": "prefix-first",
  "~": "regex",
  "~*": "regex",
};

function headOf(directive: NginxDirective): NginxLocationHead {
  const [first, second] = directive.args;
  if (first === undefined) return { kind: "unknown", pattern: "", ignoreCase: false };
  const attached =
    second === undefined ? (/^(?:=|\^~|~\*|~)/.exec(first.text.value)?.[0] ?? "") : first.text.value;
  const text = second?.text ?? slice(first.text, attached.length, first.text.value.length);
  const pattern = wordValue({ ...(second ?? first), text });
  const ignoreCase = attached === "~*";
  if (typeof pattern !== "string")
    return { kind: "unknown", pattern: text.value, ignoreCase, unknown: pattern };
  const kind = modifiers[attached];
  if (kind === "regex") return regexHead(pattern, ignoreCase, directive);
  if (kind !== undefined) return { kind, pattern, ignoreCase };
  if (second === undefined)
    return { kind: pattern.startsWith("@") ? "named" : "prefix", pattern, ignoreCase };
  return { kind: "unknown", pattern, ignoreCase, refused: `invalid location modifier "${attached}"` };
}

function regexHead(pattern: string, ignoreCase: boolean, at: Located): NginxLocationHead {
  const regex = regexOf(pattern, ignoreCase);
  const head: NginxLocationHead = { kind: "regex", pattern, ignoreCase };
  if (typeof regex === "object") return { ...head, regex };
  const unknown: Unknown = { unknown: `the expression ${pattern} is not understood`, ...placeOf(at) };
  return {
    ...head,
    unknown,
    ...(regex !== undefined && { refused: `the expression "${pattern}" is refused: ${regex}` }),
  };
}

function checkNesting(
  reading: Reading,
  at: Located,
  head: NginxLocationHead,
  outer: NginxLocationHead | undefined,
): void {
  if (outer === undefined || head.kind === "unknown" || outer.kind === "unknown") return;
  const { pattern } = head;
  if (outer.kind === "exact")
    refuse(reading, `location "${pattern}" cannot be inside the exact location "${outer.pattern}"`, at);
  else if (outer.kind === "named")
    refuse(reading, `location "${pattern}" cannot be inside the named location "${outer.pattern}"`, at);
  else if (head.kind === "named")
    refuse(reading, `named location "${pattern}" can be on the server level only`, at);
  else if (head.kind !== "regex" && !pattern.startsWith(outer.pattern)) {
    refuse(reading, `location "${pattern}" is outside location "${outer.pattern}"`, at);
  }
}

/** Which location a path leads to. */
export interface Found {
  /** Undefined when the server itself answers. */
  readonly location: NginxLocation | undefined;
  /** nginx redirects to the path with a slash (`/a` where `/a/` is proxied). */
  readonly addSlash: boolean;
  readonly captures?: readonly string[] | undefined;
}

/** Decides what is not known: whether an unknown location matches. */
export type Choose = (why: Unknown) => boolean;

/** Finds the location for a decoded path among those of one level, then inside of what it found. */
export function findLocation(locations: readonly NginxLocation[], uri: string, choose: Choose): Found {
  return findIn(locations, uri, choose).found;
}

interface Step {
  readonly found: Found;
  /** An exact location or a redirect: nothing else is looked at. */
  readonly final: boolean;
}

function findIn(locations: readonly NginxLocation[], uri: string, choose: Choose): Step {
  const unknown = locations.find((location) => location.kind === "unknown" && mayMatch(location, choose));
  if (unknown !== undefined) return { found: { location: unknown, addSlash: false }, final: true };
  const fixed = findStatic(locations, uri);
  if (fixed?.final) return fixed;
  let step: Step = fixed ?? { found: { location: undefined, addSlash: false }, final: false };
  const prefix = fixed?.found.location;
  if (prefix !== undefined) {
    const inner = findIn(prefix.locations, uri, choose);
    if (inner.final) return inner;
    if (inner.found.location !== undefined) step = inner;
  }
  if (prefix?.kind === "prefix-first") return step;
  return findRegex(locations, uri, choose) ?? step;
}

function mayMatch(location: NginxLocation, choose: Choose): boolean {
  return location.unknown !== undefined && choose(location.unknown);
}

function findRegex(locations: readonly NginxLocation[], uri: string, choose: Choose): Step | undefined {
  for (const location of locations) {
    if (location.kind !== "regex") continue;
    const captures = location.regex === undefined ? undefined : matchRegex(location.regex, uri);
    if (location.regex === undefined ? !mayMatch(location, choose) : captures === undefined) continue;
    const inner = findIn(location.locations, uri, choose);
    const found =
      inner.found.location === undefined
        ? { location, addSlash: false, captures }
        : { captures, ...inner.found };
    return { found, final: true };
  }
  return undefined;
}

function findStatic(locations: readonly NginxLocation[], uri: string): Step | undefined {
  let best: NginxLocation | undefined;
  let slash: NginxLocation | undefined;
  for (const location of locations) {
    const { kind, pattern } = location;
    if (kind === "exact" && pattern === uri) return { found: { location, addSlash: false }, final: true };
    if (kind !== "exact" && kind !== "prefix" && kind !== "prefix-first") continue;
    if (`${uri}/` === pattern && proxies(location)) slash = location;
    if (kind !== "exact" && uri.startsWith(pattern) && pattern.length >= (best?.pattern.length ?? 0))
      best = location;
  }
  if (slash !== undefined && best?.pattern !== uri) {
    const exact = locations.find((other) => other.kind === "exact" && other.pattern === slash.pattern);
    return { found: { location: exact ?? slash, addSlash: true }, final: true };
  }
  return best === undefined ? undefined : { found: { location: best, addSlash: false }, final: false };
}

const handlers = ["proxy_pass", "grpc_pass", "fastcgi_pass", "uwsgi_pass", "scgi_pass", "memcached_pass"];

function proxies(location: NginxLocation): boolean {
  return own(location.block, ...handlers).length > 0;
}

/** The named location of a server. */
export function namedLocation(locations: readonly NginxLocation[], name: string): NginxLocation | undefined {
  return locations.find((location) => location.kind === "named" && location.pattern === name);
}
