/**
 * Network policies: each case by hand after the reference of networking.k8s.io/v1 and "Network Policies" of the documentation.
 * The archive is called by a port of its node, which keeps the caller's address, by a proxy in the same and one in another
 * namespace, and by an Ingress whose controller is not part of the input.
 */
import { describe, expect, test } from "vitest";
import { look } from "./look.ts";

const proxy = (space: string, app: string) => `apiVersion: v1
kind: Pod
metadata: { name: ${app}, namespace: ${space}, labels: { app: ${app} } }
spec:
  containers:
    - name: nginx
      image: nginx:1.27
      ports: [{ containerPort: 80, hostPort: ${app === "near" ? 8001 : 8002} }]
      volumeMounts: [{ name: c, mountPath: /etc/nginx/conf.d }]
  volumes: [{ name: c, configMap: { name: ${app} } }]
---
apiVersion: v1
kind: ConfigMap
metadata: { name: ${app}, namespace: ${space} }
data:
  default.conf: |
    server { listen 80; location / { proxy_pass http://orthanc.pacs.svc.cluster.local:8042; } }
---
`;

const archive = (spec: string) => `apiVersion: v1
kind: Pod
metadata: { name: orthanc, namespace: pacs, labels: { app: orthanc, tier: archive } }
spec:
${spec}  containers:
    - name: orthanc
      image: orthancteam/orthanc:24.6.2
      env: [{ name: ORTHANC__AUTHENTICATION_ENABLED, value: "false" }]
      ports: [{ name: web, containerPort: 8042, hostPort: 8042 }, { name: dicom, containerPort: 4242, hostPort: 104 }]
---
apiVersion: v1
kind: Service
metadata: { name: orthanc, namespace: pacs }
spec: { selector: { app: orthanc }, ports: [{ name: http, port: 8042 }] }
---
`;

const ingress = `apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: { name: pacs, namespace: pacs }
spec: { ingressClassName: nginx, defaultBackend: { service: { name: orthanc, port: { name: http } } } }
---
`;

const namespaces = `apiVersion: v1
kind: Namespace
metadata: { name: web, labels: { zone: inner } }
---
`;

/** Names a Service of the other namespace, so that both are one deployment. */
const link = `apiVersion: v1
kind: Service
metadata: { name: archive, namespace: web }
spec: { type: ExternalName, externalName: orthanc.pacs.svc.cluster.local }
---
`;

const policy = (spec: string, name = "who") => `apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: ${name}, namespace: pacs }
spec: ${spec}
---
`;

