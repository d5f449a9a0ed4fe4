/** What findings call the thing that outsiders reach: in a cluster there is no "this host". */
import { expect, test } from "vitest";
import { lintFiles } from "../inspect.ts";

const database = (service: string, more = ""): string => `apiVersion: v1
kind: Pod
metadata: { name: db, labels: { app: db } }
spec:
  automountServiceAccountToken: false
${more}  containers:
    - name: db
      image: postgres:16.4
      env: [{ name: POSTGRES_PASSWORD, value: postgres }]
---
apiVersion: v1
kind: Service
metadata: { name: db }
spec:
  selector: { app: db }
${service}
`;

const message = (text: string, rule: string): string | undefined =>
  lintFiles({ "db.yaml": text }).report.findings.find((finding) => finding.rule === rule)?.message;

const gets = "gets into PostgreSQL (database), because its password is published, empty or the user's name.";

test.each([
  ["  type: NodePort\n  ports: [{ port: 5432, nodePort: 30432 }]", "", "a node of the cluster on port 30432"],
  ["  type: LoadBalancer\n  ports: [{ port: 5432 }]", "", "the load balancer on port 5432"],
  [
    "  externalIPs: [10.1.2.3]\n  ports: [{ port: 5432 }]",
    "",
    "the outer address of the cluster on port 5432",
  ],
  ["  ports: [{ port: 5432 }]", "  hostNetwork: true\n", "a node of the cluster on port 5432"],
])("%j", (service, more, place) => {
  expect(message(database(service, more), "database-default-password")).toBe(
    `Anyone who can reach ${place} ${gets}`,
  );
});

test("who is beside it", () => {
  const inside = "  ports: [{ port: 5432 }]";
  const said =
    "gets in as postgres (superuser of the database of PostgreSQL), because the password is published, empty or the user's name.";
  expect(message(database(inside), "guessable-password-inside")).toBe(`Every pod of the cluster ${said}`);
  const policy = `---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: db }
spec:
  podSelector: { matchLabels: { app: db } }
  ingress: [{ from: [{ podSelector: { matchLabels: { app: pacs } } }] }]
`;
  expect(message(database(inside) + policy, "guessable-password-inside")).toBe(
    `Every pod that a network policy lets in ${said}`,
  );
});

test("a way through an Ingress is told by its name", () => {
  const pacs = `apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: { name: pacs }
spec:
  ingressClassName: nginx
  defaultBackend: { service: { name: pacs, port: { number: 80 } } }
---
apiVersion: v1
kind: Service
metadata: { name: pacs }
spec: { selector: { app: pacs }, ports: [{ port: 80, targetPort: 8042 }] }
---
apiVersion: v1
kind: Pod
metadata: { name: pacs, labels: { app: pacs } }
spec:
  containers:
    - name: orthanc
      image: orthancteam/orthanc:24.6.2
      env: [{ name: ORTHANC__AUTHENTICATION_ENABLED, value: "false" }]
`;
  expect(message(pacs, "http-no-authentication")).toBe(
    "Anyone who can reach the ingress nginx on port 80 can read, change and delete every study without a login.",
  );
});
