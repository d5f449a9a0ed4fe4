/** Conditions of HAProxy: `acl` lines and what stands behind `if` and `unless`. Source: doc/configuration.txt, chapter 7. */
import { isUnknown, type Maybe, unknown } from "../../facts/unknown.ts";
import type { HaproxyLine, HaproxyWord } from "../../sources/haproxy.ts";
import { holeIn, type Located, placeOf } from "../../text/text.ts";
import { parseNetwork } from "../proxy/network.ts";
import { matchRegex, regexOf } from "../proxy/regex.ts";
import type { Condition, NamedNetwork, ProxyRequest } from "../proxy/ways.ts";
import { linesOf } from "./maps.ts";
import type { ReadFile } from "./model.ts";

/** A request as conditions see it. */
export interface Testing {
  readonly request: ProxyRequest;
  readonly path: string;
  readonly query: string | undefined;
  readonly method: string;
  readonly decide: (condition: Condition) => boolean;
  /** The `acl` lines of the section, by name; several of one name are alternatives. */
  readonly acls: ReadonlyMap<string, readonly HaproxyLine[]>;
  readonly read: ReadFile;
  /** Called for a condition that holds for those with a password. */
  readonly loggedIn: (at: Located) => boolean;
}

/** Whether a condition holds: terms are joined by "and", "or" or "||" stands between groups. */
export function holds(words: readonly HaproxyWord[], testing: Testing): boolean {
  const groups: HaproxyWord[][] = [[]];
  let inBraces = false;
  for (const word of words) {
    const { value } = word.text;
    if (value === "{") inBraces = true;
    if (value === "}") inBraces = false;
    if (!inBraces && (value === "or" || value === "||" || value === "OR")) groups.push([]);
    else groups.at(-1)?.push(word);
  }
  return groups.some((group) => allHold(group, testing));
}

function allHold(words: readonly HaproxyWord[], testing: Testing): boolean {
  let isNegated = false;
  for (let index = 0; index < words.length; index++) {
    const word = words[index];
    if (word === undefined) break;
    const { value } = word.text;
    if (value === "!") {
      isNegated = !isNegated;
      continue;
    }
    const bare = value.startsWith("!") && value !== "!" ? value.slice(1) : value;
    const flips = bare !== value;
    let result: boolean;
    if (bare === "{") {
      const end = words.findIndex((other, at) => at > index && other.text.value === "}");
      result = tests(words.slice(index + 1, end === -1 ? undefined : end), testing);
      index = end === -1 ? words.length : end;
    } else result = named(bare, word, testing);
    if (result === (isNegated !== flips)) return false;
    isNegated = false;
  }
  return true;
}

/** Conditions that HAProxy defines by itself (chapter 7.4). */
const predefined: Readonly<Record<string, (testing: Testing) => boolean>> = {
  TRUE: () => true,
  FALSE: () => false,
  HTTP: () => true,
  LOCALHOST: ({ decide }) =>
    decide({ kind: "addresses", networks: ["127.0.0.0/8", "::1"].map(network), at: nowhere }),
  METH_GET: ({ method }) => method === "GET" || method === "HEAD",
  METH_HEAD: ({ method }) => method === "HEAD",
  METH_POST: ({ method }) => method === "POST",
  METH_PUT: ({ method }) => method === "PUT",
  METH_DELETE: ({ method }) => method === "DELETE",
  METH_OPTIONS: ({ method }) => method === "OPTIONS",
  HTTP_URL_SLASH: ({ path }) => path.startsWith("/"),
};

const nowhere: Located = { at: { file: "", start: 0, end: 0 } };

function named(name: string, word: HaproxyWord, testing: Testing): boolean {
  const lines = testing.acls.get(name);
  if (lines !== undefined) return lines.some(({ words }) => tests(words.slice(2), testing));
  const known = predefined[name];
  if (known !== undefined) return known(testing);
  const why = unknown("input", `the condition ${name} is not defined here`, placeOf(word));
  return testing.decide({ kind: "unknown", why });
}

/** A fetch, flags, and values of which one has to fit. */
function tests(words: readonly HaproxyWord[], testing: Testing): boolean {
  const [first, ...rest] = words;
  if (first === undefined) return true;
  const at = placeOf(first);
  const flags: string[] = [];
  let index = 0;
  let method: string | undefined;
  const listed: string[] = [];
  for (; index < rest.length; index++) {
    const value = rest[index]?.text.value ?? "";
    if (value === "--") {
      index++;
      break;
    }
    if (!/^-[a-zA-Z]$/u.test(value)) break;
    flags.push(value);
    if (value === "-m") method = rest[++index]?.text.value;
    if (value === "-f") {
      const text = testing.read(rest[++index]?.text.value ?? "");
      if (text === undefined) return unread(rest[index]?.text.value ?? "", at, testing);
      listed.push(
        ...linesOf(text).map(([key, more]) => (flags.includes("-M") ? key : `${key} ${more}`.trim())),
      );
    }
  }
  const values = rest.slice(index);
  const hole = values.map(({ text }) => holeIn(text, 0, text.value.length)).find((one) => one !== undefined);
  if (hole !== undefined) return testing.decide({ kind: "unknown", why: unknown("input", hole.reason, at) });
  const result = compared(
    first.text.value,
    { flags, method, values: [...listed, ...values.map(({ text }) => text.value)], at },
    testing,
  );
  if (typeof result === "boolean") return result;
  return testing.decide(isUnknown(result) ? { kind: "unknown", why: result } : result);
}

