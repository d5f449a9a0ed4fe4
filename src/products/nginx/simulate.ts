/** Takes a request through the phases of nginx: rewrite, location, access, content, error pages. */
import type { NginxDirective, NginxWord } from "../../sources/nginx.ts";
import { type Located, placeOf } from "../../text/text.ts";
import { argument, argumentsOf, nearest, own, setting, type Unknown } from "./block.ts";
import { evaluate, setCaptures } from "./evaluate.ts";
import { findLocation, type NginxLocation, namedLocation } from "./location.ts";
import { passAccess } from "./pass-access.ts";
import { passOn, runsProgram } from "./pass-on.ts";
import { type Answer, runRewrite } from "./run-rewrite.ts";
import { scriptOf } from "./script.ts";
import type { Outcome, State } from "./state.ts";

import { escapeUri } from "./uri.ts";

/** Runs a request, or goes on with it after an internal redirect (ngx_http_handler). */
export function handle(state: State): Outcome {
  state.validLocation = true;
  state.block = state.server.block;
  state.location = undefined;
  const answer = runRewrite(state, state.server.rewrite);
  if (answer !== undefined) return finish(state, answer);
  state.uriChanged = false;
  return serve(state, undefined);
}

/** Finds locations until the path stays the same; starts in a named location when one is given. */
function serve(state: State, named: NginxLocation | undefined): Outcome {
  let start = named;
  for (;;) {
    const stopped = start === undefined ? enterByPath(state) : enter(state, start);
    if (stopped !== undefined) return stopped;
    start = undefined;
    const outcome = serveHere(state);
    if (outcome !== undefined) return outcome;
    if (--state.changes <= 0) return { kind: "status", status: 500 };
    state.uriChanged = false;
  }
}

function enterByPath(state: State): Outcome | undefined {
  state.block = state.server.block;
  state.location = undefined;
  const found = findLocation(state.server.locations, state.uri, state.choose);
  if (found.captures !== undefined) setCaptures(state, found.captures, regexNames(found.location));
  if (found.location === undefined) return undefined;
  const stopped = enter(state, found.location);
  if (stopped !== undefined || !found.addSlash) return stopped;
  const to = escapeUri(found.location.pattern, true) + (state.args === "" ? "" : `?${state.args}`);
  return { kind: "status", status: 301, to, at: placeOf(found.location) };
}

function regexNames(location: NginxLocation | undefined): ReadonlyMap<string, number> {
  return location?.regex?.names ?? new Map();
}

function enter(state: State, location: NginxLocation): Outcome | undefined {
  state.location = location;
  state.block = location.block;
  state.why.push(placeOf(location));
  if (nearest(location.block, "internal").length > 0 && !state.internal) return special(state, 404);
  const limit = location.limitExcept;
  if (limit !== undefined && !limit.methods.includes(state.method)) {
    state.block = limit.block;
    if (limit.block.head !== undefined) state.why.push(placeOf(limit.block.head));
  }
  return undefined;
}

/** Undefined when the path changed and a location has to be found again. */
function serveHere(state: State): Outcome | undefined {
  // The methods that limit_except holds for pass by the location's rewrites: these belong to the outer block.
  if (state.location !== undefined && state.block.kind !== "limit_except") {
    const answer = runRewrite(state, state.location.rewrite);
    if (answer !== undefined) return finish(state, answer);
  }
  if (state.uriChanged) return undefined;
  const refused = passAccess(state, subrequest);
  if (refused !== undefined) {
    if (typeof refused !== "number") return { kind: "unknown", why: refused };
    return special(state, refused);
  }
  const tried = tryFiles(state);
  if (tried !== undefined) return tried;
  const outcome = passOn(state);
  if (outcome.kind === "unknown" && runsProgram(state.block)) return handedOn(state, outcome);
  return outcome.kind === "static" && !state.subrequest ? staticAnswer(state, outcome) : outcome;
}

/** A program of the site may pass a request on to the locations that only nginx itself gets to. */
function handedOn(state: State, unread: Extract<Outcome, { kind: "unknown" }>): Outcome {
  if (state.subrequest) return unread;
  for (const { kind, pattern, block } of state.server.locations) {
    const isOwn = kind === "named" || nearest(block, "internal").length > 0;
    if (!isOwn || !state.choose(unread.why)) continue;
    return redirectInside(state, kind === "named" ? pattern : `${pattern.replace(/\/$/u, "")}${state.uri}`);
  }
  return unread;
}

const startPage = "/index.html";

/**
 * Files of the server: its start page is taken to be there, nothing else is. What is missing may have an error page,
 * which is another way to a backend (`error_page 404 = @pacs`).
 */
function staticAnswer(state: State, found: Extract<Outcome, { kind: "static" }>): Outcome {
  const usual = ["GET", "HEAD", "POST"].includes(state.method);
  if (state.uri === startPage && state.method !== "POST" && usual) return found;
  if (state.uri === "/" && usual && found.index) return redirectInside(state, startPage);
  const status = usual && state.uri !== startPage ? 404 : 405;
  return withErrorPage(state, status) ?? found;
}

