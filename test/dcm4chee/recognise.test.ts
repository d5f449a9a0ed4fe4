import { describe, expect, it } from "vitest";
import { recogniseDcm4chee } from "../../src/sources/dcm4chee-kinds.ts";
import { textOfFile } from "../../src/text/text.ts";
import { deviceLdif } from "./support.ts";

const kind = (content: string, name = "file"): string | undefined =>
  recogniseDcm4chee(textOfFile(name, content), name);

describe("recogniseDcm4chee", () => {
  it.each([
    ["dcm4chee-ldif", deviceLdif()],
    [
      "dcm4chee-ldif",
      "# roots\n\ndn: cn=Devices,cn=DICOM Configuration,dc=x\nobjectClass: dicomDevicesRoot\ncn: Devices\n",
    ],
    [
      "dcm4chee-ldif-changes",
      "dn: dicomDeviceName=arc,cn=Devices,cn=DICOM Configuration,dc=x\nchangetype: modify\nadd: dcmURI\ndcmURI: a\n",
    ],
    [
      "dcm4chee-users-ldif",
      "dn: uid=root,ou=users,dc=dcm4che,dc=org\nobjectClass: inetOrgPerson\nuid: root\n",
    ],
    ["dcm4chee-ui-ldif", "dn: dcmuiConfigName=default,dicomDeviceName=arc\nobjectClass: dcmuiConfig\n"],
    ["ldap-base-ldif", "dn: dc=example,dc=com\nobjectClass: dcObject\n"],
    ["ldap-base-ldif", "version: 1\n\ndn: dc=dcm4che,dc=org\nobjectClass: dcObject\n"],
    [
      "slapd-config-ldif",
      "dn: olcDatabase={1}mdb\nobjectClass: olcDatabaseConfig\nolcAccess: to * by * read\n",
    ],
    ["ldap-schema-ldif", "dn: cn=dicom,cn=schema,cn=config\nolcAttributeTypes: ( 1.2 NAME 'a' )\n"],
    ["dcm4chee-device-json", '{ "dicomDeviceName": "arc", "dicomInstalled": true }'],
    [
      "dcm4chee-schema-json",
      '{ "$schema": "x", "properties": { "dicomDeviceName": { "title": "Name" }, "dicomInstalled": {} } , "x": {"dicomDeviceName": 1}}',
    ],
    ["keycloak-realm", '{ "realm": "dcm4che", "clients": [] }'],
    ["keycloak-adapter", '{ "realm": "dcm4che", "auth-server-url": "https://k", "resource": "ui" }'],
    ["wildfly-xml", '<?xml version="1.0"?>\n<!-- a --><server xmlns="urn:jboss:domain:20.0"/>'],
    ["wildfly-domain-xml", '<domain xmlns="urn:jboss:domain:20.0"/>'],
    ["web-xml", "<web-app/>"],
    ["jboss-web-xml", "<jboss-web/>"],
    ["jboss-server-xml", "<Server><Service><Connector/></Service></Server>"],
    [
      "jboss-login-config",
      '<!DOCTYPE policy PUBLIC "a" "b">\n<policy><application-policy name="x"/></policy>',
    ],
    ["jboss-mbeans", "<mbean><attribute/></mbean>"],
    ["jboss-mbeans", "<server><mbean code='a'/></server>"],
    ["jboss-datasource", "<datasources/>"],
    ["ldap-properties", "java.naming.provider.url=ldap://a"],
    ["wildfly-cli", "batch\n/subsystem=datasources/data-source=PacsDS:add()\nrun-batch\n"],
  ])("%s by content", (expected, content) => {
    expect(kind(content)).toBe(expected);
  });

  it.each([
    ["wildfly-users", "admin=0123456789abcdef0123456789abcdef", "conf/mgmt-users.properties"],
    ["jboss-users", "admin=admin", "conf/props/jmx-console-users.properties"],
    ["jboss-run-conf", 'JAVA_OPTS="-Xmx1g"', "bin/run.conf"],
    ["keycloak-conf", "db=mariadb", "conf/keycloak.conf"],
    ["logstash-pipeline", "input {\n  syslog { port => 8514 }\n}", "logstash.yml"],
  ])("%s by name where content does not tell", (expected, content, name) => {
    expect(kind(content, name)).toBe(expected);
  });

  it.each([
    ["an orthanc.json", '{ "Name": "x", "DicomModalities": {} }'],
    ["a compose file", "services:\n  arc:\n    image: dcm4che/dcm4chee-arc-psql\n"],
    ["a Maven project", "<project><server/></project>"],
    ["another directory's users", "dn: uid=a,ou=people,dc=x\nobjectClass: inetOrgPerson\nuid: a\n"],
    ["nothing", ""],
    ["a properties file", "a=b"],
  ])("leaves %s alone", (_name, content) => {
    expect(kind(content)).toBeUndefined();
  });
});
