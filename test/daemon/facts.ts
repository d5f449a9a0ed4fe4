/** What is known about Orthanc, as configurations and what they do. `npm run test:daemon -- --facts` asks the daemons. */
import { type Case, fileCase } from "./case.ts";
import type { Fact } from "./fact.ts";
import { ADDRESS } from "./site.ts";

const OLD = ["1.9.1"] as const;
const FROM_1_10 = ["1.10.1", "1.12.7", "1.13.0"] as const;
const UP_TO_1_10 = ["1.9.1", "1.10.1"] as const;
const UP_TO_1_12 = ["1.9.1", "1.10.1", "1.12.7"] as const;
const FROM_1_12 = ["1.12.7", "1.13.0"] as const;
const NEW = ["1.13.0"] as const;
const OPENSSL_3 = FROM_1_10;

const BOB = { RegisteredUsers: { bob: "S3cure-pw-1" } };
const asBob: Partial<Case> = { credentials: [["bob", "S3cure-pw-1"]] };
const OPEN = { RemoteAccessAllowed: true, AuthenticationEnabled: false };
const NO_ONE = {
  DicomAlwaysAllowEcho: false,
  DicomAlwaysAllowStore: false,
};
const refuses = { startup: "refuses" } as const;

const SSL = { SslEnabled: true, SslCertificate: "server.pem" };
const DICOM_TLS = {
  DicomTlsEnabled: true,
  DicomTlsCertificate: "server.crt",
  DicomTlsPrivateKey: "server.key",
  DicomTlsTrustedCertificates: "trusted-ca.crt",
};
const certificates: Partial<Case> = {
  fixtures: {
    "server.pem": "certificates/server.pem",
    "server.crt": "certificates/server.crt",
    "server.key": "certificates/server.key",
    "trusted-ca.crt": "certificates/trusted-ca.crt",
    "empty.pem": "certificates/empty.pem",
    "server-no-key.pem": "certificates/server-no-key.pem",
  },
};
const ALL = { echo: true, store: true, find: true, get: true, move: true } as const;
const NONE = {
  echo: false,
  store: false,
  find: false,
  findWorklist: false,
  get: false,
  move: false,
} as const;
const here = { titles: { CT: [ADDRESS.other] } };

/** One modality, its title listed for the other host. */
function peer(more: Record<string, unknown> = {}): { DicomModalities: Record<string, unknown> } {
  return { DicomModalities: { ct: { AET: "CT", Host: ADDRESS.other, Port: 104, ...more } } };
}

