/** Values as YAML and JSON, every character of which keeps its place. */
import type { Tree } from "../../../sources/tree.ts";
import { concat, holeText, isKnown, type Located, slice, type Text, textAt } from "../../../text/text.ts";
import { placeOf } from "../values.ts";
import { linesOf } from "./values.ts";

/** `toYaml`: without a line end behind it. */
export function toYaml(tree: Tree, at: Located): Text {
  return concat(
    yamlLines(tree, at, "").flatMap((line, index) => (index === 0 ? [line] : [textAt("\n", at), line])),
  );
}

/** The lines of a value; those behind the first one are indented. */
function yamlLines(tree: Tree, at: Located, indent: string): Text[] {
  if (tree.kind === "object" && tree.members.length > 0)
    return tree.members.flatMap(({ key, keyAt, value }) =>
      under(concat([quotedIfNeeded(textAt(key, keyAt)), textAt(":", keyAt)]), value, at, indent),
    );
  if (tree.kind === "array" && tree.items.length > 0)
    return tree.items.flatMap((item) => {
      const [first = textAt("", at), ...rest] = yamlLines(item, at, `${indent}  `);
      const opened = isNested(item) ? slice(first, indent.length + 2, first.value.length) : first;
      return [
        concat([textAt(`${indent}- `, placeOf(item)), ...(opened.value === "" ? [] : [opened])]),
        ...rest,
      ];
    });
  return scalarLines(tree, at, indent);
}

function isNested(tree: Tree): boolean {
  return (
    (tree.kind === "object" && tree.members.length > 0) || (tree.kind === "array" && tree.items.length > 0)
  );
}

/** A key with what stands under or behind it. */
function under(key: Text, value: Tree, at: Located, indent: string): Text[] {
  const head = indent === "" ? key : concat([textAt(indent, at), key]);
  if (isNested(value))
    return [head, ...yamlLines(value, at, value.kind === "array" ? indent : `${indent}  `)];
  const [first = textAt("", at), ...rest] = scalarLines(value, at, `${indent}  `);
  return [concat([head, textAt(" ", at), first]), ...rest];
}

function scalarLines(tree: Tree, at: Located, indent: string): Text[] {
  switch (tree.kind) {
    case "string":
      return stringLines(tree.text, at, indent);
    case "number":
    case "boolean":
      return [textAt(String(tree.value), tree)];
    case "null":
      return [textAt("null", tree)];
    case "unknown":
      return [holeText(tree.hole.reason, placeOf(tree))];
    case "object":
      return [textAt("{}", tree)];
    case "array":
      return [textAt("[]", tree)];
  }
}

/** Several lines as a block, with the sign for its last line end. */
function stringLines(text: Text, at: Located, indent: string): Text[] {
  const { value } = text;
  if (!value.includes("\n") || /^[ \n]|\t|\r/u.test(value)) return [quotedIfNeeded(text)];
  const ends = /\n*$/u.exec(value)?.[0].length ?? 0;
  const chomp = ends === 0 ? "-" : ends === 1 ? "" : "+";
  const lines = linesOf(slice(text, 0, value.length - Math.min(ends, 1)));
  return [
    textAt(`|${chomp}`, at),
    ...lines.map((line) => (line.value === "" ? textAt("", at) : concat([textAt(indent, at), line]))),
  ];
}

/** Words that are not taken for anything but text. */
const plain = /^[A-Za-z_/][\w./@+-]*(?:[ :][\w./@+-]+)*$/u;
const otherTypes = /^(?:true|false|yes|no|on|off|null|y|n)$/iu;

function quotedIfNeeded(text: Text): Text {
  return (plain.test(text.value) && !otherTypes.test(text.value)) || !isKnownWord(text) ? text : quoted(text);
}

/** A hole alone stands as it is: it may be anything. */
function isKnownWord(text: Text): boolean {
  return isKnown(text) || text.value.length > 1;
}

const escapes: Readonly<Record<string, string>> = {
  '"': '\\"',
  "\\": "\\\\",
  "\n": "\\n",
  "\t": "\\t",
  "\r": "\\r",
};

/** The text in double quotes. */
export function quoted(text: Text): Text {
  const at = locatedAt(text);
  const parts: Text[] = [textAt('"', at)];
  let run = 0;
  for (let index = 0; index < text.value.length; index++) {
    const escaped = escapes[text.value.charAt(index)];
    if (escaped === undefined) continue;
    if (index > run) parts.push(slice(text, run, index));
    parts.push(textAt(escaped, locatedAt(slice(text, index, index + 1))));
    run = index + 1;
  }
  if (run < text.value.length) parts.push(slice(text, run, text.value.length));
  return concat([...parts, textAt('"', at)]);
}

function locatedAt({ pieces: [first] }: Text): Located {
  if (first === undefined) return { at: { file: "", start: 0, end: 0 } };
  return first.via.length === 0 ? { at: first.at } : { at: first.at, via: first.via };
}

/** `toJson`. */
export function toJson(tree: Tree, at: Located): Text {
  const between = (parts: readonly Text[]): readonly Text[] =>
    parts.flatMap((part, index) => (index === 0 ? [part] : [textAt(",", at), part]));
  switch (tree.kind) {
    case "object": {
      const members = tree.members.map(({ key, keyAt, value }) =>
        concat([quoted(textAt(key, keyAt)), textAt(":", at), toJson(value, at)]),
      );
      return concat([textAt("{", tree), ...between(members), textAt("}", tree)]);
    }
    case "array":
      return concat([
        textAt("[", tree),
        ...between(tree.items.map((item) => toJson(item, at))),
        textAt("]", tree),
      ]);
    case "string":
      return quoted(tree.text);
    default:
      return scalarLines(tree, at, "")[0] ?? textAt("null", tree);
  }
}
