/** The environment that the user gives for servers on a host: --env-file and --env. */
import { readDotenv } from "../sources/dotenv.ts";
import type { Sources } from "../sources/source.ts";
import { type Place, textAt } from "../text/text.ts";
import type { Environment, Problem, Variable } from "./model.ts";

/** The variables, and what was wrong with the files that hold them. */
export interface GivenEnvironment {
  readonly environment: Environment;
  readonly problems: readonly Problem[];
  /** Values of the env files: any of them may be a secret. */
  readonly secrets: readonly Place[];
}

/**
 * Reads the env files in order, then the single variables; later ones win. Complete as soon as anything is given; those
 * that are promised say nothing of others.
 */
export function environmentOf(
  envFiles: readonly string[],
  env: Readonly<Record<string, string>>,
  sources: Sources,
  promised: Readonly<Record<string, string>> = {},
): GivenEnvironment {
  const variables = new Map<string, Variable>();
  const problems: Problem[] = [];
  const secrets: Place[] = [];
  for (const path of envFiles) {
    const opened = sources.open(path);
    if (!opened.ok) {
      problems.push({
        kind: "unreadable",
        message: `The env file ${path} cannot be read: ${opened.message}.`,
        file: path,
      });
      continue;
    }
    const { entries, issues } = readDotenv(opened.source.text, () => ({ state: "unset" }));
    for (const entry of entries) {
      if (entry.value === undefined) continue;
      variables.set(entry.key, { value: entry.value, at: entry.keyAt });
      secrets.push(...entry.value.pieces.map((piece) => piece.at));
    }
    for (const issue of issues) problems.push({ kind: "syntax", message: issue.message, where: issue });
  }
  for (const [name, value] of Object.entries({ ...promised, ...env })) {
    const at = { file: "(command line)", start: 0, end: 0 };
    variables.set(name, { value: textAt(value, { at }), at: { at } });
  }
  const complete = envFiles.length > 0 || Object.keys(env).length > 0;
  return { environment: { complete, variables }, problems, secrets };
}
