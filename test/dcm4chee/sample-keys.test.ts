/** Published keys are known by their certificates, in whatever file these stand. */
import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import { sampleCheck } from "../../src/products/dcm4chee/sample-keys.ts";
import type { DeriveContext } from "../../src/products/product.ts";
import { createSources } from "../../src/sources/source.ts";
import { lintFiles } from "../inspect.ts";

/** A run that sees one file, with a certificate of this fingerprint in it. */
function check(fingerprint: string): boolean | undefined {
  const bytes = new TextEncoder().encode("a certificate");
  const files: DeriveContext["files"] = {
    read: () => ({ ok: true, bytes }),
    list: () => undefined,
    stat: () => undefined,
  };
  const crypto: DeriveContext["crypto"] = {
    sha256: (data) => createHash("sha256").update(data).digest("hex"),
    certificates: () => [
      {
        subject: "CN=dcm4che",
        issuer: "",
        notAfter: new Date(0),
        notBefore: new Date(0),
        keyType: "rsa",
        keyBits: 2048,
        signature: "",
        hasSubjectAltName: false,
        sha256: fingerprint.replaceAll(":", "").toLowerCase(),
      },
    ],
  };
  const context = { files, crypto, sources: createSources(files, crypto), onHost: false, now: new Date(0) };
  const service = { lookup: (path: string) => ({ state: "found" as const, path }) };
  return sampleCheck(service, context)("/etc/certs/cert.pem");
}

describe("certificates that dcm4che publishes", () => {
  it.each([
    "0C:0E:09:6A:D8:6B:9F:8C:E2:9C:60:C3:4C:E8:29:CB:64:67:08:7F:41:5B:79:12:AA:A2:45:18:CE:82:B6:96",
    "BD:60:1C:19:D4:ED:87:18:B3:EC:F6:53:52:91:00:C8:A2:70:21:0F:04:87:E6:B7:ED:15:23:A7:97:D8:28:AC",
    "21:EB:CA:86:4A:08:E9:A2:D2:1F:6E:84:37:8D:60:BB:14:92:4D:1B:B0:DD:B0:DC:75:03:0C:2E:F3:B2:6E:DD",
  ])("are known: %s", (fingerprint) => {
    expect(check(fingerprint)).toBe(true);
  });

  it("leave others alone", () => {
    expect(check("00".repeat(32))).toBe(false);
  });
});

describe("a file in the place of the sample", () => {
  const keycloak = (volume: string): string =>
    `services:\n  keycloak:\n    image: dcm4che/keycloak:26.0.6\n    ports: ["8843:8443"]\n${volume}`;
  const found = (compose: string): readonly string[] => {
    const { report } = lintFiles({ "compose.yml": compose }, { paths: ["."], audience: "audit" });
    return [
      ...report.findings.map(({ rule }) => rule),
      ...report.undetermined.map(({ rule }) => `${rule}?`),
    ].filter((rule) => rule.startsWith("sample-key"));
  };

  it("may be anything, where it is not among the files", () => {
    const own = "    volumes: ['./own.p12:/opt/keycloak/conf/keystores/key.p12:ro']\n";
    expect(found(keycloak(""))).toEqual(["sample-key-in-use"]);
    expect(found(keycloak(own))).toEqual(["sample-key-in-use?"]);
  });
});
