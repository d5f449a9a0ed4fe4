/** Edits of manifests of a cluster. */
import { describe, expect, test } from "vitest";
import { repaired } from "./repair.ts";

const database = (service: string): string => `apiVersion: apps/v1
kind: StatefulSet
metadata: { name: db }
spec:
  serviceName: db
  selector: { matchLabels: { app: db } }
  template:
    metadata: { labels: { app: db } }
    spec:
      containers:
        - name: db
          image: postgres:16.4
          env:
            - { name: POSTGRES_PASSWORD, value: postgres }
          ports: [{ containerPort: 5432 }]
---
# for the reports
apiVersion: v1
kind: Service
metadata: { name: db }
spec:
${service}`;

function done(text: string, rule: string): string {
  const { files } = repaired({ files: { "db.yaml": text } }, { unsafe: true, rules: [rule] });
  return files["db.yaml"] ?? "";
}

describe("a Service that outsiders reach", () => {
  test.each([
    [
      "  type: NodePort # why?\n  selector: { app: db }\n  ports:\n    - port: 5432\n      nodePort: 30432\n",
      "  type: ClusterIP # why?\n  selector: { app: db }\n  ports:\n    - port: 5432\n",
    ],
    [
      "  type: LoadBalancer\n  externalTrafficPolicy: Local\n  selector: { app: db }\n  ports: [{ port: 5432, nodePort: 30432 }]\n",
      "  type: ClusterIP\n  selector: { app: db }\n  ports: [{ port: 5432 }]\n",
    ],
  ])("is kept inside the cluster: %j", (before, after) => {
    expect(done(database(before), "database-default-password")).toBe(database(after));
  });
});

const pod = (body: string): string => `apiVersion: v1
kind: Pod
metadata: { name: tool }
spec:
${body}`;

test.each([
  [
    "container-privileged",
    "  containers:\n    - name: tool\n      image: tool:1.2\n      securityContext:\n        privileged: true # why?\n",
    "  containers:\n    - name: tool\n      image: tool:1.2\n      securityContext:\n        privileged: false # why?\n",
  ],
  [
    "container-shares-host",
    "  hostPID: true\n  containers: [{ name: tool, image: tool:1.2 }]\n",
    "  hostPID: false\n  containers: [{ name: tool, image: tool:1.2 }]\n",
  ],
])("%s", (rule, before, after) => {
  const orthanc =
    "---\napiVersion: v1\nkind: Pod\nmetadata: { name: pacs }\nspec: { containers: [{ name: pacs, image: 'orthancteam/orthanc:24.6.2' }] }\n";
  expect(done(pod(before) + orthanc, rule)).toBe(pod(after) + orthanc);
});
