/** Folders with rules of the site: the same form as ours, and the same limits. */
import type { DocumentError } from "../rules/document.ts";
import { loadRule } from "../rules/load.ts";
import type { Rule } from "../rules/rule.ts";
import { type Files, joinPath } from "../sources/files.ts";
import type { SourceFile, Sources } from "../sources/source.ts";
import { positionAt } from "../text/lines.ts";
import type { Place } from "../text/text.ts";

/** The rules of a folder, or what is wrong with its files. */
export type LoadedFolder =
  | { readonly ok: true; readonly rules: readonly Rule[] }
  /** Without errors: there is no such folder. */
  | { readonly ok: false; readonly errors: readonly DocumentError[] };

/** More files, or deeper folders, are no folder of rules. */
const mostFiles = 2000;
const deepest = 8;

/** Reads every YAML file below a folder. */
export function loadRuleFolder(folder: string, files: Files, sources: Sources): LoadedFolder {
  const paths = filesBelow(joinPath("", folder), files, 0);
  if (paths === undefined) return { ok: false, errors: [] };
  if (paths.length > mostFiles)
    return { ok: false, errors: [at(folder, `there are more than ${mostFiles} files in this folder`)] };
  const loaded = paths.map((path) => {
    const opened = sources.open(path);
    return opened.ok
      ? loadRule(path, opened.source.text.value)
      : { ok: false as const, errors: [at(path, opened.message)] };
  });
  const errors = loaded.flatMap((one) => (one.ok ? [] : one.errors));
  if (errors.length > 0) return { ok: false, errors };
  return { ok: true, rules: loaded.flatMap((one) => (one.ok ? [one.rule] : [])) };
}

/** An error about a place in a file that was read. */
export function errorAtPlace({ path, lines }: SourceFile, place: Place, message: string): DocumentError {
  const { line, column } = positionAt(lines, place.start);
  return { file: path, line, column, message };
}

function at(file: string, message: string): DocumentError {
  return { file, line: 1, column: 1, message };
}

function filesBelow(folder: string, files: Files, depth: number): readonly string[] | undefined {
  const names = files.list(folder);
  if (names === undefined || depth > deepest) return undefined;
  return names.flatMap((name) => {
    const path = joinPath(folder, name);
    const kind = files.stat(path)?.kind;
    if (kind === "directory" && !name.startsWith(".")) return filesBelow(path, files, depth + 1) ?? [];
    return kind === "file" && /\.ya?ml$/i.test(name) ? [path] : [];
  });
}
