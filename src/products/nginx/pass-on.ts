/** The content phase: what a request is passed on to, and under which path. */

import type { NginxDirective } from "../../sources/nginx.ts";
import { placeOf } from "../../text/text.ts";
import type { Block, Unknown } from "./block.ts";
import { evaluate } from "./evaluate.ts";
import { suppliedAuthorization, targetOf } from "./proxy.ts";
import { constantOf, scriptOf } from "./script.ts";
import type { Outcome, State } from "./state.ts";
import { atLeast } from "./tls.ts";
import { escapeUri } from "./uri.ts";

const passes = ["proxy_pass", "grpc_pass", "fastcgi_pass", "uwsgi_pass", "scgi_pass", "memcached_pass"];

const foreign = /^(?:content_by_lua|js_content$|perl$|proxy_wasm|passenger_|rtmp)/;

/** What answers: a backend, files, or something that is not known. */
export function passOn(state: State): Outcome {
  const pass = handlerOf(state.block, passes);
  if (pass?.name === "proxy_pass") return proxied(state, pass);
  if (pass !== undefined) return passedOtherwise(state, pass);
  const program = handlerOf(state.block, undefined);
  if (program !== undefined)
    return { kind: "unknown", why: { unknown: `${program.name} answers`, ...placeOf(program) } };
  const gap = state.block.gaps[0];
  if (gap !== undefined) return { kind: "unknown", why: { unknown: gap.reason, ...placeOf(gap) } };
  return {
    kind: "static",
    block: state.block,
    index: true,
    ...(state.location && { at: placeOf(state.location) }),
  };
}

/** Whether a program of the site answers here. */
export function runsProgram(block: Block): boolean {
  return handlerOf(block, passes) === undefined && handlerOf(block, undefined) !== undefined;
}

/** The handler of a block; `if` and `limit_except` take that of the location around them. */
function handlerOf(block: Block, names: readonly string[] | undefined): NginxDirective | undefined {
  for (let level: Block | undefined = block; level !== undefined; level = level.parent) {
    const found = level.own.find(({ name }) =>
      names === undefined ? foreign.test(name) : names.includes(name),
    );
    if (found !== undefined) return found;
    if (level.kind !== "location-if" && level.kind !== "limit_except") return undefined;
  }
  return undefined;
}

function passedOtherwise(state: State, pass: NginxDirective): Outcome {
  const word = pass.args[0];
  const scheme = pass.name.replace("_pass", "");
  const place = placeOf(pass);
  state.why.push(place);
  const value = word === undefined ? "" : evaluate(state, scriptOf(word.text).parts, word).value;
  const url = typeof value === "string" ? value.replace(/^grpcs?:\/\//, "") : "";
  const target = word === undefined ? "" : targetOf(`http://${url}`, state.model.upstreams, word);
  const backends = typeof target === "string" ? [] : target.backends;
  return {
    kind: "backend",
    scheme,
    backends,
    path: state.uri,
    block: state.block,
    location: state.location,
    supplies: false,
    at: place,
  };
}

function proxied(state: State, pass: NginxDirective): Outcome {
  const word = pass.args[0];
  const place = placeOf(pass);
  state.why.push(place);
  if (word === undefined) return { kind: "unknown", why: { unknown: "proxy_pass names nothing", ...place } };
  const script = scriptOf(word.text).parts;
  const url = evaluate(state, script, word).value;
  const target = typeof url === "string" ? targetOf(url, state.model.upstreams, word) : url;
  if (typeof target === "string") return { kind: "status", status: 500, at: place };
  const supplies = suppliesOf(state);
  const common = {
    kind: "backend" as const,
    block: state.block,
    location: state.location,
    supplies,
    at: place,
  };
  if ("unknown" in target) {
    const scheme = /^\w+(?=:\/\/)/.exec(word.text.value)?.[0] ?? "http";
    return { ...common, scheme, backends: [{ unknown: target, ...placeOf(word) }], path: target };
  }
  const path = pathFor(state, target.uri, constantOf(script) === undefined);
  return { ...common, scheme: target.scheme, backends: target.backends, path };
}

/** ngx_http_proxy_create_request(): which path the backend is asked for. */
function pathFor(state: State, uri: string, variable: boolean): string {
  if (variable && uri !== "") return uri;
  if (uri === "" && state.validUnparsed) return state.request.path;
  const prefix = state.validLocation && uri !== "" ? (state.location?.pattern.length ?? 0) : 0;
  const rest = state.uri.slice(prefix);
  const escaped =
    state.quoted || state.internal ? escapeUri(rest, atLeast(state.model.version, "1.21.1") ?? true) : rest;
  return (state.validLocation ? uri : "") + escaped + (state.args === "" ? "" : `?${state.args}`);
}

/** Whether `Authorization` is set to something of the proxy's own. What the visitor sends may be passed on as well. */
function suppliesOf(state: State): boolean | Unknown {
  const supplied = suppliedAuthorization(state.block);
  if (supplied === undefined) return false;
  const passedOn = supplied.value.some(
    (part) => part.type === "variable" && /^http_|^cookie_|^arg_/.test(part.name),
  );
  if (passedOn) return false;
  const text = supplied.value.map((part) => (part.type === "text" ? part.value : "")).join("");
  if (/^\s*(?:basic|bearer)\s/i.test(text) && supplied.value.length > 1) return true;
  const { value } = evaluate(state, supplied.value, supplied);
  return typeof value === "string" ? value.trim() !== "" : value;
}
