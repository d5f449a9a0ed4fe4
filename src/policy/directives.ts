/** Suppressions as comments of a configuration write them: `pacslint-ignore RULE[, RULE] [until DAY]: reason`. */
import { closestWord } from "../products/spelling.ts";
import { type Comment, commentsOf } from "../sources/comments.ts";
import type { SourceFile } from "../sources/source.ts";
import { positionAt } from "../text/lines.ts";
import type { Place, Text } from "../text/text.ts";
import type { ConfiguredSuppression } from "./config.ts";
import { isDay } from "./day.ts";

/** What is wrong with a suppression, so that it has no effect. */
export type Fault = "no-reason" | "unknown-rule" | "not-understood";

/** One rule of one suppression. */
export interface Directive {
  readonly from: "comment" | "configuration";
  /** A comment is about both. */
  readonly about: ConfiguredSuppression["about"] | "both";
  /** "" where it cannot be read. */
  readonly rule: string;
  readonly reason: string;
  readonly until?: string;
  /** The comment, or the entry of pacslint.yaml. */
  readonly at: Place;
  /** Comments: the lines that it is about, from the start of the first to the end of the last; or the whole file. */
  readonly covers?: Place;
  /** Entries of pacslint.yaml: globs of files, and of ids of facts. */
  readonly paths?: readonly string[];
  readonly fact?: string;
  readonly fault?: Fault;
  /** What was probably meant, in brackets behind the rule. */
  readonly hint: string;
}

/** The suppressions that stand in the comments of a text of some kind. */
export function directivesIn(
  text: Text,
  kind: string,
  known: readonly string[],
  sourceOf: (file: string) => SourceFile | undefined,
): readonly Directive[] {
  if (!text.value.includes("pacslint")) return [];
  const comments = commentsOf(text, kind, sourceOf);
  return comments.flatMap((comment) =>
    linesOf(comment).flatMap((line) => {
      const written = writtenIn(line.text);
      const source = sourceOf(comment.at.file);
      if (written === undefined || source === undefined) return [];
      const covers = written.wholeFile ? wholeOf(source) : coveredBy(comment, comments, source, kind);
      return written.rules.map((rule) => directiveOf(rule, written, { at: line.at, covers }, known));
    }),
  );
}

/** An entry of pacslint.yaml in the same form. */
export function directiveFrom(entry: ConfiguredSuppression, known: readonly string[]): Directive {
  const isKnown = known.includes(entry.rule);
  return {
    ...entry,
    from: "configuration",
    ...(isKnown ? {} : { fault: "unknown-rule" as const }),
    hint: isKnown ? "" : hintFor(entry.rule, known),
  };
}

/** " (did you mean http-no-tls?)", or nothing. */
function hintFor(rule: string, known: readonly string[]): string {
  const closest = closestWord(rule, known);
  return closest === undefined ? "" : ` (did you mean ${closest}?)`;
}

interface Written {
  readonly wholeFile: boolean;
  readonly rules: readonly string[];
  readonly until?: string;
  readonly reason: string;
  readonly fault?: Fault;
}

function directiveOf(
  rule: string,
  { until, reason, fault }: Written,
  places: Pick<Directive, "at"> & { readonly covers: Place },
  known: readonly string[],
): Directive {
  const unknown = fault === undefined && !known.includes(rule);
  const wrong = unknown ? ("unknown-rule" as const) : fault;
  return {
    from: "comment",
    about: "both",
    rule,
    reason,
    ...(until === undefined ? {} : { until }),
    ...places,
    ...(wrong === undefined ? {} : { fault: wrong }),
    hint: unknown ? hintFor(rule, known) : "",
  };
}

