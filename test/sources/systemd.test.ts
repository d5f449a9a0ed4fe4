/** Units of systemd: lines, words, environment files. Expected values are read off systemd.syntax(7) and systemd.exec(5). */
import { expect, test } from "vitest";
import { assignment, readUnit, readUnitEnvironment, unitWords } from "../../src/sources/systemd.ts";
import { isKnown, locate, textOfFile } from "../../src/text/text.ts";

const unit = `# started by hand until 2021
[Unit]
Description=PACS
[Service]
ExecStart=/usr/sbin/Orthanc \\
  # a comment between continued lines is passed over
  --verbose \\
  /etc/orthanc
User = orthanc
not an assignment
Environment=
`;

test("assignments by section, continued lines joined, comments passed over", () => {
  const entries = readUnit(textOfFile("orthanc.service", unit));
  expect(entries.map(({ section, key, value }) => [section, key, value.value.replace(/\s+/gu, " ")])).toEqual(
    [
      ["Unit", "Description", "PACS"],
      ["Service", "ExecStart", "/usr/sbin/Orthanc --verbose /etc/orthanc"],
      ["Service", "User", "orthanc"],
      ["Service", "Environment", ""],
    ],
  );
});

test("words keep their places, over continued lines too", () => {
  const [, exec] = readUnit(textOfFile("orthanc.service", unit));
  const words = exec === undefined ? [] : unitWords(exec.value);
  expect(words.map(({ value }) => value)).toEqual(["/usr/sbin/Orthanc", "--verbose", "/etc/orthanc"]);
  const places = words.map((word) => locate(word, 0, word.value.length).at);
  expect(places.map(({ start, end }) => unit.slice(start, end))).toEqual(words.map(({ value }) => value));
});

test.each([
  [`a "b c" 'd e' f"g h"`, ["a", "b c", "d e", "fg h"]],
  [`"A=one two" B=three ''`, ["A=one two", "B=three", ""]],
  [String.raw`x\x41y a\sb "c\"d" \\`, ["xAy", "a b", 'c"d', "\\"]],
  ["100%%", ["100%"]],
  ["", []],
])("words of %s", (written, expected) => {
  expect(unitWords(textOfFile("u", written)).map(({ value }) => value)).toEqual(expected);
});

test("what systemd fills in is not known", () => {
  const [first, second] = unitWords(textOfFile("u", "/srv/%i/orthanc.json plain"));
  expect(first && isKnown(first)).toBe(false);
  expect(second && isKnown(second)).toBe(true);
});

test("environment files: quotes go, dollars stay", () => {
  const text = textOfFile(
    "default",
    `# set at the installation\nA=1\nB="two words"\r\nC='$A'\nD=\nE=""\n; F=2\nnothing\n`,
  );
  expect(readUnitEnvironment(text).map(({ name, value }) => [name, value.value])).toEqual([
    ["A", "1"],
    ["B", "two words"],
    ["C", "$A"],
    ["D", ""],
    ["E", ""],
  ]);
});

test("an assignment needs a name", () => {
  expect(assignment(textOfFile("u", "=x"))).toBeUndefined();
  expect(assignment(textOfFile("u", "X=a=b"))?.value.value).toBe("a=b");
});
