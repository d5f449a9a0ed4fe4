/** Ingresses: one proxy for each class of controller, with the rules of all Ingresses of that class. */
import type { Maybe } from "../../facts/unknown.ts";
import { unknown } from "../../facts/unknown.ts";
import type { Tree } from "../../sources/tree.ts";
import type { Located } from "../../text/text.ts";
import type { Controller, Frontend, FrontListener, FrontPath, FrontRoute } from "./frontend.ts";
import { annotationsOf, treatedBy } from "./ingress-annotations.ts";
import type { Annotated, Treated } from "./ingress-treatment.ts";
import { sameNamespace, wordsAt } from "./pods.ts";
import type { Resource } from "./resources.ts";
import { namesOf, portNamed } from "./services.ts";
import { itemsAt, numberAt, placeAt, placeOf, textValue, valueAt, wordAt } from "./values.ts";

/** The Ingresses of one class. */
export interface IngressGroup {
  /** "nginx", or "ingress" where no class is named. */
  readonly name: string;
  readonly controller: Controller;
  readonly frontend: Frontend;
  readonly first: Resource;
  readonly members: readonly Resource[];
}

const groups = ["networking.k8s.io", "extensions"];

/** The proxies that the Ingresses stand for. */
export function ingressGroups(resources: readonly Resource[]): readonly IngressGroup[] {
  const ingresses = resources.filter(({ kind, group }) => kind === "Ingress" && groups.includes(group));
  const classes = new Map<string, Resource[]>();
  for (const ingress of ingresses) {
    const name = classOf(ingress, resources);
    classes.set(name, [...(classes.get(name) ?? []), ingress]);
  }
  return [...classes].flatMap(([name, members]): readonly IngressGroup[] => {
    const [first] = members;
    if (first === undefined) return [];
    const controller = controllerOf(name, members);
    return [{ name, controller, frontend: frontendOf(members, controller, resources), first, members }];
  });
}

/** The class that is named, or the one that an IngressClass makes the default. */
function classOf({ tree }: Resource, resources: readonly Resource[]): string {
  const written =
    wordAt(tree, "spec", "ingressClassName") ??
    wordsAt(tree, "metadata", "annotations").get("kubernetes.io/ingress.class");
  if (written !== undefined && written !== "") return written;
  const usual = resources.find(
    (one) =>
      one.kind === "IngressClass" &&
      wordsAt(one.tree, "metadata", "annotations").get("ingressclass.kubernetes.io/is-default-class") ===
        "true",
  );
  return usual?.name ?? "ingress";
}

