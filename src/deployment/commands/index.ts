/** Deployments of scripts that start containers with `docker run` or `podman run`. */
import { containerCommands } from "../../sources/container-commands.ts";
import type { Candidate } from "../../sources/discover.ts";
import { baseName, type Files, folderOf, joinPath } from "../../sources/files.ts";
import { scriptDialect } from "../../sources/recognise.ts";
import type { SourceFile } from "../../sources/source.ts";
import type { ObjectTree } from "../../sources/tree.ts";
import { type ComposeInput, projectDeployment, textReader } from "../compose-deployment.ts";
import type { Deployment } from "../model.ts";
import { projectOf } from "./project.ts";

/** A deployment for each script that starts Orthanc or dcm4chee's archive. */
export function commandDeployments(
  candidates: readonly Candidate[],
  input: ComposeInput,
): readonly Deployment[] {
  const readText = textReader(input.sources);
  return candidates
    .filter(({ kind }) => kind === "commands")
    .flatMap(({ source, root }): readonly Deployment[] => {
      const folder = folderOfRun(source, root, input.files);
      const tree = treeOf(source, folder, input.files);
      if (tree === undefined) return [];
      const start = {
        files: [source.path],
        form: "commands",
        documents: new Map([[source.path, tree]]),
        folder,
      } as const;
      const deployment = projectDeployment(start, candidates, { ...input, readText });
      const archives = deployment.services.some(
        ({ product }) => product === "orthanc" || product === "dcm4chee",
      );
      if (!archives) return [];
      const run = `${baseName(source.path)} is taken to run in ${folder === "." ? "the folder of this run" : folder}, whichever of its conditions hold.`;
      return [{ ...deployment, assumptions: [...deployment.assumptions, run] }];
    });
}

function treeOf(source: SourceFile, folder: string, files: Files): ObjectTree | undefined {
  const dialect = scriptDialect(source);
  if (dialect === undefined) return undefined;
  const commands = containerCommands(source.text, dialect);
  return projectOf(commands, { script: source.path, folder, files });
}

/**
 * Where a script runs decides what its relative paths mean: the nearest folder, from its own upwards, in which one of
 * them is found; its own where none is.
 */
function folderOfRun(source: SourceFile, root: string, files: Files): string {
  const own = folderOf(source.path);
  const named = [
    ...source.text.value.matchAll(
      /(?:\$\(pwd\)|\$\{?PWD\}?|%cd%|(?<=[\s="']))\/?((?:\.\.?\/)?[\w.-]+(?:\/[\w.-]+)*):\//giu,
    ),
  ];
  const paths = named.map(([, path = ""]) => path).filter((path) => path.includes("/") || path.includes("."));
  for (const folder of upTo(own, root))
    if (paths.some((path) => files.stat(joinPath(folder, path)) !== undefined)) return folder;
  return own;
}

function upTo(folder: string, root: string): readonly string[] {
  const above = folderOf(folder);
  return folder === root || folder === above || folder === "." ? [folder] : [folder, ...upTo(above, root)];
}
