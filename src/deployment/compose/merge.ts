/** How a later compose file changes an earlier one, field by field; after compose-go's override package (2.4). */
import type { Member, ObjectTree, Tree } from "../../sources/tree.ts";
import { concat, placeOf, type Text, textAt } from "../../text/text.ts";
import { below, type PatternNode, patterns } from "./pattern.ts";
import { type Report, refusal } from "./problems.ts";
import {
  arrayTree,
  booleanTree,
  implied,
  kindName,
  nullTree,
  objectTree,
  printed,
  stringTree,
  valueAt,
} from "./trees.ts";

interface Merge {
  readonly path: string;
  readonly node: PatternNode<Merger> | undefined;
  readonly report: Report;
}

type Merger = (base: Tree, over: Tree, merge: Merge) => Tree;

const replace: Merger = (_, over) => over;
const asSequence: Merger = (base, over) => arrayTree([...sequenceOf(base), ...sequenceOf(over)], base);

const rules: PatternNode<Merger> = patterns<Merger>({
  "networks.*.ipam.config": mergePools,
  "networks.*.labels": asSequence,
  "volumes.*.labels": asSequence,
  "services.*.annotations": asSequence,
  "services.*.build": mergeBuild,
  "services.*.build.args": asSequence,
  "services.*.build.additional_contexts": asSequence,
  "services.*.build.extra_hosts": mergeHosts,
  "services.*.build.labels": asSequence,
  "services.*.command": replace,
  "services.*.depends_on": mergeDependencies,
  "services.*.deploy.labels": asSequence,
  "services.*.dns": asSequence,
  "services.*.dns_opt": asSequence,
  "services.*.dns_search": asSequence,
  "services.*.entrypoint": replace,
  "services.*.env_file": asSequence,
  "services.*.label_file": asSequence,
  "services.*.environment": asSequence,
  "services.*.extra_hosts": mergeHosts,
  "services.*.healthcheck.test": replace,
  "services.*.labels": asSequence,
  "services.*.logging": mergeLogging,
  "services.*.networks": mergeNetworks,
  "services.*.sysctls": asSequence,
  "services.*.tmpfs": asSequence,
  "services.*.ulimits.*": replace,
});

/** Lays one whole compose file over another. */
export function mergeFiles(base: Tree, over: Tree, report: Report): Tree {
  return mergeTrees(base, over, { path: "", node: rules, report });
}

/** Lays a service over the one that it extends. */
export function mergeService(base: Tree, over: Tree, name: string, report: Report): Tree {
  return mergeTrees(base, over, {
    path: `services.${name}`,
    node: below(below(rules, "services"), name),
    report,
  });
}

function mergeTrees(base: Tree, over: Tree, merge: Merge): Tree {
  const special = merge.node?.rule;
  if (special !== undefined) return special(base, over, merge);
  if (over.kind === "null") return base;
  if (base.kind !== "object" && base.kind !== "array") return over;
  if (base.kind === "object" && over.kind === "object") return mergeObjects(base, over, merge);
  if (base.kind === "array" && over.kind === "array")
    return { ...base, items: [...base.items, ...over.items] };
  const message = `${merge.path}: a ${kindName(over)} cannot override a ${kindName(base)}`;
  if (over.kind !== "unknown") merge.report(refusal("syntax", message, over));
  return over;
}

function mergeObjects(base: ObjectTree, over: ObjectTree, merge: Merge): ObjectTree {
  const members = new Map<string, Member>(base.members.map((one) => [one.key, one]));
  for (const one of over.members) {
    const earlier = members.get(one.key);
    if (earlier === undefined || one.key.startsWith("x-")) {
      members.set(one.key, one);
      continue;
    }
    const path = merge.path === "" ? one.key : `${merge.path}.${one.key}`;
    const value = mergeTrees(earlier.value, one.value, { ...merge, path, node: below(merge.node, one.key) });
    members.set(one.key, { key: one.key, keyAt: value === earlier.value ? earlier.keyAt : one.keyAt, value });
  }
  return { ...base, members: [...members.values()] };
}

