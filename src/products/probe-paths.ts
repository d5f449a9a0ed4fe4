/** Paths to ask about before a PACS: each leads to images, to a way of changing them, or to commands on the server. */

/** A name that no configuration has: what answers to it answers to any. */
export const probeHost = "any-name.invalid";

/** What lies behind a path. */
export interface ProbePath {
  readonly path: string;
  readonly method: "GET" | "POST" | "PUT" | "DELETE";
  readonly product: "orthanc" | "dcm4chee" | "any";
  readonly gives: Given;
  /** Only where this interface is switched on. */
  readonly needs?: "dicomweb" | "webdav";
}

/** What somebody gets behind a path; `control`: to restart or stop the server, `page`: no data by itself. */
export type Given =
  | "page"
  | "read"
  | "dicomweb"
  | "webdav"
  | "write"
  | "delete"
  | "execute"
  | "files"
  | "control";

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
  { path: "/studies/x", method: "DELETE", product: "orthanc", gives: "delete" },
  { path: "/instances", method: "POST", product: "orthanc", gives: "write" },
  { path: "/changes", method: "GET", product: "orthanc", gives: "read" },
  { path: "/exports", method: "GET", product: "orthanc", gives: "read" },
  { path: "/modalities", method: "GET", product: "orthanc", gives: "read" },
  { path: "/peers", method: "GET", product: "orthanc", gives: "read" },
  { path: "/jobs", method: "GET", product: "orthanc", gives: "read" },
  { path: "/plugins", method: "GET", product: "orthanc", gives: "read" },
  { path: "/dicom-web/studies", method: "GET", product: "orthanc", gives: "dicomweb", needs: "dicomweb" },
  { path: "/dicom-web/studies", method: "POST", product: "orthanc", gives: "write", needs: "dicomweb" },
  { path: "/wado", method: "GET", product: "any", gives: "read" },
  { path: "/webdav/", method: "GET", product: "orthanc", gives: "webdav", needs: "webdav" },
  { path: "/webdav/uploads/x.dcm", method: "PUT", product: "orthanc", gives: "write", needs: "webdav" },
  { path: "/tools/find", method: "POST", product: "orthanc", gives: "read" },
  { path: "/tools/execute-script", method: "POST", product: "orthanc", gives: "execute" },
  { path: "/tools/reset", method: "POST", product: "orthanc", gives: "control" },
  { path: "/tools/shutdown", method: "POST", product: "orthanc", gives: "control" },
  { path: "/instances/x/export", method: "POST", product: "orthanc", gives: "files" },
  { path: "/dcm4chee-arc/ui2/", method: "GET", product: "dcm4chee", gives: "page" },
  { path: "/dcm4chee-arc/aets", method: "GET", product: "dcm4chee", gives: "read" },
  { path: "/dcm4chee-arc/aets/DCM4CHEE/rs/studies", method: "GET", product: "dcm4chee", gives: "dicomweb" },
  { path: "/dcm4chee-arc/aets/DCM4CHEE/rs/studies", method: "POST", product: "dcm4chee", gives: "write" },
  {
    path: "/dcm4chee-arc/aets/DCM4CHEE/rs/studies/x",
    method: "DELETE",
    product: "dcm4chee",
    gives: "delete",
  },
  { path: "/dcm4chee-arc/aets/DCM4CHEE/wado", method: "GET", product: "dcm4chee", gives: "read" },
  { path: "/dcm4chee-arc/devices", method: "GET", product: "dcm4chee", gives: "read" },
  { path: "/dcm4chee-arc/devices/dcm4chee-arc", method: "PUT", product: "dcm4chee", gives: "execute" },
  { path: "/dcm4chee-arc/devices/dcm4chee-arc", method: "PUT", product: "dcm4chee", gives: "files" },
  { path: "/dcm4chee-arc/xdsi", method: "GET", product: "dcm4chee", gives: "read" },
  { path: "/dcm4chee-arc/ctrl/stop", method: "POST", product: "dcm4chee", gives: "control" },
];

/** The parts of the two products' interfaces that hold data, by how their paths begin. */
const dataPaths: readonly { readonly start: RegExp; readonly product: ProbePath["product"] }[] = [
  {
    start:
      /^\/(?:patients|studies|series|instances|changes|exports|queries|modalities|peers|jobs|plugins|system|statistics|tools|wado|webdav|dicom-web)(?:\/|$)/,
    product: "orthanc",
  },
  {
    start: /^\/dcm4chee-arc\/(?:aets|devices|monitor|ctrl|export|reject|query)(?:\/|$)/,
    product: "dcm4chee",
  },
  { start: /^\/(?:dcm4chee-web|wado|weasis-pacs-connector|jmx-console)(?:\/|$)/, product: "dcm4chee" },
];

/** What any path of a product gives, as far as its beginning tells. */
export function givenBy(path: string, method: string): readonly Omit<ProbePath, "method">[] {
  return dataPaths
    .filter(({ start }) => start.test(path))
    .map(({ product }) => ({ path, product, gives: givesOf(path, method), ...needOf(path) }));
}

function givesOf(path: string, method: string): Given {
  if (path.startsWith("/tools/execute-script")) return method === "GET" ? "page" : "execute";
  if (/^\/tools\/(?:reset|shutdown)/.test(path)) return method === "GET" ? "page" : "control";
  if (method === "DELETE") return path.startsWith("/dicom-web") ? "page" : "delete";
  if (method !== "GET" && !/^\/tools\/(?:find|lookup)/.test(path)) return "write";
  if (path.startsWith("/webdav")) return "webdav";
  return /^\/dicom-web|\/rs(?:\/|$)/.test(path) ? "dicomweb" : "read";
}

function needOf(path: string): Pick<ProbePath, "needs"> {
  if (path.startsWith("/dicom-web")) return { needs: "dicomweb" };
  return path.startsWith("/webdav") ? { needs: "webdav" } : {};
}
