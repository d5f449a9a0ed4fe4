/** A proxy of which manifests tell only the routes: the controller behind an Ingress, or a Gateway. */
import type { Maybe } from "../../facts/unknown.ts";
import type { Located } from "../../text/text.ts";
import type { UserLines } from "./login-secrets.ts";

/** A proxy and what it passes on. */
export interface Frontend {
  /** Who reads the routes; `other`: a controller whose settings are not known here. */
  readonly controller: Controller;
  readonly listeners: readonly FrontListener[];
  readonly routes: readonly FrontRoute[];
}

/** The controllers whose own settings are understood. */
export type Controller =
  | "nginx"
  | "traefik"
  | "haproxy"
  | "alb"
  | "gce"
  | "azure"
  | "tailscale"
  | "cloudflare"
  | "openshift"
  | "contour"
  | "virtual-server"
  | "gateway"
  | "other";

/** A port on which the proxy listens. */
export interface FrontListener {
  readonly id: string;
  readonly port: Maybe<number>;
  readonly tls: Maybe<boolean>;
  /** `tcp`: connections are passed on as they are. */
  readonly protocol: "http" | "tcp";
  readonly at: Located;
}

/** A rule: which requests go where, and who is asked for what. */
export interface FrontRoute {
  readonly id: string;
  /** For people: "path /orthanc (host pacs.example)". */
  readonly label: string;
  readonly listener: string;
  readonly protocol: "http" | "tcp";
  /** Rules of one host compete for a path. */
  readonly host: string;
  readonly path: FrontPath;
  /** The only methods that it takes; absent: all. */
  readonly methods?: readonly string[];
  readonly at: Located;
  /** What the path becomes. */
  readonly rewrite: Rewrite;
  readonly targets: readonly { readonly host: Maybe<string>; readonly port: Maybe<number> }[];
  readonly targetAt: Located;
  readonly login: Maybe<"none" | "basic" | "proxy" | "oidc" | "client-certificate">;
  readonly loginAt: readonly Located[];
  /** Who may log in, where the login is the proxy's own and they are there to read. */
  readonly users?: UserLines;
  readonly callers: Maybe<"anybody" | "listed" | "nobody">;
  readonly allowed: readonly string[];
  readonly callersAt: readonly Located[];
  /** Whether a login is sent along for everybody. */
  readonly suppliesLogin: Maybe<boolean>;
  readonly suppliesAt: readonly Located[];
  /** Megabytes; 0 is without limit. */
  readonly bodyLimit: Maybe<number>;
  readonly bodyLimitAt?: Located;
  readonly hsts: Maybe<boolean>;
}

/** Which paths a rule takes. `elements`: whole parts between slashes, `start`: anything that begins so. */
export interface FrontPath {
  readonly kind: "exact" | "elements" | "start" | "regex";
  readonly value: string;
}

/** What becomes of a path; `constant`: every path becomes this one; `strip`: a prefix is cut off. */
export type Rewrite =
  | { readonly kind: "none" }
  | { readonly kind: "replace"; readonly by: string }
  | { readonly kind: "strip"; readonly prefixes: readonly string[] }
  | { readonly kind: "prefix"; readonly by: string }
  | { readonly kind: "unknown"; readonly reason: string; readonly at: Located };
