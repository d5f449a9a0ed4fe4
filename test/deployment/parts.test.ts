import { describe, expect, test } from "vitest";
import { lintFiles } from "../inspect.ts";

const whole = '{ "Name": "pacs", "RemoteAccessAllowed": true, "AuthenticationEnabled": false }\n';
const section = '{ "DicomWeb": { "Enable": true, "Root": "/dicom-web/" } }\n';

/** The deployments of files below a folder, with their form. */
function forms(files: Readonly<Record<string, string>>, paths: readonly string[] = ["."]) {
  const { report } = lintFiles(files, { paths });
  return Object.fromEntries(report.deployments.map(({ id, form }) => [id, form]));
}

describe("a part of a configuration", () => {
  test("is no server where nothing reads it", () => {
    expect(forms({ "config/dicomweb.json": section, "other/orthanc.json": whole })).toEqual({
      "config/dicomweb.json": "unlinked",
      "other/orthanc.json": "host",
    });
  });

  test("is read when it is named", () => {
    expect(forms({ "dicomweb.json": section }, ["dicomweb.json"])).toEqual({ "dicomweb.json": "host" });
  });

  test("belongs to the configuration of its folder", () => {
    expect(forms({ "orthanc/dicomweb.json": section, "orthanc/orthanc.json": whole })).toEqual({
      orthanc: "host",
    });
  });

  test("may be a commented twin, which Orthanc passes over", () => {
    expect(forms({ "orthanc/orthanc.jsonc": whole, "orthanc/orthanc.json": whole })).toMatchObject({
      "orthanc/orthanc.jsonc": "unlinked",
    });
    expect(forms({ "orthanc/orthanc.jsonc": whole })).toEqual({ "orthanc/orthanc.jsonc": "host" });
  });
});

describe("files that no server reads", () => {
  const compose = "services:\n  orthanc:\n    image: orthancteam/orthanc:25.2.0\n    ports: ['8042:8042']\n";

  test.each([
    "docker-compose.yml_bkp",
    "docker-compose.yml.old",
    "docker-compose.yml~",
    "docker-compose.yaml.broken",
  ])("%s is a copy", (name) => {
    expect(forms({ "docker-compose.yml": compose, [name]: compose })).toEqual({
      "docker-compose.yml": "compose",
    });
  });

  test.each([
    '<?xml version="1.0"?>\n<!DOCTYPE mbean PUBLIC "-//JBoss//DTD JBOSS XMBEAN 1.1//EN" "x.dtd">\n<mbean><class>a.B</class>&more;</mbean>\n',
    "<jboss>\n  <proxy-factory-config>\n    <location>x</location>\n  </proxy-factory-config>\n</jboss>\n",
  ])("%j describes what a server has and sets nothing", (text) => {
    const { report } = lintFiles({ "conf/x.xml": text }, { paths: ["."] });
    expect([report.deployments, report.problems]).toEqual([[], []]);
  });

  const site = "server {\n  listen 80;\n  location / { proxy_pass http://127.0.0.1:8042; }\n}\n";

  test.each([
    ["NGINX.md", `# Setup\n\n${site}and so on\n`],
    ["host_vars", `---\nvhost: |\n${site.replace(/^/gmu, "  ")}`],
  ])("%s shows a configuration of nginx and is none", (name, text) => {
    const { report } = lintFiles({ [name]: text }, { paths: ["."] });
    expect([report.deployments, report.problems]).toEqual([[], []]);
  });

  test("a template of nginx has gaps where variables go", () => {
    const { report } = lintFiles(
      { "default.conf.template": site.replace("listen 80;", "listen [::]:${PORT};") },
      { paths: ["."] },
    );
    expect(report.problems.filter(({ kind }) => kind === "syntax")).toEqual([]);
  });
});

describe("a refusal to start", () => {
  const rules = (keys: string, orthancVersion?: string) =>
    lintFiles(
      { "orthanc.json": `{ "Name": "pacs", ${keys} }` },
      orthancVersion === undefined ? {} : { orthancVersion },
    )
      .report.findings.filter(({ rule }) => rule === "server-does-not-start")
      .map(({ versions }) => versions.at(-1));

  // W004 and those behind it are new in 1.12.5: earlier releases refuse the name.
  const late = '"Warnings": { "W004_NoMainDicomTagsSignature": true }';

  test("at releases before the one that must be running is not told", () => {
    expect(rules(late)).toEqual([]);
    expect(rules(late, "1.12.1")).toEqual([undefined]);
  });

  test("at the newest release is told, as the next update brings it", () => {
    expect(rules('"OverwriteInstances": "Sometimes"')).toEqual(["1.13.0"]);
  });
});

test("of a list of services Compose knows nothing", () => {
  const { report } = lintFiles(
    {
      ".travis.yml": "language: python\nservices:\n  # to build\n  - docker\n",
      "render.yaml": "services:\n- type: web\n  name: x\n",
    },
    { paths: ["."] },
  );
  expect([report.deployments, report.problems]).toEqual([[], []]);
});

test("a script that hands LDIF to a command is no LDIF", () => {
  const script =
    '- shell: |\n    if ! ldapsearch -x\n    then\n    echo "version: 1\n    dn: dicomDeviceName=arc,cn=Devices\n    changetype: modify" | ldapmodify\n    fi\n';
  const { report } = lintFiles({ "tasks/main.yml": script }, { paths: ["."] });
  expect([report.deployments, report.problems]).toEqual([[], []]);
});

test("long comments are looked through in the time of their length", () => {
  const start = performance.now();
  lintFiles({ "compose.yml": `${"# a\n # b\n".repeat(20_000)}services: {}\n` }, { paths: ["."] });
  expect(performance.now() - start).toBeLessThan(5_000);
});
