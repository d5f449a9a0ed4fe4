/** Reads the part of PCRE's language that nginx configurations use. */

/** A part of an expression. */
export type Node =
  | { readonly type: "char"; readonly test: (code: number) => boolean }
  | { readonly type: "sequence"; readonly items: readonly Node[] }
  | { readonly type: "choice"; readonly items: readonly Node[] }
  | {
      readonly type: "repeat";
      readonly item: Node;
      readonly min: number;
      readonly max: number;
      readonly greedy: boolean;
    }
  | { readonly type: "group"; readonly item: Node; readonly number: number }
  | { readonly type: "assert"; readonly test: (text: string, position: number) => boolean }
  | { readonly type: "look"; readonly item: Node; readonly negative: boolean };

/** What was read. */
export interface Parsed {
  /** Undefined when something in it is not understood. */
  readonly node: Node | undefined;
  /** How many groups capture. */
  readonly groups: number;
  readonly names: ReadonlyMap<string, number>;
  /** Why PCRE refuses it. */
  readonly refused?: string;
}

interface Reader {
  readonly source: string;
  offset: number;
  groups: number;
  readonly names: Map<string, number>;
  ignoreCase: boolean;
  dotAll: boolean;
  /** Set when something is not understood; reading goes on to find what PCRE refuses. */
  unknown: boolean;
  refused: string | undefined;
  depth: number;
  /** Set when a kind of group is not known: what follows cannot be called wrong either. */
  foreign: boolean;
  /** Whether a lookahead is being read; one inside another could cost too much time. */
  looking: boolean;
}

/** Reads an expression. Never throws. */
export function parsePattern(source: string, ignoreCase: boolean): Parsed {
  const reader: Reader = {
    source,
    offset: 0,
    groups: 0,
    names: new Map(),
    ignoreCase,
    dotAll: false,
    unknown: source.length > 1000 || source.startsWith("(*"),
    refused: undefined,
    depth: 0,
    foreign: false,
    looking: false,
  };
  const node = choice(reader);
  if (reader.offset < source.length && reader.depth === 0) reader.refused ??= "unmatched closing parenthesis";
  const { groups, names } = reader;
  const refused = reader.foreign ? undefined : reader.refused;
  return {
    node: reader.unknown ? undefined : node,
    groups,
    names,
    ...(refused !== undefined && { refused }),
  };
}

function choice(reader: Reader): Node {
  const ignoreCase = reader.ignoreCase;
  const dotAll = reader.dotAll;
  const items = [sequence(reader)];
  while (reader.source[reader.offset] === "|") {
    reader.offset++;
    items.push(sequence(reader));
  }
  reader.ignoreCase = ignoreCase;
  reader.dotAll = dotAll;
  const [only] = items;
  return items.length === 1 && only !== undefined ? only : { type: "choice", items };
}

function sequence(reader: Reader): Node {
  const items: Node[] = [];
  while (reader.offset < reader.source.length) {
    const char = reader.source[reader.offset];
    if (char === "|" || char === ")") break;
    items.push(quantified(reader, atom(reader)));
  }
  return { type: "sequence", items };
}

const quantifier = /([*+?]|\{(\d{1,4})(?:(,)(\d{1,4})?)?\})([?+])?/y;

function quantified(reader: Reader, item: Node): Node {
  quantifier.lastIndex = reader.offset;
  const found = quantifier.exec(reader.source);
  if (found === null) return item;
  reader.offset += found[0].length;
  if (found[5] === "+" || item.type === "assert" || item.type === "look") reader.unknown = true;
  const [min, max] = bounds(found);
  if (max !== Number.POSITIVE_INFINITY && max > 200) reader.unknown = true;
  return { type: "repeat", item, min, max, greedy: found[5] !== "?" };
}

function bounds(found: RegExpExecArray): [number, number] {
  if (found[1] === "*") return [0, Number.POSITIVE_INFINITY];
  if (found[1] === "+") return [1, Number.POSITIVE_INFINITY];
  if (found[1] === "?") return [0, 1];
  const min = Number(found[2]);
  return [
    min,
    found[3] === undefined ? min : found[4] === undefined ? Number.POSITIVE_INFINITY : Number(found[4]),
  ];
}

