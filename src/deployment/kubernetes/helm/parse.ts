/** Reads a template: text, actions with their white space taken away, and the blocks that actions open. */
import { type Located, locate, slice, type Text } from "../../../text/text.ts";
import type { Node, Pipe, Template, TemplateError } from "./nodes.ts";
import { readPipe } from "./words.ts";

/** A piece of the text, or an action with the offsets of what stands inside. */
type Piece =
  | { readonly kind: "text"; readonly start: number; readonly end: number }
  | {
      readonly kind: "action";
      readonly start: number;
      readonly end: number;
      readonly word: string;
      /** Where it goes on behind the word. */
      readonly rest: number;
      readonly stop: number;
    };

interface Reading {
  readonly source: Text;
  readonly pieces: readonly Piece[];
  index: number;
  readonly defines: Map<string, readonly Node[]>;
  readonly errors: TemplateError[];
}

/** Reads a template. Never throws. */
export function parseTemplate(source: Text): Template {
  const reading: Reading = {
    source,
    pieces: piecesOf(source.value),
    index: 0,
    defines: new Map(),
    errors: [],
  };
  const nodes: Node[] = [];
  while (reading.index < reading.pieces.length) {
    nodes.push(...nodesUntilEnd(reading).nodes);
    const piece = reading.pieces[reading.index];
    if (piece !== undefined) fail(reading, "it closes nothing", piece);
    reading.index++;
  }
  return { nodes, defines: reading.defines, errors: reading.errors };
}

const actionPattern =
  /\{\{(-(?=\s))?(\/\*[\s\S]*?\*\/|(?:"(?:\\.|[^"\\\n])*"|`[^`]*`|(?!\}\})[^"`])*?)((?<=\s)-)?\}\}/gu;

function piecesOf(value: string): readonly Piece[] {
  const pieces: Piece[] = [];
  let end = 0;
  let trims = false;
  const addText = (stop: number, trimsEnd: boolean): void => {
    const raw = value.slice(end, stop);
    const from = trims ? end + (/^[ \t\r\n]*/u.exec(raw)?.[0].length ?? 0) : end;
    const to = trimsEnd ? Math.max(from, end + raw.search(/[ \t\r\n]*$/u)) : stop;
    if (to > from) pieces.push({ kind: "text", start: from, end: to });
  };
  for (const match of value.matchAll(actionPattern)) {
    const [all, left, content = "", right] = match;
    addText(match.index, left !== undefined);
    end = match.index + all.length;
    trims = right !== undefined;
    const start = match.index + 2 + (left?.length ?? 0);
    const inside = content.trim();
    if (inside.startsWith("/*")) continue;
    const word =
      /^(?:if|else|end|with|range|define|template|block|break|continue)\b/u.exec(inside)?.[0] ?? "";
    const rest = start + (content.length - content.trimStart().length) + word.length;
    pieces.push({
      kind: "action",
      start: match.index,
      end,
      word,
      rest,
      stop: start + content.trimEnd().length,
    });
  }
  addText(value.length, false);
  return pieces;
}

function fail(reading: Reading, message: string, { start, end }: Piece): void {
  reading.errors.push({ message, ...locate(reading.source, start, end) });
}

/** Nodes up to `end` or `else`, which are left for whoever opened the block. */
function nodesUntilEnd(reading: Reading): { readonly nodes: readonly Node[] } {
  const nodes: Node[] = [];
  for (;;) {
    const piece = reading.pieces[reading.index];
    if (piece === undefined) return { nodes };
    if (piece.kind === "text") {
      const stop = openedAt(reading, piece) ?? piece.end;
      nodes.push({ kind: "text", text: slice(reading.source, piece.start, stop) });
      reading.index++;
    } else if (piece.word === "end" || piece.word === "else") return { nodes };
    else nodes.push(...actionNodes(reading, piece));
  }
}

/** Where an action begins in a text: one that nothing closes. */
function openedAt(reading: Reading, { start, end }: Piece): number | undefined {
  const found = reading.source.value.slice(start, end).indexOf("{{");
  if (found < 0) return undefined;
  const at = start + found;
  reading.errors.push({ message: "this action is not closed", ...locate(reading.source, at, at + 2) });
  return at;
}

type Action = Extract<Piece, { kind: "action" }>;

function actionNodes(reading: Reading, piece: Action): readonly Node[] {
  reading.index++;
  const at = locate(reading.source, piece.start, piece.end);
  switch (piece.word) {
    case "if":
    case "with":
    case "range":
      return branch(reading, piece, piece.word, at);
    case "define":
    case "block":
      return definition(reading, piece, at);
    case "template": {
      const found = named(reading, piece);
      return found === undefined ? [] : [{ kind: "template", ...found, at }];
    }
    case "break":
    case "continue":
      return [{ kind: piece.word }];
    default: {
      const pipe = pipeOf(reading, piece, piece.rest);
      return pipe === undefined ? [] : [{ kind: "print", pipe, at }];
    }
  }
}

function pipeOf(reading: Reading, piece: Action, start: number): Pipe | undefined {
  const pipe = readPipe(reading.source, start, piece.stop);
  if (pipe === undefined) fail(reading, "this action cannot be read", piece);
  return pipe;
}

/** The body of a block, and what stands behind `else`, up to its `end`. */
function branch(
  reading: Reading,
  piece: Action,
  kind: "if" | "with" | "range",
  at: Located,
): readonly Node[] {
  const pipe = pipeOf(reading, piece, piece.rest);
  const { nodes: body } = nodesUntilEnd(reading);
  const otherwise = elsePart(reading, piece);
  return pipe === undefined ? [] : [{ kind, pipe, body, otherwise, at }];
}

function elsePart(reading: Reading, opened: Action): readonly Node[] {
  const piece = reading.pieces[reading.index];
  if (piece?.kind !== "action") {
    fail(reading, "there is no end to it", opened);
    return [];
  }
  reading.index++;
  if (piece.word === "end") return [];
  const next = /^\s*(if|with)\b/u.exec(reading.source.value.slice(piece.rest, piece.stop));
  if (next === null) {
    const { nodes } = nodesUntilEnd(reading);
    if (reading.pieces[reading.index] === undefined) fail(reading, "there is no end to it", opened);
    reading.index++;
    return nodes;
  }
  const chained: Action = { ...piece, word: next[1] ?? "if", rest: piece.rest + next[0].length };
  return branch(
    reading,
    chained,
    next[1] === "with" ? "with" : "if",
    locate(reading.source, piece.start, piece.end),
  );
}

/** `"name"`, and the pipeline behind it. */
function named(
  reading: Reading,
  piece: Action,
): { readonly name: string; readonly pipe: Pipe | undefined } | undefined {
  const match = /^\s*(?:"([^"]*)"|`([^`]*)`)/u.exec(reading.source.value.slice(piece.rest, piece.stop));
  if (match === null) {
    fail(reading, "a name in quotes was expected", piece);
    return undefined;
  }
  const start = piece.rest + match[0].length;
  const hasPipe = reading.source.value.slice(start, piece.stop).trim() !== "";
  return { name: match[1] ?? match[2] ?? "", pipe: hasPipe ? pipeOf(reading, piece, start) : undefined };
}

function definition(reading: Reading, piece: Action, at: Located): readonly Node[] {
  const found = named(reading, piece);
  const { nodes } = nodesUntilEnd(reading);
  if (reading.pieces[reading.index] === undefined) fail(reading, "there is no end to it", piece);
  reading.index++;
  if (found === undefined) return [];
  reading.defines.set(found.name, nodes);
  return piece.word === "block" ? [{ kind: "template", ...found, at }] : [];
}
