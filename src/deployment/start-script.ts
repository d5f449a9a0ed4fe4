/**
 * Files that the start of a container makes from others: `envsubst < template > file`, `sed s/MARK/$VALUE/`, `cp`, `mv`
 * and `cat`, in the command or in a script that it runs. Nothing is executed; what is not understood is not known.
 */
import { baseName, joinPath } from "../sources/files.ts";
import { type ShellCommand, type ShellWord, shellCommands } from "../sources/shell.ts";
import {
  concat,
  holeIn,
  holeText,
  insertedAt,
  type Located,
  replaceMatches,
  type Text,
  textAt,
} from "../text/text.ts";
import { documentsOf } from "./here-documents.ts";
import type { Container } from "./model.ts";

/** What is known of one environment variable: its value, that it is not set, or nothing. */
export type Variable = { readonly value: string; readonly at?: Located } | "unset" | "unknown";

/** A file by its path in the container; undefined: it is made, and what is in it is not known. */
export type MadeFiles = ReadonlyMap<string, Text | undefined>;

/** What of a container decides its start. */
export type Started = Pick<Container, "entrypoint" | "command" | "variables" | "variablesComplete">;

/** Reads a file of the container. */
export type ReadFile = (path: string) => Text | undefined;

/** The names in a folder, by the paths of what lies in it; undefined where they are not known. */
export type ListFolder = (folder: string) => readonly string[] | undefined;

/** What the start runs: the words of the command, then the scripts among them that can be read. */
function startScripts(container: Started, read: ReadFile): readonly Text[] {
  const words = [...(container.entrypoint ?? []), ...(container.command ?? [])];
  const scripts = words.flatMap((word) => {
    const text = /^\/\S+$/u.test(word.value) ? read(word.value) : undefined;
    return text !== undefined && isScript(word.value, text.value) ? [text] : [];
  });
  const inline = words.findIndex(({ value }) => /^-\w*c$/u.test(value));
  const script = words[inline + 1];
  if (inline === -1) return [...joined(words), ...scripts];
  return [...joined(words.slice(0, inline)), ...(script === undefined ? [] : [script]), ...scripts];
}

function joined(words: readonly Text[]): readonly Text[] {
  const [first] = words;
  const [place] = first?.pieces ?? [];
  if (first === undefined) return [];
  const space = place === undefined ? { value: " ", pieces: [] } : textAt(" ", place);
  return [concat(words.flatMap((word, index) => (index === 0 ? [word] : [space, word])))];
}

/** Commands that make no files, beside those that make them of templates. */
const harmless =
  /^(?:\[\[?|\]\]?|:|echo|printf|set|sleep|test|true|mkdir|chmod|chown|ls|cat|envsubst|sed|cp|mv|fi|done|esac|\}|nc|pg_isready|curl|wget|date|trap|cd|exit|export|umask|ulimit|wait|for|case|read|grep|shift|\w+\(\))$/u;

/** Whether a program is a shell: what it runs is read as a script. */
export function isShell(program = ""): boolean {
  return /^(?:ba|da|a)?sh$/u.test(baseName(program));
}

/** Whether a command changes nothing but files that {@link runStart} knows of. */
export function isHarmless({ words: [first] }: ShellCommand): boolean {
  return harmless.test(baseName(first?.text ?? ""));
}

/** Whether a file is a script of a shell, by its name or its first line. */
export function isScript(path: string, text: string): boolean {
  return /\.sh$/u.test(path) || /^#!.*\b\w*sh\b/u.test(text);
}

/** What is known once the commands of the start have run. */
export interface StartRun {
  readonly made: MadeFiles;
  /** Every command is one that is understood, and what it copies can be read. */
  readonly complete: boolean;
  /** A word with the variables of the script and of the container; null when one of them is not known. */
  readonly expand: (word: ShellWord) => string | null;
}

