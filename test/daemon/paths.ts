import { existsSync, statfsSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/** The repository's folder: found upwards, since this code also runs bundled from elsewhere in it. */
export const REPOSITORY = upwards(dirname(fileURLToPath(import.meta.url)));

/** Where `setup.sh` unpacks the releases. */
export const DAEMONS = process.env.PACSLINT_DAEMONS ?? "/var/cache/pacslint-daemons";

/** Where runs keep their folders: in memory if it can be, since every start makes a database. */
export const WORK = process.env.PACSLINT_DAEMON_WORK ?? (isTmpfs("/dev/shm") ? "/dev/shm" : tmpdir());

/** What a run's folder is called, followed by the number of its process. */
export const WORK_PREFIX = "pacslint-daemon-";

function upwards(folder: string): string {
  if (existsSync(join(folder, "biome.json"))) return folder;
  const parent = dirname(folder);
  if (parent === folder) throw new Error("not inside the repository");
  return upwards(parent);
}

function isTmpfs(folder: string): boolean {
  const TMPFS_MAGIC = 0x01021994;
  return existsSync(folder) && statfsSync(folder).type === TMPFS_MAGIC;
}
