/** Dockerfiles: what an image that is built from one is made of, each part with its place. */
import { type Located, locate, placeOf, slice, type Text } from "../text/text.ts";
import { type DockerInstruction, dockerLines, type Heredoc, trimmed } from "./dockerfile-lines.ts";
import { type DockerLookup, expandWord, splitWords } from "./dockerfile-words.ts";
import { readJson } from "./json.ts";

/** A Dockerfile as it is written, variables replaced as far as they are known. */
export interface Dockerfile {
  readonly stages: readonly DockerStage[];
  readonly errors: readonly ({ readonly message: string } & Located)[];
}

/** What one FROM begins: an image in the making. */
export interface DockerStage extends Located {
  /** The name after AS. */
  readonly name: string | undefined;
  /** The image after FROM, or the name of an earlier stage. */
  readonly base: Text;
  /** Index of the earlier stage that it begins with. */
  readonly baseStage: number | undefined;
  readonly environment: readonly DockerVariable[];
  readonly expose: readonly Text[];
  /** The last USER. */
  readonly user: Text | undefined;
  readonly workdir: Text | undefined;
  readonly entrypoint: DockerCommand | undefined;
  readonly command: DockerCommand | undefined;
  readonly healthcheck: DockerHealthcheck | undefined;
  readonly copies: readonly DockerCopy[];
  readonly runs: readonly DockerRun[];
  readonly volumes: readonly Text[];
}

/** A variable that ENV sets. */
export interface DockerVariable {
  readonly name: string;
  readonly nameAt: Located;
  readonly value: Text;
}

/** What a container executes. */
export interface DockerCommand extends Located {
  readonly words: readonly Text[];
  /** Written as one text: the shell executes it. */
  readonly shell: boolean;
}

/** How a container is asked whether it is well. */
export interface DockerHealthcheck extends Located {
  /** Undefined for NONE. */
  readonly command: DockerCommand | undefined;
}

/** Files that are put into the image. */
export interface DockerCopy extends Located {
  readonly instruction: "COPY" | "ADD";
  /** Relative to the build context, or to `from`. */
  readonly sources: readonly Text[];
  readonly target: Text;
  /** `--from`: an earlier stage, an image, another context. */
  readonly from: Text | undefined;
  readonly chown: Text | undefined;
  readonly chmod: Text | undefined;
  /** Files that are written in the Dockerfile itself. */
  readonly inline: readonly Heredoc[];
}

/** What the builder executes. */
export interface DockerRun extends Located {
  readonly text: Text;
  readonly inline: readonly Heredoc[];
}

/** What the builder is told. */
export interface DockerBuild {
  /** Build arguments by name. */
  readonly args?: ReadonlyMap<string, Text>;
}

interface Reading {
  readonly escape: string;
  readonly given: ReadonlyMap<string, Text>;
  /** ARGs before the first FROM. */
  readonly globals: Map<string, Text>;
  readonly stages: Stage[];
  readonly errors: ({ readonly message: string } & Located)[];
}

/** A stage while it is read. */
type Stage = {
  -readonly [Key in keyof DockerStage]: DockerStage[Key] extends readonly (infer Item)[]
    ? Item[]
    : DockerStage[Key];
} & {
  readonly args: Map<string, Text>;
  /** ARGs that have no value: these are empty, whatever the base image has. */
  readonly empty: Set<string>;
};

/** Reads a Dockerfile. Never throws. */
export function readDockerfile(text: Text, build: DockerBuild = {}): Dockerfile {
  const lines = dockerLines(text);
  const reading: Reading = {
    escape: lines.escape,
    given: build.args ?? new Map(),
    globals: new Map(),
    stages: [],
    errors: [...lines.errors],
  };
  for (const instruction of lines.instructions) readInstruction(instruction, reading);
  const stages = reading.stages.map(({ args: _, empty: __, ...stage }) => stage);
  if (stages.length === 0) reading.errors.push({ message: "there is no FROM", ...locate(text, 0, 0) });
  return { stages, errors: reading.errors };
}

/** The stages of which the image for a target is made: the one that begins with a foreign image first. */
export function stagesOf(dockerfile: Dockerfile, target?: string): readonly DockerStage[] {
  const named = dockerfile.stages.findLastIndex((stage) => stage.name === target?.toLowerCase());
  const numbered = target !== undefined && /^\d+$/.test(target) ? Number(target) : -1;
  let index: number | undefined =
    target === undefined ? dockerfile.stages.length - 1 : named >= 0 ? named : numbered;
  const chain: DockerStage[] = [];
  while (index !== undefined) {
    const stage: DockerStage | undefined = dockerfile.stages[index];
    if (stage === undefined) break;
    chain.unshift(stage);
    index = stage.baseStage;
  }
  return chain;
}

