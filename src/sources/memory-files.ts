/** A file system in memory: for tests, for the library, and for what comes in by standard input. */
import { baseName, type Files, folderOf, joinPath } from "./files.ts";

/** Files whose folders are made of their paths. `modes`: octal permissions of some of them. */
export function memoryFiles(
  record: Readonly<Record<string, string | Uint8Array>>,
  modes: Readonly<Record<string, string>> = {},
): Files {
  const permissions = new Map(
    Object.entries(modes).map(([name, mode]) => [joinPath(".", name), Number.parseInt(mode, 8)]),
  );
  const contents = new Map<string, Uint8Array>();
  const folders = new Map<string, Set<string>>([[".", new Set()]]);
  for (const [name, content] of Object.entries(record)) {
    const path = joinPath(".", name);
    contents.set(path, typeof content === "string" ? new TextEncoder().encode(content) : content);
    enter(folders, path);
  }
  return {
    read(name) {
      const path = joinPath(".", name);
      const bytes = contents.get(path);
      if (bytes !== undefined) return { ok: true, bytes };
      if (folders.has(path))
        return { ok: false, reason: "directory", message: "this is a folder, not a file" };
      return { ok: false, reason: "absent", message: "there is no such file" };
    },
    list(name) {
      const names = folders.get(joinPath(".", name));
      return names === undefined ? undefined : [...names].sort();
    },
    stat(name) {
      const path = joinPath(".", name);
      const size = contents.get(path)?.length;
      const mode = permissions.get(path);
      if (size !== undefined)
        return { kind: "file", size, identity: path, ...(mode === undefined ? {} : { mode }) };
      return folders.has(path) ? { kind: "directory", size: 0, identity: path } : undefined;
    },
  };
}

/** The same files with one more, which hides what lies at its path: a text that is not saved yet. */
export function withFile(files: Files, path: string, bytes: Uint8Array): Files {
  const own = joinPath(".", path);
  const isOwn = (other: string) => joinPath(".", other) === own;
  const { real } = files;
  return {
    ...(real === undefined ? {} : { real: (other) => real(other) ?? (isOwn(other) ? own : undefined) }),
    read: (other) => (isOwn(other) ? { ok: true, bytes } : files.read(other)),
    stat: (other) =>
      isOwn(other) ? { kind: "file", size: bytes.length, identity: `unsaved:${own}` } : files.stat(other),
    list(folder) {
      const names = files.list(folder);
      if (joinPath(".", folder) !== folderOf(own)) return names;
      return [...new Set([...(names ?? []), baseName(own)])].sort();
    },
  };
}

function enter(folders: Map<string, Set<string>>, path: string): void {
  const folder = folderOf(path);
  const names = folders.get(folder);
  if (names !== undefined) {
    names.add(baseName(path));
    return;
  }
  folders.set(folder, new Set([baseName(path)]));
  if (folder !== "." && folder !== "/") enter(folders, folder);
}
