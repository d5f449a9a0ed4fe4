/**
 * Gateways of Istio and the VirtualServices that are attached to them.
 * Source: istio.io, reference of networking.istio.io: Gateway, Virtual Service.
 */
import { type Maybe, unknown } from "../../facts/unknown.ts";
import type { Tree } from "../../sources/tree.ts";
import type { Frontend, FrontListener, FrontPath, FrontRoute } from "./frontend.ts";
import { sameNamespace } from "./pods.ts";
import type { Resource } from "./resources.ts";
import { namesOf } from "./services.ts";
import { itemsAt, numberAt, placeOf, textValue, valueAt, wordAt } from "./values.ts";
import type { Way } from "./ways/front.ts";

const group = "networking.istio.io";

/** The Gateways of Istio, each with its routes; one that is named and not among the manifests too. */
export function istioGroups(resources: readonly Resource[]): readonly Way[] {
  const gateways = resources.filter((one) => one.kind === "Gateway" && one.group === group);
  const services = resources.filter((one) => one.kind === "VirtualService" && one.group === group);
  const named = new Set(gateways.map(({ name }) => name));
  const known = gateways.map((gateway): Way => {
    const listeners = itemsAt(gateway.tree, "spec", "servers").map(listenerOf);
    const frontend = frontendOf(gateway.name, listeners, services, resources);
    return { name: `gateway ${gateway.name}`, first: gateway, frontend, reach: "network", problems: [] };
  });
  const unseen = new Map(
    services.flatMap((service) =>
      gatewaysOf(service)
        .filter((name) => !named.has(name))
        .map((name) => [name, service] as const),
    ),
  );
  return [
    ...known,
    ...[...unseen].map(([name, first]): Way => {
      const frontend = frontendOf(name, [unseenListener(first)], services, resources);
      return { name: `gateway ${name}`, first, frontend, reach: "network", problems: [] };
    }),
  ];
}

