/**
 * What the roles of a cluster allow a service account, as far as the manifests show it.
 * Sources: kubernetes.io/docs/reference/access-authn-authz/rbac (who is bound, which rules match, user-facing roles);
 * kubernetes.io/docs/concepts/security/rbac-good-practices (what gives more away than it seems); k8s.io/kubernetes
 * pkg/registry/rbac/validation/rule.go (subjects without a namespace) and pkg/apis/rbac/v1/evaluation_helpers.go (matching).
 */
import { fromPlace, type Origin } from "../../facts/origin.ts";
import { type Maybe, unknown } from "../../facts/unknown.ts";
import type { Tree } from "../../sources/tree.ts";
import { selects, wordsAt } from "./pods.ts";
import { allowedBy, builtIn, everything, isReadable } from "./powers.ts";
import type { Resource } from "./resources.ts";
import { itemsAt, placeAt, placeOf, valueAt, wordAt } from "./values.ts";

/** A service account: its name, and the namespace of the pod that has its token; undefined: where it is applied to. */
export interface Account {
  readonly name: string;
  readonly namespace: string | undefined;
}

/** What an account may do. */
export interface Rights {
  /**
   * - `defaults`: what every account of a cluster may; `named`: resources that give nothing more away;
   * - `namespace`, `cluster`: Secrets, containers or roles of a namespace, of all of them.
   */
  readonly level: Maybe<"defaults" | "named" | "namespace" | "cluster">;
  /** Clauses behind "can": what gives more away, widest level only. */
  readonly allows: readonly string[];
  /** "in the whole cluster", "in the namespace pacs"; empty where nothing gives more away. */
  readonly where: string;
  readonly origins: readonly Origin[];
}

const rbac = "rbac.authorization.k8s.io";

/** Looks at all bindings of the manifests that take in the account. */
export function rightsOf(account: Account, resources: readonly Resource[]): Rights {
  const grants = resources
    .filter(({ kind, group }) => group === rbac && /^(?:Cluster)?RoleBinding$/u.test(kind))
    .filter((binding) => itemsAt(binding.tree, "subjects").some((one) => names(one, account, binding)))
    .map((binding) => grantOf(binding, account, resources));
  const wide = grants.filter(({ wholeCluster, allows }) => wholeCluster && allows.length > 0);
  const strong = wide.length > 0 ? wide : grants.filter(({ allows }) => allows.length > 0);
  const hidden = grants.find(({ unread }) => unread !== undefined);
  const told = strong.length > 0 ? strong : grants;
  return {
    level: levelOf(grants, wide, strong, hidden?.unread),
    allows: leading([...new Set(strong.flatMap(({ allows }) => allows))]),
    where: whereOf(strong),
    origins: told.flatMap(({ origins }) => origins),
  };
}

function levelOf(
  grants: readonly Grant[],
  wide: readonly Grant[],
  strong: readonly Grant[],
  unread: string | undefined,
): Rights["level"] {
  if (wide.length > 0) return "cluster";
  if (unread !== undefined) return unknown("input", unread);
  if (strong.length > 0) return "namespace";
  return grants.some(({ some }) => some) ? "named" : "defaults";
}

function whereOf(strong: readonly Grant[]): string {
  if (strong.length === 0) return "";
  if (strong.some(({ wholeCluster }) => wholeCluster)) return "in the whole cluster";
  const spaces = [...new Set(strong.flatMap(({ namespace }) => namespace ?? []))];
  return spaces.length === 0
    ? "in its namespace"
    : `in the namespace ${spaces.join(" and ").replaceAll("\uFFFC", "?")}`;
}

/** Who may do everything may do the rest. */
function leading(allows: readonly string[]): readonly string[] {
  return allows.includes(everything) ? [everything] : allows;
}

