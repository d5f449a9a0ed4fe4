/** How the core sees the disk: everything it may do to it is here, and all of it is reading. */

/** Why a file could not be read. */
export type ReadFailure = "absent" | "denied" | "directory" | "special" | "too-large" | "failed";

/** The bytes of a file, or why they cannot be read. */
export type ReadResult =
  | { readonly ok: true; readonly bytes: Uint8Array }
  | { readonly ok: false; readonly reason: ReadFailure; readonly message: string };

/** What a path is. `special`: a FIFO, a socket, a device; never opened. */
export type EntryKind = "file" | "directory" | "special";

/** What is known of a path without opening it. */
export interface Stat {
  readonly kind: EntryKind;
  /** In bytes. */
  readonly size: number;
  /** Permission bits such as 0o644; absent where the platform has none (Windows, a browser). */
  readonly mode?: number;
  /** Identity of the file or folder behind all links, to notice that a folder was visited before. */
  readonly identity: string;
}

/** A file system, real or in memory. Paths use forward slashes and are relative to the working directory, or absolute. */
export interface Files {
  read(path: string): ReadResult;
  /** Names in a folder, sorted; undefined when it cannot be listed. */
  list(path: string): readonly string[] | undefined;
  /** Follows links; undefined when there is nothing. */
  stat(path: string): Stat | undefined;
  /** The absolute path behind all links; undefined when there is nothing. Absent where there are no links. */
  readonly real?: (path: string) => string | undefined;
}

/** What is needed of cryptography, passed in because a browser has it elsewhere. */
export interface Crypto {
  /** SHA-256 in lower-case hexadecimal. */
  sha256(bytes: Uint8Array): string;
  /** Reads the certificates of a PEM or DER file; empty when there is none. */
  certificates(bytes: Uint8Array): readonly Certificate[];
}

/** What is read from an X.509 certificate. */
export interface Certificate {
  readonly subject: string;
  readonly issuer: string;
  readonly notAfter: Date;
  readonly notBefore: Date;
  /** "rsa", "ec", "ed25519" … */
  readonly keyType: string;
  /** Bits of an RSA modulus or of an elliptic curve; 0 when not known. */
  readonly keyBits: number;
  /** Signature algorithm as OpenSSL names it, such as "sha256WithRSAEncryption"; "" when not known. */
  readonly signature: string;
  readonly hasSubjectAltName: boolean;
  /** SHA-256 of its DER form in lower-case hexadecimal. */
  readonly sha256: string;
}

/** Stands in a path between a file that writes another one and the path of that one: "main.tf!/etc/orthanc/orthanc.json". */
export const writtenBy = "!/";

/** Joins a folder and a relative path, resolving "." and ".."; an absolute path stays as it is. */
export function joinPath(folder: string, path: string): string {
  if (isAbsolute(path)) return normalise(path);
  return normalise(folder === "" || folder === "." ? path : `${folder}/${path}`);
}

/** Whether a path is absolute, on Unix or on Windows. */
export function isAbsolute(path: string): boolean {
  return path.startsWith("/") || /^[A-Za-z]:[\\/]/.test(path) || path.startsWith("\\\\");
}

/** The folder that holds a path; "." for a bare name. */
export function folderOf(path: string): string {
  const slash = path.lastIndexOf("/");
  if (slash < 0) return ".";
  return slash === 0 ? "/" : path.slice(0, slash);
}

/** The last part of a path. */
export function baseName(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}

function normalise(path: string): string {
  const parts: string[] = [];
  const unix = path.replaceAll("\\", "/");
  for (const part of unix.split("/")) {
    if (part === "" || part === ".") continue;
    if (part === ".." && parts.length > 0 && parts.at(-1) !== "..") parts.pop();
    else if (part !== ".." || !unix.startsWith("/")) parts.push(part);
  }
  const joined = parts.join("/");
  if (unix.startsWith("/")) return `/${joined}`;
  return joined === "" ? "." : joined;
}
