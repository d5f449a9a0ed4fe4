/** Manifests that are broken, strange or hostile: each is told with its line, and the rest is judged. */
import { describe, expect, test } from "vitest";
import { look } from "./look.ts";

const pod = (name: string, more = "") => `apiVersion: v1
kind: Pod
metadata: { name: ${name}, labels: { app: ${name} } }
spec:
  containers:
    - name: ${name}
      image: orthancteam/orthanc:24.6.2
      ports: [{ containerPort: 8042, hostPort: 80 }]
${more}`;

describe("broken beside good", () => {
  test("a document that is no YAML", () => {
    const { problems, entries } = look({
      "a.yaml": `kind: Pod\napiVersion: v1\nmetadata: {\n---\n${pod("good")}`,
    });
    expect(problems[0]).toMatch(/^syntax a\.yaml:4 the manifest cannot be read: /u);
    expect(entries).toHaveLength(1);
  });

  test("kinds that nobody knows, documents without a kind, an empty one", () => {
    const strange =
      "apiVersion: example.org/v9\nkind: Archive\nspec: { template: { spec: 7 } }\n---\n\n---\nnothing: here\n---\n[1, 2]\n---\n";
    const { problems, entries } = look({ "a.yaml": strange + pod("good") });
    expect(problems).toEqual([]);
    expect(entries).toHaveLength(1);
  });

  test.each([
    ["spec: 7", "apiVersion: v1\nkind: Pod\nmetadata: { name: x }\nspec: 7\n"],
    ["containers: text", "apiVersion: v1\nkind: Pod\nmetadata: { name: x }\nspec: { containers: text }\n"],
    [
      "a container of null",
      "apiVersion: v1\nkind: Pod\nmetadata: { name: x }\nspec: { containers: [null, 3, {}] }\n",
    ],
    ["no metadata", "apiVersion: v1\nkind: Service\nspec: { ports: [{ port: [] }, null], selector: 4 }\n"],
    [
      "ports without numbers",
      "apiVersion: v1\nkind: Service\nmetadata: { name: x }\nspec: { type: NodePort, selector: { app: good }, ports: [{ port: abc }] }\n",
    ],
    [
      "rules of nothing",
      "apiVersion: networking.k8s.io/v1\nkind: Ingress\nmetadata: { name: x }\nspec: { rules: [null, { http: 3 }, { http: { paths: [{}] } }], tls: text }\n",
    ],
    [
      "a policy of nothing",
      "apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: { name: x }\nspec: { podSelector: { matchLabels: { app: x } }, ingress: [null, 4] }\n",
    ],
    ["a volume of nothing", pod("x", "      volumeMounts: [{ name: none, mountPath: /etc/orthanc }, 4]\n")],
    [
      "an odd Secret",
      "apiVersion: v1\nkind: Secret\nmetadata: { name: x }\ndata: { a: '%%%', b: 7, c: [1] }\nstringData: text\n",
    ],
    [
      "a List of lists",
      "apiVersion: v1\nkind: List\nitems: [[], { kind: List, apiVersion: v1, items: 3 }, null]\n",
    ],
  ])("%s", (_, text) => {
    const { entries } = look({ "a.yaml": `${text}---\n${pod("good")}` });
    expect(entries.filter((entry) => entry.startsWith("good "))).toHaveLength(1);
  });

  test("JSON in a ConfigMap that never closes", () => {
    const text = `apiVersion: v1
kind: ConfigMap
metadata: { name: c }
data:
  orthanc.json: |
    { "RemoteAccessAllowed": true,
      "RegisteredUsers": {
---
${pod("good", "      volumeMounts: [{ name: c, mountPath: /etc/orthanc }]\n  volumes: [{ name: c, configMap: { name: c } }]\n").replace("orthancteam/orthanc:24.6.2", "jodogne/orthanc:1.12.10")}`;
    const { problems, findings } = look({ "a.yaml": text });
    expect(problems.filter((problem) => problem.startsWith("syntax a.yaml:"))).toHaveLength(1);
    expect(findings.some((finding) => finding.includes("configuration-not-readable"))).toBe(true);
  });

  test("a ConfigMap and a Secret that are not there: told, and nothing is guessed", () => {
    const { problems, findings } = look({
      "a.yaml": pod(
        "good",
        "      envFrom: [{ configMapRef: { name: none } }, { secretRef: { name: kept-elsewhere } }]\n",
      ),
    });
    expect(problems).toEqual(["unresolved a.yaml:9 the ConfigMap none is not part of the input"]);
    expect(findings.filter((finding) => finding.startsWith("critical"))).toEqual([]);
  });

  test("a Service that selects nobody, and one to a port that has no such name", () => {
    const service = (name: string, app: string, target: string) =>
      `---\napiVersion: v1\nkind: Service\nmetadata: { name: ${name} }\nspec: { selector: { app: ${app} }, ports: [{ port: 1, targetPort: ${target} }] }\n`;
    const { problems } = look({
      "a.yaml": pod("good") + service("lost", "gone", "1") + service("wrong", "good", "web"),
    });
    expect(problems).toEqual([
      "unlinked a.yaml:13 the Service lost selects no pod of the input: its labels match none",
      "unresolved a.yaml:18 the Service wrong leads to a port named web, which none of its pods has",
    ]);
  });
});

describe("what belongs together", () => {
  test("a JSON manifest, a List", () => {
    const list = {
      apiVersion: "v1",
      kind: "List",
      items: [
        JSON.parse(
          '{"apiVersion":"v1","kind":"Pod","metadata":{"name":"a"},"spec":{"containers":[{"name":"a","image":"orthancteam/orthanc:24.6.2","ports":[{"containerPort":8042,"hostPort":80}]}]}}',
        ),
      ],
    };
    expect(look({ "a.json": JSON.stringify(list) }).entries).toHaveLength(1);
  });

  test("one namespace over several files is one deployment; two namespaces are two", () => {
    const inside = (name: string, namespace: string) =>
      pod(name).replace(`name: ${name}, labels`, `name: ${name}, namespace: ${namespace}, labels`);
    expect(look({ "k/a.yaml": inside("a", "one"), "k/sub/b.yaml": inside("b", "one") }).deployments).toEqual([
      "k (Kubernetes)",
    ]);
    expect(look({ "k/a.yaml": inside("a", "one"), "k/b.yaml": inside("b", "two") }).deployments).toEqual([
      "k/a.yaml (namespace one)",
      "k/b.yaml (namespace two)",
    ]);
  });

  test("the same object twice: alternatives, folder by folder or side by side", () => {
    expect(look({ "test/a.yaml": pod("a"), "live/a.yaml": pod("a") }).deployments).toEqual([
      "live/a.yaml",
      "test/a.yaml",
    ]);
    expect(look({ "a-test.yaml": pod("a"), "a-live.yaml": pod("a") }).deployments).toEqual([
      "a-live.yaml",
      "a-test.yaml",
    ]);
  });
});

test("fifty thousand keys and deep nesting come to an end", () => {
  const many = Array.from({ length: 20_000 }, (_, index) => `  k${index}: v`).join("\n");
  const deep = `${"[".repeat(5000)}${"]".repeat(5000)}`;
  const { entries } = look({
    "a.yaml": `apiVersion: v1\nkind: ConfigMap\nmetadata: { name: c }\ndata:\n${many}\n---\n${pod("good")}`,
    "b.yaml": `apiVersion: v1\nkind: X\nspec: ${deep}\n`,
  });
  expect(entries).toHaveLength(1);
});
