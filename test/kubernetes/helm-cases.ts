/** Templates over values, one construct each, that the real Helm and our reader render. */

/** What stands in `data` of a ConfigMap, over these values; `unknown` are the keys that ours leaves open. */
export interface TemplateCase {
  readonly data: string;
  readonly values?: string;
  readonly unknown?: readonly string[];
  /** Helm 3.8 (Go 1.17) refuses it. */
  readonly newOnly?: true;
}

/** By their titles. */
export const templateCases: Readonly<Record<string, TemplateCase>> = {
  "a value, a number, a switch": {
    data: 'a: {{ .Values.a }}\nb: "{{ .Values.b }}"\nc: {{ .Values.c | quote }}',
    values: "a: x\nb: 8042\nc: true",
  },
  "large and broken numbers": {
    data: 'a: "{{ .Values.a }} {{ .Values.b }} {{ .Values.c }}"\nb: {{ toJson .Values | quote }}\nc: {{ .Values.a | int | quote }}',
    values: "a: 10485760\nb: 1.5\nc: 0.00001",
  },
  "switches of YAML 1.1": {
    data: "a: {{ .Values | toJson | quote }}\nb: {{ ternary 1 2 .Values.a | quote }}",
    values: 'a: no\nb: "no"\nc: On\nd: 0644\ne: 0o17\nf: 1_000\ng: 2020-01-02\nh: 1:20\ni: ~',
  },
  "what nothing sets": {
    data: 'a: "{{ .Values.a }}"\nb: {{ .Values.b.c | default "d" }}\nc: {{ if .Values.d }}x{{ else }}y{{ end }}',
    values: "b: {}",
    unknown: ["a"],
  },
  "null that a file says": { data: 'a: "[{{ .Values.a }}]"\nb: {{ .Values.a | toYaml }}', values: "a:" },
  "release, chart, template": {
    data: "a: {{ .Release.Name }}-{{ .Release.Namespace }}-{{ .Release.Service }}-{{ .Release.IsInstall }}-{{ .Release.Revision }}\nb: {{ .Chart.Name }}-{{ .Chart.Version }}-{{ .Chart.AppVersion | quote }}-{{ .Chart.IsRoot }}\nc: {{ .Template.Name }} {{ .Template.BasePath }}",
    unknown: [],
  },
  capabilities: {
    data: 'a: "{{ .Capabilities.KubeVersion.Version }} {{ .Capabilities.KubeVersion.Major }} {{ .Capabilities.KubeVersion.GitVersion }}"\nb: {{ .Capabilities.APIVersions.Has "networking.k8s.io/v1" | quote }}\nc: {{ .Capabilities.APIVersions.Has "monitoring.coreos.com/v1" | quote }}\nd: {{ semverCompare ">=1.19-0" .Capabilities.KubeVersion.Version | quote }}',
  },
  "define, include, template, block": {
    data: 'a: {{ include "n" .Values | upper }}\nb: {{ template "n" .Values }}\nc: {{ block "m" .Values.k }}[{{ . }}]{{ end }}{{ define "n" }}x{{ .k }}y{{ end }}',
    values: "k: v",
  },
  tpl: {
    data: 'a: {{ tpl .Values.a . }}\nb: {{ tpl (toYaml .Values.b) $ | nindent 2 }}\nc: {{ tpl .Values.c (dict "x" 1 "Template" .Template) }}',
    values: "a: '{{ .Release.Name }}-{{ .Values.k }}'\nb: { x: '{{ .Values.k }}' }\nc: '{{ .x }}'\nk: v",
  },
  "default of what is empty": {
    data: 'a: {{ range list "" 0 false (list) (dict) "x" 1 true }}{{ . | default "d" }} {{ end }}',
  },
  "quote and squote": {
    data: 'a: {{ .Values.a | quote }}\nb: {{ .Values.a | squote }}\nc: |-\n  {{ quote 1 nil "x" true }}\nd: {{ quote .Values.b }}',
    values: 'a: "say \\"x\\" \\\\ y"\nb: "two\\nlines\\té"',
  },
  "toYaml and nindent": {
    data: "a:{{ toYaml .Values.a | nindent 2 }}\nb: |\n{{ toYaml .Values.a | indent 2 }}",
    values:
      'a:\n  z: [1, "2", { k: v, l: [] }]\n  a10: 1\n  a9: "yes"\n  B: "a: b"\n  t: "one\\ntwo\\n"\n  e: ""\n  n:\n  s: " x"\n  "true": "*x"\n  d: "1:20"\n  l: "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb cccccccccc dddddddddddddd"',
  },
  "toYaml of texts": {
    data: '{{ range $i, $v := .Values.a }}k{{ $i }}: {{ dict "x" $v | toYaml | quote }}\n{{ end }}',
    values:
      'a: ["a: b", "- a", "-", "a #b", "#a", ":x", "x:", "?", "yes", "~", "null", "1.5", "0x1f", "017", "08", "1e3", "+1", ".", "<<", "=", "%a", "@a", "`a", "a\'b", " a", "a ", "[a]", "a,b", "é", "a\\tb", "a\\nb", "a\\nb\\n\\n", "\\na", " a\\nb", "a \\nb", "---", "!x", "", "it\'s: x", "2020-01-01", "1.2.3", "a:b", "a\\\\b", "😀"]',
  },
  "toJson in its forms": {
    data: "a: {{ toJson .Values | quote }}\nb: {{ toRawJson .Values | quote }}\nc: {{ toPrettyJson .Values | quote }}",
    values: 'z: [1, 1.5, true, null, "<a&b>"]\na: { y: {}, x: [] }',
  },
  "fromYaml and fromJson": {
    data: 'a: {{ (fromYaml .Values.a).k.l }}\nb: {{ (fromJson .Values.b).k }}\nc: {{ fromYamlArray "[1, x]" | toJson | quote }}\nd: {{ fromJsonArray "[1]" | len | quote }}',
    values: 'a: "k: { l: v }"\nb: "{\\"k\\": 1}"',
  },
  "if, else if, else": {
    data: 'a: {{ range .Values.a }}{{ if not . }}0{{ else if eq (toString .) "x" }}1{{ else }}2{{ end }}{{ end }}',
    values: 'a: ["", x, y, 0, 1, {}, [], [1], false]',
  },
  "range over lists, maps and nothing": {
    data: 'a: "{{ range $i, $v := .Values.a }}{{ $i }}={{ $v }};{{ end }}"\nb: "{{ range $k, $v := .Values.b }}{{ $k }}={{ $v }};{{ end }}"\nc: {{ range .Values.c }}x{{ else }}none{{ end }}\nd: "{{ range .Values.b }}{{ . }}{{ end }}"',
    values: "a: [x, y]\nb: { z: 1, b: 2, B: 3 }\nc: []",
  },
  "break and continue": {
    data: 'a: "{{ range .Values.a }}{{ if eq . "b" }}{{ continue }}{{ end }}{{ if eq . "d" }}{{ break }}{{ end }}{{ . }}{{ end }}"',
    values: "a: [a, b, c, d, e]",
    newOnly: true,
  },
  with: {
    data: "a: {{ with .Values.a }}{{ .b }}{{ $.Release.Name }}{{ else }}none{{ end }}\nb: {{ with .Values.x }}x{{ else }}none{{ end }}\nc: {{ with $v := .Values.a.b }}{{ $v }}{{ end }}",
    values: "a: { b: x }",
  },
  "variables and their scope": {
    data: 'a: "{{ $x := 1 }}{{ if true }}{{ $x := 2 }}{{ $x }}{{ end }}{{ $x }}{{ range list 1 2 }}{{ $x = add $x . }}{{ end }}{{ $x }}"\nb: {{ $d := dict }}{{ range list "p" "q" }}{{ $_ := set $d . 1 }}{{ end }}{{ toJson $d | quote }}',
  },
  printf: {
    data: 'a: {{ printf "%s-%d-%v-%q-%t-%%" "a" 3 1.5 "b" true | quote }}\nb: {{ printf "%05d|%-5s|%5s|%.2f|%x" 42 "ab" "cd" 1.239 255 | quote }}\nc: {{ printf "%d %s" .Values.num .Values.num | quote }}\nd: {{ printf "%s" "a" "b" | quote }}\ne: {{ printf "%s %v" (list "a" 1) (dict "k" nil) | quote }}',
    values: "num: 5",
  },
  "print of lists, maps and nil": {
    data: 'a: "{{ .Values.l }} {{ .Values.m }} {{ list 1 nil "x" }}"\nb: {{ print "a" 1 2 "b" | quote }}\nc: {{ cat "a" 1 nil "b" }}',
    values: "l: [1, a, { b: 2 }]\nm: { z: 1, a: [true] }",
  },
  base64: {
    data: 'a: {{ b64enc "pacs" }}\nb: {{ "cGFjcw==" | b64dec }}\nc: {{ .Values.a | b64enc | quote }}',
    values: "a: é",
  },
  lookup: {
    data: 'a: {{ lookup "v1" "Secret" "default" "x" | toJson | quote }}\nb: {{ with lookup "v1" "Secret" "" "x" }}x{{ else }}none{{ end }}\nc: {{ (lookup "v1" "Secret" "a" "b").data | default "none" }}',
  },
  "required and given": { data: 'a: {{ required "give it" .Values.a }}', values: "a: x" },
  "what is made at installation": {
    data: 'a: {{ randAlphaNum 8 | b64enc | quote }}\nb: {{ if randAlpha 3 }}x{{ end }}\nc: {{ "x" | sha256sum }}\nd: p-{{ uuidv4 }}',
    unknown: ["a", "c", "d"],
  },
  "ternary, coalesce, empty": {
    data: 'a: {{ ternary "x" "y" (eq 1 1) }}\nb: {{ coalesce .Values.x 0 "" "z" }}\nc: {{ empty 0 }}{{ empty "a" | quote }}',
  },
  "and, or, not": {
    data: 'a: {{ and 1 "x" }}{{ and "" 1 | quote }}\nb: {{ or "" 0 "y" }}{{ or "" 0 }}\nc: {{ if and .Values.x (not .Values.y) }}1{{ else }}2{{ end }}\nd: {{ if (and .Values.none .Values.x) }}1{{ else }}2{{ end }}',
    values: "x: true",
  },
  comparing: {
    data: 'a: {{ eq "a" "b" "a" }}{{ ne 1 2 }}{{ lt 1 2 }}{{ le "b" "a" }}{{ gt 1.5 1.0 }}{{ ge 2 2 }}\nb: {{ eq .Values.t "x" }}{{ ne .Values.num 8042.0 }}{{ gt (int .Values.num) 80 }}\nc: {{ deepEqual (dict "a" 1) (dict "a" 1) }}{{ deepEqual (list 1) (list 2) }}',
    values: "t: x\nnum: 8042",
  },
  "kinds and types": {
    data: 'a: {{ range list .Values.s .Values.num .Values.b .Values.l .Values.m .Values.none 1 1.5 }}{{ kindOf . }} {{ typeOf . }};{{ end }}\nb: {{ kindIs "map" .Values.m }}{{ typeIs "string" .Values.s }}{{ kindIs "float64" .Values.num }}{{ kindIs "slice" .Values.s }}',
    values: "s: x\nnum: 1\nb: true\nl: []\nm: { a: 1 }",
  },
  dictionaries: {
    data: 'a: |-\n  {{ $d := dict "a" 1 "b" (dict "c" 2) }}{{ get $d "a" }}{{ get $d "x" | quote }}{{ hasKey $d "b" }}{{ dig "b" "c" 0 $d }}{{ dig "b" "x" 7 $d }}\nb: |-\n  {{ keys $d | sortAlpha | join "," }}{{ pick $d "a" | toJson }}{{ omit $d "a" | toJson }}\nc: |-\n  {{ unset $d "a" | toJson }}{{ toJson $d }}\nd: {{ pluck "a" (dict "a" 1) (dict "a" 2) (dict) | toJson | quote }}\ne: {{ values (dict "k" "v") | toJson | quote }}',
  },
  "merge fills what is empty, mergeOverwrite does not ask": {
    data: 'a: {{ merge (dict "a" false "b" "" "m" (dict "x" 0)) (dict "a" true "b" "x" "m" (dict "x" 1 "y" 2)) (dict "c" 3 "a" 9) | toJson | quote }}\nb: {{ mergeOverwrite (dict "a" 1 "m" (dict "x" 1 "y" 2)) (dict "a" "" "m" (dict "x" nil)) | toJson | quote }}\nc: {{ $d := dict "a" 1 }}{{ $_ := merge $d (dict "b" 2) }}{{ toJson $d | quote }}\nd: {{ $e := deepCopy $d }}{{ $_ := set $e "z" 1 }}{{ toJson $d | quote }}',
  },
  lists: {
    data: 'a: |-\n  {{ $l := list 3 "b" 3 "" }}{{ first $l }}{{ last $l | quote }}{{ rest $l | toJson }}{{ initial $l | toJson }}{{ uniq $l | toJson }}{{ compact $l | toJson }}\nb: |-\n  {{ append $l 1 | toJson }}{{ prepend $l 0 | toJson }}{{ concat $l (list 9) | toJson }}{{ reverse $l | toJson }}{{ without $l 3 | toJson }}{{ has "b" $l }}\nc: {{ list "b" "a" | sortAlpha | join "-" }}{{ len $l }}{{ index $l 1 }}{{ slice $l 1 3 | toJson }}{{ chunk 3 $l | toJson }}\nd: {{ until 3 | join "," }} {{ untilStep 5 0 -2 | join "," }} {{ seq 3 }} {{ seq 2 2 6 }}',
  },
  "splitting and joining": {
    data: 'a: {{ splitList "," "a,b,c" | toJson | quote }}\nb: {{ (split "." "a.b.c")._1 }}{{ (splitn "." 2 "a.b.c")._1 }}\nc: {{ join "-" (list 1 "a" true nil) }}\nd: {{ index .Values "a" "b" 1 }}\ne: {{ toStrings (list 1 true) | toJson | quote }}',
    values: "a: { b: [x, y] }",
  },
  strings: {
    data: 'a: {{ "release-name-" | trunc 13 | trimSuffix "-" }}{{ trunc -3 "abcdef" }}{{ trim "  x " }}{{ trimAll "-" "--y--" }}{{ trimPrefix "a" "ab" }}\nb: {{ replace "+" "_" "a+b+c" }}{{ contains "b" "abc" }}{{ hasPrefix "a" "abc" }}{{ hasSuffix "a" "abc" }}{{ repeat 3 "z" }}{{ substr 1 3 "abcdef" }}\nc: {{ upper "aB" }}{{ lower "aB" }}{{ title "hello world" }}{{ untitle "Hello" }}{{ nospace " a b " }}{{ initials "First Try" }}\nd: {{ snakecase "FirstName" }} {{ kebabcase "FirstName" }} {{ camelcase "http_server" }} {{ swapcase "aBc" }} {{ abbrev 5 "hello world" }} {{ plural "one" "many" 2 }}\ne: {{ base "a/b.txt" }} {{ dir "a/b.txt" }} {{ ext "a/b.txt" }} {{ toString 5 }} {{ cat "a" "b" }}',
  },
  "regular expressions": {
    data: 'a: {{ regexMatch "^[a-z]+$" "abc" }}{{ regexFind "[0-9]+" "a12b3" }}{{ regexReplaceAll "a(x*)b" "-ab-axxb-" "${1}W" }}{{ regexReplaceAllLiteral "a" "banana" "$" }}\nb: {{ regexFindAll "[a-z]" "a1b2" -1 | join "," }}{{ regexSplit "z+" "pizza" -1 | join "," }}{{ regexMatch "(?i)ABC" "abc" }}{{ regexReplaceAll "[^[:alnum:]-]" "a_b-c" "" }}{{ regexReplaceAll "\\\\W+" "a  b" "_" }}',
  },
  semverCompare: {
    data: 'a: {{ range list ">=1.19-0" "<1.19-0" "^1.2" "~1.35" "1.x" ">1.0 <2.0" "1.20 || >=1.30" "!=1.35.0" ">= 1.21.0, < 1.40.0" "1.2 - 1.40" "*" "~1" ">1" }}{{ semverCompare . "v1.35.0" }} {{ end }}\nb: {{ semverCompare ">=1.27" "1.27.3-gke.1" }}{{ semverCompare ">=1.27-0" "1.27.3-gke.1" }}{{ (semver "1.2.3-a").Minor }}{{ (semver "1.2.3-a").Prerelease }}',
  },
  numbers: {
    data: 'a: {{ add 1 2 3 }} {{ sub 5 2 }} {{ mul 2 3 }} {{ div 7 2 }} {{ mod 7 3 }} {{ max 1 3 2 }} {{ min 2 1 }} {{ add1 4 }} {{ int "7" }} {{ int64 3.9 }} {{ float64 "1.50" }} {{ atoi "12" }} {{ ceil 1.2 }} {{ floor 1.8 }} {{ round 1.256 2 }}\nb: {{ add .Values.num 1 }} {{ .Values.num | int | add 1 }} {{ mulf 1.5 2 }} {{ divf 1 4 }} {{ addf 0.5 0.25 }} {{ toDecimal "644" }} {{ 0x1F }} {{ 1_000 }} {{ 1e3 }} {{ \'a\' }}',
    values: "num: 8042",
  },
  "white space taken away": {
    data: 'a: "x\n  {{- "y" -}}\n  z"\nb: |-\n  {{- range list 1 2 }}\n  line {{ . }}\n  {{- end }}\n{{- /* a comment */ -}}\n{{/* another */}}\nc: d',
  },
  "nested templates": {
    data: 'a: {{ define "inner" }}{{ .v }}{{ end }}{{ define "outer" }}[{{ include "inner" (dict "v" .w) }}]{{ end }}{{ include "outer" (dict "w" "x") | quote }}\nb: {{ range $i := until 3 }}{{ with $i }}{{ if gt . 1 }}big{{ else }}small{{ end }}{{ end }}{{ end }}',
  },
  "anchors in values": {
    data: "a: {{ .Values.b.x }}{{ .Values.c.x }}{{ .Values.c.w }}",
    values: "a: &base { x: 1, w: 2 }\nb: *base\nc: { <<: *base, w: 3 }",
  },
  "strings in Go's notation": {
    data: 'a: {{ "a\\tb\\x41\\u00e9" | quote }}\nb: {{ `raw \\n` | quote }}\nc: {{ print "{{ }}" | quote }}',
  },
  "fields of what brackets give": {
    data: 'a: {{ (dict "a" (dict "b" "x")).a.b }}{{ ((.Values.none).b).c | default "d" }}{{ (index .Values.l 0).k }}{{ $.Values.l | first | toJson | quote }}',
    values: "l: [{ k: v }]",
  },
  "all and any": { data: "a: {{ all 1 true }}{{ all 1 0 }}{{ any 0 1 }}{{ any 0 false }}" },
  "what templates change in the values": {
    data: 'a: {{ $_ := set .Values "k" "changed" }}{{ .Values.k }}{{ $_ := set .Values.m "n" 2 }}{{ toJson .Values.m | quote }}\nb: {{ unset .Values "k" | len }}{{ .Values.k | default "gone" }}',
    values: "k: v\nm: { a: 1 }",
  },
  "a value piped through several functions": {
    data: 'a: {{ .Values.a | default "x" | trunc 3 | upper | quote }}\nb: {{ .Values.b | toString | replace "." "-" }}',
    values: "a: abcdef\nb: 1.25",
  },
};
