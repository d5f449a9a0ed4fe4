import { copyFileSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { hints } from "./hints.ts";
import { DAEMONS } from "./paths.ts";
import type { Release } from "./releases.ts";

/** A user name and a password. */
export type Credential = readonly [user: string, password: string];

/** A configuration to start a daemon on, and what to try on it. */
export interface Case {
  /** For people: which case this is. */
  name: string;
  seed: number;
  index: number;
  /** Text files, by path in the case's folder. */
  files: Record<string, string>;
  /** Copies of what the set-up made, by path in the case's folder. */
  fixtures: Record<string, Fixture>;
  /** Text files elsewhere, by absolute path. The daemon sees them; what is outside does not. */
  elsewhere?: Record<string, string>;
  /** The configuration's path in the case's folder, as given on the command line; absent: none is given. */
  configuration?: string;
  /** Arguments after the configuration. */
  args: string[];
  env: Record<string, string>;
  /** Working directory, in the case's folder. */
  cwd: string;
  /** Listed AE titles with the hosts that they are listed for. */
  titles: Record<string, string[]>;
  /** Logins to try besides those that are always tried. */
  credentials: Credential[];
  /** Roots of DICOMweb to try besides the default one. */
  dicomWebRoots: string[];
  /** The title that the server is called by, if it is told one. */
  called: string;
}

/** `certificates/<name>` is a file that the set-up made, `plugin/<name>` a plugin of the release. */
export type Fixture = `certificates/${string}` | `plugin/${string}`;

/** A case with nothing in it. */
export const EMPTY_CASE: Case = {
  name: "empty",
  seed: 0,
  index: 0,
  files: {},
  fixtures: {},
  args: [],
  env: {},
  cwd: "",
  titles: {},
  credentials: [],
  dicomWebRoots: [],
  called: "ORTHANC",
};

/** A case of one file. The titles, logins and roots to try are read off it unless they are given. */
export function fileCase(configuration: string | object, more: Partial<Case> = {}): Case {
  const text = typeof configuration === "string" ? configuration : JSON.stringify(configuration, null, 2);
  return filesCase({ "orthanc.json": text, ...more.files }, "orthanc.json", more);
}

/** A case of several files, of which one, or a folder, is named on the command line. */
export function filesCase(
  files: Record<string, string>,
  configuration: string,
  more: Partial<Case> = {},
): Case {
  return { ...EMPTY_CASE, ...hints(files, more.env), configuration, ...more, files };
}

/** Where a file of the certificates is, for clients. */
export function certificate(name: string): string {
  return join(DAEMONS, "certificates", name);
}

/** Writes a case into `folder`, which it has for itself. */
export function materialise(test: Case, release: Release, folder: string): void {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(join(folder, test.cwd), { recursive: true });
  for (const [path, text] of Object.entries(test.files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  for (const [path, fixture] of Object.entries(test.fixtures)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    copyFileSync(fixturePath(fixture, release), join(folder, path));
  }
}

function fixturePath(fixture: Fixture, release: Release): string {
  return fixture.startsWith("plugin/")
    ? join(release.tree, "usr/share/orthanc/plugins", fixture.slice("plugin/".length))
    : join(DAEMONS, fixture);
}
