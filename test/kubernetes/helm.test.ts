/**
 * Charts of Helm, unrendered: places, what is not known, and what is told. Whether the objects are those that Helm makes is
 * asked in helm-real.test.ts.
 */
import { describe, expect, test } from "vitest";
import { renderChart } from "../../src/deployment/kubernetes/helm/chart.ts";
import { render } from "../../src/deployment/kubernetes/helm/evaluate.ts";
import { parseTemplate } from "../../src/deployment/kubernetes/helm/parse.ts";
import { ownValue } from "../../src/deployment/kubernetes/helm/values.ts";
import type { Problem } from "../../src/deployment/model.ts";
import { nodeCrypto } from "../../src/node/crypto.ts";
import { memoryFiles } from "../../src/sources/memory-files.ts";
import { createSources } from "../../src/sources/source.ts";
import { readYaml } from "../../src/sources/yaml.ts";
import { locate, textOfFile } from "../../src/text/text.ts";
import { look } from "./look.ts";
import { libraryChart, plainChart } from "./pacs-charts.ts";

/** Renders a template over values; a hole shows as "?". */
function rendered(
  template: string,
  values = "{}",
): { readonly text: string; readonly problems: readonly string[] } {
  const { nodes, defines, errors } = parseTemplate(textOfFile("t.yaml", template));
  const [root] = readYaml(
    textOfFile("values.yaml", `Values: ${values}\nRelease: { Name: demo }\n`),
  ).documents.map(ownValue);
  const problems: Problem[] = [];
  const text = render(nodes, root, {
    defines: new Map(defines),
    problems,
    budget: 10_000,
    readFile: { read: () => undefined, below: () => [] },
  });
  return {
    text: text.value.replaceAll("\uFFFC", "?"),
    problems: [...errors, ...problems].map(({ message }) => message),
  };
}