/** Who gets to the archive: "dicom", "http" by the node's ports, "near", "far", "ingress"; a question mark where it is not known. */
const callers = (policies: string, spec = ""): string => {
  const text =
    archive(spec) + proxy("pacs", "near") + proxy("web", "far") + namespaces + link + ingress + policies;
  const found = look({ "pacs.yaml": text }).entries.flatMap((entry) => {
    const [, protocol, reach, through] = /^orthanc (\S+) (\S+) :\S+ (\S+)/u.exec(entry) ?? [];
    if (protocol === undefined) return [];
    const name =
      through === "direct" ? protocol : (through ?? "").replace(":", "").replace(/^web\/|^pacs\//u, "");
    return [`${name}${reach === "?" ? "?" : ""}`];
  });
  return [...new Set(found)].toSorted().join(" ");
};

const everybody = "dicom far http ingress near";
const pods = (peer: string) =>
  policy(`{ podSelector: { matchLabels: { app: orthanc } }, ingress: [{ from: [${peer}] }] }`);

describe("whom a policy is for", () => {
  test.each([
    ["no policy", "", everybody],
    ["selects everything, opens nothing", policy("{ podSelector: {} }"), ""],
    ["an empty list opens nothing", policy("{ podSelector: {}, ingress: [] }"), ""],
    ["an empty rule opens everything", policy("{ podSelector: {}, ingress: [{}] }"), everybody],
    ["labels that the pod has", policy("{ podSelector: { matchLabels: { app: orthanc } } }"), ""],
    ["labels that it does not have", policy("{ podSelector: { matchLabels: { app: other } } }"), everybody],
    [
      "expressions",
      policy("{ podSelector: { matchExpressions: [{ key: tier, operator: In, values: [archive, db] }] } }"),
      "",
    ],
    [
      "an expression that fits the proxy beside it alone",
      policy("{ podSelector: { matchExpressions: [{ key: tier, operator: DoesNotExist }] } }"),
      "dicom far http ingress",
    ],
    ["for what goes out", policy("{ podSelector: {}, policyTypes: [Egress] }"), everybody],
    ["with rules for what goes out, and no types: for both", policy("{ podSelector: {}, egress: [{}] }"), ""],
    ["for both", policy("{ podSelector: {}, policyTypes: [Ingress, Egress] }"), ""],
    [
      "of another namespace: the proxy there is shut",
      policy("{ podSelector: {} }").replace("namespace: pacs", "namespace: web"),
      "dicom http ingress near",
    ],
    [
      "several add up",
      policy("{ podSelector: {} }", "nobody") +
        policy("{ podSelector: { matchLabels: { app: orthanc } }, ingress: [{ ports: [{ port: 4242 }] }] }"),
      "dicom",
    ],
  ])("%s", (_, policies, expected) => {
    expect(callers(policies)).toBe(expected);
  });

  test("pods in the network of their node are not kept apart by policies", () => {
    expect(callers(policy("{ podSelector: {} }"), "  hostNetwork: true\n")).toContain("dicom");
  });
});

describe("whom a rule lets in", () => {
  test.each([
    ["all pods of the own namespace", pods("{ podSelector: {} }"), "ingress? near"],
    ["pods by their labels", pods("{ podSelector: { matchLabels: { app: near } } }"), "ingress? near"],
    [
      "a pod of another namespace has the labels in vain",
      pods("{ podSelector: { matchLabels: { app: far } } }"),
      "ingress?",
    ],
    ["pods of all namespaces", pods("{ namespaceSelector: {} }"), "far ingress near"],
    [
      "a namespace by its name",
      pods("{ namespaceSelector: { matchLabels: { kubernetes.io/metadata.name: web } } }"),
      "far ingress",
    ],
    [
      "the own one by its name",
      pods("{ namespaceSelector: { matchLabels: { kubernetes.io/metadata.name: pacs } } }"),
      "ingress? near",
    ],
    [
      "a namespace by labels that it has",
      pods("{ namespaceSelector: { matchLabels: { zone: inner } } }"),
      "far ingress near",
    ],
    [
      "by labels that it does not have",
      pods("{ namespaceSelector: { matchLabels: { zone: outer } } }"),
      "ingress near",
    ],
    [
      "both selectors of one peer have to fit",
      pods(
        "{ namespaceSelector: { matchLabels: { kubernetes.io/metadata.name: web } }, podSelector: { matchLabels: { app: near } } }",
      ),
      "ingress",
    ],
    [
      "of two peers one",
      pods(
        "{ namespaceSelector: { matchLabels: { kubernetes.io/metadata.name: web } } }, { podSelector: { matchLabels: { app: near } } }",
      ),
      "far ingress near",
    ],
    ["addresses", pods("{ ipBlock: { cidr: 10.0.0.0/8 } }"), "dicom http ingress?"],
    ["all addresses", pods("{ ipBlock: { cidr: 0.0.0.0/0 } }"), everybody],
    ["all but a few", pods("{ ipBlock: { cidr: 0.0.0.0/0, except: [10.0.0.0/8] } }"), "dicom http ingress?"],
  ])("%s", (_, policies, expected) => {
    expect(callers(policies)).toBe(expected);
  });
});

describe("ports", () => {
  const open = (ports: string) =>
    callers(policy(`{ podSelector: { matchLabels: { app: orthanc } }, ingress: [{ ports: [${ports}] }] }`));

  test.each([
    ["by number", "{ port: 4242 }", "dicom"],
    ["by the name of the pod", "{ port: web }", "far http ingress near"],
    ["by a name that the pod does not have", "{ port: http }", ""],
    ["a range", "{ port: 4000, endPort: 5000 }", "dicom"],
    ["a range with both", "{ port: 4242, endPort: 8042 }", everybody],
    ["of another protocol", "{ protocol: UDP, port: 4242 }", ""],
    ["all of another protocol", "{ protocol: UDP }", ""],
    ["all of TCP", "{ protocol: TCP }", everybody],
    ["the node's number is not the pod's", "{ port: 104 }", ""],
  ])("%s", (_, ports, expected) => {
    expect(open(ports)).toBe(expected);
  });
});

describe("policies of other programs", () => {
  const foreign = (kind: string, group: string, spec: string) => `apiVersion: ${group}
kind: ${kind}
metadata: { name: wall, namespace: pacs }
spec: ${spec}
`;

  test.each([
    [
      "Cilium",
      foreign("CiliumNetworkPolicy", "cilium.io/v2", "{ endpointSelector: {}, ingress: [{}] }"),
      "?",
    ],
    [
      "Cilium, for other pods",
      foreign(
        "CiliumNetworkPolicy",
        "cilium.io/v2",
        "{ endpointSelector: { matchLabels: { app: other } }, ingress: [] }",
      ),
      "",
    ],
    [
      "Cilium, for what goes out",
      foreign("CiliumNetworkPolicy", "cilium.io/v2", "{ endpointSelector: {}, egress: [] }"),
      "",
    ],
    [
      "Calico",
      foreign(
        "GlobalNetworkPolicy",
        "projectcalico.org/v3",
        "{ types: [Ingress], ingress: [{ action: Deny }] }",
      ),
      "?",
    ],
    [
      "Calico, for what goes out",
      foreign("NetworkPolicy", "projectcalico.org/v3", "{ types: [Egress] }"),
      "",
    ],
  ])("%s", (_, policies, mark) => {
    const expected = everybody.split(" ").map((name) => `${name}${mark}`);
    expect(callers(policies)).toBe(expected.join(" "));
  });
});
