/**
 * The application entities of the archive: who may call them, and what they provide.
 * Sources: LdapDicomConfiguration.java:1607-1636, ApplicationEntity.java:89 (dcm4che 5.35.0).
 */
import type { DicomOperations } from "../../facts/facts.ts";
import { labelled, type Origin } from "../../facts/origin.ts";
import { and, isUnknown, knownOr, type Maybe, map } from "../../facts/unknown.ts";
import { type Connection, connectionsOf, type References, referencesOf } from "./connections.ts";
import { dnKey } from "./dn.ts";
import { type ConfigObject, hasClass, partsOf } from "./model.ts";
import {
  booleanSetting,
  type Effective,
  listSetting,
  optionalBoolean,
  originsOf,
  textSetting,
} from "./settings.ts";

/** An application entity as the server uses it. */
export interface Entity {
  readonly object: ConfigObject;
  readonly title: string;
  readonly references: References;
  /** Installed and an acceptor. */
  readonly accepts: Maybe<boolean>;
  readonly acceptsBecause: readonly Origin[];
  readonly callers: Effective<readonly string[]>;
  readonly hostChecked: Effective<boolean>;
  readonly userIdentity: Effective<string | null>;
  readonly abilities: DicomOperations;
  /** No transfer capability is listed: the usual ones of an archive are taken for granted. */
  readonly abilitiesAssumed: boolean;
  /** The steps of the archive apply to it: user identity, host of the caller, access control. */
  readonly isArchive: boolean;
}

/** Read once for each device: a directory may list thousands, and every release asks again. */
const read = new WeakMap<ConfigObject, readonly Entity[]>();

/** Reads the application entities of a device. */
export function entitiesOf(device: ConfigObject): readonly Entity[] {
  const known = read.get(device);
  if (known !== undefined) return known;
  const connections = connectionsOf(device);
  const objects = partsOf(device, "ae");
  const entities = objects.map((object) => readEntity(object, device, objects, connections));
  read.set(device, entities);
  return entities;
}

function readEntity(
  object: ConfigObject,
  device: ConfigObject,
  all: readonly ConfigObject[],
  connections: readonly Connection[],
): Entity {
  // Absent means FALSE to the LDAP loader and TRUE to the JSON loader (LdapDicomConfiguration.java:1621, ApplicationEntity.java:89).
  const acceptor = booleanSetting(object, "dicomAssociationAcceptor", object.form === "json");
  const installed = optionalBoolean(object, "dicomInstalled");
  const archive = archiveSettings(object, device);
  const services = capabilities(object, all);
  return {
    object,
    title: object.name,
    references: referencesOf(object, connections, object.form === "ldif" ? dnKey : (text) => text),
    accepts: and(
      acceptor.value,
      map(installed.value, (flag) => flag !== false),
    ),
    acceptsBecause: installed.value === false ? installed.origins : acceptor.origins,
    callers: listSetting(object, "dcmAcceptedCallingAETitle"),
    ...archive,
    ...services,
  };
}

/** A setting of the archive: the entity's own where it has one, else the device's. */
export function archiveSetting<T>(
  object: ConfigObject,
  device: ConfigObject,
  read: (from: ConfigObject) => Effective<T>,
): Effective<T> {
  const own = read(object);
  if (!own.isDefault) return own;
  const shared = read(device);
  return isUnknown(own.value) && shared.isDefault ? own : shared;
}

function archiveSettings(
  object: ConfigObject,
  device: ConfigObject,
): Pick<Entity, "hostChecked" | "userIdentity" | "isArchive"> {
  const isArchive = !object.complete || hasClass(object, "dcmArchiveNetworkAE");
  if (!isArchive) {
    const origins = originsOf(object).map((origin) =>
      labelled(origin, "without dcmArchiveNetworkAE the archive checks nothing"),
    );
    return {
      isArchive,
      hostChecked: { value: false, origins, isDefault: true },
      userIdentity: { value: "NOT_SUPPORTED", origins, isDefault: true },
    };
  }
  return {
    isArchive,
    hostChecked: archiveSetting(object, device, (from) =>
      booleanSetting(from, "dcmValidateCallingAEHostname", false),
    ),
    userIdentity: archiveSetting(object, device, (from) =>
      textSetting(from, "dcmUserIdentityNegotiation", "SUPPORTS"),
    ),
  };
}

const everything: DicomOperations = {
  echo: true,
  store: true,
  find: true,
  findWorklist: true,
  get: true,
  move: true,
};

/** The services that the entity provides, by its transfer capabilities or those that it shares. */
function capabilities(
  object: ConfigObject,
  all: readonly ConfigObject[],
): Pick<Entity, "abilities" | "abilitiesAssumed"> {
  const shared = textSetting(object, "dcmShareTransferCapabilitiesFromAETitle").value;
  const source =
    isUnknown(shared) || shared === null ? object : (all.find((other) => other.name === shared) ?? object);
  const listed = partsOf(source, "transferCapability");
  if (listed.length === 0 && (!source.complete || hasClass(source, "dcmArchiveNetworkAE"))) {
    return { abilities: everything, abilitiesAssumed: true };
  }
  const classes = listed.flatMap((capability) => {
    const role = knownOr(textSetting(capability, "dicomTransferRole").value, "SCP");
    const uid = knownOr(textSetting(capability, "dicomSOPClass").value, null);
    return role === "SCP" && uid !== null ? [uid] : [];
  });
  const has = (pattern: RegExp): boolean => classes.some((uid) => uid === "*" || pattern.test(uid));
  return {
    abilitiesAssumed: false,
    // SOP classes of DICOM PS3.4: verification, storage, query/retrieve (patient, study, composite), modality worklist.
    abilities: {
      echo: has(/^1\.2\.840\.10008\.1\.1$/),
      store: has(/^1\.2\.840\.10008\.5\.1\.4\.1\.1\.|^1\.2\.840\.10008\.5\.1\.4\.34\.7$/),
      find: has(/^1\.2\.840\.10008\.5\.1\.4\.1\.2\.[123]\.1$/),
      move: has(/^1\.2\.840\.10008\.5\.1\.4\.1\.2\.[1234]\.2$/),
      get: has(/^1\.2\.840\.10008\.5\.1\.4\.1\.2\.[12345]\.3$/),
      findWorklist: has(/^1\.2\.840\.10008\.5\.1\.4\.31$/),
    },
  };
}
