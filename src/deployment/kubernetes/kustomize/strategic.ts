/**
 * Strategic merge patches, as kustomize applies them: maps are merged, lists replaced, except those whose items have a key.
 * Source: sigs.k8s.io/kustomize/kyaml/yaml/merge2 and the merge keys of the Kubernetes API.
 */
import { type ArrayTree, at, type ObjectTree, type Tree } from "../../../sources/tree.ts";
import { wordAt } from "../values.ts";
import { withMember } from "./edit.ts";

/** The keys by which items of a list are told apart; the first one has to be there. */
const mergeKeys: Readonly<Record<string, readonly string[]>> = {
  containers: ["name"],
  initContainers: ["name"],
  ephemeralContainers: ["name"],
  volumes: ["name"],
  env: ["name"],
  volumeMounts: ["mountPath"],
  volumeDevices: ["devicePath"],
  imagePullSecrets: ["name"],
  secrets: ["name"],
  hostAliases: ["ip"],
  topologySpreadConstraints: ["topologyKey", "whenUnsatisfiable"],
};

/** Ports of a Service have another key than those of a container. */
function keysOf(list: string, path: readonly string[]): readonly string[] | undefined {
  if (list !== "ports") return mergeKeys[list];
  if (path.at(-1) === "containers[]" || path.at(-1) === "initContainers[]")
    return ["containerPort", "protocol"];
  return path.join("/") === "Service/spec" ? ["port", "protocol"] : undefined;
}

/** The groups whose lists have keys; objects of other kinds are merged as plain JSON. */
const groups = [
  "",
  "apps",
  "batch",
  "networking.k8s.io",
  "policy",
  "autoscaling",
  "rbac.authorization.k8s.io",
];

/** The object with a patch applied; undefined: the patch deletes it. */
export function mergePatch(
  base: ObjectTree,
  patch: ObjectTree,
  { kind, group }: { readonly kind: string; readonly group: string },
): ObjectTree | undefined {
  const merged = mergeObjects(base, patch, [groups.includes(group) ? kind : ""]);
  return merged?.kind === "object" ? merged : undefined;
}

function mergeObjects(base: ObjectTree, patch: ObjectTree, path: readonly string[]): Tree | undefined {
  const directive = wordAt(patch, "$patch");
  if (directive === "delete") return undefined;
  const own = withoutDirectives(patch);
  if (directive === "replace") return own;
  let result = base;
  for (const { key, keyAt, value } of own.members) {
    const before = at(result, [key]);
    result = withMember(result, key, mergeValues(before, value, key, path), keyAt);
  }
  return result;
}

function mergeValues(
  before: Tree | undefined,
  value: Tree,
  key: string,
  path: readonly string[],
): Tree | undefined {
  if (value.kind === "null") return undefined;
  if (value.kind === "object") {
    if (before?.kind === "object") return mergeObjects(before, value, [...path, key]);
    return mergeObjects({ ...value, members: [] }, value, [...path, key]);
  }
  const keys = path[0] === "" ? undefined : keysOf(key, path);
  if (value.kind === "array" && keys !== undefined)
    return mergeLists(before?.kind === "array" ? before : { ...value, items: [] }, value, keys, [
      ...path,
      `${key}[]`,
    ]);
  return value;
}

/** The items of the patch come first, in its order, each merged with its like; the others follow (kustomize prepends). */
function mergeLists(
  before: ArrayTree,
  patch: ArrayTree,
  keys: readonly string[],
  path: readonly string[],
): ArrayTree {
  const replaces = patch.items.some((item) => wordAt(item, "$patch") === "replace" && isDirectiveOnly(item));
  const items = patch.items.filter((item) => !isDirectiveOnly(item));
  if (replaces) return { ...patch, items };
  const rest = [...before.items];
  const first = items.flatMap((item): readonly Tree[] => {
    const index = rest.findIndex((other) => sameKeys(other, item, keys));
    const [other] = index < 0 ? [] : rest.splice(index, 1);
    if (item.kind !== "object") return [item];
    const own = other?.kind === "object" ? other : { ...item, members: [] };
    const merged = mergeObjects(own, item, path);
    return merged === undefined ? [] : [merged];
  });
  return { ...before, items: [...first, ...rest] };
}

function isDirectiveOnly(item: Tree): boolean {
  return item.kind === "object" && item.members.length === 1 && item.members[0]?.key === "$patch";
}

function sameKeys(left: Tree, right: Tree, [first = "", ...others]: readonly string[]): boolean {
  const own = wordAt(left, first);
  if (own === undefined || own !== wordAt(right, first)) return false;
  return others.every((key) => {
    const [one, other] = [wordAt(left, key), wordAt(right, key)];
    return one === other || (key === "protocol" && (one ?? "TCP") === (other ?? "TCP"));
  });
}

function withoutDirectives(patch: ObjectTree): ObjectTree {
  return { ...patch, members: patch.members.filter(({ key }) => !key.startsWith("$")) };
}
