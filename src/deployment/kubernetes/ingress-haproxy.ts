/**
 * What annotations ask of the controllers that are made of HAProxy.
 * Sources: haproxy.com/documentation/kubernetes-ingress, annotations; haproxy-ingress.github.io/docs/configuration/keys.
 */
import { unknown } from "../../facts/unknown.ts";
import { isKnown, type Located, type Text } from "../../text/text.ts";
import { type Annotated, listed, plain, type Treated } from "./ingress-treatment.ts";
import { placeOfText } from "./values.ts";

/** The controllers of HAProxy Technologies and of the community, whose names are mostly alike. */
export function treatedByHaproxy(annotated: Annotated): Treated {
  const first = (...names: readonly string[]) => names.find((name) => annotated.text(name) !== undefined);
  const asked = first("auth-url", "oauth", "auth-type", "auth-secret", "auth-tls-secret", "client-ca");
  const at = asked === undefined ? undefined : annotated.at(asked);
  const list = first("allow-list", "whitelist", "allowlist-source-range", "whitelist-source-range");
  const text = list === undefined ? undefined : annotated.text(list);
  const listAt = list === undefined ? undefined : annotated.at(list);
  const rewrite = annotated.text("rewrite-target") ?? annotated.text("path-rewrite");
  const cuts = annotated.text("rewrite-target")?.value.trim() === "/";
  return {
    ...plain,
    ...(asked === undefined || at === undefined ? {} : { login: haproxyLogin(asked), loginAt: [at] }),
    ...(text === undefined || listAt === undefined ? {} : haproxyCallers(text, listAt)),
    ...(rewrite === undefined || cuts
      ? {}
      : { rewrite: { kind: "unknown", reason: "a pattern rewrites the path", at: placeOfText(rewrite) } }),
    stripsPath: cuts,
    redirects: annotated.text("ssl-redirect")?.value.trim() !== "false",
    passthrough: annotated.text("ssl-passthrough")?.value.trim() === "true",
  };
}

function haproxyLogin(name: string): "basic" | "proxy" | "client-certificate" {
  if (name === "auth-url" || name === "oauth") return "proxy";
  return name === "auth-tls-secret" || name === "client-ca" ? "client-certificate" : "basic";
}

/** Addresses, or the name of a list that the controller keeps. */
function haproxyCallers(text: Text, at: Located): Pick<Treated, "callers" | "allowed" | "callersAt"> {
  if (isKnown(text) && !text.value.startsWith("patterns/")) return listed(text.value, at);
  return { callers: unknown("input", "the addresses are not known", at), allowed: [], callersAt: [at] };
}
