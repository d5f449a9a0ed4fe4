/** Short forms made long, and defaults filled in; after compose-go's transform package (2.4). */
import type { Member, ObjectTree, Tree } from "../../sources/tree.ts";
import { concat, locate, placeOf, slice, type Text, textAt } from "../../text/text.ts";
import { below, type PatternNode, patterns } from "./pattern.ts";
import { readShortPort } from "./ports.ts";
import { type Report, refusal } from "./problems.ts";
import {
  arrayTree,
  booleanTree,
  implied,
  kindName,
  mapMembers,
  nullTree,
  objectTree,
  printed,
  stringTree,
  valueAt,
  withMember,
  withoutMember,
} from "./trees.ts";
import { readShortVolume } from "./volumes.ts";

interface Step {
  readonly node: PatternNode<Transformer> | undefined;
  readonly path: string;
  readonly report: Report;
}

type Transformer = (tree: Tree, step: Step) => Tree;

const canonicalRules: PatternNode<Transformer> = patterns<Transformer>({
  "services.*.build": transformBuild,
  "services.*.build.secrets.*": fileMount,
  "services.*.build.additional_contexts": keyValues,
  "services.*.build.ssh": keyValues,
  "services.*.depends_on": dependsOn,
  "services.*.env_file": envFiles,
  "services.*.networks": serviceNetworks,
  "services.*.volumes.*": volumeMount,
  "services.*.dns": singleToList,
  "services.*.gpus": allGpus,
  "services.*.label_file": singleToList,
  "services.*.post_start.*.environment": keyValues,
  "services.*.pre_stop.*.environment": keyValues,
  "services.*.devices.*": deviceMapping,
  "services.*.secrets.*": fileMount,
  "services.*.configs.*": fileMount,
  "services.*.ports": transformPorts,
  "volumes.*": maybeExternal,
  "networks.*": maybeExternal,
  "secrets.*": maybeExternal,
  "configs.*": maybeExternal,
});

const defaultRules: PatternNode<Transformer> = patterns<Transformer>({
  "services.*.build": (tree) => addDefault(tree, "context", "."),
  "services.*.secrets.*": secretTarget,
  "services.*.ports.*": (tree) => addDefault(addDefault(tree, "protocol", "tcp"), "mode", "ingress"),
  "services.*.deploy.resources.reservations.devices.*": deviceCount,
  "services.*.gpus.*": deviceCount,
});

/** The tree with every short form written out. */
export function canonical(tree: Tree, report: Report): Tree {
  return transform(tree, { node: canonicalRules, path: "", report });
}

/** The tree with what Compose adds where nothing is written. */
export function withDefaults(tree: Tree, report: Report): Tree {
  return transform(tree, { node: defaultRules, path: "", report });
}

function transform(tree: Tree, step: Step): Tree {
  if (step.node === undefined) return tree;
  return step.node.rule === undefined ? descend(tree, step) : step.node.rule(tree, step);
}

function descend(tree: Tree, { node, path, report }: Step): Tree {
  const deeper = (key: string): Step => ({
    node: below(node, key),
    path: path === "" ? key : `${path}.${key}`,
    report,
  });
  if (tree.kind === "object") return mapMembers(tree, (value, key) => transform(value, deeper(key)));
  if (tree.kind === "array")
    return { ...tree, items: tree.items.map((item) => transform(item, deeper("[]"))) };
  return tree;
}

/** The tree as it is, with a problem said about it. */
function refused(tree: Tree, step: Step, message: string): Tree {
  if (tree.kind !== "unknown") step.report(refusal("syntax", `${step.path}: ${message}`, tree));
  return tree;
}

function wrongType(tree: Tree, step: Step): Tree {
  return refused(tree, step, `a ${kindName(tree)} cannot stand here`);
}

function transformBuild(tree: Tree, step: Step): Tree {
  if (tree.kind === "object") return descend(tree, step);
  return tree.kind === "string" ? objectTree([implied("context", tree)], tree) : wrongType(tree, step);
}

function fileMount(tree: Tree, step: Step): Tree {
  if (tree.kind === "object") return tree;
  return tree.kind === "string" ? objectTree([implied("source", tree)], tree) : wrongType(tree, step);
}

/** `key=value` entries as a mapping. */
function keyValues(tree: Tree, step: Step): Tree {
  if (tree.kind !== "array") return tree.kind === "object" ? tree : wrongType(tree, step);
  const members = tree.items.flatMap((item): Member[] => {
    if (item.kind !== "string") return [];
    const { text } = item;
    const equals = text.value.indexOf("=");
    const end = equals < 0 ? text.value.length : equals;
    const value = equals < 0 ? nullTree(item) : stringTree(part(text, equals + 1, text.value.length), item);
    return [{ key: text.value.slice(0, end), keyAt: locate(text, 0, end), value }];
  });
  return objectTree([...new Map(members.map((one) => [one.key, one])).values()], tree);
}

/** A part of a text that keeps its place also when it is empty. */
export function part(text: Text, start: number, end: number): Text {
  return start === end ? textAt("", locate(text, start, end)) : slice(text, start, end);
}

function dependsOn(tree: Tree, step: Step): Tree {
  const complete = (one: Tree): Tree => {
    if (one.kind !== "object") return wrongType(one, step);
    const conditioned = withDefault(one, "condition", "service_started");
    return valueAt(conditioned, "required") === undefined
      ? withMember(conditioned, "required", booleanTree(true, one))
      : conditioned;
  };
  if (tree.kind === "object") return mapMembers(tree, complete);
  if (tree.kind !== "array") return wrongType(tree, step);
  const members = tree.items.map((item) => ({
    key: printed(item)?.value ?? "",
    keyAt: placeOf(item),
    value: complete(objectTree([], item)),
  }));
  return objectTree([...new Map(members.map((one) => [one.key, one])).values()], tree);
}

