import { describe, expect, test } from "vitest";
import type { AdvisoryFact, CertificateFact } from "../../src/facts/facts.ts";
import { isUnknown } from "../../src/facts/unknown.ts";
import { advisoryFacts } from "../../src/products/orthanc/advisories.ts";
import { certificateFacts } from "../../src/products/orthanc/certificates.ts";
import { dicomSocket } from "../../src/products/orthanc/dicom.ts";
import { fileFacts } from "../../src/products/orthanc/filefacts.ts";
import { httpSocket } from "../../src/products/orthanc/http.ts";
import { deriveLogin } from "../../src/products/orthanc/users.ts";
import { reachOf } from "../../src/reach/reach.ts";
import { type ModelOptions, modelOf, placeOf } from "./model.ts";

/** EC P-256, self-signed, for pacs.example.org; valid from 2026-11 for a hundred years. */
const certificate = `-----BEGIN CERTIFICATE-----
MIIBqjCCAVCgAwIBAgIUT5kGfS7Q3IEXvhI2pGhWaXr7n/wwCgYIKoZIzj0EAwIw
GzEZMBcGA1UEAwwQcGFjcy5leGFtcGxlLm9yZzAgFw0yNjExMjIwODEwNTZaGA8y
MTI2MTAyOTA4MTA1NlowGzEZMBcGA1UEAwwQcGFjcy5leGFtcGxlLm9yZzBZMBMG
ByqGSM49AgEGCCqGSM49AwEHA0IABJtF3SX8RaUkn3Qc41Y7sIk4Nb9t+uI6tQiv
svP9vBXnuXe7TNFATpcZS0uTkKEAIadvAzdyLzO7R7ALMuSHj3ejcDBuMB0GA1Ud
DgQWBBQq1EIshHbeeBEODfr369XFV5Dj7TAfBgNVHSMEGDAWgBQq1EIshHbeeBEO
Dfr369XFV5Dj7TAPBgNVHRMBAf8EBTADAQH/MBsGA1UdEQQUMBKCEHBhY3MuZXhh
bXBsZS5vcmcwCgYIKoZIzj0EAwIDSAAwRQIhAOuMJ6HxRMirxwOoS+86LjlWzh4f
HudH84nAf1+Nhn5sAiBSsCFGSGUY9JJfzLt8+uKKNpWj164f8hl2pzmtwdzzGw==
-----END CERTIFICATE-----
`;

describe("certificates", () => {
  const now = new Date("2030-01-01T00:00:00Z");

  function certificates(text: string, options: ModelOptions = {}): readonly CertificateFact[] {
    return certificateFacts(modelOf(text, { now, ...options }));
  }

  test("of features that are off are not looked at", () => {
    const files = { "etc/server.pem": certificate, "run/dicom.pem": certificate };
    expect(
      certificates(
        '{ "SslCertificate": "server.pem", "DicomTlsCertificate": "dicom.pem", "SslVerifyPeers": true }',
        { files },
      ),
    ).toEqual([]);
  });

  test("are described as they lie", () => {
    const files = { "etc/server.pem": certificate };
    const text = '{ "SslEnabled": true,\n"SslCertificate": "server.pem" }';
    const [fact] = certificates(text, { files });
    expect(fact).toMatchObject({
      path: "etc/server.pem",
      use: "http-server",
      state: "ok",
      expired: false,
      keyType: "ec",
      keyBits: 256,
      selfSigned: true,
      hasSubjectAltName: true,
      relativeToProcess: false,
    });
    expect(placeOf(modelOf(text), fact?.origins[""]?.[0])).toBe("etc/orthanc.json:2:19");
    expect(certificates(text, { files, now: new Date("2200-01-01T00:00:00Z") })[0]).toMatchObject({
      expired: true,
    });
  });

  test("T42: files of DICOM TLS count from the working directory", () => {
    const text =
      '{ "DicomTlsEnabled": true, "DicomTlsCertificate": "dicom.pem", "DicomTlsTrustedCertificates": "/ca.pem" }';
    const found = certificates(text, {
      files: { "etc/dicom.pem": certificate, "/ca.pem": `${certificate}${certificate}` },
    });
    expect(
      found.map(({ path, use, state, relativeToProcess }) => [path, use, state, relativeToProcess]),
    ).toEqual([
      ["run/dicom.pem", "dicom-server", "missing", true],
      ["/ca.pem", "dicom-peers", "ok", false],
      ["/ca.pem", "dicom-peers", "ok", false],
    ]);
    expect(isUnknown(found[0]?.expired)).toBe(true);
    expect(new Set(found.map((fact) => fact.id)).size).toBe(3);
  });

  test("a file without a certificate", () => {
    expect(
      certificates('{ "SslEnabled": true, "SslCertificate": "server.pem" }', {
        files: { "etc/server.pem": "nothing" },
      })[0]?.state,
    ).toBe("not-a-certificate");
  });
});

