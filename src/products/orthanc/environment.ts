/**
 * Environment variables inside a configuration, as Orthanc replaces them since 1.5.0: as text, before the JSON is read.
 * Source: OrthancFramework/Sources/Toolbox.cpp, SubstituteVariables, unchanged from 1.5.0 to 1.13.0.
 */
import type { Environment } from "../../deployment/model.ts";
import { concat, holeText, insertedAt, locate, slice, type Text } from "../../text/text.ts";

/** The four forms, in the order in which the server tries them; a name never holds a colon. */
const reference =
  /\$\{([^:]*?)\}|\$\{([^:]*?):-([^'"]*?)\}|\$\{([^:]*?):-"([^"]*?)"\}|\$\{([^:]*?):-'([^']*?)'\}/gu;

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
  const parts: Text[] = [];
  const uses: VariableUse[] = [];
  let done = 0;
  for (const match of text.value.matchAll(reference)) {
    const end = match.index + match[0].length;
    const name = match[1] ?? match[2] ?? match[4] ?? match[6] ?? "";
    const fallback = match[3] ?? match[5] ?? match[7];
    parts.push(slice(text, done, match.index));
    const replacement = resolve(text, match.index, end, name, fallback, environment);
    parts.push(replacement.text);
    uses.push({ name, outcome: replacement.outcome });
    done = end;
  }
  parts.push(slice(text, done, text.value.length));
  return { text: concat(parts), uses };
}

function resolve(
  text: Text,
  start: number,
  end: number,
  name: string,
  fallback: string | undefined,
  environment: Environment,
): { text: Text; outcome: VariableUse["outcome"] } {
  const place = locate(text, start, end);
  const variable = environment.variables.get(name);
  if (variable !== undefined) {
    if (variable.value.value !== "") return { text: insertedAt(variable.value, place), outcome: "value" };
    return { text: slice(text, start, start), outcome: "empty" };
  }
  if (fallback !== undefined) {
    const offset = start + text.value.slice(start, end).lastIndexOf(fallback);
    return { text: slice(text, offset, offset + fallback.length), outcome: "default" };
  }
  if (environment.complete) return { text: slice(text, start, start), outcome: "empty" };
  return { text: holeText(`the environment variable ${name} is not known`, place), outcome: "unknown" };
}
