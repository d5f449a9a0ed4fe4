/** What HAProxy does with a request or a connection: a frontend's rules, the choice of a backend, its rules. */
import { fromPlace, type Origin } from "../../facts/origin.ts";
import { isUnknown, type Maybe, unknown } from "../../facts/unknown.ts";
import type { HaproxyLine, HaproxyWord } from "../../sources/haproxy.ts";
import { holeIn, type Located, placeOf } from "../../text/text.ts";
import type { RouteTarget } from "../product.ts";
import { type HashedLogin, type HashedLogins, judgeHashedLogins } from "../proxy/hashed-logins.ts";
import { matchRegex, regexOf } from "../proxy/regex.ts";
import type { Condition, Gate, Handler, Outcome, OwnPage, ProxyRequest } from "../proxy/ways.ts";
import { holds, type Testing } from "./conditions.ts";
import { chosenBackend } from "./maps.ts";
import {
  type HaproxyBind,
  type HaproxyModel,
  type HaproxyProxy,
  lastOf,
  modeOf,
  optionOf,
  wordAt,
} from "./model.ts";

interface State {
  readonly model: HaproxyModel;
  readonly bind: HaproxyBind;
  readonly request: ProxyRequest;
  readonly decide: (condition: Condition) => boolean;
  readonly gates: Gate[];
  path: Maybe<string>;
  query: string | undefined;
  /** Whether the caller has a password, once that was asked. */
  loggedIn: boolean | undefined;
  supplies: Maybe<boolean>;
  hsts: boolean;
  readonly origins: Record<string, readonly Origin[]>;
}

/** What a frontend does with what comes in at one of its addresses. */
export function handlerOf(model: HaproxyModel, frontend: HaproxyProxy, bind: HaproxyBind): Handler {
  return (request, decide) => {
    const [path = "", query] = request.path.split(/\?(.*)/su);
    const verify = optionOf(bind.line, "verify");
    const gates: Gate[] =
      bind.ssl && verify === "required" ? [{ login: "client-certificate", at: [placeOf(bind)] }] : [];
    const state: State = {
      model,
      bind,
      request,
      decide,
      gates,
      path,
      query,
      loggedIn: undefined,
      supplies: false,
      hsts: false,
      origins: {},
    };
    return { outcome: outcomeOf(frontend, state), gates };
  };
}

function outcomeOf(frontend: HaproxyProxy, state: State): Outcome {
  const early = rulesOf(frontend, state);
  if (early !== undefined) return early;
  if (frontend.kind === "listen" && !frontend.lines.some((line) => wordAt(line, 0) === "use_backend"))
    return passedOn(frontend, placeOf(frontend), state);
  for (const line of frontend.lines.filter((one) => wordAt(one, 0) === "use_backend")) {
    if (!applies(line, frontend, state)) continue;
    return toBackend(line, frontend, state);
  }
  return withoutChoice(frontend, state);
}

function withoutChoice(frontend: HaproxyProxy, state: State): Outcome {
  if (frontend.kind === "listen") return passedOn(frontend, placeOf(frontend), state);
  const fallback = lastOf(frontend, "default_backend");
  return fallback === undefined ? { kind: "answer", status: 503 } : toBackend(fallback, frontend, state);
}

function toBackend(line: HaproxyLine, frontend: HaproxyProxy, state: State): Outcome {
  const word = line.words[1];
  const isChosen = word?.text.value.startsWith("%[") === true;
  const name = isChosen ? chosenBackend(word, state) : wordAt(line, 1);
  if (isUnknown(name)) return { kind: "unknown", why: name };
  const backend = state.model.proxies.find((proxy) => proxy.kind !== "frontend" && proxy.name === name);
  if (backend !== undefined) return rulesOf(backend, state) ?? passedOn(backend, placeOf(line), state);
  // What a map names and no section is called sends to the default.
  if (isChosen) return withoutChoice(frontend, state);
  const why = unknown("input", `the backend ${name} is not part of the input`, placeOf(line));
  return passed([{ host: why, port: why }], [], placeOf(frontend), state);
}

