/**
 * Charts as they lie on disk: values over values, templates rendered as `helm template` would, charts in charts/.
 * Source: helm.sh/docs/topics/charts; pkg/engine of Helm; held against Helm 3.8 and 4.1.
 */
import { baseName, type Files, joinPath } from "../../../sources/files.ts";
import type { SourceFile, Sources } from "../../../sources/source.ts";
import type { Tree } from "../../../sources/tree.ts";
import { concat, locate, slice, textAt } from "../../../text/text.ts";
import type { Problem } from "../../model.ts";
import { type Resource, readManifest } from "../resources.ts";
import { placeOf, valueAt, wordAt } from "../values.ts";
import { coalesced, laidOver } from "./coalesce.ts";
import { chartContext, releaseName, templateContext } from "./context.ts";
import { withDependencies } from "./dependencies.ts";
import { type Rendering, render } from "./evaluate.ts";
import { type Chart, filesBelow, loadChart, nowhere, openText, type Work, yamlFile } from "./load.ts";
import type { FileReader } from "./methods.ts";
import type { Node } from "./nodes.ts";
import { parseTemplate } from "./parse.ts";
import { compareWords, type Dict, dictTree, fieldOf, ownValue } from "./values.ts";

/** What a chart renders to. */
export interface RenderedChart {
  readonly resources: readonly Resource[];
  readonly problems: readonly Problem[];
  /** Every file that was read for it. */
  readonly files: readonly SourceFile[];
  readonly assumptions: readonly string[];
  /** Folders of the charts that it takes in. */
  readonly taken: readonly string[];
}

/** A template with the chart that it belongs to. */
interface Job {
  /** By which other templates may include it: "pacs/charts/db/templates/db.yaml". */
  readonly name: string;
  readonly path: string;
  /** The file on disk. */
  readonly file: string;
  readonly nodes: readonly Node[];
  readonly context: Dict;
  /** Whether it gives objects; the others only define. */
  readonly isPrinted: boolean;
}

/** Renders the chart of a folder; `valueFiles` are laid over its own values, in their order, and `inline` over all. */
export function renderChart(
  folder: string,
  valueFiles: readonly string[],
  files: Files,
  sources: Sources,
  inline?: Tree,
): RenderedChart {
  const work: Work = { files, sources, problems: [], read: new Map() };
  const last = inline?.kind === "object" ? ownValue(inline) : undefined;
  const given = [
    ...valueFiles.map((path) => givenFile(joinPath("", path), work)),
    ...(last?.kind === "object" ? [last] : []),
  ].reduce(laidOver, dictTree([], nowhere));
  const chart = withDependencies(loadChart(folder, work), given, work);
  const context = chartContext(chart, coalesced(chart, given), true);
  const defines = new Map<string, readonly Node[]>();
  const jobs = jobsOf(chart, context, chart.name, chart.isLibrary, defines, work);
  const resources = inOrder(jobs).flatMap((job) => renderJob(job, defines, work));
  return {
    resources,
    problems: distinct(work.problems),
    files: [...work.read.values()],
    assumptions: assumed(folder, valueFiles, work),
    taken: foldersBelow(chart),
  };
}

function foldersBelow({ below }: Chart): readonly string[] {
  return below.flatMap((sub) => [sub.folder, ...foldersBelow(sub)]);
}

function distinct(problems: readonly Problem[]): readonly Problem[] {
  return [
    ...new Map(
      problems.map((one) => [`${one.message} ${one.where?.at.file}:${one.where?.at.start}`, one]),
    ).values(),
  ];
}

function assumed(folder: string, valueFiles: readonly string[], { files }: Work): readonly string[] {
  const others = (files.list(folder) ?? []).filter(
    (name) =>
      /^values[-_.].+\.ya?ml$/u.test(name) &&
      !valueFiles.some((path) => joinPath("", path) === joinPath(folder, name)),
  );
  return [
    `The chart ${folder} is read with its own values, as release ${releaseName}: what is set when it is installed is not seen (--values names files of values).`,
    ...(others.length === 0 ? [] : [`Not applied, as --values does not name them: ${others.join(", ")}.`]),
  ];
}

function givenFile(path: string, work: Work): Dict {
  if (!work.sources.open(path).ok)
    work.problems.push({ kind: "unreadable", message: `the values in ${path} cannot be read`, file: path });
  return yamlFile(path, work) ?? dictTree([], nowhere);
}

/** The templates of a chart and of those below it. What they define counts for all of them. */
function jobsOf(
  chart: Chart,
  context: Dict,
  chartPath: string,
  isLibrary: boolean,
  defines: Map<string, readonly Node[]>,
  work: Work,
): readonly Job[] {
  const own = chart.templates.map(
    ({ path, text }): Job & { readonly defined: ReadonlyMap<string, readonly Node[]> } => {
      const file = joinPath(chart.folder, path);
      const { nodes, defines: defined, errors } = parseTemplate(text);
      const [error] = errors;
      if (error !== undefined)
        work.problems.push({
          kind: "syntax",
          message: `the template cannot be read: ${error.message}`,
          where: placeOf(error),
        });
      const isPrinted = !isLibrary && !baseName(path).startsWith("_") && !path.endsWith("NOTES.txt");
      return {
        name: `${chartPath}/${path}`,
        path,
        file,
        nodes,
        defined,
        isPrinted,
        context: templateContext(context, path, chartPath),
      };
    },
  );
  const below = chart.below.flatMap((sub) => {
    const inner = fieldOf(context, ["Subcharts", sub.name]);
    const dot = inner?.kind === "object" ? inner : dictTree([], nowhere);
    return jobsOf(sub, dot, `${chartPath}/charts/${sub.name}`, sub.isLibrary, defines, work);
  });
  for (const { name, nodes, defined } of inOrder(own)) {
    defines.set(name, nodes);
    for (const [title, body] of defined) defines.set(title, body);
  }
  return [...below, ...own];
}

/** Helm takes deeper files first, and among those of one depth the last by name, so that the first one's definitions win. */
function inOrder<T extends { readonly name: string }>(jobs: readonly T[]): readonly T[] {
  const depth = ({ name }: T): number => name.split("/").length;
  return [...jobs].sort((left, right) => depth(right) - depth(left) || compareWords(right.name, left.name));
}

/** How many steps one template may take. */
const budget = 200_000;

function renderJob(
  { file, nodes, context, isPrinted }: Job,
  defines: Rendering["defines"],
  work: Work,
): readonly Resource[] {
  if (!isPrinted) return [];
  const rendering: Rendering = { defines, problems: work.problems, budget, readFile: readerOf(work) };
  const text = render(nodes, context, rendering);
  if (rendering.budget < 0)
    work.problems.push({ kind: "limit", message: "the template goes on without end", file });
  if (text.value.trim() === "") return [];
  // Helm takes white space off the end of what it prints.
  const trimmed = slice(text, 0, text.value.trimEnd().length);
  const end = locate(trimmed, trimmed.value.length, trimmed.value.length);
  const { resources, problems } = readManifest(concat([trimmed, textAt("\n", end)]), file);
  work.problems.push(...problems);
  return resources.filter((resource) => !isTest(resource));
}

function readerOf(work: Work): FileReader {
  return { read: (file) => openText(file, work), below: (folder) => filesBelow(folder, work) };
}

/** Started by `helm test` only. */
function isTest({ tree }: Resource): boolean {
  const annotations = valueAt(tree, "metadata", "annotations");
  return /\btest/u.test(wordAt(annotations, "helm.sh/hook") ?? "");
}
