/** Replaces what a file holds, all at once: no reader ever sees half of it, and mode and owner stay. */
import { randomBytes } from "node:crypto";
import {
  chownSync,
  closeSync,
  constants,
  copyFileSync,
  fchmodSync,
  fchownSync,
  fsyncSync,
  openSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  type Stats,
  statSync,
  writeSync,
} from "node:fs";
import { basename, dirname, join } from "node:path";

/** What a file is expected to hold, and what it gets. */
export interface Rewrite {
  readonly expected: Uint8Array;
  readonly content: Uint8Array;
  /** Keeps the old content as NAME.bak, NAME.bak.2 …: an older copy is never overwritten. */
  readonly backup: boolean;
}

/** Rewrites a file. Throws an Error whose message says why it cannot; the file is as it was then. */
export function rewrite(path: string, { expected, content, backup }: Rewrite): void {
  const target = realpathSync(path);
  const found = statSync(target);
  if (!found.isFile()) throw new Error("it is not a regular file");
  if (!readFileSync(target).equals(expected)) throw new Error("it was changed since it was read");
  const temporary = join(dirname(target), `.${basename(target)}.${randomBytes(4).toString("hex")}.tmp`);
  try {
    writeLike(temporary, content, found);
    if (backup) keepCopy(target, found);
    renameSync(temporary, target);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  }
}

function writeLike(path: string, content: Uint8Array, { mode, uid, gid }: Stats): void {
  // Nobody else may read it before it has the right owner: it may hold secrets.
  const handle = openSync(path, "wx", 0o600);
  try {
    for (let offset = 0; offset < content.length; ) offset += writeSync(handle, content, offset);
    const own = statSync(path);
    if (own.uid !== uid || own.gid !== gid) {
      try {
        fchownSync(handle, uid, gid);
      } catch {
        throw new Error("it belongs to somebody else, and would not any more; run as its owner or as root");
      }
    }
    if (process.platform !== "win32") fchmodSync(handle, mode & 0o7777);
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}

function keepCopy(path: string, { uid, gid }: Stats): void {
  for (let number = 1; ; number++) {
    const copy = number === 1 ? `${path}.bak` : `${path}.bak.${number}`;
    try {
      copyFileSync(path, copy, constants.COPYFILE_EXCL);
    } catch (error) {
      if (error instanceof Error && "code" in error && error.code === "EEXIST") continue;
      throw error;
    }
    if (process.platform !== "win32") chownSync(copy, uid, gid);
    return;
  }
}
