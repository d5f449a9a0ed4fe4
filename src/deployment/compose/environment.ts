/** The environment in which Compose runs: what `--env`, `--env-file` and `.env` give, and whether that is all. */
import { type DotenvIssue, readDotenv, readRawEnv } from "../../sources/dotenv.ts";
import type { Lookup } from "../../sources/substitution.ts";
import type { Text } from "../../text/text.ts";
import { notice, type Report, refusal } from "./problems.ts";

/** Variables with their values, and whether a variable that is not among them is known not to be set. */
export interface Environment {
  readonly variables: ReadonlyMap<string, Text>;
  readonly complete: boolean;
}

/** Reads a file; `missing` says why there is nothing to read. */
export type ReadText = (path: string) => Text | { readonly missing: string };

/** Why a variable is unknown when no environment was given. */
export const noEnvironment = "no environment was given and there is no .env";

/** The environment as substitution asks it. */
export function lookupIn(environment: Environment): Lookup {
  return (name) => {
    const value = environment.variables.get(name);
    if (value !== undefined) return { state: "set", value };
    return environment.complete ? { state: "unset" } : { state: "unknown", reason: noEnvironment };
  };
}

/** Adds the variables of env files; what is there already stays, among the files the later one wins. */
export function withEnvFiles(
  environment: Environment,
  paths: readonly string[],
  readText: ReadText,
  report: Report,
): Environment {
  const added = new Map<string, Text>();
  let complete = environment.complete;
  for (const path of paths) {
    const text = readText(path);
    if ("missing" in text) {
      report(refusal("missing-file", `the env file ${path} cannot be read: ${text.missing}`));
      continue;
    }
    complete = true;
    const known = new Map([...added, ...environment.variables]);
    for (const [key, value] of readVariables(
      text,
      { variables: known, complete: environment.complete },
      report,
    ))
      added.set(key, value);
  }
  return { variables: new Map([...added, ...environment.variables]), complete };
}

/** The variables of one env file; `around` is what its `${}` see first, and what it inherits. */
function readVariables(
  text: Text,
  around: Environment,
  report: Report,
  raw = false,
): ReadonlyMap<string, Text> {
  const { entries, issues } = raw ? readRawEnv(text) : readDotenv(text, lookupIn(around));
  for (const issue of issues) report(problemOf(issue));
  const variables = new Map<string, Text>();
  for (const entry of entries) {
    const value = entry.value ?? around.variables.get(entry.key);
    if (value !== undefined) variables.set(entry.key, value);
  }
  return variables;
}

/** What an issue in an env file means for the project. */
export function problemOf(issue: DotenvIssue): Parameters<Report>[0] {
  switch (issue.kind) {
    case "syntax":
    case "invalid":
      return refusal("syntax", issue.message, issue);
    case "required":
      return refusal("unresolved", issue.message, issue);
    case "unset":
      return notice("warning", issue.message, issue);
    case "unknown":
      return notice("unresolved", issue.message, issue);
  }
}
