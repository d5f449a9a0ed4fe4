/**
 * Files that the start of a container makes from others: `envsubst < template > file`, `sed s/MARK/$VALUE/`, `cp`, `mv`
 * and `cat`, in the command or in a script that it runs. Nothing is executed; what is not understood is not known.
 */
import type { Container } from "../deployment/model.ts";
import { baseName } from "../sources/files.ts";
import { type ShellCommand, type ShellWord, shellCommands } from "../sources/shell.ts";
import {
  holeIn,
  holeText,
  insertedAt,
  type Located,
  replaceMatches,
  type Text,
  textAt,
} from "../text/text.ts";

/** What is known of one environment variable: its value, that it is not set, or nothing. */
export type Variable = { readonly value: string; readonly at?: Located } | "unset" | "unknown";

/** A file by its path in the container; undefined: it is made, and what is in it is not known. */
export type MadeFiles = ReadonlyMap<string, Text | undefined>;

/** What of a container decides its start. */
export type Started = Pick<Container, "entrypoint" | "command" | "variables" | "variablesComplete">;

/** Reads a file of the container. */
export type ReadFile = (path: string) => Text | undefined;

/** What the start runs: the words of the command, then the scripts among them that can be read. */
function startScript(container: Started, read: ReadFile): string {
  const words = [...(container.entrypoint ?? []), ...(container.command ?? [])].map(({ value }) => value);
  const scripts = words.flatMap((word) => {
    const text = /^\/\S+$/u.test(word) ? read(word)?.value : undefined;
    return text !== undefined && isScript(word, text) ? [text] : [];
  });
  const inline = words.findIndex((word) => /^-\w*c$/u.test(word));
  const given =
    inline === -1 ? [words.join(" ")] : [words.slice(0, inline).join(" "), words[inline + 1] ?? ""];
  return [...given, ...scripts].join("\n");
}

/** Whether a file is a script of a shell, by its name or its first line. */
export function isScript(path: string, text: string): boolean {
  return /\.sh$/u.test(path) || /^#!.*\b\w*sh\b/u.test(text);
}

/** What is known once the commands of the start have run. */
export interface StartRun {
  readonly made: MadeFiles;
  /** A word with the variables of the script and of the container; null when one of them is not known. */
  readonly expand: (word: ShellWord) => string | null;
}

/** The files that the start makes, in the order of its commands, and what its variables hold then. */
export function runStart(container: Started, read: ReadFile): StartRun {
  const made = new Map<string, Text | undefined>();
  const work: Work = {
    container,
    made,
    assigned: new Map(),
    read: (path) => (made.has(path) ? made.get(path) : read(path)),
  };
  for (const command of shellCommands(startScript(container, read))) run(command, work);
  return { made, expand: (word) => expanded(word, work) };
}

/** The files that the start makes. */
export function madeFiles(container: Started, read: ReadFile): MadeFiles {
  return runStart(container, read).made;
}

/** The variables of a container, as its start sees them. */
export function variableOf(
  container: Started,
  filter?: (name: string) => boolean,
): (name: string) => Variable {
  return (name) => {
    if (filter?.(name) === false) return "unset";
    const variable = container.variables.findLast((candidate) => candidate.name === name);
    if (variable === undefined) return container.variablesComplete ? "unset" : "unknown";
    if (holeIn(variable.value, 0, variable.value.value.length) !== undefined) return "unknown";
    return { value: variable.value.value, at: variable.at };
  };
}

interface Work {
  readonly container: Started;
  readonly made: Map<string, Text | undefined>;
  /** Variables of the script; null: what it works out is not known. */
  readonly assigned: Map<string, string | null>;
  readonly read: ReadFile;
}

function run(command: ShellCommand, work: Work): void {
  for (const { name, value } of command.assignments) work.assigned.set(name, expanded(value, work));
  const [program = "", ...words] = command.words.map((word) => expanded(word, work));
  const to = command.to === undefined ? undefined : expanded(command.to, work);
  const input = inputOf(command, work);
  const name = baseName(program ?? "");
  if (name === "envsubst") {
    put(to, input === undefined ? undefined : substituted(input, command.words[1], work), work);
  } else if (name === "sed") sed(command, to, input, work);
  else if (name === "cp" || name === "mv") copy(words, work);
  else if (name === "cat") put(to, input ?? (words[0] ? work.read(words[0]) : undefined), work);
  else put(to, undefined, work);
}

function put(path: string | null | undefined, text: Text | undefined, { made }: Work): void {
  if (path?.startsWith("/") && !path.startsWith("/dev/") && !path.startsWith("/proc/")) made.set(path, text);
}

/** What a command reads: a file by "<", or what `cat FILE |` passes to it. */
function inputOf({ from, pipedFrom }: ShellCommand, work: Work): Text | undefined {
  const path =
    from ?? (baseName(pipedFrom?.words[0]?.text ?? "") === "cat" ? pipedFrom?.words[1] : undefined);
  const known = path === undefined ? null : expanded(path, work);
  return known === null ? undefined : work.read(known);
}

