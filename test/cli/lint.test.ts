import { describe, expect, test } from "vitest";
import validateReport from "../../generated/validate-report.js";
import { cli, type World } from "./fake.ts";

const exposed = `{
  "Name": "Clinic",
  "RemoteAccessAllowed": true,
  "AuthenticationEnabled": false,
  "RegisteredUsers": { "desk": "Winter-in-2019" }
}
`;

const closed = `{
  "Name": "Clinic",
  "HttpServerEnabled": false,
  "DicomServerEnabled": false
}
`;

const files = { "open/orthanc.json": exposed, "closed/orthanc.json": closed };

async function json(
  argv: readonly string[],
  world: World = { files },
): Promise<{ code: number; report: unknown }> {
  const { code, stdout } = await cli([...argv, "--format", "json"], world);
  const report: unknown = JSON.parse(stdout);
  validateReport(report);
  expect(validateReport.errors).toBeNull();
  return { code, report };
}

test("an open server: findings with their lines, exit code 1", async () => {
  const { code, report } = await json(["open"]);
  expect(code).toBe(1);
  expect(report).toMatchObject({ exitCode: 1 });
  expect(JSON.stringify(report)).toContain('"file":"open/orthanc.json","line":4');
  const { stdout } = await cli(["open"], { files });
  expect(stdout).toContain('4 │   "AuthenticationEnabled": false,');
});

test("passwords are in no output, whatever is asked for", async () => {
  for (const argv of [
    ["open"],
    ["open", "--verbose"],
    ["open", "--format", "json"],
    ["open", "--audience", "audit", "--quiet"],
    ["effective", "open", "--all"],
    ["effective", "open", "--all", "--format", "json"],
    ["doctor", "open"],
  ]) {
    const { stdout, stderr } = await cli(argv, { files });
    expect(stdout.length).toBeGreaterThan(0);
    expect(stdout + stderr).not.toContain("Winter-in-2019");
  }
});

test("the name of an image is shown, though the image brings passwords of its own", async () => {
  const compose = "services:\n  pacs:\n    image: orthancteam/orthanc:25.8.1\n    ports: ['8042:8042']\n";
  const { stdout } = await cli(["compose.yml"], { files: { "compose.yml": compose } });
  expect(stdout).toContain("3 │     image: orthancteam/orthanc:25.8.1\n");
});

test("sentences of pacslint stay whole, whatever they say of passwords", async () => {
  const compose =
    "services:\n  db:\n    image: postgres:16\n    ports: ['5432:5432']\n    environment: { POSTGRES_PASSWORD: postgres }\n  pacs:\n    image: orthancteam/orthanc:25.8.1\n    ports: ['8042:8042']\n";
  const { stdout } = await cli(["compose.yml", "--quiet"], { files: { "compose.yml": compose } });
  expect(stdout).toContain("can read the images, and the password");
  expect(stdout).not.toContain("***");
});

test("a closed server: exit code 0, a summary", async () => {
  const { code, stdout, stderr } = await cli(["closed", "--orthanc-version", "1.12.7"], { files });
  expect(stderr).toBe("");
  expect(stdout).toContain("No findings in 1 file");
  expect(code).toBe(0);
});

test("--fail-on decides the exit code, not the report", async () => {
  const strict = await json(["open", "--fail-on", "info", "--allow-undetermined"]);
  const lax = await json(["open", "--fail-on", "critical"]);
  expect(strict.code).toBe(1);
  const rules = ({ report }: { report: unknown }) => JSON.stringify(report).match(/"rule":"[^"]+"/g);
  expect(rules(strict)).toEqual(rules(lax));
});

describe("nothing to read is never green", () => {
  test("no path, and nothing in the usual places", async () => {
    const { code, stdout, stderr } = await cli([], {});
    expect(code).toBe(3);
    expect(stdout).toBe("");
    expect(stderr).toContain("Name a file or a folder: pacslint PATH");
    expect((await json([], {})).report).toMatchObject({ exitCode: 3, deployments: [] });
  });

  test("a path that is not there", async () => {
    const { code, stdout } = await cli(["gone.json"], { files });
    expect(stdout).toContain("gone.json: ");
    expect(code).toBe(3);
  });

  test("an empty folder, and a file that is no configuration", async () => {
    expect((await json(["notes"], { files: { "notes/readme.txt": "hello" } })).code).toBe(3);
  });

  test("for effective and doctor too", async () => {
    expect((await cli(["effective"], {})).code).toBe(3);
    expect((await cli(["doctor"], {})).code).toBe(3);
    expect((await cli(["doctor", "gone.json"], {})).code).toBe(3);
  });
});

test("without a path the usual places are read: this folder first, then where packages put it", async () => {
  expect(
    (await cli([], { files: { "orthanc.json": exposed, "/etc/orthanc/orthanc.json": closed } })).stdout,
  ).toContain("orthanc.json\n");
  expect((await cli([], { files: { "/etc/orthanc/orthanc.json": exposed } })).stdout).toContain(
    "/etc/orthanc/orthanc.json",
  );
  const windows = "C:/Program Files/Orthanc Server/Configuration/orthanc.json";
  expect((await cli([], { files: { [windows]: exposed } })).stdout).toContain(windows);
});

