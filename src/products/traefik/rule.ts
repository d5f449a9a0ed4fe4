/**
 * The rules of Traefik's routers, in the syntax of releases 2 and 3. Sources: pkg/rules/parser.go, pkg/muxer/http/
 * matcher.go and matcher_v2.go of traefik/traefik.
 */
import { isUnknown, type Maybe, unknown } from "../../facts/unknown.ts";
import type { Located } from "../../text/text.ts";
import { parseNetwork } from "../proxy/network.ts";
import { matchRegex, type Regex, regexOf } from "../proxy/regex.ts";
import { tokensOf } from "../proxy/tokens.ts";
import type { Condition, NamedNetwork, ProxyRequest } from "../proxy/ways.ts";

/** A parsed rule. */
export type Rule =
  | { readonly type: "and"; readonly left: Rule; readonly right: Rule }
  | { readonly type: "or"; readonly left: Rule; readonly right: Rule }
  | { readonly type: "not"; readonly rule: Rule }
  | { readonly type: "call"; readonly name: string; readonly args: readonly string[] };

/** Which syntax a rule is written in. */
export type Syntax = "v2" | "v3";

/** Parses a rule; undefined when Traefik would refuse it. */
export function parseRule(source: string): Rule | undefined {
  const tokens = tokensOf(source, tokenPattern);
  if (tokens === undefined) return undefined;
  const reader = { tokens, index: 0, depth: 0 };
  const rule = either(reader);
  return reader.index === tokens.length ? rule : undefined;
}

interface Reader {
  readonly tokens: readonly string[];
  index: number;
  depth: number;
}

const tokenPattern = /\s*(`[^`]*`|"(?:[^"\\]|\\.)*"|&&|\|\||[!(),]|[A-Za-z]\w*)\s*/uy;

const depthLimit = 100;

function either(reader: Reader): Rule | undefined {
  let left = both(reader);
  while (left !== undefined && reader.tokens[reader.index] === "||") {
    reader.index++;
    const right = both(reader);
    left = right && { type: "or", left, right };
  }
  return left;
}

function both(reader: Reader): Rule | undefined {
  let left = single(reader);
  while (left !== undefined && reader.tokens[reader.index] === "&&") {
    reader.index++;
    const right = single(reader);
    left = right && { type: "and", left, right };
  }
  return left;
}

function single(reader: Reader): Rule | undefined {
  const token = reader.tokens[reader.index++];
  if (token === undefined || reader.depth > depthLimit) return undefined;
  reader.depth++;
  const rule = token === "!" || token === "(" ? nested(reader, token) : call(reader, token);
  reader.depth--;
  return rule;
}

function nested(reader: Reader, token: "!" | "("): Rule | undefined {
  if (token === "!") {
    const rule = single(reader);
    return rule && { type: "not", rule };
  }
  const rule = either(reader);
  return reader.tokens[reader.index++] === ")" ? rule : undefined;
}

function call(reader: Reader, name: string): Rule | undefined {
  if (!/^[A-Za-z]/u.test(name) || reader.tokens[reader.index++] !== "(") return undefined;
  const args: string[] = [];
  for (let token = reader.tokens[reader.index++]; token !== ")"; token = reader.tokens[reader.index++]) {
    if (token === undefined) return undefined;
    if (token === ",") continue;
    if (!/^[`"]/u.test(token)) return undefined;
    args.push(token.startsWith("`") ? token.slice(1, -1) : unescaped(token.slice(1, -1)));
  }
  return { type: "call", name, args };
}

function unescaped(text: string): string {
  return text.replaceAll(/\\(.)/gu, "$1");
}

/** What a rule is asked about, and how it asks about what is not known. */
export interface Asking {
  readonly request: ProxyRequest;
  /** The path as it is compared: cleaned and decoded. */
  readonly path: string;
  readonly syntax: Syntax;
  readonly at: Located;
  readonly decide: (condition: Condition) => boolean;
}

/** Whether a rule takes a request. */
export function matches(rule: Rule, asking: Asking): boolean {
  if (rule.type === "and") return matches(rule.left, asking) && matches(rule.right, asking);
  if (rule.type === "or") return matches(rule.left, asking) || matches(rule.right, asking);
  if (rule.type === "not") return !matches(rule.rule, asking);
  return callMatches(rule.name, rule.args, asking);
}

function callMatches(name: string, args: readonly string[], asking: Asking): boolean {
  const value = matcherOf(name, args, asking);
  if (value === undefined) {
    const why = unknown("opaque", `pacslint does not evaluate ${name}() of Traefik`, asking.at);
    return asking.decide({ kind: "unknown", why });
  }
  if (typeof value === "boolean") return value;
  return asking.decide(isUnknown(value) ? { kind: "unknown", why: value } : value);
}

