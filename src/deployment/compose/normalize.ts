/** What Compose adds to a merged project: the default network, names, implied dependencies; after compose-go's normalize.go (2.4). */
import type { Member, ObjectTree, Tree } from "../../sources/tree.ts";
import { concat, placeOf, type Text, textAt } from "../../text/text.ts";
import { type Environment, noEnvironment } from "./environment.ts";
import {
  booleanTree,
  implied,
  mapMembers,
  nullTree,
  objectTree,
  printed,
  stringTree,
  unknownTree,
  valueAt,
  withMember,
} from "./trees.ts";
import { cleaned } from "./volumes.ts";

/** The project with everything that Compose works out by itself. */
export function normalize(tree: ObjectTree, name: string | undefined, environment: Environment): ObjectTree {
  const services = valueAt(tree, "services");
  const normal =
    services?.kind === "object"
      ? withMember(
          tree,
          "services",
          mapMembers(services, (one) => normalizeService(one, environment)),
        )
      : tree;
  return nameResources(addDefaultNetwork(normal), name);
}

function normalizeService(tree: Tree, environment: Environment): Tree {
  if (tree.kind !== "object") return tree;
  let service: ObjectTree = tree;
  const change = (key: string, make: (value: Tree) => Tree): void => {
    const value = valueAt(service, key);
    if (value !== undefined) service = withMember(service, key, make(value));
  };
  change("pull_policy", (value) =>
    printed(value)?.value === "if_not_present" ? stringTree(textAt("missing", value), value) : value,
  );
  change("build", (value) => normalizeBuild(value, environment));
  change("environment", (value) => resolveBare(value, environment, true));
  change("volumes", (value) =>
    value.kind === "array" ? { ...value, items: value.items.map(cleanTarget) } : value,
  );
  return addDependencies(service);
}

function normalizeBuild(tree: Tree, environment: Environment): Tree {
  if (tree.kind !== "object") return tree;
  let build = tree;
  const written = valueAt(build, "dockerfile") ?? valueAt(build, "dockerfile_inline");
  if (written === undefined)
    build = withMember(build, "dockerfile", stringTree(textAt("Dockerfile", placeOf(tree)), tree));
  const args = valueAt(build, "args");
  return args === undefined ? build : withMember(build, "args", resolveBare(args, environment, false));
}

/** Names without a value get the one of the environment; without any they stay, or go. */
function resolveBare(tree: Tree, environment: Environment, keep: boolean): Tree {
  if (tree.kind === "object") {
    const members = tree.members.flatMap((one): Member[] => {
      if (one.value.kind !== "null") return [one];
      const value = inherited(one.key, one.keyAt, environment);
      if (value !== undefined) return [{ ...one, value }];
      return keep ? [one] : [];
    });
    return { ...tree, members };
  }
  if (tree.kind !== "array") return tree;
  const items = tree.items.flatMap((item): Tree[] => {
    if (item.kind !== "string" || item.text.value.includes("=")) return [item];
    const value = inherited(item.text.value, item, environment);
    const text = value === undefined ? undefined : printed(value);
    if (text !== undefined) return [stringTree(concat([item.text, textAt("=", placeOf(item)), text]), item)];
    return keep ? [item] : [];
  });
  return { ...tree, items };
}

function inherited(name: string, where: Tree | Member["keyAt"], environment: Environment): Tree | undefined {
  const value = environment.variables.get(name);
  if (value !== undefined) return stringTree(insertedText(value, where), where);
  return environment.complete
    ? undefined
    : unknownTree({ reason: `the variable ${name} is unknown: ${noEnvironment}` }, where);
}

function insertedText(value: Text, where: Member["keyAt"]): Text {
  const outer = [where.at, ...(where.via ?? [])];
  if (value.value === "") return textAt("", where);
  return {
    value: value.value,
    pieces: value.pieces.map((piece) => ({ ...piece, via: [...piece.via, ...outer] })),
  };
}

function cleanTarget(tree: Tree): Tree {
  const target = valueAt(tree, "target");
  if (tree.kind !== "object" || target?.kind !== "string") return tree;
  const clean = target.text.value === "" ? textAt(".", target) : cleaned(target.text);
  return withMember(tree, "target", stringTree(clean, target));
}

