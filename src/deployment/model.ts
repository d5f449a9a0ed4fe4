/** A deployment: services, what they run, which files and variables configure them, how their ports are published. */
import type { ClusterToken, DeploymentForm, Product, Reach } from "../facts/facts.ts";
import type { Origin } from "../facts/origin.ts";
import type { Maybe } from "../facts/unknown.ts";
import type { SourceFile } from "../sources/source.ts";
import type { UnitEntry } from "../sources/systemd.ts";
import type { Tree } from "../sources/tree.ts";
import type { Located, Text } from "../text/text.ts";
import type { RecognisedImage } from "./images/recognise.ts";
import type { Frontend } from "./kubernetes/frontend.ts";

/** What is linted as one: everything that is started together. */
export interface Deployment {
  /** Unique within a run, made of the root and what tells alternatives apart. */
  readonly id: string;
  /** The folder it lies in. */
  readonly root: string;
  readonly form: DeploymentForm;
  readonly services: readonly Service[];
  readonly files: readonly FileUse[];
  readonly problems: readonly Problem[];
  /** Secrets that its manifests hold for whoever uses them. */
  readonly secrets?: readonly HeldSecret[];
  /** Sentences: what was taken for granted. */
  readonly assumptions: readonly string[];
  /** Names of load balancers that count as open to the Internet for nothing but their type. */
  readonly openBalancers?: readonly string[];
}

/** A value of a Secret of Kubernetes that is written out in a manifest. */
export interface HeldSecret {
  /** Name of the Secret and of the key in it: "pacs-db/password". */
  readonly name: string;
  readonly key: string;
  readonly value: Text;
}

/** A file and what it was taken for. */
export interface FileUse {
  readonly source: SourceFile;
  /** "orthanc-json", "compose", "nginx", "dotenv" … */
  readonly kind: string;
  /** Name of the service that uses it, or null when none does. */
  readonly linkedTo: string | null;
}

/** Something that could not be read, resolved or linked. */
export interface Problem {
  readonly kind: "unreadable" | "syntax" | "unresolved" | "missing-file" | "unlinked" | "skipped" | "limit";
  readonly message: string;
  /** The file it is about, when the place is not known more closely. */
  readonly file?: string;
  readonly where?: Located;
}

/** One server process as something starts it. */
export interface Service {
  readonly name: string;
  readonly product: Product;
  readonly version: VersionInfo;
  /** Where the process itself is named: the service's key in a compose file, a unit file. */
  readonly at?: Located;
  readonly environment: Environment;
  /** Command-line arguments after the program's name; undefined when not known. */
  readonly args?: readonly Text[];
  /** Configuration files and folders in the order in which the server takes them. */
  readonly configuration: readonly ConfigurationSource[];
  /** Folder against which the server resolves relative paths that it does not tie to its configuration; null: unknown. */
  readonly workingDirectory: string | null;
  readonly network: ServiceNetwork;
  /** Finds a file as the server's own path names it; see {@link FileLookup}. */
  readonly lookup: FileLookup;
  /** Set when it runs in a container. */
  readonly container?: Container;
  /** Set when systemd starts it. */
  readonly unit?: Unit;
  /** Set when manifests tell nothing of it but where it leads: an Ingress, a Gateway. */
  readonly frontend?: Frontend;
  /** What objects of a cluster tell Traefik, as a file of its own would; `started`: with what it is taken to be started. */
  readonly traefikObjects?: { readonly told: Tree; readonly started?: Tree };
  /** It starts with one of these profiles only, and whether one is started is not known. */
  readonly profiles?: readonly string[];
  /** Services of the same deployment whose settings count for this one, such as the directory of an archive. */
  readonly partners?: readonly Service[];
}

/** How systemd starts a server. */
export interface Unit {
  /** "orthanc.service". */
  readonly name: string;
  /** The settings of its section [Service]; of those that stand several times the last one. */
  readonly directives: ReadonlyMap<string, UnitEntry>;
}

