/** Objects on their way through kustomizations. */
import type { ObjectTree } from "../../../sources/tree.ts";
import { wordAt } from "../values.ts";

/** An object on its way through kustomizations. */
export interface Item {
  readonly tree: ObjectTree;
  /** The names that it had and has: patches may use any of them. */
  readonly names: readonly string[];
  /** The namespaces that it had and has; "" where none was written. */
  readonly namespaces: readonly string[];
  readonly file: string;
}

/** The kind of an object. */
export function kindOf({ tree }: Item): string {
  return wordAt(tree, "kind") ?? "";
}

/** The name of an object as it is now. */
export function nameOf({ tree }: Item): string {
  return wordAt(tree, "metadata", "name") ?? "";
}

/** The group of its kind: "apps", "" for the core. */
export function groupOf({ tree }: Item): string {
  const apiVersion = wordAt(tree, "apiVersion") ?? "";
  const slash = apiVersion.indexOf("/");
  return slash < 0 ? "" : apiVersion.slice(0, slash);
}