function testingOf(proxy: HaproxyProxy, state: State): Testing | Maybe<never> {
  const { path, query, request, decide } = state;
  if (isUnknown(path)) return path;
  const acls = new Map<string, HaproxyLine[]>();
  for (const line of proxy.lines.filter((one) => wordAt(one, 0) === "acl")) {
    const name = wordAt(line, 1);
    acls.set(name, [...(acls.get(name) ?? []), line]);
  }
  return {
    request,
    path,
    query,
    method: request.method,
    decide,
    acls,
    read: state.model.read,
    loggedIn: (at) => {
      state.loggedIn ??= decide({ kind: "login", login: "basic", at, ...accountsOf(state.model) });
      return state.loggedIn;
    },
  };
}

/** Whether the condition at the end of a line holds; a line without one always counts. */
function applies(line: HaproxyLine, proxy: HaproxyProxy, state: State): boolean {
  const index = line.words.findIndex(({ text, quoted }) => !quoted && /^(?:if|unless)$/u.test(text.value));
  if (index === -1) return true;
  const testing = testingOf(proxy, state);
  if (isUnknown(testing)) return state.decide({ kind: "unknown", why: testing });
  const result = holds(line.words.slice(index + 1), testing);
  return result === (line.words[index]?.text.value === "if");
}

/** Rules of connections first, then those of requests, then redirections, each in the order of their lines. */
function rulesOf(proxy: HaproxyProxy, state: State): Outcome | undefined {
  const own = (...names: readonly string[]) => proxy.lines.filter((line) => names.includes(wordAt(line, 0)));
  for (const phase of ["connection", "session", "content"]) {
    for (const line of own("tcp-request").filter((one) => wordAt(one, 1) === phase)) {
      const action = wordAt(line, 2);
      if (!/^(?:accept|reject|silent-drop)$/u.test(action) || !applies(line, proxy, state)) continue;
      if (action !== "accept") return { kind: "answer", status: undefined };
      break;
    }
  }
  if (modeOf(proxy) === "tcp") return undefined;
  return (
    monitored(proxy, state) ??
    requestRules(proxy, state) ??
    statistics(proxy, state) ??
    redirections(own("redirect"), proxy, state)
  );
}

/** The page for monitors, which comes before all rules. */
function monitored(proxy: HaproxyProxy, { path }: State): Outcome | undefined {
  const monitor = lastOf(proxy, "monitor-uri");
  return monitor !== undefined && path === wordAt(monitor, 1) ? { kind: "answer", status: 200 } : undefined;
}

/** The page of statistics, which any line of `stats` switches on, and which comes after the rules for requests. */
function statistics(proxy: HaproxyProxy, state: State): Outcome | undefined {
  const lines = proxy.lines.filter((line) => wordAt(line, 0) === "stats");
  const [first] = lines;
  if (first === undefined || isUnknown(state.path)) return undefined;
  const uri = lastOf(proxy, "stats", "uri");
  const asked = state.path + (state.query === undefined ? "" : `?${state.query}`);
  if (!asked.startsWith(uri === undefined ? "/haproxy?stats" : wordAt(uri, 2))) return undefined;
  const isShut = statisticsShut(lines, proxy, state);
  if (isShut !== undefined) return { kind: "answer", status: isShut };
  const at = placeOf(uri ?? first);
  const page: OwnPage = lines.some((line) => wordAt(line, 1) === "admin")
    ? { name: "statistics, where servers can be switched off", role: "administration", at }
    : { name: "statistics", role: "metrics", at };
  return { kind: "answer", status: 200, page };
}

/** Its own rules in their order, then its accounts; undefined where the page is shown. */
function statisticsShut(
  lines: readonly HaproxyLine[],
  proxy: HaproxyProxy,
  state: State,
): number | undefined {
  const of = (word: string) => lines.filter((line) => wordAt(line, 1) === word);
  for (const line of of("http-request")) {
    if (!applies(line, proxy, state)) continue;
    if (wordAt(line, 2) === "allow") return undefined;
    return wordAt(line, 2) === "auth" ? 401 : 403;
  }
  const accounts = of("auth");
  const [account] = accounts;
  if (account === undefined) return undefined;
  const at = account.words[2] === undefined ? placeOf(account) : placeOf(account.words[2]);
  const known = judgeHashedLogins(statisticsLogins(accounts));
  return state.decide({ kind: "login", login: "basic", at, accounts: known }) ? undefined : 401;
}

/** `stats auth name:password`. */
function statisticsLogins(lines: readonly HaproxyLine[]): readonly HashedLogin[] {
  return lines.flatMap(({ words: [, , word] }) => {
    const [, name, password] = /^([^:]*):(.*)$/su.exec(word?.text.value ?? "") ?? [];
    if (word === undefined || name === undefined || password === undefined) return [];
    return [{ name, hash: `{PLAIN}${password}`, at: placeOf(word) }];
  });
}

