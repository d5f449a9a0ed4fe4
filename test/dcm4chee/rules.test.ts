/** The traps and false alarms again, by the rules that tell of them: whole runs over small deployments. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import coverage from "../../data/dcm4chee/traps.json" with { type: "json" };
import { bundledRules } from "../../src/rules/bundled.ts";
import { lintFiles } from "../inspect.ts";
import { deviceDn, deviceLdif, part, suffix } from "./support.ts";

type Files = Readonly<Record<string, string>>;
interface Case {
  readonly files: Files;
  readonly fires?: readonly string[];
  readonly silent?: readonly string[];
}

/** Ids of the rules that say something, in whatever audience. */
function rulesOf(files: Files): ReadonlySet<string> {
  const { report } = lintFiles(files, { paths: ["."], audience: "audit", dcm4cheeVersion: "5.35.1" });
  return new Set(report.findings.map(({ rule }) => rule));
}

const device = (input: Parameters<typeof deviceLdif>[0] = {}): Files => ({
  "device.ldif": deviceLdif(input),
});
const tls =
  "dicomPort: 2762\ndcmBindAddress: 0.0.0.0\ndicomTLSCipherSuite: TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384";
const accepting = "dcmAcceptedCallingAETitle: CT1";

/** A compose file of services as "name image", with lines that belong to each. */
function compose(
  ...services: readonly (readonly [name: string, image: string, ...lines: string[]])[]
): Files {
  const text = services.map(([name, image, ...lines]) =>
    [`  ${name}:`, `    image: ${image}`, ...lines.map((line) => `    ${line}`)].join("\n"),
  );
  return { "compose.yml": `services:\n${text.join("\n")}\n` };
}

const arc = (tag: string, ...lines: string[]) =>
  ["arc", `dcm4che/dcm4chee-arc-psql:${tag}`, ...lines] as const;
const ldap = (...lines: string[]) => ["ldap", "dcm4che/slapd-dcm4chee:2.6.13-35.1", ...lines] as const;
const keycloak = (...lines: string[]) => ["keycloak", "dcm4che/keycloak:26.0.6", ...lines] as const;
const ports = (...list: string[]) => `ports: [${list.map((port) => `"${port}"`).join(", ")}]`;
const env = (...list: string[]) => `environment: { ${list.join(", ")} }`;

const logger = (protocol: string, suites: string): string => {
  const repository = `dicomDeviceName=logs,${suffix}`;
  const connection = (owner: string, more: string): string =>
    `\ndn: cn=syslog,${owner}\nobjectClass: dicomNetworkConnection\nobjectClass: dcmNetworkConnection\ncn: syslog\ndicomHostname: log.example\ndcmProtocol: ${protocol}\n${more}${suites}`;
  return `${connection(deviceDn, "")}\ndn: cn=Audit Logger,${deviceDn}\nobjectClass: dcmAuditLogger\ncn: Audit Logger\ndicomNetworkConnectionReference: cn=syslog,${deviceDn}\ndcmAuditRecordRepositoryDeviceReference: ${repository}\n\ndn: ${repository}\nobjectClass: dicomDevice\nobjectClass: dcmDevice\ndicomDeviceName: logs\ndicomInstalled: TRUE\n${connection(repository, "dicomPort: 6514\n")}\ndn: cn=Repository,${repository}\nobjectClass: dcmAuditRecordRepository\ncn: Repository\ndicomNetworkConnectionReference: cn=syslog,${repository}\n`;
};

const hl7 = (more: string): Files => ({
  "device.ldif": deviceLdif({
    more:
      part(
        "cn=hl7",
        "objectClass: dicomNetworkConnection",
        "objectClass: dcmNetworkConnection",
        "cn: hl7",
        "dicomHostname: a",
        "dcmProtocol: HL7",
        "dicomPort: 2575",
        "dcmBindAddress: 0.0.0.0",
      ) +
      part(
        "hl7ApplicationName=*",
        "objectClass: hl7Application",
        "hl7ApplicationName: *",
        `dicomNetworkConnectionReference: cn=hl7,${deviceDn}`,
        ...(more === "" ? [] : [more]),
      ),
  }),
});

