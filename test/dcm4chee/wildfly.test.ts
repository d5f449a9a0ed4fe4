import { describe, expect, it } from "vitest";
import { archive } from "./support.ts";

/** A configuration with everything that bears on who gets in. */
const xml = `<server xmlns="urn:jboss:domain:community:20.0">
  <management>
    <audit-log><logger log-boot="true" enabled="false"/></audit-log>
    <management-interfaces>
      <http-interface ssl-context="SSC"><socket-binding http="management-http" https="management-https"/></http-interface>
    </management-interfaces>
  </management>
  <profile>
    <subsystem xmlns="urn:jboss:domain:datasources:7.2"><datasources>
      <datasource pool-name="pacsds">
        <connection-url>jdbc:postgresql://\${env.POSTGRES_HOST:db}:5432/pacsdb\${env.POSTGRES_JDBC_PARAMS:}</connection-url>
        <security user-name="pacs" password="\${env.POSTGRES_PASSWORD:pacs}"/>
      </datasource>
    </datasources></subsystem>
    <subsystem xmlns="urn:wildfly:elytron:community:18.0"><tls>
      <key-stores><key-store name="KS"><credential-reference clear-text="kV9-own-and-long"/></key-store></key-stores>
      <server-ssl-contexts><server-ssl-context name="SSC" need-client-auth="true" protocols="\${env.TLS_PROTOCOLS:TLSv1.1 TLSv1.2}" cipher-suite-filter="ALL"/></server-ssl-contexts>
    </tls></subsystem>
    <subsystem xmlns="urn:wildfly:elytron-oidc-client:2.0">
      <provider name="kc"><provider-url>http://keycloak:8080/realms/dcm4che</provider-url><ssl-required>none</ssl-required></provider>
      <secure-deployment name="dcm4chee-arc-war-5.35.0-secure.war"><provider>kc</provider><client-id>arc</client-id><credential name="secret" secret="changeit"/></secure-deployment>
    </subsystem>
    <subsystem xmlns="urn:jboss:domain:undertow:community:14.0">
      <server name="default-server">
        <http-listener name="default" socket-binding="http"/>
        <https-listener name="https" socket-binding="https" ssl-context="SSC"/>
        <ajp-listener name="ajp" socket-binding="ajp"/>
        <host name="default-host"><http-invoker/></host>
      </server>
    </subsystem>
  </profile>
  <interfaces>
    <interface name="management"><inet-address value="127.0.0.1"/></interface>
    <interface name="public"><any-address/></interface>
  </interfaces>
  <socket-binding-group name="standard-sockets" default-interface="public" port-offset="100">
    <socket-binding name="ajp" port="8009"/>
    <socket-binding name="http" port="8080"/>
    <socket-binding name="https" port="8443"/>
    <socket-binding name="management-http" interface="management" port="9990"/>
    <socket-binding name="management-https" interface="management" port="9993" fixed-port="true"/>
  </socket-binding-group>
</server>`;

const found = archive({ version: "5.35.0", files: { "standalone.xml": xml }, env: {} });

describe("WildFly", () => {
  it("opens a socket for each listener, with offset and interface", () => {
    expect(found.sockets.map((socket) => [socket.id, socket.protocol, socket.bind, socket.port])).toEqual([
      ["http", "http", "0.0.0.0", 8180],
      ["http:open", "http", "0.0.0.0", 8180],
      ["https", "http", "0.0.0.0", 8543],
      ["https:open", "http", "0.0.0.0", 8543],
      ["ajp", "other", "0.0.0.0", 8109],
      ["management", "management", "127.0.0.1", 10090],
      ["management-https", "management", "127.0.0.1", 9993],
    ]);
    expect(found.place(found.socket("http").origins["/bind"])).toBe("standalone.xml:34");
    expect(found.place(found.socket("http").origins["/port"])).toBe("standalone.xml:38");
  });

  it("knows the TLS of a context", () => {
    expect(found.socket("https").tls).toMatchObject({
      mode: "on",
      minVersion: "TLSv1.1",
      clientCertificate: "required",
      cipherVerdict: "broken",
    });
    expect(found.place(found.socket("https").origins["/tls/cipherVerdict"])).toBe("standalone.xml:17");
  });

  it("sees a management without a login", () => {
    expect(found.socket("management").seen.other).toMatchObject({
      auth: { mode: "none" },
      anonymous: { execute: true },
    });
    expect(found.facts1("webApp")).toMatchObject([
      { context: "/wildfly-services", login: "none", administrative: true },
    ]);
  });

  it("finds settings of OIDC in the provider that a deployment names", () => {
    const option = (name: string): unknown =>
      found.facts1("option").find((fact) => fact.catalogue === `oidc.*.${name}`)?.value;
    expect([option("provider-url"), option("ssl-required"), option("allow-any-hostname")]).toEqual([
      "http://keycloak:8080/realms/dcm4che",
      "none",
      "false",
    ]);
  });

  it("judges passwords and how the database is reached", () => {
    expect(found.facts1("secret").map((fact) => [fact.path, fact.verdict])).toEqual([
      ["datasource pacsds: password", "default"],
      ["key-store KS: credential", "literal"],
      ["oidc dcm4chee-arc-war-5.35.0-secure.war: secret", "default"],
    ]);
    expect(found.facts1("database")).toMatchObject([{ engine: "postgres", tls: "off", local: false }]);
    const verified = archive({
      files: { "s.xml": xml },
      env: { POSTGRES_JDBC_PARAMS: "?sslmode=verify-full", POSTGRES_HOST: "localhost" },
    });
    expect(verified.facts1("database")).toMatchObject([{ tls: "verified", local: true }]);
    expect(found.secrets).toHaveLength(2);
  });

  it("tells a DOCTYPE and reads the rest", () => {
    const odd = archive({
      files: { "s.xml": `<!DOCTYPE server [<!ENTITY x SYSTEM "file:///etc/passwd">]>${xml}` },
    });
    expect(odd.facts1("fault")).toMatchObject([
      {
        effect: "syntax",
        message:
          "a document type declaration (DOCTYPE) is not read: what it declares or includes stays unknown",
      },
    ]);
    expect(odd.sockets.length).toBe(found.sockets.length);
  });

  it("judges passwords of scripts and of Keycloak's own file", () => {
    const scripts = archive({
      files: {
        "add-data-source-psql.cli":
          "# data-source add --password=old\n/subsystem=datasources:read-resource\ndata-source add --name=PacsDS --user-name=pacs --password=pacs\n",
        "keycloak.conf": "http-enabled=true\ndb-username=keycloak\ndb-password=keycloak\n",
      },
    });
    expect(
      scripts.facts1("secret").map((fact) => [fact.path, fact.verdict, scripts.place(fact.origins[""])]),
    ).toEqual([
      ["keycloak: db-password", "default", "keycloak.conf:3"],
      ["cli: password", "default", "add-data-source-psql.cli:3"],
    ]);
    expect(scripts.facts1("option")).toMatchObject([{ path: "keycloak.http-enabled", value: "true" }]);
  });
});