function requestRules(proxy: HaproxyProxy, state: State): Outcome | undefined {
  for (const line of proxy.lines) {
    const kind = wordAt(line, 0);
    if (/^http-(?:after-)?response$/u.test(kind)) response(line, state);
    if (kind === "filter" && wordAt(line, 1) === "spoe")
      opaqueGate(line, "another program decides who gets in", state);
    if (/^(?:reqrep|reqirep|reqadd|reqdel|reqdeny|reqallow)$/u.test(kind))
      state.path = unknown("opaque", `pacslint does not evaluate ${kind}`, placeOf(line));
    if (kind !== "http-request") continue;
    const action = wordAt(line, 1);
    if (harmless.test(action) || !applies(line, proxy, state)) continue;
    if (action === "allow") return undefined;
    const outcome = perform(action, line, state);
    if (outcome !== undefined) return outcome;
  }
  return undefined;
}

/** Actions that neither end a request nor change where it goes. */
const harmless =
  /^(?:add-acl|cache-use|capture|del-acl|del-header|del-map|disable-l7-retry|do-resolve|early-hint|normalize-uri|replace-header|replace-value|sc-.*|set-bc-.*|set-dst.*|set-fc-.*|set-log-level|set-map|set-mark|set-nice|set-priority-.*|set-query|set-src.*|set-timeout|set-tos|set-var.*|strict-mode|track-sc.*|unset-var.*|wait-for-.*)$/u;

function perform(action: string, line: HaproxyLine, state: State): Outcome | undefined {
  if (/^(?:deny|tarpit|reject|silent-drop|return)$/u.test(action)) return { kind: "answer", status: 403 };
  if (action === "auth") return { kind: "answer", status: 401 };
  if (action === "redirect") return redirect(line, 2);
  if (action === "set-header" || action === "add-header") {
    supplies(line, state);
    return undefined;
  }
  if (/^(?:set-path|set-pathq|set-uri|replace-path|replace-pathq|replace-uri)$/u.test(action)) {
    state.path = changedPath(action, line, state);
    return undefined;
  }
  if (action === "set-method") return undefined;
  if (action.startsWith("use-service")) return { kind: "answer", status: 200 };
  opaqueGate(line, `${action} decides who gets in`, state);
  return undefined;
}

function opaqueGate(line: HaproxyLine, reason: string, state: State): void {
  state.gates.push({ login: unknown("opaque", reason, placeOf(line)), at: [placeOf(line)] });
}

function redirections(lines: readonly HaproxyLine[], proxy: HaproxyProxy, state: State): Outcome | undefined {
  const line = lines.find((one) => applies(one, proxy, state));
  return line === undefined ? undefined : redirect(line, 1);
}

function redirect(line: HaproxyLine, index: number): Outcome {
  return { kind: "redirect", status: 302, to: `${wordAt(line, index)} ${wordAt(line, index + 1)}` };
}

function response(line: HaproxyLine, state: State): void {
  if (!/^(?:set|add)-header$/u.test(wordAt(line, 1))) return;
  if (wordAt(line, 2).toLowerCase() !== "strict-transport-security") return;
  state.hsts = /max-age\s*=\s*"?[1-9]/iu.test(wordAt(line, 3));
  state.origins["/hsts"] = [fromPlace(placeOf(line))];
}

