/** Annotations of several controllers, and a server whose configuration is not there; from their documentation, by hand. */
import { describe, expect, test } from "vitest";
import { look } from "./look.ts";

const archive = `apiVersion: v1
kind: Pod
metadata: { name: orthanc, labels: { app: orthanc } }
spec:
  containers:
    - name: orthanc
      image: orthancteam/orthanc:24.6.2
      env: [{ name: ORTHANC__AUTHENTICATION_ENABLED, value: "false" }]
---
apiVersion: v1
kind: Service
metadata: { name: orthanc }
spec: { selector: { app: orthanc }, ports: [{ name: http, port: 8042 }, { name: dicom, port: 4242 }] }
---
`;

const ingress = (
  controller: string,
  annotations: readonly string[],
  path = "/",
) => `apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: pacs
  annotations:
${annotations.map((line) => `    ${line}`).join("\n")}
spec:
  ingressClassName: ${controller}
  rules:
    - host: pacs.example
      http:
        paths:
          - { path: ${path}, pathType: Prefix, backend: { service: { name: orthanc, port: { name: http } } } }
`;

/** What each way to the archive asks for, and how far it carries. */
const ways = (controller: string, annotations: readonly string[], path?: string) =>
  look({ "pacs.yaml": archive + ingress(controller, annotations, path) }).entries.flatMap((entry) => {
    const found = /^orthanc http (\S+) :(\S+) ingress .*login=(\S+)/u.exec(entry);
    return found === null ? [] : [`${found[1]} :${found[2]} ${found[3]}`];
  });

describe("ingress-nginx", () => {
  const nginx = (...lines: readonly string[]) =>
    ways(
      "nginx",
      lines.map((line) => `nginx.ingress.kubernetes.io/${line}`),
    );

  test("satisfy any: those of the listed addresses need no login", () => {
    const login = ["auth-type: basic", "auth-secret: users"];
    const list = "whitelist-source-range: 10.0.0.0/8";
    expect(nginx(...login, list)).toEqual(["network :80 basic"]);
    expect(nginx(...login, list, "satisfy: any")).toEqual(["network :80 none"]);
    expect(nginx(...login, "satisfy: any")).toEqual(["network :80 basic"]);
  });

  test("what sends everybody elsewhere leads nowhere", () => {
    expect(nginx("permanent-redirect: https://other.example")).toEqual([]);
  });

  test("plain lines of a snippet are understood, others are not known", () => {
    const snippet = (text: string) => nginx(`configuration-snippet: ${JSON.stringify(text)}`);
    expect(snippet('auth_basic "PACS";\nauth_basic_user_file /etc/users;')).toEqual(["network :80 basic"]);
    expect(snippet("auth_request /check;")).toEqual(["network :80 proxy"]);
    expect(snippet("deny all;")).toEqual([]);
    expect(snippet("allow 10.0.0.0/8;\ndeny all;")).toEqual(["network :80 none"]);
    expect(snippet("if ($http_x = y) { return 403; }")).toEqual(["network :80 ?"]);
    expect(snippet("# deny all;\nadd_header X-Frame-Options DENY;")).toEqual(["network :80 none"]);
  });
});

test("the controller of NGINX itself", () => {
  expect(ways("nginx", ["nginx.org/basic-auth-secret: users"])).toEqual(["network :80 basic"]);
  expect(ways("nginx", ["nginx.com/jwt-key: key"])).toEqual(["network :80 proxy"]);
  expect(ways("nginx", ["nginx.org/policies: who"])).toEqual(["network :80 ?"]);
});

test("the controllers of HAProxy", () => {
  expect(ways("haproxy", ["haproxy.org/auth-type: basic-auth", "haproxy.org/auth-secret: users"])).toEqual([
    "network :80 basic",
  ]);
  expect(ways("haproxy", ["haproxy-ingress.github.io/auth-url: http://sso.example/"])).toEqual([
    "network :80 proxy",
  ]);
  expect(ways("haproxy", ["haproxy.org/load-balance: leastconn"])).toEqual(["network :80 none"]);
  expect(ways("haproxy", ["haproxy-ingress.github.io/rewrite-target: /"], "/pacs")).toEqual([
    "network :80 none",
  ]);
});

test("release 1 of Traefik asks by an annotation that later ones do not know", () => {
  expect(ways("traefik", ["traefik.ingress.kubernetes.io/auth-type: basic"])).toEqual(["network :80 ?"]);
});

test("load balancers of clouds", () => {
  expect(ways("alb", ["alb.ingress.kubernetes.io/scheme: internet-facing"])).toEqual(["internet :80 none"]);
  expect(ways("alb", ["alb.ingress.kubernetes.io/scheme: internal"])).toEqual(["network :80 none"]);
  expect(ways("azure-application-gateway", ["appgw.ingress.kubernetes.io/use-private-ip: 'true'"])).toEqual([
    "network :80 none",
  ]);
  expect(ways("azure-application-gateway", ["note: none"])).toEqual(["internet :80 none"]);
});

describe("a configuration that is not part of the input", () => {
  const unread = archive.replace(
    / {6}env: .*\n/u,
    "      volumeMounts: [{ name: c, mountPath: /etc/orthanc/orthanc.json, subPath: orthanc.json }]\n  volumes: [{ name: c, configMap: { name: gone } }]\n",
  );

  test("leaves the way in undecided, not unsaid", () => {
    const { entries, problems } = look({ "pacs.yaml": unread + ingress("nginx", ["note: none"]) });
    expect(entries.filter((entry) => entry.startsWith("orthanc "))).toEqual([
      "orthanc http ? :80 ingress nginx: path / (host pacs.example) login=? tls=off",
    ]);
    expect(problems).toEqual(["unresolved pacs.yaml:9 the ConfigMap gone is not part of the input"]);
  });
});

describe("a Service of type LoadBalancer", () => {
  const balanced = archive.replace("spec: { selector", "spec: { type: LoadBalancer, selector");
  const reach = (files: Readonly<Record<string, string>>) => {
    const { entries, assumptions } = look(files);
    return [
      ...entries.filter((entry) => entry.includes(":8042")).map((entry) => entry.split(" ")[2]),
      assumptions.some((text) => text.startsWith("Load balancers (orthanc) are taken to have")),
    ];
  };

  test("counts as open to the Internet, and this is told as assumed", () => {
    expect(reach({ "pacs.yaml": balanced })).toEqual(["internet", true]);
  });

  test("with MetalLB among the manifests it does not", () => {
    const pool =
      "apiVersion: metallb.io/v1beta1\nkind: IPAddressPool\nmetadata: { name: lan }\nspec: { addresses: [10.1.2.0/28] }\n";
    expect(reach({ "pacs.yaml": balanced + pool })).toEqual(["network", false]);
  });
});