function readInstruction(instruction: DockerInstruction, reading: Reading): void {
  const stage = reading.stages.at(-1);
  if (instruction.name === "FROM") readFrom(instruction, reading);
  else if (instruction.name === "ARG") readArgs(instruction, stage, reading);
  else readInStage(instruction, stage, reading);
}

function readInStage(instruction: DockerInstruction, stage: Stage | undefined, reading: Reading): void {
  if (stage === undefined) {
    reading.errors.push({ message: `${instruction.name} before the first FROM`, ...placeOf(instruction) });
    return;
  }
  const instructionReader = readers[instruction.name];
  if (instructionReader !== undefined) instructionReader(instruction, stage, reading);
  else if (!ignored.has(instruction.name))
    reading.errors.push({ message: `unknown instruction ${instruction.name}`, ...placeOf(instruction) });
}

const ignored = new Set(["LABEL", "MAINTAINER", "ONBUILD", "SHELL", "STOPSIGNAL"]);

const readers: Readonly<
  Record<string, (instruction: DockerInstruction, stage: Stage, reading: Reading) => void>
> = {
  ENV: readEnvironment,
  EXPOSE: (instruction, stage, reading) => stage.expose.push(...words(instruction.rest, stage, reading)),
  USER: (instruction, stage, reading) => {
    stage.user = expand(instruction.rest, stage, reading);
  },
  WORKDIR: (instruction, stage, reading) => {
    stage.workdir = expand(instruction.rest, stage, reading);
  },
  VOLUME: (instruction, stage, reading) => {
    stage.volumes.push(...(execForm(instruction.rest) ?? words(instruction.rest, stage, reading)));
  },
  ENTRYPOINT: (instruction, stage) => {
    stage.entrypoint = readCommand(instruction.rest, instruction);
  },
  CMD: (instruction, stage) => {
    stage.command = readCommand(instruction.rest, instruction);
  },
  HEALTHCHECK: (instruction, stage) => {
    stage.healthcheck = readHealthcheck(instruction);
  },
  RUN: (instruction, stage) =>
    stage.runs.push({ text: instruction.rest, inline: instruction.heredocs, ...placeOf(instruction) }),
  COPY: (instruction, stage, reading) => readCopy("COPY", instruction, stage, reading),
  ADD: (instruction, stage, reading) => readCopy("ADD", instruction, stage, reading),
};

function readFrom(instruction: DockerInstruction, reading: Reading): void {
  const parts = splitWords(instruction.rest, reading.escape).filter((word) => !word.value.startsWith("--"));
  const [image, as, name] = parts;
  if (image === undefined) {
    reading.errors.push({ message: "FROM names no image", ...placeOf(instruction) });
    return;
  }
  const base = expandWord(image, reading.escape, (variable) => reading.globals.get(variable));
  const baseStage = reading.stages.findLastIndex(
    (stage) => stage.name !== undefined && stage.name === base.value.toLowerCase(),
  );
  reading.stages.push({
    ...placeOf(instruction),
    base,
    name: as?.value.toUpperCase() === "AS" ? name?.value.toLowerCase() : undefined,
    baseStage: baseStage < 0 ? undefined : baseStage,
    environment: [],
    expose: [],
    user: undefined,
    workdir: undefined,
    entrypoint: undefined,
    command: undefined,
    healthcheck: undefined,
    copies: [],
    runs: [],
    volumes: [],
    args: new Map(),
    empty: new Set(),
  });
}

function readArgs(instruction: DockerInstruction, stage: Stage | undefined, reading: Reading): void {
  for (const word of splitWords(instruction.rest, reading.escape)) {
    const equals = word.value.indexOf("=");
    const name = equals < 0 ? word.value : word.value.slice(0, equals);
    const written = equals < 0 ? undefined : slice(word, equals + 1, word.value.length);
    const lookup: DockerLookup =
      stage === undefined ? (variable) => reading.globals.get(variable) : lookupIn(stage, reading);
    const standard = written === undefined ? undefined : expandWord(written, reading.escape, lookup);
    // In a stage an ARG without default repeats the one before the first FROM.
    const value =
      reading.given.get(name) ?? standard ?? (stage === undefined ? undefined : reading.globals.get(name));
    if (value !== undefined) (stage?.args ?? reading.globals).set(name, value);
    else stage?.empty.add(name);
  }
}

