import { join } from "node:path";
import { isUnknown } from "../../src/facts/unknown.ts";
import { type LintOptions, lint } from "../../src/lint.ts";
import { nodeCrypto } from "../../src/node/crypto.ts";
import { nodeFiles } from "../../src/node/files.ts";
import type { Files } from "../../src/sources/files.ts";

/**
 * Lints a configuration as `lint PATH --format json --on-host --no-config` does, without rules. `disks`: folders that
 * stand for the root of the daemon's disk, the first that has a file counts.
 * @public loaded as a bundle of its own
 */
export function lintToJson(
  folder: string,
  path: string,
  orthancVersion: string,
  env: Record<string, string>,
  disks: readonly string[],
): string {
  const options: LintOptions = {
    paths: [path],
    rules: [],
    audience: "audit",
    failOn: "high",
    orthancVersion,
    envFiles: [],
    env,
    onHost: true,
    allowUndetermined: false,
  };
  const { report } = lint(options, { files: diskOf(folder, disks), crypto: nodeCrypto, now: new Date() });
  return JSON.stringify(report, (_, value: unknown) => (isUnknown(value) ? "unknown" : value));
}

/** The disk as the daemon sees it: its folder as it is, any other absolute path below the stand-ins. */
function diskOf(folder: string, disks: readonly string[]): Files {
  const files = nodeFiles(folder);
  const place = (path: string): string => {
    if (!path.startsWith("/") || path.startsWith(`${folder}/`)) return path;
    const found = disks
      .map((disk) => join(disk, path))
      .find((candidate) => files.stat(candidate) !== undefined);
    return found ?? "absent";
  };
  return {
    read: (path) => files.read(place(path)),
    list: (path) => files.list(place(path)),
    stat: (path) => files.stat(place(path)),
  };
}