describe("templates", () => {
  test.each([
    ["a value", "{{ .Values.a }}", "{ a: x }", "x"],
    ["a value that nothing sets", "[{{ .Values.a }}]", "{}", "[?]"],
    ["white space taken away", "a\n  {{- .Values.a -}}  \nb", "{ a: x }", "axb"],
    ["a comment", "a{{/* no */}}b{{- /* no */ -}} c", "{}", "abc"],
    ["default", '{{ .Values.a | default "d" }}{{ default "e" .Values.b }}', "{ b: x }", "dx"],
    ["default for what is empty", '{{ .Values.a | default "d" }}', '{ a: "" }', "d"],
    ["quote, squote", "{{ .Values.a | quote }} {{ .Values.a | squote }}", "{ a: x }", "\"x\" 'x'"],
    [
      "if, else if, else",
      "{{ if .Values.a }}1{{ else if .Values.b }}2{{ else }}3{{ end }}",
      "{ b: true }",
      "2",
    ],
    [
      "not, and, or",
      "{{ if and .Values.a (not .Values.b) }}1{{ end }}{{ or .Values.c .Values.a }}",
      "{ a: 5 }",
      "15",
    ],
    [
      "eq with several",
      '{{ if eq .Values.a "x" "y" }}1{{ end }}{{ if ne .Values.a "y" }}2{{ end }}',
      "{ a: y }",
      "1",
    ],
    [
      "with, and the root",
      "{{ with .Values.a }}{{ .b }}{{ $.Release.Name }}{{ else }}none{{ end }}",
      "{ a: { b: x } }",
      "xdemo",
    ],
    [
      "range over a list",
      "{{ range $i, $e := .Values.a }}{{ $i }}{{ $e }} {{ end }}",
      "{ a: [x, y] }",
      "0x 1y ",
    ],
    [
      "range over a map, by its keys",
      "{{ range $k, $v := .Values.a }}{{ $k }}={{ $v }} {{ end }}",
      "{ a: { z: 1, b: 2 } }",
      "b=2 z=1 ",
    ],
    ["range over nothing", "{{ range .Values.a }}x{{ else }}none{{ end }}", "{ a: [] }", "none"],
    ["variables", "{{ $x := .Values.a }}{{ if true }}{{ $x = 2 }}{{ end }}{{ $x }}", "{ a: 1 }", "2"],
    [
      "define and include",
      '{{ define "n" }}{{ .Values.a }}!{{ end }}{{ include "n" . | upper }}',
      "{ a: x }",
      "X!",
    ],
    ["template", '{{ define "n" }}[{{ . }}]{{ end }}{{ template "n" .Values.a }}', "{ a: x }", "[x]"],
    ["printf", '{{ printf "%s-%d-%v-%q%%" "a" 3 true "b" }}', "{}", 'a-3-true-"b"%'],
    ["trunc, trimSuffix", '{{ "release-name-" | trunc 13 | trimSuffix "-" }}', "{}", "release-name"],
    ["replace, contains", '{{ "a+b" | replace "+" "_" }}{{ if contains "b" "abc" }}1{{ end }}', "{}", "a_b1"],
    ["indent, nindent", '{{ "a\\nb" | indent 2 }}{{ "c" | nindent 2 }}', "{}", "  a\n  b\n  c"],
    [
      "toYaml",
      "{{ toYaml .Values.a }}",
      "{ a: { b: [1, x], c: { d: 'true' }, e: {}, f: null } }",
      'b:\n- 1\n- x\nc:\n  d: "true"\ne: {}\nf: null',
    ],
    ["toYaml of lines", "{{ toYaml .Values.a }}", '{ a: { b: "1\\n2\\n" } }', "b: |\n  1\n  2"],
    [
      "toYaml of a list of maps",
      "{{ toYaml .Values.a | nindent 2 }}",
      "{ a: [{ b: 1, c: 2 }, { d: [3] }] }",
      "\n  - b: 1\n    c: 2\n  - d:\n    - 3",
    ],
    ["toJson", "{{ .Values.a | toJson }}", "{ a: { b: [1, x], c: null } }", '{"b":[1,"x"],"c":null}'],
    ["b64enc, b64dec", '{{ "pacs" | b64enc }} {{ "cGFjcw==" | b64dec }}', "{}", "cGFjcw== pacs"],
    ["tpl", "{{ tpl .Values.a . }}", "{ a: '{{ .Release.Name }}!' }", "demo!"],
    [
      "ternary, coalesce, empty",
      '{{ ternary "a" "b" true }}{{ coalesce .Values.x "c" }}{{ empty "" }}',
      "{}",
      "actrue",
    ],
    [
      "dict, get, hasKey, list, join",
      '{{ $d := dict "a" 1 }}{{ get $d "a" }}{{ hasKey $d "b" }}{{ list "x" "y" | join "," }}',
      "{}",
      "1falsex,y",
    ],
    [
      "index, first, len",
      '{{ index .Values.a 1 }}{{ first .Values.a }}{{ len .Values.a }}{{ index .Values "b" "c" }}',
      "{ a: [x, y], b: { c: z } }",
      "yx2z",
    ],
    ["numbers", '{{ add 1 2 3 }}{{ mul 2 3 }}{{ int "7" }}{{ if gt 2 1 }}y{{ end }}', "{}", "667y"],
    ["semverCompare", '{{ if semverCompare ">=1.19-0" "v1.32.0" }}new{{ else }}old{{ end }}', "{}", "new"],
    ["a field of what brackets give", '{{ (dict "a" "x").a }}', "{}", "x"],
    ["required and given", '{{ required "give it" .Values.a }}', "{ a: x }", "x"],
    ["required and not given", '{{ required "give it" .Values.a }}', "{}", "?"],
    ["what is made at installation", "{{ randAlphaNum 8 }}", "{}", "?"],
    [
      "part of a text is not known",
      "{{ .Values.a }}/orthanc:{{ .Values.b }}",
      "{ b: 1.12 }",
      "?/orthanc:1.12",
    ],
  ])("%s", (_, template, values, expected) => {
    expect(rendered(template, values)).toEqual({ text: expected, problems: [] });
  });

  test.each([
    [
      "a function that nobody knows",
      "{{ frobnicate .Values.a }}",
      "?",
      "the function frobnicate is not known here: what it gives is not known",
    ],
    [
      "a condition that is not known",
      "{{ if lookupSomething }}x{{ end }}",
      "",
      "the function lookupSomething is not known here: what it gives is not known",
    ],
    ["a template that is not there", '{{ include "no" . }}', "?", "there is no template no"],
    ["a block without an end", "{{ if true }}x", "x", "there is no end to it"],
    ["an end without a block", "x{{ end }}y", "xy", "it closes nothing"],
    ["an action that is none", "{{ | }}x", "x", "this action cannot be read"],
    ["an action that is not closed", "x {{ if }\ny", "x ", "this action is not closed"],
  ])("%s", (_, template, text, problem) => {
    const found = rendered(template);
    expect(found.text).toBe(text);
    expect(found.problems[0]).toBe(problem);
  });

  test("a template that includes itself comes to an end", () => {
    expect(rendered('{{ define "a" }}{{ include "a" . }}{{ end }}{{ include "a" . }}').problems).toContain(
      "a includes itself",
    );
  });

  test("values keep their place through quotes, indentation and YAML", () => {
    const { nodes, defines } = parseTemplate(textOfFile("t.yaml", "{{ toYaml .Values.a | nindent 4 }}"));
    const [values] = readYaml(
      textOfFile("values.yaml", "Values:\n  a:\n    key: |\n      one\n      two\n"),
    ).documents.map(ownValue);
    const rendering = {
      defines: new Map(defines),
      problems: [],
      budget: 99,
      readFile: { read: () => undefined, below: () => [] },
    };
    const text = render(nodes, values, rendering);
    expect(text.value).toBe("\n    key: |\n      one\n      two");
    const start = text.value.indexOf("two");
    // "two" begins with character 43 of the values: 8 + 5 + 11 + 10 + 6 stand before it, and three ends of lines
    expect(locate(text, start, start + 3)).toEqual({ at: { file: "values.yaml", start: 40, end: 43 } });
  });
});