function lookupIn(stage: Stage, reading: Reading): DockerLookup {
  return (name) => {
    const own = stage.environment.findLast((one) => one.name === name)?.value;
    if (own !== undefined) return own;
    const value = stage.args.get(name);
    if (value !== undefined) return value;
    let below = stage.baseStage;
    while (below !== undefined) {
      const inherited = reading.stages[below]?.environment.findLast((one) => one.name === name)?.value;
      if (inherited !== undefined) return inherited;
      below = reading.stages[below]?.baseStage;
    }
    if (stage.empty.has(name)) return undefined;
    return { unknown: `the variable ${name} may come from the base image` };
  };
}

function expand(text: Text, stage: Stage, reading: Reading): Text {
  return expandWord(text, reading.escape, lookupIn(stage, reading));
}

function words(text: Text, stage: Stage, reading: Reading): Text[] {
  return splitWords(text, reading.escape).map((word) => expand(word, stage, reading));
}

/** `ENV A=1 B=2`, or `ENV A the rest of the line`. */
function readEnvironment(instruction: DockerInstruction, stage: Stage, reading: Reading): void {
  const { rest } = instruction;
  const first = /^\S*/.exec(rest.value)?.[0] ?? "";
  const before = lookupIn({ ...stage, environment: [...stage.environment] }, reading);
  const add = (word: Text, keyEnd: number, value: Text): void => {
    const expanded = expandWord(value, reading.escape, before);
    stage.environment.push({
      name: word.value.slice(0, keyEnd),
      nameAt: locate(word, 0, keyEnd),
      value: expanded,
    });
  };
  if (!first.includes("=")) {
    add(rest, first.length, trimmed(rest, first.length));
    return;
  }
  for (const word of splitWords(rest, reading.escape)) {
    const equals = word.value.indexOf("=");
    if (equals < 0) reading.errors.push({ message: "ENV needs key=value", ...placeOf(instruction) });
    else add(word, equals, trimmed(word, equals + 1));
  }
}

/** A JSON list of texts; undefined when it is none, which makes the line a shell's. */
function execForm(text: Text): Text[] | undefined {
  if (!text.value.startsWith("[")) return undefined;
  const { root, errors } = readJson(text, "strict");
  if (errors.length > 0 || root?.kind !== "array") return undefined;
  const items = root.items.flatMap((item) => (item.kind === "string" ? [item.text] : []));
  return items.length === root.items.length ? items : undefined;
}

function readCommand(text: Text, where: Located): DockerCommand {
  const exec = execForm(text);
  return { words: exec ?? [text], shell: exec === undefined, ...placeOf(where) };
}

function readHealthcheck(instruction: DockerInstruction): DockerHealthcheck {
  const { rest } = instruction;
  const options = /^(?:--\S+\s+)*/.exec(rest.value)?.[0].length ?? 0;
  const found = /^CMD(?=\s|\[)/i.exec(rest.value.slice(options));
  const command = found === null ? undefined : readCommand(trimmed(rest, options + 3), instruction);
  return { command, ...placeOf(instruction) };
}

function readCopy(
  name: "COPY" | "ADD",
  instruction: DockerInstruction,
  stage: Stage,
  reading: Reading,
): void {
  const all = splitWords(instruction.rest, reading.escape);
  const flags = all.filter((word) => word.value.startsWith("--"));
  const flag = (key: string): Text | undefined => {
    const found = flags.find((word) => word.value.startsWith(`--${key}=`));
    return found === undefined
      ? undefined
      : expand(slice(found, key.length + 3, found.value.length), stage, reading);
  };
  const last = flags.at(-1);
  const after = last === undefined ? 0 : instruction.rest.value.indexOf(last.value) + last.value.length;
  const exec = execForm(trimmed(instruction.rest, after));
  const paths = exec ?? all.filter((word) => !word.value.startsWith("--"));
  const target = paths.at(-1);
  if (target === undefined || paths.length < 2) {
    reading.errors.push({ message: `${name} needs a source and a destination`, ...placeOf(instruction) });
    return;
  }
  const sources = paths.slice(0, -1).filter((word) => !word.value.startsWith("<<"));
  stage.copies.push({
    ...placeOf(instruction),
    instruction: name,
    sources: sources.map((word) => expand(word, stage, reading)),
    target: expand(target, stage, reading),
    from: flag("from"),
    chown: flag("chown"),
    chmod: flag("chmod"),
    inline: instruction.heredocs,
  });
}
