/** What the directives of a Caddy site do with a request. Sources: modules/caddyhttp of caddyserver/caddy. */

import { fromPlace, type Origin } from "../../facts/origin.ts";
import { isUnknown, type Maybe, unknown } from "../../facts/unknown.ts";
import type { CaddyDirective, CaddyWord } from "../../sources/caddyfile.ts";
import { placeOf } from "../../text/text.ts";
import type { RouteTarget } from "../product.ts";
import { type HashedLogin, type HashedLogins, judgeHashedLogins } from "../proxy/hashed-logins.ts";
import type { Condition, Gate, Outcome, ProxyRequest } from "../proxy/ways.ts";
import { applies, cleaned, type NamedMatchers, namedMatchers, splitMatcher } from "./matchers.ts";
import { wordValue } from "./model.ts";
import { exclusive, nameOf, ordered } from "./order.ts";

/** A request under way. */
export interface Passing {
  readonly request: ProxyRequest;
  readonly decide: (condition: Condition) => boolean;
  /** As it is sent on, still encoded. */
  path: string;
  query: string | undefined;
  method: string;
  readonly gates: Gate[];
  supplies: Maybe<boolean>;
  bodyLimit: Maybe<number>;
  hsts: Maybe<boolean>;
  readonly origins: Record<string, readonly Origin[]>;
}

/** Runs the directives of a block; undefined where none of them answers. */
export function runBlock(
  directives: readonly CaddyDirective[],
  around: NamedMatchers,
  passing: Passing,
  sorted = true,
): Outcome | undefined {
  const named = namedMatchers(directives, around);
  const list = sorted ? ordered(directives, named) : directives.filter(({ name }) => !name.startsWith("@"));
  const taken = new Set<string>();
  let last: { readonly matcher: string | undefined; readonly applies: boolean } | undefined;
  for (const directive of list) {
    const kind = nameOf(directive);
    if (exclusive.has(kind) && taken.has(kind)) continue;
    const { matcher, rest } = splitMatcher(directive);
    // Neighbours with the same matcher become one route, whose matcher is asked once (consolidateRoutes).
    const isGrouped =
      kind === "rewrite" || (exclusive.has(kind) && list.filter((one) => nameOf(one) === kind).length > 1);
    const isJoined = last !== undefined && last.matcher === matcher?.text.value && !isGrouped;
    const isMeant = isJoined ? last?.applies === true : applies(matcher, named, matchingOf(passing));
    last = isGrouped ? undefined : { matcher: matcher?.text.value, applies: isMeant };
    if (!isMeant) continue;
    taken.add(kind);
    const outcome = runDirective(directive, { matcher, args: rest, named }, passing);
    if (outcome !== undefined) return outcome;
  }
  return undefined;
}

function matchingOf({ request, path, method, decide }: Passing) {
  const host = request.host.replace(/:\d+$/u, "").toLowerCase();
  return { path: decoded(path), method, host, tls: request.tls, decide };
}

/** The path without escapes. */
export function decoded(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}

interface Given {
  readonly matcher: CaddyWord | undefined;
  readonly args: readonly CaddyWord[];
  readonly named: NamedMatchers;
}

type Step = (directive: CaddyDirective, given: Given, passing: Passing) => Outcome | undefined;

/** What neither ends a request nor asks anybody. */
const harmless: Step = () => undefined;
const answers: Step = () => ({ kind: "answer", status: undefined });

const steps: Readonly<Record<string, Step>> = {
  ...Object.fromEntries(
    [
      "tracing",
      "map",
      "vars",
      "fs",
      "root",
      "log_append",
      "skip_log",
      "log_skip",
      "log_name",
      "encode",
      "push",
      "intercept",
      "templates",
      "copy_response_headers",
      "copy_response",
      "rate_limit",
      "timeouts",
    ].map((name) => [name, harmless]),
  ),
  header,
  request_body: requestBody,
  redir: (_directive, { args }) => redirectTo(args),
  method: (_directive, { args: [method] }, passing) => {
    passing.method = method?.text.value.toUpperCase() ?? passing.method;
    return undefined;
  },
  rewrite,
  uri,
  try_files: (directive, _given, { decide }) =>
    decide({
      kind: "unknown",
      why: unknown("opaque", "it depends on files of the server", placeOf(directive)),
    })
      ? { kind: "answer", status: 200 }
      : undefined,
  basicauth: basicAuth,
  basic_auth: basicAuth,
  forward_auth: (directive, _given, passing) => {
    passing.gates.push({ login: "proxy", at: [placeOf(directive)] });
    return undefined;
  },
  request_header: (directive, { args }, passing) => {
    authorization(directive, args, passing);
    return undefined;
  },
  handle: ({ block }, { named }, passing) => runBlock(block ?? [], named, passing),
  handle_path: ({ block }, { matcher, named }, passing) => {
    strip(passing, (matcher?.text.value ?? "").replace(/\*$/u, "").replace(/\/$/u, ""));
    return runBlock(block ?? [], named, passing);
  },
  route: ({ block }, { named }, passing) => runBlock(block ?? [], named, passing, false),
  abort: answers,
  error: (_directive, { args }) => ({ kind: "answer", status: statusOf(args) ?? 500 }),
  respond: (_directive, { args }) => ({ kind: "answer", status: statusOf(args) ?? 200 }),
  metrics: answers,
  php_fastcgi: answers,
  acme_server: answers,
  file_server: ({ block }) =>
    block?.some(({ name }) => name === "pass_thru") === true
      ? undefined
      : { kind: "answer", status: undefined },
  reverse_proxy: reverseProxy,
};

