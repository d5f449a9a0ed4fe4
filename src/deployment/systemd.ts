/** Units that start Orthanc on a host: their command line, user, folder and variables, and the configuration they name. */
import type { Candidate } from "../sources/discover.ts";
import { baseName, type Files, folderOf, isAbsolute, joinPath } from "../sources/files.ts";
import type { SourceFile, Sources } from "../sources/source.ts";
import {
  assignment,
  readUnit,
  readUnitEnvironment,
  type UnitEntry,
  type UnitVariable,
  unitWords,
} from "../sources/systemd.ts";
import {
  concat,
  holeText,
  insertedAt,
  isKnown,
  type Located,
  locate,
  slice,
  type Text,
} from "../text/text.ts";
import type { Environment, Problem, Unit, Variable } from "./model.ts";

/** What a unit is read with. */
export interface UnitContext {
  readonly files: Files;
  readonly sources: Sources;
  /** The run is on the server: absolute paths are its own. */
  readonly onHost: boolean;
}

/** A unit that starts Orthanc. */
export interface OrthancUnit {
  readonly unit: Unit;
  /** The unit, its drop-ins and its environment files. */
  readonly sources: readonly { readonly source: SourceFile; readonly kind: string }[];
  readonly at: Located;
  readonly args: readonly Text[];
  /** The configuration that it names, as it lies in the input; undefined where it is not there. */
  readonly configuration: { readonly path: string; readonly form: "file" | "folder" } | undefined;
  /** As the unit writes it; undefined where it names none. */
  readonly named: Text | undefined;
  readonly environment: Environment;
  readonly problems: readonly Problem[];
}

/** The units among the files that start Orthanc. */
export function orthancUnits(candidates: readonly Candidate[], context: UnitContext): readonly OrthancUnit[] {
  const own = candidates.filter(({ kind }) => kind === "systemd");
  const mains = own.filter(({ source }) => !isDropIn(source.path));
  return mains
    .filter((unit) => !mains.some((other) => replaces(other, unit)))
    .flatMap((candidate) => unitOf(candidate, dropInsOf(candidate, own), candidates, context));
}

/** A unit in /etc takes the place of the one of the same name that the package brings. */
function replaces({ source: other }: Candidate, { source: unit }: Candidate): boolean {
  const inEtc = (path: string): boolean => /(?:^|\/)etc\/systemd\/system\/[^/]+$/u.test(path);
  const ofPackage = (path: string): boolean => /(?:^|\/)lib\/systemd\/system\/[^/]+$/u.test(path);
  const same = baseName(other.path) === baseName(unit.path) && diskOf(other.path) === diskOf(unit.path);
  return same && inEtc(other.path) && ofPackage(unit.path);
}

function isDropIn(path: string): boolean {
  return /\.service\.d$/u.test(folderOf(path));
}

/** `orthanc.service.d/*.conf`, by name, wherever the folder lies: /etc adds to what /lib has. */
function dropInsOf({ source }: Candidate, units: readonly Candidate[]): readonly Candidate[] {
  const folder = `${baseName(source.path)}.d`;
  return units
    .filter((other) => isDropIn(other.source.path) && baseName(folderOf(other.source.path)) === folder)
    .sort((left, right) => (baseName(left.source.path) < baseName(right.source.path) ? -1 : 1));
}

function unitOf(
  main: Candidate,
  dropIns: readonly Candidate[],
  candidates: readonly Candidate[],
  context: UnitContext,
): readonly OrthancUnit[] {
  const entries = [main, ...dropIns]
    .flatMap(({ source }) => readUnit(source.text))
    .filter(({ section }) => section === "Service");
  const { variables, files, complete, problems } = environmentOf(entries, main, candidates, context);
  const words = commandOf(entries, variables);
  const [program, ...args] = words;
  if (program === undefined || !/(?:^|\/)orthanc$/iu.test(program.value)) return [];
  const named = args.find(({ value }) => !value.startsWith("--"));
  return [
    {
      unit: { name: baseName(main.source.path), directives: directivesOf(entries) },
      sources: [
        ...[main, ...dropIns].map(({ source }) => ({ source, kind: "systemd" })),
        ...files.map((source) => ({ source, kind: "dotenv" })),
      ],
      at: locate(program, 0, program.value.length),
      args,
      configuration:
        named && isKnown(named) ? configurationAt(named.value, main, candidates, context) : undefined,
      named,
      environment: { complete, variables },
      problems,
    },
  ];
}

/** Of settings that are one value the last counts; an empty one takes the earlier ones back. */
function directivesOf(entries: readonly UnitEntry[]): Unit["directives"] {
  return new Map(entries.map((entry) => [entry.key, entry]));
}

/** All values of a setting that may stand several times. */
function listed(entries: readonly UnitEntry[], key: string): readonly UnitEntry[] {
  const own = entries.filter((entry) => entry.key === key);
  return own.slice(own.findLastIndex(({ value }) => value.value === "") + 1);
}