const http: Fact[] = [
  {
    says: "an empty configuration is open to the same host and lets anybody store",
    test: fileCase({}),
    expect: {
      startup: "starts",
      http: {
        reach: "host",
        auth: { mode: "none" },
        anonymous: { read: true, write: true, execute: false, writeFiles: false, webdav: true },
      },
      dicom: { reach: "network", tls: { mode: "off" }, unknownPeer: { ...NONE, echo: true, store: true } },
    },
  },
  {
    says: "remote access with authentication written off is open to everybody",
    test: fileCase(OPEN),
    expect: {
      http: {
        reach: "network",
        auth: { mode: "none" },
        anonymous: { read: true, write: true, delete: true },
      },
    },
  },
  {
    says: "users do nothing while authentication is off",
    test: fileCase({ ...OPEN, ...BOB }, asBob),
    expect: { http: { reach: "network", auth: { mode: "none" }, anonymous: { read: true } } },
  },
  {
    says: "remote access alone turns authentication on, with orthanc:orthanc",
    releases: UP_TO_1_12,
    test: fileCase({ RemoteAccessAllowed: true }),
    expect: {
      http: {
        reach: "network",
        auth: { mode: "basic", defaultCredentials: true },
        anonymous: { read: false },
      },
    },
  },
  {
    says: "the same with an empty list of users",
    releases: UP_TO_1_12,
    test: fileCase({ RemoteAccessAllowed: true, RegisteredUsers: {} }),
    expect: { http: { reach: "network", auth: { mode: "basic", defaultCredentials: true } } },
  },
  {
    says: "since 1.13.0 it refuses to start without users",
    releases: NEW,
    test: fileCase({ RemoteAccessAllowed: true }),
    expect: refuses,
    error: "mutually incompatible",
  },
  {
    says: "since 1.13.0 nobody can log in where the list of users is empty",
    releases: NEW,
    test: fileCase({ RemoteAccessAllowed: true, RegisteredUsers: {} }),
    expect: {
      startup: "starts",
      http: { auth: { mode: "basic", defaultCredentials: false, lockedOut: true } },
    },
  },
  {
    says: "registered users replace the default one",
    test: fileCase({ RemoteAccessAllowed: true, ...BOB }, asBob),
    expect: {
      http: { reach: "network", auth: { mode: "basic", defaultCredentials: false, lockedOut: false } },
    },
  },
  {
    says: "without remote access other hosts are refused, whatever their password",
    test: fileCase({ AuthenticationEnabled: true, ...BOB }, asBob),
    expect: {
      http: { reach: "host", auth: { mode: "basic", lockedOut: false }, anonymous: { read: false } },
    },
  },
  {
    says: "without remote access and users, authentication locks everybody out",
    test: fileCase({ AuthenticationEnabled: true }),
    expect: { http: { reach: "host", auth: { mode: "basic", defaultCredentials: false, lockedOut: true } } },
  },
  {
    says: "an undefined variable is an empty password, and it works",
    test: fileCase(`{"RemoteAccessAllowed": true, "RegisteredUsers": {"eve": "\${PL_PW}"}}`, {
      credentials: [["eve", ""]],
    }),
    expect: { http: { reach: "network", auth: { mode: "basic", defaultCredentials: true } } },
  },
  {
    says: "a variable that is set and empty does not take the default",
    test: fileCase(`{"RemoteAccessAllowed": true, "RegisteredUsers": {"eve": "\${PL_PW:-long-secret}"}}`, {
      credentials: [["eve", "long-secret"]],
      env: { PL_PW: "" },
    }),
    expect: { http: { auth: { defaultCredentials: true } } },
  },
  {
    says: "a password null is empty",
    releases: UP_TO_1_12,
    test: fileCase(
      { RemoteAccessAllowed: true, RegisteredUsers: { eve: null } },
      { credentials: [["eve", ""]] },
    ),
    expect: { http: { auth: { defaultCredentials: true } } },
  },
  {
    says: "since 1.13.0 a password null stops the start",
    releases: NEW,
    test: fileCase({ RemoteAccessAllowed: true, RegisteredUsers: { eve: null } }),
    expect: refuses,
  },
  {
    says: "scripts run and files are written only if switched on",
    test: fileCase({
      ...OPEN,
      ExecuteLuaEnabled: true,
      RestApiWriteToFileSystemEnabled: true,
      WebDavEnabled: false,
    }),
    expect: { http: { anonymous: { execute: true, writeFiles: true, webdav: false } } },
  },
  {
    says: "DICOMweb is there once the plugin is, under its root",
    test: fileCase(
      { ...OPEN, Plugins: ["plugins"], DicomWeb: { Root: "/dw/" } },
      { fixtures: { "plugins/web.so": "plugin/libOrthancDicomWeb.so" }, dicomWebRoots: ["/dw/"] },
    ),
    expect: { http: { anonymous: { dicomweb: true } } },
  },
  {
    says: "DICOMweb can be switched off",
    test: fileCase(
      { ...OPEN, Plugins: ["plugins/web.so"], DicomWeb: { Enable: false } },
      { fixtures: { "plugins/web.so": "plugin/libOrthancDicomWeb.so" } },
    ),
    expect: { http: { anonymous: { read: true, dicomweb: false } } },
  },
  {
    says: "a plugin that is not there is passed over",
    releases: UP_TO_1_10,
    test: fileCase({ Plugins: ["plugins/absent.so"] }),
    expect: { startup: "starts" },
  },
  {
    says: "a plugin that is not there stops the start",
    releases: FROM_1_12,
    test: fileCase({ Plugins: ["plugins/absent.so"] }),
    expect: refuses,
  },
  {
    says: "a folder of plugins that is not there is passed over",
    test: fileCase({ Plugins: ["absent"] }),
    expect: { startup: "starts" },
  },
  {
    says: "the HTTP server can be off",
    test: fileCase({ HttpServerEnabled: false }),
    expect: { http: { reach: "none" } },
  },
  { says: "ports wrap at 65536", test: fileCase({ HttpPort: 70_000 }), expect: { http: { port: 4464 } } },
  {
    says: "HttpBindAddresses is not known before 1.12.10",
    releases: UP_TO_1_12,
    test: fileCase({ ...OPEN, HttpBindAddresses: [ADDRESS.loopback] }),
    expect: { http: { reach: "network" } },
  },
  {
    says: "HttpBindAddresses closes the port to other hosts",
    releases: NEW,
    test: fileCase({ ...OPEN, HttpBindAddresses: [ADDRESS.loopback] }),
    expect: { http: { reach: "host", auth: { mode: "none" } } },
  },
];