function atom(reader: Reader): Node {
  const char = reader.source[reader.offset++] ?? "";
  if (char === "(") return group(reader);
  if (char === "[") return bracket(reader);
  if (char === "\\") return escaped(reader);
  if (char === "^") return { type: "assert", test: (_, position) => position === 0 };
  if (char === "$") return { type: "assert", test: atEnd };
  if (char === ".") return { type: "char", test: reader.dotAll ? () => true : (code) => code !== 10 };
  if (char === "*" || char === "+" || char === "?")
    reader.refused ??= `quantifier ${char} does not follow a repeatable item`;
  return literal(reader, char);
}

function atEnd(text: string, position: number): boolean {
  return position === text.length || (position === text.length - 1 && text[position] === "\n");
}

function literal(reader: Reader, char: string): Node {
  const wanted = char.charCodeAt(0);
  const other = reader.ignoreCase ? otherCase(wanted) : wanted;
  return { type: "char", test: (code) => code === wanted || code === other };
}

function otherCase(code: number): number {
  if (code >= 65 && code <= 90) return code + 32;
  return code >= 97 && code <= 122 ? code - 32 : code;
}

const groupHead = /\?(?:(:)|(=)|(!)|P?<([A-Za-z_]\w*)>|'([A-Za-z_]\w*)'|(-?[a-zA-Z]+(?:-[a-zA-Z]+)?)([):]))/y;

function group(reader: Reader): Node {
  groupHead.lastIndex = reader.offset;
  const head = reader.source[reader.offset] === "?" ? groupHead.exec(reader.source) : undefined;
  if (head === null) {
    reader.unknown = true;
    reader.foreign = true;
  }
  reader.offset += head?.[0].length ?? 0;
  const name = head?.[4] ?? head?.[5];
  const number = head === undefined || name !== undefined ? ++reader.groups : 0;
  if (name !== undefined) reader.names.set(name, number);
  const before = { ignoreCase: reader.ignoreCase, dotAll: reader.dotAll };
  if (head?.[6] !== undefined) setFlags(reader, head[6]);
  if (head?.[7] === ")") return { type: "sequence", items: [] };
  if (++reader.depth > 50) return tooDeep(reader);
  const look = head?.[2] ?? head?.[3];
  const item = look === undefined ? choice(reader) : lookedAt(reader);
  reader.depth--;
  Object.assign(reader, before);
  if (reader.source[reader.offset] === ")") reader.offset++;
  else reader.refused ??= "missing closing parenthesis";
  if (look !== undefined) return { type: "look", item, negative: look === "!" };
  return number > 0 ? { type: "group", item, number } : item;
}

function lookedAt(reader: Reader): Node {
  if (reader.looking) reader.unknown = true;
  const before = reader.looking;
  reader.looking = true;
  const item = choice(reader);
  reader.looking = before;
  return item;
}

function tooDeep(reader: Reader): Node {
  reader.unknown = true;
  reader.offset = reader.source.length;
  return { type: "sequence", items: [] };
}

function setFlags(reader: Reader, flags: string): void {
  let on = true;
  for (const flag of flags) {
    if (flag === "-") on = false;
    else if (flag === "i") reader.ignoreCase = on;
    else if (flag === "s") reader.dotAll = on;
    else reader.unknown = true;
  }
}

type Test = (code: number) => boolean;

const isDigit: Test = (code) => code >= 48 && code <= 57;
const isWord: Test = (code) =>
  isDigit(code) || code === 95 || (code >= 65 && code <= 90) || (code >= 97 && code <= 122);
const isSpace: Test = (code) => code === 32 || (code >= 9 && code <= 13);
const isHorizontal: Test = (code) => code === 32 || code === 9 || code === 0xa0;

const classes: Readonly<Record<string, Test>> = {
  d: isDigit,
  D: (code) => !isDigit(code),
  w: isWord,
  W: (code) => !isWord(code),
  s: isSpace,
  S: (code) => !isSpace(code),
  h: isHorizontal,
  H: (code) => !isHorizontal(code),
  N: (code) => code !== 10,
};

const controls: Readonly<Record<string, number>> = { n: 10, r: 13, t: 9, f: 12, e: 27, a: 7 };

