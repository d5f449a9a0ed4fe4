/** Patches of a kustomization: to which objects they apply, and what becomes of these. */

import { joinPath } from "../../../sources/files.ts";
import type { ObjectTree, Tree } from "../../../sources/tree.ts";
import { readYaml } from "../../../sources/yaml.ts";
import type { Text } from "../../../text/text.ts";
import type { Problem } from "../../model.ts";
import { itemsAt, placeOf, textValue, valueAt, wordAt } from "../values.ts";
import { withMember } from "./edit.ts";
import type { OpenText } from "./generate.ts";
import { groupOf, type Item, kindOf, nameOf } from "./item.ts";
import { jsonPatch } from "./json-patch.ts";
import { isNamed, isTargeted } from "./select.ts";
import { mergePatch } from "./strategic.ts";

/** Objects after patches. */
export interface Patched {
  readonly items: readonly Item[];
  readonly problems: readonly Problem[];
}

interface Patch {
  readonly body: Tree;
  /** The entry of the kustomization. */
  readonly entry: Tree;
  readonly target: Tree | undefined;
}

/** `patchesStrategicMerge` and `patches`. */
export function patched(
  items: readonly Item[],
  kustomization: Tree,
  folder: string,
  open: OpenText,
): Patched {
  const problems: Problem[] = [];
  const strategic = itemsAt(kustomization, "patchesStrategicMerge").flatMap((entry) =>
    bodies(inlineOrFile(entry, folder, open, problems), entry, undefined, problems),
  );
  const general = targeted(itemsAt(kustomization, "patches"), folder, open, problems);
  return applied(items, [...strategic, ...general], problems);
}

/** `patchesJson6902`, which comes after names and labels. */
export function patchedLate(
  items: readonly Item[],
  kustomization: Tree,
  folder: string,
  open: OpenText,
): Patched {
  const problems: Problem[] = [];
  const patches = targeted(itemsAt(kustomization, "patchesJson6902"), folder, open, problems);
  return applied(items, patches, problems);
}

/** Patches that say themselves what they are for. */
function targeted(
  entries: readonly Tree[],
  folder: string,
  open: OpenText,
  problems: Problem[],
): readonly Patch[] {
  return entries.flatMap((entry) =>
    bodies(bodyText(entry, folder, open, problems), entry, valueAt(entry, "target"), problems),
  );
}

function bodyText(entry: Tree, folder: string, open: OpenText, problems: Problem[]): Text | undefined {
  const inline = textValue(entry, "patch");
  const path = valueAt(entry, "path");
  return inline ?? (path === undefined ? undefined : fileText(path, folder, open, problems));
}

function inlineOrFile(entry: Tree, folder: string, open: OpenText, problems: Problem[]): Text | undefined {
  const text = textValue(entry);
  return text !== undefined && /[\n:]/u.test(text.value) ? text : fileText(entry, folder, open, problems);
}

/** The file that an entry names; a problem where it is not there. */
export function fileText(path: Tree, folder: string, open: OpenText, problems: Problem[]): Text | undefined {
  const full = joinPath(folder, wordAt(path) ?? "");
  const text = open(full);
  if (text === undefined)
    problems.push({ kind: "missing-file", message: `there is no ${full}`, where: placeOf(path) });
  return text;
}

/** What a text holds; a problem where it cannot be read. `what`: what it is called in that. */
export function documentsOf(text: Text, what: "patch" | "replacement", problems: Problem[]): readonly Tree[] {
  const { documents, errors } = readYaml(text);
  const [error] = errors;
  if (error !== undefined)
    problems.push({
      kind: "syntax",
      message: `the ${what} cannot be read: ${error.message}`,
      where: placeOf(error),
    });
  return documents;
}

function bodies(
  text: Text | undefined,
  entry: Tree,
  target: Tree | undefined,
  problems: Problem[],
): readonly Patch[] {
  if (text === undefined) return [];
  return documentsOf(text, "patch", problems)
    .filter(({ kind }) => kind === "object" || kind === "array")
    .map((body) => ({ body, entry, target }));
}

function applied(items: readonly Item[], patches: readonly Patch[], problems: Problem[]): Patched {
  let result = items;
  for (const patch of patches) {
    const targets = result.filter((item) => isTarget(item, patch));
    if (targets.length === 0)
      problems.push({
        kind: "unresolved",
        message: "the patch fits none of the objects",
        where: placeOf(patch.body),
      });
    result = result.flatMap((item) => {
      if (!targets.includes(item)) return [item];
      const tree = patchedTree(item, patch, problems);
      return tree === undefined ? [] : [renamedItem(item, tree)];
    });
  }
  return { items: result, problems };
}

/** The object as patched; what was called by its old name is to find it by the new one. */
function renamedItem(item: Item, tree: ObjectTree): Item {
  const name = wordAt(tree, "metadata", "name") ?? "";
  return { ...item, tree, names: item.names.includes(name) ? item.names : [...item.names, name] };
}

function isTarget(item: Item, { body, target }: Patch): boolean {
  return target === undefined ? isNamed(item, body) : isTargeted(item, target);
}

function patchedTree(item: Item, { body, entry }: Patch, problems: Problem[]): ObjectTree | undefined {
  if (body.kind === "array") {
    const { tree, failed } = jsonPatch(item.tree, body);
    if (failed !== undefined)
      problems.push({
        kind: "unresolved",
        message: `kustomize refuses this patch of ${nameOf(item)}`,
        where: placeOf(failed),
      });
    return tree.kind === "object" ? tree : item.tree;
  }
  if (body.kind !== "object") return item.tree;
  const merged = mergePatch(item.tree, body, { kind: kindOf(item), group: groupOf(item) });
  if (merged === undefined) return undefined;
  return withOwnName(merged, item, entry);
}

/** A patch changes neither the kind nor the name of what it is applied to, unless its entry allows it. */
function withOwnName(tree: ObjectTree, item: Item, entry: Tree): ObjectTree {
  const allowed = (option: string): boolean => wordAt(entry, "options", option) === "true";
  const metadata = valueAt(tree, "metadata");
  const own = valueAt(item.tree, "metadata", "name");
  const named =
    metadata?.kind === "object" && !allowed("allowNameChange")
      ? withMember(tree, "metadata", withMember(metadata, "name", own))
      : tree;
  return allowed("allowKindChange") ? named : withMember(named, "kind", valueAt(item.tree, "kind"));
}
