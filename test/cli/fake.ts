/** Runs command lines in this process, against files in memory. */
import validateReport from "../../generated/validate-report.js";
import { run } from "../../src/cli.ts";
import type { ExitCode, Io } from "../../src/commands/io.ts";
import { nodeCrypto } from "../../src/node/crypto.ts";
import { memoryFiles } from "../../src/sources/memory-files.ts";

/** What a command line left behind. */
export interface Outcome {
  readonly code: ExitCode;
  readonly stdout: string;
  readonly stderr: string;
  /** Files that were written. */
  readonly saved: Readonly<Record<string, string>>;
}

/** The outside world of a run; everything has a default. */
export type World = Partial<Omit<Io, "stdin" | "files">> & {
  readonly stdin?: string;
  readonly files?: Readonly<Record<string, string>>;
  /** Octal permissions of files. */
  readonly modes?: Readonly<Record<string, string>>;
};

/** Runs one command line. */
export async function cli(argv: readonly string[], world: World = {}): Promise<Outcome> {
  let stdout = "";
  let stderr = "";
  const saved: Record<string, string> = {};
  const code = await run(argv, {
    stdout: (text) => {
      stdout += text;
    },
    stderr: (text) => {
      stderr += text;
    },
    save: (path, content) => {
      saved[path] = content;
    },
    append: (path, content) => {
      saved[path] = (saved[path] ?? "") + content;
    },
    create: (path, content) => {
      saved[path] = content;
    },
    rewrite: (path, { content }) => {
      saved[path] = new TextDecoder().decode(content);
    },
    cwd: "/work",
    env: {},
    platform: "linux",
    isTTY: false,
    columns: undefined,
    crypto: nodeCrypto,
    now: new Date("2026-11-22T00:00:00Z"),
    ...world,
    stdin: async () => new TextEncoder().encode(world.stdin ?? ""),
    files: memoryFiles(world.files ?? {}, world.modes),
  });
  for (const document of [stdout, ...Object.values(saved)]) holdAgainstSchema(document);
  return { code, stdout, stderr, saved };
}

/** Whatever a test is about: a report as JSON is one that the published schema describes, in NDJSON on each line. Doctor shows a part of it. */
function holdAgainstSchema(document: string): void {
  const lines = document.startsWith('{"version":1,"tool":') ? document.trimEnd().split("\n") : [];
  const whole = /^\{\s*"version": 1,\s*"tool": /u.test(document) ? [document] : lines;
  for (const text of whole.filter((each) => each.includes('"findings":'))) {
    const report: unknown = JSON.parse(text);
    if (!validateReport(report)) throw new Error(JSON.stringify(validateReport.errors));
  }
}
