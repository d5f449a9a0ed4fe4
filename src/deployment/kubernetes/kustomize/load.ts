/**
 * Kustomizations: what they build, read without running anything. Remote bases are never fetched.
 * Source: sigs.k8s.io/kustomize/api/internal/target/kusttarget.go (order of the steps), v5.
 */
import { type Files, joinPath } from "../../../sources/files.ts";
import type { SourceFile, Sources } from "../../../sources/source.ts";
import type { Tree } from "../../../sources/tree.ts";
import { readYaml } from "../../../sources/yaml.ts";
import type { Problem } from "../../model.ts";
import type { RenderedChart } from "../helm/chart.ts";
import { type Resource, readManifest } from "../resources.ts";
import { itemsAt, placeOf, textValue, valueAt, wordAt } from "../values.ts";
import { absorbed } from "./absorb.ts";
import { chartsOf } from "./charts.ts";
import { type Configuration, noConfiguration, withConfiguration } from "./configuration.ts";
import { withMember } from "./edit.ts";
import { generated } from "./generate.ts";
import type { Item } from "./item.ts";
import { fileText, patched, patchedLate } from "./patches.ts";
import { replaced } from "./replacements.ts";
import { adjusted, transformed } from "./transform.ts";
import { isBuiltIn, transformedBy } from "./transformers.ts";
import { withVars } from "./vars.ts";

/** What a kustomization builds. */
export interface Build {
  readonly resources: readonly Resource[];
  readonly problems: readonly Problem[];
  /** Every file that it was built from. */
  readonly files: readonly SourceFile[];
  /** The folders of other kustomizations that it takes in. */
  readonly bases: readonly string[];
}

/** The names that kustomize looks for, in this order. */
const kustomizationNames = ["kustomization.yaml", "kustomization.yml", "Kustomization"];

interface Work {
  readonly files: Files;
  readonly sources: Sources;
  readonly problems: Problem[];
  readonly read: Map<string, SourceFile>;
  readonly bases: Set<string>;
  /** Entries of `vars` of every layer. */
  readonly vars: Tree[];
  /** What configurations of this layer and of those below it say. */
  configuration: Configuration;
}

/** Builds the kustomization of a folder. */
export function buildKustomization(folder: string, files: Files, sources: Sources): Build {
  const work: Work = {
    files,
    sources,
    problems: [],
    read: new Map(),
    bases: new Set(),
    vars: [],
    configuration: noConfiguration,
  };
  const built = accumulate(folder, [], [], work);
  const items = withVars(built, work.vars, work.problems, work.configuration);
  return {
    resources: items.flatMap((item) => resourceOf(item)),
    problems: work.problems,
    files: [...work.read.values()],
    bases: [...work.bases],
  };
}

function resourceOf({ tree, file }: Item): readonly Resource[] {
  const apiVersion = wordAt(tree, "apiVersion") ?? "";
  return [
    {
      kind: wordAt(tree, "kind") ?? "",
      group: apiVersion.includes("/") ? apiVersion.slice(0, apiVersion.indexOf("/")) : "",
      name: wordAt(tree, "metadata", "name") ?? "",
      namespace: wordAt(tree, "metadata", "namespace"),
      tree,
      file,
    },
  ];
}

function open(path: string, work: Work): SourceFile | undefined {
  const opened = work.sources.open(path);
  if (!opened.ok) return undefined;
  work.read.set(path, opened.source);
  return opened.source;
}

/** The objects of a folder; those of `around` are there already and are changed by a component. */
function accumulate(
  folder: string,
  around: readonly Item[],
  parents: readonly string[],
  work: Work,
): readonly Item[] {
  const path = kustomizationNames
    .map((name) => joinPath(folder, name))
    .find((one) => work.files.stat(one)?.kind === "file");
  const source = path === undefined ? undefined : open(path, work);
  if (source === undefined || parents.includes(folder)) {
    work.problems.push({
      kind: "missing-file",
      message: source === undefined ? `there is no kustomization in ${folder}` : `${folder} takes itself in`,
      file: path ?? folder,
    });
    return around;
  }
  const { documents, errors } = readYaml(source.text);
  const [error] = errors;
  if (error !== undefined)
    work.problems.push({
      kind: "syntax",
      message: `the kustomization cannot be read: ${error.message}`,
      where: placeOf(error),
    });
  const kustomization = documents.find(({ kind }) => kind === "object");
  if (kustomization === undefined) return around;
  tellUnread(kustomization, work);
  return built(kustomization, folder, around, [...parents, folder], work);
}

function built(
  kustomization: Tree,
  folder: string,
  around: readonly Item[],
  parents: readonly string[],
  work: Work,
): readonly Item[] {
  const openText = (path: string) => open(path, work)?.text;
  let items = [
    ...around,
    ...["resources", "bases"].flatMap((key) =>
      itemsAt(kustomization, key).flatMap((entry) => resourcesOf(entry, folder, parents, work)),
    ),
  ];
  items = withGenerated(items, kustomization, folder, work);
  for (const component of itemsAt(kustomization, "components")) {
    const path = joinPath(folder, wordAt(component) ?? "");
    work.bases.add(path);
    items = isRemote(wordAt(component) ?? "")
      ? told(component, items, work)
      : [...accumulate(path, items, parents, work)];
  }
  for (const entry of itemsAt(kustomization, "configurations")) configure(entry, folder, work);
  const { configuration, problems } = work;
  const early = patched(items, kustomization, folder, openText);
  const named = transformed(early.items, kustomization, configuration);
  const late = patchedLate(named, kustomization, folder, openText);
  const last = replaced(adjusted(late.items, kustomization, configuration), kustomization, folder, openText);
  problems.push(...early.problems, ...late.problems, ...last.problems);
  work.vars.push(...itemsAt(kustomization, "vars"));
  const own = itemsAt(kustomization, "transformers").flatMap((entry) => plugins(entry, folder, work));
  return transformedBy(last.items, own, { folder, open: openText, problems });
}

