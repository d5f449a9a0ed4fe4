/** Kustomizations written by hand, each for one thing that kustomize does. */
import type { Files } from "./judge.ts";

const deployment = `apiVersion: apps/v1
kind: Deployment
metadata:
  name: orthanc
  labels: { app: orthanc }
spec:
  replicas: 1
  selector:
    matchLabels: { app: orthanc }
  template:
    metadata:
      labels: { app: orthanc }
    spec:
      serviceAccountName: pacs
      containers:
        - name: orthanc
          image: orthancteam/orthanc:24.6.2
          env:
            - name: VERBOSE_ENABLED
              value: "false"
            - name: DB_PASSWORD
              valueFrom: { secretKeyRef: { name: db, key: password } }
          envFrom:
            - configMapRef: { name: settings }
          ports:
            - containerPort: 8042
              name: http
            - containerPort: 4242
              name: dicom
          volumeMounts:
            - { name: config, mountPath: /etc/orthanc }
      volumes:
        - name: config
          configMap: { name: settings }
        - name: storage
          persistentVolumeClaim: { claimName: images }
`;

const service = `apiVersion: v1
kind: Service
metadata: { name: orthanc }
spec:
  selector: { app: orthanc }
  ports:
    - { name: http, port: 8042 }
    - { name: dicom, port: 4242 }
`;

const others = `apiVersion: v1
kind: Namespace
metadata: { name: pacs }
---
apiVersion: v1
kind: ServiceAccount
metadata: { name: pacs }
---
apiVersion: v1
kind: PersistentVolumeClaim
metadata: { name: images }
spec: { accessModes: [ReadWriteOnce], resources: { requests: { storage: 1Gi } } }
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: { name: pacs }
spec:
  tls: [{ hosts: [pacs.example], secretName: db }]
  rules:
    - host: pacs.example
      http:
        paths:
          - path: /
            pathType: Prefix
            backend: { service: { name: orthanc, port: { name: http } } }
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: pacs }
spec:
  podSelector: { matchLabels: { app: orthanc } }
  ingress: [{ from: [{ podSelector: { matchLabels: { app: viewer } } }] }]
---
apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata: { name: orthanc }
spec:
  scaleTargetRef: { apiVersion: apps/v1, kind: Deployment, name: orthanc }
  maxReplicas: 3
---
apiVersion: batch/v1
kind: CronJob
metadata: { name: clean }
spec:
  schedule: "0 3 * * *"
  jobTemplate:
    spec:
      template:
        spec:
          restartPolicy: Never
          containers: [{ name: clean, image: "alpine:3.20", envFrom: [{ secretRef: { name: db } }] }]
---
apiVersion: apps/v1
kind: StatefulSet
metadata: { name: db }
spec:
  serviceName: orthanc
  selector: { matchLabels: { app: db } }
  template:
    metadata: { labels: { app: db } }
    spec: { containers: [{ name: db, image: "postgres:16.4@sha256:aaaa" }] }
  volumeClaimTemplates: [{ metadata: { name: data }, spec: { accessModes: [ReadWriteOnce] } }]
`;

const generators = `configMapGenerator:
  - name: settings
    files: [orthanc.json, renamed.json=other.json]
    literals: [LEVEL=info, "QUOTED='a b'", EMPTY=]
secretGenerator:
  - name: db
    envs: [db.env]
    type: Opaque
`;

/** A small site: workloads, a Service, generated ConfigMaps and Secrets. */
export const base: Files = {
  "base/kustomization.yaml": `resources: [deployment.yaml, service.yaml, others.yaml]\n${generators}`,
  "base/deployment.yaml": deployment,
  "base/service.yaml": service,
  "base/others.yaml": others,
  "base/orthanc.json": '{ "Name": "PACS" }\n',
  "base/other.json": "{}",
  "base/db.env": "# the database\npassword=seven red horses\n\nuser=orthanc\n",
};

/** A folder over the base. */
function over(kustomization: string, files: Files = {}): Files {
  return { ...base, "over/kustomization.yaml": `resources: [../base]\n${kustomization}`, ...files };
}

function patch(text: string): Files {
  const body = text.replaceAll(/^/gmu, "      ");
  return over(`patches:\n  - patch: |\n${body}\n`);
}

const ofDeployment = "apiVersion: apps/v1\nkind: Deployment\nmetadata: { name: orthanc }\n";

