/**
 * HTTPProxy objects of Contour.
 * Source: projectcontour.io/docs/1.30: virtual-hosts, tls-termination, tls-delegation, request-routing, inclusion-delegation,
 * path-rewriting, ip-filtering, client-authorization, jwt-verification, tcp-proxy.
 */
import { unknown } from "../../../facts/unknown.ts";
import type { Tree } from "../../../sources/tree.ts";
import type { FrontListener, FrontPath, FrontRoute, Rewrite } from "../frontend.ts";
import { listed } from "../ingress-treatment.ts";
import { sameNamespace } from "../pods.ts";
import type { Resource } from "../resources.ts";
import { booleanAt, itemsAt, numberAt, placeOf, valueAt, wordAt } from "../values.ts";
import {
  type Attached,
  anyPath,
  frontendOf,
  frontRoute,
  serviceTarget,
  usualListener,
  type Way,
} from "./front.ts";

/** Contour, where there are hosts of its kind: objects without one are parts of others. */
export function contourWays(resources: readonly Resource[]): readonly Way[] {
  const proxies = resources.filter((one) => one.kind === "HTTPProxy" && one.group === "projectcontour.io");
  const roots = proxies.filter(({ tree }) => valueAt(tree, "spec", "virtualhost") !== undefined);
  const [first] = roots;
  if (first === undefined) return [];
  const attached = roots.flatMap((root) => [
    ...connections(root, resources),
    ...parts(root, proxies).flatMap((part) => requests(root, part, resources)),
  ]);
  const problems = proxies.flatMap(({ tree, namespace }) =>
    itemsAt(tree, "spec", "includes")
      .filter((include) => includedBy(include, namespace, proxies) === undefined)
      .map((include) => ({
        kind: "unresolved" as const,
        message: `the HTTPProxy ${wordAt(include, "name") ?? ""} is not part of the input: where its paths lead is not judged`,
        where: placeOf(include),
      })),
  );
  return [{ name: "Contour", first, frontend: frontendOf("contour", attached), reach: "network", problems }];
}

/** A rule, the object that it stands in, and what the paths of it begin with. */
interface Part {
  readonly owner: Resource;
  readonly rule: Tree;
  readonly before: string;
}

/** The rules of a host: its own, and those of the objects that it includes, each behind the path of the inclusion. */
function parts(owner: Resource, proxies: readonly Resource[], before = "", depth = 0): readonly Part[] {
  const own = itemsAt(owner.tree, "spec", "routes").map((rule) => ({ owner, rule, before }));
  if (depth > 5) return own;
  const included = itemsAt(owner.tree, "spec", "includes").flatMap((include) => {
    const found = includedBy(include, owner.namespace, proxies);
    return found === undefined ? [] : parts(found, proxies, joined(before, prefixOf(include)), depth + 1);
  });
  return [...own, ...included];
}

function includedBy(
  include: Tree,
  namespace: string | undefined,
  proxies: readonly Resource[],
): Resource | undefined {
  const space = wordAt(include, "namespace") ?? namespace;
  return proxies.find((one) => one.name === wordAt(include, "name") && sameNamespace(one.namespace, space));
}

function prefixOf(tree: Tree): string {
  return itemsAt(tree, "conditions")
    .map((one) => wordAt(one, "prefix") ?? "")
    .reduce(joined, "");
}

function joined(before: string, after: string): string {
  return `${before}/${after}`.replaceAll(/\/{2,}/gu, "/").replace(/(?<=.)\/$/u, "");
}

/** Conditions on headers keep nobody out: a caller writes them. */
function pathOf(rule: Tree, before: string): FrontPath {
  const conditions = itemsAt(rule, "conditions");
  const word = (key: string): string | undefined =>
    conditions.map((one) => wordAt(one, key)).find((value) => value !== undefined);
  const exact = word("exact");
  if (exact !== undefined) return { kind: "exact", value: joined(before, exact) };
  const regex = word("regex");
  if (regex !== undefined) return { kind: "regex", value: `${before}${regex}` };
  return { kind: "start", value: joined(before, prefixOf(rule)) || "/" };
}

/** With a certificate plain requests are sent on to the encrypted port, unless a rule permits them. */
function listenersOf({ tree }: Resource, rule: Tree): readonly FrontListener[] {
  const tls = valueAt(tree, "spec", "virtualhost", "tls");
  const host = placeOf(valueAt(tree, "spec", "virtualhost", "fqdn") ?? tree);
  const plain = usualListener("plain", host);
  const isPassed = valueAt(tree, "spec", "tcpproxy") !== undefined;
  if (tls === undefined || isPassed) return [plain];
  const encrypted = usualListener("encrypted", placeOf(valueAt(tls, "secretName") ?? tls));
  const permitted = valueAt(rule, "permitInsecure");
  return permitted !== undefined && booleanAt(permitted) === true
    ? [encrypted, usualListener("plain", placeOf(permitted))]
    : [encrypted];
}

