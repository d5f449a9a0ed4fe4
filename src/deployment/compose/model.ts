/** The model of a loaded compose project: everything with its place, what is unknown with its reason. */
import type { ObjectTree, Tree } from "../../sources/tree.ts";
import type { Located, Text } from "../../text/text.ts";
import type { ComposeProblem } from "./problems.ts";

/** A value that is known, or the reason why it is not. Texts need none of this: a Text says itself what of it is unknown. */
export type Value<T> = Known<T> | Unknown;

/** A value that is known. */
export interface Known<T> extends Located {
  readonly known: true;
  readonly value: T;
}

/** A value that is not known: a variable in it is not. */
export interface Unknown extends Located {
  readonly known: false;
  readonly reason: string;
}

/** What `docker compose` would run for one set of files. */
export interface ComposeProject {
  /** Undefined when it would be the name of the working directory and that is not known. */
  readonly name: string | undefined;
  /** The folder from which relative paths start. */
  readonly folder: string;
  /** Every compose file that was read: the given ones, included and extended ones. */
  readonly files: readonly string[];
  readonly services: readonly ComposeService[];
  /** Somebody says which profiles are started. */
  readonly profilesStated: boolean;
  readonly networks: readonly ComposeNetwork[];
  readonly volumes: readonly ComposeVolume[];
  readonly secrets: readonly ComposeFileObject[];
  readonly configs: readonly ComposeFileObject[];
  readonly problems: readonly ComposeProblem[];
  /** Whether Compose would take these files: no problem is a refusal. */
  readonly accepted: boolean;
  /** The merged project in Compose's long form, for whatever the typed fields do not say. */
  readonly tree: ObjectTree;
}

/** A service as Compose would start it. */
export interface ComposeService extends Located {
  readonly name: string;
  /** Whether it starts with the chosen profiles. */
  readonly active: boolean;
  readonly profiles: readonly Text[];
  readonly image: Text | undefined;
  readonly build: ComposeBuild | undefined;
  readonly containerName: Text | undefined;
  readonly hostname: Text | undefined;
  /** Undefined: the image's own. */
  readonly command: CommandLine | undefined;
  readonly entrypoint: CommandLine | undefined;
  readonly workingDir: Text | undefined;
  /** `env_file` and `environment` together, each variable once. */
  readonly environment: readonly ComposeVariable[];
  /** Env files that could not be read: a variable that is not listed is unknown, not unset. */
  readonly environmentGaps: readonly Unknown[];
  readonly ports: readonly ComposePort[];
  readonly expose: readonly Text[];
  /** `host`, `none`, `bridge`, `service:NAME`, `container:NAME`; undefined: the networks below. */
  readonly networkMode: Text | undefined;
  readonly networks: readonly ServiceNetwork[];
  readonly mounts: readonly ComposeMount[];
  readonly secrets: readonly FileMount[];
  readonly configs: readonly FileMount[];
  readonly privileged: Value<boolean> | undefined;
  readonly readOnly: Value<boolean> | undefined;
  readonly init: Value<boolean> | undefined;
  readonly user: Text | undefined;
  readonly groupAdd: readonly Text[];
  readonly capAdd: readonly Text[];
  readonly capDrop: readonly Text[];
  readonly securityOpt: readonly Text[];
  readonly pid: Text | undefined;
  readonly ipc: Text | undefined;
  readonly userns: Text | undefined;
  readonly devices: readonly ComposeDevice[];
  readonly tmpfs: readonly Text[];
  readonly healthcheck: ComposeHealthcheck | undefined;
  readonly dependsOn: readonly ComposeDependency[];
  readonly restart: Text | undefined;
  readonly labels: readonly NamedText[];
  /** Of the service in a swarm, which are none of its containers'. */
  readonly deployLabels: readonly NamedText[];
  readonly extraHosts: readonly NamedText[];
  readonly links: readonly Text[];
  readonly volumesFrom: readonly Text[];
  /** The service in Compose's long form, for whatever the fields above do not say (`deploy`, limits, …). */
  readonly tree: ObjectTree;
}

