/** `RewriteRule` and `RewriteCond` of virtual hosts. Source: modules/mappers/mod_rewrite.c of httpd 2.4. */

import { isUnknown, type Maybe, unknown } from "../../facts/unknown.ts";
import type { HttpdDirective } from "../../sources/httpd.ts";
import { placeOf } from "../../text/text.ts";
import { matchRegex, regexOf } from "../proxy/regex.ts";
import type { Outcome } from "../proxy/ways.ts";
import { lastOf, wordAt } from "./model.ts";
import type { State } from "./state.ts";
import type { Proxied } from "./translate.ts";

/** What the rules make of a request; undefined where they leave it alone. */
export function rewritten(lines: readonly HttpdDirective[], state: State): Outcome | Proxied | undefined {
  const own = state.server.host?.directives ?? lines;
  const engine = lastOf(own, "rewriteengine");
  if (engine === undefined || wordAt(engine, 0)?.toLowerCase() !== "on") return undefined;
  let conditions: HttpdDirective[] = [];
  for (const line of own) {
    if (line.name === "rewritecond") conditions.push(line);
    if (line.name !== "rewriterule") continue;
    const outcome = apply(line, conditions, state);
    conditions = [];
    if (outcome !== undefined) return outcome;
  }
  return undefined;
}

function apply(
  rule: HttpdDirective,
  conditions: readonly HttpdDirective[],
  state: State,
): Outcome | Proxied | undefined {
  const [written = "", target = "", flagText = ""] = rule.args.map(({ text }) => text.value);
  const flags = flagText
    .replace(/^\[(.*)\]$/u, "$1")
    .split(",")
    .map((flag) => flag.trim().toUpperCase());
  const isNegated = written.startsWith("!");
  const regex = regexOf(
    isNegated ? written.slice(1) : written,
    flags.includes("NC") || flags.includes("NOCASE"),
  );
  const place = placeOf(rule);
  if (typeof regex !== "object")
    return { kind: "unknown", why: unknown("opaque", "pacslint does not understand this rule", place) };
  const captures = matchRegex(regex, state.path);
  if ((captures !== undefined) === isNegated || !allHold(conditions, state)) return undefined;
  const has = (...names: readonly string[]) => flags.some((flag) => names.includes(flag.split("=")[0] ?? ""));
  if (has("F", "FORBIDDEN", "G", "GONE")) return { kind: "answer", status: 403 };
  if (has("R", "REDIRECT") || (/^https?:\/\//u.test(target) && !has("P", "PROXY")))
    return { kind: "redirect", status: 302, to: target };
  if (target === "-") return undefined;
  if (target.includes("%{") || /%\d/u.test(target))
    return { kind: "unknown", why: unknown("opaque", "pacslint does not evaluate this target", place) };
  const url = target.replaceAll(/\$(\d)/gu, (_, index: string) => captures?.[Number(index)] ?? "");
  if (has("P", "PROXY")) return { kind: "proxy", url, ...place };
  return { kind: "unknown", why: unknown("opaque", "pacslint does not follow this rule", place) };
}

/** All conditions, those with [OR] as alternatives of the next. */
function allHold(conditions: readonly HttpdDirective[], state: State): boolean {
  let group: HttpdDirective[] = [];
  for (const line of conditions) {
    group.push(line);
    if (/\bOR(?:NEXT)?\b/iu.test(wordAt(line, 2) ?? "")) continue;
    if (!group.some((one) => holds(one, state))) return false;
    group = [];
  }
  return group.length === 0 || group.some((one) => holds(one, state));
}

function holds(line: HttpdDirective, state: State): boolean {
  const [subject = "", written = ""] = line.args.map(({ text }) => text.value);
  const isNegated = written.startsWith("!");
  const pattern = isNegated ? written.slice(1) : written;
  const value = valueOfSubject(subject, state);
  const at = placeOf(line);
  if (value === "free") return state.decide({ kind: "free", at });
  if (isUnknown(value)) return state.decide({ kind: "unknown", why: value });
  if (/^[=<>-]/u.test(pattern) && pattern !== "-") {
    if (pattern.startsWith("=")) return (value === pattern.slice(1).replace(/^"(.*)"$/u, "$1")) !== isNegated;
    return state.decide({
      kind: "unknown",
      why: unknown("opaque", "pacslint does not evaluate this condition", at),
    });
  }
  const regex = regexOf(pattern, /\bNC\b|nocase/iu.test(wordAt(line, 2) ?? ""));
  if (typeof regex !== "object")
    return state.decide({
      kind: "unknown",
      why: unknown("opaque", "pacslint does not understand this condition", at),
    });
  return (matchRegex(regex, value) !== undefined) !== isNegated;
}

function valueOfSubject(subject: string, { request, path, query }: State): Maybe<string> | "free" {
  if (/^%\{HTTPS\}$/u.test(subject)) return request.tls ? "on" : "off";
  if (/^%\{(?:REQUEST_URI|THE_REQUEST)\}$/u.test(subject)) return path;
  if (subject === "%{HTTP_HOST}" || subject === "%{SERVER_NAME}") return request.host;
  if (subject === "%{REQUEST_METHOD}") return request.method;
  if (subject === "%{QUERY_STRING}") return query ?? "";
  if (subject === "%{REQUEST_SCHEME}") return request.tls ? "https" : "http";
  if (/^%\{HTTP[_:]/u.test(subject)) return "free";
  return unknown("opaque", `pacslint does not evaluate ${subject} here`);
}
