/** The traps and false alarms of dcm4chee's configuration, each by its number. */
import { describe, expect, it } from "vitest";
import { isUnknown } from "../../src/facts/unknown.ts";
import { deriveKeycloakDcm4chee } from "../../src/products/dcm4chee/keycloak-image.ts";
import { deriveSlapdDcm4chee } from "../../src/products/dcm4chee/slapd-image.ts";
import { bundledRules } from "../../src/rules/bundled.ts";
import { concat, holeText, textOfFile } from "../../src/text/text.ts";
import { lintFiles } from "../inspect.ts";
import { archive, deviceDn, deviceLdif, part, suffix } from "./support.ts";

const files = (ldif: string): Readonly<Record<string, string>> => ({ "device.ldif": ldif });
const device = (input: Parameters<typeof deviceLdif>[0] = {}) => archive({ files: files(deviceLdif(input)) });
const strongTls =
  "dicomPort: 2762\ndcmBindAddress: 0.0.0.0\ndicomTLSCipherSuite: TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384";
const image = (tag: string, env: Readonly<Record<string, string>> = {}) =>
  archive({ image: `dcm4che/dcm4chee-arc-psql:${tag}`, version: tag, env });
const all = { echo: true, store: true, find: true, findWorklist: true, get: true, move: true };
const none = { echo: false, store: false, find: false, findWorklist: false, get: false, move: false };

