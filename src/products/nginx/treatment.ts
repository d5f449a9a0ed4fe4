/** How nginx treats those who ask for a path: which login, from which addresses. */

import type { Maybe } from "../../facts/unknown.ts";
import { unknown } from "../../facts/unknown.ts";
import { placeOf } from "../../text/text.ts";
import type { Callers, RouteLogin } from "../product.ts";
import type { Treatment } from "../proxy/front.ts";
import { contains, parseAddress } from "../proxy/network.ts";
import { type Access, type AccessRule, accessOf, admitted, type Login } from "./access.ts";
import type { Block } from "./block.ts";
import { unknownOf } from "./fact-values.ts";
import type { ProbeResult } from "./probe.ts";

type Addresses = Pick<Treatment, "callers" | "callersAt" | "allowed">;

/** The ways in which a request gets to its backend: two where an address may stand for a password. */
export function treatmentsOf(result: ProbeResult, block: Block): readonly Treatment[] {
  const anybody: Addresses = { callers: "anybody", callersAt: [], allowed: [] };
  if (result.reachesBackend === "yes") return [{ login: "none", loginAt: [], ...anybody }];
  if (result.reachesBackend === "unknown") return [{ ...unsure(result), ...anybody }];
  const access = accessOf(block);
  const rules = rulesOf(access);
  const byAddress = rules === undefined ? anybody : addressesOf(rules);
  const asks = result.gates.some(({ login }) => login !== "addresses");
  if (!asks)
    return [{ login: "none", loginAt: [], ...(rules === undefined ? elsewhere(result) : byAddress) }];
  const asked: Omit<Treatment, keyof Addresses> =
    result.login === "unknown" ? unsure(result) : { login: names[result.login], loginAt: result.loginAt };
  if (rules === undefined || byAddress.callers === "nobody")
    return [{ ...asked, ...(access.any ? anybody : byAddress) }];
  if (!access.any) return [{ ...asked, ...byAddress }];
  return [
    { ...asked, ...anybody },
    { login: "none", loginAt: [], ...byAddress },
  ];
}

const names: Readonly<Record<Exclude<Login, "unknown">, RouteLogin>> = {
  none: "none",
  addresses: "none",
  basic: "basic",
  jwt: "oidc",
  auth_request: "proxy",
  "client-certificate": "client-certificate",
};

function unsure(result: ProbeResult): Pick<Treatment, "login" | "loginAt"> {
  const why = result.unknown ?? { unknown: "what decides who gets in is not known" };
  return { login: unknownOf(why), loginAt: result.loginAt };
}

/** A condition on the address outside of allow and deny: whom it lets in is not worked out. */
function elsewhere(result: ProbeResult): Addresses {
  const callersAt = result.gates.map(({ at }) => at);
  return {
    callers: unknown("opaque", "a condition on the address decides", callersAt[0]),
    callersAt,
    allowed: [],
  };
}

function rulesOf(access: Access): readonly AccessRule[] | undefined {
  const gate = access.gates.find(({ kind }) => kind === "addresses");
  return gate?.kind === "addresses" ? gate.rules : undefined;
}

/** With the lines that let somebody in; where nobody is, those that turn them away. */
function addressesOf(rules: readonly AccessRule[]): Addresses {
  const allowed = admitted(rules);
  return {
    callers: callersOf(rules),
    callersAt: (allowed.length > 0 ? allowed : rules).map(placeOf),
    allowed: allowed.map(({ text }) => text),
  };
}

/** Whom a list of allow and deny lets in. */
export function callersOf(rules: readonly AccessRule[]): Maybe<Callers> {
  const all = rules.find(({ network }) => network === "all");
  if (all === undefined || all.allow) return "anybody";
  const allowed = admitted(rules);
  if (allowed.length === 0) return "nobody";
  const [first] = allowed.filter(({ network }) => network === "unknown");
  if (first !== undefined)
    return unknown("input", `whom "allow ${first.text}" lets in is not known`, placeOf(first));
  return allowed.every(isLoopback) ? "host" : "listed";
}

const loopbacks = ["127.0.0.1", "::1"].flatMap((text) => parseAddress(text) ?? []);

function isLoopback({ network }: AccessRule): boolean {
  if (network === "unix") return true;
  if (typeof network === "string") return false;
  return loopbacks.some((address) => contains(network, address)) && network.last - network.first < 1n << 24n;
}
