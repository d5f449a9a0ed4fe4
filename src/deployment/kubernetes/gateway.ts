/**
 * Gateways and the routes that are attached to them.
 * Source: gateway-api.sigs.k8s.io, API reference of gateway.networking.k8s.io/v1.
 */
import { type Maybe, unknown } from "../../facts/unknown.ts";
import type { Tree } from "../../sources/tree.ts";
import type { Frontend, FrontListener, FrontPath, FrontRoute, Rewrite } from "./frontend.ts";
import { sameNamespace } from "./pods.ts";
import type { Resource } from "./resources.ts";
import { namesOf } from "./services.ts";
import { itemsAt, numberAt, placeOf, textValue, valueAt, wordAt } from "./values.ts";

/** A Gateway, or the name of one that is not among the manifests. */
export interface GatewayGroup {
  readonly name: string;
  readonly frontend: Frontend;
  readonly first: Resource;
}

const group = "gateway.networking.k8s.io";
const routeKinds = ["HTTPRoute", "GRPCRoute", "TCPRoute", "TLSRoute"];

/** The Gateways, each with its routes. */
export function gatewayGroups(resources: readonly Resource[]): readonly GatewayGroup[] {
  const gateways = resources.filter((one) => one.kind === "Gateway" && one.group === group);
  const routes = resources.filter((one) => routeKinds.includes(one.kind) && one.group === group);
  const known = gateways.map((gateway): GatewayGroup => {
    const listeners = itemsAt(gateway.tree, "spec", "listeners").map(listenerOf);
    return {
      name: gateway.name,
      first: gateway,
      frontend: frontend(gateway.name, listeners, routes, resources),
    };
  });
  const named = new Set(gateways.map(({ name }) => name));
  const unseen = new Map(
    routes.flatMap((route) =>
      parentsOf(route)
        .map((parent) => wordAt(parent, "name") ?? "")
        .filter((name) => name !== "" && !named.has(name))
        .map((name) => [name, route] as const),
    ),
  );
  return [
    ...known,
    ...[...unseen].map(
      ([name, first]): GatewayGroup => ({
        name,
        first,
        frontend: frontend(name, [unseenListener(first)], routes, resources),
      }),
    ),
  ];
}

function parentsOf({ tree }: Resource): readonly Tree[] {
  return itemsAt(tree, "spec", "parentRefs").filter(
    (parent) => (wordAt(parent, "kind") ?? "Gateway") === "Gateway",
  );
}

/** A listener with what its routes may ask it for. */
interface Listener extends FrontListener {
  readonly host: string;
}

function listenerOf(tree: Tree): Listener {
  const protocol = wordAt(tree, "protocol") ?? "HTTP";
  const terminates = (wordAt(tree, "tls", "mode") ?? "Terminate") === "Terminate";
  const port = numberAt(tree, "port");
  return {
    id: wordAt(tree, "name") ?? protocol.toLowerCase(),
    port: typeof port === "number" ? port : 0,
    tls: protocol === "HTTPS" || (protocol === "TLS" && terminates),
    protocol: protocol === "TCP" || protocol === "TLS" ? "tcp" : "http",
    host: wordAt(tree, "hostname") ?? "",
    at: placeOf(valueAt(tree, "port") ?? tree),
  };
}

/** Nothing is known of a Gateway that somebody else keeps. */
function unseenListener({ tree, name }: Resource): Listener {
  const at = placeOf(valueAt(tree, "spec", "parentRefs") ?? tree);
  const tls: Maybe<boolean> = unknown("input", `the Gateway of ${name} is not part of the input`, at);
  return { id: "http", port: 80, tls, protocol: "http", host: "", at };
}

function frontend(
  name: string,
  listeners: readonly Listener[],
  routes: readonly Resource[],
  resources: readonly Resource[],
): Frontend {
  const own = routes.flatMap((route) =>
    parentsOf(route)
      .filter((parent) => wordAt(parent, "name") === name)
      .flatMap((parent) =>
        listeners
          .filter(({ id }) => [undefined, id].includes(wordAt(parent, "sectionName")))
          .filter(({ port }) => [undefined, port].includes(portOf(parent)))
          .filter((listener) => fits(listener, route))
          .flatMap((listener) => routesAt(listener, route, resources)),
      ),
  );
  return { controller: "gateway", listeners, routes: own };
}

function portOf(parent: Tree): number | undefined {
  const port = numberAt(parent, "port");
  return typeof port === "number" ? port : undefined;
}

function fits({ protocol }: Listener, { kind }: Resource): boolean {
  return (kind === "HTTPRoute" || kind === "GRPCRoute") === (protocol === "http");
}

