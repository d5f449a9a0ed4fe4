/** Blocks of directives with their includes put in, and the values that they inherit. */
import type { NginxDirective, NginxWord } from "../../sources/nginx.ts";
import { type Hole, holeIn, type Located, placeOf } from "../../text/text.ts";
import { bytesOf } from "./bytes.ts";
import type { BlockKind } from "./catalog.ts";

/** Lines that belong here and cannot be read: a missing include, what a template puts in. */
export interface Gap extends Located {
  readonly reason: string;
}

/** A block; `own` are its directives with those of its includes in place. */
export interface Block {
  readonly kind: BlockKind;
  readonly head: NginxDirective | undefined;
  readonly own: readonly NginxDirective[];
  readonly gaps: readonly Gap[];
  readonly parent: Block | undefined;
}

/** A value that cannot be known, why, and the line to blame where there is one. */
export interface Unknown extends Partial<Located> {
  readonly unknown: string;
}

/** The directives of a block by name: asked for so often that looking through large blocks each time would show. */
const indexes = new WeakMap<Block, ReadonlyMap<string, readonly NginxDirective[]>>();

function indexOf(block: Block): ReadonlyMap<string, readonly NginxDirective[]> {
  const known = indexes.get(block);
  if (known !== undefined) return known;
  const index = new Map<string, NginxDirective[]>();
  for (const directive of block.own) {
    const same = index.get(directive.name);
    if (same === undefined) index.set(directive.name, [directive]);
    else same.push(directive);
  }
  indexes.set(block, index);
  return index;
}

/** The directives with one of these names on this level only, in the order of the file. */
export function own(block: Block, ...names: readonly string[]): readonly NginxDirective[] {
  const index = indexOf(block);
  const present = names.filter((name) => index.has(name));
  if (present.length > 1) return block.own.filter((directive) => present.includes(directive.name));
  return index.get(present[0] ?? "") ?? [];
}

/**
 * The directives with one of these names on the nearest level that has any: nginx's merging of most settings. A level
 * with a directive of its own inherits nothing from above.
 */
export function nearest(block: Block, ...names: readonly string[]): readonly NginxDirective[] {
  for (let level: Block | undefined = block; level !== undefined; level = level.parent) {
    const found = own(level, ...names);
    if (found.length > 0) return found;
  }
  return [];
}

/** The nearest directive of that name; nginx refuses two on one level. */
export function setting(block: Block, name: string): NginxDirective | undefined {
  return nearest(block, name)[0];
}

/** The bytes of a word, or why they are not known. */
export function wordValue(word: NginxWord): string | Unknown {
  const hole: Hole | undefined = holeIn(word.text, 0, word.text.value.length);
  return hole === undefined ? bytesOf(word.text.value) : { unknown: hole.reason, ...placeOf(word) };
}

/** The bytes of the argument with this number, when it is there and known. */
export function argument(directive: NginxDirective | undefined, index: number): string | undefined {
  const word = directive?.args[index];
  const value = word === undefined ? undefined : wordValue(word);
  return typeof value === "string" ? value : undefined;
}

/** All arguments as bytes; undefined when one is not known. */
export function argumentsOf(directive: NginxDirective): readonly string[] | undefined {
  const values: string[] = [];
  for (const word of directive.args) {
    const value = wordValue(word);
    if (typeof value !== "string") return undefined;
    values.push(value);
  }
  return values;
}

/** Everything unread on this level and above it. */
export function gapsAround(block: Block): readonly Gap[] {
  const gaps: Gap[] = [];
  for (let level: Block | undefined = block; level !== undefined; level = level.parent)
    gaps.push(...level.gaps);
  return gaps;
}
