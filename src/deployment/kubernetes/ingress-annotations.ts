/**
 * What annotations of an Ingress ask of its controller.
 * Sources: kubernetes.github.io/ingress-nginx, user-guide/nginx-configuration/annotations and configmap;
 * doc.traefik.io, routing/providers/kubernetes-ingress; kubernetes-sigs.github.io/aws-load-balancer-controller;
 * cloud.google.com/kubernetes-engine/docs/how-to/load-balance-ingress.
 */
import { type Maybe, unknown } from "../../facts/unknown.ts";
import { isKnown, type Located, type Text } from "../../text/text.ts";
import type { Controller, FrontRoute, Rewrite } from "./frontend.ts";
import { middlewareTreatment } from "./middlewares.ts";
import type { Resource } from "./resources.ts";
import { membersAt, placeOfText, scalarOf } from "./values.ts";

/** The annotations of an Ingress by the last part of their names. */
export interface Annotated {
  readonly text: (name: string) => Text | undefined;
  readonly at: (name: string) => Located | undefined;
}

/** What becomes of the requests that its rules take. */
export interface Treated
  extends Pick<
    FrontRoute,
    | "login"
    | "loginAt"
    | "callers"
    | "allowed"
    | "callersAt"
    | "suppliesLogin"
    | "suppliesAt"
    | "bodyLimit"
    | "hsts"
    | "rewrite"
  > {
  /** Plain requests are sent to the encrypted port. */
  readonly redirects: boolean;
  /** Encrypted by a certificate that an annotation names. */
  readonly encrypted: boolean;
  /** There is no plain port. */
  readonly encryptedOnly: boolean;
  readonly passthrough: boolean;
  readonly regex: boolean;
}

