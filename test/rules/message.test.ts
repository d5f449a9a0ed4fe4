import { describe, expect, test } from "vitest";
import { unknown } from "../../src/facts/unknown.ts";
import { fill, filters, placeholders } from "../../src/rules/message.ts";

const fact = {
  port: 8042,
  bind: "*",
  none: null,
  x: unknown("input", "a test"),
  tls: { mode: "off" },
  all: { read: true, write: true, delete: true, execute: true },
  some: { read: true, write: false, delete: unknown("input", "a test") },
  peer: { echo: true, store: true, find: true, findWorklist: false, get: false, move: true },
  users: ["ann", "bob", "cid"],
  one: ["ann"],
  mixed: ["ann", unknown("input", "a test")],
  empty: [],
  path: "DicomModalities.*.AllowFind",
};

describe("texts are filled from a fact", () => {
  const plain: readonly (readonly [string, string])[] = [
    ["port {port}", "port 8042"],
    ["{/tls/mode} and {tls/mode}", "off and off"],
    ["on {bind}", "on every address"],
    ["{none}, {absent}", "nothing, nothing"],
    ["{x}", "not known"],
    ["{users}", "ann, bob, cid"],
    ["{empty}", "an empty list"],
    ["{tls}", '{"mode":"off"}'],
    [`\${port} stays`, `\${port} stays`],
    [`{ "port": {port} }`, `{ "port": 8042 }`],
    ["{port|nofilter}", "{port|nofilter}"],
  ];
  test.each(plain)("%s", (template, text) => {
    expect(fill(template, fact)).toBe(text);
  });

  const filtered: readonly (readonly [keyof typeof filters, string, string])[] = [
    ["capabilities", "{all|capabilities}", "read, change and delete"],
    ["capabilities", "{some|capabilities}", "read"],
    ["capabilities", "{tls|capabilities}", "reach"],
    ["operations", "{peer|operations}", "store images, search patients and have images sent away"],
    ["operations", "{absent|operations}", "do nothing"],
    ["list", "{users|list}", "ann, bob and cid"],
    ["list", "{one|list}", "ann"],
    ["list", "{mixed|list}", "ann and something"],
    ["list", "{port|list}", "8042"],
    ["either", "{users|either}", "ann, bob or cid"],
    ["either", "{one|either}", "ann"],
    ["key", "{path|key}", "AllowFind"],
    ["key", "{port|key}", "8042"],
    ["key", "{x|key}", "something"],
    ["account", "{path|account}", String(fact.path)],
    ["account", "{x|account}", "an account that the image makes"],
  ];
  test.each(filtered)("with %s: %s", (_filter, template, text) => {
    expect(fill(template, fact)).toBe(text);
  });

  test("every filter is tried here", () => {
    expect(new Set(filtered.map(([filter]) => filter))).toEqual(new Set(Object.keys(filters)));
  });

  test("the numbers of slapd stay", () => {
    expect(fill("olcDatabase={1}mdb: {0}to * by {port}", fact)).toBe("olcDatabase={1}mdb: {0}to * by 8042");
  });

  test("its placeholders are known", () => {
    expect(placeholders(`{port} {all|capabilities} \${NOT} { "a": 1 }`)).toEqual([
      { pointer: "port", filter: undefined },
      { pointer: "all", filter: "capabilities" },
    ]);
  });
});