function finish(state: State, answer: Answer): Outcome {
  const at = placeOf(answer.instruction);
  if (answer.status === 0)
    return {
      kind: "unknown",
      why: typeof answer.to === "object" ? answer.to : { unknown: "not decided", ...at },
    };
  if (answer.status === 444) return { kind: "closed", at };
  if (!answer.direct) return special(state, answer.status, at);
  return { kind: "status", status: answer.status, at, ...(answer.to !== undefined && { to: answer.to }) };
}

/** The outcome of an `auth_request`: a request of its own that skips the access phase. */
function subrequest(state: State, uri: string, at: Located): Outcome {
  if (state.depth >= 5)
    return { kind: "unknown", why: { unknown: "subrequests inside each other", ...placeOf(at) } };
  const [path = "", args = ""] = splitOnce(uri, "?");
  return handle({
    ...state,
    uri: path,
    args,
    internal: true,
    validUnparsed: false,
    method: "GET",
    subrequest: true,
    depth: state.depth + 1,
    why: [],
    met: [],
  });
}

function splitOnce(text: string, mark: string): string[] {
  const index = text.indexOf(mark);
  return index === -1 ? [text] : [text.slice(0, index), text.slice(index + 1)];
}

/** `try_files`: all files but the start page are taken to be absent, so that the last argument counts. */
function tryFiles(state: State): Outcome | undefined {
  const line = own(state.block, "try_files")[0];
  const last = line?.args.at(-1);
  if (line === undefined || last === undefined) return undefined;
  state.why.push(placeOf(line));
  const startPageIsTried = line.args
    .slice(0, -1)
    .some((word) => evaluate(state, scriptOf(word.text).parts, word).value === startPage);
  if (startPageIsTried) {
    state.uri = startPage;
    return undefined;
  }
  const target = evaluate(state, scriptOf(last.text).parts, last).value;
  if (typeof target !== "string") return { kind: "unknown", why: target };
  const code = /^=(\d+)$/.exec(target)?.[1];
  if (code !== undefined) return special(state, Number(code));
  // Sent to a file by itself: that file is there, nobody writes a loop.
  if (splitOnce(target, "?")[0] === state.uri)
    return { kind: "static", block: state.block, index: false, at: placeOf(line) };
  return redirectInside(state, target, last);
}

function redirectInside(state: State, target: string, at?: NginxWord): Outcome {
  state.internal = true;
  if (--state.changes <= 0) return special(state, 500);
  if (target.startsWith("@")) {
    const location = namedLocation(state.server.locations, target);
    if (location !== undefined) return serve(state, location);
    const gap = state.server.block.gaps[0];
    if (gap !== undefined) return { kind: "unknown", why: { unknown: gap.reason, ...placeOf(gap) } };
    return { kind: "status", status: 500, ...(at !== undefined && { at: placeOf(at) }) };
  }
  const [path = "", args] = splitOnce(target, "?");
  state.uri = path;
  // An internal redirect without arguments of its own has none.
  state.args = args ?? "";
  state.validUnparsed = false;
  return handle(state);
}

/** An error answer, which an `error_page` may replace (ngx_http_special_response_handler). */
function special(state: State, status: number, at?: Located): Outcome {
  return withErrorPage(state, status) ?? { kind: "status", status, ...(at !== undefined && { at }) };
}

function withErrorPage(state: State, status: number): Outcome | undefined {
  if (state.subrequest || state.errorPageUsed || state.changes <= 0) return undefined;
  const line = nearest(state.block, "error_page").find((page) => argumentsOf(page)?.includes(String(status)));
  const target = line?.args.at(-1);
  if (line === undefined || target === undefined) return undefined;
  state.errorPageUsed = argument(setting(state.block, "recursive_error_pages"), 0) !== "on";
  state.why.push(placeOf(line));
  return errorPage(state, status, line, target);
}

function errorPage(state: State, status: number, line: NginxDirective, target: NginxWord): Outcome {
  const overwrite = line.args
    .map((word) => /^=(\d*)$/.exec(word.text.value)?.[1])
    .find((code) => code !== undefined);
  const uri: string | Unknown = evaluate(state, scriptOf(target.text).parts, target).value;
  if (typeof uri !== "string") return { kind: "unknown", why: uri };
  if (uri.startsWith("/")) {
    if (state.method !== "HEAD") state.method = "GET";
    return keepStatus(redirectInside(state, uri, target), status, overwrite);
  }
  if (uri.startsWith("@")) return keepStatus(redirectInside(state, uri, target), status, overwrite);
  const code = Number(overwrite ?? "");
  return {
    kind: "status",
    status: [301, 302, 303, 307, 308].includes(code) ? code : 302,
    to: uri,
    at: placeOf(line),
  };
}

/** A page found by `error_page` is sent with the status of the error, unless `=` says otherwise. */
function keepStatus(outcome: Outcome, status: number, overwrite: string | undefined): Outcome {
  if (outcome.kind !== "status" || overwrite === "" || outcome.status >= 300) return outcome;
  return { ...outcome, status: overwrite === undefined ? status : Number(overwrite) };
}
