/** What loading has to say beside the model. */
import { type Located, placeOf, type Text } from "../../text/text.ts";

/** Something that was noticed while a project was loaded. */
export interface ComposeProblem {
  readonly kind:
    | "syntax" /** not YAML, or nothing that Compose accepts */
    | "unresolved" /** a variable is unknown or required and not set */
    | "missing-file" /** an env file, include or extended file that cannot be read */
    | "external" /** something outside the project: an external network, volume, secret or config */
    | "skipped" /** not read on purpose: remote resources */
    | "warning" /** what Compose itself only warns about */
    | "assumed" /** a default was taken, as nobody said whether the variable is set */;
  readonly message: string;
  /** Whether Compose refuses the project because of it. */
  readonly refuses: boolean;
  readonly where?: Located;
  /** Of "assumed": the default of which variable was taken. */
  readonly default?: { readonly variable: string; readonly value: string };
  /** The file is no YAML from here on: what else seems wrong with it mostly follows. */
  readonly notYaml?: true;
}

/** Takes problems as they are found. */
export type Report = (problem: ComposeProblem) => void;

/** A problem for which Compose stops. */
export function refusal(kind: ComposeProblem["kind"], message: string, where?: Located): ComposeProblem {
  return where === undefined
    ? { kind, message, refuses: true }
    : { kind, message, refuses: true, where: placeOf(where) };
}

/** A problem that Compose does not mind. */
export function notice(kind: ComposeProblem["kind"], message: string, where?: Located): ComposeProblem {
  return where === undefined
    ? { kind, message, refuses: false }
    : { kind, message, refuses: false, where: placeOf(where) };
}

/** A default that applies unless somebody sets the variable. */
export function assumed(variable: string, value: Text, where: Located): ComposeProblem {
  const message = `nobody sets ${variable} here: its default is taken`;
  return { ...notice("assumed", message, where), default: { variable, value: value.value } };
}

/** A file that is no YAML breaks in many ways at once: its first error is told, and the rest is not. */
export function withoutConsequences(problems: readonly ComposeProblem[]): readonly ComposeProblem[] {
  const broken = new Map<string, ComposeProblem>();
  for (const problem of problems) {
    const file = problem.where?.at.file;
    if (problem.notYaml === true && file !== undefined && !broken.has(file)) broken.set(file, problem);
  }
  return problems.filter((problem) => {
    const first = broken.get(problem.where?.at.file ?? "");
    return first === undefined || problem === first || problem.kind !== "syntax";
  });
}
