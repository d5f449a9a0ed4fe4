/** A command line in words, as the go-shellwords library of Compose splits it: no variables, and nothing after `|`, `&`, `;`, `<`, `>`. */
import { concat, locate, slice, type Text, textAt } from "../../text/text.ts";

interface Splitter {
  readonly words: Text[];
  /** The parts of the word that is being read. */
  parts: Text[];
  buffer: string;
  started: boolean;
  /** Which quotes are open: they are kept apart, a double quote counts within back quotes too. */
  readonly open: { single: boolean; double: boolean; back: boolean; dollar: boolean };
}

/** The words; undefined when a quote or parenthesis is not closed. */
export function shellWords(text: Text): readonly Text[] | undefined {
  const source = text.value;
  const state: Splitter = {
    words: [],
    parts: [],
    buffer: "",
    started: false,
    open: { single: false, double: false, back: false, dollar: false },
  };
  for (let index = 0; index < source.length; index++) {
    const char = source.charAt(index);
    if (char === "\\" && !state.open.single) {
      if (++index >= source.length) return undefined;
      add(state, text, index);
    } else if (/[ \t\r\n]/.test(char)) {
      if (isQuoted(state)) add(state, text, index);
      else endWord(state, text, index);
    } else if (/[;&|<>]/.test(char) && !isQuoted(state)) {
      // A number before `>` is a file descriptor and no word.
      if (char === ">" && /^[0-9]/.test(state.buffer)) state.started = false;
      break;
    } else {
      const role = readMark(state, char);
      if (role === "invalid") return undefined;
      if (role === "character") add(state, text, index);
    }
  }
  if (isQuoted(state)) return undefined;
  endWord(state, text, source.length);
  return state.words;
}

function isQuoted({ open }: Splitter): boolean {
  return open.single || open.double || open.back || open.dollar;
}

/** Opens and closes quotes; says whether the character itself belongs to the word. */
function readMark(state: Splitter, char: string): "quote" | "character" | "invalid" {
  const { open } = state;
  if (char === "`" && !open.single && !open.double && !open.dollar) open.back = !open.back;
  if (char === ")" && !open.single && !open.double && !open.back) open.dollar = !open.dollar;
  if (char === "(" && !open.single && !open.double && !open.back) {
    if (open.dollar || !state.buffer.endsWith("$")) return "invalid";
    open.dollar = true;
  }
  if (char === '"' && !open.single && !open.dollar) {
    if (open.double) state.started = true;
    open.double = !open.double;
    return "quote";
  }
  if (char === "'" && !open.double && !open.dollar) {
    if (open.single) state.started = true;
    open.single = !open.single;
    return "quote";
  }
  return "character";
}

function add(state: Splitter, text: Text, index: number): void {
  state.parts.push(slice(text, index, index + 1));
  state.buffer += text.value.charAt(index);
  state.started = true;
}

function endWord(state: Splitter, text: Text, index: number): void {
  if (state.started)
    state.words.push(state.parts.length === 0 ? textAt("", locate(text, index, index)) : joined(state.parts));
  state.parts = [];
  state.buffer = "";
  state.started = false;
}

/** One Text of single characters, neighbours in the source joined to one piece again. */
function joined(parts: readonly Text[]): Text {
  const whole = concat(parts);
  const pieces: Text["pieces"][number][] = [];
  for (const piece of whole.pieces) {
    const last = pieces.at(-1);
    const follows =
      last?.exact === true &&
      piece.exact &&
      last.hole === undefined &&
      piece.hole === undefined &&
      last.at.file === piece.at.file &&
      last.at.end === piece.at.start &&
      samePlaces(last.via, piece.via);
    if (follows)
      pieces[pieces.length - 1] = { ...last, end: piece.end, at: { ...last.at, end: piece.at.end } };
    else pieces.push(piece);
  }
  return { value: whole.value, pieces };
}

function samePlaces(a: Text["pieces"][number]["via"], b: Text["pieces"][number]["via"]): boolean {
  return (
    a.length === b.length &&
    a.every((place, index) => {
      const other = b[index];
      return (
        other !== undefined &&
        place.file === other.file &&
        place.start === other.start &&
        place.end === other.end
      );
    })
  );
}
