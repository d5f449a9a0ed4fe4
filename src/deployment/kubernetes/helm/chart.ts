/**
 * Charts as they lie on disk: values over values, templates rendered as `helm template` would, subcharts in charts/.
 * Source: helm.sh/docs/topics/charts and helm.sh/docs/chart_template_guide/subcharts_and_globals.
 */
import { baseName, type Files, joinPath } from "../../../sources/files.ts";
import type { SourceFile, Sources } from "../../../sources/source.ts";
import type { Tree } from "../../../sources/tree.ts";
import { readYaml } from "../../../sources/yaml.ts";
import type { Located } from "../../../text/text.ts";
import type { Problem } from "../../model.ts";
import { type Resource, readManifest } from "../resources.ts";
import { itemsAt, placeOf, valueAt, wordAt } from "../values.ts";
import { type Rendering, render } from "./evaluate.ts";
import type { Node } from "./nodes.ts";
import { parseTemplate } from "./parse.ts";
import { dictTree, fieldOf, flagTree, mergeValues, numberTree, wordTree } from "./values.ts";

/** What a chart renders to. */
export interface RenderedChart {
  readonly resources: readonly Resource[];
  readonly problems: readonly Problem[];
  /** Every file that was read for it. */
  readonly files: readonly SourceFile[];
  readonly assumptions: readonly string[];
}

/** One chart, or a subchart with its values. */
interface Chart {
  readonly folder: string;
  /** As templates see it: Name, Version, AppVersion. */
  readonly meta: Tree;
  readonly values: Tree;
  readonly templates: readonly { readonly path: string; readonly nodes: readonly Node[] }[];
}

interface Work {
  readonly files: Files;
  readonly sources: Sources;
  readonly problems: Problem[];
  readonly read: Map<string, SourceFile>;
  readonly defines: Map<string, readonly Node[]>;
}

/** The name that `helm template` gives a release when none is told. */
const releaseName = "release-name";

/** What no file says; rendering puts the action that asks for it in its place. */
const start: Located = { at: { file: "", start: 0, end: 0 } };