type Answer = boolean | Condition | Maybe<never> | undefined;

function matcherOf(name: string, args: readonly string[], asking: Asking): Answer {
  const { request, path, syntax, at } = asking;
  const host = request.host.replace(/:\d+$/u, "").toLowerCase();
  if (name === "Host" || name === "HostHeader") return args.some((arg) => isHost(arg, host, syntax));
  if (name === "Path" || name === "PathPrefix") return isPath(name === "Path", args, path, syntax);
  if (name === "Method") return args.some((arg) => arg.toUpperCase() === request.method);
  if (name === "HostRegexp") return anyRegex(args, host, syntax, at);
  if (name === "PathRegexp") return anyRegex(args, path, "v3", at);
  if (name === "ClientIP") return { kind: "addresses", networks: args.map(namedNetwork), at };
  // Whoever connects may write any name.
  if (name === "HostSNI" || name === "HostSNIRegexp") return true;
  if (/^(?:ALPN|Headers?|Query)(?:Regexp)?$/u.test(name)) return { kind: "free", at };
  return undefined;
}

/** A network of a list, as written. */
export function namedNetwork(text: string): NamedNetwork {
  return { text, network: parseNetwork(text) ?? "unknown" };
}

/** `*.example` stands for one further label since release 3.3. */
function isHost(pattern: string, host: string, syntax: Syntax): boolean {
  const wanted = pattern.toLowerCase().replace(/\.$/u, "");
  const asked = host.replace(/\.$/u, "");
  if (wanted === asked) return true;
  if (syntax === "v2") return false;
  return wanted === "*" || (wanted.startsWith("*.") && asked.replace(/^[^.]+/u, "*") === wanted);
}

function isPath(exact: boolean, patterns: readonly string[], path: string, syntax: Syntax): Answer {
  const results = patterns.map((pattern) => {
    if (syntax === "v3" || !pattern.includes("{")) return exact ? path === pattern : path.startsWith(pattern);
    const regex = regexOf(`^${fromBraces(pattern, "[^/]+")}${exact ? "$" : ""}`, false);
    return typeof regex === "object" ? matchRegex(regex, path) !== undefined : undefined;
  });
  if (results.includes(true)) return true;
  return results.includes(undefined) ? undefined : false;
}

/** `{name:expression}` of release 2 as an expression; `{name}` is a part between slashes or dots. */
function fromBraces(pattern: string, plain: string): string {
  return pattern
    .split(/(\{[^{}]*(?:\{[^{}]*\}[^{}]*)*\})/u)
    .map((part) => {
      if (!part.startsWith("{")) return part.replaceAll(/[.*+?^$()|[\]\\]/gu, "\\$&");
      const colon = part.indexOf(":");
      return `(?:${colon === -1 ? plain : part.slice(colon + 1, -1)})`;
    })
    .join("");
}

function anyRegex(patterns: readonly string[], text: string, syntax: Syntax, at: Located): Answer {
  const found = patterns.map((pattern): Regex | string | undefined =>
    regexOf(syntax === "v2" ? `^${fromBraces(pattern, "[^.]+")}$` : pattern, false),
  );
  const known = found.flatMap((regex) => (typeof regex === "object" ? [regex] : []));
  if (known.some((regex) => matchRegex(regex, text) !== undefined)) return true;
  if (known.length === found.length) return false;
  return unknown("opaque", "pacslint does not understand this regular expression", at);
}

/** The host names and paths that a rule tells apart. */
export function namedIn(rule: Rule): {
  readonly hosts: readonly string[];
  readonly paths: readonly RulePath[];
} {
  if (rule.type === "not") return namedIn(rule.rule);
  if (rule.type === "and" || rule.type === "or") {
    const left = namedIn(rule.left);
    const right = namedIn(rule.right);
    return { hosts: [...left.hosts, ...right.hosts], paths: [...left.paths, ...right.paths] };
  }
  const { name, args } = rule;
  if (name === "Host" || name === "HostHeader") return { hosts: args, paths: [] };
  if (name === "Path" || name === "PathPrefix")
    return { hosts: [], paths: args.map((path) => ({ path, kind: name })) };
  if (name === "PathRegexp") return { hosts: [], paths: args.map((path) => ({ path, kind: name })) };
  return { hosts: [], paths: [] };
}

/** A path in a rule. */
export interface RulePath {
  readonly path: string;
  readonly kind: "Path" | "PathPrefix" | "PathRegexp";
}
