import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { lineStarts, lineText, positionAt } from "../../src/text/lines.ts";
import {
  concat,
  holeIn,
  holeText,
  insertedAt,
  isKnown,
  locate,
  slice,
  textAt,
  textOfFile,
} from "../../src/text/text.ts";

describe("slices and joins keep their places", () => {
  test("any cutting and joining of a file's text still knows where each character stands", () => {
    const cuts = fc.array(fc.nat({ max: 40 }), { minLength: 1, maxLength: 6 });
    fc.assert(
      fc.property(fc.string({ minLength: 1, maxLength: 40 }), cuts, (source, points) => {
        const file = textOfFile("a", source);
        const edges = [
          0,
          ...points.map((point) => point % (source.length + 1)).sort((a, b) => a - b),
          source.length,
        ];
        const joined = concat(edges.slice(1).map((edge, index) => slice(file, edges[index] ?? 0, edge)));
        expect(joined.value).toBe(source);
        for (let offset = 0; offset < source.length; offset++) {
          expect(locate(joined, offset, offset + 1).at).toEqual({
            file: "a",
            start: offset,
            end: offset + 1,
          });
        }
        expect(locate(joined, 0, source.length).at).toEqual({ file: "a", start: 0, end: source.length });
      }),
    );
  });
});

describe("inserted text", () => {
  const outer = textOfFile("orthanc.json", '{"a": "${PW}!"}');
  const value = slice(textOfFile(".env", "PW=secret"), 3, 9);
  const inserted = insertedAt(value, locate(outer, 7, 12));
  const text = concat([slice(outer, 0, 7), inserted, slice(outer, 12, outer.value.length)]);

  test("is found in its own file, with the place where it was inserted", () => {
    expect(text.value).toBe('{"a": "secret!"}');
    expect(locate(text, 7, 13)).toEqual({
      at: { file: ".env", start: 3, end: 9 },
      via: [{ file: "orthanc.json", start: 7, end: 12 }],
    });
    expect(locate(text, 8, 10).at).toEqual({ file: ".env", start: 4, end: 6 });
  });

  test("mixed with what stands around it is found in the outer file", () => {
    expect(locate(text, 6, 15)).toEqual({ at: { file: "orthanc.json", start: 6, end: 14 } });
    expect(locate(text, 10, 14)).toEqual({ at: { file: "orthanc.json", start: 7, end: 13 } });
  });
});

describe("holes", () => {
  const file = textOfFile("f", "ab${X}cd");
  const text = concat([slice(file, 0, 2), holeText("X is not known", locate(file, 2, 6)), slice(file, 6, 8)]);
  test("are found in the ranges that hold them", () => {
    expect(isKnown(text)).toBe(false);
    expect(holeIn(text, 0, 2)).toBeUndefined();
    expect(holeIn(text, 1, 3)?.reason).toBe("X is not known");
    expect(holeIn(text, 3, 5)).toBeUndefined();
    expect(locate(text, 2, 3).at).toEqual({ file: "f", start: 2, end: 6 });
  });
  test("a file that holds the character itself has none", () => {
    expect(isKnown(textOfFile("f", "\uFFFC"))).toBe(true);
  });
});

test("a text at one place maps all of itself there", () => {
  expect(locate(textAt("\n", { at: { file: "f", start: 4, end: 6 } }), 0, 1).at).toEqual({
    file: "f",
    start: 4,
    end: 6,
  });
});

describe("lines", () => {
  test.each([
    ["a\nb", 2, 2, 1],
    ["a\r\nb", 3, 2, 1],
    ["a\rb", 2, 2, 1],
    ["a\n\nb", 3, 3, 1],
    ["abc", 3, 1, 4],
    ["", 0, 1, 1],
  ])("in %j offset %i is line %i, column %i", (source, offset, line, column) => {
    expect(positionAt(lineStarts(source), offset)).toEqual({ line, column });
  });
  test("a line's text has no line end", () => {
    const source = "one\r\ntwo\nthree";
    expect([1, 2, 3, 4].map((line) => lineText(source, lineStarts(source), line))).toEqual([
      "one",
      "two",
      "three",
      "",
    ]);
  });
});
