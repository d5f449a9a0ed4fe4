/** Kustomizations written by hand: replacements, variables, and the rarer forms of patches and generators. */
import type { Files } from "./judge.ts";

const deployment = `apiVersion: apps/v1
kind: Deployment
metadata:
  name: orthanc
  labels: { app: orthanc }
  annotations: { host: pacs.old.example }
spec:
  replicas: 1
  selector: { matchLabels: { app: orthanc } }
  template:
    metadata: { labels: { app: orthanc } }
    spec:
      containers:
        - name: orthanc
          image: orthancteam/orthanc:24.6.2
          args: ["--host=$(HOST)", "$(UNKNOWN)"]
          env:
            - { name: HOST_NAME, value: "http://pacs.old.example:80/x" }
            - { name: B, value: "$(HOST)" }
        - { name: side, image: "nginx:1.27" }
`;
const service = `apiVersion: v1
kind: Service
metadata: { name: orthanc }
spec: { selector: { app: orthanc }, ports: [{ name: http, port: 8042 }, { name: dicom, port: 4242 }] }
`;
const ingress = `apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: { name: pacs }
spec:
  tls: [{ hosts: [pacs.old.example], secretName: t }]
  rules:
    - host: pacs.old.example
      http: { paths: [{ path: /, pathType: Prefix, backend: { service: { name: orthanc, port: { number: 8042 } } } }] }
`;
const settings = `apiVersion: v1
kind: ConfigMap
metadata: { name: where }
data: { HOST: pacs.example, PORT: "8443", LIST: "a,b,c" }
`;
const base: Files = {
  "base/kustomization.yaml": "resources: [d.yaml, s.yaml, i.yaml, c.yaml]\n",
  "base/d.yaml": deployment,
  "base/s.yaml": service,
  "base/i.yaml": ingress,
  "base/c.yaml": settings,
};

/** A folder over the base. */
function over(kustomization: string, files: Files = {}): Files {
  const text = kustomization.includes("resources:")
    ? kustomization
    : `resources: [../base]\n${kustomization}`;
  return { ...base, "over/kustomization.yaml": text, ...files };
}

