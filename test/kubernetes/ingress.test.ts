/** Ingresses and Gateways: who is let through to which paths, worked out by hand from the controllers' documentation. */
import { describe, expect, test } from "vitest";
import { look } from "./look.ts";

const archive = `apiVersion: v1
kind: Pod
metadata: { name: orthanc, labels: { app: orthanc } }
spec:
  containers:
    - name: orthanc
      image: orthancteam/orthanc:24.6.2
      env:
        - { name: ORTHANC__AUTHENTICATION_ENABLED, value: "false" }
      ports: [{ name: web, containerPort: 8042 }]
---
apiVersion: v1
kind: Service
metadata: { name: orthanc }
spec: { selector: { app: orthanc }, ports: [{ name: http, port: 80, targetPort: web }] }
---
`;

interface Wanted {
  readonly annotations?: string;
  readonly spec?: string;
  readonly path?: string;
  readonly pathType?: string;
  readonly backend?: string;
}

const ingress = ({
  annotations = "{}",
  spec = "ingressClassName: nginx",
  path = "/",
  pathType = "Prefix",
  backend = "service: { name: orthanc, port: { name: http } }",
}: Wanted) => `apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: pacs
  annotations: ${annotations}
spec:
  ${spec}
  rules:
    - host: pacs.example
      http:
        paths:
          - path: ${path}
            pathType: ${pathType}
            backend: { ${backend} }
`;

/** The ways to the archive. */
const ways = (text: string) =>
  look({ "pacs.yaml": text }).entries.filter((entry) => entry.startsWith("orthanc "));

const entries = (wanted: Wanted, more = "") => ways(archive + ingress(wanted) + more);

const tls = "ingressClassName: nginx\n  tls: [{ hosts: [pacs.example], secretName: pacs }]";

