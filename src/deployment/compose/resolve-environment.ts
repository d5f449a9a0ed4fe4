/** Values that Compose takes from its own environment by name: bare entries of `environment`, secrets and configs. */
import type { Tree } from "../../sources/tree.ts";
import { concat, insertedAt, placeOf, type Text, textAt } from "../../text/text.ts";
import type { Environment } from "./environment.ts";
import { holeOf, implied, mapMembers, printed, stringTree, valueAt, withMember } from "./trees.ts";

/** The key under which a secret's value from the environment is kept. */
export const secretValueKey = "x-#value";

/** The tree with what the environment holds; a name that it does not hold stays for later. */
export function resolveFromEnvironment(tree: Tree, environment: Environment): Tree {
  let result = tree;
  const change = (section: string, make: (value: Tree) => Tree): void => {
    const value = valueAt(result, section);
    if (result.kind === "object" && value?.kind === "object")
      result = withMember(result, section, mapMembers(value, make));
  };
  change("services", (service) => resolveService(service, environment));
  change("secrets", (secret) => resolveContent(secret, secretValueKey, environment));
  change("configs", (config) => resolveContent(config, "content", environment));
  return result;
}

function resolveService(service: Tree, environment: Environment): Tree {
  const list = valueAt(service, "environment");
  if (service.kind !== "object" || list?.kind !== "array") return service;
  const items = list.items.map((item) => {
    const value = item.kind === "string" ? environment.variables.get(item.text.value) : undefined;
    if (item.kind !== "string" || value === undefined) return item;
    const parts = [item.text, textAt("=", placeOf(item))];
    return stringTree(
      concat(value.value === "" ? parts : [...parts, insertedAt(value, placeOf(item))]),
      item,
    );
  });
  return withMember(service, "environment", { ...list, items });
}

function resolveContent(tree: Tree, key: string, environment: Environment): Tree {
  const source = valueAt(tree, "environment");
  const name = source === undefined ? undefined : printed(source);
  if (tree.kind !== "object" || source === undefined || name === undefined || holeOf(name) !== undefined)
    return tree;
  const value = environment.variables.get(name.value);
  if (value === undefined) return tree;
  const content: Text = value.value === "" ? textAt("", source) : insertedAt(value, placeOf(source));
  const member = implied(key, stringTree(content, source));
  return { ...tree, members: [...tree.members.filter((one) => one.key !== key), member] };
}
