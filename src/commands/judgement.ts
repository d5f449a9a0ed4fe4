/** What counts in a run: flags first, then pacslint.yaml, then the defaults. */
import type { LintOptions } from "../lint.ts";
import type { Config } from "../policy/config.ts";
import type { Audience, Severity } from "../rules/rule.ts";
import { joinPath } from "../sources/files.ts";
import { audienceOf } from "../triage/profile.ts";
import type { Io } from "./io.ts";
import { baselineAt, nextTo, profileNamed } from "./site.ts";

/** The options that say so. */
export interface JudgementFlags {
  readonly failOn?: Severity;
  readonly audience?: Audience;
  readonly profile?: string;
  readonly allowUndetermined?: boolean;
  readonly baseline?: string;
  readonly ignores: boolean;
}

/** The part of the options of a run that decides what counts. */
export function judgementOf(flags: JudgementFlags, config: Config | undefined): Partial<LintOptions> {
  const profile = profileNamed(flags.profile ?? config?.profile);
  // A profile that was asked for on the command line is not undone by the file.
  const failOn = flags.failOn ?? (flags.profile === undefined ? config?.failOn : undefined);
  const audience = flags.audience ?? (flags.profile === undefined ? config?.audience : undefined);
  return {
    audience: audience ?? (profile === undefined ? "everyday" : audienceOf(profile)),
    failOn: failOn ?? "high",
    failOnAsked: failOn !== undefined,
    allowUndetermined: flags.allowUndetermined === true || config?.allowUndetermined === true,
    ignores: flags.ignores,
    ...(profile === undefined ? {} : { profile }),
  };
}

/** The baseline that a flag or pacslint.yaml names; undefined where neither does. */
export function baselineFile(
  { baseline }: Pick<JudgementFlags, "baseline">,
  config: Config | undefined,
  io: Io,
): string | undefined {
  if (baseline !== undefined) return joinPath("", baseline);
  const written = config?.baseline;
  return written === undefined ? undefined : nextTo(config, written, joinPath("", io.cwd));
}

/** The baseline in a file, as a part of the options of a run. */
export function withBaseline(file: string | undefined, io: Io): Pick<LintOptions, "baseline"> {
  return file === undefined ? {} : { baseline: baselineAt(file, io.files) };
}
