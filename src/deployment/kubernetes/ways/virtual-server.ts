/**
 * VirtualServer, VirtualServerRoute, Policy and TransportServer of NGINX's own controller.
 * Source: docs.nginx.com/nginx-ingress-controller, release 5: "VirtualServer and VirtualServerRoute resources", "Policy
 * resources", "TransportServer resources", "GlobalConfiguration resource".
 */
import { type Maybe, unknown } from "../../../facts/unknown.ts";
import type { Tree } from "../../../sources/tree.ts";
import type { FrontListener, FrontPath, FrontRoute, Rewrite } from "../frontend.ts";
import { sameNamespace } from "../pods.ts";
import type { Resource } from "../resources.ts";
import { booleanAt, itemsAt, numberAt, placeAt, placeOf, textValue, valueAt, wordAt } from "../values.ts";
import {
  type Attached,
  anyPath,
  frontendOf,
  frontRoute,
  serviceTarget,
  usualListener,
  type Way,
} from "./front.ts";
import { policyTreatment } from "./virtual-server-policies.ts";

const group = "k8s.nginx.org";

/** The controller, for each class that the objects name. */
export function virtualServerWays(resources: readonly Resource[]): readonly Way[] {
  const own = resources.filter((one) => one.group === group);
  const served = own.filter(({ kind }) => kind === "VirtualServer" || kind === "TransportServer");
  const classOf = ({ tree }: Resource): string => wordAt(tree, "spec", "ingressClassName") ?? "nginx";
  return [...new Set(served.map(classOf))].flatMap((name): readonly Way[] => {
    const members = served.filter((one) => classOf(one) === name);
    const [first] = members;
    if (first === undefined) return [];
    const attached = members.flatMap((one) =>
      one.kind === "VirtualServer" ? virtualServer(one, resources) : transportServer(one, resources),
    );
    const problems = members.flatMap((one) => missingRoutes(one, own));
    const frontend = frontendOf("virtual-server", attached);
    return [{ name: `virtual servers ${name}`, first, frontend, reach: "network", problems }];
  });
}

/** A rule for paths, the object that it stands in, and what lies around it. */
interface Ruled {
  readonly server: Resource;
  readonly owner: Resource;
  readonly rule: Tree;
  readonly listeners: readonly FrontListener[];
  readonly resources: readonly Resource[];
}

function virtualServer(server: Resource, resources: readonly Resource[]): readonly Attached[] {
  const listeners = listenersOf(server, resources);
  return itemsAt(server.tree, "spec", "routes").flatMap((rule) => {
    const part = routeNamed(rule, server, resources);
    const rules = part === undefined ? [rule] : itemsAt(part.tree, "spec", "subroutes");
    const owner = part ?? server;
    return rules.flatMap((one) => attachedBy({ server, owner, rule: one, listeners, resources }));
  });
}

/** "namespace/name", or a name of the same namespace. */
function routeNamed(rule: Tree, server: Resource, resources: readonly Resource[]): Resource | undefined {
  const [name = "", space] = (wordAt(rule, "route") ?? "").split("/").toReversed();
  return resources.find(
    (one) =>
      one.kind === "VirtualServerRoute" &&
      one.group === group &&
      one.name === name &&
      sameNamespace(one.namespace, space ?? server.namespace),
  );
}

function missingRoutes(server: Resource, resources: readonly Resource[]): Way["problems"] {
  return itemsAt(server.tree, "spec", "routes")
    .filter(
      (rule) => valueAt(rule, "route") !== undefined && routeNamed(rule, server, resources) === undefined,
    )
    .map((rule) => ({
      kind: "unresolved",
      message: `the VirtualServerRoute ${wordAt(rule, "route") ?? ""} is not part of the input: where its paths lead is not judged`,
      where: placeOf(valueAt(rule, "route") ?? rule),
    }));
}

/** Without `tls` port 80 alone; with it both, unless plain requests are redirected. Listeners of one's own take their place. */
function listenersOf(server: Resource, resources: readonly Resource[]): readonly FrontListener[] {
  const spec = valueAt(server.tree, "spec");
  const tls = valueAt(spec, "tls");
  const own = valueAt(spec, "listener");
  const at = placeAt(server.tree, "spec", "host");
  const plain = usualListener("plain", at);
  const encrypted = usualListener("encrypted", placeOf(tls ?? server.tree));
  const redirects = booleanAt(tls, "redirect", "enable") === true;
  const custom = (listener: FrontListener, name: "http" | "https"): readonly FrontListener[] => {
    const named = valueAt(own, name);
    if (own !== undefined && named === undefined) return [];
    return named === undefined
      ? [listener]
      : [{ ...listener, port: globalPort(wordAt(named), named, resources) }];
  };
  return [
    ...(tls === undefined ? [] : custom(encrypted, "https")),
    ...(tls !== undefined && redirects ? [] : custom(plain, "http")),
  ];
}

/** The port of a listener of the GlobalConfiguration. */
function globalPort(name: string | undefined, at: Tree, resources: readonly Resource[]): Maybe<number> {
  const found = resources
    .filter((one) => one.kind === "GlobalConfiguration" && one.group === group)
    .flatMap(({ tree }) => itemsAt(tree, "spec", "listeners"))
    .find((listener) => wordAt(listener, "name") === name);
  return (
    numberAt(found, "port") ??
    unknown("input", `the listener ${name ?? ""} is not part of the input`, placeOf(at))
  );
}

