/** From the mounts, secrets and variables of a container to the input of its image. */
import { describe, expect, it } from "vitest";
import type { ContainerFile } from "../../src/deployment/model.ts";
import { nodeCrypto } from "../../src/node/crypto.ts";
import { configureImage } from "../../src/products/orthanc/image/index.ts";
import { imageInput, processEnvironment } from "../../src/products/orthanc/image/input.ts";
import type { ImageInput } from "../../src/products/orthanc/image/types.ts";
import { memoryFiles } from "../../src/sources/memory-files.ts";
import { createSources } from "../../src/sources/source.ts";
import { at } from "../../src/sources/tree.ts";
import { textOfFile } from "../../src/text/text.ts";
import { containerOf, someLine } from "../container.ts";

const disk = memoryFiles({
  "conf/orthanc.json": '{"Name": "folder"}',
  "conf/sub/x.json": "{}",
  "conf/d.json/inner.txt": "a folder that is named like a file",
  "root/orthanc/a.json": '{"HttpPort": 80}',
  "one.json": '{"Name": "one"}',
  "key.bin": new Uint8Array([0, 1, 2]),
});

function input(files: readonly Omit<ContainerFile, "at">[], command?: readonly string[]): ImageInput {
  const container = containerOf("orthancteam/orthanc:24.6.2", {
    command: command?.map((word) => textOfFile("compose.yml", word)),
    variables: [{ name: "A", value: textOfFile(".env", "a"), at: someLine }],
    files: files.map((file) => ({ ...file, at: someLine })),
  });
  return imageInput(
    container,
    { kind: "builder", release: "24.6.2", full: false },
    true,
    disk,
    createSources(disk, nodeCrypto),
  );
}

const shown = ({ files }: ImageInput): readonly string[] =>
  files.map(({ path, content }) => `${path} ${content.type}`).sort();

describe("the files of a container", () => {
  it("come from a mounted folder", () => {
    expect(shown(input([{ target: "/etc/orthanc/", content: { type: "folder", path: "conf" } }]))).toEqual([
      "/etc/orthanc folder",
      "/etc/orthanc/d.json folder",
      "/etc/orthanc/orthanc.json text",
      "/etc/orthanc/sub folder",
    ]);
  });
  it("come from a folder around the one that counts", () => {
    expect(shown(input([{ target: "/etc", content: { type: "folder", path: "root" } }]))).toEqual([
      "/etc folder",
      "/etc/orthanc folder",
      "/etc/orthanc/a.json text",
    ]);
  });
  it("a file is mounted over one of a folder, in any order", () => {
    const made = input([
      { target: "/etc/orthanc/orthanc.json", content: { type: "file", path: "one.json" } },
      { target: "/etc", content: { type: "folder", path: "root" } },
    ]);
    const tree = configureImage(made).generated?.tree;
    expect(tree && at(tree, ["Name"])).toMatchObject({
      text: { value: "one" },
      at: { file: "one.json", start: 9, end: 14 },
    });
    expect(tree && at(tree, ["HttpPort"])).toMatchObject({ value: 80, at: { file: "root/orthanc/a.json" } });
  });
  it("may be texts, volumes, binary or not there", () => {
    const made = input([
      { target: "/etc/orthanc", content: { type: "volume" } },
      { target: "/run/secrets/a", content: { type: "text", text: textOfFile("compose.yml", "secret") } },
      { target: "/run/secrets/b", content: { type: "unknown", reason: "kept outside" } },
      { target: "/run/secrets/c", content: { type: "file", path: "key.bin" } },
      { target: "/run/secrets/d", content: { type: "file", path: "missing" } },
    ]);
    expect(shown(made)).toEqual([
      "/etc/orthanc unknown",
      "/run/secrets/a text",
      "/run/secrets/b unknown",
      "/run/secrets/c binary",
      "/run/secrets/d unknown",
    ]);
    expect(configureImage(made).generated?.tree.open?.reason).toMatch(/volume at \/etc\/orthanc/);
  });
  it("include the folder that the command names", () => {
    const made = input([{ target: "/srv", content: { type: "folder", path: "conf" } }], ["/srv/"]);
    expect(configureImage(made)).toMatchObject({
      reads: "given",
      configuration: [{ path: "/srv", files: [{ path: "conf/orthanc.json" }] }],
    });
  });
});

it("the process has variables that the manifest does not name", () => {
  const { variables, complete } = processEnvironment(input([]));
  expect(complete).toBe(true);
  expect(variables.get("A")?.value.value).toBe("a");
  expect(variables.get("HOSTNAME")?.value.pieces[0]?.hole?.reason).toMatch(/container itself/);
});
