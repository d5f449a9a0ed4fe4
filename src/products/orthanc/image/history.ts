/**
 * What the builder image did otherwise in earlier releases.
 * Source: orthanc-server/orthanc-builder, docker/orthanc/{plugins-def,env-var-non-standards,orthanc-defaults}.json and
 * generateConfiguration.py at each tag from 20.4.2 to 26.8.1.
 */
import variableData from "../../../../data/orthanc/image-variables.json" with { type: "json" };
import type { Json } from "../../../facts/json.ts";
import { atLeast, before } from "../../version.ts";

/** From here on ORTHANC__ variables exist and one program makes the configuration. */
const firstRelease = "20.4.2";

/** What a release of the builder image does. */
export interface BuilderRelease {
  readonly substitutes: boolean;
  /** The line ends at the end of a secret are removed. */
  readonly trimsSecrets: boolean;
  /** Variables of the old names stop the start. */
  readonly refusesLegacyNames: boolean;
  /** ORTHANC_PASSWORD exists, and the start is refused when nobody could log in. */
  readonly needsUsers: boolean;
  readonly hasLogVariables: boolean;
  /** Names below ORTHANC__POSTGRESQL__, ORTHANC__MYSQL__ and ORTHANC__OHIF__ all reach their section. */
  readonly prefixes: boolean;
  readonly aliases: ReadonlyMap<string, string>;
  readonly legacy: ReadonlyMap<string, string>;
  readonly defaults: Readonly<Record<string, Json>>;
  readonly plugins: readonly BuilderPlugin[];
}

/** A plugin as the start script knows it. */
export interface BuilderPlugin {
  readonly name: string;
  readonly section: string;
  readonly variable: string;
  readonly legacyVariable?: string;
  readonly onlyByVariable?: boolean;
  readonly rootSetting?: string;
  readonly byDefault?: boolean;
  readonly defaults?: Readonly<Record<string, Json>>;
  readonly libraries: readonly string[];
}

/** The behaviour of a release of the builder image. */
export function builderRelease(release: string): BuilderRelease {
  const prefixes = atLeast(release, "25.11.1");
  return {
    substitutes: atLeast(release, "23.6.1"),
    trimsSecrets: atLeast(release, "20.10.1"),
    refusesLegacyNames: atLeast(release, "26.7.0"),
    needsUsers: atLeast(release, "26.7.0"),
    hasLogVariables: atLeast(release, "21.9.1"),
    prefixes,
    aliases: aliasesAt(release, prefixes),
    legacy: new Map(named("legacy")),
    defaults: {
      StorageDirectory: "/var/lib/orthanc/db",
      RemoteAccessAllowed: true,
      AuthenticationEnabled: true,
      HttpsCACertificates: "/etc/ssl/certs/ca-certificates.crt",
      Plugins: atLeast(release, "21.9.0")
        ? ["/run/orthanc/plugins", "/usr/share/orthanc/plugins"]
        : ["/usr/share/orthanc/plugins/"],
    },
    plugins: pluginsAt(release),
  };
}

function named(kind: "alias" | "legacy"): readonly (readonly [string, string])[] {
  return variableData.variables.flatMap(({ name, path, kind: own }) =>
    own === kind && path !== null ? [[name, path] as const] : [],
  );
}

const aliasSince: Readonly<Record<string, string>> = {
  OE2_ENABLED: "22.4.0",
  ORTHANC__ORTHANC_EXPLORER_2__IS_DEFAULT_ORTHANC_UI: "22.4.0",
  ORTHANC__ORTHANC_EXPLORER_2__ENABLE_LINK_TO_LEGACY_UI: "22.5.2",
  ORTHANC__POSTGRESQL: "22.12.1",
  ORTHANC__MYSQL: "22.12.1",
  ORTHANC__OHIF: "23.7.0",
  ORTHANC__MYSQL__SSL_CA_CERTIFICATES: "20.7.2",
};

