/**
 * Routes of OpenShift, which the cluster's router (HAProxy) serves.
 * Sources: docs.openshift.com, Container Platform 4.16: "Route configuration", "Secured routes", and the reference of
 * route.openshift.io/v1; github.com/openshift/router, images/router/haproxy/conf/haproxy-config.template, for what
 * `insecureEdgeTerminationPolicy` leaves at port 80, for paths (whole elements) and for passthrough (paths play no part, lists
 * of addresses hold).
 */
import { unknown } from "../../../facts/unknown.ts";
import { isKnown, type Located } from "../../../text/text.ts";
import type { Problem } from "../../model.ts";
import type { FrontListener, FrontRoute, Rewrite } from "../frontend.ts";
import { listed } from "../ingress-treatment.ts";
import type { Resource } from "../resources.ts";
import { namesOf, targetPorts } from "../services.ts";
import { itemsAt, numberAt, placeAt, placeOf, textValue, valueAt, wordAt } from "../values.ts";
import {
  type Attached,
  anyPath,
  frontendOf,
  frontRoute,
  serviceNamed,
  usualListener,
  type Way,
} from "./front.ts";

/** The router, where there are Routes. */
export function openshiftWays(resources: readonly Resource[]): readonly Way[] {
  const routes = resources.filter((one) => one.kind === "Route" && one.group === "route.openshift.io");
  const [first] = routes;
  if (first === undefined) return [];
  const attached = routes.flatMap((route) => attachedBy(route, resources));
  return [
    {
      name: "OpenShift router",
      first,
      frontend: frontendOf("openshift", attached),
      reach: "network",
      problems: routes.flatMap((route) => withoutPort(route, resources)),
    },
  ];
}

function attachedBy(route: Resource, resources: readonly Resource[]): readonly Attached[] {
  return listenersOf(route).map((listener) => ({
    listener,
    route: frontRoute(listener, {
      name: route.name,
      host: wordAt(route.tree, "spec", "host") ?? "",
      path: listener.protocol === "tcp" ? anyPath : pathOf(route),
      at: placeAt(route.tree, "spec", valueAt(route.tree, "spec", "path") === undefined ? "host" : "path"),
      targets: targetsOf(route, resources),
      targetAt: placeAt(route.tree, "spec", "to"),
      rewrite: rewriteOf(route),
      ...callersOf(route),
      // HAProxy has no limit.
      bodyLimit: 0,
      hsts: listener.tls === true && annotation(route, "hsts_header") !== undefined,
    }),
  }));
}

/** Without a section `tls` a Route is served in plain text alone; with one, plain requests are refused unless it says else. */
function listenersOf({ tree }: Resource): readonly FrontListener[] {
  const tls = valueAt(tree, "spec", "tls");
  const own = placeAt(tree, "spec", "host");
  if (tls === undefined) return [usualListener("plain", own)];
  const termination = textValue(tls, "termination");
  const at = placeOf(valueAt(tls, "termination") ?? tls);
  if (termination !== undefined && !isKnown(termination)) {
    const why = unknown("input", "where the encryption ends is not known", at);
    return [{ ...usualListener("encrypted", at), tls: why }];
  }
  const encrypted = usualListener(termination?.value === "passthrough" ? "passed" : "encrypted", at);
  const insecure = valueAt(tls, "insecureEdgeTerminationPolicy");
  return wordAt(insecure) === "Allow" && insecure !== undefined
    ? [encrypted, usualListener("plain", placeOf(insecure))]
    : [encrypted];
}

function pathOf({ tree }: Resource): FrontRoute["path"] {
  const path = wordAt(tree, "spec", "path");
  return path === undefined || path === "" ? anyPath : { kind: "elements", value: path };
}

/** Backends with the weight 0 get nothing. */
function targetsOf({ tree, namespace }: Resource, resources: readonly Resource[]): FrontRoute["targets"] {
  const spec = valueAt(tree, "spec");
  const to = valueAt(spec, "to");
  const backends = [...(to === undefined ? [] : [to]), ...itemsAt(spec, "alternateBackends")];
  return backends
    .filter((backend) => numberAt(backend, "weight") !== 0)
    .flatMap((backend): FrontRoute["targets"] => {
      const name = wordAt(backend, "name") ?? "";
      const service = serviceNamed(name, namespace, resources);
      const [host = name] = namesOf({ name, namespace: service?.namespace ?? namespace });
      const port = valueAt(spec, "port", "targetPort");
      if (service !== undefined)
        return targetPorts(service, port, resources).map((number) => ({ host, port: number }));
      const why = `the Service ${name} is not part of the input`;
      return [{ host, port: unknown("input", why, placeOf(port ?? backend)) }];
    });
}

/** A port that no Service behind has: the router answers with an error. */
function withoutPort(
  { tree, namespace, name }: Resource,
  resources: readonly Resource[],
): readonly Problem[] {
  const port = valueAt(tree, "spec", "port", "targetPort");
  const service = serviceNamed(wordAt(tree, "spec", "to", "name") ?? "", namespace, resources);
  if (port === undefined || service === undefined || targetPorts(service, port, resources).length > 0)
    return [];
  const message = `the Route ${name} leads to the port ${wordAt(port) ?? "?"}, which the Service ${service.name} does not have`;
  return [{ kind: "unresolved", message, where: placeOf(port) }];
}

function annotation({ tree }: Resource, name: string): ReturnType<typeof textValue> {
  return textValue(tree, "metadata", "annotations", `haproxy.router.openshift.io/${name}`);
}

/** Addresses with spaces between them; `ip_allowlist` is the newer name of the same. */
function callersOf(route: Resource): Partial<FrontRoute> {
  const name = ["ip_allowlist", "ip_whitelist"].find((one) => annotation(route, one) !== undefined);
  const text = name === undefined ? undefined : annotation(route, name);
  if (name === undefined || text === undefined) return {};
  const at: Located = placeAt(route.tree, "metadata", "annotations", `haproxy.router.openshift.io/${name}`);
  return isKnown(text)
    ? listed(text.value.trim().split(/\s+/u).join(","), at)
    : { callers: unknown("input", "the addresses are not known", at), callersAt: [at] };
}

/** `rewrite-target` takes the place of the Route's own path. */
function rewriteOf(route: Resource): Rewrite {
  const text = annotation(route, "rewrite-target");
  if (text === undefined) return { kind: "none" };
  const path = wordAt(route.tree, "spec", "path") ?? "/";
  if (text.value.trim() === "/") return { kind: "strip", prefixes: [path] };
  const at = placeAt(route.tree, "metadata", "annotations", "haproxy.router.openshift.io/rewrite-target");
  return { kind: "unknown", reason: "the start of the path is replaced", at };
}
