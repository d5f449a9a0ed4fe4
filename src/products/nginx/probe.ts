/** What happens to one request: does it reach a backend, which, and what stands before it. */
import { type Located, placeOf } from "../../text/text.ts";
import { explore, type Run } from "../proxy/explore.ts";
import type { Login } from "./access.ts";
import { type Block, type Gap, gapsAround, type Unknown } from "./block.ts";
import { lower } from "./bytes.ts";
import type { NginxModel, NginxServer } from "./model.ts";
import type { Backend } from "./proxy.ts";
import { hostOf, selectServer } from "./server-name.ts";
import { type NginxSocket, socketFor } from "./socket.ts";
import type { Met, NginxRequest, Outcome } from "./state.ts";
import { type Start, type Trace, trace } from "./trace.ts";

/** The answer to a probe. */
export interface ProbeResult {
  /** Whether somebody without any login is passed on to a backend. */
  readonly reachesBackend: "yes" | "no" | "unknown";
  /** What stands before the backend; `none` also where no backend lies behind the path. */
  readonly login: Login;
  /** The lines that ask for it. */
  readonly loginAt: readonly Located[];
  /** Everything that turns this stranger away on the way to the backend: several may have to be passed. */
  readonly gates: readonly Met[];
  /** Which backend answers, to those who get through; absent where none does. */
  readonly backend?: ProbedBackend;
  /** What a stranger gets. */
  readonly outcome: Outcome;
  readonly server: NginxServer | undefined;
  /** The lines that decided, in order. */
  readonly why: readonly Located[];
  /** Why something of this is not known. */
  readonly unknown?: Unknown;
}

/** A backend behind a path. */
export interface ProbedBackend {
  readonly scheme: string;
  readonly backends: readonly Backend[];
  /** The path that it is asked for. */
  readonly path: string | Unknown;
  /** Whether the proxy logs in there for everybody. */
  readonly supplies: boolean | Unknown;
  /** The block whose settings hold. */
  readonly block: Block;
  readonly at: Located;
}

/** What a request needs at least. */
export interface Probe extends Partial<NginxRequest> {
  readonly port: number | undefined;
  readonly path: string;
}

/** An address of a documentation network: somebody from elsewhere. */
export const stranger = "203.0.113.7";

/** Asks what happens to a request. */
export function probe(model: NginxModel, wanted: Probe): ProbeResult {
  const request: NginxRequest = {
    tls: false,
    host: "localhost",
    method: "GET",
    client: stranger,
    ...wanted,
    headers: { "user-agent": "Mozilla/5.0", ...lowerNames(wanted.headers ?? {}) },
  };
  const socket = socketFor(model, request.port, request.address);
  if (socket === undefined) return noSocket(model);
  if (socket.tls !== request.tls) {
    const outcome: Outcome = socket.tls ? { kind: "status", status: 400 } : { kind: "closed" };
    return {
      reachesBackend: "no",
      login: "none",
      loginAt: [],
      gates: [],
      outcome,
      server: socket.defaultServer,
      why: [],
    };
  }
  return probeSocket(model, socket, request);
}

function lowerNames(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [lower(name), value]));
}

function noSocket(model: NginxModel): ProbeResult {
  const [gap] = model.gaps;
  const outcome: Outcome = { kind: "closed" };
  const result = { login: "none" as const, loginAt: [], gates: [], outcome, server: undefined, why: [] };
  if (gap === undefined) return { reachesBackend: "no", ...result };
  return { reachesBackend: "unknown", ...result, unknown: { unknown: gap.reason, ...placeOf(gap) } };
}

function probeSocket(model: NginxModel, socket: NginxSocket, request: NginxRequest): ProbeResult {
  const servers = socket.members.map((member) => member.server);
  const selected = selectServer(servers, socket.defaultServer, hostOf(request.host));
  const { server } = selected;
  // TLS tells the name before the request, plain HTTP only in it.
  const reader = request.tls ? server : socket.defaultServer;
  const start: Start = { model, server, reader, request, captures: selected.captures, names: selected.names };
  const result = judge(start);
  return selected.unknown === undefined ? result : { ...result, unknown: result.unknown ?? selected.unknown };
}

