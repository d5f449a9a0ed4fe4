/** From what a proxy does with one request, step by step, to the ways in which requests get through. */
import { isUnknown, type Maybe, unknown } from "../../facts/unknown.ts";
import type { Located } from "../../text/text.ts";
import type { Callers, RouteLogin } from "../product.ts";
import { explore, type Run } from "./explore.ts";
import type { Goal, Treatment, Way } from "./front.ts";
import type { HashedLogins } from "./hashed-logins.ts";
import { contains, type Network, parseAddress } from "./network.ts";

/** A request, as its sender makes it. */
export interface ProxyRequest {
  /** As sent, with its query. */
  readonly path: string;
  readonly method: string;
  readonly host: string;
  readonly tls: boolean;
  /** Where it comes from; undefined: from anywhere, so that conditions about it go both ways. */
  readonly client?: string;
  /** Its further headers, names in lower case; undefined: whatever suits the sender. */
  readonly headers?: Readonly<Record<string, string>>;
}

/** Something that decides where a request goes and that its path and name do not tell. */
export type Condition =
  /** Whether it comes from one of these networks. */
  | {
      readonly kind: "addresses";
      readonly networks: readonly NamedNetwork[];
      readonly at: Located;
    }
  /** Whether it comes with a password that the proxy knows. */
  | {
      readonly kind: "login";
      readonly login: RouteLogin;
      readonly at: Located;
      readonly accounts?: HashedLogins;
    }
  /** Something that its sender writes as he likes. */
  | { readonly kind: "free"; readonly at: Located }
  | { readonly kind: "unknown"; readonly why: Maybe<never> };

/** A network as it is written. */
export interface NamedNetwork {
  readonly text: string;
  readonly network: Network | "all" | "unknown";
}

/** A login that stands before what follows. */
export interface Gate {
  readonly login: Maybe<RouteLogin>;
  readonly at: readonly Located[];
  /** The proxy's own accounts, where it asks for one of them and they are there to read. */
  readonly accounts?: HashedLogins;
}

/** A page of the proxy itself that shows or changes what it does. */
export interface OwnPage {
  /** For people: "dashboard and API". */
  readonly name: string;
  /** `metrics`: it changes nothing, and shows no more than numbers and names of servers. */
  readonly role: "administration" | "metrics";
  readonly at: Located;
}

/** A way to such a page. */
export interface PageWay {
  readonly page: OwnPage;
  readonly treatment: Treatment;
}

/** How a request ends for somebody who gets through every login. */
export type Outcome =
  | { readonly kind: "passed"; readonly goal: Goal }
  | { readonly kind: "redirect"; readonly status: number; readonly to: string | undefined }
  /** The proxy answers itself: an error, a file. */
  | { readonly kind: "answer"; readonly status: number | undefined; readonly page?: OwnPage }
  | { readonly kind: "unknown"; readonly why: Maybe<never> };

/** One run of a request. */
export interface Trace {
  readonly outcome: Outcome;
  readonly gates: readonly Gate[];
}

/** Takes a request through a proxy; asks `decide` where that is needed. */
export type Handler = (request: ProxyRequest, decide: (condition: Condition) => boolean) => Trace;

/** What becomes of a request: all runs, with what was decided in each. */
export type ProxyRun = Run<Trace, Condition>;

/** Runs a request for all that is not known of it. */
function runsOf(
  handler: Handler,
  request: ProxyRequest,
): { readonly runs: readonly ProxyRun[]; readonly complete: boolean } {
  return explore<Trace, Condition>((choose) =>
    handler(request, (condition) => {
      const { client } = request;
      if (condition.kind !== "addresses" || client === undefined) return choose(condition);
      const among = isAmong(condition.networks, client);
      return isUnknown(among) ? choose({ kind: "unknown", why: among }) : among;
    }),
  );
}

/** Whether an address lies in one of the networks. */
function isAmong(networks: readonly NamedNetwork[], client: string): Maybe<boolean> {
  const address = parseAddress(client);
  const holds = ({ network }: NamedNetwork) =>
    network === "all" || (network !== "unknown" && address !== undefined && contains(network, address));
  if (networks.some(holds)) return true;
  const [open] = networks.filter(({ network }) => network === "unknown");
  return open === undefined ? false : unknown("input", `whom ${open.text} stands for is not known`);
}

/** The ways of a request to servers behind the proxy. */
export function waysOf(handler: Handler, request: ProxyRequest): readonly Way[] {
  const { runs, complete } = runsOf(handler, request);
  const found = runs.flatMap((run) => wayOf(run));
  const unsure = unsureOf(runs, complete);
  const told = unsure === undefined ? found : found.map((way) => unlessCertain(way, runs, unsure));
  return distinct(told);
}

/** The ways of a request to pages of the proxy itself. */
export function pagesOf(handler: Handler, request: ProxyRequest): readonly PageWay[] {
  const { runs, complete } = runsOf(handler, request);
  const unsure = unsureOf(runs, complete);
  return runs.flatMap(({ result: { outcome, gates }, guesses }): readonly PageWay[] => {
    if (outcome.kind !== "answer" || outcome.page === undefined) return [];
    const { page } = outcome;
    const asked = loginOf([...gates, ...givenIn(guesses)]);
    const login = asked.login === "none" ? (unsure ?? asked.login) : asked.login;
    return [{ page, treatment: { ...asked, login, ...callersIn(guesses) } }];
  });
}

