/** Security settings of the archive device and of its entities as option facts: effective values and their defaults. */
import type { OptionFact } from "../../facts/facts.ts";
import { isUnknown, map } from "../../facts/unknown.ts";
import { factBase, type Surroundings } from "./archive.ts";
import { type ConfigObject, hasClass, partsOf } from "./model.ts";
import { booleanSetting, type Effective, integerSetting, listSetting, textSetting } from "./settings.ts";

type Kind =
  | { readonly boolean: boolean }
  | { readonly integer: number }
  | { readonly text: string | null; readonly values?: readonly string[] };

interface Policy {
  readonly name: string;
  readonly kind: Kind;
  /** May be set for an entity too, where it wins. */
  readonly perEntity: boolean;
}

const policy = (name: string, kind: Kind, perEntity = true): Policy => ({ name, kind, perEntity });

/**
 * The settings with a bearing on security, with their defaults in code.
 * Source: LdapArchiveConfiguration.java:652-991 and ArchiveDeviceExtension.java, dcm4chee-arc-light 5.35.0.
 */
const policies: readonly Policy[] = [
  policy("dcmOverwritePolicy", {
    text: "NEVER",
    values: ["NEVER", "ALWAYS", "SAME_SOURCE", "EVEN_WITH_EQUAL_DIGEST"],
  }),
  policy("dcmRelationalMismatchPolicy", {
    text: "IGNORE",
    values: ["IGNORE", "REJECT", "OVERWRITE", "STORE_ADDITIONALLY"],
  }),
  policy("dcmRecordAttributeModification", { boolean: true }),
  policy("dcmAcceptMissingPatientID", { text: "CREATE", values: ["YES", "NO", "CREATE"] }),
  policy("dcmAcceptConflictingPatientID", { text: "MERGED", values: ["YES", "NO", "MERGED"] }),
  policy("dcmValidateCallingAEHostname", { boolean: false }),
  policy("dcmUserIdentityNegotiation", {
    text: "SUPPORTS",
    values: ["NOT_SUPPORTED", "SUPPORTS", "REQUIRED"],
  }),
  policy("dcmUserIdentityNegotiationRole", { text: null }),
  policy("dcmUserIdentityNegotiationKeycloakClientID", { text: null }),
  policy("dcmQueryMaxNumberOfResults", { integer: 0 }),
  policy("dcmQidoMaxNumberOfResults", { integer: 0 }),
  policy("dcmStorePermissionServiceURL", { text: null }),
  policy("dcmAllowRejectionForDataRetentionPolicyExpired", {
    text: "EXPIRED_UNSET",
    values: ["NEVER", "ALWAYS", "EXPIRED_UNSET", "ONLY_EXPIRED"],
  }),
  policy("dcmAllowDeleteStudyPermanently", { text: "REJECTED", values: ["ALWAYS", "REJECTED"] }),
  policy("dcmAllowDeletePatient", {
    text: "WITHOUT_STUDIES",
    values: ["NEVER", "ALWAYS", "WITHOUT_STUDIES"],
  }),
  policy("dcmRestrictRetrieveSilently", { boolean: false }),
  policy("dcmLimitOpenAssociations", { integer: 0 }, false),
  policy("dcmDeletePatientOnDeleteLastStudy", { boolean: false }, false),
  policy(
    "dcmShowPatientInfoInSystemLog",
    { text: "PLAIN_TEXT", values: ["PLAIN_TEXT", "HASH_NAME", "HASH_NAME_AND_ID"] },
    false,
  ),
  policy(
    "dcmShowPatientInfoInAuditLog",
    { text: "PLAIN_TEXT", values: ["PLAIN_TEXT", "HASH_NAME", "HASH_NAME_AND_ID"] },
    false,
  ),
  policy("dcmUnzipVendorDataToURI", { text: null }, false),
  policy("dcmXDSiImagingDocumentSourceAETitle", { text: null }, false),
  policy("dcmProxyUpstreamURL", { text: null }, false),
  policy("dcmRemapRetrieveURL", { text: null }, false),
  policy("dcmValidateUID", { boolean: true }, false),
];

/** The values that an enumeration accepts, by attribute: any other stops the configuration from loading. */
export const enumerations: ReadonlyMap<string, readonly string[]> = new Map(
  policies.flatMap(({ name, kind }) =>
    "text" in kind && kind.values !== undefined ? [[name, kind.values] as const] : [],
  ),
);

/** The policies of an archive device, and those that its entities set for themselves. */
export function policyFacts(device: ConfigObject, around: Surroundings): readonly OptionFact[] {
  const archive = hasClass(device, "dcmArchiveDevice") || !device.complete;
  const shared = archive ? policies.map((entry) => optionFact(entry, device, entry.name, around)) : [];
  const own = partsOf(device, "ae").flatMap((entity) =>
    policies.flatMap((entry) =>
      entry.perEntity && entity.attributes.has(entry.name.toLowerCase())
        ? [optionFact(entry, entity, `${entity.name}.${entry.name}`, around)]
        : [],
    ),
  );
  const all = [
    ...shared,
    ...own,
    ...storageOptions(device, around),
    ...connectionOptions(device, around),
    ...outgoingOptions(device, around),
  ];
  // Of a device that the files only change, what they do not set says nothing.
  return all.filter((fact) => !(fact.isDefault && isUnknown(fact.value)));
}