describe("files", () => {
  test("have facts where the platform has permissions", () => {
    const text =
      '{ "LuaScripts": ["filter.lua"], "SslCertificate": "server.pem", "RegisteredUsers": { "bob": "a long password" } }';
    const files = { "etc/filter.lua": "", "etc/server.pem": "" };
    expect(fileFacts(modelOf(text, { files }))).toEqual([]);
    const modes = { "etc/orthanc.json": 0o644, "etc/filter.lua": 0o666, "etc/server.pem": 0o600 };
    const facts = fileFacts(modelOf(text, { files, modes }));
    expect(
      facts.map(({ path, use, mode, worldReadable, worldWritable, holdsSecrets }) => [
        path,
        use,
        mode,
        worldReadable,
        worldWritable,
        holdsSecrets,
      ]),
    ).toEqual([
      ["etc/orthanc.json", "configuration", "0644", true, false, true],
      ["etc/filter.lua", "script", "0666", true, true, false],
      ["etc/server.pem", "private-key", "0600", false, false, true],
    ]);
  });

  test("env files hold secrets when their variables do", () => {
    const options = { environment: { PW: "a long password", COLOUR: "blue" }, modes: { ".env": 0o640 } };
    const facts = fileFacts(modelOf('{ "RegisteredUsers": { "bob": "${PW}" } }', options));
    expect(facts).toMatchObject([
      { path: ".env", use: "environment", mode: "0640", worldReadable: false, holdsSecrets: true },
    ]);
  });
});

describe("advisories", () => {
  function advisories(text: string, options: ModelOptions = {}): ReadonlyMap<string, AdvisoryFact> {
    const model = modelOf(text, options);
    const sockets = [httpSocket(model, deriveLogin(model.settings)), dicomSocket(model)];
    const openings = reachOf(model.service, sockets).flatMap(({ listener, entries }) => [
      listener,
      ...entries,
    ]);
    return new Map(advisoryFacts(model, openings).map((fact) => [fact.advisory, fact]));
  }

  const open = '{ "RemoteAccessAllowed": true, "AuthenticationEnabled": false }';

  test("speak of the release only", () => {
    expect(advisories("{}", { version: "1.5.7" }).has("CVE-2025-0896")).toBe(true);
    expect(advisories("{}", { version: "1.5.8" }).has("CVE-2025-0896")).toBe(false);
    expect(advisories("{}", { version: "1.12.10" }).has("CVE-2026-5440")).toBe(true);
    expect(advisories("{}", { version: "1.12.11" }).has("CVE-2026-5440")).toBe(false);
  });

  test("apply where the server can be reached", () => {
    expect(advisories(open).get("CVE-2026-5440")).toMatchObject({
      applies: true,
      allows: "a huge Content-Length uses up the memory; port 8042 is open to anybody",
    });
    expect(advisories("{}").get("CVE-2026-5440")?.applies).toBe(false);
    const login = '{ "RemoteAccessAllowed": true, "RegisteredUsers": { "bob": "a long password" } }';
    expect(advisories(login).get("CVE-2026-5440")?.allows).toContain("asks for a login");
  });

  test("of crafted images apply where strangers can send", () => {
    expect(advisories("{}").get("CVE-2026-5442")?.applies).toBe(true);
    const closed = '{ "DicomAlwaysAllowStore": false, "DicomAlwaysAllowEcho": false }';
    expect(advisories(closed).get("CVE-2026-5442")?.applies).toBe(false);
    expect(advisories('{ "DicomServerEnabled": false }').get("CVE-2026-5442")?.applies).toBe(false);
  });

  test.each([
    ["other" as const, open, true],
    ["debian" as const, open, false],
    ["debian" as const, open.replace("{", '{ "RestApiWriteToFileSystemEnabled": true,'), true],
  ])("CVE-2023-33466 in a build of %s with %s: %s", (build, text, applies) => {
    expect(advisories(text, { version: "1.10.1", build }).get("CVE-2023-33466")?.applies).toBe(applies);
  });

  test("T25: HTTPS of Debian's packages", () => {
    expect(
      advisories('{ "SslEnabled": true }', { version: "1.10.1", build: "debian" }).get("ORTHANC-DEBIAN-HTTPS")
        ?.applies,
    ).toBe(true);
    expect(advisories('{ "SslEnabled": true }', { version: "1.10.1" }).has("ORTHANC-DEBIAN-HTTPS")).toBe(
      false,
    );
  });

  test("T34: several modalities with one AE title", () => {
    const two =
      '{ "DicomCheckModalityHost": true, "DicomModalities": { "a": ["CT", "10.0.0.1", 104], "b": ["CT", "10.0.0.2", 104] } }';
    expect(advisories(two).get("ORTHANC-MULTI-AET")?.applies).toBe(true);
    expect(advisories(two.replace('"b": ["CT"', '"b": ["MR"')).get("ORTHANC-MULTI-AET")?.applies).toBe(false);
  });

  test("limits that do not hold", () => {
    expect(
      advisories('{ "LimitFindResults": 100 }', { version: "1.12.6" }).get("ORTHANC-LIMITFIND")?.applies,
    ).toBe(true);
    expect(
      advisories('{ "LimitFindResults": 0 }', { version: "1.12.6" }).get("ORTHANC-LIMITFIND")?.applies,
    ).toBe(false);
  });
});
