/** The disk with some files as they would be after an edit: everything is parsed and judged again before it is written. */
import { type Files, joinPath } from "../sources/files.ts";

/** Contents that hide those on the disk, by path. */
export type Contents = ReadonlyMap<string, Uint8Array>;

/** The same files, and others that somebody is going to make; one that is there already stays. */
export function withPromised(files: Files, promised: Contents): Files {
  if (promised.size === 0) return files;
  const made = (path: string): Uint8Array | undefined =>
    files.stat(path) === undefined ? promised.get(joinPath("", path)) : undefined;
  return {
    ...files,
    read(path) {
      const bytes = made(path);
      return bytes === undefined ? files.read(path) : { ok: true, bytes };
    },
    stat(path) {
      const bytes = made(path);
      return bytes === undefined ? files.stat(path) : { kind: "file", size: bytes.length, identity: path };
    },
  };
}

/** The same files with other contents; no file comes or goes. */
export function withContents(files: Files, contents: Contents): Files {
  if (contents.size === 0) return files;
  return {
    ...files,
    read(path) {
      const bytes = contents.get(joinPath("", path));
      return bytes === undefined ? files.read(path) : { ok: true, bytes };
    },
    stat(path) {
      const found = files.stat(path);
      const bytes = contents.get(joinPath("", path));
      return bytes === undefined || found === undefined ? found : { ...found, size: bytes.length };
    },
  };
}
