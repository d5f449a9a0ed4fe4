/**
 * Which rules of a role give more away than their names tell.
 * Sources: kubernetes.io/docs/concepts/security/rbac-good-practices, section "Kubernetes RBAC - privilege escalation risks";
 * kubernetes.io/docs/reference/access-authn-authz/rbac, section "User-facing roles"; for how a rule is matched
 * k8s.io/kubernetes pkg/apis/rbac/v1/evaluation_helpers.go: a star stands for everything, "*\/exec" for a part of everything,
 * "pods/*" for nothing.
 */
import type { Tree } from "../../sources/tree.ts";
import { isKnown } from "../../text/text.ts";
import { itemsAt, scalarOf } from "./values.ts";

/** What is said of a rule of stars. */
export const everything = "do everything";

/** One way to something: verbs on resources of a group of the API. */
interface Way {
  readonly group: string;
  readonly resources: readonly string[];
  readonly verbs: readonly string[];
  /** These are no parts of a namespace: a Role gives nothing by them. */
  readonly ofCluster?: true;
}

const writing = ["create", "update", "patch"];
const roles = "rbac.authorization.k8s.io";

/** A clause behind "can", and the ways to it. */
const powers: readonly { readonly clause: string; readonly ways: readonly Way[] }[] = [
  {
    clause: "read every Secret",
    ways: [{ group: "", resources: ["secrets"], verbs: ["get", "list", "watch"] }],
  },
  {
    clause: "start containers of any kind",
    ways: [
      // Changing a pod gives its image away and little else: databases that lead themselves do so with their labels.
      { group: "", resources: ["pods"], verbs: ["create"] },
      { group: "", resources: ["replicationcontrollers"], verbs: writing },
      {
        group: "apps",
        resources: ["deployments", "statefulsets", "daemonsets", "replicasets"],
        verbs: writing,
      },
      { group: "batch", resources: ["jobs", "cronjobs"], verbs: writing },
      { group: "", resources: ["persistentvolumes"], verbs: ["create"], ofCluster: true },
    ],
  },
  {
    clause: "run commands in other containers",
    ways: [
      { group: "", resources: ["pods/exec", "pods/attach"], verbs: ["create", "get"] },
      { group: "", resources: ["pods/ephemeralcontainers"], verbs: ["update", "patch"] },
      { group: "", resources: ["nodes/proxy"], verbs: ["get", "create"], ofCluster: true },
    ],
  },
  {
    clause: "take the rights of others",
    ways: [
      { group: roles, resources: ["roles", "clusterroles"], verbs: ["escalate", "bind"] },
      { group: "", resources: ["serviceaccounts"], verbs: ["impersonate"] },
      { group: "", resources: ["users", "groups"], verbs: ["impersonate"], ofCluster: true },
      { group: "", resources: ["serviceaccounts/token"], verbs: ["create"] },
    ],
  },
];

/** The clauses that hold for whoever has a rule, in the whole cluster or in a namespace. */
export function allowedBy(rule: Tree, wholeCluster: boolean): readonly string[] {
  // Names of single objects are what a careful role has: it gives these and no others.
  if (itemsAt(rule, "resourceNames").length > 0) return [];
  const groups = wordsIn(rule, "apiGroups");
  const resources = wordsIn(rule, "resources");
  const verbs = wordsIn(rule, "verbs");
  if ([groups, resources, verbs].every((words) => words.includes("*"))) return [everything];
  const gives = ({ group, resources: wanted, verbs: needed, ofCluster }: Way): boolean =>
    (ofCluster === undefined || wholeCluster) &&
    (groups.includes("*") || groups.includes(group)) &&
    (verbs.includes("*") || needed.some((verb) => verbs.includes(verb))) &&
    wanted.some((resource) => takesIn(resources, resource));
  return powers.filter(({ ways }) => ways.some(gives)).map(({ clause }) => clause);
}

function takesIn(resources: readonly string[], resource: string): boolean {
  const part = resource.indexOf("/");
  return (
    resources.includes("*") ||
    resources.includes(resource) ||
    (part > 0 && resources.includes(`*${resource.slice(part)}`))
  );
}

function wordsIn(rule: Tree, key: string): readonly string[] {
  return itemsAt(rule, key).flatMap((item) => scalarOf(item)?.value ?? []);
}

/** Whether all of its words are known: a template may leave some open. */
export function isReadable(rule: Tree): boolean {
  return ["apiGroups", "resources", "verbs", "resourceNames"].every((key) =>
    itemsAt(rule, key).every((item) => {
      const text = scalarOf(item);
      return text !== undefined && isKnown(text);
    }),
  );
}

const ofNamespace: readonly string[] = powers.map(({ clause }) => clause);

/** Roles that every cluster has; the first ones are meant to be given to people. */
const known: Readonly<Record<string, readonly string[]>> = {
  "cluster-admin": [everything],
  admin: ofNamespace,
  edit: ofNamespace,
  view: [],
  "system:auth-delegator": [],
  "system:image-puller": [],
  "system:metrics-server": [],
  "system:monitoring": [],
};

/** Roles that every account has anyhow (kubernetes.io, "API discovery roles"). */
const ofEverybody = /^system:(?:basic-user|discovery|public-info-viewer|service-account-issuer-discovery)$/u;

/** What a role allows that Kubernetes brings along; undefined for others. */
export function builtIn(
  name: string,
): { readonly allows: readonly string[]; readonly some: boolean } | undefined {
  if (ofEverybody.test(name)) return { allows: [], some: false };
  const allows = known[name];
  return allows === undefined ? undefined : { allows, some: true };
}
