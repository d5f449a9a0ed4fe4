/** Ways into a cluster that are no Ingress: each object by hand after the documentation of its controller. */
import { describe, expect, test } from "vitest";
import { lintFiles } from "../inspect.ts";
import { look } from "./look.ts";

/** 15 lines. */
const archive = `apiVersion: v1
kind: Pod
metadata: { name: orthanc, namespace: pacs, labels: { app: orthanc } }
spec:
  containers:
    - name: orthanc
      image: orthancteam/orthanc:24.6.2
      env: [{ name: ORTHANC__AUTHENTICATION_ENABLED, value: "false" }]
      ports: [{ name: web, containerPort: 8042 }, { name: dicom, containerPort: 4242 }]
---
apiVersion: v1
kind: Service
metadata: { name: orthanc, namespace: pacs }
spec: { selector: { app: orthanc }, ports: [{ name: http, port: 80, targetPort: 8042 }, { name: dicom, port: 104, targetPort: dicom }] }
---
`;

/** What each way to the archive is: "http network :443 login=none tls=on path / (host pacs.example)". */
const ways = (objects: string): readonly string[] =>
  look({ "pacs.yaml": archive + objects }).entries.flatMap((entry) => {
    const found = /^orthanc (\S+ \S+ :\S+) .*?: (.*) (login=\S+ tls=\S+)$/u.exec(entry);
    return found === null ? [] : [`${found[1]} ${found[3]} ${found[2]}`];
  });

/** Where a word stands first behind the archive, or in it. */
const place = (objects: string, word: string): string => {
  const text = archive + objects;
  const index = objects.includes(word) ? archive.length + objects.indexOf(word) : archive.indexOf(word);
  const before = text.slice(0, index).split("\n");
  return `pacs.yaml:${before.length}:${(before.at(-1)?.length ?? 0) + 1}`;
};

const told = (objects: string) => look({ "pacs.yaml": archive + objects }).problems;

const found = (objects: string) => look({ "pacs.yaml": archive + objects }).findings;

describe("Routes of OpenShift", () => {
  const route = (spec: string, annotations = "{}") => `apiVersion: route.openshift.io/v1
kind: Route
metadata: { name: pacs, namespace: pacs, annotations: ${annotations} }
spec: { host: pacs.example, to: { kind: Service, name: orthanc }, ${spec} }
`;

  test("without a section tls in plain text, at the port of that name", () => {
    expect(ways(route("port: { targetPort: http }"))).toEqual([
      "http network :80 login=none tls=off path / (host pacs.example)",
    ]);
    const bare = route("port: { targetPort: http }");
    expect(found(bare)).toContain(`critical http-no-authentication ${place(bare, "false")}`);
  });

  test("a number is the port of the pods, also where the Service gives it by a name", () => {
    expect(ways(route("port: { targetPort: 8042 }")).length).toBe(1);
    expect(ways(route("port: { targetPort: 80 }"))).toEqual([]);
    expect(ways(route("port: { targetPort: 4242 }, tls: { termination: passthrough }"))).toEqual([
      "dicom network :443 login=none tls=off connections (host pacs.example)",
    ]);
  });

  test("a port that the Service does not have is told", () => {
    expect(told(route("port: { targetPort: web }"))).toEqual([
      "unresolved pacs.yaml:19 the Route pacs leads to the port web, which the Service orthanc does not have",
    ]);
  });

  test("edge: plain requests are refused, served or redirected, as the policy says", () => {
    const edge = (policy: string) =>
      ways(route(`port: { targetPort: http }, tls: { termination: edge${policy} }`));
    const secure = "http network :443 login=none tls=on path / (host pacs.example)";
    expect(edge("")).toEqual([secure]);
    expect(edge(", insecureEdgeTerminationPolicy: None")).toEqual([secure]);
    expect(edge(", insecureEdgeTerminationPolicy: Redirect")).toEqual([secure]);
    expect(edge(", insecureEdgeTerminationPolicy: Allow")).toEqual([
      secure,
      "http network :80 login=none tls=off path / (host pacs.example)",
    ]);
    const both = route(
      "port: { targetPort: http }, tls: { termination: edge, insecureEdgeTerminationPolicy: Allow }",
    );
    expect(found(both)).toContain(`medium proxy-no-tls ${place(both, "Allow")}`);
  });

  test("a path, and addresses that are let in", () => {
    expect(ways(route("path: /instances, port: { targetPort: http }"))).toEqual([
      "http network :80 login=none tls=off path /instances (host pacs.example)",
    ]);
    const listed = route(
      "port: { targetPort: http }",
      "{ haproxy.router.openshift.io/ip_whitelist: 127.0.0.1 10.1.0.0/16 }",
    );
    expect(found(listed)).toContain(`high proxy-admits-by-address ${place(listed, "haproxy.router")}`);
  });
});

