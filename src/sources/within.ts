/** A file system that ends at the folders of a run, whatever a configuration names. */
import { type Files, folderOf, isAbsolute, joinPath, type ReadResult } from "./files.ts";

/**
 * The same files, without those outside the roots. Of a root that is a file its folder counts; `also` are single files
 * that the user named. A link counts by where it leads.
 */
export function within(files: Files, roots: readonly string[], also: readonly string[] = []): Files {
  const real = (path: string): string | undefined => (files.real ?? lexical)(path);
  const folders = roots.flatMap((root) => {
    const clean = joinPath("", root);
    return real(files.stat(clean)?.kind === "file" ? folderOf(clean) : clean) ?? [];
  });
  const single = new Set([...roots, ...also].map((path) => real(joinPath("", path))));
  const isInside = (path: string): boolean => {
    const place = real(path);
    return place !== undefined && (single.has(place) || folders.some((folder) => isBelow(place, folder)));
  };
  return {
    ...files,
    // Where nothing is, the reason for that is told.
    read: (path) => (real(path) === undefined || isInside(path) ? files.read(path) : outside),
    list: (path) => (isInside(path) ? files.list(path) : undefined),
    stat: (path) => (isInside(path) ? files.stat(path) : undefined),
  };
}

const outside: ReadResult = {
  ok: false,
  reason: "denied",
  message: "it lies outside the folders that were named, and --no-follow-outside forbids to read it",
};

/** Where no links are. */
function lexical(path: string): string {
  return joinPath("", path);
}

function isBelow(path: string, folder: string): boolean {
  if (folder === ".") return !isAbsolute(path) && path !== ".." && !path.startsWith("../");
  return path === folder || path.startsWith(folder.endsWith("/") ? folder : `${folder}/`);
}