describe("looks safe, is not", () => {
  it("T1: no accepted calling AE titles means every one", () => {
    const it1 = device();
    expect(it1.socket("dicom").seen.other.unknownPeer).toEqual(all);
    expect(it1.facts1("applicationEntity")).toMatchObject([
      { title: "ARCHIVE", callers: "any", callable: true, clearText: true },
    ]);
    expect(it1.place(it1.socket("dicom").seen.other.origins["/unknownPeer"])).toBe("default of dcm4chee-arc");
  });

  it("T2: preferred calling titles are no list of who may call", () => {
    const it2 = device({ ae: "dicomPreferredCallingAETitle: CT1" });
    expect(it2.socket("dicom").seen.other.unknownPeer?.store).toBe(true);
    expect(it2.facts1("ineffective")).toMatchObject([
      { path: "AE ARCHIVE: dicomPreferredCallingAETitle", looksSafe: true },
    ]);
    expect(it2.place(it2.facts1("ineffective")[0]?.origins[""])).toBe("device.ldif:28");
  });

  it("T3: an accepted title can be borrowed", () => {
    const answer = device({ ae: "dcmAcceptedCallingAETitle: CT1" }).socket("dicom").seen.other;
    expect(answer.unknownPeer).toEqual(none);
    expect(answer.spoofedPeer).toEqual({ CT1: all });
  });

  it("T4: a TLS protocol without cipher suites is no TLS", () => {
    const it4 = device({ dicom: "dicomPort: 11112\ndcmTLSProtocol: TLSv1.2" });
    expect(it4.socket("dicom").tls).toMatchObject({ mode: "off", encrypts: false });
    expect(it4.facts1("ineffective").map((fact) => fact.path)).toEqual(["connection dicom: dcmTLSProtocol"]);
  });

  it("T5: SYSLOG_TLS without cipher suites is syslog over plain TCP", () => {
    const it5 = archive({ files: files(deviceLdif({ more: logger("SYSLOG_TLS", "") })) });
    expect(it5.facts1("audit")).toMatchObject([{ transport: "tcp", target: "log.example", delivered: true }]);
    expect(it5.facts1("ineffective").map((fact) => fact.because)).toContain(
      "without dicomTLSCipherSuite it is syslog over plain TCP",
    );
  });

  it("T6: a NULL suite counts as TLS and encrypts nothing", () => {
    const tls = device({ dicom: "dicomPort: 2762\ndicomTLSCipherSuite: SSL_RSA_WITH_NULL_SHA" }).socket(
      "dicom",
    ).tls;
    expect(tls).toMatchObject({ mode: "on", encrypts: false, cipherVerdict: "broken" });
  });

  it("T7 and T9: client certificates are checked against Java's authorities where no trust store is named", () => {
    for (const more of [
      "",
      "\ndcmTrustStoreURL: file:///usr/lib/jvm/java/lib/security/cacerts\ndcmTrustStoreType: JKS\ndcmTrustStorePin: changeit",
    ]) {
      const found = device({ device: `dicomInstalled: TRUE${more}`, dicom: strongTls });
      expect(found.socket("dicom").tls.clientCertificate).toBe("required");
      expect(found.facts1("keystore").find((fact) => fact.use === "trust")).toMatchObject({
        source: "java",
        public: true,
        guards: true,
      });
    }
  });

  it("T8: the trust store wins over pinned certificates", () => {
    const it8 = device({
      device: `dicomInstalled: TRUE\ndcmTrustStoreURL: file:///etc/ca.p12\ndicomAuthorizedNodeCertificateReference: cn=ct,${suffix}`,
      dicom: strongTls,
    });
    expect(it8.facts1("ineffective").map((fact) => fact.path)).toEqual([
      "device dcm4chee-arc: dicomAuthorizedNodeCertificateReference",
    ]);
    expect(it8.facts1("keystore").find((fact) => fact.use === "trust")).toMatchObject({
      source: "file",
      path: "/etc/ca.p12",
    });
  });

  it("T10: an outgoing TLS connection does not compare names", () => {
    const option = (more: string): unknown =>
      device({ dicom: `${strongTls}${more}` })
        .facts1("option")
        .find((fact) => fact.catalogue === "connection.*.dcmTLSEndpointIdentificationAlgorithm")?.value;
    expect(option("")).toBeNull();
    expect(option("\ndcmTLSEndpointIdentificationAlgorithm: HTTPS")).toBe("HTTPS");
  });

  it("T11: a loopback host name does not bind where a bind address is given", () => {
    const it11 = archive({ files: files(deviceLdif().replace("archive.example", "127.0.0.1")) });
    expect(it11.socket("dicom").bind).toBe("0.0.0.0");
    expect(it11.facts1("ineffective").map((fact) => fact.path)).toEqual(["connection dicom: dicomHostname"]);
  });

  it("T12: a connection of protocol HTTP opens nothing", () => {
    const http = part(
      "cn=https",
      "objectClass: dicomNetworkConnection",
      "objectClass: dcmNetworkConnection",
      "cn: https",
      "dicomHostname: a",
      "dicomPort: 8443",
      "dcmProtocol: HTTP",
      "dicomTLSCipherSuite: TLS_AES_128_GCM_SHA256",
    );
    const it12 = device({ more: http });
    expect(it12.sockets.map((socket) => socket.id)).toEqual(["dicom"]);
    expect(it12.facts1("ineffective").map((fact) => fact.path)).toEqual([
      "connection https: dicomTLSCipherSuite",
    ]);
  });

  it("T13: on a -secure-ui tag only the user interface asks for a login", () => {
    const ui = image("5.35.0-secure-ui");
    expect(webGroups(ui)).toEqual([
      ["http", "none", ["/dcm4chee-arc", "/dcm4chee-arc/xdsi", "/dcm4chee-arc/xsl"], true],
      ["http:oidc", "oidc", ["/dcm4chee-arc/ui2"], false],
    ]);
  });

  it("a tag that a variable holds tells nothing", () => {
    const tag = concat([
      textOfFile("compose.yml", "dcm4che/dcm4chee-arc-psql:"),
      holeText("ARC_TAG is not set", { at: { file: "compose.yml", start: 0, end: 1 } }),
    ]);
    const answer = archive({ image: tag, version: "5.35.0" }).socket("http").seen.other;
    expect([isUnknown(answer.auth.mode), isUnknown(answer.anonymous?.read)]).toEqual([true, true]);
  });

  it("T14: on a -secure tag XDS-I stays open beside the rest, and so does DICOM", () => {
    const secure = image("5.35.0-secure");
    expect(webGroups(secure)).toEqual([
      ["http", "oidc", ["/dcm4chee-arc", "/dcm4chee-arc/ui2"], false],
      ["http:open", "none", ["/dcm4chee-arc/xdsi", "/dcm4chee-arc/xsl"], true],
    ]);
    expect(secure.socket("dicom").seen.other.auth.mode).toBe("none");
  });

  it("T15: roles of a web application are compared by nobody", () => {
    const app = part(
      "dcmWebAppName=ARCHIVE",
      "objectClass: dcmWebApp",
      "dcmWebAppName: ARCHIVE",
      "dcmWebServicePath: /dcm4chee-arc/aets/ARCHIVE",
      "dcmWebServiceClass: STOW_RS",
      "dcmProperty: roles=admin",
    );
    expect(
      device({ more: app })
        .facts1("ineffective")
        .map((fact) => fact.path),
    ).toEqual(["web application ARCHIVE: dcmProperty roles"]);
  });

  it("T16: accepted user roles have no effect where nobody is asked for a login", () => {
    const ldif = files(deviceLdif({ ae: "dcmAcceptedUserRole: admin" }));
    const paths = (tag: string): readonly string[] =>
      archive({ files: ldif, image: `dcm4che/dcm4chee-arc-psql:${tag}`, version: tag })
        .facts1("ineffective")
        .map((fact) => fact.path);
    expect(paths("5.35.0")).toEqual(["AE ARCHIVE: dcmAcceptedUserRole"]);
    expect(paths("5.35.0-secure")).toEqual([]);
  });

  it("T17: permissions of the user interface are checked in the browser", () => {
    const permission = part(
      "dcmuiPermissionName=x,dcmuiConfigName=default",
      "objectClass: dcmuiPermission",
      "dcmuiPermissionName: x",
    );
    const config = part("dcmuiConfigName=default", "objectClass: dcmuiConfig", "dcmuiConfigName: default");
    expect(
      device({ more: config + permission })
        .facts1("ineffective")
        .map((fact) => fact.because),
    ).toEqual(["permissions of the user interface are checked in the browser only"]);
  });

  it("T18 and T19: the plain port of a -secure tag serves the same API", () => {
    expect(image("5.35.0-secure").socket("http")).toMatchObject({
      on: true,
      port: 8080,
      tls: { mode: "off" },
      seen: { other: { auth: { mode: "oidc" } } },
    });
  });

  it("T20: host names are not verified unless a variable says so", () => {
    const found = archive({
      image: "dcm4che/dcm4chee-arc-psql:5.35.0",
      version: "5.35.0",
      files: {
        "ldap.properties": `java.naming.provider.url=\${env.LDAP_URL}/dc=x\n`,
        "dcm4chee-arc.xml": wildfly({
          properties: `<property name="com.sun.jndi.ldap.object.disableEndpointIdentification" value="\${env.LDAP_DISABLE_HOSTNAME_VERIFICATION:true}"/>`,
        }),
      },
    });
    expect(found.facts1("directoryLink")).toMatchObject([{ scheme: "ldap", hostnameVerified: false }]);
  });

  it("T21: slapd listens for ldap only unless LDAP_URLS says otherwise", () => {
    const slapd = (env: Readonly<Record<string, string>>) =>
      archive({
        derive: deriveSlapdDcm4chee,
        image: "dcm4che/slapd-dcm4chee:2.6.9-35.0",
        version: "2.6.9",
        env,
      }).sockets.map((socket) => [socket.port, socket.tls.mode, socket.bind]);
    expect(slapd({})).toEqual([[389, "off", "0.0.0.0"]]);
    expect(slapd({ LDAP_URLS: "ldaps:/// ldap://127.0.0.1/" })).toEqual([
      [636, "on", "0.0.0.0"],
      [389, "off", "127.0.0.1"],
    ]);
  });

  it("T22: the image's rules let everybody read pins and client secrets", () => {
    expect(
      archive({ derive: deriveSlapdDcm4chee, image: "dcm4che/slapd-dcm4chee", env: {} }).facts1("directory"),
    ).toMatchObject([
      { anonymousRead: true, anonymousReadsSecrets: true, passwordsReadable: false, anonymousWrite: false },
    ]);
  });

  it("T23: the configuration's own password is a second one", () => {
    const secrets = archive({
      derive: deriveSlapdDcm4chee,
      image: "dcm4che/slapd-dcm4chee",
      env: { LDAP_ROOTPASS: "kV9#long-and-own" },
    }).facts1("secret");
    expect(secrets.map((fact) => [fact.path, fact.verdict])).toEqual([
      ["LDAP_ROOTPASS", "literal"],
      ["LDAP_CONFIGPASS", "default"],
    ]);
  });

  it("T24: the stock user may manage users", () => {
    const users = `dn: uid=user,ou=users,dc=x\nobjectClass: inetOrgPerson\nuid: user\nuserPassword:: Y2hhbmdlaXQ=\n\ndn: cn=manage-users,ou=realm-management,dc=x\nobjectClass: groupOfNames\ncn: manage-users\nmember: uid=user,ou=users,dc=x\n`;
    const found = archive({ files: { "users.ldif": users } });
    expect(found.facts1("account")).toMatchObject([
      { name: "user", password: "default", purpose: "archive, may manage users and their roles" },
    ]);
    expect(found.place(found.facts1("account")[0]?.origins["/password"])).toBe("users.ldif:4");
  });

  it("T25: an unset RS_CLIENT_SECRET opens a service account that may do everything", () => {
    const realm = JSON.stringify({
      realm: "dcm4che",
      sslRequired: "external",
      clients: [
        { clientId: `\${RS_CLIENT_ID}`, secret: `\${RS_CLIENT_SECRET}`, serviceAccountsEnabled: true },
      ],
      users: [
        {
          username: "service-account",
          serviceAccountClientId: `\${RS_CLIENT_ID}`,
          realmRoles: [`\${AUTH_USER_ROLE}`, `\${SUPER_USER_ROLE}`],
        },
      ],
    });
    const found = archive({
      derive: deriveKeycloakDcm4chee,
      image: "dcm4che/keycloak:25.0.6",
      version: "25.0.6",
      env: {},
      files: { "dcm4che-realm.json": realm },
    });
    expect(found.facts1("client")).toMatchObject([
      { clientId: "dcm4chee-arc-rs", superUser: true, serviceAccount: true },
    ]);
    expect(found.facts1("secret").find((fact) => fact.path === "RS_CLIENT_SECRET")).toMatchObject({
      verdict: "default",
    });
    expect(
      found.facts1("secret").find((fact) => fact.path === "client dcm4chee-arc-rs: secret"),
    ).toMatchObject({ verdict: "default" });
  });

  it("T26: sslRequired external lets private addresses in without TLS", () => {
    expect(
      archive({ files: { "r.json": '{"realm": "dcm4che", "clients": []}' } }).facts1("realm"),
    ).toMatchObject([
      {
        sslRequired: "external",
        bruteForceProtected: false,
        passwordPolicy: false,
        loginEventsStored: false,
      },
    ]);
  });

  it("T27: a debugger's port runs anybody's code", () => {
    const debug = image("5.35.0-secure", {
      JAVA_OPTS: "-Xmx1g -agentlib:jdwp=transport=dt_socket,server=y,suspend=n,address=*:8787",
    }).socket("debug");
    expect(debug).toMatchObject({
      protocol: "debug",
      bind: "0.0.0.0",
      port: 8787,
      seen: { other: { auth: { mode: "none" } } },
    });
    expect(
      image("5.35.0", { JAVA_OPTS: "-agentlib:jdwp=transport=dt_socket,server=y,address=8787" }).socket(
        "debug",
      ).bind,
    ).toBe("127.0.0.1");
  });

  it("T28: a management user is ignored on a -secure tag unless OIDC is off", () => {
    const login = (tag: string, env: Readonly<Record<string, string>>) =>
      image(tag, { WILDFLY_ADMIN_USER: "admin", WILDFLY_ADMIN_PASSWORD: "admin", ...env }).socket(
        "management",
      ).seen.other.auth;
    expect(login("5.35.0-secure", {}).mode).toBe("oidc");
    expect(login("5.35.0-secure", { WILDFLY_ADMIN_OIDC: "false" })).toMatchObject({
      mode: "digest",
      defaultCredentials: true,
    });
    expect(login("5.35.0", {})).toMatchObject({ mode: "digest", defaultCredentials: true });
  });

  it("T29: a password counts at the first start only; what a volume holds is not seen", () => {
    const own = image("5.35.0", {
      POSTGRES_PASSWORD: "kV9#long-and-own",
      KEYSTORE_PASSWORD: "kV9#long-and-own",
    });
    expect(own.facts1("secret").map((fact) => [fact.path, fact.verdict])).toEqual([
      ["LDAP_ROOTPASS", "default"],
      ["POSTGRES_PASSWORD", "literal"],
      ["KEYSTORE_PASSWORD", "literal"],
    ]);
    const likely = ["archive-default-secret", "directory-default-password", "keycloak-default-login"];
    const confidences = bundledRules.filter(({ id }) => likely.includes(id)).map((rule) => rule.confidence);
    expect(confidences).toEqual(["likely", "likely", "likely"]);
  });

  it("T30: variables that nobody reads leave the default in force", () => {
    const found = image("5.35.0", { LDAP_ADMIN_PASSWORD: "kV9#long-and-own", POSTGRES_PASSWROD: "x" });
    expect(found.facts1("unknownOption").map((fact) => [fact.path, fact.closest, fact.effect])).toEqual([
      ["LDAP_ADMIN_PASSWORD", "LDAP_ROOTPASS", "opens"],
      ["POSTGRES_PASSWROD", "POSTGRES_PASSWORD", "opens"],
    ]);
    expect(found.facts1("secret").find((fact) => fact.path === "LDAP_ROOTPASS")).toMatchObject({
      verdict: "default",
    });
  });

  it("T31: login settings for another release are attached to nothing", () => {
    const secured =
      '<secure-deployment name="dcm4chee-arc-war-5.33.1-secure.war"><provider-url>https://k/realms/r</provider-url></secure-deployment>';
    const found = archive({
      image: "dcm4che/dcm4chee-arc-psql:5.35.0-secure",
      version: "5.35.0-secure",
      files: { "dcm4chee-arc.xml": wildfly({ secured }) },
    });
    expect(found.facts1("ineffective").map((fact) => fact.because)).toEqual([
      "it names 5.33.1, and 5.35.0 runs: the login settings are attached to nothing",
    ]);
  });

  it("T32: the stock audit trail ends in the container", () => {
    expect(image("5.35.0").facts1("audit")).toMatchObject([
      { enabled: true, transport: "udp", target: "127.0.0.1", delivered: false },
    ]);
  });

  it("T33: SYSLOG_TCP is no protocol: the device does not load", () => {
    const found = archive({ files: files(deviceLdif({ more: logger("SYSLOG_TCP", "") })) });
    expect(found.startup.verdict).toBe("refuses");
    expect(found.startup.reasons.map((reason) => reason.message)).toEqual([
      'dcmProtocol is "SYSLOG_TCP": the archive refuses the device, it does not load',
    ]);
  });

  it("T34: a user's login that is supported is not required", () => {
    const auth = (mode: string) =>
      device({ ae: `dcmUserIdentityNegotiation: ${mode}` }).socket("dicom").seen.other;
    expect(auth("SUPPORTS")).toMatchObject({ auth: { mode: "none" }, unknownPeer: all });
    expect(auth("REQUIRED")).toMatchObject({ auth: { mode: "password" }, unknownPeer: none });
  });

  it("T35: a host name without a dot is compared with a reverse name's first label", () => {
    const peer = (host: string): string =>
      `\ndn: dicomDeviceName=ct,${suffix}\nobjectClass: dicomDevice\ndicomDeviceName: ct\ndicomInstalled: TRUE\n\ndn: cn=c,dicomDeviceName=ct,${suffix}\nobjectClass: dicomNetworkConnection\ncn: c\ndicomHostname: ${host}\n\ndn: dicomAETitle=CT1,dicomDeviceName=ct,${suffix}\nobjectClass: dicomNetworkAE\ndicomAETitle: CT1\ndicomNetworkConnectionReference: cn=c,dicomDeviceName=ct,${suffix}\ndicomAssociationInitiator: TRUE\ndicomAssociationAcceptor: TRUE\n`;
    const spoofed = (host: string): unknown => {
      const answer = device({
        device: "dicomInstalled: TRUE\ndcmValidateCallingAEHostname: TRUE",
        more: peer(host),
      }).socket("dicom").seen.other;
      expect(answer.unknownPeer).toEqual(none);
      return answer.spoofedPeer?.CT1?.store;
    };
    expect(spoofed("10.1.2.3")).toBe(false);
    expect(isUnknown(spoofed("ct1"))).toBe(true);
  });

  it("T36: a list of blocked hosts is shown as the setting that it is", () => {
    const option = device({ dicom: "dicomPort: 104\ndcmBlacklistedHostname: bad.example" })
      .facts1("option")
      .find((fact) => fact.catalogue === "connection.*.dcmBlacklistedHostname");
    expect(option?.value).toEqual(["bad.example"]);
  });

  it("T37: a proxy with a login before Kibana leaves the ports of Elasticsearch as they are", () => {
    const compose = `services:
  elasticsearch:
    image: elasticsearch:8.15.1
    environment: { xpack.security.enabled: "false" }
    ports: ["9200:9200"]
  oauth2proxy:
    image: dcm4che/oauth2-proxy:7.6.0
    ports: ["8643:8643"]
`;
    const { report } = lintFiles({ "compose.yml": compose });
    const listeners = report.deployments[0]?.services.flatMap((service) => service.listeners) ?? [];
    expect(listeners.find(({ port }) => port === 9200)).toMatchObject({
      reach: "network",
      auth: { mode: "none" },
    });
  });

  it("T38: one client-certificate switch covers 8443 and 9993, and leaves 8080 and 9990 alone", () => {
    const found = image("5.35.0", { NEED_CLIENT_AUTH: "true" });
    expect(
      ["http", "https", "management", "management-https"].map((id) => found.socket(id).tls.clientCertificate),
    ).toEqual(["none", "required", "none", "required"]);
  });

  it("T39: every web page may ask, whatever is configured", () => {
    const option = image("5.35.0")
      .facts1("option")
      .find((fact) => fact.path === "cors.allow-origin");
    expect([option?.value, option?.origins[""]?.[0]?.label]).toEqual(["*", "built into dcm4chee-arc"]);
  });

  it("T40: attributes without their object class are skipped", () => {
    const ldif = deviceLdif({ dicom: "dicomPort: 11112\ndcmBindAddress: 127.0.0.1" }).replace(
      "objectClass: dcmNetworkConnection\n",
      "",
    );
    const found = archive({ files: files(ldif) });
    expect(found.socket("dicom").bind).toBe("archive.example");
    expect(found.facts1("ineffective").map((fact) => [fact.path, fact.because])).toEqual([
      ["connection dicom: dcmBindAddress", "it is skipped without the object class dcmNetworkConnection"],
    ]);
  });

  it("T41: attributes that no code reads", () => {
    const found = device({ ae: "dcmRestrictRetrieveAccordingTransferCapabilities: TRUE" });
    expect(found.facts1("ineffective")).toMatchObject([
      {
        path: "ae ARCHIVE: dcmRestrictRetrieveAccordingTransferCapabilities",
        because: "no code of 5.35 reads it",
        looksSafe: true,
      },
    ]);
  });

  it("T42: a boolean that is not TRUE is FALSE", () => {
    const found = device({ dicom: `${strongTls}\ndcmTLSNeedClientAuth: yes` });
    expect(found.socket("dicom").tls.clientCertificate).toBe("none");
    expect(found.facts1("fault").map((fact) => [fact.message, fact.effect])).toContainEqual([
      'dcmTLSNeedClientAuth is "yes": a directory refuses it, and the archive would take it for FALSE',
      "syntax",
    ]);
  });

  it("T43: an HL7 application without senders takes everybody's messages", () => {
    const hl7 =
      part(
        "cn=hl7",
        "objectClass: dicomNetworkConnection",
        "objectClass: dcmNetworkConnection",
        "cn: hl7",
        "dicomHostname: a",
        "dicomPort: 2575",
        "dcmProtocol: HL7",
      ) +
      part(
        "hl7ApplicationName=*",
        "objectClass: hl7Application",
        "hl7ApplicationName: *",
        `dicomNetworkConnectionReference: cn=hl7,${deviceDn}`,
        "hl7AcceptedMessageType: *",
      );
    const found = device({ more: hl7 });
    expect(found.facts1("hl7Application")).toMatchObject([
      { name: "*", senders: "any", messageTypes: "all", clearText: true, callable: true },
    ]);
    expect(found.socket("hl7")).toMatchObject({
      protocol: "hl7",
      port: 2575,
      seen: { other: { refused: false } },
    });
  });

  it("T44: a path format leads out of the storage", () => {
    const storage = part(
      "dcmStorageID=fs1",
      "objectClass: dcmStorage",
      "dcmStorageID: fs1",
      "dcmURI: file:///storage/fs1",
      "dcmStoragePathFormat: ../../{00080018}",
    );
    expect(
      device({ more: storage })
        .facts1("option")
        .find((fact) => fact.path === "dcmStorage.fs1.dcmStoragePathFormat.escapes")?.value,
    ).toBe(true);
  });

  it("T45: a switch turns the safe reading of XML off again", () => {
    const execute = (env: Readonly<Record<string, string>>) =>
      image("5.35.1", env).socket("http").seen.other.anonymous?.execute;
    expect(execute({})).toBe(false);
    expect(execute({ JAVA_OPTS: "-Djavax.xml.featureSecureProcessing=false" })).toBe(true);
    expect(execute({ JAVAX_XML_FEATURE_SECURE_PROCESSING: "false" })).toBe(true);
  });

  it("T46: forwarded headers are trusted from everybody", () => {
    const found = archive({ files: { "s.xml": wildfly({ http: ' proxy-address-forwarding="true"' }) } });
    expect(
      found.facts1("option").find((fact) => fact.catalogue === "http-listener.*.proxy-address-forwarding")
        ?.value,
    ).toBe("true");
  });

  it("T47: a variable and its twin with _FILE stop the container", () => {
    const found = image("5.35.0", { LDAP_ROOTPASS: "a", LDAP_ROOTPASS_FILE: "/run/secrets/x" });
    expect(found.startup).toMatchObject({
      verdict: "refuses",
      reasons: [
        { message: "LDAP_ROOTPASS and LDAP_ROOTPASS_FILE are both set: the container stops at once" },
      ],
    });
  });

  it("T48: the role that lets users in depends on the release", () => {
    const role = (version: string, env: Readonly<Record<string, string>> = {}): unknown =>
      image(version, env)
        .facts1("option")
        .find((fact) => fact.path === "env.AUTH_USER_ROLE")?.value;
    expect([
      role("5.30.0-secure"),
      role("5.31.0-secure"),
      role("5.35.0-secure", { AUTH_USER_ROLE: "user" }),
    ]).toEqual(["user", "auth", "user"]);
  });

  it("T49: a secret file for the archive says nothing of the database's own variable", () => {
    const verdict = (env: Readonly<Record<string, string>>): unknown =>
      image("5.35.0", env)
        .facts1("secret")
        .find((fact) => fact.path === "POSTGRES_PASSWORD")?.verdict;
    expect(verdict({ POSTGRES_PASSWORD_FILE: "/run/secrets/db" })).toBe("reference");
    const compose = `services:
  db:
    image: dcm4che/postgres-dcm4chee:18.1-35
    environment: { POSTGRES_USER: pacs, POSTGRES_PASSWORD: pacs }
    ports: ["5432:5432"]
`;
    const { report } = lintFiles({ "compose.yml": compose });
    const listeners = report.deployments[0]?.services.flatMap((service) => service.listeners) ?? [];
    expect(listeners).toMatchObject([{ port: 5432, auth: { defaultCredentials: true } }]);
  });

  it("T50: the plain management port stays open beside the other", () => {
    const found = image("5.35.0-secure");
    expect(found.socket("management")).toMatchObject({
      on: true,
      port: 9990,
      tls: { mode: "off" },
      seen: { other: { auth: { mode: "oidc" } } },
    });
    expect(found.socket("management-https").port).toBe(9993);
  });

  it("T51: a web application that is not installed still counts", () => {
    const app = part(
      "dcmWebAppName=ARCHIVE",
      "objectClass: dcmWebApp",
      "dcmWebAppName: ARCHIVE",
      "dcmWebServicePath: /dcm4chee-arc/aets/ARCHIVE",
      "dcmWebServiceClass: STOW_RS",
      "dicomInstalled: FALSE",
    );
    expect(
      device({ more: app })
        .facts1("ineffective")
        .map((fact) => fact.because),
    ).toEqual(["the server's check of service classes does not look at it"]);
  });
});