describe("HTTPProxy of Contour", () => {
  const proxy = (host: string, rest: string) => `apiVersion: projectcontour.io/v1
kind: HTTPProxy
metadata: { name: pacs, namespace: pacs }
spec: { virtualhost: { fqdn: pacs.example${host} }, ${rest} }
`;
  const rule = (more = "") => `routes: [{ services: [{ name: orthanc, port: 80 }]${more} }]`;
  const secure = "http network :443 login=none tls=on path / (host pacs.example)";
  const plain = "http network :80 login=none tls=off path / (host pacs.example)";

  test("plain text without a certificate; with one, plain requests only where they are permitted", () => {
    expect(ways(proxy("", rule()))).toEqual([plain]);
    expect(ways(proxy(", tls: { secretName: t }", rule()))).toEqual([secure]);
    expect(ways(proxy(", tls: { secretName: t }", rule(", permitInsecure: true")))).toEqual([secure, plain]);
  });

  test("logins: of the host, switched off by a rule, by a certificate", () => {
    const asked = ", tls: { secretName: t }, authorization: { extensionRef: { name: sso } }";
    expect(ways(proxy(asked, rule()))).toEqual([secure.replace("none", "proxy")]);
    expect(ways(proxy(asked, rule(", authPolicy: { disabled: true }")))).toEqual([secure]);
    const certificate = ", tls: { secretName: t, clientValidation: { caSecret: ca } }";
    expect(found(proxy(certificate, rule())).join()).not.toContain("http-no-authentication");
  });

  test("DICOM as it is", () => {
    const tcp = "tcpproxy: { services: [{ name: orthanc, port: 104 }] }";
    expect(ways(proxy(", tls: { passthrough: true }", tcp))).toEqual([
      "dicom network :443 login=none tls=off connections (host pacs.example)",
    ]);
  });

  test("what is included stands behind the path of the inclusion; what is missing is told", () => {
    const root = proxy("", "includes: [{ name: part, conditions: [{ prefix: /images }] }]");
    const part = `---
apiVersion: projectcontour.io/v1
kind: HTTPProxy
metadata: { name: part, namespace: pacs }
spec: { routes: [{ conditions: [{ prefix: / }], services: [{ name: orthanc, port: 80 }], pathRewritePolicy: { replacePrefix: [{ replacement: / }] } }] }
`;
    expect(ways(root + part)).toEqual([plain.replace("path /", "path /images")]);
    expect(told(root)).toEqual([
      "unresolved pacs.yaml:19 the HTTPProxy part is not part of the input: where its paths lead is not judged",
    ]);
  });

  test("rules that redirect lead nowhere, addresses limit", () => {
    expect(ways(proxy("", "routes: [{ requestRedirectPolicy: { hostname: other.example } }]"))).toEqual([]);
    const listed = proxy("", rule(", ipAllowPolicy: [{ source: Peer, cidr: 10.0.0.0/8 }]"));
    expect(found(listed)).toContain(`high proxy-admits-by-address ${place(listed, "[{ source")}`);
  });
});

