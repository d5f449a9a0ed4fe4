/** Service accounts: which token lies in a container, and what it opens as far as the manifests show it. */
import { describe, expect, test } from "vitest";
import { repaired } from "../fixes/repair.ts";
import { lintFiles } from "../inspect.ts";
import { look } from "./look.ts";

const pod = (spec = "", namespace = "pacs"): string => `apiVersion: v1
kind: Pod
metadata: { name: pacs, namespace: ${namespace} }
spec:
${spec}  containers:
    - { name: orthanc, image: "orthancteam/orthanc:24.6.2" }
`;

const role = (rules: string, kind = "Role"): string => `apiVersion: rbac.authorization.k8s.io/v1
kind: ${kind}
metadata: { name: pacs${kind === "Role" ? ", namespace: pacs" : ""} }
rules:
${rules}`;

const binding = (
  subject = "{ kind: ServiceAccount, name: default, namespace: pacs }",
  ref = "{ apiGroup: rbac.authorization.k8s.io, kind: Role, name: pacs }",
  kind = "RoleBinding",
): string => `apiVersion: rbac.authorization.k8s.io/v1
kind: ${kind}
metadata: { name: pacs${kind === "RoleBinding" ? ", namespace: pacs" : ""} }
subjects:
  - ${subject}
roleRef: ${ref}
`;

const clusterAdmin = "{ apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: cluster-admin }";

const all = (...parts: readonly string[]) => ({ "pacs.yaml": parts.join("---\n") });

/** Findings about tokens of all audiences. */
const told = (...parts: readonly string[]): readonly string[] =>
  look(all(...parts), { audience: "audit" }).findings.filter((one) => one.includes("cluster-token"));

/** The message of the finding. */
const message = (...parts: readonly string[]): string | undefined =>
  lintFiles(all(...parts), { orthancVersion: "1.12.11", audience: "audit" }).report.findings.find(
    ({ rule }) => rule.startsWith("cluster-token"),
  )?.message;

const takesOver = "high cluster-token-takes-over pacs.yaml";

describe("what the roles give", () => {
  test.each([
    ["pods/exec by its name", "resources: [pods/exec], verbs: [create]", "run commands in other containers"],
    ["a part of everything", "resources: ['*/exec'], verbs: [create]", undefined],
    ["a star behind a name stands for nothing", "resources: ['pods/*'], verbs: ['*']", undefined],
    ["pods that are looked at", "resources: [pods, pods/log], verbs: [get, list, watch]", undefined],
    ["pods that are labelled, as Patroni does", "resources: [pods], verbs: [get, list, patch]", undefined],
    ["pods that are made", "resources: [pods], verbs: [create]", "start containers of any kind"],
    ["watching is reading", "resources: [secrets], verbs: [watch]", "read every Secret"],
    ["writing Secrets is not reading them", "resources: [secrets], verbs: [create]", undefined],
    [
      "a disk of the node is no part of a namespace",
      "resources: [persistentvolumes], verbs: [create]",
      undefined,
    ],
    [
      "every verb on every resource of one group",
      "resources: ['*'], verbs: ['*']",
      "read every Secret, start containers of any kind, run commands in other containers and take the rights of others",
    ],
  ])("%s", (name, rule, expected) => {
    const text = message(role(`  - { apiGroups: [""], ${rule} }\n`), binding(), pod());
    // "*/exec" stands for pods/exec
    const wanted = name === "a part of everything" ? "run commands in other containers" : expected;
    expect(text).toBe(
      wanted &&
        `Whoever breaks into pacs can ${wanted} in the namespace pacs, with the token of the service account default that lies in the container.`,
    );
  });

  test("stars in all three places are everything, and the role's line is shown", () => {
    const rules = '  - apiGroups: ["*"]\n    resources: ["*"]\n    verbs: ["*"]\n';
    expect(told(role(rules), binding(), pod())).toEqual([`${takesOver}:6:5`]);
    const wide = binding(undefined, "{ kind: ClusterRole, name: pacs }", "ClusterRoleBinding");
    expect(told(role(rules, "ClusterRole"), wide, pod())).toEqual([
      "critical cluster-token-takes-over pacs.yaml:6:5",
    ]);
    // The same ClusterRole, for one namespace only
    const narrow = binding(undefined, "{ kind: ClusterRole, name: pacs }");
    expect(told(role(rules, "ClusterRole"), narrow, pod())).toEqual([`${takesOver}:6:5`]);
  });

  test("a role that is put together from others", () => {
    const whole = `apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: { name: all }
aggregationRule: { clusterRoleSelectors: [{ matchLabels: { to: all } }] }
rules: []
`;
    const part = role('  - { apiGroups: [""], resources: [secrets], verbs: [get] }\n', "ClusterRole").replace(
      "name: pacs",
      "name: part, labels: { to: all }",
    );
    const given = binding(undefined, "{ kind: ClusterRole, name: all }");
    expect(told(whole, part, given, pod())).toEqual([`${takesOver}:11:24`]);
  });

  test("a role that is not part of the input leaves it open", () => {
    const { report } = lintFiles(all(binding(), pod()), { orthancVersion: "1.12.11", audience: "audit" });
    const open = report.undetermined.filter(({ rule }) => rule.startsWith("cluster-token"));
    expect(open.map(({ rule, reason }) => [rule, reason])).toEqual([
      ["cluster-token-takes-over", "what the role pacs allows is not part of the input"],
      ["cluster-token-without-use", "what the role pacs allows is not part of the input"],
    ]);
  });
});

