/** From bytes to text, as admins' editors leave them: UTF-8 with or without BOM, UTF-16, Windows-1252. */

/** How a file's bytes spell its text; needed to write an edit back in the same way. */
export type Encoding = "utf-8" | "utf-8-bom" | "utf-16le" | "utf-16be" | "windows-1252";

/** A file's text, or why it has none. */
export type Decoded =
  | { readonly ok: true; readonly text: string; readonly encoding: Encoding }
  | { readonly ok: false; readonly message: string };

/** Decodes a file. The text never starts with a BOM; a UTF-8 BOM is told by the encoding. Binary data is refused. */
export function decode(bytes: Uint8Array): Decoded {
  if (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf)
    return utf8(bytes.subarray(3), "utf-8-bom");
  if (bytes[0] === 0xff && bytes[1] === 0xfe)
    return { ok: true, text: new TextDecoder("utf-16le").decode(bytes.subarray(2)), encoding: "utf-16le" };
  if (bytes[0] === 0xfe && bytes[1] === 0xff)
    return { ok: true, text: new TextDecoder("utf-16be").decode(bytes.subarray(2)), encoding: "utf-16be" };
  if (isBinary(bytes)) return { ok: false, message: "this is binary data, not a text file" };
  return utf8(bytes, "utf-8");
}

function utf8(bytes: Uint8Array, encoding: Encoding): Decoded {
  const text = decodeUtf8(bytes);
  return text === undefined
    ? { ok: true, text: windows1252(bytes), encoding: "windows-1252" }
    : { ok: true, text, encoding };
}

/** Text in UTF-8, a BOM included; undefined where the bytes are something else. */
export function decodeUtf8(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

/** What Windows-1252 has at 0x80 to 0x9f, where Latin-1 has control characters; five of them it has not either. */
const windowsCharacters =
  "\u20ac\x81\u201a\u0192\u201e\u2026\u2020\u2021\u02c6\u2030\u0160\u2039\u0152\x8d\u017d\x8f" +
  "\x90\u2018\u2019\u201c\u201d\u2022\u2013\u2014\u02dc\u2122\u0161\u203a\u0153\x9d\u017e\u0178";

/** Some releases of Node decode Windows-1252 as Latin-1 (https://github.com/nodejs/node/issues/56542). */
function windows1252(bytes: Uint8Array): string {
  const text = new TextDecoder("windows-1252").decode(bytes);
  return text.replace(/[\x80-\x9f]/gu, (char) => windowsCharacters.charAt(char.charCodeAt(0) - 0x80));
}

/** A NUL within the first 64 KiB: no text file has one, and every executable, image and archive does. */
function isBinary(bytes: Uint8Array): boolean {
  return bytes.subarray(0, 65_536).includes(0);
}

/** The bytes that spell a text in an encoding; undefined when it has characters that the encoding lacks. */
export function encode(text: string, encoding: Encoding): Uint8Array | undefined {
  switch (encoding) {
    case "utf-8":
      return new TextEncoder().encode(text);
    case "utf-8-bom":
      return new Uint8Array([0xef, 0xbb, 0xbf, ...new TextEncoder().encode(text)]);
    case "utf-16le":
    case "utf-16be":
      return utf16(text, encoding === "utf-16le");
    case "windows-1252":
      return toWindows1252(text);
  }
}

function utf16(text: string, littleEndian: boolean): Uint8Array {
  const view = new DataView(new ArrayBuffer(2 * text.length + 2));
  view.setUint16(0, 0xfeff, littleEndian);
  for (let index = 0; index < text.length; index++)
    view.setUint16(2 * index + 2, text.charCodeAt(index), littleEndian);
  return new Uint8Array(view.buffer);
}

function toWindows1252(text: string): Uint8Array | undefined {
  const bytes = new Uint8Array(text.length);
  for (let index = 0; index < text.length; index++) {
    const special = windowsCharacters.indexOf(text.charAt(index));
    const code = special >= 0 ? 0x80 + special : text.charCodeAt(index);
    if (code > 0xff) return undefined;
    bytes[index] = code;
  }
  return bytes;
}
