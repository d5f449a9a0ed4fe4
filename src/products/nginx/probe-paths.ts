/** Paths to ask about before a PACS: each leads to images, to a way of changing them, or to commands on the server. */

/** What lies behind a path. */
export interface ProbePath {
  readonly path: string;
  readonly method: "GET" | "POST" | "PUT";
  readonly product: "orthanc" | "dcm4chee" | "any";
  /** What somebody gets there. */
  readonly gives: "page" | "read" | "write" | "execute" | "files";
}

/**
 * Orthanc: the REST API (core and plugins DICOMweb, WADO, OHIF, Stone, Explorer 2), WebDAV of the core, scripts and
 * restarts under /tools. dcm4chee-arc 5: /dcm4chee-arc/aets and /ui2. Older archives: /wado.
 */
export const probePaths: readonly ProbePath[] = [
  { path: "/", method: "GET", product: "any", gives: "page" },
  { path: "/app/explorer.html", method: "GET", product: "orthanc", gives: "page" },
  { path: "/ui/app/", method: "GET", product: "orthanc", gives: "page" },
  { path: "/ohif/", method: "GET", product: "orthanc", gives: "page" },
  { path: "/stone-webviewer/index.html", method: "GET", product: "orthanc", gives: "page" },
  { path: "/system", method: "GET", product: "orthanc", gives: "read" },
  { path: "/patients", method: "GET", product: "orthanc", gives: "read" },
  { path: "/studies", method: "GET", product: "orthanc", gives: "read" },
  { path: "/instances", method: "POST", product: "orthanc", gives: "write" },
  { path: "/changes", method: "GET", product: "orthanc", gives: "read" },
  { path: "/exports", method: "GET", product: "orthanc", gives: "read" },
  { path: "/modalities", method: "GET", product: "orthanc", gives: "read" },
  { path: "/peers", method: "GET", product: "orthanc", gives: "read" },
  { path: "/jobs", method: "GET", product: "orthanc", gives: "read" },
  { path: "/plugins", method: "GET", product: "orthanc", gives: "read" },
  { path: "/dicom-web/studies", method: "GET", product: "orthanc", gives: "read" },
  { path: "/dicom-web/studies", method: "POST", product: "orthanc", gives: "write" },
  { path: "/wado", method: "GET", product: "any", gives: "read" },
  { path: "/webdav/", method: "GET", product: "orthanc", gives: "read" },
  { path: "/webdav/uploads/x.dcm", method: "PUT", product: "orthanc", gives: "write" },
  { path: "/tools/find", method: "POST", product: "orthanc", gives: "read" },
  { path: "/tools/execute-script", method: "POST", product: "orthanc", gives: "execute" },
  { path: "/tools/reset", method: "POST", product: "orthanc", gives: "execute" },
  { path: "/tools/shutdown", method: "POST", product: "orthanc", gives: "execute" },
  { path: "/instances/x/export", method: "POST", product: "orthanc", gives: "files" },
  { path: "/dcm4chee-arc/ui2/", method: "GET", product: "dcm4chee", gives: "page" },
  { path: "/dcm4chee-arc/aets", method: "GET", product: "dcm4chee", gives: "read" },
  { path: "/dcm4chee-arc/aets/DCM4CHEE/rs/studies", method: "GET", product: "dcm4chee", gives: "read" },
  { path: "/dcm4chee-arc/aets/DCM4CHEE/rs/studies", method: "POST", product: "dcm4chee", gives: "write" },
  { path: "/dcm4chee-arc/aets/DCM4CHEE/wado", method: "GET", product: "dcm4chee", gives: "read" },
  { path: "/dcm4chee-arc/devices", method: "GET", product: "dcm4chee", gives: "read" },
  { path: "/dcm4chee-arc/ctrl/stop", method: "POST", product: "dcm4chee", gives: "execute" },
];
