import { describe, expect, it } from "vitest";
import { property, readProperties } from "../../src/sources/properties.ts";
import { textOfFile } from "../../src/text/text.ts";

const read = (content: string) => readProperties(textOfFile("a.properties", content));

describe("readProperties", () => {
  it("reads keys and values as Java does", () => {
    const content = "# c\n! d\n a = b \nc:d\ne f\ng\nh\\=i=j\\\n   k\nl=\\u0041\\t\\z\n\\ m = n=o\r\na=2";
    const result = read(content);
    expect(result.errors).toEqual([]);
    expect(result.properties.map((entry) => [entry.key, entry.value.value])).toEqual([
      ["a", "b "],
      ["c", "d"],
      ["e", "f"],
      ["g", ""],
      ["h=i", "jk"],
      ["l", "A\tz"],
      [" m", "n=o"],
      ["a", "2"],
    ]);
    expect(property(result, "a")?.value.value).toBe("2");
  });

  it("has places", () => {
    const content = "java.naming.security.credentials=secret\n";
    const [entry] = read(content).properties;
    expect(entry?.keyAt.at).toMatchObject({ start: 0, end: 32 });
    expect(entry?.value.pieces[0]?.at).toMatchObject({ start: 33, end: 39 });
  });

  it("tells of a broken escape", () => {
    expect(read("a=\\u12").errors).toMatchObject([{ at: { start: 2, end: 4 } }]);
  });

  it("reads a backslash at the very end and a continued comment line as Java does", () => {
    expect(read("a=b\\").properties.map((entry) => entry.value.value)).toEqual(["b"]);
    expect(read("# a\\\nb=c").properties.map((entry) => entry.key)).toEqual(["b"]);
  });
});
