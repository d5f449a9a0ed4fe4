/** Puts included files in the place of their `include`, and says what nginx would refuse. */
import { type NginxDirective, readNginx } from "../../sources/nginx.ts";
import { holeIn, insertedAt, type Located, placeOf, type Text } from "../../text/text.ts";
import { argument, type Block, type Gap } from "./block.ts";
import { type BlockKind, isHarmlessInclude, objection, onlyOnce } from "./catalog.ts";
import { maskTemplates } from "./template.ts";

/** Something that is wrong with the configuration, or that keeps us from reading all of it. */
export interface NginxProblem extends Located {
  /**
   * `refused`: nginx would not start. `missing-include`, `template`: lines that are not there to read. `limit`: more
   * than is read.
   */
  readonly kind: "refused" | "missing-include" | "template" | "limit";
  readonly message: string;
}

/**
 * The files of an include, in the order in which nginx reads them (sorted bytewise for a pattern), or undefined when
 * nobody knows. `path` is absolute, as nginx sees it; `glob` says that it is a pattern, where no file at all is right. Patterns
 * are those of glob(3): `*` matches neither a slash nor a dot at the start of a name.
 */
export type ResolveInclude = (path: string, glob: boolean, at: Located) => readonly Text[] | undefined;

/** What all steps of one reading share. */
export interface Reading {
  readonly resolveInclude: ResolveInclude;
  /** The folder of the main file, which relative includes start from. */
  readonly prefix: string;
  readonly problems: NginxProblem[];
  /** How many includes were followed. */
  includes: number;
}

/** Includes inside includes: nginx itself runs out of file descriptors on a loop. */
const includeDepth = 20;
const includeLimit = 2000;

/** The block that a directive opens, its includes followed. */
export function openBlock(
  reading: Reading,
  kind: BlockKind,
  head: NginxDirective,
  parent: Block | undefined,
): Block {
  return blockOf(reading, kind, head, head.block ?? [], parent);
}

/** A block of these directives; `head` is absent for a file's own level. */
export function blockOf(
  reading: Reading,
  kind: BlockKind,
  head: NginxDirective | undefined,
  directives: readonly NginxDirective[],
  parent: Block | undefined,
): Block {
  const level: Level = { reading, own: [], gaps: [] };
  addAll(level, directives, 0);
  checkLevel(reading, kind, level.own);
  return { kind, head, own: level.own, gaps: level.gaps, parent };
}

interface Level {
  readonly reading: Reading;
  readonly own: NginxDirective[];
  readonly gaps: Gap[];
}

function addAll(level: Level, directives: readonly NginxDirective[], depth: number): void {
  for (const directive of directives) {
    const hole = holeInName(directive);
    if (hole !== undefined) addGap(level, "template", hole, directive);
    else if (directive.name === "include") include(level, directive, depth);
    else level.own.push(directive);
  }
}

/** A template's mark where a directive should be stands for any directives. */
function holeInName(directive: NginxDirective): string | undefined {
  return directive.name.includes("\uFFFC") ? "a template puts lines in here" : undefined;
}

function addGap(level: Level, kind: NginxProblem["kind"], reason: string, directive: NginxDirective): void {
  level.gaps.push({ reason, ...placeOf(directive) });
  level.reading.problems.push({ kind, message: reason, ...placeOf(directive) });
}

function include(level: Level, directive: NginxDirective, depth: number): void {
  const { reading } = level;
  const path = argument(directive, 0);
  const word = directive.args[0];
  if (word === undefined || directive.args.length > 1 || directive.block !== undefined) {
    refuse(reading, 'invalid number of arguments in "include" directive', directive);
    return;
  }
  if (path === undefined) {
    const reason = holeIn(word.text, 0, word.text.value.length)?.reason ?? "unknown";
    addGap(level, "missing-include", `which file is included is not known: ${reason}`, directive);
    return;
  }
  const full = path.startsWith("/") ? path : `${reading.prefix}/${path}`;
  const files = reading.resolveInclude(full, /[*?[]/.test(full), placeOf(word));
  if (files === undefined) {
    if (!isHarmlessInclude(full))
      addGap(level, "missing-include", `${path} is included and not there to read`, directive);
    return;
  }
  for (const file of files) includeFile(level, directive, file, depth);
}

function includeFile(level: Level, directive: NginxDirective, text: Text, depth: number): void {
  const { reading } = level;
  if (depth >= includeDepth || reading.includes >= includeLimit) {
    const loop = depth >= includeDepth;
    addGap(
      level,
      loop ? "refused" : "limit",
      loop ? "files include each other without end" : "too many includes",
      directive,
    );
    return;
  }
  reading.includes++;
  const shown = standsInFile(directive) ? insertedAt(text, placeOf(directive)) : text;
  addAll(level, readFile(reading, shown), depth + 1);
}

/** Not so for what an image brings along: the line that names the image would say nothing about an included file. */
function standsInFile({ args: [path] }: NginxDirective): boolean {
  return path?.text.pieces.some(({ exact }) => exact) === true;
}

/** Reads a file's directives and notes what is wrong with its syntax. */
export function readFile(reading: Reading, text: Text): readonly NginxDirective[] {
  const file = readNginx(maskTemplates(text));
  for (const error of file.errors) reading.problems.push({ kind: "refused", ...error });
  return file.directives;
}

function checkLevel(reading: Reading, kind: BlockKind, directives: readonly NginxDirective[]): void {
  const seen = new Set<string>();
  for (const directive of directives) {
    const { name } = directive;
    const reason = objection(directive, kind);
    if (reason !== undefined) refuse(reading, reason, directive);
    else if (seen.has(name) && onlyOnce(name)) refuse(reading, `"${name}" directive is duplicate`, directive);
    seen.add(name);
  }
}

/** Notes a reason why nginx would not start. */
export function refuse(reading: Reading, message: string, at: Located): void {
  reading.problems.push({ kind: "refused", message, ...placeOf(at) });
}
