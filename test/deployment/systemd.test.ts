/** Units of systemd that start Orthanc: what they link, and what the server gets from them. */
import { describe, expect, test } from "vitest";
import { lintFiles } from "../inspect.ts";

const package_ = `[Unit]
Description=PACS
[Service]
User=orthanc
ExecStart=/usr/sbin/Orthanc --logdir=/var/log/orthanc /etc/orthanc
`;
const clinic = `{ "Name": "Clinic", "RemoteAccessAllowed": true, "RegisteredUsers": { "desk": "\${PASSWORD}" } }\n`;

type Files = Readonly<Record<string, string>>;

function linted(files: Files, paths: readonly string[], onHost = false) {
  const { report } = lintFiles(files, { paths, onHost, orthancVersion: "1.12.7", audience: "audit" });
  return {
    deployments: Object.fromEntries(
      report.deployments.map(({ id, form, files: used }) => [
        id,
        [form, ...used.map(({ path, kind, linked }) => `${path} ${kind} ${linked}`)],
      ]),
    ),
    problems: report.problems.map(({ kind, message, location }) => `${kind} ${location?.line} ${message}`),
    assumptions: report.assumptions.map(({ message }) => message),
    rules: report.findings.map(({ rule, location }) => `${rule} ${location.file}:${location.line}`),
  };
}

describe("the configuration that a unit names", () => {
  test("in a copy of the server's disk", () => {
    const { deployments, problems, assumptions } = linted(
      { "copy/lib/systemd/system/orthanc.service": package_, "copy/etc/orthanc/orthanc.json": clinic },
      ["copy"],
    );
    expect(deployments).toEqual({
      "copy/etc/orthanc": [
        "host",
        "copy/etc/orthanc/orthanc.json orthanc-json orthanc",
        "copy/lib/systemd/system/orthanc.service systemd orthanc",
      ],
    });
    expect(problems).toEqual([]);
    expect(assumptions).toEqual([]);
  });

  test("on the server itself, though only the unit was named", () => {
    const { deployments } = linted(
      {
        "/lib/systemd/system/orthanc.service": package_,
        "/etc/orthanc/a.json": clinic,
        "/etc/orthanc/b.txt": "x",
      },
      ["/lib/systemd/system/orthanc.service"],
      true,
    );
    expect(deployments).toEqual({
      "/etc/orthanc": [
        "host",
        "/etc/orthanc/a.json orthanc-json orthanc",
        "/lib/systemd/system/orthanc.service systemd orthanc",
      ],
    });
  });

  test("one file of a folder: the other one is not read by that server", () => {
    const unit = package_.replace("/etc/orthanc", "/srv/pacs/main.json");
    const { deployments } = linted(
      { "pacs.service": unit, "srv/pacs/main.json": clinic, "srv/pacs/old.json": clinic },
      ["."],
    );
    expect(deployments["srv/pacs/main.json"]?.[0]).toBe("host");
    expect(deployments["srv/pacs/old.json"]?.[0]).toBe("unlinked");
  });

  test("beside the unit, under another path", () => {
    const { deployments, assumptions } = linted(
      { "pacs/pacs.service": package_, "pacs/orthanc.json": clinic },
      ["pacs"],
    );
    expect(Object.keys(deployments)).toEqual(["pacs"]);
    expect(assumptions).toContain(
      "The configuration that pacs.service names is not part of the input: pacs is taken for it.",
    );
  });

  test("nowhere: a problem with its line, and no server", () => {
    const { deployments, problems } = linted({ "pacs.service": package_ }, ["."]);
    expect(deployments).toEqual({ "pacs.service": ["unlinked", "pacs.service systemd null"] });
    expect(problems).toEqual([
      "missing-file 5 the configuration /etc/orthanc of pacs.service is not part of the input",
    ]);
  });

  test("a unit of another program is none of Orthanc's", () => {
    const unit = "[Service]\nExecStart=/usr/sbin/nginx -c /etc/orthanc/orthanc.json\n";
    const { deployments } = linted({ "web.service": unit, "orthanc.json": clinic }, ["."]);
    expect(
      Object.values(deployments)
        .flat()
        .filter((line) => line.includes("systemd")),
    ).toEqual([]);
  });
});

describe("variables", () => {
  const unit = `${package_}EnvironmentFile=-/etc/default/orthanc\n`;
  const disk = { "copy/etc/systemd/system/orthanc.service": unit, "copy/etc/orthanc/orthanc.json": clinic };

  test("of an environment file count, and the file is shown", () => {
    const { rules, deployments } = linted(
      { ...disk, "copy/etc/default/orthanc": "# login\nPASSWORD=desk\n" },
      ["copy"],
    );
    expect(rules).toContain("http-default-credentials copy/etc/orthanc/orthanc.json:1");
    expect(deployments["copy/etc/orthanc"]).toContain("copy/etc/default/orthanc dotenv orthanc");
  });

  test("of the unit count as well, and a drop-in takes them back", () => {
    const inline = {
      ...disk,
      "copy/etc/systemd/system/orthanc.service": `${package_}Environment="PASSWORD=desk"\n`,
    };
    expect(linted(inline, ["copy"]).rules).toContain(
      "http-default-credentials copy/etc/orthanc/orthanc.json:1",
    );
    const dropIn = "[Service]\nEnvironment=\nEnvironment=PASSWORD=seven-red-horses\n";
    const changed = { ...inline, "copy/etc/systemd/system/orthanc.service.d/site.conf": dropIn };
    expect(linted(changed, ["copy"]).rules.filter((rule) => rule.startsWith("http-default"))).toEqual([]);
  });

  test("of a file that is not there are not known, and that is told", () => {
    const { problems, rules } = linted(disk, ["copy"]);
    expect(problems).toEqual([
      "missing-file 6 the environment file /etc/default/orthanc of orthanc.service is not part of the input",
    ]);
    expect(rules.filter((rule) => rule.startsWith("http-default"))).toEqual([]);
  });

  test("without any the environment is complete: the variable is empty", () => {
    const { rules } = linted({ ...disk, "copy/etc/systemd/system/orthanc.service": package_ }, ["copy"]);
    expect(rules).toContain("http-default-credentials copy/etc/orthanc/orthanc.json:1");
  });
});

test("a unit in /etc takes the place of the package's", () => {
  const own = package_.replace("/etc/orthanc", "/srv/pacs.json");
  const { deployments } = linted(
    {
      "usr/lib/systemd/system/orthanc.service": package_,
      "etc/systemd/system/orthanc.service": own,
      "srv/pacs.json": clinic,
      "etc/orthanc/orthanc.json": clinic,
    },
    ["."],
  );
  expect(deployments["srv/pacs.json"]).toContain("etc/systemd/system/orthanc.service systemd orthanc");
});
