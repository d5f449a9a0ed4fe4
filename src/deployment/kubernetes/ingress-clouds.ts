/**
 * What annotations ask of the load balancers of clouds, of Tailscale and of Cloudflare's tunnels.
 * Sources: kubernetes-sigs.github.io/aws-load-balancer-controller (2.8), guide/ingress/annotations; cloud.google.com,
 * kubernetes-engine/docs/how-to/ingress-configuration (BackendConfig, FrontendConfig) and ingress-multi-ssl;
 * azure.github.io/application-gateway-kubernetes-ingress, annotations, and pkg/appgw/ingress_rules.go there: with a certificate
 * only the encrypted port is served, and the plain one redirects where it is asked to; tailscale.com/kb/1439; developers.cloudflare.com,
 * Cloudflare One, Access.
 */
import { unknown } from "../../facts/unknown.ts";
import { readJson } from "../../sources/json.ts";
import type { Tree } from "../../sources/tree.ts";
import { isKnown, type Text } from "../../text/text.ts";
import type { FrontListener } from "./frontend.ts";
import { type Annotated, listed, plain, type Treated } from "./ingress-treatment.ts";
import { sameNamespace } from "./pods.ts";
import type { Resource } from "./resources.ts";
import {
  booleanAt,
  itemsAt,
  membersAt,
  numberAt,
  placeAt,
  placeOf,
  placeOfText,
  textValue,
  valueAt,
  wordAt,
} from "./values.ts";

/** AWS: ports and certificates stand in annotations, a section `tls` only helps to find certificates. */
export function treatedByAws(annotated: Annotated, ingress: Resource): Treated {
  const listeners = portsOfAws(annotated, ingress);
  const isSecure = listeners.some(({ tls }) => tls === true);
  return {
    ...plain,
    ...loginOfAws(annotated),
    ...callersOfAws(annotated),
    // `ssl-redirect` names the encrypted port to which the plain ones send everybody.
    listeners:
      isSecure && annotated.text("ssl-redirect") !== undefined
        ? listeners.filter(({ tls }) => tls !== false)
        : listeners,
    bodyLimit: 0,
  };
}

/** `[{"HTTP": 80}, {"HTTPS": 443}]`; without it 443 where a certificate is named, else 80. */
function portsOfAws(annotated: Annotated, { tree }: Resource): readonly FrontListener[] {
  const text = annotated.text("listen-ports");
  const own = annotated.at("certificate-arn") ?? placeAt(tree, "metadata", "name");
  const listener = (port: FrontListener["port"], tls: boolean, at: FrontListener["at"]): FrontListener => ({
    id: tls ? `https-${String(port)}` : `http-${String(port)}`,
    port,
    tls,
    protocol: "http",
    at,
  });
  const found = text === undefined || !isKnown(text) ? [] : itemsAt(readJson(text, "strict").root);
  const written = found.flatMap((item) =>
    membersAt(item).map(({ key, value }) =>
      listener(numberAt(value) ?? 80, key.toUpperCase() === "HTTPS", placeOf(value)),
    ),
  );
  if (written.length > 0) return written;
  const isNamed = annotated.text("certificate-arn") !== undefined;
  return [listener(isNamed ? 443 : 80, isNamed, own)];
}

/** Whom nobody knows is let in where `auth-on-unauthenticated-request` says so. */
function loginOfAws(annotated: Annotated): Partial<Treated> {
  const type = annotated.text("auth-type")?.value.trim();
  const at = annotated.at("auth-type");
  const stranger = annotated.text("auth-on-unauthenticated-request")?.value.trim() ?? "authenticate";
  if (at !== undefined && (type === "oidc" || type === "cognito") && stranger !== "allow")
    return { login: "oidc", loginAt: [at] };
  const mutual = annotated.text("mutual-authentication");
  if (mutual !== undefined && /"mode"\s*:\s*"verify"/u.test(mutual.value))
    return { login: "client-certificate", loginAt: [placeOfText(mutual)] };
  return {};
}

/** Security groups of one's own take the place of `inbound-cidrs`. */
function callersOfAws(annotated: Annotated): Partial<Treated> {
  const own = annotated.at("security-groups");
  if (own !== undefined) {
    const why = "security groups, which are not part of the input, decide who gets in";
    return { callers: unknown("input", why, own), callersAt: [own] };
  }
  const ranges = annotated.text("inbound-cidrs");
  return ranges === undefined ? {} : listedIn(ranges);
}

function listedIn(ranges: Text): Partial<Treated> {
  const at = placeOfText(ranges);
  return isKnown(ranges)
    ? listed(ranges.value, at)
    : { callers: unknown("input", "the addresses are not known", at), callersAt: [at] };
}

