/** Request matchers of Caddy. Source: modules/caddyhttp/matchers.go and ip_matchers.go of caddyserver/caddy. */
import { isUnknown, type Maybe, unknown } from "../../facts/unknown.ts";
import type { CaddyDirective, CaddyWord } from "../../sources/caddyfile.ts";
import { isKnown, type Located, placeOf, textAt } from "../../text/text.ts";
import { parseNetwork } from "../proxy/network.ts";
import { matchRegex, regexOf } from "../proxy/regex.ts";
import type { Condition, NamedNetwork } from "../proxy/ways.ts";
import { evaluateExpression } from "./expression.ts";
import { wordValue } from "./model.ts";

/** What matchers look at. */
export interface Matching {
  /** Decoded. */
  readonly path: string;
  readonly method: string;
  readonly host: string;
  readonly tls: boolean;
  readonly decide: (condition: Condition) => boolean;
}

/** The matchers of a site by their names, with the at sign. */
export type NamedMatchers = ReadonlyMap<string, readonly CaddyDirective[]>;

/** The matchers that a block defines, over those around it. */
export function namedMatchers(directives: readonly CaddyDirective[], around: NamedMatchers): NamedMatchers {
  const own = directives.flatMap((directive): [string, readonly CaddyDirective[]][] => {
    const { name, args, block } = directive;
    if (!name.startsWith("@")) return [];
    const [kind, ...rest] = args;
    if (kind === undefined) return [[name, block ?? []]];
    const only = {
      ...directive,
      name: kind.text.value,
      args: rest,
      ...(block === undefined ? {} : { block }),
    };
    return [[name, [isExpression(kind) ? { ...only, name: "expression", args } : only]]];
  });
  return own.length === 0 ? around : new Map([...around, ...own]);
}

/** A quoted word is an expression by itself. */
function isExpression(word: CaddyWord): boolean {
  return word.quoted;
}

/** The matcher in a directive's first word, and the words behind it. */
export function splitMatcher({ args }: CaddyDirective): {
  readonly matcher: CaddyWord | undefined;
  readonly rest: readonly CaddyWord[];
} {
  const [first] = args;
  const isMatcher = first !== undefined && /^(?:\*$|[/@])/u.test(first.text.value);
  return isMatcher ? { matcher: first, rest: args.slice(1) } : { matcher: undefined, rest: args };
}

/** Whether a directive is meant for a request. */
export function applies(matcher: CaddyWord | undefined, named: NamedMatchers, matching: Matching): boolean {
  const text = matcher?.text.value ?? "*";
  if (matcher === undefined || text === "*") return true;
  if (text.startsWith("/")) return matchesPath([text], matching.path);
  const lines = named.get(text);
  if (lines === undefined)
    return unsure(unknown("input", `the matcher ${text} is not defined here`, placeOf(matcher)), matching);
  return matchesAll(lines, matching);
}

function unsure(why: Maybe<never>, { decide }: Matching): boolean {
  return decide({ kind: "unknown", why });
}

/** All kinds have to hold; several lines of one kind are alternatives, except of `not`, `header` and `expression`. */
function matchesAll(lines: readonly CaddyDirective[], matching: Matching): boolean {
  const kinds = [...new Set(lines.map(({ name }) => name))];
  return kinds.every((kind) => {
    const own = lines.filter(({ name }) => name === kind);
    const each = ["not", "header", "header_regexp", "expression", "vars", "path_regexp"].includes(kind);
    return each
      ? own.every((line) => matchesLine(kind, line.args, line, matching))
      : matchesLine(
          kind,
          own.flatMap(({ args }) => args),
          own[0] ?? lines[0],
          matching,
        );
  });
}

function matchesLine(
  kind: string,
  args: readonly CaddyWord[],
  line: CaddyDirective | undefined,
  matching: Matching,
): boolean {
  if (line === undefined) return true;
  const at = placeOf(line);
  if (kind === "not") return !matchesAll(insideNot(line), matching);
  if (kind === "expression") return expressionMatches(args, line, matching);
  const known = args.map(wordValue);
  const open = known.find(isUnknown);
  if (open !== undefined) return unsure(open, matching);
  const words = known.flatMap((word) => (isUnknown(word) ? [] : [word]));
  if (kind === "path") return matchesPath(words, matching.path);
  if (kind === "path_regexp")
    return regexMatches(words.at(-1) ?? "", cleaned(matching.path, true), at, matching);
  if (kind === "method") return words.some((word) => word.toUpperCase() === matching.method);
  if (kind === "host") return words.some((word) => isHost(word, matching.host));
  if (kind === "protocol") return words[0] === (matching.tls ? "https" : "http");
  if (kind === "remote_ip" || kind === "client_ip") return addressMatches(words, at, matching);
  if (/^(?:header|header_regexp|query|vars|vars_regexp)$/u.test(kind))
    return matching.decide({ kind: "free", at });
  return unsure(unknown("opaque", `pacslint does not evaluate the matcher ${kind}`, at), matching);
}

