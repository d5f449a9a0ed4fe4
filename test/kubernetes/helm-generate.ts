/** Random charts of random templates over random values, the same for the same seed. */
import { configMap } from "./chart-cases.ts";
import { randomOf } from "./generate.ts";
import type { Files } from "./helm-judge.ts";

type Pick = <T>(items: readonly T[], fallback: T) => T;

interface Making {
  readonly random: () => number;
  readonly pick: Pick;
}

/** A chart with a chart below it and a file of values, in the folders "chart" and "given.yaml". */
export function generatedChart(seed: number): Files {
  const random = randomOf(seed);
  const pick: Pick = (items, fallback) => items[Math.floor(random() * items.length)] ?? fallback;
  const making: Making = { random, pick };
  const data = (): string =>
    Array.from(
      { length: 6 },
      (_, index) =>
        `{{- define "d${index}" }}${block(making, 3)}{{ end }}\nk${index}: {{ include "d${index}" . | quote }}`,
    ).join("\n");
  const helpers = ["one", "two"]
    .map((name) => `{{- define "${name}" -}}\n${trimmed(making)}${block(making, 2, false)}\n{{- end }}\n`)
    .join("");
  const condition = pick(["", ", condition: sub.used", ", tags: [extra]", ", alias: other"], "");
  return {
    "chart/Chart.yaml": `apiVersion: v2\nname: chart\nversion: 1.0.0\ndependencies:\n  - { name: sub, version: 1.0.0${condition} }\n`,
    "chart/values.yaml": `${values(making)}global: { site: ${pick(["north", "south"], "north")} }\nsub: { s: over, m: { b: other } }\n`,
    "chart/files/a.txt": "first\nsecond",
    "chart/templates/_helpers.tpl": helpers,
    "chart/templates/a.yaml": configMap("a", data()),
    "chart/templates/b.yaml": `{{- range $i, $v := .Values.l }}\n---\n${configMap("b-{{ $i }}", "k: {{ $v | quote }}")}{{- end }}\n`,
    "chart/charts/sub/Chart.yaml": "apiVersion: v2\nname: sub\nversion: 1.0.0\n",
    "chart/charts/sub/values.yaml": `${values(making)}used: ${pick(["true", "false"], "true")}\nglobal: { site: own, more: 1 }\n`,
    "chart/charts/sub/templates/c.yaml": configMap(
      "c",
      `${data()}\nsite: {{ toJson .Values.global | quote }}`,
    ),
    "given.yaml": `${pick(["s: given", "l: [only]", "m: { b: null }", "more: null"], "s: given")}\ntags: { extra: ${pick(["true", "false"], "true")} }\n`,
  };
}

function values({ pick }: Making): string {
  return [
    `s: ${pick(['"text"', '"a: b"', '""', '"two\\nlines\\n"', "Mixed-Case_text", '"1.5"', "yes"], "x")}`,
    `t: ${pick(['"{{ .Values.s }}!"', '"plain"', '"{{ .Release.Name }}"', "x.y.z"], "x")}`,
    `num: ${pick(["0", "1", "8042", "10485760", "1.5", "-3"], "1")}`,
    `b: ${pick(["true", "false", "no"], "true")}`,
    `l: ${pick(["[]", "[x]", "[b, a, b, 1]", "[[1], { k: v }]", '["", 0, z]'], "[]")}`,
    `m: ${pick(["{ a: 1, b: two }", "{}", "{ z: [1, 2], a: { deep: true, a10: x, a9: y } }", '{ "x y": "*" }'], "{}")}`,
    "",
  ].join("\n");
}

function trimmed({ pick }: Making): string {
  return pick(["", "{{- /* a comment */ -}}\n", "{{- $unused := 1 }}"], "");
}

