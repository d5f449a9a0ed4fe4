/**
 * Transport security of the two servers.
 * Source: OrthancServer/Sources/main.cpp, StartHttpServer and StartDicomServer; OrthancFramework HttpServer.cpp and
 * DicomTls.cpp; measured on four releases.
 */
import cipherData from "../../../data/tls-ciphers.json" with { type: "json" };
import type { Tls } from "../../facts/facts.ts";
import type { Origin } from "../../facts/origin.ts";
import { tlsOff } from "../../facts/tls-off.ts";
import { and, isUnknown, type Maybe, map } from "../../facts/unknown.ts";
import { isDebian, type OrthancModel, since } from "./model.ts";

type CipherVerdict = "strong" | "acceptable" | "weak" | "broken" | "none";

const verdictOrder: readonly CipherVerdict[] = ["none", "strong", "acceptable", "weak", "broken"];
const verdictByName = new Map(cipherRows().map((row) => [row.openssl, row.verdict]));

function cipherRows(): readonly { readonly openssl: string | null; readonly verdict: CipherVerdict }[] {
  return cipherData.ciphers as readonly { openssl: string | null; verdict: CipherVerdict }[];
}

/** The worst verdict over OpenSSL names; a name that nobody knows adds nothing. */
function worstCipher(names: readonly string[]): CipherVerdict {
  let worst = 0;
  for (const name of names) worst = Math.max(worst, verdictOrder.indexOf(verdictByName.get(name) ?? "none"));
  return verdictOrder[worst] ?? "none";
}

/** The suites of HTTPS when SslCiphersAccepted is absent (main.cpp, since 1.8.2). */
const defaultHttpCiphers = [
  "ECDHE-ECDSA-AES256-GCM-SHA384",
  "ECDHE-ECDSA-AES256-SHA384",
  "ECDHE-RSA-AES256-GCM-SHA384",
  "ECDHE-RSA-AES128-GCM-SHA256",
  "ECDHE-RSA-AES256-SHA384",
  "ECDHE-RSA-AES128-SHA256",
  "ECDHE-RSA-AES128-SHA",
  "ECDHE-RSA-AES256-SHA",
  "DHE-RSA-AES256-SHA",
  "DHE-RSA-AES128-SHA",
  "AES256-SHA",
  "AES128-SHA",
];

/** SslMinimumProtocolVersion → oldest protocol (civetweb, ssl_protocol_version). */
const httpVersions = ["SSLv2", "SSLv3", "TLSv1", "TLSv1.1", "TLSv1.2", "TLSv1.3"];

/** DicomTlsMinimumProtocolVersion → oldest protocol; 0 is DCMTK's BCP 195 profile, which takes TLS 1.0 (measured). */
const dicomVersions = ["TLSv1", "SSLv3", "TLSv1", "TLSv1.1", "TLSv1.2", "TLSv1.3"];

/** A Tls with the origins of its parts, by JSON pointer. */
export interface SourcedTls {
  readonly tls: Tls;
  readonly origins: Readonly<Record<string, readonly Origin[]>>;
}

/** TLS of the HTTP server. */
export function httpTls(model: OrthancModel): SourcedTls {
  const { settings } = model;
  const enabled = settings.boolean("SslEnabled");
  const verify = since(model, "1.7.4")
    ? settings.boolean("SslVerifyPeers")
    : { value: false, origins: enabled.origins };
  const clientCertificate = map(and(enabled.value, verify.value), (asked) => (asked ? "required" : "none"));
  const origins = {
    "/tls": enabled.origins,
    "/tls/mode": enabled.origins,
    "/tls/clientCertificate": [...verify.origins, ...enabled.origins],
    "/tls/minVersion": settings.integer("SslMinimumProtocolVersion").origins,
    "/tls/ciphers": [settings.originOf(["SslCiphersAccepted"])],
    "/tls/cipherVerdict": [settings.originOf(["SslCiphersAccepted"])],
  };
  if (enabled.value === false) return { tls: tlsOff, origins };
  const ciphers = httpCiphers(model);
  const tls: Tls = {
    mode: map(enabled.value, (on) => (on ? "on" : "off")),
    encrypts: enabled.value,
    minVersion: isUnknown(enabled.value) ? enabled.value : httpMinimum(model, ciphers),
    ciphers,
    cipherVerdict: map(ciphers, (names) => worstCipher(names ?? [])),
    clientCertificate,
  };
  return { tls, origins };
}

