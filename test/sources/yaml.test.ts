import { describe, expect, it } from "vitest";
import { at, type Tree } from "../../src/sources/tree.ts";
import { readYaml } from "../../src/sources/yaml.ts";
import { lineStarts, positionAt } from "../../src/text/lines.ts";
import { locate, textOfFile } from "../../src/text/text.ts";

function read(source: string) {
  return readYaml(textOfFile("a.yaml", source));
}

function only(source: string): Tree {
  const { documents, errors } = read(source);
  expect(errors).toEqual([]);
  const [tree] = documents;
  if (tree === undefined) throw new Error("no document");
  return tree;
}

function valueTree(source: string, ...path: string[]): Tree {
  const found = at(only(source), path);
  if (found === undefined) throw new Error(`nothing at ${path.join(".")}`);
  return found;
}

/** What the source has where the text says that this part of it stands. */
function spelled(source: string, tree: Tree, part: string): string {
  if (tree.kind !== "string") throw new Error(`a ${tree.kind}`);
  const start = tree.text.value.indexOf(part);
  expect(start).toBeGreaterThanOrEqual(0);
  const { at: place } = locate(tree.text, start, start + part.length);
  return source.slice(place.start, place.end);
}

describe("types are those of go-yaml", () => {
  it.each([
    ["1", 1],
    ["0777", 511],
    ["0o777", 511],
    ["0x1F", 31],
    ["0b11", 3],
    ["1_000", 1000],
    ["-5", -5],
    ["+7", 7],
    ["1.50", 1.5],
    ["1e3", 1000],
    [".5", 0.5],
    ["true", true],
    ["True", true],
    ["FALSE", false],
  ])("%s", (written, value) => {
    expect(valueTree(`a: ${written}`, "a")).toMatchObject({ value });
  });

  it.each([
    "yes",
    "on",
    "off",
    "y",
    "1:30",
    "12:30:45",
    "0x",
    "1.2.3",
    "_1",
    "'1'",
    '"true"',
    "!!str 1",
    "!own 1",
  ])("%s is a text", (written) => {
    expect(valueTree(`a: ${written}`, "a").kind).toBe("string");
  });

  it.each(["", "~", "null", "NULL"])("%j is null", (written) => {
    expect(valueTree(`a: ${written}`, "a").kind).toBe("null");
  });

  it("keeps the digits of numbers that JavaScript cannot hold", () => {
    expect(valueTree("a: 12345678901234567890", "a")).toMatchObject({
      kind: "string",
      text: { value: "12345678901234567890" },
    });
  });
});

describe("places", () => {
  it("are exact in plain and quoted texts", () => {
    const source = `a: plain text\nb: 'it''s single'\nc: "esc\\taped \\u00e9 end"\n`;
    expect(spelled(source, valueTree(source, "a"), "text")).toBe("text");
    expect(spelled(source, valueTree(source, "b"), "'")).toBe("''");
    expect(spelled(source, valueTree(source, "b"), "single")).toBe("single");
    expect(spelled(source, valueTree(source, "c"), "\t")).toBe("\\t");
    expect(spelled(source, valueTree(source, "c"), "é")).toBe("\\u00e9");
    expect(spelled(source, valueTree(source, "c"), "end")).toBe("end");
  });

  it("are exact in texts over several lines", () => {
    const source = `a: one\n  two\n\n  three\nb: "x \\\n   y\n   z"\n`;
    expect(valueTree(source, "a")).toMatchObject({ text: { value: "one two\nthree" } });
    expect(spelled(source, valueTree(source, "a"), "three")).toBe("three");
    expect(valueTree(source, "b")).toMatchObject({ text: { value: "x y z" } });
    expect(spelled(source, valueTree(source, "b"), "z")).toBe("z");
  });

  it.each(["|", "|-", "|+", "|2", "| # comment"])("of JSON in a block %s keep line and column", (header) => {
    const source = `env:\n  JSON: ${header}\n    {\n      "Port": 8042\n    }\n\nnext: 1\n`;
    const tree = valueTree(source, "env", "JSON");
    expect(spelled(source, tree, '"Port": 8042')).toBe('"Port": 8042');
    if (tree.kind !== "string") throw new Error();
    const start = tree.text.value.indexOf("8042");
    const place = locate(tree.text, start, start + 4).at;
    expect(positionAt(lineStarts(source), place.start)).toEqual({ line: 4, column: 15 });
  });

  it("are exact in folded blocks", () => {
    const source = "a: >-\n  one\n  two\n\n  three\n    four\n  five\n";
    const tree = valueTree(source, "a");
    expect(tree).toMatchObject({ text: { value: "one two\nthree\n  four\nfive" } });
    expect(spelled(source, tree, "four")).toBe("four");
    expect(spelled(source, tree, "five")).toBe("five");
  });

  it("survive CR LF and a byte order mark", () => {
    const source = "\uFEFFa: |\r\n  x\r\n  y\r\nb: 'z'\r\n";
    expect(valueTree(source, "a")).toMatchObject({ text: { value: "x\ny\n" } });
    expect(spelled(source, valueTree(source, "a"), "y")).toBe("y");
    expect(spelled(source, valueTree(source, "b"), "z")).toBe("z");
  });

  it("of collections end where their last value ends", () => {
    const source = "a:\n  b: [1, 2]\n  # comment\n\nc: 1\n";
    const { at: place } = valueTree(source, "a");
    expect(source.slice(place.start, place.end)).toBe("b: [1, 2]");
  });
});