/** The files that the start makes, in the order of its commands, and what its variables hold then. */
export function runStart(container: Started, read: ReadFile, list: ListFolder = () => undefined): StartRun {
  const made = new Map<string, Text | undefined>();
  const scripts = startScripts(container, read).map((script, index) => documentsOf(script, index));
  const documents = new Map(scripts.flatMap((script) => [...script.documents]));
  const work: Work = {
    container,
    made,
    assigned: new Map(),
    read: (path) => {
      const document = documents.get(path);
      if (document !== undefined) return document.filled ? filled(document.text, work) : document.text;
      return made.has(path) ? made.get(path) : read(path);
    },
    list,
    missed: { any: false },
  };
  const commands = scripts.flatMap(({ script }) => shellCommands(script));
  for (const command of commands) run(command, work);
  const complete =
    !work.missed.any &&
    commands.every((one) => one.words.length === 0 || isHarmless(one) || isShell(one.words[0]?.text));
  return { made, complete, expand: (word) => expanded(word, work) };
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
  readonly list: ListFolder;
  /** Whether something is copied that cannot be read. */
  readonly missed: { any: boolean };
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
  else if (name === "wget" || name === "curl") fetched(name, words, work);
  else put(to, undefined, work);
}

/** What comes from another server is not known; with a name of the server's own, neither is where it lies. */
function fetched(program: "wget" | "curl", words: readonly (string | null)[], work: Work): void {
  const options = program === "wget" ? /^(?:-\w*O|--output-document)=?(.*)$/u : /^(?:-\w*o|--output)=?(.*)$/u;
  const index = words.findIndex((word) => options.test(word ?? ""));
  if (index >= 0) {
    const joined = options.exec(words[index] ?? "")?.[1] ?? "";
    put(joined === "" ? words[index + 1] : joined, undefined, work);
    return;
  }
  const own =
    program === "wget" ? !words.includes("--spider") : words.some((word) => /^-\w*O$/u.test(word ?? ""));
  work.missed.any ||= own;
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

/** A here-document as the shell fills it. */
function filled(text: Text, { assigned, container }: Work): Text {
  return replaceMatches(
    text,
    /\\[\\$`]|\$\([^)]*\)|`[^`]*`|\$(?:\{([A-Za-z_]\w*)(?::?-([^}]*))?\}|([A-Za-z_]\w*))/gu,
    (match, place) => {
      const [whole, braced, fallback, plain] = match;
      if (whole.startsWith("\\")) return textAt(whole.slice(1), place);
      const name = braced ?? plain;
      if (name === undefined) return holeText("the start script fills it in", place);
      const own = assigned.get(name);
      const variable = own === undefined ? variableOf(container)(name) : own;
      if (variable === null || variable === "unknown")
        return holeText(`the variable ${name} is not known`, place);
      if (typeof variable === "string")
        return textAt(variable === "unset" ? (fallback ?? "") : variable, place);
      return variable.at === undefined
        ? textAt(variable.value, place)
        : insertedAt(textAt(variable.value, variable.at), place);
    },
  );
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
  const paths = words.filter((word) => word === null || !word.startsWith("-"));
  const to = paths.at(-1);
  for (const from of paths.slice(0, -1)) {
    const copies = typeof from === "string" && typeof to === "string" ? copiesOf(from, to, paths, work) : [];
    work.missed.any ||= copies.length === 0;
    for (const [path, text] of copies) put(path, text, work);
  }
}

/** One file, all those of a folder ("/a/.", "/a/*.json"), or a folder itself. */
function copiesOf(
  from: string,
  to: string,
  paths: readonly unknown[],
  work: Work,
): readonly (readonly [string, Text])[] {
  const text = work.read(from);
  const intoFolder = to.endsWith("/") || paths.length > 2 || work.list(to) !== undefined;
  if (text !== undefined) return [[intoFolder ? joinPath(to, baseName(from)) : to, text]];
  const [, folder = "", pattern = ""] = /^(.*?)\/?((?:(?<=\/)(?:\.|\*|\*\.\w+))?)$/u.exec(from) ?? [];
  // A folder itself goes into one that is there.
  const into = pattern === "" && intoFolder ? joinPath(to, baseName(folder)) : to;
  const end = pattern.startsWith("*.") ? pattern.slice(1) : "";
  return (work.list(folder) ?? [])
    .filter((path) => path.endsWith(end))
    .flatMap((path): readonly (readonly [string, Text])[] => {
      const inner = work.read(path);
      return inner === undefined ? [] : [[joinPath(into, path.slice(folder.length + 1)), inner]];
    });
}