function expanded(word: ShellWord, { assigned, container }: Work): string | null {
  if (word.verbatim) return word.text;
  if (/\$\(|`/u.test(word.text)) return null;
  let known = true;
  const value = word.text.replace(
    /\$(?:\{([A-Za-z_]\w*)(?::?-([^}]*))?\}|([A-Za-z_]\w*))/gu,
    (_, braced: string | undefined, fallback: string | undefined, plain: string | undefined) => {
      const name = braced ?? plain ?? "";
      const own = assigned.get(name);
      if (own !== undefined) {
        known &&= own !== null;
        return own ?? "";
      }
      const variable = variableOf(container)(name);
      if (typeof variable === "object") return variable.value;
      known &&= fallback !== undefined;
      return fallback ?? "";
    },
  );
  return known ? value : null;
}

/** `envsubst '$A $B'` puts in those only; a list that the shell works out is taken for all that are set. */
function substituted(text: Text, list: ShellWord | undefined, { container, assigned }: Work): Text {
  const names =
    list === undefined || /\$\(|`/u.test(list.text) ? undefined : new Set(list.text.match(/\w+/gu) ?? []);
  const known = variableOf(container, names === undefined ? undefined : (name) => names.has(name));
  return substituteEnvironment(text, (name) => {
    if (!assigned.has(name) || names?.has(name) === false) return known(name);
    const value = assigned.get(name);
    return value === null || value === undefined ? "unknown" : { value };
  });
}

/**
 * What envsubst, and the start script of the official image of nginx, make of a template: `$NAME` and `${NAME}` of the
 * variables that are set, nothing else, so that nginx's own variables stay.
 */
export function substituteEnvironment(text: Text, variable: (name: string) => Variable): Text {
  return replaceMatches(text, /\$(?:\{([A-Za-z_]\w*)\}|([A-Za-z_]\w*))/gu, (match, place) => {
    const name = match[1] ?? match[2] ?? "";
    const value = variable(name);
    if (value === "unset") return undefined;
    // Lower case names are nginx's own, which nobody sets in an environment.
    if (value === "unknown")
      return /^[A-Z]/u.test(name) ? holeText(`the variable ${name} is not known`, place) : undefined;
    return value.at === undefined
      ? textAt(value.value, place)
      : insertedAt(textAt(value.value, value.at), place);
  });
}

/** `sed s/MARK/TEXT/ FILE > OTHER` and `sed -i`: marks without the signs of a pattern are replaced, others leave a gap. */
function sed(
  command: ShellCommand,
  to: string | null | undefined,
  input: Text | undefined,
  work: Work,
): void {
  const words = command.words.slice(1);
  const given = words.flatMap((word, index) => (words[index - 1]?.text === "-e" ? [word] : []));
  const plain = words.filter((word, index) => !/^-/u.test(word.text) && words[index - 1]?.text !== "-e");
  const expressions = given.length > 0 ? given : plain.slice(0, 1);
  const files = (given.length > 0 ? plain : plain.slice(1)).map((word) => expanded(word, work));
  const inPlace = words.some(({ text }) => /^(?:-i|--in-place)/u.test(text));
  const edited = (text: Text | undefined) =>
    expressions.reduce<Text | undefined>(
      (sofar, expression) => (sofar === undefined ? undefined : edit(sofar, expression, work)),
      text,
    );
  if (inPlace) for (const file of files) put(file, file === null ? undefined : edited(work.read(file)), work);
  else put(to, edited(input ?? (files[0] ? work.read(files[0]) : undefined)), work);
}

function edit(text: Text, expression: ShellWord, work: Work): Text | undefined {
  const match = /^s(.)((?:\\.|(?!\1)[^\\])*)\1((?:\\.|(?!\1)[^\\])*)\1[gI]*;?$/su.exec(
    expression.text.trim(),
  );
  const [, , mark = "", by = ""] = match ?? [];
  const literal = mark.replace(/\\(.)/gu, "$1");
  if (match === null || literal === "" || /(?<!\\)[.*[\]^$]/u.test(mark)) return undefined;
  const value = expanded({ text: by, verbatim: expression.verbatim }, work);
  return replaceMatches(
    text,
    new RegExp(literal.replace(/[.*+?^${}()|[\]\\/]/gu, "\\$&"), "gu"),
    (_, place) =>
      value === null ? holeText("the start script fills it in", place) : textAt(unescaped(value), place),
  );
}

function unescaped(value: string): string {
  return value.replace(/\\(.)/gu, "$1");
}

function copy(words: readonly (string | null)[], work: Work): void {
  const [from, to, ...more] = words.filter((word) => word === null || !word.startsWith("-"));
  if (typeof from !== "string" || typeof to !== "string" || more.length > 0) return;
  const text = work.read(from);
  if (text !== undefined) put(to.endsWith("/") ? `${to}${baseName(from)}` : to, text, work);
}