describe("whom a binding takes in", () => {
  const rules = '  - { apiGroups: [""], resources: [secrets], verbs: [get] }\n';
  const given = (subject: string, spec = "", namespace = "pacs") =>
    told(role(rules), binding(subject), pod(spec, namespace)).includes(`${takesOver}:5:24`);

  test.each([
    [
      "a ServiceAccount without a namespace is one of the binding's",
      "{ kind: ServiceAccount, name: default }",
      true,
    ],
    ["all accounts of the namespace", '{ kind: Group, name: "system:serviceaccounts:pacs" }', true],
    ["all accounts", '{ kind: Group, name: "system:serviceaccounts" }', true],
    ["everybody who is known", '{ kind: Group, name: "system:authenticated" }', true],
    ["the account as a user", '{ kind: User, name: "system:serviceaccount:pacs:default" }', true],
    ["another account", "{ kind: ServiceAccount, name: backup, namespace: pacs }", false],
    ["all accounts of another namespace", '{ kind: Group, name: "system:serviceaccounts:lab" }', false],
    ["the account of another namespace", "{ kind: ServiceAccount, name: default, namespace: lab }", false],
    ["a person of that name", "{ kind: User, name: default }", false],
    ["who is not known at all", '{ kind: Group, name: "system:unauthenticated" }', false],
  ])("%s", (_, subject, expected) => {
    expect(given(subject)).toBe(expected);
  });

  test("the older name of the key counts, the newer one wins", () => {
    const other = "{ kind: ServiceAccount, name: backup, namespace: pacs }";
    expect(given(other, "  serviceAccount: backup\n")).toBe(true);
    expect(given(other, "  serviceAccount: backup\n  serviceAccountName: web\n")).toBe(false);
  });
});

describe("whether the token is there", () => {
  const secrets = role('  - { apiGroups: [""], resources: [secrets], verbs: [get] }\n');
  const account = (said: string) => `apiVersion: v1
kind: ServiceAccount
metadata: { name: default, namespace: pacs }
${said}`;

  test("the pod's word wins over that of the account", () => {
    const no = account("automountServiceAccountToken: false\n");
    expect(told(no, secrets, binding(), pod())).toEqual([]);
    expect(told(no, secrets, binding(), pod("  automountServiceAccountToken: true\n"))).toHaveLength(1);
    expect(told(secrets, binding(), pod("  automountServiceAccountToken: false\n"))).toEqual([]);
  });

  test("a volume of its own brings it back, for the cluster only", () => {
    const volume = (audience: string) => `  automountServiceAccountToken: false
  volumes:
    - name: token
      projected: { sources: [{ serviceAccountToken: { path: token${audience} } }] }
`;
    const mounting = (text: string) =>
      text.replace('24.6.2" }', '24.6.2", volumeMounts: [{ name: token, mountPath: /token }] }');
    expect(told(secrets, binding(), mounting(pod(volume(""))))).toEqual([`${takesOver}:5:24`]);
    expect(told(secrets, binding(), mounting(pod(volume(", audience: vault"))))).toEqual([]);
    expect(told(secrets, binding(), pod(volume("")))).toEqual([]);
  });

  test("a token that a Secret holds is that of its account", () => {
    const token = `apiVersion: v1
kind: Secret
type: kubernetes.io/service-account-token
metadata: { name: old, namespace: pacs, annotations: { kubernetes.io/service-account.name: deploy } }
`;
    const spec =
      "  automountServiceAccountToken: false\n  volumes: [{ name: t, secret: { secretName: old } }]\n";
    const mounting = pod(spec).replace('24.6.2" }', '24.6.2", volumeMounts: [{ name: t, mountPath: /t }] }');
    const given = binding("{ kind: ServiceAccount, name: deploy }");
    expect(told(secrets, given, token, mounting)).toEqual([`${takesOver}:5:24`]);
  });

  test("without a right it is mild, and shown where the pod begins", () => {
    expect(told(pod())).toEqual(["low cluster-token-without-use pacs.yaml:5:3"]);
    expect(look(all(pod())).findings.filter((one) => one.includes("token"))).toEqual([]);
  });

  test("containers that end before the others start are called by nobody", () => {
    const initial = '  initContainers: [{ name: wait, image: "orthancteam/orthanc:24.6.2" }]\n';
    expect(told(pod(initial))).toEqual(["low cluster-token-without-use pacs.yaml:5:3"]);
    const { report } = lintFiles(all(pod(initial)), { audience: "audit" });
    expect(report.findings.filter(({ rule }) => rule === "cluster-token-without-use").length).toBe(1);
  });

  test("an account that is not part of the input leaves all of it open", () => {
    const { report } = lintFiles(all(pod("  serviceAccountName: pacs\n")), { audience: "audit" });
    expect(
      report.undetermined.filter(({ rule }) => rule.startsWith("cluster-token")).map(({ reason }) => reason),
    ).toEqual([
      "the service account pacs and its roles are not part of the input",
      "the service account pacs and its roles are not part of the input",
    ]);
  });
});

