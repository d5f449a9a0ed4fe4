/** The disk through Node: reading only, and never anything that is not a plain file. */
import {
  type BigIntStats,
  closeSync,
  constants,
  fstatSync,
  openSync,
  readdirSync,
  readSync,
  realpathSync,
  statSync,
} from "node:fs";
import { resolve, sep } from "node:path";
import type { EntryKind, Files, ReadFailure, ReadResult, Stat } from "../sources/files.ts";

/** No configuration is larger; what is would only fill the memory. */
const limit = 64 * 1024 * 1024;

const onWindows = process.platform === "win32";

/** Names that Windows takes for devices, in every folder and with any extension. */
const windowsDevice = /(?:^|\/)(?:con|prn|aux|nul|com\d|lpt\d|conin\$|conout\$)(?:\.[^/]*)?$/i;

/** The files as seen from a working directory. */
export function nodeFiles(cwd: string): Files {
  return {
    read(path) {
      const place = locate(cwd, path);
      return place === undefined ? failure("absent", "there is no such file") : read(place);
    },
    list(path) {
      const place = locate(cwd, path);
      if (place === undefined || stat(place)?.kind !== "directory") return undefined;
      return attempt(() => readdirSync(place).sort());
    },
    stat(path) {
      const place = locate(cwd, path);
      return place === undefined ? undefined : stat(place);
    },
    real(path) {
      const place = locate(cwd, path);
      return place === undefined ? undefined : attempt(() => realpathSync(place).replaceAll(sep, "/"));
    },
  };
}

/**
 * The path for Node; undefined for one that cannot exist here. A network path (`\\server\share`) that a configuration
 * names is not followed: opening it would connect to that server and hand it the user's credentials.
 */
function locate(cwd: string, path: string): string | undefined {
  if (path.includes("\0")) return undefined;
  const windowsAbsolute = /^[A-Za-z]:[\\/]/.test(path) || path.startsWith("\\\\");
  if (!onWindows) return windowsAbsolute ? undefined : resolve(cwd, path);
  const full = resolve(cwd, path);
  if (full.startsWith("\\\\") && !full.startsWith(resolve(cwd))) return undefined;
  return windowsDevice.test(full.replaceAll("\\", "/")) ? undefined : full;
}

function stat(path: string): Stat | undefined {
  const found = attempt(() => statSync(path, { bigint: true, throwIfNoEntry: false }));
  if (found === undefined) return undefined;
  const plain = { kind: kindOf(found), size: Number(found.size), identity: `${found.dev}:${found.ino}` };
  return onWindows ? plain : { ...plain, mode: Number(found.mode & 0o7777n) };
}

function kindOf(found: BigIntStats): EntryKind {
  if (found.isFile()) return "file";
  return found.isDirectory() ? "directory" : "special";
}

function read(path: string): ReadResult {
  let handle: number | undefined;
  try {
    const refused = refuse(statSync(path, { bigint: true }));
    if (refused !== undefined) return refused;
    // Not blocking: the file may have become a FIFO since it was looked at.
    handle = openSync(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
    return refuse(fstatSync(handle, { bigint: true })) ?? readAll(handle);
  } catch (error) {
    return explain(error);
  } finally {
    if (handle !== undefined) closeSync(handle);
  }
}

function refuse(found: BigIntStats): ReadResult | undefined {
  const kind = kindOf(found);
  if (kind === "directory") return failure("directory", "this is a folder, not a file");
  if (kind === "special")
    return failure("special", "this is a pipe, a socket or a device, and is never opened");
  return found.size > limit ? tooLarge(Number(found.size)) : undefined;
}

/** Reads to the end rather than to the size: files below /proc say that they are empty. */
function readAll(handle: number): ReadResult {
  const chunks: Uint8Array[] = [];
  let total = 0;
  for (;;) {
    const chunk = new Uint8Array(total === 0 ? 64 * 1024 : 1024 * 1024);
    const count = readSync(handle, chunk, 0, chunk.length, null);
    if (count === 0) break;
    total += count;
    if (total > limit) return tooLarge(total);
    chunks.push(chunk.subarray(0, count));
  }
  return { ok: true, bytes: Buffer.concat(chunks, total) };
}

function tooLarge(size: number): ReadResult {
  const megabytes = Math.ceil(size / 1024 / 1024);
  return failure(
    "too-large",
    `the file has ${megabytes} MiB; files above ${limit / 1024 / 1024} MiB are not read`,
  );
}

function explain(error: unknown): ReadResult {
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  switch (code) {
    case "ENOENT":
    case "ENOTDIR":
      return failure("absent", "there is no such file");
    case "EACCES":
    case "EPERM":
      return failure("denied", "permission denied; run as a user who may read it");
    case "ELOOP":
      return failure("failed", "the symbolic links lead in a circle");
    case "ENAMETOOLONG":
      return failure("absent", "the path is longer than the system allows");
    default:
      return failure("failed", `the system could not read it${code === "" ? "" : ` (${code})`}`);
  }
}

function failure(reason: ReadFailure, message: string): ReadResult {
  return { ok: false, reason, message };
}

function attempt<T>(action: () => T): T | undefined {
  try {
    return action();
  } catch {
    return undefined;
  }
}
