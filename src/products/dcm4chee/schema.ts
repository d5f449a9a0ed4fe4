/**
 * The part of dcm4che's schema that both readers share: which auxiliary class holds which attribute, hence what the
 * loaders skip when the class is absent from an LDAP entry or the object from a JSON device.
 * Sources: dicom.schema and dcm4che.schema of dcm4che 5.35.0; LdapDicomConfiguration.java:1470-1636,
 * JsonConfiguration.java:139-700 (5.35.0).
 */

/** What an object of the configuration is. */
export type Role =
  | "device"
  | "connection"
  | "ae"
  | "transferCapability"
  | "webApp"
  | "keycloakClient"
  | "hl7Application"
  | "auditLogger"
  | "auditRepository"
  | "storage"
  | "exporter"
  | "other";

const roles: Readonly<Record<string, Role>> = {
  dicomdevice: "device",
  dicomnetworkconnection: "connection",
  dicomnetworkae: "ae",
  dicomtransfercapability: "transferCapability",
  dcmwebapp: "webApp",
  dcmkeycloakclient: "keycloakClient",
  hl7application: "hl7Application",
  dcmauditlogger: "auditLogger",
  dcmauditrecordrepository: "auditRepository",
  dcmstorage: "storage",
  dcmexporter: "exporter",
};

/** The role that a structural object class gives. */
export function roleOf(className: string): Role | undefined {
  return roles[className.toLowerCase()];
}

/** An auxiliary class: in LDAP a further objectClass, in JSON a nested object of the same name. */
export interface Auxiliary {
  readonly name: string;
  /** The class that must be there too. */
  readonly inside: string | null;
  /** Its attributes in lower case; null: all that the classes before it do not claim. */
  readonly attributes: ReadonlySet<string> | null;
}

const names = (list: string): ReadonlySet<string> => new Set(list.toLowerCase().split(/\s+/));

/** By role, outer class first. */
export const auxiliaries: Readonly<Partial<Record<Role, readonly Auxiliary[]>>> = {
  device: [
    {
      name: "dcmDevice",
      inside: null,
      attributes: names(
        `dcmLimitOpenAssociations dcmLimitAssociationsInitiatedBy dcmTrustStoreURL dcmTrustStoreType dcmTrustStorePin
         dcmTrustStorePinProperty dcmKeyStoreURL dcmKeyStoreType dcmKeyStorePin dcmKeyStorePinProperty dcmKeyStoreKeyPin
         dcmKeyStoreKeyPinProperty dcmTimeZoneOfDevice dcmArcDevExt dcmRoleSelectionNegotiationLenient`,
      ),
    },
    { name: "dcmArchiveDevice", inside: "dcmDevice", attributes: null },
  ],
  connection: [{ name: "dcmNetworkConnection", inside: null, attributes: null }],
  ae: [
    {
      name: "dcmNetworkAE",
      inside: null,
      attributes: names(
        `dcmAcceptedCallingAETitle dcmOtherAETitle dcmNoAsyncModeCalledAETitle dcmMasqueradeCallingAETitle
         dcmMasqueradeCalledAETitle dcmShareTransferCapabilitiesFromAETitle dcmPreferredTransferSyntax
         dcmRoleSelectionNegotiationLenient hl7ApplicationName`,
      ),
    },
    { name: "dcmArchiveNetworkAE", inside: "dcmNetworkAE", attributes: null },
  ],
  hl7Application: [
    {
      name: "",
      inside: null,
      attributes: names(
        `hl7ApplicationName hl7AcceptedSendingApplication hl7OtherApplicationName hl7AcceptedMessageType
         hl7DefaultCharacterSet hl7SendingCharacterSet hl7OptionalMSHField dicomApplicationCluster dicomDescription
         dicomNetworkConnectionReference dicomInstalled`,
      ),
    },
    { name: "dcmArchiveHL7Application", inside: null, attributes: null },
  ],
};

/** Attributes that no object class gates: those of DICOM PS3.15 Annex H, names and what LDAP itself keeps. */
function isStructural(name: string): boolean {
  return /^(?:dicom|objectclass$|cn$|uid$|description$|usercertificate$|structuralobjectclass$|entry|create|modif|creators)/.test(
    name,
  );
}

/** The auxiliary class that must be there for the loaders to read an attribute of a role; undefined when none is needed. */
export function gateOf(role: Role, attribute: string): Auxiliary | undefined {
  if (isStructural(attribute)) return undefined;
  const found = auxiliaries[role]?.find(
    (auxiliary) => auxiliary.attributes === null || auxiliary.attributes.has(attribute),
  );
  return found?.name === "" ? undefined : found;
}

/** The JSON members that nest an object's own attributes instead of holding a child. */
export function isAuxiliary(name: string): boolean {
  return Object.values(auxiliaries).some((list) => list?.some((auxiliary) => auxiliary.name === name));
}
