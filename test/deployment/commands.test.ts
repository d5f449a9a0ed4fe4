import { describe, expect, test } from "vitest";
import { containerCommands } from "../../src/sources/container-commands.ts";
import { isKnown, locate, textOfFile } from "../../src/text/text.ts";
import { lintFiles } from "../inspect.ts";

function words(script: string, dialect: "shell" | "batch" | "powershell" = "shell"): readonly string[][] {
  return containerCommands(textOfFile("x", script), dialect).map((command) =>
    command.words.map((word) => (isKnown(word) ? word.value : "?")),
  );
}

describe("commands that start containers", () => {
  test("words have the variables of the script, their defaults, and gaps for the rest", () => {
    const script = [
      'PORT="${PORT:-8042}"',
      "TAG=24.6.2",
      "sudo docker run -d \\",
      '  -p "$PORT:8042" -v "$(pwd)/data:/data" -e KEY=$SECRET \\',
      "  -e 'A=$B' orthancteam/orthanc:$TAG",
    ].join("\n");
    expect(words(script)).toEqual([
      ["-d", "-p", "8042:8042", "-v", "./data:/data", "-e", "?", "-e", "A=$B", "orthancteam/orthanc:24.6.2"],
    ]);
  });

  test("a word knows where its value stands", () => {
    const script = "PORT=8042\ndocker run -p $PORT:8042 jodogne/orthanc\n";
    const [, port] = containerCommands(textOfFile("x", script), "shell")[0]?.words ?? [];
    expect(port && locate(port, 0, 4)).toEqual({
      at: { file: "x", start: 5, end: 9 },
      via: [{ file: "x", start: 24, end: 29 }],
    });
  });

  test.each([
    ["what a heredoc holds is no command", "cat <<EOF\ndocker run jodogne/orthanc\nEOF\n", []],
    ["a comment is none", "# docker run jodogne/orthanc\n", []],
    ["one whose output is kept", "ID=$(docker run -d jodogne/orthanc)\n", [["-d", "jodogne/orthanc"]]],
    ["options of the program itself", "docker --context lab run jodogne/orthanc", [["jodogne/orthanc"]]],
    ["another command that mentions it", "echo docker run jodogne/orthanc", []],
    ["a variable with two values", "P=1\nP=2\ndocker run -p $P:1 a/orthanc", [["-p", "?", "a/orthanc"]]],
  ])("%s", (_, script, expected) => expect(words(script)).toEqual(expected));

  test("Windows' shells: line ends, variables and comments", () => {
    expect(
      words("rem docker run x\r\nset PORT=9042\r\ndocker run -p %PORT%:8042 ^\r\n  a/orthanc", "batch"),
    ).toEqual([["-p", "9042:8042", "a/orthanc"]]);
    expect(
      words('$Port = 9042\ndocker run `\n  -p "${Port}:8042" -e "A={`"b`": 1}" a/orthanc', "powershell"),
    ).toEqual([["-p", "9042:8042", "-e", 'A={"b": 1}', "a/orthanc"]]);
  });
});

