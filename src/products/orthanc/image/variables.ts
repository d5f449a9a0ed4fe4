/**
 * Variables and secrets of the builder image, each merged as one object.
 * Source: docker/orthanc/configurator.py (mergeConfigFromEnvVar, mergeConfigFromSecret, setConfig).
 */
import { fromPlace } from "../../../facts/origin.ts";
import type { Maybe } from "../../../facts/unknown.ts";
import { unknown } from "../../../facts/unknown.ts";
import type { Member, Tree } from "../../../sources/tree.ts";
import { holeIn, type Located, type Text } from "../../../text/text.ts";
import { optionAt } from "../catalogue.ts";
import { mergeInto } from "./merge.ts";
import { meantPath, type NamedPath, pathOfVariable, variableOf } from "./names.ts";
import { document, variableValue } from "./python-json.ts";
import type { Secret } from "./read-files.ts";
import { nextWriter, note, placeOf, refuse, stages, type Work } from "./work.ts";

/** What variables say about plugins, and which files they name. */
export interface FromVariables {
  /** By the variable's name, whether it switches on; several variables may exist for one plugin. */
  readonly pluginSwitches: ReadonlyMap<string, { readonly on: Maybe<boolean>; readonly at: Located }>;
  /** File name of a secret → name of the variable that it fills. */
  readonly secretFiles: ReadonlyMap<
    string,
    { readonly name: string; readonly value: Text; readonly at: Located }
  >;
}

/** Merges the variables in their order. */
export function mergeVariables(work: Work): FromVariables {
  const pluginSwitches = new Map<string, { on: Maybe<boolean>; at: Located }>();
  const secretFiles = new Map<string, { name: string; value: Text; at: Located }>();
  const pluginNames = new Set(
    work.release.plugins.flatMap(({ variable, legacyVariable }) => [variable, legacyVariable ?? variable]),
  );
  for (const [name, { value, at }] of work.variables) {
    if (name === "ORTHANC_JSON") mergeDocument(work, value, at);
    else if (name.endsWith("_SECRET"))
      secretFiles.set(value.value, { name: name.slice(0, -"_SECRET".length), value, at: placeOf(value, at) });
    else if (isSetting(work, name)) mergeVariable(work, name, value, at);
    else if (pluginNames.has(name))
      pluginSwitches.set(name, { on: switchesOn(work, name, value, at), at: placeOf(value, at) });
    else tellWithoutEffect(work, name, at);
  }
  tellLegacyNames(work);
  return { pluginSwitches, secretFiles };
}

/** A variable that was meant for the image: an option with one underscore too few. */
function tellWithoutEffect(work: Work, name: string, at: Located): void {
  if (name === "ORTHANC_PASSWORD" || !/^ORTHANC_[^_]/u.test(name) || mayBeUsed(work, name)) return;
  const meant = `ORTHANC__${name.slice("ORTHANC_".length)}`;
  const named = pathOfVariable(meant, work.release);
  const exists =
    named.state === "path" &&
    (optionAt(named.path.join(".")) !== undefined || meantPath(named.path) !== undefined);
  if (exists)
    note(work, "no-effect", `${name} has no effect: two underscores belong behind ORTHANC, ${meant}`, at);
}

/** A configuration may refer to it, and one that is not seen may refer to any. */
/** Whether a file of the container may have the value put in. */
export function mayBeUsed({ input, merging }: Work, name: string): boolean {
  const reference = new RegExp(`\\$\\{?${name}\\b`, "u");
  return (
    merging.root.open !== undefined ||
    input.files.some(({ content }) => content.type === "text" && reference.test(content.text.value))
  );
}

function isSetting(work: Work, name: string): boolean {
  return name.startsWith("ORTHANC__") || work.release.aliases.has(name) || work.release.legacy.has(name);
}

function mergeDocument(work: Work, value: Text, at: Located): void {
  const { root, errors } = document(value);
  const [error] = errors;
  if (root?.kind === "object" && error === undefined) {
    mergeInto(work.merging, root, nextWriter(work, stages.variables, "ORTHANC_JSON"));
    return;
  }
  const hole = holeIn(value, 0, value.value.length);
  if (hole !== undefined) {
    work.merging.root.open ??= hole;
    return;
  }
  const origin = fromPlace(error ?? root ?? at);
  if (error !== undefined || root === undefined)
    refuse(
      work,
      `ORTHANC_JSON is not valid JSON (${error?.message ?? "it is empty"}), and the container does not start`,
      "JSON without trailing commas",
      origin,
    );
  else
    refuse(
      work,
      "ORTHANC_JSON is not one object in braces, and the container does not start",
      "an object in braces",
      origin,
    );
}

