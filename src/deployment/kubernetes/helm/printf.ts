/** `printf`. Source: fmt of Go, the verbs that charts use. */
import { concat, type Located, slice, type Text, textAt } from "../../../text/text.ts";
import { numberOf, wholeOf } from "./calls.ts";
import { goQuoted, printed, shown } from "./print.ts";
import { orNil, type Value } from "./values.ts";

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
      const whole = wrongUnless(value.kind !== "number" && value.kind !== "boolean" && value.kind !== "null", verb, value, at);
      return precision === undefined ? whole : slice(whole, 0, Number(precision));
    }
    default:
      return shown(orNil(value, at), at);
  }
}

/** What Go prints for a verb that does not fit: %!s(int=5). */
function wrongUnless(fits: boolean, verb: string, value: NonNullable<Value>, at: Located): Text {
  if (fits) return shown(value, at);
  if (value.kind === "null") return textAt(`%!${verb}(<nil>)`, value);
  const type = { number: "int", boolean: "bool", string: "string", array: "[]interface {}", object: "map[string]interface {}", unknown: "" }[value.kind];
  return concat([
    textAt(`%!${verb}(${value.kind === "number" ? value.go : type}=`, at),
    shown(value, at),
    textAt(")", at),
  ]);
}

function padded(text: Text, flags: string, width: number, at: Located): Text {
  const missing = width - text.value.length;
  if (!(missing > 0)) return text;
  if (flags.includes("-")) return concat([text, textAt(" ".repeat(missing), at)]);
  return concat([textAt((flags.includes("0") ? "0" : " ").repeat(missing), at), text]);
}
