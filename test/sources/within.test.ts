/** What is read, and what is not, when a configuration names files elsewhere. */
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { isUnknown } from "../../src/facts/unknown.ts";
import { nodeFiles } from "../../src/node/files.ts";
import type { Files } from "../../src/sources/files.ts";
import { memoryFiles } from "../../src/sources/memory-files.ts";
import { within } from "../../src/sources/within.ts";
import { cli } from "../cli/fake.ts";
import { lintOver } from "../inspect.ts";

/** The files with a record of every path that was read. */
function recorded(files: Files): { readonly files: Files; readonly read: Set<string> } {
  const read = new Set<string>();
  return {
    read,
    files: {
      ...files,
      read(path) {
        const result = files.read(path);
        if (result.ok) read.add(path);
        return result;
      },
    },
  };
}

const compose = `include:
  - ../base/compose.yml
services:
  pacs:
    image: orthancteam/orthanc:24.6.2
    env_file: ../shared/pacs.env
    volumes:
      - ../shared/orthanc.json:/etc/orthanc/orthanc.json
      - ./own.json:/etc/orthanc/own.json
    secrets: [users]
secrets:
  users:
    file: /srv/users
`;

const world = {
  "hospital/pacs/compose.yml": compose,
  "hospital/pacs/own.json": `{ "Name": "Clinic" }`,
  "hospital/shared/orthanc.json": `{ "ExecuteLuaEnabled": true }`,
  "hospital/shared/pacs.env": "ORTHANC__NAME=Clinic\n",
  "hospital/shared/other.json": `{ "Name": "nobody names this one" }`,
  "hospital/base/compose.yml": "services: {}\n",
  "/srv/users": "{}",
};

function readBy(followOutside: boolean): readonly string[] {
  const { files, read } = recorded(memoryFiles(world));
  lintOver(files, { paths: ["hospital/pacs"], followOutside });
  return [...read].sort();
}

test("without the option what the deployment names is read, and nothing else", () => {
  expect(readBy(true)).toEqual([
    "/srv/users",
    "hospital/base/compose.yml",
    "hospital/pacs/compose.yml",
    "hospital/pacs/own.json",
    "hospital/shared/orthanc.json",
    "hospital/shared/pacs.env",
  ]);
});

test("with the option nothing outside the named paths is read", () => {
  expect(readBy(false)).toEqual(["hospital/pacs/compose.yml", "hospital/pacs/own.json"]);
});

test("what is not read is a problem with its line, and what depends on it is not known", () => {
  const { report } = lintOver(
    memoryFiles({ ...world, "hospital/pacs/compose.yml": compose.slice(compose.indexOf("services")) }),
    {
      paths: ["hospital/pacs"],
      followOutside: false,
    },
  );
  expect(
    report.problems.map(({ kind, message, location }) => `${kind} ${location?.line} ${message}`),
  ).toEqual([
    "missing-file 4 the env file hospital/shared/pacs.env cannot be read: it lies outside the folders that were named, and --no-follow-outside forbids to read it",
  ]);
  const http = report.deployments[0]?.services[0]?.listeners[0];
  expect(http?.protocol).toBe("http");
  expect(isUnknown(http?.reach)).toBe(true);
});

describe("on the command line", () => {
  test("the same", async () => {
    const { stdout } = await cli(["doctor", "hospital/pacs", "--no-follow-outside"], { files: world });
    expect(stdout).toContain("--no-follow-outside forbids to read it");
    expect(stdout).not.toContain("shared/orthanc.json");
  });

  test("it does not go with --on-host, which needs the whole disk", async () => {
    const { code, stderr } = await cli(["hospital/pacs", "--no-follow-outside", "--on-host"], {
      files: world,
    });
    expect(code).toBe(2);
    expect(stderr).toContain("it does not go with --no-follow-outside");
  });
});

describe("links", () => {
  const folder = mkdtempSync(join(tmpdir(), "within-"));
  mkdirSync(join(folder, "pacs"));
  mkdirSync(join(folder, "other"));
  writeFileSync(join(folder, "other/orthanc.json"), `{ "Name": "elsewhere" }`);
  writeFileSync(join(folder, "pacs/orthanc.json"), `{ "Name": "here" }`);
  symlinkSync("../other/orthanc.json", join(folder, "pacs/linked.json"));
  symlinkSync("../other", join(folder, "pacs/folder"));
  symlinkSync("orthanc.json", join(folder, "pacs/alias.json"));
  afterAll(() => rmSync(folder, { recursive: true }));

  test("count by where they lead", () => {
    const files = within(nodeFiles(folder), ["pacs"]);
    expect(files.read("pacs/orthanc.json").ok).toBe(true);
    expect(files.read("pacs/alias.json").ok).toBe(true);
    expect(files.read(join(folder, "pacs/orthanc.json")).ok).toBe(true);
    expect(files.read("pacs/linked.json")).toMatchObject({ ok: false, reason: "denied" });
    expect(files.read("pacs/folder/orthanc.json")).toMatchObject({ ok: false, reason: "denied" });
    expect(files.stat("pacs/linked.json")).toBeUndefined();
    expect(files.list("pacs/folder")).toBeUndefined();
    expect(files.read("pacs/gone.json")).toMatchObject({ ok: false, reason: "absent" });
  });

  test("that lead out of the named folder are shown as skipped", () => {
    const { report } = lintOver(nodeFiles(folder), { paths: ["pacs"], followOutside: false });
    expect(report.problems.map(({ kind, location }) => `${kind} ${location?.file}`)).toEqual([
      "skipped pacs/folder",
      "skipped pacs/linked.json",
    ]);
  });

  test("of a root that is a file its folder counts", () => {
    const files = within(nodeFiles(folder), ["pacs/orthanc.json"], ["other/orthanc.json"]);
    expect(files.read("pacs/alias.json").ok).toBe(true);
    expect(files.read("other/orthanc.json").ok).toBe(true);
    expect(files.list("other")).toBeUndefined();
  });
});
