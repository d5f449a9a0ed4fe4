/**
 * Built-in transformers and generators that stand in files of their own, under `transformers` and `generators`. Each is what an
 * entry of the kustomization of the same meaning is; they come last.
 * Source: sigs.k8s.io/kustomize/api/internal/builtins and api/internal/target/kusttarget.go (runTransformers); compared with
 * kustomize 5.5 and 5.7. Programs of one's own are never run, and told.
 */
import type { ArrayTree, ObjectTree, Tree } from "../../../sources/tree.ts";
import type { Problem } from "../../model.ts";
import { itemsAt, placeOf, valueAt, wordAt } from "../values.ts";
import { fieldSpecs, isPlaceOf, noConfiguration } from "./configuration.ts";
import { objectTree, withMember } from "./edit.ts";
import type { OpenText } from "./generate.ts";
import type { Item } from "./item.ts";
import { type Patched, patched, patchedLate } from "./patches.ts";
import { replaced } from "./replacements.ts";
import { adjusted, withAffixes, withNamespace, withPairs } from "./transform.ts";

/** What a transformer has at hand. */
interface Around {
  readonly folder: string;
  readonly open: OpenText;
  readonly problems: Problem[];
}

/** The objects after the transformers, in their order. */
export function transformedBy(
  items: readonly Item[],
  transformers: readonly Item[],
  around: Around,
): readonly Item[] {
  return transformers.reduce<readonly Item[]>((result, { tree }) => {
    const changed = isBuiltIn(tree) ? changedBy(result, tree, around) : undefined;
    if (changed !== undefined) return changed;
    around.problems.push({
      kind: "unresolved",
      message: `the transformer ${wordAt(tree, "kind") ?? ""} is not run: what it changes is judged as it stands`,
      where: placeOf(valueAt(tree, "kind") ?? tree),
    });
    return result;
  }, items);
}

/** Whether an object is one of kustomize's own plug-ins. */
export function isBuiltIn(tree: Tree): boolean {
  return wordAt(tree, "apiVersion") === "builtin";
}

function changedBy(items: readonly Item[], tree: ObjectTree, around: Around): readonly Item[] | undefined {
  switch (wordAt(tree, "kind")) {
    case "PrefixTransformer":
    case "SuffixTransformer":
    case "PrefixSuffixTransformer":
      return affixed(items, tree);
    case "NamespaceTransformer":
      return spaced(items, tree);
    case "LabelTransformer":
      return paired(items, tree, valueAt(tree, "labels"));
    case "AnnotationsTransformer":
      return paired(items, tree, valueAt(tree, "annotations"));
    case "ImageTagTransformer":
      return adjusted(items, entryOf("images", valueAt(tree, "imageTag"), tree), noConfiguration);
    case "ReplicaCountTransformer":
      return adjusted(items, entryOf("replicas", valueAt(tree, "replica"), tree), noConfiguration);
    // Hashes of names are left out everywhere.
    case "HashTransformer":
      return items;
    default:
      return patchedBy(items, tree, around);
  }
}

function patchedBy(items: readonly Item[], tree: ObjectTree, around: Around): readonly Item[] | undefined {
  const { folder, open, problems } = around;
  const made = (result: Patched): readonly Item[] => {
    problems.push(...result.problems);
    return result.items;
  };
  switch (wordAt(tree, "kind")) {
    case "PatchTransformer":
      return made(patched(items, entryOf("patches", tree, tree), folder, open));
    case "PatchJson6902Transformer": {
      const entry = withMember(tree, "patch", valueAt(tree, "jsonOp"));
      return made(patchedLate(items, entryOf("patchesJson6902", entry, tree), folder, open));
    }
    case "PatchStrategicMergeTransformer": {
      const inline = valueAt(tree, "patches");
      const list = [...itemsAt(tree, "paths"), ...(inline === undefined ? [] : [inline])];
      return made(patched(items, holding("patchesStrategicMerge", list, tree), folder, open));
    }
    case "ReplacementTransformer":
      return made(replaced(items, tree, folder, open));
    default:
      return undefined;
  }
}

/** A kustomization with nothing but one entry of a list. */
function entryOf(key: string, entry: Tree | undefined, at: Tree): ObjectTree {
  return holding(key, entry === undefined ? [] : [entry], at);
}

function holding(key: string, items: readonly Tree[], at: Tree): ObjectTree {
  const list: ArrayTree = { kind: "array", items, ...placeOf(at) };
  return objectTree([{ key, keyAt: placeOf(at), value: list }], at);
}

/** The Namespace itself has to be among the places. */
function spaced(items: readonly Item[], tree: ObjectTree): readonly Item[] {
  const specs = fieldSpecs(valueAt(tree, "fieldSpecs")).filter(
    ({ path }) => path.join("/") === "metadata/name",
  );
  const renames = (item: Item): boolean => specs.some((spec) => isPlaceOf(spec, item));
  return withNamespace(items, valueAt(tree, "metadata", "namespace"), noConfiguration, renames);
}

/** Names are changed where the places say so; a place with a kind is for objects of that kind. */
function affixed(items: readonly Item[], tree: ObjectTree): readonly Item[] {
  const specs = fieldSpecs(valueAt(tree, "fieldSpecs")).filter(
    ({ path }) => path.join("/") === "metadata/name",
  );
  const chosen = (item: Item): boolean => specs.some((spec) => isPlaceOf(spec, item));
  const none = placeOf(tree);
  const [prefix, suffix] = [valueAt(tree, "prefix"), valueAt(tree, "suffix")];
  return withAffixes(items, { prefix, suffix, chosen, at: none }, noConfiguration);
}

function paired(items: readonly Item[], tree: ObjectTree, pairs: Tree | undefined): readonly Item[] {
  const specs = fieldSpecs(valueAt(tree, "fieldSpecs"));
  if (pairs === undefined) return items;
  return items.map((item) =>
    withPairs(
      item,
      pairs,
      specs.filter((spec) => isPlaceOf(spec, item)),
    ),
  );
}