function escaped(reader: Reader): Node {
  const char = reader.source[reader.offset++];
  if (char === undefined) {
    reader.refused ??= "\\ at end of pattern";
    return { type: "sequence", items: [] };
  }
  if (char === "b" || char === "B") {
    return { type: "assert", test: (text, position) => atWordEdge(text, position) === (char === "b") };
  }
  if (char === "A") return { type: "assert", test: (_, position) => position === 0 };
  if (char === "z") return { type: "assert", test: (text, position) => position === text.length };
  if (char === "Z") return { type: "assert", test: atEnd };
  const test = classes[char];
  if (test !== undefined) return { type: "char", test };
  return literal(reader, String.fromCharCode(escapedCode(reader, char)));
}

function atWordEdge(text: string, position: number): boolean {
  const before = position > 0 && isWord(text.charCodeAt(position - 1));
  const after = position < text.length && isWord(text.charCodeAt(position));
  return before !== after;
}

/** The character that `\x41`, `\n` or `\.` stands for. */
function escapedCode(reader: Reader, char: string): number {
  const hex =
    char === "x"
      ? /^[0-9a-fA-F]{1,2}/.exec(reader.source.slice(reader.offset, reader.offset + 2))?.[0]
      : undefined;
  if (hex !== undefined) {
    reader.offset += hex.length;
    return Number.parseInt(hex, 16);
  }
  const control = controls[char];
  if (control === undefined && /[A-Za-z0-9]/.test(char)) reader.unknown = true;
  return control ?? char.charCodeAt(0);
}

const posix: Readonly<Record<string, Test>> = {
  alpha: (code) => isWord(code) && !isDigit(code) && code !== 95,
  digit: isDigit,
  alnum: (code) => isWord(code) && code !== 95,
  upper: (code) => code >= 65 && code <= 90,
  lower: (code) => code >= 97 && code <= 122,
  space: isSpace,
  blank: (code) => code === 32 || code === 9,
  xdigit: (code) => isDigit(code) || (code >= 65 && code <= 70) || (code >= 97 && code <= 102),
  word: isWord,
  punct: (code) => code > 32 && code < 127 && (!isWord(code) || code === 95),
};

function bracket(reader: Reader): Node {
  const { source } = reader;
  const negative = source[reader.offset] === "^";
  if (negative) reader.offset++;
  const tests: Test[] = [];
  for (let first = true; ; first = false) {
    if (reader.offset >= source.length) {
      reader.refused ??= "missing terminating ] for character class";
      break;
    }
    if (source[reader.offset] === "]" && !first) break;
    tests.push(member(reader));
  }
  reader.offset++;
  const folded: Test = reader.ignoreCase
    ? (code) => tests.some((test) => test(code) || test(otherCase(code)))
    : (code) => tests.some((test) => test(code));
  return { type: "char", test: negative ? (code) => !folded(code) : folded };
}

function member(reader: Reader): Test {
  const named = /^\[:(\^?)(\w+):\]/.exec(reader.source.slice(reader.offset, reader.offset + 16));
  if (named !== null) return posixClass(reader, named);
  const from = single(reader);
  if (typeof from !== "number") return from;
  const next = reader.source[reader.offset + 1];
  if (reader.source[reader.offset] !== "-" || next === "]" || next === undefined)
    return (code) => code === from;
  reader.offset++;
  const to = single(reader);
  if (typeof to !== "number") return (code) => code === from || code === 45 || to(code);
  if (to < from) reader.refused ??= "range out of order in character class";
  return (code) => code >= from && code <= to;
}

function posixClass(reader: Reader, named: RegExpExecArray): Test {
  reader.offset += named[0].length;
  const test = posix[named[2] ?? ""];
  if (test === undefined) reader.refused ??= "unknown POSIX class name";
  const known = test ?? (() => false);
  return named[1] === "^" ? (code) => !known(code) : known;
}

function single(reader: Reader): number | Test {
  const char = reader.source[reader.offset++] ?? "";
  if (char !== "\\") return char.charCodeAt(0);
  const next = reader.source[reader.offset++] ?? "";
  if (next === "b") return 8;
  return classes[next] ?? escapedCode(reader, next);
}