/** Takes in a configuration of transformers. */
function configure(entry: Tree, folder: string, work: Work): void {
  const text = fileText(entry, folder, (path) => open(path, work)?.text, work.problems);
  const [document] = text === undefined ? [] : readYaml(text).documents;
  if (document !== undefined) work.configuration = withConfiguration(work.configuration, document);
}

/** Objects that change or make others: a file, a folder with a kustomization, or what stands there itself. */
function plugins(entry: Tree, folder: string, work: Work): readonly Item[] {
  const text = textValue(entry);
  if (text === undefined || !text.value.includes("\n")) return resourcesOf(entry, folder, [], work);
  const { resources, problems } = readManifest(text, entry.at.file);
  work.problems.push(...problems);
  return resources.map(({ tree, name }) => ({ tree, names: [name], namespaces: [""], file: entry.at.file }));
}

function resourcesOf(entry: Tree, folder: string, parents: readonly string[], work: Work): readonly Item[] {
  const written = wordAt(entry) ?? "";
  if (isRemote(written)) return told(entry, [], work);
  const path = joinPath(folder, written);
  if (work.files.stat(path)?.kind === "directory") {
    work.bases.add(path);
    return accumulate(path, [], parents, work);
  }
  const source = open(path, work);
  if (source === undefined) {
    work.problems.push({ kind: "missing-file", message: `there is no ${path}`, where: placeOf(entry) });
    return [];
  }
  const { resources, problems } = readManifest(source.text, path, "v3");
  work.problems.push(...problems);
  return resources.map(({ tree, name, namespace = "" }) => ({
    tree,
    names: [name],
    namespaces: [namespace],
    file: path,
  }));
}

/** Addresses that kustomize would fetch: with a protocol, of a known host, with a reference to a revision. */
function isRemote(path: string): boolean {
  return /^[a-z+]+:\/\/|^git@|^(?:[\w.-]+\.)?(?:github|gitlab|bitbucket)\.(?:com|org)[/:]|[?&]ref=|^git::/iu.test(
    path,
  );
}

function told(entry: Tree, items: readonly Item[], work: Work): Item[] {
  work.problems.push({
    kind: "unresolved",
    message: `${wordAt(entry) ?? "it"} is kept elsewhere and not fetched: what it holds is not judged`,
    where: placeOf(entry),
  });
  return [...items];
}

function withGenerated(items: readonly Item[], kustomization: Tree, folder: string, work: Work): Item[] {
  const options = valueAt(kustomization, "generatorOptions");
  let result = [...items];
  for (const [key, kind] of [
    ["configMapGenerator", "ConfigMap"],
    ["secretGenerator", "Secret"],
  ] as const) {
    for (const entry of itemsAt(kustomization, key)) {
      const made = generated(kind, entry, options, folder, (path) => open(path, work)?.text);
      work.problems.push(...made.problems);
      result = absorbed(result, made, entry, work.problems);
    }
  }
  for (const one of chartsOf(kustomization, folder, work.files, work.sources)) {
    if (one.state === "absent") work.problems.push(one.problem);
    else result = [...result, ...chartItems(one.folder, one.chart, work)];
  }
  for (const { tree } of itemsAt(kustomization, "generators").flatMap((one) => plugins(one, folder, work))) {
    const kind = isBuiltIn(tree)
      ? /^(ConfigMap|Secret)Generator$/u.exec(wordAt(tree, "kind") ?? "")?.[1]
      : undefined;
    if (kind !== "ConfigMap" && kind !== "Secret") {
      work.problems.push({
        kind: "unresolved",
        message: `the generator ${wordAt(tree, "kind") ?? ""} is not run: what it makes is not judged`,
        where: placeOf(valueAt(tree, "kind") ?? tree),
      });
      continue;
    }
    const entry = ["name", "namespace"].reduce(
      (object, key) => withMember(object, key, valueAt(tree, "metadata", key)),
      tree,
    );
    const made = generated(kind, entry, options, folder, (path) => open(path, work)?.text);
    work.problems.push(...made.problems);
    result = absorbed(result, made, entry, work.problems);
  }
  return result;
}

/** The objects of a chart, whose folder is then no deployment of its own. */
function chartItems(folder: string, chart: RenderedChart, work: Work): readonly Item[] {
  work.bases.add(folder);
  work.problems.push(...chart.problems);
  for (const source of chart.files) work.read.set(source.path, source);
  return chart.resources.map(({ tree, name, namespace = "", file }) => ({
    tree,
    names: [name],
    namespaces: [namespace],
    file,
  }));
}

const unread: Readonly<Record<string, string>> = {
  helmChartInflationGenerator: "charts are not rendered here: what they hold is not judged",
  openapi: "the schema of one's own kinds is not read: lists in patches of them may be merged otherwise",
};

function tellUnread(kustomization: Tree, work: Work): void {
  for (const [key, message] of Object.entries(unread)) {
    const found = valueAt(kustomization, key);
    if (found !== undefined) work.problems.push({ kind: "unresolved", message, where: placeOf(found) });
  }
}
