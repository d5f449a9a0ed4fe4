/**
 * Network policies: whom a pod takes connections from.
 * Sources: kubernetes.io/docs/concepts/services-networking/network-policies (1.31) and the reference of networking.k8s.io/v1
 * NetworkPolicy. Several policies add up; without `policyTypes` a policy is for what comes in; ports are those of the pod, of
 * TCP where nothing is said. What holds for pods in the network of their node is left to the plug-in: most take no notice.
 */

import { isUnknown, type Maybe, or, unknown } from "../../facts/unknown.ts";
import type { Tree } from "../../sources/tree.ts";
import { isKnown } from "../../text/text.ts";
import type { Admission } from "../model.ts";
import { labelsOf, namespaceNamed } from "./gateway-attachment.ts";
import { onHostNetwork, type Pod, sameNamespace, selects } from "./pods.ts";
import type { Resource } from "./resources.ts";
import { itemsAt, membersAt, numberAt, placeAt, placeOf, textValue, valueAt, wordAt } from "./values.ts";

/** A pod with its name among the services of the deployment. */
export type NamedPod = readonly [Pod, string];

/** The policies that hold for what a pod takes in. */
export function policiesOf(pod: Pod, resources: readonly Resource[]): readonly Resource[] {
  if (onHostNetwork(pod) === true) return [];
  return resources.filter((resource) => {
    if (resource.kind !== "NetworkPolicy" || resource.group !== "networking.k8s.io") return false;
    const types = itemsAt(resource.tree, "spec", "policyTypes").map((item) => textValue(item)?.value);
    if (types.length > 0 && !types.includes("Ingress")) return false;
    const selector = valueAt(resource.tree, "spec", "podSelector");
    const taken = selector === undefined || (selector.kind === "object" && selects(selector, pod.labels));
    return taken && sameNamespace(resource.namespace, pod.namespace);
  });
}

/** What the policies let in to a pod; undefined where none holds. */
export function admissionsOf(
  pod: Pod,
  pods: readonly NamedPod[],
  resources: readonly Resource[],
): readonly Admission[] | undefined {
  const policies = policiesOf(pod, resources);
  const foreign = onHostNetwork(pod) === true ? [] : foreignPolicies(pod, resources);
  if (policies.length === 0 && foreign.length === 0) return undefined;
  return [
    ...policies.flatMap((policy) =>
      itemsAt(policy.tree, "spec", "ingress").map(
        (rule): Admission => ({
          ports: portsOf(rule, pod),
          ...callersOf(rule, { policy, pods, resources }),
          at:
            rule.kind === "object" && rule.members.length === 0
              ? placeAt(policy.tree, "spec", "ingress")
              : placeOf(rule),
        }),
      ),
    ),
    ...foreign.map(unread),
  ];
}

/** Kinds of policy that other programs enforce, by the groups of their documentation. */
const foreignGroups: Readonly<Record<string, RegExp>> = {
  "cilium.io": /^Cilium(?:Clusterwide)?NetworkPolicy$/u,
  "projectcalico.org": /^(?:Staged)?(?:Global)?NetworkPolicy$/u,
  "crd.projectcalico.org": /^(?:Global)?NetworkPolicy$/u,
  "crd.antrea.io": /^(?:Cluster)?NetworkPolicy$/u,
  "policy.networking.k8s.io": /^(?:Baseline)?(?:Admin|Cluster)NetworkPolicy$/u,
};

/** Policies that are not read, as far as they may be for what a pod takes in: whom they keep out is not known. */
function foreignPolicies(pod: Pod, resources: readonly Resource[]): readonly Resource[] {
  return resources
    .filter(({ kind, group }) => foreignGroups[group]?.test(kind) === true)
    .filter(
      ({ kind, namespace }) =>
        /^(?:Cilium|Staged)?NetworkPolicy$/u.test(kind) === false || sameNamespace(namespace, pod.namespace),
    )
    .filter(({ tree }) => isForIncoming(tree) && mayTake(valueAt(tree, "spec", "endpointSelector"), pod));
}

/** One that speaks of what goes out alone leaves the rest as it is. */
function isForIncoming(tree: Tree): boolean {
  const types = itemsAt(tree, "spec", "types").map((item) => textValue(item)?.value);
  if (types.length > 0) return types.includes("Ingress");
  return valueAt(tree, "spec", "egress") === undefined || valueAt(tree, "spec", "ingress") !== undefined;
}

/** Whether a selector of Cilium may take a pod; one with labels of its own prefixes is not evaluated. */
function mayTake(selector: Tree | undefined, pod: Pod): boolean {
  if (selector?.kind !== "object") return true;
  const isPlain = membersAt(selector, "matchLabels").every(({ key }) => !key.includes(":"));
  return !isPlain || selects(selector, pod.labels);
}

