/** Paths as they are written in a site's own files: seen from a folder that does not move with the working directory. */
import { folderOf, joinPath } from "../sources/files.ts";

/** The absolute path of one that counts from the working directory. */
export function absolute(path: string, cwd: string): string {
  return joinPath(cwd, path);
}

/** A path as seen from a folder, both absolute: the path itself where it does not lie below. */
export function seenFrom(folder: string, path: string): string {
  if (path === folder) return ".";
  const prefix = folder.endsWith("/") ? folder : `${folder}/`;
  return path.startsWith(prefix) ? path.slice(prefix.length) : path;
}

/** An absolute path as the run names it: relative to the working directory below it and, if asked, above it. */
export function asNamed(path: string, cwd: string, relative: boolean): string {
  if (!relative && !isBelow(path, cwd)) return path;
  let ups = "";
  let folder = cwd;
  while (!isBelow(path, folder)) {
    if (folder === folderOf(folder)) return path;
    folder = folderOf(folder);
    ups += "../";
  }
  return joinPath("", `${ups}${seenFrom(folder, path)}`);
}

/** Whether a path lies in a folder, both absolute. */
export function isBelow(path: string, folder: string): boolean {
  return path === folder || path.startsWith(folder.endsWith("/") ? folder : `${folder}/`);
}
