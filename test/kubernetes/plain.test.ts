/** Plain manifests: from where pods are reached, what they run with, and which lines say so. */
import { describe, expect, test } from "vitest";
import { nodeCrypto } from "../../src/node/crypto.ts";
import { loadConfig } from "../../src/policy/config.ts";
import { memoryFiles } from "../../src/sources/memory-files.ts";
import { createSources } from "../../src/sources/source.ts";
import { look } from "./look.ts";

const configuration = `apiVersion: v1
kind: ConfigMap
metadata: { name: orthanc }
data:
  orthanc.json: |
    {
      "RemoteAccessAllowed": true,
      "AuthenticationEnabled": false
    }
`;

const deployment = (container = "", pod = "") => `apiVersion: apps/v1
kind: Deployment
metadata: { name: orthanc }
spec:
  selector: { matchLabels: { app: orthanc } }
  template:
    metadata: { labels: { app: orthanc } }
    spec:
      containers:
        - name: orthanc
          image: jodogne/orthanc:1.12.11
          ports:
            - { name: http, containerPort: 8042 }
            - { name: dicom, containerPort: 4242 }
          volumeMounts: [{ name: config, mountPath: /etc/orthanc }]
${container}      volumes: [{ name: config, configMap: { name: orthanc } }]
${pod}`;

const service = (spec: string, annotations = "{}") => `apiVersion: v1
kind: Service
metadata: { name: orthanc, annotations: ${annotations} }
spec:
  selector: { app: orthanc }
${spec}`;

const ports = "  ports: [{ name: web, port: 80, targetPort: http }]\n";

const cluster = (...parts: readonly string[]) => ({ "pacs.yaml": parts.join("---\n") });

describe("from where a pod is reached", () => {
  const webEntries = (spec: string, annotations?: string) =>
    look(cluster(configuration, deployment(), service(spec, annotations))).entries;

  test("a Service is a name within the cluster, no way in from outside", () => {
    const { listeners, entries } = look(cluster(configuration, deployment(), service(ports)));
    expect(listeners).toEqual(["orthanc http 8042 internal", "orthanc dicom 4242 internal"]);
    expect(entries).toEqual([]);
  });

  test.each([
    [
      "type: NodePort, the port written",
      "  type: NodePort\n  ports: [{ port: 80, targetPort: 8042, nodePort: 30042 }]\n",
      "network :30042",
    ],
    ["type: NodePort, the cluster chooses", `  type: NodePort\n${ports}`, "network :?"],
    ["type: LoadBalancer", `  type: LoadBalancer\n${ports}`, "internet :80"],
    [
      "source ranges",
      `  type: LoadBalancer\n  loadBalancerSourceRanges: [10.0.0.0/8]\n${ports}`,
      "network :80",
    ],
    [
      "source ranges that take in everybody",
      `  type: LoadBalancer\n  loadBalancerSourceRanges: [0.0.0.0/0]\n${ports}`,
      "internet :80",
    ],
    ["an outer address of the hospital", `  externalIPs: [10.1.2.3]\n${ports}`, "network :80"],
    ["an outer address of the Internet", `  externalIPs: [203.0.113.7]\n${ports}`, "internet :80"],
  ])("%s", (_, spec, expected) => {
    expect(webEntries(spec)).toEqual([`orthanc http ${expected} direct login=none tls=off`]);
  });

  test.each([
    ['{ service.beta.kubernetes.io/azure-load-balancer-internal: "true" }', "network"],
    ["{ service.beta.kubernetes.io/aws-load-balancer-scheme: internal }", "network"],
    ["{ service.beta.kubernetes.io/aws-load-balancer-scheme: internet-facing }", "internet"],
    ["{ networking.gke.io/load-balancer-type: Internal }", "network"],
  ])("a load balancer with %s", (annotations, reach) => {
    expect(webEntries(`  type: LoadBalancer\n${ports}`, annotations)).toEqual([
      `orthanc http ${reach} :80 direct login=none tls=off`,
    ]);
  });

  test("a port of the node, the node's own network", () => {
    const onPort = deployment().replace("containerPort: 4242 }", "containerPort: 4242, hostPort: 104 }");
    expect(look(cluster(configuration, onPort)).entries).toEqual([
      "orthanc dicom network :104 direct login=none tls=off",
    ]);
    const { entries, findings } = look(cluster(configuration, deployment("", "      hostNetwork: true\n")));
    expect(entries).toEqual([
      "orthanc http network :8042 direct login=none tls=off",
      "orthanc dicom network :4242 direct login=none tls=off",
    ]);
    expect(findings).toContain("medium container-host-network pacs.yaml:27:7");
  });
});