function runDirective(directive: CaddyDirective, given: Given, passing: Passing): Outcome | undefined {
  const step = steps[directive.name];
  if (step !== undefined) return step(directive, given, passing);
  const at = placeOf(directive);
  const why =
    directive.name === "import"
      ? unknown("input", "an imported file is not part of the input", at)
      : unknown("opaque", `the directive ${directive.name} decides who gets in`, at);
  passing.gates.push({ login: why, at: [at] });
  if (directive.name === "import") passing.origins["/unread"] = [fromPlace(at)];
  return undefined;
}

function statusOf(args: readonly CaddyWord[]): number | undefined {
  const status = args.map(({ text }) => text.value).find((value) => /^\d{3}$/u.test(value));
  return status === undefined ? undefined : Number(status);
}

function redirectTo(args: readonly CaddyWord[]): Outcome {
  const [to, code] = args.map(({ text }) => text.value);
  const status = code === "permanent" ? 301 : code === "temporary" ? 302 : Number(code ?? 302);
  return { kind: "redirect", status: Number.isNaN(status) ? 302 : status, to };
}

/** The target of a rewrite with the placeholders for the request's own parts. */
function rewrite(directive: CaddyDirective, { args, matcher }: Given, passing: Passing): Outcome | undefined {
  const target = args[0] ?? (args.length === 0 ? matcher : undefined);
  return target === undefined ? undefined : rewriteTo(target, directive, passing);
}

function rewriteTo(target: CaddyWord, directive: CaddyDirective, passing: Passing): Outcome | undefined {
  const query = passing.query === undefined ? "" : `?${passing.query}`;
  const own = encodeURI(decoded(passing.path)).replaceAll("?", "%3F").replaceAll("#", "%23");
  const text = target.text.value
    .replaceAll(/\{(?:http\.request\.)?uri\}/gu, own + query)
    .replaceAll(/\{(?:path|http\.request\.uri\.path)\}/gu, own)
    .replaceAll(/\{(?:query|http\.request\.uri\.query)\}/gu, passing.query ?? "");
  if (text.includes("{"))
    return {
      kind: "unknown",
      why: unknown("opaque", "pacslint does not evaluate this target", placeOf(directive)),
    };
  const [path = "", rest] = text.split(/\?(.*)/su);
  if (path !== "") passing.path = path;
  if (rest !== undefined) passing.query = rest === "" ? undefined : rest;
  return undefined;
}

function uri(directive: CaddyDirective, { args }: Given, passing: Passing): Outcome | undefined {
  const [kind, target, replacement] = args.map(wordValue);
  if (typeof kind === "string" && typeof target === "string") {
    if (kind === "strip_prefix") {
      strip(passing, target.startsWith("/") ? target : `/${target}`);
      return undefined;
    }
    if (kind === "strip_suffix") {
      if (passing.path.endsWith(target)) passing.path = passing.path.slice(0, -target.length);
      return undefined;
    }
    if (kind === "replace" && typeof replacement === "string" && args.length === 3) {
      passing.path = passing.path.replaceAll(target, replacement);
      return undefined;
    }
    if (kind === "query") return undefined;
  }
  return {
    kind: "unknown",
    why: unknown("opaque", "pacslint does not evaluate this change", placeOf(directive)),
  };
}

/** Without regard to case, on the cleaned path. */
function strip(passing: Passing, prefix: string): void {
  const clean = cleaned(passing.path, !prefix.includes("//"));
  const starts = decoded(clean).toLowerCase().startsWith(prefix.toLowerCase());
  passing.path = starts ? withoutPrefix(clean, prefix.length) : clean;
}

/** Escapes count as the character that they stand for. */
function withoutPrefix(path: string, length: number): string {
  let index = 0;
  for (let count = 0; count < length && index < path.length; count++) index += path[index] === "%" ? 3 : 1;
  return path.slice(index);
}

function basicAuth(directive: CaddyDirective, _given: Given, passing: Passing): undefined {
  const accounts = accountsOf(directive);
  const at = [placeOf(directive)];
  passing.gates.push({ login: "basic", at, ...(accounts === undefined ? {} : { accounts }) });
}

const judged = new WeakMap<CaddyDirective, HashedLogins>();

function accountsOf(directive: CaddyDirective): HashedLogins | undefined {
  const known = judged.get(directive);
  if (known !== undefined) return known;
  const verdict = judgeHashedLogins(hashesOf(directive));
  judged.set(directive, verdict);
  return verdict;
}

