import { execFileSync } from "node:child_process";
import {
  chmodSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { nodeFiles } from "../../src/node/files.ts";

const folder = mkdtempSync(join(tmpdir(), "pacslint-files-"));
const files = nodeFiles(folder);
const onWindows = process.platform === "win32";
const isRoot = process.getuid?.() === 0;

beforeAll(() => {
  mkdirSync(join(folder, "etc"));
  writeFileSync(join(folder, "etc/orthanc.json"), "{}");
  writeFileSync(join(folder, "large.json"), "");
  truncateSync(join(folder, "large.json"), 200 * 1024 * 1024);
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

test("reads, lists and tells what is there", () => {
  expect(files.read("etc/orthanc.json")).toEqual({ ok: true, bytes: Buffer.from("{}") });
  expect(files.read(join(folder, "etc/orthanc.json"))).toMatchObject({ ok: true });
  expect(files.list("etc")).toEqual(["orthanc.json"]);
  expect(files.list(".")).toEqual(["etc", "large.json"]);
  expect(files.stat("etc")).toMatchObject({ kind: "directory" });
  expect(files.stat("etc/orthanc.json")).toMatchObject({ kind: "file", size: 2 });
});

test("tells why it cannot", () => {
  expect(files.read("gone.json")).toMatchObject({ ok: false, reason: "absent" });
  expect(files.read("etc/orthanc.json/below")).toMatchObject({ ok: false, reason: "absent" });
  expect(files.read("etc")).toMatchObject({ ok: false, reason: "directory" });
  expect(files.read(`${"x".repeat(5000)}.json`)).toMatchObject({ ok: false, reason: "absent" });
  expect(files.read("a\0b")).toMatchObject({ ok: false, reason: "absent" });
  expect(files.list("gone")).toBeUndefined();
  expect(files.list("etc/orthanc.json")).toBeUndefined();
  expect(files.stat("gone")).toBeUndefined();
});

test("a file of 200 MB is not read, and the message says so", () => {
  expect(files.read("large.json")).toEqual({
    ok: false,
    reason: "too-large",
    message: "the file has 200 MiB; files above 64 MiB are not read",
  });
});

test.skipIf(onWindows)("a pipe, a socket and a device are never opened", async () => {
  execFileSync("mkfifo", [join(folder, "pipe.json")]);
  expect(files.read("pipe.json")).toMatchObject({ ok: false, reason: "special" });
  expect(files.stat("pipe.json")).toMatchObject({ kind: "special" });
  expect(files.read("/dev/zero")).toMatchObject({ ok: false, reason: "special" });
  const server = createServer().listen(join(folder, "socket"));
  await new Promise((resolve) => server.once("listening", resolve));
  expect(files.read("socket")).toMatchObject({ ok: false, reason: "special" });
  server.close();
});

test.skipIf(onWindows)("links that lead in a circle are told, and a linked folder is known again", () => {
  symlinkSync("loop-b", join(folder, "loop-a"));
  symlinkSync("loop-a", join(folder, "loop-b"));
  expect(files.read("loop-a")).toEqual({
    ok: false,
    reason: "failed",
    message: "the symbolic links lead in a circle",
  });
  expect(files.stat("loop-a")).toBeUndefined();
  symlinkSync(".", join(folder, "etc/again"));
  expect(files.stat("etc/again/again")?.identity).toBe(files.stat("etc")?.identity);
  linkSync(join(folder, "etc/orthanc.json"), join(folder, "hard.json"));
  expect(files.stat("hard.json")?.identity).toBe(files.stat("etc/orthanc.json")?.identity);
});

test.skipIf(onWindows)("permissions are told", () => {
  const path = join(folder, "private.json");
  writeFileSync(path, "{}");
  chmodSync(path, 0o640);
  expect(files.stat("private.json")?.mode).toBe(0o640);
});

test.skipIf(onWindows || isRoot)("a file that may not be read is told", () => {
  const path = join(folder, "denied.json");
  writeFileSync(path, "{}", { mode: 0 });
  expect(files.read("denied.json")).toMatchObject({ ok: false, reason: "denied" });
});

test.skipIf(onWindows)(
  "a path of Windows is not there, rather than a name below the working directory",
  () => {
    mkdirSync(join(folder, "C:"));
    writeFileSync(join(folder, "C:/orthanc.json"), "{}");
    expect(files.read("C:/orthanc.json")).toMatchObject({ ok: false, reason: "absent" });
    expect(files.stat("\\\\server\\share")).toBeUndefined();
  },
);

test.skipIf(process.platform !== "linux")(
  "a file that says it is empty and is not is read to its end",
  () => {
    const read = files.read("/proc/self/status");
    expect(read.ok && read.bytes.length).toBeGreaterThan(100);
  },
);
