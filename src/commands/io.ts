/** Everything that a command may know of the outside world, passed in so that tests and a browser can stand in for it. */
import type { Crypto, Files } from "../sources/files.ts";

/** 0 nothing at or above the threshold, 1 findings, 2 usage, 3 input, 4 internal error. */
export type ExitCode = 0 | 1 | 2 | 3 | 4;

/** The outside world. */
export interface Io {
  stdout(text: string): void;
  stderr(text: string): void;
  /** All of standard input. */
  stdin(): Promise<Uint8Array>;
  /** Replaces a file, all at once; throws an Error whose message says why it cannot. */
  save(path: string, content: string): void;
  /** Writes a new file and the folders above it; throws an Error whose message says why it cannot, such as that it is there. */
  create(path: string, content: string): void;
  /** Adds to the end of a file; throws likewise. */
  append(path: string, content: string): void;
  /**
   * Replaces what an existing file holds, all at once, keeping mode and owner; `backup` keeps the old content beside it.
   * Throws an Error whose message says why it cannot, also when the file does not hold any more what is expected.
   */
  rewrite(path: string, change: { expected: Uint8Array; content: Uint8Array; backup: boolean }): void;
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Node's name of the operating system: "linux", "win32" … */
  readonly platform: string;
  /** Whether standard output is a terminal. */
  readonly isTTY: boolean;
  /** Width of the terminal; undefined when there is none. */
  readonly columns: number | undefined;
  readonly files: Files;
  readonly crypto: Crypto;
  readonly now: Date;
}

/** A mistake of the caller's: told in one sentence, with the exit code 2. */
export class UsageError extends Error {}
