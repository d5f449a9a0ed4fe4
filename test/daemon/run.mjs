// Bundles run.ts and runs it: Node 20 does not read TypeScript.
import { mkdirSync, renameSync } from "node:fs";
import { fileURLToPath, pathToFileURL } from "node:url";
import { build } from "esbuild";

const here = fileURLToPath(new URL(".", import.meta.url));
const folder = `${here}../../node_modules/.cache/pacslint`;
mkdirSync(folder, { recursive: true });
const outfile = `${folder}/test-daemon.mjs`;
const unfinished = `${folder}/test-daemon-${process.pid}.mjs`; // two runs may begin at once
await build({
  entryPoints: [`${here}run.ts`],
  outfile: unfinished,
  bundle: true,
  platform: "node",
  format: "esm",
  target: "node20",
  packages: "external",
  logLevel: "warning",
});
renameSync(unfinished, outfile);
await import(pathToFileURL(outfile).href);
