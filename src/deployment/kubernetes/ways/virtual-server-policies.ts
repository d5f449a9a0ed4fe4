/**
 * Policies of NGINX's own controller: who is let in, and what is asked.
 * Source: docs.nginx.com/nginx-ingress-controller, release 5, "Policy resources": of several policies of one kind the first
 * one counts, and those of a route take the place of those of the server; a policy that is missing makes the server answer
 * 500 for the paths.
 */
import { type Maybe, unknown } from "../../../facts/unknown.ts";
import type { Tree } from "../../../sources/tree.ts";
import type { FrontRoute } from "../frontend.ts";
import { listed } from "../ingress-treatment.ts";
import { sameNamespace } from "../pods.ts";
import type { Resource } from "../resources.ts";
import { itemsAt, membersAt, placeOf, textValue, valueAt, wordAt } from "../values.ts";

/** A reference to a policy, and the object in which it stands. */
export interface NamedPolicy {
  readonly policy: Tree;
  readonly owner: Resource;
}

/** Kinds of policy that let nobody in and keep nobody out. */
const harmless = new Set(["rateLimit", "egressMTLS", "cache", "cors", "waf", "ingressClassName"]);

const logins: Readonly<Record<string, FrontRoute["login"]>> = {
  basicAuth: "basic",
  jwt: "proxy",
  oidc: "oidc",
  apiKey: "proxy",
  externalAuth: "proxy",
};

/** What the policies of a route, its own first, make of its callers. */
export function policyTreatment(
  policies: readonly NamedPolicy[],
  resources: readonly Resource[],
): Partial<FrontRoute> {
  // What is asked for by the first counts, so the first is laid over the others.
  return Object.assign({}, ...policies.map((one) => treatmentBy(one, resources)).toReversed());
}

function treatmentBy({ policy, owner }: NamedPolicy, resources: readonly Resource[]): Partial<FrontRoute> {
  const name = wordAt(policy, "name") ?? "";
  const space = wordAt(policy, "namespace") ?? owner.namespace;
  const found = resources.find(
    (one) =>
      one.kind === "Policy" &&
      one.group === "k8s.nginx.org" &&
      one.name === name &&
      sameNamespace(one.namespace, space),
  );
  const at = placeOf(policy);
  if (found === undefined)
    return { login: unknown("input", `the policy ${name} is not part of the input`, at), loginAt: [at] };
  return Object.assign(
    {},
    ...membersAt(found.tree, "spec").map(({ key, value }) => kindOfPolicy(key, value)),
  );
}

function kindOfPolicy(key: string, value: Tree): Partial<FrontRoute> {
  const at = placeOf(value);
  const login = logins[key];
  if (login !== undefined) return { login, loginAt: [at] };
  if (key === "ingressMTLS") {
    const verified: Maybe<string> = textValue(value, "verifyClient")?.value ?? "on";
    return verified === "on" ? { login: "client-certificate", loginAt: [at] } : {};
  }
  if (key === "accessControl") {
    const allowed = itemsAt(value, "allow").flatMap((item) => textValue(item)?.value ?? []);
    return valueAt(value, "allow") === undefined ? {} : listed(allowed.join(","), at);
  }
  if (harmless.has(key)) return {};
  return { login: unknown("opaque", `what the policy asks by ${key} is not known here`, at), loginAt: [at] };
}