function read(entry: Policy, object: ConfigObject): Effective<unknown> {
  if ("boolean" in entry.kind) return booleanSetting(object, entry.name, entry.kind.boolean);
  if ("integer" in entry.kind) return integerSetting(object, entry.name, entry.kind.integer);
  return textSetting(object, entry.name, entry.kind.text);
}

function optionFact(entry: Policy, object: ConfigObject, path: string, around: Surroundings): OptionFact {
  return optionOf(path, entry.name, read(entry, object), around);
}

/** A setting as a fact; `catalogue`: its name without those that the site chose. */
export function optionOf(
  path: string,
  catalogue: string,
  setting: Effective<unknown>,
  around: Surroundings,
): OptionFact {
  return {
    kind: "option",
    ...factBase(around, "option", path),
    path,
    catalogue,
    value: setting.value,
    isDefault: setting.isDefault,
    read: true,
    security: true,
    issue: null,
    origins: { "": setting.origins, "/value": setting.origins },
  };
}

/** Storage: where it writes, how paths are made, whether digests are kept, whether it deletes. */
function storageOptions(device: ConfigObject, around: Surroundings): readonly OptionFact[] {
  return partsOf(device, "storage").flatMap((storage) => {
    const at = (name: string, setting: Effective<unknown>): OptionFact =>
      optionOf(`dcmStorage.${storage.name}.${name}`, `dcmStorage.*.${name}`, setting, around);
    const format = textSetting(storage, "dcmStoragePathFormat");
    return [
      at("dcmURI", textSetting(storage, "dcmURI")),
      at("dcmDigestAlgorithm", textSetting(storage, "dcmDigestAlgorithm")),
      at("dcmReadOnly", booleanSetting(storage, "dcmReadOnly", false)),
      at("dcmNoDeletionConstraint", booleanSetting(storage, "dcmNoDeletionConstraint", false)),
      at("dcmStoragePathFormat", format),
      // "../" leads out of the storage (GHSA-rf29-xp3v-4wp3).
      at("dcmStoragePathFormat.escapes", {
        ...format,
        value: map(format.value, (text) => text !== null && /(?:^|\/)\.\.(?:\/|$)/.test(text)),
      }),
    ];
  });
}

/** Timeouts of listening connections (absent means without limit), and what connections with TLS leave unchecked. */
function connectionOptions(device: ConfigObject, around: Surroundings): readonly OptionFact[] {
  return partsOf(device, "connection").flatMap((connection) => {
    const at = (name: string, setting: Effective<unknown>): OptionFact =>
      optionOf(`connection.${connection.name}.${name}`, `connection.*.${name}`, setting, around);
    const listening = connection.attributes.has("dicomport") ? ["dcmAARQTimeout", "dcmIdleTimeout"] : [];
    const tls = connection.attributes.has("dicomtlsciphersuite")
      ? [
          at(
            "dcmTLSEndpointIdentificationAlgorithm",
            textSetting(connection, "dcmTLSEndpointIdentificationAlgorithm"),
          ),
        ]
      : [];
    const blocked = connection.attributes.has("dcmblacklistedhostname")
      ? [at("dcmBlacklistedHostname", listSetting(connection, "dcmBlacklistedHostname"))]
      : [];
    return [...listening.map((name) => at(name, integerSetting(connection, name, 0))), ...tls, ...blocked];
  });
}

/** Links to other servers: clients of Keycloak and exporters, with the checks that they switch off. */
function outgoingOptions(device: ConfigObject, around: Surroundings): readonly OptionFact[] {
  const clients = partsOf(device, "keycloakClient").flatMap((client) => {
    const at = (name: string, setting: Effective<unknown>): OptionFact =>
      optionOf(`keycloakClient.${client.name}.${name}`, `keycloakClient.*.${name}`, setting, around);
    return [
      at("dcmURI", textSetting(client, "dcmURI")),
      at("dcmKeycloakGrantType", textSetting(client, "dcmKeycloakGrantType", "client_credentials")),
      at("dcmTLSAllowAnyHostname", booleanSetting(client, "dcmTLSAllowAnyHostname", false)),
      at("dcmTLSDisableTrustManager", booleanSetting(client, "dcmTLSDisableTrustManager", false)),
    ];
  });
  const exporters = partsOf(device, "exporter").flatMap((exporter) => {
    const properties = listSetting(exporter, "dcmProperty");
    const unchecked = {
      ...properties,
      value: map(properties.value, (list) =>
        list.some((text) => /^TLS\.disableCNCheck\s*=\s*true$/i.test(text)),
      ),
    };
    return [
      optionOf(
        `dcmExporter.${exporter.name}.dcmURI`,
        "dcmExporter.*.dcmURI",
        textSetting(exporter, "dcmURI"),
        around,
      ),
      optionOf(
        `dcmExporter.${exporter.name}.TLS.disableCNCheck`,
        "dcmExporter.*.TLS.disableCNCheck",
        unchecked,
        around,
      ),
    ];
  });
  return [...clients, ...exporters];
}
