/** nginx itself as the judge: Debian's binary in a network namespace of its own, in front of stub backends. */
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface, type Interface } from "node:readline";

const home = process.env.PACSLINT_NGINX ?? "/var/cache/pacslint-nginx";
const binary = [join(home, "usr/sbin/nginx"), "/usr/sbin/nginx"].find((path) => existsSync(path));

/** Why the judge cannot be asked here, or undefined when it can. */
export const absent: string | undefined = reasonWhyNot();

function reasonWhyNot(): string | undefined {
  if (binary === undefined) return "nginx is not here (test/nginx/setup.sh unpacks it)";
  const isolated = spawnSync("unshare", ["--net", "--pid", "--fork", "true"]);
  return isolated.status === 0 ? undefined : "a network namespace needs root";
}

if (absent !== undefined && process.env.PACSLINT_REQUIRE_NGINX === "1")
  throw new Error(`PACSLINT_REQUIRE_NGINX is set, but ${absent}`);

/** One request for nginx. */
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

/** What nginx said about a configuration. */
export interface Judgement {
  readonly accepted: boolean;
  readonly stdout: string;
  readonly stderr: string;
  readonly up?: boolean;
  /** nginx itself ended before it was told to: a bug of its own. */
  readonly crashed?: boolean;
  readonly answers?: readonly Received[];
  readonly log?: string;
}

/** A question: the files of a configuration (nginx.conf first of all) and the requests to send. */
export interface Question {
  readonly files: Readonly<Record<string, string>>;
  readonly requests?: readonly Sent[];
  /** Ask `nginx -T` for the files in the order of its reading. */
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

/** Starts the judge. The namespace and everything in it ends with its process, whatever happens to this one. */
export function startJudge(): Judge {
  const scratch = mkdtempSync(join(tmpdir(), "pacslint-nginx-"));
  const folder = join(scratch, "conf");
  mkdirSync(folder);
  const certificate = makeCertificate(scratch);
  const driver = new URL("driver.mjs", import.meta.url).pathname;
  const isolation = ["--net", "--pid", "--fork", "--kill-child", "--mount-proc"];
  const child = spawn("unshare", [...isolation, process.execPath, driver, binary ?? "", folder], {
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
