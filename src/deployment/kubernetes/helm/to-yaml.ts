/**
 * `toYaml`: values as go-yaml v2 writes them (keys in its order, its quotes, its folding at 80 columns), every character of
 * which keeps its place. Source: encode.go, sorter.go and emitterc.go of gopkg.in/yaml.v2, held against Helm.
 */
import { concat, type Located, slice, type Text, textAt, textOfHole } from "../../../text/text.ts";
import { placeOf } from "../values.ts";
import { type Known, linesOf } from "./values.ts";
import { scalarLine } from "./yaml-scalar.ts";

/** The YAML of a value, without a line end behind it. */
export function toYaml(value: Known, at: Located): Text {
  return concat(
    (isNested(value) ? yamlLines(value, at, "") : scalarLines(value, at, "  ", 0)).flatMap((line, index) =>
      index === 0 ? [line] : [textAt("\n", at), line],
    ),
  );
}

/** The lines of a value; those behind the first one are indented. */
function yamlLines(value: Known, at: Located, indent: string): readonly Text[] {
  if (value.kind === "object" && value.members.length > 0)
    return [...value.members]
      .sort((left, right) => keyOrder(left.key, right.key))
      .flatMap((member) => under(member, at, indent));
  if (value.kind === "array" && value.items.length > 0)
    return value.items.flatMap((item) => {
      const dash = textAt(`${indent}- `, placeOf(item));
      const [first, ...rest] = isNested(item)
        ? yamlLines(item, at, `${indent}  `)
        : scalarLines(item, at, `${indent}  `, indent.length + 2);
      if (first === undefined) return [dash];
      const opened = isNested(item) ? slice(first, indent.length + 2, first.value.length) : first;
      return [concat([dash, opened]), ...rest];
    });
  return scalarLines(value, at, indent, 0);
}

function isNested(value: Known): boolean {
  return (
    (value.kind === "object" && value.members.length > 0) ||
    (value.kind === "array" && value.items.length > 0)
  );
}

/** A key with what stands under or behind it; lists stand as far left as their key. */
function under(
  { key, keyAt, value }: { readonly key: string; readonly keyAt: Located; readonly value: Known },
  at: Located,
  indent: string,
): readonly Text[] {
  const name = scalarLine(textAt(key, keyAt), keyAt, { column: 0, indent: undefined })[0];
  const head = concat([...(indent === "" ? [] : [textAt(indent, at)]), name, textAt(":", keyAt)]);
  if (isNested(value))
    return [head, ...yamlLines(value, at, value.kind === "array" ? indent : `${indent}  `)];
  const [first = textAt("", at), ...rest] = scalarLines(value, at, `${indent}  `, head.value.length + 1);
  return [concat([head, textAt(" ", at), first]), ...rest];
}

/** What is no filled map or list; `column` is where its first line begins. */
function scalarLines(value: Known, at: Located, indent: string, column: number): readonly Text[] {
  switch (value.kind) {
    case "string":
      return stringLines(value.text, at, indent, column);
    case "number":
    case "boolean":
      return [textAt(String(value.value), value)];
    case "null":
      return [textAt("null", value)];
    case "unknown":
      return [textOfHole(value.hole, placeOf(value))];
    case "object":
      return [textAt("{}", value)];
    case "array":
      return [textAt("[]", value)];
  }
}

/** What go-yaml cannot write but in double quotes: control characters, and what lies beyond 16 bits. */
const special = /[\0-\x09\x0b-\x1f\x7f-\x9f\ufeff]|[\u{10000}-\u{10ffff}]/u;

/** Several lines as a block, with the signs for spaces before it and for the ends of its last line. */
function stringLines(text: Text, at: Located, indent: string, column: number): readonly Text[] {
  const { value } = text;
  if (!value.includes("\n") || special.test(value) || / \n|[ ]$/u.test(value))
    return scalarLine(text, at, { column, indent });
  const ends = /\n*$/u.exec(value)?.[0].length ?? 0;
  const keep = ends > 1 || value === "\n" ? "+" : "";
  const chomp = ends === 0 ? "-" : keep;
  const lines = linesOf(slice(text, 0, value.length - Math.min(ends, 1)));
  return [
    textAt(`|${/^[ \n]/u.test(value) ? "2" : ""}${chomp}`, at),
    ...lines.map((line) => (line.value === "" ? textAt("", at) : concat([textAt(indent, at), line]))),
  ];
}

/** What is no letter comes first, and numbers inside of keys count as numbers: a9 before a10. */
function keyOrder(left: string, right: string): number {
  const [one, other] = [[...left], [...right]];
  let inDigits = false;
  for (let index = 0; index < Math.min(one.length, other.length); index++) {
    const [a = "", b = ""] = [one[index], other[index]];
    if (a === b) {
      inDigits = /\d/u.test(a);
      continue;
    }
    const [letterA, letterB] = [/\p{L}/u.test(a), /\p{L}/u.test(b)];
    if (letterA && letterB) return a < b ? -1 : 1;
    if (letterA || letterB) return (inDigits ? letterA : letterB) ? -1 : 1;
    return numberOrder(one.slice(index).join(""), other.slice(index).join("")) || (a < b ? -1 : 1);
  }
  return one.length - other.length;
}

function numberOrder(left: string, right: string): number {
  const [one = "", other = ""] = [/^\d*/u.exec(left)?.[0], /^\d*/u.exec(right)?.[0]];
  return Number(one) - Number(other) || one.length - other.length;
}
