/** What the site itself says: pacslint.yaml, folders of rules, a baseline. What is wrong with them is a mistake to be told. */
import type { LintOptions } from "../lint.ts";
import { type Baseline, readBaseline } from "../policy/baseline.ts";
import { type Config, loadConfig } from "../policy/config.ts";
import { findConfigs } from "../policy/find.ts";
import { absolute, asNamed } from "../policy/paths.ts";
import { errorAtPlace, loadRuleFolder } from "../policy/rule-folders.ts";
import { bundledRules } from "../rules/bundled.ts";
import { type DocumentError, documentErrorText, meant } from "../rules/document.ts";
import type { Rule } from "../rules/rule.ts";
import { type Files, folderOf, isAbsolute, joinPath } from "../sources/files.ts";
import { createSources, type SourceFile, type Sources } from "../sources/source.ts";
import { type Profile, profiles } from "../triage/profile.ts";
import { type Io, UsageError } from "./io.ts";

/** The options that say so. */
export interface SiteFlags {
  /** A file; `false` with --no-config. */
  readonly config?: string | boolean;
  readonly rules?: readonly string[];
}

/** What was found. */
export interface Site {
  readonly config?: Config;
  readonly rules: readonly Rule[];
}

/** Reads the configuration that applies to the paths, and the rules that it and the flags name. */
export function siteOf(paths: readonly string[], flags: SiteFlags, io: Io, files: Files): Site {
  const cwd = joinPath("", io.cwd);
  const sources = createSources(files, io.crypto);
  const file = configFile(paths, flags, files, cwd);
  const source = file === undefined ? undefined : opened(file, sources);
  const config = source === undefined ? undefined : checked(source);
  const fromConfig = (config?.ruleFolders ?? []).map(({ value, at }) => ({
    folder: nextTo(config, value, cwd),
    at,
  }));
  const asked = (flags.rules ?? []).map((folder) => ({ folder, at: undefined }));
  const own = [...fromConfig, ...asked].flatMap(({ folder, at }) => {
    const loaded = loadRuleFolder(folder, files, sources);
    if (loaded.ok) return loaded.rules;
    throw at === undefined || source === undefined || loaded.errors.length > 0
      ? mistakes(loaded.errors.length > 0 ? loaded.errors : [], `there is no folder of rules at ${folder}`)
      : mistakes([errorAtPlace(source, at, `there is no folder of rules at ${folder}`)]);
  });
  const rules = withOwn(own);
  if (config !== undefined && source !== undefined) checkRuleNames(config, source, rules);
  return { ...(config === undefined ? {} : { config }), rules };
}

function configFile(
  paths: readonly string[],
  { config }: SiteFlags,
  files: Files,
  cwd: string,
): string | undefined {
  if (config === false) return undefined;
  if (typeof config === "string") return joinPath("", config);
  const found = findConfigs(files, cwd, paths);
  if (found.length > 1)
    throw new UsageError(
      `these paths have configurations of their own: ${found.join(", ")}; name one with --config, or run one after the other`,
    );
  return found[0];
}

function opened(file: string, sources: Sources): SourceFile {
  const result = sources.open(file);
  if (!result.ok) throw new UsageError(`cannot read ${file}: ${result.message}`);
  return result.source;
}

function checked(source: SourceFile): Config {
  const loaded = loadConfig(source);
  if (!loaded.ok) throw mistakes(loaded.errors);
  return loaded.config;
}

function checkRuleNames(config: Config, source: SourceFile, rules: readonly Rule[]): void {
  const known = rules.map(({ id }) => id);
  const wrong = config.severities.filter(({ rule }) => !known.includes(rule));
  if (wrong.length > 0)
    throw mistakes(
      wrong.map(({ rule, at }) =>
        errorAtPlace(source, at, `there is no rule "${rule}"${meant(rule, known)}`),
      ),
    );
}

function mistakes(errors: readonly DocumentError[], otherwise = ""): UsageError {
  return new UsageError(errors.length === 0 ? otherwise : errors.map(documentErrorText).join("\n"));
}

/** Rules of the site beside ours; an id means one rule. */
export function withOwn(own: readonly Rule[]): readonly Rule[] {
  if (own.length === 0) return bundledRules;
  const ids = new Set(bundledRules.map(({ id }) => id));
  for (const { id } of own) {
    if (ids.has(id))
      throw new UsageError(
        `there is another rule with the id ${id}; a rule of the site needs an id of its own`,
      );
    ids.add(id);
  }
  return [...bundledRules, ...own];
}

/** A path of pacslint.yaml, as the run names it. */
export function nextTo(config: Config | undefined, path: string, cwd: string): string {
  if (config === undefined || isAbsolute(path)) return path;
  const folder = folderOf(absolute(config.file, cwd));
  return asNamed(joinPath(folder, path), cwd, !isAbsolute(config.file));
}

/** The profile of this name. */
export function profileNamed(name: string | undefined): Profile | undefined {
  if (name === undefined) return undefined;
  const names = profiles.map((profile) => profile.name);
  const found = profiles.find((profile) => profile.name === name);
  if (found === undefined)
    throw new UsageError(
      `there is no profile "${name}"${meant(name, names) || `; there are ${names.join(", ")}`}`,
    );
  return found;
}

/** The baseline in a file. */
export function baselineAt(file: string, files: Files): Baseline {
  const read = files.read(file);
  if (!read.ok) throw new UsageError(`cannot read the baseline ${file}: ${read.message}`);
  const baseline = readBaseline(file, new TextDecoder().decode(read.bytes));
  if (typeof baseline === "string") throw new UsageError(`${file}: ${baseline}`);
  return baseline;
}

/** What the options of a run take from the configuration, where no flag says otherwise. */
export function fromConfig(config: Config | undefined): Partial<LintOptions> {
  const orthancVersion = config?.versions.orthanc;
  const dcm4cheeVersion = config?.versions.dcm4chee;
  return {
    ...(config === undefined ? {} : { config }),
    ...(orthancVersion === undefined ? {} : { orthancVersion }),
    ...(dcm4cheeVersion === undefined ? {} : { dcm4cheeVersion }),
  };
}
