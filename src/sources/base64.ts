/** Base64 as a Text: every character knows the group of four that it was decoded from. */

import { concat, locate, type Text, textAt } from "../text/text.ts";
import { decodeUtf8 } from "./decode.ts";

const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/** Bytes of one group, and where it stands. */
interface Group {
  readonly bytes: readonly number[];
  readonly start: number;
  readonly end: number;
}

/** The decoded text; undefined when it is not base64 (RFC 4648, line breaks allowed), or not text in UTF-8. */
export function base64Text(text: Text): Text | undefined {
  const groups = groupsOf(text.value);
  if (groups === undefined) return undefined;
  const whole = decodeUtf8(Uint8Array.from(groups.flatMap(({ bytes }) => bytes)));
  if (whole === undefined) return undefined;
  // A word is shown as a whole; in a text of several lines every character has its own place.
  if (!whole.includes("\n")) return textAt(whole, locate(text, 0, text.value.length));
  return concat(partsOf(groups).map(({ value, start, end }) => textAt(value, locate(text, start, end))));
}

function groupsOf(value: string): readonly Group[] | undefined {
  const groups: Group[] = [];
  let digits: number[] = [];
  let start = 0;
  let padded = 0;
  for (let index = 0; index < value.length; index++) {
    const character = value.charAt(index);
    if (/\s/u.test(character)) continue;
    if (character === "=") {
      padded++;
      continue;
    }
    const digit = alphabet.indexOf(character);
    if (digit < 0 || padded > 0) return undefined;
    if (digits.length === 0) start = index;
    digits.push(digit);
    if (digits.length === 4) {
      groups.push({ bytes: bytesOf(digits), start, end: index + 1 });
      digits = [];
    }
  }
  if (digits.length === 1 || (digits.length + padded) % 4 !== 0) return undefined;
  if (digits.length > 0) groups.push({ bytes: bytesOf(digits), start, end: value.trimEnd().length });
  return groups;
}

function bytesOf([a = 0, b = 0, c, d]: readonly number[]): number[] {
  const bytes = [(a << 2) | (b >> 4)];
  if (c !== undefined) bytes.push(((b & 15) << 4) | (c >> 2));
  if (c !== undefined && d !== undefined) bytes.push(((c & 3) << 6) | d);
  return bytes;
}

interface Part {
  readonly value: string;
  readonly start: number;
  readonly end: number;
}

/** Groups as text; those that a character of several bytes joins stay together. */
function partsOf(groups: readonly Group[]): readonly Part[] {
  const parts: Part[] = [];
  let bytes: number[] = [];
  let start: number | undefined;
  for (const group of groups) {
    start ??= group.start;
    bytes.push(...group.bytes);
    const value = decodeUtf8(Uint8Array.from(bytes));
    if (value === undefined) continue;
    parts.push({ value, start, end: group.end });
    bytes = [];
    start = undefined;
  }
  return parts;
}