/** What each is for, and its files; the folder "over" is built. */
export const replacementCases: readonly (readonly [string, Files])[] = [
  [
    "replacements of hosts, of parts of texts, of what is not there yet",
    over(`replacements:
  - source: { kind: ConfigMap, name: where, fieldPath: data.HOST }
    targets:
      - select: { kind: Ingress }
        fieldPaths: [spec.rules.0.host, spec.tls.0.hosts.0]
      - select: { kind: Deployment, name: orthanc }
        fieldPaths: ["spec.template.spec.containers.[name=orthanc].env.[name=HOST_NAME].value"]
        options: { delimiter: "/", index: 2 }
      - select: { kind: Service }
        fieldPaths: [metadata.annotations.host]
        options: { create: true }
`),
  ],
  [
    "replacements in every item of a list, before and behind all parts",
    over(`replacements:
  - source: { kind: ConfigMap, name: where, fieldPath: data.LIST, options: { delimiter: ",", index: 1 } }
    targets:
      - select: { kind: Deployment }
        reject: [{ name: other }]
        fieldPaths: ["spec.template.spec.containers.*.image"]
        options: { delimiter: ":", index: 1 }
      - select: { kind: Ingress }
        fieldPaths: [spec.rules.*.host]
        options: { delimiter: ".", index: -1 }
      - select: { kind: ConfigMap }
        fieldPaths: [data.LIST]
        options: { delimiter: ",", index: 99 }
`),
  ],
  [
    "a replacement of a file",
    over(
      `replacements: [{ path: r.yaml }]
`,
      {
        "over/r.yaml": `source: { kind: Deployment, name: orthanc, fieldPath: spec.replicas }
targets: [{ select: { kind: ConfigMap }, fieldPaths: [data.PORT] }]
`,
      },
    ),
  ],
  [
    "a list of replacements, a name with a dot in it",
    over(
      `replacements: [{ path: r.yaml }]
`,
      {
        "over/r.yaml": `- source: { kind: Deployment, name: orthanc }
  targets: [{ select: { kind: ConfigMap }, fieldPaths: [data.PORT] }]
- source: { kind: Service, name: orthanc, fieldPath: "spec.ports.[name=dicom].port" }
  targets: [{ select: { kind: ConfigMap }, fieldPaths: ["data.[x.y]", data.PORT] , options: {create: true}}]
`,
      },
    ),
  ],
  [
    "a replacement by a name that got a prefix",
    over(`namePrefix: a-
replacements:
  - source: { kind: Service, name: orthanc, fieldPath: metadata.name }
    targets: [{ select: { kind: Deployment, name: orthanc }, fieldPaths: ["spec.template.spec.containers.[name=orthanc].env.[name=B].value"] }]
`),
  ],
  [
    "a replacement by a whole list",
    over(`replacements:
  - source: { kind: Service, name: orthanc, fieldPath: spec.ports }
    targets: [{ select: { kind: Deployment, name: orthanc }, fieldPaths: ["spec.template.spec.ports"], options: {create: true} }]
`),
  ],
  [
    "a replacement at a name with dots",
    over(`replacements:
  - source: { kind: ConfigMap, name: where, fieldPath: data.HOST }
    targets: [{ select: { kind: Deployment }, fieldPaths: ["metadata.annotations.example\\\\.org/x"], options: {create: true} }]
`),
  ],
  [
    "a replacement whose target fits nothing",
    over(`replacements:
  - source: { kind: ConfigMap, name: where, fieldPath: data.HOST }
    targets: [{ select: { kind: Dep.* }, fieldPaths: [spec.template.spec.hostname], options: {create: true} }]
`),
  ],
  [
    "a replacement that makes an item of a list",
    over(`replacements:
  - source: { kind: ConfigMap, name: where, fieldPath: data.HOST }
    targets: [{ select: { kind: Deployment }, fieldPaths: ["spec.template.spec.containers.[name=new].image"], options: {create: true} }]
`),
  ],
  [
    "variables of a ConfigMap",
    over(`vars:
  - { name: HOST, objref: { apiVersion: v1, kind: ConfigMap, name: where }, fieldref: { fieldpath: data.HOST } }
`),
  ],
  [
    "a variable for a name",
    over(`namePrefix: x-
vars:
  - { name: HOST, objref: { apiVersion: v1, kind: Service, name: orthanc } }
`),
  ],
  [
    "a variable of the base",
    {
      ...over("namePrefix: y-\n"),
      "base/kustomization.yaml":
        "namePrefix: x-\nresources: [d.yaml, s.yaml, i.yaml, c.yaml]\nvars:\n  - { name: HOST, objref: { apiVersion: v1, kind: Service, name: orthanc } }\n",
    },
  ],
  [
    "a container removed",
    over(`patches:
  - patch: |
      apiVersion: apps/v1
      kind: Deployment
      metadata: { name: orthanc }
      spec:
        template:
          spec:
            containers:
              - { name: side, $patch: delete }
`),
  ],
  [
    "a patch file of two documents",
    over(
      `patches:
  - path: p.yaml
`,
      {
        "over/p.yaml": `apiVersion: v1
kind: Service
metadata: { name: orthanc }
spec: { type: NodePort }
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: { name: pacs }
$patch: delete
`,
      },
    ),
  ],
  [
    "operations test, copy and move",
    over(
      `patches:
  - target: { kind: Service }
    path: p.json
`,
      {
        "over/p.json": `[{"op":"test","path":"/spec/ports/0/port","value":8042},{"op":"copy","from":"/spec/ports/0","path":"/spec/ports/-"},{"op":"move","from":"/spec/ports/1","path":"/spec/ports/0"}]`,
      },
    ),
  ],
  [
    "a generator merges into an object that was written by hand",
    over(`configMapGenerator:
  - { name: where, behavior: merge, literals: [HOST=new.example] }
`),
  ],
  [
    "a generator with a namespace, options for all",
    over(`namespace: pacs
configMapGenerator:
  - { name: g, namespace: other, literals: [HOST=new.example] }
generatorOptions: { disableNameSuffixHash: true, immutable: true }
`),
  ],
  [
    "labels at fields of one's own",
    over(`labels:
  - pairs: { a: b }
    includeSelectors: false
    fields: [{ path: spec/template/metadata/labels, create: true, kind: Deployment }, {path: spec/foo, create: true}]
`),
  ],
  [
    "images by the whole name only, one change after the other",
    over(`images:
  - { name: "*/orthanc", newTag: "1" }
  - { name: orthancteam/orthanc, newName: r.example:5000/o }
  - { name: r.example:5000/o, newTag: "2" }
`),
  ],
  [
    "objects in a List",
    over(
      `resources: [../base, l.yaml]
`,
      {
        "over/l.yaml": `apiVersion: v1
kind: List
items:
  - { apiVersion: v1, kind: Service, metadata: { name: x }, spec: { ports: [{ port: 1 }] } }
  - { apiVersion: v1, kind: Service, metadata: { name: y }, spec: { ports: [{ port: 1 }] } }
`,
      },
    ),
  ],
  [
    "a variable removed, another one from a ConfigMap",
    over(`patches:
  - patch: |
      apiVersion: apps/v1
      kind: Deployment
      metadata: { name: orthanc }
      spec:
        template:
          spec:
            containers:
              - name: orthanc
                args: null
                env:
                  - name: B
                    value: null
                    valueFrom: { configMapKeyRef: { name: where, key: HOST } }
                  - { name: HOST_NAME, $patch: delete }
`),
  ],
  [
    "a patch for the object of a namespace",
    over(
      `resources: [../base, n.yaml]
patches:
  - patch: |
      apiVersion: v1
      kind: Service
      metadata: { name: orthanc, namespace: two }
      spec: { type: NodePort }
`,
      {
        "over/n.yaml":
          "apiVersion: v1\nkind: Service\nmetadata: { name: orthanc, namespace: two }\nspec: { ports: [{ port: 1 }] }\n",
      },
    ),
  ],
];

