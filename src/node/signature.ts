/** The signature algorithm of a certificate, which Node 20 does not tell: read from the DER bytes. */

/** Object identifiers → the names that OpenSSL prints. */
const names: Readonly<Record<string, string>> = {
  "1.2.840.113549.1.1.2": "md2WithRSAEncryption",
  "1.2.840.113549.1.1.4": "md5WithRSAEncryption",
  "1.2.840.113549.1.1.5": "sha1WithRSAEncryption",
  "1.2.840.113549.1.1.10": "rsassaPss",
  "1.2.840.113549.1.1.11": "sha256WithRSAEncryption",
  "1.2.840.113549.1.1.12": "sha384WithRSAEncryption",
  "1.2.840.113549.1.1.13": "sha512WithRSAEncryption",
  "1.2.840.113549.1.1.14": "sha224WithRSAEncryption",
  "1.3.14.3.2.29": "sha1WithRSA",
  "1.2.840.10040.4.3": "dsaWithSHA1",
  "2.16.840.1.101.3.4.3.2": "dsa_with_SHA256",
  "1.2.840.10045.4.1": "ecdsa-with-SHA1",
  "1.2.840.10045.4.3.2": "ecdsa-with-SHA256",
  "1.2.840.10045.4.3.3": "ecdsa-with-SHA384",
  "1.2.840.10045.4.3.4": "ecdsa-with-SHA512",
  "1.3.101.112": "ED25519",
  "1.3.101.113": "ED448",
};

/** The name, the bare object identifier when it has none here, "" when the bytes are not a certificate. */
export function signatureAlgorithm(der: Uint8Array): string {
  // Certificate ::= SEQUENCE { tbsCertificate SEQUENCE, signatureAlgorithm SEQUENCE { OBJECT IDENTIFIER … } … }
  const outer = element(der, 0);
  const signed = outer === undefined ? undefined : element(der, outer.start);
  const algorithm = signed === undefined ? undefined : element(der, signed.end);
  const identifier = algorithm === undefined ? undefined : element(der, algorithm.start);
  if (identifier?.tag !== 0x06) return "";
  const dotted = objectIdentifier(der.subarray(identifier.start, identifier.end));
  return names[dotted] ?? dotted;
}

interface Element {
  readonly tag: number;
  /** Where its content starts and ends. */
  readonly start: number;
  readonly end: number;
}

function element(der: Uint8Array, offset: number): Element | undefined {
  const tag = der[offset];
  const first = der[offset + 1];
  if (tag === undefined || first === undefined) return undefined;
  const lengthBytes = first < 0x80 ? 0 : first & 0x7f;
  let length = first < 0x80 ? first : 0;
  for (let index = 0; index < lengthBytes; index++) length = length * 256 + (der[offset + 2 + index] ?? 0);
  const start = offset + 2 + lengthBytes;
  return { tag, start, end: start + length };
}

function objectIdentifier(bytes: Uint8Array): string {
  const numbers: number[] = [];
  let current = 0;
  for (const byte of bytes) {
    current = current * 128 + (byte & 0x7f);
    if (byte >= 0x80) continue;
    numbers.push(current);
    current = 0;
  }
  const [first = 0, ...rest] = numbers;
  const root = Math.min(2, Math.floor(first / 40));
  return [root, first - root * 40, ...rest].join(".");
}
