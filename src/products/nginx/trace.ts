/** One request taken through nginx from its first byte, and what it met. */
import { type Located, placeOf } from "../../text/text.ts";
import { argument, setting } from "./block.ts";
import { lower } from "./bytes.ts";
import type { Choose } from "./location.ts";
import type { NginxModel, NginxServer } from "./model.ts";
import { handle } from "./simulate.ts";
import {
  type Caller,
  type Evaluated,
  type Met,
  type NginxRequest,
  type Outcome,
  type State,
  uriChanges,
} from "./state.ts";
import { parseTarget, type Target } from "./uri.ts";

/** Where a request starts after its server is chosen. */
export interface Start {
  readonly model: NginxModel;
  readonly server: NginxServer;
  /** Who reads the request line, before the `Host` header is known: the default server, unless TLS told the name. */
  readonly reader: NginxServer;
  readonly request: NginxRequest;
  readonly captures: readonly string[];
  readonly names: ReadonlyMap<string, number>;
}

/** How it went. */
export interface Trace {
  readonly outcome: Outcome;
  readonly met: readonly Met[];
  readonly why: readonly Located[];
}

/** Runs a request for one kind of caller. */
export function trace(start: Start, caller: Caller, choose: Choose): Trace {
  const merge = argument(setting(start.reader.block, "merge_slashes"), 0) !== "off";
  const target = parseTarget(start.request.path, merge);
  const why: Located[] = [];
  const met: Met[] = [];
  const refused = beforeHttp(start, caller, met, why);
  if (refused !== undefined) return { outcome: refused, met, why };
  if (target === undefined || start.request.host === "")
    return { outcome: { kind: "status", status: 400 }, met, why };
  return { outcome: handle(startState(start, caller, choose, target, met, why)), met, why };
}

function startState(
  { model, server, request, captures, names }: Start,
  caller: Caller,
  choose: Choose,
  target: Target,
  met: Met[],
  why: Located[],
): State {
  const variables = new Map<string, Evaluated>();
  for (const [name, index] of names) variables.set(lower(name), { value: captures[index] ?? "", needs: [] });
  return {
    model,
    server,
    request,
    caller,
    choose,
    ...target,
    validUnparsed: true,
    validLocation: true,
    internal: false,
    uriChanged: false,
    changes: uriChanges + 1,
    errorPageUsed: false,
    method: request.method,
    subrequest: false,
    depth: 0,
    captures,
    variables,
    block: server.block,
    location: undefined,
    why,
    met,
  };
}

/** TLS asks for a certificate before anything of the request is looked at. On a plain port nobody does. */
function beforeHttp(
  { server, request }: Start,
  caller: Caller,
  met: Met[],
  why: Located[],
): Outcome | undefined {
  if (!request.tls) return undefined;
  if (server.tls.rejects) return { kind: "closed" };
  const { value, at } = server.tls.clientCertificate;
  const place = at ?? placeOf(server);
  if (typeof value !== "string" && caller !== "trusted") return { kind: "unknown", why: value };
  if (value !== "required") return undefined;
  met.push({ login: "client-certificate", at: place });
  why.push(place);
  return caller === "trusted" ? undefined : { kind: "status", status: 400, at: place };
}
