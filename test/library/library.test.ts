import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runInNewContext } from "node:vm";
import { build } from "esbuild";
import { expect, test } from "vitest";
import { lint } from "../../src/index.ts";
import { reportIn } from "../cli/report.ts";

const root = join(import.meta.dirname, "../..");

const open = '{\n  "Name": "Clinic",\n  "RemoteAccessAllowed": true,\n  "AuthenticationEnabled": false\n}\n';

test("lints files in memory, and renders every format", async () => {
  const { report, render } = lint({ "orthanc.json": open }, { orthancVersion: "1.12.7" });
  expect(report.exitCode).toBe(1);
  expect(report.findings[0]).toMatchObject({
    rule: "http-no-authentication",
    location: { file: "orthanc.json", line: 4 },
  });
  expect(await render("text")).toContain("CRITICAL  http-no-authentication");
  expect(reportIn(await render("json")).findings).toHaveLength(report.findings.length);
  expect(JSON.parse(await render("sarif")).runs).toHaveLength(1);
});

test("runs where there is nothing of Node", async () => {
  const { outputFiles, metafile } = await build({
    stdin: { contents: 'export { lint } from "./src/index.ts";', resolveDir: root },
    bundle: true,
    write: false,
    metafile: true,
    platform: "browser",
    format: "iife",
    globalName: "pacslint",
    target: "es2022",
  });
  const imports = Object.values(metafile.outputs).flatMap((output) => output.imports);
  expect(imports.filter(({ external }) => external === true)).toEqual([]);
  // What browsers and Node have in common.
  const world = { TextEncoder, TextDecoder, URL, setTimeout, files: { "orthanc.json": open }, result: "" };
  runInNewContext(`${outputFiles[0]?.text}; result = pacslint.lint(files).report.findings[0].rule;`, world);
  expect(world.result).toBe("http-no-authentication");
}, 60_000);

test("is installed and imported as a package, with types", () => {
  const folder = mkdtempSync(join(tmpdir(), "pacslint-library-"));
  const node = (...argv: readonly string[]) =>
    execFileSync(process.execPath, [...argv], { cwd: folder, encoding: "utf8" });
  const compiler = join(root, "node_modules/typescript/bin/tsc");
  const asStrictModule = [
    "--noEmit",
    "--strict",
    "--module",
    "nodenext",
    "--target",
    "es2022",
    "--types",
    "",
  ];
  const checkTypes = (file: string) => node(compiler, ...asStrictModule, file);
  try {
    for (const script of ["build", "types"])
      execFileSync(process.execPath, [join(root, `scripts/${script}.mjs`)]);
    const packed = execFileSync("npm", ["pack", "--ignore-scripts", "--pack-destination", folder], {
      cwd: root,
      encoding: "utf8",
      shell: process.platform === "win32",
    });
    const installed = join(folder, "node_modules/pacslint");
    mkdirSync(installed, { recursive: true });
    execFileSync("tar", [
      "xzf",
      join(folder, packed.trim().split("\n").at(-1) ?? ""),
      "--strip-components=1",
      "-C",
      installed,
    ]);
    const code = `import { lint, type Report } from "pacslint";
const report: Report = lint({ "orthanc.json": ${JSON.stringify(open)} }, { failOn: "critical" }).report;
console.log(report.findings[0]?.rule);
`;
    writeFileSync(join(folder, "use.mjs"), code.replace(", type Report", "").replace(": Report", ""));
    expect(node("use.mjs")).toBe("http-no-authentication\n");
    writeFileSync(
      join(folder, "use.mts"),
      code.replace("console.log(", "export const rule = (").replace(/;\n$/, ";\n"),
    );
    checkTypes("use.mts");
    expect(() => {
      writeFileSync(
        join(folder, "wrong.mts"),
        code.replace('"critical"', '"urgent"').replace("console.log", "void "),
      );
      checkTypes("wrong.mts");
    }).toThrow();
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}, 120_000);
