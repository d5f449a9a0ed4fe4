/**
 * Environment variables inside a configuration, as Orthanc replaces them since 1.5.0: as text, before the JSON is read.
 * Source: OrthancFramework/Sources/Toolbox.cpp, SubstituteVariables, unchanged from 1.5.0 to 1.13.0.
 */
import type { Environment } from "../../deployment/model.ts";
import { holeText, insertedAt, locate, replaceRanges, slice, type Text } from "../../text/text.ts";

/** A variable that a text refers to. */
export interface VariableUse {
  readonly name: string;
  /** What the reader will take: its value, the default in the text, nothing (a gap), or not known. */
  readonly outcome: "value" | "default" | "empty" | "unknown";
}

/** The text with its variables replaced, and which these were. */
export interface Substituted {
  readonly text: Text;
  readonly uses: readonly VariableUse[];
}

/**
 * Replaces the variables. One that the environment lacks is the default of the expression or nothing when the
 * environment is complete; otherwise it is the default of the expression, or unknown.
 */
export function substituteVariables(text: Text, environment: Environment): Substituted {
  if (!text.value.includes("${")) return { text, uses: [] };
  const resolved = [...references(text.value)].map((reference) => ({
    ...reference,
    ...resolve(text, reference, environment),
  }));
  return {
    text: replaceRanges(
      text,
      resolved.map(({ start, end, text: by }) => ({ start, end, by })),
    ),
    uses: resolved.map(({ name, outcome }) => ({ name, outcome })),
  };
}

/** One `${…}` of a text. */
export interface Reference {
  readonly start: number;
  readonly end: number;
  readonly name: string;
  /** Where the default stands, without its quotes. */
  readonly fallback: { readonly start: number; readonly end: number } | undefined;
}

/**
 * The references in a text, in the forms `${A}`, `${A:-b}`, `${A:-"b"}` and `${A:-'b'}`; a name never holds a colon, a
 * default without quotes never a quote. The server uses a regular expression; this takes one pass, whatever the text.
 */
export function* references(value: string): Generator<Reference> {
  const next = searcher(value);
  let start = value.indexOf("${");
  while (start >= 0) {
    const brace = next("}", start + 2);
    if (brace === undefined) return;
    const colon = next(":", start + 2);
    const found =
      colon === undefined || colon > brace
        ? { name: value.slice(start + 2, brace), end: brace + 1, fallback: undefined }
        : withDefault(value, start, colon, next);
    if (found !== undefined) yield { start, ...found };
    start = value.indexOf("${", found?.end ?? start + 1);
  }
}

type Search = (character: string, from: number) => number | undefined;

/** Finds characters from places that only ever move forward, without looking at anything twice. */
function searcher(value: string): Search {
  const found = new Map<string, number>();
  return (character, from) => {
    const known = found.get(character);
    const at = known !== undefined && known >= from ? known : value.indexOf(character, from);
    const position = at < 0 ? Number.POSITIVE_INFINITY : at;
    found.set(character, position);
    return Number.isFinite(position) ? position : undefined;
  };
}

function withDefault(
  value: string,
  start: number,
  colon: number,
  next: Search,
): Omit<Reference, "start"> | undefined {
  if (value[colon + 1] !== "-") return undefined;
  const name = value.slice(start + 2, colon);
  const from = colon + 2;
  const quote = value[from];
  if (quote === '"' || quote === "'") {
    const close = next(quote, from + 1);
    if (close === undefined || value[close + 1] !== "}") return undefined;
    return { name, end: close + 2, fallback: { start: from + 1, end: close } };
  }
  const brace = next("}", from);
  const firstQuote = Math.min(
    next('"', from) ?? Number.POSITIVE_INFINITY,
    next("'", from) ?? Number.POSITIVE_INFINITY,
  );
  if (brace === undefined || firstQuote < brace) return undefined;
  return { name, end: brace + 1, fallback: { start: from, end: brace } };
}

function resolve(
  text: Text,
  reference: Reference,
  environment: Environment,
): { text: Text; outcome: VariableUse["outcome"] } {
  const { start, end, name, fallback } = reference;
  const place = locate(text, start, end);
  const variable = environment.variables.get(name);
  if (variable !== undefined) {
    if (variable.value.value !== "") return { text: insertedAt(variable.value, place), outcome: "value" };
    return { text: slice(text, start, start), outcome: "empty" };
  }
  if (fallback !== undefined) return { text: slice(text, fallback.start, fallback.end), outcome: "default" };
  if (environment.complete) return { text: slice(text, start, start), outcome: "empty" };
  return { text: holeText(`the environment variable ${name} is not known`, place), outcome: "unknown" };
}
