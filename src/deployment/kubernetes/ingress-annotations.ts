/**
 * What annotations of an Ingress ask of its controller.
 * Sources: doc.traefik.io, routing/providers/kubernetes-ingress; docs.konghq.com/kubernetes-ingress-controller.
 */
import { unknown } from "../../facts/unknown.ts";
import type { Text } from "../../text/text.ts";
import type { Controller } from "./frontend.ts";
import {
  treatedByAws,
  treatedByAzure,
  treatedByCloudflare,
  treatedByGoogle,
  treatedByTailscale,
} from "./ingress-clouds.ts";
import { treatedByHaproxy } from "./ingress-haproxy.ts";
import { treatedByNginx } from "./ingress-nginx.ts";
import { type Access, type Annotated, plain, type Treated } from "./ingress-treatment.ts";
import { middlewareTreatment } from "./middlewares.ts";
import type { Resource } from "./resources.ts";
import { membersAt, placeOfText, scalarOf } from "./values.ts";

const prefixes = [
  "nginx.ingress.kubernetes.io/",
  "nginx.org/",
  "nginx.com/",
  "haproxy.org/",
  "haproxy.com/",
  "haproxy-ingress.github.io/",
  "konghq.com/",
  "ingress.kubernetes.io/",
  "traefik.ingress.kubernetes.io/",
  "alb.ingress.kubernetes.io/",
  "kubernetes.io/ingress.",
  "networking.gke.io/",
  "ingress.gcp.kubernetes.io/",
  "appgw.ingress.kubernetes.io/",
];

/** Reads the annotations. */
export function annotationsOf({ tree }: Resource): Annotated {
  const found = new Map<string, Text>();
  for (const { key, value } of membersAt(tree, "metadata", "annotations")) {
    const prefix = prefixes.find((one) => key.startsWith(one));
    const text = scalarOf(value);
    if (prefix !== undefined && text !== undefined) found.set(key.slice(prefix.length), text);
  }
  const text = (name: string): Text | undefined => found.get(name);
  return {
    text,
    at: (name) => {
      const value = text(name);
      return value === undefined ? undefined : placeOfText(value);
    },
  };
}

/** What the controller makes of the annotations. */
export function treatedBy(
  annotated: Annotated,
  controller: Controller,
  ingress: Resource,
  resources: readonly Resource[],
): Treated {
  if (controller === "nginx") return treatedByNginx(annotated, ingress, resources);
  if (controller === "traefik") return treatedByTraefik(annotated, ingress, resources);
  if (controller === "haproxy") return treatedByHaproxy(annotated);
  if (controller === "alb") return treatedByAws(annotated, ingress);
  if (controller === "gce") return treatedByGoogle(annotated, ingress, resources);
  if (controller === "azure") return treatedByAzure(annotated);
  if (controller === "tailscale") return treatedByTailscale(ingress);
  if (controller === "cloudflare") return treatedByCloudflare(ingress);
  return treatedByOthers(annotated);
}

/** Traefik asks by middlewares only, which are objects of their own. */
function treatedByTraefik(annotated: Annotated, ingress: Resource, resources: readonly Resource[]): Treated {
  const encrypted =
    annotated.text("router.tls")?.value === "true" || annotated.text("router.tls.certresolver") !== undefined;
  const entrypoints = annotated
    .text("router.entrypoints")
    ?.value.split(",")
    .map((name) => name.trim());
  const secureOnly = entrypoints?.every((name) => /secure|https|443/iu.test(name)) === true;
  const middlewares = annotated.text("router.middlewares");
  return {
    ...plain,
    ...(middlewares === undefined
      ? formerLogin(annotated)
      : middlewareTreatment(middlewares, ingress, resources)),
    bodyLimit: 0,
    // A router with TLS answers encrypted requests only, whatever entry points there are.
    encrypted: encrypted || secureOnly,
    encryptedOnly: encrypted || secureOnly,
  };
}

/** Release 1 asked by annotations; later ones take no notice of them. */
function formerLogin(annotated: Annotated): Partial<Access> {
  const at = annotated.at("auth-type");
  if (at === undefined) return {};
  const why = unknown("opaque", "release 1 of Traefik asks for this login, later ones do not", at);
  return { login: why, loginAt: [at] };
}

/** Of other controllers nothing is known but what a few of them are named for. */
function treatedByOthers(annotated: Annotated): Treated {
  const plugins = annotated.at("plugins");
  return {
    ...plain,
    ...(plugins === undefined
      ? {}
      : { login: unknown("input", "plugins of Kong decide who gets in", plugins), loginAt: [plugins] }),
    encryptedOnly: annotated.text("allow-http")?.value === "false",
  };
}