function unread(file: string, at: Located, { decide }: Testing): boolean {
  return decide({ kind: "unknown", why: unknown("input", `${file} is not part of the input`, at) });
}

interface Comparing {
  readonly flags: readonly string[];
  readonly method: string | undefined;
  readonly values: readonly string[];
  readonly at: Located;
}

function compared(fetch: string, comparing: Comparing, testing: Testing): boolean | Condition | Maybe<never> {
  const { values, at } = comparing;
  const { request, path, query, method } = testing;
  const [, name = "", args = "", converters = ""] = /^([\w.]+)(?:\(([^)]*)\))?(.*)$/u.exec(fetch) ?? [];
  if (name === "src") return { kind: "addresses", networks: values.map(network), at };
  if (/^http_auth(?:_group)?$/u.test(name)) return testing.loggedIn(at);
  if (name === "method") return values.includes(method);
  if (name === "ssl_fc") return request.tls;
  if (name === "always_true") return true;
  if (name === "always_false") return false;
  if (name === "dst_port" || name === "nbsrv")
    return unknown("opaque", `pacslint does not evaluate ${name}`, at);
  const host = request.host.toLowerCase();
  const isHost =
    (name === "hdr" || name.startsWith("hdr_") || name === "req.hdr") && /^host(?:,|$)/iu.test(args);
  const rest = converters
    .replace(/^,/u, "")
    .split(",")
    .filter((one) => one !== "");
  const subject = isHost
    ? rest.some((one) => one.startsWith("field(1,:)")) || name === "hdr_dom"
      ? host.replace(/:\d+$/u, "")
      : host
    : subjectOf(name, path, query);
  if (subject === undefined) {
    if (/^(?:hdr|req\.|cook|urlp?|http_)/u.test(name)) return { kind: "free", at };
    return unknown("opaque", `pacslint does not evaluate ${name}`, at);
  }
  const unread = rest.find((one) => !/^(?:lower|field\(1,:\))$/u.test(one));
  if (unread !== undefined) return unknown("opaque", `pacslint does not evaluate ${unread}`, at);
  const kind = comparing.method ?? /_(beg|end|sub|dir|dom|reg|len|str)$/u.exec(name)?.[1] ?? "str";
  const lower = rest.includes("lower") ? subject.toLowerCase() : subject;
  return textMatches(kind, lower, comparing);
}

function subjectOf(name: string, path: string, query: string | undefined): string | undefined {
  if (/^path(?:_(?:beg|end|sub|dir|dom|reg|str))?$/u.test(name)) return path;
  if (/^(?:url|pathq|capture\.req\.uri)(?:_(?:beg|end|sub|dir|dom|reg|str))?$/u.test(name))
    return path + (query === undefined ? "" : `?${query}`);
  return undefined;
}

function textMatches(kind: string, text: string, { flags, values, at }: Comparing): boolean | Maybe<never> {
  const fold = (one: string) => (flags.includes("-i") ? one.toLowerCase() : one);
  const subject = fold(text);
  if (kind === "found") return true;
  if (kind === "reg") {
    const results = values.map((value) => {
      const regex = regexOf(value, flags.includes("-i"));
      return typeof regex === "object" ? matchRegex(regex, text) !== undefined : undefined;
    });
    if (results.includes(true)) return true;
    return results.includes(undefined)
      ? unknown("opaque", "pacslint does not understand this regular expression", at)
      : false;
  }
  const folded = values.map(fold);
  if (kind === "beg") return folded.some((value) => subject.startsWith(value));
  if (kind === "end") return folded.some((value) => subject.endsWith(value));
  if (kind === "sub") return folded.some((value) => subject.includes(value));
  if (kind === "dir") return folded.some((value) => delimited(subject, value, "/"));
  if (kind === "dom") return folded.some((value) => delimited(subject, value, "."));
  if (kind === "str") return folded.includes(subject);
  return unknown("opaque", `pacslint does not evaluate the comparison ${kind}`, at);
}

/** Between slashes, or dots, or the ends. */
function delimited(subject: string, value: string, mark: string): boolean {
  const bare = value
    .split(mark)
    .filter((part) => part !== "")
    .join(mark);
  return `${mark}${subject}${mark}`.includes(`${mark}${bare}${mark}`);
}

function network(text: string): NamedNetwork {
  return { text, network: parseNetwork(text) ?? "unknown" };
}
