import { describe, expect, test } from "vitest";
import { lintFiles } from "../inspect.ts";

const archive = `apiVersion: apps/v1
kind: Deployment
metadata: { name: orthanc, namespace: pacs }
spec:
  selector: { matchLabels: { app: orthanc } }
  template:
    metadata: { labels: { app: orthanc } }
    spec:
      containers:
        - name: orthanc
          image: orthancteam/orthanc:25.2.0
          env:
            - { name: ORTHANC__AUTHENTICATION_ENABLED, value: "false" }
---
apiVersion: v1
kind: Service
metadata: { name: orthanc, namespace: pacs }
spec:
  selector: { app: orthanc }
  ports:
    - { name: http, port: 8042 }
    - { name: dicom, port: 4242 }
`;

const gateway = (servers: string) => `apiVersion: networking.istio.io/v1
kind: Gateway
metadata: { name: front, namespace: pacs }
spec:
  selector: { istio: ingressgateway }
  servers:
${servers}`;

const web =
  '    - { port: { number: 443, name: https, protocol: HTTPS }, hosts: ["*"], tls: { mode: SIMPLE, credentialName: x } }\n';
const dicom =
  '    - { port: { number: 11112, name: dicom, protocol: TLS }, hosts: ["*"], tls: { mode: SIMPLE, credentialName: x } }\n';

const routes = (rules: string, gateways = "[front]") => `apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: routes, namespace: pacs }
spec:
  hosts: ["pacs.example"]
  gateways: ${gateways}
${rules}`;

const toWeb = "  http:\n    - route: [{ destination: { host: orthanc, port: { number: 8042 } } }]\n";
const toDicom =
  "  tcp:\n    - match: [{ port: 11112 }]\n      route: [{ destination: { host: orthanc.pacs.svc.cluster.local, port: { number: 4242 } } }]\n";

/** "rule port" of the findings, and the reasons of checks that stay open. */
function found(...manifests: readonly string[]) {
  const { report } = lintFiles({ "all.yaml": [archive, ...manifests].join("---\n") }, { paths: ["."] });
  const entries = report.deployments[0]?.services.flatMap(({ listeners }) =>
    listeners.flatMap((listener) =>
      listener.entries.map((entry) => [entry.through, entry.port, entry.tls.mode]),
    ),
  );
  return {
    entries: entries?.filter(([through]) => through !== "direct"),
    rules: report.findings.map(({ rule }) => rule),
    open: report.undetermined.map(({ rule, reason }) => `${rule}: ${reason}`),
  };
}

describe("Istio", () => {
  test("lets in what a VirtualService leads to", () => {
    const { rules, entries } = found(gateway(web + dicom), routes(toWeb + toDicom));
    expect(rules).toEqual(expect.arrayContaining(["http-no-authentication", "dicom-store-from-anyone"]));
    expect(entries).toEqual(
      expect.arrayContaining([
        ["gateway front: path / (host pacs.example)", 443, "on"],
        ["gateway front: connections (host pacs.example)", 11112, "on"],
      ]),
    );
  });

  test("lets in nothing over a port that no rule names", () => {
    expect(found(gateway(dicom.replace("11112", "11113")), routes(toDicom)).rules).not.toContain(
      "dicom-store-from-anyone",
    );
  });

  test("has a gateway that is not among the manifests", () => {
    expect(found(routes(toWeb, "[istio-system/shared]")).rules).toContain("http-no-authentication");
  });

  test("serves the mesh alone where no gateway is named", () => {
    expect(found(gateway(web), routes(toWeb, "[mesh]")).rules).not.toContain("http-no-authentication");
  });

  test("may ask for a login by a policy", () => {
    const policy =
      "apiVersion: security.istio.io/v1\nkind: RequestAuthentication\nmetadata: { name: tokens, namespace: pacs }\nspec: {}\n";
    const { rules, open } = found(gateway(web), routes(toWeb), policy);
    expect(rules).not.toContain("http-no-authentication");
    expect(open).toContain("http-no-authentication: the RequestAuthentication tokens may ask for a login");
  });
});
