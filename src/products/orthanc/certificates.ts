/**
 * The certificates that Orthanc presents and trusts, read where they lie.
 * Source: OrthancServer/Sources/main.cpp (which option is taken relative to what): Ssl… and HttpsCACertificates count from
 * the configuration's folder, DicomTls… from the working directory. Measured on four releases.
 */
import type { CertificateFact } from "../../facts/facts.ts";
import { isUnknown, type Maybe, unknown } from "../../facts/unknown.ts";
import { type Certificate, isAbsolute } from "../../sources/files.ts";
import { optionAt } from "./catalogue.ts";
import { configurationFolder } from "./filters.ts";
import type { OrthancModel } from "./model.ts";
import { isActedUpon } from "./relevance.ts";

type Use = CertificateFact["use"];

const options: readonly (readonly [option: string, use: Use])[] = [
  ["SslCertificate", "http-server"],
  ["SslTrustedClientCertificates", "http-clients"],
  ["DicomTlsCertificate", "dicom-server"],
  ["DicomTlsTrustedCertificates", "dicom-peers"],
  ["HttpsCACertificates", "https-authorities"],
];

/** The authorities that come with the system or the image: nobody looks after their dates. */
const systemAuthorities = new Set([
  "/etc/ssl/certs/ca-certificates.crt",
  "/etc/pki/tls/certs/ca-bundle.crt",
  "/etc/ssl/cert.pem",
]);

/** One fact for each certificate of a feature that is on, and one for a file in which there is none. */
export function certificateFacts(model: OrthancModel): readonly CertificateFact[] {
  return options.flatMap(([path, use]) => {
    const option = optionAt(path);
    const { value } = model.settings.string(path);
    if (option === undefined || isActedUpon(model, option) === false) return [];
    if (isUnknown(value) || value === null || value === "" || systemAuthorities.has(value)) return [];
    return certificatesOf(model, path, use, value);
  });
}

/** The folder from which a relative path of this option counts; null when it is not known. */
export function baseOf(model: OrthancModel, option: string): string | null {
  return optionAt(option)?.file === "cwd" ? model.service.workingDirectory : configurationFolder(model);
}

function certificatesOf(
  model: OrthancModel,
  option: string,
  use: Use,
  path: string,
): readonly CertificateFact[] {
  const found = model.service.lookup(path, baseOf(model, option));
  if (found.state === "unknown")
    return [
      fact(
        model,
        option,
        use,
        found.path,
        absent(unknown("input", "the certificate's file is not part of the input")),
      ),
    ];
  const read = model.context.files.read(found.path);
  if (found.state === "missing" || (!read.ok && read.reason === "absent"))
    return [fact(model, option, use, found.path, absent("missing"))];
  if (!read.ok)
    return [
      fact(
        model,
        option,
        use,
        found.path,
        absent(unknown("input", `the certificate's file cannot be read: ${read.message}`)),
      ),
    ];
  const certificates = presented(use, model.context.crypto.certificates(read.bytes));
  if (certificates.length === 0) return [fact(model, option, use, found.path, absent("not-a-certificate"))];
  return certificates.map((certificate, index) =>
    fact(model, option, use, found.path, details(certificate, model.context.now), index),
  );
}

/** More authorities than a site would choose by itself: the store of an operating system, whose upkeep is not ours. */
const storeSize = 20;

/** A server presents the first certificate of its file, the others are the chain to it. */
function presented(use: Use, certificates: readonly Certificate[]): readonly Certificate[] {
  if (use === "http-server" || use === "dicom-server") return certificates.slice(0, 1);
  return certificates.length > storeSize
    ? [newest(certificates)].filter((one) => one !== undefined)
    : certificates;
}

function newest(certificates: readonly Certificate[]): Certificate | undefined {
  return [...certificates].sort((left, right) => right.notAfter.getTime() - left.notAfter.getTime())[0];
}

type Details = Pick<
  CertificateFact,
  "state" | "expired" | "daysLeft" | "keyType" | "keyBits" | "signature" | "selfSigned" | "hasSubjectAltName"
>;

const day = 24 * 60 * 60 * 1000;

function details(certificate: Certificate, now: Date): Details {
  const left = certificate.notAfter.getTime() - now.getTime();
  return {
    state: "ok",
    expired: left < 0,
    daysLeft: Math.floor(left / day),
    keyType: certificate.keyType,
    keyBits: certificate.keyBits,
    signature: certificate.signature,
    selfSigned: certificate.subject === certificate.issuer,
    hasSubjectAltName: certificate.hasSubjectAltName,
  };
}

/** Nothing can be said of a certificate that was not seen. */
function absent(state: Maybe<"missing" | "not-a-certificate">): Details {
  const unseen = isUnknown(state)
    ? state
    : unknown(
        "input",
        state === "missing" ? "the certificate's file is not there" : "the file holds no certificate",
      );
  return {
    state,
    expired: unseen,
    daysLeft: unseen,
    keyType: unseen,
    keyBits: unseen,
    signature: unseen,
    selfSigned: unseen,
    hasSubjectAltName: unseen,
  };
}

function fact(
  model: OrthancModel,
  option: string,
  use: Use,
  path: string,
  known: Details,
  index = 0,
): CertificateFact {
  const { value, origins } = model.settings.string(option);
  const toProcess = optionAt(option)?.file === "cwd" && typeof value === "string" && !isAbsolute(value);
  return {
    kind: "certificate",
    id: `${model.service.name}/certificate/${option}${index === 0 ? "" : `-${index + 1}`}`,
    service: model.service.name,
    product: "orthanc",
    path,
    use,
    ...known,
    relativeToProcess: toProcess,
    origins: {
      "": origins,
      "/path": origins,
      "/state": origins,
      "/expired": origins,
      "/relativeToProcess": origins,
    },
  };
}