const ssl: Fact[] = [
  {
    says: "SslEnabled is TLS and nothing else",
    test: fileCase({ ...OPEN, ...SSL }, certificates),
    expect: {
      http: { reach: "network", tls: { mode: "on", minVersion: "TLSv1.2", clientCertificate: "none" } },
    },
  },
  {
    says: "with Debian's packages the first TLS handshake kills Orthanc (OpenSSL 3 has renamed a function)",
    releases: OPENSSL_3,
    test: fileCase({ ...OPEN, ...SSL }, certificates),
    start: { ssl: "stock" },
    expect: { startup: "starts", http: { reach: "none" } },
    dies: true,
  },
  {
    says: "with OpenSSL 1.1 it does not",
    releases: OLD,
    test: fileCase({ ...OPEN, ...SSL }, certificates),
    start: { ssl: "stock" },
    expect: { startup: "starts", http: { reach: "network", tls: { mode: "on" } } },
  },
  {
    says: "without an unversioned libssl.so SslEnabled stops the start",
    releases: UP_TO_1_10,
    test: fileCase({ ...OPEN, ...SSL }, certificates),
    start: { ssl: "none" },
    expect: refuses,
  },
  {
    says: "SslVerifyPeers asks for a certificate, and with authentication off that is all",
    test: fileCase(
      { ...OPEN, ...SSL, SslVerifyPeers: true, SslTrustedClientCertificates: "trusted-ca.crt" },
      certificates,
    ),
    expect: {
      http: {
        reach: "network",
        tls: { clientCertificate: "required" },
        auth: { mode: "none" },
        anonymous: { read: true },
      },
    },
  },
  {
    says: "SslVerifyPeers without SslEnabled does nothing",
    test: fileCase({ ...OPEN, SslVerifyPeers: true, SslTrustedClientCertificates: "absent.pem" }),
    expect: { startup: "starts", http: { reach: "network", tls: { mode: "off" } } },
  },
  {
    says: "SslMinimumProtocolVersion 5 is TLS 1.3",
    test: fileCase({ ...OPEN, ...SSL, SslMinimumProtocolVersion: 5 }, certificates),
    expect: { http: { tls: { minVersion: "TLSv1.3" } } },
  },
  {
    says: "SslMinimumProtocolVersion 6 lets nobody in",
    test: fileCase({ ...OPEN, ...SSL, SslMinimumProtocolVersion: 6 }, certificates),
    expect: { startup: "starts", http: { reach: "none" } },
  },
  ...["absent.pem", "server-no-key.pem"].map((file) => ({
    says: `SslEnabled with ${file} stops the start`,
    test: fileCase({ SslEnabled: true, SslCertificate: file }, certificates),
    expect: refuses,
  })),
  {
    says: "trusted client certificates without any stop the start",
    test: fileCase({ ...SSL, SslVerifyPeers: true, SslTrustedClientCertificates: "empty.pem" }, certificates),
    expect: refuses,
  },
];

