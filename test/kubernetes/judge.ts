/** Builds kustomizations with the real kustomize and with our own reader, as plain data that can be compared. */
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { parseAllDocuments } from "yaml";
import { buildKustomization } from "../../src/deployment/kubernetes/kustomize/load.ts";
import type { Json } from "../../src/facts/json.ts";
import { nodeCrypto } from "../../src/node/crypto.ts";
import { memoryFiles } from "../../src/sources/memory-files.ts";
import { createSources } from "../../src/sources/source.ts";
import { plain } from "../plain.ts";

const tools = process.env.PACSLINT_TOOLS ?? "/var/cache/pacslint-tools";
const binary = process.env.PACSLINT_KUBECTL ?? `${tools}/kubectl/usr/bin/kubectl`;

/** Whether the judge is there; test/kubernetes/setup.sh brings it. */
export const hasJudge = existsSync(binary);

/** Plain data. */

/** Objects by kind and name. */
export type Built = Readonly<Record<string, Json>>;

export type Files = Readonly<Record<string, string>>;

/** What `kubectl kustomize` prints for a folder; a text is its refusal. */
export function realBuild(files: Files, folder: string): Built | string {
  const root = mkdtempSync(join(tmpdir(), "pacslint-kustomize-"));
  try {
    for (const [path, content] of Object.entries(files)) {
      mkdirSync(dirname(join(root, path)), { recursive: true });
      writeFileSync(join(root, path), content);
    }
    const run = spawnSync(binary, ["kustomize", join(root, folder)], {
      env: { HOME: "/nonexistent", PATH: "/usr/bin:/bin" },
      encoding: "utf8",
      timeout: 60_000,
    });
    if (run.status !== 0) return run.stderr.trim();
    const documents = parseAllDocuments(run.stdout).map((document): Json => document.toJS() as Json);
    return byName(documents.map(withoutHashes));
  } finally {
    rmSync(root, { recursive: true });
  }
}

/** What we make of it, and what we tell. */
export function ownBuild(
  files: Files,
  folder: string,
): { readonly built: Built; readonly told: readonly string[] } {
  const memory = memoryFiles(files);
  const { resources, problems } = buildKustomization(folder, memory, createSources(memory, nodeCrypto));
  return {
    built: byName(resources.map(({ tree }) => plain(tree))),
    told: problems.map(({ message }) => message),
  };
}

/** The suffix of generated names is not made by us: no finding depends on it. */
function withoutHashes(value: Json): Json {
  if (typeof value === "string") return value.replace(/-[bcdfghkmt2456789]{10}$/u, "");
  if (Array.isArray(value)) return value.map((item: Json) => withoutHashes(item));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, withoutHashes(one)]));
}

function byName(documents: readonly Json[]): Built {
  return Object.fromEntries(
    documents.map((document) => {
      const { kind, metadata } = fields(document);
      const { name, namespace = "" } = fields(metadata ?? null);
      return [`${String(kind)} ${String(namespace)}/${String(name)}`, decoded(document)];
    }),
  );
}

function fields(value: Json): { readonly [key: string]: Json } {
  return typeof value === "object" && value !== null && !Array.isArray(value)
    ? (value as { readonly [key: string]: Json })
    : {};
}

/** Secrets with their texts: whether they stand in base64 makes no difference. */
function decoded(document: Json): Json {
  const { kind, data, stringData, ...rest } = fields(document);
  if (kind !== "Secret") return document;
  const plainData = Object.fromEntries(
    Object.entries(fields(data ?? {})).map(([key, value]) => [
      key,
      Buffer.from(String(value), "base64").toString(),
    ]),
  );
  return { kind, ...rest, data: { ...plainData, ...fields(stringData ?? {}) } };
}
