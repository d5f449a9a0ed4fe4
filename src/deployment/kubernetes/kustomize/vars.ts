/**
 * `vars`: values of objects that are put in where "$(NAME)" stands; kustomize does it last, for all layers at once.
 * Source: sigs.k8s.io/kustomize/api/internal/accumulator and konfig/builtinpluginconsts/varreference.go.
 */
import type { Tree } from "../../../sources/tree.ts";
import { concat, slice, type Text } from "../../../text/text.ts";
import type { Problem } from "../../model.ts";
import { placeOf, scalarOf, valueAt, wordAt } from "../values.ts";
import { addedFields, type Configuration } from "./configuration.ts";
import { changeAt, stringTree } from "./edit.ts";
import { changeField, stepsOfField } from "./field-path.ts";
import { type Item, kindOf } from "./item.ts";
import { isSelected } from "./select.ts";

const pods: Readonly<Record<string, string>> = {
  Pod: "spec",
  Deployment: "spec/template/spec",
  StatefulSet: "spec/template/spec",
  DaemonSet: "spec/template/spec",
  ReplicaSet: "spec/template/spec",
  Job: "spec/template/spec",
  CronJob: "spec/jobTemplate/spec/template/spec",
};

const inContainer = ["args[]", "command[]", "env[]/value", "volumeMounts[]/mountPath", "image"];

const others: Readonly<Record<string, readonly string[]>> = {
  Ingress: ["spec/rules[]/host", "spec/tls[]/hosts[]", "spec/tls[]/secretName"],
  Service: ["spec/ports[]/port", "spec/ports[]/targetPort", "spec/loadBalancerIP"],
};

/** The objects with the variables put in. */
export function withVars(
  items: readonly Item[],
  vars: readonly Tree[],
  problems: Problem[],
  configuration: Configuration,
): readonly Item[] {
  if (vars.length === 0) return items;
  const values = new Map<string, Text>();
  for (const entry of vars) {
    const value = valueMeant(items, entry);
    if (value === undefined)
      problems.push({
        kind: "unresolved",
        message: "kustomize refuses this variable: what it stands for is not found",
        where: placeOf(entry),
      });
    else values.set(wordAt(entry, "name") ?? "", value);
  }
  return items.map((item) => filled(item, values, configuration));
}

function valueMeant(items: readonly Item[], entry: Tree): Text | undefined {
  const reference = valueAt(entry, "objref");
  const item = reference && items.find((one) => isSelected(one, reference));
  if (item === undefined) return undefined;
  let found: Tree | undefined;
  changeField(item.tree, stepsOfField(wordAt(entry, "fieldref", "fieldpath") ?? "metadata.name"), (own) => {
    found ??= own;
    return own;
  });
  return scalarOf(found);
}

function filled(item: Item, values: ReadonlyMap<string, Text>, configuration: Configuration): Item {
  const pod = pods[kindOf(item)];
  const ofPod =
    pod === undefined
      ? []
      : ["containers[]", "initContainers[]"].flatMap((list) =>
          inContainer.map((field) => `${pod}/${list}/${field}`),
        );
  let { tree } = item;
  const paths = [...ofPod, ...(others[kindOf(item)] ?? [])].map((path) => path.split("/"));
  const added = addedFields(configuration, "varReference", item).map(({ path }) => path);
  for (const path of [...paths, ...added]) {
    const next = changeAt(tree, path, (own) => own && withValues(own, values));
    if (next.kind === "object") tree = next;
  }
  return { ...item, tree };
}

function withValues(own: Tree, values: ReadonlyMap<string, Text>): Tree {
  if (own.kind !== "string") return own;
  const { text } = own;
  const parts: Text[] = [];
  let end = 0;
  for (const {
    0: { length },
    1: name = "",
    index,
  } of text.value.matchAll(/\$\(([\w.-]+)\)/gu)) {
    const value = values.get(name);
    if (value === undefined || text.value[index - 1] === "$") continue;
    parts.push(slice(text, end, index), value);
    end = index + length;
  }
  if (end === 0) return own;
  return stringTree(
    concat([...parts, slice(text, end, text.value.length)].filter(({ value }) => value !== "")),
  );
}
