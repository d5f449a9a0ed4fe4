/** What a virtual host of httpd does with a request. Sources: server/request.c, mod_proxy, mod_alias, mod_rewrite of httpd 2.4. */
import { fromPlace, type Origin } from "../../facts/origin.ts";
import { isUnknown, type Maybe, unknown } from "../../facts/unknown.ts";
import type { HttpdDirective } from "../../sources/httpd.ts";
import { holeIn, type Located, placeOf, type Text } from "../../text/text.ts";
import type { RouteTarget } from "../product.ts";
import { matchRegex, regexOf } from "../proxy/regex.ts";
import type { Condition, Gate, Handler, Outcome, OwnPage, ProxyRequest } from "../proxy/ways.ts";
import { admits } from "./access.ts";
import { conditionHolds } from "./conditions.ts";
import { lastOf, type VirtualHost, wordAt } from "./model.ts";
import { rewritten } from "./rewrite.ts";

/** Reads a file as httpd sees it. */
export type ReadFile = (path: string) => Text | undefined;

/** A server of httpd with everything that counts for it. */
export interface HttpdServer {
  readonly host: VirtualHost | undefined;
  readonly main: readonly HttpdDirective[];
  readonly wantsCertificate: boolean;
  readonly read: ReadFile;
}

/** The lines of the main server and of the host, in this order. */
export function linesOf({ host, main }: HttpdServer): readonly HttpdDirective[] {
  return [...main, ...(host?.directives ?? [])];
}

/** What a server does with a request. */
export function handlerOf(server: HttpdServer): Handler {
  return (request, decide) => {
    const [raw = "", query] = request.path.split(/\?(.*)/su);
    const path = normalized(raw);
    if (path === undefined) return { outcome: { kind: "answer", status: 404 }, gates: [] };
    const own: readonly Gate[] = server.wantsCertificate
      ? [
          {
            login: "client-certificate",
            at: [placeOf(server.host ?? { at: { file: "", start: 0, end: 0 } })],
          },
        ]
      : [];
    const state = { server, request, decide, path, query, gates: [...own] };
    return { outcome: outcomeOf(state), gates: state.gates };
  };
}

/** A request under way. */
export interface State {
  readonly server: HttpdServer;
  readonly request: ProxyRequest;
  readonly decide: (condition: Condition) => boolean;
  /** Decoded and cleaned. */
  readonly path: string;
  readonly query: string | undefined;
  readonly gates: Gate[];
}

