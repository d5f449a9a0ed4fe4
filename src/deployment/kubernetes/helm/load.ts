/**
 * Charts as they lie on disk, with the charts below them. Sources: helm.sh/docs/topics/charts; pkg/chart/loader of Helm.
 */
import { baseName, type Files, joinPath } from "../../../sources/files.ts";
import type { SourceFile, Sources } from "../../../sources/source.ts";
import { readYaml } from "../../../sources/yaml.ts";
import type { Located, Text } from "../../../text/text.ts";
import type { Problem } from "../../model.ts";
import { itemsAt, placeOf, wordAt } from "../values.ts";
import { ignoring } from "./ignore.ts";
import { type Dict, dictTree, type Known, ownValue } from "./values.ts";

/** One chart, with nothing switched off yet. */
export interface Chart {
  readonly folder: string;
  /** Its own name, or the alias under which another chart has it. */
  readonly name: string;
  /** Chart.yaml. */
  readonly meta: Dict;
  readonly values: Dict;
  /** Charts that it names in Chart.yaml or requirements.yaml. */
  readonly dependencies: readonly Known[];
  /** A chart that only defines templates for others. */
  readonly isLibrary: boolean;
  /** What lies in templates/, with the path from the chart's folder. */
  readonly templates: readonly TemplateFile[];
  /** Those that lie below it. */
  readonly below: readonly Chart[];
}

interface TemplateFile {
  readonly path: string;
  readonly text: Text;
}

/** What reading charts needs, and what is gathered on the way. */
export interface Work {
  readonly files: Files;
  readonly sources: Sources;
  readonly problems: Problem[];
  /** Every file that was read. */
  readonly read: Map<string, SourceFile>;
}

/** What no file says; rendering puts the action that asks for it in its place. */
export const nowhere: Located = { at: { file: "", start: 0, end: 0 } };

/** How deep charts may lie in each other. */
const deepest = 6;

/** Reads the chart of a folder and those below it. */
export function loadChart(folder: string, work: Work, depth = 0): Chart {
  const path = joinPath(folder, "Chart.yaml");
  const meta = yamlFile(path, work);
  if (meta === undefined)
    work.problems.push({ kind: "missing-file", message: `there is no ${path}`, file: folder });
  const old = yamlFile(joinPath(folder, "requirements.yaml"), work);
  const dependencies = [...itemsAt(meta, "dependencies"), ...itemsAt(old, "dependencies")].map(ownValue);
  const ignored = ignoring(openText(joinPath(folder, ".helmignore"), work)?.value);
  return {
    folder,
    name: wordAt(meta, "name") ?? baseName(folder),
    meta: meta ?? dictTree([], nowhere),
    values: yamlFile(joinPath(folder, "values.yaml"), work) ?? dictTree([], nowhere),
    dependencies,
    isLibrary: wordAt(meta, "type") === "library",
    templates: filesBelow(folder, work, "templates").flatMap((file): readonly TemplateFile[] => {
      const text = ignored(file) ? undefined : openText(joinPath(folder, file), work);
      return text === undefined ? [] : [{ path: file, text }];
    }),
    below: depth > deepest ? [] : chartsBelow(folder, dependencies, work, depth),
  };
}

function chartsBelow(
  folder: string,
  dependencies: readonly Known[],
  work: Work,
  depth: number,
): readonly Chart[] {
  const present = (work.files.list(joinPath(folder, "charts")) ?? [])
    .filter((name) => !/^[._]/u.test(name))
    .map((name) => joinPath(folder, `charts/${name}`))
    .filter((path) => work.files.stat(path)?.kind === "directory")
    .map((path) => loadChart(path, work, depth + 1));
  // `helm dependency update` would bring those that lie beside.
  const beside = dependencies.flatMap((dependency): readonly Chart[] => {
    const name = wordAt(dependency, "name");
    const local = /^file:\/\/(.+)$/u.exec(wordAt(dependency, "repository") ?? "")?.[1];
    if (local === undefined || present.some((chart) => chart.name === name)) return [];
    const path = joinPath(folder, local);
    return work.files.stat(joinPath(path, "Chart.yaml"))?.kind === "file" && !folder.startsWith(`${path}/`)
      ? [loadChart(path, work, depth + 1)]
      : [];
  });
  return [
    ...present,
    ...beside.filter((one, index) => beside.findIndex(({ name }) => name === one.name) === index),
  ];
}

/** The text of a file; undefined where it cannot be read. */
export function openText(path: string, work: Work): Text | undefined {
  const opened = work.sources.open(path);
  if (!opened.ok) return undefined;
  work.read.set(path, opened.source);
  return opened.source.text;
}

/** The map in a file of YAML. */
export function yamlFile(path: string, work: Work): Dict | undefined {
  const text = openText(path, work);
  if (text === undefined) return undefined;
  const { documents, errors } = readYaml(text, "v2");
  const [error] = errors;
  if (error !== undefined)
    work.problems.push({
      kind: "syntax",
      message: `it cannot be read: ${error.message}`,
      where: placeOf(error),
    });
  const [value] = documents.filter(({ kind }) => kind === "object").map(ownValue);
  return value?.kind === "object" ? value : undefined;
}

/** The files below a folder of a chart, as paths from the chart's folder. */
export function filesBelow(
  folder: string,
  { files }: Pick<Work, "files">,
  below = "",
  depth = 0,
): readonly string[] {
  if (depth > 8) return [];
  const here = below === "" ? folder : joinPath(folder, below);
  return (files.list(here) ?? []).flatMap((name) => {
    const path = below === "" ? name : `${below}/${name}`;
    const kind = files.stat(joinPath(folder, path))?.kind;
    if (kind === "directory") return filesBelow(folder, { files }, path, depth + 1);
    return kind === "file" ? [path] : [];
  });
}