const dicom: Fact[] = [
  {
    says: "a listed title may do everything, from any host",
    test: fileCase(peer(), here),
    expect: {
      dicom: {
        unknownPeer: { echo: true, store: true, find: false, get: false, move: false },
        spoofedPeer: { CT: ALL },
      },
    },
  },
  {
    says: "with all six switches off unknown titles are thrown out",
    test: fileCase({ ...NO_ONE, ...peer() }, here),
    expect: { dicom: { reach: "network", unknownPeer: NONE, spoofedPeer: { CT: ALL } } },
  },
  {
    says: "DicomCheckModalityHost ties a title to its host",
    releases: FROM_1_10,
    test: fileCase({ DicomCheckModalityHost: true, ...peer() }, here),
    expect: {
      dicom: { spoofedPeer: { CT: { echo: true, store: true, find: false, get: false, move: false } } },
    },
  },
  {
    says: "in 1.9.1 DicomCheckModalityHost does nothing while any switch is on",
    releases: OLD,
    test: fileCase({ DicomCheckModalityHost: true, ...peer() }, here),
    expect: { dicom: { spoofedPeer: { CT: ALL } } },
  },
  {
    says: "with all six off it holds in 1.9.1 too",
    test: fileCase({ DicomCheckModalityHost: true, ...NO_ONE, ...peer() }, here),
    expect: { dicom: { spoofedPeer: { CT: NONE } } },
  },
  {
    says: "two entries of one title undo the host check",
    releases: FROM_1_10,
    test: fileCase(
      {
        DicomCheckModalityHost: true,
        DicomModalities: { a: ["CT", ADDRESS.other, 104], b: ["CT", "192.0.2.7", 104] },
      },
      { titles: { CT: [ADDRESS.other, "192.0.2.7"] } },
    ),
    expect: { dicom: { spoofedPeer: { CT: ALL } } },
  },
  {
    says: "an entry can take away what no switch gives",
    test: fileCase(peer({ AllowFind: false, AllowStore: false }), here),
    expect: { dicom: { spoofedPeer: { CT: { store: true, find: false, get: true, move: true } } } },
  },
  {
    says: "a misspelt Allow takes nothing away",
    test: fileCase(peer({ Allowfind: false }), here),
    expect: { dicom: { spoofedPeer: { CT: { find: true } } } },
  },
  {
    says: "DicomAlwaysAllowGet and Find hand out images to anybody",
    test: fileCase({ DicomAlwaysAllowGet: true, DicomAlwaysAllowFind: true }),
    expect: { dicom: { unknownPeer: { find: true, get: true, move: false } } },
  },
  {
    says: "DicomAlwaysAllowMove is new in 1.9.7",
    releases: OLD,
    test: fileCase({ DicomAlwaysAllowMove: true }),
    expect: { dicom: { unknownPeer: { move: false } } },
  },
  {
    says: "DicomAlwaysAllowMove takes orders from anybody",
    releases: FROM_1_10,
    test: fileCase({ DicomAlwaysAllowMove: true }),
    expect: { dicom: { unknownPeer: { move: true } } },
  },
  {
    says: "worklists need their plugin",
    releases: FROM_1_10,
    test: fileCase(
      { DicomAlwaysAllowFindWorklist: true, Plugins: ["w.so"], Worklists: { Enable: true, Database: "." } },
      { fixtures: { "w.so": "plugin/libModalityWorklists.so" } },
    ),
    expect: { dicom: { unknownPeer: { find: false, findWorklist: true } } },
  },
  {
    says: "titles match in any case",
    test: fileCase({ DicomModalities: { a: ["ct", ADDRESS.other, 104] } }, here),
    expect: { dicom: { spoofedPeer: { CT: ALL } } },
  },
  {
    says: "unless StrictAetComparison",
    test: fileCase({ StrictAetComparison: true, DicomModalities: { a: ["ct", ADDRESS.other, 104] } }, here),
    expect: { dicom: { spoofedPeer: { CT: { find: false, get: false } } } },
  },
  {
    says: "modalities of the file do not count with DicomModalitiesInDatabase",
    test: fileCase({ DicomModalitiesInDatabase: true, ...peer() }, here),
    expect: { dicom: { spoofedPeer: { CT: { find: false, get: false, move: false } } } },
  },
  {
    says: "the DICOM server can be off",
    test: fileCase({ DicomServerEnabled: false }),
    expect: { dicom: { reach: "none" } },
  },
  {
    says: "DICOM over TLS asks for a certificate",
    test: fileCase({ ...DICOM_TLS }, certificates),
    expect: {
      dicom: {
        reach: "network",
        tls: { mode: "on", clientCertificate: "required" },
        unknownPeer: { store: true },
      },
    },
  },
  {
    says: "DicomTlsRemoteCertificateRequired is new in 1.9.3",
    releases: OLD,
    test: fileCase({ ...DICOM_TLS, DicomTlsRemoteCertificateRequired: false }, certificates),
    expect: { dicom: { tls: { mode: "on", clientCertificate: "required" } } },
  },
  {
    says: "a certificate that is not required is still looked at",
    releases: ["1.10.1"],
    test: fileCase({ ...DICOM_TLS, DicomTlsRemoteCertificateRequired: false }, certificates),
    expect: { dicom: { tls: { mode: "on", clientCertificate: "optional" } } },
  },
  {
    says: "a certificate that is not required is not looked at since 1.12.4",
    releases: FROM_1_12,
    test: fileCase({ ...DICOM_TLS, DicomTlsRemoteCertificateRequired: false }, certificates),
    expect: { dicom: { tls: { mode: "on", clientCertificate: "none" } } },
  },
  {
    says: "trusted certificates are needed even if none is required",
    releases: UP_TO_1_10,
    test: fileCase(
      { ...DICOM_TLS, DicomTlsTrustedCertificates: undefined, DicomTlsRemoteCertificateRequired: false },
      certificates,
    ),
    expect: refuses,
  },
  {
    says: "trusted certificates are not needed if none is required",
    releases: FROM_1_12,
    test: fileCase(
      { ...DICOM_TLS, DicomTlsTrustedCertificates: undefined, DicomTlsRemoteCertificateRequired: false },
      certificates,
    ),
    expect: { startup: "starts", dicom: { tls: { mode: "on" } } },
  },
];

