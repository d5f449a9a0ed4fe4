/** What runs: servers, what starts them, and what runs inside them. */
import type { DeploymentForm, FactBase } from "./base.ts";
import type { Reach } from "./reach.ts";
import type { Maybe } from "./unknown.ts";

/** A server process, or what stands for one. */
export interface ServiceFact extends FactBase {
  readonly kind: "service";
  readonly name: string;
  readonly form: DeploymentForm;
  /** Version that the facts of this evaluation hold for; null when the product's version plays no part. */
  readonly version: string | null;
  /** The build, where it matters: "debian" packages of Orthanc fail at TLS. */
  readonly build: Maybe<"debian" | "image" | "other">;
  readonly startup: Maybe<"starts" | "refuses">;
}

/** A container as its orchestrator starts it. */
export interface ContainerFact extends FactBase {
  readonly kind: "container";
  readonly privileged: Maybe<boolean>;
  readonly root: Maybe<boolean>;
  readonly dockerSocket: boolean;
  readonly hostNetwork: Maybe<boolean>;
  readonly hostPid: Maybe<boolean>;
  readonly hostIpc: Maybe<boolean>;
  readonly addedCapabilities: readonly string[];
  /** Those among the added ones that are as good as root on the host. */
  readonly strongCapabilities: readonly string[];
  readonly dropsCapabilities: boolean;
  readonly noNewPrivileges: boolean;
  readonly readOnly: boolean;
  /** Filters of system calls that are switched off: "seccomp", "apparmor". */
  readonly unconfined: readonly string[];
  /** Folders, files and devices of the host that give it away, and can be written. */
  readonly hostPaths: readonly string[];
  /** Those that can only be read. */
  readonly hostPathsRead: readonly string[];
  /** What of the usual hardening is not asked for, in words. */
  readonly missing: readonly string[];
  /** Clusters only: the token with which it can talk to the cluster. */
  readonly clusterToken?: ClusterToken;
  /** Widest reach of what it listens on. */
  readonly reach: Maybe<Reach>;
}

/** The token that a cluster puts into a container, and what it opens as far as the manifests show it. */
export interface ClusterToken {
  /** Name of the service account that it belongs to. */
  readonly account: string;
  /** Whether it is put into the container. */
  readonly mounted: Maybe<boolean>;
  /**
   * - `defaults`: what every account of a cluster may; `named`: single resources that give nothing more away;
   * - `namespace`, `cluster`: Secrets, containers or the rights of others, in a namespace or in all of them.
   */
  readonly rights: Maybe<"defaults" | "named" | "namespace" | "cluster">;
  /** What of that gives more away than it seems, as clauses behind "can". */
  readonly allows: readonly string[];
  /** The same's extent, behind them: "in the whole cluster"; empty where `allows` is. */
  readonly where: string;
  /** Whether the program itself may have something to ask of the cluster: of those that are known not, false. */
  readonly ownUse: boolean;
  /** What else in the pod needs a token, for people; null where nothing is seen. */
  readonly usedBy: string | null;
}

/** A server as systemd starts it. */
export interface UnitFact extends FactBase {
  readonly kind: "unit";
  /** "orthanc.service". */
  readonly name: string;
  readonly user: Maybe<string>;
  readonly root: Maybe<boolean>;
  /** The start option that has the server log the content of requests; null without one. */
  readonly traces: string | null;
  /** What of the usual hardening is not set. */
  readonly missing: readonly string[];
  /** Widest reach of what it listens on. */
  readonly reach: Maybe<Reach>;
}

/** The image of a container. */
export interface ImageFact extends FactBase {
  readonly kind: "image";
  readonly reference: Maybe<string>;
  readonly tag: Maybe<string | null>;
  readonly digest: boolean;
  /** No tag, "latest", or one that is moved to newer builds. */
  readonly floating: Maybe<boolean>;
  readonly unmaintained: Maybe<boolean>;
  /** Since when nobody maintains it. */
  readonly since?: string;
  /** What took its place; null where nothing did. */
  readonly instead?: string | null;
  /** A known image, taken from another registry than its maker's, and not one that the site accepts. */
  readonly mirror: boolean;
  /** Whether the site accepts where it comes from; absent where it names no registries. */
  readonly registryAccepted?: Maybe<boolean>;
}

/** A plugin that a server may load. */
export interface PluginFact extends FactBase {
  readonly kind: "plugin";
  readonly plugin: string;
  readonly loaded: Maybe<boolean>;
  /** Loaded and switched on by its own section. */
  readonly active: Maybe<boolean>;
  /** A mistake that leaves it without effect, as a clause; null when there is none. */
  readonly idleBecause: Maybe<string | null>;
  /** A folder that it serves over HTTP and that holds the server's own configuration; null when there is none. */
  readonly exposes?: string | null;
}

/** A web application that a server runs. */
export interface WebAppFact extends FactBase {
  readonly kind: "webApp";
  readonly context: Maybe<string>;
  readonly login: Maybe<"none" | "basic" | "digest" | "form" | "oidc" | "client-cert">;
  /** The login covers listed HTTP methods only: others pass. */
  readonly methodsBypass: Maybe<boolean>;
  readonly transportGuarantee: Maybe<boolean>;
  /** Runs commands or changes the server: consoles, remote invokers. */
  readonly administrative: boolean;
}
