/** A deployment: services, what they run, which files and variables configure them, how their ports are published. */
import type { Product } from "../facts/facts.ts";
import type { Maybe } from "../facts/unknown.ts";
import type { SourceFile } from "../sources/source.ts";
import type { Located, Text } from "../text/text.ts";

/** What is linted as one: everything that is started together. */
export interface Deployment {
  /** Unique within a run, made of the root and what tells alternatives apart. */
  readonly id: string;
  /** The folder it lies in. */
  readonly root: string;
  readonly form: "compose" | "kubernetes" | "host" | "unlinked";
  readonly services: readonly Service[];
  readonly files: readonly FileUse[];
  readonly problems: readonly Problem[];
  /** Sentences: what was taken for granted. */
  readonly assumptions: readonly string[];
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
}

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
      readonly networks: readonly string[];
      readonly published: readonly PublishedPort[];
    };

/** A port of the host that leads into a container. */
export interface PublishedPort {
  readonly hostAddress: Maybe<string>;
  readonly hostPort: Maybe<number>;
  readonly containerPort: Maybe<number>;
  readonly protocol: "tcp" | "udp";
  readonly at: Located;
}
