/**
 * Bundles the command into dist/: one small entry, chunks that are loaded on demand, nothing left to install.
 *
 *   node scripts/build.mjs            keeps chunks of the last minutes, for commands that are still running
 *   node scripts/build.mjs --clean    for packing: nothing but this build
 */
import { readFileSync, rmSync, statSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { build } from "esbuild";
import { filesBelow, readOrUndefined, root, writeAtomically, writeIfChanged } from "./files.mjs";

const recent = 10 * 60_000;

/** Data as a string for JSON.parse: quicker to start than an object literal of the same size. */
const jsonParse = {
  name: "json-parse",
  setup(plugin) {
    plugin.onLoad({ filter: /\.json$/ }, ({ path }) => {
      const json = JSON.stringify(JSON.stringify(JSON.parse(readFileSync(path, "utf8"))));
      return { contents: `export default JSON.parse(${json});`, loader: "js" };
    });
  },
};

/** The library: one file for Node and for browsers, which asks for nothing of either. */
const library = await build({
  absWorkingDir: root,
  entryPoints: { index: "src/index.ts" },
  outdir: "dist",
  bundle: true,
  format: "esm",
  platform: "browser",
  target: "es2022",
  charset: "utf8",
  minifyWhitespace: true,
  minifySyntax: true,
  legalComments: "none",
  write: false,
  plugins: [jsonParse],
});

const result = await build({
  absWorkingDir: root,
  entryPoints: { pacslint: "src/node/main.ts" },
  outdir: "dist",
  chunkNames: "chunks/[name]-[hash]",
  bundle: true,
  splitting: true,
  format: "esm",
  platform: "node",
  target: "node20",
  charset: "utf8",
  minifyWhitespace: true,
  minifySyntax: true,
  legalComments: "none",
  metafile: true,
  write: false,
  plugins: [jsonParse],
  // Bundled CommonJS packages ask for Node's own modules with require, which an ES module does not have.
  banner: {
    js: 'import{createRequire as pacslintRequire}from"node:module";const require=pacslintRequire(import.meta.url);',
  },
});

// Chunks first, the entry last: a command that starts meanwhile finds all that it asks for.
const files = [...library.outputFiles, ...result.outputFiles].sort(
  (a, b) => Number(isEntry(a.path)) - Number(isEntry(b.path)),
);
for (const file of files) {
  if (isEntry(file.path)) writeAtomically(file.path, file.contents);
  else writeIfChanged(file.path, file.text);
}
writeIfChanged(join(root, "dist/THIRD-PARTY.txt"), notices(Object.keys(result.metafile.inputs)));
removeOthers([
  ...files.map((file) => relative(root, file.path).replaceAll("\\", "/")),
  "dist/THIRD-PARTY.txt",
]);

function isEntry(path) {
  return dirname(path) === join(root, "dist");
}

/** The licences of what is bundled, as these licences ask for. */
function notices(inputs) {
  const packages = new Set(
    inputs.flatMap((input) => /(?:^|\/)node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(input)?.[1] ?? []),
  );
  const parts = [...packages].sort().map((name) => {
    const folder = join(root, "node_modules", name);
    const { version } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
    const text = ["LICENSE", "license", "LICENSE.md", "LICENSE.txt"]
      .map((file) => readOrUndefined(join(folder, file)))
      .find(Boolean);
    if (text === undefined) throw new Error(`no licence text in ${folder}`);
    return `${name} ${version}\n\n${text.trim()}\n`;
  });
  return `pacslint contains these packages.\n\n${parts.join(`\n${"-".repeat(72)}\n\n`)}`;
}

function removeOthers(current) {
  const clean = process.argv.includes("--clean");
  for (const file of filesBelow("dist")) {
    if (current.includes(file) || file.startsWith("dist/types/")) continue;
    const path = join(root, file);
    if (clean || Date.now() - statSync(path).mtimeMs > recent) rmSync(path, { force: true });
  }
}
