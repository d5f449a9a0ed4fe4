/**
 * Service accounts: whose token a container is given, and what it opens.
 * Sources: kubernetes.io/docs/tasks/configure-pod-container/configure-service-account (the pod's word wins over that of the
 * ServiceAccount; both are silent: mounted); CIS Kubernetes Benchmark 5.1.5 and 5.1.6; NSA and CISA, Kubernetes Hardening
 * Guide 1.2, "Protecting Pod service account tokens".
 */
import type { ClusterToken } from "../../facts/facts.ts";
import { fromPlace, type Origin } from "../../facts/origin.ts";
import { type Maybe, unknown } from "../../facts/unknown.ts";
import type { Tree } from "../../sources/tree.ts";
import type { ToldToken } from "../model.ts";
import { configNamed } from "./configs.ts";
import { type Pod, sameNamespace, wordsAt } from "./pods.ts";
import type { Resource } from "./resources.ts";
import { type Rights, rightsOf } from "./rights.ts";
import { booleanAt, itemsAt, placeAt, placeOf, stringAt, valueAt, wordAt } from "./values.ts";

/** The token of a container, with the lines that give it. */
export function tokenOf(container: Tree, pod: Pod, resources: readonly Resource[]): ToldToken {
  const { name, at, known } = accountOf(pod);
  const account = resources.find(
    ({ kind, group, name: own, namespace }) =>
      kind === "ServiceAccount" && group === "" && own === name && sameNamespace(namespace, pod.namespace),
  );
  const mounted = mountOf(container, pod, account, resources);
  const holder = mounted.account ?? name;
  const rights = rightsOf({ name: holder, namespace: pod.namespace }, resources);
  const isMade = account !== undefined || holder !== name || name === "default";
  const level = levelOf(rights, holder, known, isMade);
  const token: ToldToken["token"] = {
    account: holder,
    mounted: mounted.value,
    rights: level,
    allows: rights.allows,
    where: rights.where,
    usedBy: userOf(pod),
  };
  const named = fromPlace(at, `the service account is ${holder}`);
  return {
    token,
    origins: {
      "/clusterToken/mounted": mounted.origins,
      "/clusterToken/rights": [...rights.origins, named],
    },
  };
}

/** `serviceAccount` is the older name of the same key. */
function accountOf(pod: Pod) {
  const key = ["serviceAccountName", "serviceAccount"].find((one) => valueAt(pod.spec, one) !== undefined);
  if (key === undefined) return { name: "default", at: startOf(pod), known: true };
  const name = stringAt(pod.spec, key);
  return typeof name === "string"
    ? { name: name === "" ? "default" : name, at: placeAt(pod.spec, key), known: true }
    : { name: wordAt(pod.spec, key) ?? "default", at: placeAt(pod.spec, key), known: false };
}

/** An account that somebody made has a purpose: without it the manifests do not tell which. */
function levelOf({ level }: Rights, name: string, known: boolean, isMade: boolean): ClusterToken["rights"] {
  if (!known) return unknown("input", "the name of the service account is not known");
  return level === "defaults" && !isMade
    ? unknown("input", `the service account ${name} and its roles are not part of the input`)
    : level;
}

interface Mount {
  readonly value: Maybe<boolean>;
  /** The account of a token that a Secret holds. */
  readonly account?: string;
  readonly origins: readonly Origin[];
}

function mountOf(
  container: Tree,
  pod: Pod,
  account: Resource | undefined,
  resources: readonly Resource[],
): Mount {
  const written = volumeMount(container, pod, resources);
  if (written !== undefined) return written;
  for (const tree of [pod.spec, account?.tree]) {
    const said = booleanAt(tree, "automountServiceAccountToken");
    if (tree !== undefined && said !== undefined)
      return { value: said, origins: [fromPlace(placeAt(tree, "automountServiceAccountToken"))] };
  }
  const origins: readonly Origin[] = [
    {
      kind: "absent",
      belongs: startOf(pod).at,
      by: "default of Kubernetes",
    },
  ];
  return { value: true, origins };
}

/** The line with which the pod begins: what is missing in it belongs beside it. */
function startOf({ spec }: Pod) {
  const [first] = spec.members;
  return placeOf(first?.keyAt ?? spec);
}

/** A token that the pod asks for by a volume of its own; one for another audience opens nothing of the cluster. */
function volumeMount(container: Tree, pod: Pod, resources: readonly Resource[]): Mount | undefined {
  const names = new Set(itemsAt(container, "volumeMounts").map((mount) => wordAt(mount, "name")));
  for (const volume of itemsAt(pod.spec, "volumes").filter((one) => names.has(wordAt(one, "name")))) {
    const projected = itemsAt(volume, "projected", "sources")
      .map((source) => valueAt(source, "serviceAccountToken"))
      .find((token) => token !== undefined && isForCluster(wordAt(token, "audience")));
    if (projected !== undefined)
      return { value: true, origins: [fromPlace(placeOf(projected), "a token of the cluster")] };
    const secret = configNamed("Secret", wordAt(volume, "secret", "secretName"), pod.namespace, resources);
    if (secret === undefined || wordAt(secret.tree, "type") !== "kubernetes.io/service-account-token")
      continue;
    const account = wordsAt(secret.tree, "metadata", "annotations").get("kubernetes.io/service-account.name");
    const at = valueAt(volume, "secret") ?? volume;
    return {
      value: true,
      ...(account === undefined ? {} : { account }),
      origins: [fromPlace(placeOf(at), "a token of the cluster that never ends")],
    };
  }
  const covering = itemsAt(container, "volumeMounts").find((mount) =>
    /^\/(?:var\/)?run\/secrets\/kubernetes\.io\/serviceaccount\/?$/u.test(wordAt(mount, "mountPath") ?? ""),
  );
  return covering && { value: false, origins: [fromPlace(placeOf(covering))] };
}

function isForCluster(audience: string | undefined): boolean {
  return audience === undefined || audience === "" || /^(?:https:\/\/)?kubernetes\.default/u.test(audience);
}

/** Programs that talk to the cluster, or log in elsewhere with the token; null where none is seen. */
function userOf({ annotations, containers }: Pod): string | null {
  if (annotations.get("vault.hashicorp.com/agent-inject") === "true") return "the agent of Vault";
  const found = containers.find(({ tree }) => {
    const words = [wordAt(tree, "image") ?? "", ...textsOf(tree, "command"), ...textsOf(tree, "args")];
    return words.some((word) => /\bkubectl\b|k8s-sidecar|k8s-wait-for|\bkubernetes\.default\b/u.test(word));
  });
  return found === undefined ? null : found.name;
}

function textsOf(tree: Tree, key: string): readonly string[] {
  return itemsAt(tree, key).flatMap((item) => wordAt(item) ?? []);
}
