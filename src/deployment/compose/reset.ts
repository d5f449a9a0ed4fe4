/** The tags `!reset` and `!override`: what they stand on is taken out of the files before. */
import type { Tree } from "../../sources/tree.ts";

/** Paths whose earlier values go, as a tree of keys. */
export interface ResetPaths {
  readonly here: boolean;
  readonly below: ReadonlyMap<string, ResetPaths>;
}

/** A document without its `!reset` values, and the paths that it takes away from the files before it. */
export interface Tagged {
  readonly tree: Tree;
  readonly paths: ResetPaths | undefined;
}

/** Takes the tags of one document apart. */
export function splitTags(tree: Tree, tags: ReadonlyMap<Tree, string>): Tagged {
  if (tags.size === 0) return { tree, paths: undefined };
  const found = split(tree, tags);
  return { tree: found.tree ?? { kind: "null", at: tree.at }, paths: found.paths };
}

function split(
  tree: Tree,
  tags: ReadonlyMap<Tree, string>,
): { tree: Tree | undefined; paths: ResetPaths | undefined } {
  const tag = tags.get(tree);
  if (tag === "!reset") return { tree: undefined, paths: { here: true, below: new Map() } };
  if (tag === "!override") return { tree, paths: { here: true, below: new Map() } };
  if (tree.kind === "array") {
    // Paths into lists are recorded by Compose but match nothing.
    const items = tree.items.flatMap((item) => split(item, tags).tree ?? []);
    return { tree: { ...tree, items }, paths: undefined };
  }
  if (tree.kind !== "object") return { tree, paths: undefined };
  const paths = new Map<string, ResetPaths>();
  const members = tree.members.flatMap((one) => {
    const found = split(one.value, tags);
    if (found.paths !== undefined) paths.set(one.key, found.paths);
    return found.tree === undefined ? [] : [{ ...one, value: found.tree }];
  });
  return { tree: { ...tree, members }, paths: paths.size === 0 ? undefined : { here: false, below: paths } };
}

/** The tree of the files before, without what the paths take away. */
export function applyResets(tree: Tree, paths: ResetPaths | undefined): Tree {
  if (paths === undefined || tree.kind !== "object") return tree;
  const members = tree.members.flatMap((one) => {
    const path = paths.below.get(one.key);
    if (path?.here === true) return [];
    return [path === undefined ? one : { ...one, value: applyResets(one.value, path) }];
  });
  return { ...tree, members };
}

/** The part of the paths that lies below keys. */
export function resetsBelow(
  paths: ResetPaths | undefined,
  ...keys: readonly string[]
): ResetPaths | undefined {
  return keys.reduce<ResetPaths | undefined>((current, key) => current?.below.get(key), paths);
}
