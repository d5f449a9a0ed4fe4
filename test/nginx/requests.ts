/** The requests that every configuration of the judge is asked about. */
import type { Sent } from "../proxies/judge.ts";
import { requestsOver } from "../proxies/requests.ts";

const plain = [
  "/",
  "/orthanc",
  "/orthanc/",
  "/orthanc/studies",
  "/orthanc/studies/1?x=1&y=%20",
  "/dicom-web/studies",
  "/a/b/c",
  "/none",
];
const encoded = [
  "/orthanc%2Fstudies",
  "/%6Frthanc/studies",
  "/orthanc/a%20b%3Fc",
  "/orthanc/a+b",
  "/%2e%2e/orthanc/",
  "/orthanc/%zz",
  "/orthanc/%C3%A9",
];
const crooked = [
  "//orthanc//studies",
  "/orthanc/../dicom-web/studies",
  "/orthanc/./studies",
  "/x/..//orthanc/studies/..",
  "/../orthanc/",
  "/Orthanc/Studies",
  "/orthanc/studies/",
  "/orthanc/app.php",
  "/a/b.",
  "/orthanc/..a/...",
  "/secret/x",
  "/auth",
  "/errors/403",
  "/orthanc/#f",
];

/** Paths: plain, percent-encoded, with dots and double slashes, in other case. */
const paths: readonly string[] = [...plain, ...encoded, ...crooked];

/** Every path, asked at a port with or without TLS. */
export function requestsFor(port: number, options: Partial<Sent> = {}): readonly Sent[] {
  return requestsOver(paths, port, "OPTIONS", options);
}
