import { describe, expect, test } from "vitest";
import { decode } from "../../src/sources/decode.ts";

const utf8 = (text: string) => new TextEncoder().encode(text);

describe("text is read in the encodings that editors write", () => {
  const text = `{ "Name": "Kn\u00fcll \u20ac" }\n`;
  const cases: readonly (readonly [string, Uint8Array])[] = [
    ["utf-8", utf8(text)],
    ["utf-8-bom", utf8(`\uFEFF${text}`)],
    ["utf-16le", Buffer.from(`\uFEFF${text}`, "utf16le")],
    ["utf-16be", Buffer.from(`\uFEFF${text}`, "utf16le").swap16()],
    // The euro is 0x80 in Windows-1252, and no Latin-1.
    ["windows-1252", Buffer.from(text.replace("\u20ac", "\u0080"), "latin1")],
  ];
  test.each(cases)("%s", (encoding, bytes) => {
    expect(decode(bytes)).toEqual({ ok: true, text, encoding });
  });
});

test("a second byte order mark belongs to the text", () => {
  expect(decode(utf8("\uFEFF\uFEFFa"))).toMatchObject({ text: "\uFEFFa", encoding: "utf-8-bom" });
});

test("an empty file is an empty text", () => {
  expect(decode(new Uint8Array())).toEqual({ ok: true, text: "", encoding: "utf-8" });
});

test("binary data is refused", () => {
  const elf = Uint8Array.of(0x7f, 0x45, 0x4c, 0x46, 2, 1, 1, 0, 0);
  expect(decode(elf)).toEqual({ ok: false, message: "this is binary data, not a text file" });
});