function routesAt(
  listener: Listener,
  route: Resource,
  resources: readonly Resource[],
): readonly FrontRoute[] {
  const hosts = itemsAt(route.tree, "spec", "hostnames").map((item) => textValue(item)?.value ?? "");
  const rules = itemsAt(route.tree, "spec", "rules");
  return (hosts.length === 0 ? [listener.host] : hosts).flatMap((host) =>
    rules
      .filter((rule) => itemsAt(rule, "backendRefs").length > 0)
      .flatMap((rule) => {
        const matches = itemsAt(rule, "matches");
        return (matches.length === 0 ? [rule] : matches).map((match) =>
          routeOf({ listener, route, rule, match, host, resources }),
        );
      }),
  );
}

interface Matched {
  readonly listener: Listener;
  readonly route: Resource;
  readonly rule: Tree;
  readonly match: Tree;
  readonly host: string;
  readonly resources: readonly Resource[];
}

function routeOf({ listener, route, rule, match, host, resources }: Matched): FrontRoute {
  const path = pathOf(match);
  const extended = itemsAt(rule, "filters").find((filter) => wordAt(filter, "type") === "ExtensionRef");
  const shown = listener.protocol === "tcp" ? "connections" : `path ${path.value}`;
  return {
    id: `${route.name}/${listener.id}/${host}${path.value}`,
    label: [shown, ...(host === "" ? [] : [`(host ${host})`])].join(" "),
    listener: listener.id,
    protocol: listener.protocol,
    host,
    path,
    at: placeOf(valueAt(match, "path", "value") ?? match),
    rewrite: rewriteOf(rule, path),
    targets: itemsAt(rule, "backendRefs").map((backend) => targetOf(backend, route, resources)),
    targetAt: placeOf(itemsAt(rule, "backendRefs")[0] ?? rule),
    login:
      extended === undefined
        ? "none"
        : unknown("input", "a filter of the Gateway's own kind may ask for a login", placeOf(extended)),
    loginAt: extended === undefined ? [] : [placeOf(extended)],
    callers: "anybody",
    allowed: [],
    callersAt: [],
    ...suppliesOf(rule),
    bodyLimit: unknown("opaque", "the Gateway has a limit of its own"),
    hsts: unknown("opaque", "the Gateway decides about it"),
  };
}

const pathKinds: Readonly<Record<string, FrontPath["kind"]>> = {
  Exact: "exact",
  PathPrefix: "elements",
  RegularExpression: "regex",
};

function pathOf(match: Tree): FrontPath {
  const kind = pathKinds[wordAt(match, "path", "type") ?? "PathPrefix"] ?? "elements";
  return { kind, value: wordAt(match, "path", "value") ?? "/" };
}

function rewriteOf(rule: Tree, path: FrontPath): Rewrite {
  const filter = itemsAt(rule, "filters").find((one) => wordAt(one, "type") === "URLRewrite");
  const rewrite = valueAt(filter, "urlRewrite", "path");
  if (rewrite === undefined) return { kind: "none" };
  const whole = wordAt(rewrite, "replaceFullPath");
  if (whole !== undefined) return { kind: "replace", by: whole };
  const prefix = wordAt(rewrite, "replacePrefixMatch");
  return prefix === "/" || prefix === ""
    ? { kind: "strip", prefixes: [path.value] }
    : { kind: "unknown", reason: "the start of the path is replaced", at: placeOf(rewrite) };
}

/** A header Authorization that is set for everybody. */
function suppliesOf(rule: Tree): Pick<FrontRoute, "suppliesLogin" | "suppliesAt"> {
  const header = itemsAt(rule, "filters")
    .filter((filter) => wordAt(filter, "type") === "RequestHeaderModifier")
    .flatMap((filter) => [
      ...itemsAt(filter, "requestHeaderModifier", "set"),
      ...itemsAt(filter, "requestHeaderModifier", "add"),
    ])
    .find((one) => wordAt(one, "name")?.toLowerCase() === "authorization");
  return { suppliesLogin: header !== undefined, suppliesAt: header === undefined ? [] : [placeOf(header)] };
}

function targetOf(
  backend: Tree,
  route: Resource,
  resources: readonly Resource[],
): FrontRoute["targets"][number] {
  const name = wordAt(backend, "name") ?? "";
  const namespace = wordAt(backend, "namespace") ?? route.namespace;
  const service = resources.find(
    (one) => one.kind === "Service" && one.name === name && sameNamespace(one.namespace, namespace),
  );
  const [host = name] = namesOf({ name, namespace: service?.namespace ?? namespace });
  return {
    host,
    port: numberAt(backend, "port") ?? unknown("input", `the port of ${name} is not known`, placeOf(backend)),
  };
}
