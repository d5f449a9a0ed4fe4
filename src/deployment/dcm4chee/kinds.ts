/** Which files tell of an archive, and which of them a server has once. */
import type { Dcm4cheeKind } from "../../sources/dcm4chee-kinds.ts";
import type { ArchiveCandidate } from "./release.ts";

/** Files that only an archive has, or the servers beside it; the other kinds belong to it where they speak of it. */
const ownKinds: readonly Dcm4cheeKind[] = [
  "dcm4chee-ldif",
  "dcm4chee-ldif-changes",
  "dcm4chee-users-ldif",
  "dcm4chee-ui-ldif",
  "dcm4chee-device-json",
  "slapd-config-ldif",
  "keycloak-realm",
  "jboss-login-config",
  "jboss-mbeans",
];

/** Files of dcm4che's own making that no server reads. */
export const passive: readonly Dcm4cheeKind[] = [
  "dcm4chee-schema-json",
  "ldap-schema-ldif",
  "wildfly-domain-xml",
];

/** Whether a file alone shows that dcm4chee, its directory or its identity provider runs. */
export function tellsOfArchive(candidate: ArchiveCandidate): boolean {
  if (ownKinds.includes(candidate.kind)) return true;
  return !passive.includes(candidate.kind) && /dcm4che|pacsds/i.test(candidate.source.text.value);
}

/** What a server has once: the archive's device, the file of WildFly, the connectors of JBoss, a realm of one name. */
export function roleOf(candidate: ArchiveCandidate): string | undefined {
  const { kind } = candidate;
  const { value } = candidate.source.text;
  switch (kind) {
    case "wildfly-xml":
    case "jboss-server-xml":
    case "jboss-login-config":
    case "ldap-properties":
      return kind;
    case "keycloak-realm":
      return `realm ${/"realm"\s*:\s*"([^"]*)"/.exec(value)?.[1] ?? ""}`;
    case "dcm4chee-device-json":
      return /"dcmArchiveDevice"/.test(value) ? "archive" : undefined;
    case "dcm4chee-ldif":
      return /^objectClass::? *dcmArchiveDevice/im.test(value) ? "archive" : undefined;
    default:
      return undefined;
  }
}
