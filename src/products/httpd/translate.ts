/** Where a request goes before anybody is asked for a login. Sources: mod_rewrite, mod_alias, mod_proxy of httpd 2.4. */
import { unknown } from "../../facts/unknown.ts";
import type { HttpdDirective } from "../../sources/httpd.ts";
import { type Located, placeOf } from "../../text/text.ts";
import { matchRegex, regexOf } from "../proxy/regex.ts";
import type { Outcome } from "../proxy/ways.ts";
import { lastOf, wordAt } from "./model.ts";
import { rewritten } from "./rewrite.ts";
import { isBelow, isLocation, matchesRegex } from "./sections.ts";
import type { State } from "./state.ts";

/** A request that goes to another server, before anybody is asked. */
export interface Proxied extends Located {
  readonly kind: "proxy";
  /** Scheme, host and path. */
  readonly url: string;
}

/** Rewrites come first, then redirections, then `ProxyPass` inside of sections and outside in order. */
export function translated(lines: readonly HttpdDirective[], state: State): Outcome | Proxied {
  const rewrite = rewritten(lines, state);
  if (rewrite !== undefined) return rewrite;
  const inLocations = lines.filter((line) => isLocation(line, state.path));
  for (const section of inLocations.toReversed()) {
    const line = lastOf(section.block ?? [], "proxypass") ?? lastOf(section.block ?? [], "proxypassmatch");
    if (line === undefined) continue;
    const prefix = section.name === "location" ? (wordAt(section, 0) ?? "") : "";
    const url = wordAt(line, 0) ?? "";
    if (url === "!") return { kind: "answer", status: undefined };
    const rest = state.path.slice(prefix.length);
    return {
      kind: "proxy",
      url: url + (section.name === "location" && prefix !== "~" ? rest : ""),
      ...placeOf(line),
    };
  }
  return proxyPass(lines, state) ?? redirection(lines, state) ?? { kind: "answer", status: undefined };
}

function proxyPass(lines: readonly HttpdDirective[], { path }: State): Outcome | Proxied | undefined {
  for (const line of lines.filter(({ name }) => name === "proxypass" || name === "proxypassmatch")) {
    const from = wordAt(line, 0) ?? "";
    const to = wordAt(line, 1) ?? "";
    if (line.name === "proxypassmatch") {
      const regex = regexOf(from, false);
      if (typeof regex !== "object")
        return {
          kind: "unknown",
          why: unknown("opaque", "pacslint does not understand this regular expression", placeOf(line)),
        };
      const captures = matchRegex(regex, path);
      if (captures === undefined) continue;
      if (to === "!") return undefined;
      const filled = /\$\d/u.test(to)
        ? to.replaceAll(/\$(\d)/gu, (_, index: string) => captures[Number(index)] ?? "")
        : to + path;
      return { kind: "proxy", url: filled, ...placeOf(line) };
    }
    if (!isBelow(from, path)) continue;
    if (to === "!") return undefined;
    return { kind: "proxy", url: to + path.slice(from.length), ...placeOf(line) };
  }
  return undefined;
}

/** `Redirect` and `RedirectMatch`, outside of sections and in those that hold. */
function redirection(lines: readonly HttpdDirective[], state: State): Outcome | undefined {
  const inside = lines.filter((line) => isLocation(line, state.path)).flatMap(({ block }) => block ?? []);
  for (const line of [...inside, ...lines]) {
    if (!/^redirect(?:match|permanent|temp)?$/u.test(line.name)) continue;
    const words = line.args.map(({ text }) => text.value);
    const hasStatus = /^(?:\d{3}|permanent|temp|seeother|gone)$/iu.test(words[0] ?? "");
    const [from, to] = hasStatus ? words.slice(1) : words;
    if (from === undefined) continue;
    const takes =
      to === undefined ||
      (line.name === "redirectmatch" ? matchesRegex(from, state.path) : isBelow(from, state.path));
    if (takes !== false) return { kind: "redirect", status: 302, to: to ?? from };
  }
  return undefined;
}