describe("an Ingress of ingress-nginx", () => {
  const through = "ingress nginx: path / (host pacs.example)";

  test("without tls: in clear text, without a login", () => {
    expect(entries({})).toEqual([`orthanc http network :80 ${through} login=none tls=off`]);
  });

  test("with tls: plain requests are sent on", () => {
    expect(entries({ spec: tls })).toEqual([`orthanc http network :443 ${through} login=none tls=on`]);
  });

  test("with tls, and without being sent on", () => {
    const annotations = '{ nginx.ingress.kubernetes.io/ssl-redirect: "false" }';
    expect(entries({ spec: tls, annotations })).toEqual([
      `orthanc http network :443 ${through} login=none tls=on`,
      `orthanc http network :80 ${through} login=none tls=off`,
    ]);
  });

  test("tls for another host", () => {
    const spec = "ingressClassName: nginx\n  tls: [{ hosts: [other.example], secretName: pacs }]";
    expect(entries({ spec })).toEqual([`orthanc http network :80 ${through} login=none tls=off`]);
  });

  test.each([
    [
      "{ nginx.ingress.kubernetes.io/auth-type: basic, nginx.ingress.kubernetes.io/auth-secret: users }",
      "basic",
    ],
    ["{ nginx.ingress.kubernetes.io/auth-url: https://login.example/auth }", "proxy"],
    ['{ nginx.ingress.kubernetes.io/configuration-snippet: "auth_request /login;" }', "proxy"],
    ['{ nginx.ingress.kubernetes.io/configuration-snippet: "more_set_headers X;" }', "none"],
  ])("%s", (annotations, login) => {
    expect(entries({ spec: tls, annotations })).toEqual([
      `orthanc http network :443 ${through} login=${login} tls=on`,
    ]);
  });

  test("a password that is sent along for everybody", () => {
    const annotations =
      "{ nginx.ingress.kubernetes.io/configuration-snippet: 'proxy_set_header Authorization \"Basic b3J0aGFuYzpvcnRoYW5j\";' }";
    const guarded = archive.replace(
      'ORTHANC__AUTHENTICATION_ENABLED, value: "false"',
      'ORTHANC__REGISTERED_USERS, value: \'{"orthanc": "seven red horses"}\'',
    );
    const { findings } = look({ "pacs.yaml": guarded + ingress({ spec: tls, annotations }) });
    expect(findings.filter((finding) => finding.includes("proxy-supplies-login"))).toHaveLength(1);
  });

  test("addresses that are let in", () => {
    const annotations = "{ nginx.ingress.kubernetes.io/whitelist-source-range: 10.1.0.0/16 }";
    const { findings } = look({ "pacs.yaml": archive + ingress({ spec: tls, annotations }) });
    expect(findings.some((finding) => finding.includes("proxy-admits-by-address"))).toBe(true);
  });

  test("a path that leads to no part of the archive", () => {
    expect(entries({ spec: tls, path: "/static/" })).toEqual([]);
  });

  test("a path that is taken away before the archive sees it", () => {
    const annotations = "{ nginx.ingress.kubernetes.io/rewrite-target: /$2 }";
    const wanted = {
      spec: tls,
      annotations,
      path: '"/orthanc(/|$)(.*)"',
      pathType: "ImplementationSpecific",
    };
    expect(entries(wanted)).toEqual([
      "orthanc http network :443 ingress nginx: path /orthanc(/|$)(.*) (host pacs.example) login=none tls=on",
    ]);
  });

  test("every path becomes one: nothing of the archive is behind it", () => {
    const annotations = "{ nginx.ingress.kubernetes.io/rewrite-target: /ui/app/ }";
    expect(entries({ spec: tls, annotations })).toEqual([]);
  });

  test("of two Ingresses for one host the longer path leaves out the login of the other", () => {
    const second = ingress({
      spec: tls,
      annotations: "{ nginx.ingress.kubernetes.io/auth-url: https://login.example/auth }",
    }).replace("name: pacs\n", "name: guarded\n");
    const text = `${archive}${ingress({ spec: tls, path: "/studies" })}---\n${second}`;
    expect(ways(text)).toEqual([
      "orthanc http network :443 ingress nginx: path /studies (host pacs.example) login=none tls=on",
      `orthanc http network :443 ${through} login=proxy tls=on`,
    ]);
    expect(look({ "pacs.yaml": text }).findings).toContain(
      "critical proxy-path-without-login pacs.yaml:29:19",
    );
  });

  test("a backend with a number, one of the old kind, one of another name", () => {
    expect(entries({ backend: "service: { name: orthanc, port: { number: 80 } }" })).toHaveLength(1);
    expect(entries({ backend: "serviceName: orthanc, servicePort: 80" })).toHaveLength(1);
    expect(entries({ backend: "service: { name: orthanc, port: { number: 8042 } }" })).toHaveLength(0);
    expect(entries({ backend: "service: { name: other, port: { number: 80 } }" })).toHaveLength(0);
  });
});

describe("other controllers", () => {
  test("Traefik with a middleware that asks, and one that is not there", () => {
    const spec = "ingressClassName: traefik";
    const named = (list: string) =>
      `{ traefik.ingress.kubernetes.io/router.tls: "true", traefik.ingress.kubernetes.io/router.middlewares: ${list} }`;
    const middleware = `---
apiVersion: traefik.io/v1alpha1
kind: Middleware
metadata: { name: login }
spec: { forwardAuth: { address: https://login.example } }
`;
    const through = "ingress traefik: path / (host pacs.example)";
    expect(entries({ spec, annotations: named("default-login@kubernetescrd") }, middleware)).toEqual([
      `orthanc http network :443 ${through} login=proxy tls=on`,
    ]);
    expect(entries({ spec, annotations: named("default-other@kubernetescrd") }, middleware)).toEqual([
      `orthanc http network :443 ${through} login=? tls=on`,
    ]);
  });

  test("a controller that nobody names: the tls section counts, the plain port is not known", () => {
    expect(entries({ spec: "tls: [{ secretName: pacs }]" })).toEqual([
      "orthanc http network :443 ingress: path / (host pacs.example) login=none tls=on",
      "orthanc http network :80 ingress: path / (host pacs.example) login=none tls=?",
    ]);
  });
});

