/** Proxies of which manifests tell the routes alone, as services: the controllers behind Ingresses, Gateways and their like. */
import type { Product } from "../../facts/facts.ts";
import type { Problem, PublishedPort, Service, VersionInfo } from "../model.ts";
import type { Controller, Frontend } from "./frontend.ts";
import { gatewayWays } from "./gateway.ts";
import { type IngressGroup, ingressGroups } from "./ingress.ts";
import { istioGroups } from "./istio.ts";
import { frontendNetwork } from "./network.ts";
import { wordsAt } from "./pods.ts";
import type { Resource } from "./resources.ts";
import { placeAt } from "./values.ts";
import { contourWays } from "./ways/contour.ts";
import type { Way } from "./ways/front.ts";
import { openshiftWays } from "./ways/openshift.ts";
import { tcpServiceWays } from "./ways/tcp-services.ts";
import { unreadWays } from "./ways/unread.ts";
import { virtualServerWays } from "./ways/virtual-server.ts";

/** The proxies, and what is wrong with the objects that tell of them. */
export interface Frontends {
  readonly services: readonly Service[];
  readonly problems: readonly Problem[];
}

/** All ways in that objects of controllers tell of. */
export function frontendsOf(resources: readonly Resource[]): Frontends {
  const ways = [
    ...ingressGroups(resources).map(ingressWay),
    ...gatewayWays(resources),
    ...istioGroups(resources),
    ...openshiftWays(resources),
    ...contourWays(resources),
    ...virtualServerWays(resources),
    ...tcpServiceWays(resources),
  ];
  return {
    services: ways.map((way) => serviceOf(way, resources)),
    problems: [...ways.flatMap(({ problems }) => problems), ...unreadWays(resources)],
  };
}

/** Objects for which a deployment is worth a report, though no workload is among them. */
export const waysIn: readonly string[] = [
  "Service",
  "Ingress",
  "IngressRoute",
  "IngressRouteTCP",
  "Gateway",
  "HTTPRoute",
  "Route",
  "HTTPProxy",
  "VirtualServer",
  "Secret",
];

function serviceOf({ name, frontend, first, reach }: Way, resources: readonly Resource[]): Service {
  const { controller } = frontend;
  return {
    name,
    product: products[controller] ?? "other",
    version: noVersion,
    at: placeAt(first.tree, "metadata", "name"),
    environment: { complete: true, variables: new Map() },
    configuration: [],
    workingDirectory: null,
    network: { ...frontendNetwork(first.namespace, resources), published: portsOf(name, frontend, reach) },
    lookup: (path) => ({ state: "unknown", path }),
    frontend,
  };
}

/** What the controllers are made of, where that makes a difference. */
const products: Readonly<Partial<Record<Controller, Product>>> = {
  nginx: "nginx",
  "virtual-server": "nginx",
  traefik: "traefik",
};

/** The release of a server that no manifest names. */
export const noVersion: VersionInfo = { value: null, from: "assumed", candidates: ["0"], build: "image" };

function ingressWay({ name, frontend, first, members }: IngressGroup): Way {
  const shown = name === "ingress" ? name : `ingress ${name}`;
  return { name: shown, frontend, first, reach: reachOfClass(name, members), problems: [] };
}

/**
 * Controllers of clouds make load balancers of their own: those of Google and Azure with an address of the Internet. What is
 * reached by Tailscale stays in the tailnet, unless it is shown to the Internet by its "funnel"; a tunnel of Cloudflare begins
 * in the Internet.
 * Sources: tailscale.com/kb/1439/kubernetes-operator-cluster-ingress; github.com/STRRL/cloudflare-tunnel-ingress-controller;
 * learn.microsoft.com, "Annotations for Application Gateway Ingress Controller".
 */
function reachOfClass(name: string, members: readonly Resource[]): "network" | "internet" {
  const says = (key: string, value: string): boolean =>
    members.some(({ tree }) => wordsAt(tree, "metadata", "annotations").get(key) === value);
  if (name === "gce" || says("alb.ingress.kubernetes.io/scheme", "internet-facing")) return "internet";
  if (name === "cloudflare-tunnel" || says("tailscale.com/funnel", "true")) return "internet";
  const isAzure = /azure.application-gateway/u.test(name);
  return isAzure && !says("appgw.ingress.kubernetes.io/use-private-ip", "true") ? "internet" : "network";
}

function portsOf(
  name: string,
  { listeners }: Frontend,
  reach: "network" | "internet",
): readonly PublishedPort[] {
  return listeners.map(({ port, at }) => ({
    hostAddress: "0.0.0.0",
    hostPort: port,
    containerPort: port,
    protocol: "tcp" as const,
    at,
    reach,
    // "the ingress nginx", but "Contour"
    place: /^[A-Z]\w*$/u.test(name) ? name : `the ${name}`,
    label:
      typeof port === "number"
        ? `a way in by port ${port} of its controller`
        : "a way in by a port of its controller",
  }));
}