function unread({ kind, name, tree }: Resource): Admission {
  const at = placeAt(tree, "metadata", "name");
  const why = unknown("opaque", `the ${kind} ${name} is not read: it may keep callers out`, at);
  return { ports: undefined, from: why, addresses: [], pods: why, others: why, at };
}

/** First and last port of TCP; undefined: all. */
function portsOf(rule: Tree, pod: Pod): Admission["ports"] {
  const ports = itemsAt(rule, "ports");
  if (ports.length === 0) return undefined;
  return ports
    .filter((port) => (wordAt(port, "protocol") ?? "TCP") === "TCP")
    .flatMap((port): readonly (readonly [number, number])[] => {
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

/** A policy, and what there is to choose from. */
interface Around {
  readonly policy: Resource;
  readonly pods: readonly NamedPod[];
  readonly resources: readonly Resource[];
}

type Callers = Pick<Admission, "from" | "addresses" | "pods" | "others">;

/** An empty list of callers lets in everybody. */
function callersOf(rule: Tree, around: Around): Callers {
  const peers = itemsAt(rule, "from");
  if (peers.length === 0) return { from: "anybody", addresses: [], pods: "all", others: true };
  const blocks = peers.flatMap((peer) => valueAt(peer, "ipBlock") ?? []);
  const texts = blocks.flatMap((block) => textValue(block, "cidr") ?? []);
  const open = texts.find((text) => !isKnown(text));
  const everybody = texts.some(({ value }) => /^(?:0\.0\.0\.0|::)\/0$/u.test(value));
  const wholly = blocks.some((block) => isWhole(block));
  const own = podsLetIn(peers, around);
  if (open !== undefined) {
    const why = unknown("input", "the addresses of a network policy are not known");
    return { from: why, addresses: [], ...own };
  }
  // Exceptions take some addresses out of all, and leave the others in.
  if (everybody) return { from: "anybody", addresses: [], ...(wholly ? { pods: "all", others: true } : own) };
  return texts.length > 0
    ? { from: "listed", addresses: texts.map(({ value }) => value), ...own }
    : { from: "pods", addresses: [], ...own };
}

function isWhole(block: Tree): boolean {
  const whole = /^(?:0\.0\.0\.0|::)\/0$/u.test(wordAt(block, "cidr") ?? "");
  return whole && itemsAt(block, "except").length === 0;
}

/** The pods of the input that selectors let in, and whether they may let in others, such as the controller of an Ingress. */
function podsLetIn(peers: readonly Tree[], around: Around): Pick<Admission, "pods" | "others"> {
  const { pods, policy } = around;
  const selected = pods.filter(([pod]) =>
    peers.some((peer) => valueAt(peer, "ipBlock") === undefined && takes(peer, pod, around)),
  );
  const chances = peers.map((peer): Maybe<boolean> => {
    const blocked = valueAt(peer, "ipBlock");
    const at = placeOf(peer);
    if (blocked !== undefined)
      return unknown(
        "opaque",
        `whether the addresses that ${policy.name} lets in are those of a controller`,
        at,
      );
    if (reachesOut(peer, policy)) return true;
    const why = `whether the controller is one of the pods that the network policy ${policy.name} lets in`;
    return unknown("input", why, at);
  });
  return { pods: selected.map(([, name]) => name), others: or(...chances) };
}

/** Whether a selector takes pods of another namespace than the policy's own: controllers have one of their own. */
function reachesOut(peer: Tree, { namespace }: Resource): boolean {
  const selector = valueAt(peer, "namespaceSelector");
  if (selector === undefined) return false;
  const own = wordAt(selector, "matchLabels", nameLabel);
  return own === undefined || own !== namespace;
}

const nameLabel = "kubernetes.io/metadata.name";

/** Whether a peer takes a pod; what is said of neither pods nor namespaces takes all of them. */
function takes(peer: Tree, pod: Pod, { policy, resources }: Around): boolean {
  const [space, own] = [valueAt(peer, "namespaceSelector"), valueAt(peer, "podSelector")];
  // Calls from the network of a node have the address of the node.
  if (onHostNetwork(pod) === true) return false;
  if (own !== undefined && !(own.kind === "object" && selects(own, pod.labels))) return false;
  if (space === undefined) return sameNamespace(pod.namespace, policy.namespace);
  if (space.kind !== "object") return false;
  const isEmpty = membersAt(space, "matchLabels").length + itemsAt(space, "matchExpressions").length === 0;
  const name = pod.namespace ?? policy.namespace;
  if (isEmpty || name === undefined || selects(space, labelsOf(name, resources))) return true;
  // Of a namespace that is not part of the input only the name is known.
  const byName = membersAt(space, "matchLabels").every(({ key }) => key === nameLabel);
  return !byName && namespaceNamed(name, resources) === undefined;
}
