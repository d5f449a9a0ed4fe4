/**
 * Traefik's own kinds of objects as the dynamic configuration that Traefik makes of them.
 * Source: doc.traefik.io, routing/providers/kubernetes-crd, and pkg/provider/kubernetes/crd of traefik/traefik.
 */
import type { ArrayTree, Member, ObjectTree, Tree } from "../../sources/tree.ts";
import { type Located, textAt } from "../../text/text.ts";
import { configNamed } from "./configs.ts";
import { objectTree, stringTree, withMember } from "./kustomize/edit.ts";
import { usersForTraefik } from "./login-secrets.ts";
import { sameNamespace } from "./pods.ts";
import type { Resource } from "./resources.ts";
import { portNamed } from "./services.ts";
import { itemsAt, membersAt, numberAt, placeOf, valueAt, wordAt } from "./values.ts";

const groups = ["traefik.io", "traefik.containo.us"];

/** What the objects tell Traefik. */
export interface TraefikObjects {
  /** As a file of the file provider would say it. */
  readonly tree: ObjectTree;
  /** The entry points that routers name, each with a port that a router there leads to and whether one encrypts. */
  readonly entryPoints: readonly UsedEntryPoint[];
  /** The first router. */
  readonly first: Resource;
}

/** An entry point as routers use it. */
export interface UsedEntryPoint {
  readonly name: string;
  readonly kind: "http" | "tcp";
  readonly encrypted: boolean;
  readonly port: number | undefined;
  readonly at: Located;
}

/** Puts the objects together; undefined where there is no router among them. */
export function traefikObjects(resources: readonly Resource[]): TraefikObjects | undefined {
  const own = resources.filter(({ group }) => groups.includes(group));
  const routed = own.filter(({ kind }) => kind === "IngressRoute" || kind === "IngressRouteTCP");
  const [first] = routed;
  if (first === undefined) return undefined;
  const parts = routed.map((route) => routersOf(route, resources));
  const section = (kind: "http" | "tcp", middleware: string): Member =>
    part(kind, first.tree, [
      part(
        "routers",
        first.tree,
        parts.flatMap((one) => (one.kind === kind ? one.routers : [])),
      ),
      part("services", first.tree, [
        ...parts.flatMap((one) => (one.kind === kind ? one.services : [])),
        ...(kind === "http" ? own.filter((one) => one.kind === "TraefikService").map(composed) : []),
      ]),
      part(
        "middlewares",
        first.tree,
        own.filter((one) => one.kind === middleware).map((one) => middlewareOf(one, resources)),
      ),
    ]);
  const options = own.filter(({ kind }) => kind === "TLSOption").map(optionOf);
  return {
    first,
    tree: objectTree(
      [
        section("http", "Middleware"),
        section("tcp", "MiddlewareTCP"),
        part("tls", first.tree, [part("options", first.tree, options)]),
      ],
      first.tree,
    ),
    entryPoints: parts.flatMap((one) => one.entryPoints),
  };
}

function part(key: string, at: Located, members: readonly Member[]): Member {
  return { key, keyAt: placeOf(at), value: objectTree(members, at) };
}

/** Names are told apart by their namespaces: "pacs-login". */
function fullName(namespace: string | undefined, name: string): string {
  return `${namespace ?? "default"}-${name}`;
}

function list(items: readonly Tree[], at: Located): ArrayTree {
  return { kind: "array", items, ...placeOf(at) };
}

function word(text: string, at: Located): Tree {
  return stringTree(textAt(text, placeOf(at)));
}

interface Routed {
  readonly kind: "http" | "tcp";
  readonly routers: readonly Member[];
  readonly services: readonly Member[];
  readonly entryPoints: readonly UsedEntryPoint[];
}

function routersOf(resource: Resource, resources: readonly Resource[]): Routed {
  const { tree, name, namespace } = resource;
  const kind = resource.kind === "IngressRouteTCP" ? "tcp" : "http";
  const tls = valueAt(tree, "spec", "tls") ?? nullTls(tree);
  const entryPoints = valueAt(tree, "spec", "entryPoints");
  const routes = itemsAt(tree, "spec", "routes");
  const made = routes.map((route, index): readonly [Member, readonly Member[]] => {
    const key = routes.length === 1 ? name : `${name}-${index + 1}`;
    const service = serviceOf(route, key, resource, resources);
    const members: readonly Member[] = [
      ...copied("rule", route, "match"),
      ...copied("priority", route, "priority"),
      ...copied("ruleSyntax", route, "syntax"),
      ...(entryPoints === undefined ? [] : [member("entryPoints", entryPoints)]),
      member("middlewares", middlewareNames(itemsAt(route, "middlewares"), namespace, route)),
      ...(service.name === undefined ? [] : [member("service", service.name)]),
      ...(tls === undefined ? [] : [member("tls", withOptionName(tls, namespace))]),
    ];
    const rule = valueAt(route, "match") ?? route;
    return [{ key, keyAt: placeOf(rule), value: objectTree(members, rule) }, service.members];
  });
  return {
    kind,
    routers: made.map(([router]) => router),
    services: made.flatMap(([, services]) => services),
    entryPoints: itemsAt(tree, "spec", "entryPoints").map((item) => ({
      name: wordAt(item) ?? "",
      kind,
      encrypted: tls !== undefined,
      port: portsIn(routes, resource, resources)[0],
      at: placeOf(item),
    })),
  };
}

/** `tls: {}`, and `tls:` with nothing behind it, which counts as well. */
function nullTls(tree: ObjectTree): Tree | undefined {
  const written = membersAt(tree, "spec").find(({ key }) => key === "tls");
  return written === undefined ? undefined : objectTree([], written.keyAt);
}