/** A mapping as a list of `key=value`, sorted; a single text as a list of one. */
function sequenceOf(tree: Tree): readonly Tree[] {
  if (tree.kind === "array") return tree.items;
  if (tree.kind === "string") return [tree];
  if (tree.kind !== "object") return [];
  const items = tree.members.flatMap((one) =>
    (one.value.kind === "array" ? one.value.items : [one.value]).map((value) => pairTree(one, value)),
  );
  return items.sort((a, b) => compare(a.text.value, b.text.value));
}

function pairTree(one: Member, value: Tree): Tree & { kind: "string" } {
  const key = textAt(one.key, one.keyAt);
  if (value.kind === "null") return stringTree(key, one.keyAt);
  const parts: Text[] = [key, textAt("=", value)];
  const text = printed(value);
  if (text !== undefined && text.value !== "") parts.push(text);
  return stringTree(concat(parts), value);
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function mergeHosts(base: Tree, over: Tree): Tree {
  const earlier = sequenceOf(base);
  const known = new Set(earlier.map((item) => printed(item)?.value));
  return arrayTree(
    [...earlier, ...sequenceOf(over).filter((item) => !known.has(printed(item)?.value))],
    base,
  );
}

function mergeBuild(base: Tree, over: Tree, merge: Merge): Tree {
  return mergeObjects(buildObject(base), buildObject(over), merge);
}

function buildObject(tree: Tree): ObjectTree {
  if (tree.kind === "object") return tree;
  return objectTree(tree.kind === "string" ? [implied("context", tree)] : [], tree);
}

function mergeDependencies(base: Tree, over: Tree, merge: Merge): Tree {
  const started = (where: Tree): Tree =>
    objectTree(
      [
        implied("condition", stringTree(textAt("service_started", where), where)),
        implied("required", booleanTree(true, where)),
      ],
      where,
    );
  return mergeObjects(keyed(base, started), keyed(over, started), merge);
}

function mergeNetworks(base: Tree, over: Tree, merge: Merge): Tree {
  return mergeObjects(keyed(base, nullTree), keyed(over, nullTree), merge);
}

/** A list of names as a mapping. */
function keyed(tree: Tree, value: (where: Tree) => Tree): ObjectTree {
  if (tree.kind === "object") return tree;
  const members = new Map<string, Member>();
  for (const item of tree.kind === "array" ? tree.items : []) {
    const key = printed(item)?.value;
    if (key !== undefined) members.set(key, { key, keyAt: placeOf(item), value: value(item) });
  }
  return objectTree([...members.values()], tree);
}

function mergeLogging(base: Tree, over: Tree, merge: Merge): Tree {
  if (base.kind !== "object" || over.kind !== "object") return over.kind === "null" ? base : over;
  const earlier = valueAt(base, "driver");
  const later = valueAt(over, "driver");
  const differs =
    earlier !== undefined && later !== undefined && printed(earlier)?.value !== printed(later)?.value;
  return differs ? over : mergeObjects(base, over, merge);
}

/** Address pools are merged by their subnet. */
function mergePools(base: Tree, over: Tree, merge: Merge): Tree {
  if (base.kind !== "array" || over.kind !== "array") return over;
  const pools: ObjectTree[] = [];
  const subnet = (pool: ObjectTree): string | undefined => {
    const found = valueAt(pool, "subnet");
    return found === undefined ? undefined : printed(found)?.value;
  };
  for (const earlier of base.items.map((item) => keyed(item, nullTree))) {
    for (const later of over.items.map((item) => keyed(item, nullTree))) {
      if (subnet(earlier) !== subnet(later) && !pools.some((pool) => subnet(pool) === subnet(later))) {
        pools.push(later);
        continue;
      }
      const merged = mergeObjects(earlier, later, { ...merge, node: undefined });
      const index = pools.findIndex((pool) => subnet(pool) === subnet(merged));
      if (index >= 0) pools[index] = merged;
      else pools.push(merged);
    }
  }
  return arrayTree(pools, base);
}
