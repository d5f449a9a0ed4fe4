/**
 * Keys and trusted authorities of a device, as Device.java:1089-1215 (dcm4che 5.35.0) finds them: the trust store wins over
 * listed certificates, and without either every authority of the Java installation is trusted.
 */
import type { KeystoreFact } from "../../facts/facts.ts";
import { labelled } from "../../facts/origin.ts";
import { and, isUnknown, type Maybe, map, or, unknown } from "../../facts/unknown.ts";
import { textAt } from "../../text/text.ts";
import { type Fault, factBase, type Surroundings } from "./archive.ts";
import type { Connection } from "./connections.ts";
import { resolveExpressions, unresolved } from "./expressions.ts";
import type { ConfigObject } from "./model.ts";
import { imagePaths } from "./sample-keys.ts";
import { type Effective, listSetting, originsOf, textSetting, written } from "./settings.ts";

/** Where the distribution puts its sample: any other file is the site's own. */
const sampleNames = /(?:^|[/}])keystores?\/(?:key|cacerts)\.(?:p12|jks)$/;

/** The stores of a device. */
export function keystoreFacts(
  device: ConfigObject,
  connections: readonly Connection[],
  around: Surroundings,
): readonly KeystoreFact[] {
  const guarded = or(
    false,
    ...connections.map((connection) =>
      and(
        connection.listens,
        map(connection.tls.clientCertificate, (need) => need === "required"),
      ),
    ),
  );
  const all = [...identityFact(device, connections, around), trustFact(device, guarded, around)];
  // Of a device that the files only change, a store that they do not set says nothing.
  return device.complete ? all : all.filter((fact) => fact.source === "file");
}

/** A path with its variables resolved. */
function pathOf(
  setting: Effective<string | null>,
  object: ConfigObject,
  around: Surroundings,
): Maybe<string | null> {
  if (isUnknown(setting.value) || setting.value === null) return setting.value;
  const { text } = resolveExpressions(textAt(setting.value, object.at), around.lookup);
  const hole = unresolved(text);
  return hole === undefined ? text.value.replace(/^file:(?:\/\/)?/, "") : unknown("input", hole.reason);
}

function isSample(path: Maybe<string | null>, around: Surroundings): Maybe<boolean> {
  if (isUnknown(path)) return path;
  if (path === null) return false;
  const seen = around.isSampleKey(path);
  if (seen !== undefined) return seen;
  if (around.inContainer) return imagePaths.test(path);
  return sampleNames.test(path) ? unknown("input", `${path} is not among the files`) : false;
}

function identityFact(
  device: ConfigObject,
  connections: readonly Connection[],
  around: Surroundings,
): readonly KeystoreFact[] {
  const url = textSetting(device, "dcmKeyStoreURL");
  const used = connections.some((connection) => connection.tls.mode === "on" && connection.listens !== false);
  if (url.value === null && !used) return [];
  const path = pathOf(url, device, around);
  return [
    {
      kind: "keystore",
      ...factBase(around, "keystore", "identity"),
      use: "identity",
      source: map(url.value, (value) => (value === null ? "missing" : "file")),
      path,
      sample: isSample(path, around),
      public: false,
      guards: false,
      presented: used,
      origins: { "": url.origins, "/source": url.origins, "/path": url.origins, "/sample": url.origins },
    },
  ];
}

function trustFact(device: ConfigObject, guards: Maybe<boolean>, around: Surroundings): KeystoreFact {
  const url = textSetting(device, "dcmTrustStoreURL");
  const listed = listSetting(device, "dicomAuthorizedNodeCertificateReference");
  const path = pathOf(url, device, around);
  const source = trustSource(url, listed, path);
  const java = url.origins.map((origin) =>
    labelled(origin, "without a trust store Java's own authorities are trusted"),
  );
  const origins = url.value !== null ? url.origins : source === "listed" ? listed.origins : java;
  return {
    kind: "keystore",
    ...factBase(around, "keystore", "trust"),
    use: "trust",
    source,
    path,
    sample: source === "file" ? isSample(path, around) : false,
    public: source === "file" ? isSample(path, around) : map(source, (from) => from === "java"),
    guards,
    presented: false,
    origins: {
      "": origins,
      "/source": origins,
      "/path": url.origins,
      "/sample": origins,
      "/public": origins,
      "/guards": originsOf(device),
    },
  };
}

function trustSource(
  url: Effective<string | null>,
  listed: Effective<readonly string[]>,
  path: Maybe<string | null>,
): KeystoreFact["source"] {
  if (isUnknown(url.value)) return url.value;
  if (url.value === null)
    return map(listed.value, (references) => (references.length > 0 ? "listed" : "java"));
  const name = isUnknown(path) ? url.value : (path ?? "");
  return /(?:^|\/)cacerts$/.test(name) ? "java" : "file";
}

/** A store of which type or pin is missing: IllegalStateException when the first TLS connection is made (Device.java:1089). */
export function keystoreFaults(device: ConfigObject, connections: readonly Connection[]): readonly Fault[] {
  const used = connections.some((connection) => connection.tls.mode === "on" && connection.listens === true);
  if (!used || !device.complete) return [];
  return (["KeyStore", "TrustStore"] as const).flatMap((store): Fault[] => {
    const url = written(device, `dcm${store}URL`);
    if (url === undefined) return store === "TrustStore" ? [] : [missingStore(device)];
    const missing = [
      ...(written(device, `dcm${store}Type`) === undefined ? [`dcm${store}Type`] : []),
      ...(written(device, `dcm${store}Pin`) === undefined &&
      written(device, `dcm${store}PinProperty`) === undefined
        ? [`dcm${store}Pin`]
        : []),
    ];
    if (missing.length === 0) return [];
    const message = `dcm${store}URL is set without ${missing.join(" and ")}: TLS connections fail`;
    return [
      {
        message,
        expected: `${missing.join(" and ")} beside dcm${store}URL`,
        effect: "start",
        origins: originsOf(device),
      },
    ];
  });
}

function missingStore(device: ConfigObject): Fault {
  return {
    message: "connections with TLS have no key store: no handshake succeeds",
    expected: "dcmKeyStoreURL, dcmKeyStoreType and dcmKeyStorePin",
    effect: "start",
    origins: originsOf(device),
  };
}