/** What each is for, and its files; the folder "over" is built. */
export const cases: readonly (readonly [string, Files])[] = [
  ["nothing is changed", over("")],
  ["a namespace", over("namespace: radiology\n")],
  ["a prefix and a suffix", over("namePrefix: a-\nnameSuffix: -b\n")],
  ["labels, in selectors too", over("commonLabels: { site: north }\n")],
  ["labels of objects only", over("labels: [{ pairs: { site: north } }]\n")],
  ["labels with templates", over("labels: [{ pairs: { site: north }, includeTemplates: true }]\n")],
  ["labels with selectors", over("labels: [{ pairs: { site: north }, includeSelectors: true }]\n")],
  ["annotations", over('commonAnnotations: { note: "7" }\n')],
  ["a new tag", over('images: [{ name: orthancteam/orthanc, newTag: "25.1.0" }]\n')],
  ["a new name", over("images: [{ name: orthancteam/orthanc, newName: registry.example/orthanc }]\n")],
  ["a digest", over("images: [{ name: alpine, digest: sha256:bbbb }, { name: postgres, newTag: '17' }]\n")],
  ["replicas", over("replicas: [{ name: orthanc, count: 3 }]\n")],
  [
    "a map merged, a key removed, a list replaced",
    patch(
      `${ofDeployment}spec:\n  replicas: null\n  template:\n    spec:\n      serviceAccountName: null\n      tolerations: [{ key: pacs, operator: Exists }]\n      containers:\n        - name: orthanc\n          args: [--verbose]\n          envFrom: [{ secretRef: { name: db } }]`,
    ),
  ],
  [
    "variables and ports by their keys",
    patch(
      `${ofDeployment}spec:\n  template:\n    spec:\n      containers:\n        - name: orthanc\n          env:\n            - { name: VERBOSE_ENABLED, value: "true" }\n            - { name: NEW, value: x }\n          ports:\n            - { containerPort: 8042, hostPort: 80 }\n            - { containerPort: 9999 }`,
    ),
  ],
  [
    "a container beside, a volume removed",
    patch(
      `${ofDeployment}spec:\n  template:\n    spec:\n      containers:\n        - { name: beside, image: "nginx:1.27" }\n      volumes:\n        - { name: storage, $patch: delete }\n        - { name: new, emptyDir: {} }`,
    ),
  ],
  [
    "a list replaced by directive",
    patch(
      `${ofDeployment}spec:\n  template:\n    spec:\n      volumes:\n        - $patch: replace\n        - { name: only, emptyDir: {} }`,
    ),
  ],
  [
    "a map replaced by directive",
    patch(
      `${ofDeployment}spec:\n  template:\n    metadata:\n      labels: { $patch: replace, app: orthanc, other: "1" }`,
    ),
  ],
  ["an object removed", patch("apiVersion: v1\nkind: Service\nmetadata: { name: orthanc }\n$patch: delete")],
  [
    "ports of a Service by their keys",
    patch(
      "apiVersion: v1\nkind: Service\nmetadata: { name: orthanc }\nspec:\n  type: NodePort\n  ports:\n    - { port: 8042, nodePort: 30042 }",
    ),
  ],
  [
    "operations of RFC 6902, by a target",
    over(`patches:
  - target: { kind: Deployment, name: "orth.*" }
    patch: |
      - { op: replace, path: /spec/replicas, value: 2 }
      - { op: add, path: /spec/template/spec/containers/0/env/-, value: { name: LAST, value: "1" } }
      - { op: add, path: /spec/template/spec/containers/0/env/0, value: { name: FIRST, value: "1" } }
      - { op: remove, path: /spec/template/spec/containers/0/ports/1 }
      - { op: add, path: /metadata/annotations, value: { a~1b: c } }
      - { op: add, path: /metadata/annotations/d~1e, value: f }
  - target: { labelSelector: app=orthanc }
    patch: |
      - { op: add, path: /metadata/labels/patched, value: "yes" }
`),
  ],
  [
    "patches in files, the old ways",
    over(
      "patchesStrategicMerge: [smp.yaml]\npatchesJson6902:\n  - target: { version: v1, kind: Service, name: orthanc }\n    path: json.yaml\n",
      {
        "over/smp.yaml": `${ofDeployment}spec: { replicas: 5 }\n`,
        "over/json.yaml": "- { op: replace, path: /spec/ports/0/port, value: 80 }\n",
      },
    ),
  ],
  [
    "a target with a patch that names nobody",
    over(
      "patches:\n  - target: { kind: Deployment }\n    patch: |\n      apiVersion: apps/v1\n      kind: Deployment\n      metadata: { name: any }\n      spec: { paused: true }\n",
    ),
  ],
  [
    "generated objects changed above",
    over(
      "configMapGenerator:\n  - { name: settings, behavior: merge, literals: [LEVEL=debug, MORE=1] }\nsecretGenerator:\n  - { name: db, behavior: replace, literals: [password=other] }\n",
    ),
  ],
  [
    "options of generators",
    over(
      "configMapGenerator:\n  - { name: more, literals: [A=1], options: { labels: { own: x }, disableNameSuffixHash: true } }\ngeneratorOptions: { labels: { all: every }, annotations: { note: z } }\n",
    ),
  ],
  [
    "patches find objects by the names that they had",
    {
      ...over("namePrefix: outer-\npatches:\n  - path: replicas.yaml\n", {
        "over/replicas.yaml": `${ofDeployment}spec: { replicas: 4 }\n`,
      }),
      "base/kustomization.yaml": `namePrefix: inner-\nresources: [deployment.yaml, service.yaml, others.yaml]\n${generators}`,
    },
  ],
  [
    "a component",
    over("components: [../component]\nnamespace: radiology\n", {
      "component/kustomization.yaml": `apiVersion: kustomize.config.k8s.io/v1alpha1
kind: Component
configMapGenerator: [{ name: extra, literals: [X=1] }]
patches: [{ path: patch.yaml }]
`,
      "component/patch.yaml": `${ofDeployment}spec: { template: { spec: { hostNetwork: true } } }\n`,
    }),
  ],
  [
    "an object of a kind that nobody knows",
    over(
      "resources:\n  - ../base\n  - cr.yaml\npatches:\n  - path: p.yaml\nnamespace: radiology\n".replace(
        /^/u,
        "",
      ),
      {
        "over/kustomization.yaml":
          "resources: [../base, cr.yaml]\npatches: [{ path: p.yaml }]\nnamespace: radiology\n",
        "over/cr.yaml":
          "apiVersion: example.org/v1\nkind: Archive\nmetadata: { name: a }\nspec: { ports: [{ port: 1 }, { port: 2 }], containers: [{ name: x }] }\n",
        "over/p.yaml":
          "apiVersion: example.org/v1\nkind: Archive\nmetadata: { name: a }\nspec: { containers: [{ name: y }], size: 3 }\n",
      },
    ),
  ],
];
