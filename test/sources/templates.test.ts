/** Templates: what is not known of them, and what they become. */
import { describe, expect, test } from "vitest";
import { nodeCrypto } from "../../src/node/crypto.ts";
import { readJson } from "../../src/sources/json.ts";
import { memoryFiles } from "../../src/sources/memory-files.ts";
import { createSources } from "../../src/sources/source.ts";
import { contentOf, isSample, isTemplate, renderedPath } from "../../src/sources/templates.ts";

function opened(path: string, text: string) {
  const result = createSources(memoryFiles({ [path]: text }), nodeCrypto).open(path);
  if (!result.ok) throw new Error(result.message);
  return result.source;
}

/** The text with a star wherever something is filled in. */
function filled(text: string, path = "orthanc.json"): string {
  return contentOf(opened(path, text)).value.replaceAll("\uFFFC", "*");
}

describe("what is filled in is a gap", () => {
  test.each([
    ["Jinja and Go", `{ "Name": "{{ name }}", "HttpPort": {{ .Port }} }`, `{ "Name": "*", "HttpPort": * }`],
    ["ERB", `{ "Name": "<%= @name %>" }`, `{ "Name": "*" }`],
    [
      "names between signs",
      `{ "Name": "%ORTHANC_NAME%", "DicomAet": "@AE@" }`,
      `{ "Name": "*", "DicomAet": "@AE@" }`,
    ],
    ["long names between signs", `{ "DicomAet": "@DICOM_AET@" }`, `{ "DicomAet": "*" }`],
    ["a part of a text", `{ "Host": "pacs.{{ domain }}" }`, `{ "Host": "pacs.*" }`],
    ["comments", `{# by hand #}{ "Name": "{{ n }}" }`, `{ "Name": "*" }`],
  ])("%s", (_name, text, expected) => {
    expect(filled(text)).toBe(expected);
  });

  test.each([
    ["Jinja", `{ {% if tls %}"SslEnabled": true,{% else %}"SslEnabled": false,{% endif %} "Name": "A" }`],
    ["Go", `{ {{- if .tls }}"SslEnabled": true,{{ end }} "Name": "A" }`],
    ["Mustache", `{ {{#tls}}"SslEnabled": true,{{/tls}} "Name": "A" }`],
    ["ERB", `{ <% if tls %>"SslEnabled": true,<% end %> "Name": "A" }`],
    ["within each other", `{ {% if a %}{% for b in c %}"X": 1,{% endfor %}{% endif %} "Name": "A" }`],
  ])("so is all of a part that may be left out: %s", (_name, text) => {
    expect(filled(text)).toBe(`{ *, "Name": "A" }`);
    const { root, errors } = readJson(contentOf(opened("orthanc.json", text)), "jsoncpp");
    expect(errors).toEqual([]);
    expect(root?.kind === "object" && root.open).toBeTruthy();
  });

  test.each([
    ["Jinja", `{% set port = 8042 %}{ "HttpPort": {{ port }} }`],
    ["Go", `{{- $port := 8042 -}}{{/* by hand */}}{ "HttpPort": {{ $port }} }`],
    ["ERB", `<% port = 8042 %><%# by hand %>{ "HttpPort": <%= port -%> }`],
  ])("nothing comes out of statements and comments: %s", (_name, text) => {
    expect(filled(text)).toBe(`{ "HttpPort": * }`);
  });

  test("a part that follows a value", () => {
    const source = opened("a.json", `{ "A": 1{% if b %}, "B": 2{% endif %} }`);
    const { root, errors } = readJson(contentOf(source), "jsoncpp");
    expect(errors).toEqual([]);
    expect(root?.kind === "object" && root.members.map(({ key }) => key)).toEqual(["A"]);
  });

  test("a part that does not end is not known to the end", () => {
    expect(filled(`{ "A": 1, {% if x %} "B": 2 }`)).toBe(`{ "A": 1, *`);
  });
});

test("what holds no placeholder is the file itself", () => {
  for (const text of [
    `{ "Name": "100%" }`,
    `{ "Mail": "A@B.example, C@D.example" }`,
    `{ "A": { "B": {} } }`,
    "{# only a comment #}",
  ]) {
    const source = opened("orthanc.json", text);
    expect(contentOf(source)).toBe(source.text);
    expect(isTemplate(source)).toBe(false);
  }
});

test("a file of a running system is read as it is", () => {
  expect(filled(`{ "Name": "{{ name }}" }`, "/etc/orthanc/orthanc.json")).toContain("{{ name }}");
  expect(filled(`{ "Name": "{{ name }}" }`, "/etc/orthanc/orthanc.json.j2")).not.toContain("{{");
});

test.each([
  ["orthanc.json.j2", "orthanc.json", false],
  ["orthanc.json.template", "orthanc.json", false],
  ["pacs/orthanc.json.example", "pacs/orthanc.json", true],
  ["orthanc.example.json", "orthanc.json", true],
  ["orthanc.json.dist.tmpl", "orthanc.json", true],
  ["orthanc.json", "orthanc.json", false],
  ["example/orthanc.json", "example/orthanc.json", false],
  ["pacs.hospital.example/orthanc.json", "pacs.hospital.example/orthanc.json", false],
])("%s becomes %s", (path, becomes, isCopied) => {
  expect(renderedPath(path)).toBe(becomes);
  expect(isSample(path)).toBe(isCopied);
});
