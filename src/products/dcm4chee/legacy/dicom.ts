/** dcm4chee 2.x: the DICOM port, its security protocol and its lists of callers. */
import type { DicomOperations, OptionFact, Tls } from "../../../facts/facts.ts";
import type { Origin } from "../../../facts/origin.ts";
import { tlsOff } from "../../../facts/tls-off.ts";
import type { Answer, Socket } from "../../product.ts";
import { factBase, type Surroundings } from "../archive.ts";
import { oldestProtocol } from "../java.ts";
import { isLiteral, judgeSecret, type Secret } from "../secrets.ts";
import { type MBeanAttribute, mbeanValue, type ServiceName } from "./mbeans.ts";

/** Defaults of the descriptors of 2.18, for files that are not there. */
const defaults: Readonly<Record<string, string>> = {
  TCPPort: "11112",
  SecurityProtocol: "dicom",
  EnabledProtocols: "TLSv1,SSLv3",
  NeedClientAuthentication: "true",
  RejectIfNoUserIdentity: "false",
  CallingAETitles: "ANY",
  UnrestrictedAppendPermissionsToAETitles: "ANY",
  UnrestrictedQueryPermissionsToAETitles: "ANY",
  UnrestrictedReadPermissionsToAETitles: "ANY",
  UnrestrictedExportPermissionsToAETitles: "ANY",
};

interface Value {
  readonly text: string;
  readonly origins: readonly Origin[];
  readonly isDefault: boolean;
}

function read(attributes: readonly MBeanAttribute[], service: ServiceName, name: string): Value {
  const found = mbeanValue(attributes, service, name);
  if (found !== undefined)
    return { text: found.value.value.trim(), origins: found.origins, isDefault: found.from === "descriptor" };
  return {
    text: defaults[name] ?? "",
    origins: [{ kind: "absent", by: "default of dcm4chee 2.18" }],
    isDefault: true,
  };
}

/** The DICOM socket; undefined when no file is about it. */
export function legacyDicomSocket(
  attributes: readonly MBeanAttribute[],
  runsAnyhow = false,
): Socket | undefined {
  if (!runsAnyhow && !attributes.some((attribute) => attribute.service !== "other")) return undefined;
  const port = read(attributes, "DcmServer", "TCPPort");
  const security = read(attributes, "DcmServer", "SecurityProtocol");
  const answer = legacyAnswer(attributes);
  return {
    id: "dicom",
    protocol: "dicom",
    on: true,
    bind: "0.0.0.0",
    port: Number(port.text),
    tls: legacyTls(attributes, security),
    seen: { loopback: answer, other: answer },
    origins: {
      "": port.origins,
      "/on": port.origins,
      "/reach": port.origins,
      "/port": port.origins,
      "/tls/mode": security.origins,
      "/tls/encrypts": security.origins,
      "/tls/ciphers": security.origins,
      "/tls/cipherVerdict": security.origins,
      "/tls/minVersion": read(attributes, "TLSConfig", "EnabledProtocols").origins,
      "/tls/clientCertificate": read(attributes, "TLSConfig", "NeedClientAuthentication").origins,
    },
  };
}

/** What each security protocol offers; `nodes` is TLS without encryption (dcmsrv-xmbean.xml). */
const suites: Readonly<Record<string, readonly string[]>> = {
  "dicom-tls": ["SSL_RSA_WITH_NULL_SHA", "TLS_RSA_WITH_AES_128_CBC_SHA", "SSL_RSA_WITH_3DES_EDE_CBC_SHA"],
  "dicom-tls.aes": ["TLS_RSA_WITH_AES_128_CBC_SHA", "SSL_RSA_WITH_3DES_EDE_CBC_SHA"],
  "dicom-tls.3des": ["SSL_RSA_WITH_3DES_EDE_CBC_SHA"],
  "dicom-tls.nodes": ["SSL_RSA_WITH_NULL_SHA"],
};

