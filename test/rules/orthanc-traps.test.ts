/**
 * One test for each trap of Orthanc's configuration (data/orthanc/traps.json): settings that look safe and are not, or the
 * reverse, at the releases where it matters, with the lines and columns that are told.
 */
import { describe, expect, test } from "vitest";
import coverage from "../../data/orthanc/traps.json" with { type: "json" };
import type { LintOptions } from "../../src/lint.ts";
import { inspectConfiguration, lintFiles } from "../inspect.ts";

type Options = Partial<LintOptions>;

/** Findings of all audiences as "rule line:column severity"; `rules` keeps those that matter to the test. */
function findings(
  config: string | Readonly<Record<string, string>>,
  version: string | undefined,
  rules: readonly string[],
  options: Options = {},
): readonly string[] {
  const files = typeof config === "string" ? { "orthanc.json": config } : config;
  const { report } = lintFiles(files, {
    ...options,
    ...(version === undefined ? {} : { orthancVersion: version }),
  });
  return report.findings
    .filter(({ rule }) => rules.includes(rule))
    .map(({ rule, location, severity }) => `${rule} ${location.line}:${location.column} ${severity}`)
    .sort();
}

/** Lines and columns that a rule shows besides the first. */
function related(config: string, version: string, rule: string): readonly string[] {
  const { report } = lintFiles({ "orthanc.json": config }, { orthancVersion: version });
  return report.findings
    .filter((finding) => finding.rule === rule)
    .flatMap((finding) =>
      finding.related.map(({ location, label }) => `${location.line}:${location.column} ${label}`),
    );
}

const users = '"RegisteredUsers": { "radiology": "seven red horses in rain" }';
const files = '"DicomTlsCertificate": "/etc/orthanc/a.crt", "DicomTlsPrivateKey": "/etc/orthanc/a.key"';
const tls = `"DicomTlsEnabled": true, ${files}, "DicomTlsTrustedCertificates": "/etc/orthanc/b.crt"`;
const library = (name: string): string => `"Plugins": [ "/usr/share/orthanc/plugins/${name}.so" ]`;

