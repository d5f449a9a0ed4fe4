/** What one reading of YAML has come across so far. */
import { type Located, locate, placeOf, type Text } from "../text/text.ts";
import type { Tree } from "./tree.ts";

/** One reason why go-yaml refuses the text. */
export interface YamlError extends Located {
  readonly message: string;
}

/** Which go-yaml reads. */
export type YamlReader = "v2" | "v3";

/** State of one reading. */
export interface Reading {
  readonly text: Text;
  readonly reader: YamlReader;
  readonly errors: YamlError[];
  readonly typedKeys: YamlError[];
  readonly tags: Map<Tree, string>;
  /** Anchors seen so far in this document; `open` while the anchored value itself is being read. */
  readonly anchors: Map<string, { tree: Tree; size: number } | "open">;
  budget: number;
  /** Values made so far, to know the size of what an anchor names. */
  made: number;
}

/** A value that is left out, at an offset. */
export function nullAt(reading: Reading, offset: number): Tree {
  return { kind: "null", ...place(reading, offset, offset) };
}

/** The place of a range of the text. */
export function place(reading: Reading, start: number, end: number): Located {
  return locate(reading.text, start, end);
}

/** Notes an error at a range, as far as it lies within the text. */
export function fail(reading: Reading, message: string, start: number, end: number): void {
  const length = reading.text.value.length;
  reading.errors.push({
    message,
    ...place(reading, Math.min(start, length), Math.min(Math.max(start, end), length)),
  });
}

/** Notes an error at a place. */
export function errorAt(reading: Reading, message: string, where: Located): void {
  reading.errors.push({ message, ...placeOf(where) });
}