/** How the image of a service is made. */
export interface ComposeBuild extends Located {
  /** A folder, or an address from which the builder would fetch. */
  readonly context: Text | undefined;
  readonly remote: boolean;
  /** Relative to the context. */
  readonly dockerfile: Text | undefined;
  readonly dockerfileInline: Text | undefined;
  readonly target: Text | undefined;
  /** Without those that the environment does not hold. */
  readonly args: readonly NamedText[];
}

/** A command as the words that are executed; `text` when it is written as one text. */
export interface CommandLine extends Located {
  readonly words: readonly Text[];
}

/** A key with a value. */
export interface NamedText {
  readonly name: string;
  readonly nameAt: Located;
  readonly value: Text;
}

/** A variable of a container. */
export interface ComposeVariable {
  readonly name: string;
  readonly nameAt: Located;
  /** Undefined: named, but the environment does not hold it, so the container does not get it. */
  readonly value: Text | undefined;
  readonly from: "environment" | "env_file";
}

/** A port of the container that is published on the host. */
export interface ComposePort extends Located {
  /** Undefined: every address of the host. */
  readonly hostIp: Text | undefined;
  /** Undefined: Docker picks any free port; a range: any free one of these. */
  readonly published: Value<PortRange> | undefined;
  readonly target: Value<number>;
  readonly protocol: Text;
  /** `ingress` or `host`. */
  readonly mode: Text;
}

/** Ports from one to another, both included. */
export interface PortRange {
  readonly from: number;
  readonly to: number;
}

/** A network that a service is in. */
export interface ServiceNetwork extends Located {
  /** The network's key in the project. */
  readonly name: string;
  readonly aliases: readonly Text[];
  readonly ipv4: Text | undefined;
  readonly ipv6: Text | undefined;
}

/** Something of the host, or a volume, that a container sees. */
export interface ComposeMount extends Located {
  readonly type: Value<"bind" | "volume" | "tmpfs" | "npipe" | "cluster">;
  /** A host path (bind), a volume's key (volume); undefined for anonymous volumes and tmpfs. */
  readonly source: Text | undefined;
  readonly target: Text | undefined;
  readonly readOnly: Value<boolean>;
}

/** A secret or config as a service mounts it. */
export interface FileMount extends Located {
  /** The key of the secret or config in the project. */
  readonly source: Text;
  /** The path in the container, Compose's default filled in. */
  readonly target: Text;
  readonly uid: Text | undefined;
  readonly gid: Text | undefined;
  /** As written: Compose itself takes no notice of it for files. */
  readonly mode: Value<number> | undefined;
}

/** A device of the host that a container may use. */
export interface ComposeDevice extends Located {
  readonly source: Text | undefined;
  readonly target: Text | undefined;
  readonly permissions: Text | undefined;
}

/** How a container is asked whether it is well. */
export interface ComposeHealthcheck extends Located {
  /** `NONE`, or `CMD` or `CMD-SHELL` and the words after it; empty when only timings are given. */
  readonly test: readonly Text[];
  readonly disabled: Value<boolean> | undefined;
}

/** A service that is started before. */
export interface ComposeDependency extends Located {
  readonly service: string;
  readonly condition: Text | undefined;
  readonly required: Value<boolean>;
}

/** A network of the project. */
export interface ComposeNetwork extends Located {
  readonly key: string;
  readonly name: Text | undefined;
  readonly driver: Text | undefined;
  readonly external: Value<boolean>;
  /** Whether nothing outside the network can be reached from it. */
  readonly internal: Value<boolean>;
  readonly tree: Tree;
}

/** A volume of the project. */
export interface ComposeVolume extends Located {
  readonly key: string;
  readonly name: Text | undefined;
  readonly driver: Text | undefined;
  readonly external: Value<boolean>;
  /** The host path of a volume that is a bind mount by its driver options. */
  readonly device: Text | undefined;
  readonly tree: Tree;
}

/** A secret or config of the project. */
export interface ComposeFileObject extends Located {
  readonly key: string;
  readonly name: Text | undefined;
  readonly file: Text | undefined;
  /** The variable that holds it. */
  readonly environment: Text | undefined;
  /** Written in the compose file, or the value of the variable; undefined when it is in a file or not known. */
  readonly content: Text | undefined;
  readonly external: Value<boolean>;
  readonly tree: Tree;
}
