/** Writes lines of a name and a value: properties, environment files, the attributes of an LDIF entry. */
import type { Json } from "../../facts/json.ts";
import type { LineSpot } from "../../products/spot.ts";
import { ldifLine, ldifScalar } from "../../sources/ldif/write.ts";
import type { Place } from "../../text/text.ts";
import { type Change, type GetSource, lineEnd, newlineOf, type Splice, type Writer } from "./change.ts";

/** Changes the lines of a setting. */
export const writeLines: Writer<LineSpot> = (change, spot, get) => {
  const text = get(spot.after.file)?.text.value;
  if (text === undefined) return undefined;
  const splices = splicesOf(change, spot, text, get);
  return splices?.length === 0 ? undefined : splices;
};

function splicesOf(
  change: Change,
  spot: LineSpot,
  text: string,
  get: GetSource,
): readonly Splice[] | undefined {
  const { name, lines } = spot;
  switch (change.type) {
    case "set":
      return setLines(valuesOf(change.to, spot), spot, text, get);
    case "remove":
      return lines.map(({ at }) => removeLine(at, name, get));
    case "rename":
      return lines.map(({ at }) => {
        const place = { ...at, end: at.start + name.length };
        return { place, text: change.to, shown: `${change.to}${separator(spot)}…` };
      });
    case "reference":
      // Of these files only env files replace variables, and those are read by Compose.
      return spot.format === "dotenv" ? setLines([`\${${change.name}}`], spot, text, get) : undefined;
    case "add-item":
      return lines.some(({ value }) => value === scalar(change.value, spot))
        ? []
        : [insertLine(scalar(change.value, spot), spot, text)];
    case "remove-item":
      return lines
        .filter(({ value }) => value === scalar(change.value, spot))
        .map(({ at }) => removeLine(at, `${name}${separator(spot)}${scalar(change.value, spot)}`, get));
  }
}

/** The first lines take the new values, what is left over goes, what is missing is added. */
function setLines(
  values: readonly string[],
  spot: LineSpot,
  text: string,
  get: GetSource,
): readonly Splice[] | undefined {
  const { lines } = spot;
  // Of properties and variables that stand several times the last one counts.
  const counted = spot.format === "ldif" ? lines : lines.slice(-1);
  if (spot.format !== "ldif" && values.length !== 1) return undefined;
  const replaced = counted.slice(0, values.length).flatMap(({ at, value }, index): readonly Splice[] => {
    const wanted = values[index] ?? "";
    const line = written(wanted, spot);
    return value === wanted ? [] : [{ place: at, text: folded(line, spot, text), shown: line }];
  });
  const removed = counted.slice(values.length).map(({ at }) => removeLine(at, spot.name, get));
  const missing = values.slice(counted.length);
  const added = missing.length === 0 ? [] : [insertLines(missing, spot, text)];
  return [...replaced, ...removed, ...added];
}

function insertLine(value: string, spot: LineSpot, text: string): Splice {
  return insertLines([value], spot, text);
}

function insertLines(values: readonly string[], spot: LineSpot, text: string): Splice {
  const newline = newlineOf(text);
  const end = lineEnd(text, spot.after.end);
  const place = { file: spot.after.file, start: end, end };
  const whole = values.map((value) => written(value, spot));
  const lines = whole.map((line) => folded(line, spot, text));
  const shown = whole.join("\n");
  // A file that is empty, or ends with a line end, has no line to go behind.
  if (end === 0 || (end === text.length && /[\r\n]$/u.test(text)))
    return { place, text: lines.map((line) => line + newline).join(""), shown };
  return { place, text: lines.map((line) => newline + line).join(""), shown };
}

/** The line with its line end. */
function removeLine(at: Place, name: string, get: GetSource): Splice {
  const text = get(at.file)?.text.value ?? "";
  const end = lineEnd(text, at.end);
  const next = text.startsWith("\r\n", end) ? end + 2 : Math.min(end + 1, text.length);
  return { place: { file: at.file, start: at.start, end: next }, text: "", shown: `(remove ${name})` };
}

function separator({ format }: LineSpot): string {
  return format === "ldif" ? ": " : "=";
}

function written(value: string, spot: LineSpot): string {
  if (spot.format === "ldif") return ldifLine(spot.name, value);
  if (spot.format === "properties")
    return `${spot.name}=${value.replaceAll("\\", "\\\\").replaceAll(/[^\x20-\x7e]/gu, escaped)}`;
  return `${spot.name}=${/^[\w@%+=:,./-]*$/u.test(value) || value.startsWith("${") ? value : `'${value}'`}`;
}

function escaped(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
}

/** The widest line that OpenLDAP's tools write before they fold it. */
const foldedAt = 78;

/** A long line is folded where the file folds its own (RFC 2849, note 2). */
function folded(line: string, { format }: LineSpot, text: string): string {
  if (format !== "ldif" || line.length <= foldedAt || !/\n \S/u.test(text)) return line;
  const rest = line.slice(foldedAt).match(new RegExp(`.{1,${foldedAt - 1}}`, "gu")) ?? [];
  return [line.slice(0, foldedAt), ...rest].join(`${newlineOf(text)} `);
}

function valuesOf(to: Json, spot: LineSpot): readonly string[] {
  return Array.isArray(to) ? to.map((value: Json) => scalar(value, spot)) : [scalar(to as Json, spot)];
}

function scalar(value: Json, { format }: LineSpot): string {
  if (format === "ldif") return ldifScalar(value);
  return typeof value === "string" ? value : JSON.stringify(value);
}
