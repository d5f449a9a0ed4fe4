/**
 * What the image slapd-dcm4chee loads into the directory, and the ports of the XML that the archive's image selects: what
 * runs when a deployment brings no files of its own.
 * Sources: dcm4che-dockerfiles/slapd-dcm4chee ldap/data/dcm4chee-arc.ldif:104-289 and logstash.ldif (f23dd2c);
 * dcm4che-dockerfiles/dcm4chee-arc-psql configuration/dcm4chee-arc.xml:44-640 (5.35.0).
 */
import type { Tls } from "../../facts/facts.ts";
import type { Origin } from "../../facts/origin.ts";
import { tlsOff } from "../../facts/tls-off.ts";
import { isUnknown, type Maybe, unknown } from "../../facts/unknown.ts";
import { readXml } from "../../sources/xml/read.ts";
import { type Located, textAt, textOfFile } from "../../text/text.ts";
import { type Surroundings, unset } from "./archive.ts";
import { imageDefaults } from "./catalogue.ts";
import { oldestProtocol } from "./java.ts";
import type { ConfigAttribute, ConfigObject } from "./model.ts";
import { roleOf } from "./schema.ts";
import type { Port } from "./wildfly/sockets.ts";

const by = "set by the image slapd-dcm4chee";
const nowhere = { at: { file: "", start: 0, end: 0 } };

type Values = Readonly<Record<string, string | readonly string[]>>;

type Maker = (
  className: string,
  name: string,
  classes: readonly string[],
  values: Values,
  children?: readonly ConfigObject[],
) => ConfigObject;

/** Makes objects that all stand at one place: where the directory is started. */
function maker(at: Located): Maker {
  return (...parts) => object(at, ...parts);
}

function object(
  place: Located,
  className: string,
  name: string,
  classes: readonly string[],
  values: Values,
  children: readonly ConfigObject[] = [],
): ConfigObject {
  const attributes = new Map<string, ConfigAttribute>();
  for (const [key, value] of Object.entries(values)) {
    const texts = typeof value === "string" ? [value] : value;
    attributes.set(key.toLowerCase(), {
      name: key,
      at: place,
      values: texts.map((text) => ({ text: textAt(text, nowhere), at: place })),
    });
  }
  return {
    role: roleOf(className) ?? "other",
    className,
    name,
    at: place,
    form: "json",
    classes: new Set([className, ...classes].map((each) => each.toLowerCase())),
    attributes,
    ignored: [],
    removed: new Map(),
    children,
    complete: true,
    reference: name,
    by,
  };
}

/** An expression as an attribute holds it. */
function reference(name: string): string {
  return `\${${name}}`;
}

const suites = ["TLS_RSA_WITH_AES_128_CBC_SHA", "SSL_RSA_WITH_3DES_EDE_CBC_SHA"];

const titles = [
  "DCM4CHEE",
  "WORKLIST",
  "AS_RECEIVED",
  "IOCM_REGULAR_USE",
  "IOCM_QUALITY",
  "IOCM_PAT_SAFETY",
  "IOCM_WRONG_MWL",
  "IOCM_EXPIRED",
];

/** SOP classes by which each stock entity is known: verification, query and retrieve, storage, worklist. */
function services(title: string, make: Maker): readonly ConfigObject[] {
  const query = ["1.2.840.10008.5.1.4.1.2.1.1", "1.2.840.10008.5.1.4.1.2.2.1"];
  const retrieve = [
    "1.2.840.10008.5.1.4.1.2.1.2",
    "1.2.840.10008.5.1.4.1.2.2.2",
    "1.2.840.10008.5.1.4.1.2.1.3",
    "1.2.840.10008.5.1.4.1.2.2.3",
  ];
  const storage = ["1.2.840.10008.5.1.4.1.1.2", "1.2.840.10008.5.1.4.1.1.4"];
  const own: Readonly<Record<string, readonly string[]>> = {
    DCM4CHEE: [...query, ...retrieve, ...storage],
    WORKLIST: ["1.2.840.10008.5.1.4.31"],
    AS_RECEIVED: [...query, ...retrieve],
    IOCM_REGULAR_USE: [...query, ...retrieve],
  };
  const classes = ["1.2.840.10008.1.1", ...(own[title] ?? query)];
  return classes.map((uid) =>
    make("dicomTransferCapability", uid, [], { dicomSOPClass: uid, dicomTransferRole: "SCP" }),
  );
}

