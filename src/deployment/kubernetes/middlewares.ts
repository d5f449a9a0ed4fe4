/**
 * The middlewares of Traefik that an Ingress names: who is asked for a login, and what becomes of the path.
 * Source: doc.traefik.io, middlewares/http and routing/providers/kubernetes-ingress.
 */
import { unknown } from "../../facts/unknown.ts";
import type { Tree } from "../../sources/tree.ts";
import { locate, type Text } from "../../text/text.ts";
import { configNamed } from "./configs.ts";
import type { FrontRoute, Rewrite } from "./frontend.ts";
import { usersForTraefik } from "./login-secrets.ts";
import type { Resource } from "./resources.ts";
import { itemsAt, placeOf, textValue, valueAt, wordAt } from "./values.ts";

type Treatment = Pick<
  FrontRoute,
  "login" | "loginAt" | "users" | "callers" | "allowed" | "callersAt" | "rewrite"
>;

/** What a list such as "pacs-login@kubernetescrd,pacs-strip@kubernetescrd" does to requests. */
export function middlewareTreatment(
  list: Text,
  ingress: Resource,
  resources: readonly Resource[],
): Partial<Treatment> {
  const parts = [...list.value.matchAll(/[^,\s]+/gu)].map((match): Partial<Treatment> => {
    const at = locate(list, match.index, match.index + match[0].length);
    const found = named(match[0], ingress, resources);
    if (found !== undefined) return middleware(found, resources, 0);
    const why = `the middleware ${match[0].replace(/@.*$/u, "")} is not part of the input`;
    return { login: unknown("input", why, at), loginAt: [at] };
  });
  return joined(parts);
}

/** What one middleware does to requests. */
export function middlewareTreatmentOf(found: Resource, resources: readonly Resource[]): Partial<Treatment> {
  return middleware(found, resources, 0);
}

/** The first that asks for a login counts; what is not known counts where none does. */
function joined(parts: readonly Partial<Treatment>[]): Partial<Treatment> {
  const asks = parts.find(({ login }) => typeof login === "string" && login !== "none");
  const unsure = parts.find(({ login }) => login !== undefined && login !== "none");
  return Object.assign({}, ...parts, unsure, asks);
}

/** `namespace-name@kubernetescrd`. */
function named(reference: string, ingress: Resource, resources: readonly Resource[]): Resource | undefined {
  const [name, provider] = reference.split("@");
  if (provider !== "kubernetescrd") return undefined;
  return resources.find(
    (one) =>
      one.kind === "Middleware" && `${one.namespace ?? ingress.namespace ?? "default"}-${one.name}` === name,
  );
}

function middleware(
  { tree, namespace }: Resource,
  resources: readonly Resource[],
  depth: number,
): Partial<Treatment> {
  const spec = valueAt(tree, "spec");
  const at = placeOf(spec ?? tree);
  if (valueAt(spec, "forwardAuth") !== undefined) return { login: "proxy", loginAt: [at] };
  const basic = valueAt(spec, "basicAuth");
  if (basic !== undefined) return { login: "basic", loginAt: [at], ...usersOf(basic, namespace, resources) };
  if (valueAt(spec, "digestAuth") !== undefined) return { login: "basic", loginAt: [at] };
  const list = valueAt(spec, "ipAllowList") ?? valueAt(spec, "ipWhiteList");
  if (list !== undefined)
    return { callers: "listed", allowed: wordsIn(list, "sourceRange"), callersAt: [at] };
  const rewrite = rewriteOf(spec);
  if (rewrite !== undefined) return { rewrite };
  const chain = itemsAt(spec, "chain", "middlewares");
  if (chain.length > 0 && depth < 5)
    return joined(
      chain.map((item) => {
        const next = resources.find(
          (one) =>
            one.kind === "Middleware" &&
            one.name === wordAt(item, "name") &&
            (one.namespace ?? "") === (wordAt(item, "namespace") ?? namespace ?? ""),
        );
        return next === undefined
          ? { login: unknown("input", "a middleware of a chain is not part of the input", placeOf(item)) }
          : middleware(next, resources, depth + 1);
      }),
    );
  return valueAt(spec, "plugin") === undefined
    ? {}
    : { login: unknown("opaque", "a plugin of Traefik decides", at), loginAt: [at] };
}

function usersOf(
  basic: Tree,
  namespace: string | undefined,
  resources: readonly Resource[],
): Pick<Treatment, "users"> {
  const name = wordAt(basic, "secret");
  const secret = name === undefined ? undefined : configNamed("Secret", name, namespace, resources);
  const users = secret === undefined ? undefined : usersForTraefik(secret);
  return users === undefined ? {} : { users };
}

function rewriteOf(spec: Tree | undefined): Rewrite | undefined {
  const strip = wordsIn(spec, "stripPrefix", "prefixes");
  if (strip.length > 0) return { kind: "strip", prefixes: strip };
  const whole = wordAt(spec, "replacePath", "path");
  if (whole !== undefined) return { kind: "replace", by: whole };
  const added = wordAt(spec, "addPrefix", "prefix");
  if (added !== undefined) return { kind: "prefix", by: added };
  const pattern = valueAt(spec, "replacePathRegex") ?? valueAt(spec, "stripPrefixRegex");
  return pattern === undefined
    ? undefined
    : { kind: "unknown", reason: "a pattern rewrites the path", at: placeOf(pattern) };
}

function wordsIn(tree: Tree | undefined, ...path: readonly string[]): readonly string[] {
  return itemsAt(tree, ...path).flatMap((item) => textValue(item)?.value ?? []);
}