/** `http-request set-header Authorization VALUE`: a value of the visitor's own is none. */
function supplies(line: HaproxyLine, state: State): void {
  const value = line.words[3];
  if (wordAt(line, 2).toLowerCase() !== "authorization" || value === undefined) return;
  const text = value.text.value;
  const hole = holeIn(value.text, 0, text.length);
  if (/^%\[(?:req\.)?(?:hdr|cook|urlp)/u.test(text)) return;
  state.supplies =
    hole !== undefined && !/^(?:basic|bearer)\s/iu.test(text)
      ? unknown("input", hole.reason, placeOf(line))
      : text.trim() !== "";
  state.origins["/suppliesLogin"] = [fromPlace(placeOf(line))];
}

function changedPath(action: string, line: HaproxyLine, state: State): Maybe<string> {
  const why = unknown("opaque", "pacslint does not evaluate this change of the path", placeOf(line));
  const { path } = state;
  if (isUnknown(path)) return path;
  if (action.startsWith("replace-")) return replaced(path, wordAt(line, 2), wordAt(line, 3), true) ?? why;
  const text = wordAt(line, 2);
  const sub = /^%\[path,regsub\(\s*(["']?)(.*?)\1,\s*(["']?)([^,()"']*)\3(?:,[gi]*)?\)\]$/u.exec(text);
  if (sub !== null) return replaced(path, sub[2] ?? "", sub[4] ?? "", false) ?? why;
  const filled = text.replaceAll("%[path]", path);
  return filled.includes("%[") ? why : filled;
}

/** With `\1` for groups; `whole`: in the place of all, else of the match. Undefined where the expression is not understood. */
function replaced(path: string, pattern: string, to: string, whole: boolean): string | undefined {
  const regex = regexOf(pattern, false);
  if (typeof regex !== "object") return undefined;
  const captures = matchRegex(regex, path);
  const [match] = captures ?? [];
  if (captures === undefined || match === undefined) return path;
  const text = to.replaceAll(/\\(\d)/gu, (_, index: string) => captures[Number(index)] ?? "");
  if (whole) return text;
  const start = path.indexOf(match);
  return path.slice(0, start) + text + path.slice(start + match.length);
}

function passedOn(backend: HaproxyProxy, chosen: Located, state: State): Outcome {
  const servers = backend.lines.filter(
    (line) =>
      /^server(?:-template)?$/u.test(wordAt(line, 0)) &&
      !line.words.some(({ text }) => text.value === "disabled"),
  );
  const words = servers.flatMap((line) => {
    const word = line.words[wordAt(line, 0) === "server" ? 2 : 3];
    return word === undefined ? [] : [word];
  });
  if (words.length === 0) return { kind: "answer", status: 503 };
  return passed(
    words.map((word) => targetOf(word, state.bind.port)),
    words.map((word) => fromPlace(placeOf(word))),
    chosen,
    state,
  );
}

function passed(
  targets: readonly RouteTarget[],
  targetsAt: readonly Origin[],
  chosen: Located,
  state: State,
): Outcome {
  const { path, query } = state;
  return {
    kind: "passed",
    goal: {
      targets,
      inside: isUnknown(path) ? path : path + (query === undefined ? "" : `?${query}`),
      supplies: state.supplies,
      bodyLimit: 0,
      hsts: state.hsts,
      unread: null,
      origins: { "/path": [fromPlace(chosen)], "/target": targetsAt, ...state.origins },
    },
  };
}

/** Without a port it is that of the frontend. */
function targetOf(word: HaproxyWord, port: number): RouteTarget {
  const { value } = word.text;
  const hole = holeIn(word.text, 0, value.length);
  if (hole !== undefined) {
    const why = unknown("input", hole.reason, placeOf(word));
    return { host: why, port: why };
  }
  // Source: HAProxy's configuration manual, 11.1 "Address formats".
  const file = /^(?:unix@)?(\/.*)$/u.exec(value)?.[1];
  if (file !== undefined) return { host: `unix:${file}`, port: 0 };
  const found = /^(?:ipv[46]@)?(\[[^\]]+\]|[^:/]+|.*?)(?::(\d+))?$/u.exec(value);
  return { host: found?.[1] ?? value, port: found?.[2] === undefined ? port : Number(found[2]) };
}

const judged = new WeakMap<HaproxyModel, HashedLogins>();

/** All users of all lists: which of them a condition takes is not told apart. */
function accountsOf(model: HaproxyModel): { readonly accounts?: HashedLogins } {
  if (model.users.length === 0) return {};
  const known = judged.get(model) ?? judgeHashedLogins(userHashes(model));
  judged.set(model, known);
  return { accounts: known };
}

/** The passwords and hashes of the lists of users, each with its place. */
export function userHashes({ users }: HaproxyModel) {
  return users
    .flatMap(({ lines }) => lines.filter((line) => wordAt(line, 0) === "user"))
    .flatMap((line) => {
      const index = line.words.findIndex(({ text }) => /^(?:insecure-)?password$/u.test(text.value));
      const word = index === -1 ? undefined : line.words[index + 1];
      if (word === undefined) return [];
      const isPlain = wordAt(line, index) === "insecure-password";
      return [
        { name: wordAt(line, 1), hash: `${isPlain ? "{PLAIN}" : ""}${word.text.value}`, at: placeOf(word) },
      ];
    });
}
