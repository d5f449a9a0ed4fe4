/** From bytes to text, as admins' editors leave them: UTF-8 with or without BOM, UTF-16, Windows-1252. */

/** How a file's bytes spell its text; needed to write an edit back in the same way. */
export type Encoding = "utf-8" | "utf-8-bom" | "utf-16le" | "utf-16be" | "windows-1252";

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
  try {
    return {
      ok: true,
      text: new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes),
      encoding,
    };
  } catch {
    return { ok: true, text: new TextDecoder("windows-1252").decode(bytes), encoding: "windows-1252" };
  }
}

/** A NUL within the first 64 KiB: no text file has one, and every executable, image and archive does. */
function isBinary(bytes: Uint8Array): boolean {
  return bytes.subarray(0, 65_536).includes(0);
}
