/**
 * The containers that a script starts: its `docker run` and `podman run` commands, with the variables that the script
 * itself sets put in. Nothing of it is executed; what the script works out as it runs is not known.
 */
import {
  concat,
  holeText,
  insertedAt,
  type Located,
  locate,
  slice,
  type Text,
  textAt,
} from "../text/text.ts";
import { type PlacedWord, type ShellCommand, shellCommands } from "./shell.ts";

/** A command of Docker or Podman: the words behind `run`, `build` or `network create`. */
export interface ContainerCommand {
  readonly verb: "run" | "build" | "network";
  readonly words: readonly Text[];
  /** Where the program is named. */
  readonly at: Located;
}

/** How a script is written. */
export type ScriptDialect = "shell" | "batch" | "powershell";

/** Whether a text has a command that starts a container. */
export function startsContainers(value: string): boolean {
  return /\b(?:docker|podman|nerdctl)(?:\.io|\.exe)?[ \t]+(?:container[ \t]+)?(?:run|create)\b/u.test(value);
}

/** The commands of a script, in its order. */
export function containerCommands(script: Text, dialect: ScriptDialect): readonly ContainerCommand[] {
  const known: Known = new Map();
  for (const [name, value] of windowsVariables(script, dialect))
    known.set(name, known.has(name) && known.get(name)?.value !== value.value ? undefined : value);
  const placed = folders(script);
  for (const [name, value] of placed) known.set(name, value);
  const fixed = new Set(placed.map(([name]) => name));
  const found: ContainerCommand[] = [];
  for (const command of shellCommands(prepared(script.value, dialect))) {
    assign(command, known, fixed, { script, dialect, known });
    const program = programOf(command.words);
    if (program === undefined) continue;
    const { verb, first, at } = program;
    found.push({
      verb,
      at: locate(script, at.start, at.end),
      words: command.words.slice(first).map((word) => textOf(word, { script, dialect, known })),
    });
  }
  return found;
}

/** The variables that the script sets; undefined: to several values, or to something it works out. */
type Known = Map<string, Text | undefined>;

/**
 * The script in the form that the reader of shells takes, every character at its place: without the bodies of heredocs,
 * which are files, with the line ends of Windows' shells, and with `ID=$(docker run …)` as the command that it runs.
 */