/** Calls of an expression are matchers again. */
const callable =
  /^(?:path|path_regexp|method|host|protocol|remote_ip|client_ip|header|header_regexp|query)$/u;

function expressionMatches(words: readonly CaddyWord[], line: CaddyDirective, matching: Matching): boolean {
  const source = words.map(({ text }) => text.value).join(" ");
  let isUnderstood = words.every(({ text }) => isKnown(text));
  const place = placeOf(line);
  const call = (name: string, words: readonly string[]): boolean => {
    if (!callable.test(name)) isUnderstood = false;
    const args = words.map((word): CaddyWord => ({ text: textAt(word, place), quoted: true, ...place }));
    return isUnderstood && matchesLine(name, args, line, matching);
  };
  const { method, host, path, tls } = matching;
  const known: Readonly<Record<string, string>> = { method, host, path, scheme: tls ? "https" : "http" };
  const placeholder = (name: string) => known[name.replace(/^http\.request\.(?:uri\.)?/u, "")];
  const result = evaluateExpression(source, call, placeholder);
  if (result !== undefined && isUnderstood) return result;
  return unsure(unknown("opaque", "pacslint does not evaluate this expression", place), matching);
}

function insideNot({ args, block, ...line }: CaddyDirective): readonly CaddyDirective[] {
  const [kind, ...rest] = args;
  return kind === undefined ? (block ?? []) : [{ ...line, name: kind.text.value, args: rest }];
}

function addressMatches(words: readonly string[], at: Located, matching: Matching): boolean {
  if (words.includes("forwarded"))
    return unsure(unknown("opaque", "the address is taken from a header of the request", at), matching);
  return matching.decide({ kind: "addresses", networks: words.flatMap(networksOf), at });
}

const privateRanges = ["192.168.0.0/16", "172.16.0.0/12", "10.0.0.0/8", "127.0.0.1/8", "fd00::/8", "::1"];

function networksOf(text: string): readonly NamedNetwork[] {
  if (text === "private_ranges") return privateRanges.flatMap(networksOf);
  return [{ text, network: parseNetwork(text) ?? "unknown" }];
}

function regexMatches(pattern: string, path: string, at: Located, matching: Matching): boolean {
  const regex = regexOf(pattern, false);
  if (typeof regex === "object") return matchRegex(regex, path) !== undefined;
  return unsure(unknown("opaque", "pacslint does not understand this regular expression", at), matching);
}

/** `*` stands for one label. */
export function isHost(pattern: string, host: string): boolean {
  const wanted = pattern.toLowerCase().split(".");
  const labels = host.toLowerCase().split(".");
  return (
    wanted.length === labels.length &&
    wanted.every((label, index) => label === "*" || label === labels[index])
  );
}

/** Without regard to case, dots and spaces at the end; double slashes count only where the pattern has them. */
export function matchesPath(patterns: readonly string[], path: string): boolean {
  const trimmed = path.toLowerCase().replace(/[. ]+$/u, "");
  return patterns.some((written) => {
    const pattern = written.toLowerCase();
    if (pattern === "*") return true;
    const subject = cleaned(trimmed, !pattern.includes("//"));
    const stars = pattern.split("*").length - 1;
    if (stars === 2 && pattern.startsWith("*") && pattern.endsWith("*"))
      return subject.includes(pattern.slice(1, -1));
    if (stars === 1 && pattern.startsWith("*")) return subject.endsWith(pattern.slice(1));
    if (stars === 1 && pattern.endsWith("*")) return subject.startsWith(pattern.slice(0, -1));
    return globMatches(pattern, subject);
  });
}

/** path.Clean() of Go, which a slash at the end survives here (caddyhttp.CleanPath). */
export function cleaned(path: string, mergeSlashes: boolean): string {
  const mark = "\u00ff";
  const marked = mergeSlashes ? path : path.replaceAll(/(?<=\/)\//gu, `${mark}/`);
  const parts: string[] = [];
  for (const part of marked.split("/")) {
    if (part === "..") parts.pop();
    else if (part !== "" && part !== ".") parts.push(part);
  }
  const clean = `/${parts.join("/")}`;
  const ended = clean !== "/" && marked.endsWith("/") ? `${clean}/` : clean;
  return ended.replaceAll(mark, "");
}

/** path.Match() of Go: stars do not cross slashes. */
function globMatches(pattern: string, subject: string): boolean {
  if (!/[*?[\\]/u.test(pattern)) return pattern === subject;
  const source = pattern
    .replaceAll(/[.+^${}()|]/gu, "\\$&")
    .replaceAll("*", "[^/]*")
    .replaceAll("?", "[^/]");
  const regex = regexOf(`^${source}$`, false);
  return typeof regex === "object" && matchRegex(regex, subject) !== undefined;
}
