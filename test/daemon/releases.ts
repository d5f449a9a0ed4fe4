import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { DAEMONS } from "./paths.ts";

/** A release of Orthanc that Debian ships, and the suite that has it. */
export interface Release {
  version: string;
  suite: string;
  /** Its file tree. */
  tree: string;
  /** As Debian calls it, once it is unpacked: Debian has put things into old releases that upstream has later ones for. */
  packageVersion: string;
}

/** Every release that the harness knows. */
export const RELEASES: readonly Release[] = (
  [
    ["1.9.1", "bullseye"],
    ["1.10.1", "bookworm"],
    ["1.12.7", "trixie"],
    ["1.13.0", "sid"],
  ] as const
).map(([version, suite]) => {
  const tree = join(DAEMONS, suite);
  return { version, suite, tree, packageVersion: marker(tree, "package") ?? version };
});

/** What the set-up has noted about a tree. */
function marker(tree: string, name: string): string | undefined {
  const path = join(tree, `pacslint-${name}`);
  return existsSync(path) ? readFileSync(path, "utf8").trim() : undefined;
}

/** Which daemons can be started here, and why the others cannot. */
export interface Availability {
  installed: Release[];
  missing: { version: string; reason: string }[];
}

/** Tells what can be started here; with `PACSLINT_REQUIRE_DAEMON` set, a release that cannot is an error. */
export function daemonAvailability(
  versions: readonly string[] = RELEASES.map((r) => r.version),
): Availability {
  const result: Availability = { installed: [], missing: [] };
  for (const version of versions) {
    const release = RELEASES.find((known) => known.version === version);
    const reason = release === undefined ? "not a release that Debian ships" : whyNot(release);
    if (reason === undefined && release !== undefined) result.installed.push(release);
    else result.missing.push({ version, reason: reason ?? "unknown" });
  }
  const [first] = result.missing;
  if (first !== undefined && process.env.PACSLINT_REQUIRE_DAEMON) {
    throw new Error(`Orthanc ${first.version} cannot be started here: ${first.reason}`);
  }
  return result;
}

/** One line for people about what is skipped and why; empty when nothing is. */
export function skipLine({ missing }: Availability): string {
  if (missing.length === 0) return "";
  const reasons = new Set(missing.map((entry) => entry.reason));
  return `daemon tests skipped for Orthanc ${missing.map((entry) => entry.version).join(", ")}: ${[...reasons].join("; ")}`;
}

function whyNot({ version, tree }: Release): string | undefined {
  if (process.platform !== "linux") return "Linux is needed";
  if (process.getuid?.() !== 0) return "root is needed (namespaces, chroot)";
  const found = marker(tree, "release");
  if (found === undefined) return "not installed (npm run daemon:setup)";
  return found === version ? undefined : `the suite now has ${found}`;
}
