/** Values of variables during a request. */
import { type Located, placeOf } from "../../text/text.ts";
import { argument, setting, type Unknown } from "./block.ts";
import { lower } from "./bytes.ts";
import { locateAddress, lookUp, type NginxGeo, type NginxMap } from "./map.ts";
import { clientAddress } from "./real-ip.ts";
import type { Script } from "./script.ts";
import { hostOf } from "./server-name.ts";
import type { Evaluated, Met, State } from "./state.ts";

/** Maps that use each other end somewhere; nginx itself counts to 100. */
const depthLimit = 20;

/** The value of a script. `change` is for captured text, as rewrites do for arguments. */
export function evaluate(
  state: State,
  script: Script,
  at: Located,
  change?: (text: string) => string,
  depth = 0,
): Evaluated {
  const needs: Met[] = [];
  let text = "";
  let unknown: Unknown | undefined;
  for (const part of script) {
    if (part.type === "text") text += part.value;
    else if (part.type === "unknown") unknown ??= part.why;
    else if (part.type === "capture") {
      const captured = state.captures[part.number] ?? "";
      text += change === undefined ? captured : change(captured);
    } else {
      const found = variable(state, part.name, at, depth);
      needs.push(...found.needs);
      if (typeof found.value === "string") text += found.value;
      else unknown ??= found.value;
    }
  }
  return { value: unknown ?? text, needs };
}

function variable(state: State, name: string, at: Located, depth: number): Evaluated {
  const set = state.variables.get(name);
  if (set !== undefined) return set;
  const made = state.model.variables.get(name);
  if (depth > depthLimit) return known({ unknown: `$${name} is made out of itself`, ...placeOf(at) });
  if (made !== undefined) {
    const found = made.kind === "map" ? mapped(state, made, depth) : geo(state, made, depth);
    // Looked up once a request: after an internal redirect it is still what it was.
    if (made.kind === "geo" || !made.volatile) state.variables.set(name, found);
    return found;
  }
  if (name === "ssl_client_verify") return certificate(state, at);
  if (name === "remote_addr" || name === "realip_remote_addr") {
    const value = name === "remote_addr" ? clientAddress(state) : state.request.client;
    return { value, needs: [{ login: "addresses", at: placeOf(at) }] };
  }
  if (state.model.assigned.has(name)) return known("");
  const brought = broughtAlong(state, name, at);
  return (
    brought ??
    known(builtIn(state, name) ?? { unknown: `the value of $${name} is not known`, ...placeOf(at) })
  );
}

function known(value: string | Unknown): Evaluated {
  return { value, needs: [] };
}

function mapped(state: State, map: NginxMap, depth: number): Evaluated {
  const source = evaluate(state, map.source, map, undefined, depth + 1);
  if (typeof source.value !== "string") return source;
  const found = lookUp(map, source.value);
  if ("unknown" in found) return { value: found, needs: source.needs };
  if (found.captures !== undefined) setCaptures(state, found.captures, found.names);
  const result = evaluate(state, found.value, map, undefined, depth + 1);
  return { value: result.value, needs: [...source.needs, ...result.needs] };
}

function geo(state: State, made: NginxGeo, depth: number): Evaluated {
  const need: Met = { login: "addresses", at: placeOf(made) };
  if (made.unknown !== undefined)
    return { value: { unknown: made.unknown, ...placeOf(made) }, needs: [need] };
  const source =
    made.source === undefined ? known(clientAddress(state)) : variable(state, made.source, made, depth + 1);
  if (typeof source.value !== "string") return source;
  const result = evaluate(state, locateAddress(made, source.value), made, undefined, depth + 1);
  return { value: result.value, needs: [...source.needs, ...result.needs, need] };
}

/** The captures of the last expression that matched, by number and by name. */
export function setCaptures(
  state: State,
  captures: readonly string[],
  names: ReadonlyMap<string, number> = new Map(),
): void {
  state.captures = captures;
  for (const [name, number] of names) state.variables.set(lower(name), known(captures[number] ?? ""));
}

function certificate(state: State, at: Located): Evaluated {
  const needs: Met[] = [{ login: "client-certificate", at: placeOf(at) }];
  // A part of a server may belong into one with TLS.
  if (!state.request.tls && !state.server.listens.some((listen) => listen.unknown))
    return { value: "", needs };
  const mode = state.server.tls.clientCertificate.value;
  if (typeof mode !== "string") return { value: mode, needs };
  return { value: mode !== "none" && state.caller === "trusted" ? "SUCCESS" : "NONE", needs };
}

/** Headers, cookies and arguments: what a visitor chooses. Who is trusted, or tries anything, may send any. */
function broughtAlong(state: State, name: string, at: Located): Evaluated | undefined {
  const kind = /^(?:http|cookie|arg)_/.exec(name)?.[0];
  if (kind === undefined && name !== "remote_user") return undefined;
  if (name === "http_host") return known(state.request.host);
  const need: Met = { login: "unknown", at: placeOf(at) };
  if (state.caller === "stranger") return { value: sent(state, name, kind), needs: [need] };
  return { value: { unknown: `$${name} is what the visitor sends`, ...placeOf(at) }, needs: [need] };
}

function sent(state: State, name: string, kind: string | undefined): string {
  if (kind === "http_") return state.request.headers?.[name.slice(5).replaceAll("_", "-")] ?? "";
  if (kind !== "arg_") return "";
  for (const pair of state.args.split("&")) {
    const equals = pair.indexOf("=");
    if (equals !== -1 && lower(pair.slice(0, equals)) === name.slice(4)) return pair.slice(equals + 1);
  }
  return "";
}

const simple: Readonly<Record<string, (state: State) => string | Unknown | undefined>> = {
  uri: (state) => state.uri,
  document_uri: (state) => state.uri,
  request_uri: (state) => state.request.path,
  args: (state) => state.args,
  query_string: (state) => state.args,
  is_args: (state) => (state.args === "" ? "" : "?"),
  request_method: (state) => (state.subrequest ? state.request.method : state.method),
  scheme: (state) => (state.request.tls ? "https" : "http"),
  https: (state) => (state.request.tls ? "on" : ""),
  host: (state) => hostOf(state.request.host) || firstName(state),
  server_name: firstName,
  server_port: (state) => String(state.request.port ?? ""),
  remote_port: () => undefined,
  server_addr: (state) => state.request.address,
  server_protocol: () => "HTTP/1.1",
  document_root: (state) => argument(setting(state.block, "root"), 0),
  limit_except: () => undefined,
  request_completion: () => "",
  http2: () => "",
};

function builtIn(state: State, name: string): string | Unknown | undefined {
  return Object.hasOwn(simple, name) ? simple[name]?.(state) : undefined;
}

function firstName(state: State): string {
  const [first] = state.server.names;
  return first === undefined || first.kind === "unknown" ? "" : first.text;
}