/** What kustomize refuses, and what we tell of it. */
export const refusedCases: readonly (readonly [string, Files, string])[] = [
  [
    "a replacement without a source",
    over(`replacements:
  - source: { kind: ConfigMap, name: nowhere, fieldPath: data.HOST }
    targets: [{ select: { kind: Deployment }, fieldPaths: [metadata.name] }]
`),
    "kustomize refuses this replacement: its source is not found, or stands for several",
  ],
  [
    "a replacement of a field that is not there",
    over(`replacements:
  - source: { kind: ConfigMap, name: where, fieldPath: data.HOST }
    targets: [{ select: { kind: Deployment }, fieldPaths: [metadata.nothing] }]
`),
    "kustomize refuses this replacement: orthanc has no metadata.nothing",
  ],
  [
    "an operation test that fails",
    over(`patches:
  - target: { kind: Service }
    patch: '[{"op":"test","path":"/spec/ports/0/port","value":80},{"op":"add","path":"/spec/type","value":"NodePort"}]'
`),
    "kustomize refuses this patch of orthanc",
  ],
  [
    "a generator that makes what is there",
    over(`configMapGenerator:
  - { name: where, literals: [HOST=new.example] }
`),
    "kustomize refuses to make ConfigMap where again: behavior has to be merge or replace",
  ],
  [
    "a patch that fits nothing",
    over(`patches:
  - patch: |
      apiVersion: v1
      kind: Service
      metadata: { name: nobody }
      spec: { type: NodePort }
`),
    "the patch fits none of the objects",
  ],
];
