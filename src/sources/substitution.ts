/**
 * Compose's variable substitution, Text in, Text out; used for compose files and inside env files.
 * After compose-go's template package (2.4): which braces belong together is decided as it decides it.
 */
import {
  concat,
  holeText,
  insertedAt,
  type Located,
  locate,
  slice,
  type Text,
  textAt,
} from "../text/text.ts";

/** A variable's value; `unset` when it is known not to be set; `unknown` when nobody told. */
export type Variable =
  | { readonly state: "set"; readonly value: Text }
  | { readonly state: "unset" }
  | { readonly state: "unknown"; readonly reason: string };

/** Looks a variable up by name. */
export type Lookup = (name: string) => Variable;

/** What substitution has to say about one reference. */
export interface SubstitutionIssue extends Located {
  /** `invalid`, `required`: Compose refuses. `unset`: it warns and takes an empty text. `unknown`: cannot be decided. */
  readonly kind: "invalid" | "required" | "unset" | "unknown";
  readonly message: string;
}

/** The text with its variables replaced. */
export interface Substitution {
  readonly text: Text;
  readonly issues: readonly SubstitutionIssue[];
  /** Variables of which nobody said whether they are set, and the defaults that were taken for them. */
  readonly defaults: readonly DefaultTaken[];
}

/** A default that applies unless somebody sets the variable. */
export interface DefaultTaken {
  readonly variable: string;
  readonly value: Text;
}

/** Defaults nest; beyond this depth it is not a configuration. */
const maximumDepth = 50;

/** Variables that hold each other twice over grow without end: beyond this much a text is left unknown. */
const maximumInserted = { characters: 1_000_000, pieces: 5_000 };

const name = /[_a-z][_a-z0-9]*/iy;

interface Work {
  readonly lookup: Lookup;
  readonly issues: SubstitutionIssue[];
  readonly defaults: DefaultTaken[];
  readonly depth: number;
  /** What came out of variables so far. */
  readonly inserted: { characters: number; pieces: number };
}

/** Replaces every `$NAME`, `${NAME}`, `${NAME:-default}` and so on, and `$$` by `$`. Never throws. */
export function substitute(text: Text, lookup: Lookup): Substitution {
  const issues: SubstitutionIssue[] = [];
  const defaults: DefaultTaken[] = [];
  return {
    text: replaceAll(text, { lookup, issues, defaults, depth: 0, inserted: { characters: 0, pieces: 0 } }),
    issues,
    defaults,
  };
}

function replaceAll(text: Text, work: Work): Text {
  const source = text.value;
  if (!source.includes("$")) return text;
  const parts: Text[] = [];
  const lastBrace = lastBraceOfLine(source);
  let done = 0;
  let index = source.indexOf("$");
  while (index >= 0) {
    const found = replaceAt(text, index, lastBrace, work);
    if (found !== undefined) {
      if (index > done) parts.push(slice(text, done, index));
      parts.push(found.text);
      done = found.end;
    }
    index = source.indexOf("$", found?.end ?? index + 1);
  }
  if (parts.length === 0) return text;
  if (done < source.length) parts.push(slice(text, done, source.length));
  return concat(parts);
}

interface Replaced {
  readonly text: Text;
  readonly end: number;
}

function replaceAt(
  text: Text,
  start: number,
  lastBrace: (index: number) => number,
  work: Work,
): Replaced | undefined {
  const source = text.value;
  const next = source[start + 1];
  if (next === "$") return { text: textAt("$", locate(text, start, start + 2)), end: start + 2 };
  if (next === "{") return replaceBraced(text, start, lastBrace(start), work);
  const plain = nameAt(source, start + 1);
  if (plain === undefined) return undefined;
  const end = start + 1 + plain.length;
  return { text: valueFor(plain, locate(text, start, end), work), end };
}