/** The accounts of a login, each with the place of its hash; before 2.7 hashes are base64 of what they are. */
export function hashesOf({ block }: CaddyDirective): readonly HashedLogin[] {
  return (block ?? []).flatMap(({ name, args: [hash] }): readonly HashedLogin[] => {
    if (hash === undefined) return [];
    const { value } = hash.text;
    return [{ name, hash: /^JDJ/u.test(value) ? fromBase64(value) : value, at: placeOf(hash) }];
  });
}

function fromBase64(text: string): string {
  try {
    return atob(text);
  } catch {
    return text;
  }
}

function header(directive: CaddyDirective, { args }: Given, passing: Passing): undefined {
  const [first, ...rest] = args;
  const lines = [
    { name: first?.text.value ?? "", values: rest, line: directive },
    ...(directive.block ?? []).map((line) => ({ name: line.name, values: line.args, line })),
  ];
  for (const { name, values, line } of lines) {
    if (name.replace(/^[+?>]/u, "").toLowerCase() !== "strict-transport-security") continue;
    const [value] = values.map(wordValue);
    if (value === undefined) continue;
    passing.hsts = isUnknown(value) ? value : /max-age\s*=\s*"?[1-9]/iu.test(value);
    passing.origins["/hsts"] = [fromPlace(placeOf(line))];
  }
}

const units: Readonly<Record<string, number>> = {
  "": 1,
  k: 1e3,
  m: 1e6,
  g: 1e9,
  ki: 1024,
  mi: 1024 ** 2,
  gi: 1024 ** 3,
};

function requestBody({ block }: CaddyDirective, _given: Given, passing: Passing): undefined {
  const line = block?.find(({ name }) => name === "max_size");
  const [word] = line?.args ?? [];
  if (line === undefined || word === undefined) return;
  const found = /^(\d+(?:\.\d+)?)\s*([kmg]i?)?b?$/iu.exec(word.text.value);
  passing.bodyLimit =
    found === null
      ? unknown("input", "the limit is not a size", placeOf(word))
      : (Number(found[1]) * (units[(found[2] ?? "").toLowerCase()] ?? 1)) / 1024 ** 2;
  passing.origins["/bodyLimit"] = [fromPlace(placeOf(line))];
}

/** `header_up Authorization value`, `request_header Authorization value`; a name with a minus takes it away. */
function authorization(line: CaddyDirective, args: readonly CaddyWord[], passing: Passing): void {
  const [name, value] = args;
  if (name?.text.value.replace(/^\+/u, "").toLowerCase() !== "authorization" || value === undefined) return;
  const { value: text } = value.text;
  const isCopied = /^\{(?:>|http\.request\.header\.|header\.|cookie\.|query\.)/u.test(text);
  passing.supplies = isCopied ? passing.supplies : /^\s*(?:basic|bearer)\s/iu.test(text) || suppliedBy(value);
  passing.origins["/suppliesLogin"] = [fromPlace(placeOf(line))];
}

function suppliedBy(word: CaddyWord): Maybe<boolean> {
  const value = wordValue(word);
  return isUnknown(value) ? value : value !== "";
}

function reverseProxy(directive: CaddyDirective, { args }: Given, passing: Passing): Outcome {
  const block = directive.block ?? [];
  const named = (wanted: string) => block.filter(({ name }) => name === wanted);
  const upstreams = [...args, ...named("to").flatMap((line) => line.args)];
  for (const line of named("header_up")) authorization(line, line.args, passing);
  const [target] = named("rewrite").flatMap((line) => line.args);
  const changed = target === undefined ? undefined : rewriteTo(target, directive, passing);
  if (changed !== undefined) return changed;
  const dynamic = named("dynamic")[0];
  const why = unknown("opaque", "the servers are found when a request comes", placeOf(dynamic ?? directive));
  const query = passing.query === undefined ? "" : `?${passing.query}`;
  const unread =
    passing.origins["/unread"] === undefined ? null : "an imported file is not part of the input";
  return {
    kind: "passed",
    goal: {
      targets: upstreams.length === 0 ? [{ host: why, port: why }] : upstreams.map(targetOf),
      inside: (passing.path === "" ? "/" : passing.path) + query,
      supplies: passing.supplies,
      bodyLimit: passing.bodyLimit,
      hsts: passing.hsts,
      unread,
      origins: {
        "/path": [fromPlace(placeOf(directive))],
        "/target": (upstreams.length === 0 ? [directive] : upstreams).map((at) => fromPlace(placeOf(at))),
        ...passing.origins,
      },
    },
  };
}

const schemes: Readonly<Record<string, number>> = { http: 80, h2c: 80, https: 443 };

function targetOf(word: CaddyWord): RouteTarget {
  const value = wordValue(word);
  if (isUnknown(value)) return { host: value, port: value };
  if (value.startsWith("unix")) return { host: `unix:${value.replace(/^unix[^/]*\//u, "")}`, port: 0 };
  const found = /^(?:(\w+):\/\/)?(?:tcp[46]?\/)?(\[[^\]]+\]|[^:/]*)(?::(\d+))?/u.exec(value);
  const [, scheme = "", host = "", port] = found ?? [];
  return {
    host: host === "" ? "localhost" : host,
    port: port === undefined ? (schemes[scheme] ?? 80) : Number(port),
  };
}
