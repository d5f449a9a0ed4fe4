import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { readJson, unknownKey } from "../../src/sources/json.ts";
import type { JsonDialect } from "../../src/sources/json-tokens.ts";
import type { Tree } from "../../src/sources/tree.ts";
import { concat, holeText, locate, slice, textOfFile } from "../../src/text/text.ts";
import { plain } from "../plain.ts";

function read(source: string, dialect: JsonDialect = "jsoncpp") {
  return readJson(textOfFile("f.json", source), dialect);
}

describe("what every dialect reads", () => {
  test("any JSON text gives the value that JSON.parse gives", () => {
    const text = fc.oneof(
      fc.json(),
      fc.jsonValue().map((value) => JSON.stringify(value, null, 2)),
    );
    fc.assert(
      fc.property(text, fc.constantFrom<JsonDialect>("jsoncpp", "python", "strict"), (source, dialect) => {
        const result = read(source, dialect);
        expect(result.errors).toEqual([]);
        expect(plain(result.root)).toEqual(JSON.parse(source));
      }),
    );
  });

  test("every value's place holds exactly its own text", () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const source = JSON.stringify(value, null, 1);
        const visit = (tree: Tree): void => {
          expect(plain(tree)).toEqual(JSON.parse(source.slice(tree.at.start, tree.at.end)));
          if (tree.kind === "object") for (const member of tree.members) visit(member.value);
          if (tree.kind === "array") tree.items.forEach(visit);
        };
        const { root } = read(source);
        if (root !== undefined) visit(root);
      }),
    );
  });

  test("any text at all is read without an exception", () => {
    fc.assert(
      fc.property(
        fc.string({
          unit: fc.constantFrom(..."{}[]:,\"'/*\\ \n#truefalsenull0123.-+eE$\uFFFC\uFEFF"),
          maxLength: 60,
        }),
        (source) => {
          const result = read(source);
          expect(result.root !== undefined || result.errors.length > 0).toBe(true);
        },
      ),
      { numRuns: 2000 },
    );
  });
});

describe("jsoncpp, as Orthanc reads its configuration", () => {
  const accepted: readonly (readonly [string, string, unknown])[] = [
    ["line and block comments", '// a\n{ /* b */ "a": 1 /* c */, // d\n "b": 2 }', { a: 1, b: 2 }],
    ["a comma before the closing brace", '{"a":1,}', { a: 1 }],
    ["a comma before the closing bracket", '{"a":[1,]}', { a: [1] }],
    ["text after the root", '{"a":1} and more {', { a: 1 }],
    ["a byte order mark", '\uFEFF{"a":1}', { a: 1 }],
    ["raw line ends in a text", '{"a":"x\ny"}', { a: "x\ny" }],
    ["a comment between comma and brace", '{"a":1, // last\n}', { a: 1 }],
    ["the last of two equal keys", '{"a":1,"a":2}', { a: 2 }],
    ["leading zeros", '{"a":007}', { a: 7 }],
    ["a point without decimals", '{"a":1.}', { a: 1 }],
    ["a lone minus as zero", '{"a":-}', { a: 0 }],
  ];
  test.each(accepted)("takes %s", (_name, source, value) => {
    const result = read(source);
    expect(result.errors).toEqual([]);
    expect(plain(result.root)).toEqual(value);
  });

  const refused: readonly (readonly [string, string, string, number])[] = [
    ["comments with a hash", '{\n# x\n"a":1}', "comments start with", 2],
    ["single quotes", "{'a':1}", "double quotes", 1],
    ["a missing comma", '{"a":1\n"b":2}', "a comma or", 7],
    ["True in capitals", '{"a":True}', "lower case: true", 5],
    ["NaN", '{"a":NaN}', "a value was expected", 5],
    ["a missing colon", '{"a" 1}', "a colon was expected", 5],
    ["an end that never comes", '{"a":{"b":1}', "the text ends before", 12],
    ["an empty file", "", "holds no value", 0],
    ["a comment alone before the closing bracket", '{"a":[1, /* x */]}', "a value was expected", 16],
    ["an exponent without digits", '{"a":1e}', "is not a number", 5],
    ["a comment between a key and its colon", '{"a" /* x */ :1}', "no comment may stand", 5],
    ["a number that starts with a point", '{"a":.5}', "a value was expected", 5],
    ["a comma before the first key", '{,"a":1}', "a key in double quotes", 1],
    ["two commas", '{"a":1,,"b":2}', "a key in double quotes", 7],
  ];
  test.each(refused)("refuses %s, and says where", (_name, source, message, offset) => {
    const [error] = read(source).errors;
    expect(error?.message).toContain(message);
    expect(error?.at.start).toBe(offset);
  });

  test("reads on after an error", () => {
    expect(plain(read('{"a":True,"b":2,\n"c" 3, "d":{"e":1}}').root)).toMatchObject({ b: 2, d: { e: 1 } });
  });

  test("30 is an integer, 30.0 and 3e1 are not", () => {
    const { root } = read("[30, 30.0, 3e1]");
    const flags =
      root?.kind === "array" ? root.items.map((item) => item.kind === "number" && item.integer) : [];
    expect(flags).toEqual([true, false, false]);
  });

  test("1,000 levels are read, 1,001 are refused, 100,000 neither crash nor hang", () => {
    expect(read("[".repeat(1000) + "]".repeat(1000)).errors).toEqual([]);
    expect(read("[".repeat(1001) + "]".repeat(1001)).errors[0]?.message).toContain("deeper than 1000");
    expect(read("[".repeat(100_000)).errors[0]?.message).toContain("deeper than 1000");
  });
});