function member(key: string, value: Tree): Member {
  return { key, keyAt: placeOf(value), value };
}

function copied(key: string, tree: Tree, from: string): readonly Member[] {
  const value = valueAt(tree, from);
  return value === undefined ? [] : [member(key, value)];
}

function middlewareNames(items: readonly Tree[], namespace: string | undefined, at: Located): Tree {
  return list(
    items.map((item) => {
      const name = wordAt(item, "name") ?? "";
      const full = name.includes("@") ? name : fullName(wordAt(item, "namespace") ?? namespace, name);
      return word(full, valueAt(item, "name") ?? item);
    }),
    at,
  );
}

function withOptionName(tls: Tree, namespace: string | undefined): Tree {
  const options = valueAt(tls, "options");
  const name = wordAt(options, "name");
  if (tls.kind !== "object" || options === undefined || name === undefined) return tls;
  const full = name === "default" ? name : fullName(wordAt(options, "namespace") ?? namespace, name);
  return withMember(tls, "options", word(full, options));
}

interface MadeService {
  readonly name: Tree | undefined;
  readonly members: readonly Member[];
}

/** The Services behind a route share its load, each pod being as good as another. */
function serviceOf(
  route: Tree,
  key: string,
  { namespace }: Resource,
  resources: readonly Resource[],
): MadeService {
  const items = itemsAt(route, "services");
  const [first] = items;
  if (first === undefined) return { name: undefined, members: [] };
  if (wordAt(first, "kind") === "TraefikService") {
    const name = wordAt(first, "name") ?? "";
    const full = name.includes("@") ? name : fullName(wordAt(first, "namespace") ?? namespace, name);
    return { name: word(full, valueAt(first, "name") ?? first), members: [] };
  }
  const servers = items.map((item) => serverOf(item, namespace, resources));
  const name = fullName(namespace, key);
  const balancer = member("loadBalancer", objectTree([member("servers", list(servers, first))], first));
  return {
    name: word(name, first),
    members: [{ key: name, keyAt: placeOf(first), value: objectTree([balancer], first) }],
  };
}

function serverOf(item: Tree, namespace: string | undefined, resources: readonly Resource[]): Tree {
  const name = wordAt(item, "name") ?? "";
  const space = wordAt(item, "namespace") ?? namespace;
  const port = portOf(item, space, resources);
  const scheme = wordAt(item, "scheme") ?? "http";
  const at = placeOf(valueAt(item, "name") ?? item);
  const url =
    port === undefined
      ? `${scheme}://${name}.${space ?? "default"}`
      : `${scheme}://${name}.${space ?? "default"}:${port}`;
  return objectTree([member("url", word(url, at))], at);
}

function portOf(
  item: Tree,
  namespace: string | undefined,
  resources: readonly Resource[],
): number | undefined {
  const written = numberAt(item, "port");
  if (typeof written === "number") return written;
  const service = resources.find(
    (one) =>
      one.kind === "Service" && one.name === wordAt(item, "name") && sameNamespace(one.namespace, namespace),
  );
  const named = portNamed(service, wordAt(item, "port") ?? "");
  return typeof named === "number" ? named : undefined;
}

function portsIn(
  routes: readonly Tree[],
  { namespace }: Resource,
  resources: readonly Resource[],
): readonly number[] {
  return routes.flatMap((route) =>
    itemsAt(route, "services").flatMap(
      (item) => portOf(item, wordAt(item, "namespace") ?? namespace, resources) ?? [],
    ),
  );
}

/** A TraefikService chooses from others, or copies requests to them. */
function composed({ tree, name, namespace }: Resource): Member {
  const others = itemsAt(tree, "spec", "weighted", "services").map((item) =>
    objectTree(
      [
        member(
          "name",
          word(fullName(wordAt(item, "namespace") ?? namespace, wordAt(item, "name") ?? ""), item),
        ),
      ],
      item,
    ),
  );
  const value = objectTree(
    [member("weighted", objectTree([member("services", list(others, tree))], tree))],
    tree,
  );
  return { key: fullName(namespace, name), keyAt: placeOf(tree), value };
}

function optionOf({ tree, name, namespace }: Resource): Member {
  const spec = valueAt(tree, "spec") ?? objectTree([], tree);
  return { key: name === "default" ? name : fullName(namespace, name), keyAt: placeOf(spec), value: spec };
}

/** A middleware with the names of others and of Secrets put in. */
function middlewareOf(resource: Resource, resources: readonly Resource[]): Member {
  const { tree, name, namespace } = resource;
  const spec = valueAt(tree, "spec") ?? objectTree([], tree);
  const members = membersAt(spec).map((one): Member => {
    if (one.key === "chain") {
      const names = middlewareNames(itemsAt(one.value, "middlewares"), namespace, one.value);
      return { ...one, value: objectTree([member("middlewares", names)], one.value) };
    }
    if (one.key !== "basicAuth" && one.key !== "digestAuth") return one;
    return { ...one, value: withUsers(one.value, namespace, resources) };
  });
  return { key: fullName(namespace, name), keyAt: placeOf(tree), value: objectTree(members, spec) };
}

/** Users stand in a Secret: lines of htpasswd under any key, or a name with its password. */
function withUsers(value: Tree, namespace: string | undefined, resources: readonly Resource[]): Tree {
  const named = valueAt(value, "secret");
  if (value.kind !== "object" || named === undefined) return value;
  const secret = configNamed("Secret", wordAt(named), namespace, resources);
  // A file that nobody can read stands for users that are not known.
  if (secret === undefined) return withMember(value, "usersFile", word("", named));
  const lines = usersForTraefik(secret) ?? [];
  if (lines.length === 0) return withMember(value, "usersFile", word("", named));
  return withMember(value, "users", list(lines.map(stringTree), named));
}
