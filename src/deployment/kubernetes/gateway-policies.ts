/**
 * What stands around a rule of the Gateway API without being part of it: filters of a controller's own kind, policies that are
 * attached to routes and Gateways, and grants for backends of another namespace.
 * Sources: gateway-api.sigs.k8s.io, "Policy attachment" (GEP-713) and ReferenceGrant; gateway.envoyproxy.io/docs/api
 * (1.5): SecurityPolicy, HTTPRouteFilter; doc.traefik.io, Gateway API provider (3.3).
 */
import { type Maybe, unknown } from "../../facts/unknown.ts";
import type { Tree } from "../../sources/tree.ts";
import type { FrontRoute } from "./frontend.ts";
import { listed } from "./ingress-treatment.ts";
import { middlewareTreatmentOf } from "./middlewares.ts";
import { sameNamespace } from "./pods.ts";
import type { Resource } from "./resources.ts";
import { booleanAt, itemsAt, membersAt, placeOf, textValue, valueAt, wordAt } from "./values.ts";

/** A rule, and what it belongs to. */
export interface Governed {
  readonly route: Resource;
  readonly rule: Tree;
  readonly backends: readonly Tree[];
  readonly gateway: Resource | undefined;
  /** Name of the listener. */
  readonly section: string;
}

/** What they make of the rule's callers. */
export function gatewayTreatment(
  { route, rule, backends, gateway, section }: Governed,
  resources: readonly Resource[],
): Partial<FrontRoute> {
  const filters = [rule, ...backends]
    .flatMap((holder) => itemsAt(holder, "filters"))
    .filter((filter) => wordAt(filter, "type") === "ExtensionRef");
  const parts: readonly Partial<FrontRoute>[] = [
    byPolicies(route, wordAt(rule, "name"), gateway, section, resources),
    ...filters.map((filter) => extended(filter, route, resources)),
    ungranted(backends, route, resources),
  ];
  const asks = parts.find(({ login }) => typeof login === "string" && login !== "none");
  const unsure = parts.find(({ login }) => login !== undefined && login !== "none");
  return Object.assign({}, ...parts, unsure, asks);
}

/** A filter of the controller's own kind. */
function extended(filter: Tree, route: Resource, resources: readonly Resource[]): Partial<FrontRoute> {
  const reference = valueAt(filter, "extensionRef") ?? filter;
  const [kind = "", name = ""] = [wordAt(reference, "kind"), wordAt(reference, "name")];
  const found = resources.find(
    (one) => one.kind === kind && one.name === name && sameNamespace(one.namespace, route.namespace),
  );
  const at = placeOf(reference);
  if (found === undefined)
    return { login: unknown("input", `the ${kind} ${name} is not part of the input`, at), loginAt: [at] };
  if (kind === "Middleware") return middlewareTreatmentOf(found, resources);
  if (kind === "HTTPRouteFilter") {
    if (valueAt(found.tree, "spec", "directResponse") !== undefined) return { targets: [] };
    const injected = valueAt(found.tree, "spec", "credentialInjection");
    return injected === undefined ? {} : { suppliesLogin: true, suppliesAt: [placeOf(injected)] };
  }
  return { login: unknown("opaque", `the ${kind} ${name} may ask for a login`, at), loginAt: [at] };
}

/** Policies that have nothing to do with who gets in, by the names that controllers give them. */
const harmless =
  /^(?:BackendTLSPolicy|BackendTrafficPolicy|XBackendTrafficPolicy|BackendLBPolicy|ClientTrafficPolicy|ClientSettingsPolicy|UpstreamSettingsPolicy|ObservabilityPolicy|ProxySettingsPolicy|HealthCheckPolicy|GCPSessionAffinityPolicy|RateLimitPolicy|TokenRateLimitPolicy|TLSPolicy|DNSPolicy|TelemetryPolicy|LoadBalancerConfiguration|TargetGroupConfiguration|PodDisruptionBudget|HorizontalPodAutoscaler)$/u;

