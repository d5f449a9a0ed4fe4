import {
  chmodSync,
  lstatSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { rewrite } from "../../src/node/rewrite.ts";

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "pacslint-rewrite-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

function file(name: string, content: string): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

test("replaces the content and keeps mode and owner", () => {
  const path = file("orthanc.json", "old");
  chmodSync(path, 0o640);
  const { uid, gid } = statSync(path);
  rewrite(path, { expected: bytes("old"), content: bytes("new"), backup: false });
  const after = statSync(path);
  expect(readFileSync(path, "utf8")).toBe("new");
  expect([after.mode & 0o777, after.uid, after.gid]).toEqual([0o640, uid, gid]);
  expect(readdirSync(folder)).toEqual(["orthanc.json"]);
});

test("keeps a copy, and never overwrites an older one", () => {
  const path = file("a.env", "one");
  chmodSync(path, 0o600);
  rewrite(path, { expected: bytes("one"), content: bytes("two"), backup: true });
  rewrite(path, { expected: bytes("two"), content: bytes("three"), backup: true });
  expect(readFileSync(join(folder, "a.env.bak"), "utf8")).toBe("one");
  expect(readFileSync(join(folder, "a.env.bak.2"), "utf8")).toBe("two");
  expect(statSync(join(folder, "a.env.bak")).mode & 0o777).toBe(0o600);
});

test("leaves a file alone that was changed meanwhile", () => {
  const path = file("a", "somebody's");
  expect(() => rewrite(path, { expected: bytes("old"), content: bytes("new"), backup: true })).toThrow(
    "it was changed since it was read",
  );
  expect(readFileSync(path, "utf8")).toBe("somebody's");
  expect(readdirSync(folder)).toEqual(["a"]);
});

test("writes to where a link leads, and the link stays", () => {
  const target = file("real.json", "old");
  const link = join(folder, "link.json");
  symlinkSync("real.json", link);
  rewrite(link, { expected: bytes("old"), content: bytes("new"), backup: false });
  expect(lstatSync(link).isSymbolicLink()).toBe(true);
  expect(readFileSync(target, "utf8")).toBe("new");
});