describe("HTTP", () => {
  test("T1 RemoteAccessAllowed false is a filter, not a closed port", () => {
    const config = '{ "RemoteAccessAllowed": false,\n  "HttpPort": 8042 }';
    const { http } = inspectConfiguration(config, "1.12.11");
    expect(http).toMatchObject({ bind: "0.0.0.0", reach: "host" });
    expect(findings(config, "1.12.11", ["http-port-visible"])).toEqual(["http-port-visible 1:1 low"]);
  });

  test("T2 a proxy on the same host is let in as loopback", () => {
    const config = '{\n  "RemoteAccessAllowed": false\n}';
    const { http } = inspectConfiguration(config, "1.12.7");
    expect(http.entries.map(({ sourceSeen, auth }) => [sourceSeen, auth.mode])).toEqual([
      ["loopback", "none"],
    ]);
    expect(findings(config, "1.12.7", ["http-no-authentication-on-host"])).toEqual([
      "http-no-authentication-on-host 1:1 medium",
    ]);
  });

  test.each(["1.5.8", "1.12.7", "1.13.0"])("T3 an old default file stays open at %s", (version) => {
    const config = '{\n  "RemoteAccessAllowed": true,\n  "AuthenticationEnabled": false\n}';
    expect(findings(config, version, ["http-no-authentication"])).toEqual([
      "http-no-authentication 3:28 critical",
    ]);
  });

  test("T4 users that nobody is asked for", () => {
    const config = `{\n  "RemoteAccessAllowed": true,\n  "AuthenticationEnabled": false,\n  ${users}\n}`;
    expect(findings(config, "1.12.7", ["http-no-authentication", "http-default-credentials"])).toEqual([
      "http-no-authentication 3:28 critical",
    ]);
    expect(related(config, "1.12.7", "http-no-authentication")).toContain(
      "4:22 nobody is asked for these passwords",
    );
  });

  test.each([
    ["absent", "1.12.8", "http-default-credentials 1:1 critical"],
    ["absent", "1.12.11", "http-default-credentials 1:1 critical"],
    ["absent", "1.13.0", "server-does-not-start 1:1 high"],
    ["{}", "1.12.8", "http-default-credentials 3:22 critical"],
    ["{}", "1.12.9", "http-nobody-can-log-in 3:22 medium"],
    ["{}", "1.13.0", "http-nobody-can-log-in 3:22 medium"],
  ])("T5 remote access with users %s at %s: %s", (list, version, expected) => {
    const listed = list === "absent" ? "" : `,\n  "RegisteredUsers": ${list}`;
    const config = `{\n  "RemoteAccessAllowed": true${listed}\n}`;
    expect(
      findings(config, version, [
        "http-default-credentials",
        "http-nobody-can-log-in",
        "server-does-not-start",
      ]),
    ).toEqual([expected]);
  });

  test("T6 1.13.0 starts with an empty list of users", () => {
    const absent = inspectConfiguration('{ "RemoteAccessAllowed": true, "HttpPort": 8042 }', "1.13.0");
    const empty = inspectConfiguration('{ "RemoteAccessAllowed": true, "RegisteredUsers": {} }', "1.13.0");
    expect([absent.service.startup.verdict, empty.service.startup.verdict]).toEqual(["refuses", "starts"]);
    expect(empty.http.auth.lockedOut).toBe(true);
  });

  test.each([
    ["null", "1.12.8", "http-default-credentials 3:32 critical"],
    ['""', "1.12.8", "http-default-credentials 3:32 critical"],
    ["null", "1.13.0", "server-does-not-start 3:32 high"],
    ['""', "1.13.0", "http-default-credentials 3:32 critical"],
  ])("T7 the password %s at %s: %s", (password, version, expected) => {
    const config = `{\n  "RemoteAccessAllowed": true,\n  "RegisteredUsers": { "bob" : ${password} }\n}`;
    expect(findings(config, version, [expected.split(" ")[0] ?? ""])).toEqual([expected]);
  });

  test("T8 a script believes any user name while the login is off", () => {
    const config = {
      "orthanc.json":
        '{\n  "RemoteAccessAllowed": true,\n  "AuthenticationEnabled": false,\n  "LuaScripts": [ "filter.lua" ]\n}',
      "filter.lua":
        "function IncomingHttpRequestFilter(method, uri, ip, username)\n  return username == 'admin'\nend\n",
    };
    expect(findings(config, "1.12.7", ["http-login-left-to-script", "http-no-authentication"])).toEqual([
      "http-login-left-to-script 3:28 high",
    ]);
  });

  test.each([
    ["1.12.9", "user-name-with-colon 3:24 medium"],
    ["1.12.10", "server-does-not-start 3:24 high"],
  ])("T9 a colon in a user name at %s", (version, expected) => {
    const config =
      '{\n  "RemoteAccessAllowed": true,\n  "RegisteredUsers": { "ad:min": "seven red horses in rain" }\n}';
    expect(findings(config, version, ["user-name-with-colon", "server-does-not-start"])).toEqual([expected]);
  });

  test("T10 SslVerifyPeers without SslEnabled", () => {
    const config = `{\n  "RemoteAccessAllowed": true,\n  ${users},\n  "SslVerifyPeers": true\n}`;
    expect(inspectConfiguration(config, "1.12.7").http.tls.clientCertificate).toBe("none");
    expect(related(config, "1.12.7", "http-no-tls")).toContain(
      "4:21 without TLS nobody is asked for a certificate",
    );
  });

  test("T11 trusted clients without SslVerifyPeers", () => {
    const config = '{\n  "SslEnabled": true,\n  "SslTrustedClientCertificates": "clients.pem"\n}';
    expect(findings(config, "1.12.7", ["tls-clients-not-asked"])).toEqual([
      "tls-clients-not-asked 3:35 medium",
    ]);
  });

  test("T12 SslEnabled leaves DICOM in clear text", () => {
    const { http, dicom } = inspectConfiguration('{ "SslEnabled": true, "HttpPort": 8042 }', "1.12.7");
    expect([http.tls.mode, dicom.tls.mode]).toEqual(["on", "off"]);
  });

  test("T13 a list of ciphers without a known one", () => {
    const config = `{\n  "RemoteAccessAllowed": true,\n  ${users},\n  "SslEnabled": true,\n  "SslCiphersAccepted": []\n}`;
    expect(findings(config, "1.12.7", ["tls-no-usable-cipher"])).toEqual(["tls-no-usable-cipher 5:25 low"]);
  });

  test("T14 a version of TLS that does not exist", () => {
    const config = '{\n  "SslEnabled": true,\n  "SslMinimumProtocolVersion": 6\n}';
    expect(findings(config, "1.12.7", ["number-out-of-range"])).toEqual(["number-out-of-range 3:32 medium"]);
  });

  test("T15 port 70000 is 4464", () => {
    const config = '{\n  "HttpPort": 70000, "Name": "Archive"\n}';
    expect(inspectConfiguration(config, "1.12.7").http.port).toBe(4464);
    expect(findings(config, "1.12.7", ["number-out-of-range"])).toEqual(["number-out-of-range 2:15 medium"]);
  });

  test("T16 HttpBindAddresses before 1.12.10", () => {
    const config =
      '{\n  "RemoteAccessAllowed": true,\n  "AuthenticationEnabled": false,\n  "HttpBindAddresses": [ "127.0.0.1" ]\n}';
    const rules = ["key-too-new", "http-no-authentication"];
    expect(findings(config, "1.12.9", rules)).toEqual([
      "http-no-authentication 3:28 critical",
      "key-too-new 4:3 high",
    ]);
    expect(findings(config, "1.12.10", rules)).toEqual([]);
  });

  test("T17 a plugin that is not there", () => {
    const config =
      '{\n  "RemoteAccessAllowed": true,\n  "AuthenticationEnabled": false,\n  "Plugins": [ "/nowhere/libOrthancAuthorization.so" ],\n  "Authorization": { "WebServiceRootUrl": "https://auth.clinic.example/" }\n}';
    const rules = ["http-no-authentication", "authorization-without-effect", "server-does-not-start"];
    const onHost = { onHost: true };
    expect(findings(config, "1.12.4", rules, onHost)).toEqual([
      "authorization-without-effect 5:20 medium",
      "http-no-authentication 3:28 critical",
    ]);
    expect(findings(config, "1.12.5", rules, onHost)).toContain("server-does-not-start 4:16 high");
  });

  test("T18 a section that its plugin does not find", () => {
    const config = `{\n  ${library("libOrthancAuthorization")},\n  "Authorisation": { "WebServiceRootUrl": "https://auth.clinic.example/" },\n  "HttpPort": 8042\n}`;
    expect(findings(config, "1.12.7", ["misspelt-key", "misspelt-key-opens"])).toHaveLength(1);
    expect(findings(config, "1.12.7", ["misspelt-key", "misspelt-key-opens"])[0]).toMatch(/ 3:3 /);
  });

  test("T19 an authorization plugin that only makes tokens", () => {
    const config = `{\n  ${library("libOrthancAuthorization")},\n  "Authorization": { "WebServiceTokenCreationBaseUrl": "https://auth.clinic.example/" }\n}`;
    expect(findings(config, "1.12.7", ["authorization-without-effect"])).toEqual([
      "authorization-without-effect 3:20 medium",
    ]);
  });

  test("T20 UncheckedFolders with the root", () => {
    const config = `{\n  "RemoteAccessAllowed": true,\n  "AuthenticationEnabled": false,\n  ${library("libOrthancAuthorization")},\n  "Authorization": { "WebServiceRootUrl": "https://auth.clinic.example/", "UncheckedFolders": [ "/" ] }\n}`;
    expect(findings(config, "1.12.7", ["http-unchecked-folders"])).toEqual([
      "http-unchecked-folders 5:95 critical",
    ]);
  });

  test("T21 OrthancExplorerEnabled false leaves the data open", () => {
    const config =
      '{\n  "RemoteAccessAllowed": true,\n  "AuthenticationEnabled": false,\n  "OrthancExplorerEnabled": false\n}';
    expect(inspectConfiguration(config, "1.12.7").http.anonymous?.read).toBe(true);
    expect(related(config, "1.12.7", "http-no-authentication")).toContain(
      "4:29 hides the web page only, not the data",
    );
  });

  test("T22 DicomWeb.Ssl does not encrypt", () => {
    const config = `{\n  "RemoteAccessAllowed": true,\n  ${users},\n  "DicomWeb": { "Ssl": true }\n}`;
    expect(related(config, "1.12.7", "http-no-tls")).toContain("4:24 changes the links in answers only");
  });

  test("T23 a misspelt password key of a peer is shown", () => {
    const config =
      '{\n  "OrthancPeers": {\n    "hub": { "Url": "https://hub.example/", "UserName": "a", "PassWord": "seven red horses" }\n  }\n}';
    expect(findings(config, "1.12.7", ["secret-shown-by-server"])).toEqual([
      "secret-shown-by-server 3:74 medium",
    ]);
  });

  test("T24 the Education plugin replaces the login and believes a header", () => {
    const config = `{\n  "RemoteAccessAllowed": true,\n  ${users},\n  ${library("libOrthancEducation")},\n  "Education": { "Enabled": true, "Administrators": { "Authentication": "HttpHeader" } }\n}`;
    expect(inspectConfiguration(config, "1.12.10").http.auth.mode).toBe("plugin");
    expect(findings(config, "1.12.10", ["education-trusts-header"])).toEqual([
      "education-trusts-header 5:73 high",
    ]);
  });

  test.each([
    ["1.10.1+dfsg-2+deb12u1", ["server-can-be-stopped-by-callers 2:17 high"]],
    ["1.12.7", []],
  ])("T25 HTTPS at %s", (version, expected) => {
    const config = '{\n  "SslEnabled": true\n}';
    expect(findings(config, version, ["server-can-be-stopped-by-callers"])).toEqual(expected);
  });
});