const xml = (inner: string, listener = ""): Files => ({
  "standalone.xml": `<server xmlns="urn:jboss:domain:20.0">
<system-properties><property name="dcm4chee-arc.DeviceName" value="dcm4chee-arc"/></system-properties>
<profile>${inner}<subsystem xmlns="urn:jboss:domain:undertow:14.0"><server name="s">${listener}</server></subsystem></profile>
<interfaces><interface name="public"><inet-address value="0.0.0.0"/></interface></interfaces>
<socket-binding-group name="g" default-interface="public"><socket-binding name="ajp" port="8009"/><socket-binding name="http" port="8080"/></socket-binding-group>
</server>`,
});

const peer = (host: string): string => {
  const ct = `dicomDeviceName=ct1,${suffix}`;
  return `\ndn: ${ct}\nobjectClass: dicomDevice\ndicomDeviceName: ct1\ndicomInstalled: TRUE\n\ndn: cn=dicom,${ct}\nobjectClass: dicomNetworkConnection\ncn: dicom\ndicomHostname: ${host}\ndicomPort: 104\n\ndn: dicomAETitle=CT1,${ct}\nobjectClass: dicomNetworkAE\ndicomAETitle: CT1\ndicomAssociationAcceptor: TRUE\ndicomAssociationInitiator: TRUE\ndicomNetworkConnectionReference: cn=dicom,${ct}\n`;
};

const secure = "5.35.1-secure";
const debug = "JAVA_OPTS: '-agentlib:jdwp=transport=dt_socket,server=y,suspend=n,address=*:8787'";
const storage = part(
  "dcmStorageID=fs1",
  "objectClass: dcmStorage",
  "dcmStorageID: fs1",
  "dcmURI: file:///storage",
  "dcmStoragePathFormat: ../../x/{00080018}",
);
const webApp = part(
  "dcmWebAppName=A",
  "objectClass: dcmWebApp",
  "dcmWebAppName: A",
  "dcmWebServicePath: /a",
  "dcmWebServiceClass: STOW_RS",
  "dcmProperty: roles=admin",
);

