/** nginx compares bytes: within this product a string of configuration or request holds one byte a character. */

/** The UTF-8 bytes of a text, one a character. */
export function bytesOf(text: string): string {
  let ascii = true;
  for (let index = 0; index < text.length && ascii; index++) ascii = text.charCodeAt(index) < 0x80;
  if (ascii) return text;
  let bytes = "";
  for (const byte of new TextEncoder().encode(text)) bytes += String.fromCharCode(byte);
  return bytes;
}

/** Lower case as nginx makes it: of ASCII letters only. */
export function lower(text: string): string {
  return text.replace(/[A-Z]+/g, (letters) => letters.toLowerCase());
}