function mergeVariable(work: Work, name: string, value: Text, at: Located): void {
  const named = pathOfVariable(name, work.release);
  setAt(work, named, name, value, at, stages.variables);
  if (named.state === "path") tellIgnored(work, name, named.path, value, at);
}

/** Sets one value at a path, as an object of its own. */
function setAt(work: Work, named: NamedPath, name: string, value: Text, at: Located, stage: number): void {
  if (named.state === "crash")
    refuse(
      work,
      `The start script fails on the name ${name}: ${named.reason}`,
      "another name",
      fromPlace(at),
    );
  if (named.state !== "path") return;
  const tree = [...named.path].reverse().reduce<Tree>(
    (inner, key) => {
      const member: Member = { key, keyAt: at, value: inner };
      return { kind: "object", members: [member], ...at };
    },
    variableValue(value, at),
  );
  if (tree.kind === "object") mergeInto(work.merging, tree, nextWriter(work, stage, name));
}

/** A plugin's variable switches it on unless it is exactly "false". */
function switchesOn(work: Work, name: string, value: Text, at: Located): Maybe<boolean> {
  const hole = holeIn(value, 0, value.value.length);
  if (hole !== undefined) return unknown("input", hole.reason, placeOf(value, at));
  if (/^\s*(?:false|0|no|off|disabled|f|n|)\s*$/iu.test(value.value) && value.value !== "false") {
    note(
      work,
      "enabled-by-any-value",
      `${name} switches the plugin on: only the exact word false switches it off`,
      placeOf(value, at),
    );
  }
  return value.value !== "false";
}

/** A name that comes out as no option although another case of letters would be one, and texts where booleans are meant. */
function tellIgnored(work: Work, name: string, path: readonly string[], value: Text, at: Located): void {
  const meant = meantPath(path);
  if (meant !== undefined) {
    const right = variableOf(meant, work.release);
    const instead =
      right === undefined
        ? `set ${meant.join(".")} in a file or in ORTHANC_JSON`
        : `the variable for ${meant.join(".")} is ${right}`;
    note(work, "ignored-name", `${name} sets ${path.join(".")}, which Orthanc does not know; ${instead}`, at);
  }
  const boolean = optionAt(path.join("."))?.type === "boolean";
  if (
    boolean &&
    /^(?:true|false|yes|no|on|off)$/iu.test(value.value) &&
    value.value !== "true" &&
    value.value !== "false"
  ) {
    note(
      work,
      "text-for-boolean",
      `${name} is the text "${value.value}", not a boolean: write true or false in small letters`,
      placeOf(value, at),
    );
  }
}

/** Variables that count as old names: settings, and switches of plugins. */
function tellLegacyNames(work: Work): void {
  const switches = new Set(work.release.plugins.flatMap(({ legacyVariable }) => legacyVariable ?? []));
  for (const [name, { at }] of work.variables) {
    if (work.release.legacy.has(name) || switches.has(name)) tellLegacyName(work, name, at);
  }
}

function tellLegacyName(work: Work, name: string, at: Located): void {
  if (work.release.refusesLegacyNames)
    refuse(
      work,
      `${name} is a name from before April 2020, and since 26.7.0 the container does not start with it`,
      "the ORTHANC__ variable, or another name",
      fromPlace(at),
    );
  else
    note(
      work,
      "legacy-name",
      `${name} is a name from before April 2020: images from 26.7.0 on do not start with it`,
      at,
    );
}

/** Merges the secrets: those that a `…_SECRET` variable names, and those that are called like a variable. */
export function mergeSecrets(
  work: Work,
  secrets: readonly Secret[],
  secretFiles: FromVariables["secretFiles"],
): void {
  for (const secret of secrets) {
    const target = secretFiles.get(secret.name)?.name;
    if (target === undefined && !isSetting(work, secret.name)) continue;
    if (target === undefined && work.release.legacy.has(secret.name))
      tellLegacyName(work, secret.name, secret.at);
    const name = target ?? secret.name;
    setAt(work, pathOfVariable(name, work.release), name, secret.value, secret.at, stages.secrets);
  }
  const present = new Set(secrets.map(({ name }) => name));
  for (const [file, { name, value, at }] of secretFiles) {
    if (present.has(file) || !isSetting(work, name)) continue;
    if (holeIn(value, 0, file.length) !== undefined)
      setAt(work, pathOfVariable(name, work.release), name, value, at, stages.secrets);
    else
      note(
        work,
        "dropped-value",
        `${name}_SECRET is taken for the name of a file below /run/secrets, and there is none of that name: the value is dropped`,
        at,
      );
  }
}
