/** The variables of a service: its env files in order, then `environment` over them. */

import { readDotenv, readRawEnv } from "../../sources/dotenv.ts";
import type { Tree } from "../../sources/tree.ts";
import { locate, placeOf, type Text, textAt } from "../../text/text.ts";
import { type Environment, lookupIn, problemOf, type ReadText } from "./environment.ts";
import type { ComposeVariable, NamedText, Unknown } from "./model.ts";
import { notice, type Report, refusal } from "./problems.ts";
import { flagAtKey, itemsAtKey, pairsAtKey, textAtKey, textsAtKey, unknown } from "./read.ts";
import type { ServiceEnvironment } from "./service.ts";
import { holeOf, printed, valueAt } from "./trees.ts";

/** What is needed to read env files. */
export interface EnvironmentContext {
  readonly environment: Environment;
  readonly readText: ReadText;
  readonly report: Report;
}

/** Reads the variables of a service. */
export function readServiceEnvironment(service: Tree, context: EnvironmentContext): ServiceEnvironment {
  const variables = new Map<string, ComposeVariable>();
  const gaps: Unknown[] = [];
  for (const item of itemsAtKey(service, "env_file")) {
    const gap = addEnvFile(item, variables, context);
    if (gap !== undefined) gaps.push(gap);
  }
  for (const one of pairsAtKey(service, "environment")) {
    const value = one.value.kind === "null" ? undefined : printed(one.value);
    variables.set(one.key, { name: one.key, nameAt: one.keyAt, value, from: "environment" });
  }
  return { variables: [...variables.values()], gaps, labels: labelsOfFiles(service, context) };
}

/** The labels of the files that `label_file` names, which are written like env files. */
function labelsOfFiles(service: Tree, context: EnvironmentContext): readonly NamedText[] {
  const labels = new Map<string, NamedText>();
  for (const path of textsAtKey(service, "label_file")) {
    if (holeOf(path) !== undefined) continue;
    const text = context.readText(path.value);
    const where = locate(path, 0, path.value.length);
    if ("missing" in text) {
      context.report(
        refusal("missing-file", `the file of labels ${path.value} cannot be read: ${text.missing}`, where),
      );
      continue;
    }
    const { entries, issues } = readDotenv(text, lookupIn(context.environment));
    for (const issue of issues) context.report(problemOf(issue));
    for (const { key, keyAt, value } of entries)
      labels.set(key, { name: key, nameAt: keyAt, value: value ?? textAt("", keyAt) });
  }
  return [...labels.values()];
}

/** Adds one file's variables; why not, when they cannot be known. */
function addEnvFile(
  item: Tree,
  variables: Map<string, ComposeVariable>,
  context: EnvironmentContext,
): Unknown | undefined {
  const path = textAtKey(item, "path");
  if (path === undefined) return undefined;
  const pathTree = valueAt(item, "path") ?? item;
  if (holeOf(path) !== undefined) return unknown(pathTree);
  const text = context.readText(path.value);
  if ("missing" in text) return missing(path.value, text.missing, item, pathTree, context.report);
  const format = textAtKey(item, "format")?.value ?? "";
  if (format !== "" && format !== "raw") {
    context.report(refusal("syntax", `unsupported env_file format "${format}"`, pathTree));
    return { known: false, reason: `unsupported env_file format "${format}"`, ...placeOf(pathTree) };
  }
  addVariables(text, format === "raw", variables, context);
  return undefined;
}

function missing(path: string, reason: string, item: Tree, where: Tree, report: Report): Unknown | undefined {
  const required = flagAtKey(item, "required");
  const optional = required?.known === true && !required.value;
  const message = `the env file ${path} cannot be read: ${reason}`;
  // An optional file may be there on the server: what it holds stays unknown.
  report(optional ? notice("missing-file", message, where) : refusal("missing-file", message, where));
  return { known: false, reason: message, ...placeOf(where) };
}

function addVariables(
  text: Text,
  raw: boolean,
  variables: Map<string, ComposeVariable>,
  context: EnvironmentContext,
): void {
  const { environment, report } = context;
  const earlier = [...variables.values()].flatMap((one) =>
    one.value === undefined ? [] : [[one.name, one.value] as const],
  );
  const around: Environment = {
    variables: new Map([...environment.variables, ...earlier]),
    complete: environment.complete,
  };
  const { entries, issues } = raw ? readRawEnv(text) : readDotenv(text, lookupIn(around));
  for (const issue of issues) report(problemOf(issue));
  for (const entry of entries) {
    const value = entry.value ?? around.variables.get(entry.key);
    if (value === undefined) continue;
    variables.set(entry.key, { name: entry.key, nameAt: entry.keyAt, value, from: "env_file" });
  }
}
