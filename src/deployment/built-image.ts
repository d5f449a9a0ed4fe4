/** What a Dockerfile adds to the image that it starts from. */

import { readDockerfile, stagesOf } from "../sources/dockerfile.ts";
import { type Files, joinPath } from "../sources/files.ts";
import { isKnown, type Located, locate, type Text } from "../text/text.ts";
import type { ComposeBuild } from "./compose/model.ts";
import { copiedFiles } from "./copied-files.ts";
import type { ContainerFile, ContainerVariable } from "./model.ts";

/** The base of a built image, and what the build puts on top of it. */
export interface BuiltImage {
  readonly base: Text;
  readonly variables: readonly ContainerVariable[];
  readonly files: readonly ContainerFile[];
  readonly exposes: readonly Text[];
  readonly user: Text | undefined;
  readonly command: readonly Text[] | undefined;
  readonly entrypoint: readonly Text[] | undefined;
  /** The Dockerfile, when it is a file of its own. */
  readonly path: string | undefined;
}

/** Reads the Dockerfile of a service's build; undefined when it cannot be seen. */
export function builtImage(
  build: ComposeBuild,
  files: Files,
  readText: (path: string) => Text | { readonly missing: string },
): BuiltImage | undefined {
  if (build.remote || (build.context !== undefined && !isKnown(build.context))) return undefined;
  const context = joinPath("", build.context?.value ?? ".");
  const path =
    build.dockerfileInline === undefined
      ? joinPath(context, build.dockerfile?.value ?? "Dockerfile")
      : undefined;
  const text = build.dockerfileInline ?? (path === undefined ? undefined : readText(path));
  if (text === undefined || "missing" in text) return undefined;
  const dockerfile = readDockerfile(text, {
    args: new Map(build.args.map(({ name, value }) => [name, value])),
  });
  const stages = stagesOf(dockerfile, build.target?.value);
  const [first] = stages;
  if (first === undefined) return undefined;
  return {
    base: first.base,
    variables: stages.flatMap((stage) =>
      stage.environment.map(({ name, nameAt, value }) => ({ name, value, at: nameAt })),
    ),
    files: copiedFiles(stages, { dockerfile, context, files }),
    exposes: stages.flatMap(({ expose }) => expose),
    user: stages.findLast((stage) => stage.user !== undefined)?.user,
    command: stages.findLast((stage) => stage.command !== undefined)?.command?.words,
    entrypoint: stages.findLast((stage) => stage.entrypoint !== undefined)?.entrypoint?.words,
    path,
  };
}

/** A build whose Dockerfile is not there to be read. */
export interface UnseenBuild {
  /** The folder of the build. */
  readonly context: string;
  /** The Dockerfile that is missing. */
  readonly path: string;
  /** Where the manifest names it. */
  readonly at: Located;
}

/** Undefined where the Dockerfile is there, or nobody can tell which file it is. */
export function unseenBuild(build: ComposeBuild, files: Files): UnseenBuild | undefined {
  if (build.remote || build.dockerfileInline !== undefined) return undefined;
  const named = build.dockerfile ?? build.context;
  if ([build.context, build.dockerfile].some((text) => text !== undefined && !isKnown(text)))
    return undefined;
  const context = joinPath("", build.context?.value ?? ".");
  const path = joinPath(context, build.dockerfile?.value ?? "Dockerfile");
  if (files.stat(path) !== undefined) return undefined;
  const at = named === undefined || named.value === "" ? build : locate(named, 0, named.value.length);
  return { context, path, at };
}