/** The policies of the route, else those of its Gateway: the nearer one takes the place of the other. */
function byPolicies(
  route: Resource,
  rule: string | undefined,
  gateway: Resource | undefined,
  section: string,
  resources: readonly Resource[],
): Partial<FrontRoute> {
  const policies = resources.filter(({ kind }) => !harmless.test(kind));
  const near = policies.filter((one) => aimsAt(one, route, rule));
  const far = gateway === undefined ? [] : policies.filter((one) => aimsAt(one, gateway, section));
  const [policy] = near.length > 0 ? near : far;
  if (policy === undefined) return {};
  if (policy.kind === "SecurityPolicy" && policy.group === "gateway.envoyproxy.io") return secured(policy);
  const at = placeOf(valueAt(policy.tree, "spec") ?? policy.tree);
  const why = `the ${policy.kind} ${policy.name} may ask for a login`;
  return { login: unknown("opaque", why, at), loginAt: [at] };
}

function aimsAt(policy: Resource, target: Resource, section: string | undefined): boolean {
  const one = valueAt(policy.tree, "spec", "targetRef");
  return [...itemsAt(policy.tree, "spec", "targetRefs"), ...(one === undefined ? [] : [one])].some(
    (reference) =>
      wordAt(reference, "kind") === target.kind &&
      wordAt(reference, "name") === target.name &&
      sameNamespace(policy.namespace, target.namespace) &&
      [undefined, section].includes(wordAt(reference, "sectionName")),
  );
}

const securityLogins: Readonly<Record<string, FrontRoute["login"]>> = {
  basicAuth: "basic",
  oidc: "oidc",
  jwt: "proxy",
  extAuth: "proxy",
  apiKeyAuth: "proxy",
};

/** Envoy Gateway's SecurityPolicy. */
function secured({ tree }: Resource): Partial<FrontRoute> {
  const spec = valueAt(tree, "spec");
  const asked = membersAt(spec).find(({ key }) => securityLogins[key] !== undefined);
  const optional = asked !== undefined && booleanAt(asked.value, "optional") === true;
  const login: Partial<FrontRoute> =
    asked === undefined || optional
      ? {}
      : { login: securityLogins[asked.key] ?? "proxy", loginAt: [placeOf(asked.value)] };
  return { ...login, ...authorized(valueAt(spec, "authorization")) };
}

/** Rules that let callers in by their addresses; whom no rule takes is refused unless the default is another. */
function authorized(authorization: Tree | undefined): Partial<FrontRoute> {
  if (authorization === undefined) return {};
  const at = placeOf(authorization);
  const rules = itemsAt(authorization, "rules");
  const refuses = (wordAt(authorization, "defaultAction") ?? "Deny") === "Deny";
  const byAddress = rules.every(
    (rule) =>
      wordAt(rule, "action") === "Allow" &&
      membersAt(rule, "principal").every(({ key }) => key === "clientCIDRs"),
  );
  if (!refuses || !byAddress) {
    const why: Maybe<never> = unknown("opaque", "rules of the Gateway decide who gets in", at);
    return { callers: why, callersAt: [at] };
  }
  if (rules.length === 0) return { callers: "nobody", callersAt: [at] };
  const ranges = rules.flatMap((rule) =>
    itemsAt(rule, "principal", "clientCIDRs").flatMap((item) => textValue(item)?.value ?? []),
  );
  return listed(ranges.join(","), at);
}

/** A Service of another namespace has to be granted there; a grant that is not part of the input may be in the cluster. */
function ungranted(
  backends: readonly Tree[],
  route: Resource,
  resources: readonly Resource[],
): Partial<FrontRoute> {
  const open = backends.find((backend) => {
    const space = wordAt(backend, "namespace");
    if (space === undefined || sameNamespace(space, route.namespace)) return false;
    return !resources.some((one) => one.kind === "ReferenceGrant" && grants(one, space, backend, route));
  });
  if (open === undefined) return {};
  const at = placeOf(valueAt(open, "namespace") ?? open);
  const why = `no ReferenceGrant of the input lets ${route.name} lead into the namespace ${wordAt(open, "namespace")}`;
  return { callers: unknown("input", why, at), callersAt: [at] };
}

function grants(grant: Resource, space: string, backend: Tree, route: Resource): boolean {
  if (!sameNamespace(grant.namespace, space)) return false;
  const from = itemsAt(grant.tree, "spec", "from").some(
    (one) => wordAt(one, "kind") === route.kind && sameNamespace(wordAt(one, "namespace"), route.namespace),
  );
  const to = itemsAt(grant.tree, "spec", "to").some(
    (one) =>
      wordAt(one, "kind") === "Service" && [undefined, wordAt(backend, "name")].includes(wordAt(one, "name")),
  );
  return from && to;
}
