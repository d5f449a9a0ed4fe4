/** Charts that run a PACS, as tests read them. */

/** Orthanc behind a load balancer. */
export const plainChart = {
  "pacs/Chart.yaml": "apiVersion: v2\nname: pacs\nversion: 1.0.0\nappVersion: 24.6.2\n",
  "pacs/values.yaml": `image: { repository: orthancteam/orthanc, tag: "" }
service: { type: LoadBalancer }
config: |
  { "AuthenticationEnabled": false, "RemoteAccessAllowed": true }
`,
  "pacs/templates/_helpers.tpl":
    '{{- define "pacs.name" -}}\n{{ printf "%s-%s" .Release.Name .Chart.Name }}\n{{- end }}\n',
  "pacs/templates/all.yaml": `apiVersion: v1
kind: ConfigMap
metadata: { name: {{ include "pacs.name" . }} }
data:
  orthanc.json: |
    {{- .Values.config | nindent 4 }}
---
apiVersion: v1
kind: Service
metadata: { name: {{ include "pacs.name" . }} }
spec:
  type: {{ .Values.service.type }}
  selector: { app: pacs }
  ports: [{ port: 8042 }]
---
apiVersion: apps/v1
kind: Deployment
metadata: { name: {{ include "pacs.name" . }} }
spec:
  template:
    metadata: { labels: { app: pacs } }
    spec:
      containers:
        - name: orthanc
          image: "{{ .Values.image.repository }}:{{ .Values.image.tag | default .Chart.AppVersion }}"
          volumeMounts: [{ name: config, mountPath: /etc/orthanc }]
      volumes: [{ name: config, configMap: { name: {{ include "pacs.name" . }} } }]
`,
  "pacs/templates/NOTES.txt": "{{ .Values.nothing }}\n",
};

/** Orthanc with a library of templates, and one chart below under two names. */
export const libraryChart = {
  "pacs/Chart.yaml":
    "name: pacs\nversion: 1.0.0\ndependencies:\n  - { name: db, version: 0.1.0, alias: images }\n  - { name: db, version: 0.1.0, alias: reports, condition: reports.enabled }\n",
  "pacs/values.yaml": `orthanc: |
  { "RemoteAccessAllowed": true, "AuthenticationEnabled": {{ .Values.login }} }
login: false
images: { kind: NodePort }
reports: { enabled: false }
`,
  "pacs/charts/common/Chart.yaml": "name: common\nversion: 1.0.0\ntype: library\n",
  "pacs/charts/common/templates/_render.tpl": `{{- define "common.render" -}}
{{- $value := typeIs "string" .value | ternary .value (.value | toYaml) }}
{{- if contains "{{" (toJson .value) }}{{ tpl $value .context }}{{ else }}{{ $value }}{{ end }}
{{- end -}}
`,
  "pacs/charts/db/Chart.yaml": "name: db\nversion: 0.1.0\n",
  "pacs/charts/db/values.yaml": "kind: ClusterIP\n",
  "pacs/charts/db/templates/db.yaml": `apiVersion: v1
kind: Pod
metadata: { name: "{{ .Chart.Name }}", labels: { app: "{{ .Chart.Name }}" } }
spec: { containers: [{ name: db, image: "postgres:16.4" }] }
---
apiVersion: v1
kind: Service
metadata: { name: "{{ .Chart.Name }}" }
spec: { type: {{ .Values.kind }}, selector: { app: "{{ .Chart.Name }}" }, ports: [{ port: 5432, nodePort: 30432 }] }
`,
  "pacs/templates/orthanc.yaml": `apiVersion: v1
kind: ConfigMap
metadata: { name: orthanc }
data:
  orthanc.json: |
{{ include "common.render" (dict "value" .Values.orthanc "context" $) | indent 4 }}
---
apiVersion: v1
kind: Pod
metadata: { name: orthanc }
spec:
  containers:
    - name: orthanc
      image: orthancteam/orthanc:24.12.0
      ports: [{ containerPort: 8042, hostPort: 8042 }]
      volumeMounts: [{ name: c, mountPath: /etc/orthanc }]
  volumes: [{ name: c, configMap: { name: orthanc } }]
`,
};