describe("network policies", () => {
  const policy = (ingress: string) => `apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: pacs }
spec:
  podSelector: {}
  policyTypes: [Ingress]
${ingress}`;
  const behind = (ingress: string) =>
    look(cluster(configuration, deployment(), service(`  type: LoadBalancer\n${ports}`), policy(ingress)));

  test("nothing is let in", () => {
    const { listeners, entries, assumptions } = behind("");
    expect(listeners).toEqual(["orthanc http 8042 container", "orthanc dicom 4242 container"]);
    expect(entries).toEqual([]);
    expect(assumptions).toContain(
      "The network plug-in of the cluster is taken to enforce network policies (pacs): not every one does.",
    );
  });

  test("pods are let in to one port: the load balancer leads nowhere", () => {
    const { listeners, entries } = behind(
      "  ingress: [{ from: [{ podSelector: { matchLabels: { app: viewer } } }], ports: [{ port: http }] }]\n",
    );
    expect(listeners).toEqual(["orthanc http 8042 internal", "orthanc dicom 4242 container"]);
    expect(entries).toEqual([]);
  });

  test("addresses are let in: the Internet is not", () => {
    const ingress = "  ingress: [{ from: [{ ipBlock: { cidr: 10.0.0.0/8 } }] }]\n";
    const local = service(`  type: LoadBalancer\n  externalTrafficPolicy: Local\n${ports}`);
    const { entries } = look(cluster(configuration, deployment(), local, policy(ingress)));
    expect(entries).toEqual(["orthanc http network :80 direct login=none tls=off"]);
  });

  test("addresses are let in, and the pod sees those of the nodes: not known", () => {
    expect(behind("  ingress: [{ from: [{ ipBlock: { cidr: 10.0.0.0/8 } }] }]\n").entries).toEqual([
      "orthanc http ? :80 direct login=none tls=off",
    ]);
  });

  test("an empty rule lets in everybody", () => {
    expect(behind("  ingress: [{}]\n").entries).toEqual([
      "orthanc http internet :80 direct login=none tls=off",
    ]);
  });
});

