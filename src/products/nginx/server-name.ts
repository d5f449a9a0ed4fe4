/** `server_name`, and which server answers for a host name. */
import type { NginxDirective } from "../../sources/nginx.ts";
import { matchRegex, type Regex, regexOf } from "../proxy/regex.ts";
import { type Unknown, wordValue } from "./block.ts";
import { lower } from "./bytes.ts";

/** One name of a server. */
export type ServerName =
  | { readonly kind: "exact"; readonly text: string; readonly name: string }
  /** `*.example.org` (with its dot) or, with `self`, `.example.org`, which names the domain too. */
  | { readonly kind: "suffix"; readonly text: string; readonly name: string; readonly self: boolean }
  | { readonly kind: "prefix"; readonly text: string; readonly name: string }
  | { readonly kind: "regex"; readonly text: string; readonly regex: Regex | undefined }
  | { readonly kind: "unknown"; readonly text: string; readonly why: Unknown };

/** The names of all `server_name` directives of a server; without any the name is empty. */
export function serverNamesOf(directives: readonly NginxDirective[]): ServerName[] {
  const names = directives.flatMap((directive) =>
    directive.args.map((word): ServerName => {
      const value = wordValue(word);
      if (typeof value !== "string") return { kind: "unknown", text: word.text.value, why: value };
      if (value !== "$hostname") return nameOf(value);
      return {
        kind: "unknown",
        text: value,
        why: { unknown: "the host's own name is not known", at: word.at },
      };
    }),
  );
  return names.length > 0 ? names : [{ kind: "exact", text: "", name: "" }];
}

function nameOf(text: string): ServerName {
  if (text.startsWith("~")) {
    const regex = regexOf(text.slice(1), true);
    return { kind: "regex", text, regex: typeof regex === "object" ? regex : undefined };
  }
  const name = lower(text);
  if (name.startsWith(".")) return { kind: "suffix", text, name, self: true };
  if (name.startsWith("*.")) return { kind: "suffix", text, name: name.slice(1), self: false };
  if (name.endsWith(".*")) return { kind: "prefix", text, name: name.slice(0, -1) };
  return { kind: "exact", text, name };
}

/** How well one of the names fits; nginx takes the highest. */
function closeness(name: ServerName, host: string): number {
  if (name.kind === "exact") return name.name === host ? 4e6 : 0;
  if (name.kind === "suffix") {
    if (name.self && host === name.name.slice(1)) return 4e6;
    return host.length > name.name.length && host.endsWith(name.name) ? 3e6 + name.name.length : 0;
  }
  if (name.kind === "prefix")
    return host.startsWith(name.name) && host.length > name.name.length ? 2e6 + name.name.length : 0;
  if (name.kind === "regex")
    return name.regex !== undefined && matchRegex(name.regex, host) !== undefined ? 1e6 : 0;
  return 0;
}

/** The host of a request without its port and final dot. */
export function hostOf(header: string): string {
  const host = lower(header.startsWith("[") ? header.replace(/\]:\d*$/, "]") : header.replace(/:\d*$/, ""));
  return host.endsWith(".") ? host.slice(0, -1) : host;
}

/** The answer to which server a request goes. */
export interface Selected<S> {
  readonly server: S;
  /** Captures of a name that is a regular expression. */
  readonly captures: readonly string[];
  readonly names: ReadonlyMap<string, number>;
  /** Set when another server may have the name. */
  readonly unknown?: Unknown;
}

/** Picks a server as nginx does: exact name, longest `*.`, longest `.*`, first expression, default server. */
export function selectServer<S extends { readonly names: readonly ServerName[] }>(
  servers: readonly S[],
  fallback: S,
  host: string,
): Selected<S> {
  let best: { readonly server: S; readonly name: ServerName | undefined; readonly score: number } = {
    server: fallback,
    name: undefined,
    score: 0,
  };
  let unknown: Unknown | undefined;
  for (const server of servers) {
    for (const name of server.names) {
      const score = closeness(name, host);
      if (score > best.score) best = { server, name, score };
      if (server !== fallback) unknown ??= unknownIn(name, server.names);
    }
  }
  const regex = best.name?.kind === "regex" ? best.name.regex : undefined;
  const captures = regex === undefined ? undefined : matchRegex(regex, host);
  const decided =
    best.score >= 4e6 || unknown === undefined || best.server.names.some((name) => name.kind === "unknown");
  return {
    server: best.server,
    captures: captures ?? [],
    names: regex?.names ?? new Map(),
    ...(!decided && unknown && { unknown }),
  };
}

function unknownIn(name: ServerName, all: readonly ServerName[]): Unknown | undefined {
  if (name.kind !== "unknown") return undefined;
  return all.some((other) => other.kind === "exact" && other.name !== "") ? undefined : name.why;
}