describe("python, as the image's start script reads it", () => {
  test.each([['{"a":1,}'], ["[1,]"], ['{"a":1} x'], ["\uFEFF{}"], ['{"a":"x\ny"}']])(
    "refuses %j",
    (source) => {
      expect(read(source, "python").errors).not.toEqual([]);
    },
  );
  test("takes NaN and Infinity", () => {
    expect(read('{"a":NaN,"b":-Infinity}', "python").errors).toEqual([]);
  });
});

describe("unknown variables", () => {
  const around = (before: string, after: string) => {
    const source = textOfFile("f.json", `${before}\${X}${after}`);
    const place = locate(source, before.length, before.length + 4);
    return concat([
      slice(source, 0, before.length),
      holeText("X is not known", place),
      slice(source, before.length + 4, source.value.length),
    ]);
  };

  test("without quotes the value may be anything", () => {
    const { root, errors } = readJson(around('{"a": ', ', "b": 1}'), "jsoncpp");
    expect(errors).toEqual([]);
    const first = root?.kind === "object" ? root.members[0]?.value : undefined;
    expect(first).toMatchObject({
      kind: "unknown",
      quoted: false,
      at: { start: 6, end: 10 },
      hole: { reason: "X is not known" },
    });
  });

  test("in quotes it is some text", () => {
    const { root, errors } = readJson(around('{"a": "pre', 'post"}'), "jsoncpp");
    expect(errors).toEqual([]);
    const first = root?.kind === "object" ? root.members[0]?.value : undefined;
    expect(first).toMatchObject({ kind: "unknown", quoted: true, at: { start: 6, end: 19 } });
  });

  test("in the quotes of a key it is a part of one key, whose value is kept", () => {
    const { root, errors } = readJson(around('{"a": 1, "u', '": "s", "b": 2}'), "jsoncpp");
    expect(errors).toEqual([]);
    expect(root).toMatchObject({
      kind: "object",
      open: { reason: "X is not known" },
      members: [
        { key: "a" },
        { key: unknownKey, keyAt: { at: { start: 9, end: 16 } }, value: { kind: "string" } },
        { key: "b" },
      ],
    });
  });

  test("in the place of a key the object may have other members", () => {
    const { root, errors } = readJson(around('{"a": 1, ', "}"), "jsoncpp");
    expect(errors).toEqual([]);
    expect(root).toMatchObject({ kind: "object", open: { reason: "X is not known" } });
  });
});
