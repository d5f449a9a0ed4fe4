/**
 * Wrong types: which keys stop the start, which are noticed late, which never.
 * Source: the calls of Get…Parameter in OrthancServer/Sources at 1.9.1, 1.10.1, 1.12.7 and 1.13.0, and measurements on
 * these four releases.
 */
import { type Maybe, not } from "../../facts/unknown.ts";
import type { Tree } from "../../sources/tree.ts";
import { atLeast, before } from "../version.ts";
import { type CatalogueOption, catalogue } from "./catalogue.ts";
import type { Settings } from "./settings.ts";

/** What a wrong type comes to. */
export type TypeEffect = "refuses" | "late" | "ignored";

/** An option whose value has a type that the server does not take. */
export interface WrongType {
  readonly option: CatalogueOption;
  readonly tree: Tree;
  readonly effect: TypeEffect;
}

/** Read only while the HTTP server is on. */
const httpOnly = new Set([
  "HttpDescribeErrors",
  "HttpThreadsCount",
  "HttpBindAddresses",
  "RemoteAccessAllowed",
  "KeepAlive",
  "KeepAliveTimeout",
  "HttpCompressionEnabled",
  "TcpNoDelay",
  "HttpRequestTimeout",
  "MaximumRequestBodySizeMB",
  "MaximumFileSizeInArchiveMB",
  "AuthenticationEnabled",
  "RegisteredUsers",
  "SslEnabled",
  "SslVerifyPeers",
  "ExecuteLuaEnabled",
  "RestApiWriteToFileSystemEnabled",
  "WebDavEnabled",
  "OrthancExplorerEnabled",
]);

/** Read only while the DICOM server is on. */
const dicomOnly = new Set([
  "DicomCheckCalledAet",
  "DicomScpTimeout",
  "DicomThreadsCount",
  "DicomTlsEnabled",
  "DicomTlsMinimumProtocolVersion",
  "DicomTlsCiphersAccepted",
  "MaximumPduLength",
  "DicomAlwaysAllowEcho",
  "DicomAlwaysAllowStore",
  "DicomAlwaysAllowFind",
  "DicomAlwaysAllowFindWorklist",
  "DicomAlwaysAllowGet",
  "DicomAlwaysAllowMove",
]);

/** Read only while another switch is on. */
const onlyWhen: Readonly<Record<string, string>> = {
  SslCertificate: "SslEnabled",
  SslMinimumProtocolVersion: "SslEnabled",
  SslCiphersAccepted: "SslEnabled",
  SslTrustedClientCertificates: "SslVerifyPeers",
  WebDavDeleteAllowed: "WebDavEnabled",
  WebDavUploadAllowed: "WebDavEnabled",
  DeidentifyLogsDicomVersion: "DeidentifyLogs",
};

/** Not looked at while the database has the list (measured on four releases). */
const replacedBy: Readonly<Record<string, string>> = {
  DicomModalities: "DicomModalitiesInDatabase",
  OrthancPeers: "OrthancPeersInDatabase",
};

/** Read when a request needs them, not at the start. */
const readLate = new Set(["DicomCheckModalityHost", "StrictAetComparison"]);

/** Not noticed at the start, up to the release named here; null is never noticed. */
const unnoticedBefore: Readonly<Record<string, string | null>> = {
  Name: null,
  CaseSensitivePN: null,
  DefaultPrivateCreator: null,
  DicomEchoChecksFind: null,
  Dictionary: null,
  IngestTranscodingOfUncompressed: null,
  IngestTranscodingOfCompressed: null,
  LogExportedResources: null,
  SynchronousCMove: null,
  SynchronousZipStream: null,
  MaximumPatientCount: "1.12.11",
  MaximumStorageSize: "1.12.11",
  MaximumStorageMode: null,
  MaximumStorageCacheSize: "1.13.0",
  ZipLoaderThreads: "1.13.0",
};

/** Options of the core whose value has a type that the server does not take. */
export function wrongTypes(settings: Settings): readonly WrongType[] {
  const result: WrongType[] = [];
  for (const option of catalogue) {
    if (option.section !== "core" || option.path.includes(".") || !settings.knows(option.path)) continue;
    const tree = settings.find([option.path]);
    if (tree === undefined || acceptsTree(option, tree, settings.version)) continue;
    result.push({ option, tree, effect: effectOf(option.path, settings) });
  }
  return result;
}

function effectOf(path: string, settings: Settings): TypeEffect {
  const { version } = settings;
  if (readLate.has(path)) return "late";
  const noticed = unnoticedBefore[path];
  if (noticed === null || (noticed !== undefined && before(version, noticed))) return "ignored";
  if (path === "OverwriteInstances" && atLeast(version, "1.13.0")) return "ignored";
  if (
    path === "DicomTlsCertificate" &&
    atLeast(version, "1.13.0") &&
    settings.find(["DicomTlsPrivateKey"]) === undefined
  )
    return "ignored";
  const read = isRead(path, settings);
  return read === true ? "refuses" : "ignored";
}

/** Whether the start looks at the key with these settings. */
export function isRead(path: string, settings: Settings): Maybe<boolean> {
  if (httpOnly.has(path)) return settings.boolean("HttpServerEnabled").value;
  if (dicomOnly.has(path)) return settings.boolean("DicomServerEnabled").value;
  const replacement = replacedBy[path];
  if (replacement !== undefined) return not(settings.boolean(replacement).value);
  const condition = onlyWhen[path];
  if (condition !== undefined) {
    if (settings.boolean(condition).value === false) return false;
    return isRead(condition, settings);
  }
  return true;
}

/** Whether the server takes a value of this type. An unknown value without quotes may be anything. */
export function acceptsTree(option: CatalogueOption, tree: Tree, version: string): boolean {
  const types =
    option.path === "OverwriteInstances" && before(version, "1.13.0") ? ["boolean"] : option.type.split("|");
  if (tree.kind === "unknown") return !tree.quoted || types.includes("string");
  return types.some((type) => {
    if (type === "integer") return tree.kind === "number" && tree.integer;
    if (type === "number") return tree.kind === "number";
    return type === tree.kind;
  });
}
