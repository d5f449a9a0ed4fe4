/** Which compose files belong together: what Compose takes by itself, and what lies beside it. */

import { readDotenv } from "../../sources/dotenv.ts";
import { baseName, folderOf, joinPath } from "../../sources/files.ts";
import type { Tree } from "../../sources/tree.ts";
import { readYaml } from "../../sources/yaml.ts";
import type { ReadText } from "./environment.ts";
import { printed, valueAt } from "./trees.ts";

/** Files that make one project, in the order of `-f`. */
export interface ComposeGroup {
  /**
   * - `default`: what `docker compose` takes in this folder, its override file included
   * - `variable`: what COMPOSE_FILE in `.env` names
   * - `alternative`: a file for itself
   * - `over-default`: a file that is no project alone, taken over the default ones as its users would do with `-f`
   */
  readonly kind: "default" | "variable" | "alternative" | "over-default";
  readonly files: readonly string[];
}

const defaultNames = ["compose.yaml", "compose.yml", "docker-compose.yml", "docker-compose.yaml"];
const overrideNames = [
  "compose.override.yml",
  "compose.override.yaml",
  "docker-compose.override.yml",
  "docker-compose.override.yaml",
];

/** Groups compose files that were found; files named together on a command line need no grouping, they are one group. */
export function groupComposeFiles(paths: readonly string[], readText: ReadText): readonly ComposeGroup[] {
  const folders = new Map<string, string[]>();
  for (const path of [...paths].sort())
    folders.set(folderOf(path), [...(folders.get(folderOf(path)) ?? []), path]);
  const documents = remembered(readText);
  const included = new Set(paths.flatMap((path) => referredTo(path, documents, includedBy)));
  const parts = new Set([...included, ...paths.flatMap((path) => referredTo(path, documents, extendedBy))]);
  const groups = [...folders].flatMap(([folder, files]) =>
    groupFolder(folder, files, { parts, included, documents, readText }),
  );
  return groups.map((group) => overItsBase(group, groups, documents));
}

/**
 * A file that is no project alone, of another folder than the default ones or beside a file with a name of its own, over
 * the project that it changes: the nearest, and of equally near ones that with the most similar name.
 */
function overItsBase(
  group: ComposeGroup,
  groups: readonly ComposeGroup[],
  documents: Documents,
): ComposeGroup {
  const [file, ...more] = group.files;
  if (group.kind !== "alternative" || file === undefined || more.length > 0) return group;
  const bases = groups
    .filter(({ kind, files }) => kind !== "over-default" && !files.includes(file))
    .map(({ files }) => ({
      files,
      all: withIncluded(files, documents),
      near: nearness(files[0] ?? "", file),
    }))
    .filter(({ all }) => isFragment(file, all, documents) && leavesNothingOpen([...all, file], documents))
    .sort((one, other) => other.near - one.near);
  const [base] = bases;
  return base === undefined ? group : { kind: "over-default", files: [...base.files, file] };
}

/** The files, and those that they include. */
function withIncluded(files: readonly string[], documents: Documents): readonly string[] {
  const all = new Set(files);
  // What is added while it runs is visited too.
  for (const file of all) for (const part of referredTo(file, documents, includedBy)) all.add(part);
  return [...all];
}

/** Whether each service of some files has an image or a build in one of them. */
function leavesNothingOpen(files: readonly string[], documents: Documents): boolean {
  const trees = files.flatMap((file) => documents(file));
  const standing = new Set(
    trees.flatMap((tree) => {
      const services = valueAt(tree, "services");
      return services?.kind === "object"
        ? services.members.flatMap(({ key, value }) => (stands(value) ? [key] : []))
        : [];
    }),
  );
  return trees.flatMap(serviceNames).every((name) => standing.has(name));
}

/** Common folders count before common letters of the name. */
function nearness(base: string, file: string): number {
  const shared = (one: readonly string[], other: readonly string[]): number => {
    const end = one.findIndex((part, index) => part !== other[index]);
    return end === -1 ? one.length : end;
  };
  const folders = shared(folderOf(base).split("/"), folderOf(file).split("/"));
  const apart = folderOf(base).split("/").length - folders;
  return folders * 1_000 - apart * 100 + shared([...baseName(base)], [...baseName(file)]);
}

/** The documents of a file. */
type Documents = (path: string) => readonly Tree[];

interface Grouping {
  /** Files that others include or extend. */
  readonly parts: ReadonlySet<string>;
  readonly included: ReadonlySet<string>;
  readonly documents: Documents;
  readonly readText: ReadText;
}

