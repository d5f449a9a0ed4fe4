/** What every writer of a format takes and gives. */
import type { Json } from "../../facts/json.ts";
import type { SourceFile } from "../../sources/source.ts";
import type { Place } from "../../text/text.ts";

/** A logical edit without the setting that it is about. */
export type Change =
  | { readonly type: "set"; readonly to: Json }
  | { readonly type: "remove" }
  | { readonly type: "rename"; readonly to: string }
  /** A variable takes the place of the value; `quoted`: its value brings no quotation marks along. */
  | { readonly type: "reference"; readonly name: string; readonly quoted: boolean }
  | { readonly type: "add-item"; readonly value: Json }
  | { readonly type: "remove-item"; readonly value: Json };

/** A replacement in a file's decoded text. Everything outside the range stays as it is. */
export interface Splice {
  readonly place: Place;
  readonly text: string;
  /** The changed lines for people, without what stands beside them. */
  readonly shown: string;
  /** What the text begins and ends with that other edits at the same place may have in common with it, outermost first. */
  readonly shared?: readonly Shared[];
}

/** A frame around new text, which is written once for all edits at one place that have the same. */
export interface Shared {
  readonly before: string;
  /** What stands between the texts of two edits inside of it. */
  readonly between: string;
  readonly after: string;
}

/** Finds a file of the run. */
export type GetSource = (path: string) => SourceFile | undefined;

/** Writes a change at a spot; undefined where nothing has to be written, or where the format does not take it. */
export type Writer<Spot> = (change: Change, spot: Spot, get: GetSource) => readonly Splice[] | undefined;

/** The line end that a file uses. */
export function newlineOf(text: string): "\r\n" | "\n" {
  return text.includes("\r\n") ? "\r\n" : "\n";
}

/** The white space at the start of the line that holds an offset. */
export function indentAt(text: string, offset: number): string {
  return /^[ \t]*/u.exec(text.slice(lineStart(text, offset), offset))?.[0] ?? "";
}

/** Where the line begins that holds an offset. */
export function lineStart(text: string, offset: number): number {
  return Math.max(text.lastIndexOf("\n", offset - 1), text.lastIndexOf("\r", offset - 1)) + 1;
}

/** Where the line ends that holds an offset, before its line end. */
export function lineEnd(text: string, offset: number): number {
  const found = /[\r\n]/u.exec(text.slice(offset));
  return found === null ? text.length : offset + found.index;
}
