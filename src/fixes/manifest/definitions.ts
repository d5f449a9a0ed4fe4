/** Services as the compose files of a project write them, before anything is replaced or merged. */
import type { Deployment, Service } from "../../deployment/model.ts";
import type { SourceFile } from "../../sources/source.ts";
import { type ArrayTree, member, type ObjectTree, type Tree } from "../../sources/tree.ts";
import { readYaml } from "../../sources/yaml.ts";
import { covers, type Place } from "../../text/text.ts";

/** A service as a compose file has it, before anything is replaced or merged. */
export interface Definition {
  readonly source: SourceFile;
  readonly object: ObjectTree;
}

/** The files of a project that define a service, the one that counts most last. */
export function definitionsOf(service: Service, deployment: Deployment): readonly Definition[] {
  return deployment.files
    .filter(({ kind }) => kind === "compose")
    .flatMap(({ source }): readonly Definition[] => {
      const object = serviceIn(source, service.name);
      return object === undefined ? [] : [{ source, object }];
    });
}

/** Parsed once for each file. */
const documents = new WeakMap<SourceFile, Tree | undefined>();

/** The first document of a file, as it is written. */
export function documentOf(source: SourceFile): Tree | undefined {
  if (!documents.has(source)) documents.set(source, readYaml(source.text).documents[0]);
  return documents.get(source);
}

function serviceIn(source: SourceFile, name: string): ObjectTree | undefined {
  const root = documentOf(source);
  const services = root?.kind === "object" ? member(root, "services")?.value : undefined;
  const found = services?.kind === "object" ? member(services, name)?.value : undefined;
  return found?.kind === "object" ? found : undefined;
}

/** An entry of a mapping or a list, and what it stands in. */
export interface Found {
  readonly owner: ObjectTree | ArrayTree;
  readonly item: Tree;
}

/** The member with the key at a place, or the list item that begins with it. */
export function find(tree: Tree, at: Place): Found | undefined {
  if (tree.kind === "object") {
    for (const { keyAt, value } of tree.members) {
      if (keyAt.via === undefined && keyAt.at.start === at.start && keyAt.at.end === at.end)
        return { owner: tree, item: value };
      const inside = value.via === undefined ? find(value, at) : undefined;
      if (inside !== undefined) return inside;
    }
  }
  if (tree.kind !== "array") return undefined;
  for (const item of tree.items) {
    if (item.kind === "string" && item.via === undefined && covers(item.at, at)) return { owner: tree, item };
    const inside = item.via === undefined ? find(item, at) : undefined;
    if (inside !== undefined) return inside;
  }
  return undefined;
}