describe("looks unsafe, is not", () => {
  it("F1: an absent dcmTLSNeedClientAuth is TRUE", () => {
    expect(device({ dicom: strongTls }).socket("dicom").tls.clientCertificate).toBe("required");
  });

  it("F2: an absent dcmTLSProtocol is TLSv1.2", () => {
    expect(device({ dicom: strongTls }).socket("dicom").tls).toMatchObject({
      minVersion: "TLSv1.2",
      cipherVerdict: "strong",
      encrypts: true,
    });
  });

  it("F3: without a bind address the host name binds", () => {
    expect(
      archive({
        files: files(deviceLdif({ dicom: "dicomPort: 11112" }).replace("archive.example", "localhost")),
      }).socket("dicom").bind,
    ).toBe("127.0.0.1");
  });

  it("F4: a connection or device that is not installed opens nothing", () => {
    const connection = device({
      dicom: "dicomPort: 2762\ndicomInstalled: FALSE\ndicomTLSCipherSuite: SSL_RSA_WITH_NULL_SHA",
    });
    expect(connection.socket("dicom").on).toBe(false);
    expect(connection.place(connection.socket("dicom").origins["/reach"])).toBe("device.ldif:17");
    expect(device({ device: "dicomInstalled: FALSE" }).socket("dicom").on).toBe(false);
  });

  it("F5: a connection that nobody refers to refuses every association", () => {
    const spare = part(
      "cn=spare",
      "objectClass: dicomNetworkConnection",
      "cn: spare",
      "dicomHostname: a",
      "dicomPort: 105",
    );
    expect(device({ more: spare }).socket("spare").seen.other).toMatchObject({
      refused: true,
      unknownPeer: none,
    });
  });

  it("F6: an entity that accepts no associations cannot be called", () => {
    const found = archive({
      files: files(deviceLdif().replace("dicomAssociationAcceptor: TRUE", "dicomAssociationAcceptor: FALSE")),
    });
    expect(found.socket("dicom").seen.other).toMatchObject({ refused: true, unknownPeer: none });
    expect(found.facts1("applicationEntity")).toMatchObject([{ callable: false }]);
  });

  it("F7: other devices are peers, not listeners", () => {
    const peer = `\ndn: dicomDeviceName=storescp,${suffix}\nobjectClass: dicomDevice\ndicomDeviceName: storescp\ndicomInstalled: TRUE\n\ndn: cn=dicom,dicomDeviceName=storescp,${suffix}\nobjectClass: dicomNetworkConnection\ncn: dicom\ndicomHostname: 0.0.0.0\ndicomPort: 11117\n`;
    expect(device({ more: peer }).sockets.map((socket) => socket.port)).toEqual([11112]);
    expect(archive({ files: files(peer.slice(1)) }).sockets).toEqual([]);
  });

  it("F8: the image binds to every address whatever the XML says; a host's command line decides", () => {
    const xml = { "dcm4chee-arc.xml": wildfly({}) };
    expect(
      archive({ image: "dcm4che/dcm4chee-arc-psql:5.35.0", version: "5.35.0", files: xml }).socket("http")
        .bind,
    ).toBe("0.0.0.0");
    expect(archive({ files: xml, args: [] }).socket("http").bind).toBe("127.0.0.1");
    expect(archive({ files: xml, args: ["-b", "10.0.0.5"] }).socket("http").bind).toBe("10.0.0.5");
    expect(isUnknown(archive({ files: xml }).socket("http").bind)).toBe(true);
  });

  it("F9: a socket binding without a listener opens nothing", () => {
    expect(archive({ files: { "s.xml": wildfly({}) } }).sockets.map((socket) => socket.id)).toEqual([
      "http",
      "management",
    ]);
  });

  it("F10: the in-memory ExampleDS is no database that anybody reaches", () => {
    const datasource =
      '<datasource pool-name="ExampleDS"><connection-url>jdbc:h2:mem:test</connection-url><security user-name="sa" password="sa"/></datasource>';
    const found = archive({ files: { "s.xml": wildfly({ datasource }) } });
    expect([found.facts1("database"), found.facts1("secret")]).toEqual([[], []]);
  });

  it("F11: a pin that names a variable is no literal", () => {
    const verdicts = (pin: string): readonly unknown[] =>
      device({ device: `dicomInstalled: TRUE\ndcmKeyStorePin: ${pin}` })
        .facts1("secret")
        .map((fact) => fact.verdict);
    expect(verdicts(`\${env.KEYSTORE_PASSWORD}`)).toEqual(["reference"]);
    expect(verdicts("secret")).toEqual(["default"]);
    expect(device({ device: "dicomInstalled: TRUE\ndcmKeyStorePin: secret" }).secrets).toHaveLength(1);
    expect(
      device({ device: `dicomInstalled: TRUE\ndcmKeyStorePin: \${env.KEYSTORE_PASSWORD}` }).secrets,
    ).toEqual([]);
  });

  it("F12: no accepted message types means none", () => {
    const app = part(
      "hl7ApplicationName=*",
      "objectClass: hl7Application",
      "hl7ApplicationName: *",
      `dicomNetworkConnectionReference: cn=dicom,${deviceDn}`,
    );
    expect(device({ more: app }).facts1("hl7Application")).toMatchObject([{ messageTypes: "none" }]);
  });

  it("F13: OPTIONS without a login is meant so", () => {
    const xml =
      "<web-app><security-constraint><web-resource-collection><url-pattern>/*</url-pattern><http-method-omission>OPTIONS</http-method-omission></web-resource-collection><auth-constraint><role-name>auth</role-name></auth-constraint></security-constraint><login-config><auth-method>OIDC</auth-method></login-config></web-app>";
    expect(archive({ files: { "WEB-INF/web.xml": xml } }).facts1("webApp")).toMatchObject([
      { login: "oidc", methodsBypass: false },
    ]);
  });

  it("F14: a debugger's port that the image mentions is closed until DEBUG says so", () => {
    expect(image("5.35.0", { DEBUG_PORT: "*:8787" }).sockets.map((socket) => socket.id)).not.toContain(
      "debug",
    );
    const keycloak = (env: Readonly<Record<string, string>>) =>
      archive({
        derive: deriveKeycloakDcm4chee,
        image: "dcm4che/keycloak:25.0.6",
        version: "25.0.6",
        env,
      })
        .sockets.filter((socket) => socket.on === true)
        .map((socket) => [socket.id, socket.port]);
    expect(keycloak({})).toEqual([["https", 8443]]);
    expect(keycloak({ DEBUG: "true", KC_HTTP_ENABLED: "true" })).toEqual([
      ["https", 8443],
      ["http", 8080],
      ["debug", 8787],
    ]);
  });

  it("F15: a required login that nothing can check locks everybody out", () => {
    const found = device({
      ae: "dcmUserIdentityNegotiation: REQUIRED\ndcmUserIdentityNegotiationKeycloakClientID: gone",
    });
    expect(found.socket("dicom").seen.other).toMatchObject({
      unknownPeer: none,
      auth: { mode: "password", lockedOut: true },
    });
  });
});