test("standard input is read as the file that it will be", async () => {
  for (const argv of [
    ["--stdin", "--stdin-filename", "open/orthanc.json"],
    ["-", "--stdin-filename", "open/orthanc.json"],
  ]) {
    const { code, report } = await json(argv, { files: { "open/orthanc.json": closed }, stdin: exposed });
    expect(code).toBe(1);
    expect(JSON.stringify(report)).toContain('"file":"open/orthanc.json","line":4');
  }
  expect((await json(["-"], { stdin: exposed })).code).toBe(1);
});

test("a syntax error is told with line and column, the other files are linted, exit code 3", async () => {
  const broken = '{\n  "Name": "Clinic"\n  "HttpPort": 8042\n}\n';
  const { code, stdout } = await cli(["open/orthanc.json", "broken.json"], {
    files: { ...files, "broken.json": broken },
  });
  expect(stdout).toMatch(/broken\.json/);
  expect(stdout).toContain("open/orthanc.json");
  expect(code).toBe(3);
});

test("variables come from files and from the command line", async () => {
  const variable = {
    "orthanc.json": `{ "Name": "Clinic", "RemoteAccessAllowed": true, "AuthenticationEnabled": \${AUTH}, "RegisteredUsers": { "a": "\${P}" } }\n`,
    "on.env": "AUTH=true\nP=long-and-random-4711\n",
  };
  const rules = async (...argv: readonly string[]) =>
    JSON.stringify((await json(["orthanc.json", ...argv], { files: variable })).report);
  expect(await rules("--env-file", "on.env")).not.toContain('"rule":"http-no-authentication","severity"');
  expect(await rules("--env-file", "on.env", "--env", "AUTH=false")).toContain(
    '"rule":"http-no-authentication"',
  );
});

test("--quiet has one line for each finding", async () => {
  const { stdout } = await cli(["open", "--quiet"], { files });
  for (const line of stdout.trimEnd().split("\n"))
    expect(line).toMatch(
      /^open\/orthanc\.json:\d+:\d+: (?:critical|high|medium|low|info): .+ \([a-z0-9-]+\)$/,
    );
});

test("--output takes the report, without colours and with box characters", async () => {
  const { code, stdout, saved } = await cli(["open", "--output", "report.txt"], {
    files,
    isTTY: true,
    env: { LANG: "C", TERM: "xterm" },
  });
  expect(stdout).toBe("");
  expect(saved["report.txt"]).toContain("│");
  expect(code).toBe(1);
});

describe("several formats of one run", () => {
  test("each goes to its file, the one without to standard output, and nothing else there", async () => {
    const argv = ["open", "--format", "json=a.json", "--format", "mermaid", "--format=text=b.txt"];
    const { code, stdout, stderr, saved } = await cli(argv, { files });
    expect(code).toBe(1);
    expect(stderr).toBe("");
    expect(stdout).toMatch(/^flowchart LR\n/);
    expect(Object.keys(saved)).toEqual(["a.json", "b.txt"]);
    expect(saved["a.json"]).toBe((await cli(["open", "--format", "json"], { files })).stdout);
    expect(saved["b.txt"]).toBe((await cli(["open"], { files })).stdout);
  });

  test("with a file for each, standard output stays empty", async () => {
    const { code, stdout, saved } = await cli(["open", "--format", "json=a.json"], { files });
    expect([code, stdout, Object.keys(saved)]).toEqual([1, "", ["a.json"]]);
  });

  test("--output is the file of the one that has none; - is standard output", async () => {
    const output = await cli(["open", "--format", "json", "--format", "text=b.txt", "-o", "a.json"], {
      files,
    });
    expect([output.stdout, Object.keys(output.saved)]).toEqual(["", ["a.json", "b.txt"]]);
    const dash = await cli(["open", "--format", "json=-"], { files });
    expect(dash.stdout).toMatch(/^\{/);
    expect(dash.saved).toEqual({});
  });

  test("with nothing to read, programs still get their documents", async () => {
    const { code, stdout, stderr, saved } = await cli(["--format", "text", "--format", "json=a.json"], {});
    expect(code).toBe(3);
    expect(stdout).toBe("");
    expect(stderr).toContain("Name a file or a folder");
    expect(saved["a.json"]).toContain('"exitCode": 3');
  });
});

test("effective shows where each value comes from", async () => {
  const { code, stdout } = await cli(["effective", "open", "--orthanc-version", "1.12.7"], { files });
  expect(code).toBe(0);
  expect(stdout).toMatch(/AuthenticationEnabled +false +open\/orthanc\.json:4\n/);
  expect(stdout.split("\n").filter((line) => line.length > 80)).toEqual([]);
  const data: unknown = JSON.parse((await cli(["effective", "open", "--format", "json"], { files })).stdout);
  expect(data).toMatchObject({ version: 1, services: [{ product: "orthanc" }] });
});

test("doctor shows how each file was taken and which release was assumed", async () => {
  const { code, stdout } = await cli(["doctor", "open"], { files });
  expect(code).toBe(0);
  expect(stdout).toMatch(/open\/orthanc\.json +orthanc-json, used by orthanc/);
  expect(stdout).toContain("--orthanc-version");
  expect(stdout.split("\n").filter((line) => line.length > 80)).toEqual([]);
});
