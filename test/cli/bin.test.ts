/** The built command as a process. */
import { spawn, spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { builtinModules } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";

const bin = join(import.meta.dirname, "../../dist/pacslint.js");
const folder = mkdtempSync(join(tmpdir(), "pacslint-bin-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

writeFileSync(
  join(folder, "orthanc.json"),
  '{ "Name": "Clinic", "RemoteAccessAllowed": true, "AuthenticationEnabled": false }\n',
);

const pacslint = (...argv: readonly string[]) =>
  spawnSync(process.execPath, [bin, ...argv], { cwd: folder, encoding: "utf8" });

describe.skipIf(!existsSync(bin))("dist/pacslint.js", () => {
  test("lints, and ends with the report's exit code", () => {
    const { status, stdout, stderr } = pacslint("orthanc.json", "--format", "json");
    expect(stderr).toBe("");
    expect(JSON.parse(stdout)).toMatchObject({ exitCode: status });
    expect(status).toBe(1);
  });

  test("reads standard input", () => {
    const input = readFileSync(join(folder, "orthanc.json"));
    const { status } = spawnSync(process.execPath, [bin, "-"], { cwd: folder, input });
    expect(status).toBe(1);
  });

  test("--output replaces the file at once and leaves nothing beside it", () => {
    writeFileSync(join(folder, "report.json"), "old");
    pacslint("orthanc.json", "--format", "json", "--output", "report.json");
    expect(JSON.parse(readFileSync(join(folder, "report.json"), "utf8"))).toHaveProperty("findings");
    expect(readdirSync(folder).sort()).toEqual(["orthanc.json", "report.json"]);
    expect(pacslint("rules", "--output", "gone/report.txt")).toMatchObject({ status: 2 });
  });

  test("a reader that stops reading is no error", async () => {
    const child = spawn(process.execPath, [bin, "orthanc.json", "--format", "json"], { cwd: folder });
    child.stdout.destroy();
    let stderr = "";
    child.stderr.on("data", (data) => {
      stderr += data;
    });
    await new Promise((resolve) => child.once("close", resolve));
    expect(stderr).toBe("");
  });

  test("asks for nothing that is not in the package", () => {
    const text = readdirSync(join(bin, "../chunks"))
      .map((name) => readFileSync(join(bin, "../chunks", name), "utf8"))
      .join("\n");
    // In quotes it is a text: validators carry one that tells where their helper comes from.
    const importing = /(?:\}from|\bimport|import\(|(?<!')require\()\s*"([a-z@][\w@./:-]*)"/g;
    const asked = [...text.matchAll(importing)].map((match) => match[1] ?? "");
    expect(asked).toContain("node:fs");
    const builtin = new Set(builtinModules);
    expect(asked.filter((name) => !builtin.has(name.replace(/^node:/, "")))).toEqual([]);
  });

  test("starts in a small multiple of the time of Node itself", () => {
    // Processor time, which other tests that run at the same time change least; the best of several runs.
    const tell =
      "import{writeSync}from'node:fs';process.on('exit',()=>{const{user,system}=process.cpuUsage();writeSync(2,'cpu='+(user+system))})";
    const time = (...argv: readonly string[]) => {
      const preload = ["--import", `data:text/javascript,${encodeURIComponent(tell)}`];
      const { stderr } = spawnSync(process.execPath, [...preload, ...argv], {
        cwd: folder,
        encoding: "utf8",
      });
      return Number(/cpu=(\d+)$/.exec(stderr)?.[1]);
    };
    const runs = Array.from({ length: 8 }, () => ({
      node: time("-e", "0"),
      version: time(bin, "--version"),
      lint: time(bin, "orthanc.json", "--orthanc-version", "1.12.7"),
    }));
    const best = (what: "node" | "version" | "lint") => Math.min(...runs.map((run) => run[what]));
    // On a quiet machine about 1.4 and 6; the rest is for a machine that other tests keep busy.
    expect(best("version") / best("node")).toBeLessThan(4);
    expect(best("lint") / best("node")).toBeLessThan(18);
  });
});