/** Id, login, paths and readability of the plain web port. */
function webGroups(found: ReturnType<typeof archive>): readonly unknown[] {
  return found.sockets
    .filter((socket) => socket.id === "http" || socket.id.startsWith("http:"))
    .map((socket) => [
      socket.id,
      socket.seen.other.auth.mode,
      "paths" in socket ? socket.paths : [],
      socket.seen.other.anonymous?.read,
    ]);
}

/** An audit logger that sends to log.example over a protocol. */
function logger(protocol: string, suites: string): string {
  const repository = `dicomDeviceName=logs,${suffix}`;
  const connection = (owner: string, host: string): string =>
    `\ndn: cn=syslog,${owner}\nobjectClass: dicomNetworkConnection\nobjectClass: dcmNetworkConnection\ncn: syslog\ndicomHostname: ${host}\ndcmProtocol: ${owner === deviceDn ? protocol : protocol === "SYSLOG_TCP" ? "SYSLOG_TLS" : protocol}\n${suites}`;
  return `${connection(deviceDn, "archive.example")}
dn: cn=Audit Logger,${deviceDn}
objectClass: dcmAuditLogger
cn: Audit Logger
dicomNetworkConnectionReference: cn=syslog,${deviceDn}
dcmAuditRecordRepositoryDeviceReference: ${repository}

dn: ${repository}
objectClass: dicomDevice
objectClass: dcmDevice
dicomDeviceName: logs
dicomInstalled: TRUE
${connection(repository, "log.example")}
dn: cn=Audit Record Repository,${repository}
objectClass: dcmAuditRecordRepository
cn: Audit Record Repository
dicomNetworkConnectionReference: cn=syslog,${repository}
`;
}

