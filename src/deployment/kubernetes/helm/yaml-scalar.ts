/** Strings as go-yaml v2 writes them on a line: plain, in single or in double quotes, folded behind column 80. */
import { resolvePlain } from "../../../sources/yaml-core.ts";
import { concat, isKnown, type Located, locate, slice, type Text, textAt } from "../../../text/text.ts";

/** Where a string stands: the column of its first character, and what indents the lines after folding; undefined: a key. */
interface Spot {
  readonly column: number;
  readonly indent: string | undefined;
}

/** A string that is no block, on one line or folded over several. */
export function scalarLine(text: Text, at: Located, spot: Spot): readonly [Text, ...Text[]] {
  // A hole alone may be anything, also a number.
  if (!isKnown(text) && text.value.length === 1) return [text];
  const { value } = text;
  if (mustBeDouble(value)) return folded(doubleQuoted(text, yamlEscape), spot);
  if (isPlain(value)) return folded(text, spot);
  const parts = value.split("'");
  let start = 0;
  const doubled = parts.flatMap((part, index) => {
    const own = slice(text, start, start + part.length);
    start += part.length + 1;
    return index === 0 ? [own] : [textAt("''", at), own];
  });
  return folded(concat([textAt("'", at), ...doubled, textAt("'", at)]), spot);
}

const special = /[\0-\x1f\x7f-\x9f\ufeff]|[\u{10000}-\u{10ffff}]/u;

/** Words that YAML 1.1 takes for switches. */
const switches = /^(?:y|Y|yes|Yes|YES|on|On|ON|n|N|no|No|NO|off|Off|OFF)$/u;
const base60 = /^[-+]?\d[\d_]*(?::[0-5]?\d)+(?:\.[\d_]*)?$/u;
const date = /^\d{4}-\d{1,2}-\d{1,2}(?:[Tt ]|$)/u;

/** What would be read as another type in plain writing, or cannot be written in single quotes. */
function mustBeDouble(value: string): boolean {
  if (special.test(value)) return true;
  if (switches.test(value) || base60.test(value) || date.test(value)) return true;
  return resolvePlain(value, undefined, true).kind !== "string" || /^\d+$/u.test(value);
}

/** emitterc.go, yaml_emitter_analyze_scalar, outside of flows. */
function isPlain(value: string): boolean {
  return (
    value !== "" &&
    !/^(?:---|\.\.\.|[#,[\]{}&*!|>'"%@`]|[?:](?:\s|$)|-(?:\s|$))/u.test(value) &&
    !/:(?:\s|$)|\s#|^\s|\s$/u.test(value)
  );
}

/** Breaks a line at single spaces behind column 80. */
function folded(text: Text, { column, indent }: Spot): readonly [Text, ...Text[]] {
  if (indent === undefined || column + text.value.length <= 80) return [text];
  const { value } = text;
  const lines: Text[] = [];
  let start = 0;
  let from = column;
  for (let index = 1; index < value.length - 1; index++) {
    if (value[index] !== " " || value[index + 1] === " " || value[index - 1] === " ") continue;
    if (from + (index - start) <= 80) continue;
    lines.push(slice(text, start, index));
    start = index + 1;
    from = indent.length;
  }
  const [first, ...rest] = [...lines, slice(text, start, value.length)];
  const pad = (line: Text): Text =>
    indent === "" ? line : concat([textAt(indent, locate(line, 0, 1)), line]);
  return [first ?? text, ...rest.map(pad)];
}

/** The text in double quotes, with these escapes. */
export function doubleQuoted(text: Text, escapeOf: (character: string) => string | undefined): Text {
  const at = locate(text, 0, Math.min(1, text.value.length));
  const parts: Text[] = [textAt('"', at)];
  let run = 0;
  let index = 0;
  for (const character of text.value) {
    const escaped = escapeOf(character);
    const next = index + character.length;
    if (escaped !== undefined) {
      if (index > run) parts.push(slice(text, run, index));
      parts.push(textAt(escaped, locate(text, index, next)));
      run = next;
    }
    index = next;
  }
  if (run < text.value.length) parts.push(slice(text, run, text.value.length));
  return concat([...parts, textAt('"', at)]);
}

const named: Readonly<Record<string, string>> = {
  "\0": "\\0",
  "\x07": "\\a",
  "\b": "\\b",
  "\t": "\\t",
  "\n": "\\n",
  "\x0b": "\\v",
  "\f": "\\f",
  "\r": "\\r",
  "\x1b": "\\e",
  '"': '\\"',
  "\\": "\\\\",
};

function yamlEscape(character: string): string | undefined {
  if (Object.hasOwn(named, character)) return named[character];
  if (!special.test(character)) return undefined;
  const code = (character.codePointAt(0) ?? 0).toString(16).toUpperCase();
  if (code.length <= 2) return `\\x${code.padStart(2, "0")}`;
  return code.length <= 4 ? `\\u${code.padStart(4, "0")}` : `\\U${code.padStart(8, "0")}`;
}
