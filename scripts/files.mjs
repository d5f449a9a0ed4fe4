/** Small helpers of the build scripts: atomic writes, file lists, TypeScript modules on the fly. */
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { dirname, join, relative, resolve, sep } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { build } from "esbuild";

/** The folder of the project. */
export const root = resolve(dirname(fileURLToPath(import.meta.url)), "..");

/** Writes by way of a temporary file, so that whoever reads at the same time sees the old or the new text, never half. */
export function writeAtomically(path, content) {
  mkdirSync(dirname(path), { recursive: true });
  const temporary = `${path}.${process.pid}.tmp`;
  writeFileSync(temporary, content);
  renameSync(temporary, path);
}

/** Writes only what differs, so that watchers and mtimes stay quiet. */
export function writeIfChanged(path, content) {
  if (readOrUndefined(path) !== content) writeAtomically(path, content);
}

export function readOrUndefined(path) {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return undefined;
  }
}

/** Every file below a folder of the project, as paths relative to the project with forward slashes, sorted. */
export function filesBelow(folder, accept = () => true) {
  const found = [];
  const visit = (current) => {
    for (const entry of readdirSync(current, { withFileTypes: true })) {
      const path = join(current, entry.name);
      if (entry.isDirectory()) visit(path);
      else if (accept(entry.name)) found.push(relative(root, path).split(sep).join("/"));
    }
  };
  try {
    visit(join(root, folder));
  } catch (error) {
    if (error.code !== "ENOENT") throw error;
  }
  return found.sort();
}

/** Newest change of a file or of anything below a folder, folders included (a removed file changes its folder). */
export function newestChange(path) {
  let stat;
  try {
    stat = statSync(path);
  } catch {
    return 0;
  }
  if (!stat.isDirectory()) return stat.mtimeMs;
  return Math.max(stat.mtimeMs, ...readdirSync(path).map((name) => newestChange(join(path, name))));
}

/** Imports a TypeScript module of the project in plain Node, which at version 20 cannot read TypeScript itself. */
export async function importTypeScript(path) {
  const outfile = join(root, "generated", `.module-${process.pid}-${Date.now()}.mjs`);
  await build({
    entryPoints: [join(root, path)],
    outfile,
    bundle: true,
    format: "esm",
    platform: "node",
    target: "node20",
    packages: "external",
    logLevel: "error",
  });
  try {
    return await import(pathToFileURL(outfile).href);
  } finally {
    rmSync(outfile, { force: true });
  }
}