/** Renders the chart of a folder; `valueFiles` are laid over its own values, in their order. */
export function renderChart(
  folder: string,
  valueFiles: readonly string[],
  files: Files,
  sources: Sources,
): RenderedChart {
  const work: Work = { files, sources, problems: [], read: new Map(), defines: new Map() };
  const given = valueFiles
    .map((path) => givenFile(joinPath("", path), work))
    .filter((tree) => tree !== undefined)
    .reduce<Tree>(mergeValues, dictTree([], start));
  const charts = chartsOf(folder, given, start, 0, work);
  const resources = charts.flatMap((chart) =>
    chart.templates.flatMap((one) => renderTemplate(one, chart, start, work)),
  );
  return {
    resources,
    problems: distinct(work.problems),
    files: [...work.read.values()],
    assumptions: assumed(folder, valueFiles, work),
  };
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

function open(path: string, work: Work): SourceFile | undefined {
  const opened = work.sources.open(path);
  if (!opened.ok) return undefined;
  work.read.set(path, opened.source);
  return opened.source;
}

function yamlFile(path: string, work: Work): Tree | undefined {
  const source = open(path, work);
  if (source === undefined) return undefined;
  const { documents, errors } = readYaml(source.text);
  const [error] = errors;
  if (error !== undefined)
    work.problems.push({
      kind: "syntax",
      message: `it cannot be read: ${error.message}`,
      where: placeOf(error),
    });
  return documents.find(({ kind }) => kind === "object");
}

function givenFile(path: string, work: Work): Tree | undefined {
  if (!work.sources.open(path).ok)
    work.problems.push({ kind: "unreadable", message: `the values in ${path} cannot be read`, file: path });
  return yamlFile(path, work);
}

/** A chart and its subcharts, each with its part of the values. */
function chartsOf(folder: string, given: Tree, at: Located, depth: number, work: Work): readonly Chart[] {
  const meta = yamlFile(joinPath(folder, "Chart.yaml"), work);
  if (meta === undefined)
    work.problems.push({
      kind: "missing-file",
      message: `there is no ${joinPath(folder, "Chart.yaml")}`,
      file: folder,
    });
  const own = yamlFile(joinPath(folder, "values.yaml"), work) ?? dictTree([], at);
  const values = mergeValues(own, given);
  const templates =
    wordAt(meta, "type") === "library" && depth === 0 ? [] : templatesIn(joinPath(folder, "templates"), work);
  const chart: Chart = { folder, meta: metaOf(meta, folder, at), values, templates };
  return [chart, ...(depth > 5 ? [] : subcharts(folder, meta, values, at, depth, work))];
}

/** Chart.yaml writes its keys small, templates write them large. */
function metaOf(meta: Tree | undefined, folder: string, at: Located): Tree {
  const members = meta?.kind === "object" ? meta.members : [];
  const large = members.map(
    ({ key, value }) => [`${key.charAt(0).toUpperCase()}${key.slice(1)}`, value] as const,
  );
  const fallback = ["Name", "Version", "AppVersion"].map(
    (key) => [key, wordTree(key === "Name" ? baseName(folder) : "0.1.0", at)] as const,
  );
  return mergeValues(dictTree(fallback, at), dictTree(large, meta ?? at));
}

function subcharts(
  folder: string,
  meta: Tree | undefined,
  values: Tree,
  at: Located,
  depth: number,
  work: Work,
): readonly Chart[] {
  const old = yamlFile(joinPath(folder, "requirements.yaml"), work);
  const dependencies = [...itemsAt(meta, "dependencies"), ...itemsAt(old, "dependencies")];
  const present = (work.files.list(joinPath(folder, "charts")) ?? [])
    .map((name) => joinPath(folder, `charts/${name}`))
    .filter((path) => work.files.stat(path)?.kind === "directory");
  const named = dependencies.flatMap((dependency): readonly Chart[] => {
    const name = wordAt(dependency, "name") ?? "";
    const alias = wordAt(dependency, "alias") ?? name;
    if (!isWanted(dependency, values)) return [];
    const path = subchartFolder(folder, name, wordAt(dependency, "repository"), present, work);
    if (path === undefined) {
      work.problems.push({
        kind: "missing-file",
        message: `the chart ${name} is not in ${joinPath(folder, "charts")}: what it holds is not judged`,
        where: placeOf(dependency),
      });
      return [];
    }
    const [first, ...below] = chartsOf(path, passedOn(values, alias, at), at, depth + 1, work);
    if (first === undefined || alias === name) return first === undefined ? [] : [first, ...below];
    // Under another name its templates see that one.
    const meta = mergeValues(first.meta, dictTree([["Name", wordTree(alias, dependency)]], dependency));
    return [{ ...first, meta }, ...below];
  });
  const listed = new Set(dependencies.map((dependency) => wordAt(dependency, "name")));
  const others = present.filter((path) => !listed.has(baseName(path)));
  return [
    ...named,
    ...others.flatMap((path) => chartsOf(path, passedOn(values, baseName(path), at), at, depth + 1, work)),
  ];
}

function subchartFolder(
  folder: string,
  name: string,
  repository: string | undefined,
  present: readonly string[],
  { files }: Work,
): string | undefined {
  const local = /^file:\/\/(.+)$/u.exec(repository ?? "")?.[1];
  const beside = local === undefined ? undefined : joinPath(folder, local);
  return (
    present.find((path) => baseName(path) === name) ??
    (beside !== undefined && files.stat(beside)?.kind === "directory" ? beside : undefined)
  );
}

/** `condition` names switches, the first of which that is set decides. */
function isWanted(dependency: Tree, values: Tree): boolean {
  const switches = (wordAt(dependency, "condition") ?? "")
    .split(",")
    .map((path) => fieldOf(values, path.trim().split(".")))
    .find((found) => found?.kind === "boolean");
  return switches?.kind !== "boolean" || switches.value;
}

/** What the values of a chart say for a subchart: its own part, and what is global. */
function passedOn(values: Tree, name: string, at: Located): Tree {
  const own = fieldOf(values, [name]);
  const global = fieldOf(values, ["global"]);
  const base = own?.kind === "object" ? own : dictTree([], at);
  return global === undefined ? base : mergeValues(dictTree([["global", global]], global), base);
}

function templatesIn(folder: string, work: Work): Chart["templates"] {
  return filesBelow(folder, work.files, 6).flatMap((path): Chart["templates"] => {
    if (!/\.(?:ya?ml|tpl|json)$/u.test(path)) return [];
    const source = open(path, work);
    if (source === undefined) return [];
    const { nodes, defines, errors } = parseTemplate(source.text);
    const [error] = errors;
    if (error !== undefined)
      work.problems.push({
        kind: "syntax",
        message: `the template cannot be read: ${error.message}`,
        where: placeOf(error),
      });
    for (const [name, body] of defines) work.defines.set(name, body);
    return baseName(path).startsWith("_") ? [] : [{ path, nodes }];
  });
}

function filesBelow(folder: string, files: Files, depth: number): readonly string[] {
  if (depth === 0) return [];
  return (files.list(folder) ?? []).flatMap((name) => {
    const path = joinPath(folder, name);
    const kind = files.stat(path)?.kind;
    if (kind === "directory") return filesBelow(path, files, depth - 1);
    return kind === "file" ? [path] : [];
  });
}

/** How many steps one template may take. */
const budget = 200_000;

function renderTemplate(
  { path, nodes }: Chart["templates"][number],
  chart: Chart,
  at: Located,
  work: Work,
): readonly Resource[] {
  const rendering: Rendering = {
    defines: work.defines,
    problems: work.problems,
    budget,
    readFile: {
      read: (file) => open(file, work)?.text,
      below: (folder) => filesBelow(folder, work.files, 6).map((file) => file.slice(folder.length + 1)),
    },
  };
  const text = render(nodes, contextOf(chart, path, at), rendering);
  if (rendering.budget < 0)
    work.problems.push({ kind: "limit", message: "the template goes on without end", file: path });
  if (text.value.trim() === "") return [];
  const { resources, problems } = readManifest(text, path);
  work.problems.push(...problems);
  return resources.filter((resource) => !isTest(resource));
}

/** Started by `helm test` only. */
function isTest({ tree }: Resource): boolean {
  const annotations = valueAt(tree, "metadata", "annotations");
  return /\btest/u.test(wordAt(annotations, "helm.sh/hook") ?? "");
}

function contextOf({ folder, meta, values }: Chart, path: string, at: Located): Tree {
  const word = (text: string): Tree => wordTree(text, at);
  // What this version of Helm takes a cluster for when it cannot ask one.
  const version = dictTree(
    [
      ["Version", word("v1.32.0")],
      ["GitVersion", word("v1.32.0")],
      ["Major", word("1")],
      ["Minor", word("32")],
    ],
    at,
  );
  const release = dictTree(
    [
      ["Name", word(releaseName)],
      ["Namespace", word("default")],
      ["Service", word("Helm")],
      ["IsInstall", flagTree(true, at)],
      ["IsUpgrade", flagTree(false, at)],
      ["Revision", numberTree(1, at)],
    ],
    at,
  );
  const versions = dictTree([], at);
  return dictTree(
    [
      ["Values", values],
      ["Chart", meta],
      ["Release", release],
      [
        "Capabilities",
        dictTree(
          [
            ["KubeVersion", version],
            ["APIVersions", versions],
          ],
          at,
        ),
      ],
      [
        "Template",
        dictTree(
          [
            ["Name", word(path)],
            ["BasePath", word(joinPath(folder, "templates"))],
          ],
          at,
        ),
      ],
      ["Files", dictTree([["folder", word(folder)]], at)],
    ],
    at,
  );
}
