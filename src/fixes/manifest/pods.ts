/** Pods as the manifests of a cluster write them. */
import type { Deployment, Service } from "../../deployment/model.ts";
import type { SourceFile } from "../../sources/source.ts";
import { member, type ObjectTree, type Tree } from "../../sources/tree.ts";
import { readYaml } from "../../sources/yaml.ts";
import { covers, type Place } from "../../text/text.ts";

/** Parsed once for each file. */
const documents = new WeakMap<SourceFile, readonly Tree[]>();

/** The documents of a manifest, as they are written. */
export function documentsOf(source: SourceFile): readonly Tree[] {
  const known = documents.get(source) ?? readYaml(source.text).documents;
  documents.set(source, known);
  return known;
}

/** The manifests as they are written: what a chart or an overlay makes of others has no lines of its own. */
export function manifests({ files }: Deployment): readonly SourceFile[] {
  return files.filter(({ kind }) => kind === "kubernetes").map(({ source }) => source);
}

/** The specification of a pod as a manifest has it. */
export interface PodSpec {
  readonly source: SourceFile;
  readonly spec: ObjectTree;
  /** The container of the service. */
  readonly container: ObjectTree;
}

/** The pod whose container a service is. */
export function podOf({ at }: Service, deployment: Deployment): PodSpec | undefined {
  if (at === undefined) return undefined;
  return manifests(deployment)
    .filter(({ path }) => path === at.at.file)
    .flatMap((source) =>
      documentsOf(source).flatMap((root): readonly PodSpec[] => {
        const spec = specAround(root, at.at);
        const container = spec === undefined ? undefined : containerIn(spec, at.at);
        return spec === undefined || container === undefined ? [] : [{ source, spec, container }];
      }),
    )[0];
}

function specAround(tree: Tree, place: Place): ObjectTree | undefined {
  if (!covers(tree.at, place)) return undefined;
  if (tree.kind === "array") return firstOf(tree.items, (item) => specAround(item, place));
  if (tree.kind !== "object") return undefined;
  const containers = member(tree, "containers")?.value;
  if (containers?.kind === "array" && containers.via === undefined && covers(containers.at, place))
    return tree;
  return firstOf(tree.members, ({ value }) => specAround(value, place));
}

function containerIn(spec: ObjectTree, place: Place): ObjectTree | undefined {
  const containers = member(spec, "containers")?.value;
  const items = containers?.kind === "array" ? containers.items : [];
  const found = items.find((item) => covers(item.at, place));
  return found?.kind === "object" && found.via === undefined ? found : undefined;
}

function firstOf<T, R>(items: readonly T[], find: (item: T) => R | undefined): R | undefined {
  for (const item of items) {
    const found = find(item);
    if (found !== undefined) return found;
  }
  return undefined;
}