/** The gateways of a VirtualService; "mesh", and none, stand for the callers inside the cluster. */
function gatewaysOf({ tree }: Resource): readonly string[] {
  return itemsAt(tree, "spec", "gateways")
    .map((item) => (textValue(item)?.value ?? "").replace(/^.*\//u, ""))
    .filter((name) => name !== "" && name !== "mesh");
}

/** The encryption ends at the gateway unless the connection is passed through. */
function listenerOf(server: Tree): FrontListener {
  const protocol = (wordAt(server, "port", "protocol") ?? "HTTP").toUpperCase();
  const mode = wordAt(server, "tls", "mode");
  const port = numberAt(server, "port", "number");
  const ends = mode !== undefined && !/PASSTHROUGH/u.test(mode);
  return {
    id: wordAt(server, "port", "name") ?? protocol.toLowerCase(),
    port: port ?? unknown("input", "the port of the Gateway is not known", placeOf(server)),
    tls: ends && /^(?:HTTPS|TLS)$/u.test(protocol),
    protocol: /^(?:TCP|TLS|MONGO)$/u.test(protocol) ? "tcp" : "http",
    at: placeOf(valueAt(server, "port", "number") ?? server),
  };
}

function unseenListener({ tree, name }: Resource): FrontListener {
  const at = placeOf(valueAt(tree, "spec", "gateways") ?? tree);
  const tls: Maybe<boolean> = unknown("input", `the Gateway of ${name} is not part of the input`, at);
  return { id: "http", port: 80, tls, protocol: "http", at };
}

function frontendOf(
  name: string,
  listeners: readonly FrontListener[],
  services: readonly Resource[],
  resources: readonly Resource[],
): Frontend {
  const routes = services
    .filter((service) => gatewaysOf(service).includes(name))
    .flatMap((service) =>
      listeners.flatMap((listener) =>
        rulesOf(service, listener).flatMap((rule) => routesAt({ listener, service, rule, resources })),
      ),
    );
  return { controller: "gateway", listeners, routes };
}

function rulesOf({ tree }: Resource, { protocol }: FrontListener): readonly Tree[] {
  if (protocol === "http") return itemsAt(tree, "spec", "http");
  return [...itemsAt(tree, "spec", "tcp"), ...itemsAt(tree, "spec", "tls")];
}

interface Attached {
  readonly listener: FrontListener;
  readonly service: Resource;
  readonly rule: Tree;
  readonly resources: readonly Resource[];
}

function routesAt({ listener, service, rule, resources }: Attached): readonly FrontRoute[] {
  const backends = itemsAt(rule, "route");
  const matches = itemsAt(rule, "match").filter((match) => {
    const port = numberAt(match, "port");
    return typeof port !== "number" || port === listener.port;
  });
  if (backends.length === 0 || (matches.length === 0 && itemsAt(rule, "match").length > 0)) return [];
  const hosts = itemsAt(service.tree, "spec", "hosts").map((item) => textValue(item)?.value ?? "");
  return (hosts.length === 0 ? [""] : hosts).flatMap((named) =>
    (matches.length === 0 ? [rule] : matches).map((match): FrontRoute => {
      const host = named === "*" ? "" : named;
      const path = pathOf(match);
      const shown = listener.protocol === "tcp" ? "connections" : `path ${path.value}`;
      const rewrite = valueAt(rule, "rewrite", "uri");
      return {
        id: `${service.name}/${listener.id}/${host}${path.value}`,
        label: [shown, ...(host === "" ? [] : [`(host ${host})`])].join(" "),
        listener: listener.id,
        protocol: listener.protocol,
        host,
        path,
        at: placeOf(match),
        rewrite:
          rewrite === undefined
            ? { kind: "none" }
            : { kind: "unknown", reason: "the start of the path is replaced", at: placeOf(rewrite) },
        targets: backends.map((backend) => targetOf(backend, service, resources)),
        targetAt: placeOf(backends[0] ?? rule),
        ...loginOf(resources, match),
        callers: "anybody",
        allowed: [],
        callersAt: [],
        ...suppliesOf(rule),
        bodyLimit: unknown("opaque", "Istio's gateway has a limit of its own"),
        hsts: unknown("opaque", "Istio's gateway decides about it"),
      };
    }),
  );
}

function pathOf(match: Tree): FrontPath {
  const uri = valueAt(match, "uri");
  const exact = wordAt(uri, "exact");
  if (exact !== undefined) return { kind: "exact", value: exact };
  const regex = wordAt(uri, "regex");
  if (regex !== undefined) return { kind: "regex", value: regex };
  return { kind: "start", value: wordAt(uri, "prefix") ?? "/" };
}

/** Policies of Istio may ask for a token or refuse callers: which of them count here is not worked out. */
function loginOf(resources: readonly Resource[], match: Tree): Pick<FrontRoute, "login" | "loginAt"> {
  const policy = resources.find(
    ({ kind, group: of }) =>
      of === "security.istio.io" && /^(?:RequestAuthentication|AuthorizationPolicy)$/u.test(kind),
  );
  if (policy === undefined) return { login: "none", loginAt: [] };
  const at = placeOf(valueAt(policy.tree, "spec") ?? match);
  return {
    login: unknown("opaque", `the ${policy.kind} ${policy.name} may ask for a login`, at),
    loginAt: [at],
  };
}

/** A header Authorization that is set for everybody. */
function suppliesOf(rule: Tree): Pick<FrontRoute, "suppliesLogin" | "suppliesAt"> {
  const headers = ["set", "add"].map((verb) => valueAt(rule, "headers", "request", verb));
  const header = headers
    .flatMap((tree) => (tree?.kind === "object" ? tree.members : []))
    .find(({ key }) => key.toLowerCase() === "authorization");
  return {
    suppliesLogin: header !== undefined,
    suppliesAt: header === undefined ? [] : [placeOf(header.keyAt)],
  };
}

/** A destination is the name of a Service, short for one of the same namespace. */
function targetOf(
  backend: Tree,
  { namespace, name: owner }: Resource,
  resources: readonly Resource[],
): FrontRoute["targets"][number] {
  const full = wordAt(backend, "destination", "host") ?? "";
  const [name = full, space] = full.split(".");
  const where = space ?? namespace;
  const service = resources.find(
    (one) => one.kind === "Service" && one.name === name && sameNamespace(one.namespace, where),
  );
  const [host = full] = namesOf({ name, namespace: service?.namespace ?? where });
  const given = numberAt(backend, "destination", "port", "number") ?? onlyPort(service);
  return {
    host,
    port: given ?? unknown("input", `the port to which ${owner} leads is not known`, placeOf(backend)),
  };
}

/** A destination without a port needs a Service with one alone. */
function onlyPort(service: Resource | undefined): Maybe<number> | undefined {
  const [port, ...more] = service === undefined ? [] : itemsAt(service.tree, "spec", "ports");
  return port === undefined || more.length > 0 ? undefined : numberAt(port, "port");
}