function httpCiphers(model: OrthancModel): Maybe<readonly string[] | null> {
  if (!since(model, "1.8.2")) return null;
  if (model.settings.find(["SslCiphersAccepted"]) === undefined && model.settings.open === undefined)
    return defaultHttpCiphers;
  return model.settings.strings("SslCiphersAccepted").value;
}

/** A list of suites without one that is known leaves TLS 1.3, which it does not govern (measured on four releases). */
function httpMinimum(model: OrthancModel, ciphers: Maybe<readonly string[] | null>): Maybe<string> {
  const floor = isDebian(model) ? 4 : 0;
  if (!isUnknown(ciphers) && ciphers !== null && !ciphers.some((name) => verdictByName.has(name)))
    return "TLSv1.3";
  if (!since(model, "1.8.2")) return httpVersions[floor] ?? "SSLv2";
  return map(model.settings.integer("SslMinimumProtocolVersion").value, (number) => {
    return httpVersions[Math.max(floor, Math.min(number, httpVersions.length - 1))] ?? "TLSv1.3";
  });
}

/** TLS of the DICOM server. */
export function dicomTls(model: OrthancModel): SourcedTls {
  const { settings } = model;
  const enabled = settings.boolean("DicomTlsEnabled");
  const required = settings.boolean("DicomTlsRemoteCertificateRequired", true);
  const origins = {
    "/tls": enabled.origins,
    "/tls/mode": enabled.origins,
    "/tls/clientCertificate": [...required.origins, ...enabled.origins],
    "/tls/minVersion": settings.integer("DicomTlsMinimumProtocolVersion").origins,
    "/tls/ciphers": [settings.originOf(["DicomTlsCiphersAccepted"])],
    "/tls/cipherVerdict": [settings.originOf(["DicomTlsCiphersAccepted"])],
  };
  if (!since(model, "1.9.0") || enabled.value === false) return { tls: tlsOff, origins };
  const ciphers = since(model, "1.12.4") ? settings.strings("DicomTlsCiphersAccepted").value : null;
  const unasked = since(model, "1.12.4") ? "none" : "optional";
  const tls: Tls = {
    mode: map(enabled.value, (on) => (on ? "on" : "off")),
    encrypts: enabled.value,
    minVersion: isUnknown(enabled.value) ? enabled.value : dicomMinimum(model),
    ciphers,
    cipherVerdict: map(ciphers, (names) => worstCipher(names ?? [])),
    clientCertificate: since(model, "1.9.3")
      ? map(and(enabled.value, required.value), (asked) => (asked ? "required" : unasked))
      : map(enabled.value, () => "required"),
  };
  return { tls, origins };
}

/** Before 1.12.4 no option limits the version. Debian's OpenSSL has no SSLv3, and refuses 1.9.1 all but TLS 1.2 (measured). */
function dicomMinimum(model: OrthancModel): Maybe<string> {
  if (isDebian(model) && !since(model, "1.10.0")) return "TLSv1.2";
  if (!since(model, "1.12.4")) return "TLSv1";
  return map(model.settings.integer("DicomTlsMinimumProtocolVersion").value, (number) => {
    const oldest = dicomVersions[Math.min(number, 5)] ?? "TLSv1.3";
    return oldest === "SSLv3" && isDebian(model) ? "TLSv1" : oldest;
  });
}
