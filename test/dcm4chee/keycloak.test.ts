/** The image dcm4che/keycloak: on WildFly up to 16.1.1, on Quarkus since. */
import { describe, expect, it } from "vitest";
import { deriveKeycloakDcm4chee } from "../../src/products/dcm4chee/keycloak-image.ts";
import { archive } from "./support.ts";

const keycloak = (tag: string, env: Readonly<Record<string, string>>) =>
  archive({ derive: deriveKeycloakDcm4chee, image: `dcm4che/keycloak:${tag}`, version: tag, env });
const ports = (found: ReturnType<typeof keycloak>) =>
  found.sockets.map(({ id, port, on, tls }) => [id, port, on, tls.mode, tls.minVersion]);
const verdicts = (found: ReturnType<typeof keycloak>) =>
  found.facts1("secret").map(({ path, verdict }) => [path, verdict]);

describe("on WildFly", () => {
  // dcm4che-dockerfiles/keycloak docker-compose.yml @aa02b91
  const sample = keycloak("16.1.1", {
    HTTP_PORT: "8880",
    HTTPS_PORT: "8843",
    MANAGEMENT_HTTP_PORT: "8990",
    MANAGEMENT_HTTPS_PORT: "8993",
    KEYCLOAK_USER: "keycloak-admin",
    KEYCLOAK_PASSWORD: "changeit",
  });

  it("opens four ports, two of them without TLS", () => {
    expect(ports(sample)).toEqual([
      ["http", 8880, true, "off", null],
      ["https", 8843, true, "on", "TLSv1.2"],
      ["management", 8990, true, "off", null],
      ["management-https", 8993, true, "on", "TLSv1.2"],
    ]);
    expect(ports(keycloak("16.1.1", {})).map(([, port]) => port)).toEqual([8080, 8443, 9990, 9993]);
  });

  it("lets the administrator of the sample in", () => {
    expect(sample.socket("http").seen.other.auth).toMatchObject({ mode: "form", defaultCredentials: true });
    expect(verdicts(sample)).toEqual([
      ["LDAP_ROOTPASS", "default"],
      ["KEYSTORE_PASSWORD", "default"],
      ["KEYCLOAK_PASSWORD", "default"],
    ]);
  });

  it("has no administrator while no password is set", () => {
    const bare = keycloak("16.1.1", { LDAP_ROOTPASS_FILE: "/run/secrets/a", KEYSTORE_PASSWORD_FILE: "/b" });
    expect(bare.socket("http").seen.other.auth.defaultCredentials).toBe(false);
    expect(verdicts(bare)).toEqual([
      ["LDAP_ROOTPASS", "reference"],
      ["KEYSTORE_PASSWORD", "reference"],
    ]);
  });

  it("does not read the variables of Quarkus", () => {
    const mixed = keycloak("16.1.1", { KC_HTTP_PORT: "1234", RS_CLIENT_SECRET: "changeit" });
    expect(mixed.socket("http").port).toBe(8080);
    expect(verdicts(mixed).map(([path]) => path)).not.toContain("RS_CLIENT_SECRET");
  });

  it("imports a realm that locks nobody out", () => {
    expect(keycloak("16.1.1", { SSL_REQUIRED: "none" }).facts1("realm")).toMatchObject([
      { name: "dcm4che", sslRequired: "none", bruteForceProtected: false },
    ]);
  });
});

describe("on Quarkus", () => {
  it("judges the administrator's password beside his own name", () => {
    const found = keycloak("25.0.6", {
      KEYCLOAK_ADMIN: "radadmin",
      KEYCLOAK_ADMIN_PASSWORD: "radadmin",
      RS_CLIENT_SECRET: "kV9-long-and-own-4711",
    });
    expect(verdicts(found)).toContainEqual(["KEYCLOAK_ADMIN_PASSWORD", "same-as-name"]);
    expect(found.socket("https").seen.other.auth.defaultCredentials).toBe(true);
  });

  it("counts as such where the release is not known", () => {
    expect(ports(keycloak("0", {}))).toEqual([
      ["https", 8443, true, "on", "TLSv1.3"],
      ["http", 8080, false, "off", null],
    ]);
  });
});