const format: Fact[] = [
  {
    says: "an unknown key is passed over, and keys are case-sensitive",
    test: fileCase({ RemoteAcessAllowed: true, authenticationEnabled: true }),
    expect: { startup: "starts", http: { reach: "host", auth: { mode: "none" } } },
  },
  {
    says: "the last of two keys in a file counts",
    test: fileCase(
      '{"RemoteAccessAllowed": false, "AuthenticationEnabled": false, "RemoteAccessAllowed": true}',
    ),
    expect: { http: { reach: "network" } },
  },
  {
    says: "a key in two files stops the start",
    test: {
      ...fileCase("{}"),
      configuration: "conf",
      files: { "conf/a.json": '{"Name": "a"}', "conf/b.json": '{"Name": "a"}' },
    },
    expect: refuses,
    error: "defined in 2 different configuration files",
  },
  {
    says: "a folder is its .json files, in any case, hidden or not, but no subfolder",
    test: {
      ...fileCase("{}"),
      configuration: "conf",
      files: {
        "conf/a.JSON": '{"RemoteAccessAllowed": true}',
        "conf/.b.json": '{"AuthenticationEnabled": false}',
        "conf/c/d.json": '{"HttpServerEnabled": false}',
        "conf/e.json.bak": '{"HttpServerEnabled": false}',
      },
    },
    expect: { http: { reach: "network", auth: { mode: "none" } } },
  },
  {
    says: "comments, trailing commas and text after the end are accepted",
    test: fileCase(
      '// a\n{"RemoteAccessAllowed": true, /* b */ "AuthenticationEnabled": false,}\n} and more',
    ),
    expect: { http: { reach: "network", auth: { mode: "none" } } },
  },
  ...["{\"Name\": 'a'}", "# a\n{}", '{"A": 1 "B": 2}', "", "[]", '{"RemoteAccessAllowed": True}'].map(
    (text) => ({
      says: `not JSON: ${JSON.stringify(text)}`,
      test: fileCase(text),
      expect: refuses,
    }),
  ),
  {
    says: "a variable outside quotes is a value",
    test: fileCase(`{"RemoteAccessAllowed": \${PL_A}, "AuthenticationEnabled": \${PL_B:-false}}`, {
      env: { PL_A: "true" },
    }),
    expect: { http: { reach: "network", auth: { mode: "none" } } },
  },
  {
    says: "an undefined one is a syntax error",
    test: fileCase(`{"RemoteAccessAllowed": \${PL_A}}`),
    expect: refuses,
  },
  {
    says: "a variable in quotes is a text, and no Boolean",
    test: fileCase(`{"RemoteAccessAllowed": "\${PL_A:-true}"}`),
    expect: refuses,
    error: "Bad type",
  },
  {
    says: "a variable's value can bring keys with it",
    test: fileCase(`{"Name": "\${PL_A}"}`, {
      env: { PL_A: 'x", "RemoteAccessAllowed": true, "AuthenticationEnabled": false, "X": "' },
    }),
    expect: { http: { reach: "network", auth: { mode: "none" } } },
  },
  ...['"true"', "1", "null"].map((value) => ({
    says: `AuthenticationEnabled: ${value} stops the start`,
    test: fileCase(`{"AuthenticationEnabled": ${value}}`),
    expect: refuses,
    error: "Bad type",
  })),
  {
    says: "a text in DicomCheckModalityHost lets a listed title kill Orthanc where all six switches are off",
    test: fileCase({ ...NO_ONE, DicomCheckModalityHost: "true", ...peer() }, here),
    expect: { startup: "starts", dicom: { reach: "network", spoofedPeer: { CT: NONE } } },
    dies: true,
  },
];

/** Everything that is known. */
export const FACTS: readonly Fact[] = [...http, ...ssl, ...dicom, ...format];