/** Lets the request be made by a stranger, by somebody who tries anything, and by somebody who gets in everywhere. */
export function judge(start: Start): ProbeResult {
  const asStranger = explore<Trace, Unknown>((choose) => trace(start, "stranger", choose));
  const [first] = asStranger.runs;
  const reaching = asStranger.runs.filter(reaches);
  const open = asStranger.runs.every((run) => reaches(run));
  const outcome: Outcome = first?.result.outcome ?? { kind: "unknown", why: { unknown: "nothing was run" } };
  const common = { outcome, server: start.server };
  if (open && asStranger.complete && first !== undefined) return openTo(first, common);
  const trusted = explore<Trace, Unknown>((choose) => trace(start, "trusted", choose)).runs.filter(reaches);
  const behind = (reaching[0] ?? trusted[0])?.result;
  const unsure = asStranger.runs.find((run) => reaches(run) || run.result.outcome.kind === "unknown");
  if (unsure !== undefined || !asStranger.complete) {
    return {
      ...common,
      ...backendOf(behind),
      reachesBackend: "unknown",
      ...metBy(behind, "unknown"),
      unknown: reasonOf(unsure),
    };
  }
  const why = first?.result.why ?? [];
  if (behind === undefined)
    return { ...common, reachesBackend: "no", login: "none", loginAt: [], gates: [], why };
  const tries = explore<Trace, Unknown>((choose) => trace(start, "anything", choose)).runs.find(reaches);
  if (tries !== undefined) {
    const login = metBy(tries.result, "unknown");
    return {
      ...common,
      ...backendOf(behind),
      reachesBackend: "unknown",
      ...login,
      login: "unknown",
      unknown: reasonOf(tries),
      why,
    };
  }
  return gatedBy(behind, { ...common, why });
}

function gatedBy(behind: Trace, common: Pick<ProbeResult, "outcome" | "server" | "why">): ProbeResult {
  const gated = { ...backendOf(behind), ...metBy(behind, "unknown"), ...common };
  const self = asksItself(behind);
  if (self === undefined) return { ...gated, reachesBackend: "no" };
  const unknown: Unknown = {
    unknown: "auth_request asks the backend itself, which may let in everybody",
    ...self.at,
  };
  return { ...gated, reachesBackend: "unknown", login: "unknown", unknown };
}

/** An `auth_request` that ends at the backend which it protects, for instance because a rewrite leads it there. */
function asksItself({ outcome, met }: Trace): Met | undefined {
  if (outcome.kind !== "backend") return undefined;
  const protectedBy = new Set(outcome.backends.map(endpointName));
  return met.find((gate) => gate.asks?.some((backend) => protectedBy.has(endpointName(backend))));
}

function endpointName({ host, port, unix }: Backend): string {
  return unix ?? `${host}:${port}`;
}

/** Lines that are not there may ask for a login, or send the path elsewhere. */
function openTo(run: Run<Trace, Unknown>, common: Pick<ProbeResult, "outcome" | "server">): ProbeResult {
  const { outcome, why } = run.result;
  const [gap]: readonly Gap[] = outcome.kind === "backend" ? gapsAround(outcome.block) : [];
  const found = { ...common, ...backendOf(run.result), loginAt: [], gates: [], why };
  if (gap === undefined) return { ...found, reachesBackend: "yes", login: "none" };
  return {
    ...found,
    reachesBackend: "unknown",
    login: "unknown",
    unknown: { unknown: gap.reason, ...placeOf(gap) },
  };
}

function reaches(run: Run<Trace, Unknown>): boolean {
  return run.result.outcome.kind === "backend";
}

function reasonOf(run: Run<Trace, Unknown> | undefined): Unknown {
  if (run?.result.outcome.kind === "unknown") return run.result.outcome.why;
  return (
    run?.guesses.find((guess) => guess.taken)?.why ??
    run?.guesses[0]?.why ?? { unknown: "too much is not known" }
  );
}

function backendOf(trace: Trace | undefined): { backend?: ProbedBackend; why: readonly Located[] } {
  if (trace?.outcome.kind !== "backend") return { why: trace?.why ?? [] };
  const { scheme, backends, path, supplies, block, at } = trace.outcome;
  return { backend: { scheme, backends, path, supplies, block, at }, why: trace.why };
}

/** Of several gates, the strongest names the login: a password says more than an address. */
const strength: readonly Login[] = [
  "client-certificate",
  "basic",
  "auth_request",
  "jwt",
  "unknown",
  "addresses",
];

/** A condition says who gets in only where nothing in the access phase does. */
function metBy(trace: Trace | undefined, otherwise: Login): Pick<ProbeResult, "login" | "loginAt" | "gates"> {
  const gates = trace?.met ?? [];
  const asked = gates.filter((gate) => gate.condition !== true);
  const met = asked.length > 0 ? asked : gates;
  const login = strength.find((candidate) => met.some((gate) => gate.login === candidate)) ?? otherwise;
  return { login, loginAt: met.filter((gate) => gate.login === login).map((gate) => gate.at), gates };
}