const prefixes = [
  "nginx.ingress.kubernetes.io/",
  "nginx.org/",
  "ingress.kubernetes.io/",
  "traefik.ingress.kubernetes.io/",
  "alb.ingress.kubernetes.io/",
  "kubernetes.io/ingress.",
  "networking.gke.io/",
  "ingress.gcp.kubernetes.io/",
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

/** Nothing is asked, nothing changed. */
const plain: Treated = {
  login: "none",
  loginAt: [],
  callers: "anybody",
  allowed: [],
  callersAt: [],
  suppliesLogin: false,
  suppliesAt: [],
  bodyLimit: unknown("opaque", "the controller has a limit of its own"),
  hsts: unknown("opaque", "the controller decides about it"),
  rewrite: { kind: "none" },
  redirects: false,
  encrypted: false,
  encryptedOnly: false,
  passthrough: false,
  regex: false,
};

/** What the controller makes of the annotations. */
export function treatedBy(
  annotated: Annotated,
  controller: Controller,
  ingress: Resource,
  resources: readonly Resource[],
): Treated {
  if (controller === "nginx") return treatedByNginx(annotated);
  if (controller === "traefik") return treatedByTraefik(annotated, ingress, resources);
  return treatedByOthers(annotated);
}

function treatedByNginx(annotated: Annotated): Treated {
  const is = (name: string, value: string): boolean => annotated.text(name)?.value.trim() === value;
  const forced = is("force-ssl-redirect", "true");
  return {
    ...plain,
    ...nginxLogin(annotated),
    ...nginxCallers(annotated),
    ...nginxSupplies(annotated),
    bodyLimit: bodyLimitOf(annotated.text("proxy-body-size")),
    // The controller sends it on encrypted ports unless its own settings say otherwise.
    hsts: true,
    rewrite: rewriteOf(annotated.text("rewrite-target")),
    redirects: forced || !is("ssl-redirect", "false"),
    encryptedOnly: false,
    passthrough: is("ssl-passthrough", "true"),
    regex: is("use-regex", "true"),
  };
}

function nginxLogin(annotated: Annotated): Pick<Treated, "login" | "loginAt"> {
  const asked = (name: string, login: "basic" | "proxy" | "client-certificate") => {
    const at = annotated.at(name);
    return { login, loginAt: at === undefined ? [] : [at] };
  };
  const url = annotated.text("auth-url");
  if (url !== undefined && url.value.trim() !== "") return asked("auth-url", "proxy");
  const type = annotated.text("auth-type")?.value.trim();
  if (type === "basic" || type === "digest") return asked("auth-type", "basic");
  const verify = annotated.text("auth-tls-verify-client")?.value.trim() ?? "on";
  if (annotated.text("auth-tls-secret") !== undefined && verify === "on")
    return asked("auth-tls-secret", "client-certificate");
  const snippet = ["configuration-snippet", "server-snippet", "auth-snippet"].find((name) =>
    /\b(?:auth_basic|auth_request|auth_jwt|satisfy|deny|return|access_by_lua\w*|if)\b/u.test(
      annotated.text(name)?.value ?? "",
    ),
  );
  if (snippet === undefined) return { login: "none", loginAt: [] };
  const at = annotated.at(snippet);
  return {
    login: unknown("opaque", "lines of nginx's own language decide who gets in", at),
    loginAt: at === undefined ? [] : [at],
  };
}

function nginxCallers(annotated: Annotated): Pick<Treated, "callers" | "allowed" | "callersAt"> {
  const name = ["allowlist-source-range", "whitelist-source-range"].find(
    (one) => annotated.text(one) !== undefined,
  );
  const text = name === undefined ? undefined : annotated.text(name);
  const at = name === undefined ? undefined : annotated.at(name);
  if (text === undefined || at === undefined) return { callers: "anybody", allowed: [], callersAt: [] };
  if (!isKnown(text))
    return { callers: unknown("input", "the addresses are not known", at), allowed: [], callersAt: [at] };
  return listed(text.value, at);
}

/** Addresses that are let in; one that takes in everybody makes the others idle. */
function listed(ranges: string, at: Located): Pick<Treated, "callers" | "allowed" | "callersAt"> {
  const allowed = ranges
    .split(",")
    .map((range) => range.trim())
    .filter((range) => range !== "");
  const everybody = allowed.length === 0 || allowed.some((range) => /\/0$/u.test(range));
  return { callers: everybody ? "anybody" : "listed", allowed: everybody ? [] : allowed, callersAt: [at] };
}

/** A header Authorization that a snippet sets for everybody. */
function nginxSupplies(annotated: Annotated): Pick<Treated, "suppliesLogin" | "suppliesAt"> {
  const snippet = annotated.text("configuration-snippet");
  const found = /proxy_set_header\s+["']?Authorization["']?\s+["']?(?:Basic|Bearer)\s/iu.test(
    snippet?.value ?? "",
  );
  const at = annotated.at("configuration-snippet");
  return { suppliesLogin: found, suppliesAt: found && at !== undefined ? [at] : [] };
}

const units: Readonly<Record<string, number>> = { "": 1024 ** -2, k: 1024 ** -1, m: 1, g: 1024 };

/** One megabyte is the default of the controller. */
function bodyLimitOf(text: Text | undefined): Maybe<number> {
  if (text === undefined) return 1;
  if (!isKnown(text)) return unknown("input", "the limit is not known", placeOfText(text));
  const found = /^(\d+)([kmg]?)$/iu.exec(text.value.trim());
  if (found === null) return unknown("opaque", "the limit is not a size", placeOfText(text));
  return Number(found[1]) * (units[(found[2] ?? "").toLowerCase()] ?? 1);
}

function rewriteOf(text: Text | undefined): Rewrite {
  if (text === undefined) return { kind: "none" };
  if (!isKnown(text))
    return { kind: "unknown", reason: "what the path becomes is not known", at: placeOfText(text) };
  return { kind: "replace", by: text.value };
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
    ...(middlewares === undefined ? {} : middlewareTreatment(middlewares, ingress, resources)),
    bodyLimit: 0,
    // A router with TLS answers encrypted requests only, whatever entry points there are.
    encrypted: encrypted || secureOnly,
    encryptedOnly: encrypted || secureOnly,
  };
}

/** Of other controllers nothing is known but a few annotations of the clouds. */
function treatedByOthers(annotated: Annotated): Treated {
  const type = annotated.text("auth-type")?.value.trim();
  const at = annotated.at("auth-type");
  const ranges = annotated.text("inbound-cidrs");
  const rangesAt = annotated.at("inbound-cidrs");
  const certificate = ["certificate-arn", "managed-certificates", "pre-shared-cert"].some(
    (name) => annotated.text(name) !== undefined,
  );
  const redirects =
    annotated.text("ssl-redirect") !== undefined || annotated.text("actions.ssl-redirect") !== undefined;
  return {
    ...plain,
    ...(at !== undefined && (type === "oidc" || type === "cognito") ? { login: "oidc", loginAt: [at] } : {}),
    ...(ranges === undefined || rangesAt === undefined ? {} : listed(ranges.value, rangesAt)),
    encrypted: certificate,
    redirects,
    encryptedOnly: annotated.text("allow-http")?.value === "false",
  };
}
