/**
 * Gateways and the routes that are attached to them.
 * Source: gateway-api.sigs.k8s.io, API reference of gateway.networking.k8s.io/v1 (1.3): Gateway, HTTPRoute, GRPCRoute, TLSRoute,
 * TCPRoute, ListenerSet, ReferenceGrant; cloud.google.com/kubernetes-engine/docs/concepts/gateway-api and learn.microsoft.com,
 * "Application Gateway for Containers", for the classes whose load balancers have an address of the Internet.
 */
import { unknown } from "../../facts/unknown.ts";
import type { Tree } from "../../sources/tree.ts";
import type { FrontPath, FrontRoute, Rewrite } from "./frontend.ts";
import { attachment, hostsAt } from "./gateway-attachment.ts";
import { type Listener, listenerOf, unseenListener } from "./gateway-listeners.ts";
import { gatewayTreatment } from "./gateway-policies.ts";
import { sameNamespace } from "./pods.ts";
import type { Resource } from "./resources.ts";
import { itemsAt, numberAt, placeOf, valueAt, wordAt } from "./values.ts";
import { anyPath, frontRoute, serviceTarget, type Way } from "./ways/front.ts";

const group = "gateway.networking.k8s.io";
const routeKinds = ["HTTPRoute", "GRPCRoute", "TCPRoute", "TLSRoute"];

/** Kinds of object that have listeners. */
const parentKinds = ["Gateway", "ListenerSet", "XListenerSet"];

/** The Gateways, each with its routes; one that is named and not among the manifests too. */
export function gatewayWays(resources: readonly Resource[]): readonly Way[] {
  const isOurs = (one: Resource) => one.group === group || one.group === "gateway.networking.x-k8s.io";
  const gateways = resources.filter((one) => parentKinds.includes(one.kind) && isOurs(one));
  const routes = resources.filter((one) => routeKinds.includes(one.kind) && one.group === group);
  const known = gateways.map((gateway): Way => {
    const listeners = itemsAt(gateway.tree, "spec", "listeners").map((tree) => listenerOf(tree, gateway));
    const name = `gateway ${gateway.name}`;
    return {
      ...wayOf(name, gateway, listeners, routes, resources),
      reach: reachOf(gateway),
      problems: refusedRoutes(gateway, listeners, routes, resources),
    };
  });
  const unseen = new Map(
    routes.flatMap((route) =>
      parentsOf(route)
        .filter((parent) => !gateways.some((gateway) => isParent(parent, route, gateway)))
        .map((parent) => [wordAt(parent, "name") ?? "", route] as const),
    ),
  );
  return [
    ...known,
    ...[...unseen].map(([name, first]) =>
      wayOf(`gateway ${name}`, first, [unseenListener(name, first)], routes, resources),
    ),
  ];
}

const outer =
  /^(?:gke-l7-(?:global-external-managed|regional-external-managed|gxlb)(?:-mc)?|azure-alb-external)$/u;

function reachOf({ tree }: Resource): "network" | "internet" {
  const scheme = "service.beta.kubernetes.io/aws-load-balancer-scheme";
  const isFacing = wordAt(tree, "spec", "infrastructure", "annotations", scheme) === "internet-facing";
  return isFacing || outer.test(wordAt(tree, "spec", "gatewayClassName") ?? "") ? "internet" : "network";
}

/** What a route is attached to; a Service stands for the mesh inside the cluster. */
function parentsOf({ tree }: Resource): readonly Tree[] {
  return itemsAt(tree, "spec", "parentRefs").filter((parent) =>
    parentKinds.includes(wordAt(parent, "kind") ?? "Gateway"),
  );
}

function isParent(parent: Tree, route: Resource, gateway: Resource): boolean {
  return (
    (wordAt(parent, "kind") ?? "Gateway") === gateway.kind &&
    wordAt(parent, "name") === gateway.name &&
    sameNamespace(wordAt(parent, "namespace") ?? route.namespace, gateway.namespace)
  );
}

