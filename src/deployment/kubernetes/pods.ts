/** Pods: what workloads start, container by container. */
import type { ObjectTree } from "../../sources/tree.ts";
import type { Resource } from "./resources.ts";
import { booleanAt, itemsAt, membersAt, textValue, valueAt, wordAt } from "./values.ts";

/** What a workload starts, once or many times. */
export interface Pod {
  readonly workload: Resource;
  readonly namespace: string | undefined;
  /** For selectors. */
  readonly labels: ReadonlyMap<string, string>;
  readonly annotations: ReadonlyMap<string, string>;
  readonly spec: ObjectTree;
  readonly containers: readonly PodContainer[];
}

/** One container of a pod. */
export interface PodContainer {
  readonly name: string;
  readonly tree: ObjectTree;
  /** It ends before the others start. */
  readonly initial: boolean;
}

/** Where workloads of each kind have their pod. */
const templates: Readonly<Record<string, readonly string[]>> = {
  Pod: [],
  Deployment: ["spec", "template"],
  StatefulSet: ["spec", "template"],
  DaemonSet: ["spec", "template"],
  ReplicaSet: ["spec", "template"],
  ReplicationController: ["spec", "template"],
  DeploymentConfig: ["spec", "template"],
  Job: ["spec", "template"],
  CronJob: ["spec", "jobTemplate", "spec", "template"],
};

/** The pods of the workloads among the objects. */
export function podsOf(resources: readonly Resource[]): readonly Pod[] {
  return resources.flatMap((resource): readonly Pod[] => {
    const path = templates[resource.kind];
    if (
      path === undefined ||
      !["", "apps", "batch", "extensions", "apps.openshift.io"].includes(resource.group)
    )
      return [];
    const template = valueAt(resource.tree, ...path);
    const spec = valueAt(template, "spec");
    if (spec?.kind !== "object") return [];
    return [
      {
        workload: resource,
        namespace: resource.namespace,
        labels: wordsAt(template, "metadata", "labels"),
        annotations: wordsAt(template, "metadata", "annotations"),
        spec,
        containers: [
          ...containersIn(spec, "initContainers", true),
          ...containersIn(spec, "containers", false),
        ],
      },
    ];
  });
}

function containersIn(spec: ObjectTree, key: string, initial: boolean): readonly PodContainer[] {
  return itemsAt(spec, key).flatMap((tree): readonly PodContainer[] => {
    if (tree.kind !== "object") return [];
    // An init container that is restarted runs beside the others (since Kubernetes 1.29).
    const isSidecar = initial && wordAt(tree, "restartPolicy") === "Always";
    return [{ name: wordAt(tree, "name") ?? "", tree, initial: initial && !isSidecar }];
  });
}

/** Keys and words of a map, such as labels. */
export function wordsAt(
  tree: Parameters<typeof membersAt>[0],
  ...path: readonly string[]
): ReadonlyMap<string, string> {
  return new Map(
    membersAt(tree, ...path).flatMap(({ key, value }): readonly (readonly [string, string])[] => {
      const text = textValue(value);
      return text === undefined ? [] : [[key, text.value]];
    }),
  );
}

/** Whether a label selector takes these labels; an empty one takes all (metav1.LabelSelector). */
export function selects(selector: ObjectTree, labels: ReadonlyMap<string, string>): boolean {
  const wanted = [...wordsAt(selector, "matchLabels")];
  return (
    wanted.every(([key, value]) => labels.get(key) === value) &&
    itemsAt(selector, "matchExpressions").every((expression) => {
      const own = labels.get(wordAt(expression, "key") ?? "");
      const values = itemsAt(expression, "values").map((value) => textValue(value)?.value);
      switch (wordAt(expression, "operator")) {
        case "In":
          return own !== undefined && values.includes(own);
        case "NotIn":
          return own === undefined || !values.includes(own);
        case "Exists":
          return own !== undefined;
        case "DoesNotExist":
          return own === undefined;
        default:
          return false;
      }
    })
  );
}

/** Whether a pod lives in the network of its node. */
export function onHostNetwork({ spec }: Pod): ReturnType<typeof booleanAt> {
  return booleanAt(spec, "hostNetwork");
}

/** Whether two objects are in one namespace; one that names none is applied where the others are. */
export function sameNamespace(left: string | undefined, right: string | undefined): boolean {
  return left === undefined || right === undefined || left === right;
}
