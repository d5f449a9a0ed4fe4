/** The command as a Node process: the real streams, disk and clock around `run`. */
import { randomBytes } from "node:crypto";
import {
  appendFileSync,
  mkdirSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import process from "node:process";
import { run } from "../cli.ts";
import type { Io } from "../commands/io.ts";
import { nodeCrypto } from "./crypto.ts";
import { nodeFiles } from "./files.ts";
import { rewrite } from "./rewrite.ts";

/** Runs the command of this process and sets its exit code; output that is still on its way is not cut off. */
export async function main(): Promise<void> {
  // A reader such as `head` that has seen enough is no error.
  for (const stream of [process.stdout, process.stderr]) {
    stream.on("error", (error: NodeJS.ErrnoException) => {
      if (error.code !== "EPIPE") throw error;
    });
  }
  process.exitCode = await run(process.argv.slice(2), processIo());
}

function processIo(): Io {
  const cwd = process.cwd();
  return {
    stdout: (text) => process.stdout.write(text),
    stderr: (text) => process.stderr.write(text),
    stdin: readAll,
    save: (path, content) => save(resolve(cwd, path), content),
    append: (path, content) => appendFileSync(resolve(cwd, path), content),
    create: (path, content) => create(resolve(cwd, path), content),
    rewrite: (path, change) => rewrite(resolve(cwd, path), change),
    cwd,
    env: process.env,
    platform: process.platform,
    isTTY: process.stdout.isTTY === true,
    columns: process.stdout.columns,
    files: nodeFiles(cwd),
    crypto: nodeCrypto,
    now: new Date(),
  };
}

async function readAll(): Promise<Uint8Array> {
  const chunks: Buffer[] = [];
  for await (const chunk of process.stdin) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks);
}

/** Never replaces what is there. */
function create(path: string, content: string): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, content, { flag: "wx" });
}

/** By way of a file beside it, so that no reader ever sees half a report; a device such as /dev/null is written to. */
function save(path: string, content: string): void {
  const existing = statSync(path, { throwIfNoEntry: false });
  if (existing !== undefined && !existing.isFile()) {
    writeFileSync(path, content);
    return;
  }
  const target = existing === undefined ? path : realpathSync(path);
  const temporary = join(dirname(target), `.${basename(target)}.${randomBytes(4).toString("hex")}.tmp`);
  try {
    writeFileSync(temporary, content, { flag: "wx" });
    renameSync(temporary, target);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  }
}
