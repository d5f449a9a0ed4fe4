/** Writing a line of LDIF (RFC 2849). */
import type { Json } from "../../facts/json.ts";

/** A name and a value: what does not begin and consist of safe characters is written in base64. */
export function ldifLine(name: string, value: string): string {
  const safe = /^(?:[!-9;=-\x7f][ -\x7f]*)?$/u.test(value) && !value.endsWith(" ");
  return safe ? `${name}: ${value}` : `${name}:: ${base64(value)}`;
}

/** A value as a directory holds it: booleans are in capitals (RFC 4517, 3.3.3). */
export function ldifScalar(value: Json): string {
  if (typeof value === "string") return value;
  const text = JSON.stringify(value);
  return typeof value === "boolean" ? text.toUpperCase() : text;
}

function base64(value: string): string {
  return btoa(String.fromCharCode(...new TextEncoder().encode(value)));
}
