/** The hospital, as it grew and as it should be, linted from disk: expected lines are read off the files by hand. */
import { describe, expect, test } from "vitest";
import type { Audience } from "../src/rules/rule.ts";
import { lintExample } from "./inspect.ts";

/** "severity rule service file:line" of the findings that the audience hears, in no order that matters. */
function findings(example: string, audience: Audience): readonly string[] {
  return lintExample(example, { audience })
    .report.findings.filter(({ state }) => state === "open")
    .map(
      ({ severity, rule, service, location }) =>
        `${severity} ${rule} ${service} ${location.file.split("/").at(-1)}:${location.line}`,
    )
    .sort();
}

/** "service protocol port reach tls login" of what listens. */
function listeners(example: string): readonly string[] {
  return lintExample(example)
    .report.deployments.flatMap(({ services }) => services)
    .flatMap(({ name, listeners }) =>
      listeners.map(
        ({ protocol, port, reach, tls, auth }) =>
          `${name} ${protocol} ${port} ${reach}, tls ${tls.mode}, login ${auth.mode}`,
      ),
    );
}

describe("exposed-hospital", () => {
  test("what a sysadmin hears", () => {
    expect(findings("exposed-hospital", "everyday")).toEqual([
      // demo:demo is listed (orthanc.json) and sent along for everybody (pacs.conf); 8042 is published as well.
      "critical database-default-password db compose.yml:28",
      "critical dicom-query-from-anyone orthanc orthanc.json:10",
      "critical docker-socket-mounted portainer compose.yml:57",
      "critical http-default-credentials orthanc orthanc.json:4",
      "critical identity-default-password keycloak compose.yml:49",
      "critical proxy-supplies-login orthanc pacs.conf:12",
      "high console-published portainer compose.yml:55",
      "high http-no-tls orthanc compose.yml:6",
      "high identity-no-tls keycloak compose.yml:41",
      // One line for both servers behind it; told under the one that asks for a password.
      "high proxy-no-tls keycloak pacs.conf:2",
      "medium guessable-secret orthanc compose.yml:15",
    ]);
    expect(lintExample("exposed-hospital").report.exitCode).toBe(1);
  });

  test("how strangers get in, by which lines", () => {
    const root = "exposed-hospital/";
    const paths = lintExample("exposed-hospital").report.attackPaths.map(({ text }) =>
      text.replaceAll(root, ""),
    );
    expect(paths).toEqual([
      "network → 0.0.0.0:8042 (compose.yml:9) → a published or guessable password (orthanc.json:4) → scripts enabled (orthanc.json:14): anyone can run commands as root in the container",
      "network → 0.0.0.0:80 (compose.yml:36) → proxy: location / (server pacs.hospital.example) (nginx/pacs.conf:6) → orthanc → the proxy logs everybody in (nginx/pacs.conf:12) → scripts enabled (orthanc.json:14): anyone can run commands as root in the container",
      "network → 0.0.0.0:4242 (compose.yml:10) → any AE title (orthanc.json:10): anyone can store images, search patients and have images sent away",
      "network → 0.0.0.0:5432 (compose.yml:26) → a published or guessable password (compose.yml:28): anyone can read and change everything in PostgreSQL (database)",
      "network → 0.0.0.0:8080 (compose.yml:46) → a published or guessable password (compose.yml:49): anyone can use Keycloak (login and administration)",
      "network → 0.0.0.0:80 /auth/ (compose.yml:36) → proxy: location /auth/ (server pacs.hospital.example) (nginx/pacs.conf:15) → keycloak → a published or guessable password (compose.yml:49): anyone can use Keycloak (login and administration)",
    ]);
  });

  test("every server of the project, and who reaches it", () => {
    expect(listeners("exposed-hospital")).toEqual([
      "orthanc http 8042 network, tls off, login basic",
      "orthanc dicom 4242 network, tls off, login none",
      "db database 5432 network, tls off, login password",
      "proxy http 80 network, tls off, login none",
      "keycloak http 8080 network, tls off, login form",
      "keycloak http 8443 none, tls on, login form",
      "keycloak management 9000 none, tls off, login none",
      "portainer management 9443 network, tls on, login form",
      "portainer management 9000 internal, tls off, login form",
      "portainer management 8000 internal, tls off, login password",
    ]);
  });
});

describe("hardened-hospital", () => {
  test("silent, also for the strict audience", () => {
    expect(findings("hardened-hospital", "everyday")).toEqual([]);
    expect(findings("hardened-hospital", "strict")).toEqual([]);
    expect(lintExample("hardened-hospital").report.exitCode).toBe(0);
    expect(lintExample("hardened-hospital").report.attackPaths).toEqual([]);
  });

  test("other hosts reach the proxy, and the archive over DICOM with certificates", () => {
    const outside = listeners("hardened-hospital").filter((line) => line.includes("network"));
    expect(outside).toEqual([
      "proxy http 8080 network, tls off, login none",
      "proxy http 8443 network, tls on, login none",
      "orthanc dicom 4242 network, tls on, login none",
    ]);
  });

  test("every way in, with its login", () => {
    const entries = lintExample("hardened-hospital")
      .report.deployments.flatMap(({ services }) => services)
      .flatMap(({ name, listeners }) =>
        listeners.flatMap((listener) =>
          listener.entries
            .filter(({ through }) => through !== "direct")
            .map(
              ({ address, port, paths, tls, auth, reach }) =>
                `${address}:${port} ${paths.join()} → ${name}, ${reach}, tls ${tls.mode}, login ${auth.mode}`,
            ),
        ),
      );
    expect(entries).toEqual([
      "192.168.20.5:443 /oauth2/ → oauth2-proxy, network, tls on, login oidc",
      "192.168.20.5:443 / → orthanc, network, tls on, login proxy",
      "192.168.20.5:443 /auth/ → keycloak, network, tls on, login form",
      "192.168.20.5:443 /auth/admin/ → keycloak, network, tls on, login form",
    ]);
  });
});
