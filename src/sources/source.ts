/** The files of a run: each is read and decoded once. */
import { type LineStarts, lineStarts } from "../text/lines.ts";
import { type Text, textOfFile } from "../text/text.ts";
import { decode, type Encoding } from "./decode.ts";
import { type Crypto, type Files, joinPath, type ReadFailure, writtenBy } from "./files.ts";

/** A file that was read. */
export interface SourceFile {
  /** Relative to the working directory or absolute, forward slashes. */
  readonly path: string;
  readonly text: Text;
  readonly encoding: Encoding;
  readonly sha256: string;
  readonly lines: LineStarts;
}

/** A file that was read, or why it was not. */
export type Opened =
  | { readonly ok: true; readonly source: SourceFile }
  | { readonly ok: false; readonly reason: ReadFailure | "binary"; readonly message: string };

/** Opens files, each at most once; also the registry by which reports turn offsets into lines. */
export interface Sources {
  open(path: string): Opened;
  /** A file that was opened before. */
  get(path: string): SourceFile | undefined;
  /** Takes a text inside a file for a file of its own, below the one that it stands in; found by its path from then on. */
  embed(holder: SourceFile, name: string, text: Text): SourceFile;
}

/** Sources over a file system. */
export function createSources(files: Files, crypto: Crypto): Sources {
  const opened = new Map<string, Opened>();
  return {
    open(path) {
      const known = opened.get(path);
      if (known !== undefined) return known;
      const result = openFile(files, crypto, path);
      opened.set(path, result);
      return result;
    },
    get(path) {
      const known = opened.get(path);
      return known?.ok === true ? known.source : undefined;
    },
    embed(holder, name, text) {
      const path = `${holder.path}${writtenBy}${name}`;
      const source = { ...holder, path, text, lines: lineStarts(text.value) };
      opened.set(path, { ok: true, source });
      return source;
    },
  };
}

/** Sources that have read before, with the files that were edited since read by others. */
export function renewed(earlier: Sources, own: Sources, edited: ReadonlySet<string>): Sources {
  const of = (path: string): Sources => (edited.has(joinPath("", holderOf(path))) ? own : earlier);
  return {
    open: (path) => of(path).open(path),
    get: (path) => of(path).get(path),
    embed: (holder, name, text) => of(holder.path).embed(holder, name, text),
  };
}

/** The file on the disk in which a text stands that was taken for a file of its own. */
export function holderOf(path: string): string {
  return path.split(writtenBy)[0] ?? path;
}

function openFile(files: Files, crypto: Crypto, path: string): Opened {
  const read = files.read(path);
  if (!read.ok) return { ok: false, reason: read.reason, message: read.message };
  const decoded = decode(read.bytes);
  if (!decoded.ok) return { ok: false, reason: "binary", message: decoded.message };
  const lines = lineStarts(decoded.text);
  const text = textOfFile(path, decoded.text);
  return {
    ok: true,
    source: { path, text, encoding: decoded.encoding, sha256: crypto.sha256(read.bytes), lines },
  };
}