/** How a container is started: what the manifest says, before any product makes sense of it. */
export interface Container {
  /** Undefined when the image is built and its base cannot be read. */
  readonly image: Text | undefined;
  /** Where the image is named. */
  readonly imageAt: Located;
  /** Whether the image is built from a Dockerfile on top of `image`. */
  readonly built: boolean;
  /** What is known of `image` by its name; undefined when there is no name. */
  readonly recognised: RecognisedImage | undefined;
  /** Words that replace the image's own command; undefined: the image's own. */
  readonly command: readonly Text[] | undefined;
  readonly entrypoint: readonly Text[] | undefined;
  /** In the order in which the container gets them. */
  readonly variables: readonly ContainerVariable[];
  /** False when variables may be set that the run does not see. */
  readonly variablesComplete: boolean;
  /** Why they are not seen. */
  readonly variablesUnseen?: string;
  /** Files and folders that are put into the container. */
  readonly files: readonly ContainerFile[];
  /** What of the host's disk is put into the container, whether or not it can be looked at. */
  readonly mounts: readonly HostMount[];
  /** The words of its health check; empty without one. */
  readonly healthCheck: readonly Text[];
  readonly labels: readonly ContainerVariable[];
  /** Labels of the service in a swarm, which are none of the container's. */
  readonly deployLabels: readonly ContainerVariable[];
  /** Ports that the manifest or the Dockerfile names without publishing them: "8042", "8042/tcp". */
  readonly exposes?: readonly Text[];
  readonly hardening: Hardening;
  /** Set in clusters. */
  readonly clusterToken?: ToldToken;
}

/** The token of a cluster, with the lines that give it, by the pointers of the container fact. */
export interface ToldToken {
  readonly token: Omit<ClusterToken, "ownUse">;
  readonly origins: Readonly<Record<string, readonly Origin[]>>;
}

/** A file, folder or device of the host inside a container. */
export interface HostMount {
  /** As the manifest writes it. */
  readonly source: Maybe<string>;
  readonly readOnly: Maybe<boolean>;
  readonly at: Located;
}

/** A variable of a container. */
export interface ContainerVariable {
  readonly name: string;
  readonly value: Text;
  /** Where its name stands. */
  readonly at: Located;
}

/** Something of the host, or of the manifest, at a path of the container. */
export interface ContainerFile {
  /** Absolute path in the container. */
  readonly target: string;
  readonly at: Located;
  readonly content:
    | { readonly type: "file" | "folder"; readonly path: string }
    | { readonly type: "text"; readonly text: Text }
    /** A folder that holds what further entries put into it, and nothing else. */
    | { readonly type: "empty" }
    /** A volume that the orchestrator keeps: it starts with what the image has there. */
    | { readonly type: "volume" }
    | { readonly type: "unknown"; readonly reason: string };
}

/** What the manifest says of a container's privileges, each with its place. */
export interface Hardening {
  readonly privileged: Maybe<boolean>;
  /** The user that the process runs as; undefined: the image's own. */
  readonly user: Maybe<string> | undefined;
  readonly hostPid: boolean;
  readonly hostIpc: boolean;
  readonly readOnly: Maybe<boolean>;
  readonly addedCapabilities: readonly string[];
  readonly dropsCapabilities: boolean;
  readonly noNewPrivileges: boolean;
  /** "seccomp", "apparmor": filters of system calls that are switched off. */
  readonly unconfined: readonly string[];
  /** How the manifest writes what is asked for; that of Docker Compose where nothing is said. */
  readonly words?: Readonly<Record<"noNewPrivileges" | "dropsCapabilities" | "readOnly", string>>;
  /** Where each of the above stands. */
  readonly places: Readonly<Record<string, Located>>;
}

/** What a container has of which a manifest says nothing. */
export const nothingHardened: Hardening = {
  privileged: false,
  user: undefined,
  hostPid: false,
  hostIpc: false,
  readOnly: false,
  addedCapabilities: [],
  dropsCapabilities: false,
  noNewPrivileges: false,
  unconfined: [],
  places: {},
};

/** A file or a folder that a server reads its configuration from. */
export interface ConfigurationSource {
  /** As the server is given it. */
  readonly path: string;
  readonly form: "file" | "folder";
  /** The files that it reads, in the order that is known. */
  readonly files: readonly SourceFile[];
}

