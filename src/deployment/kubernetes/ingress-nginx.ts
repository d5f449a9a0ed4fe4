/**
 * What annotations ask of the controllers that are made of nginx.
 * Sources: kubernetes.github.io/ingress-nginx, user-guide/nginx-configuration/annotations and configmap;
 * docs.nginx.com/nginx-ingress-controller, annotations.
 */
import { type Maybe, unknown } from "../../facts/unknown.ts";
import { isKnown, type Text } from "../../text/text.ts";
import type { Rewrite } from "./frontend.ts";
import { type Access, type Annotated, listed, plain, type Treated } from "./ingress-treatment.ts";
import { usersForNginx } from "./login-secrets.ts";
import type { Resource } from "./resources.ts";
import { placeOfText } from "./values.ts";

/** What they make of the annotations. */
export function treatedByNginx(
  annotated: Annotated,
  ingress: Resource,
  resources: readonly Resource[],
): Treated {
  const is = (name: string, value: string): boolean => annotated.text(name)?.value.trim() === value;
  const forced = is("force-ssl-redirect", "true");
  return {
    ...plain,
    ...nginxAccess(annotated, (secret, form) => usersForNginx(secret, form, ingress, resources)),
    ...nginxSupplies(annotated),
    bodyLimit: bodyLimitOf(annotated.text("proxy-body-size") ?? annotated.text("client-max-body-size")),
    // The controller sends it on encrypted ports unless its own settings say otherwise.
    hsts: true,
    rewrite: rewriteOf(annotated.text("rewrite-target") ?? annotated.text("rewrites")),
    redirects: forced || !is("ssl-redirect", "false"),
    encryptedOnly: false,
    passthrough: is("ssl-passthrough", "true"),
    regex: is("use-regex", "true"),
  };
}

/** Who is let in: with `satisfy: any` those of the listed addresses need no login. */
function nginxAccess(annotated: Annotated, users: ReadUsers): Access {
  const asked = { ...nginxLogin(annotated, users), ...nginxCallers(annotated) };
  const gone = annotated.at("permanent-redirect") ?? annotated.at("temporal-redirect");
  if (gone !== undefined) return { ...asked, callers: "nobody", callersAt: [gone] };
  const own = snippetAccess(annotated);
  const joined: Access = {
    ...asked,
    ...(asked.login === "none" && own.login !== undefined ? own : {}),
    ...(asked.callers === "anybody" && own.callers !== undefined ? own : {}),
    ...(asked.login === "none" ? {} : weakened(asked, annotated)),
  };
  const any = annotated.text("satisfy")?.value.trim() === "any" && joined.callers === "listed";
  return any ? { ...joined, login: "none", loginAt: joined.callersAt } : joined;
}

type ReadUsers = (
  secret: Text,
  form: "auth-file" | "auth-map" | "htpasswd",
) => ReturnType<typeof usersForNginx>;

