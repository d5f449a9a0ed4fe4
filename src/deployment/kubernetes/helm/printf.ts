/** `printf`. Source: fmt of Go, the verbs that charts use. */
import { concat, type Located, slice, type Text, textAt } from "../../../text/text.ts";
import { numberOf, wholeOf } from "./calls.ts";
import { goQuoted, printed, shown } from "./print.ts";
import { joinTexts, type Known, orNil, sortedMembers, typeOf, type Value } from "./values.ts";

const verbs = /%([-+ #0]*)(\d+|\*)?(?:\.(\d+))?([a-zA-Z%])/gu;

/** A format with its arguments filled in; what is left over is told at the end, as Go does. */
export function printf([format, ...rest]: readonly Value[], at: Located): Text {
  const text = printed(format, at);
  const parts: Text[] = [];
  let end = 0;
  let next = 0;
  for (const match of text.value.matchAll(verbs)) {
    const [all, flags = "", width = "", precision, verb = ""] = match;
    parts.push(slice(text, end, match.index));
    end = match.index + all.length;
    if (verb === "%") parts.push(textAt("%", at));
    else {
      const places = width === "*" ? String(wholeOf(rest[next++])) : width;
      const own =
        next < rest.length ? verbText(verb, rest[next], precision, at) : textAt(`%!${verb}(MISSING)`, at);
      parts.push(padded(own, flags, Number(places), at));
      next++;
    }
  }
  parts.push(slice(text, end, text.value.length));
  const extra = rest.slice(next).map((value) => typed(orNil(value, at), at));
  if (extra.length > 0) parts.push(textAt("%!(EXTRA ", at), joinTexts(extra, ", ", at), textAt(")", at));
  return concat(parts.filter(({ value }) => value !== ""));
}

function verbText(verb: string, value: Value, precision: string | undefined, at: Located): Text {
  const isText = value?.kind === "string" || value?.kind === "unknown";
  if (value === undefined || (value.kind === "null" && value.unset === true)) return printed(value, at);
  switch (verb) {
    case "q":
      return isText ? goQuoted(printed(value, at)) : shown(value, at);
    case "d":
      return value.kind === "number" && value.go === "float64"
        ? textAt(`%!d(float64=${shown(value, at).value})`, value)
        : wrongUnless(value.kind === "number" || value.kind === "unknown", verb, value, at);
    case "f":
      return value.kind === "number" && value.go === "float64"
        ? textAt(numberOf(value).toFixed(Number(precision ?? 6)), value)
        : wrongUnless(value.kind === "unknown", verb, value, at);
    case "t":
      return wrongUnless(value.kind === "boolean" || value.kind === "unknown", verb, value, at);
    case "x":
      return value.kind === "number" ? textAt(wholeOf(value).toString(16), value) : shown(value, at);
    case "s": {
      const whole = asStrings(value, at);
      return precision === undefined ? whole : slice(whole, 0, Number(precision));
    }
    default:
      return shown(orNil(value, at), at);
  }
}

/** What Go prints for a verb that does not fit: %!s(int=5). */
function wrongUnless(fits: boolean, verb: string, value: Known, at: Located): Text {
  if (fits) return shown(value, at);
  return concat([textAt(`%!${verb}(`, at), typed(value, at), textAt(")", at)]);
}

/** The verb %s, for which what is no string does not fit, also inside of lists and maps. */
function asStrings(value: Known, at: Located): Text {
  if (value.kind !== "array" && value.kind !== "object")
    return wrongUnless(value.kind === "string" || value.kind === "unknown", "s", value, at);
  const parts =
    value.kind === "array"
      ? value.items.map((item) => asStrings(item, at))
      : sortedMembers(value).map((one) =>
          concat([textAt(`${one.key}:`, one.keyAt), asStrings(one.value, at)]),
        );
  return concat([
    textAt(value.kind === "array" ? "[" : "map[", at),
    joinTexts(parts, " ", at),
    textAt("]", at),
  ]);
}

/** A value with its type: int=5. */
function typed(value: Known, at: Located): Text {
  return value.kind === "null"
    ? textAt("<nil>", value)
    : concat([textAt(`${typeOf(value)}=`, at), shown(value, at)]);
}

function padded(text: Text, flags: string, width: number, at: Located): Text {
  const missing = width - text.value.length;
  if (!(missing > 0)) return text;
  if (flags.includes("-")) return concat([text, textAt(" ".repeat(missing), at)]);
  return concat([textAt((flags.includes("0") ? "0" : " ").repeat(missing), at), text]);
}
