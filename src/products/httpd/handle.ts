/**  */
import { unknown } from "../../facts/unknown.ts";
import type { HttpdDirective } from "../../sources/httpd.ts";
import { placeOf } from "../../text/text.ts";
import type { Gate, Handler, Outcome, OwnPage } from "../proxy/ways.ts";
import { admits } from "./access.ts";
import { lastOf, wordAt } from "./model.ts";
import { passedOn } from "./passed-on.ts";
import { sectionsFor, topLevel } from "./sections.ts";
import { type HttpdServer, linesOf, type State } from "./state.ts";
import { translated } from "./translate.ts";

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
  certificateOf(sections, state);
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

/** In a section it asks anew once the request was read (mod_ssl, SSLVerifyClient, "per-directory context"). */
function certificateOf(
  sections: readonly (readonly HttpdDirective[])[],
  { server, request, gates }: State,
): void {
  const line = lastOf(sections.flat(), "sslverifyclient");
  const isAsked = line !== undefined && (wordAt(line, 0) ?? "").toLowerCase() === "require";
  if (isAsked && request.tls && !server.wantsCertificate)
    gates.push({ login: "client-certificate", at: [placeOf(line)] });
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
