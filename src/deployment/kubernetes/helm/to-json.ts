/** Values as encoding/json of Go writes them, every character of which keeps its place. */
import { concat, type Located, type Text, textAt, textOfHole } from "../../../text/text.ts";
import { placeOf } from "../values.ts";
import { byKey, type Known, linesOf } from "./values.ts";
import { doubleQuoted } from "./yaml-scalar.ts";

/** How it is written: `html` has <, > and & escaped, `pretty` a line for each item. */
interface Style {
  readonly html: boolean;
  readonly pretty: boolean;
}

/** `toJson`, `toRawJson`, `toPrettyJson`. */
export function toJson(value: Known, at: Located, style: Style): Text {
  const inner = (part: Known): Text =>
    style.pretty ? indented(toJson(part, at, style), at) : toJson(part, at, style);
  switch (value.kind) {
    case "object": {
      const colon = style.pretty ? ": " : ":";
      const members = [...value.members]
        .sort(byKey)
        .map(({ key, keyAt, value: part }) =>
          concat([goQuoted(textAt(key, keyAt), style.html), textAt(colon, at), inner(part)]),
        );
      return enclosed("{", members, "}", value, style);
    }
    case "array":
      return enclosed("[", value.items.map(inner), "]", value, style);
    case "string":
      return goQuoted(value.text, style.html);
    case "unknown":
      return textOfHole(value.hole, placeOf(value));
    case "null":
      return textAt("null", value);
    default:
      return textAt(String(value.value), value);
  }
}

function enclosed(open: string, parts: readonly Text[], close: string, at: Located, { pretty }: Style): Text {
  if (parts.length === 0) return textAt(`${open}${close}`, at);
  const [start, between, end] = pretty ? ["\n  ", ",\n  ", "\n"] : ["", ",", ""];
  return concat([
    textAt(`${open}${start}`, at),
    ...parts.flatMap((part, index) => (index === 0 ? [part] : [textAt(between, at), part])),
    textAt(`${end}${close}`, at),
  ]);
}

/** The lines behind the first one, two spaces to the right. */
function indented(text: Text, at: Located): Text {
  if (!text.value.includes("\n")) return text;
  return concat(linesOf(text).flatMap((line, index) => (index === 0 ? [line] : [textAt("\n  ", at), line])));
}

const escapes: Readonly<Record<string, string>> = {
  '"': '\\"',
  "\\": "\\\\",
  "\n": "\\n",
  "\t": "\\t",
  "\r": "\\r",
  "\u2028": "\\u2028",
  "\u2029": "\\u2029",
};

/** A string of JSON. */
function goQuoted(text: Text, html: boolean): Text {
  return doubleQuoted(text, (character) => {
    if (Object.hasOwn(escapes, character)) return escapes[character];
    const isEscaped = character < " " || (html && /[<>&]/u.test(character));
    return isEscaped ? `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}` : undefined;
  });
}