/** A login of the annotations, unless lines of nginx's own language may let some in without it. */
function weakened(
  { login, loginAt, users }: Pick<Treated, "login" | "loginAt" | "users">,
  annotated: Annotated,
): Pick<Treated, "login" | "loginAt" | "users"> {
  const snippet = ["configuration-snippet", "location-snippets"].find((name) =>
    weakening.test((annotated.text(name)?.value ?? "").replaceAll(/#.*$/gmu, "")),
  );
  const at = snippet === undefined ? undefined : annotated.at(snippet);
  if (at === undefined) return { login, loginAt, ...(users === undefined ? {} : { users }) };
  const why = "lines of nginx's own language may let some in without the login";
  return { login: unknown("opaque", why, at), loginAt: [...loginAt, at] };
}

/** What takes a login away, or asks it of some only; `return` in a condition answers without the server behind. */
const weakening =
  /\bsatisfy\s+any\b|\bauth_(?:basic|request)\s+["']?(?:off\b|\$)|\b(?:access|rewrite)_by_lua|\bproxy_pass\b/u;

function nginxLogin(annotated: Annotated, users: ReadUsers): Pick<Treated, "login" | "loginAt" | "users"> {
  const asked = (name: string, login: "basic" | "proxy" | "client-certificate") => {
    const at = annotated.at(name);
    return { login, loginAt: at === undefined ? [] : [at] };
  };
  const url = annotated.text("auth-url");
  if (url !== undefined && url.value.trim() !== "") return asked("auth-url", "proxy");
  const type = annotated.text("auth-type")?.value.trim();
  if (type === "basic") return { ...asked("auth-type", "basic"), ...basicUsers(annotated, users) };
  if (type === "digest") return asked("auth-type", "basic");
  // The controller of NGINX itself has other names for the same.
  const own = annotated.text("basic-auth-secret");
  if (own !== undefined) {
    const found = users(own, "htpasswd");
    return { ...asked("basic-auth-secret", "basic"), ...(found === undefined ? {} : { users: found }) };
  }
  if (annotated.text("jwt-key") !== undefined) return asked("jwt-key", "proxy");
  const verify = annotated.text("auth-tls-verify-client")?.value.trim() ?? "on";
  if (annotated.text("auth-tls-secret") !== undefined && verify === "on")
    return asked("auth-tls-secret", "client-certificate");
  const policies = annotated.at("policies");
  if (policies === undefined) return { login: "none", loginAt: [] };
  const why = "policies of the controller decide who gets in";
  return { login: unknown("input", why, policies), loginAt: [policies] };
}

/** Without a Secret nobody gets in: the location answers 503. */
function basicUsers(annotated: Annotated, users: ReadUsers): Pick<Treated, "users"> {
  const secret = annotated.text("auth-secret");
  if (secret === undefined) return { users: [] };
  const isMap = annotated.text("auth-secret-type")?.value.trim() === "auth-map";
  const found = users(secret, isMap ? "auth-map" : "auth-file");
  return found === undefined ? {} : { users: found };
}

/** What the lines of a snippet ask, where they are the plain directives for it; undefined where they ask nothing. */
function snippetAccess(annotated: Annotated): Partial<Access> {
  const names = [
    "configuration-snippet",
    "server-snippet",
    "auth-snippet",
    "location-snippets",
    "server-snippets",
  ];
  const name = names.find((one) => accessWords.test(annotated.text(one)?.value ?? ""));
  const text = name === undefined ? undefined : annotated.text(name);
  const at = name === undefined ? undefined : annotated.at(name);
  if (text === undefined || at === undefined) return {};
  const lines = text.value
    .replaceAll(/#.*$/gmu, "")
    .split(/[;\n]/u)
    .map((line) => line.trim().split(/\s+/u))
    .filter(([word = ""]) => accessWords.test(word));
  const of = (word: string): readonly string[] =>
    lines.filter(([first]) => first === word).map(([, value = ""]) => value.replaceAll(/^["']|["']$/gu, ""));
  const isPlain =
    isKnown(text) &&
    !/[{}]/u.test(text.value) &&
    lines.every(([word = ""]) => ["auth_basic", "auth_request", "allow", "deny"].includes(word)) &&
    of("deny").every((value) => value === "all");
  if (!isPlain) {
    const why = unknown("opaque", "lines of nginx's own language decide who gets in", at);
    return { login: why, loginAt: [at] };
  }
  const basic = of("auth_basic").some((value) => value !== "off");
  const request = of("auth_request").some((value) => value !== "off");
  const asked = basic ? "basic" : "proxy";
  const allowed = of("allow");
  return {
    ...(basic || request ? { login: asked, loginAt: [at] } : {}),
    ...(of("deny").length > 0 && allowed.length === 0 ? { callers: "nobody" as const, callersAt: [at] } : {}),
    ...(of("deny").length > 0 && allowed.length > 0 ? listed(allowed.join(","), at) : {}),
  };
}

const accessWords = /\b(?:auth_basic|auth_request|auth_jwt|satisfy|deny|allow|return|access_by_lua\w*|if)\b/u;

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
  if (!isKnown(text) || text.value.includes("serviceName="))
    return { kind: "unknown", reason: "what the path becomes is not known", at: placeOfText(text) };
  return { kind: "replace", by: text.value };
}
