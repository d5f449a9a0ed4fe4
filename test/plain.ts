/** The plain value of a tree, as JSON.parse would give it. */
import type { Json } from "../src/facts/json.ts";
import type { Tree } from "../src/sources/tree.ts";

/** Later duplicates win. What is unknown becomes a text that says why. */
export function plain(tree: Tree): Json;
export function plain(tree: Tree | undefined): Json | undefined;
export function plain(tree: Tree | undefined): Json | undefined {
  switch (tree?.kind) {
    case undefined:
      return undefined;
    case "object":
      return Object.fromEntries(tree.members.map(({ key, value }): [string, Json] => [key, plain(value)]));
    case "array":
      return tree.items.map((item) => plain(item));
    case "string":
      return tree.text.value;
    case "number":
    case "boolean":
      return tree.value;
    case "null":
      return null;
    case "unknown":
      return `unknown: ${tree.hole.reason}`;
  }
}
