/** The disk with some files as they would be after an edit: everything is parsed and judged again before it is written. */
import { type Files, joinPath } from "../sources/files.ts";

/** Contents that hide those on the disk, by path. */
export type Contents = ReadonlyMap<string, Uint8Array>;

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
