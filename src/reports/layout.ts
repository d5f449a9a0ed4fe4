/** Widths, wrapping, and making text harmless for a terminal. */

/** Columns that a character takes: none for marks, two for East Asian wide ones and most pictures. */
export function characterWidth(character: string): number {
  const code = character.codePointAt(0) ?? 0;
  if (code < 0x300 || isPlainSymbol(code)) return 1;
  if (/^(?:\p{Mn}|\p{Me}|\p{Default_Ignorable_Code_Point})$/u.test(character)) return 0;
  return isWide(code) ? 2 : 1;
}

/** Punctuation, arrows and box characters: frequent, and told without a regular expression. */
function isPlainSymbol(code: number): boolean {
  return (code >= 0x2010 && code <= 0x2027) || (code >= 0x2190 && code <= 0x2bff);
}

/** Columns that a text takes on one line. */
export function textWidth(text: string): number {
  let width = 0;
  for (const character of text) width += characterWidth(character);
  return width;
}

const wideRanges: readonly (readonly [number, number])[] = [
  [0x1100, 0x115f],
  [0x2e80, 0x303e],
  [0x3041, 0xa4cf],
  [0xa960, 0xa97c],
  [0xac00, 0xd7a3],
  [0xf900, 0xfaff],
  [0xfe30, 0xfe6f],
  [0xff00, 0xff60],
  [0xffe0, 0xffe6],
  [0x1f300, 0x1f64f],
  [0x1f680, 0x1f6ff],
  [0x1f900, 0x1f9ff],
  [0x20000, 0x3fffd],
];

function isWide(code: number): boolean {
  return wideRanges.some(([from, to]) => code >= from && code <= to);
}

/**
 * A visible stand-in for a character that a terminal would obey (escape sequences in a configuration could
 * otherwise rewrite the report), or that turns the direction of text; undefined for any other.
 */
export function visible(character: string): string | undefined {
  const code = character.codePointAt(0) ?? 0;
  const obeyed = code < 0x20 || (code >= 0x7f && code < 0xa0) || code === 0x2028 || code === 0x2029;
  const turning =
    code === 0x61c ||
    code === 0x200e ||
    code === 0x200f ||
    (code >= 0x202a && code <= 0x202e) ||
    (code >= 0x2066 && code <= 0x2069);
  return obeyed || turning || code === 0xfeff ? `\\u{${code.toString(16)}}` : undefined;
}

/** The text with every such character made visible; line ends stay. */
export function harmless(text: string): string {
  let result = "";
  for (const character of text) result += character === "\n" ? character : (visible(character) ?? character);
  return result;
}

/** Breaks words into lines of at most `width` columns. The text's own line ends stay; a longer word stands alone. */
export function wrap(text: string, width: number): string[] {
  return harmless(text.trimEnd())
    .split("\n")
    .flatMap((line) => wrapLine(line, width));
}

function wrapLine(line: string, width: number): string[] {
  const indent = /^ */.exec(line)?.[0] ?? "";
  const lines: string[] = [];
  let current = "";
  for (const word of line.trim().split(/ +/)) {
    const longer = current === "" ? indent + word : `${current} ${word}`;
    if (current !== "" && textWidth(longer) > width) {
      lines.push(current);
      current = indent + word;
    } else current = longer;
  }
  return [...lines, current];
}

/** Wrapped text whose first line starts with `lead` and whose others are indented as far. */
export function hanging(lead: string, text: string, width: number): string[] {
  const indent = textWidth(lead);
  return wrap(text, Math.max(20, width - indent)).map(
    (line, index) => (index === 0 ? lead : " ".repeat(indent)) + line,
  );
}

/** "Lead: text", wrapped; further lines are indented by four more than the lead is. */
export function sentence(lead: string, text: string, width: number): string[] {
  const margin = /^ */.exec(lead)?.[0] ?? "";
  const [first = "", ...rest] = wrap(`${lead}: ${text}`, width);
  return [
    first,
    ...wrap(rest.map((line) => line.trim()).join(" "), Math.max(20, width - margin.length - 4))
      .filter(Boolean)
      .map((line) => `${margin}    ${line}`),
  ];
}

/** Markdown paragraphs as they were meant: lines of a paragraph joined, list items and indented code kept apart. */
export function paragraphs(text: string, width: number): string[] {
  const blocks = text.trim().split(/\n\s*\n/);
  return blocks.flatMap((block, index) => [...(index === 0 ? [] : [""]), ...paragraph(block, width)]);
}

function paragraph(block: string, width: number): string[] {
  const lines: string[] = [];
  for (const line of block.split("\n")) {
    const previous = lines.at(-1);
    const apart = previous === undefined || /^\s*(?:[-*]|\d+\.)\s/.test(line) || /^ {4}/.test(line);
    if (apart) lines.push(line.trimEnd());
    else lines[lines.length - 1] = `${previous} ${line.trim()}`;
  }
  return lines.flatMap((line) => {
    // Lines to copy stay whole: a broken one would be another command or another record.
    if (/^ {4}/.test(line)) return [harmless(line)];
    const bullet = /^\s*(?:[-*]|\d+\.)\s+/.exec(line)?.[0] ?? "";
    return hanging(bullet, line.slice(bullet.length), width);
  });
}

/** "1 file", "2 files". */
export function count(number: number, noun: string, plural = `${noun}s`): string {
  return `${number} ${number === 1 ? noun : plural}`;
}

/** The text with spaces up to a width; for what is painted afterwards, as colours have no width. */
export function padTo(text: string, width: number): string {
  return text + " ".repeat(Math.max(0, width - textWidth(text)));
}