describe("a script that starts Orthanc", () => {
  const script = (options: string, image = "orthancteam/orthanc:26.6.1"): string =>
    `#!/bin/sh\ndocker run -d --name pacs ${options} ${image}\n`;
  const open = '{ "RemoteAccessAllowed": true, "AuthenticationEnabled": false }';

  test("a published port without a login is told at its word", () => {
    const { report } = lintFiles({
      "start.sh": script("-p 8042:8042 -e ORTHANC__AUTHENTICATION_ENABLED=false"),
    });
    expect(report.deployments).toMatchObject([
      { id: "start.sh", form: "commands", services: [{ name: "pacs" }] },
    ]);
    const found = report.findings.find(({ rule }) => rule === "http-no-authentication");
    expect(found?.location).toMatchObject({ file: "start.sh", line: 2 });
    expect(found?.related.map(({ location }) => location.column)).toContain(30);
  });

  test("on the loopback it is told to nobody", () => {
    const { report } = lintFiles({
      "start.sh": script("-p 127.0.0.1:8042:8042 -e ORTHANC__AUTHENTICATION_ENABLED=false"),
    });
    const everyday = report.findings.filter(({ audience }) => audience === "everyday");
    expect(everyday.map(({ rule }) => rule)).toEqual(["known-weakness"]);
  });

  test("a configuration beside it is the one that it mounts", () => {
    const { report } = lintFiles({
      "deploy/start.sh": script('-p 8042:8042 -v "$PWD"/orthanc.json:/etc/orthanc/orthanc.json:ro'),
      "deploy/orthanc.json": open,
    });
    const found = report.findings.find(({ rule }) => rule === "http-no-authentication");
    expect(found?.location).toMatchObject({ file: "deploy/orthanc.json", line: 1 });
    expect(found?.deployment).toBe("deploy/start.sh");
  });

  test("a script that runs in a folder above its own", () => {
    const { report } = lintFiles(
      {
        "scripts/start.sh": script("-p 8042:8042 -v ./config/orthanc.json:/etc/orthanc/orthanc.json"),
        "config/orthanc.json": open,
      },
      { paths: ["."] },
    );
    expect(report.findings.find(({ rule }) => rule === "http-no-authentication")?.location.file).toBe(
      "config/orthanc.json",
    );
  });

  test("a configuration that the script writes itself", () => {
    const written = `#!/bin/bash\ncat > /opt/orthanc.json <<'END'\n${open}\nEND\ndocker run -p 8042:8042 -v /opt/orthanc.json:/etc/orthanc/orthanc.json jodogne/orthanc:1.12.4\n`;
    const { report } = lintFiles({ "start.sh": written });
    expect(report.deployments).toHaveLength(1);
    expect(report.findings.find(({ rule }) => rule === "http-no-authentication")?.location).toMatchObject({
      file: "start.sh",
      line: 3,
    });
  });

  test("the network of the host", () => {
    const { report } = lintFiles({
      "start.sh": script("--net=host -e ORTHANC__AUTHENTICATION_ENABLED=false"),
    });
    expect(report.findings.map(({ rule }) => rule)).toContain("http-no-authentication");
  });

  test("an image that the script builds", () => {
    const { report } = lintFiles(
      {
        "start.sh": "docker build -t pacs -f docker/Dockerfile .\ndocker run -p 8042:8042 pacs\n",
        "docker/Dockerfile": "FROM orthancteam/orthanc:26.6.1\nENV ORTHANC__AUTHENTICATION_ENABLED=false\n",
      },
      { paths: ["."] },
    );
    expect(report.findings.find(({ rule }) => rule === "http-no-authentication")?.location).toMatchObject({
      file: "docker/Dockerfile",
      line: 2,
    });
  });

  test("a network that the script makes internal publishes nothing", () => {
    const { report } = lintFiles({
      "start.sh": `docker network create --internal pacs\n${script("--network pacs -p 8042:8042 -e ORTHANC__AUTHENTICATION_ENABLED=false")}`,
    });
    expect(report.findings.map(({ rule }) => rule)).not.toContain("http-no-authentication");
  });

  test("scripts that start other things are none", () => {
    const { report } = lintFiles(
      { "start.sh": "# beside orthanc\ndocker run -p 5432:5432 postgres:16\n" },
      { paths: ["."] },
    );
    expect(report.deployments).toEqual([]);
  });

  test("nothing is written into a script but what stands in JSON", () => {
    const { report } = lintFiles({
      "start.sh": script("-p 8042:8042 -e ORTHANC__AUTHENTICATION_ENABLED=false"),
    });
    expect(report.findings.flatMap(({ remediation }) => remediation.edits)).toEqual([]);
  });
});

test("a script that writes the configuration of a proxy is none itself", () => {
  const nginx = "server { listen 80; location / { proxy_pass http://127.0.0.1:8042; } }";
  const script = `#!/bin/bash\nif [ "$1" = "x" ]; then echo "{"; fi\ncat > /etc/nginx/conf.d/pacs.conf <<'EOF'\n${nginx}\nEOF\n`;
  const { report } = lintFiles({ "deploy.sh": script }, { paths: ["."] });
  expect(report.deployments.flatMap(({ files }) => files.map(({ path }) => path))).toEqual([
    "deploy.sh!/etc/nginx/conf.d/pacs.conf",
  ]);
  expect(report.problems.filter(({ kind }) => kind === "syntax")).toEqual([]);
});