describe("anchors", () => {
  it("give the anchored places, through the alias", () => {
    const source = "a: &x {k: v}\nb: *x\n";
    const tree = valueTree(source, "b", "k");
    expect(source.slice(tree.at.start, tree.at.end)).toBe("v");
    expect(tree.via?.map((place) => source.slice(place.start, place.end))).toEqual(["*x"]);
    if (tree.kind !== "string") throw new Error();
    expect(locate(tree.text, 0, 1).via).toHaveLength(1);
  });

  it("merge: own keys win, then the earlier mapping", () => {
    const source = "a: &a {x: 1, y: 1}\nb: &b {y: 2, z: 2}\nc:\n  z: 3\n  <<: [*a, *b]\n";
    const tree = valueTree(source, "c");
    if (tree.kind !== "object") throw new Error();
    expect(
      Object.fromEntries(
        tree.members.map((one) => [one.key, one.value.kind === "number" && one.value.value]),
      ),
    ).toEqual({ z: 3, x: 1, y: 1 });
  });

  it.each([
    ["a: *x", "unknown anchor"],
    ["a: &x [*x]", "contains itself"],
    ["a: &x 1\nb: {<<: *x}", "map merge"],
    ["a: 1\na: 2", "already defined"],
    ["a: {<<: {}, <<: {}}", "already defined"],
    ["a: [", ""],
    ["a: 'x", ""],
    ["\ta: 1", ""],
    ["a: !!int x", "cannot decode"],
  ])("%j is refused", (source, message) => {
    const { errors } = read(source);
    expect(errors.map((error) => error.message).join()).toContain(message);
    expect(errors).not.toEqual([]);
  });

  it("of a bomb do not explode", () => {
    const levels = Array.from(
      { length: 30 },
      (_, level) => `l${level + 1}: &l${level + 1} [${Array(10).fill(`*l${level}`).join(", ")}]`,
    );
    const { errors } = read(`l0: &l0 [x]\n${levels.join("\n")}\n`);
    expect(errors.map((error) => error.message)).toContain("the file contains excessive aliasing");
  });
});

describe("documents", () => {
  it("are several, and tags are kept", () => {
    const { documents, tags } = read("a: !reset null\n---\nb: !override [1]\n---\n");
    expect(documents.map((tree) => tree.kind)).toEqual(["object", "object", "null"]);
    expect([...tags.values()]).toEqual(["!reset", "!override"]);
  });

  it("say which keys are no texts", () => {
    expect(read("80: a\ntrue: b\nc: d\n").typedKeys.map((key) => key.message)).toEqual([
      "the key 80 is not a string",
      "the key true is not a string",
    ]);
  });

  it.each(["", "# only a comment\n"])("%j has none", (source) => {
    expect(read(source)).toMatchObject({ documents: [], errors: [] });
  });

  it("that nest too deeply are refused, not crashed on", () => {
    expect(read("[".repeat(50_000)).errors).not.toEqual([]);
  });
});