const cases: Readonly<Record<string, Case>> = {
  T1: { files: device(), fires: ["archive-dicom-from-anyone"] },
  T2: {
    files: device({ ae: "dicomPreferredCallingAETitle: CT1" }),
    fires: ["protection-without-effect", "archive-dicom-from-anyone"],
  },
  T3: {
    files: device({ ae: accepting }),
    fires: ["archive-title-is-enough"],
    silent: ["archive-dicom-from-anyone"],
  },
  T4: {
    files: device({ dicom: "dicomPort: 11112\ndcmBindAddress: 0.0.0.0\ndcmTLSProtocol: TLSv1.2" }),
    fires: ["protection-without-effect", "archive-dicom-unencrypted"],
  },
  T5: {
    files: device({ more: logger("SYSLOG_TLS", "") }),
    fires: ["audit-trail-in-clear", "protection-without-effect"],
  },
  T6: {
    files: {
      "server.xml":
        '<Server><!-- dcm4chee --><Service name="w"><Connector port="8443" address="0.0.0.0" scheme="https" SSLEnabled="true" ciphers="SSL_RSA_WITH_NULL_SHA"/></Service></Server>',
    },
    fires: ["archive-tls-without-encryption"],
  },
  T7: { files: compose(arc(secure, ports("2762:2762"))), fires: ["public-authorities-trusted"] },
  T8: {
    files: device({
      device: `dicomInstalled: TRUE\ndcmTrustStoreURL: file:///ca.p12\ndicomAuthorizedNodeCertificateReference: cn=ct,${suffix}`,
      dicom: tls,
    }),
    fires: ["protection-without-effect"],
  },
  T9: { files: device({ dicom: tls }), fires: ["public-authorities-trusted"] },
  T10: { files: device({ dicom: tls }), fires: ["archive-tls-names-unchecked"] },
  T11: {
    files: { "device.ldif": deviceLdif().replace("archive.example", "127.0.0.1") },
    fires: ["protection-without-effect", "archive-dicom-from-anyone"],
  },
  T12: {
    files: device({
      more: part(
        "cn=w",
        "objectClass: dicomNetworkConnection",
        "objectClass: dcmNetworkConnection",
        "cn: w",
        "dicomHostname: a",
        "dicomPort: 8443",
        "dcmProtocol: HTTP",
        "dicomTLSCipherSuite: TLS_AES_128_GCM_SHA256",
      ),
    }),
    fires: ["protection-without-effect"],
  },
  T13: { files: compose(arc("5.35.1-secure-ui", ports("8443:8443"))), fires: ["archive-rest-without-login"] },
  T14: {
    files: compose(arc(secure, ports("8443:8443", "11112:11112", "2575:2575"))),
    fires: ["archive-xdsi-without-login", "archive-dicom-from-anyone", "hl7-from-anyone"],
    silent: ["archive-rest-without-login"],
  },
  T15: { files: device({ more: webApp }), fires: ["protection-without-effect"] },
  T16: {
    files: {
      ...compose(arc("5.35.1"), ldap("volumes: [ './device.ldif:/etc/ldap/data/dcm4chee-arc.ldif' ]")),
      "device.ldif": deviceLdif({ ae: `${accepting}\ndcmAcceptedUserRole: admin` }),
    },
    fires: ["protection-without-effect"],
  },
  T17: {
    files: device({
      more:
        part("dcmuiConfigName=c", "objectClass: dcmuiConfig", "dcmuiConfigName: c") +
        part(
          "dcmuiPermissionName=x,dcmuiConfigName=c",
          "objectClass: dcmuiPermission",
          "dcmuiPermissionName: x",
        ),
    }),
    fires: ["protection-without-effect"],
  },
  T18: { files: compose(arc(secure, ports("8080:8080", "8443:8443"))), fires: ["archive-http-unencrypted"] },
  T19: {
    files: compose(arc(secure, ports("8080:8080"), env("REDIRECT_HTTPS_PORT: 8443"))),
    fires: ["archive-http-unencrypted"],
  },
  T20: { files: compose(arc(secure)), fires: ["server-names-not-verified"] },
  T21: { files: compose(ldap(ports("636:636"))), fires: ["protection-without-effect"] },
  T22: {
    files: compose(ldap(ports("389:389"), env("LDAP_ROOTPASS_FILE: /a", "LDAP_CONFIGPASS_FILE: /b"))),
    fires: ["directory-read-by-anyone"],
    silent: ["directory-default-password"],
  },
  T23: {
    files: compose(ldap(ports("389:389"), env("LDAP_ROOTPASS_FILE: /a"))),
    fires: ["directory-default-password"],
  },
  T24: { files: compose(arc(secure, ports("8443:8443")), ldap()), fires: ["archive-default-user"] },
  T25: { files: compose(keycloak(ports("8843:8443"))), fires: ["keycloak-default-login"] },
  T26: {
    files: { "realm.json": '{ "realm": "dcm4che", "clients": [], "bruteForceProtected": true }' },
    fires: ["realm-tls-not-required-inside"],
    silent: ["realm-tls-not-required"],
  },
  T27: { files: compose(arc(secure, ports("8787:8787"), env(debug))), fires: ["java-debugger-reachable"] },
  T28: {
    files: compose(
      arc(secure, ports("9990:9990"), env("WILDFLY_ADMIN_USER: admin", "WILDFLY_ADMIN_PASSWORD: admin")),
    ),
    fires: ["protection-without-effect"],
    silent: ["wildfly-console-default-password"],
  },
  T30: {
    files: compose(ldap(ports("389:389"), env("LDAP_ADMIN_PASSWORD: kV9-own"))),
    fires: ["misspelt-key-opens", "directory-default-password"],
  },
  T31: {
    files: xml(
      '<subsystem xmlns="urn:wildfly:elytron-oidc-client:2.0"><secure-deployment name="dcm4chee-arc-war-5.30.0-secure.war"><provider-url>https://k.example/realms/dcm4che</provider-url><client-id>dcm4chee-arc-rs</client-id></secure-deployment></subsystem>',
      '<http-listener name="default" socket-binding="http"/>',
    ),
    fires: ["protection-without-effect"],
  },
  T32: { files: compose(arc(secure), ldap()), fires: ["audit-trail-lost"] },
  T33: {
    files: compose(arc(secure), ldap(env("SYSLOG_HOST: log.example", "SYSLOG_PROTOCOL: TCP"))),
    fires: ["server-does-not-start"],
  },
  T34: { files: device(), fires: ["archive-login-optional"] },
  T35: {
    files: device({ device: "dicomInstalled: TRUE\ndcmValidateCallingAEHostname: TRUE", more: peer("ct1") }),
    fires: ["host-check-by-first-label"],
  },
  T36: {
    files: device({
      dicom: "dicomPort: 11112\ndcmBindAddress: 0.0.0.0\ndcmBlacklistedHostname: bad.example",
    }),
    fires: ["archive-dicom-from-anyone"],
  },
  T37: {
    files: compose([
      "elasticsearch",
      "docker.elastic.co/elasticsearch/elasticsearch:8.13.0",
      ports("9200:9200"),
      env('xpack.security.enabled: "false"'),
    ]),
    fires: ["search-without-login"],
  },
  T38: {
    files: compose(
      arc(secure, ports("8080:8080", "8443:8443", "9990:9990"), env('NEED_CLIENT_AUTH: "true"')),
    ),
    fires: ["archive-http-unencrypted", "wildfly-console-reachable", "public-authorities-trusted"],
  },
  T39: { files: compose(arc(secure)), fires: ["cors-for-every-page"] },
  T40: {
    files: { "device.ldif": deviceLdif().replace("objectClass: dcmNetworkConnection\n", "") },
    fires: ["protection-without-effect"],
  },
  T41: {
    files: device({ device: "dicomInstalled: TRUE\ndcmStgCmtPolicy: DB_RECORD_EXISTS" }),
    fires: ["setting-never-read"],
  },
  T42: { files: device({ dicom: `${tls}\ndcmTLSNeedClientAuth: yes` }), fires: ["archive-tls-any-client"] },
  T43: { files: hl7("hl7AcceptedMessageType: ADT^A01"), fires: ["hl7-from-anyone"] },
  T44: { files: device({ more: storage }), fires: ["storage-path-leaves-folder"] },
  T45: {
    files: compose(arc(secure, env('JAVAX_XML_FEATURE_SECURE_PROCESSING: "false"'))),
    fires: ["xml-protection-off"],
  },
  T46: {
    files: compose(arc(secure, ports("8080:8080"), env('HTTP_PROXY_ADDRESS_FORWARDING: "true"'))),
    fires: ["forwarded-headers-from-anyone"],
  },
  T47: {
    files: compose(arc(secure, env("POSTGRES_PASSWORD: kV9-own-long", "POSTGRES_PASSWORD_FILE: /x"))),
    fires: ["server-does-not-start"],
  },
  T48: { files: compose(arc(secure, env("AUTH_USER_ROLE: user"))), fires: ["every-user-is-let-in"] },
  T49: {
    files: compose(arc(secure, env("POSTGRES_PASSWORD_FILE: /x")), [
      "db",
      "dcm4che/postgres-dcm4chee:18.1-35",
      ports("5432:5432"),
      env("POSTGRES_USER: pacs", "POSTGRES_PASSWORD: pacs"),
    ]),
    fires: ["database-default-password"],
  },
  T50: { files: compose(arc(secure, ports("9990:9990", "9993:9993"))), fires: ["wildfly-console-reachable"] },
  F1: { files: device({ dicom: tls }), silent: ["archive-tls-any-client"] },
  F2: { files: device({ dicom: tls }), silent: ["archive-tls-old-version"] },
  F3: {
    files: {
      "device.ldif": deviceLdif({ dicom: "dicomPort: 11112" }).replace("archive.example", "127.0.0.1"),
    },
    silent: ["archive-dicom-from-anyone", "archive-dicom-unencrypted"],
  },
  F4: {
    files: device({
      dicom: "dicomPort: 2762\ndicomInstalled: FALSE\ndicomTLSCipherSuite: SSL_RSA_WITH_3DES_EDE_CBC_SHA",
    }),
    silent: ["archive-tls-weak-suites", "archive-dicom-from-anyone"],
  },
  F5: {
    files: device({
      ae: accepting,
      more: part(
        "cn=idle",
        "objectClass: dicomNetworkConnection",
        "objectClass: dcmNetworkConnection",
        "cn: idle",
        "dicomHostname: a",
        "dicomPort: 104",
        "dcmBindAddress: 0.0.0.0",
      ),
    }),
    silent: ["archive-dicom-from-anyone"],
  },
  F6: {
    files: { "device.ldif": deviceLdif().replace("Acceptor: TRUE", "Acceptor: FALSE") },
    silent: ["archive-dicom-from-anyone"],
  },
  F7: { files: device({ ae: accepting, more: peer("0.0.0.0") }), silent: ["archive-dicom-from-anyone"] },
  F9: { files: xml("", '<http-listener name="default" socket-binding="http"/>'), silent: ["ajp-open"] },
  F10: {
    files: xml(
      '<subsystem xmlns="urn:jboss:domain:datasources:7.0"><datasources><datasource jndi-name="java:jboss/datasources/ExampleDS" pool-name="ExampleDS"><connection-url>jdbc:h2:mem:test</connection-url><security user-name="sa" password="sa"/></datasource></datasources></subsystem>',
    ),
    silent: ["archive-default-secret", "archive-database-unencrypted"],
  },
  F11: {
    files: device({
      device: `dicomInstalled: TRUE\ndcmKeyStoreURL: file:///k.p12\ndcmKeyStoreType: PKCS12\ndcmKeyStorePin: \${env.KEYSTORE_PASSWORD}`,
    }),
    silent: ["archive-default-secret", "archive-secret-in-file"],
  },
  F12: { files: hl7(""), silent: ["hl7-from-anyone"] },
  F14: {
    files: compose(keycloak(ports("8787:8787"))),
    silent: ["java-debugger-reachable", "java-debugger-on"],
  },
  F15: {
    files: device({ ae: "dcmUserIdentityNegotiation: REQUIRED" }),
    silent: ["archive-dicom-from-anyone"],
  },
};

