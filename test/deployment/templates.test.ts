/** Templates and samples among the files of a run. */
import { describe, expect, test } from "vitest";
import { isUnknown } from "../../src/facts/unknown.ts";
import { lintFiles } from "../inspect.ts";

type Files = Readonly<Record<string, string>>;

function linted(files: Files) {
  const { report } = lintFiles(files, { paths: ["."], orthancVersion: "1.12.7" });
  return {
    report,
    forms: Object.fromEntries(report.deployments.map(({ id, form }) => [id, form])),
    rules: report.findings.map(({ rule, location }) => `${rule} ${location.file}:${location.line}`),
  };
}

const clinic = `{
  "Name": "{{ orthanc_name }}",
  "RemoteAccessAllowed": true,
  "AuthenticationEnabled": {{ login | lower }},
  {% if tls %}
  "SslEnabled": true,
  {% endif %}
  "ExecuteLuaEnabled": true
}
`;

describe("a template", () => {
  test.each(["orthanc.json.j2", "orthanc.json.tmpl", "orthanc.json.template", "orthanc.json"])(
    "%s is read as what it becomes: known around the gaps, unknown in them",
    (name) => {
      const { report, forms } = linted({ [name]: clinic });
      expect(Object.values(forms)).toEqual(["host"]);
      expect(report.problems).toEqual([]);
      const http = report.deployments[0]?.services[0]?.listeners[0];
      // A part that may be left out may hold any setting, so that no default is certain; what is written is.
      expect(http?.reach).toMatchObject({ cause: "input", reason: "it is filled in by a template" });
      expect(http?.port).not.toBe(8042);
      expect(isUnknown(http?.auth.mode)).toBe(true);
      expect(isUnknown(http?.tls.mode)).toBe(true);
      expect(report.assumptions.map(({ message }) => message)).toContainEqual(
        expect.stringContaining("is taken for a template of orthanc.json: what is filled in is not known."),
      );
      // Whether a login is asked is not known: that is no green gate.
      expect(report.exitCode).toBe(3);
    },
  );

  test("without such parts has its defaults", () => {
    const plain = clinic.replace(/ {2}\{% if[\s\S]*endif %\}\n/u, "");
    const { report } = linted({ "orthanc.json.j2": plain });
    const http = report.deployments[0]?.services[0]?.listeners[0];
    expect(http?.port).toBe(8042);
    expect(http?.tls.mode).toBe("off");
    expect(http?.reach).toBe("network");
    expect(isUnknown(http?.auth.mode)).toBe(true);
  });

  test("of nginx keeps its places too", () => {
    const nginx = `server {\n  listen {{ port }};\n  server_name {{ name }};\n  location / {\n    proxy_pass http://127.0.0.1:8042;\n  }\n}\n`;
    const { forms, report } = linted({
      "orthanc.json": `{ "HttpPort": 8042, "Name": "A" }`,
      "pacs.conf.j2": nginx,
    });
    expect(Object.values(forms)).toEqual(["host"]);
    expect(report.deployments[0]?.files.map(({ kind }) => kind)).toContain("nginx");
  });

  test("beside what was made of it is no server of its own", () => {
    const { forms } = linted({
      "orthanc.json": `{ "HttpPort": 8042, "Name": "A" }`,
      "orthanc.json.j2": clinic,
    });
    expect(forms["orthanc.json.j2"]).toBe("unlinked");
  });
});

describe("a sample", () => {
  const own = `{ "HttpPort": 8042, "Name": "A",\n  "RegisteredUsers": { "demo": "demo" } }\n`;

  test("is a server where nothing else is", () => {
    expect(linted({ "orthanc.json.example": own }).forms).toEqual({ "orthanc.json.example": "host" });
  });

  test("is listed and judged for secrets only where a server is", () => {
    const { forms, rules } = linted({
      "orthanc.json": `{ "HttpPort": 8042, "Name": "A" }`,
      "orthanc.json.example": own,
    });
    expect(forms["orthanc.json.example"]).toBe("unlinked");
    expect(rules.filter((rule) => rule.includes("orthanc.json.example") && rule.startsWith("http-"))).toEqual(
      [],
    );
  });

  test("of a compose file starts nothing beside the real one", () => {
    const compose = "services:\n  db:\n    image: postgres:17.6\n    ports: ['5432:5432']\n";
    const { forms } = linted({
      "compose.yml": compose,
      "compose.yml.example": compose,
      "other/compose.example.yml": compose,
    });
    expect(forms).toEqual({
      "compose.yml": "compose",
      "compose.yml.example": "unlinked",
      "other/compose.example.yml": "unlinked",
    });
    expect(linted({ "compose.yml.example": compose }).forms).toEqual({ "compose.yml.example": "compose" });
  });

  test("that a container is given is its configuration", () => {
    const compose = `services:
  orthanc:
    image: orthancteam/orthanc:24.6.2
    volumes:
      - ./orthanc.json.example:/etc/orthanc/orthanc.json
`;
    const { forms, report } = linted({ "compose.yml": compose, "orthanc.json.example": own });
    expect(forms).toEqual({ "compose.yml": "compose" });
    expect(report.deployments[0]?.files.map(({ linked }) => linked)).toEqual([null, "orthanc"]);
  });
});
