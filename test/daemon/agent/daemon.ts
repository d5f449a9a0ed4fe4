import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { DaemonState, StartAnswer, StartRequest } from "./protocol.ts";

const START_TIMEOUT = 30_000;
const EXIT_TIMEOUT = 5_000;

/** The daemon that is up, or was last. */
interface Daemon {
  process: ChildProcess;
  root: string;
  log: string;
  exit: { code: number | null; signal: string | null } | undefined;
}

let daemon: Daemon | undefined;

/**
 * A fresh root for every start: the release's tree below, an empty layer in memory above, the case's folder at its own
 * path. The agent's mount namespace is private, so all of this ends with the agent.
 */
const MOUNT = `set -e
tree=$1 root=$2 folder=$3
mount -t tmpfs pacslint "$root"
mkdir "$root/up" "$root/work" "$root/fs"
mount -t overlay pacslint -o "lowerdir=$tree,upperdir=$root/up,workdir=$root/work" "$root/fs"
mount -t proc proc "$root/fs/proc"
mount --rbind /dev "$root/fs/dev"
mkdir -p "$root/fs$folder"
mount --bind "$folder" "$root/fs$folder"
`;

/** Runs `command` of a release's tree, as it is on disk. */
export function inTree(tree: string, command: string, args: string[]): [string, string[]] {
  return ["unshare", [`--root=${tree}`, "--wd=/", command, ...args]];
}

/** Starts Orthanc and waits until it says that it has started, or is gone. */
export async function start(request: StartRequest): Promise<StartAnswer> {
  await stop();
  const root = mkdtempSync(join(dirname(request.folder), "root-"));
  execFileSync("sh", ["-c", MOUNT, "sh", request.tree, root, request.folder]);
  for (const [path, content] of Object.entries(request.elsewhere)) {
    mkdirSync(dirname(join(root, "fs", path)), { recursive: true });
    writeFileSync(join(root, "fs", path), content);
  }
  const libraries = request.ssl === "none" ? {} : { LD_LIBRARY_PATH: `/opt/${request.ssl}` };
  const child = spawn(
    "/usr/bin/unshare",
    [`--root=${root}/fs`, `--wd=${request.cwd}`, "/usr/sbin/Orthanc", ...request.args],
    { env: { ...request.env, ...libraries }, stdio: ["ignore", "pipe", "pipe"] },
  );
  const current: Daemon = { process: child, root, log: "", exit: undefined };
  daemon = current;
  const started = await new Promise<boolean>((resolve) => {
    const timer = setTimeout(() => resolve(false), START_TIMEOUT);
    const read = (chunk: string) => {
      current.log += chunk;
      if (/\] Orthanc has started/.test(current.log)) settle(true);
    };
    const settle = (result: boolean) => {
      clearTimeout(timer);
      resolve(result);
    };
    for (const stream of [child.stdout, child.stderr]) {
      stream?.setEncoding("utf8");
      stream?.on("data", read);
    }
    child.on("exit", (code, signal) => {
      current.exit = { code, signal };
    });
    child.on("close", () => settle(false)); // after the last of its output
    child.on("error", (error) => {
      current.log += `\n${error.message}`;
      settle(false);
    });
  });
  return { started, log: current.log, listening: started ? listeningSockets() : [] };
}

/** Whether it runs, and if not how it ended. */
export async function state(): Promise<DaemonState> {
  if (daemon === undefined) return { running: false, exitCode: null, signal: null, log: "" };
  const { exit, log } = daemon;
  return { running: exit === undefined, exitCode: exit?.code ?? null, signal: exit?.signal ?? null, log };
}

/** Waits until it is gone, but not for long. */
export function exited(atMost: number): Promise<void> {
  return new Promise((resolve) => {
    const child = daemon?.process;
    if (child === undefined || daemon?.exit !== undefined) return resolve();
    const done = () => {
      clearTimeout(timer);
      child.off("exit", done);
      resolve();
    };
    const timer = setTimeout(done, atMost);
    child.on("exit", done);
  });
}

/** Asks it to end in its own time. */
export async function terminate(): Promise<void> {
  daemon?.process.kill("SIGTERM");
}

/** Kills it and takes its root away. */
export async function stop(): Promise<DaemonState> {
  const last = await state();
  const current = daemon;
  daemon = undefined;
  if (current === undefined) return last;
  if (current.exit === undefined) {
    const gone = new Promise((resolve) => current.process.once("close", resolve));
    current.process.kill("SIGKILL");
    await Promise.race([gone, new Promise((resolve) => setTimeout(resolve, EXIT_TIMEOUT))]);
  }
  execFileSync("umount", ["--recursive", "--lazy", current.root]);
  rmSync(current.root, { recursive: true, force: true });
  return last;
}

/** Every TCP socket of this namespace that listens. */
function listeningSockets(): string[] {
  const LISTEN = "0A";
  const found: string[] = [];
  for (const file of ["/proc/net/tcp", "/proc/net/tcp6"]) {
    for (const line of readFileSync(file, "utf8").split("\n").slice(1)) {
      const [, local, , status] = line.trim().split(/\s+/);
      if (local === undefined || status !== LISTEN) continue;
      const [address = "", port = ""] = local.split(":");
      found.push(`${address.length === 8 ? ipv4(address) : "::"}:${Number.parseInt(port, 16)}`);
    }
  }
  return found;
}

/** The kernel writes addresses as little-endian hexadecimal. */
function ipv4(hex: string): string {
  return (hex.match(/../g) ?? [])
    .map((byte) => Number.parseInt(byte, 16))
    .reverse()
    .join(".");
}