/** Links, shared namespaces and volumes of another service make it a dependency. */
function addDependencies(service: ObjectTree): ObjectTree {
  const written = valueAt(service, "depends_on");
  const members = new Map<string, Member>(
    written?.kind === "object" ? written.members.map((one) => [one.key, one]) : [],
  );
  const add = (name: string, where: Tree, restart: boolean): void => {
    if (members.has(name)) return;
    const condition = implied("condition", stringTree(textAt("service_started", where), where));
    const flags = [
      implied("restart", booleanTree(restart, where)),
      implied("required", booleanTree(true, where)),
    ];
    members.set(name, { key: name, keyAt: placeOf(where), value: objectTree([condition, ...flags], where) });
  };
  for (const [text, where] of textsOf(valueAt(service, "links"))) {
    const parts = text.split(":");
    add(parts.length === 2 ? (parts[0] ?? text) : text, where, true);
  }
  for (const key of ["network_mode", "ipc", "pid", "uts", "cgroup"]) {
    const value = valueAt(service, key);
    const text = value === undefined ? undefined : printed(value)?.value;
    if (value !== undefined && text?.startsWith("service:") === true)
      add(text.slice("service:".length), value, true);
  }
  for (const [text, where] of textsOf(valueAt(service, "volumes_from"))) {
    if (!text.startsWith("container:")) add(text.split(":", 1)[0] ?? text, where, false);
  }
  if (members.size === 0 || members.size === (written?.kind === "object" ? written.members.length : 0))
    return service;
  return withMember(service, "depends_on", objectTree([...members.values()], written ?? service));
}

function textsOf(tree: Tree | undefined): (readonly [string, Tree])[] {
  if (tree?.kind !== "array") return [];
  return tree.items.flatMap((item) => {
    const text = printed(item);
    return text === undefined ? [] : [[text.value, item] as const];
  });
}

/** A service that names no network is in `default`, which then exists. */
function addDefaultNetwork(tree: ObjectTree): ObjectTree {
  const services = valueAt(tree, "services");
  let user: Tree | undefined;
  const joined =
    services?.kind !== "object"
      ? undefined
      : mapMembers(services, (service) => {
          if (service.kind !== "object" || valueAt(service, "network_mode") !== undefined) return service;
          const networks = valueAt(service, "networks");
          const inDefault = valueAt(networks, "default") !== undefined;
          const none =
            networks === undefined ||
            networks.kind === "null" ||
            (networks.kind === "object" && networks.members.length === 0);
          if (none || inDefault) user ??= service;
          return none
            ? withMember(service, "networks", objectTree([implied("default", nullTree(service))], service))
            : service;
        });
  const normal = joined === undefined ? tree : withMember(tree, "services", joined);
  const networks = valueAt(normal, "networks");
  if (user === undefined || valueAt(networks, "default") !== undefined) return normal;
  const known = networks?.kind === "object" ? networks : objectTree([], user);
  return withMember(normal, "networks", withMember(known, "default", nullTree(user)));
}

/** Resources are named after the project and their key, external ones after their key alone. */
function nameResources(tree: ObjectTree, project: string | undefined): ObjectTree {
  let result = tree;
  for (const section of ["networks", "volumes", "configs", "secrets"]) {
    const resources = valueAt(result, section);
    if (resources?.kind !== "object") continue;
    const named = mapMembers(resources, (value, key) => {
      const resource = value.kind === "object" ? value : objectTree([], value);
      const given = valueAt(resource, "name");
      if (
        (value.kind !== "object" && value.kind !== "null") ||
        (given !== undefined && given.kind !== "null")
      )
        return value;
      return withMember(resource, "name", resourceName(resource, key, project));
    });
    result = withMember(result, section, named);
  }
  return result;
}

function resourceName(resource: ObjectTree, key: string, project: string | undefined): Tree {
  const external = valueAt(resource, "external");
  if (external?.kind === "unknown") return unknownTree(external.hole, resource);
  const isExternal = external?.kind === "boolean" && external.value;
  if (!isExternal && project === undefined)
    return unknownTree({ reason: "the name of the project is unknown" }, resource);
  return stringTree(textAt(isExternal ? key : `${project}_${key}`, resource), resource);
}
