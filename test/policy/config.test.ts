import { readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { nodeCrypto } from "../../src/node/crypto.ts";
import { loadConfig } from "../../src/policy/config.ts";
import { fitsGlob, fitsText } from "../../src/policy/glob.ts";
import { absolute, asNamed, seenFrom } from "../../src/policy/paths.ts";
import { memoryFiles } from "../../src/sources/memory-files.ts";
import { createSources } from "../../src/sources/source.ts";

function load(text: string) {
  const opened = createSources(memoryFiles({ "pacslint.yaml": text }), nodeCrypto).open("pacslint.yaml");
  if (!opened.ok) throw new Error(opened.message);
  return loadConfig(opened.source);
}

test("the example of the documentation is right", () => {
  const page = readFileSync(join(import.meta.dirname, "../../docs/policy.md"), "utf8");
  const [, example = ""] = /```yaml\n([\s\S]*?)```/.exec(page) ?? [];
  const loaded = load(example);
  expect(loaded.ok ? [] : loaded.errors).toEqual([]);
  if (!loaded.ok) return;
  expect(loaded.config.profile).toBe("hospital");
  expect(loaded.config.site.firewall).toMatchObject([{ port: 8042, trust: "trusted" }]);
  expect(loaded.config.suppressions.map(({ about, rule }) => `${about} ${rule}`)).toEqual([
    "findings http-no-tls",
    "undetermined http-login-left-to-script",
  ]);
});

test.each(["", "# nothing yet\n", "{}\n"])("a file that says nothing is right: %j", (text) => {
  expect(load(text).ok).toBe(true);
});

test.each([
  [
    "aliases that stand for too much",
    `a: &a [x,x,x,x,x,x,x,x,x]\n${"bcdefgh"
      .split("")
      .map((name, i) => `${name}: &${name} [${Array(9).fill(`*${"abcdefgh"[i]}`).join(",")}]`)
      .join("\n")}`,
  ],
  ["a text without end", "[".repeat(20_000)],
  ["a large text", `# ${"x".repeat(1_100_000)}`],
])("what would hang or crash a run is refused: %s", (_name, text) => {
  expect(load(text).ok).toBe(false);
});

describe("globs", () => {
  test.each([
    ["deploy/a.yml", "deploy/a.yml", true],
    ["deploy", "deploy/x/a.yml", true],
    ["deploy/", "deploy/a.yml", true],
    ["deploy", "other/deploy/a.yml", true],
    ["deploy/x", "other/deploy/x/a.yml", false],
    ["*.json", "a/b/c.json", true],
    ["a/*.json", "a/b/c.json", false],
    ["a/**/c.json", "a/c.json", true],
    ["a/**/c.json", "a/b/b/c.json", true],
    ["**/archive/**", "x/archive/y", true],
    ["**", "anything/at/all", true],
    ["a?.yml", "ab.yml", true],
    ["a?.yml", "a/b.yml", false],
    ["/etc/orthanc", "/etc/orthanc/a.json", true],
    ["deploy", "deployment/a.yml", false],
  ])("%s and %s: %s", (glob, path, expected) => {
    expect(fitsGlob(glob, path)).toBe(expected);
  });

  test("a star is any run of characters, in bounded time", () => {
    expect(fitsText("orthanc/http/*", "orthanc/http/direct")).toBe(true);
    expect(fitsText("*/secret/*", "orthanc/secret/PostgreSQL.Password")).toBe(true);
    expect(fitsText("orthanc", "orthanc/http")).toBe(false);
    expect(fitsText(`${"a*".repeat(40)}b`, "a".repeat(20_000))).toBe(false);
  });
});

test("a path is the same again when it is named and made absolute", () => {
  const name = fc.stringMatching(/^[a-z]{1,3}$/);
  const folder = fc.array(name, { maxLength: 4 }).map((names) => `/${names.join("/")}`);
  fc.assert(
    fc.property(folder, folder, (cwd, path) => {
      expect(absolute(asNamed(path, cwd, true), cwd)).toBe(path);
      expect(absolute(asNamed(path, cwd, false), cwd)).toBe(path);
      expect(absolute(seenFrom(cwd, path), cwd)).toBe(path);
    }),
  );
});
