/**
 * Network policies: whom a pod takes connections from.
 * Source: kubernetes.io/docs/concepts/services-networking/network-policies.
 */

import { isUnknown, unknown } from "../../facts/unknown.ts";
import type { Tree } from "../../sources/tree.ts";
import { isKnown } from "../../text/text.ts";
import type { Admission } from "../model.ts";
import { type Pod, sameNamespace, selects } from "./pods.ts";
import type { Resource } from "./resources.ts";
import { itemsAt, numberAt, placeAt, placeOf, textValue, valueAt, wordAt } from "./values.ts";

/** The policies that hold for what a pod takes in. */
export function policiesOf(pod: Pod, resources: readonly Resource[]): readonly Resource[] {
  return resources.filter((resource) => {
    if (resource.kind !== "NetworkPolicy" || resource.group !== "networking.k8s.io") return false;
    const types = itemsAt(resource.tree, "spec", "policyTypes").map((item) => textValue(item)?.value);
    if (types.length > 0 && !types.includes("Ingress")) return false;
    const selector = valueAt(resource.tree, "spec", "podSelector");
    const taken = selector === undefined || (selector.kind === "object" && selects(selector, pod.labels));
    return taken && sameNamespace(resource.namespace, pod.namespace);
  });
}

/** What the policies let in; undefined where none holds. */
export function admissionsOf(pod: Pod, policies: readonly Resource[]): readonly Admission[] | undefined {
  if (policies.length === 0) return undefined;
  return policies.flatMap(({ tree }) =>
    itemsAt(tree, "spec", "ingress").map(
      (rule): Admission => ({
        ports: portsOf(rule, pod),
        ...callersOf(rule),
        at:
          rule.kind === "object" && rule.members.length === 0
            ? placeAt(tree, "spec", "ingress")
            : placeOf(rule),
      }),
    ),
  );
}

function portsOf(rule: Tree, pod: Pod): Admission["ports"] {
  const ports = itemsAt(rule, "ports");
  if (ports.length === 0) return undefined;
  return ports.flatMap((port): readonly (readonly [number, number])[] => {
    const first = numberAt(port, "port") ?? named(pod, wordAt(port, "port"));
    if (first === undefined && valueAt(port, "port") !== undefined) return [];
    if (first === undefined || isUnknown(first)) return [[0, 65_535]];
    const last = numberAt(port, "endPort");
    return [[first, last === undefined || isUnknown(last) ? first : last]];
  });
}

function named(pod: Pod, name: string | undefined): ReturnType<typeof numberAt> {
  const port = pod.containers
    .flatMap(({ tree }) => itemsAt(tree, "ports"))
    .find((one) => wordAt(one, "name") === name);
  return numberAt(port, "containerPort");
}

/** An empty list of callers lets in everybody. */
function callersOf(rule: Tree): Pick<Admission, "from" | "addresses"> {
  const from = itemsAt(rule, "from");
  if (from.length === 0) return { from: "anybody", addresses: [] };
  const blocks = from.flatMap((peer) => textValue(peer, "ipBlock", "cidr") ?? []);
  const open = blocks.find((block) => !isKnown(block));
  if (open !== undefined)
    return { from: unknown("input", "the addresses of a network policy are not known"), addresses: [] };
  const everybody = from.some(
    (peer) =>
      /^(?:0\.0\.0\.0|::)\/0$/u.test(wordAt(peer, "ipBlock", "cidr") ?? "") &&
      itemsAt(peer, "ipBlock", "except").length === 0,
  );
  if (everybody) return { from: "anybody", addresses: [] };
  return blocks.length > 0
    ? { from: "listed", addresses: blocks.map(({ value }) => value) }
    : { from: "pods", addresses: [] };
}