/** The stock devices: the archive, and the target of its audit trail. */
export function stockDevices(around: Surroundings): readonly ConfigObject[] {
  const variable = (name: string, fallback: string): string => {
    const found = around.lookup(`env.${name}`);
    return found.state === "set" ? found.value.value : fallback;
  };
  const both = ["dicom", "dicom-tls"];
  // The start script puts the variable into the text, whatever it is (slapd-dcm4chee bin/sed-config).
  const syslog = `SYSLOG_${variable("SYSLOG_PROTOCOL", "UDP")}`;
  const make = maker(around.directoryAt ?? around.startedAt ?? nowhere);
  const connection = (name: string, values: Values): ConfigObject =>
    make("dicomNetworkConnection", name, ["dcmNetworkConnection"], values);
  const archive = make(
    "dicomDevice",
    "dcm4chee-arc",
    ["dcmDevice", "dcmArchiveDevice"],
    {
      dicomInstalled: "true",
      dcmKeyStoreURL: `file://${reference("env.KEYSTORE")}`,
      dcmKeyStoreType: reference("env.KEYSTORE_TYPE"),
      dcmKeyStorePin: reference("env.KEYSTORE_PASSWORD"),
      dcmTrustStoreURL: `file://${reference("env.TRUSTSTORE")}`,
      dcmTrustStoreType: reference("env.TRUSTSTORE_TYPE"),
      dcmTrustStorePin: reference("env.TRUSTSTORE_PASSWORD"),
      dcmOverwritePolicy: "SAME_SOURCE",
      dcmQidoMaxNumberOfResults: "1000",
      dcmXDSiImagingDocumentSourceAETitle: "DCM4CHEE",
    },
    [
      connection("hl7", {
        dcmProtocol: "HL7",
        dicomPort: variable("HL7_PORT", "2575"),
        dcmBindAddress: "0.0.0.0",
        dicomHostname: "archive-host",
      }),
      connection("dicom", {
        dicomPort: variable("DICOM_PORT", "11112"),
        dcmBindAddress: "0.0.0.0",
        dicomHostname: "archive-host",
      }),
      connection("hl7-tls", {
        dcmProtocol: "HL7",
        dicomPort: variable("HL7_TLS_PORT", "12575"),
        dcmBindAddress: "0.0.0.0",
        dicomHostname: "archive-host",
        dicomTLSCipherSuite: suites,
      }),
      connection("dicom-tls", {
        dicomPort: variable("DICOM_TLS_PORT", "2762"),
        dcmBindAddress: "0.0.0.0",
        dicomHostname: "archive-host",
        dicomTLSCipherSuite: suites,
      }),
      connection("syslog", { dcmProtocol: syslog, dicomHostname: "archive-host" }),
      ...titles.map((title) =>
        make(
          "dicomNetworkAE",
          title,
          ["dcmNetworkAE", "dcmArchiveNetworkAE"],
          {
            dicomAssociationAcceptor: "true",
            dicomAssociationInitiator: "true",
            dicomNetworkConnectionReference: both,
          },
          services(title, make),
        ),
      ),
      make("hl7Application", "*", ["dcmArchiveHL7Application"], {
        hl7AcceptedMessageType: ["ADT^A01", "ORM^O01", "ORU^R01"],
        dicomNetworkConnectionReference: ["hl7", "hl7-tls"],
      }),
      make("dcmAuditLogger", "Audit Logger", [], {
        dicomNetworkConnectionReference: "syslog",
        dcmAuditRecordRepositoryDeviceName: "logstash",
      }),
    ],
  );
  const logstash = make("dicomDevice", "logstash", ["dcmDevice"], { dicomInstalled: "true" }, [
    connection("syslog", {
      dcmProtocol: syslog,
      dicomHostname: variable("SYSLOG_HOST", "127.0.0.1"),
      dicomPort: variable("SYSLOG_PORT", "514"),
    }),
    make("dcmAuditRecordRepository", "Audit Record Repository", [], {
      dicomNetworkConnectionReference: "syslog",
    }),
  ]);
  return [archive, logstash];
}

/** The ports of the image's XML; no variable turns one off. */
export function stockWebPorts(around: Surroundings): readonly Port[] {
  const element = readXml(textOfFile("", "<image/>")).root;
  if (element === undefined) return [];
  const origins: readonly Origin[] = [unset(around.startedAt, "set by the image dcm4chee-arc")];
  const all = {
    "": origins,
    "/on": origins,
    "/bind": origins,
    "/port": origins,
    "/reach": origins,
    "/tls/mode": origins,
    "/tls/clientCertificate": origins,
    "/tls/minVersion": origins,
  };
  const text = (name: string): Maybe<string> => {
    const found = around.lookup(`env.${name}`);
    return found.state === "set"
      ? found.value.value
      : unknown("input", found.state === "unknown" ? found.reason : `${name} is not set`);
  };
  // Who publishes the image's own port takes it that the archive listens there, whatever a file that is not here holds.
  const port = (name: string): Maybe<number> => {
    const value = text(name);
    const usual = Number(imageDefaults("dcm4chee-arc-psql").get(name));
    if (isUnknown(value)) return around.published?.has(usual) === true ? usual : value;
    return Number(value);
  };
  const need = text("NEED_CLIENT_AUTH");
  const protocols = text("TLS_PROTOCOLS");
  const tls: Tls = {
    mode: "on",
    encrypts: true,
    minVersion: isUnknown(protocols) ? protocols : (oldestProtocol(protocols.split(/[\s,]+/)) ?? null),
    ciphers: null,
    cipherVerdict: "acceptable",
    clientCertificate: isUnknown(need) ? need : need === "true" ? "required" : "none",
  };
  const make = (id: string, type: Port["type"], name: string, protection: Tls): Port => ({
    id,
    type,
    element,
    on: true,
    bind: "0.0.0.0",
    port: port(name),
    tls: protection,
    origins: all,
  });
  return [
    make("http", "http", "HTTP_PORT", tlsOff),
    make("https", "https", "HTTPS_PORT", tls),
    make("management", "management", "MANAGEMENT_HTTP_PORT", tlsOff),
    make("management-https", "management-https", "MANAGEMENT_HTTPS_PORT", tls),
  ];
}
