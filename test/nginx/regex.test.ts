/** Our matcher against JavaScript's, on what both languages share. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { matchRegex, regexOf } from "../../src/products/proxy/regex.ts";

const atom = fc.constantFrom(
  "a",
  "b",
  "/",
  ".",
  "[ab]",
  "[^/]",
  "\\d",
  "\\w",
  "^",
  "$",
  "\\.",
  "(?:a|b/)",
  "(?=b)",
  "(?!a)",
  "\\b",
);
const pattern = fc.letrec<{ node: string }>((tie) => ({
  node: fc.oneof(
    { depthSize: "small" },
    atom,
    fc.tuple(tie("node"), tie("node")).map(([a, b]) => a + b),
    fc.tuple(tie("node"), tie("node")).map(([a, b]) => `(${a}|${b})`),
    fc.tuple(tie("node"), fc.constantFrom("*", "+", "?", "*?", "+?", "{1,2}")).map(([a, q]) => `(x${a})${q}`),
  ),
})).node;

test("finds what JavaScript finds", () => {
  const subject = fc.string({ unit: fc.constantFrom("a", "b", "x", "/", ".", "1", "A"), maxLength: 12 });
  fc.assert(
    fc.property(pattern, subject, fc.boolean(), (source, text, ignoreCase) => {
      const regex = regexOf(source, ignoreCase);
      if (typeof regex !== "object") return;
      const expected = new RegExp(source, ignoreCase ? "i" : "").exec(text);
      expect(matchRegex(regex, text)?.[0]).toEqual(expected?.[0]);
    }),
    { seed: 4, numRuns: 5000 },
  );
});

describe("PCRE", () => {
  test.each([
    ["^/(?<a>x+)/(.*)$", "/xx/y/z", ["/xx/y/z", "xx", "y/z"]],
    ["(?i)ORTHANC", "/orthanc/", ["orthanc"]],
    ["^/a\\/b$", "/a/b", ["/a/b"]],
    ["[[:digit:]]{2,}", "a123", ["123"]],
    ["a(b)?c", "ac", ["ac", ""]],
    ["x$", "x\n", ["x"]],
  ])("%s in %j", (source, subject, expected) => {
    const regex = regexOf(source, false);
    expect(typeof regex === "object" ? matchRegex(regex, subject) : regex).toEqual(expected);
  });
  test.each(["(a)\\1", "(?<=a)b", "(?>a)", "a++", "(?R)"])(
    "%s is not understood, which is not an error",
    (source) => {
      expect(regexOf(source, false)).toBeUndefined();
    },
  );
  test.each(["(a", "a)", "[a", "*a"])("%s is refused", (source) => {
    expect(typeof regexOf(source, false)).toBe("string");
  });
  test("an evil pattern ends soon", () => {
    const regex = regexOf("^(([a-z])+.)+[A-Z]([a-z])+$", false);
    const start = performance.now();
    if (typeof regex === "object") matchRegex(regex, "a".repeat(2000));
    expect(performance.now() - start).toBeLessThan(1500);
  });
});
