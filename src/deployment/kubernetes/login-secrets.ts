/**
 * The users whom controllers and middlewares take from Secrets.
 * Sources: kubernetes.github.io/ingress-nginx, annotations "Authentication", and its internal/ingress/annotations/auth/main.go
 * (without a Secret, or without its key, the location answers 503); docs.nginx.com/nginx-ingress-controller, "basic-auth-secret";
 * doc.traefik.io, middlewares/http/basicauth, and pkg/provider/kubernetes/crd of traefik/traefik (one key of any name, or the
 * type kubernetes.io/basic-auth).
 */
import { concat, isKnown, slice, type Text, textAt } from "../../text/text.ts";
import { type ConfigValue, configNamed, configValues } from "./configs.ts";
import type { Resource } from "./resources.ts";
import { placeOf, wordAt } from "./values.ts";

/** Lines of a name, a colon and the hash of a password; none of them: nobody gets in. */
export type UserLines = readonly Text[];

/** The users of a Secret for Traefik; undefined where they are not there to read. */
export function usersForTraefik(secret: Resource): UserLines | undefined {
  const values = configValues(secret);
  if (wordAt(secret.tree, "type") === "kubernetes.io/basic-auth") return pair(values);
  return linesOfAll(values);
}

/**
 * The users of the Secret that an annotation names: one of the own namespace, or `namespace/name`. Undefined where they
 * are not there to read.
 */
export function usersForNginx(
  reference: Text,
  form: "auth-file" | "auth-map" | "htpasswd",
  ingress: Resource,
  resources: readonly Resource[],
): UserLines | undefined {
  if (!isKnown(reference)) return undefined;
  const [first = "", second] = reference.value.trim().split("/");
  const [space, name] = second === undefined ? [ingress.namespace, first] : [first, second];
  const secret = configNamed("Secret", name, space, resources);
  if (secret === undefined) return undefined;
  const values = configValues(secret);
  if (form === "auth-map") return mapped(values);
  const key = form === "auth-file" ? "auth" : "htpasswd";
  return linesOfAll(values.filter((value) => value.key === key));
}

function linesOfAll(values: readonly ConfigValue[]): UserLines | undefined {
  return values.every(({ text }) => isKnown(text)) ? values.flatMap(({ text }) => linesOf(text)) : undefined;
}

function linesOf(text: Text): UserLines {
  return [...text.value.matchAll(/\S+/gu)].map(({ index, 0: line }) =>
    slice(text, index, index + line.length),
  );
}

/** Every key is a name, its value the hash. */
function mapped(values: readonly ConfigValue[]): UserLines | undefined {
  if (!values.every(({ text }) => isKnown(text))) return undefined;
  return values.map(({ key, member, text }) =>
    concat([
      textAt(`${key}:`, placeOf(member.keyAt)),
      text.value === "" ? textAt("", placeOf(member.value)) : text,
    ]),
  );
}

/** A name and a password as it is. */
function pair(values: readonly ConfigValue[]): UserLines | undefined {
  const name = values.find(({ key }) => key === "username");
  const password = values.find(({ key }) => key === "password");
  if (name === undefined || password === undefined) return [];
  if (!isKnown(name.text) || !isKnown(password.text)) return undefined;
  const plain = textAt(":{PLAIN}", placeOf(password.member.value));
  return [concat([name.text, plain, password.text])];
}