/** The routes of a rule; one that redirects or answers by itself leads nowhere. */
function requests(
  root: Resource,
  { owner, rule, before }: Part,
  resources: readonly Resource[],
): readonly Attached[] {
  const services = itemsAt(rule, "services").filter((one) => booleanAt(one, "mirror") !== true);
  const path = pathOf(rule, before);
  return listenersOf(root, rule).map((listener) => ({
    listener,
    route: frontRoute(listener, {
      name: owner.name,
      host: wordAt(root.tree, "spec", "virtualhost", "fqdn") ?? "",
      path,
      at: placeOf(itemsAt(rule, "conditions")[0] ?? rule),
      targets: services.map((service) => targetOf(service, owner, resources)),
      targetAt: placeOf(services[0] ?? rule),
      rewrite: rewriteOf(rule, path),
      ...callersOf(root, rule),
      ...loginOf(root, rule),
      ...suppliesOf(rule),
    }),
  }));
}

function targetOf(service: Tree, { namespace }: Resource, resources: readonly Resource[]) {
  const at = placeOf(service);
  const reference = { name: wordAt(service, "name") ?? "", namespace, port: numberAt(service, "port"), at };
  return serviceTarget(reference, resources);
}

/** `tcpproxy` takes the whole port: connections as they are, or what is left when the certificate's encryption ends here. */
function connections(root: Resource, resources: readonly Resource[]): readonly Attached[] {
  const proxy = valueAt(root.tree, "spec", "tcpproxy");
  if (proxy === undefined) return [];
  const tls = valueAt(root.tree, "spec", "virtualhost", "tls");
  const passed = booleanAt(tls, "passthrough") === true;
  const listener = { ...usualListener("passed", placeOf(tls ?? proxy)), tls: !passed };
  const services = itemsAt(proxy, "services");
  const route = frontRoute(listener, {
    name: root.name,
    host: wordAt(root.tree, "spec", "virtualhost", "fqdn") ?? "",
    path: anyPath,
    at: placeOf(proxy),
    targets: services.map((service) => targetOf(service, root, resources)),
    targetAt: placeOf(services[0] ?? proxy),
    ...callersOf(root, proxy),
  });
  return [{ listener, route }];
}

/** The rule's own list takes the place of the host's. A list of those who are kept out lets in everybody else. */
function callersOf({ tree }: Resource, rule: Tree): Partial<FrontRoute> {
  const own = [valueAt(rule, "ipAllowPolicy"), valueAt(rule, "ipDenyPolicy")];
  const isOwn = own.some((list) => list !== undefined);
  const list = isOwn ? own[0] : valueAt(tree, "spec", "virtualhost", "ipAllowPolicy");
  if (list === undefined) return {};
  const ranges = itemsAt(list).flatMap((one) => wordAt(one, "cidr") ?? []);
  return listed(ranges.join(","), placeOf(list));
}

/** A service of one's own, a token, or a certificate: asked for by the host, and switched off by a rule. */
function loginOf({ tree }: Resource, rule: Tree): Partial<FrontRoute> {
  const host = valueAt(tree, "spec", "virtualhost");
  const authorization = valueAt(host, "authorization");
  const disabled =
    booleanAt(rule, "authPolicy", "disabled") ?? booleanAt(authorization, "authPolicy", "disabled");
  if (authorization !== undefined && disabled !== true)
    return { login: "proxy", loginAt: [placeOf(authorization)] };
  const provider = itemsAt(host, "jwtProviders").find((one) => booleanAt(one, "default") === true);
  const policy = valueAt(rule, "jwtVerificationPolicy");
  const asks = valueAt(policy, "require") ?? (booleanAt(policy, "disabled") === true ? undefined : provider);
  if (asks !== undefined) return { login: "proxy", loginAt: [placeOf(asks)] };
  const validation = valueAt(host, "tls", "clientValidation");
  if (validation === undefined) return {};
  const loose = ["optionalClientCertificate", "skipClientCertValidation"].some(
    (key) => booleanAt(validation, key) === true,
  );
  return loose ? {} : { login: "client-certificate", loginAt: [placeOf(validation)] };
}

function rewriteOf(rule: Tree, { value }: FrontPath): Rewrite {
  const replaced = itemsAt(rule, "pathRewritePolicy", "replacePrefix");
  const [only, ...others] = replaced;
  if (only === undefined) return { kind: "none" };
  const prefix = wordAt(only, "prefix") ?? value;
  if (others.length === 0 && prefix === value && wordAt(only, "replacement") === "/")
    return { kind: "strip", prefixes: [prefix] };
  return { kind: "unknown", reason: "the start of the path is replaced", at: placeOf(only) };
}

/** A header Authorization that is set for everybody. */
function suppliesOf(rule: Tree): Partial<FrontRoute> {
  const header = itemsAt(rule, "requestHeadersPolicy", "set").find(
    (one) => wordAt(one, "name")?.toLowerCase() === "authorization",
  );
  if (header === undefined) return {};
  const value = wordAt(header, "value") ?? "";
  // A value such as %REQ(X)% is taken from the request.
  const supplies = /%/u.test(value)
    ? unknown("opaque", "the header is made of the request", placeOf(header))
    : true;
  return { suppliesLogin: supplies, suppliesAt: [placeOf(header)] };
}