function wayOf(
  name: string,
  first: Resource,
  listeners: readonly Listener[],
  routes: readonly Resource[],
  resources: readonly Resource[],
): Way {
  const own = routes.flatMap((route) =>
    parentsOf(route)
      .filter((parent) =>
        first.kind === "Gateway" || parentKinds.includes(first.kind)
          ? isParent(parent, route, first)
          : `gateway ${wordAt(parent, "name")}` === name,
      )
      .flatMap((parent) =>
        listeners
          .filter(
            ({ id, gateway }) =>
              gateway === undefined || [undefined, id].includes(wordAt(parent, "sectionName")),
          )
          .filter(
            ({ port, gateway }) =>
              gateway === undefined || [undefined, port].includes(numberAt(parent, "port")),
          )
          .filter((listener) => fits(listener, route))
          .flatMap((listener) => routesAt(listener, route, resources)),
      ),
  );
  return {
    name,
    first,
    frontend: { controller: "gateway", listeners, routes: own },
    reach: "network",
    problems: [],
  };
}

/** Routes that name the Gateway and are taken by none of its listeners, of those that are there. */
function refusedRoutes(
  gateway: Resource,
  listeners: readonly Listener[],
  routes: readonly Resource[],
  resources: readonly Resource[],
): Way["problems"] {
  return routes.flatMap((route) =>
    parentsOf(route)
      .filter((parent) => isParent(parent, route, gateway))
      .filter(() => listeners.every((one) => attachment(one, route, resources) === "refused"))
      .map((parent) => ({
        kind: "unlinked" as const,
        message: `the Gateway ${gateway.name} takes no route of the kind and the namespace of ${route.name}: it leads nowhere by it`,
        where: placeOf(parent),
      })),
  );
}

/** Which kinds of route a protocol takes. */
function fits({ protocol, written }: Listener, { kind }: Resource): boolean {
  if (kind === "HTTPRoute" || kind === "GRPCRoute") return protocol === "http";
  if (protocol !== "tcp") return false;
  if (written === "") return true;
  return kind === "TLSRoute" ? written.startsWith("TLS") : written !== "TLS";
}

function routesAt(
  listener: Listener,
  route: Resource,
  resources: readonly Resource[],
): readonly FrontRoute[] {
  const attached = attachment(listener, route, resources);
  if (attached === "refused") return [];
  return hostsAt(listener.host, route).flatMap((host) =>
    itemsAt(route.tree, "spec", "rules").flatMap((rule) => {
      const matches = itemsAt(rule, "matches");
      return (matches.length === 0 ? [rule] : matches).map((match) => ({
        ...routeOf({ listener, route, rule, match, host, resources }),
        ...attached,
      }));
    }),
  );
}

/** A rule at a listener, for one of its hosts and one of its matches. */
interface Matched {
  readonly listener: Listener;
  readonly route: Resource;
  readonly rule: Tree;
  readonly match: Tree;
  readonly host: string;
  readonly resources: readonly Resource[];
}

/** A rule that redirects, or has no backend, leads nowhere, and takes its paths from the others all the same. */
function routeOf({ listener, route, rule, match, host, resources }: Matched): FrontRoute {
  const path = listener.protocol === "tcp" ? anyPath : pathOf(match, route);
  const redirects = filtersOf(rule, "RequestRedirect").length > 0;
  const backends = itemsAt(rule, "backendRefs").filter((one) => numberAt(one, "weight") !== 0);
  const method = route.kind === "HTTPRoute" ? wordAt(match, "method") : undefined;
  return frontRoute(listener, {
    name: route.name,
    host,
    path,
    ...(method === undefined ? {} : { methods: [method] }),
    at: placeOf(valueAt(match, "path", "value") ?? match),
    rewrite: rewriteOf(rule, path),
    targets: redirects ? [] : backends.map((backend) => targetOf(backend, route, resources)),
    targetAt: placeOf(backends[0] ?? rule),
    ...suppliesOf(rule),
    bodyLimit: unknown("opaque", "the Gateway has a limit of its own"),
    hsts: sendsHsts(rule) || unknown("opaque", "the Gateway decides about it"),
    ...(listener.validation === undefined
      ? {}
      : { login: "client-certificate", loginAt: [placeOf(listener.validation)] }),
    ...gatewayTreatment(
      { route, rule, backends, gateway: listener.gateway, section: listener.id },
      resources,
    ),
  });
}

