/** Real proxies as judges: Debian's binaries in a network namespace of their own, in front of stub backends. */
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface, type Interface } from "node:readline";

/** One request for a proxy. */
export interface Sent {
  readonly port: number;
  readonly address: string;
  readonly tls: boolean;
  readonly host: string;
  readonly path: string;
  readonly method: string;
  readonly client: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly certificate?: { readonly key: string; readonly cert: string };
}

/** What came back. */
export interface Received {
  /** 0 when the connection was closed without an answer. */
  readonly status: number;
  readonly location?: string;
  /** How the connection broke. */
  readonly error?: string;
  /** The port of the backend that answered. */
  readonly stub?: string;
  readonly asked?: { readonly method: string; readonly url: string; readonly authorization: string };
}

/** What the server said about a configuration. */
export interface Judgement {
  readonly accepted: boolean;
  readonly stdout: string;
  readonly stderr: string;
  readonly up?: boolean;
  /** It ended before it was told to: a bug of its own. */
  readonly crashed?: boolean;
  readonly answers?: readonly Received[];
  readonly log?: string;
}

/** A question: the files of a configuration and the requests to send. */
export interface Question {
  readonly files: Readonly<Record<string, string>>;
  readonly requests?: readonly Sent[];
  /** Ask nginx for the files in the order of its reading (-T). */
  readonly dump?: boolean;
}

/** A running judge. */
export interface Judge {
  ask(question: Question): Promise<Judgement>;
  close(): void;
  /** The folder of the configuration. */
  readonly folder: string;
  readonly certificate: { readonly key: string; readonly cert: string };
}

/** A real server that can be asked. */
export interface RealServer {
  /** Arguments with "{folder}" for the folder of the configuration: to check it, to print it, to run with it. */
  readonly check: readonly string[];
  readonly dump?: readonly string[];
  readonly run: readonly string[];
  readonly binary: string;
  readonly environment?: Readonly<Record<string, string>>;
  /** All ports that are asked are waited for. */
  readonly waits?: boolean;
}

/** Why a server cannot be asked here, or undefined when it can; fails where `variable` demands that it is there. */
export function absenceOf(name: string, binary: string | undefined, variable: string): string | undefined {
  const reason = reasonWhyNot(name, binary);
  if (reason !== undefined && process.env[variable] === "1")
    throw new Error(`${variable} is set, but ${reason}`);
  return reason;
}

function reasonWhyNot(name: string, binary: string | undefined): string | undefined {
  if (binary === undefined)
    return `${name} is not here (test/proxies/setup.sh or test/nginx/setup.sh unpacks it)`;
  const isolated = spawnSync("unshare", ["--net", "--pid", "--fork", "true"]);
  return isolated.status === 0 ? undefined : "a network namespace needs root";
}

/** Starts a judge. The namespace and everything in it ends with its process, whatever happens to this one. */
export function startJudgeOf(server: RealServer): Judge {
  const scratch = mkdtempSync(join(tmpdir(), "pacslint-judge-"));
  const folder = join(scratch, "conf");
  mkdirSync(folder);
  // Servers that give up root read their files all the same.
  chmodSync(scratch, 0o755);
  const certificate = makeCertificate(scratch);
  const driver = new URL("driver.mjs", import.meta.url).pathname;
  const isolation = ["--net", "--pid", "--fork", "--kill-child", "--mount-proc"];
  const child = spawn("unshare", [...isolation, process.execPath, driver, folder, JSON.stringify(server)], {
    stdio: ["pipe", "pipe", "inherit"],
  });
  const lines = createInterface({ input: child.stdout });
  const stop = (): void => {
    child.kill("SIGKILL");
    rmSync(scratch, { recursive: true, force: true });
  };
  process.once("exit", stop);
  return {
    folder,
    certificate,
    ask: (question) => ask(child, lines, question),
    close() {
      process.removeListener("exit", stop);
      stop();
    },
  };
}

function ask(child: ChildProcess, lines: Interface, question: Question): Promise<Judgement> {
  return new Promise((resolve, reject) => {
    const fail = (): void => reject(new Error("the judge's process ended"));
    child.once("exit", fail);
    lines.once("line", (line) => {
      child.removeListener("exit", fail);
      resolve(JSON.parse(line));
    });
    child.stdin?.write(`${JSON.stringify(question)}\n`);
  });
}

function makeCertificate(folder: string): { key: string; cert: string } {
  const key = join(folder, "key.pem");
  const cert = join(folder, "cert.pem");
  const name = ["-subj", "/CN=pacs.example", "-days", "2"];
  const run = spawnSync("openssl", [
    "req",
    "-x509",
    "-newkey",
    "ec",
    "-pkeyopt",
    "ec_paramgen_curve:P-256",
    "-nodes",
    "-keyout",
    key,
    "-out",
    cert,
    ...name,
  ]);
  if (run.status !== 0) throw new Error("openssl could not make a certificate");
  return { key: readFileSync(key, "utf8"), cert: readFileSync(cert, "utf8") };
}
