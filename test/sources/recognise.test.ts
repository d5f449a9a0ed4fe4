import { describe, expect, test } from "vitest";
import { nodeCrypto } from "../../src/node/crypto.ts";
import { memoryFiles } from "../../src/sources/memory-files.ts";
import { type Recognised, recognise } from "../../src/sources/recognise.ts";
import { createSources } from "../../src/sources/source.ts";

function recognised(path: string, text: string, named = false): Recognised {
  const opened = createSources(memoryFiles({ [path]: text }), nodeCrypto).open(path);
  if (!opened.ok) throw new Error(opened.message);
  return recognise(opened.source, named);
}

describe("a file is told by what is in it", () => {
  const cases: readonly (readonly [string, string, string, Recognised["kind"]])[] = [
    ["a configuration of Orthanc", "a.json", '{ "DicomAet": "A", "HttpPort": 8042 }', "orthanc-json"],
    ["one behind comments", "a.json", '// a\n/* b\n */ { "DicomAet": "A" }', "orthanc-json"],
    ["one with a byte order mark", "a.json", '\uFEFF{ "DicomAet": "A" }', "orthanc-json"],
    ["one with wrong case", "a.json", '{ "dicomaet": "A" }', "orthanc-json"],
    ["one with a mistake", "a.json", '{ "DicomAet": "A" "HttpPort": 1 }', "orthanc-json"],
    ["one whose only section is a plugin's", "a.json", '{ "DicomWeb": { "Enable": true } }', "orthanc-json"],
    ["a word that others use too", "a.json", '{ "Name": "a" }', "unknown"],
    ["a package", "package.json", '{ "Name": "a", "HttpPort": 1, "dependencies": {} }', "unknown"],
    ["a list", "a.json", '[{ "DicomAet": "A" }]', "unknown"],
    ["a compose file", "x.yml", "services:\n  a:\n    image: b\n", "compose"],
    ["a manifest of Kubernetes", "x.yml", "apiVersion: v1\nkind: Service\n", "kubernetes"],
    ["a site of nginx", "site", "server {\n  listen 80;\n}\n", "nginx"],
    ["a unit", "x.service", "[Service]\nExecStart=/usr/sbin/Orthanc\n", "systemd"],
    ["variables", "prod.env", "A=1\n", "dotenv"],
    ["a Dockerfile", "Dockerfile.prod", "FROM a\n", "dockerfile"],
    ["the values of a chart", "values.yaml", "services:\n  http:\n    port: 80\n", "unknown"],
    ["prose about nginx", "notes.txt", "server {\n  listen 80;\n}\n", "unknown"],
    ["a script that writes one", "up.sh", "cat >x <<E\nserver {\n  listen 80;\n}\nE\n", "unknown"],
    ["a script that starts containers", "up.sh", "docker run nginx\n", "commands"],
    ["prose", "README", "Run { this }.\n", "unknown"],
    ["nothing", "empty.yml", "", "unknown"],
  ];
  test.each(cases)("%s", (_name, path, text, kind) => {
    expect(recognised(path, text).kind).toBe(kind);
  });
});

test("the reason is said", () => {
  expect(recognised("a.json", '{ "DicomAet": "A", "HttpPort": 8042, "x": 1 }').because).toBe(
    "it has the keys DicomAet, HttpPort",
  );
  expect(recognised("notes", "hello").because).toBe("nothing in it is known to pacslint");
});

test("a file that is named is taken for what it is nearest to", () => {
  expect(recognised("a.json", "{}").kind).toBe("unknown");
  expect(recognised("a.json", "{}", true)).toEqual({
    kind: "orthanc-json",
    because: "it is named on the command line",
  });
  expect(recognised("orthanc.json", "", true).kind).toBe("orthanc-json");
  expect(recognised("orthanc.json", `\${WHOLE}`, true).kind).toBe("orthanc-json");
});
