/**
 * The reader of HAProxy's configuration, as parse_line() of src/tools.c (2.4 and later) takes lines apart, over Text:
 * a section begins at the margin, words end at spaces, quotes and backslashes as in a shell, `#` begins a comment.
 */
import { concat, holeText, type Located, locate, slice, type Text, textAt } from "../text/text.ts";

/** A word, its quotes removed. */
export interface HaproxyWord extends Located {
  readonly text: Text;
  /** Whether a part of it stood in quotes. */
  readonly quoted: boolean;
}

/** A line. */
export interface HaproxyLine extends Located {
  readonly words: readonly HaproxyWord[];
}

/** A section: "frontend", "backend", "listen", "defaults", "global", "userlist" … */
export interface HaproxySection extends Located {
  readonly kind: string;
  readonly name: string;
  readonly lines: readonly HaproxyLine[];
}

/** One reason why HAProxy refuses the file. */
export interface HaproxyError extends Located {
  readonly message: string;
}

/** What was read. */
export interface HaproxyFile {
  readonly sections: readonly HaproxySection[];
  readonly errors: readonly HaproxyError[];
}

/** The value of a variable of the environment; undefined: not known. */
export type Variable = (name: string) => string | undefined;

const kinds = new Set([
  "global",
  "defaults",
  "frontend",
  "backend",
  "listen",
  "userlist",
  "resolvers",
  "peers",
  "mailers",
  "cache",
  "program",
  "http-errors",
  "ring",
  "fcgi-app",
  "log-forward",
  "crt-store",
  "traces",
]);

/** Reads a configuration file. Never throws. */
export function readHaproxy(text: Text, variable: Variable): HaproxyFile {
  const sections: (HaproxySection & { readonly lines: HaproxyLine[] })[] = [];
  const errors: HaproxyError[] = [];
  for (const { index, 0: line } of text.value.matchAll(/[^\r\n]+/gu)) {
    const words = wordsIn(text, index, index + line.length, variable, errors);
    const [first, second] = words;
    const last = words.at(-1);
    if (first === undefined || last === undefined) continue;
    const start = index + line.search(/\S/u);
    const place = locate(text, start, index + line.trimEnd().length);
    const name = first.text.value;
    // Lines with a dot are about conditions on the whole file.
    if (/^\.(?:if|elif|else|endif|notice|warning|alert|diag)$/u.test(name)) continue;
    if (kinds.has(name)) sections.push({ kind: name, name: second?.text.value ?? "", lines: [], ...place });
    else if (sections.length === 0)
      errors.push({ message: `unknown keyword '${name}' out of section`, ...place });
    else sections.at(-1)?.lines.push({ words, ...place });
  }
  return { sections, errors };
}

/** The comments, from the sign to the end of the line. */
export function haproxyComments(text: Text): readonly Located[] {
  return [...text.value.matchAll(/[^\r\n]+/gu)].flatMap(({ index, 0: line }) => {
    const words = wordsIn(text, index, index + line.length, () => undefined, []);
    const end = words.reduce((last, { at }) => Math.max(last, at.end - index), 0);
    const sign = line.slice(end).indexOf("#");
    return sign < 0 ? [] : [locate(text, index + end + sign, index + line.trimEnd().length)];
  });
}

/** The words of a line, up to a comment. */
function wordsIn(
  text: Text,
  from: number,
  to: number,
  variable: Variable,
  errors: HaproxyError[],
): readonly HaproxyWord[] {
  const words: HaproxyWord[] = [];
  const source = text.value;
  let index = from;
  while (index < to) {
    if (/\s/u.test(source[index] ?? "")) {
      index++;
      continue;
    }
    if (source[index] === "#") break;
    const word = wordAt(text, index, to, variable);
    if (word.open !== undefined)
      errors.push({ message: `unmatched ${word.open}`, ...locate(text, index, index + 1) });
    words.push({ text: concat(word.parts), quoted: word.quoted, ...locate(text, index, word.end) });
    index = word.end;
  }
  return words;
}

interface ReadWord {
  readonly parts: readonly Text[];
  readonly end: number;
  readonly quoted: boolean;
  /** The quote that is never closed. */
  readonly open?: string;
}

const escapes: Readonly<Record<string, string>> = { n: "\n", r: "\r", t: "\t" };

/** In single quotes everything is itself; in double quotes variables and backslashes count. */
function wordAt(text: Text, start: number, to: number, variable: Variable): ReadWord {
  const source = text.value;
  const parts: Text[] = [];
  let index = start;
  let quote = "";
  let quoted = false;
  for (; index < to; index++) {
    const char = source[index] ?? "";
    if (quote === "" && (/\s/u.test(char) || char === "#")) break;
    if (char === quote || (quote === "" && (char === '"' || char === "'"))) {
      quote = quote === "" ? char : "";
      quoted = true;
    } else if (char === "\\" && quote !== "'") {
      const next = source[index + 1] ?? "";
      const special = escapes[next];
      // Before anything else, such as the number of a group, the backslash stays.
      if (special === undefined && !/[\s\\"'#$]/u.test(next)) parts.push(slice(text, index, index + 1));
      parts.push(
        special === undefined
          ? slice(text, index + 1, index + 2)
          : textAt(special, locate(text, index, index + 2)),
      );
      index++;
    } else if (char === "$" && quote === '"') {
      const end = variableAt(text, index, to, variable, parts);
      index = end - 1;
    } else parts.push(slice(text, index, index + 1));
  }
  return { parts: joined(parts), end: index, quoted, ...(quote === "" ? {} : { open: quote }) };
}

/** `$NAME` and `${NAME-default}` inside of double quotes. */
function variableAt(text: Text, start: number, to: number, variable: Variable, parts: Text[]): number {
  const found = /^\$(?:\{([A-Za-z_]\w*)(?:-([^}]*))?\}|([A-Za-z_]\w*))/u.exec(text.value.slice(start, to));
  if (found === null) {
    parts.push(slice(text, start, start + 1));
    return start + 1;
  }
  const [whole, braced, fallback, bare] = found;
  const end = start + whole.length;
  const place = locate(text, start, end);
  const name = braced ?? bare ?? "";
  const value = variable(name) ?? fallback;
  parts.push(
    value === undefined ? holeText(`the variable ${name} is not known`, place) : textAt(value, place),
  );
  return end;
}

/** Texts of single characters that follow each other in the file are one. */
function joined(parts: readonly Text[]): readonly Text[] {
  return parts.length === 0 ? [] : [concat(parts)];
}
