/** Tells what a file of a dcm4chee deployment is, by its content; the name only decides between equals. */
import type { Text } from "../text/text.ts";

/** The kinds of file: arc 5.x and 4.x, then 2.x on JBoss 4. */
export type Dcm4cheeKind =
  | "dcm4chee-ldif"
  | "dcm4chee-ldif-changes"
  | "dcm4chee-users-ldif"
  | "dcm4chee-ui-ldif"
  | "ldap-base-ldif"
  | "slapd-config-ldif"
  | "ldap-schema-ldif"
  | "dcm4chee-device-json"
  | "dcm4chee-schema-json"
  | "wildfly-xml"
  | "wildfly-domain-xml"
  | "wildfly-cli"
  | "wildfly-users"
  | "web-xml"
  | "jboss-web-xml"
  | "ldap-properties"
  | "keycloak-realm"
  | "keycloak-adapter"
  | "keycloak-conf"
  | "logstash-pipeline"
  | "jboss-server-xml"
  | "jboss-login-config"
  | "jboss-mbeans"
  | "jboss-datasource"
  | "jboss-users"
  | "jboss-run-conf";

/** Why a file was taken for one of a kind, as a clause. */
export const dcm4cheeReasons: Readonly<Record<Dcm4cheeKind, string>> = {
  "dcm4chee-ldif": "it is LDIF with devices of DICOM",
  "dcm4chee-ldif-changes": "it is LDIF that changes devices of DICOM",
  "dcm4chee-users-ldif": "it is LDIF with users and groups of dcm4chee",
  "dcm4chee-ui-ldif": "it is LDIF with settings of dcm4chee's user interface",
  "ldap-base-ldif": "it is LDIF with the base of a directory",
  "slapd-config-ldif": "it is LDIF with slapd's own configuration",
  "ldap-schema-ldif": "it is LDIF with a schema",
  "dcm4chee-device-json": "it has the key dicomDeviceName",
  "dcm4chee-schema-json": "it is a JSON schema of dcm4chee",
  "wildfly-xml": "its root is a server of WildFly",
  "wildfly-domain-xml": "its root is a domain or host of WildFly",
  "wildfly-cli": "it has commands of WildFly's command line",
  "wildfly-users": "of its name",
  "web-xml": "its root is web-app",
  "jboss-web-xml": "its root is jboss-web",
  "ldap-properties": "it has keys of java.naming",
  "keycloak-realm": "it has the keys of a Keycloak realm",
  "keycloak-adapter": "it has the address of an identity provider",
  "keycloak-conf": "of its name",
  "logstash-pipeline": "it has an input of Logstash",
  "jboss-server-xml": "it has a Connector of Tomcat",
  "jboss-login-config": "it has an application-policy of JBoss",
  "jboss-mbeans": "it has attributes of JBoss services",
  "jboss-datasource": "its root is datasources",
  "jboss-users": "of its name",
  "jboss-run-conf": "of its name and its options",
};

/** Whether a kind of file is one of dcm4chee's, or of the servers that it is made of. */
export function isDcm4cheeKind(kind: string): kind is Dcm4cheeKind {
  return Object.hasOwn(dcm4cheeReasons, kind);
}

/** How much of a file is looked at. */
const lookedAt = 262_144;

/** The kind of a file, or undefined when it is none of dcm4chee's. */
export function recogniseDcm4chee(text: Text, fileName: string): Dcm4cheeKind | undefined {
  const head = text.value.slice(0, lookedAt);
  const first = head.trimStart().charAt(0);
  if (first === "<") return xmlKind(head, fileName);
  if (first === "{" || first === "[") return jsonKind(head);
  if (beginsLikeLdif(head, fileName) && /^dn::?[ \t]*\S/im.test(head)) return ldifKind(head);
  return propertiesKind(head, fileName);
}