describe("workloads, charts and kustomizations", () => {
  test.each(["Deployment", "StatefulSet", "DaemonSet", "Job"])("a %s", (kind) => {
    const workload = `apiVersion: ${kind === "Job" ? "batch" : "apps"}/v1
kind: ${kind}
metadata: { name: pacs, namespace: pacs }
spec:
  template:
    spec:
      containers: [{ name: orthanc, image: "orthancteam/orthanc:24.6.2" }]
`;
    const wide = binding(undefined, clusterAdmin, "ClusterRoleBinding");
    expect(told(wide, workload)).toEqual(["critical cluster-token-takes-over pacs.yaml:6:68"]);
  });

  test("roles of the whole cluster count in each of two namespaces", () => {
    const wide = binding(
      '{ kind: Group, name: "system:serviceaccounts" }',
      clusterAdmin,
      "ClusterRoleBinding",
    );
    const files = {
      "roles/admin.yaml": wide,
      "a.yaml": pod(),
      "b.yaml": pod("", "lab"),
    };
    const { report } = lintFiles(files, { paths: ["."], orthancVersion: "1.12.11" });
    expect(report.deployments.map(({ id }) => id)).toEqual([". (namespace lab)", ". (namespace pacs)"]);
    expect(
      report.findings
        .filter(({ rule }) => rule === "cluster-token-takes-over")
        .map(({ deployment }) => deployment),
    ).toEqual([". (namespace lab)", ". (namespace pacs)"]);
  });

  test("a chart with an account of its own", () => {
    const chart = {
      "pacs/Chart.yaml": "name: pacs\nversion: 1.0.0\n",
      "pacs/values.yaml": "serviceAccount: { name: pacs }\n",
      "pacs/templates/all.yaml": [
        "apiVersion: v1\nkind: ServiceAccount\nmetadata: { name: {{ .Values.serviceAccount.name }} }\n",
        binding(
          "{ kind: ServiceAccount, name: '{{ .Values.serviceAccount.name }}', namespace: '{{ .Release.Namespace }}' }",
          clusterAdmin,
          "ClusterRoleBinding",
        ),
        pod("  serviceAccountName: {{ .Values.serviceAccount.name }}\n", "'{{ .Release.Namespace }}'"),
      ].join("---\n"),
    };
    expect(look(chart).findings.filter((one) => one.includes("token"))).toEqual([
      "critical cluster-token-takes-over pacs/templates/all.yaml:10:68",
    ]);
  });
});

describe("the edit", () => {
  const done = (text: string): string =>
    repaired({ files: { "pacs.yaml": text } }, { unsafe: true, rules: ["cluster-token-without-use"] }).files[
      "pacs.yaml"
    ] ?? "";

  test("adds the field to the spec of the pod, once", () => {
    const before = pod().replace(
      "    - { name: orthanc",
      '    - { name: db, image: "postgres:16.4" } # beside it\n    - { name: orthanc',
    );
    expect(done(before)).toBe(`${before.trimEnd()}\n  automountServiceAccountToken: false\n`);
  });

  test("turns the pod's own yes into a no", () => {
    const before = pod("  automountServiceAccountToken: true # why?\n");
    expect(done(before)).toBe(before.replace("true", "false"));
  });
});
