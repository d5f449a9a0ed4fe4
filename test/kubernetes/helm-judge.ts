/** Renders charts with the real Helm and with our own reader, and tells where they differ. */
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { parseAllDocuments } from "yaml";
import { renderChart } from "../../src/deployment/kubernetes/helm/chart.ts";
import type { Json } from "../../src/facts/json.ts";
import { nodeCrypto } from "../../src/node/crypto.ts";
import { memoryFiles } from "../../src/sources/memory-files.ts";
import { createSources } from "../../src/sources/source.ts";
import type { Tree } from "../../src/sources/tree.ts";
import { isKnown } from "../../src/text/text.ts";
import { plain } from "../plain.ts";

const tools = process.env.PACSLINT_TOOLS ?? "/var/cache/pacslint-tools";

/** The releases that judge; test/kubernetes/setup-helm.sh brings them. */
export const versions = ["3.8", "4.1"] as const;
export type Version = (typeof versions)[number];

const binary = (version: Version): string => `${tools}/helm-${version}/helm`;

/** Whether the judges are there. */
export const hasHelm = versions.every((version) => existsSync(binary(version)));

export type Files = Readonly<Record<string, string>>;

/** What `helm template` prints for the chart in a folder, or how it refuses. */
export function realText(
  files: Files,
  version: Version,
  valueFiles: readonly string[] = [],
  folder = "chart",
): { readonly text: string } | { readonly refused: string } {
  const root = mkdtempSync(join(tmpdir(), "pacslint-helm-"));
  try {
    for (const [path, content] of Object.entries(files)) {
      mkdirSync(dirname(join(root, path)), { recursive: true });
      writeFileSync(join(root, path), content);
    }
    const given = valueFiles.flatMap((file) => ["--values", join(root, file)]);
    const run = spawnSync(
      binary(version),
      // The same cluster for both; pods of `helm test` are left out, as nothing starts them.
      ["template", "release-name", join(root, folder), "--skip-tests", "--kube-version", "1.35.0", ...given],
      { cwd: root, env: { HOME: join(root, "home") }, encoding: "utf8", timeout: 60_000 },
    );
    return run.status === 0 ? { text: run.stdout } : { refused: run.stderr.trim() };
  } finally {
    rmSync(root, { recursive: true });
  }
}

/** The documents of a text; Helm and the server read them as YAML 1.1 without its times and numbers of base 60. */
export function documentsOf(text: string): readonly Json[] {
  const others = /^tag:yaml.org,2002:timestamp$/u;
  const base60 = (tag: { readonly format?: string }): boolean => tag.format === "TIME";
  return parseAllDocuments(text, {
    version: "1.1",
    customTags: (tags) =>
      tags.filter((tag) => typeof tag === "string" || (!others.test(tag.tag) && !base60(tag))),
  })
    .map((document): Json => document.toJS() as Json)
    .filter((document) => document !== null);
}

/** What our reader makes of it. */
export interface Own {
  readonly documents: readonly Tree[];
  readonly told: readonly string[];
}

/** Renders a chart held in memory. */
export function ownDocuments(files: Files, valueFiles: readonly string[] = []): Own {
  const memory = memoryFiles(files);
  const { resources, problems } = renderChart("chart", valueFiles, memory, createSources(memory, nodeCrypto));
  return { documents: resources.map(({ tree }) => tree), told: problems.map(({ message }) => message) };
}

/** Where both differ, and what ours leaves open: "ConfigMap a data.x". */
export interface Comparison {
  readonly differences: readonly string[];
  readonly unknown: readonly string[];
}

/** Compares documents by kind and name, in their order where several are alike. */
export function compared(own: readonly Tree[], real: readonly Json[]): Comparison {
  const differences: string[] = [];
  const unknown: string[] = [];
  const right = grouped(real, titleOf);
  const left = grouped(own, (tree) => {
    const title = titleOf(plain(tree));
    // A name of which a part is not known is that of the first one that fits.
    return right.has(title) ? title : ([...right.keys()].find((other) => fits(title, other)) ?? title);
  });
  for (const title of new Set([...left.keys(), ...right.keys()])) {
    const [mine = [], theirs = []] = [left.get(title), right.get(title)];
    if (mine.length !== theirs.length)
      differences.push(`${title}: ${mine.length} here, ${theirs.length} from Helm`);
    else
      for (const [index, tree] of mine.entries())
        compareValue(tree, theirs[index], title, { differences, unknown });
  }
  return { differences, unknown };
}

function grouped<T>(items: readonly T[], titleOf: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) groups.set(titleOf(item), [...(groups.get(titleOf(item)) ?? []), item]);
  return groups;
}

function titleOf(document: Json): string {
  const { kind, metadata } = fields(document);
  const { name, namespace } = fields(metadata ?? null);
  return [String(kind), namespace === undefined ? [] : String(namespace), String(name)].flat().join(" ");
}

function fields(value: Json | undefined): { readonly [key: string]: Json } {
  return typeof value === "object" && value !== null && !Array.isArray(value)
    ? (value as { readonly [key: string]: Json })
    : {};
}

function compareValue(
  own: Tree | undefined,
  real: Json | undefined,
  path: string,
  into: { readonly differences: string[]; readonly unknown: string[] },
): void {
  if (own?.kind === "unknown") into.unknown.push(path);
  else if (own?.kind === "object" && own.members.length > 0 && Object.keys(fields(real)).length > 0) {
    const members = new Map(own.members.map(({ key, value }) => [key, value]));
    for (const key of new Set([...members.keys(), ...Object.keys(fields(real))]))
      compareValue(members.get(key), fields(real)[key], `${path} ${key}`, into);
  } else if (own?.kind === "array" && Array.isArray(real) && own.items.length === real.length)
    for (const [index, item] of own.items.entries())
      compareValue(item, real[index] as Json, `${path} ${index}`, into);
  else if (own?.kind === "string" && !isKnown(own.text) && fits(own.text.value, real))
    into.unknown.push(path);
  else if (JSON.stringify(plain(own)) !== JSON.stringify(real))
    into.differences.push(`${path}: ${JSON.stringify(plain(own))} here, ${JSON.stringify(real)} from Helm`);
}

/** Whether a text is the other one where its parts are known. */
function fits(own: string, real: Json | undefined): boolean {
  const parts = own.split("\uFFFC").map((part) => part.replaceAll(/[\\^$.*+?()[\]{}|/-]/gu, "\\$&"));
  return new RegExp(`^${parts.join("[^]*")}$`).test(String(real ?? ""));
}
