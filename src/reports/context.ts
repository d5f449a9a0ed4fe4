/** What a report in words needs besides the report itself. */
import type { Sources } from "../sources/source.ts";
import type { Place } from "../text/text.ts";

/** The files that findings point into, and what in them is never shown. */
export interface RenderContext {
  readonly sources: Pick<Sources, "get">;
  /** Ranges that hold passwords, keys and tokens. */
  readonly secrets: readonly Place[];
}

/** How the terminal, or the file, takes text. */
export interface TextOptions {
  /** In characters. */
  readonly width: number;
  readonly color: boolean;
  /** Whether characters outside ASCII are shown as they are. */
  readonly unicode: boolean;
}
