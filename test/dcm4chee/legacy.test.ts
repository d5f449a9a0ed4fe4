import { describe, expect, it } from "vitest";
import { isUnknown } from "../../src/facts/unknown.ts";
import { lintFiles } from "../inspect.ts";
import { archive, deviceLdif, suffix } from "./support.ts";

const descriptor = (attributes: Readonly<Record<string, string>>): string =>
  `<!DOCTYPE mbean PUBLIC "-//JBoss//DTD" "jboss_xmbean_1_2.dtd">\n<mbean>\n${Object.entries(attributes)
    .map(
      ([name, value]) =>
        `<attribute><name>${name}</name><type>java.lang.String</type>\n<descriptors><default value="${value}"/></descriptors></attribute>`,
    )
    .join("\n")}\n</mbean>`;

const server = descriptor({ TCPPort: "11112", SecurityProtocol: "dicom" });
const store = descriptor({ CallingAETitles: "ANY", UnrestrictedAppendPermissionsToAETitles: "ANY" });
const query = descriptor({ CallingAETitles: "ANY", UnrestrictedQueryPermissionsToAETitles: "ANY" });
const stock = {
  "conf/xmdesc/dcmsrv-xmbean.xml": server,
  "conf/xmdesc/storescp-xmbean.xml": store,
  "conf/xmdesc/qrscp-xmbean.xml": query,
};

describe("dcm4chee 2.x", () => {
  it("is open by its descriptors", () => {
    const found = archive({ files: stock });
    expect(found.socket("dicom")).toMatchObject({
      port: 11112,
      bind: "0.0.0.0",
      tls: { mode: "off" },
      seen: { other: { unknownPeer: { store: true, find: true, move: true } } },
    });
    expect(found.place(found.socket("dicom").seen.other.origins["/unknownPeer/store"])).toBe(
      "conf/xmdesc/storescp-xmbean.xml:4",
    );
  });

  it("takes what was changed at run time before the descriptor", () => {
    const saved = (values: string): string => `<attribute-collection>${values}</attribute-collection>`;
    const found = archive({
      files: {
        ...stock,
        "data/xmbean-attrs/dcm4chee.archive%3Aservice%3DStoreScp": saved(
          '<attribute name="CallingAETitles" type="java.lang.String">CT1\\MR1</attribute>',
        ),
        "data/xmbean-attrs/dcm4chee.archive%3Aservice%3DDcmServer": saved(
          '\n<attribute name="SecurityProtocol" type="java.lang.String">dicom-tls.nodes</attribute>',
        ),
      },
    });
    const answer = found.socket("dicom").seen.other;
    expect(answer.unknownPeer).toMatchObject({ store: false, find: true });
    expect(Object.keys(answer.spoofedPeer ?? {})).toEqual(["CT1", "MR1"]);
    expect(found.socket("dicom").tls).toMatchObject({
      mode: "on",
      encrypts: false,
      cipherVerdict: "broken",
      clientCertificate: "required",
      minVersion: "SSLv3",
    });
    expect(found.place(found.socket("dicom").origins["/tls/mode"])).toBe(
      "data/xmbean-attrs/dcm4chee.archive%3Aservice%3DDcmServer:2",
    );
  });

  it("reads the connectors of server.xml", () => {
    const xml = `<Server><Service>
<Connector port="8080" address="\${jboss.bind.address}" protocol="HTTP/1.1"/>
<Connector port="8009" address="\${jboss.bind.address}" protocol="AJP/1.3"/>
<Connector port="8443" SSLEnabled="true" scheme="https" clientAuth="true" keystorePass="secret" ciphers="SSL_RSA_WITH_NULL_SHA,TLS_RSA_WITH_AES_128_CBC_SHA"/>
</Service></Server>`;
    const found = archive({
      files: {
        "server.xml": xml,
        "bin/run.conf": '# -b 1.2.3.4\nJAVA_OPTS="$JAVA_OPTS -Djboss.bind.address=0.0.0.0"\n',
      },
    });
    expect(found.sockets.map((socket) => [socket.id, socket.protocol, socket.bind, socket.port])).toEqual([
      ["http", "http", "0.0.0.0", 8080],
      ["ajp", "other", "0.0.0.0", 8009],
      ["https", "http", "0.0.0.0", 8443],
    ]);
    expect(found.socket("https").tls).toMatchObject({
      encrypts: false,
      cipherVerdict: "broken",
      clientCertificate: "required",
    });
    expect(found.facts1("secret")).toMatchObject([{ path: "Connector: keystorePass", verdict: "default" }]);
    expect(isUnknown(archive({ files: { "server.xml": xml } }).socket("http").bind)).toBe(true);
  });

  it("names login modules that check nothing", () => {
    const xml =
      '<policy>\n<application-policy name="dcm4chee-dicom"><authentication>\n<login-module code="org.dcm4chee.archive.security.TrustLoginModule" flag="sufficient"/>\n</authentication></application-policy>\n<application-policy name="JBossWS"><authentication><login-module code="x.UsersRolesLoginModule">\n<module-option name="unauthenticatedIdentity">anonymous</module-option></login-module></authentication></application-policy></policy>';
    const found = archive({ files: { "conf/login-config.xml": xml } });
    expect(found.facts1("ineffective").map((fact) => [fact.path, found.place(fact.origins[""])])).toEqual([
      ["application-policy dcm4chee-dicom", "conf/login-config.xml:3"],
      ["application-policy JBossWS", "conf/login-config.xml:6"],
    ]);
  });

  it("judges passwords of data sources and console users", () => {
    const found = archive({
      files: {
        "deploy/pacs-postgres-ds.xml":
          "<datasources><local-tx-datasource><jndi-name>pacsDS</jndi-name><user-name>pacs</user-name><password>pacs</password></local-tx-datasource></datasources>",
        "conf/props/jmx-console-users.properties": "admin=admin\n",
      },
    });
    expect(found.facts1("secret")).toMatchObject([
      { path: "datasource pacsDS: password", verdict: "default" },
    ]);
    expect(found.facts1("account")).toMatchObject([
      { name: "admin", password: "default", purpose: "JBoss console" },
    ]);
  });

  it("sees that only listed methods ask for a login, and that a console asks for none", () => {
    const constrained =
      "<web-app><security-constraint><web-resource-collection><url-pattern>/*</url-pattern><http-method>GET</http-method><http-method>POST</http-method></web-resource-collection><auth-constraint><role-name>*</role-name></auth-constraint></security-constraint><login-config><auth-method>FORM</auth-method></login-config></web-app>";
    const open = "<web-app><!-- <security-constraint/> --></web-app>";
    const found = archive({
      files: { "dcm4chee-web3.war/WEB-INF/web.xml": constrained, "jmx-console.war/WEB-INF/web.xml": open },
    });
    expect(found.facts1("webApp")).toMatchObject([
      { context: "/dcm4chee-web3", login: "form", methodsBypass: true, administrative: false },
      { context: "/jmx-console", login: "none", methodsBypass: false, administrative: true },
    ]);
  });
});

