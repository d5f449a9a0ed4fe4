/** `pacslint fix`: what is written, what is not, and what is said of it. */
import { describe, expect, test } from "vitest";
import { cli } from "./fake.ts";

const clinic = `{
  // of the clinic
  "RemoteAccessAllowed": true,
  "AuthenticationEnabled": false,
  "RegisteredUsers": { "radiology": "nine blue doors by the sea 47" },
  "ExecuteLuaEnabled": true /* needed in 2019 */
}
`;

/** One release is judged faster than all of them. */
const release = ["--orthanc-version", "1.12.7"];

describe("pacslint fix", () => {
  test("makes what closes a finding, and leaves every other byte", async () => {
    const { code, stdout, saved } = await cli(["fix", ".", ...release, "--unsafe"], {
      files: { "orthanc.json": clinic },
    });
    expect(saved["orthanc.json"]).toContain('"AuthenticationEnabled": true,\n');
    expect(saved["orthanc.json"]).toContain("// of the clinic\n");
    expect(stdout).toMatch(/^ {8}4 {2}http-no-authentication: "AuthenticationEnabled": true$/m);
    // The password now goes over the line, which nothing encrypts: that is for a person.
    expect(stdout).toContain("HIGH  http-no-tls  orthanc.json:1");
    expect(code).toBe(1);
  });

  test("writes nothing by itself that may lock somebody out", async () => {
    const { saved, stdout, code } = await cli(["fix", ".", ...release], {
      files: { "orthanc.json": clinic },
    });
    expect(saved).toEqual({});
    expect(stdout).toContain("Nothing was changed.");
    expect(stdout).toContain("pacslint fix --unsafe makes the edit.");
    expect(code).toBe(1);
  });

  test("--dry-run prints a diff and writes nothing; passwords are masked in it", async () => {
    const files = { "orthanc.json": clinic };
    const { saved, stdout, stderr } = await cli(["fix", ".", ...release, "--unsafe", "--dry-run"], { files });
    expect(saved).toEqual({});
    expect(stdout).toContain("--- a/orthanc.json\n+++ b/orthanc.json\n@@ -1,");
    expect(stdout).toContain('-  "AuthenticationEnabled": false,\n');
    expect(stdout).toContain('+  "AuthenticationEnabled": true,\n');
    expect(stdout + stderr).not.toContain("blue doors");
    expect(stderr).toContain("Would change 1 file");
  });

  test("does not write an edit that opens something else", async () => {
    // With the login alone, releases before 1.13.0 create the account orthanc/orthanc.
    const files = { "orthanc.json": clinic.replace("nine blue doors by the sea 47", "radiology") };
    const { saved, stdout } = await cli(
      ["fix", ".", ...release, "--unsafe", "--rule", "http-no-authentication"],
      {
        files,
      },
    );
    expect(saved).toEqual({});
    expect(stdout).toMatch(/Its edit was not made: it would add http-default-credentials/);
  });

  test("does the same twice only once", async () => {
    const first = await cli(["fix", ".", ...release, "--unsafe"], { files: { "orthanc.json": clinic } });
    const second = await cli(["fix", ".", ...release, "--unsafe"], {
      files: { "orthanc.json": clinic, ...first.saved },
    });
    expect(Object.keys(first.saved)).toEqual(["orthanc.json"]);
    expect(second.saved).toEqual({});
  });

  test("limits itself to the rules that were named", async () => {
    const { saved } = await cli(["fix", ".", ...release, "--unsafe", "--rule", "webdav-enabled"], {
      files: { "orthanc.json": clinic },
    });
    expect(saved).toEqual({});
  });

  test("leaves files alone that a configuration names elsewhere", async () => {
    const files = {
      "stack/compose.yml":
        "services:\n  orthanc:\n    image: orthancteam/orthanc:24.6.2\n    ports: ['8042:8042']\n    volumes:\n      - ../shared/orthanc.json:/etc/orthanc/orthanc.json\n",
      "shared/orthanc.json": clinic,
    };
    const { saved, stdout } = await cli(["fix", "stack", "--unsafe"], { files });
    expect(saved["shared/orthanc.json"]).toBeUndefined();
    expect(stdout.replaceAll(/\s+/gu, " ")).toContain("lies outside the folders that were named");
  });

  test.each([
    [["fix", "-"], "standard input is read once and cannot be changed"],
    [["fix", ".", "--rule", "http-no-authentification"], "did you mean http-no-authentication?"],
    [["fix", ".", "--safe", "--unsafe"], "exclude each other"],
  ])("%j is a mistake on the command line", async (argv, message) => {
    const { code, stderr } = await cli(argv, { files: { "orthanc.json": clinic } });
    expect(code).toBe(2);
    expect(stderr).toContain(message);
  });

  test("keeps line ends, byte order mark and encoding", async () => {
    const text = `\uFEFF${clinic.replaceAll("\n", "\r\n")}`;
    const { saved } = await cli(["fix", ".", ...release, "--unsafe"], { files: { "orthanc.json": text } });
    expect(saved["orthanc.json"]?.replaceAll("\r\n", "")).not.toContain("\n");
  });
});

