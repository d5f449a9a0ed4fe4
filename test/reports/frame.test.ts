import { expect, test } from "vitest";
import { type Mark, renderFrames } from "../../src/reports/frame.ts";
import { textWidth } from "../../src/reports/layout.ts";
import { createStyle } from "../../src/reports/style.ts";
import { contextOf, placeOf } from "./sample.ts";

function frame(
  text: string,
  marked: readonly string[],
  secrets: readonly string[] = [],
  width = 80,
): string[] {
  const files = { "a.json": text };
  const marks = marked.map(
    (part, index): Mark => ({
      location: placeOf(files, "a.json", part),
      label: `label ${index + 1}`,
      primary: index === 0,
    }),
  );
  const style = createStyle({ width, color: false, unicode: true });
  return renderFrames(marks, {
    context: contextOf(files, secrets),
    style,
    width,
    paint: (painted) => painted,
  }).slice(1);
}

/** The part of the displayed line above the mark. */
function above(lines: readonly string[]): string {
  const [line = "", mark = ""] = lines;
  const from = mark.indexOf("─");
  const to = mark.lastIndexOf("─") + 1;
  let column = 0;
  let part = "";
  for (const character of line) {
    if (column >= from && column < to) part += character;
    column += textWidth(character);
  }
  return part;
}

test("the mark stands under what it marks: after tabs, wide characters, combining marks and masks", () => {
  expect(above(frame('\t\t"A":\ttrue', ["true"]))).toBe("true");
  expect(above(frame('"名前病院": true', ["true"]))).toBe("true");
  expect(above(frame('"e\u0301te\u0301 😀": true', ["true"]))).toBe("true");
  expect(above(frame('"Password": "verylongsecret", "On": true', ["true"], ["verylongsecret"]))).toBe("true");
  expect(above(frame('"Password": "verylongsecret"', ['"verylongsecret"'], ["verylongsecret"]))).toBe(
    '"••••"',
  );
});

test("a secret is masked whatever is marked, also one that spans lines or overlaps another", () => {
  const pem = '"Key": "BEGIN\nMIIE\nEND", "On": true';
  expect(frame(pem, ["MIIE"], ["BEGIN\nMIIE\nEND"]).join("\n")).not.toContain("MIIE");
  expect(frame('"a": "secret-and-more"', ["secret"], ["secret-and", "and-more"])[0]).toBe(
    '     1 │ "a": "••••"',
  );
});

test("a long line is cut around the mark", () => {
  const line = `{ ${'"Padding": 12345, '.repeat(200)}"RemoteAccessAllowed": true${', "More": 1'.repeat(200)} }`;
  const lines = frame(line, ["true"]);
  expect(lines.every((shown) => textWidth(shown) <= 80)).toBe(true);
  expect(lines[0]).toMatch(/│ ….*"RemoteAccessAllowed": true.*…$/);
  expect(above(lines)).toBe("true");
});

test("a long line with wide characters is cut without moving the mark", () => {
  const line = `${"病".repeat(300)}"RemoteAccessAllowed": true${"院".repeat(300)}`;
  for (const extra of ["", "x"]) expect(above(frame(extra + line, ["true"]))).toBe("true");
});

test("marks far apart on a cut line are shown one after the other", () => {
  const lines = frame(`"First": 1, ${'"Padding": 12345, '.repeat(50)}"Last": 2`, ['"First"', '"Last"']);
  expect(lines[0]).toContain('"First"');
  expect(lines[2]).toContain('"Last"');
  expect(above(lines.slice(2))).toBe('"Last"');
});

test("two marks on a short line share it", () => {
  expect(frame('"A": false, "B": true', ["false", "true"])).toEqual([
    '     1 │ "A": false, "B": true',
    "       │      ───── label 1",
    "       │                  ──── label 2",
  ]);
});

test("a range over several lines is marked to the end of its first line", () => {
  const files = { "a.json": '"Users": {\n  "a": 1\n}\n' };
  const location = { file: "a.json", line: 1, column: 10, endLine: 3, endColumn: 2 };
  const style = createStyle({ width: 80, color: false, unicode: false });
  const lines = renderFrames([{ location, label: "", primary: true }], {
    context: contextOf(files),
    style,
    width: 80,
    paint: (text) => text,
  });
  expect(lines).toEqual(["    a.json", '     1 | "Users": {', "       |          ^"]);
});

test("an empty range, one at the end and one beyond it still have a mark", () => {
  const files = { "a.json": "{\n" };
  const style = createStyle({ width: 80, color: false, unicode: false });
  for (const line of [1, 2, 9]) {
    const location = { file: "a.json", line, column: 2, endLine: line, endColumn: 2 };
    const lines = renderFrames([{ location, label: "here", primary: true }], {
      context: contextOf(files),
      style,
      width: 80,
      paint: (text) => text,
    });
    expect(lines[2]).toContain("^ here");
  }
});

test("a file that is not at hand is named by its place", () => {
  const location = { file: "gone.json", line: 3, column: 7, endLine: 3, endColumn: 9 };
  const style = createStyle({ width: 80, color: false, unicode: true });
  const lines = renderFrames([{ location, label: "no login", primary: true }], {
    context: contextOf({}),
    style,
    width: 80,
    paint: (text) => text,
  });
  expect(lines).toEqual(["    gone.json:3:7", "        no login"]);
});

test("a label that does not fit beside its mark goes below it", () => {
  const files = { "a.json": `${" ".repeat(50)}true` };
  const style = createStyle({ width: 80, color: false, unicode: true });
  const label = "and every script that a caller sends is run on the server itself";
  const lines = renderFrames([{ location: placeOf(files, "a.json", "true"), label, primary: false }], {
    context: contextOf(files),
    style,
    width: 80,
    paint: (text) => text,
  });
  expect(lines.every((line) => textWidth(line) <= 80)).toBe(true);
  expect(
    lines
      .slice(3)
      .map((line) => line.replace(/^ +│ +/, ""))
      .join(" "),
  ).toBe(label);
});