interface WildflyParts {
  readonly properties?: string;
  readonly secured?: string;
  readonly http?: string;
  readonly datasource?: string;
}

/** A small WildFly configuration. */
function wildfly(parts: WildflyParts): string {
  return `<server xmlns="urn:jboss:domain:20.0">
  <system-properties>${parts.properties ?? ""}</system-properties>
  <management><management-interfaces><http-interface http-authentication-factory="management"><socket-binding http="management-http"/></http-interface></management-interfaces></management>
  <profile>
    <subsystem xmlns="urn:jboss:domain:datasources:7.0"><datasources>${parts.datasource ?? ""}</datasources></subsystem>
    <subsystem xmlns="urn:wildfly:elytron-oidc-client:2.0">${parts.secured ?? ""}</subsystem>
    <subsystem xmlns="urn:jboss:domain:undertow:community:14.0"><server name="default-server"><http-listener name="default" socket-binding="http"${parts.http ?? ""}/></server></subsystem>
  </profile>
  <interfaces>
    <interface name="management"><inet-address value="\${jboss.bind.address.management:127.0.0.1}"/></interface>
    <interface name="public"><inet-address value="\${jboss.bind.address:127.0.0.1}"/></interface>
  </interfaces>
  <socket-binding-group name="standard-sockets" default-interface="public" port-offset="\${jboss.socket.binding.port-offset:0}">
    <socket-binding name="ajp" port="8009"/>
    <socket-binding name="http" port="\${jboss.http.port:8080}"/>
    <socket-binding name="management-http" interface="management" port="9990"/>
  </socket-binding-group>
</server>`;
}