/** A ServiceAccount without a namespace is one of the binding's; groups and users of Kubernetes' own take in accounts as well. */
function names(subject: Tree, account: Account, binding: Resource): boolean {
  const name = wordAt(subject, "name") ?? "";
  const kind = wordAt(subject, "kind");
  if (kind === "ServiceAccount")
    return name === account.name && isSame(wordAt(subject, "namespace") ?? binding.namespace, account);
  const [system, which, space, own] = name.split(":");
  if (system !== "system") return false;
  if (kind === "User") return which === "serviceaccount" && own === account.name && isSame(space, account);
  if (kind !== "Group") return false;
  return (
    name === "system:authenticated" ||
    (which === "serviceaccounts" && (space === undefined || isSame(space, account)))
  );
}

/** Manifests that name no namespace are applied to any but those of the cluster itself. */
function isSame(namespace: string | undefined, account: Account): boolean {
  if (namespace === undefined) return true;
  if (account.namespace === undefined) return !/^kube-(?:system|public|node-lease)$/u.test(namespace);
  return namespace === account.namespace;
}

interface Grant {
  readonly wholeCluster: boolean;
  readonly namespace: string | undefined;
  readonly allows: readonly string[];
  /** It gives something at all beyond what every account has. */
  readonly some: boolean;
  /** Why what it gives is not known. */
  readonly unread: string | undefined;
  readonly origins: readonly Origin[];
}

function grantOf(binding: Resource, account: Account, resources: readonly Resource[]): Grant {
  const { tree, namespace } = binding;
  const name = wordAt(tree, "roleRef", "name") ?? "";
  const isClusterRole = wordAt(tree, "roleRef", "kind") !== "Role";
  const wholeCluster = binding.kind === "ClusterRoleBinding";
  const bound = fromPlace(
    placeAt(tree, "roleRef", "name"),
    `the role ${name} is given to the service account ${account.name}`,
  );
  const common = { wholeCluster, namespace };
  const role = resources.find(
    (one) =>
      one.group === rbac &&
      one.name === name &&
      (isClusterRole ? one.kind === "ClusterRole" : one.kind === "Role" && inSame(one, binding)),
  );
  const known = isClusterRole && role === undefined ? builtIn(name) : undefined;
  if (known !== undefined) return { ...common, ...known, unread: undefined, origins: [bound] };
  if (role === undefined) {
    const unread = `what the role ${name} allows is not part of the input`;
    return { ...common, allows: [], some: false, unread, origins: [bound] };
  }
  const rules = rulesOf(role, resources);
  const found = rules.map((rule) => ({ rule, allows: allowedBy(rule, wholeCluster) }));
  const strong = found.filter(({ allows }) => allows.length > 0);
  const open = rules.find((rule) => !isReadable(rule));
  return {
    ...common,
    allows: [...new Set(strong.flatMap(({ allows }) => allows))],
    some: rules.some((rule) => valueAt(rule, "resources") !== undefined),
    unread: open === undefined ? undefined : `part of the role ${name} is not known`,
    origins: [...strong.map(({ rule, allows }) => ruleOrigin(rule, allows)), bound],
  };
}

function ruleOrigin(rule: Tree, allows: readonly string[]): Origin {
  const at = rule.kind === "object" ? placeAt(rule, "resources") : placeOf(rule);
  return fromPlace(at, `it can ${allows.join(", ")}`);
}

function inSame(role: Resource, binding: Resource): boolean {
  return (
    role.namespace === undefined || binding.namespace === undefined || role.namespace === binding.namespace
  );
}

/** Of a role that is put together from others the rules of these. */
function rulesOf(role: Resource, resources: readonly Resource[]): readonly Tree[] {
  const selectors = itemsAt(role.tree, "aggregationRule", "clusterRoleSelectors");
  if (selectors.length === 0) return itemsAt(role.tree, "rules");
  return resources
    .filter(({ kind, group, tree }) => kind === "ClusterRole" && group === rbac && tree !== role.tree)
    .filter(({ tree }) => {
      const labels = wordsAt(tree, "metadata", "labels");
      return selectors.some((selector) => selector.kind === "object" && selects(selector, labels));
    })
    .flatMap(({ tree }) => itemsAt(tree, "rules"));
}
