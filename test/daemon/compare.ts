import { DICOM_OPERATIONS } from "./agent/protocol.ts";
import type { Case } from "./case.ts";
import { HTTP_PROBES } from "./measure.ts";
import type { Observed, ObservedTls } from "./observe.ts";
import type { Predicted, PredictedListener } from "./predict.ts";

/** One thing that was both predicted and measured. */
export interface Comparison {
  /** As in the report, without the names of AE titles. */
  field: string;
  /** The AE title, where the field is about one. */
  title?: string;
  predicted: unknown;
  observed: unknown;
  agrees: boolean;
  /** Why a difference is none. */
  excuse?: string;
}

/** A reason to let a difference pass. The list is short, and every use of it is counted. */
interface Excuse {
  reason: string;
  field: RegExp;
  applies(comparison: Comparison, observed: Observed): boolean;
}

const EXCUSES: readonly Excuse[] = [
  {
    reason: "nobody can log in from anywhere, so whether other hosts are barred besides cannot be seen",
    field: /^http\.reach$/,
    applies: ({ predicted }, { http }) => http.auth?.lockedOut === true && predicted === "network",
  },
];

/** Compares field by field. What cannot be seen, because the server is not there, is not compared. */
export function compare(predicted: Predicted | string, observed: Observed, test: Case): Comparison[] {
  const result: Comparison[] = [];
  const check = (field: string, said: unknown, seen: unknown, title?: string) => {
    const comparison: Comparison = {
      field,
      predicted: said,
      observed: seen,
      agrees: said === seen,
      ...(title === undefined ? {} : { title }),
    };
    const excuse = comparison.agrees
      ? undefined
      : EXCUSES.find((e) => e.field.test(field) && e.applies(comparison, observed));
    if (excuse !== undefined) Object.assign(comparison, { agrees: true, excuse: excuse.reason });
    result.push(comparison);
    return said === seen;
  };
  const verdict = typeof predicted === "string" ? `none: ${predicted}` : predicted.startup.verdict;
  if (!check("startup", verdict, observed.startup) || observed.startup === "refuses") return result;
  if (typeof predicted === "string") return result;
  const http = predicted.listeners.find(({ protocol }) => protocol === "http");
  const dicom = predicted.listeners.find(({ protocol }) => protocol === "dicom");
  compareHttp(check, http, observed);
  compareDicom(check, dicom, observed, test);
  return result;
}

type Check = (field: string, said: unknown, seen: unknown, title?: string) => boolean;

function compareHttp(check: Check, said: PredictedListener | undefined, { http }: Observed): void {
  const agrees = check("http.reach", said?.reach, http.reach);
  if (said === undefined || (!agrees && http.auth?.lockedOut !== true) || http.reach === "none") return;
  check("http.port", said.port, http.port);
  compareTls(check, "http", said, http.tls);
  check("http.auth.mode", said.auth?.mode, http.auth?.mode);
  check("http.auth.defaultCredentials", said.auth?.defaultCredentials, http.auth?.defaultCredentials);
  if (said.auth?.lockedOut !== undefined) {
    check("http.auth.lockedOut", said.auth.lockedOut, http.auth?.lockedOut);
  }
  for (const probe of HTTP_PROBES) {
    check(`http.anonymous.${probe}`, said.anonymous?.[probe], http.anonymous?.[probe]);
  }
}

function compareDicom(
  check: Check,
  said: PredictedListener | undefined,
  { dicom }: Observed,
  test: Case,
): void {
  const agrees = check("dicom.reach", said?.reach, dicom.reach);
  if (said === undefined || !agrees || dicom.reach === "none") return;
  check("dicom.port", said.port, dicom.port);
  compareTls(check, "dicom", said, dicom.tls);
  for (const operation of DICOM_OPERATIONS) {
    check(`dicom.unknownPeer.${operation}`, said.unknownPeer?.[operation], dicom.unknownPeer?.[operation]);
  }
  for (const title of Object.keys(test.titles)) {
    // A title that the report does not list is said to be like any other.
    const peer = said.spoofedPeer?.[title] ?? said.unknownPeer;
    for (const operation of DICOM_OPERATIONS) {
      const seen = dicom.spoofedPeer?.[title]?.[operation];
      check(`dicom.spoofedPeer.${operation}`, peer?.[operation], seen, title);
    }
  }
  for (const title of Object.keys(said.spoofedPeer ?? {})) {
    if (test.titles[title] === undefined)
      check("dicom.spoofedPeer", title, "no such title in this configuration", title);
  }
}

function compareTls(
  check: Check,
  protocol: string,
  said: PredictedListener,
  seen: ObservedTls | undefined,
): void {
  if (!check(`${protocol}.tls.mode`, said.tls?.mode, seen?.mode) || seen?.mode !== "on") return;
  check(`${protocol}.tls.minVersion`, fullVersion(said.tls?.minVersion), fullVersion(seen.minVersion));
  check(`${protocol}.tls.clientCertificate`, said.tls?.clientCertificate, seen.clientCertificate);
}

/** OpenSSL calls version 1.0 just "TLSv1". */
function fullVersion(version: unknown): unknown {
  return version === "TLSv1" ? "TLSv1.0" : version;
}
