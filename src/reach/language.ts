/** In which language a service's way of passing requests on is written. */
import type { Controller } from "../deployment/kubernetes/frontend.ts";
import type { Service } from "../deployment/model.ts";
import type { ProxyLanguage } from "../facts/facts.ts";

const ofControllers = {
  nginx: "ingress-nginx",
  haproxy: "ingress-haproxy",
  traefik: "ingress-traefik",
  gateway: "gateway",
  openshift: "openshift",
  contour: "contour",
  "virtual-server": "virtual-server",
  alb: "ingress-alb",
  gce: "ingress",
  azure: "ingress",
  tailscale: "ingress",
  cloudflare: "ingress",
  other: "ingress",
} as const satisfies Readonly<Record<Controller, ProxyLanguage>>;

/** The language of a proxy; undefined for other servers. */
export function languageOf({ product, frontend, traefikObjects }: Service): ProxyLanguage | undefined {
  if (frontend !== undefined) return ofControllers[frontend.controller];
  switch (product) {
    case "traefik":
      return traefikObjects === undefined ? "traefik" : "traefik-objects";
    case "nginx":
    case "caddy":
    case "httpd":
    case "haproxy":
      return product;
    default:
      return undefined;
  }
}
