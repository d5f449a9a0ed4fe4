/** Traefik's own kinds of objects, by doc.traefik.io, routing/providers/kubernetes-crd. */
import { describe, expect, test } from "vitest";
import { look } from "./look.ts";

const archive = `apiVersion: v1
kind: Pod
metadata: { name: orthanc, namespace: pacs, labels: { app: orthanc } }
spec:
  containers:
    - name: orthanc
      image: orthancteam/orthanc:24.6.2
      env: [{ name: ORTHANC__AUTHENTICATION_ENABLED, value: "false" }]
---
apiVersion: v1
kind: Service
metadata: { name: orthanc, namespace: pacs }
spec: { selector: { app: orthanc }, ports: [{ name: http, port: 8042 }, { name: dicom, port: 4242 }] }
---
`;

const object = (kind: string, name: string, spec: string) =>
  `apiVersion: traefik.io/v1alpha1\nkind: ${kind}\nmetadata: { name: ${name}, namespace: pacs }\nspec: ${spec}\n---\n`;

const service = "services: [{ name: orthanc, port: http }]";
const route = (more: string, spec = "entryPoints: [web]") =>
  object(
    "IngressRoute",
    "pacs",
    `{ ${spec}, routes: [{ match: "Host(\`pacs.example\`)", ${service}${more} }] }`,
  );

const ways = (...texts: readonly string[]) =>
  look({ "pacs.yaml": archive + texts.join("") }).entries.filter((entry) => entry.startsWith("orthanc "));

describe("an IngressRoute", () => {
  test("takes plain requests at web", () => {
    expect(ways(route(""))).toEqual(["orthanc http network :80 traefik: router pacs login=none tls=off"]);
  });

  test("is encrypted at websecure, and with tls", () => {
    const encrypted = ["orthanc http network :443 traefik: router pacs login=none tls=on"];
    expect(ways(route("", "entryPoints: [websecure]"))).toEqual(encrypted);
    expect(ways(route("", "entryPoints: [websecure], tls: {}"))).toEqual(encrypted);
  });

  test("without entry points is at all of them", () => {
    expect(ways(route("", "parentRefs: []"))).toEqual([
      "orthanc http network :80 traefik: router pacs login=none tls=off",
      "orthanc http network :443 traefik: router pacs login=none tls=on",
    ]);
  });

  test("goes through middlewares, chains, and their users in a Secret", () => {
    const secret = (hash: string) =>
      `apiVersion: v1\nkind: Secret\nmetadata: { name: users, namespace: pacs }\nstringData: { users: "admin:${hash}" }\n---\n`;
    const login = object("Middleware", "login", "{ basicAuth: { secret: users } }");
    const all = object("Middleware", "all", "{ chain: { middlewares: [{ name: login }] } }");
    const asked = route(", middlewares: [{ name: all }]");
    const basic = ["orthanc http network :80 traefik: router pacs login=basic tls=off"];
    expect(ways(asked, login, all)).toEqual(basic);
    const published = look({
      "pacs.yaml": archive + asked + login + all + secret("{SHA}0DPiKuNIrrVmD8IUCuw1hQxNqZc="),
    });
    expect(published.findings).toContain("critical http-default-credentials pacs.yaml:33:23");
    const strong = look({
      "pacs.yaml": archive + asked + login + all + secret("{SHA}AAAAAAAAAAAAAAAAAAAAAAAAAAA="),
    });
    expect(strong.findings.filter((one) => one.includes("http-default-credentials"))).toEqual([]);
  });

  test("whose middleware is missing is undecided", () => {
    expect(ways(route(", middlewares: [{ name: gone }]"))).toEqual([
      "orthanc http network :80 traefik: router pacs login=? tls=off",
    ]);
  });

  test("leads to the dashboard", () => {
    const board = object(
      "IngressRoute",
      "board",
      '{ entryPoints: [web], routes: [{ match: "PathPrefix(`/dashboard`)", services: [{ name: api@internal, kind: TraefikService }] }] }',
    );
    expect(look({ "pacs.yaml": archive + board }).findings).toContain(
      "high console-without-login pacs.yaml:18:47",
    );
  });
});

describe("an IngressRouteTCP", () => {
  const tcp = (more = "") =>
    object(
      "IngressRouteTCP",
      "dicom",
      `{ entryPoints: [dicom], routes: [{ match: "HostSNI(\`*\`)", services: [{ name: orthanc, port: 4242 }] }]${more} }`,
    );

  test("passes connections on, at the port to which it leads", () => {
    expect(ways(tcp())).toEqual(["orthanc dicom network :4242 traefik: TCP router dicom login=none tls=off"]);
  });

  test("ends TLS, or passes it on as it is", () => {
    expect(ways(tcp(", tls: { secretName: t }"))).toEqual([
      "orthanc dicom network :4242 traefik: TCP router dicom login=none tls=on",
    ]);
    expect(ways(tcp(", tls: { passthrough: true }"))).toEqual([
      "orthanc dicom network :4242 traefik: TCP router dicom login=none tls=off",
    ]);
  });
});

test("old TLS by a TLSOption", () => {
  const old = object("TLSOption", "old", "{ minVersion: VersionTLS10 }");
  const { findings } = look({
    "pacs.yaml": archive + old + route("", "entryPoints: [websecure], tls: { options: { name: old } }"),
  });
  expect(findings).toContain("medium proxy-old-tls pacs.yaml:18:21");
});

test("the Traefik of the manifests reads them, where its flags say so", () => {
  const own = (flag: string) => `apiVersion: v1
kind: Pod
metadata: { name: traefik, namespace: edge, labels: { app: traefik } }
spec:
  containers:
    - name: traefik
      image: traefik:v3.1.4
      args: [--entrypoints.web.address=:8000${flag}]
---
apiVersion: v1
kind: Service
metadata: { name: traefik, namespace: edge }
spec: { type: NodePort, selector: { app: traefik }, ports: [{ port: 80, targetPort: 8000, nodePort: 30080 }] }
---
`;
  const list = (flag: string) => {
    const text = `apiVersion: v1\nkind: Namespace\nmetadata: { name: pacs }\n---\n${archive}${own(flag)}${route("")}`;
    return look({
      "over/kustomization.yaml": "resources: [all.yaml]\n",
      "over/all.yaml": text,
    }).entries.filter((entry) => entry.startsWith("orthanc "));
  };
  expect(list(", --providers.kubernetescrd")).toEqual([
    "orthanc http network :30080 traefik: router pacs login=none tls=off",
  ]);
  expect(list("")).toEqual([]);
});