describe("charts", () => {
  test("findings stand in the values and in the template", () => {
    const { deployments, entries, findings, problems } = look(plainChart);
    expect(deployments).toEqual(["pacs (chart)"]);
    expect(entries).toEqual(["release-name-pacs http internet :8042 direct login=none tls=off"]);
    // the fourth line of the values: `  { "AuthenticationEnabled": false`
    expect(findings).toContain("critical http-no-authentication pacs/values.yaml:4:30");
    expect(problems).toEqual([]);
  });

  test("files of values that the command line names", () => {
    const inside = { ...plainChart, "inside.yaml": "service: { type: ClusterIP }\n" };
    expect(look(inside, { paths: ["pacs"], valueFiles: ["inside.yaml"] }).entries).toEqual([]);
    expect(look(plainChart, { paths: ["pacs"], valueFiles: ["nowhere.yaml"] }).problems).toEqual([
      "unreadable nowhere.yaml:1 the values in nowhere.yaml cannot be read",
    ]);
  });

  test("a manifest that ends too early is told at its last line", () => {
    const { problems } = look({ ...plainChart, "pacs/templates/torn.yaml": "apiVersion: v1\nkind: {torn\n" });
    expect(problems).toHaveLength(1);
    expect(problems[0]).toMatch(/^syntax pacs\/templates\/torn\.yaml:[23] the manifest cannot be read: /u);
  });

  test("values that lie beside and are not named are told", () => {
    const { assumptions } = look({ ...plainChart, "pacs/values-live.yaml": "{}\n" });
    expect(assumptions).toContain("Not applied, as --values does not name them: values-live.yaml.");
  });

  test("a subchart gets its part of the values, and what is global; a missing one is told", () => {
    const { resources, problems } = rendering({
      "a/Chart.yaml":
        "name: a\ndependencies:\n  - { name: db }\n  - { name: extra, condition: extra.enabled }\n  - { name: gone }\n",
      "a/values.yaml": "global: { site: north }\ndb: { user: pacs }\nextra: { enabled: false }\n",
      "a/charts/db/Chart.yaml": "name: db\n",
      "a/charts/db/values.yaml": "user: postgres\nport: 5432\n",
      "a/charts/db/templates/c.yaml":
        "apiVersion: v1\nkind: ConfigMap\nmetadata: { name: {{ .Values.global.site }}-{{ .Values.user }}-{{ .Values.port }} }\n",
      "a/charts/extra/Chart.yaml": "name: extra\n",
      "a/charts/extra/templates/c.yaml": "apiVersion: v1\nkind: ConfigMap\nmetadata: { name: extra }\n",
    });
    expect(resources).toEqual(["ConfigMap north-pacs-5432"]);
    expect(problems).toEqual(["the chart gone is not in a/charts: what it holds is not judged"]);
  });

  test("a chart that another one takes from beside it is no deployment of its own", () => {
    const beside = {
      ...Object.fromEntries(
        Object.entries(plainChart).map(([path, content]) => [path.replace("pacs/", "parts/pacs/"), content]),
      ),
      "all/Chart.yaml":
        "name: all\nversion: 1.0.0\ndependencies:\n  - { name: pacs, version: 1.0.0, repository: 'file://../parts/pacs', condition: pacs.enabled }\n",
    };
    expect(look(beside).deployments).toEqual(["all (chart)"]);
    expect(look(beside).findings).toContain("critical http-no-authentication parts/pacs/values.yaml:4:30");
    // switched off there, it is what somebody may install by itself
    const off = { ...beside, "all/values.yaml": "pacs: { enabled: false }\n" };
    expect(look(off).deployments).toEqual(["parts/pacs (chart)"]);
  });

  test("files of the chart, pods of a test", () => {
    const { resources } = rendering({
      "a/Chart.yaml": "name: a\n",
      "a/files/one.json": "{}",
      "a/templates/c.yaml":
        'apiVersion: v1\nkind: ConfigMap\nmetadata: { name: "{{ .Files.Get "files/one.json" }}{{ range $path, $_ := .Files.Glob "files/*" }}{{ $path }}{{ end }}" }\n',
      "a/templates/tests/t.yaml":
        "apiVersion: v1\nkind: Pod\nmetadata: { name: try, annotations: { helm.sh/hook: test } }\nspec: { containers: [] }\n",
    });
    expect(resources).toEqual(["ConfigMap {}files/one.json"]);
  });

  test("what no values file sets is not known: nothing is guessed", () => {
    const template = (plainChart["pacs/templates/all.yaml"] ?? "").replace(
      ".Values.service.type",
      ".Values.global.type",
    );
    const { entries } = look({ ...plainChart, "pacs/templates/all.yaml": template });
    expect(entries).toEqual(["release-name-pacs http ? :8042 direct login=none tls=off"]);
  });

  test("a rendered chart on standard input is a manifest", () => {
    const { entries } = look(
      {
        stdin:
          "---\n# Source: pacs/templates/s.yaml\napiVersion: v1\nkind: Pod\nmetadata: { name: a, labels: { app: a } }\nspec: { containers: [{ name: a, image: orthancteam/orthanc:24.6.2, ports: [{ containerPort: 8042, hostPort: 80 }] }] }\n",
      },
      { paths: ["stdin"] },
    );
    expect(entries).toHaveLength(1);
  });
});

function rendering(files: Readonly<Record<string, string>>) {
  const memory = memoryFiles(files);
  const { resources, problems } = renderChart("a", [], memory, createSources(memory, nodeCrypto));
  return {
    resources: resources.map(({ kind, name }) => `${kind} ${name}`),
    problems: problems.map(({ message }) => message),
  };
}

describe("what libraries of templates do", () => {
  test("a value that is a template leads back to the values that it names", () => {
    const { findings, problems } = look(libraryChart);
    expect(problems).toEqual([]);
    expect(findings).toContain("critical http-no-authentication pacs/values.yaml:3:8");
  });

  test("a subchart has the name of its alias, and is there where its condition holds", () => {
    const { entries } = look(libraryChart);
    expect(entries.filter((entry) => entry.includes("database"))).toEqual([
      "images database network :30432 direct login=password tls=off",
    ]);
  });
});
