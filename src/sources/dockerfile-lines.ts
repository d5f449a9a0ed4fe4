/** The instructions of a Dockerfile as lines joined: continuations, comments, heredocs, the escape directive. */
import { concat, type Located, locate, slice, type Text, textAt } from "../text/text.ts";

/** One instruction before its arguments are read. */
export interface DockerInstruction extends Located {
  /** In capitals. */
  readonly name: string;
  /** Everything after the name, continuation lines joined. */
  readonly rest: Text;
  /** What stands in its heredocs. */
  readonly heredocs: readonly Heredoc[];
}

/** A text of several lines that an instruction holds. */
export interface Heredoc {
  /** As after `<<`, without quotes. */
  readonly name: string;
  readonly content: Text;
  /** Whether variables are replaced in it: not when its name is quoted. */
  readonly expand: boolean;
}

/** A Dockerfile as instructions, before any of them is understood. */
export interface DockerLines {
  readonly instructions: readonly DockerInstruction[];
  readonly errors: readonly ({ readonly message: string } & Located)[];
  /** The character that continues a line and takes a character's meaning away. */
  readonly escape: "\\" | "`";
  /** Whole lines, also those between the lines of an instruction. */
  readonly comments: readonly Located[];
}

interface Line {
  readonly start: number;
  /** Before the line end. */
  readonly end: number;
  readonly next: number;
}

const instructionName = /^[ \t]*([A-Za-z]+)(?=\s|$)/;
const heredocMark = /<<(-?)(["']?)([A-Za-z_][A-Za-z0-9_.]*)\2/g;

/** Splits a Dockerfile into its instructions. Never throws. */
export function dockerLines(text: Text): DockerLines {
  const source = text.value;
  const lines = linesOf(source);
  const escapeChar = escapeDirective(source, lines);
  const instructions: DockerInstruction[] = [];
  const errors: DockerLines["errors"][number][] = [];
  const comments: Located[] = [];
  const addComment = ({ start, end }: Line) => {
    const sign = source.indexOf("#", start);
    if (sign >= 0 && sign < end) comments.push(locate(text, sign, end));
  };
  let index = 0;
  while (index < lines.length) {
    const first = lines[index];
    if (first === undefined) break;
    if (/^\s*(#|$)/.test(source.slice(first.start, first.end))) {
      addComment(first);
      index++;
      continue;
    }
    const joined = joinLines(text, lines, index, escapeChar, addComment);
    index = joined.next;
    const name = instructionName.exec(joined.text.value)?.[1];
    const where = locate(text, first.start, lines[index - 1]?.end ?? first.end);
    if (name === undefined) {
      errors.push({ message: "no Dockerfile instruction begins this line", ...where });
      continue;
    }
    const rest = trimmed(joined.text, (instructionName.exec(joined.text.value)?.[0] ?? "").length);
    const heredocs = takesHeredocs.has(name.toUpperCase())
      ? readHeredocs(text, lines, index, rest.value)
      : { found: [], next: index };
    index = heredocs.next;
    instructions.push({ name: name.toUpperCase(), rest, heredocs: heredocs.found, ...where });
  }
  return { instructions, errors, escape: escapeChar, comments };
}

const takesHeredocs = new Set(["RUN", "COPY", "ADD"]);

function linesOf(source: string): Line[] {
  const lines: Line[] = [];
  let start = source.charCodeAt(0) === 0xfeff ? 1 : 0;
  while (start < source.length) {
    const newline = source.indexOf("\n", start);
    const stop = newline < 0 ? source.length : newline;
    lines.push({ start, end: source[stop - 1] === "\r" && stop > start ? stop - 1 : stop, next: stop + 1 });
    start = stop + 1;
  }
  return lines;
}

/** `# escape=…` counts only among the directives at the very top. */
function escapeDirective(source: string, lines: readonly Line[]): "\\" | "`" {
  for (const line of lines) {
    const found = /^\s*#\s*([A-Za-z]+)\s*=\s*(\S+)/.exec(source.slice(line.start, line.end));
    if (found === null) break;
    if (found[1]?.toLowerCase() === "escape" && found[2] === "`") return "`";
  }
  return "\\";
}

function joinLines(
  text: Text,
  lines: readonly Line[],
  from: number,
  escapeChar: string,
  onComment: (line: Line) => void,
): { text: Text; next: number } {
  const source = text.value;
  const parts: Text[] = [];
  let index = from;
  for (; index < lines.length; index++) {
    const line = lines[index];
    if (line === undefined) break;
    const content = source.slice(line.start, line.end);
    // Within a continuation comment lines and empty lines are left out.
    if (index > from && /^\s*(#|$)/.test(content)) {
      onComment(line);
      continue;
    }
    const ending = content.trimEnd();
    if (!ending.endsWith(escapeChar)) {
      parts.push(slice(text, line.start, line.end));
      index++;
      break;
    }
    parts.push(slice(text, line.start, line.start + ending.length - 1));
  }
  const filled = parts.filter((part) => part.value !== "");
  return {
    text:
      filled.length === 0
        ? textAt("", locate(text, lines[from]?.start ?? 0, lines[from]?.end ?? 0))
        : concat(filled),
    next: index,
  };
}

/** The text from an offset on, without spaces around it; keeps a place when nothing is left. */
export function trimmed(text: Text, from: number, to: number = text.value.length): Text {
  const content = text.value.slice(from, to);
  const start = from + (content.length - content.trimStart().length);
  const end = from + content.trimEnd().length;
  return start >= end ? textAt("", locate(text, from, to)) : slice(text, start, end);
}

function readHeredocs(
  text: Text,
  lines: readonly Line[],
  from: number,
  rest: string,
): { found: Heredoc[]; next: number } {
  const found: Heredoc[] = [];
  let index = from;
  for (const [, dash = "", quote = "", name = ""] of rest.matchAll(heredocMark)) {
    const parts: Text[] = [];
    let closed = false;
    const start = lines[index]?.start ?? text.value.length;
    while (index < lines.length && !closed) {
      const line = lines[index];
      if (line === undefined) break;
      index++;
      const content = text.value.slice(line.start, line.end);
      const stripped = dash === "" ? content : content.replace(/^\t+/, "");
      if (stripped === name) closed = true;
      else
        parts.push(
          slice(text, line.start + content.length - stripped.length, Math.min(line.next, text.value.length)),
        );
    }
    const filled = parts.filter((part) => part.value !== "");
    const content = filled.length === 0 ? textAt("", locate(text, start, start)) : concat(filled);
    found.push({ name, content, expand: quote === "" });
  }
  return { found, next: index };
}