/** How a path of the server's own world maps to something that can be looked at. */
export type FileLookup = (path: string, base: string | null) => FoundFile;

/** Where a path of the server leads on this disk. */
export type FoundFile =
  | { readonly state: "found"; readonly path: string }
  | { readonly state: "missing"; readonly path: string }
  /** The run does not see that part of the server's disk. */
  | { readonly state: "unknown"; readonly path: string };

/** Which release runs. */
export interface VersionInfo {
  /** The one release that is known or assumed; null when there are several candidates. */
  readonly value: string | null;
  readonly from: "flag" | "image" | "config" | "package" | "assumed";
  /** The releases for which facts are derived; at least one. */
  readonly candidates: readonly string[];
  /** `debian`: the distribution's packages; `image`: a published container image. */
  readonly build: Maybe<"debian" | "image" | "other">;
}

/** The variables that a process is started with. */
export interface Environment {
  /** False when variables may be set that the run does not see. */
  readonly complete: boolean;
  /** Why they are not seen: "the env file .env cannot be read: there is no such file". */
  readonly unseen?: string;
  readonly variables: ReadonlyMap<string, Variable>;
}

/** A variable: its value, and where the name stands. */
export interface Variable {
  readonly value: Text;
  readonly at: Located;
}

/** From where a service's sockets can be reached. */
export type ServiceNetwork =
  | { readonly kind: "host" }
  | {
      readonly kind: "container";
      readonly hostNetwork: Maybe<boolean>;
      /** Where the manifest says which network it lives in. */
      readonly modeAt?: Located;
      readonly networks: readonly string[];
      /** Names and addresses under which the other containers of its networks find it. */
      readonly names: readonly string[];
      /** The service whose network it lives in: itself, or the one that it shares ports and loopback with. */
      readonly namespace?: string;
      /** What the manifest says about names, as this container resolves them. */
      readonly hosts?: readonly HostName[];
      readonly published: readonly PublishedPort[];
      /** Names that lead to its ports under other numbers. */
      readonly fronts?: readonly PortFront[];
      /** What network policies let in; absent where none holds for it, empty where all is shut. */
      readonly admissions?: readonly Admission[];
    };

/** A name with ports of its own, each of which leads to a port of the container: a Service of Kubernetes. */
export interface PortFront {
  readonly names: readonly string[];
  readonly ports: readonly { readonly port: number; readonly containerPort: Maybe<number> }[];
}

/** A rule of a network policy: who may call which ports of a container. */
export interface Admission {
  /** First and last port; undefined: all. */
  readonly ports: readonly (readonly [number, number])[] | undefined;
  readonly from: Maybe<"anybody" | "listed" | "pods">;
  /** The addresses, as written, where they are listed. */
  readonly addresses: readonly string[];
  /** The pods of the deployment that are let in, by the names of their network namespaces. */
  readonly pods: Maybe<"all" | readonly string[]>;
  /** Whether pods that are not part of the input are, such as the controller of an Ingress. */
  readonly others: Maybe<boolean>;
  readonly at: Located;
}

/** A name, and the name or address that it stands for; `host-gateway` is the host itself. */
export interface HostName {
  readonly name: string;
  readonly address: string;
}

/** A port of the host that leads into a container. */
export interface PublishedPort {
  readonly hostAddress: Maybe<string>;
  readonly hostPort: Maybe<number>;
  readonly containerPort: Maybe<number>;
  readonly protocol: "tcp" | "udp";
  readonly at: Located;
  /** From how far it can be called, where that is not told by its address. */
  readonly reach?: Maybe<Reach>;
  /** What outsiders reach there, for people, where it is not a host: "the load balancer". */
  readonly place?: string;
  /** What the line does, for people: "a load balancer of the cloud". */
  readonly label?: string;
  /** The only addresses that are let in, as written. */
  readonly onlyFrom?: readonly string[];
  /** The pod sees the address of a node instead of the caller's: what a policy lets in by address holds for nodes. */
  readonly masked?: boolean;
}
