/** Whole charts that the real Helm and our reader render; the chart is in the folder "chart". */
import type { Files } from "./helm-judge.ts";

/** A chart with files of values for it. */
export interface ChartCase {
  readonly files: Files;
  readonly valueFiles?: readonly string[];
  /** What ours leaves open: "ConfigMap a data x". */
  readonly unknown?: readonly string[];
  /** Helm 3.8 does otherwise: null in the values of a chart takes nothing from the chart below, import-values adds less. */
  readonly newOnly?: true;
}

/** A ConfigMap of that name. */
export function configMap(name: string, data: string): string {
  return `apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: ${name}\ndata:\n${data.replaceAll(/^(?=.)/gmu, "  ")}\n`;
}

const meta = (name: string, more = ""): string => `apiVersion: v2\nname: ${name}\nversion: 1.0.0\n${more}`;
const all = (name: string): string => configMap(name, "values: {{ toJson .Values | quote }}");

/** By their titles. */
export const chartCases: Readonly<Record<string, ChartCase>> = {
  "files of the chart": {
    files: {
      "chart/Chart.yaml": meta("chart"),
      "chart/conf/a.json": '{ "a": 1 }\n',
      "chart/conf/b.json": "{}",
      "chart/conf/deep/c.txt": "one\ntwo",
      "chart/templates/a.yaml": configMap(
        "a",
        'get: {{ .Files.Get "conf/a.json" | quote }}\nnone: {{ .Files.Get "none" | quote }}\nglob: {{ range $p, $_ := .Files.Glob "conf/**" }}{{ $p }};{{ end }}\none: {{ range $p, $_ := .Files.Glob "conf/*" }}{{ $p }};{{ end }}\nlines: {{ range .Files.Lines "conf/deep/c.txt" }}{{ . }};{{ end }}\n{{ (.Files.Glob "conf/*.json").AsConfig | nindent 2 }}\n{{ (.Files.Glob "conf/deep/*").AsSecrets | nindent 2 }}\n{{ tpl ((.Files.Glob "conf/{a,b}.json").AsConfig) . | replace "json" "copy" | nindent 2 }}',
      ),
    },
  },
  "a chart below with its part of the values, and what is global": {
    files: {
      "chart/Chart.yaml": meta("chart", "dependencies:\n  - { name: db, version: 1.0.0 }\n"),
      "chart/values.yaml": "global: { site: north, deep: { a: 1 } }\ndb: { user: pacs, list: [1] }\n",
      "chart/templates/a.yaml": all("a"),
      "chart/charts/db/Chart.yaml": meta("db"),
      "chart/charts/db/values.yaml":
        "user: postgres\nport: 5432\nlist: [2, 3]\ngone: here\nglobal: { site: south, own: 1, deep: { b: 2 } }\n",
      "chart/charts/db/templates/b.yaml": all("b"),
    },
  },
  "null in the values of a chart takes a default from the chart below": {
    newOnly: true,
    files: {
      "chart/Chart.yaml": meta("chart", "dependencies:\n  - { name: db, version: 1.0.0 }\n"),
      "chart/values.yaml": "db: { gone: null, deep: { gone: null } }\n",
      "chart/charts/db/Chart.yaml": meta("db"),
      "chart/charts/db/values.yaml": "gone: here\ndeep: { gone: here, kept: 1 }\n",
      "chart/charts/db/templates/b.yaml": all("b"),
    },
  },
  "aliases, conditions and tags": {
    files: {
      "chart/Chart.yaml": meta(
        "chart",
        "dependencies:\n  - { name: db, version: 1.0.0, alias: images }\n  - { name: db, version: 1.0.0, alias: reports, condition: reports.enabled }\n  - { name: web, version: 1.0.0, tags: [front, extra] }\n  - { name: mail, version: 1.0.0, condition: 'none.there,mail.used', tags: [front] }\n  - { name: last, version: 1.0.0, condition: last.enabled }\n",
      ),
      "chart/values.yaml":
        "images: { k: 1 }\nreports: { enabled: false }\ntags: { front: false, extra: false }\nmail: { used: true }\n",
      "chart/charts/db/Chart.yaml": meta("db"),
      "chart/charts/db/values.yaml": "k: 0\n",
      "chart/charts/db/templates/b.yaml": all("{{ .Chart.Name }}-{{ .Values.k }}"),
      "chart/charts/web/Chart.yaml": meta("web"),
      "chart/charts/web/templates/b.yaml": all("web"),
      "chart/charts/mail/Chart.yaml": meta("mail"),
      "chart/charts/mail/templates/b.yaml": all("mail"),
      "chart/charts/last/Chart.yaml": meta("last"),
      // A condition may be decided by the values of the chart below itself.
      "chart/charts/last/values.yaml": "enabled: false\n",
      "chart/charts/last/templates/b.yaml": all("last"),
    },
  },
  "import-values": {
    newOnly: true,
    files: {
      "chart/Chart.yaml": meta(
        "chart",
        "dependencies:\n  - name: db\n    version: 1.0.0\n    import-values:\n      - data\n      - { child: settings.deep, parent: mine }\n",
      ),
      "chart/values.yaml": "own: 1\nmine: { b: kept }\n",
      "chart/templates/a.yaml": all("a"),
      "chart/charts/db/Chart.yaml": meta("db"),
      "chart/charts/db/values.yaml":
        "exports: { data: { own: 2, more: 3 } }\nsettings: { deep: { a: 1, b: 2 } }\n",
      "chart/charts/db/templates/b.yaml": all("b"),
    },
  },
  "a library, charts in charts, and their names": {
    files: {
      "chart/Chart.yaml": meta(
        "chart",
        "dependencies:\n  - { name: lib, version: 1.0.0 }\n  - { name: one, version: 1.0.0 }\n",
      ),
      "chart/values.yaml": "one: { two: { k: deep } }\n",
      "chart/templates/a.yaml": `{{ include "lib.map" (dict "name" "a" "top" .) }}`,
      "chart/charts/lib/Chart.yaml": meta("lib", "type: library\n"),
      "chart/charts/lib/templates/_map.tpl": `{{- define "lib.map" -}}\n${configMap("{{ .name }}", "chart: {{ .top.Chart.Name }}\ntemplate: {{ .top.Template.Name }}")}{{- end -}}`,
      "chart/charts/lib/templates/never.yaml": all("never"),
      "chart/charts/one/Chart.yaml": meta("one"),
      "chart/charts/one/templates/b.yaml": `{{ include "lib.map" (dict "name" "b" "top" .) }}`,
      "chart/charts/one/charts/two/Chart.yaml": meta("two"),
      "chart/charts/one/charts/two/templates/c.yaml": `{{ include "lib.map" (dict "name" "c" "top" .) }}\n  k: {{ .Values.k }}\n`,
    },
  },
  "several files of values, and null that takes a default away": {
    files: {
      "chart/Chart.yaml": meta("chart"),
      "chart/values.yaml": "a: { x: 1, y: 2, z: { deep: 1 } }\nb: [1, 2]\nc: base\n",
      "chart/templates/a.yaml": all("a"),
      "one.yaml": "a: { y: 3, z: null }\nb: [9]\nd: one\n",
      "two.yaml": "a: { x: null, w: 4 }\nc: two\nd: null\n",
    },
    valueFiles: ["one.yaml", "two.yaml"],
  },
  "notes, hooks, tests, definitions and files that Helm leaves out": {
    files: {
      "chart/Chart.yaml": meta("chart"),
      "chart/.helmignore": "# a comment\n*.bak\ntemplates/old/\n/templates/one.yaml\n",
      "chart/templates/NOTES.txt": "{{ .Values.nothing }} installed\n",
      "chart/templates/hook.yaml":
        "apiVersion: v1\nkind: Pod\nmetadata:\n  name: hook\n  annotations: { helm.sh/hook: pre-install }\nspec: {}\n",
      "chart/templates/tests/t.yaml":
        "apiVersion: v1\nkind: Pod\nmetadata:\n  name: try\n  annotations: { helm.sh/hook: test }\nspec: {}\n",
      "chart/templates/a.yaml": configMap("a", "k: v"),
      "chart/templates/a.yaml.bak": configMap("bak", "k: v"),
      "chart/templates/old/b.yaml": configMap("old", "k: v"),
      "chart/templates/one.yaml": configMap("one", "k: v"),
      "chart/templates/.hidden.yaml": configMap("hidden", "k: v"),
      "chart/templates/empty.yaml": "{{ if false }}\nkind: x\n{{ end }}\n",
      "chart/crds/crd.yaml":
        "apiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\nmetadata: { name: x }\n",
    },
  },
  "several documents, and one template that includes another file": {
    files: {
      "chart/Chart.yaml": meta("chart"),
      "chart/values.yaml": "names: [x, y]\n",
      "chart/templates/many.yaml": `{{- range .Values.names }}\n---\n${configMap("m-{{ . }}", "k: {{ $.Chart.Name }}")}{{- end }}\n---\n# nothing\n---\n${configMap("last", "k: v")}`,
      "chart/templates/other.yaml": configMap(
        "other",
        'k: {{ include (print $.Template.BasePath "/many.yaml") . | quote }}',
      ),
    },
  },
  "of two definitions of one name, the one in the higher and earlier file": {
    files: {
      "chart/Chart.yaml": meta("chart", "dependencies:\n  - { name: sub, version: 1.0.0 }\n"),
      "chart/templates/_b.tpl": '{{ define "n" }}b{{ end }}{{ define "m" }}b{{ end }}',
      "chart/templates/_a.tpl": '{{ define "n" }}a{{ end }}',
      "chart/templates/deep/_c.tpl": '{{ define "m" }}c{{ end }}',
      "chart/charts/sub/Chart.yaml": meta("sub"),
      "chart/charts/sub/templates/_a.tpl": '{{ define "n" }}sub{{ end }}{{ define "m" }}sub{{ end }}',
      "chart/charts/sub/templates/b.yaml": configMap("b", 'k: {{ include "n" . }}{{ include "m" . }}'),
      "chart/templates/a.yaml": configMap("a", 'k: {{ include "n" . }}{{ include "m" . }}'),
    },
  },
  "what one template sets, the next one sees": {
    files: {
      "chart/Chart.yaml": meta("chart"),
      "chart/values.yaml": "k: first\n",
      "chart/templates/b.yaml": configMap("b", 'k: {{ .Values.k }}{{ $_ := set .Values "k" "second" }}'),
      "chart/templates/a.yaml": configMap("a", "k: {{ .Values.k }}"),
    },
  },
};
