/** Objects of other controllers by which requests come in, and which are not read here: they are told, never passed over. */
import type { Problem } from "../../model.ts";
import type { Resource } from "../resources.ts";
import { placeAt } from "../values.ts";

/** Kinds by the group of their API, as each controller's documentation names them. */
const kinds: Readonly<Record<string, readonly string[]>> = {
  "getambassador.io": ["Mapping", "TCPMapping", "AmbassadorMapping"],
  "apisix.apache.org": ["ApisixRoute"],
  "gateway.solo.io": ["VirtualService", "RouteTable"],
  "zalando.org": ["RouteGroup"],
  "configuration.konghq.com": ["TCPIngress", "UDPIngress", "KongIngress"],
  "ingress.v1.haproxy.org": ["TCP"],
  "ingress.v3.haproxy.org": ["TCP"],
  "cilium.io": ["CiliumEnvoyConfig", "CiliumClusterwideEnvoyConfig"],
  "appmesh.k8s.aws": ["GatewayRoute", "VirtualGateway"],
  "elbv2.k8s.aws": ["TargetGroupBinding"],
  "voyager.appscode.com": ["Ingress"],
  "ingress.pomerium.io": ["Pomerium"],
  "serving.knative.dev": ["Service", "Route", "DomainMapping"],
  "networking.cfargotunnel.com": ["TunnelBinding"],
  "traefik.io": ["IngressRouteUDP"],
  "hub.traefik.io": ["API", "APIGateway", "EdgeIngress"],
};

/** Whether an object is a way in that is not read. */
export function isUnreadWay({ group, kind }: Resource): boolean {
  return kinds[group]?.includes(kind) === true;
}

/** Each of them with its line. */
export function unreadWays(resources: readonly Resource[]): readonly Problem[] {
  return resources.filter(isUnreadWay).map(({ kind, group, name, tree }) => ({
    kind: "unresolved",
    message: `${kind} ${name} (${group}) may lead requests in, and objects of this kind are not read: what it opens is not judged`,
    where: placeAt(tree, "metadata", "name"),
  }));
}
