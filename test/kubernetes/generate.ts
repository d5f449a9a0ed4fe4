/** Random kustomizations over random bases, the same for the same seed. */
import type { Files } from "./judge.ts";

type Random = () => number;

/** A small generator of random numbers (mulberry32): the same row for the same seed. */
export function randomOf(seed: number): Random {
  let state = seed * 0x9e3779b9;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

/** A base, an overlay in the middle and one on top, which is in the folder "over". */
export function generatedCase(seed: number): Files {
  const random = randomOf(seed);
  const pick = <T>(items: readonly T[], fallback: T): T =>
    items[Math.floor(random() * items.length)] ?? fallback;
  const some = <T>(items: readonly T[]): readonly T[] => items.filter(() => random() < 0.4);
  const layer = (below: string): string =>
    [
      `resources: [${below}]`,
      ...some([
        `namespace: ${pick(["pacs", "radiology"], "pacs")}`,
        `namePrefix: ${pick(["a-", "north-"], "a-")}`,
        `nameSuffix: ${pick(["-b", "-two"], "-b")}`,
        `commonLabels: { ${pick(["site", "tier"], "site")}: ${pick(["one", "two"], "one")} }`,
        `commonAnnotations: { note: ${pick(["one", "two"], "one")} }`,
        `images: [{ name: ${pick(["example/orthanc", "example/viewer"], "example/orthanc")}, ${pick(["newTag: '2.0'", "newName: other/image", "digest: sha256:cccc"], "newTag: '2.0'")} }]`,
        `replicas: [{ name: ${pick(["orthanc", "viewer"], "orthanc")}, count: ${pick([1, 2, 3], 1)} }]`,
        `configMapGenerator: [{ name: settings, behavior: ${pick(["merge", "replace"], "merge")}, literals: [K${Math.floor(random() * 3)}=v] }]`,
        `patches:\n${some(patches).map(indented).join("") || indented(patches[0] ?? "")}`,
      ]),
    ].join("\n");
  return {
    "base/kustomization.yaml": `resources: [app.yaml]\nconfigMapGenerator: [{ name: settings, literals: [K0=a, K1=b] }]\n`,
    "base/app.yaml": ["orthanc", "viewer"].map(workload).join("---\n"),
    "middle/kustomization.yaml": layer("../base"),
    "over/kustomization.yaml": layer("../middle"),
  };
}

function indented(patch: string): string {
  return `  - patch: |\n${patch.replaceAll(/^/gmu, "      ")}\n`;
}

const head = (name: string) => `apiVersion: apps/v1\nkind: Deployment\nmetadata: { name: ${name} }\nspec:\n`;

const patches: readonly string[] = [
  `${head("orthanc")}  template: { spec: { containers: [{ name: main, env: [{ name: A, value: patched }, { name: Z, value: new }] }] } }`,
  `${head("viewer")}  template: { spec: { containers: [{ name: side, image: "example/side:1" }] } }`,
  `${head("orthanc")}  template: { spec: { volumes: [{ name: settings, $patch: delete }, { name: more, emptyDir: {} }] } }`,
  `${head("viewer")}  template: { spec: { containers: [{ name: main, volumeMounts: [{ mountPath: /etc/pacs, name: settings, readOnly: true }] }] } }`,
  `${head("orthanc")}  template: { spec: { containers: [{ name: main, ports: [{ containerPort: 8042, protocol: TCP, hostPort: 1 }] }] } }`,
  "apiVersion: v1\nkind: Service\nmetadata: { name: orthanc }\nspec: { type: NodePort, ports: [{ port: 80, nodePort: 30080 }, { port: 81 }] }",
];

function workload(name: string): string {
  return `apiVersion: apps/v1
kind: Deployment
metadata: { name: ${name} }
spec:
  selector: { matchLabels: { app: ${name} } }
  template:
    metadata: { labels: { app: ${name} } }
    spec:
      containers:
        - name: main
          image: example/${name}:1.0
          env: [{ name: A, value: "1" }, { name: B, valueFrom: { configMapKeyRef: { name: settings, key: K0 } } }]
          ports: [{ containerPort: 8042, protocol: TCP }, { containerPort: 4242 }]
          volumeMounts: [{ mountPath: /etc/pacs, name: settings }]
      volumes: [{ name: settings, configMap: { name: settings } }]
---
apiVersion: v1
kind: Service
metadata: { name: ${name} }
spec: { selector: { app: ${name} }, ports: [{ port: 80, targetPort: 8042 }] }
`;
}