/** The words of the command without the marks before the program, variables filled in. */
function commandOf(entries: readonly UnitEntry[], variables: ReadonlyMap<string, Variable>): readonly Text[] {
  const [exec] = listed(entries, "ExecStart").slice(-1);
  if (exec === undefined) return [];
  const marks = /^[@:+!|-]*/u.exec(exec.value.value)?.[0] ?? "";
  const words = unitWords(slice(exec.value, marks.length, exec.value.value.length));
  const program = marks.includes("@") ? words.toSpliced(1, 1) : words;
  return marks.includes(":") ? program : program.flatMap((word) => filledIn(word, variables));
}

/** `$NAME` alone is split into words, `${NAME}` within a word is not. */
function filledIn(word: Text, variables: ReadonlyMap<string, Variable>): readonly Text[] {
  const alone = /^\$([A-Za-z_]\w*)$/u.exec(word.value)?.[1];
  if (alone !== undefined) {
    const value = variables.get(alone)?.value;
    return value === undefined ? [] : unitWords(insertedAt(value, locate(word, 0, word.value.length)));
  }
  const parts: Text[] = [];
  let done = 0;
  for (const found of word.value.matchAll(/\$\{([A-Za-z_]\w*)\}/gu)) {
    const end = found.index + found[0].length;
    const place = locate(word, found.index, end);
    const value = variables.get(found[1] ?? "")?.value;
    parts.push(
      slice(word, done, found.index),
      value === undefined ? holeText(`${found[1]} is not set in the unit`, place) : insertedAt(value, place),
    );
    done = end;
  }
  return [parts.length === 0 ? word : concat([...parts, slice(word, done, word.value.length)])];
}

interface UnitEnvironment extends Environment {
  readonly files: readonly SourceFile[];
  readonly problems: readonly Problem[];
}

/** `Environment=`, then the files of `EnvironmentFile=`, which win. What systemd itself adds plays no part. */
function environmentOf(
  entries: readonly UnitEntry[],
  main: Candidate,
  candidates: readonly Candidate[],
  context: UnitContext,
): UnitEnvironment {
  const variables = new Map<string, Variable>();
  const add = ({ name, nameAt, value }: UnitVariable): unknown => variables.set(name, { value, at: nameAt });
  for (const { value } of listed(entries, "Environment"))
    unitWords(value)
      .flatMap((word) => assignment(word) ?? [])
      .forEach(add);
  const files: SourceFile[] = [];
  const problems: Problem[] = [];
  let complete = listed(entries, "PassEnvironment").length === 0;
  for (const { value } of listed(entries, "EnvironmentFile")) {
    const optional = value.value.startsWith("-");
    const path = value.value.slice(optional ? 1 : 0);
    const found = inInput(path, main, candidates, context);
    const opened = found === undefined ? undefined : context.sources.open(found);
    if (opened?.ok === true) {
      files.push(opened.source);
      readUnitEnvironment(opened.source.text).forEach(add);
    } else if (!(optional && context.onHost)) {
      complete = false;
      const message = `the environment file ${path} of ${baseName(main.source.path)} is not part of the input`;
      problems.push({ kind: "missing-file", message, where: locate(value, 0, value.value.length) });
    }
  }
  return { variables, complete, files, problems };
}

function configurationAt(
  path: string,
  main: Candidate,
  candidates: readonly Candidate[],
  context: UnitContext,
): OrthancUnit["configuration"] {
  const found = inInput(path.replace(/(?<=.)\/+$/u, ""), main, candidates, context);
  if (found === undefined) return undefined;
  return { path: found, form: context.files.stat(found)?.kind === "directory" ? "folder" : "file" };
}

const unitFolders = /^(?:(.*?)\/)?(?:usr\/lib|lib|etc|run)\/systemd\/system\//u;

/** The folder that stands for "/", when the unit lies where systemd looks for it; undefined otherwise. */
function diskOf(unitPath: string): string | undefined {
  const found = unitFolders.exec(unitPath);
  if (found === null) return undefined;
  return found[1] === undefined ? "." : `${found[1]}/`;
}

/** Where a path of the server lies in the input: on this host, in a copy of its disk, or beside the unit. */
function inInput(
  path: string,
  { source }: Candidate,
  candidates: readonly Candidate[],
  { files, onHost }: UnitContext,
): string | undefined {
  if (!isAbsolute(path)) return undefined;
  const disk = diskOf(source.path);
  const beside = candidates.filter(
    (candidate) =>
      folderOf(candidate.source.path) === folderOf(source.path) &&
      baseName(candidate.source.path) === baseName(path),
  );
  const places = [
    ...(onHost || candidates.some((candidate) => isAt(candidate.source.path, path)) ? [path] : []),
    ...(disk === undefined ? [] : [joinPath(disk, `.${path}`)]),
    ...candidates.flatMap((candidate) => suffixOf(candidate.source.path, path)),
    ...beside.map((candidate) => candidate.source.path),
  ];
  return places.find((place) => files.stat(place) !== undefined);
}

function isAt(file: string, path: string): boolean {
  return file === path || file.startsWith(`${path}/`);
}

/** `copy/etc/orthanc` of the file `copy/etc/orthanc/orthanc.json` and the path `/etc/orthanc`. */
function suffixOf(file: string, path: string): readonly string[] {
  const index = `/${file}/`.lastIndexOf(`${path}/`);
  return index < 0 ? [] : [file.slice(0, index - 1 + path.length)];
}