/** Until 25.11.0 each name below the three sections was listed by itself; others went to Postgresql, Mysql and Ohif. */
const listedUntilPrefixes: readonly (readonly [
  since: string,
  prefix: string,
  section: string,
  names: string,
])[] = [
  [
    "20.4.2",
    "POSTGRESQL",
    "PostgreSQL",
    "EnableIndex EnableStorage Host Port Database Username Password EnableSsl Lock",
  ],
  [
    "20.4.2",
    "MYSQL",
    "MySQL",
    "EnableIndex EnableStorage Host Port UnixSocket Database Username Password Lock",
  ],
  ["20.7.2", "MYSQL", "MySQL", "EnableSsl SslVerifyServerCertificates"],
  [
    "21.6.0",
    "POSTGRESQL",
    "PostgreSQL",
    "ConnectionUri MaximumConnectionRetries ConnectionRetryInterval IndexConnectionsCount",
  ],
  ["21.6.0", "MYSQL", "MySQL", "MaximumConnectionRetries ConnectionRetryInterval IndexConnectionsCount"],
  ["23.7.0", "OHIF", "OHIF", "DataSource UserConfiguration RouterBasename Preload"],
  ["24.2.1", "POSTGRESQL", "PostgreSQL", "TransactionMode"],
  ["24.5.0", "POSTGRESQL", "PostgreSQL", "EnableVerboseLogs"],
];

/** The one listed name that does not follow from its option. */
const irregular: Readonly<Record<string, string>> = { RouterBasename: "ROUTER_BASE_NAME" };

function aliasesAt(release: string, prefixes: boolean): ReadonlyMap<string, string> {
  const aliases = new Map(
    named("alias").filter(([name]) => atLeast(release, aliasSince[name] ?? firstRelease)),
  );
  if (prefixes) return aliases;
  for (const [since, prefix, section, names] of listedUntilPrefixes) {
    if (before(release, since)) continue;
    for (const key of names.split(" ")) {
      const word = irregular[key] ?? key.replaceAll(/(?<=.)([A-Z])/gu, "_$1").toUpperCase();
      aliases.set(`ORTHANC__${prefix}__${word}`, `${section}.${key}`);
    }
  }
  return aliases;
}

const pluginSince: Readonly<Record<string, string>> = {
  AdvancedStorage: "25.6.3",
  AwsS3Storage: "22.2.0",
  AzureBlobStorage: "22.2.0",
  DelayedDeletion: "22.6.4",
  Education: "25.11.0",
  Gdcm: "20.5.3",
  GoogleCloudStorage: "22.2.0",
  Housekeeper: "22.5.1",
  Indexer: "21.9.2",
  Java: "24.6.2",
  MultitenantDicom: "23.4.0",
  Neuro: "22.4.0",
  Odbc: "21.8.1",
  Ohif: "23.6.1",
  OrthancExplorer2: "22.4.0",
  PixelsMasker: "25.12.1",
  STL: "24.4.0",
  StoneWebViewer: "20.12.0",
  Tcia: "21.9.0",
  VolView: "23.3.1",
};

function pluginsAt(release: string): readonly BuilderPlugin[] {
  const current: readonly BuilderPlugin[] = variableData.plugins;
  return current
    .filter((plugin) => atLeast(release, pluginSince[plugin.name] ?? firstRelease))
    .map((plugin) => earlier(plugin, release));
}

/** A plugin as an earlier release had it. */
function earlier(plugin: BuilderPlugin, release: string): BuilderPlugin {
  if (plugin.name === "OrthancExplorer2" && before(release, "25.6.3")) {
    const { byDefault, ...rest } = plugin;
    const defaults = { Enable: true, IsDefaultOrthancUI: false };
    return before(release, "22.5.2") || byDefault === undefined
      ? { ...rest, defaults }
      : { ...plugin, defaults };
  }
  if (plugin.name === "Worklists" && before(release, "25.11.1")) {
    const folder = before(release, "25.11.0") ? { Database: "/var/lib/orthanc/worklists" } : {};
    return { ...plugin, libraries: ["libModalityWorklists.so"], defaults: { Enable: true, ...folder } };
  }
  if (plugin.name === "Housekeeper" && before(release, "22.6.4"))
    return { ...plugin, defaults: { Enable: false } };
  return plugin;
}

/** Libraries that only the "-full" variant has, since there are two. */
export function onlyInFull(library: string, release: string): boolean {
  return (
    atLeast(release, "22.6.1") &&
    ["libOrthancAzureBlobStorage.so", "libOrthancGoogleCloudStorage.so", "libOrthancJava.so"].includes(
      library,
    )
  );
}
