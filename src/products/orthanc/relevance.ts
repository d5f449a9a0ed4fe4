/**
 * Which options a server acts upon, with the features that are on.
 * Source: OrthancServer/Sources/main.cpp at 1.13.0 (what is read under which condition); the plugins' sources.
 */
import { and, type Maybe, map, not, or } from "../../facts/unknown.ts";
import { compareVersions } from "../version.ts";
import { type CatalogueOption, isKnownAt } from "./catalogue.ts";
import type { OrthancModel } from "./model.ts";
import { plugin } from "./plugins.ts";
import { isRead } from "./types.ts";
import { deriveLogin } from "./users.ts";

/** Whether the option has any effect here: known to the release, its feature on, its plugin loaded and active. */
export function isActedUpon(model: OrthancModel, option: CatalogueOption): Maybe<boolean> {
  if (!isKnownAt(option, model.version) || isRemoved(option, model.version)) return false;
  const condition = conditions[option.path] ?? inheritedCondition(option.path);
  const own = condition === undefined ? true : condition(model);
  if (option.section !== "core") return and(pluginActs(model, option.path), own);
  return and(isRead(option.path, model.settings), own);
}

/** Whether the release no longer reads the option. */
export function isRemoved(option: CatalogueOption, version: string): boolean {
  return (
    option.until !== null && option.versionOf === "orthanc" && compareVersions(version, option.until) > 0
  );
}

type Condition = (model: OrthancModel) => Maybe<boolean>;

const whenOn =
  (...keys: readonly string[]): Condition =>
  (model) =>
    and(...keys.map((key) => model.settings.boolean(key).value));

const inFile =
  (key: string): Condition =>
  (model) =>
    not(model.settings.boolean(key).value);

/** DICOM over TLS, as a server or towards a listed node. */
const dicomTlsUsed: Condition = (model) => {
  const { settings, modalities } = model;
  return or(
    and(settings.boolean("DicomServerEnabled").value, settings.boolean("DicomTlsEnabled").value),
    ...modalities.map((modality) => modality.tls),
  );
};

const dicomTlsServer = whenOn("DicomServerEnabled", "DicomTlsEnabled");

const loginAsked: Condition = (model) =>
  and(
    model.settings.boolean("HttpServerEnabled").value,
    deriveLogin(model.settings).authentication.value,
    not(plugin(model.plugins, "education").active),
  );

const storageLimited: Condition = (model) =>
  or(
    ...["MaximumStorageSize", "MaximumPatientCount"].map((key) =>
      map(model.settings.integer(key).value, (limit) => limit !== 0),
    ),
  );

const conditions: Readonly<Record<string, Condition>> = {
  RegisteredUsers: loginAsked,
  "RegisteredUsers.*": loginAsked,
  HttpPort: whenOn("HttpServerEnabled"),
  SslVerifyPeers: whenOn("SslEnabled"),
  SslTrustedClientCertificates: whenOn("SslEnabled", "SslVerifyPeers"),
  HttpsCACertificates: whenOn("HttpsVerifyPeers"),
  DicomPort: whenOn("DicomServerEnabled"),
  DicomCheckModalityHost: whenOn("DicomServerEnabled"),
  StrictAetComparison: whenOn("DicomServerEnabled"),
  UnknownSopClassAccepted: whenOn("DicomServerEnabled"),
  DicomTlsCertificate: dicomTlsUsed,
  DicomTlsPrivateKey: dicomTlsUsed,
  DicomTlsTrustedCertificates: dicomTlsUsed,
  DicomTlsRemoteCertificateRequired: dicomTlsUsed,
  DicomTlsMinimumProtocolVersion: dicomTlsServer,
  DicomTlsCiphersAccepted: dicomTlsServer,
  MaximumStorageMode: storageLimited,
  DicomModalities: inFile("DicomModalitiesInDatabase"),
  OrthancPeers: inFile("OrthancPeersInDatabase"),
  "DicomWeb.Servers": inFile("DicomWeb.ServersInDatabase"),
};

/** What holds for a list holds for its entries; what they allow matters to callers only. */
function inheritedCondition(path: string): Condition | undefined {
  const list = ["DicomModalities", "OrthancPeers", "DicomWeb.Servers"].find((name) =>
    path.startsWith(`${name}.`),
  );
  const outer = list === undefined ? undefined : conditions[list];
  if (outer === undefined || !/^DicomModalities\.\*\.Allow(?!Transcoding)/u.test(path)) return outer;
  return (model) => and(outer(model), model.settings.boolean("DicomServerEnabled").value);
}

/** A plugin's switch counts once it is loaded, everything else only while the switch is on. */
function pluginActs(model: OrthancModel, path: string): Maybe<boolean> {
  const section = path.split(".")[0] ?? path;
  const states = model.plugins.filter((state) => state.sections.includes(section));
  if (states.length === 0) return true;
  const loaded = or(...states.map((state) => state.loaded));
  if (path === section || isSwitch(path) || path === "PythonScript") return loaded;
  return or(...states.map((state) => state.active), and(loaded, storesInDatabase(model, section)));
}

/** "DicomWeb.Enable", "Education.Enabled", "PostgreSQL.EnableIndex": the switch of a whole plugin. */
function isSwitch(path: string): boolean {
  return /^[^.]+\.Enabled?(?:Index|Storage)?$/u.test(path);
}

/** The database plugins can hold the files alone. */
function storesInDatabase(model: OrthancModel, section: string): Maybe<boolean> {
  const value = model.settings.find([section, "EnableStorage"]);
  if (value === undefined) return false;
  return model.settings.boolean(`${section}.EnableStorage`).value;
}
