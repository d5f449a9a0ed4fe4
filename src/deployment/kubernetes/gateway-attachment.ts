/**
 * Whether a route of the Gateway API is attached to a listener, and for which names of hosts.
 * Source: gateway-api.sigs.k8s.io, reference of v1 (1.3): AllowedRoutes (routes of the Gateway's own namespace alone where
 * nothing is said), ParentReference, the rules for hostnames of Listener and HTTPRoute.
 */
import { unknown } from "../../facts/unknown.ts";
import type { FrontRoute } from "./frontend.ts";
import type { Listener } from "./gateway-listeners.ts";
import { sameNamespace, selects, wordsAt } from "./pods.ts";
import type { Resource } from "./resources.ts";
import { itemsAt, placeOf, textValue, valueAt, wordAt } from "./values.ts";

/** "refused", or what is not known of the attachment. */
export function attachment(
  { tree, gateway }: Listener,
  route: Resource,
  resources: readonly Resource[],
): "refused" | Partial<FrontRoute> {
  if (gateway === undefined) return {};
  const kinds = itemsAt(tree, "allowedRoutes", "kinds").map((one) => wordAt(one, "kind"));
  if (kinds.length > 0 && !kinds.includes(route.kind)) return "refused";
  const namespaces = valueAt(tree, "allowedRoutes", "namespaces");
  switch (wordAt(namespaces, "from") ?? "Same") {
    case "All":
      return {};
    case "Same":
      return sameNamespace(route.namespace, gateway.namespace) ? {} : "refused";
    case "Selector": {
      const selector = valueAt(namespaces, "selector");
      const space = route.namespace ?? gateway.namespace ?? "default";
      if (selector?.kind !== "object" || selects(selector, labelsOf(space, resources))) return {};
      if (namespaceNamed(space, resources) !== undefined) return "refused";
      const at = placeOf(selector);
      const why = unknown("input", `the labels of the namespace ${space} are not part of the input`, at);
      return { callers: why, callersAt: [at] };
    }
    default:
      return "refused";
  }
}

/** A Namespace of the input. */
export function namespaceNamed(name: string, resources: readonly Resource[]): Resource | undefined {
  return resources.find((one) => one.kind === "Namespace" && one.group === "" && one.name === name);
}

/** The labels of a namespace; the cluster itself gives every one its name. */
export function labelsOf(name: string, resources: readonly Resource[]): ReadonlyMap<string, string> {
  const found = namespaceNamed(name, resources);
  return new Map([
    ...(found === undefined ? [] : wordsAt(found.tree, "metadata", "labels")),
    ["kubernetes.io/metadata.name", name],
  ]);
}

/** The names for which a route is served at a listener; "" stands for any, and none where the two have none in common. */
export function hostsAt(listener: string, route: Resource): readonly string[] {
  const own = itemsAt(route.tree, "spec", "hostnames").map((item) => textValue(item)?.value ?? "");
  if (own.length === 0) return [listener];
  if (listener === "") return own;
  return own.flatMap((host): readonly string[] => {
    if (host === listener || isWithin(host, listener)) return [host];
    return isWithin(listener, host) ? [listener] : [];
  });
}

/** Whether "pacs.clinic.example" is one of "*.example". */
function isWithin(host: string, pattern: string): boolean {
  return pattern.startsWith("*.") && host !== pattern && host.replace(/^\*/u, "").endsWith(pattern.slice(1));
}