describe("VirtualServer of NGINX's own controller", () => {
  const server = (spec: string, rule = "action: { pass: o }") => `apiVersion: k8s.nginx.org/v1
kind: VirtualServer
metadata: { name: pacs, namespace: pacs }
spec: { host: pacs.example, upstreams: [{ name: o, service: orthanc, port: 80 }], routes: [{ path: /, ${rule} }]${spec} }
`;
  const policy = (spec: string) => `---
apiVersion: k8s.nginx.org/v1
kind: Policy
metadata: { name: who, namespace: pacs }
spec: { ${spec} }
`;
  const secure = "http network :443 login=none tls=on path / (host pacs.example)";
  const plain = "http network :80 login=none tls=off path / (host pacs.example)";
  const guarded = "policies: [{ name: who }], action: { pass: o }";

  test("both ports with a certificate, unless plain requests are redirected", () => {
    expect(ways(server(""))).toEqual([plain]);
    expect(ways(server(", tls: { secret: t }"))).toEqual([secure, plain]);
    expect(ways(server(", tls: { secret: t, redirect: { enable: true } }"))).toEqual([secure]);
  });

  test("policies", () => {
    expect(ways(server("", guarded) + policy("basicAuth: { secret: users }"))).toEqual([
      plain.replace("none", "basic"),
    ]);
    expect(ways(server("", guarded) + policy("oidc: { clientID: pacs }"))).toEqual([
      plain.replace("none", "oidc"),
    ]);
    expect(ways(server("", guarded) + policy("rateLimit: { rate: 1r/s }"))).toEqual([plain]);
    expect(ways(server("", guarded))).toEqual([plain.replace("none", "?")]);
    expect(ways(server(", policies: [{ name: who }]") + policy("jwt: { realm: a }"))).toEqual([
      plain.replace("none", "proxy"),
    ]);
    const listed = server("", guarded) + policy("accessControl: { allow: [10.0.0.0/8] }");
    expect(found(listed)).toContain(`high proxy-admits-by-address ${place(listed, "{ allow:")}`);
  });

  test("a part of its own, and one that is missing", () => {
    const root = server("", "route: pacs/part");
    const part = `---
apiVersion: k8s.nginx.org/v1
kind: VirtualServerRoute
metadata: { name: part, namespace: pacs }
spec: { host: pacs.example, upstreams: [{ name: o, service: orthanc, port: 80 }], subroutes: [{ path: /, action: { pass: o } }] }
`;
    expect(ways(root + part)).toEqual([plain]);
    expect(told(root)).toEqual([
      "unresolved pacs.yaml:19 the VirtualServerRoute pacs/part is not part of the input: where its paths lead is not judged",
    ]);
  });

  test("connections by a TransportServer, at the port of the GlobalConfiguration", () => {
    const transport = `apiVersion: k8s.nginx.org/v1
kind: TransportServer
metadata: { name: dicom, namespace: pacs }
spec: { listener: { name: dimse, protocol: TCP }, upstreams: [{ name: o, service: orthanc, port: 104 }], action: { pass: o } }
`;
    const ports = `---
apiVersion: k8s.nginx.org/v1
kind: GlobalConfiguration
metadata: { name: nginx, namespace: pacs }
spec: { listeners: [{ name: dimse, port: 11112, protocol: TCP }] }
`;
    expect(ways(transport + ports)).toEqual(["dicom network :11112 login=none tls=off connections"]);
    expect(ways(transport)).toEqual(["dicom network :? login=none tls=off connections"]);
  });
});

describe("ports of ingress-nginx", () => {
  const ports = (value: string, name = "tcp-services") => `apiVersion: v1
kind: ConfigMap
metadata: { name: ${name}, namespace: ingress-nginx }
data: { "11112": ${JSON.stringify(value)} }
`;

  test("an entry of its ConfigMap leads to a Service of another namespace", () => {
    const way = ["dicom network :11112 login=none tls=off port 11112"];
    expect(ways(ports("pacs/orthanc:104"))).toEqual(way);
    expect(ways(ports("pacs/orthanc:dicom"))).toEqual(way);
    expect(ways(ports("pacs/orthanc:104:PROXY"))).toEqual(way);
    expect(ways(ports("pacs/orthanc:4242"))).toEqual([]);
    expect(ways(ports("pacs/orthanc:104", "other"))).toEqual([]);
  });
});

