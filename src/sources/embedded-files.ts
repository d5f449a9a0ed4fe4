/** The file system with the files that other files write, as far as a run has come upon them. */
import type { Candidate } from "./discover.ts";
import { type Files, writtenBy } from "./files.ts";
import { memoryFiles } from "./memory-files.ts";

/** The same files with those that are embedded; an embedded one lies below the file that holds it. */
export function withEmbedded(files: Files, candidates: readonly Candidate[]): Files {
  const embedded = candidates.filter(({ source }) => source.path.includes(writtenBy));
  if (embedded.length === 0) return files;
  const memory = memoryFiles(
    Object.fromEntries(embedded.map(({ source }) => [source.path, source.text.value])),
  );
  // Folders around the file that writes stay those of the disk.
  const of = (path: string): Files =>
    /!(?:\/|$)/u.test(path) && memory.stat(path) !== undefined ? memory : files;
  return {
    ...files,
    read: (path) => of(path).read(path),
    list: (path) => of(path).list(path),
    stat: (path) => of(path).stat(path),
  };
}
