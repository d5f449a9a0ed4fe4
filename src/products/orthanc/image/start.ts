/** What a container of an Orthanc image runs: the image's start script, Orthanc itself, or a script of the site. */

import { documentsOf } from "../../../deployment/here-documents.ts";
import {
  isHarmless,
  isScript,
  type MadeFiles,
  runStart,
  type StartRun,
} from "../../../deployment/start-script.ts";
import { baseName } from "../../../sources/files.ts";
import { type ShellCommand, shellCommands } from "../../../sources/shell.ts";
import { holeIn, type Located, type Text, textAt } from "../../../text/text.ts";
import { generatedPath } from "./builder.ts";
import type { ImageFile, ImageInput } from "./types.ts";

/** Which program the container runs in the end, with what, and over which files. */
export type Start =
  | {
      readonly program: "script" | "orthanc";
      readonly arguments: readonly Text[];
      /** Those of the container, and those that a script of the site makes first. */
      readonly files: readonly ImageFile[];
    }
  | { readonly program: "other"; readonly reason: string };

/** The words that the container runs: a new entry point drops the image's command too. */
export function startOf(input: ImageInput): Start {
  const own = input.entrypoint === undefined;
  const words = input.entrypoint ?? defaultEntry(input);
  const rest = input.command ?? (own ? defaultCommand(input) : []);
  const [program, ...given] = [...words, ...rest];
  if (program === undefined) return { program: "other", reason: "what the container runs is not known" };
  const hole = holeIn(program, 0, program.value.length);
  if (hole !== undefined) return { program: "other", reason: hole.reason };
  return programOf(program, given, input) ?? ofScript(program, given, input);
}

function programOf(program: Text, given: readonly Text[], { files }: ImageInput): Start | undefined {
  const name = baseName(program.value);
  // A script of the site may have the name of the image's.
  const own = files.some(({ path, content }) => path === program.value && content.type === "text");
  if (name === "docker-entrypoint.sh" && !own) return { program: "script", arguments: given, files };
  return name === "Orthanc" ? { program: "orthanc", arguments: given, files } : undefined;
}

/** A script that can be read, and does nothing that is not understood before it starts Orthanc. */
function ofScript(program: Text, given: readonly Text[], input: ImageInput): Start {
  const unseen: Start = {
    program: "other",
    reason: `the container runs ${baseName(program.value)}, which decides what Orthanc reads`,
  };
  const read = (path: string): Text | undefined => {
    const file = input.files.find((candidate) => candidate.path === path);
    return file?.content.type === "text" ? file.content.text : undefined;
  };
  const inline = /^(?:ba|da|a)?sh$/u.test(baseName(program.value)) && /^-\w*c$/u.test(given[0]?.value ?? "");
  const script = inline ? given[1] : read(program.value);
  if (script === undefined || !(inline || isScript(program.value, script.value))) return unseen;
  const commands = shellCommands(documentsOf(script).script).filter(({ words }) => words.length > 0);
  const last = commands.findLast((command) => starts(command));
  if (last === undefined || commands.some((command) => command !== last && !isHarmless(command)))
    return unseen;
  const { made, expand } = runStart(input, read);
  const [place] = program.pieces;
  const at = place === undefined ? input.imageAt : { at: place.at, ...(place.via && { via: place.via }) };
  const words = wordsOf(last, inline ? given.slice(2) : given, expand, at);
  const [first, ...rest] = words ?? [];
  if (first === undefined) return unseen;
  return programOf(first, rest, { ...input, files: withMade(input.files, made, at) }) ?? unseen;
}

function starts({ words: [first] }: ShellCommand): boolean {
  const text = first?.text ?? "";
  return /^(?:Orthanc|docker-entrypoint\.sh)$/u.test(baseName(text)) || isGiven(text);
}

function isGiven(text: string | null | undefined): boolean {
  return text === "$@" || text === "$*";
}

/** The words of a command, with those that the script was given in the place of "$@"; undefined: not known. */
function wordsOf(
  { words }: ShellCommand,
  given: readonly Text[],
  expand: StartRun["expand"],
  at: Located,
): readonly Text[] | undefined {
  const all = words.map((word): readonly Text[] | undefined => {
    const value = expand(word);
    if (isGiven(value)) return given;
    return value?.split(/\s+/u).flatMap((part) => (part === "" ? [] : [textAt(part, at)]));
  });
  return all.every((part) => part !== undefined) ? all.flatMap((part) => part ?? []) : undefined;
}

function withMade(files: readonly ImageFile[], made: MadeFiles, at: Located): readonly ImageFile[] {
  const put = [...made].map(([path, text]): ImageFile => {
    const reason = `${path} is written when the container starts`;
    return { path, at, content: text === undefined ? { type: "unknown", reason } : { type: "text", text } };
  });
  return [...files.filter(({ path }) => !made.has(path)), ...put];
}

function defaultEntry(input: ImageInput): readonly Text[] {
  if (input.kind === "builder") return [word("/docker-entrypoint.sh")];
  return input.kind === "jodogne" ? [word("Orthanc")] : [];
}

function defaultCommand(input: ImageInput): readonly Text[] {
  if (input.kind === "builder") return [word(generatedPath)];
  return input.kind === "jodogne" ? [word("/etc/orthanc/")] : [];
}

function word(value: string): Text {
  return { value, pieces: [] };
}