describe("the Gateway API", () => {
  const gateway = (listener: string, space = "pacs") => `apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: { name: gate, namespace: ${space} }
spec: { gatewayClassName: envoy, listeners: [{ name: one, ${listener} }] }
---
`;
  const route = (rule: string, rest = "", kind = "HTTPRoute") => `apiVersion: gateway.networking.k8s.io/v1
kind: ${kind}
metadata: { name: pacs, namespace: pacs }
spec: { parentRefs: [{ name: gate, namespace: pacs }], ${rest} rules: [{ ${rule} }] }
---
`;
  const backend = "backendRefs: [{ name: orthanc, port: 80 }]";
  const http = "port: 80, protocol: HTTP";
  const plain = "http network :80 login=none tls=off path /";

  test("a rule that redirects leads nowhere and takes its paths from the others", () => {
    expect(ways(gateway(http) + route(backend))).toEqual([plain]);
    const redirect = "filters: [{ type: RequestRedirect, requestRedirect: { scheme: https } }]";
    expect(ways(gateway(http) + route(redirect))).toEqual([]);
    expect(
      ways(
        gateway(http) +
          route(
            `matches: [{ path: { value: / } }], ${redirect} }, { matches: [{ path: { value: /instances } }], ${backend}`,
          ),
      ),
    ).toEqual([`${plain}instances`]);
  });

  test("protocols take their own kinds of route", () => {
    const dicom = "backendRefs: [{ name: orthanc, port: 104 }]";
    const tcp = (listener: string, kind: string) => ways(gateway(listener) + route(dicom, "", kind));
    const way = "dicom network :104 login=none tls=off connections";
    expect(tcp("port: 104, protocol: TCP", "TCPRoute")).toEqual([way]);
    expect(tcp("port: 104, protocol: TCP", "TLSRoute")).toEqual([]);
    expect(tcp("port: 2762, protocol: TLS, tls: { mode: Passthrough }", "TLSRoute")).toEqual([
      "dicom network :2762 login=none tls=off connections",
    ]);
    expect(tcp("port: 2762, protocol: TLS, tls: { mode: Passthrough }", "TCPRoute")).toEqual([]);
    expect(tcp("port: 2762, protocol: TLS, tls: { mode: Terminate }", "TCPRoute")).toEqual([
      "dicom network :2762 login=none tls=on connections",
    ]);
  });

  test("names of hosts have to meet", () => {
    const hosts = (listener: string, own: string) =>
      ways(gateway(`${http}, hostname: "${listener}"`) + route(backend, `hostnames: ["${own}"],`));
    expect(hosts("*.example", "pacs.example")).toEqual([`${plain} (host pacs.example)`]);
    expect(hosts("pacs.example", "*.example")).toEqual([`${plain} (host pacs.example)`]);
    expect(hosts("*.clinic.example", "pacs.example")).toEqual([]);
    expect(hosts("*.example", "example")).toEqual([]);
  });

  test("routes of other namespaces are attached where the listener says so", () => {
    const elsewhere = (allowed: string, more = "") =>
      gateway(`${http}${allowed}`, "infra") +
      route(backend).replace("gate, namespace: pacs", "gate, namespace: infra") +
      more;
    const from = (how: string) => `, allowedRoutes: { namespaces: { from: ${how} } }`;
    const labelled = from("Selector, selector: { matchLabels: { exposed: 'yes' } }");
    const namespace = (label: string) => `apiVersion: v1
kind: Namespace
metadata: { name: pacs, labels: { exposed: '${label}' } }
`;
    expect(ways(elsewhere(""))).toEqual([]);
    expect(told(elsewhere(""))).toEqual([
      "unlinked pacs.yaml:24 the Gateway gate takes no route of the kind and the namespace of pacs: it leads nowhere by it",
    ]);
    expect(ways(elsewhere(from("All")))).toEqual([plain]);
    expect(ways(elsewhere(labelled, namespace("yes")))).toEqual([plain]);
    expect(ways(elsewhere(labelled, namespace("no")))).toEqual([]);
    expect(ways(elsewhere(labelled))).toEqual([plain.replace("network", "?")]);
  });

  test("a backend of another namespace has to be granted", () => {
    const far =
      gateway(http, "web") +
      route("backendRefs: [{ name: orthanc, namespace: pacs, port: 80 }]")
        .replace("name: pacs, namespace: pacs", "name: pacs, namespace: web")
        .replace("gate, namespace: pacs", "gate");
    const grant = (kind: string) => `apiVersion: gateway.networking.k8s.io/v1beta1
kind: ReferenceGrant
metadata: { name: web, namespace: pacs }
spec: { from: [{ group: gateway.networking.k8s.io, kind: ${kind}, namespace: web }], to: [{ group: "", kind: Service }] }
`;
    expect(ways(far)).toEqual([plain.replace("network", "?")]);
    expect(ways(far + grant("HTTPRoute"))).toEqual([plain]);
    expect(ways(far + grant("TCPRoute"))).toEqual([plain.replace("network", "?")]);
  });

  test("a rule for one method gives what that method does", () => {
    const can = (match: string) => {
      const objects = gateway(http) + route(`${match}${backend}`);
      const { report } = lintFiles({ "pacs.yaml": archive + objects });
      const entries = report.deployments.flatMap(({ services }) =>
        services.flatMap(({ listeners }) => listeners.flatMap((one) => one.entries)),
      );
      const { read, write } = entries.find(({ through }) => through !== "direct")?.anonymous ?? {};
      return { read, write };
    };
    expect(can("")).toEqual({ read: true, write: true });
    expect(can("matches: [{ method: GET }], ")).toEqual({ read: true, write: false });
    // POST /tools/find reads as well.
    expect(can("matches: [{ method: POST }], ")).toEqual({ read: true, write: true });
    expect(can("matches: [{ method: PUT }], ")).toEqual({ read: false, write: true });
  });

  describe("policies", () => {
    const policy = (
      spec: string,
      kind = "SecurityPolicy",
      group = "gateway.envoyproxy.io/v1alpha1",
    ) => `apiVersion: ${group}
kind: ${kind}
metadata: { name: who, namespace: pacs }
spec: { ${spec} }
---
`;
    const atRoute = "targetRefs: [{ group: gateway.networking.k8s.io, kind: HTTPRoute, name: pacs }]";
    const atGate = "targetRefs: [{ group: gateway.networking.k8s.io, kind: Gateway, name: gate }]";
    const all = gateway(http) + route(backend);

    test("of Envoy Gateway ask for logins and let in by address", () => {
      expect(ways(all + policy(`${atRoute}, basicAuth: { users: { name: users } }`))).toEqual([
        plain.replace("none", "basic"),
      ]);
      expect(ways(all + policy(`${atGate}, oidc: { clientID: a }`))).toEqual([plain.replace("none", "oidc")]);
      expect(ways(all + policy(`${atRoute}, jwt: { optional: true }`))).toEqual([plain]);
      const listed = policy(
        `${atRoute}, authorization: { defaultAction: Deny, rules: [{ action: Allow, principal: { clientCIDRs: [10.0.0.0/8] } }] }`,
      );
      const wall = `high proxy-admits-by-address ${place(all + listed, "{ defaultAction")}`;
      expect(found(all + listed)).toContain(wall);
    });

    test("of the route take the place of those of the Gateway", () => {
      const both =
        policy(`${atGate}, basicAuth: { users: { name: users } }`) + policy(`${atRoute}, cors: {}`);
      expect(ways(all + both)).toEqual([plain]);
    });

    test("of other controllers are not known, those that have nothing to do with it change nothing", () => {
      expect(ways(all + policy(atRoute, "AuthPolicy", "kuadrant.io/v1"))).toEqual([
        plain.replace("none", "?"),
      ]);
      expect(ways(all + policy(atGate, "ClientTrafficPolicy"))).toEqual([plain]);
    });

    test("a filter of Traefik is its Middleware", () => {
      const filter =
        "filters: [{ type: ExtensionRef, extensionRef: { group: traefik.io, kind: Middleware, name: login } }]";
      const login = policy("basicAuth: { secret: users }", "Middleware", "traefik.io/v1alpha1").replace(
        "who",
        "login",
      );
      expect(ways(gateway(http) + route(`${filter}, ${backend}`) + login)).toEqual([
        plain.replace("none", "basic"),
      ]);
      expect(ways(gateway(http) + route(`${filter}, ${backend}`))).toEqual([plain.replace("none", "?")]);
    });
  });
});

test("kinds of way in that are not read are told", () => {
  const mapping = `apiVersion: getambassador.io/v3alpha1
kind: Mapping
metadata: { name: pacs, namespace: pacs }
spec: { prefix: /, service: orthanc:80 }
`;
  expect(told(mapping)).toEqual([
    "unresolved pacs.yaml:18 Mapping pacs (getambassador.io) may lead requests in, and objects of this kind are not read: what it opens is not judged",
  ]);
});

test("what Tailscale's operator shows stays in the tailnet", () => {
  const service = (metadata: string, spec: string) =>
    look({
      "pacs.yaml": `${archive}apiVersion: v1
kind: Service
metadata: { name: tail, namespace: pacs${metadata} }
spec: { selector: { app: orthanc }, ports: [{ port: 8042 }]${spec} }
`,
    }).entries;
  const way = ["orthanc http network :8042 direct login=none tls=off"];
  expect(service(', annotations: { tailscale.com/expose: "true" }', "")).toEqual(way);
  expect(service("", ", type: LoadBalancer, loadBalancerClass: tailscale")).toEqual(way);
  expect(service("", "")).toEqual([]);
});