describe("dcm4chee 4.x", () => {
  const ldif = deviceLdif({
    device:
      "dicomSoftwareVersion: 4.2.0.Alpha3\ndicomInstalled: TRUE\ndcmWadoAttributesStaleTimeout: 60\ndcmKeyStoreURL: file:///k.jks\ndcmKeyStoreType: JKS\ndcmKeyStorePin: secret",
    dicom:
      "dicomPort: 11112\ndicomTLSCipherSuite: TLS_RSA_WITH_AES_128_CBC_SHA\ndcmTLSProtocol: TLSv1\ndcmTLSProtocol: SSLv3",
  });

  it("is told by what only its devices hold, with the release that the device names", () => {
    const { report } = lintFiles({ "config.ldif": ldif }, { paths: ["."], audience: "audit" });
    expect(report.deployments[0]?.services[0]?.version).toMatchObject({ value: "4.2.0", from: "config" });
    const found = new Set(report.findings.map(({ rule }) => rule));
    expect([...found]).toEqual(
      expect.arrayContaining(["archive-unsupported", "archive-tls-old-version", "archive-default-secret"]),
    );
    // These settings came with 5: their defaults say nothing here.
    for (const rule of ["patients-in-server-log", "studies-sent-anywhere", "archive-login-optional"])
      expect(found.has(rule), rule).toBe(false);
  });

  it("is not assumed for a modality whose software has such a number", () => {
    const modality = `\ndn: dicomDeviceName=ct1,${suffix}\nobjectClass: dicomDevice\ndicomDeviceName: ct1\ndicomSoftwareVersion: 4.2\ndicomInstalled: TRUE\n`;
    const { report } = lintFiles({ "config.ldif": deviceLdif() + modality }, { paths: ["."] });
    expect(report.deployments[0]?.services[0]?.version.value).toBeNull();
  });
});
