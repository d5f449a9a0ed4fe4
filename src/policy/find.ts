/** Finds the pacslint.yaml of a run, and the folder that its paths are told from. */
import { type Files, folderOf, isAbsolute, joinPath } from "../sources/files.ts";
import { absolute, asNamed, isBelow } from "./paths.ts";

const names = ["pacslint.yaml", "pacslint.yml"] as const;

/**
 * The configuration files that apply to the paths, nearest first for each: looked for in the folder of a path and upward
 * to the root of its repository (a folder with `.git`), or to the working directory where there is no repository. Where
 * no path leads to one, the working directory does. `cwd` is absolute.
 */
export function findConfigs(files: Files, cwd: string, paths: readonly string[]): readonly string[] {
  const found = paths.flatMap((path) => nearest(files, cwd, path) ?? []);
  return found.length > 0 ? [...new Set(found)] : [nearest(files, cwd, ".") ?? []].flat();
}

function nearest(files: Files, cwd: string, path: string): string | undefined {
  for (const folder of upward(files, cwd, path)) {
    for (const name of names) {
      const named = asNamed(joinPath(folder, name), cwd, !isAbsolute(path));
      if (files.stat(named)?.kind === "file") return named;
    }
  }
  return undefined;
}

/** The folder of the repository that a path lies in, absolute; undefined outside of any. */
function repositoryOf(files: Files, cwd: string, path: string): string | undefined {
  const folders = foldersAbove(startOf(files, cwd, path));
  return folders.find((folder) => files.stat(asNamed(joinPath(folder, ".git"), cwd, !isAbsolute(path))));
}

/** The folder that fingerprints and baselines name files from: the repository of the first path, or the working directory. */
export function rootOf(files: Files, cwd: string, paths: readonly string[]): string {
  return repositoryOf(files, cwd, paths[0] ?? ".") ?? cwd;
}

function upward(files: Files, cwd: string, path: string): readonly string[] {
  const start = startOf(files, cwd, path);
  const root = repositoryOf(files, cwd, path) ?? (isBelow(start, cwd) ? cwd : start);
  return foldersAbove(start).filter((folder) => isBelow(folder, root));
}

/** The folder that a path is or lies in. */
function startOf(files: Files, cwd: string, path: string): string {
  const place = absolute(path, cwd);
  return files.stat(path)?.kind === "directory" || path === "." ? place : folderOf(place);
}

/** A folder and all that it lies in, innermost first. */
function foldersAbove(start: string): readonly string[] {
  const folders = [start];
  for (let folder = start; folder !== folderOf(folder); ) {
    folder = folderOf(folder);
    folders.push(folder);
  }
  return folders;
}
