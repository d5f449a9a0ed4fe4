/** The objects of manifests: several documents of YAML, lists, JSON. */
import { type JsonError, readJson } from "../../sources/json.ts";
import type { ObjectTree, Tree } from "../../sources/tree.ts";
import { readYaml } from "../../sources/yaml.ts";
import type { YamlReader } from "../../sources/yaml-reading.ts";
import type { Text } from "../../text/text.ts";
import type { Problem } from "../model.ts";
import { itemsAt, placeOf, valueAt, wordAt } from "./values.ts";

/** One object, as the server of the cluster gets it. */
export interface Resource {
  readonly kind: string;
  /** Without the version: "apps", "" for the core ones, "networking.k8s.io". */
  readonly group: string;
  readonly name: string;
  /** Undefined: where it is applied to. */
  readonly namespace: string | undefined;
  readonly tree: ObjectTree;
  /** The file that it stands in. */
  readonly file: string;
}

/** What a text holds. */
export interface Manifest {
  readonly resources: readonly Resource[];
  readonly problems: readonly Problem[];
}

/** Reads a manifest, as the server does, or (v3) as kustomize does. A document that is broken is told; the others count. Never throws. */
export function readManifest(text: Text, file: string, reader: YamlReader = "v2"): Manifest {
  const isJson = /^\s*[{[]/u.test(text.value);
  const { documents, errors } = isJson ? jsonDocuments(text) : readYaml(text, reader);
  const [first] = errors;
  const problems: readonly Problem[] =
    first === undefined
      ? []
      : [{ kind: "syntax", message: `the manifest cannot be read: ${first.message}`, where: placeOf(first) }];
  return { resources: documents.flatMap((document) => resourcesIn(document, file)), problems };
}

function jsonDocuments(text: Text): {
  readonly documents: readonly Tree[];
  readonly errors: readonly JsonError[];
} {
  const { root, errors } = readJson(text, "strict");
  return { documents: root === undefined ? [] : [root], errors };
}

/** The objects in a document: itself, or those of a List. */
function resourcesIn(document: Tree, file: string): readonly Resource[] {
  if (document.kind === "array") return document.items.flatMap((item) => resourcesIn(item, file));
  if (document.kind !== "object") return [];
  const kind = wordAt(document, "kind");
  const apiVersion = wordAt(document, "apiVersion");
  if (kind === undefined || apiVersion === undefined) return [];
  if (kind.endsWith("List") && valueAt(document, "items") !== undefined)
    return itemsAt(document, "items").flatMap((item) => resourcesIn(item, file));
  const slash = apiVersion.indexOf("/");
  return [
    {
      kind,
      group: slash < 0 ? "" : apiVersion.slice(0, slash),
      name: wordAt(document, "metadata", "name") ?? wordAt(document, "metadata", "generateName") ?? "",
      namespace: wordAt(document, "metadata", "namespace"),
      tree: document,
      file,
    },
  ];
}
