/** Attributes of LDIF: their names, and their values through base64. */
import { concat, type Located, locate, slice, type Text, textAt } from "../../text/text.ts";
import { decodeUtf8 } from "../decode.ts";
import type { Line } from "./lines.ts";

/** One attribute line. Offsets are into `text`: the file, or the unfolded line where the line is folded. */
export interface LdifAttribute {
  /** Lower case, without options: names are compared so (RFC 4512, 2.5). */
  readonly name: string;
  /** As it is written, with options such as `;binary`. */
  readonly description: string;
  readonly form: "plain" | "base64" | "url";
  readonly text: Text;
  readonly start: number;
  readonly valueStart: number;
  readonly end: number;
}

/** Something that is not LDIF. */
export interface LdifError extends Located {
  readonly message: string;
}

/** A value: characters, or bytes that are not text (a certificate). */
export type LdifValue =
  | { readonly kind: "text"; readonly text: Text }
  | { readonly kind: "bytes"; readonly bytes: Uint8Array; readonly at: Located }
  /** `:<`: the value is in another file, which is never opened. */
  | { readonly kind: "url"; readonly url: Text };

/** Takes what is not LDIF. */
export type Report = (error: LdifError) => void;

const forms: Readonly<Record<string, LdifAttribute["form"]>> = { "::": "base64", ":<": "url" };

const attributeLine = /^([A-Za-z0-9][A-Za-z0-9.-]*)((?:;[A-Za-z0-9-]+)*)[ \t]*(::|:<|:)[ \t]*/;

/** The attribute of a logical line; undefined, and reported, where it is none. */
export function readAttribute(line: Line, report: Report): LdifAttribute | undefined {
  const source = line.text.value.slice(line.start, line.end);
  if (line.continuesNothing === true)
    return fail("a line that starts with a blank continues the one above, and there is none");
  if (source.startsWith("\t")) return fail("a continued line starts with one blank, not with a tab");
  const match = attributeLine.exec(source);
  if (match === null) return fail("an attribute, a colon and a value were expected");
  const attribute: LdifAttribute = {
    name: (match[1] ?? "").toLowerCase(),
    description: `${match[1] ?? ""}${match[2] ?? ""}`,
    form: forms[match[3] ?? ""] ?? "plain",
    text: line.text,
    start: line.start,
    valueStart: line.start + match[0].length,
    end: line.end,
  };
  if (attribute.form === "base64" && decodeBase64(source.slice(match[0].length)) === undefined) {
    report({ message: `the value of ${attribute.description} is not base64`, ...ldifValueAt(attribute) });
    return undefined;
  }
  return attribute;

  function fail(message: string): undefined {
    report({ message, ...locate(line.text, line.start, line.end) });
    return undefined;
  }
}

/** The value of an attribute, with its positions. */
export function ldifValue(attribute: LdifAttribute): LdifValue {
  const { text, valueStart, end, form } = attribute;
  if (form === "plain") return { kind: "text", text: valueSlice(text, valueStart, end) };
  if (form === "url") return { kind: "url", url: valueSlice(text, valueStart, end) };
  const encoded = text.value.slice(valueStart, end);
  const bytes = decodeBase64(encoded) ?? new Uint8Array();
  const value = decodeUtf8(bytes);
  if (value === undefined) return { kind: "bytes", bytes, at: ldifValueAt(attribute) };
  return { kind: "text", text: decodedText(value, bytes.length, attribute) };
}

/** Where the value stands; an empty one is an empty range behind the colon. */
export function ldifValueAt(attribute: LdifAttribute): Located {
  return locate(attribute.text, attribute.valueStart, attribute.end);
}

/** Where the whole attribute stands, name and value, over all of its lines. */
export function ldifAttributeAt(attribute: LdifAttribute): Located {
  return locate(attribute.text, attribute.start, attribute.end);
}

/** The text of an attribute that names something: a binary value there is no name. */
export function textOf(attribute: LdifAttribute): Text {
  const value = ldifValue(attribute);
  if (value.kind === "text") return value.text;
  return value.kind === "url" ? value.url : textAt("", value.at);
}

/** A slice that keeps its place even when it is empty. */
function valueSlice(text: Text, start: number, end: number): Text {
  return start < end ? slice(text, start, end) : textAt("", locate(text, start, start));
}

function decodeBase64(encoded: string): Uint8Array | undefined {
  const trimmed = encoded.trimEnd();
  if (trimmed.length % 4 !== 0 || /[^A-Za-z0-9+/]/.test(trimmed.replace(/={1,2}$/, ""))) return undefined;
  const binary = atob(trimmed);
  const bytes = new Uint8Array(binary.length);
  for (let index = 0; index < binary.length; index++) bytes[index] = binary.charCodeAt(index);
  return bytes;
}

/** Longest decoded value whose characters are located one by one; a longer one is located as a whole. */
const fineLimit = 4096;

/** Decoded characters, each located at the base64 digits that hold it. */
function decodedText(value: string, byteLength: number, attribute: LdifAttribute): Text {
  if (value.length === 0 || value.length > fineLimit) return textAt(value, ldifValueAt(attribute));
  const parts: Text[] = [];
  let byte = 0;
  for (const character of value) {
    const next = byte + utf8Length(character);
    const from = attribute.valueStart + Math.floor((byte * 4) / 3);
    const to =
      attribute.valueStart +
      (next === byteLength ? attribute.end - attribute.valueStart : Math.ceil((next * 4) / 3));
    parts.push(textAt(character, locate(attribute.text, from, to)));
    byte = next;
  }
  return concat(parts);
}

function utf8Length(character: string): number {
  const code = character.codePointAt(0) ?? 0;
  if (code < 0x80) return 1;
  if (code < 0x800) return 2;
  return code < 0x10000 ? 3 : 4;
}
