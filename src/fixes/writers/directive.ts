/** Writes directives of nginx. */
import type { Json } from "../../facts/json.ts";
import type { DirectiveSpot } from "../../products/spot.ts";
import type { NginxDirective } from "../../sources/nginx.ts";
import type { Place } from "../../text/text.ts";
import { type GetSource, indentAt, lineStart, newlineOf, type Splice, type Writer } from "./change.ts";

/** Changes the arguments of a directive, or adds it at the end of its block. */
export const writeDirective: Writer<DirectiveSpot> = (change, spot, get) => {
  if (change.type === "remove") return some(spot.directives.map((directive) => removal(directive, get)));
  if (change.type !== "set") return undefined;
  const line = `${spot.name} ${wordsOf(change.to)};`;
  if (spot.directives.length > 0)
    return some(spot.directives.flatMap((directive) => replacement(directive, line, get)));
  return spot.body === undefined ? undefined : some(insertion(spot.body, [line], get));
};

function some(splices: readonly Splice[]): readonly Splice[] | undefined {
  return splices.length === 0 ? undefined : splices;
}

/** Words are written as they are given: a value that needs quotes brings them along. */
function wordsOf(to: Json): string {
  return Array.isArray(to) ? to.map(String).join(" ") : String(to);
}

function replacement(directive: NginxDirective, line: string, get: GetSource): readonly Splice[] {
  const { at } = directive;
  const old = get(at.file)?.text.value.slice(at.start, at.end);
  const text = line.slice(0, -1);
  return old === text ? [] : [{ place: at, text, shown: line }];
}

/** Takes the line out, when nothing else stands on it. */
export function removal({ at, name }: NginxDirective, get: GetSource): Splice {
  const text = get(at.file)?.text.value ?? "";
  const semicolon = text.indexOf(";", at.end) + 1;
  const shown = `(remove ${name})`;
  const start = lineStart(text, at.start);
  const rest = /^[ \t]*(?:\r\n|\n|\r|$)/u.exec(text.slice(semicolon));
  if (text.slice(start, at.start).trim() !== "" || rest === null)
    return { place: { ...at, end: semicolon }, text: "", shown };
  return { place: { file: at.file, start, end: semicolon + rest[0].length }, text: "", shown };
}

/** At the start of the block: what is written there holds for everything in it. */
export function insertion(body: Place, lines: readonly string[], get: GetSource): readonly Splice[] {
  const source = get(body.file);
  if (source === undefined) return [];
  const text = source.text.value;
  const first = /\S/u.exec(text.slice(body.start, body.end));
  const inside = first === null ? undefined : body.start + first.index;
  const place = { file: body.file, start: body.start, end: body.start };
  const shown = lines.join("\n");
  const oneLine = !text.slice(body.start, body.end).includes("\n");
  if (oneLine) return [{ place, text: lines.map((line) => ` ${line}`).join(""), shown }];
  const own = indentAt(text, body.start);
  const indent = inside === undefined ? `${own}    ` : indentAt(text, inside);
  return [{ place, text: lines.map((line) => `${newlineOf(text)}${indent}${line}`).join(""), shown }];
}