/** What becomes of a request: of several possible ends those that lead to a server. */
function actionsOf(rule: Tree): readonly Tree[] {
  const splits = (tree: Tree): readonly Tree[] => itemsAt(tree, "splits");
  return [
    rule,
    ...splits(rule),
    ...itemsAt(rule, "matches").flatMap((match) => [match, ...splits(match)]),
  ].flatMap((holder) => valueAt(holder, "action") ?? []);
}

function attachedBy({ server, owner, rule, listeners, resources }: Ruled): readonly Attached[] {
  const actions = actionsOf(rule);
  const path = pathOf(wordAt(rule, "path") ?? "/");
  const treatment = policyTreatment(
    [
      ...itemsAt(rule, "policies").map((policy) => ({ policy, owner })),
      ...itemsAt(server.tree, "spec", "policies").map((policy) => ({ policy, owner: server })),
    ],
    resources,
  );
  const snippet = valueAt(rule, "location-snippets") ?? valueAt(server.tree, "spec", "server-snippets");
  return listeners.map((listener) => ({
    listener,
    route: frontRoute(listener, {
      name: owner.name,
      host: wordAt(server.tree, "spec", "host") ?? "",
      path,
      at: placeOf(valueAt(rule, "path") ?? rule),
      targets: actions.flatMap((action) => targetsOf(action, owner, resources)),
      targetAt: placeOf(actions[0] ?? rule),
      rewrite: rewriteOf(actions, path),
      ...suppliesOf(actions),
      bodyLimit: 1,
      // Headers are sent where `add-header` or a snippet says so.
      hsts: snippet === undefined ? false : unknown("opaque", "a snippet may send it", placeOf(snippet)),
      ...treatment,
      ...bySnippet(snippet, treatment),
    }),
  }));
}

/** Lines of nginx's own language may ask for a login where nothing else does. */
function bySnippet(snippet: Tree | undefined, treatment: Partial<FrontRoute>): Partial<FrontRoute> {
  const asks = /\b(?:auth_\w+|satisfy|allow|deny|return|access_by_lua\w*|if)\b/u.test(wordAt(snippet) ?? "");
  if (snippet === undefined || !asks || (treatment.login ?? "none") !== "none") return {};
  const why = unknown("opaque", "lines of nginx's own language decide who gets in", placeOf(snippet));
  return { login: why, loginAt: [placeOf(snippet)] };
}

/** "/pacs" is a prefix, "=/pacs" exact, "~ ^/pacs" a pattern. */
function pathOf(written: string): FrontPath {
  const [, sign = "", value = written] = /^(=|~\*?)\s*(.*)$/u.exec(written) ?? [];
  if (sign === "=") return { kind: "exact", value };
  return { kind: sign === "" ? "start" : "regex", value };
}

function targetsOf(
  action: Tree,
  { tree, namespace }: Resource,
  resources: readonly Resource[],
): FrontRoute["targets"] {
  const name = wordAt(action, "pass") ?? wordAt(action, "proxy", "upstream");
  if (name === undefined) return [];
  const upstream = itemsAt(tree, "spec", "upstreams").find((one) => wordAt(one, "name") === name);
  const at = placeOf(upstream ?? action);
  const service = wordAt(upstream, "service") ?? "";
  return [serviceTarget({ name: service, namespace, port: numberAt(upstream, "port"), at }, resources)];
}

function rewriteOf(actions: readonly Tree[], { value }: FrontPath): Rewrite {
  const rewrite = actions
    .map((action) => valueAt(action, "proxy", "rewritePath"))
    .find((one) => one !== undefined);
  if (rewrite === undefined) return { kind: "none" };
  if (wordAt(rewrite) === "/") return { kind: "strip", prefixes: [value] };
  return { kind: "unknown", reason: "the start of the path is replaced", at: placeOf(rewrite) };
}

/** A header Authorization that is set for everybody; one with a variable is made of the request. */
function suppliesOf(actions: readonly Tree[]): Partial<FrontRoute> {
  const header = actions
    .flatMap((action) => itemsAt(action, "proxy", "requestHeaders", "set"))
    .find((one) => wordAt(one, "name")?.toLowerCase() === "authorization");
  if (header === undefined) return {};
  const isMade = textValue(header, "value")?.value.includes("$") === true;
  const at = placeOf(header);
  return {
    suppliesLogin: isMade ? unknown("opaque", "the header is made of the request", at) : true,
    suppliesAt: [at],
  };
}

/** Connections as they are, by a port of the GlobalConfiguration, or by their name at port 443 (`tls-passthrough`). */
function transportServer(server: Resource, resources: readonly Resource[]): readonly Attached[] {
  const { tree, namespace } = server;
  if (wordAt(tree, "spec", "listener", "protocol") === "UDP") return [];
  const named = valueAt(tree, "spec", "listener", "name") ?? tree;
  const name = wordAt(tree, "spec", "listener", "name") ?? "";
  const port = name === "tls-passthrough" ? 443 : globalPort(name, named, resources);
  const tls = valueAt(tree, "spec", "tls") !== undefined;
  const listener = { id: `tcp-${name}`, port, tls, protocol: "tcp" as const, at: placeOf(named) };
  const action = valueAt(tree, "spec", "action") ?? tree;
  const upstream = itemsAt(tree, "spec", "upstreams").find(
    (one) => wordAt(one, "name") === wordAt(action, "pass"),
  );
  const at = placeOf(upstream ?? action);
  const target = { name: wordAt(upstream, "service") ?? "", namespace, port: numberAt(upstream, "port"), at };
  const route = frontRoute(listener, {
    name: server.name,
    host: wordAt(tree, "spec", "host") ?? "",
    path: anyPath,
    at: placeOf(named),
    targets: [serviceTarget(target, resources)],
    targetAt: at,
  });
  return [{ listener, route }];
}