function replaceBraced(text: Text, start: number, last: number, work: Work): Replaced {
  const source = text.value;
  const variable = nameAt(source, start + 2);
  const operatorStart = start + 2 + (variable?.length ?? 0);
  const operator = /^(?::?[-+?])/.exec(source.slice(operatorStart, operatorStart + 2))?.[0] ?? "";
  const direct = source[operatorStart] === "}";
  if (
    variable === undefined ||
    work.depth >= maximumDepth ||
    !(direct || (operator !== "" && last > operatorStart))
  ) {
    const where = locate(text, start, Math.min(start + 2, source.length));
    work.issues.push({
      kind: "invalid",
      message: "invalid interpolation format; a literal $ is written $$",
      ...where,
    });
    return { text: holeText("invalid interpolation format", where), end: start + 2 };
  }
  const close = direct ? operatorStart : (closingBrace(source, start, last) ?? last);
  const word = slice(text, operatorStart + operator.length, close);
  const where = locate(text, start, close + 1);
  const value = direct
    ? valueFor(variable, where, work)
    : applyOperator(variable, operator, word, where, work);
  return { text: value, end: close + 1 };
}

/** The `}` that belongs to the `{` after `start`. compose-go skips the character after each opening brace. */
function closingBrace(source: string, start: number, last: number): number | undefined {
  let open = 0;
  for (let index = start; index <= last; index++) {
    if (source[index] === "}" && --open === 0) return index;
    if (source[index] === "{") {
      open++;
      index++;
    }
  }
  return undefined;
}

function nameAt(source: string, index: number): string | undefined {
  name.lastIndex = index;
  return name.exec(source)?.[0];
}

function valueFor(variable: string, where: Located, work: Work): Text {
  const found = work.lookup(variable);
  if (found.state === "set" && isTooMuch(found.value, work))
    return unknown(variable, "it makes the text too long", where, work);
  if (found.state === "set") return insertedAt(withPlace(found.value, where), where);
  if (found.state === "unknown") return unknown(variable, found.reason, where, work);
  work.issues.push({
    kind: "unset",
    message: `the variable ${variable} is not set, an empty text is used`,
    ...where,
  });
  return textAt("", where);
}

function isTooMuch(value: Text, { inserted }: Work): boolean {
  inserted.characters += value.value.length;
  inserted.pieces += value.pieces.length;
  return inserted.characters > maximumInserted.characters || inserted.pieces > maximumInserted.pieces;
}

/** An empty value has no character to carry a place. */
function withPlace(value: Text, where: Located): Text {
  return value.value === "" && value.pieces.length === 0 ? textAt("", where) : value;
}

function unknown(variable: string, reason: string, where: Located, work: Work): Text {
  work.issues.push({ kind: "unknown", message: `the variable ${variable} is unknown: ${reason}`, ...where });
  return holeText(`the variable ${variable} is unknown: ${reason}`, where);
}

function applyOperator(variable: string, operator: string, word: Text, where: Located, work: Work): Text {
  // The word is always replaced, also where it is not used: an error in it counts.
  const other = replaceAll(word, { ...work, depth: work.depth + 1 });
  const otherWord = other.value === "" ? textAt("", where) : other;
  const found = work.lookup(variable);
  const emptyCounts = !operator.startsWith(":");
  const present = found.state === "set" && (emptyCounts || found.value.value !== "");
  switch (operator.at(-1)) {
    case "-":
      if (found.state === "unknown") work.defaults.push({ variable, value: otherWord });
      return found.state === "set" && present ? valueFor(variable, where, work) : otherWord;
    case "+":
      if (found.state === "unknown") return unknown(variable, found.reason, where, work);
      return present ? otherWord : textAt("", where);
    default:
      if (found.state === "unknown" || present) return valueFor(variable, where, work);
      return missing(variable, other.value, where, work);
  }
}

function missing(variable: string, reason: string, where: Located, work: Work): Text {
  const message = `required variable ${variable} is missing a value${reason === "" ? "" : `: ${reason}`}`;
  work.issues.push({ kind: "required", message, ...where });
  return holeText(message, where);
}

/** The last `}` of the line that holds an index: no reference reaches beyond it. Looked up once a line. */
function lastBraceOfLine(source: string): (index: number) => number {
  let lineEnd = -1;
  let last = -1;
  return (index) => {
    if (index > lineEnd) {
      const found = source.indexOf("\n", index);
      lineEnd = found < 0 ? source.length : found;
      last = source.lastIndexOf("}", lineEnd - 1);
    }
    return last;
  };
}
