/** Attributes and variables that nothing knows: ignored without a word, so that the default applies (T30). */
import type { Service } from "../../deployment/model.ts";
import type { UnknownOptionFact } from "../../facts/facts.ts";
import { fromPlace } from "../../facts/origin.ts";
import { closestWord, isSlip } from "../spelling.ts";
import { type Fault, factBase, type Surroundings } from "./archive.ts";
import {
  attributeNames,
  catalogueClasses,
  classNames,
  imageVariables,
  isKnownAttribute,
} from "./catalogue.ts";
import type { ConfigAttribute, ConfigObject } from "./model.ts";

/** Unknown attributes of a device and its parts. */
export function unknownAttributes(device: ConfigObject, around: Surroundings): readonly UnknownOptionFact[] {
  const facts: UnknownOptionFact[] = [];
  const pending: ConfigObject[] = [device];
  for (let object = pending.pop(); object !== undefined; object = pending.pop()) {
    pending.push(...object.children);
    if (object.by === undefined && catalogueClasses.has(object.className.toLowerCase()))
      facts.push(...unknownIn(object, around));
  }
  return facts;
}

/** Only what looks like a slip: the catalogue holds one release, and not every class of it. */
function unknownIn(object: ConfigObject, around: Surroundings): readonly UnknownOptionFact[] {
  return [...object.attributes.values(), ...object.ignored].flatMap((attribute) => {
    if (!isOwn(attribute.name) || isKnownAttribute(attribute.name)) return [];
    const closest = closestWord(attribute.name, attributeNames);
    return closest === undefined ? [] : [attributeFact(object, attribute, closest, around)];
  });
}

/** Object classes that look like a slip: a directory refuses the entry. */
export function unknownClasses(device: ConfigObject): readonly Fault[] {
  const faults: Fault[] = [];
  const pending: ConfigObject[] = [device];
  for (let object = pending.pop(); object !== undefined; object = pending.pop()) {
    pending.push(...object.children);
    for (const value of object.attributes.get("objectclass")?.values ?? []) {
      const name = value.text.value;
      if (!isOwn(name) || catalogueClasses.has(name.toLowerCase())) continue;
      const closest = closestWord(name, classNames);
      if (closest === undefined || closest.toLowerCase() === name.toLowerCase()) continue;
      faults.push({
        message: `the object class ${name} does not exist: a directory refuses the entry`,
        expected: closest,
        effect: "syntax",
        origins: [fromPlace(value.at)],
      });
    }
  }
  return faults;
}

/** Names of dcm4chee and of DICOM; any other belongs to LDAP or to another product. */
function isOwn(name: string): boolean {
  return /^(?:dcm|dicom|hl7)/i.test(name);
}

function attributeFact(
  object: ConfigObject,
  attribute: ConfigAttribute,
  closest: string,
  around: Surroundings,
): UnknownOptionFact {
  const path = `${object.role} ${object.name}: ${attribute.name}`;
  const refused =
    object.form === "ldif"
      ? "a directory refuses the entry (undefined attribute type)"
      : "the archive skips it";
  const origins = [fromPlace(attribute.at)];
  return {
    kind: "unknownOption",
    ...factBase(around, "unknownOption", path),
    path,
    closest,
    effect: "none",
    consequence: refused,
    origins: { "": origins, "/path": origins, "/closest": origins },
  };
}

/** Names that people write for the ones that the image reads, where no slip of the pen explains them. */
const confused: Readonly<Record<string, readonly string[]>> = {
  LDAP_ADMIN_PASSWORD: ["LDAP_ROOTPASS"],
  LDAP_ROOT_PASSWORD: ["LDAP_ROOTPASS"],
  LDAP_PASSWORD: ["LDAP_ROOTPASS"],
  LDAP_CONFIG_PASSWORD: ["LDAP_CONFIGPASS"],
  POSTGRES_PASS: ["POSTGRES_PASSWORD"],
  // Keycloak up to 16 reads the names with DB, later ones and the archive do not.
  DB_PASSWORD: ["POSTGRES_PASSWORD", "KC_DB_PASSWORD"],
  DB_PASS: ["POSTGRES_PASSWORD", "KC_DB_PASSWORD"],
  DB_USER: ["POSTGRES_USER", "KC_DB_USERNAME"],
  DB_HOST: ["POSTGRES_HOST", "KC_DB_URL_HOST"],
  DB_ADDR: ["KC_DB_URL_HOST"],
  DB_VENDOR: ["KC_DB"],
  KEYSTORE_PASS: ["KEYSTORE_PASSWORD"],
  TRUSTSTORE_PASS: ["TRUSTSTORE_PASSWORD"],
  WILDFLY_ADMIN_PASS: ["WILDFLY_ADMIN_PASSWORD"],
  KEYCLOAK_URL: ["AUTH_SERVER_URL"],
};

/** The images that are built by dcm4che itself, under whatever registry: others have variables of their own. */
const ownImage = /(?:^|\/)dcm4che\//;

/** The variable that was meant, if any. */
function meantBy(name: string, known: readonly string[]): string | undefined {
  if (Object.hasOwn(confused, name)) return confused[name]?.find((meant) => known.includes(meant));
  const closest = closestWord(name, known);
  return closest !== undefined && isSlip(name.toUpperCase(), closest) ? closest : undefined;
}

/** Variables whose names look like one of the image's and are none. */
export function unknownVariables(
  service: Service,
  images: readonly string[],
  around: Surroundings,
): readonly UnknownOptionFact[] {
  const image = service.container?.image;
  if (image !== undefined && !ownImage.test(image.value)) return [];
  const known = images.flatMap(imageVariables);
  return [...service.environment.variables].flatMap(([name, variable]): UnknownOptionFact[] => {
    if (known.includes(name)) return [];
    const closest = meantBy(name, known);
    if (closest === undefined || !known.includes(closest)) return [];
    const origins = [fromPlace(variable.at)];
    const opens =
      /PASS|SECRET|KEY|AUTH|SSL|TLS|VERIF/.test(closest) && !service.environment.variables.has(closest);
    return [
      {
        kind: "unknownOption",
        ...factBase(around, "unknownOption", name),
        path: name,
        closest,
        effect: opens ? "opens" : "none",
        consequence: `the image does not read it: the default of ${closest} applies`,
        origins: { "": origins, "/path": origins, "/closest": origins },
      },
    ];
  });
}