describe("what the site decided", () => {
  const written = ["baseline", "write", ".", ...release, "--audience", "everyday"];
  const known = async (files: Readonly<Record<string, string>>) =>
    (await cli(written, { files })).saved["pacslint-baseline.json"] ?? "";
  const closed = clinic.replace('"AuthenticationEnabled": false', '"AuthenticationEnabled": true');
  const baseline = ["--baseline", "pacslint-baseline.json"];
  const scripts = ["--unsafe", "--rule", "http-runs-scripts"];

  test("findings of the baseline are repaired too, and do not count for the exit code", async () => {
    const files = { "orthanc.json": closed };
    const all = { ...files, "pacslint-baseline.json": await known(files) };
    const { saved, code } = await cli(["fix", ".", ...release, ...baseline, ...scripts], { files: all });
    expect(saved["orthanc.json"]).toBe(
      closed.replace('"ExecuteLuaEnabled": true', '"ExecuteLuaEnabled": false'),
    );
    expect(code).toBe(0);
  });

  test("with --new-only they stay, and only what is new is repaired", async () => {
    const old = { "orthanc.json": closed };
    const files = {
      "orthanc.json": closed.replace("true /*", 'true, "DicomAlwaysAllowMove": true /*'),
      "pacslint-baseline.json": await known(old),
    };
    const { saved, code } = await cli(["fix", ".", ...release, ...baseline, "--new-only", "--unsafe"], {
      files,
    });
    expect(saved["orthanc.json"]).toContain('"ExecuteLuaEnabled": true');
    expect(saved["orthanc.json"]).toContain('"DicomAlwaysAllowMove": false');
    expect(code).toBe(0);
    const plan = await cli(["plan", ".", ...release, ...baseline, "--new-only"], { files });
    expect(plan.stdout).toContain("dicom-query-from-anyone");
    expect(plan.stdout).not.toContain("http-runs-scripts");
  });

  test("--new-only without a baseline is a mistake", async () => {
    for (const command of ["fix", "plan"]) {
      const { code, stderr } = await cli([command, ".", "--new-only"], { files: { "orthanc.json": clinic } });
      expect([code, stderr]).toEqual([2, expect.stringContaining("--new-only goes with a baseline")]);
    }
  });

  test("findings about suppressions keep no edit from being made", async () => {
    const files = {
      "orthanc.json": closed.replace("// of the clinic", "// pacslint-ignore webdav-enabled: never was"),
      "pacslint.yaml": "suppress:\n  - { rule: http-no-tls, reason: one cabinet, until: 2026-01-01 }\n",
    };
    const { saved } = await cli(["fix", ".", ...release, ...scripts], { files });
    expect(saved["orthanc.json"]).toContain('"ExecuteLuaEnabled": false /*');
  });
});

test("many deployments in one folder are repaired each as if it were alone", async () => {
  const names = ["a", "b", "c", "d"];
  const files = Object.fromEntries(
    names.flatMap((name) => [
      [
        `${name}/compose.yml`,
        'services:\n  orthanc:\n    image: orthancteam/orthanc:24.6.2\n    ports: ["8042:8042"]\n    volumes: ["./orthanc.json:/etc/orthanc/orthanc.json:ro"]\n    environment:\n      ORTHANC__REGISTERED_USERS: \'{"demo": "demo"}\'\n',
      ],
      [`${name}/orthanc.json`, '{ "ExecuteLuaEnabled": true }\n'],
    ]),
  );
  const together = await cli(["fix", ".", "--unsafe"], { files });
  expect(Object.keys(together.saved).length).toBe(2 * names.length);
  for (const name of names) {
    const alone = Object.fromEntries(Object.entries(files).filter(([path]) => path.startsWith(name)));
    expect(together.saved).toMatchObject((await cli(["fix", ".", "--unsafe"], { files: alone })).saved);
  }
});

describe("pacslint lint --fix", () => {
  test("writes, tells of it on standard error, and reports what is left", async () => {
    const files = { "orthanc.json": clinic };
    const { saved, stdout, stderr, code } = await cli(["lint", ".", ...release, "--fix", "--unsafe", "-q"], {
      files,
    });
    expect(Object.keys(saved)).toEqual(["orthanc.json"]);
    expect(stderr).toContain("Changed 1 file");
    expect(stdout).not.toContain("http-no-authentication");
    expect(stdout).toContain("(http-no-tls)");
    expect(code).toBe(1);
  });

  test("its options go with it", async () => {
    const { code, stderr } = await cli(["lint", ".", "--unsafe"], { files: { "orthanc.json": clinic } });
    expect([code, stderr]).toEqual([2, expect.stringContaining("they go with it")]);
  });
});
