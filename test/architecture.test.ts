/** Imports go one way: a file may import from its own layer and from those before it. The pages that tell of it are true. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { expect, test } from "vitest";

/** Earliest first. Folders of src/, or files in it. */
const layers = [
  "text",
  "facts",
  "sources",
  "deployment",
  "products",
  "reach",
  "rules",
  "fixes",
  "version.ts",
  "policy",
  "triage",
  "reports",
  "starters",
  "lint.ts",
  "repair",
  "index.ts",
  "commands",
  "cli.ts",
  "node",
];

const source = join(import.meta.dirname, "../src");

const files = readdirSync(source, { recursive: true, encoding: "utf8" })
  .map((name) => name.replaceAll("\\", "/"))
  .filter((name) => name.endsWith(".ts"));

const importing = /(?:\bfrom|\bimport|\bimport\()\s*"([^"\s]+)"/g;

interface Import {
  readonly from: string;
  /** A file of src/, or the name of a package. */
  readonly to: string;
}

const imports: readonly Import[] = files.flatMap((from) =>
  [...readFileSync(join(source, from), "utf8").matchAll(importing)].map((match) => {
    const to = match[1] ?? "";
    const local = relative(source, join(source, dirname(from), to)).replaceAll("\\", "/");
    return { from, to: to.startsWith(".") ? local : to };
  }),
);

function layerOf(file: string): string {
  return file.split("/")[0] ?? file;
}

function told({ from, to }: Import): string {
  return `${from} imports ${to}`;
}

const local = imports.filter(({ to }) => to.endsWith(".ts"));
const packages = imports.filter(({ to }) => !to.endsWith(".ts") && !to.startsWith("../"));

test("every file belongs to a layer", () => {
  expect(files.filter((file) => !layers.includes(layerOf(file)))).toEqual([]);
});

test("no layer imports a later one", () => {
  const wrong = local.filter(({ from, to }) => layers.indexOf(layerOf(to)) > layers.indexOf(layerOf(from)));
  expect(wrong.map(told)).toEqual([]);
});

test("products do not know of each other", () => {
  const product = (file: string) => /^products\/([^/]+)\//.exec(file)?.[1];
  // What all proxies have in common.
  const shared = "proxy";
  const wrong = local.filter(
    ({ from, to }) =>
      product(from) !== undefined &&
      product(to) !== undefined &&
      product(from) !== product(to) &&
      product(to) !== shared,
  );
  expect(wrong.map(told)).toEqual([]);
});

test("one report does not depend on the pipeline, and the core on no process, disk or network", () => {
  const wrong = packages.filter(({ from, to }) => to.startsWith("node:") && layerOf(from) !== "node");
  expect(wrong.map(told)).toEqual([]);
});

test("packages are used where they belong", () => {
  const allowed: Readonly<Record<string, readonly string[]>> = {
    "@noble/hashes/legacy.js": ["products/proxy/hashed-logins.ts"],
    "@noble/hashes/sha2.js": ["index.ts"],
    "@noble/hashes/utils.js": ["products/proxy/hashed-logins.ts", "index.ts"],
    bcryptjs: ["products/proxy/hashed-logins.ts"],
    chalk: ["reports/style.ts"],
    commander: ["cli.ts", "commands/options.ts"],
    // Types alone.
    sarif: ["message", "notifications", "places", "results", "rules", "sarif"].map(
      (name) => `reports/sarif/${name}.ts`,
    ),
    "toml-eslint-parser": ["sources/toml.ts"],
    diff: ["reports/diff.ts"],
    yaml: ["rules/document.ts", "sources/yaml.ts", "sources/yaml-comments.ts"],
  };
  const wrong = packages.filter(
    ({ from, to }) => !to.startsWith("node:") && allowed[to]?.includes(from) !== true,
  );
  expect(wrong.map(told)).toEqual([]);
});

test("what is loaded on demand is imported by nothing that is loaded at once", () => {
  const eager = new Set<string>();
  const visit = (file: string) => {
    if (eager.has(file)) return;
    eager.add(file);
    const text = readFileSync(join(source, file), "utf8");
    for (const match of text.matchAll(/^(?:import|export)\s+(?!type\b)[^;]*?from\s*"(\.[^"]+\.ts)"/gm)) {
      visit(relative(source, join(source, dirname(file), match[1] ?? "")).replaceAll("\\", "/"));
    }
  };
  visit("cli.ts");
  visit("commands/explain.ts");
  visit("commands/rules.ts");
  const heavy = [...eager].filter((file) =>
    /^(?:lint\.ts|products\/[^/]+\/|deployment\/|rules\/(?:load|document)\.ts|policy\/config\.ts|sources\/yaml)/.test(
      file,
    ),
  );
  expect(heavy).toEqual([]);
});

test.each(["docs/architecture.md", "CONTRIBUTING.md"])("%s names files and folders that exist", (page) => {
  const root = join(source, "..");
  const text = readFileSync(join(root, page), "utf8");
  const named = [...text.matchAll(/`([\w.-]+(?:\/[\w.-]+)*\/?)`/g)]
    .map(([, name = ""]) => name)
    // A rule that a reader is to write.
    .filter((name) => name !== "rules/http/http-something-open.yaml")
    .filter((name) => name.includes("/") || /\.(?:ts|json|md|mjs)$/.test(name));
  expect(named.length).toBeGreaterThan(3);
  const isThere = (name: string) => [root, source].some((folder) => existsSync(join(folder, name)));
  expect(named.filter((name) => !isThere(name))).toEqual([]);
});
