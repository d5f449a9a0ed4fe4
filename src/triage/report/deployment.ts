/** What the report says of deployments: their services, and the ways in to them. */
import type {
  AnonymousHttp,
  Auth,
  DeploymentForm,
  DicomOperations,
  Product,
  Protocol,
  Reach,
  Role,
  RouteFact,
  Tls,
} from "../../facts/facts.ts";
import type { Maybe } from "../../facts/unknown.ts";
import type { Location, Related } from "./location.ts";
import type { Suppression } from "./site.ts";

/** What was assembled of some files, with what runs in it. */
export interface ReportedDeployment {
  readonly id: string;
  /** The host that its report came from; absent in the report of one run. */
  readonly host?: string;
  readonly root: string;
  readonly form: DeploymentForm;
  readonly files: readonly {
    readonly path: string;
    readonly kind: string;
    readonly sha256: string;
    readonly linked: string | null;
  }[];
  readonly services: readonly ReportedService[];
}

/** A server process, and how others get to it. */
export interface ReportedService {
  readonly name: string;
  readonly product: Product;
  readonly version: {
    readonly value: string | null;
    readonly from: string;
    readonly candidates: readonly string[];
  };
  readonly startup: {
    readonly verdict: Maybe<"starts" | "refuses">;
    readonly reasons: readonly { readonly message: string; readonly location?: Location }[];
  };
  readonly listeners: readonly ReportedListener[];
  /** As the manifest names it; the base, where it is built. */
  readonly image?: string;
  /** What the image holds, by the name that its makers give it, where `product` says less: "MariaDB". */
  readonly software?: string;
  readonly network?: ReportedNetwork;
  /** Where it passes requests on to, when it is a proxy. */
  readonly routes?: readonly ReportedRoute[];
}

/** The network that a service stands in. */
export interface ReportedNetwork {
  /** `host`: it uses the host's own. */
  readonly kind: Maybe<"host" | "container">;
  /** Services with a network in common reach each other on every port. */
  readonly networks: readonly string[];
}

/** A way through a proxy to a server. */
export interface ReportedRoute {
  readonly through: string;
  /** The service that it leads to, or an address outside the deployment. */
  readonly to: Maybe<string>;
  readonly paths: readonly string[];
  readonly login: RouteFact["login"];
}

/** What is told alike of listeners and of entries; the facts of these names explain it. */
interface ReportedOpening {
  readonly id: string;
  readonly reach: Maybe<Reach>;
  readonly port: Maybe<number>;
  readonly tls: Tls;
  readonly auth: Auth;
  readonly anonymous?: AnonymousHttp;
  readonly unknownPeer?: DicomOperations;
  readonly spoofedPeer?: Readonly<Record<string, DicomOperations>>;
}

/** A socket that a server opens. */
export interface ReportedListener extends ReportedOpening {
  readonly protocol: Protocol;
  /** What is behind it; absent where it is the archive itself. */
  readonly role?: Role;
  /** The same for people. */
  readonly purpose?: string;
  readonly bind: Maybe<string>;
  readonly entries: readonly ReportedEntry[];
}

/** One way in to a listener. */
export interface ReportedEntry extends ReportedOpening {
  readonly through: string;
  readonly address: Maybe<string>;
  readonly paths: readonly string[];
  readonly sourceSeen: Maybe<"loopback" | "other">;
  readonly via: readonly Related[];
}

/** How a stranger gets to something: the lines that make it possible, in the order in which they are passed. */
export interface AttackPath {
  readonly deployment: string;
  readonly service: string;
  readonly listener: string;
  readonly entry: string;
  /** Where the stranger stands. */
  readonly from: "network" | "internet";
  readonly steps: readonly AttackStep[];
  /** A clause: "anyone can run commands as root in the container". */
  readonly outcome: string;
  /** All of it on one line; files are relative to the deployment's folder. */
  readonly text: string;
  /** The releases at which it is there, where not at all that may run; empty otherwise. */
  readonly versions: readonly string[];
  /** Set where every finding about it is suppressed: the path is there, and somebody decided that it may be. */
  readonly suppression?: Suppression;
}

/** What the stranger passes, and the line that lets them. */
export interface AttackStep {
  readonly text: string;
  readonly location?: Location;
}