/** Dots and double slashes are taken out, escapes resolved; an escaped slash is not found (AllowEncodedSlashes Off). */
function normalized(raw: string): string | undefined {
  if (/%2f/iu.test(raw) || /%(?![0-9a-f]{2})/iu.test(raw)) return undefined;
  const parts: string[] = [];
  for (const part of decoded(raw).split("/")) {
    if (part === "..") {
      if (parts.length === 0) return undefined;
      parts.pop();
    } else if (part !== "" && part !== ".") parts.push(part);
  }
  const clean = `/${parts.join("/")}`;
  return clean !== "/" && /\/\.{0,2}$/u.test(decoded(raw)) ? `${clean}/` : clean;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function outcomeOf(state: State): Outcome {
  const lines = linesOf(state.server);
  const found = translated(lines, state);
  const proxied = found.kind === "proxy" ? found : undefined;
  const sections = sectionsFor(lines, state, proxied?.url);
  const all = [...lines.filter(({ block }) => block === undefined), ...sections.flat()];
  if (all.some(({ name }) => name === "sslrequiressl") && !state.request.tls)
    return { kind: "answer", status: 403 };
  const [gap] = [...lines, ...sections.flat()].filter(({ name }) => name === "include");
  if (gap !== undefined) {
    const why = unknown("input", "an included file is not part of the input", placeOf(gap));
    state.gates.push({ login: why, at: [placeOf(gap)] });
  }
  for (const line of all.filter(({ name }) => opaque.test(name))) {
    const why = unknown("opaque", `${line.name} decides who gets in`, placeOf(line));
    state.gates.push({ login: why, at: [placeOf(line)] });
  }
  const { method } = state.request;
  const { decide, gates } = state;
  if (!admits([topLevel(lines), ...sections], { method, decide, gates, read: state.server.read }))
    return { kind: "answer", status: 403 };
  // What is passed on never gets to a handler of httpd's own.
  const page = found.kind === "answer" ? pageIn(all) : undefined;
  if (page !== undefined) return { kind: "answer", status: 200, page };
  if (found.kind !== "proxy") return found;
  return passedOn(found, all, gap, state);
}

/** Pages of httpd itself: handlers that are set for a path. */
const handlers: Readonly<Record<string, Omit<OwnPage, "at">>> = {
  "server-status": { name: "status", role: "metrics" },
  "server-info": { name: "configuration", role: "metrics" },
  "balancer-manager": { name: "balancer, where servers can be switched off", role: "administration" },
};

function pageIn(lines: readonly HttpdDirective[]): OwnPage | undefined {
  const line = lastOf(lines, "sethandler");
  const page = handlers[line === undefined ? "" : (wordAt(line, 0) ?? "").toLowerCase()];
  return line === undefined || page === undefined ? undefined : { ...page, at: placeOf(line) };
}

/** Modules that decide in ways that are not read here. */
const opaque =
  /^(?:luahookaccesschecker|luahookauthchecker|luahookcheckuserid|secrule|perlaccesshandler|perlauthenhandler)$/u;

/** Requirements outside of all sections hold too. */
function topLevel(lines: readonly HttpdDirective[]): readonly HttpdDirective[] {
  return lines.filter(({ name, block }) => block === undefined || /^(?:require|limit)/u.test(name));
}

/** The sections that hold for a request, those that win last: `Proxy` before `Location`. */
function sectionsFor(
  lines: readonly HttpdDirective[],
  state: State,
  url: string | undefined,
): readonly (readonly HttpdDirective[])[] {
  const matching = (test: (directive: HttpdDirective) => boolean) =>
    lines.filter(test).map(({ block }) => withConditions(block ?? [], state));
  return [
    ...(url === undefined ? [] : matching((directive) => isProxySection(directive, url))),
    ...matching((directive) => isLocation(directive, state.path)),
    // Conditions outside of sections hold last.
    ...lines.filter(isCondition).map((directive) => withConditions([directive], state)),
  ];
}

/** What stands in sections whose condition holds; of those that are not evaluated it may hold. */
function withConditions(block: readonly HttpdDirective[], state: State): readonly HttpdDirective[] {
  return block.flatMap((directive) => {
    if (!isCondition(directive)) return [directive];
    const place = placeOf(directive);
    const why = unknown("opaque", "pacslint does not evaluate this condition", place);
    const isMet = conditionHolds(directive, state) ?? state.decide({ kind: "unknown", why });
    return isMet ? (directive.block ?? []) : [];
  });
}

function isCondition({ name }: HttpdDirective): boolean {
  return /^(?:if|elseif|else)$/u.test(name);
}

function isProxySection(directive: HttpdDirective, url: string): boolean {
  const text = wordAt(directive, 0) ?? "";
  if (directive.name === "proxy") return text === "*" || url.startsWith(text.replace(/\*$/u, ""));
  return directive.name === "proxymatch" && matchesRegex(text, url) === true;
}

/** `/a` is /a and what lies below it; with a slash at the end what begins so. */
function isLocation(directive: HttpdDirective, path: string): boolean {
  const { name } = directive;
  if (name === "locationmatch") return matchesRegex(wordAt(directive, 0) ?? "", path) === true;
  if (name !== "location") return false;
  const first = wordAt(directive, 0) ?? "";
  if (first === "~") return matchesRegex(wordAt(directive, 1) ?? "", path) === true;
  if (/[*?[]/u.test(first)) return matchesRegex(`^${globSource(first)}$`, path) === true;
  return isBelow(first, path);
}

function isBelow(prefix: string, path: string): boolean {
  if (!path.startsWith(prefix)) return false;
  return prefix.endsWith("/") || path.length === prefix.length || path[prefix.length] === "/";
}

function globSource(glob: string): string {
  return glob
    .replaceAll(/[.+^${}()|\\]/gu, "\\$&")
    .replaceAll("*", "[^/]*")
    .replaceAll("?", "[^/]");
}

/** Whether an expression matches; undefined where it is not understood. */
function matchesRegex(source: string, text: string): boolean | undefined {
  const regex = regexOf(source, false);
  return typeof regex === "object" ? matchRegex(regex, text) !== undefined : undefined;
}

/** A request that goes to another server, before anybody is asked. */
export interface Proxied extends Located {
  readonly kind: "proxy";
  /** Scheme, host and path. */
  readonly url: string;
}

/** Rewrites come first, then redirections, then `ProxyPass` inside of sections and outside in order. */
function translated(lines: readonly HttpdDirective[], state: State): Outcome | Proxied {
  const rewrite = rewritten(lines, state);
  if (rewrite !== undefined) return rewrite;
  const inLocations = lines.filter((line) => isLocation(line, state.path));
  for (const section of inLocations.toReversed()) {
    const line = lastOf(section.block ?? [], "proxypass") ?? lastOf(section.block ?? [], "proxypassmatch");
    if (line === undefined) continue;
    const prefix = section.name === "location" ? (wordAt(section, 0) ?? "") : "";
    const url = wordAt(line, 0) ?? "";
    if (url === "!") return { kind: "answer", status: undefined };
    const rest = state.path.slice(prefix.length);
    return {
      kind: "proxy",
      url: url + (section.name === "location" && prefix !== "~" ? rest : ""),
      ...placeOf(line),
    };
  }
  return proxyPass(lines, state) ?? redirection(lines, state) ?? { kind: "answer", status: undefined };
}

function proxyPass(lines: readonly HttpdDirective[], { path }: State): Outcome | Proxied | undefined {
  for (const line of lines.filter(({ name }) => name === "proxypass" || name === "proxypassmatch")) {
    const from = wordAt(line, 0) ?? "";
    const to = wordAt(line, 1) ?? "";
    if (line.name === "proxypassmatch") {
      const regex = regexOf(from, false);
      if (typeof regex !== "object")
        return {
          kind: "unknown",
          why: unknown("opaque", "pacslint does not understand this regular expression", placeOf(line)),
        };
      const captures = matchRegex(regex, path);
      if (captures === undefined) continue;
      if (to === "!") return undefined;
      const filled = /\$\d/u.test(to)
        ? to.replaceAll(/\$(\d)/gu, (_, index: string) => captures[Number(index)] ?? "")
        : to + path;
      return { kind: "proxy", url: filled, ...placeOf(line) };
    }
    if (!isBelow(from, path)) continue;
    if (to === "!") return undefined;
    return { kind: "proxy", url: to + path.slice(from.length), ...placeOf(line) };
  }
  return undefined;
}

/** `Redirect` and `RedirectMatch`, outside of sections and in those that hold. */
function redirection(lines: readonly HttpdDirective[], state: State): Outcome | undefined {
  const inside = lines.filter((line) => isLocation(line, state.path)).flatMap(({ block }) => block ?? []);
  for (const line of [...inside, ...lines]) {
    if (!/^redirect(?:match|permanent|temp)?$/u.test(line.name)) continue;
    const words = line.args.map(({ text }) => text.value);
    const hasStatus = /^(?:\d{3}|permanent|temp|seeother|gone)$/iu.test(words[0] ?? "");
    const [from, to] = hasStatus ? words.slice(1) : words;
    if (from === undefined) continue;
    const takes =
      to === undefined ||
      (line.name === "redirectmatch" ? matchesRegex(from, state.path) : isBelow(from, state.path));
    if (takes !== false) return { kind: "redirect", status: 302, to: to ?? from };
  }
  return undefined;
}

const schemes: Readonly<Record<string, number>> = {
  http: 80,
  https: 443,
  ws: 80,
  wss: 443,
  h2c: 80,
  h2: 443,
};

function passedOn(
  proxied: Proxied,
  all: readonly HttpdDirective[],
  gap: HttpdDirective | undefined,
  state: State,
): Outcome {
  const balancers = linesOf(state.server).filter(({ name }) => name === "proxy");
  // "unix:/run/x.sock|http://localhost/": the file is called, the address behind it is only named (mod_proxy).
  const [, file, url = ""] = /^(?:unix:([^|]+)\|)?(.*)$/su.exec(proxied.url) ?? [];
  const found = /^(\w+):\/\/(\[[^\]]+\]|[^:/?]+)(?::(\d+))?([^?]*)/u.exec(url);
  const [, scheme = "", host = "", port, path = ""] = found ?? [];
  const place = placeOf(proxied);
  const why = unknown("input", "the address is not understood", place);
  const targets: readonly RouteTarget[] =
    scheme === "balancer"
      ? membersOf(balancers, host)
      : [
          {
            host: found === null ? why : host,
            port: found === null ? why : port === undefined ? (schemes[scheme] ?? 80) : Number(port),
            ...(file === undefined ? {} : { host: `unix:${file}`, port: 0 }),
          },
        ];
  const header = authorization(all);
  const limit = lastOf(all, "limitrequestbody");
  const hsts = all.findLast(
    ({ name, args }) =>
      name === "header" && args.some(({ text }) => /^strict-transport-security$/iu.test(text.value)),
  );
  const query = state.query === undefined ? "" : `?${state.query}`;
  const sent = encodeURI(path === "" ? "/" : path)
    .replaceAll("?", "%3F")
    .replaceAll("#", "%23");
  return {
    kind: "passed",
    goal: {
      targets: targets.length === 0 ? [{ host: why, port: why }] : targets,
      inside: sent + query,
      supplies: header?.value ?? false,
      // Without a line it is 1 GB since 2.4.53.
      bodyLimit: limit === undefined ? 1024 : Number(wordAt(limit, 0)) / 1024 ** 2,
      hsts: hsts?.args.some(({ text }) => /max-age\s*=\s*"?[1-9]/iu.test(text.value)) === true,
      unread: gap === undefined ? null : "an included file is not part of the input",
      origins: {
        "/path": [fromPlace(place)],
        "/target": [fromPlace(place)],
        "/suppliesLogin": originOf(header),
        "/bodyLimit": originOf(limit),
        "/hsts": originOf(hsts),
        "/unread": originOf(gap),
      },
    },
  };
}

function originOf(located: Located | undefined): readonly Origin[] {
  return located === undefined ? [] : [fromPlace(placeOf(located))];
}

function membersOf(sections: readonly HttpdDirective[], name: string): readonly RouteTarget[] {
  const own = sections.filter(
    (section) => wordAt(section, 0)?.toLowerCase() === `balancer://${name}`.toLowerCase(),
  );
  return own
    .flatMap(({ block }) => (block ?? []).filter((line) => line.name === "balancermember"))
    .map((line) => {
      const [, scheme = "http", host = "", port] =
        /^(\w+):\/\/([^:/]+)(?::(\d+))?/u.exec(wordAt(line, 0) ?? "") ?? [];
      return { host, port: port === undefined ? (schemes[scheme] ?? 80) : Number(port) };
    });
}

/** `RequestHeader set Authorization VALUE`; `unset` takes away what the visitor sent. */
function authorization(
  all: readonly HttpdDirective[],
): (Located & { readonly value: Maybe<boolean> }) | undefined {
  const line = all.findLast(
    ({ name, args }) => name === "requestheader" && args[1]?.text.value.toLowerCase() === "authorization",
  );
  if (line === undefined || !/^(?:set|add|append|merge|setifempty)$/iu.test(wordAt(line, 0) ?? ""))
    return undefined;
  const word = line.args[2];
  const hole = word === undefined ? undefined : holeIn(word.text, 0, word.text.value.length);
  if (hole !== undefined) return { value: unknown("input", hole.reason, placeOf(line)), ...placeOf(line) };
  const text = word?.text.value ?? "";
  const value: Maybe<boolean> = text.includes("%{")
    ? unknown("opaque", "the value is made when a request comes", placeOf(line))
    : text !== "";
  return isUnknown(value) || value ? { value, ...placeOf(line) } : undefined;
}
