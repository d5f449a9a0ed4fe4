import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { nodeCrypto } from "../../src/node/crypto.ts";

const folder = mkdtempSync(join(tmpdir(), "pacslint-crypto-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const hasOpenssl = (() => {
  try {
    execFileSync("openssl", ["version"]);
    return true;
  } catch {
    return false;
  }
})();

function make(name: string, ...options: readonly string[]): Buffer {
  const path = join(folder, name);
  execFileSync(
    "openssl",
    [
      "req",
      "-x509",
      "-nodes",
      "-keyout",
      join(folder, "key.pem"),
      "-out",
      path,
      "-days",
      "30",
      "-subj",
      "/O=Clinic/CN=pacs",
      ...options,
    ],
    { stdio: "pipe" },
  );
  return readFileSync(path);
}

test("SHA-256 in lower-case hexadecimal", () => {
  expect(nodeCrypto.sha256(new Uint8Array())).toBe(
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
  );
});

test("what is no certificate has none", () => {
  for (const text of [
    "",
    "0",
    "{}",
    "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n",
    "0\u0082\u0001\u0000",
  ]) {
    expect(nodeCrypto.certificates(Buffer.from(text, "latin1"))).toEqual([]);
  }
});

test.skipIf(!hasOpenssl)("certificates in PEM, several in a file, and in DER", () => {
  const rsa = make("rsa.pem", "-newkey", "rsa:2048", "-sha256", "-addext", "subjectAltName=DNS:pacs");
  const ec = make("ec.pem", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:secp384r1", "-sha384");
  const [first, second] = nodeCrypto.certificates(Buffer.concat([Buffer.from("a comment\n"), rsa, ec]));
  expect(first).toMatchObject({
    subject: "O=Clinic, CN=pacs",
    issuer: "O=Clinic, CN=pacs",
    keyType: "rsa",
    keyBits: 2048,
    signature: "sha256WithRSAEncryption",
    hasSubjectAltName: true,
  });
  expect(second).toMatchObject({
    keyType: "ec",
    keyBits: 384,
    signature: "ecdsa-with-SHA384",
    hasSubjectAltName: false,
  });
  const printed = execFileSync("openssl", [
    "x509",
    "-in",
    join(folder, "rsa.pem"),
    "-noout",
    "-fingerprint",
    "-sha256",
  ]);
  expect(first?.sha256).toBe(printed.toString().split("=")[1]?.trim().replaceAll(":", "").toLowerCase());
  const days = ((first?.notAfter.getTime() ?? 0) - (first?.notBefore.getTime() ?? 0)) / 86_400_000;
  expect(days).toBe(30);
  execFileSync("openssl", [
    "x509",
    "-in",
    join(folder, "rsa.pem"),
    "-outform",
    "DER",
    "-out",
    join(folder, "rsa.der"),
  ]);
  expect(nodeCrypto.certificates(readFileSync(join(folder, "rsa.der")))).toEqual([first]);
});

test.skipIf(!hasOpenssl)("old and new algorithms by the names that OpenSSL prints", () => {
  const signature = (...options: readonly string[]) =>
    nodeCrypto.certificates(make("other.pem", ...options))[0];
  expect(signature("-newkey", "rsa:1024", "-sha1")).toMatchObject({
    signature: "sha1WithRSAEncryption",
    keyBits: 1024,
  });
  expect(signature("-newkey", "ed25519")).toMatchObject({
    signature: "ED25519",
    keyType: "ed25519",
    keyBits: 256,
  });
  expect(signature("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1")).toMatchObject({
    keyBits: 256,
  });
});