describe("what a pod runs with", () => {
  test("JSON inside a ConfigMap keeps its line and column", () => {
    const { findings } = look(cluster(configuration, deployment(), service(`  type: NodePort\n${ports}`)));
    // "AuthenticationEnabled": false is the eighth line
    expect(findings).toContain("critical http-no-authentication pacs.yaml:8:32");
  });

  test("and inside the base64 of a Secret the group of four that it was read from", () => {
    const secret = `apiVersion: v1
kind: Secret
metadata: { name: orthanc }
data:
  orthanc.json: ${Buffer.from('{\n"RemoteAccessAllowed": true,\n"AuthenticationEnabled": false\n}\n').toString("base64")}
`;
    const mounted = deployment().replace("configMap: { name: orthanc }", "secret: { secretName: orthanc }");
    const { findings } = look(cluster(secret, mounted, service(`  type: NodePort\n${ports}`)));
    // `false` begins with byte 56: behind 18 groups of four, after "  orthanc.json: "
    expect(findings).toContain("critical http-no-authentication pacs.yaml:5:89");
  });

  test("a key under another name by items, one file by subPath, several sources projected", () => {
    const critical = (files: Readonly<Record<string, string>>) =>
      look(files).findings.filter((finding) => finding.includes("http-no-authentication"));
    const open = service(`  type: NodePort\n${ports}`);
    const named = configuration.replace("orthanc.json: |", "settings: |");
    const expected = ["critical http-no-authentication pacs.yaml:8:32"];
    const items = "configMap: { name: orthanc, items: [{ key: settings, path: orthanc.json }] }";
    expect(
      critical(cluster(named, deployment().replace("configMap: { name: orthanc }", items), open)),
    ).toEqual(expected);
    const subPath = "mountPath: /etc/orthanc/orthanc.json, subPath: settings }";
    expect(
      critical(cluster(named, deployment().replace("mountPath: /etc/orthanc }", subPath), open)),
    ).toEqual(expected);
    const sources = `projected: { sources: [{ ${items} }, { serviceAccountToken: { path: token } }] }`;
    expect(
      critical(cluster(named, deployment().replace("configMap: { name: orthanc }", sources), open)),
    ).toEqual(expected);
  });

  test("variables from everywhere: a Secret in base64, a prefix, one variable in another", () => {
    const manifest = `apiVersion: v1
kind: Secret
metadata: { name: logins }
stringData: { ADMIN: '{"admin": "admin"}' }
---
apiVersion: v1
kind: Pod
metadata: { name: pacs, labels: { app: orthanc } }
spec:
  containers:
    - name: orthanc
      image: orthancteam/orthanc:24.6.2
      ports: [{ name: http, containerPort: 8042 }]
      envFrom: [{ prefix: USER_, secretRef: { name: logins } }]
      env:
        - { name: ORTHANC__REGISTERED_USERS, value: $(USER_ADMIN) }
`;
    const { findings } = look(cluster(manifest, service(`  type: NodePort\n${ports}`)));
    expect(findings).toContain("critical http-default-credentials pacs.yaml:4:33");
  });

  test("what the security context says", () => {
    const context = `          securityContext:
            privileged: true
            capabilities: { add: [SYS_ADMIN] }
`;
    const { findings } = look(cluster(configuration, deployment(context)));
    expect(findings.filter((finding) => finding.includes("container-"))).toEqual([
      "high container-privileged pacs.yaml:27:13",
    ]);
    const confined = `          securityContext:
            runAsNonRoot: true
            allowPrivilegeEscalation: false
            readOnlyRootFilesystem: true
            capabilities: { drop: [ALL] }
`;
    const strict = look(cluster(configuration, deployment(confined)), { audience: "strict" }).findings;
    expect(strict.filter((finding) => /container-(?:not-hardened|root)/u.test(finding))).toEqual([]);
  });

  test("a login in a header that a probe sends", () => {
    const probe = `          livenessProbe:
            httpGet:
              port: 8042
              httpHeaders: [{ name: Authorization, value: Basic ${Buffer.from("orthanc:orthanc").toString("base64")} }]
`;
    const { findings } = look(cluster(configuration, deployment(probe)), { audience: "strict" });
    expect(findings.filter((finding) => finding.includes("health-check"))).toEqual([
      "medium health-check-default-password pacs.yaml:29:65",
    ]);
  });

  test("a load balancer of MetalLB has an address of the hospital", () => {
    const spec = `  type: LoadBalancer\n${ports}`;
    const balanced = service(spec, "{ metallb.universe.tf/address-pool: dicom }");
    expect(look(cluster(configuration, deployment(), balanced)).entries).toEqual([
      "orthanc http network :80 direct login=none tls=off",
    ]);
  });

  test("a Service in front of a pod on the network of its node", () => {
    const proxy = `apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: { name: pacs }
spec:
  ingressClassName: nginx
  defaultBackend: { service: { name: orthanc, port: { number: 80 } } }
`;
    const { entries } = look(
      cluster(configuration, deployment("", "      hostNetwork: true\n"), service(ports), proxy),
    );
    expect(entries).toContain("orthanc http network :80 ingress nginx: path / login=none tls=off");
  });

  test("a password in a Secret that no container takes is told, its text is not", () => {
    const secret = `apiVersion: v1
kind: Secret
metadata: { name: backup }
data:
  backup-password: c2V2ZW4gcmVkIGhvcnNlcw==
`;
    const { findings } = look(cluster(secret, configuration, deployment()), { audience: "strict" });
    expect(findings).toContain("low secret-in-manifest pacs.yaml:5:20");
  });
});

test("whether a load balancer has an address of the Internet is not assumed where the site says it", () => {
  const files = cluster(configuration, deployment(), service(`  type: LoadBalancer\n${ports}`));
  const assumed = (said?: string) => {
    const opened = createSources(memoryFiles({ "pacslint.yaml": said ?? "" }), nodeCrypto).open(
      "pacslint.yaml",
    );
    const loaded = opened.ok && said !== undefined ? loadConfig(opened.source) : undefined;
    const options = loaded?.ok === true ? { config: loaded.config } : {};
    return look(files, options).assumptions.filter((one) => /balancer/u.test(one));
  };
  expect(assumed()).toEqual([
    `Load balancers (orthanc) are taken to have an address of the Internet, as the clouds give it. In a cluster of one's own, with MetalLB or kube-vip, say "host: { faces-internet: false }" in pacslint.yaml.`,
  ]);
  expect(assumed("host: { faces-internet: false }\n")).toEqual([]);
  expect(assumed("host: { faces-internet: true }\n")).toEqual([]);
  expect(assumed("host: { firewall: [] }\n")).toHaveLength(1);
});
