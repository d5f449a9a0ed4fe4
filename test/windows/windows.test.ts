/** pacslint on Windows says, and writes, what it does elsewhere. */
import { existsSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { describe, expect, test } from "vitest";
import { hasWindows, inFolder, onDrive, onLinux, onWindows } from "./judge.ts";

const required = process.env.PACSLINT_REQUIRE_WINDOWS !== undefined;

test.runIf(required)("Wine and the Node of Windows are there", () => {
  expect(hasWindows).toBe(true);
});

const open = `{
  "RemoteAccessAllowed": true,
  "AuthenticationEnabled": false
}
`;

/** The files of a JSON report that findings point into, with their lines. */
function places(report: string): readonly string[] {
  const { findings } = JSON.parse(report) as {
    findings: readonly { rule: string; location: { file: string; line: number } }[];
  };
  return findings.map(({ rule, location }) => `${rule} ${location.file}:${location.line}`);
}

describe.skipIf(!hasWindows)("on Windows", { timeout: 60_000 }, () => {
  test("the report of all examples is the same", () => {
    const windows = onWindows(resolve("."), ["examples\\", "--format", "json"]);
    const linux = onLinux(resolve("."), ["examples/", "--format", "json"]);
    expect(places(linux.out).length).toBeGreaterThan(100);
    expect(windows.errors).toBe(linux.errors);
    expect(windows.out).toBe(linux.out);
    expect(windows.code).toBe(linux.code);
  });

  test.each([
    ["a name", "orthanc.json", "orthanc.json"],
    ["a name from here", ".\\orthanc.json", "orthanc.json"],
    ["this folder, with a backslash", ".\\", "orthanc.json"],
    ["a folder with a blank", "Orthanc Server\\", "Orthanc Server/pacs.json"],
  ])("%s leads to the file", (_, path, file) => {
    inFolder({ "orthanc.json": open, "Orthanc Server/pacs.json": open }, (folder) => {
      const { code, out, errors } = onWindows(folder, [path, "--format", "json"]);
      expect(errors).toBe("");
      expect(code).toBe(1);
      expect(places(out)).toContain(`http-no-authentication ${file}:3`);
    });
  });

  test("a path with its drive leads to the file, and is shown whole", () => {
    inFolder({ "Orthanc Server/pacs.json": open }, (folder) => {
      const file = join(folder, "Orthanc Server/pacs.json");
      const { out } = onWindows(folder, [onDrive(file), "--format", "json"]);
      expect(places(out)).toContain(`http-no-authentication Z:${file}:3`);
    });
  });

  test("line ends of Windows stay when a file is mended", () => {
    const content = open.replaceAll("\n", "\r\n");
    const [windows, linux] = [onWindows, onLinux].map((run) =>
      inFolder({ "orthanc.json": content }, (folder) => {
        run(folder, ["fix", "--unsafe", "orthanc.json"]);
        return readFileSync(join(folder, "orthanc.json"), "utf8");
      }),
    );
    expect(windows).toBe(linux);
    expect(windows).toContain('  "AuthenticationEnabled": true,\r\n');
    expect(windows?.replaceAll("\r\n", "")).not.toContain("\n");
  });

  test("a baseline of Windows counts elsewhere, and the other way round", () => {
    const given = ["--orthanc-version", "1.12.7", "--baseline", "known.json"];
    for (const [writing, reading] of [
      [onWindows, onLinux],
      [onLinux, onWindows],
    ] as const) {
      inFolder({ "site/sub/orthanc.json": open }, (folder) => {
        const path = (run: typeof onLinux): string => (run === onWindows ? "site\\sub" : "site/sub");
        writing(folder, ["baseline", "write", path(writing), ...given]);
        expect(readFileSync(join(folder, "known.json"), "utf8")).toContain("http-no-authentication");
        expect(reading(folder, [path(reading), ...given]).code).toBe(0);
      });
    }
  });

  test("reports are written to paths of Windows", () => {
    inFolder({ "orthanc.json": open, "reports/here.txt": "" }, (folder) => {
      const html = `html=${onDrive(join(folder, "reports", "report.html"))}`;
      const { code, errors } = onWindows(folder, [
        ".",
        "--format",
        html,
        "--format",
        "sarif=reports\\pacs.sarif",
      ]);
      expect(errors).toBe("");
      expect(code).toBe(1);
      expect(existsSync(join(folder, "reports/report.html"))).toBe(true);
      expect(readFileSync(join(folder, "reports/pacs.sarif"), "utf8")).toContain('"uri": "orthanc.json"');
    });
  });

  test.each([
    ["a device is no file", ["NUL"], 3, "NUL: there is no such file or folder"],
    [
      "a file that is not there",
      ["gone\\orthanc.json"],
      3,
      "gone/orthanc.json: there is no such file or folder",
    ],
    ["an option that does not exist", [".", "--strct"], 2, "--strct"],
  ])("%s", (_, args, code, message) => {
    inFolder({ "orthanc.json": open }, (folder) => {
      const ran = onWindows(folder, args);
      expect(ran.out + ran.errors).toContain(message);
      expect(ran.code).toBe(code);
    });
  });
});
