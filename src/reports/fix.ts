/** What a repair did: which lines were changed for which rule, what has to be created, what is left for a person. */
import type { Finding } from "../triage/report.ts";
import type { TextOptions } from "./context.ts";
import { groupBy } from "./group.ts";
import { count, hanging, harmless } from "./layout.ts";
import { createStyle, type Style } from "./style.ts";

/** A repair as it is told. */
export interface FixReport {
  /** Nothing is written. */
  readonly dryRun: boolean;
  readonly made: readonly { readonly finding: Finding; readonly written: readonly WrittenLine[] }[];
  readonly needs: readonly NeededVariable[];
  readonly creates: readonly NeededFile[];
  /** What a person has to write in the place of what was written: clauses. */
  readonly chooses: readonly string[];
  /** Absent where a report of what is left follows. */
  readonly left: readonly { readonly finding: Finding; readonly why: string }[] | undefined;
}

/** A line that was written. */
export interface WrittenLine {
  readonly file: string;
  readonly line: number;
  readonly shown: string;
}

/** A variable that somebody has to set before the servers start. */
export interface NeededVariable {
  readonly variable: string;
  readonly withQuotes: boolean;
}

/** A file with a secret that somebody has to make before the servers start. */
export interface NeededFile {
  readonly file: string;
  /** The user of the container that has to be able to read it; null where that is root or not known. */
  readonly reader: string | null;
  /** Nothing but a password, or the names and hashed passwords of users. */
  readonly holds: "password" | "users";
}

/** The repair in words. */
export function renderFix(report: FixReport, options: TextOptions): string {
  const style = createStyle(options);
  const blocks = [
    madeBlock(report, style, options),
    needsBlock(report, style, options),
    choosesBlock(report, style, options),
    leftBlock(report, style, options),
  ];
  const lines = blocks
    .filter((block) => block.length > 0)
    .flatMap((block, index) => (index === 0 ? block : ["", ...block]));
  return lines.map((line) => `${line}\n`).join("");
}

function madeBlock({ made, dryRun }: FixReport, style: Style, { width }: TextOptions): string[] {
  const all = made.flatMap(({ finding, written }) =>
    written.map((line) => ({ ...line, rule: finding.rule })),
  );
  const lines = [
    ...new Map(
      all.map((line) => [JSON.stringify([line.file, line.line, line.rule, line.shown]), line]),
    ).values(),
  ];
  if (lines.length === 0) return [dryRun ? "Nothing would be changed." : "Nothing was changed."];
  const files = groupBy(
    lines.toSorted((a, b) => a.line - b.line),
    ({ file }) => file,
  );
  const changed = `${count(files.size, "file")} for ${count(made.length, "finding")}`;
  return [
    style.words(dryRun ? `Would change ${changed}:` : `Changed ${changed}:`),
    ...[...files].flatMap(([file, ofFile]) => [
      `    ${style.file(harmless(file))}`,
      ...ofFile.flatMap(({ line, rule, shown }) =>
        hanging(
          `    ${String(line).padStart(5)}  ${rule}: `,
          harmless(shown.replaceAll(/\s*\n\s*/gu, " ")),
          width,
        ),
      ),
    ]),
  ];
}

const elsewhere =
  "A program that keeps its password itself, such as a database, has to be told the new one as well; programs that log in there get the same value.";

/** The value is for a person to choose: nothing here proposes one. */
function needsBlock({ needs, creates }: FixReport, style: Style, { width }: TextOptions): string[] {
  if (needs.length === 0 && creates.length === 0) return [];
  const variables = needs.map(({ variable, withQuotes }) => {
    const how = withQuotes
      ? `in the environment of the server, with quotation marks as part of it: ${variable}='"a long password"'`
      : "a long password of your own, in the file .env beside the compose file (mode 600, in no repository)";
    return [variable, how] as const;
  });
  const files = creates.map((needed) => [harmless(needed.file), contentOf(needed)] as const);
  return [
    "To be set before the next start, which fails without:",
    ...[...variables, ...files].flatMap(([name, how]) => hanging(`    ${name}  `, style.words(how), width)),
    ...hanging("    ", elsewhere, width),
  ];
}

function choosesBlock({ chooses }: FixReport, style: Style, { width }: TextOptions): string[] {
  if (chooses.length === 0) return [];
  return [
    "Closed for everybody until somebody writes who may come in:",
    ...chooses.flatMap((clause) => hanging("    ", style.words(harmless(clause)), width)),
  ];
}

function contentOf({ file, reader, holds }: NeededFile): string {
  const who = reader === null ? "" : `; the user ${reader} of the container has to be able to read it`;
  if (holds === "users")
    return `the users and their hashed passwords: htpasswd -B -c ${file} NAME (in no repository${who})`;
  return `a file with nothing but a long password of your own (mode 600, in no repository${who})`;
}

function leftBlock({ left }: FixReport, style: Style, { width }: TextOptions): string[] {
  if (left === undefined) return [];
  if (left.length === 0) return ["Nothing is left to do."];
  return [
    `Left for a person: ${count(left.length, "finding")}`,
    ...left.flatMap(({ finding, why }) => {
      const { severity, rule, location, message } = finding;
      const place = `${location.file}:${location.line}`;
      return [
        `    ${style.severity[severity](severity.toUpperCase())}  ${rule}  ${style.file(harmless(place))}`,
        ...hanging("        ", style.words(harmless(message)), width),
        ...hanging("        ", style.words(harmless(why)), width),
      ];
    }),
  ];
}