describe("DICOM", () => {
  const modality = (name: string, ...rest: readonly string[]): string =>
    `"${name}": { "AET": "REVIEW", "Host": "192.168.10.${name.length}", "Port": 104${rest.map((part) => `, ${part}`).join("")} }`;

  test("T30 closing HTTP leaves DICOM open", () => {
    const config = '{\n  "RemoteAccessAllowed": false\n}';
    const { dicom } = inspectConfiguration(config, "1.12.7");
    expect(dicom).toMatchObject({ reach: "network", unknownPeer: { echo: true, store: true, find: false } });
    expect(findings(config, "1.12.7", ["dicom-store-from-anyone"])).toEqual([
      "dicom-store-from-anyone 1:1 high",
    ]);
  });

  test("T31 a listed modality may search from any address", () => {
    const config = `{\n  "DicomModalities": {\n    ${modality("a")}\n  }\n}`;
    expect(inspectConfiguration(config, "1.12.7").dicom.spoofedPeer).toMatchObject({
      REVIEW: { find: true, get: true, move: true },
    });
    expect(findings(config, "1.12.7", ["dicom-title-is-enough"])).toEqual(["dicom-title-is-enough 1:1 high"]);
    expect(related(config, "1.12.7", "dicom-title-is-enough")).toContain("3:19 a listed AE title");
  });

  test("T32 a denial that everybody's right overrides", () => {
    const config = `{\n  "DicomModalities": {\n    ${modality("a", '"AllowStore": false')}\n  }\n}`;
    expect(findings(config, "1.12.7", ["dicom-denial-without-effect"])).toEqual([
      "dicom-denial-without-effect 3:80 medium",
    ]);
  });

  test("T33 a misspelt denial denies nothing", () => {
    const config = `{\n  "DicomModalities": {\n    ${modality("a", '"AllowFInd": false')}\n  }\n}`;
    expect(inspectConfiguration(config, "1.12.7").dicom.spoofedPeer).toMatchObject({
      REVIEW: { find: true },
    });
    expect(findings(config, "1.12.7", ["misspelt-key-opens"])).toEqual(["misspelt-key-opens 3:66 high"]);
  });

  test.each([
    ["1.10.0", []],
    ["1.12.7", ["dicom-host-check-without-effect 4:20 high"]],
  ])("T34 two entries of one AE title at %s", (version, expected) => {
    const config = `{\n  "DicomCheckModalityHost": true,\n  "DicomModalities": {\n    ${modality("aa")},\n    ${modality("bbb")}\n  }\n}`;
    expect(findings(config, version, ["dicom-host-check-without-effect"])).toEqual(expected);
  });

  test.each([
    ["1.9.2", ["dicom-host-check-without-effect 4:19 high"]],
    ["1.9.3", []],
  ])("T35 the host check at %s", (version, expected) => {
    const config = `{\n  "DicomCheckModalityHost": true,\n  "DicomModalities": {\n    ${modality("a")}\n  }\n}`;
    expect(findings(config, version, ["dicom-host-check-without-effect"])).toEqual(expected);
  });

  test("T36 a host name never matches", () => {
    const config =
      '{\n  "DicomCheckModalityHost": true,\n  "DicomModalities": { "a": { "AET": "REVIEW", "Host": "localhost", "Port": 104 } }\n}';
    expect(findings(config, "1.12.7", ["dicom-host-is-a-name"])).toEqual([
      "dicom-host-is-a-name 3:56 medium",
    ]);
  });

  test("T37 the host check does not cover what everybody may", () => {
    const config = '{\n  "DicomCheckModalityHost": true,\n  "DicomAlwaysAllowStore": true\n}';
    expect(findings(config, "1.12.7", ["dicom-store-from-anyone"])).toEqual([
      "dicom-store-from-anyone 3:28 high",
    ]);
  });

  test("T38 the called title is no access control", () => {
    const config = '{\n  "DicomCheckCalledAet": true,\n  "DicomAlwaysAllowFind": true\n}';
    expect(findings(config, "1.12.7", ["dicom-query-from-anyone"])).toEqual([
      "dicom-query-from-anyone 3:27 critical",
    ]);
  });

  test("T39 DICOM TLS is about incoming connections", () => {
    const config = `{\n  ${tls},\n  "DicomModalities": {\n    ${modality("a")}\n  }\n}`;
    expect(findings(config, "1.12.7", ["dicom-sends-unencrypted"])).toEqual([
      "dicom-sends-unencrypted 4:10 medium",
    ]);
  });

  test("T40 certificate and key without the switch", () => {
    const config = `{\n  ${files}\n}`;
    expect(inspectConfiguration(config, "1.12.7").dicom.tls.mode).toBe("off");
    expect(findings(config, "1.12.7", ["dicom-tls-not-switched-on"])).toEqual([
      "dicom-tls-not-switched-on 2:26 medium",
    ]);
  });

  test.each([
    ["1.12.3", "optional"],
    ["1.12.4", "none"],
  ])("T41 no certificate required at %s: %s", (version, asked) => {
    const config = `{\n  ${tls},\n  "DicomTlsRemoteCertificateRequired": false\n}`;
    expect(inspectConfiguration(config, version).dicom.tls.clientCertificate).toBe(asked);
    expect(findings(config, version, ["dicom-tls-partners-unverified"])).toEqual([
      "dicom-tls-partners-unverified 3:40 medium",
    ]);
  });

  test("T42 paths of DICOM TLS count from the working directory", () => {
    const config =
      '{\n  "DicomTlsEnabled": true,\n  "DicomTlsCertificate": "dicom.crt", "SslCertificate": "clinic.pem", "SslEnabled": true\n}';
    expect(findings(config, "1.12.7", ["tls-path-from-working-directory"])).toEqual([
      "tls-path-from-working-directory 3:26 low",
    ]);
  });

  test("T43 ports of tenants stay without TLS", () => {
    const config = `{\n  ${library("libMultitenantDicom")},\n  "MultitenantDicom": { "Servers": [ { "AET": "WARD", "Port": 4343 } ] },\n  ${tls}\n}`;
    expect(findings(config, "1.12.7", ["dicom-tls-not-on-all-ports"])).toEqual([
      "dicom-tls-not-on-all-ports 4:22 medium",
    ]);
  });

  test("T44 the list in the database counts", () => {
    const config = `{\n  "DicomModalitiesInDatabase": true,\n  "DicomModalities": {\n    ${modality("a")}\n  }\n}`;
    expect(inspectConfiguration(config, "1.12.7").dicom.spoofedPeer).toEqual({});
    expect(findings(config, "1.12.7", ["dicom-modalities-in-database"])).toEqual([
      "dicom-modalities-in-database 3:22 medium",
    ]);
  });

  test("T46 options of a DICOM server that is off are not read", () => {
    const config = '{\n  "DicomServerEnabled": false,\n  "DicomTlsEnabled": "no"\n}';
    const { service, dicom } = inspectConfiguration(config, "1.12.7");
    expect([service.startup.verdict, dicom.reach]).toEqual(["starts", "none"]);
    expect(findings(config, "1.12.7", ["wrong-type-ignored"])).toEqual(["wrong-type-ignored 3:22 low"]);
  });
});

