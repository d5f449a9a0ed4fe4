/** A command line in words, as the go-shellwords library of Compose splits it: no variables, and nothing after `|`, `&`, `;`, `<`, `>`. */
import { concat, locate, slice, type Text, textAt } from "../../text/text.ts";

interface Splitter {
  readonly words: Text[];
  /** The parts of the word that is being read. */
  parts: Text[];
  buffer: string;
  started: boolean;
}

type Quote = "" | "'" | '"' | "`" | "(";

/** The words; undefined when a quote or parenthesis is not closed. */
export function shellWords(text: Text): readonly Text[] | undefined {
  const source = text.value;
  const state: Splitter = { words: [], parts: [], buffer: "", started: false };
  let quote: Quote = "";
  for (let index = 0; index < source.length; index++) {
    const char = source.charAt(index);
    if (char === "\\" && quote !== "'") {
      if (++index >= source.length) return undefined;
      add(state, text, index);
    } else if (/[ \t\r\n]/.test(char)) {
      if (quote === "") endWord(state, text, index);
      else add(state, text, index);
    } else if (/[;&|<>]/.test(char) && quote === "") {
      // A number before `>` is a file descriptor and no word.
      if (char === ">" && /^[0-9]/.test(state.buffer)) state.started = false;
      break;
    } else {
      const next = nextQuote(char, quote, state.buffer);
      if (next === undefined) return undefined;
      const isMark =
        (char === '"' && (quote === '"' || next === '"')) ||
        (char === "'" && (quote === "'" || next === "'"));
      quote = next;
      if (isMark) state.started = true;
      else add(state, text, index);
    }
  }
  if (quote !== "") return undefined;
  endWord(state, text, source.length);
  return state.words;
}

/** Which quote holds after this character; undefined when it makes the line invalid. */
function nextQuote(char: string, quote: Quote, buffer: string): Quote | undefined {
  if (char === "`" && (quote === "" || quote === "`")) return quote === "" ? "`" : "";
  if (char === "(" && (quote === "" || quote === "("))
    return quote === "" && buffer.endsWith("$") ? "(" : undefined;
  if (char === ")" && (quote === "" || quote === "(")) return quote === "(" ? "" : "(";
  if (char === '"' && (quote === "" || quote === '"')) return quote === "" ? '"' : "";
  if (char === "'" && (quote === "" || quote === "'")) return quote === "" ? "'" : "";
  return quote;
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
