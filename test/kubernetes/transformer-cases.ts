/** Kustomizations with built-in transformers, generators and configurations in files of their own, and patches of every kind. */
import type { Files } from "./judge.ts";
import { base } from "./kustomize-cases.ts";

const over = (k: string, files: Files = {}): Files => ({
  ...base,
  "over/kustomization.yaml": `resources: [../base]\n${k}`,
  ...files,
});
const t = (text: string): Files => over("transformers: [t.yaml]\n", { "over/t.yaml": text });
const b = (kind: string, rest: string) =>
  `apiVersion: builtin\nkind: ${kind}\nmetadata: { name: x }\n${rest}\n`;
/** What each is for, and its files; the folder "over" is built. */
export const transformerCases: readonly (readonly [string, Files])[] = [
  ["prefix transformer", t(b("PrefixTransformer", "prefix: a-\nfieldSpecs: [{ path: metadata/name }]"))],
  [
    "prefix transformer kind",
    t(b("PrefixTransformer", "prefix: a-\nfieldSpecs: [{ path: metadata/name, kind: Deployment }]")),
  ],
  ["suffix transformer", t(b("SuffixTransformer", "suffix: -z\nfieldSpecs: [{ path: metadata/name }]"))],
  [
    "prefixsuffix transformer",
    t(b("PrefixSuffixTransformer", "prefix: a-\nsuffix: -z\nfieldSpecs: [{ path: metadata/name }]")),
  ],
  [
    "namespace transformer",
    t(
      "apiVersion: builtin\nkind: NamespaceTransformer\nmetadata: { name: x, namespace: clinic }\nfieldSpecs: [{ path: metadata/namespace, create: true }]\n",
    ),
  ],
  [
    "namespace transformer bare",
    t("apiVersion: builtin\nkind: NamespaceTransformer\nmetadata: { name: x, namespace: clinic }\n"),
  ],
  [
    "label transformer",
    t(
      b(
        "LabelTransformer",
        "labels: { site: north }\nfieldSpecs: [{ path: metadata/labels, create: true }, { path: spec/selector, kind: Service, create: true }]",
      ),
    ),
  ],
  [
    "annotations transformer",
    t(
      b(
        "AnnotationsTransformer",
        "annotations: { site: north }\nfieldSpecs: [{ path: metadata/annotations, create: true }]",
      ),
    ),
  ],
  [
    "image transformer",
    t(b("ImageTagTransformer", "imageTag: { name: orthancteam/orthanc, newTag: '25.1' }")),
  ],
  [
    "image transformer fieldspecs",
    t(
      b(
        "ImageTagTransformer",
        "imageTag: { name: orthancteam/orthanc, newTag: '25.1' }\nfieldSpecs: [{ path: 'spec/template/spec/containers[]/image' }]",
      ),
    ),
  ],
  [
    "replica transformer",
    t(
      b(
        "ReplicaCountTransformer",
        "replica: { name: orthanc, count: 4 }\nfieldSpecs: [{ path: spec/replicas, create: true, kind: Deployment }]",
      ),
    ),
  ],
  [
    "patch transformer",
    t(
      b(
        "PatchTransformer",
        "target: { kind: Service }\npatch: |-\n  - { op: add, path: /spec/type, value: NodePort }",
      ),
    ),
  ],
  [
    "patch transformer path",
    over("transformers: [t.yaml]\n", {
      "over/t.yaml": b("PatchTransformer", "target: { kind: Service }\npath: p.yaml"),
      "over/p.yaml":
        "apiVersion: v1\nkind: Service\nmetadata: { name: whatever }\nspec: { type: NodePort }\n",
    }),
  ],
  [
    "json6902 transformer",
    t(
      b(
        "PatchJson6902Transformer",
        'target: { version: v1, kind: Service, name: orthanc }\njsonOp: \'[{"op": "add", "path": "/spec/type", "value": "NodePort"}]\'',
      ),
    ),
  ],
  [
    "strategic transformer",
    t(
      b(
        "PatchStrategicMergeTransformer",
        "patches: |-\n  apiVersion: v1\n  kind: Service\n  metadata: { name: orthanc }\n  spec: { type: NodePort }",
      ),
    ),
  ],
  [
    "strategic transformer paths",
    over("transformers: [t.yaml]\n", {
      "over/t.yaml": b("PatchStrategicMergeTransformer", "paths: [p.yaml]"),
      "over/p.yaml": "apiVersion: v1\nkind: Service\nmetadata: { name: orthanc }\nspec: { type: NodePort }\n",
    }),
  ],
  [
    "replacement transformer",
    t(
      b(
        "ReplacementTransformer",
        "replacements:\n  - source: { kind: Service, name: orthanc, fieldPath: metadata.name }\n    targets: [{ select: { kind: Deployment }, fieldPaths: [spec.template.spec.serviceAccountName] }]",
      ),
    ),
  ],
  [
    "namespace transformer with name",
    t(
      "apiVersion: builtin\nkind: NamespaceTransformer\nmetadata: { name: x, namespace: clinic }\nfieldSpecs: [{ path: metadata/name, kind: Namespace, create: true }]\n",
    ),
  ],
  [
    "several in order",
    over("namePrefix: n-\nimages: [{ name: orthancteam/orthanc, newTag: '1' }]\ntransformers: [t.yaml]\n", {
      "over/t.yaml":
        b("PrefixTransformer", "prefix: a-\nfieldSpecs: [{ path: metadata/name }]") +
        "---\n" +
        b(
          "PatchTransformer",
          "target: { kind: Service, name: orthanc }\npatch: |-\n  - { op: add, path: /spec/type, value: NodePort }",
        ),
    }),
  ],
  [
    "inline transformer",
    over(
      "transformers:\n  - |-\n    apiVersion: builtin\n    kind: PrefixTransformer\n    metadata: { name: x }\n    prefix: a-\n    fieldSpecs: [{ path: metadata/name }]\n",
    ),
  ],
  [
    "transformers folder",
    over("transformers: [tr]\n", {
      "over/tr/kustomization.yaml": "resources: [t.yaml]\n",
      "over/tr/t.yaml": b("PrefixTransformer", "prefix: a-\nfieldSpecs: [{ path: metadata/name }]"),
    }),
  ],
  [
    "generator file",
    over("generators: [g.yaml]\n", {
      "over/g.yaml":
        b("ConfigMapGenerator", "literals: [A=b]\nfiles: [x.txt]") +
        "---\n" +
        b("SecretGenerator", "envs: [e.env]\noptions: { disableNameSuffixHash: true }"),
      "over/x.txt": "hi\n",
      "over/e.env": "P=q\n",
    }),
  ],
  [
    "generator file merge",
    over("generators: [g.yaml]\n", {
      "over/g.yaml":
        "apiVersion: builtin\nkind: ConfigMapGenerator\nmetadata: { name: settings }\nbehavior: merge\nliterals: [LEVEL=debug]\n",
    }),
  ],
  [
    "configurations: nameReference",
    over(
      "namePrefix: n-\nconfigurations: [c.yaml]\nresources: [../base, crd.yaml]\n".replace(
        "resources: [../base, crd.yaml]\n",
        "",
      ),
      {
        "over/c.yaml":
          "nameReference:\n  - kind: Service\n    fieldSpecs: [{ path: spec/backend, kind: Thing }]\n",
      },
    ),
  ],
  [
    "configurations: crd reference",
    {
      ...base,
      "over/kustomization.yaml": "resources: [../base, crd.yaml]\nnamePrefix: n-\nconfigurations: [c.yaml]\n",
      "over/c.yaml":
        "nameReference:\n  - kind: Service\n    fieldSpecs: [{ path: spec/backend, kind: Thing }, { path: 'spec/list/name', kind: Thing }]\n",
      "over/crd.yaml":
        "apiVersion: e.x/v1\nkind: Thing\nmetadata: { name: t }\nspec: { backend: orthanc, list: [{ name: orthanc }, { name: other }] }\n",
    },
  ],
  [
    "configurations: images",
    {
      ...base,
      "over/kustomization.yaml":
        "resources: [../base, crd.yaml]\nimages: [{ name: a/b, newTag: '2' }]\nconfigurations: [c.yaml]\n",
      "over/c.yaml": "images:\n  - { path: spec/image, kind: Thing }\n",
      "over/crd.yaml": "apiVersion: e.x/v1\nkind: Thing\nmetadata: { name: t }\nspec: { image: 'a/b:1' }\n",
    },
  ],
  [
    "images in any containers of crd",
    {
      ...base,
      "over/kustomization.yaml": "resources: [../base, crd.yaml]\nimages: [{ name: a/b, newTag: '2' }]\n",
      "over/crd.yaml":
        "apiVersion: e.x/v1\nkind: Thing\nmetadata: { name: t }\nspec: { deep: { containers: [{ image: 'a/b:1' }], initContainers: [{ image: 'a/b:1' }] } }\n",
    },
  ],
  [
    "configurations: labels",
    {
      ...base,
      "over/kustomization.yaml":
        "resources: [../base, crd.yaml]\ncommonLabels: { a: b }\nconfigurations: [c.yaml]\n",
      "over/c.yaml": "commonLabels:\n  - { path: spec/matchers, kind: Thing, create: true }\n",
      "over/crd.yaml": "apiVersion: e.x/v1\nkind: Thing\nmetadata: { name: t }\nspec: { }\n",
    },
  ],
  [
    "configurations: annotations",
    over("commonAnnotations: { a: b }\nconfigurations: [c.yaml]\n", {
      "over/c.yaml": "commonAnnotations:\n  - { path: spec/other, kind: Service, create: true }\n",
    }),
  ],
  [
    "configurations: replicas",
    {
      ...base,
      "over/kustomization.yaml":
        "resources: [../base, crd.yaml]\nreplicas: [{ name: t, count: 4 }]\nconfigurations: [c.yaml]\n",
      "over/c.yaml": "replicas:\n  - { path: spec/size, kind: Thing, create: true }\n",
      "over/crd.yaml": "apiVersion: e.x/v1\nkind: Thing\nmetadata: { name: t }\nspec: { size: 1 }\n",
    },
  ],
  [
    "configurations: prefix of kind",
    over("namePrefix: n-\nconfigurations: [c.yaml]\n", {
      "over/c.yaml": "namePrefix:\n  - { path: metadata/labels/app, kind: Deployment }\n",
    }),
  ],
  [
    "configurations: namespace",
    over("namespace: clinic\nconfigurations: [c.yaml]\n", {
      "over/c.yaml": "namespace:\n  - { path: spec/space, kind: Service, create: true }\n",
    }),
  ],
  [
    "configurations: vars",
    {
      ...base,
      "over/kustomization.yaml":
        "resources: [../base, crd.yaml]\nvars: [{ name: S, objref: { apiVersion: v1, kind: Service, name: orthanc } }]\nconfigurations: [c.yaml]\n",
      "over/c.yaml": "varReference:\n  - { path: spec/url, kind: Thing }\n",
      "over/crd.yaml":
        "apiVersion: e.x/v1\nkind: Thing\nmetadata: { name: t }\nspec: { url: 'http://$(S):8042' }\n",
    },
  ],
  [
    "configurations of the base",
    {
      ...base,
      "mid/kustomization.yaml": "resources: [../base, crd.yaml]\nconfigurations: [c.yaml]\n",
      "over/kustomization.yaml": "resources: [../mid]\nnamePrefix: n-\n",
      "mid/c.yaml":
        "nameReference:\n  - kind: Service\n    fieldSpecs: [{ path: spec/backend, kind: Thing }]\n",
      "mid/crd.yaml": "apiVersion: e.x/v1\nkind: Thing\nmetadata: { name: t }\nspec: { backend: orthanc }\n",
    },
  ],
  ["labels without selectors, templates", over("labels: [{ pairs: { a: b }, includeTemplates: true }]\n")],
  [
    "labels with selectors",
    over(
      "labels: [{ pairs: { a: b }, includeSelectors: true, fields: [{ path: spec/extra, kind: Service, create: true }] }]\n",
    ),
  ],
  [
    "patch by regex target",
    over(
      'patches: [{ target: { kind: \'Deploy.*|Stateful.*\', name: \'orth.*\' }, patch: \'[{"op": "replace", "path": "/spec/replicas", "value": 3}]\' }]\n',
    ),
  ],
  [
    "patch by label",
    over(
      'patches: [{ target: { labelSelector: \'app in (orthanc)\' }, patch: \'[{"op": "add", "path": "/spec/template/spec/containers/0/env/-", "value": {"name": "A", "value": "b"}}]\' }]\n',
    ),
  ],
  [
    "patch insert index",
    over(
      'patches: [{ target: { kind: Deployment }, patch: \'[{"op": "add", "path": "/spec/template/spec/containers/0/env/0", "value": {"name": "A", "value": "b"}},{"op":"test","path":"/spec/replicas","value":1},{"op":"move","from":"/spec/replicas","path":"/spec/minReadySeconds"},{"op":"copy","from":"/metadata/labels","path":"/metadata/annotations"}]\' }]\n',
    ),
  ],
  [
    "patch delete container",
    over(
      "patches:\n  - patch: |\n      apiVersion: apps/v1\n      kind: Deployment\n      metadata: { name: orthanc }\n      spec: { template: { spec: { containers: [{ name: orthanc, $patch: delete }, { name: new, image: x }] } } }\n",
    ),
  ],
  [
    "patch replace map",
    over(
      "patches:\n  - patch: |\n      apiVersion: apps/v1\n      kind: Deployment\n      metadata: { name: orthanc }\n      spec: { template: { metadata: { labels: { $patch: replace, app: orthanc, x: y } } } }\n",
    ),
  ],
  [
    "patch delete object",
    over(
      "patches:\n  - patch: |\n      apiVersion: v1\n      kind: Service\n      metadata: { name: orthanc }\n      $patch: delete\n",
    ),
  ],
  [
    "several documents in a patch",
    over("patches: [{ path: p.yaml }]\n", {
      "over/p.yaml":
        "apiVersion: v1\nkind: Service\nmetadata: { name: orthanc }\nspec: { type: NodePort }\n---\napiVersion: apps/v1\nkind: Deployment\nmetadata: { name: orthanc }\nspec: { replicas: 2 }\n",
    }),
  ],
  [
    "merge key by port",
    over(
      "patches:\n  - patch: |\n      apiVersion: v1\n      kind: Service\n      metadata: { name: orthanc }\n      spec: { ports: [{ port: 4242, nodePort: 30042 }, { port: 9 , name: nine}] }\n",
    ),
  ],
  [
    "setElementOrder/deleteFromPrimitive",
    over(
      "patches:\n  - patch: |\n      apiVersion: apps/v1\n      kind: Deployment\n      metadata: { name: orthanc }\n      spec: { template: { spec: { containers: [{ name: orthanc, command: [a], args: [b] }], tolerations: [{ key: x }] } } }\n",
    ),
  ],
  [
    "prefix and role bindings",
    {
      ...base,
      "over/kustomization.yaml": "resources: [../base, rbac.yaml]\nnamePrefix: n-\nnamespace: clinic\n",
      "over/rbac.yaml":
        "apiVersion: rbac.authorization.k8s.io/v1\nkind: Role\nmetadata: { name: r }\nrules: [{ apiGroups: [''], resources: [secrets], resourceNames: [db], verbs: [get] }]\n---\napiVersion: rbac.authorization.k8s.io/v1\nkind: RoleBinding\nmetadata: { name: rb }\nroleRef: { apiGroup: rbac.authorization.k8s.io, kind: Role, name: r }\nsubjects: [{ kind: ServiceAccount, name: pacs, namespace: default }]\n---\napiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRole\nmetadata: { name: c }\nrules: []\n---\napiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRoleBinding\nmetadata: { name: crb }\nroleRef: { apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: c }\nsubjects: [{ kind: ServiceAccount, name: pacs }]\n",
    },
  ],
  [
    "prefix: gateway api and pv",
    {
      ...base,
      "over/kustomization.yaml": "resources: [../base, g.yaml]\nnamePrefix: n-\n",
      "over/g.yaml":
        "apiVersion: gateway.networking.k8s.io/v1\nkind: HTTPRoute\nmetadata: { name: r }\nspec: { parentRefs: [{ name: gw }], rules: [{ backendRefs: [{ name: orthanc, port: 8042 }] }] }\n---\napiVersion: v1\nkind: PersistentVolume\nmetadata: { name: pv }\nspec: { claimRef: { name: images, namespace: default }, storageClassName: sc }\n---\napiVersion: storage.k8s.io/v1\nkind: StorageClass\nmetadata: { name: sc }\nprovisioner: x\n---\napiVersion: v1\nkind: Pod\nmetadata: { name: p }\nspec: { priorityClassName: high, containers: [{ name: c, image: x, env: [{name: A, valueFrom: {configMapKeyRef: {name: settings, key: LEVEL}}}] }], volumes: [{ name: v, csi: { driver: d, nodePublishSecretRef: { name: db } } }] }\n---\napiVersion: scheduling.k8s.io/v1\nkind: PriorityClass\nmetadata: { name: high }\nvalue: 1\n",
    },
  ],
  [
    "ingress annotations auth secret",
    {
      ...base,
      "over/kustomization.yaml": "resources: [../base, i.yaml]\nnamePrefix: n-\n",
      "over/i.yaml":
        "apiVersion: networking.k8s.io/v1\nkind: Ingress\nmetadata: { name: i, annotations: { nginx.ingress.kubernetes.io/auth-secret: db, nginx.ingress.kubernetes.io/auth-tls-secret: default/db, ingress.kubernetes.io/auth-secret: db } }\nspec: { ingressClassName: nginx }\n",
    },
  ],
];