describe("format, packages and data", () => {
  test("T50 an unknown key is ignored", () => {
    const config =
      '{\n  "RemoteAccessAllowed": true,\n  "registeredUsers": { "radiology": "seven red horses in rain" }\n}';
    expect(findings(config, "1.12.7", ["misspelt-key-opens", "http-default-credentials"])).toEqual([
      "http-default-credentials 1:1 critical",
      "misspelt-key-opens 3:3 high",
    ]);
  });

  test("T51 of a key that stands twice the last one counts", () => {
    const config = `{\n  "RemoteAccessAllowed": true, ${users},\n  "AuthenticationEnabled": true,\n  "AuthenticationEnabled": false\n}`;
    expect(findings(config, "1.12.7", ["key-written-twice", "http-no-authentication"])).toEqual([
      "http-no-authentication 4:28 critical",
      "key-written-twice 4:3 medium",
    ]);
  });

  test("T52 a key in two files stops the start", () => {
    const config = {
      "etc/orthanc/orthanc.json": '{ "HttpPort": 8042 }',
      "etc/orthanc/ports.json": '{\n  "HttpPort": 8042\n}',
    };
    expect(findings(config, "1.12.7", ["server-does-not-start"], { paths: ["etc/orthanc"] })).toEqual([
      "server-does-not-start 2:3 high",
    ]);
  });

  test("T53 text after the last brace is not read", () => {
    const { service } = inspectConfiguration('{ "HttpPort": 8042 } "AuthenticationEnabled": false', "1.12.7");
    expect(service.startup.verdict).toBe("starts");
  });

  test("T54 a variable can add keys", () => {
    const config = `{\n  "RemoteAccessAllowed": true, ${users},\n  "Name": "\${NAME}"\n}`;
    const env = { NAME: 'x", "AuthenticationEnabled": false, "y": "' };
    expect(findings(config, "1.12.7", ["variable-does-something-else"], { env })).toEqual([
      "variable-does-something-else 3:12 high",
    ]);
    expect(inspectConfiguration(config, "1.12.7", { env }).http.auth.mode).toBe("none");
  });

  test("T55 a default does not count for an empty variable", () => {
    const config =
      '{\n  "RemoteAccessAllowed": true,\n  "RegisteredUsers": { "bob": "${PW:-seven red horses in rain}" }\n}';
    const env = { PW: "" };
    expect(findings(config, "1.12.7", ["variable-does-something-else"], { env })).toEqual([
      "variable-does-something-else 3:32 medium",
    ]);
    expect(inspectConfiguration(config, "1.12.7", { env }).http.auth.defaultCredentials).toBe(true);
    expect(inspectConfiguration(config, "1.12.7").http.auth.defaultCredentials).toBe(false);
  });

  test("T56 a secret that holds the beginning of a variable", () => {
    const config =
      '{\n  "RemoteAccessAllowed": true,\n  "RegisteredUsers": { "bob": "seven${red-horses}rain" }\n}';
    expect(findings(config, "1.12.7", ["variable-does-something-else"])).toEqual([
      "variable-does-something-else 3:37 medium",
    ]);
  });

  test("T62 Education reads Enabled, not Enable", () => {
    const config = `{\n  ${library("libOrthancEducation")},\n  "Education": { "Enable": true }\n}`;
    expect(findings(config, "1.12.10", ["misspelt-key"])).toEqual(["misspelt-key 3:18 low"]);
  });

  test("T63 the account that an image writes into its file", () => {
    const config = '{\n  "RemoteAccessAllowed": true,\n  "RegisteredUsers": { "orthanc": "orthanc" }\n}';
    expect(findings(config, "1.13.0", ["http-default-credentials"])).toEqual([
      "http-default-credentials 3:35 critical",
    ]);
  });

  test.each([
    ['{ "Enable": true }', "storage-encryption-without-effect 3:42 high"],
    ['{ "MasterKey": "key" }', "storage-encryption-without-effect 3:57 high"],
    [
      '{ "MasterKey": [ 1, "a.key" ], "PreviousMasterKeys": [ "b.key" ] }',
      "storage-encryption-without-effect 3:97 high",
    ],
    ['{ "MasterKey": [ 1, "a.key" ] }', undefined],
  ])("T64 the encryption %s", (encryption, expected) => {
    const config = `{\n  ${library("libOrthancAwsS3Storage")},\n  "AwsS3Storage": { "StorageEncryption": ${encryption} }\n}`;
    expect(findings(config, "1.12.7", ["storage-encryption-without-effect"])).toEqual(
      expected === undefined ? [] : [expected],
    );
  });

  test("T65 EnableSsl of PostgreSQL does not verify", () => {
    const config = `{\n  ${library("libOrthancPostgreSQLIndex")},\n  "PostgreSQL": { "EnableIndex": true, "Host": "10.0.0.5", "EnableSsl": true }\n}`;
    expect(findings(config, "1.12.7", ["database-unverified"])).toEqual(["database-unverified 3:73 low"]);
  });

  test("T66 a database without EnableIndex", () => {
    const config = `{\n  ${library("libOrthancPostgreSQLIndex")},\n  "PostgreSQL": { "Host": "10.0.0.5" }\n}`;
    expect(findings(config, "1.12.7", ["database-not-switched-on"])).toEqual([
      "database-not-switched-on 3:17 medium",
    ]);
  });

  test("T67 names of patients in the log", () => {
    const config = '{\n  "DeidentifyLogs": false, "HttpPort": 8042\n}';
    expect(findings(config, "1.12.7", ["patients-in-logs"])).toEqual(["patients-in-logs 2:21 medium"]);
  });

  test("T68 saved jobs keep passwords of peers", () => {
    const config =
      '{\n  "SaveJobs": true,\n  "OrthancPeers": { "hub": [ "https://hub.example/", "a", "seven red horses" ] }\n}';
    expect(findings(config, "1.12.7", ["peer-password-in-jobs"])).toEqual(["peer-password-in-jobs 2:15 low"]);
  });

  test("T69 a misspelt mode means Recycle", () => {
    const config = '{\n  "MaximumStorageSize": 500000,\n  "MaximumStorageMode": "Rejekt"\n}';
    expect(findings(config, "1.12.7", ["word-not-known"])).toEqual(["word-not-known 3:25 medium"]);
  });

  test.each([
    ["1.12.5", ["peer-https-always-fails 2:26 low"]],
    ["1.12.6", []],
  ])("T70 no authorities at %s", (version, expected) => {
    const config =
      '{\n  "HttpsCACertificates": "",\n  "OrthancPeers": { "hub": [ "https://hub.example/" ] }\n}';
    expect(findings(config, version, ["peer-https-always-fails"])).toEqual(expected);
  });

  test("T71 the sample of orthanc-auth-service", () => {
    const config = `{\n  ${library("libOrthancAuthorization")},\n  "OrthancExplorer2": { "IsDefaultUI": true },\n  "Authorization": { "WebServiceRootUrl": "http://auth.clinic.example:8000/", "WebServiceUsername": "share-user", "WebServicePassword": "change-me" }\n}`;
    expect(
      findings(config, "1.12.7", ["misspelt-key", "unknown-key", "peers-over-http", "guessable-secret"]),
    ).toEqual(["guessable-secret 4:137 medium", "misspelt-key 3:25 low", "peers-over-http 4:43 high"]);
  });
});

test("every trap has a test here, or a reason why none can be", async () => {
  const { readFileSync } = await import("node:fs");
  const text = readFileSync(import.meta.filename, "utf8");
  const tested = new Set([...text.matchAll(/^ {2}(?:test|\]\))[^\n]*"(T\d+) /gmu)].map((match) => match[1]));
  const open = coverage.traps
    .filter(({ id, ...trap }) => !tested.has(id) && !("unseen" in trap))
    .map(({ id }) => id);
  expect(open).toEqual([]);
});