describe("Gateway API", () => {
  const gateway = `apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: { name: hospital }
spec:
  gatewayClassName: any
  listeners:
    - { name: web, port: 80, protocol: HTTP }
    - { name: secure, port: 443, protocol: HTTPS, tls: { certificateRefs: [{ name: pacs }] } }
    - { name: dicom, port: 104, protocol: TCP }
---
`;
  const route = (parent: string) => `apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: { name: pacs }
spec:
  parentRefs: [{ name: hospital${parent} }]
  hostnames: [pacs.example]
  rules: [{ backendRefs: [{ name: orthanc, port: 80 }] }]
`;

  test("a route at one listener, at all of them, at a Gateway that is not there", () => {
    const found = (text: string) => ways(archive + text);
    const through = "gateway hospital: path / (host pacs.example)";
    expect(found(gateway + route(", sectionName: secure"))).toEqual([
      `orthanc http network :443 ${through} login=none tls=on`,
    ]);
    expect(found(gateway + route(""))).toEqual([
      `orthanc http network :80 ${through} login=none tls=off`,
      `orthanc http network :443 ${through} login=none tls=on`,
    ]);
    expect(found(route(""))).toEqual([`orthanc http network :80 ${through} login=none tls=?`]);
  });

  test("a TCP route leads DICOM in", () => {
    const dicom = archive
      .replace(
        "ports: [{ name: web, containerPort: 8042 }]",
        "ports: [{ name: web, containerPort: 8042 }, { name: dicom, containerPort: 4242 }]",
      )
      .replace(
        "ports: [{ name: http, port: 80, targetPort: web }]",
        "ports: [{ port: 104, targetPort: dicom }]",
      );
    const tcp = route(", sectionName: dicom")
      .replace(
        "gateway.networking.k8s.io/v1\nkind: HTTPRoute",
        "gateway.networking.k8s.io/v1alpha2\nkind: TCPRoute",
      )
      .replace("  hostnames: [pacs.example]\n", "")
      .replace("port: 80", "port: 104");
    expect(ways(dicom + gateway + tcp)).toEqual([
      "orthanc dicom network :104 gateway hospital: connections login=none tls=off",
    ]);
  });
});

describe("a proxy in a pod", () => {
  test("leads to a Service by its name and port", () => {
    const proxy = `apiVersion: v1
kind: ConfigMap
metadata: { name: site }
data:
  default.conf: |
    server { listen 8080; location / { proxy_pass http://orthanc.default.svc.cluster.local; } }
---
apiVersion: v1
kind: Pod
metadata: { name: web }
spec:
  volumes: [{ name: site, configMap: { name: site } }]
  containers:
    - name: nginx
      image: nginx:1.27.0
      ports: [{ containerPort: 8080, hostPort: 80 }]
      volumeMounts: [{ name: site, mountPath: /etc/nginx/conf.d }]
`;
    expect(
      look({ "pacs.yaml": archive + proxy }).entries.filter((entry) => entry.startsWith("orthanc")),
    ).toEqual(["orthanc http network :80 web: location / login=none tls=off"]);
  });

  test("a sidecar reaches the archive at the pod's own loopback", () => {
    const sidecar = `apiVersion: v1
kind: Pod
metadata: { name: pacs }
spec:
  volumes: [{ name: site, configMap: { name: site } }]
  containers:
    - name: orthanc
      image: jodogne/orthanc:1.12.10
      args: [/etc/orthanc/orthanc.json]
      volumeMounts: [{ name: site, mountPath: /etc/orthanc/orthanc.json, subPath: orthanc.json }]
    - name: nginx
      image: nginx:1.27.0
      ports: [{ containerPort: 80, hostPort: 80 }]
      volumeMounts: [{ name: site, mountPath: /etc/nginx/conf.d/default.conf, subPath: default.conf }]
---
apiVersion: v1
kind: ConfigMap
metadata: { name: site }
data:
  default.conf: "server { listen 80; location / { proxy_pass http://localhost:8042; } }"
  orthanc.json: '{ "RemoteAccessAllowed": false, "AuthenticationEnabled": false }'
`;
    const { entries: found } = look({ "pacs.yaml": sidecar });
    expect(found.filter((entry) => entry.startsWith("pacs/orthanc"))).toEqual([
      "pacs/orthanc http network :80 pacs/nginx: location / login=none tls=off",
    ]);
  });
});