function prepared(value: string, dialect: ScriptDialect): string {
  const blank = (part: string): string => part.replace(/[^\n]/gu, " ");
  const noFiles = value.replace(
    /(<<[-~]?[ \t]*(["']?)([A-Za-z_]\w*)\2[^\n]*\n)([\s\S]*?\n[ \t]*\3[ \t]*)(?=\n|$)/gu,
    (_, start: string, _quote: string, _word: string, body: string) => blank(start) + blank(body),
  );
  const caught = noFiles.replace(
    /(\b[A-Za-z_]\w*=)?["']?\$\((?=\s*(?:sudo\s+)?(?:docker|podman|nerdctl)\s)/gu,
    blank,
  );
  if (dialect === "batch")
    return caught.replace(/\^(?=\r?\n)/gu, "\\").replace(/^[ \t]*(?:rem\b|::)[^\n]*/gimu, blank);
  return dialect === "powershell" ? caught.replace(/`(?=\r?\n|")/gu, "\\") : caught;
}

/** `DIR="$(cd "$(dirname "$0")/.." && pwd)"`: the folder of the script, or one above it. */
function folders(script: Text): readonly (readonly [string, Text])[] {
  const pattern =
    /^[ \t]*(?:export[ \t]+|readonly[ \t]+|local[ \t]+)?([A-Za-z_]\w*)=(["']?\$\([^\n]*(?:BASH_SOURCE|\$0|\bpwd\b)[^\n]*)$/gmu;
  return [...script.value.matchAll(pattern)].map(({ index, 0: line, 1: name = "", 2: value = "" }) => {
    const above = value.match(/\/\.\.(?=[/"')\s])/gu)?.map(() => "..") ?? [];
    return [name, textAt([".", ...above].join("/"), locate(script, index, index + line.length))];
  });
}

/** A second value, unless it is the same, may be that of a condition: which one counts is not known. */
function assign(
  { assignments }: ShellCommand,
  known: Known,
  fixed: ReadonlySet<string>,
  reading: Reading,
): void {
  for (const { name, value } of assignments) {
    if (fixed.has(name)) continue;
    const text = textOf(value, reading);
    known.set(name, known.has(name) && known.get(name)?.value !== text.value ? undefined : text);
  }
}

/** `$Port = 8042` of PowerShell and `set PORT=8042` of Windows' older shell. */
function windowsVariables(script: Text, dialect: ScriptDialect): readonly (readonly [string, Text])[] {
  if (dialect === "shell") return [];
  const pattern =
    dialect === "batch"
      ? /^[ \t]*@?set[ \t]+"?(\w+)=()([^"%!\r\n]*?)"?[ \t]*$/gimu
      : /\$(\w+)[ \t]*=[ \t]*(["']?)([^"'$`\s,)]+|[^"'$`\r\n]*)\2(?=[ \t]*(?:[,)\r\n]|$))/gmu;
  return [...script.value.matchAll(pattern)].map(({ index, 0: whole, 1: name = "", 3: value = "" }) => {
    const start = index + whole.lastIndexOf(value);
    return [name, slice(script, start, start + value.length)];
  });
}

interface Program {
  readonly verb: ContainerCommand["verb"];
  /** Index of the first word behind the verb. */
  readonly first: number;
  readonly at: PlacedWord;
}

/** `sudo docker --context x container run …` */
function programOf(words: readonly PlacedWord[]): Program | undefined {
  const index = words.findIndex(({ text }) =>
    /^@?(?:\S*\/)?(?:docker(?:\.io|\.exe)?|podman|nerdctl)$/u.test(text),
  );
  const at = words[index];
  if (
    at === undefined ||
    words.slice(0, index).some(({ text }) => !/^(?:sudo|exec|nohup|time|&|-\w+)$/u.test(text))
  )
    return undefined;
  let next = index + 1;
  while (words[next]?.text.startsWith("-") === true) next += words[next]?.text.includes("=") === true ? 1 : 2;
  if (words[next]?.text === "container") next++;
  const verb = words[next]?.text;
  if (verb === "run" || verb === "create") return { verb: "run", first: next + 1, at };
  if (verb === "build" || (verb === "buildx" && words[next + 1]?.text === "build"))
    return { verb: "build", first: next + (verb === "build" ? 1 : 2), at };
  if (verb === "network" && words[next + 1]?.text === "create")
    return { verb: "network", first: next + 2, at };
  return undefined;
}

interface Reading {
  readonly script: Text;
  readonly dialect: ScriptDialect;
  readonly known: Known;
}

/** A word as the program gets it. */
function textOf({ start, end }: PlacedWord, reading: Reading): Text {
  const { script, dialect } = reading;
  const raw = script.value.slice(start, end);
  const quotes = quoted[dialect];
  const parts: Text[] = [];
  let done = 0;
  for (const { index, 0: whole, 1: double, 2: single } of raw.matchAll(quotes)) {
    parts.push(expanded(start + done, start + index, reading));
    const inner = start + index + 1;
    if (single !== undefined) parts.push(slice(script, inner, inner + single.length));
    else parts.push(expanded(inner, inner + (double ?? "").length, reading));
    done = index + whole.length;
  }
  const text = concat([...parts, expanded(start + done, end, reading)]);
  return text.value === "" ? textAt("", locate(script, start, end)) : text;
}

const quoted = {
  shell: /"((?:\\[\s\S]|[^"\\])*)"|'([^']*)'/gu,
  powershell: /"((?:`[\s\S]|[^"`])*)"|'([^']*)'/gu,
  batch: /"([^"]*)"/gu,
} as const;

const references = {
  shell:
    /\\([\s\S])|\$\{([A-Za-z_]\w*)(?::?[-=]([^{}$`]*)|:?\?[^}]*)?\}|\$([A-Za-z_]\w*)|(\$\([^)]*\)|`[^`]*`|\$\{[^}]*\}|\$[@*#?!\d-])/gu,
  powershell: /`([\s\S])|\$\{([A-Za-z_]\w*)(\})?|\$(?:env:)?([A-Za-z_]\w*)|(\$\([^)]*\))/giu,
  batch: /(\^\^)|%(~dp0)%?()|%([A-Za-z_]\w*)%|(![A-Za-z_]\w*!|%[~\w]+)/gu,
} as const;

/** Part of a script with the variables put in. */
function expanded(start: number, end: number, { script, dialect, known }: Reading): Text {
  const parts: Text[] = [];
  let done = start;
  for (const match of script.value.slice(start, end).matchAll(references[dialect])) {
    const [whole, escaped, braced, fallback, plain, other] = match;
    const from = start + match.index;
    const to = from + whole.length;
    const where = locate(script, from, to);
    parts.push(slice(script, done, from));
    done = to;
    if (escaped !== undefined) parts.push(escaped === "\n" ? textAt("", where) : slice(script, to - 1, to));
    else if (other !== undefined) parts.push(workedOut(other, where));
    else {
      const at = fallback === undefined ? -1 : from + whole.lastIndexOf(fallback);
      const value = variableValue(braced ?? plain ?? "", known, where);
      parts.push(
        value ??
          (at < 0 || dialect !== "shell" ? unset(where) : slice(script, at, at + (fallback ?? "").length)),
      );
    }
  }
  return concat([...parts, slice(script, done, end)].filter(({ value }) => value !== ""));
}

/** `$(pwd)` is where the script runs. */
function workedOut(command: string, where: Located): Text {
  return /^(?:\$\(\s*pwd\s*\)|`\s*pwd\s*`)$/u.test(command)
    ? textAt(".", where)
    : holeText("the script works it out as it runs", where);
}

function variableValue(name: string, known: Known, where: Located): Text | undefined {
  if (/^(?:PWD|cd|~dp0|PSScriptRoot)$/iu.test(name)) return textAt(name === "~dp0" ? "./" : ".", where);
  if (!known.has(name)) return undefined;
  const value = known.get(name);
  return value === undefined
    ? holeText("the script sets it to several values", where)
    : insertedAt(value, where);
}

function unset(where: Located): Text {
  return holeText("no line of the script sets this variable", where);
}
