/**
 * From the name of a variable to the option that it sets.
 * Source: docker/orthanc/configurator.py (getJsonPathFromEnvVarName), helpers.py (envVarToCamelCase, JsonPath, insertInDict).
 */
import { childrenOf, optionAt } from "../catalogue.ts";
import type { BuilderRelease } from "./history.ts";

/** What a name leads to. */
export type NamedPath =
  | { readonly state: "path"; readonly path: readonly string[] }
  /** The program that makes the configuration dies of it. */
  | { readonly state: "crash"; readonly reason: string }
  /** No option has anything to do with it. */
  | { readonly state: "none" };

const prefix = "ORTHANC__";

/** Sections whose names are not made of capital words, and how they are written so that they come out right. */
const sectionSpelling: readonly (readonly [string, string])[] = [
  ["ORTHANC__POSTGRESQL__", "ORTHANC__POSTGRE_S_Q_L__"],
  ["ORTHANC__MYSQL__", "ORTHANC__MY_S_Q_L__"],
  ["ORTHANC__OHIF__", "ORTHANC__O_H_I_F__"],
];

/** The option that a variable, or a secret of that name, sets. */
export function pathOfVariable(name: string, release: BuilderRelease): NamedPath {
  const listed = release.legacy.get(name) ?? release.aliases.get(name);
  const alias = release.aliases.get(name) ?? listed;
  if (alias !== undefined) return { state: "path", path: alias.split(".") };
  const spelled = release.prefixes ? spellSection(name) : name;
  if (!spelled.startsWith(prefix)) return { state: "none" };
  const words = spelled.slice(prefix.length).split("__");
  if (words.some((word) => word.split("_").includes(""))) {
    return {
      state: "crash",
      reason: "an underscore stands at the start or the end of the name, or three in a row",
    };
  }
  return nested(words.map(camelCase));
}

function spellSection(name: string): string {
  const found = sectionSpelling.find(([written]) => name.startsWith(written));
  return found === undefined ? name : name.replaceAll(found[0], found[1]);
}

/** QUERY_RETRIEVE_SIZE → QueryRetrieveSize: of each word the first letter stays and the others become small. */
function camelCase(words: string): string {
  return words
    .split("_")
    .map((word) => {
      const [first = ""] = word;
      return first + word.slice(first.length).toLowerCase();
    })
    .join("");
}

/** Below the first key the script joins and splits the path at dots again, so that a dot in a name makes a level. */
function nested(keys: readonly string[]): NamedPath {
  const [first = "", ...rest] = keys;
  if (rest.length === 0) return { state: "path", path: [first] };
  const below = rest.join(".").split(".");
  if (below.length > 1 && below.at(-1) === "") return { state: "crash", reason: "the name ends with a dot" };
  return { state: "path", path: [first, ...below] };
}

/** The option that was meant where the path differs from a known one in upper and lower case only; "*" is any name. */
export function meantPath(path: readonly string[]): readonly string[] | undefined {
  const meant: string[] = [];
  let known = "";
  for (const key of path) {
    const children = childrenOf(known);
    const found =
      children.find((child) => child === key) ??
      children.find((child) => child.toLowerCase() === key.toLowerCase()) ??
      children.find((child) => child === "*");
    if (found === undefined) return undefined;
    known = known === "" ? found : `${known}.${found}`;
    meant.push(found === "*" ? key : found);
  }
  return optionAt(known) === undefined || meant.every((key, index) => key === path[index])
    ? undefined
    : meant;
}

/** The name of a variable that sets an option; undefined when none does. */
export function variableOf(path: readonly string[], release: BuilderRelease): string | undefined {
  const dotted = path.join(".");
  for (const [name, target] of release.aliases) if (target === dotted && name.startsWith(prefix)) return name;
  const spelled =
    prefix + path.map((key) => key.replaceAll(/(?<=.)([A-Z])/gu, "_$1").toUpperCase()).join("__");
  const section = sectionSpelling.find(([, inside]) => spelled.startsWith(inside));
  const name = release.prefixes && section !== undefined ? spelled.replace(section[1], section[0]) : spelled;
  const back = pathOfVariable(name, release);
  return back.state === "path" && back.path.join(".") === dotted ? name : undefined;
}
