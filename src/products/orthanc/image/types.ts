/** What goes into a container of an Orthanc image, and what its start scripts make of it. */
import type { ConfigurationSource, ContainerVariable } from "../../../deployment/model.ts";
import type { AbsentOrigin, Origin } from "../../../facts/origin.ts";
import type { Maybe } from "../../../facts/unknown.ts";
import type { Encoding } from "../../../sources/decode.ts";
import type { SourceFile } from "../../../sources/source.ts";
import type { ObjectTree } from "../../../sources/tree.ts";
import type { Located, Text } from "../../../text/text.ts";
import type { Fault } from "../load.ts";

/**
 * Who makes the configuration.
 *
 * - `builder`: the start script of orthancteam/orthanc and osimis/orthanc, from files, variables and secrets;
 * - `jodogne`: Orthanc itself, from the folder /etc/orthanc, in which the images jodogne/orthanc* have a file of their own;
 * - `debian`: Orthanc itself, from what the command names; the package has its files in /etc/orthanc;
 * - `unlisted`: Orthanc itself, from what the command names; what else the image has is not known.
 */
export type ImageKind = "builder" | "jodogne" | "debian" | "unlisted";

/** A container of an Orthanc image, as far as it decides the configuration. */
export interface ImageInput {
  readonly kind: ImageKind;
  /**
   * Release of the image without its suffix: "24.6.2" for `builder`, otherwise the version of Orthanc. What differs
   * between releases is decided by it; for one that is not known the caller tries several.
   */
  readonly release: string;
  /** Whether it is the "-full" variant, which alone has some plugins. */
  readonly full: Maybe<boolean>;
  /** Where the image is named: the place of what the image sets. */
  readonly imageAt: Located;
  /** Those of a Dockerfile first, then those of the orchestrator. */
  readonly variables: readonly ContainerVariable[];
  /**
   * Whether the process gets them in this order, as from Kubernetes or a command line. Compose hands them over in no
   * order, because it keeps them in a map (docker/compose pkg/compose/convert.go, ToMobyEnv).
   */
  readonly variablesOrdered: boolean;
  /** False when variables may be set that are not listed. */
  readonly variablesComplete: boolean;
  /** Why they are not seen. */
  readonly variablesUnseen?: string;
  /** Files that are put into the container, folders taken apart. */
  readonly files: readonly ImageFile[];
  /** What replaces the image's own command and entrypoint; undefined: the image's own. */
  readonly command: readonly Text[] | undefined;
  readonly entrypoint: readonly Text[] | undefined;
}

/** A path of the container that is not the image's own. */
export interface ImageFile {
  readonly path: string;
  /** Where it is said that the file goes there. */
  readonly at: Located;
  readonly content:
    | {
        readonly type: "text";
        readonly text: Text;
        readonly encoding?: Encoding;
        readonly source?: SourceFile;
      }
    | { readonly type: "binary" }
    /** A folder of the site: /etc/orthanc itself takes the place of the image's own. */
    | { readonly type: "folder" }
    /** A file whose content is not seen, or a folder that may hold anything. */
    | { readonly type: "unknown"; readonly reason: string };
}

/** What the container hands to Orthanc. */
export interface ImageConfiguration {
  /** `generated`: what the start script made; `given`: paths that Orthanc reads itself; `unknown`: another program decides. */
  readonly reads: "generated" | "given" | "unknown";
  /** What Orthanc is given on its command line, as far as the container's files are seen. */
  readonly configuration: readonly ConfigurationSource[];
  /** Why it is not known what Orthanc reads; null when it is. */
  readonly unseen: string | null;
  /** The configuration that the start script makes; undefined when no such script runs. */
  readonly generated: GeneratedConfiguration | undefined;
  /** What the image sets where nothing else does. */
  readonly defaults: readonly ImageDefault[];
  readonly plugins: readonly ImagePlugin[];
  /** Whether the container gets as far as Orthanc. A file that is left out ({@link ImageNote}) does not stop it. */
  readonly startup: Maybe<"starts" | "refuses">;
  /** Reasons against the start that the start script has; those of Orthanc itself are found when it is read. */
  readonly faults: readonly Fault[];
  readonly notes: readonly ImageNote[];
  readonly runtime: ImageRuntime;
}

/** /tmp/orthanc.json, before it is written. */
export interface GeneratedConfiguration {
  readonly tree: ObjectTree;
  /** The same as the file that Orthanc reads: each character leads to the file or variable that it comes from. */
  readonly source: SourceFile;
}

/** A value that the image brings along. */
export interface ImageDefault {
  readonly path: readonly string[];
  readonly origin: AbsentOrigin;
}

/** A plugin that the image knows. */
export interface ImagePlugin {
  /** As in data/orthanc/image-variables.json. */
  readonly name: string;
  readonly enabled: Maybe<boolean>;
  /** File names of its libraries. */
  readonly libraries: readonly string[];
  /** Folder into which the start script puts them; Orthanc loads them if its Plugins name it. */
  readonly folder: string;
  /** Why it is on or off: the variable, the section, the image. */
  readonly origins: readonly Origin[];
}

/** What somebody should know about the way in which the image takes its input. */
export interface ImageNote {
  readonly kind: /** A variable that no option answers to, although one was meant. */
    | "ignored-name"
    /** A variable that the image does not look at. */
    | "no-effect"
    /** The value of a variable that is taken for the name of a file. */
    | "dropped-value"
    /** A text where a boolean was meant. */
    | "text-for-boolean"
    /** Any value but "false" switches a plugin on. */
    | "enabled-by-any-value"
    /** A file that is left out because it cannot be read. */
    | "left-out"
    /** Users of an earlier file stay. */
    | "merged-users"
    /** Two inputs set one key, and which one wins is not defined. */
    | "undefined-order"
    /** A variable of the names before April 2020. */
    | "legacy-name"
    /** Passwords go to the log. */
    | "logs-secrets"
    /** A program of the site runs before Orthanc and may change anything. */
    | "own-program";
  /** A sentence. */
  readonly message: string;
  readonly origins: readonly Origin[];
}

/** How Orthanc is started. */
export interface ImageRuntime {
  readonly verbosity: Maybe<"normal" | "verbose" | "trace">;
  readonly noJobs: Maybe<boolean>;
  /** Folder or file of the log; null: standard error. */
  readonly log: Maybe<string | null>;
  /** The whole configuration is printed when the container starts. */
  readonly printsConfiguration: Maybe<boolean>;
}
