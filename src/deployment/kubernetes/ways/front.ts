/** What the readers of all ways into a cluster have in common: proxies with their routes, made of what manifests say. */
import { type Maybe, unknown } from "../../../facts/unknown.ts";
import type { Located } from "../../../text/text.ts";
import type { Problem } from "../../model.ts";
import type { Controller, Frontend, FrontListener, FrontRoute } from "../frontend.ts";
import { sameNamespace } from "../pods.ts";
import type { Resource } from "../resources.ts";
import { namesOf, portNamed } from "../services.ts";

/** A proxy that objects of the cluster tell of. */
export interface Way {
  /** What the service of the report is called. */
  readonly name: string;
  readonly frontend: Frontend;
  /** The object that stands for it. */
  readonly first: Resource;
  readonly reach: "network" | "internet";
  readonly problems: readonly Problem[];
}

/** A route that asks for nothing and changes nothing. */
export const unchanged = {
  rewrite: { kind: "none" },
  login: "none",
  loginAt: [],
  callers: "anybody",
  allowed: [],
  callersAt: [],
  suppliesLogin: false,
  suppliesAt: [],
  bodyLimit: unknown("opaque", "the controller has a limit of its own"),
  hsts: unknown("opaque", "the controller decides about it"),
} as const satisfies Partial<FrontRoute>;

/** What tells one route from another; what is left out asks for nothing and changes nothing. */
export type RouteParts = Pick<FrontRoute, "host" | "path" | "at" | "targets" | "targetAt"> &
  Partial<FrontRoute> & { readonly name: string };

/** A route at a listener. */
export function frontRoute(
  listener: Pick<FrontListener, "id" | "protocol">,
  { name, ...parts }: RouteParts,
): FrontRoute {
  const { host, path } = parts;
  const shown = listener.protocol === "tcp" ? "connections" : `path ${path.value}`;
  return {
    id: `${name}/${listener.id}/${host}${path.value}`,
    label: [shown, ...(host === "" ? [] : [`(host ${host})`])].join(" "),
    listener: listener.id,
    protocol: listener.protocol,
    ...unchanged,
    ...parts,
  };
}

/** Every path: what a rule without one takes. */
export const anyPath: FrontRoute["path"] = { kind: "elements", value: "/" };

/** A listener with one of its routes. */
export interface Attached {
  readonly listener: FrontListener;
  readonly route: FrontRoute;
}

/** A proxy of listeners and routes, each listener once. */
export function frontendOf(controller: Controller, attached: readonly Attached[]): Frontend {
  const listeners = new Map(attached.map(({ listener }) => [listener.id, listener]));
  return { controller, listeners: [...listeners.values()], routes: attached.map(({ route }) => route) };
}

/** The usual ports of a controller: 80 in plain text, 443 encrypted; `passed`: 443 for connections as they are. */
export function usualListener(kind: "plain" | "encrypted" | "passed", at: Located): FrontListener {
  switch (kind) {
    case "plain":
      return { id: "http", port: 80, tls: false, protocol: "http", at };
    case "encrypted":
      return { id: "https", port: 443, tls: true, protocol: "http", at };
    case "passed":
      return { id: "tls", port: 443, tls: false, protocol: "tcp", at };
  }
}

/** A Service of the input by its name. */
export function serviceNamed(
  name: string,
  namespace: string | undefined,
  resources: readonly Resource[],
): Resource | undefined {
  return resources.find(
    (one) =>
      one.kind === "Service" &&
      one.group === "" &&
      one.name === name &&
      sameNamespace(one.namespace, namespace),
  );
}

/** Where a backend leads that names a Service and one of its ports, by number or by name. */
export function serviceTarget(
  { name, port, namespace, at }: ServiceReference,
  resources: readonly Resource[],
): FrontRoute["targets"][number] {
  const service = serviceNamed(name, namespace, resources);
  const [host = name] = namesOf({ name, namespace: service?.namespace ?? namespace });
  const number = typeof port === "string" ? portNamed(service, port) : port;
  return { host, port: number ?? unknown("input", `the port of ${name} is not known`, at) };
}

/** A Service as a backend names it. */
export interface ServiceReference {
  readonly name: string;
  readonly namespace: string | undefined;
  readonly port: Maybe<number> | string | undefined;
  readonly at: Located;
}
