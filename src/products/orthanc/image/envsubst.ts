/**
 * Variables in the files of the orthancteam image, replaced before the JSON is read, since 23.6.1.
 * Source: envsubst 0.1.5 of the Python package index (ashafer01/python-envsubst v0.1.5), called by
 * docker/orthanc/generateConfiguration.py.
 */
import {
  holeAt,
  holeText,
  insertedAt,
  type Located,
  replaceMatches,
  slice,
  type Text,
  textAt,
} from "../../../text/text.ts";

/** The value of a variable; undefined: it is not set. */
export type EnvironmentLookup = (name: string) => Text | undefined;

/** A backslash before the dollar sign protects it and stays. */
const simple = /(?<!\\)\$([A-Za-z0-9_]+)/gu;
const braced = /(?<!\\)\$\{([A-Za-z0-9_]+)(?:(:?-)([^}]+))?\}/gu;

/**
 * The text with its variables replaced, in two passes: what `$NAME` brings in may hold a `${NAME}` that is replaced
 * too. One that is not set is empty. `${NAME:-}` has no default and stays as it is.
 */
export function envsubst(text: Text, lookup: EnvironmentLookup): Text {
  if (!text.value.includes("$")) return text;
  const plain = replaceSimple(text, lookup);
  return replaceEach(plain, braced, (match, where) => {
    const [, name = "", operator] = match;
    if (operator === undefined) return resolve(name, lookup) ?? emptyAt(where);
    const value = resolve(name, lookup);
    // ":-" takes the default for an empty value too; a value that is only a hole may be empty, which is not told apart.
    if (value !== undefined && (operator === "-" || value.value !== "")) return value;
    const defaultStart = match.index + match[0].length - 1 - (match[3]?.length ?? 0);
    return replaceSimple(slice(plain, defaultStart, match.index + match[0].length - 1), lookup);
  });
}

function replaceSimple(text: Text, lookup: EnvironmentLookup): Text {
  return replaceEach(text, simple, (match, where) => resolve(match[1] ?? "", lookup) ?? emptyAt(where));
}

/** Arguments of the script by number: the first is its own name, there are no others. */
function resolve(name: string, lookup: EnvironmentLookup): Text | undefined {
  const number = /^\d+(?:_\d+)*$/u.test(name) ? Number(name.replaceAll("_", "")) : undefined;
  if (number === undefined) return lookup(name);
  return number === 0 ? { value: "generateConfiguration.py", pieces: [] } : undefined;
}

function emptyAt(where: Located): Text {
  return textAt("", where);
}

function replaceEach(
  text: Text,
  pattern: RegExp,
  replacement: (match: RegExpExecArray, where: Located) => Text,
): Text {
  return replaceMatches(text, pattern, (match, where) => inserted(replacement(match, where), where));
}

/** A value without a place of its own gets that of the reference. */
function inserted(value: Text, where: Located): Text {
  return value.pieces.length === 0 ? textAt(value.value, where) : insertedAt(value, where);
}

/** What the runtime of the container and the start script themselves set; only these names are known, not the values. */
const alwaysSet = new Set(["PATH", "HOME", "HOSTNAME", "PWD", "OLDPWD", "SHLVL", "SSL_CERT_DIR"]);

/** A lookup over the variables of a container. `complete`: what is not listed is not set. */
export function lookupIn(
  variables: ReadonlyMap<string, Text>,
  complete: boolean,
  at: Located,
): EnvironmentLookup {
  return (name) => {
    const value = variables.get(name);
    if (value !== undefined) return value;
    if (alwaysSet.has(name)) return holeText(`the container itself sets ${name}`, at);
    return complete ? undefined : holeText(`the environment variable ${name} is not known`, at);
  };
}

/** Whether a text is nothing but an unknown value. */
export function isHole(text: Text): boolean {
  return text.value.length === 1 && holeAt(text, 0) !== undefined;
}