/** The filters of a rule of one type. */
function filtersOf(rule: Tree, type: string): readonly Tree[] {
  return itemsAt(rule, "filters").filter((filter) => wordAt(filter, "type") === type);
}

const pathKinds: Readonly<Record<string, FrontPath["kind"]>> = {
  Exact: "exact",
  PathPrefix: "elements",
  RegularExpression: "regex",
};

/** Calls of gRPC have the path "/service/method". */
function pathOf(match: Tree, { kind: routeKind }: Resource): FrontPath {
  if (routeKind === "GRPCRoute") {
    const [service, method] = [wordAt(match, "method", "service"), wordAt(match, "method", "method")];
    return {
      kind: "elements",
      value: ["", service ?? "", method ?? ""].join("/").replace(/\/+$/u, "") || "/",
    };
  }
  const kind = pathKinds[wordAt(match, "path", "type") ?? "PathPrefix"] ?? "elements";
  return { kind, value: wordAt(match, "path", "value") ?? "/" };
}

function rewriteOf(rule: Tree, path: FrontPath): Rewrite {
  const [filter] = filtersOf(rule, "URLRewrite");
  const rewrite = valueAt(filter, "urlRewrite", "path");
  if (rewrite === undefined) return { kind: "none" };
  const whole = wordAt(rewrite, "replaceFullPath");
  if (whole !== undefined) return { kind: "replace", by: whole };
  const prefix = wordAt(rewrite, "replacePrefixMatch");
  return prefix === "/" || prefix === ""
    ? { kind: "strip", prefixes: [path.value] }
    : { kind: "unknown", reason: "the start of the path is replaced", at: placeOf(rewrite) };
}

function headersIn(filters: readonly Tree[], key: string): readonly Tree[] {
  return filters.flatMap((filter) => [...itemsAt(filter, key, "set"), ...itemsAt(filter, key, "add")]);
}

/** A header Authorization that is set for everybody. */
function suppliesOf(rule: Tree): Pick<FrontRoute, "suppliesLogin" | "suppliesAt"> {
  const filters = itemsAt(rule, "backendRefs").flatMap((backend) =>
    filtersOf(backend, "RequestHeaderModifier"),
  );
  const header = headersIn(
    [...filtersOf(rule, "RequestHeaderModifier"), ...filters],
    "requestHeaderModifier",
  ).find((one) => wordAt(one, "name")?.toLowerCase() === "authorization");
  return { suppliesLogin: header !== undefined, suppliesAt: header === undefined ? [] : [placeOf(header)] };
}

function sendsHsts(rule: Tree): boolean {
  return headersIn(filtersOf(rule, "ResponseHeaderModifier"), "responseHeaderModifier").some(
    (one) => wordAt(one, "name")?.toLowerCase() === "strict-transport-security",
  );
}

function targetOf(
  backend: Tree,
  route: Resource,
  resources: readonly Resource[],
): FrontRoute["targets"][number] {
  const at = placeOf(backend);
  const kind = wordAt(backend, "kind") ?? "Service";
  if (kind !== "Service") {
    const nowhere = unknown("opaque", `it leads to an object of the kind ${kind}, which is not read`, at);
    return { host: nowhere, port: nowhere };
  }
  const namespace = wordAt(backend, "namespace") ?? route.namespace;
  const reference = { name: wordAt(backend, "name") ?? "", namespace, port: numberAt(backend, "port"), at };
  return serviceTarget(reference, resources);
}
