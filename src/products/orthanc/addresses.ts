/** Hosts as addresses and connection strings name them. */
import type { OrthancModel } from "./model.ts";

/** The host of an address such as `https://user@host:8042/path`; the whole text when it has none of these parts. */
export function hostOf(address: string): string {
  const rest = address.replace(/^[a-z][a-z0-9+.-]*:\/\//iu, "").replace(/^[^/?#]*@/u, "");
  const bracketed = /^\[([^\]]*)\]/u.exec(rest)?.[1];
  return bracketed ?? /^[^:/?#]*/u.exec(rest)?.[0] ?? "";
}

/**
 * Whether a host is this machine, or a service beside it: in a container's network a name without dots is one that the
 * container engine resolves.
 */
export function isOwnHost(model: Pick<OrthancModel, "service">, host: string): boolean {
  const name = host.toLowerCase();
  if (name === "localhost" || name === "::1" || /^127\./u.test(name)) return true;
  if (model.service.network.kind !== "container") return false;
  return name === "host.docker.internal" || /^[a-z0-9][a-z0-9_-]*$/u.test(name);
}