function remembered(readText: ReadText): Documents {
  const known = new Map<string, readonly Tree[]>();
  return (path) => {
    const text = known.has(path) ? undefined : readText(path);
    if (text !== undefined) known.set(path, "missing" in text ? [] : readYaml(text).documents);
    return known.get(path) ?? [];
  };
}

function groupFolder(folder: string, files: readonly string[], grouping: Grouping): ComposeGroup[] {
  const { parts, documents } = grouping;
  const found = mainGroup(folder, files, grouping.readText);
  // What another project includes runs as that project has it, changed by what it puts over it.
  const main = found?.files.every((file) => grouping.included.has(file)) === true ? undefined : found;
  const used = new Set(main?.files ?? []);
  const others = files.filter((file) => !used.has(file) && !parts.has(file) && !isSecondDefault(file));
  const beside = others.map((file): ComposeGroup => {
    const over = main !== undefined && isFragment(file, main.files, documents);
    return over
      ? { kind: "over-default", files: [...main.files, file] }
      : { kind: "alternative", files: [file] };
  });
  return main === undefined ? beside : [main, ...beside];

  /** An override file that Compose passes over because it has another is nobody's. */
  function isSecondDefault(file: string): boolean {
    return main !== undefined && overrideNames.includes(baseName(file));
  }
}

function mainGroup(folder: string, files: readonly string[], readText: ReadText): ComposeGroup | undefined {
  const named = fromVariable(folder, readText);
  if (named !== undefined) return { kind: "variable", files: named };
  const find = (names: readonly string[]): string | undefined =>
    names.flatMap((name) => files.find((file) => baseName(file) === name) ?? [])[0];
  const main = find(defaultNames);
  if (main === undefined) return undefined;
  const override = find(overrideNames);
  return { kind: "default", files: override === undefined ? [main] : [main, override] };
}

/** COMPOSE_FILE of the folder's `.env`. */
function fromVariable(folder: string, readText: ReadText): string[] | undefined {
  const text = readText(joinPath(folder, ".env"));
  if ("missing" in text || !text.value.includes("COMPOSE_FILE")) return undefined;
  const { entries } = readDotenv(text, () => ({ state: "unset" }));
  const value = (key: string): string => entries.findLast((entry) => entry.key === key)?.value?.value ?? "";
  const separator = value("COMPOSE_PATH_SEPARATOR") || ":";
  const files = value("COMPOSE_FILE")
    .split(separator)
    .filter((file) => file !== "");
  return files.length === 0 ? undefined : files.map((file) => joinPath(folder, file));
}

/** The files that a file includes or extends: these are parts of it. */
function referredTo(path: string, documents: Documents, names: (tree: Tree) => string[]): string[] {
  const folder = folderOf(path);
  return documents(path)
    .flatMap(names)
    .map((file) => joinPath(folder, file))
    .filter((file) => file !== path);
}

function includedBy(tree: Tree): string[] {
  return inclusions(valueAt(tree, "include"));
}

function extendedBy(tree: Tree): string[] {
  return extensions(valueAt(tree, "services"));
}

function inclusions(include: Tree | undefined): string[] {
  const items = include?.kind === "array" ? include.items : [];
  return items.flatMap((item) => texts(item.kind === "object" ? valueAt(item, "path") : item));
}

function extensions(services: Tree | undefined): string[] {
  const members = services?.kind === "object" ? services.members : [];
  return members.flatMap((one) => texts(valueAt(valueAt(one.value, "extends"), "file")));
}

function texts(tree: Tree | undefined): string[] {
  if (tree === undefined) return [];
  return (tree.kind === "array" ? tree.items : [tree]).flatMap((item) => printed(item)?.value ?? []);
}

/** Whether a file only changes services of the default files: one of its own services is nothing without them. */
function isFragment(path: string, main: readonly string[], documents: Documents): boolean {
  const known = new Set(main.flatMap((file) => documents(file)).flatMap(serviceNames));
  return documents(path).some((tree) => {
    const services = valueAt(tree, "services");
    return (
      services?.kind === "object" && services.members.some((one) => known.has(one.key) && !stands(one.value))
    );
  });
}

function serviceNames(tree: Tree): string[] {
  const services = valueAt(tree, "services");
  return services?.kind === "object" ? services.members.map((one) => one.key) : [];
}

function stands(service: Tree): boolean {
  return ["image", "build", "extends"].some((key) => valueAt(service, key) !== undefined);
}
