import { expect, test } from "vitest";
import { memoryFiles, withFile } from "../../src/sources/memory-files.ts";

const files = memoryFiles({
  "etc/orthanc/orthanc.json": "{}",
  "./readme.txt": "hello",
  "/run/secrets/p": "x",
});
const bytes = new TextEncoder().encode("{ }");

test("files and the folders that their paths make", () => {
  expect(files.read("etc/../etc/orthanc/orthanc.json")).toEqual({
    ok: true,
    bytes: new TextEncoder().encode("{}"),
  });
  expect(files.list(".")).toEqual(["etc", "readme.txt"]);
  expect(files.list("etc")).toEqual(["orthanc"]);
  expect(files.list("/run")).toEqual(["secrets"]);
  expect(files.list("/")).toEqual(["run"]);
  expect(files.stat("etc")).toMatchObject({ kind: "directory" });
  expect(files.stat("readme.txt")).toMatchObject({ kind: "file", size: 5 });
});

test("what is not there", () => {
  expect(files.read("gone")).toMatchObject({ ok: false, reason: "absent" });
  expect(files.read("etc")).toMatchObject({ ok: false, reason: "directory" });
  expect(files.list("readme.txt")).toBeUndefined();
  expect(files.stat("gone")).toBeUndefined();
});

test("a text that is not saved yet hides the file, or is one more", () => {
  const edited = withFile(files, "etc/orthanc/orthanc.json", bytes);
  expect(edited.read("./etc/orthanc/orthanc.json")).toEqual({ ok: true, bytes });
  expect(edited.stat("etc/orthanc/orthanc.json")).toMatchObject({ size: 3 });
  expect(edited.list("etc/orthanc")).toEqual(["orthanc.json"]);
  expect(withFile(files, "new.json", bytes).list(".")).toEqual(["etc", "new.json", "readme.txt"]);
  expect(edited.read("readme.txt")).toMatchObject({ ok: true });
});
