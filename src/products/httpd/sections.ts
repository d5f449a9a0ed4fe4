/** Which sections of httpd hold for a request. Source: server/request.c of httpd 2.4. */
import { unknown } from "../../facts/unknown.ts";
import type { HttpdDirective } from "../../sources/httpd.ts";
import { placeOf } from "../../text/text.ts";
import { matchRegex, regexOf } from "../proxy/regex.ts";
import { conditionHolds } from "./conditions.ts";
import { wordAt } from "./model.ts";
import type { State } from "./state.ts";

/** The sections that hold for a request, those that win last: `Proxy` before `Location`. */
export function sectionsFor(
  lines: readonly HttpdDirective[],
  state: State,
  url: string | undefined,
): readonly (readonly HttpdDirective[])[] {
  const matching = (test: (directive: HttpdDirective) => boolean) =>
    lines.filter(test).map(({ block }) => withConditions(block ?? [], state));
  return [
    ...(url === undefined ? [] : matching((directive) => isProxySection(directive, url))),
    ...matching((directive) => isLocation(directive, state.path)),
    // Conditions outside of sections hold last.
    ...lines.filter(isCondition).map((directive) => withConditions([directive], state)),
  ];
}

/** Requirements outside of all sections hold too. */
export function topLevel(lines: readonly HttpdDirective[]): readonly HttpdDirective[] {
  return lines.filter(({ name, block }) => block === undefined || /^(?:require|limit)/u.test(name));
}

/** What stands in sections whose condition holds; of those that are not evaluated it may hold. */
function withConditions(block: readonly HttpdDirective[], state: State): readonly HttpdDirective[] {
  return block.flatMap((directive) => {
    if (!isCondition(directive)) return [directive];
    const place = placeOf(directive);
    const why = unknown("opaque", "pacslint does not evaluate this condition", place);
    const isMet = conditionHolds(directive, state) ?? state.decide({ kind: "unknown", why });
    return isMet ? (directive.block ?? []) : [];
  });
}

function isCondition({ name }: HttpdDirective): boolean {
  return /^(?:if|elseif|else)$/u.test(name);
}

function isProxySection(directive: HttpdDirective, url: string): boolean {
  const text = wordAt(directive, 0) ?? "";
  if (directive.name === "proxy") return text === "*" || url.startsWith(text.replace(/\*$/u, ""));
  return directive.name === "proxymatch" && matchesRegex(text, url) === true;
}

/** `/a` is /a and what lies below it; with a slash at the end what begins so. */
export function isLocation(directive: HttpdDirective, path: string): boolean {
  const { name } = directive;
  if (name === "locationmatch") return matchesRegex(wordAt(directive, 0) ?? "", path) === true;
  if (name !== "location") return false;
  const first = wordAt(directive, 0) ?? "";
  if (first === "~") return matchesRegex(wordAt(directive, 1) ?? "", path) === true;
  if (/[*?[]/u.test(first)) return matchesRegex(`^${globSource(first)}$`, path) === true;
  return isBelow(first, path);
}

/** Whether a path is a prefix or lies below it, as `Location` and `ProxyPass` mean it. */
export function isBelow(prefix: string, path: string): boolean {
  if (!path.startsWith(prefix)) return false;
  return prefix.endsWith("/") || path.length === prefix.length || path[prefix.length] === "/";
}

function globSource(glob: string): string {
  return glob
    .replaceAll(/[.+^${}()|\\]/gu, "\\$&")
    .replaceAll("*", "[^/]*")
    .replaceAll("?", "[^/]");
}

/** Whether an expression matches; undefined where it is not understood. */
export function matchesRegex(source: string, text: string): boolean | undefined {
  const regex = regexOf(source, false);
  return typeof regex === "object" ? matchRegex(regex, text) !== undefined : undefined;
}
