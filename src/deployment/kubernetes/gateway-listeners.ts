/**
 * Listeners of Gateways.
 * Source: gateway-api.sigs.k8s.io, reference of v1 (1.3 and 1.4): Listener, GatewayTLSConfig, FrontendTLSValidation.
 */
import { unknown } from "../../facts/unknown.ts";
import type { Tree } from "../../sources/tree.ts";
import type { FrontListener } from "./frontend.ts";
import type { Resource } from "./resources.ts";
import { numberAt, placeOf, valueAt, wordAt } from "./values.ts";

/** A listener with what its routes may ask it for. */
export interface Listener extends FrontListener {
  readonly host: string;
  /** As the Gateway writes it: "HTTP", "TLS" …; "" where the Gateway is not part of the input. */
  readonly written: string;
  /** A certificate of the caller, where one is asked for. */
  readonly validation: Tree | undefined;
  readonly tree: Tree;
  /** The Gateway; undefined where it is not part of the input. */
  readonly gateway: Resource | undefined;
}

/** A listener as the Gateway writes it. */
export function listenerOf(tree: Tree, gateway: Resource): Listener {
  const protocol = wordAt(tree, "protocol") ?? "HTTP";
  const terminates = (wordAt(tree, "tls", "mode") ?? "Terminate") === "Terminate";
  const at = placeOf(valueAt(tree, "port") ?? tree);
  const validation =
    valueAt(tree, "tls", "frontendValidation") ??
    valueAt(gateway.tree, "spec", "tls", "frontend", "default", "validation");
  const asks = protocol === "HTTPS" && wordAt(validation, "mode") !== "AllowInsecureFallback";
  return {
    id: wordAt(tree, "name") ?? protocol.toLowerCase(),
    port: numberAt(tree, "port") ?? unknown("input", "the port of the Gateway is not known", at),
    tls: protocol === "HTTPS" || (protocol === "TLS" && terminates),
    protocol: protocol === "TCP" || protocol === "TLS" ? "tcp" : "http",
    host: wordAt(tree, "hostname") ?? "",
    written: protocol === "TLS" && terminates ? "TLS terminated" : protocol,
    validation: asks ? validation : undefined,
    tree,
    gateway,
    at,
  };
}

/** Nothing is known of a Gateway that somebody else keeps. */
export function unseenListener(name: string, first: Resource): Listener {
  const parents = valueAt(first.tree, "spec", "parentRefs") ?? first.tree;
  const at = placeOf(parents);
  const isHttp = first.kind === "HTTPRoute" || first.kind === "GRPCRoute";
  const why = unknown("input", `the Gateway ${name} is not part of the input`, at);
  const common = {
    tls: why,
    host: "",
    written: "",
    validation: undefined,
    tree: parents,
    gateway: undefined,
    at,
  };
  return isHttp
    ? { ...common, id: "http", port: 80, protocol: "http" }
    : { ...common, id: "tcp", port: why, protocol: "tcp" };
}