/** A text with actions in it, of which some are blocks. */
function block(making: Making, depth: number, includes = true): string {
  const { random, pick } = making;
  const parts = Array.from({ length: 1 + Math.floor(random() * 2) }, () => {
    const inner = (): string => (depth > 0 ? block(making, depth - 1, includes) : "x");
    const [left, right] = [pick(["{{", "{{- "], "{{"), pick(["}}", " -}}"], "}}")];
    switch (pick(depth > 0 ? ["print", "print", "if", "range", "with", "set"] : ["print"], "print")) {
      case "if":
        return `${left} if ${condition(making)} ${right}${inner()}{{ else if ${condition(making)} }}${inner()}{{ else }}${inner()}${left} end ${right}`;
      case "range":
        return `${left} range $i, $v := ${pick([list(making), "$.Values.m", "until 2"], "until 2")} ${right}[{{ $i }}={{ $v | toJson }}${inner()}]{{ else }}none{{ end }}`;
      case "with":
        return `{{ with ${text(making, includes)} }}{{ . }}${pick(["{{ $.Release.Name }}", ""], "")}{{ else }}empty{{ end }}`;
      case "set":
        return `{{ $x := ${text(making, includes)} }}{{ $x }}{{ $x = "other" }}{{ $x }}`;
      default:
        return `${left} ${text(making, includes)} ${right}`;
    }
  });
  return parts.join(pick([" ", "-", ": "], " "));
}

function condition(making: Making): string {
  const { pick } = making;
  const simple = (): string =>
    pick(
      [
        "$.Values.b",
        "$.Values.s",
        "not $.Values.l",
        "empty $.Values.m",
        'eq (toString $.Values.s) "text"',
        "gt (int $.Values.num) 1",
        'hasKey $.Values.m "a"',
        'has "b" $.Values.l',
        'contains "e" (toString $.Values.s)',
        'kindIs "map" $.Values.m',
        'semverCompare ">=1.20-0" $.Capabilities.KubeVersion.Version',
        '$.Capabilities.APIVersions.Has "batch/v1"',
      ],
      "true",
    );
  return pick([simple(), `and (${simple()}) (${simple()})`, `or (${simple()}) (${simple()})`], "true");
}

function list({ pick }: Making): string {
  return pick(
    [
      "$.Values.l",
      "(concat $.Values.l (list 1 $.Values.s))",
      '(splitList "." (toString $.Values.t))',
      "(keys $.Values.m | sortAlpha)",
      "(uniq $.Values.l)",
      "(compact $.Values.l)",
      "(reverse $.Values.l)",
      '(append $.Values.l "z")',
      '(without $.Values.l "b")',
    ],
    "list",
  );
}

/** An expression that gives something to print. */
function text(making: Making, includes: boolean): string {
  const { pick } = making;
  const start = pick(
    [
      "$.Values.s",
      "$.Values.num",
      "$.Values.b",
      "$.Values.l",
      "$.Values.m",
      "$.Release.Name",
      "$.Chart.Name",
      `${list(making)} | join ","`,
      'get $.Values.m "a"',
      'dig "x" "deep" "none" (dict "x" (dict "deep" $.Values.s))',
      "tpl (toString $.Values.t) $",
      'printf "%v-%s-%q" $.Values.num (toString $.Values.s) "q"',
      `ternary "yes" "no" (${pick(["eq 1 1", "empty $.Values.l"], "eq 1 1")})`,
      'coalesce $.Values.none $.Values.s "last"',
      '$.Files.Get "files/a.txt"',
      "add (int $.Values.num) 2 | mul 3",
      'merge (dict "a" "" "n" 1) $.Values.m | toJson',
      'omit $.Values.m "a" | toJson',
      "toYaml $.Values.m | nindent 4",
      "toYaml $.Values.l | quote",
      'lookup "v1" "Secret" "a" "b"',
      'dict "s" $.Values.s "l" $.Values.l | toYaml | b64enc',
      ...(includes ? ['include "one" $', 'include "two" $ | trim'] : []),
    ],
    "$.Values.s",
  );
  const pipes = [
    'default "d"',
    "toString | upper",
    "toString | trunc 5",
    'toString | replace "e" "E"',
    "quote",
    "squote",
    "toJson",
    "toString | b64enc",
    'toString | trimSuffix "t"',
    "toString | indent 2",
    "toString | nospace",
    "toYaml",
    "toString | title",
    "toString | len",
  ];
  return [start, ...pipes.filter(() => making.random() < 0.08)].join(" | ");
}
