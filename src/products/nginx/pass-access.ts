/** The access phase: addresses, passwords, subrequests, and what `satisfy` makes of them. */
import { type Located, placeOf } from "../../text/text.ts";
import { type Access, accessOf, type Gate, undecided, verdict } from "./access.ts";
import type { Unknown } from "./block.ts";
import { evaluate } from "./evaluate.ts";
import { clientAddress } from "./real-ip.ts";
import type { Outcome, State } from "./state.ts";

/** What one gate says: let in, no opinion, or this status. */
type Verdict = "pass" | "declined" | number | Unknown;

type Subrequest = (state: State, uri: string, at: Located) => Outcome;

/** The status with which a request is turned away, why that is not known, or undefined when it is let in. */
export function passAccess(state: State, subrequest: Subrequest): number | Unknown | undefined {
  if (state.subrequest) return undefined;
  const access = accessOf(state.block);
  return access.any ? anyOf(state, access, subrequest) : allOf(state, access, subrequest);
}

function allOf(state: State, access: Access, subrequest: Subrequest): number | Unknown | undefined {
  for (const gate of access.gates) {
    const result = ask(state, gate, subrequest);
    if (result !== "pass" && result !== "declined") return result;
  }
  return undefined;
}

/** One gate that lets in is enough; 401 is told rather than 403; without any refusal everybody is let in. */
function anyOf(state: State, access: Access, subrequest: Subrequest): number | Unknown | undefined {
  let refused: number | Unknown | undefined;
  for (const gate of access.gates) {
    const before = state.met.length;
    const result = ask(state, gate, subrequest);
    if (result === "pass" && (state.caller !== "trusted" || state.met.length === before)) return undefined;
    if (result === "pass" || result === "declined") continue;
    // Other codes than 401 and 403, as of a failed subrequest, end the phase at once.
    if (typeof result === "number" && result !== 401 && result !== 403) return result;
    if (refused !== 401) refused = result;
  }
  return refused;
}

function ask(state: State, gate: Gate, subrequest: Subrequest): Verdict {
  state.why.push(gate.at);
  if (gate.kind === "addresses") return askAddress(state, gate);
  if (gate.kind === "auth_request") return askRequest(state, gate, subrequest);
  if (gate.kind === "basic") {
    const realm = evaluate(state, gate.realm, gate.at);
    const off = typeof realm.value === "string" ? realm.value === "off" : state.choose(realm.value);
    if (off) return "declined";
    return askLogin(state, "basic", gate.at);
  }
  if (gate.kind === "jwt") return askLogin(state, "jwt", gate.at);
  state.met.push({ login: "unknown", at: gate.at });
  if (state.caller === "trusted") return "pass";
  return state.choose({ unknown: gate.reason, ...gate.at }) ? "pass" : 403;
}

function askLogin(state: State, login: "basic" | "jwt", at: Located): Verdict {
  state.met.push({ login, at });
  return state.caller === "trusted" ? "pass" : 401;
}

function askAddress(state: State, gate: Extract<Gate, { kind: "addresses" }>): Verdict {
  const client = clientAddress(state);
  let rule = verdict(gate.rules, client);
  const open = undecided(gate.rules, rule);
  if (
    open !== undefined &&
    state.choose({ unknown: `whether ${open.text} holds the address is not known`, ...placeOf(open) })
  )
    rule = open;
  if (rule === undefined) return "declined";
  if (rule.allow) return "pass";
  state.met.push({ login: "addresses", at: placeOf(rule) });
  return state.caller === "trusted" ? "pass" : 403;
}

/** 2xx lets in, 401 and 403 turn away, everything else is an error of the server. */
function askRequest(
  state: State,
  gate: Extract<Gate, { kind: "auth_request" }>,
  subrequest: Subrequest,
): Verdict {
  const uri = evaluate(state, gate.uri, gate.at).value;
  const met = state.met.length;
  const outcome: Outcome =
    typeof uri === "string" ? subrequest(state, uri, gate.at) : { kind: "unknown", why: uri };
  if (outcome.kind === "status") {
    if (outcome.status >= 200 && outcome.status < 300) return "pass";
    state.met.splice(met, 0, { login: "auth_request", at: gate.at });
    return outcome.status === 401 || outcome.status === 403 ? outcome.status : 500;
  }
  const asks = outcome.kind === "backend" ? { asks: outcome.backends } : {};
  state.met.push({ login: "auth_request", at: gate.at, ...asks });
  if (outcome.kind === "static") return 500;
  if (state.caller === "trusted") return "pass";
  if (outcome.kind === "backend") return 401;
  if (outcome.kind === "closed") return 500;
  return state.choose(outcome.why) ? "pass" : 401;
}