/** Scripts hold LDIF too: only by its name a file is one that does not begin like one. */
function beginsLikeLdif(head: string, fileName: string): boolean {
  if (/\.ldif\b/iu.test(fileName)) return /^(?:version:|dn:)/imu.test(head);
  const lines = head.replace(/^\uFEFF/u, "").split("\n");
  // A comment goes on in a line that begins with a blank.
  const first = lines.find((line) => !/^(?:#|\s|$)/u.test(line));
  return first !== undefined && /^(?:version|dn)::?[ \t]*\S/iu.test(first);
}

function ldifKind(head: string): Dcm4cheeKind | undefined {
  if (
    /^olc(?:AttributeTypes|ObjectClasses)::? /im.test(head) ||
    /^dn: cn=\S+,cn=schema,cn=config/im.test(head)
  )
    return "ldap-schema-ldif";
  if (
    /^dn: .*cn=config$|^dn: (?:cn=config|olcDatabase=)|^olc(?:Access|RootPW|Suffix|Database)::? /im.test(head)
  )
    return "slapd-config-ldif";
  const changes = /^changetype: (?:modify|delete|mod(?:r)?dn)/im.test(head);
  if (/^objectClass: (?:dcmui|dcmUi)\w+/m.test(head)) return "dcm4chee-ui-ldif";
  const devices = /dicomDeviceName=|^objectClass: (?:dicom|dcm|hl7)\w+/im.test(head);
  if (changes)
    return devices || /ou=(?:users|realm-management|account)/i.test(head)
      ? "dcm4chee-ldif-changes"
      : undefined;
  if (devices) return "dcm4chee-ldif";
  if (
    /^objectClass: (?:inetOrgPerson|groupOfNames)/im.test(head) &&
    /ou=(?:realm-management|account)\b|dcm4che|cn=auditlog,/i.test(head)
  )
    return "dcm4chee-users-ldif";
  // The base alone, one record, is the same for every directory.
  const base = /^objectClass: dcObject/im.test(head) && (head.match(/^dn:/gim) ?? []).length === 1;
  return base || /cn=DICOM Configuration|dc=dcm4che|^o: dcm4che/im.test(head) ? "ldap-base-ldif" : undefined;
}

function jsonKind(head: string): Dcm4cheeKind | undefined {
  if (/"dicomDeviceName"\s*:/.test(head))
    return /"\$schema"|"properties"\s*:/.test(head) ? "dcm4chee-schema-json" : "dcm4chee-device-json";
  if (
    /"realm"\s*:/.test(head) &&
    /"(?:clients|components|keycloakVersion|sslRequired|accessTokenLifespan)"\s*:/.test(head)
  ) {
    return /"auth-server-url"\s*:/.test(head) ? "keycloak-adapter" : "keycloak-realm";
  }
  if (/"(?:auth-server-url|provider-url)"\s*:/.test(head)) return "keycloak-adapter";
  return /"title"\s*:/.test(head) && /"properties"\s*:/.test(head) && /"(?:dicom|dcm|hl7)\w+"\s*:/.test(head)
    ? "dcm4chee-schema-json"
    : undefined;
}

function xmlKind(head: string, fileName: string): Dcm4cheeKind | undefined {
  const root = /<([A-Za-z][\w.-]*:)?([A-Za-z][\w-]*)(?=[\s/>])/.exec(
    head.replaceAll(/<!--[\s\S]*?-->|<\?[\s\S]*?\?>|<!DOCTYPE[^>[]*(?:\[[\s\S]*?\])?\s*>/g, ""),
  )?.[2];
  switch (root) {
    case "server":
      return /<server[^>]*xmlns="urn:jboss:domain:/.test(head)
        ? "wildfly-xml"
        : /<mbean\b/.test(head)
          ? "jboss-mbeans"
          : undefined;
    case "domain":
    case "host":
      return /xmlns="urn:jboss:domain:/.test(head) ? "wildfly-domain-xml" : undefined;
    case "web-app":
      return "web-xml";
    case "jboss-web":
      return "jboss-web-xml";
    case "Server":
      return /<Connector\b/.test(head) ? "jboss-server-xml" : undefined;
    case "policy":
      return /<application-policy\b/.test(head) ? "jboss-login-config" : undefined;
    case "mbean":
      // Descriptions of what a service has (conf/xmdesc/*-xmbean.xml) set nothing.
      return /DTD JBOSS XMBEAN|<mbean>\s*<(?:description|descriptors|persistence|class)\b/u.test(head)
        ? undefined
        : "jboss-mbeans";
    case "attribute-collection":
    case "attribute-list":
      return /service(?:=|%3D)|<attribute\b/i.test(`${fileName} ${head}`) ? "jboss-mbeans" : undefined;
    case "datasources":
      return "jboss-datasource";
    default:
      return undefined;
  }
}

function propertiesKind(head: string, fileName: string): Dcm4cheeKind | undefined {
  if (/^\s*java\.naming\.(?:provider\.url|security\.)/m.test(head)) return "ldap-properties";
  if (
    /^\s*(?:\/subsystem=|data-source add|batch\b|\/core-service=)/m.test(head) &&
    /data-source|subsystem=/.test(head)
  )
    return "wildfly-cli";
  const name = fileName.slice(fileName.lastIndexOf("/") + 1);
  if (/^(?:mgmt|application)-users\.properties$/.test(name)) return "wildfly-users";
  if (/-users\.properties$/.test(name) && /^[^#\s=]+=\S*$/m.test(head)) return "jboss-users";
  if (/^run\.(?:conf|sh)/.test(name) && /JAVA_OPTS|jboss/i.test(head)) return "jboss-run-conf";
  if (/^keycloak\.conf$|^quarkus\.properties$/.test(name)) return "keycloak-conf";
  return /^\s*input\s*\{/m.test(head) && /\b(?:gelf|syslog|udp|tcp)\s*\{/.test(head)
    ? "logstash-pipeline"
    : undefined;
}
