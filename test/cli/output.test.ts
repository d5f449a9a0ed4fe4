import { describe, expect, test } from "vitest";
import type { Io } from "../../src/commands/io.ts";
import { textOptions } from "../../src/commands/output.ts";
import { nodeCrypto } from "../../src/node/crypto.ts";
import { memoryFiles } from "../../src/sources/memory-files.ts";

const terminal: Io = {
  stdout: () => {},
  stderr: () => {},
  stdin: async () => new Uint8Array(),
  save: () => {},
  append: () => {},
  create: () => {},
  rewrite: () => {},
  cwd: "/",
  env: { TERM: "xterm-256color", LANG: "en_GB.UTF-8" },
  platform: "linux",
  isTTY: true,
  columns: 120,
  files: memoryFiles({}),
  crypto: nodeCrypto,
  now: new Date(0),
};

describe("colours", () => {
  const color = (changed: Partial<Io>, flags = {}) => textOptions(flags, { ...terminal, ...changed }).color;

  test("on a terminal, not in a pipe or a file or on a dumb terminal", () => {
    expect(color({})).toBe(true);
    expect(color({ isTTY: false })).toBe(false);
    expect(color({ env: { TERM: "dumb" } })).toBe(false);
    expect(color({}, { output: "report.txt" })).toBe(false);
  });

  test("NO_COLOR and FORCE_COLOR decide, and the option over both", () => {
    expect(color({ env: { NO_COLOR: "1", FORCE_COLOR: "1" } })).toBe(false);
    expect(color({ env: { NO_COLOR: "" } })).toBe(true);
    expect(color({ env: { FORCE_COLOR: "1" }, isTTY: false })).toBe(true);
    expect(color({ env: { FORCE_COLOR: "0" } })).toBe(false);
    expect(color({ env: { NO_COLOR: "1" } }, { color: "always" })).toBe(true);
    expect(color({}, { color: "never" })).toBe(false);
  });
});

describe("box characters", () => {
  const unicode = (changed: Partial<Io>, flags = {}) =>
    textOptions(flags, { ...terminal, ...changed }).unicode;

  test("where the locale is UTF-8, or none is set on an ordinary terminal", () => {
    expect(unicode({})).toBe(true);
    expect(unicode({ env: { LC_ALL: "C", LANG: "en_GB.UTF-8" } })).toBe(false);
    expect(unicode({ env: { LANG: "de_DE.ISO-8859-1" } })).toBe(false);
    expect(unicode({ env: { TERM: "xterm" } })).toBe(true);
    expect(unicode({ env: { TERM: "linux" } })).toBe(false);
  });

  test("in a Windows console that is known to show them, never through its pipe", () => {
    const platform = "win32";
    expect(unicode({ platform, env: {} })).toBe(false);
    expect(unicode({ platform, env: { WT_SESSION: "1" } })).toBe(true);
    expect(unicode({ platform, env: { WT_SESSION: "1" }, isTTY: false })).toBe(false);
  });

  test("in a file, always", () => {
    expect(unicode({ platform: "win32", env: {} }, { output: "report.txt" })).toBe(true);
  });
});

test("the width is the terminal's, within reason", () => {
  const width = (columns: number | undefined) => textOptions({}, { ...terminal, columns }).width;
  expect([width(undefined), width(20), width(90), width(300)]).toEqual([80, 40, 90, 100]);
});