/** Google: port 80 stays open beside 443 unless something says otherwise; the login is asked by Services' BackendConfigs. */
export function treatedByGoogle(
  annotated: Annotated,
  ingress: Resource,
  resources: readonly Resource[],
): Treated {
  const named = annotated.text("v1beta1.FrontendConfig")?.value;
  const config = objectNamed("FrontendConfig", named, ingress, resources);
  const redirects = booleanAt(config?.tree, "spec", "redirectToHttps", "enabled") === true;
  const certificate = ["managed-certificates", "pre-shared-cert"].some(
    (name) => annotated.text(name) !== undefined,
  );
  return {
    ...plain,
    ...backendConfigs(ingress, resources),
    encrypted: certificate,
    redirects,
    encryptedOnly: annotated.text("allow-http")?.value === "false",
    bodyLimit: 0,
  };
}

function objectNamed(
  kind: string,
  name: string | undefined,
  { namespace }: Resource,
  resources: readonly Resource[],
): Resource | undefined {
  return resources.find(
    (one) => one.kind === kind && one.name === name && sameNamespace(one.namespace, namespace),
  );
}

const configNames = ["cloud.google.com/backend-config", "beta.cloud.google.com/backend-config"];

/** The BackendConfigs of the Services behind: IAP asks for an account, Cloud Armor may keep addresses out. */
function backendConfigs(ingress: Resource, resources: readonly Resource[]): Partial<Treated> {
  const services = namedServices(ingress.tree).flatMap(
    (name) => objectNamed("Service", name, ingress, resources) ?? [],
  );
  const found = services.flatMap(({ tree }) =>
    configNames.flatMap((key) => {
      const text = textValue(tree, "metadata", "annotations", key);
      const root = text === undefined || !isKnown(text) ? undefined : readJson(text, "strict").root;
      const names = [wordAt(root, "default"), ...membersAt(root, "ports").map(({ value }) => wordAt(value))];
      return text === undefined ? [] : names.flatMap((name) => (name === undefined ? [] : [{ name, text }]));
    }),
  );
  const parts = found.map(({ name, text }): Partial<Treated> => {
    const config = objectNamed("BackendConfig", name, ingress, resources);
    const at = placeOfText(text);
    if (config === undefined)
      return {
        login: unknown("input", `the BackendConfig ${name} is not part of the input`, at),
        loginAt: [at],
      };
    return configured(config.tree);
  });
  // One that asks nothing leaves the Service open, and a proxy for several is told by the first that does.
  return Object.assign({}, ...parts.toReversed());
}

function namedServices(tree: Tree): readonly string[] {
  const fallback = wordAt(tree, "spec", "defaultBackend", "service", "name");
  const ruled = itemsAt(tree, "spec", "rules").flatMap((rule) =>
    itemsAt(rule, "http", "paths").flatMap((path) => wordAt(path, "backend", "service", "name") ?? []),
  );
  return [...new Set([...(fallback === undefined ? [] : [fallback]), ...ruled])];
}

function configured(tree: Tree): Partial<Treated> {
  const iap = valueAt(tree, "spec", "iap", "enabled");
  const armor = valueAt(tree, "spec", "securityPolicy", "name");
  return {
    ...(iap !== undefined && booleanAt(iap) === true ? { login: "oidc", loginAt: [placeOf(iap)] } : {}),
    ...(armor === undefined
      ? {}
      : {
          callers: unknown("input", "a policy of Cloud Armor decides who gets in", placeOf(armor)),
          callersAt: [placeOf(armor)],
        }),
  };
}

/** Azure: with a certificate the encrypted port alone. */
export function treatedByAzure(annotated: Annotated): Treated {
  const isNamed = annotated.text("appgw-ssl-certificate") !== undefined;
  const prefix = annotated.text("backend-path-prefix");
  return {
    ...plain,
    encrypted: isNamed,
    oneOfBoth: true,
    redirects: annotated.text("ssl-redirect")?.value === "true",
    ...(prefix === undefined
      ? {}
      : {
          rewrite: {
            kind: "unknown",
            reason: "the start of the path is replaced",
            at: placeOfText(prefix),
          },
        }),
  };
}

/** Tailscale: a device of the tailnet with a certificate of its own; its access rules are kept elsewhere. */
export function treatedByTailscale({ tree }: Resource): Treated {
  const at = placeAt(tree, "metadata", "name");
  return { ...plain, listeners: [{ id: "https", port: 443, tls: true, protocol: "http", at }], bodyLimit: 0 };
}

/** A tunnel of Cloudflare: whether its Access asks for a login is set up there. */
export function treatedByCloudflare({ tree }: Resource): Treated {
  const at = placeAt(tree, "metadata", "name");
  return {
    ...plain,
    login: unknown("input", "whether Cloudflare asks for a login is set up there", at),
    loginAt: [at],
    listeners: [{ id: "https", port: 443, tls: true, protocol: "http", at }],
  };
}
