/** Unified diffs of what would be written, secrets masked. */
import { formatPatch, structuredPatch } from "diff";
import type { Place } from "../text/text.ts";
import { harmless } from "./layout.ts";
import type { Style } from "./style.ts";
import { withoutSuspects } from "./suspects.ts";

/** A file before and after. */
export interface FileChange {
  readonly path: string;
  readonly before: string;
  readonly after: string;
  /** Ranges of the text before that hold secrets. */
  readonly secretsBefore: readonly Place[];
  readonly secretsAfter: readonly Place[];
}

/** The diff of a file, with three lines around each change as `diff -u` has it. */
export function renderDiff(change: FileChange, style: Style): string {
  const before = masked(change.before, change.secretsBefore, style.mask);
  const after = masked(change.after, change.secretsAfter, style.mask);
  const patch = structuredPatch(`a/${change.path}`, `b/${change.path}`, before, after, "", "", {
    context: 3,
  });
  const text = formatPatch({ ...patch, oldHeader: undefined, newHeader: undefined });
  return text
    .split("\n")
    .filter((line) => !/^={10,}$/u.test(line))
    .map((line) => painted(withoutSuspects(line, style.mask), style))
    .join("\n");
}

/** Line ends of Windows stay visible as nothing: a terminal would obey any other character. */
function painted(line: string, style: Style): string {
  const text = harmless(line.replace(/\r$/u, ""));
  if (/^(?:---|\+\+\+) /u.test(text)) return style.bold(text);
  if (text.startsWith("@@")) return style.faint(text);
  if (text.startsWith("+")) return style.better(text);
  return text.startsWith("-") ? style.severity.high(text) : text;
}

/** Whether a variable stands where the secret was, or the range is what it says when it is not set: all may read that. */
function isReference(text: string, start: number, end: number): boolean {
  const whole = /^\s*["']?\$\{\w+(?::?\?[^{}]*)?\}["']?\s*$/u.test(text.slice(start, end));
  return whole || /\$\{\w+:?\?$/u.test(text.slice(Math.max(0, start - 100), start));
}

/** The text without its secrets; their line ends stay, so that lines can be compared. */
function masked(text: string, secrets: readonly Place[], mask: string): string {
  let result = "";
  let done = 0;
  for (const { start, end } of secrets.toSorted((left, right) => left.start - right.start)) {
    if (end <= done || isReference(text, start, end)) continue;
    const from = Math.max(start, done);
    const hidden = text.slice(from, end).replaceAll(/[^\r\n]+/gu, mask);
    result += text.slice(done, from) + hidden;
    done = end;
  }
  return result + text.slice(done);
}
