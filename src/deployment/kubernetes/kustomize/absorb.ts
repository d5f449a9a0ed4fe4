/**
 * What a generator makes among the objects that are there: a new one, or more of one that there is.
 * Source: sigs.k8s.io/kustomize/api/resmap/reswrangler.go (AbsorbAll).
 */
import type { ObjectTree, Tree } from "../../../sources/tree.ts";
import type { Problem } from "../../model.ts";
import { placeOf, valueAt } from "../values.ts";
import { withMember } from "./edit.ts";
import type { Generated } from "./generate.ts";
import { type Item, kindOf } from "./item.ts";

/** The objects with a generated one, or with what is added to one of its name. */
export function absorbed(items: readonly Item[], made: Generated, entry: Tree, problems: Problem[]): Item[] {
  const namespace = made.namespace ?? "";
  const fresh: Item = { tree: made.tree, names: [made.name], namespaces: [namespace], file: entry.at.file };
  const index = items.findIndex(
    (item) =>
      kindOf(item) === made.kind &&
      item.names.includes(made.name) &&
      item.namespaces.some((one) => one === namespace),
  );
  const before = items[index];
  if (made.behavior === "create") {
    if (before !== undefined)
      problems.push({
        kind: "unresolved",
        message: `kustomize refuses to make ${made.kind} ${made.name} again: behavior has to be merge or replace`,
        where: placeOf(entry),
      });
    return [...items, fresh];
  }
  if (before === undefined) {
    problems.push({
      kind: "unresolved",
      message: `there is no ${made.kind} ${made.name} to ${made.behavior}`,
      where: placeOf(entry),
    });
    return [...items, fresh];
  }
  return items.with(index, { ...before, tree: joined(before.tree, made) });
}

/** `replace` takes the data of the new one, `merge` adds it; the name stays. */
function joined(before: ObjectTree, { tree, behavior }: Generated): ObjectTree {
  let result = before;
  for (const key of ["data", "stringData", "binaryData"]) {
    const own = valueAt(before, key);
    const added = valueAt(tree, key);
    if (behavior === "replace") {
      if (own !== undefined || added !== undefined) result = withMember(result, key, added);
    } else if (added?.kind === "object") {
      const base = own?.kind === "object" ? own : { ...added, members: [] };
      const merged = added.members.reduce(
        (object, member) => withMember(object, member.key, member.value, member.keyAt),
        base,
      );
      result = withMember(result, key, merged);
    }
  }
  const metadata = valueAt(result, "metadata");
  const extra = valueAt(tree, "metadata");
  if (metadata?.kind !== "object") return result;
  const named = ["labels", "annotations"].reduce((object, key) => {
    const [own, added] = [valueAt(object, key), valueAt(extra, key)];
    if (added?.kind !== "object") return object;
    const base = own?.kind === "object" ? own : { ...added, members: [] };
    return withMember(
      object,
      key,
      added.members.reduce((one, { key: name, value, keyAt }) => withMember(one, name, value, keyAt), base),
    );
  }, metadata);
  return withMember(result, "metadata", named);
}
