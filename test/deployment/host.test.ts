/** Which files on a host make one Orthanc, and which make several. */
import { describe, expect, test } from "vitest";
import { lintFiles } from "../inspect.ts";

const main = `{\n  "Name": "Clinic",\n  "DicomAet": "CLINIC",\n  "HttpPort": 8042\n}\n`;
const second = `{\n  "Name": "Archive",\n  "DicomAet": "ARCHIVE",\n  "HttpPort": 8043\n}\n`;
const worklists = `{\n  "Worklists": { "Enable": true, "Database": "./lists" }\n}\n`;

type Options = Parameters<typeof lintFiles>[1];

/** The files of each deployment, by its id. */
function deployments(
  files: Readonly<Record<string, string>>,
  paths: readonly string[],
  options: Options = {},
): Readonly<Record<string, readonly string[]>> {
  const { report } = lintFiles(files, { paths, orthancVersion: "1.12.7", ...options });
  return Object.fromEntries(
    report.deployments.map(({ id, files: used }) => [id, used.map(({ path }) => path)]),
  );
}

const installed = {
  "/etc/orthanc/orthanc.json": main,
  "/etc/orthanc/worklists.json": worklists,
  "/etc/orthanc/credentials.json": `{ "RegisteredUsers": {} }\n`,
};

describe("a folder", () => {
  test("of the package is one server, whatever its files hold", () => {
    expect(deployments(installed, ["/etc/orthanc"])).toEqual({
      "/etc/orthanc": [
        "/etc/orthanc/credentials.json",
        "/etc/orthanc/orthanc.json",
        "/etc/orthanc/worklists.json",
      ],
    });
    const doubled = { ...installed, "/etc/orthanc/copy.json": second };
    expect(Object.keys(deployments(doubled, ["/etc/orthanc"]))).toEqual(["/etc/orthanc"]);
  });

  test("of the Windows installer is one as well", () => {
    const folder = "C:/Program Files/Orthanc Server/Configuration";
    const files = { [`${folder}/orthanc.json`]: main, [`${folder}/worklists.json`]: worklists };
    expect(deployments(files, [folder])).toEqual({ [folder]: Object.keys(files) });
    expect(Object.keys(deployments(files, [folder.replaceAll("/", "\\")]))).toEqual([folder]);
  });

  test("of any name is one server when its files complete each other", () => {
    const files = { "pacs/a.json": main, "pacs/b.json": worklists };
    expect(deployments(files, ["pacs"])).toEqual({ pacs: ["pacs/a.json", "pacs/b.json"] });
  });

  test("of whole configurations holds as many servers", () => {
    const files = { "pacs/a.json": main, "pacs/b.json": second };
    expect(deployments(files, ["pacs"])).toEqual({
      "pacs/a.json": ["pacs/a.json"],
      "pacs/b.json": ["pacs/b.json"],
    });
  });

  test("is read without its subfolders, but with hidden files and in any case", () => {
    const files = {
      "/etc/orthanc/orthanc.json": main,
      "/etc/orthanc/.hidden.json": worklists,
      "/etc/orthanc/SSL.JSON": `{ "SslEnabled": false }`,
      "/etc/orthanc/old.json.bak": second,
      "/etc/orthanc/old.jsonc": second,
      "/etc/orthanc/backup/orthanc.json": second,
    };
    expect(deployments(files, ["/etc/orthanc"])["/etc/orthanc"]).toEqual([
      "/etc/orthanc/.hidden.json",
      "/etc/orthanc/SSL.JSON",
      "/etc/orthanc/orthanc.json",
    ]);
  });

  test("of the package holds no other server: what Orthanc does not read is judged as a file", () => {
    const files = {
      "/etc/orthanc/orthanc.json": main,
      "/etc/orthanc/old.jsonc": second,
      "/etc/orthanc/backup/orthanc.json": second,
    };
    const { report } = lintFiles(files, { paths: ["/etc/orthanc"], orthancVersion: "1.12.7" });
    expect(report.deployments.map(({ id, form }) => `${id} ${form}`)).toEqual([
      "/etc/orthanc host",
      "/etc/orthanc/backup/orthanc.json unlinked",
      "/etc/orthanc/old.jsonc unlinked",
    ]);
    expect(report.problems.map(({ kind, location }) => `${kind} ${location?.file}`)).toEqual([
      "unlinked /etc/orthanc/backup/orthanc.json",
      "unlinked /etc/orthanc/old.jsonc",
    ]);
  });
});

describe("files that are named", () => {
  test("are a server each, whatever lies beside them", () => {
    expect(deployments(installed, ["/etc/orthanc/orthanc.json"])).toEqual({
      "/etc/orthanc/orthanc.json": ["/etc/orthanc/orthanc.json"],
    });
    const files = { "a.json": main, "b.json": worklists };
    expect(deployments(files, ["a.json", "b.json"])).toEqual({ "a.json": ["a.json"], "b.json": ["b.json"] });
  });

  test("are read as Orthanc would, even if nothing in them is known", () => {
    expect(Object.keys(deployments({ "orthanc.json": "{}" }, ["orthanc.json"]))).toEqual(["orthanc.json"]);
  });

  test("beside a folder that is named too, are read once", () => {
    expect(Object.keys(deployments(installed, ["/etc/orthanc", "/etc/orthanc/orthanc.json"]))).toEqual([
      "/etc/orthanc",
    ]);
  });
});

test("T52 a key in two files of a folder stops the server, and both places are told", () => {
  const files = {
    "/etc/orthanc/a.json": main,
    "/etc/orthanc/b.json": `{\n  "HttpPort": 8050,\n  "DicomPort": 4242\n}\n`,
  };
  const { report } = lintFiles(files, { paths: ["/etc/orthanc"], orthancVersion: "1.12.7" });
  expect(report.deployments[0]?.services[0]?.startup.verdict).toBe("refuses");
  const fault = report.findings.find(({ message }) => message.includes("HttpPort"));
  expect(fault?.location).toMatchObject({ file: "/etc/orthanc/b.json", line: 2, column: 3 });
  expect(fault?.related).toMatchObject([{ location: { file: "/etc/orthanc/a.json", line: 4, column: 3 } }]);
});

describe("an encoding", () => {
  const bytes = (text: string, encoding: "utf16le" | "latin1"): Uint8Array => Buffer.from(text, encoding);
  const open = `{\n  "Name": "Kn\u00fcll",\n  "RemoteAccessAllowed": true,\n  /* \u00fc */ "AuthenticationEnabled": false\n}\n`;
  const encodings: readonly (readonly [string, string | Uint8Array])[] = [
    ["UTF-8", open],
    ["UTF-8 with a byte order mark", `\uFEFF${open}`],
    ["lines that end with CR LF", open.replaceAll("\n", "\r\n")],
    ["lines that end with CR", open.replaceAll("\n", "\r")],
    ["Windows-1252", bytes(open, "latin1")],
    ["UTF-16 with a byte order mark", bytes(`\uFEFF${open}`, "utf16le")],
    ["UTF-16 the other way round", Buffer.from(bytes(`\uFEFF${open}`, "utf16le")).swap16()],
  ];
  test.each(encodings)("%s has the lines and columns that an editor shows", (_name, content) => {
    const { report } = lintFiles({ "orthanc.json": content }, { orthancVersion: "1.12.7" });
    const finding = report.findings.find(({ rule }) => rule === "http-no-authentication");
    expect(finding?.location).toMatchObject({ line: 4, column: 36, endLine: 4, endColumn: 41 });
  });
});
