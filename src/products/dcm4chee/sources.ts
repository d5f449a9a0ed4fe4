/** The files of an archive, read once and sorted by kind. */

import type { Service } from "../../deployment/model.ts";
import { type Dcm4cheeKind, recogniseDcm4chee } from "../../sources/dcm4chee-kinds.ts";
import { type PropertiesResult, readProperties } from "../../sources/properties.ts";
import type { SourceFile } from "../../sources/source.ts";
import { contentOf, renderedPath } from "../../sources/templates.ts";
import { readXml } from "../../sources/xml/read.ts";
import type { XmlElement } from "../../sources/xml/tree.ts";
import type { Text } from "../../text/text.ts";
import type { Directory } from "./directory.ts";
import type { ConfigObject, DeviceProblem } from "./model.ts";
import { readDevicesJson } from "./read-json.ts";
import { readDevicesLdif } from "./read-ldif.ts";

/** A file with what it was taken for. */
export interface KnownFile {
  readonly path: string;
  readonly kind: Dcm4cheeKind;
  readonly text: Text;
}

/** Everything that the files of one archive say. */
export interface ArchiveFiles {
  readonly files: readonly KnownFile[];
  readonly devices: readonly ConfigObject[];
  /** All LDIF files together, for users and groups. */
  readonly directory: Directory | undefined;
  /** slapd's own configuration. */
  readonly configuration: Directory | undefined;
  readonly xml: readonly { readonly file: KnownFile; readonly root: XmlElement }[];
  readonly properties: readonly { readonly file: KnownFile; readonly result: PropertiesResult }[];
  readonly problems: readonly DeviceProblem[];
}

const deviceKinds: readonly Dcm4cheeKind[] = [
  "dcm4chee-ldif",
  "dcm4chee-ldif-changes",
  "dcm4chee-users-ldif",
  "dcm4chee-ui-ldif",
  "ldap-base-ldif",
];
const propertyKinds: readonly Dcm4cheeKind[] = [
  "ldap-properties",
  "wildfly-users",
  "jboss-users",
  "keycloak-conf",
];

/** Read once for each service, whatever the number of releases that are considered. */
const read = new WeakMap<Service["configuration"], ArchiveFiles>();

/** The files of a service. */
export function filesOf({ configuration }: Pick<Service, "configuration">): ArchiveFiles {
  const known = read.get(configuration);
  if (known !== undefined) return known;
  const files = readFiles(configuration.flatMap((source) => source.files));
  read.set(configuration, files);
  return files;
}

/** Recognises and reads the files. */
function readFiles(sources: readonly SourceFile[]): ArchiveFiles {
  const files = sources.flatMap((source): KnownFile[] => {
    const text = renderedPath(source.path) === source.path ? source.text : contentOf(source);
    const kind = recogniseDcm4chee(text, source.path);
    return kind === undefined ? [] : [{ path: source.path, kind, text }];
  });
  const problems: DeviceProblem[] = [];
  const ldif = files.filter((file) => deviceKinds.includes(file.kind));
  const fromLdif = ldif.length === 0 ? undefined : readDevicesLdif(ldif.map((file) => file.text));
  const fromJson = files
    .filter((file) => file.kind === "dcm4chee-device-json")
    .map((file) => readDevicesJson(file.text));
  problems.push(...(fromLdif?.problems ?? []), ...fromJson.flatMap((read) => read.problems));
  const slapd = files.filter((file) => file.kind === "slapd-config-ldif");
  const configuration = slapd.length === 0 ? undefined : readDevicesLdif(slapd.map((file) => file.text));
  problems.push(...(configuration?.problems ?? []));
  return {
    files,
    devices: [...(fromLdif?.devices ?? []), ...fromJson.flatMap((read) => read.devices)],
    directory: fromLdif?.directory,
    configuration: configuration?.directory,
    xml: files.flatMap((file) => readXmlFile(file, problems)),
    properties: files.flatMap((file) => {
      if (!propertyKinds.includes(file.kind)) return [];
      const result = readProperties(file.text);
      problems.push(...result.errors.map((error) => ({ kind: "syntax" as const, ...error })));
      return [{ file, result }];
    }),
    problems,
  };
}

function readXmlFile(
  file: KnownFile,
  problems: DeviceProblem[],
): readonly { readonly file: KnownFile; readonly root: XmlElement }[] {
  if (!/-xml$|^jboss-(?:login-config|mbeans|datasource)$/.test(file.kind)) return [];
  // The files of JBoss 4 name their DTD; those of WildFly have none.
  const { root, errors } = readXml(file.text, {
    doctype: file.kind.startsWith("wildfly") ? "refuse" : "external",
  });
  problems.push(...errors.map((error) => ({ kind: "syntax" as const, ...error })));
  return root === undefined ? [] : [{ file, root }];
}
