/** Who asks for a login on the way through a proxy, and who supplies it. */
import type { Auth } from "../../facts/facts.ts";
import { and, isUnknown, type Maybe, map, unknown } from "../../facts/unknown.ts";
import type { Answer, ProxyRoute } from "../../products/product.ts";
import type { Front } from "./front.ts";

/** The login that stands before an answer: the proxy's, that of a proxy before it, or the server's own. */
export function authThrough({ route, entry }: Front, answer: Answer): Auth {
  const supplied = suppliesTo(route, answer);
  const { login } = route;
  if (isUnknown(login))
    return {
      ...answer.auth,
      mode: answer.auth.mode === "none" || supplied !== false ? login : answer.auth.mode,
    };
  if (login !== "none" && login !== "client-certificate")
    return { mode: login, ...elsewhere(route), suppliedByProxy: supplied };
  if (entry.through !== "direct" && entry.auth.mode !== "none")
    return { ...entry.auth, suppliedByProxy: supplied };
  if (supplied === false) return answer.auth;
  if (isUnknown(supplied)) return { ...answer.auth, mode: supplied };
  return { ...answer.auth, mode: "none", defaultCredentials: false, suppliedByProxy: true };
}

/** Passwords are kept as hashes, or by another service: often nothing can be said of them. */
function elsewhere({
  login,
  accounts,
}: ProxyRoute): Pick<Auth, "defaultCredentials" | "lockout" | "lockedOut"> {
  if (accounts !== undefined)
    return {
      defaultCredentials: accounts.published,
      lockout: false,
      ...(accounts.nobody ? { lockedOut: true } : {}),
    };
  const kept = unknown(
    "opaque",
    login === "basic" ? "the proxy keeps hashes of its passwords" : "another service checks the login",
  );
  return { defaultCredentials: kept, lockout: login === "basic" ? false : kept };
}

/** Whether a login that the proxy adds is one that the server asks for. */
export function suppliesTo(route: ProxyRoute, answer: Answer): Maybe<boolean> {
  if (route.suppliesLogin === false || answer.auth.mode === "none") return false;
  const asked = map(answer.auth.mode, (mode) => mode === "basic" || mode === "password");
  return and(route.suppliesLogin, asked);
}