function envFiles(tree: Tree, step: Step): Tree {
  const complete = (one: Tree): Tree => {
    const long = one.kind === "string" ? objectTree([implied("path", one)], one) : one;
    if (long.kind !== "object") return wrongType(long, step);
    return valueAt(long, "required") === undefined
      ? withMember(long, "required", booleanTree(true, one))
      : long;
  };
  if (tree.kind === "array") return { ...tree, items: tree.items.map(complete) };
  return tree.kind === "string" ? arrayTree([complete(tree)], tree) : wrongType(tree, step);
}

function serviceNetworks(tree: Tree): Tree {
  if (tree.kind !== "array") return tree;
  const members = tree.items.map((item) => ({
    key: printed(item)?.value ?? "",
    keyAt: placeOf(item),
    value: nullTree(item),
  }));
  return objectTree([...new Map(members.map((one) => [one.key, one])).values()], tree);
}

function volumeMount(tree: Tree, step: Step): Tree {
  if (tree.kind === "object") return tree;
  if (tree.kind !== "string") return wrongType(tree, step);
  return (
    readShortVolume(tree.text, tree) ??
    refused(tree, step, `"${tree.text.value}" is no mount that Compose understands`)
  );
}

function singleToList(tree: Tree): Tree {
  const items = tree.kind === "string" ? [tree] : tree.kind === "array" ? tree.items : undefined;
  if (items === undefined) return tree;
  return arrayTree(
    items.filter((item) => item.kind !== "null" && !(item.kind === "string" && item.text.value === "")),
    tree,
  );
}

function deviceMapping(tree: Tree, step: Step): Tree {
  if (tree.kind === "object") return tree;
  if (tree.kind !== "string") return wrongType(tree, step);
  const { text } = tree;
  const bounds = [-1, ...[...text.value.matchAll(/:/g)].map((found) => found.index), text.value.length];
  if (bounds.length > 4) return refused(tree, step, `confusing device mapping: ${text.value}`);
  const parts = bounds.slice(1).map((end, index) => part(text, (bounds[index] ?? -1) + 1, end));
  const [source = text, target, permissions] = parts;
  const inside = target === undefined || target.value === "" ? source : target;
  const allowed = permissions ?? textAt("rwm", placeOf(tree));
  const all = { source, target: inside, permissions: allowed };
  return objectTree(
    Object.entries(all).map(([key, value]) =>
      implied(key, stringTree(value, locate(value, 0, value.value.length))),
    ),
    tree,
  );
}

/** Ranges become one port each; what goes beyond all ports of a host is left out, and refused. */
const maximumPorts = 70_000;

function transformPorts(tree: Tree, step: Step): Tree {
  if (tree.kind !== "array") return wrongType(tree, step);
  let count = 0;
  const items = tree.items.flatMap((item): readonly Tree[] => {
    if (count > maximumPorts) return [];
    if (item.kind === "object" || item.kind === "unknown") return [item];
    const text = item.kind === "string" || item.kind === "number" ? printed(item) : undefined;
    if (text === undefined) return [wrongType(item, step)];
    const read = readShortPort(text, item);
    if ("error" in read) return [refused(item, step, read.error)];
    count += read.ports.length;
    if (count > maximumPorts) refused(item, step, "these are more ports than a host has");
    return read.ports;
  });
  return { ...tree, items };
}

/** `external: {name: …}`, the form of old. */
function maybeExternal(tree: Tree, step: Step): Tree {
  const external = valueAt(tree, "external");
  if (tree.kind !== "object" || external?.kind !== "object") return tree;
  const old = valueAt(external, "name");
  const name = valueAt(tree, "name");
  const marked = withMember(tree, "external", booleanTree(true, external));
  if (old === undefined) return marked;
  if (name === undefined) return withMember(withoutMember(marked, "name"), "name", old);
  if (printed(old)?.value !== printed(name)?.value)
    refused(tree, step, "name and external.name conflict; only use name");
  return marked;
}

function addDefault(tree: Tree, key: string, value: string): Tree {
  return tree.kind === "object" ? withDefault(tree, key, value) : tree;
}

function withDefault(tree: ObjectTree, key: string, value: string): ObjectTree {
  if (valueAt(tree, key) !== undefined) return tree;
  return withMember(tree, key, stringTree(textAt(value, placeOf(tree)), tree));
}

function secretTarget(tree: Tree): Tree {
  const source = valueAt(tree, "source");
  const name = source === undefined ? undefined : printed(source);
  if (
    tree.kind !== "object" ||
    valueAt(tree, "target") !== undefined ||
    source === undefined ||
    name === undefined
  )
    return tree;
  const target = concat([textAt("/run/secrets/", placeOf(source)), name]);
  return withMember(tree, "target", stringTree(target, source));
}

/** `gpus: all` is one request for all of them. */
function allGpus(tree: Tree, step: Step): Tree {
  if (tree.kind !== "string") return descend(tree, step);
  return arrayTree([objectTree([], tree)], tree);
}

function deviceCount(tree: Tree): Tree {
  const given = valueAt(tree, "count") ?? valueAt(tree, "device_ids");
  return given === undefined ? addDefault(tree, "count", "all") : tree;
}
