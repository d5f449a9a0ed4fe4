/** dcm4chee 2.x: JBoss Web's server.xml, its connectors as sockets (Tomcat 6 attributes; dcm4chee 2.18 on JBoss 4.2). */
import type { Auth, Tls } from "../../../facts/facts.ts";
import { fromPlace, type Origin } from "../../../facts/origin.ts";
import { tlsOff } from "../../../facts/tls-off.ts";
import { isUnknown, map, unknown } from "../../../facts/unknown.ts";
import { type XmlElement, xmlAttribute, xmlChildren } from "../../../sources/xml/tree.ts";
import { locate } from "../../../text/text.ts";
import type { Answer, Socket } from "../../product.ts";
import type { Surroundings } from "../archive.ts";
import { suiteOf, worstVerdict } from "../java.ts";
import { isLiteral, judgeSecret, type Secret } from "../secrets.ts";
import { settle, type Value } from "../wildfly/sockets.ts";

/** The connectors of all services. */
function connectors(root: XmlElement): readonly XmlElement[] {
  return xmlChildren(root, "Service").flatMap((service) => xmlChildren(service, "Connector"));
}

/** The sockets. WADO and RID ask for no login in 2.x (constraint commented out in dcm4jboss-wado). */
export function tomcatSockets(root: XmlElement, around: Surroundings): readonly Socket[] {
  return connectors(root).map((connector, index): Socket => {
    const read = (name: string): Value => settle(xmlAttribute(connector, name)?.value, around, connector);
    const protocol = read("protocol");
    const ajp = typeof protocol.value === "string" && /^AJP/i.test(protocol.value);
    const secure =
      read("SSLEnabled").value === "true" ||
      read("secure").value === "true" ||
      read("scheme").value === "https";
    const port = read("port");
    const address = read("address");
    const here = [fromPlace(connector.startTag)];
    const answer = openAnswer(here, ajp);
    return {
      id: ajp ? "ajp" : secure ? "https" : index === 0 ? "http" : `http-${index}`,
      protocol: ajp ? "other" : "http",
      on: true,
      bind: map(address.value, (text) =>
        text === null || text === "0.0.0.0" ? "0.0.0.0" : text === "localhost" ? "127.0.0.1" : text,
      ),
      port: isUnknown(port.value)
        ? port.value
        : /^\d+$/.test(port.value ?? "")
          ? Number(port.value)
          : unknown("input", "the port is not a number"),
      tls: secure && !ajp ? connectorTls(read) : tlsOff,
      seen: { loopback: answer, other: answer },
      origins: {
        "": here,
        "/on": here,
        "/bind": address.origins,
        "/reach": address.origins,
        "/port": port.origins,
        "/tls/mode": here,
        "/tls/encrypts": read("ciphers").origins,
        "/tls/ciphers": read("ciphers").origins,
        "/tls/cipherVerdict": read("ciphers").origins,
        "/tls/clientCertificate": read("clientAuth").origins,
      },
    };
  });
}

/** The connector that JBoss has when no file of it is seen: port 8080 on every address. */
export function stockConnector(origins: readonly Origin[]): Socket {
  const answer = openAnswer(origins, false);
  return {
    id: "http",
    protocol: "http",
    on: true,
    bind: "0.0.0.0",
    port: 8080,
    tls: tlsOff,
    seen: { loopback: answer, other: answer },
    origins: {
      "": origins,
      "/on": origins,
      "/bind": origins,
      "/reach": origins,
      "/port": origins,
      "/tls/mode": origins,
    },
  };
}

function openAnswer(origins: readonly Origin[], ajp: boolean): Answer {
  const auth: Auth = { mode: "none", defaultCredentials: false, lockout: false };
  if (ajp) return { refused: false, auth, origins: { "/auth": origins } };
  return {
    refused: false,
    auth,
    anonymous: {
      read: true,
      write: false,
      delete: false,
      execute: false,
      writeFiles: false,
      dicomweb: false,
      webdav: false,
    },
    origins: { "/auth": origins, "/anonymous": origins },
  };
}

/** The Java of these releases (5 to 7) still offers every suite that is listed, NULL ones too. */
function connectorTls(read: (name: string) => Value): Tls {
  const ciphers = map(read("ciphers").value, (text) =>
    text === null ? null : text.split(/[\s,]+/).filter((name) => name !== ""),
  );
  const suites = map(ciphers, (names) => (names === null ? null : names.map(suiteOf)));
  const client = read("clientAuth").value;
  return {
    mode: "on",
    encrypts: map(suites, (list) => list === null || !list.some((suite) => suite.isNull)),
    minVersion: "SSLv3",
    ciphers,
    cipherVerdict: map(suites, (list) => (list === null ? "weak" : (worstVerdict(list) ?? "weak"))),
    clientCertificate: map(client, (text) =>
      text === "true" ? "required" : text === "want" ? "optional" : "none",
    ),
  };
}

/** Passwords of the connectors' key stores. */
export function tomcatSecrets(root: XmlElement, around: Surroundings): readonly Secret[] {
  return connectors(root).flatMap((connector) =>
    ["keystorePass", "truststorePass", "keyPass"].flatMap((name): Secret[] => {
      const text = xmlAttribute(connector, name)?.value;
      if (text === undefined) return [];
      const where = locate(text, 0, text.value.length);
      const secret: Secret = {
        path: `Connector: ${name}`,
        purpose: "the key store of the web server",
        verdict: judgeSecret(text, null, around),
        origins: [fromPlace(where)],
      };
      return isLiteral(text) ? [{ ...secret, place: where.at }] : [secret];
    }),
  );
}