/** Told by the name of the class, else by whose annotations are used. */
function controllerOf(name: string, members: readonly Resource[]): Controller {
  if (/nginx/iu.test(name)) return "nginx";
  if (/traefik/iu.test(name)) return "traefik";
  if (/haproxy/iu.test(name)) return "haproxy";
  const cloud = clouds.find(([pattern]) => pattern.test(name));
  if (cloud !== undefined) return cloud[1];
  if (name !== "ingress") return "other";
  const annotations = members.flatMap(({ tree }) => [...wordsAt(tree, "metadata", "annotations").keys()]);
  if (annotations.some((key) => key.startsWith("nginx.ingress.kubernetes.io/"))) return "nginx";
  if (annotations.some((key) => key.startsWith("traefik.ingress.kubernetes.io/"))) return "traefik";
  if (annotations.some((key) => /^haproxy(?:\.org|-ingress\.github\.io)\//u.test(key))) return "haproxy";
  if (annotations.some((key) => key.startsWith("alb.ingress.kubernetes.io/"))) return "alb";
  return annotations.some((key) => key.startsWith("appgw.ingress.kubernetes.io/")) ? "azure" : "other";
}

/** Classes of controllers that are no servers of the cluster. */
const clouds: readonly (readonly [RegExp, Controller])[] = [
  [/^alb$/u, "alb"],
  [/^gce(?:-internal)?$/u, "gce"],
  [/azure.application-gateway/u, "azure"],
  [/^tailscale$/u, "tailscale"],
  [/^cloudflare-tunnel$/u, "cloudflare"],
];

function frontendOf(
  members: readonly Resource[],
  controller: Controller,
  resources: readonly Resource[],
): Frontend {
  const routes = members.flatMap((ingress) => routesOf(ingress, controller, resources));
  const listeners = new Map(routes.map(({ listener }) => [listener.id, listener]));
  return { controller, listeners: [...listeners.values()], routes: routes.map(({ route }) => route) };
}

interface Found {
  readonly listener: FrontListener;
  readonly route: FrontRoute;
}

function routesOf(
  ingress: Resource,
  controller: Controller,
  resources: readonly Resource[],
): readonly Found[] {
  const annotated = annotationsOf(ingress);
  const treated = treatedBy(annotated, controller, ingress, resources);
  return rulesOf(ingress).flatMap((rule) =>
    listenersFor(rule.host, ingress, controller, annotated, treated).map((listener) => ({
      listener,
      route: routeOf(rule, listener, treated, { ingress, resources, annotated, controller }),
    })),
  );
}

interface Rule {
  readonly host: string;
  readonly path: string;
  readonly pathType: string;
  readonly backend: Tree;
  readonly at: Located;
}

function rulesOf({ tree }: Resource): readonly Rule[] {
  const fallback = valueAt(tree, "spec", "defaultBackend") ?? valueAt(tree, "spec", "backend");
  const rules = itemsAt(tree, "spec", "rules").flatMap((rule) =>
    itemsAt(rule, "http", "paths").flatMap((path): readonly Rule[] => {
      const backend = valueAt(path, "backend");
      if (backend === undefined) return [];
      const written = valueAt(path, "path");
      return [
        {
          host: wordAt(rule, "host") ?? "",
          path: wordAt(path, "path") ?? "/",
          pathType: wordAt(path, "pathType") ?? "ImplementationSpecific",
          backend,
          at: placeOf(written ?? valueAt(rule, "host") ?? path),
        },
      ];
    }),
  );
  if (fallback === undefined) return rules;
  const at = placeAt(
    tree,
    "spec",
    valueAt(tree, "spec", "defaultBackend") === undefined ? "backend" : "defaultBackend",
  );
  return [...rules, { host: "", path: "/", pathType: "Prefix", backend: fallback, at }];
}

/** The ports on which a host is served: plain, encrypted, or plain only to be sent on to the encrypted one. */
function listenersFor(
  host: string,
  { tree }: Resource,
  controller: Controller,
  annotated: Annotated,
  treated: Treated,
): readonly FrontListener[] {
  if (treated.listeners !== undefined) return treated.listeners;
  const section = itemsAt(tree, "spec", "tls").find((one) => coversHost(one, host));
  const own = placeAt(tree, "metadata", "name");
  if (treated.passthrough)
    return [
      { id: "https", port: 443, tls: false, protocol: "tcp", at: annotated.at("ssl-passthrough") ?? own },
    ];
  const encrypted: readonly FrontListener[] =
    section === undefined && !treated.encrypted
      ? []
      : [
          {
            id: "https",
            port: 443,
            tls: true,
            protocol: "http",
            at: section === undefined ? own : placeOf(section),
          },
        ];
  const plainToo = encrypted.length === 0 || !treated.redirects;
  const plainAt = encrypted.length === 0 ? own : (annotated.at("ssl-redirect") ?? own);
  const tls: Maybe<boolean> =
    controller === "other" && encrypted.length > 0
      ? unknown(
          "opaque",
          "whether plain requests are sent on to the encrypted port is for the controller",
          own,
        )
      : false;
  return plainToo && !treated.encryptedOnly && !(encrypted.length > 0 && treated.oneOfBoth)
    ? [...encrypted, { id: "http", port: 80, tls, protocol: "http", at: plainAt }]
    : encrypted;
}

/** A section without hosts holds for all; a star stands for one label. */
function coversHost(section: Tree, host: string): boolean {
  const hosts = itemsAt(section, "hosts").map((item) => textValue(item)?.value ?? "");
  if (hosts.length === 0) return true;
  return hosts.some(
    (one) =>
      one === host ||
      (one.startsWith("*.") && host.includes(".") && one.slice(1) === host.slice(host.indexOf("."))),
  );
}

interface Around {
  readonly ingress: Resource;
  readonly resources: readonly Resource[];
  readonly annotated: Annotated;
  readonly controller: Controller;
}

function routeOf(rule: Rule, listener: FrontListener, treated: Treated, around: Around): FrontRoute {
  const { ingress, resources, annotated, controller } = around;
  const limitAt = annotated.at("proxy-body-size");
  const shown = [`path ${rule.path}`, ...(rule.host === "" ? [] : [`(host ${rule.host})`])].join(" ");
  return {
    id: `${ingress.name}/${listener.id}/${rule.host}${rule.path}`,
    label: shown,
    listener: listener.id,
    protocol: listener.protocol,
    host: rule.host,
    path: pathOf(rule, treated.regex || treated.rewrite.kind === "replace", controller),
    at: rule.at,
    rewrite: treated.stripsPath ? { kind: "strip", prefixes: [rule.path] } : treated.rewrite,
    targets: [targetOf(rule.backend, ingress, resources)],
    targetAt: placeOf(valueAt(rule.backend, "service") ?? rule.backend),
    login: treated.login,
    loginAt: treated.loginAt,
    ...(treated.users === undefined ? {} : { users: treated.users }),
    callers: treated.callers,
    allowed: treated.allowed,
    callersAt: treated.callersAt,
    suppliesLogin: treated.suppliesLogin,
    suppliesAt: treated.suppliesAt,
    bodyLimit: treated.bodyLimit,
    ...(limitAt === undefined ? {} : { bodyLimitAt: limitAt }),
    hsts: listener.tls === true ? treated.hsts : false,
  };
}

/** With `use-regex` or `rewrite-target` ingress-nginx takes every path of a host for a pattern, in any case. */
function pathOf({ path, pathType }: Rule, regex: boolean, controller: Controller): FrontPath {
  if (regex && controller === "nginx" && pathType !== "Exact") return { kind: "regex", value: path };
  if (pathType === "Exact") return { kind: "exact", value: path };
  return { kind: pathType === "Prefix" ? "elements" : "start", value: path };
}

function targetOf(
  backend: Tree,
  ingress: Resource,
  resources: readonly Resource[],
): FrontRoute["targets"][number] {
  // Up to networking.k8s.io/v1beta1 name and port stood side by side.
  const name = wordAt(backend, "service", "name") ?? wordAt(backend, "serviceName");
  if (name === undefined) {
    const nowhere = unknown("opaque", "it leads to no Service", placeOf(backend));
    return { host: nowhere, port: nowhere };
  }
  const service = resources.find(
    (one) => one.kind === "Service" && one.name === name && sameNamespace(one.namespace, ingress.namespace),
  );
  const number = numberAt(backend, "service", "port", "number") ?? numberAt(backend, "servicePort");
  const portName = wordAt(backend, "service", "port", "name") ?? wordAt(backend, "servicePort") ?? "";
  const port =
    number ??
    portNamed(service, portName) ??
    unknown("input", `the port ${portName} of ${name} is not known`, placeOf(backend));
  const [host = name] = namesOf({ name, namespace: service?.namespace ?? ingress.namespace });
  return { host, port };
}
