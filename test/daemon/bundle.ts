import { mkdirSync, renameSync } from "node:fs";
import { dirname, join } from "node:path";
import { buildSync } from "esbuild";
import { REPOSITORY } from "./paths.ts";

/** Where bundles are kept from one run to the next; made anew by each. */
export const CACHE = join(REPOSITORY, "node_modules/.cache/pacslint");

/** Makes one file of JavaScript out of a file of this folder and what it imports, since Node 20 reads no TypeScript. */
export function bundle(entry: string, outfile: string): string {
  mkdirSync(dirname(outfile), { recursive: true });
  const unfinished = `${outfile}.${process.pid}.mjs`; // two runs may begin at once
  buildSync({
    entryPoints: [join(REPOSITORY, "test/daemon", entry)],
    outfile: unfinished,
    bundle: true,
    platform: "node",
    format: "esm",
    target: "node20",
    packages: "external",
    logLevel: "error",
  });
  renameSync(unfinished, outfile);
  return outfile;
}
