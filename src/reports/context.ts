/** What a report needs besides the report itself. */
import type { Control } from "../rules/control.ts";
import type { Audience, Rule, Severity } from "../rules/rule.ts";
import type { Crypto } from "../sources/files.ts";
import type { Sources } from "../sources/source.ts";
import type { Place } from "../text/text.ts";

/** The files that findings point into, and what in them is never shown. */
export interface RenderContext {
  readonly sources: Pick<Sources, "get">;
  /** Ranges that hold passwords, keys and tokens. */
  readonly secrets: readonly Place[];
}

/** What a run knows besides its report. */
export interface ReportContext extends RenderContext {
  /** The rules that were evaluated. */
  readonly rules: readonly Rule[];
  /** The standards' paragraphs, by the topics that rules name. */
  readonly controls: readonly Control[];
  readonly workspace: Workspace;
  /** When the run took place. */
  readonly now: Date;
  readonly crypto: Pick<Crypto, "sha256">;
}

/** Where the run took place; absolute paths with forward slashes. */
export interface Workspace {
  /** The working directory: what the report's paths are relative to. */
  readonly folder: string;
  /** The root of the repository that it lies in, or the working directory itself. */
  readonly root: string;
}

/** How the terminal, or the file, takes text. */
export interface TextOptions {
  /** In characters. */
  readonly width: number;
  readonly color: boolean;
  /** Whether characters outside ASCII are shown as they are. */
  readonly unicode: boolean;
}

/** What the run was asked for, as far as reports say it. */
export interface ReportOptions extends TextOptions {
  readonly quiet: boolean;
  readonly verbose: boolean;
  readonly audience: Audience;
  readonly failOn: Severity;
  /** The profile that was asked for decides the exit code, not a severity. */
  readonly byProfile?: boolean;
  /** Also what does not count because somebody decided so, and why. */
  readonly showSuppressed?: boolean;
  /** The paths as they were given, to be repeated in commands that the report proposes. */
  readonly paths: readonly string[];
}
