/** Runs pacslint with the Node of Windows, under Wine, and with this machine's own. */
import { spawnSync } from "node:child_process";
import {
  closeSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";

const home = process.env.PACSLINT_WINDOWS ?? "/var/cache/pacslint-windows";
const node = join(home, "node.exe");
const program = resolve("dist/pacslint.js");

/** Whether Windows can be asked; test/windows/setup.sh brings it. */
export const hasWindows = existsSync(node);

/** What a command left behind. */
export interface Ran {
  readonly code: number | null;
  readonly out: string;
  readonly errors: string;
}

/** A path of this machine as Windows names it: Wine shows the whole disk as drive Z. */
export function onDrive(path: string): string {
  return `Z:${path.replaceAll("/", "\\")}`;
}

/** Runs a command in a folder, as a user of Windows would. */
export function onWindows(folder: string, args: readonly string[]): Ran {
  return run(folder, join(home, "root/usr/lib/wine/wine64"), [node, onDrive(program), ...args], {
    WINEPREFIX: join(home, "prefix"),
    WINEDEBUG: "-all",
    LD_LIBRARY_PATH: join(home, "root/usr/lib/x86_64-linux-gnu"),
  });
}

/** The same command on this machine itself. */
export function onLinux(folder: string, args: readonly string[]): Ran {
  return run(folder, process.execPath, [program, ...args], {});
}

// Into files: Node writes nothing into a pipe of Wine's.
function run(
  cwd: string,
  command: string,
  args: readonly string[],
  env: Readonly<Record<string, string>>,
): Ran {
  const streams = mkdtempSync(join(tmpdir(), "pacslint-streams-"));
  const [out, errors] = [join(streams, "out"), join(streams, "errors")];
  const handles = [openSync(out, "w"), openSync(errors, "w")] as const;
  try {
    const { status } = spawnSync(command, args, {
      cwd,
      env: { HOME: streams, PATH: "/usr/bin:/bin", ...env },
      stdio: ["ignore", ...handles],
      timeout: 60_000,
    });
    return { code: status, out: readFileSync(out, "utf8"), errors: readFileSync(errors, "utf8") };
  } finally {
    for (const handle of handles) closeSync(handle);
    rmSync(streams, { recursive: true });
  }
}

/** Calls with a folder that holds the files, and removes it. */
export function inFolder<T>(files: Readonly<Record<string, string>>, use: (folder: string) => T): T {
  const folder = mkdtempSync(join(tmpdir(), "pacslint-windows-"));
  try {
    for (const [path, content] of Object.entries(files)) {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), content);
    }
    return use(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}
