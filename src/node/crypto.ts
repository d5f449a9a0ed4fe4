/** Hashes and certificates through Node. */
import { createHash, X509Certificate } from "node:crypto";
import type { Certificate, Crypto } from "../sources/files.ts";
import { signatureAlgorithm } from "./signature.ts";

/** The cryptography of Node's OpenSSL. */
export const nodeCrypto: Crypto = {
  sha256: (bytes) => createHash("sha256").update(bytes).digest("hex"),
  certificates: (bytes) => encoded(bytes).flatMap((part) => certificate(part)),
};

const pem =
  /-----BEGIN (?:X509 |TRUSTED )?CERTIFICATE-----[\s\S]*?-----END (?:X509 |TRUSTED )?CERTIFICATE-----/g;

/** The certificates of a file, each still encoded: any number in PEM, or a single one in DER. */
function encoded(bytes: Uint8Array): readonly (string | Uint8Array)[] {
  // Latin-1 keeps every byte, and PEM is ASCII.
  const blocks = Buffer.from(bytes).toString("latin1").match(pem);
  if (blocks !== null) return blocks;
  return bytes[0] === 0x30 ? [bytes] : [];
}

function certificate(part: string | Uint8Array): Certificate[] {
  try {
    const parsed = new X509Certificate(part);
    return [
      {
        subject: oneLine(parsed.subject),
        issuer: oneLine(parsed.issuer),
        notBefore: new Date(parsed.validFrom),
        notAfter: new Date(parsed.validTo),
        ...keyOf(parsed),
        signature: signatureAlgorithm(parsed.raw),
        hasSubjectAltName: parsed.subjectAltName !== undefined,
        sha256: createHash("sha256").update(parsed.raw).digest("hex"),
      },
    ];
  } catch {
    return []; // Not a certificate: the caller says so where it matters.
  }
}

function keyOf(parsed: X509Certificate): { readonly keyType: string; readonly keyBits: number } {
  try {
    const key = parsed.publicKey;
    const { modulusLength, namedCurve } = key.asymmetricKeyDetails ?? {};
    return {
      keyType: key.asymmetricKeyType ?? "",
      keyBits: modulusLength ?? curveBits(namedCurve ?? key.asymmetricKeyType ?? ""),
    };
  } catch {
    return { keyType: "", keyBits: 0 }; // An algorithm that this OpenSSL does not know.
  }
}

/** "prime256v1", "secp384r1", "brainpoolP256r1", "ed25519": the first number is the size. */
function curveBits(curve: string): number {
  if (curve === "ed25519" || curve === "x25519") return 256;
  return Number(/\d{3}/.exec(curve)?.[0] ?? 0);
}

function oneLine(name: string | undefined): string {
  return (name ?? "").split("\n").join(", ");
}
