import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Environment } from "../../src/deployment/model.ts";
import { substituteVariables } from "../../src/products/orthanc/environment.ts";
import { isKnown, locate, textAt, textOfFile } from "../../src/text/text.ts";

const place = { at: { file: "env", start: 0, end: 0 } };

function environment(values: Readonly<Record<string, string>>, complete = true): Environment {
  return {
    complete,
    variables: new Map(
      Object.entries(values).map(([name, value]) => [name, { value: textAt(value, place), at: place }]),
    ),
  };
}

function substituted(source: string, values: Readonly<Record<string, string>> = {}): string {
  return substituteVariables(textOfFile("orthanc.json", source), environment(values)).text.value;
}

describe("as Toolbox::SubstituteVariables does it", () => {
  test.each([
    ["${A}", { A: "x" }, "x"],
    ["${A}", {}, ""],
    ["${A:-d}", {}, "d"],
    ["${A:-d}", { A: "" }, ""],
    ["${A:-d}", { A: "x" }, "x"],
    ['${A:-"d"}', {}, "d"],
    ["${A:-'d'}", {}, "d"],
    ['${A:-"a}b"}', {}, "a}b"],
    ["$A $$ $${A}", { A: "x" }, "$A $$ $x"],
    ["${A-d}", {}, ""],
    ["${A}", { A: "${B}", B: "y" }, "${B}"],
    ["{ ${A} }", { A: '"k": 1' }, '{ "k": 1 }'],
    ["// ${A}\n", { A: "x" }, "// x\n"],
    ["${A:B}", { "A:B": "x" }, "${A:B}"],
    ["pass${word", {}, "pass${word"],
  ])("%j with %j is %j", (source, values: Readonly<Record<string, string>>, expected) => {
    expect(substituted(source, values)).toBe(expected);
  });
});

/** The server's own expression (Toolbox.cpp), for comparison on any text. */
const serversExpression =
  /\$\{([^:]*?)\}|\$\{([^:]*?):-([^'"]*?)\}|\$\{([^:]*?):-"([^"]*?)"\}|\$\{([^:]*?):-'([^']*?)'\}/gu;

test("any text is replaced as the server's regular expression replaces it", () => {
  const pieces = fc.constantFrom("${", "}", ":", "-", ":-", '"', "'", "A", "B", "$", "{", " ", "\n");
  fc.assert(
    fc.property(fc.array(pieces, { maxLength: 25 }), (parts) => {
      const source = parts.join("");
      const values: Record<string, string> = { A: "x", B: "" };
      const expected = source.replace(
        serversExpression,
        (_all, a?: string, b?: string, bd?: string, c?: string, cd?: string, d?: string, dd?: string) => {
          return values[a ?? b ?? c ?? d ?? ""] ?? bd ?? cd ?? dd ?? "";
        },
      );
      expect(substituted(source, values)).toBe(expected);
    }),
    { numRuns: 5000 },
  );
});

test("200,000 openings without an end are read at once", () => {
  expect(substituted("${".repeat(200_000)).length).toBe(400_000);
  expect(substituted(`${`\${a:-"`.repeat(100_000)}}`).length).toBeGreaterThan(0);
});

describe("places", () => {
  test("a default stands where it is written", () => {
    const { text } = substituteVariables(textOfFile("o", '"a": ${X:-true}'), environment({}));
    expect(text.value).toBe('"a": true');
    expect(locate(text, 5, 9).at).toEqual({ file: "o", start: 10, end: 14 });
  });

  test("a variable that nobody told is a hole, unless the text gives a default", () => {
    const unknown = substituteVariables(textOfFile("o", "${X} ${Y:-1}"), environment({}, false));
    expect(isKnown(unknown.text)).toBe(false);
    expect(unknown.text.value.slice(1)).toBe(" 1");
    expect(unknown.uses).toEqual([
      { name: "X", outcome: "unknown" },
      { name: "Y", outcome: "default" },
    ]);
  });
});