describe("told by rules", () => {
  test.each(Object.entries(cases))("%s", (_id, { files, fires = [], silent = [] }) => {
    const found = rulesOf(files);
    expect(fires.filter((rule) => !found.has(rule))).toEqual([]);
    expect(silent.filter((rule) => found.has(rule))).toEqual([]);
  });

  test("F8: the image listens on every address, whatever its file says", () => {
    expect(rulesOf(compose(arc("5.35.1", ports("8080:8080")))).has("archive-rest-without-login")).toBe(true);
  });

  test("F13: nobody is told of OPTIONS where other methods are not listed", () => {
    expect(rulesOf(compose(arc(secure, ports("8443:8443")))).has("login-covers-some-methods")).toBe(false);
  });

  test("T29: what a volume may hold otherwise is likely, not certain", () => {
    const { report } = lintFiles(compose(arc(secure, ports("8443:8443"))), { audience: "audit" });
    expect(report.findings.find(({ rule }) => rule === "archive-default-secret")?.confidence).toBe("likely");
  });
});

describe("the list of traps", () => {
  const ids = new Set(bundledRules.map(({ id }) => id));

  test("is complete", () => {
    expect(coverage.traps.map(({ id }) => id)).toEqual(
      Array.from({ length: 51 }, (_, index) => `T${index + 1}`),
    );
    expect(coverage.falseAlarms.map(({ id }) => id)).toEqual(
      Array.from({ length: 15 }, (_, index) => `F${index + 1}`),
    );
  });

  test("names rules that exist, or says why there is none", () => {
    const named = [
      ...coverage.traps.flatMap(({ seenBy }) => seenBy),
      ...coverage.falseAlarms.flatMap(({ quiet }) => quiet),
    ];
    expect(named.filter((rule) => !ids.has(rule))).toEqual([]);
    expect(coverage.traps.filter((trap) => (trap.seenBy.length === 0) !== "unseen" in trap)).toEqual([]);
  });

  test("has a test of the facts for every trap and false alarm, named after it", () => {
    const text = readFileSync(join(import.meta.dirname, "traps.test.ts"), "utf8");
    const named = [...text.matchAll(/\bit\("([TF]\d+(?: and [TF]\d+)*):/g)].flatMap(([, ids = ""]) =>
      ids.split(" and "),
    );
    const all = [...coverage.traps, ...coverage.falseAlarms].map(({ id }) => id);
    expect(all.filter((id) => !named.includes(id))).toEqual([]);
  });

  test("has a case for every trap that a rule sees", () => {
    const tested = new Set([...Object.keys(cases), "T29", "F8", "F13"]);
    const seen = coverage.traps.filter(({ seenBy }) => seenBy.length > 0).map(({ id }) => id);
    expect([...seen, ...coverage.falseAlarms.map(({ id }) => id)].filter((id) => !tested.has(id))).toEqual(
      [],
    );
  });
});