const start = /^(?:<!--|\/\/+|\/\*+|[#;!*]+)?\s*/u;
const ending = /\s*(?:\*\/|-->)\s*$/u;
const near = /^pacslint[-:\s]+(?:ignore|disable|suppress|allow|skip|off)\b/iu;
const exact = /^pacslint-ignore(?<file>-file)?\s+(?<head>[^:]*?)\s*(?::(?<reason>.*))?$/u;
const heads = /^(?<rules>[a-z0-9-]+(?:\s*,\s*[a-z0-9-]+)*)(?:\s+until\s+(?<until>\S+))?$/u;

/** What a line of a comment says; undefined where it is not meant for pacslint. */
function writtenIn(line: string): Written | undefined {
  const text = line.trim().replace(start, "").replace(ending, "");
  if (!near.test(text)) return undefined;
  const found = exact.exec(text)?.groups;
  const head = heads.exec(found?.head ?? "")?.groups;
  const reason = found?.reason?.trim() ?? "";
  const until = head?.until;
  if (found === undefined || head?.rules === undefined || (until !== undefined && !isDay(until)))
    return { wholeFile: false, rules: [""], reason, fault: "not-understood" };
  return {
    wholeFile: found.file !== undefined,
    rules: head.rules.split(",").map((rule) => rule.trim()),
    ...(until === undefined ? {} : { until }),
    reason,
    ...(reason === "" ? { fault: "no-reason" as const } : {}),
  };
}

/** The lines of a comment, each with its place. */
function linesOf({ text, at }: Comment): readonly Comment[] {
  return [...text.matchAll(/[^\r\n]+/g)].map(({ 0: line, index }) => {
    const from = at.start + index + (line.length - line.trimStart().length);
    return { text: line, at: { file: at.file, start: from, end: at.start + index + line.trimEnd().length } };
  });
}

function wholeOf({ path, text }: SourceFile): Place {
  return { file: path, start: 0, end: text.value.length + 1 };
}

/** Kinds of file in which a line may go on in the next one, and how that one is told. */
const folded: readonly [RegExp, (line: string, next: string) => boolean][] = [
  [/ldif/u, (_line, next) => next.startsWith(" ")],
  [/^(?:systemd|dockerfile|.*-properties|.*-users|keycloak-conf)$/u, (line) => /\\\r?\n?$/u.test(line)],
];

/**
 * The lines that a comment is about: its own, where anything else stands on them; otherwise the next line that is neither
 * blank nor a comment, with the lines that continue it.
 */
function coveredBy({ at }: Comment, comments: readonly Comment[], source: SourceFile, kind: string): Place {
  const { lines, text, path } = source;
  const startOf = (line: number): number => lines[line - 1] ?? text.value.length;
  const lineAt = (offset: number): number => positionAt(lines, offset).line;
  const [first, last] = [lineAt(at.start), lineAt(Math.max(at.start, at.end - 1))];
  const around = text.value.slice(startOf(first), at.start) + text.value.slice(at.end, startOf(last + 1));
  if (around.trim() !== "") return { file: path, start: startOf(first), end: startOf(last + 1) };
  let line = last + 1;
  while (line <= lines.length && isIdle(line, comments, source)) line++;
  let end = line + 1;
  const goesOn = folded.find(([kinds]) => kinds.test(kind))?.[1];
  const read = (one: number): string => text.value.slice(startOf(one), startOf(one + 1));
  while (goesOn !== undefined && end <= lines.length && goesOn(read(end - 1), read(end))) end++;
  return { file: path, start: startOf(line), end: Math.max(startOf(end), startOf(line) + 1) };
}

/** Whether nothing but a comment, or nothing at all, stands on a line. */
function isIdle(line: number, comments: readonly Comment[], { lines, text, path }: SourceFile): boolean {
  let from = lines[line - 1] ?? text.value.length;
  const to = lines[line] ?? text.value.length;
  for (;;) {
    while (from < to && /\s/u.test(text.value.charAt(from))) from++;
    if (from >= to) return true;
    const comment = comments.find(({ at }) => at.file === path && at.start <= from && from < at.end);
    if (comment === undefined) return false;
    from = comment.at.end;
  }
}
