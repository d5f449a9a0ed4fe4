import { describe, expect, test } from "vitest";
import { applyEdits, applyToFiles, makeEdits, type TextEdit } from "../../src/fixes/apply.ts";

function edit(line: number, column: number, endColumn: number, text: string): TextEdit {
  return { location: { line, column, endLine: line, endColumn }, text };
}

describe("applyEdits", () => {
  test("replaces, inserts and removes, wherever the edits stand in the list", () => {
    const edits = [edit(2, 1, 4, "TWO"), edit(1, 4, 4, "!"), edit(3, 1, 6, "")];
    expect(applyEdits("one\ntwo\nthree", edits)).toBe("one!\nTWO\n");
  });

  test("counts columns in UTF-16 units and lines by any line end", () => {
    expect(applyEdits("😀a\r\nb\rc", [edit(1, 3, 4, "A"), edit(3, 1, 2, "C")])).toBe("😀A\r\nb\rC");
  });

  test("keeps the order of insertions at one place", () => {
    expect(applyEdits("{}", [edit(1, 2, 2, "a,"), edit(1, 2, 2, "b")])).toBe("{a,b}");
  });

  test("makes an edit that is proposed twice once", () => {
    expect(applyEdits("{}", [edit(1, 2, 2, "a"), edit(1, 2, 2, "a")])).toBe("{a}");
  });

  test("refuses edits that overlap, and takes ones that touch", () => {
    expect(applyEdits("abcd", [edit(1, 1, 3, "x"), edit(1, 2, 4, "y")])).toBeUndefined();
    expect(applyEdits("abcd", [edit(1, 1, 3, "x"), edit(1, 1, 3, "y")])).toBeUndefined();
    expect(applyEdits("abcd", [edit(1, 1, 3, "x"), edit(1, 3, 5, "y")])).toBe("xy");
  });
});

test("applyToFiles changes the files that edits name", () => {
  const here = {
    ...edit(1, 1, 2, "X"),
    location: { file: "b", line: 1, column: 1, endLine: 1, endColumn: 2 },
  };
  expect(applyToFiles({ a: "a", b: "b" }, [here])).toEqual({ a: "a", b: "X" });
  expect(applyToFiles({ a: "a" }, [here])).toBeUndefined();
  const there = { ...here, text: "Y" };
  expect(applyToFiles({ a: "a", b: "b" }, [here, there])).toBeUndefined();
});

describe("lines after edits", () => {
  const first = edit(1, 2, 2, "\n  one,");
  const second = edit(1, 2, 2, "\n  two,");
  const edited = makeEdits("{\n  old\n}", [first, second]);

  test("an edit is where its own text stands", () => {
    expect(edited?.text).toBe("{\n  one,\n  two,\n  old\n}");
    expect([edited?.lineOf(first), edited?.lineOf(second)]).toEqual([2, 3]);
  });

  test("other lines move with what is written before them", () => {
    expect([1, 2, 3].map((line) => edited?.moved(line))).toEqual([1, 4, 5]);
  });
});
