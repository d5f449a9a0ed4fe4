/**
 * Backends that are chosen when a request comes: by a map in a file, or by what the visitor sends.
 * Source: doc/configuration.txt, "use_backend" and the converter "map".
 */
import { isUnknown, type Maybe, unknown } from "../../facts/unknown.ts";
import type { HaproxyWord } from "../../sources/haproxy.ts";
import { type Located, placeOf, type Text } from "../../text/text.ts";
import { matchRegex, regexOf } from "../proxy/regex.ts";
import type { Condition, ProxyRequest } from "../proxy/ways.ts";
import { type HaproxyModel, wordAt } from "./model.ts";

/** What the choice depends on. */
export interface Choosing {
  readonly model: HaproxyModel;
  readonly request: ProxyRequest;
  readonly path: Maybe<string>;
  readonly decide: (condition: Condition) => boolean;
}

/** The lines of a file of patterns: words, of which a map takes the first as key and the second as value. */
export function linesOf(text: Text): readonly (readonly [string, string])[] {
  return text.value.split(/\r?\n/u).flatMap((line): readonly (readonly [string, string])[] => {
    const found = /^\s*([^#\s]\S*)\s*(.*?)\s*$/u.exec(line);
    return found === null ? [] : [[found[1] ?? "", found[2] ?? ""]];
  });
}

const mapCall = /(?:^|,)map(?:_(str|beg|end|sub|dir|dom|reg|ip))?\(\s*([^,)]+?)\s*(?:,\s*([^)]*?)\s*)?\)/u;

/** The keys of the maps that choose backends. */
export function mapKeys({ proxies, read }: HaproxyModel): readonly string[] {
  const files = proxies.flatMap(({ lines }) =>
    lines
      .filter((line) => wordAt(line, 0) === "use_backend")
      .flatMap((line) => mapCall.exec(wordAt(line, 1))?.[2] ?? []),
  );
  return files.flatMap((file) => {
    const text = read(file);
    return text === undefined ? [] : linesOf(text).map(([key]) => key);
  });
}

/** The name of the backend; unknown where nothing tells it. */
export function chosenBackend(word: HaproxyWord, choosing: Choosing): Maybe<string> {
  const at = placeOf(word);
  const expression = /^%\[(.*)\]$/su.exec(word.text.value)?.[1] ?? "";
  const map = mapCall.exec(expression);
  if (map === null) return amongAll(expression, at, choosing);
  const [, kind = "str", file = "", fallback] = map;
  const text = choosing.model.read(file);
  if (text === undefined) return unseenMap(file, at, choosing);
  const entries = linesOf(text);
  const isPath = /^(?:path|capture\.req\.uri|pathq|url)\b/u.test(expression);
  if (isPath && !isUnknown(choosing.path)) return valueFor(kind, entries, choosing.path) ?? fallback ?? "";
  const values = [
    ...new Set([...entries.map(([, value]) => value), ...(fallback === undefined ? [] : [fallback])]),
  ];
  return pick(values, conditionOf(expression, at), choosing);
}

/** A visitor writes the name of a host as he likes; of anything else nobody knows. */
function conditionOf(expression: string, at: Located): Condition {
  return /^(?:req\.)?(?:hdr|base|ssl_fc_sni|req\.ssl_sni|url|cook|urlp)/u.test(expression)
    ? { kind: "free", at }
    : { kind: "unknown", why: unknown("opaque", "the backend is chosen when a request comes", at) };
}

function pick(names: readonly string[], condition: Condition, { decide }: Choosing): string {
  return names.find((_name, index) => index === names.length - 1 || decide(condition)) ?? "";
}

function servingBackends({ proxies }: HaproxyModel): readonly string[] {
  return proxies
    .filter(
      ({ kind, lines }) => kind !== "frontend" && lines.some((line) => /^server/u.test(wordAt(line, 0))),
    )
    .map(({ name }) => name);
}

function amongAll(expression: string, at: Located, choosing: Choosing): Maybe<string> {
  return pick(["", ...servingBackends(choosing.model)].reverse(), conditionOf(expression, at), choosing);
}

function unseenMap(file: string, at: Located, choosing: Choosing): string {
  const why = unknown("input", `${file}, which chooses the backend, is not part of the input`, at);
  return pick(["", ...servingBackends(choosing.model)].reverse(), { kind: "unknown", why }, choosing);
}

/** The longest prefix or suffix that fits, otherwise the first entry. */
function valueFor(
  kind: string,
  entries: readonly (readonly [string, string])[],
  subject: string,
): string | undefined {
  const fits = entries.filter(([key]) => fitsKey(kind, key, subject));
  const ordered = kind === "beg" || kind === "end" ? fits.toSorted(([a], [b]) => b.length - a.length) : fits;
  return ordered[0]?.[1];
}

function fitsKey(kind: string, key: string, subject: string): boolean {
  switch (kind) {
    case "beg":
      return subject.startsWith(key);
    case "end":
      return subject.endsWith(key);
    case "sub":
      return subject.includes(key);
    case "dir":
      return `${subject}/`.includes(`/${key.replaceAll(/^\/|\/$/gu, "")}/`);
    case "reg": {
      const regex = regexOf(key, false);
      return typeof regex === "object" && matchRegex(regex, subject) !== undefined;
    }
    default:
      return subject === key;
  }
}
