/** Values as Go prints them. Source: fmt of Go. */
import { concat, holeText, type Located, type Text, textAt, textOfHole } from "../../../text/text.ts";
import { byKey, type Known, type Value } from "./values.ts";
import { doubleQuoted } from "./yaml-scalar.ts";

/** What an action prints for a value; what nothing sets is filled in by whoever installs the chart. */
export function printed(value: Value, at: Located): Text {
  if (value === undefined || (value.kind === "null" && value.unset === true))
    return holeText("no values file sets it", at);
  return value.kind === "null" ? textAt("", value) : shown(value, at);
}

/** The verb %v: nil is written out inside of lists and maps. */
export function shown(value: Known, at: Located): Text {
  switch (value.kind) {
    case "string":
      return value.text;
    case "number":
      return textAt(value.go === "float64" ? floatWord(value.value) : String(value.value), value);
    case "boolean":
      return textAt(String(value.value), value);
    case "null":
      return textAt("<nil>", value);
    case "unknown":
      return textOfHole(value.hole, at);
    case "array":
      return spaced(
        "[",
        value.items.map((item) => shown(item, at)),
        at,
      );
    case "object":
      return spaced(
        "map[",
        [...value.members]
          .sort(byKey)
          .map((one) => concat([textAt(`${one.key}:`, one.keyAt), shown(one.value, at)])),
        at,
      );
  }
}

function spaced(open: string, parts: readonly Text[], at: Located): Text {
  return concat([
    textAt(open, at),
    ...parts.flatMap((part, index) => (index === 0 ? [part] : [textAt(" ", at), part])),
    textAt("]", at),
  ]);
}

/** The verb %q: in double quotes, with the escapes of Go. */
export function goQuoted(text: Text): Text {
  return doubleQuoted(text, (character) => {
    if (Object.hasOwn(escapes, character)) return escapes[character];
    const code = character.codePointAt(0) ?? 0;
    if (code < 32 || code === 127) return `\\x${code.toString(16).padStart(2, "0")}`;
    return undefined;
  });
}

const escapes: Readonly<Record<string, string>> = {
  '"': '\\"',
  "\\": "\\\\",
  "\x07": "\\a",
  "\b": "\\b",
  "\f": "\\f",
  "\n": "\\n",
  "\r": "\\r",
  "\t": "\\t",
  "\x0b": "\\v",
};

/** A float64 in the shortest form that is the same number, with an exponent below 1e-4 and from 1e+06 on (strconv, format g). */
function floatWord(value: number): string {
  if (Number.isNaN(value)) return "NaN";
  if (!Number.isFinite(value)) return value > 0 ? "+Inf" : "-Inf";
  const [digits = "0", exponent = "0"] = value.toExponential().split("e");
  const power = Number(exponent);
  if (value === 0 || (power >= -4 && power < 6)) return String(value);
  return `${digits}e${power < 0 ? "-" : "+"}${String(Math.abs(power)).padStart(2, "0")}`;
}
