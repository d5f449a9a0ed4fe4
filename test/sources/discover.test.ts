import { describe, expect, test } from "vitest";
import { nodeCrypto } from "../../src/node/crypto.ts";
import { type Discovery, discover } from "../../src/sources/discover.ts";
import type { Files } from "../../src/sources/files.ts";
import { memoryFiles } from "../../src/sources/memory-files.ts";
import { createSources } from "../../src/sources/source.ts";

const orthanc = `{ "Name": "Clinic", "HttpPort": 8042, "DicomAet": "CLINIC" }`;

function find(paths: readonly string[], files: Files): Discovery {
  return discover(paths, files, createSources(files, nodeCrypto));
}

function paths({ candidates }: Discovery): readonly string[] {
  return candidates.map(({ source }) => source.path);
}

describe("files are found", () => {
  const files = memoryFiles({
    "orthanc.json": orthanc,
    "deploy/orthanc.json": orthanc,
    "deploy/.env": "A=1",
    "deploy/photo.jpg": "x",
    "deploy/node_modules/a/orthanc.json": orthanc,
    "deploy/.git/orthanc.json": orthanc,
    Dockerfile: "FROM scratch",
  });

  test("below folders, but not in those that never hold a deployment", () => {
    const found = find(["."], files);
    expect(paths(found)).toEqual(["Dockerfile", "deploy/.env", "deploy/orthanc.json", "orthanc.json"]);
    expect(found.skipped).toEqual([]);
  });

  test("in such a folder, when it is named", () => {
    expect(paths(find(["deploy/node_modules"], files))).toEqual(["deploy/node_modules/a/orthanc.json"]);
  });

  test("once, however often they are named", () => {
    expect(paths(find(["orthanc.json", "./orthanc.json", "deploy/..", "."], files))).toEqual([
      "orthanc.json",
      "Dockerfile",
      "deploy/.env",
      "deploy/orthanc.json",
    ]);
  });

  test("by any name, when they are named", () => {
    const odd = memoryFiles({ "settings.backup": orthanc });
    expect(paths(find(["."], odd))).toEqual([]);
    expect(find(["settings.backup"], odd).candidates).toMatchObject([{ kind: "orthanc-json", named: true }]);
  });

  test("with what they are and below which path they were found", () => {
    const { candidates } = find(["deploy"], files);
    expect(candidates).toMatchObject([
      { kind: "dotenv", root: "deploy", named: false },
      { kind: "orthanc-json", root: "deploy", named: false },
    ]);
  });
});

describe("nothing is left out in silence", () => {
  test("a path that is not there", () => {
    expect(find(["gone.json"], memoryFiles({})).skipped).toEqual([
      { path: "gone.json", kind: "unreadable", message: "there is no such file or folder", named: true },
    ]);
  });

  test("folders that are nested too deeply", () => {
    const deep = `${"d/".repeat(30)}orthanc.json`;
    const { candidates, skipped } = find(["."], memoryFiles({ [deep]: orthanc }));
    expect(candidates).toEqual([]);
    expect(skipped).toMatchObject([
      { kind: "limit", message: "folders deeper than 24 levels are not entered" },
    ]);
  });

  test("a folder that leads to itself", () => {
    const base = memoryFiles({ "etc/orthanc.json": orthanc });
    const looping: Files = {
      read: base.read,
      list: (path) => base.list(path.replaceAll("/again", ""))?.concat("again"),
      stat: (path) => base.stat(path.replaceAll("/again", "")),
    };
    const { candidates, skipped } = find(["etc"], looping);
    expect(candidates).toHaveLength(1);
    expect(skipped).toMatchObject([
      { path: "etc/again", kind: "skipped", message: "it leads to a folder that is read already" },
    ]);
  });

  test("a folder that cannot be listed", () => {
    const base = memoryFiles({ "etc/a/orthanc.json": orthanc, "etc/b/orthanc.json": orthanc });
    const closed: Files = { ...base, list: (path) => (path === "etc/a" ? undefined : base.list(path)) };
    const found = find(["etc"], closed);
    expect(paths(found)).toEqual(["etc/b/orthanc.json"]);
    expect(found.skipped).toMatchObject([
      { path: "etc/a", kind: "unreadable", message: "the folder cannot be listed" },
    ]);
  });
});