function legacyTls(attributes: readonly MBeanAttribute[], security: Value): Tls {
  const list = suites[security.text];
  if (list === undefined) return tlsOff;
  const versions = read(attributes, "TLSConfig", "EnabledProtocols").text.split(/[\s,]+/);
  const need = read(attributes, "TLSConfig", "NeedClientAuthentication").text === "true";
  const plain = list.some((name) => name.includes("_NULL_"));
  return {
    mode: "on",
    encrypts: !plain,
    minVersion: oldestProtocol(versions) ?? null,
    ciphers: list,
    cipherVerdict: plain || security.text === "dicom-tls.3des" ? "broken" : "weak",
    clientCertificate: need ? "required" : "none",
  };
}

function legacyAnswer(attributes: readonly MBeanAttribute[]): Answer {
  const store = read(attributes, "StoreScp", "CallingAETitles");
  const query = read(attributes, "QueryRetrieveScp", "CallingAETitles");
  const identity = read(attributes, "DicomSecurity", "RejectIfNoUserIdentity");
  const login = identity.text === "true";
  const open = (value: Value): boolean => value.text === "ANY" && !login;
  const operations: DicomOperations = {
    echo: !login,
    store: open(store),
    find: open(query),
    findWorklist: !login,
    get: open(query),
    move: open(query),
  };
  return {
    refused: false,
    auth: { mode: login ? "password" : "none", defaultCredentials: false, lockout: false },
    unknownPeer: operations,
    spoofedPeer: Object.fromEntries(
      [...titles(store), ...titles(query)].map((title) => [
        title,
        {
          ...operations,
          store: !login && (open(store) || titles(store).includes(title)),
          find: !login && (open(query) || titles(query).includes(title)),
        },
      ]),
    ),
    origins: {
      "/auth": identity.origins,
      "/auth/mode": identity.origins,
      "/unknownPeer": [...store.origins, ...query.origins],
      "/unknownPeer/store": store.origins,
      "/unknownPeer/find": query.origins,
      "/unknownPeer/get": query.origins,
      "/unknownPeer/move": query.origins,
    },
  };
}

function titles(value: Value): readonly string[] {
  return value.text === "ANY" || value.text === "CONFIGURED_AETS"
    ? []
    : value.text.split(/[\s,\\]+/).filter((title) => title !== "" && title !== "NONE");
}

const shown: readonly (readonly [ServiceName, string])[] = [
  ["DcmServer", "SecurityProtocol"],
  ["TLSConfig", "EnabledProtocols"],
  ["TLSConfig", "NeedClientAuthentication"],
  ["DicomSecurity", "RejectIfNoUserIdentity"],
  ["DicomSecurity", "DefaultUserID"],
  ["StoreScp", "CallingAETitles"],
  ["StoreScp", "UnrestrictedAppendPermissionsToAETitles"],
  ["QueryRetrieveScp", "CallingAETitles"],
  ["QueryRetrieveScp", "UnrestrictedQueryPermissionsToAETitles"],
  ["QueryRetrieveScp", "UnrestrictedReadPermissionsToAETitles"],
  ["QueryRetrieveScp", "UnrestrictedExportPermissionsToAETitles"],
];

/** The settings as options. */
export function legacyOptions(
  attributes: readonly MBeanAttribute[],
  around: Surroundings,
): readonly OptionFact[] {
  return shown.flatMap(([service, name]): OptionFact[] => {
    if (!attributes.some((attribute) => attribute.service === service)) return [];
    const value = read(attributes, service, name);
    const path = `${service}.${name}`;
    return [
      {
        kind: "option",
        ...factBase(around, "option", path),
        path,
        catalogue: path,
        value: value.text,
        isDefault: value.isDefault,
        read: true,
        security: true,
        issue: null,
        origins: { "": value.origins, "/value": value.origins },
      },
    ];
  });
}

/** Passwords of key stores. */
export function legacySecrets(
  attributes: readonly MBeanAttribute[],
  around: Surroundings,
): readonly Secret[] {
  return attributes.flatMap((attribute): Secret[] => {
    if (!/Password$/.test(attribute.name) || attribute.value.value === "") return [];
    const secret: Secret = {
      path: `${attribute.service}.${attribute.name}`,
      purpose: "the key store of the archive",
      verdict: judgeSecret(attribute.value, null, around),
      origins: attribute.origins,
    };
    const place = attribute.value.pieces[0]?.at;
    return isLiteral(attribute.value) && place !== undefined ? [{ ...secret, place }] : [secret];
  });
}
