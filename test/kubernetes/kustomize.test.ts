/** Kustomizations: what we build is what the real kustomize builds, and every value keeps its line. */
import { describe, expect, test } from "vitest";
import { generatedCase } from "./generate.ts";
import { hasJudge, ownBuild, realBuild } from "./judge.ts";
import { cases } from "./kustomize-cases.ts";
import { look } from "./look.ts";
import { refusedCases, replacementCases } from "./replacement-cases.ts";
import { transformerCases } from "./transformer-cases.ts";

const required = process.env.PACSLINT_REQUIRE_KUSTOMIZE !== undefined;

test.runIf(required)("the real kustomize is there", () => {
  expect(hasJudge).toBe(true);
});

describe.skipIf(!hasJudge)("judged by the real kustomize", () => {
  test.each(cases)("%s", (_, files) => {
    const real = realBuild(files, "over");
    const { built, told } = ownBuild(files, "over");
    expect(told).toEqual([]);
    expect(built).toEqual(real);
  });

  test.each(replacementCases)("%s", (_, files) => {
    const { built, told } = ownBuild(files, "over");
    expect(told).toEqual([]);
    expect(built).toEqual(realBuild(files, "over"));
  });

  test.each(transformerCases)("%s", (_, files) => {
    const { built, told } = ownBuild(files, "over");
    expect(told).toEqual([]);
    expect(built).toEqual(realBuild(files, "over"));
  });

  test.each(refusedCases)("refused: %s", (_, files, message) => {
    expect(realBuild(files, "over")).toBeTypeOf("string");
    expect(ownBuild(files, "over").told).toEqual([message]);
  });

  test.each(Array.from({ length: 40 }, (_, seed) => seed + 1))("generated kustomization %i", (seed) => {
    const files = generatedCase(seed);
    expect(ownBuild(files, "over").built).toEqual(realBuild(files, "over"));
  });
});

describe("places", () => {
  const base = {
    "base/kustomization.yaml":
      "resources: [orthanc.yaml]\nconfigMapGenerator:\n  - name: orthanc\n    files: [orthanc.json]\n",
    "base/orthanc.json": '{\n  "RemoteAccessAllowed": true,\n  "AuthenticationEnabled": false\n}\n',
    "base/orthanc.yaml": `apiVersion: apps/v1
kind: Deployment
metadata: { name: orthanc }
spec:
  selector: { matchLabels: { app: orthanc } }
  template:
    metadata: { labels: { app: orthanc } }
    spec:
      containers:
        - name: orthanc
          image: jodogne/orthanc:1.12.10
          volumeMounts: [{ name: config, mountPath: /etc/orthanc }]
      volumes: [{ name: config, configMap: { name: orthanc } }]
---
apiVersion: v1
kind: Service
metadata: { name: orthanc }
spec: { selector: { app: orthanc }, ports: [{ port: 8042 }] }
`,
  };
  const overlay = `resources: [../base]
namePrefix: north-
patches:
  - patch: |
      apiVersion: v1
      kind: Service
      metadata: { name: orthanc }
      spec:
        type: LoadBalancer
  - target: { kind: Deployment }
    patch: |
      - op: add
        path: /spec/template/spec/containers/0/securityContext
        value: { privileged: true }
`;

  test("of a generated file, of a patch, of an operation", () => {
    const found = look({ ...base, "over/kustomization.yaml": overlay });
    expect(found.deployments).toEqual(["over (kustomization)"]);
    expect(found.entries).toEqual(["north-orthanc http internet :8042 direct login=none tls=off"]);
    expect(found.findings).toContain("critical http-no-authentication base/orthanc.json:3:28");
    expect(found.findings).toContain("high container-privileged over/kustomization.yaml:14:18");
    expect(found.problems).toEqual([]);
  });

  test("of a replacement: the value has the place where it is written", () => {
    const found = look({
      ...base,
      "over/kustomization.yaml": `resources: [../base, kind.yaml]
replacements:
  - source: { kind: ConfigMap, name: kind, fieldPath: data.type }
    targets:
      - select: { kind: Service }
        fieldPaths: [spec.type]
        options: { create: true }
`,
      "over/kind.yaml":
        "apiVersion: v1\nkind: ConfigMap\nmetadata: { name: kind }\ndata:\n  type: LoadBalancer\n",
    });
    expect(found.entries).toEqual(["orthanc http internet :8042 direct login=none tls=off"]);
    expect(found.problems).toEqual([]);
  });

  test("two overlays are two deployments", () => {
    const { deployments } = look({
      ...base,
      "test/kustomization.yaml": "resources: [../base]\n",
      "live/kustomization.yaml": "resources: [../base]\n",
    });
    expect(deployments).toEqual(["live (kustomization)", "test (kustomization)"]);
  });

  test("a chart that lies beside it is part of it; one that kustomize would fetch is told", () => {
    const chart = {
      "over/charts/gate/Chart.yaml": "apiVersion: v2\nname: gate\nversion: 1.0.0\n",
      "over/charts/gate/values.yaml": "type: ClusterIP\nport: 80\n",
      "over/charts/gate/templates/service.yaml":
        "apiVersion: v1\nkind: Service\nmetadata: { name: gate }\nspec:\n  type: {{ .Values.type }}\n  selector: { app: orthanc }\n  ports: [{ port: {{ .Values.port }}, targetPort: 8042 }]\n",
    };
    const found = look({
      ...base,
      ...chart,
      "over/kustomization.yaml": `resources: [../base]
namePrefix: north-
helmCharts:
  - name: gate
    valuesFile: site.yaml
    valuesInline: { port: 8080 }
  - name: far
    repo: https://charts.example
    version: 1.0.0
`,
      "over/site.yaml": "type: LoadBalancer\nport: 81\n",
    });
    expect(found.deployments).toEqual(["over (kustomization)"]);
    expect(found.entries).toEqual(["north-orthanc http internet :8080 direct login=none tls=off"]);
    expect(found.problems).toEqual([
      "unresolved over/kustomization.yaml:7 the chart far is kept elsewhere and not fetched: what it holds is not judged",
    ]);
  });

  test("what cannot be read is told with its line, the rest is judged", () => {
    const { problems, listeners } = look({
      ...base,
      "over/kustomization.yaml": `resources:
  - ../base
  - https://github.com/example/pacs//base?ref=v1
  - nowhere.yaml
patches:
  - path: nothing.yaml
  - target: { kind: StatefulSet }
    patch: '[{ "op": "remove", "path": "/spec" }]'
transformers: [t.yaml]
`,
      "over/t.yaml":
        "apiVersion: builtin\nkind: ValueAddTransformer\nmetadata: { name: x }\n---\napiVersion: example.org/v1\nkind: Stamp\nmetadata: { name: y }\n",
    });
    expect(problems).toEqual([
      "unresolved over/kustomization.yaml:3 https://github.com/example/pacs//base?ref=v1 is kept elsewhere and not fetched: what it holds is not judged",
      "missing-file over/kustomization.yaml:4 there is no over/nowhere.yaml",
      "missing-file over/kustomization.yaml:6 there is no over/nothing.yaml",
      "unresolved over/kustomization.yaml:8 the patch fits none of the objects",
      "unresolved over/t.yaml:2 the transformer ValueAddTransformer is not run: what it changes is judged as it stands",
      "unresolved over/t.yaml:6 the transformer Stamp is not run: what it changes is judged as it stands",
    ]);
    expect(listeners).toContain("orthanc http 8042 internal");
  });
});
