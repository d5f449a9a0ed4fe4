/** Logins at an Ingress whose users stand in a Secret of the manifests. */
import { describe, expect, test } from "vitest";
import { lintFiles } from "../inspect.ts";
import { look } from "./look.ts";

/** An Orthanc without a login of its own, behind an Ingress with these annotations. */
const cluster = (annotations: readonly string[], ...more: readonly string[]) => ({
  "pacs.yaml": [
    `apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: pacs
  namespace: pacs
  annotations:
${annotations.map((one) => `    ${one}`).join("\n")}
spec:
  ingressClassName: ${annotations.some((one) => one.startsWith("traefik")) ? "traefik" : "nginx"}
  tls: [{ hosts: [pacs.hospital.example], secretName: tls }]
  rules:
    - host: pacs.hospital.example
      http: { paths: [{ path: /, pathType: Prefix, backend: { service: { name: orthanc, port: { number: 80 } } } }] }
`,
    `apiVersion: v1
kind: Service
metadata: { name: orthanc, namespace: pacs }
spec: { selector: { app: orthanc }, ports: [{ port: 80, targetPort: 8042 }] }
`,
    `apiVersion: v1
kind: Pod
metadata: { name: orthanc, namespace: pacs, labels: { app: orthanc } }
spec:
  containers:
    - name: orthanc
      image: orthancteam/orthanc:24.6.2
      env: [{ name: ORTHANC__AUTHENTICATION_ENABLED, value: "false" }]
`,
    ...more,
  ].join("---\n"),
});

const secret = (lines: string, type = "Opaque"): string => `apiVersion: v1
kind: Secret
metadata: { name: logins, namespace: pacs }
type: ${type}
${lines}`;

const asks = [
  "nginx.ingress.kubernetes.io/auth-type: basic",
  "nginx.ingress.kubernetes.io/auth-secret: logins",
];

const critical = (annotations: readonly string[], ...more: readonly string[]): readonly string[] =>
  look(cluster(annotations, ...more)).findings.filter((one) =>
    /credentials|no-authentication|nobody/u.test(one),
  );

const open = (annotations: readonly string[], ...more: readonly string[]): readonly string[] =>
  lintFiles(cluster(annotations, ...more), { orthancVersion: "1.12.11" })
    .report.undetermined.filter(({ rule }) => /http-(?:default-credentials|no-authentication)$/u.test(rule))
    .map(({ rule, reason }) => `${rule}: ${reason}`);

// {SHA} of "admin", as `htpasswd -nbs admin admin` writes it
const published = "admin:{SHA}0DPiKuNIrrVmD8IUCuw1hQxNqZc=";
// {SHA} of a long sentence
const own = "radiology:{SHA}pyspgcS1KICcPyHObg5cEQMfQO0=";

describe("auth-secret of ingress-nginx", () => {
  test("a password that everybody tries is told at its hash", () => {
    // The Secret begins with line 30 of the file, its key is line 35; the hash stands behind "  auth: admin:"
    expect(critical(asks, secret(`stringData:\n  auth: "${published}"\n`))).toEqual([
      "critical http-default-credentials pacs.yaml:35:16",
    ]);
    const encoded = Buffer.from(`${published}\n`).toString("base64");
    expect(critical(asks, secret(`data:\n  auth: ${encoded}\n`))).toHaveLength(1);
  });

  test("the hash is not shown", () => {
    const { report } = lintFiles(cluster(asks, secret(`stringData:\n  auth: "${published}"\n`)));
    expect(JSON.stringify(report)).not.toContain("0DPiKuNI");
  });

  test("another one is a login as it should be", () => {
    const lines = secret(`stringData:\n  auth: "${own}"\n`);
    expect(critical(asks, lines)).toEqual([]);
    expect(open(asks, lines)).toEqual([]);
  });

  test("a map of names, a Secret of another namespace", () => {
    const map = [...asks, "nginx.ingress.kubernetes.io/auth-secret-type: auth-map"];
    const users = secret(`stringData:\n  admin: "{SHA}0DPiKuNIrrVmD8IUCuw1hQxNqZc="\n`);
    expect(critical(map, users)).toEqual(["critical http-default-credentials pacs.yaml:36:11"]);
    const elsewhere = [asks[0] ?? "", "nginx.ingress.kubernetes.io/auth-secret: web/logins"];
    expect(critical(elsewhere, secret(`stringData:\n  auth: "${published}"\n`))).toEqual([]);
  });

  test("without its key, or without a Secret named, nobody gets in", () => {
    expect(critical(asks, secret(`stringData:\n  users: "${published}"\n`))).toEqual([]);
    expect(critical([asks[0] ?? ""])).toEqual([]);
  });

  test("a Secret that is kept elsewhere leaves its passwords open, and the login certain", () => {
    expect(critical(asks)).toEqual([]);
    expect(open(asks)).toEqual(["http-default-credentials: the proxy keeps hashes of its passwords"]);
  });
});

describe("lines of nginx's own language beside a login", () => {
  const snippet = (line: string) => [...asks, `nginx.ingress.kubernetes.io/configuration-snippet: "${line}"`];
  const given = secret(`stringData:\n  auth: "${own}"\n`);

  test.each([
    "satisfy any; allow 10.0.0.0/8; deny all;",
    "auth_basic off;",
    "if ($arg_k) { proxy_pass http://x; }",
  ])("%s may let some in without it", (line) => {
    expect(open(snippet(line), given)).toContain(
      "http-no-authentication: lines of nginx's own language may let some in without the login",
    );
  });

  test("others leave it as it is", () => {
    const harmless = "if ($request_method = OPTIONS) { return 204; } # satisfy any";
    expect(open(snippet(harmless), given)).toEqual([]);
  });
});

describe("basicAuth of Traefik at an Ingress", () => {
  const named = ["traefik.ingress.kubernetes.io/router.middlewares: pacs-login@kubernetescrd"];
  const middleware = `apiVersion: traefik.io/v1alpha1
kind: Middleware
metadata: { name: login, namespace: pacs }
spec: { basicAuth: { secret: logins } }
`;

  test("lines under any key, and a name with its password", () => {
    expect(critical(named, middleware, secret(`stringData:\n  users: "${published}"\n`))).toHaveLength(1);
    const pair = "stringData: { username: admin, password: admin }\n";
    expect(critical(named, middleware, secret(pair, "kubernetes.io/basic-auth"))).toHaveLength(1);
    const long = "stringData: { username: admin, password: seven-red-horses-in-rain }\n";
    expect(critical(named, middleware, secret(long, "kubernetes.io/basic-auth"))).toEqual([]);
  });
});
