/** Orthanc's JSON inside of a manifest: written where it stands as the server gets it, left alone where it is escaped. */
import { expect, test } from "vitest";
import { repaired } from "./repair.ts";

const pod = (volume: string): string => `apiVersion: v1
kind: Pod
metadata: { name: orthanc }
spec:
  hostNetwork: true
  containers:
    - name: orthanc
      image: jodogne/orthanc:1.12.7
      volumeMounts: [{ name: configuration, mountPath: /etc/orthanc/orthanc.json, subPath: orthanc.json }]
  volumes:
    - name: configuration
      ${volume}
`;

const rules = ["dicom-called-title-unchecked", "dicom-find-unlimited"];

function fixed(files: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  return repaired({ files }, { unsafe: true, rules }, "strict").files;
}

const added = (indent: string): string =>
  [
    '"RegisteredUsers": { "a": "seven red horses in rain" },',
    '"DicomCheckCalledAet": true,',
    '"LimitFindInstances": 100,',
    '"LimitFindResults": 100',
  ].join(`\n${indent}`);

test("keys are added to a block of a ConfigMap, at its own indentation", () => {
  const manifest = `${pod("configMap: { name: orthanc }")}---
apiVersion: v1
kind: ConfigMap
metadata: { name: orthanc }
data:
  orthanc.json: |
    {
      "RemoteAccessAllowed": true,
      "RegisteredUsers": { "a": "seven red horses in rain" }
    }
  other.txt: stays
`;
  const { "pacs.yaml": text = "" } = fixed({ "pacs.yaml": manifest });
  expect(text).toBe(
    manifest.replace('"RegisteredUsers": { "a": "seven red horses in rain" }', added("      ")),
  );
});

test("keys are added to a configuration that a compose file holds", () => {
  const manifest = `services:
  orthanc:
    image: jodogne/orthanc:1.12.7
    ports: ["4242:4242"]
    configs: [{ source: orthanc, target: /etc/orthanc/orthanc.json }]
configs:
  orthanc:
    content: |
      {
        "RegisteredUsers": { "a": "seven red horses in rain" }
      }
`;
  const { "compose.yml": text = "" } = fixed({ "compose.yml": manifest });
  expect(text).toBe(
    manifest.replace('"RegisteredUsers": { "a": "seven red horses in rain" }', added("        ")),
  );
});

test.each([
  [
    "between quotation marks",
    String.raw`"{ \"RemoteAccessAllowed\": true, \"DicomCheckCalledAet\": false }"`,
  ],
  ["folded, with a key that YAML has to unescape", String.raw`"{ \"RemoteAccess\x41llowed\": true }"`],
])("nothing is added to JSON %s", (_, value) => {
  const manifest = `${pod("configMap: { name: orthanc }")}---
apiVersion: v1
kind: ConfigMap
metadata: { name: orthanc }
data:
  orthanc.json: ${value}
`;
  const { "pacs.yaml": text = "" } = fixed({ "pacs.yaml": manifest });
  // A value that is no text is still changed where it stands.
  expect(text).toBe(manifest.replace('CheckCalledAet\\": false', 'CheckCalledAet\\": true'));
});

test("a Secret in base64 is left alone", () => {
  const value = Buffer.from('{ "RemoteAccessAllowed": true, "AuthenticationEnabled": false }').toString(
    "base64",
  );
  const manifest = `${pod("secret: { secretName: orthanc }")}---
apiVersion: v1
kind: Secret
metadata: { name: orthanc }
data:
  orthanc.json: ${value}
`;
  expect(fixed({ "pacs.yaml": manifest })).toEqual({ "pacs.yaml": manifest });
});

test.each([
  ["false", '"Name": "A", "DicomCheckCalledAet": true, "LimitFindInstances": 100, "LimitFindResults": 100 }'],
  ["{{ .Values.login }}", '"Name": "A" }'],
])("a template of a chart is added to where no value comes from elsewhere: %s", (login, end) => {
  const chart = {
    "pacs/Chart.yaml": "name: pacs\nversion: 1.0.0\n",
    "pacs/values.yaml": "login: true\n",
    "pacs/templates/pacs.yaml": `${pod("configMap: { name: orthanc }")}---
apiVersion: v1
kind: ConfigMap
metadata: { name: orthanc }
data:
  orthanc.json: |
    { "AuthenticationEnabled": ${login}, "Name": "A" }
`,
  };
  const template = chart["pacs/templates/pacs.yaml"];
  expect(fixed(chart)).toEqual({
    ...chart,
    "pacs/templates/pacs.yaml": template.replace('"Name": "A" }', end),
  });
});
