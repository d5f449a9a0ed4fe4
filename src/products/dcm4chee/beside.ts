/** What the files beside an archive say: web applications, users, the directory's configuration, realms, properties. */
import type { Problem, Service } from "../../deployment/model.ts";
import type { Fact } from "../../facts/facts.ts";
import type { Maybe } from "../../facts/unknown.ts";
import type { ObjectTree } from "../../sources/tree.ts";
import type { Surroundings } from "./archive.ts";
import { keycloakConfFacts, keycloakConfSecrets } from "./keycloak-conf.ts";
import { ldapPropertiesFacts, ldapSecrets } from "./ldap-properties.ts";
import { propertyUsers } from "./legacy/jboss.ts";
import { readRealms, realmTrees } from "./realm.ts";
import type { Secret } from "./secrets.ts";
import { slapdFacts, slapdSecrets } from "./slapd/facts.ts";
import type { ArchiveFiles } from "./sources.ts";
import { hashNotes, userSecrets } from "./users.ts";
import { archiveAccounts } from "./web-side.ts";
import { webAppFact } from "./web-xml.ts";
import { cliSecrets } from "./wildfly/cli.ts";

/** Files that stand beside an archive: web applications, users, the directory's configuration, a realm. */
export function otherFacts(
  files: ArchiveFiles,
  service: Service,
  around: Surroundings,
  usersLogIn: Maybe<boolean> | undefined,
): readonly Fact[] {
  return [
    ...webAppFacts(files, around),
    ...archiveAccounts(files, service, around, usersLogIn),
    ...(files.configuration === undefined ? [] : slapdFacts(files.configuration, around)),
    ...files.files.flatMap((file) =>
      file.kind === "keycloak-realm" ? readRealms(file.text, around).facts : [],
    ),
    ...files.properties.flatMap(({ file, result }): readonly Fact[] => {
      if (file.kind === "keycloak-conf") return keycloakConfFacts(result, around);
      if (file.kind === "ldap-properties") return ldapPropertiesFacts(result, around);
      return propertyUsers(
        result,
        file.kind === "wildfly-users" ? "WildFly management" : "JBoss console",
        around,
      );
    }),
  ];
}

function webAppFacts(files: ArchiveFiles, around: Surroundings): readonly Fact[] {
  const folder = (path: string): string => path.slice(0, path.lastIndexOf("/") + 1);
  return files.xml.flatMap(({ file, root }): Fact[] => {
    if (file.kind !== "web-xml") return [];
    const beside = files.xml.find(
      (other) => other.file.kind === "jboss-web-xml" && folder(other.file.path) === folder(file.path),
    );
    return [webAppFact(root, beside?.root, file.path, around)];
  });
}

/** What cannot be judged, with its place. */
export function notes(files: ArchiveFiles, around: Surroundings): readonly Problem[] {
  return [
    ...files.files.flatMap((file) =>
      file.kind === "keycloak-realm" ? readRealms(file.text, around).notes : [],
    ),
    ...(files.directory === undefined ? [] : hashNotes(files.directory)),
  ];
}

/** The realms among the files. */
export function realmsOf(files: ArchiveFiles): readonly ObjectTree[] {
  return files.files.flatMap((file) => (file.kind === "keycloak-realm" ? realmTrees(file.text) : []));
}

/** The secrets in the files beside the archive's own: the directory, realms, properties. */
export function fileSecrets(files: ArchiveFiles, around: Surroundings): readonly Secret[] {
  return [
    ...(files.directory === undefined ? [] : userSecrets(files.directory, around)),
    ...(files.configuration === undefined ? [] : slapdSecrets(files.configuration, around)),
    ...files.files.flatMap((file) =>
      file.kind === "keycloak-realm" ? readRealms(file.text, around).secrets : [],
    ),
    ...files.properties.flatMap(({ file, result }) =>
      file.kind === "ldap-properties"
        ? ldapSecrets(result, around)
        : file.kind === "keycloak-conf"
          ? keycloakConfSecrets(result, around)
          : [],
    ),
    ...files.files.flatMap((file) => (file.kind === "wildfly-cli" ? cliSecrets(file.text, around) : [])),
  ];
}
