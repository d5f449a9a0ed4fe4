// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the references are those of env files
import { describe, expect, it } from "vitest";
import { readDotenv, readRawEnv } from "../../src/sources/dotenv.ts";
import type { Lookup } from "../../src/sources/substitution.ts";
import { isKnown, locate, textOfFile } from "../../src/text/text.ts";

const nothing: Lookup = () => ({ state: "unset" });

function values(source: string, lookup: Lookup = nothing): Record<string, string | undefined> {
  const { entries } = readDotenv(textOfFile(".env", source), lookup);
  return Object.fromEntries(entries.map((entry) => [entry.key, entry.value?.value]));
}

describe("env files", () => {
  it.each([
    ["A=b", "b"],
    ["A = b ", "b"],
    ["A: b", "b"],
    ["export A=b", "b"],
    ["A=b # c", "b"],
    ["A=b#c", "b#c"],
    ["A=", ""],
    ['A=""', ""],
    ["A='b # c' # d", "b # c"],
    ["A='it\\'s'", "it's"],
    ["A='$B ${C}'", "$B ${C}"],
    ['A="x\\ny"', "x\ny"],
    ['A="\\"q\\""', '"q"'],
    ['A="\\$B"', "$B"],
    ["A=$$B", "$B"],
    ['A="a\nb"', "a\nb"],
    ["A=${B:-c}", "c"],
    ["A=${B}", ""],
    ["\uFEFFA=b", "b"],
    ["A=b\r\n", "b"],
    ["A=x\\ny", "x\\ny"],
  ])("%j", (source, value) => {
    expect(values(source)).toEqual({ A: value });
  });

  it("see earlier variables, and the environment first", () => {
    expect(
      values("A=1\nB=${A}-${C}\n", (name) =>
        name === "C" ? { state: "set", value: textOfFile("x", "c") } : { state: "unset" },
      ),
    ).toEqual({ A: "1", B: "1-c" });
  });

  it("name inherited variables", () => {
    expect(values("A\nB=1\n")).toEqual({ A: undefined, B: "1" });
  });

  it.each([
    ["A B=1", "space"],
    ["A!=1", "unexpected character"],
    ["A=1\nexport ", "zero length string"],
    ["A='x", "unterminated"],
    ["A=${", "invalid"],
  ])("%j is refused", (source, message) => {
    const { issues } = readDotenv(textOfFile(".env", source), nothing);
    expect(issues.map((issue) => issue.message).join()).toContain(message);
  });

  it("keep the places of keys and values", () => {
    const source = '# c\nexport NAME="a\\tb ${OTHER:-def}"\n';
    const [entry] = readDotenv(textOfFile(".env", source), nothing).entries;
    if (entry?.value === undefined) throw new Error();
    const spelled = (part: string): string => {
      const start = entry.value?.value.indexOf(part) ?? -1;
      const { at } = locate(entry.value ?? { value: "", pieces: [] }, start, start + part.length);
      return source.slice(at.start, at.end);
    };
    expect(source.slice(entry.keyAt.at.start, entry.keyAt.at.end)).toBe("NAME");
    expect(spelled("b")).toBe("b");
    expect(spelled("\t")).toBe("\\t");
    expect(spelled("def")).toBe("def");
  });

  it("leave open what nobody knows", () => {
    const { entries, issues } = readDotenv(textOfFile(".env", "A=x${B}\n"), () => ({
      state: "unknown",
      reason: "not told",
    }));
    expect(entries[0]?.value !== undefined && isKnown(entries[0].value)).toBe(false);
    expect(issues.map((issue) => issue.kind)).toEqual(["unknown"]);
  });

  it("are read raw when asked", () => {
    const { entries } = readRawEnv(textOfFile(".env", "A=${B} 'c' # d\r\n# x\nC\n"));
    expect(entries.map((entry) => [entry.key, entry.value?.value])).toEqual([
      ["A", "${B} 'c' # d"],
      ["C", undefined],
    ]);
  });
});
