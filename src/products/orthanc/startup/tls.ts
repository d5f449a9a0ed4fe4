/** Settings of TLS that keep Orthanc from starting, or end it. */
import type { Origin } from "../../../facts/origin.ts";
import { isUnknown } from "../../../facts/unknown.ts";
import { configurationFolder } from "../filters.ts";
import type { Fault } from "../load.ts";
import { isDebian, type OrthancModel, since } from "../model.ts";
import { isMissing, refusal } from "./refusal.ts";

/** HTTPS, and the certificates of its clients. */
export function httpTlsFaults(model: OrthancModel): readonly Fault[] {
  const { settings } = model;
  const enabled = settings.boolean("SslEnabled");
  if (settings.boolean("HttpServerEnabled").value !== true || enabled.value !== true) return [];
  return [
    ...debianTlsFault(model, enabled.origins),
    ...serverCertificateFaults(model),
    ...clientFaults(model),
  ];
}

function serverCertificateFaults(model: OrthancModel): readonly Fault[] {
  const { value, origins } = model.settings.string("SslCertificate");
  const base = configurationFolder(model);
  if (typeof value !== "string") return [];
  if (isMissing(model, value, base)) {
    const message = "SslEnabled is on and the file of SslCertificate is not there: Orthanc refuses to start";
    return [refusal(message, "a PEM file with certificate and private key", ...origins)];
  }
  if (!lacksPart(model, value, base, ["CERTIFICATE", "PRIVATE KEY"])) return [];
  return [
    refusal(
      "The file of SslCertificate does not hold both certificate and private key: Orthanc refuses to start",
      "certificate and private key in one PEM file",
      ...origins,
    ),
  ];
}

/** The authorities that the certificates of clients are held against. */
function clientFaults(model: OrthancModel): readonly Fault[] {
  const { settings } = model;
  if (!since(model, "1.7.4") || settings.boolean("SslVerifyPeers").value !== true) return [];
  const { value, origins } = settings.string("SslTrustedClientCertificates");
  const base = configurationFolder(model);
  if (typeof value !== "string") return [];
  if (!isMissing(model, value, base) && !lacksPart(model, value, base, ["CERTIFICATE"])) return [];
  return [
    refusal(
      "SslVerifyPeers is on and there is no trusted certificate in SslTrustedClientCertificates: Orthanc refuses to start",
      "a PEM file with the certificates of the clients",
      ...origins,
    ),
  ];
}

/** Debian's builds from 1.10.1 on die at the first TLS handshake; 1.9.1 needs a library that is not installed. */
function debianTlsFault(model: OrthancModel, origins: readonly Origin[]): readonly Fault[] {
  if (!isDebian(model)) return [];
  const message = since(model, "1.10.0")
    ? "Debian's package of Orthanc dies at the first HTTPS connection of anybody, before any login"
    : "Debian's package of Orthanc 1.9.1 starts with SslEnabled only where an unversioned libssl.so is installed";
  return [{ message, expected: "SslEnabled: false, with TLS in a reverse proxy", effect: "crash", origins }];
}

/** Whether a file that can be read lacks one of these PEM sections. */
function lacksPart(
  model: OrthancModel,
  path: string,
  base: string | null,
  parts: readonly string[],
): boolean {
  const found = model.service.lookup(path, base);
  if (found.state !== "found") return false;
  const opened = model.context.sources.open(found.path);
  if (!opened.ok) return opened.reason === "binary";
  const { value } = opened.source.text;
  return parts.some((part) => !new RegExp(`-----BEGIN [A-Z ]*${part}-----`, "u").test(value));
}

/** DICOM over TLS; files that are named are opened even while it is off (key and certificate as a pair). */
export function dicomTlsFaults(model: OrthancModel): readonly Fault[] {
  if (!since(model, "1.9.0")) return [];
  const { settings } = model;
  const path = (key: string): string | null => {
    const { value } = settings.string(key);
    return typeof value === "string" && value !== "" ? value : null;
  };
  const parts: TlsParts = {
    DicomTlsCertificate: path("DicomTlsCertificate"),
    DicomTlsPrivateKey: path("DicomTlsPrivateKey"),
    DicomTlsTrustedCertificates: path("DicomTlsTrustedCertificates"),
  };
  const isOn =
    settings.boolean("DicomServerEnabled").value === true &&
    settings.boolean("DicomTlsEnabled").value === true;
  return [
    ...missingTlsFiles(model, parts),
    ...(isOn ? [...missingTlsParts(model, parts), ...dicomCipherFaults(model)] : []),
  ];
}

/** Options that name a file → that file; null where it is not set. */
interface TlsParts {
  readonly DicomTlsCertificate: string | null;
  readonly DicomTlsPrivateKey: string | null;
  readonly DicomTlsTrustedCertificates: string | null;
}

function missingTlsFiles(model: OrthancModel, parts: TlsParts): readonly Fault[] {
  const { DicomTlsTrustedCertificates, ...pair } = parts;
  const isPair = Object.values(pair).every((path) => path !== null);
  const opened = { DicomTlsTrustedCertificates, ...(isPair ? pair : {}) };
  return Object.entries(opened).flatMap(([option, path]) => {
    if (path === null || !isMissing(model, path, model.service.workingDirectory)) return [];
    return [
      refusal(
        `The file of ${option} is not there: Orthanc refuses to start, even while DICOM TLS is off`,
        "the path of a file that exists, best an absolute one",
        model.settings.originOf([option]),
      ),
    ];
  });
}

function missingTlsParts(model: OrthancModel, parts: TlsParts): readonly Fault[] {
  const { settings } = model;
  const required = settings.boolean("DicomTlsRemoteCertificateRequired", true).value;
  const needsTrusted = !since(model, "1.12.4") || required === true;
  return Object.entries(parts).flatMap(([option, path]) => {
    if (path !== null || isUnknown(settings.string(option).value)) return [];
    if (option === "DicomTlsTrustedCertificates" && !needsTrusted) return [];
    return [
      refusal(
        `DicomTlsEnabled is on without ${option}: Orthanc refuses to start`,
        `the path of a PEM file in ${option}`,
        settings.originOf([option]),
        ...settings.boolean("DicomTlsEnabled").origins,
      ),
    ];
  });
}

function dicomCipherFaults(model: OrthancModel): readonly Fault[] {
  if (!since(model, "1.12.4")) return [];
  const { settings } = model;
  const version = settings.integer("DicomTlsMinimumProtocolVersion");
  const ciphers = settings.strings("DicomTlsCiphersAccepted");
  if (isUnknown(ciphers.value) || ciphers.value === null || ciphers.value.length === 0 || version.value !== 0)
    return [];
  return [
    refusal(
      "DicomTlsCiphersAccepted cannot be used while DicomTlsMinimumProtocolVersion is 0: Orthanc refuses to start",
      "DicomTlsMinimumProtocolVersion 4 or 5, or no list of ciphers",
      ...ciphers.origins,
      ...version.origins,
    ),
  ];
}