function wayOf({ result, guesses }: ProxyRun): readonly Way[] {
  const { outcome, gates } = result;
  return outcome.kind === "passed"
    ? [
        {
          goal: outcome.goal,
          treatment: { ...loginOf([...gates, ...givenIn(guesses)]), ...callersIn(guesses) },
        },
      ]
    : [];
}

/** The logins that a run took for given. */
function givenIn(guesses: ProxyRun["guesses"]): readonly Gate[] {
  return guesses.flatMap(({ why, taken }) => {
    if (why.kind !== "login" || !taken) return [];
    const { login, at, accounts } = why;
    return [{ login, at: [at], ...(accounts === undefined ? {} : { accounts }) }];
  });
}

/** Of several logins, the first that is known names it. */
function loginOf(gates: readonly Gate[]): Pick<Treatment, "login" | "loginAt" | "accounts"> {
  const gate =
    gates.find(({ login }) => !isUnknown(login) && login !== "none") ??
    gates.find(({ login }) => isUnknown(login));
  if (gate === undefined) return { login: "none", loginAt: [] };
  const { login, at: loginAt, accounts } = gate;
  return { login, loginAt, ...(accounts === undefined ? {} : { accounts }) };
}

function callersIn(guesses: ProxyRun["guesses"]): Pick<Treatment, "callers" | "callersAt" | "allowed"> {
  const lists = guesses.flatMap(({ why, taken }) => (why.kind === "addresses" && taken ? [why] : []));
  const callers = lists.map(({ networks }) => callersOf(networks));
  const narrowest = order.find((one) => callers.includes(one)) ?? callers.find(isUnknown) ?? "anybody";
  if (narrowest === "anybody") return { callers: narrowest, callersAt: [], allowed: [] };
  return {
    callers: narrowest,
    callersAt: lists.map(({ at }) => at),
    allowed: lists.flatMap(({ networks }) => networks.map(({ text }) => text)),
  };
}

const order: readonly Callers[] = ["nobody", "host", "listed"];

const loopbacks = ["127.0.0.1", "::1"].flatMap((text) => parseAddress(text) ?? []);

/** Whom a list of networks lets in. */
function callersOf(networks: readonly NamedNetwork[]): Maybe<Callers> {
  if (networks.some(({ network }) => network === "all" || isEverything(network))) return "anybody";
  const [open] = networks.filter(({ network }) => network === "unknown");
  if (open !== undefined) return unknown("input", `whom ${open.text} stands for is not known`);
  if (networks.length === 0) return "nobody";
  return networks.every(({ network }) => isLoopback(network)) ? "host" : "listed";
}

function isEverything(network: NamedNetwork["network"]): boolean {
  return typeof network !== "string" && network.first === 0n && network.last >= 0xffffffffn;
}

function isLoopback(network: NamedNetwork["network"]): boolean {
  if (typeof network === "string") return false;
  return loopbacks.some((address) => contains(network, address)) && network.last - network.first < 1n << 24n;
}

/** Why the runs do not agree for a reason that nobody knows. */
function unsureOf(runs: readonly ProxyRun[], complete: boolean): Maybe<never> | undefined {
  if (!complete) return unknown("opaque", "too much is not known of who gets in");
  for (const { result, guesses } of runs) {
    if (result.outcome.kind === "unknown") return result.outcome.why;
    const guess = guesses.find(({ why }) => why.kind === "unknown");
    if (guess?.why.kind === "unknown") return guess.why.why;
  }
  return undefined;
}

/** A way without a login is certain only where it is there whatever the unknown things are. */
function unlessCertain(way: Way, runs: readonly ProxyRun[], why: Maybe<never>): Way {
  if (isUnknown(way.treatment.login) || way.treatment.login !== "none") return way;
  const everywhere = runs.every((run) => wayOf(run).some((other) => keyOf(other) === keyOf(way)));
  return everywhere ? way : { ...way, treatment: { ...way.treatment, login: why } };
}

function keyOf(way: Way): string {
  const { login } = way.treatment;
  return `${goalKey(way)} ${isUnknown(login) ? login.reason : login}`;
}

function goalKey({ goal }: Way): string {
  const said = (value: unknown) => (isUnknown(value) ? { unknown: value.reason } : value);
  const targets = goal.targets.map(({ host, port }) => [said(host), said(port)]);
  return JSON.stringify([goal.part, targets, said(goal.inside)]);
}

/** Each way once; one that is open to everybody makes the same one for some addresses, or with a login, needless. */
function distinct(ways: readonly Way[]): readonly Way[] {
  const seen = new Set<string>();
  const open = new Set(
    ways.filter(({ treatment: { callers } }) => callers === "anybody").map((way) => keyOf(way)),
  );
  const unasked = new Set(
    ways
      .filter(({ treatment: t }) => t.callers === "anybody" && t.login === "none")
      .map((way) => goalKey(way)),
  );
  return ways.filter((way) => {
    const { callers, allowed, login } = way.treatment;
    if (callers !== "anybody" && open.has(keyOf(way))) return false;
    if (login !== "none" && !isUnknown(login) && unasked.has(goalKey(way))) return false;
    const key = `${keyOf(way)} ${isUnknown(callers) ? callers.reason : callers} ${allowed.join()}`;
    return !seen.has(key) && seen.add(key) !== undefined;
  });
}
