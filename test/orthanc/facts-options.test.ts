import { describe, expect, test } from "vitest";
import type { OptionFact, UnknownOptionFact } from "../../src/facts/facts.ts";
import { isUnknown } from "../../src/facts/unknown.ts";
import { optionFacts, settingsOf } from "../../src/products/orthanc/options.ts";
import { closestWord, editDistance } from "../../src/products/spelling.ts";
import { type ModelOptions, modelOf, placeOf } from "./model.ts";

function option(text: string, path: string, options: ModelOptions = {}): OptionFact {
  const found = optionFacts(modelOf(text, options)).find(
    (fact) => fact.kind === "option" && fact.path === path,
  );
  if (found?.kind !== "option") throw new Error(`no option ${path}`);
  return found;
}

function unknowns(text: string, options: ModelOptions = {}): readonly UnknownOptionFact[] {
  return optionFacts(modelOf(text, options)).filter((fact) => fact.kind === "unknownOption");
}

function only(text: string, options: ModelOptions = {}): UnknownOptionFact {
  const [first, ...rest] = unknowns(text, options);
  if (first === undefined || rest.length > 0) throw new Error("one unknown option was expected");
  return first;
}

describe("spelling", () => {
  test.each([
    ["RegistredUsers", "RegisteredUsers", 1],
    ["AuthentificationEnabled", "AuthenticationEnabled", 2],
    ["ab", "ba", 1],
    ["kitten", "sitting", 3],
    ["same", "same", 0],
  ])("%s is %s with %d edits", (left, right, expected) => {
    expect(editDistance(left, right, 5)).toBe(expected);
    expect(editDistance(right, left, 5)).toBe(expected);
  });

  test("gives up beyond the limit", () => {
    expect(editDistance("kitten", "sitting", 2)).toBe(3);
    expect(editDistance("short", "a much longer text", 2)).toBe(3);
  });

  test("prefers what differs in case only, and never guesses short words", () => {
    expect(closestWord("authenticationenabled", ["AuthenticationEnabledX", "AuthenticationEnabled"])).toBe(
      "AuthenticationEnabled",
    );
    expect(closestWord("Hst", ["Host"])).toBeUndefined();
    expect(closestWord("TransferSyntaxAccepted", ["RleTransferSyntaxAccepted"])).toBeUndefined();
  });
});

describe("options that are set", () => {
  const text = `{
  "HttpPort": 70000,
  "RemoteAccessAllowed": true,
  "RegisteredUsers": { "bob": "a long one 123" },
  "HttpProxy": "http://bob:hunter22@proxy:3128"
}`;

  test("stand where they are written", () => {
    const fact = option(text, "RemoteAccessAllowed");
    const model = modelOf(text);
    expect(fact).toMatchObject({ value: true, isDefault: false, security: true, read: true, issue: null });
    expect(placeOf(model, fact.origins["/value"]?.[0])).toBe("etc/orthanc.json:3:26");
    expect(placeOf(model, fact.origins["/path"]?.[0])).toBe("etc/orthanc.json:3:3");
  });

  test("T15: a port above 65535 wraps around", () => {
    expect(option(text, "HttpPort").issue).toEqual({ type: "out-of-range", becomes: "4464" });
  });

  test("never tell a secret", () => {
    const model = modelOf(text);
    const told = JSON.stringify([optionFacts(model), settingsOf(model)]);
    expect(told).not.toContain("a long one");
    expect(told).not.toContain("hunter22");
    expect(option(text, "RegisteredUsers").value).toEqual({ bob: "literal" });
    expect(option(text, "HttpProxy").value).toBe("http://bob:***@proxy:3128");
  });
});

describe("options that are absent", () => {
  test("have the release's default, and the place where they belong", () => {
    const fact = option("{}", "DicomAlwaysAllowStore", { version: "1.10.1" });
    expect(fact).toMatchObject({ value: true, isDefault: true });
    expect(fact.origins["/value"]?.[0]).toMatchObject({
      kind: "absent",
      by: "default of Orthanc 1.10.1",
      belongs: { file: "etc/orthanc.json" },
    });
    expect(() => option("{}", "HttpBindAddresses", { version: "1.10.1" })).toThrow();
    expect(option("{}", "HttpBindAddresses", { version: "1.12.10" }).value).toEqual([]);
  });

  test("follow another option where that decides", () => {
    const fact = option('{ "RemoteAccessAllowed": true }', "AuthenticationEnabled");
    expect(fact.value).toBe(true);
    expect(fact.origins["/value"]?.map((origin) => origin.kind)).toEqual(["absent", "place"]);
    expect(
      option('{ "RemoteAccessAllowed": true }', "AuthenticationEnabled", { version: "1.5.7" }).value,
    ).toBe(false);
  });
});

describe("issues", () => {
  test("T16: a key that is newer than the release is known, and not read", () => {
    const fact = option('{ "HttpBindAddresses": ["127.0.0.1"] }', "HttpBindAddresses", { version: "1.10.1" });
    expect(fact).toMatchObject({ read: false, issue: { type: "too-new", since: "1.12.10" } });
    expect(unknowns('{ "HttpBindAddresses": ["127.0.0.1"] }', { version: "1.10.1" })).toEqual([]);
  });

  test.each([
    ['{ "LimitJobs": 5 }', "LimitJobs", "1.12.4", { type: "removed", until: "1.10.0" }],
    [
      '{ "ZipLoaderThreads": 5 }',
      "ZipLoaderThreads",
      "1.12.11",
      { type: "deprecated", instead: "LoaderThreads" },
    ],
    ['{ "ZipLoaderThreads": 5 }', "ZipLoaderThreads", "1.12.4", null],
    [
      '{ "AuthenticationEnabled": "true" }',
      "AuthenticationEnabled",
      "1.12.4",
      { type: "wrong-type", expected: "true or false, without quotes", effect: "refuses" },
    ],
    [
      '{ "DicomCheckModalityHost": "true" }',
      "DicomCheckModalityHost",
      "1.12.4",
      { type: "wrong-type", expected: "true or false, without quotes", effect: "late" },
    ],
    [
      '{ "SslCertificate": 1 }',
      "SslCertificate",
      "1.12.4",
      { type: "wrong-type", expected: "a text in quotes", effect: "ignored" },
    ],
    [
      '{ "AuthenticationEnabled": "${LOGIN}" }',
      "AuthenticationEnabled",
      "1.12.4",
      { type: "wrong-type", expected: "true or false, without quotes", effect: "refuses" },
    ],
    ['{ "AuthenticationEnabled": ${LOGIN} }', "AuthenticationEnabled", "1.12.4", null],
    [
      '{ "OverwriteInstances": "Always" }',
      "OverwriteInstances",
      "1.12.4",
      { type: "wrong-type", expected: "true or false, without quotes", effect: "refuses" },
    ],
    ['{ "OverwriteInstances": "Always" }', "OverwriteInstances", "1.13.0", null],
    [
      '{ "RegisteredUsers": { "bob": null } }',
      "RegisteredUsers.bob",
      "1.12.4",
      { type: "wrong-type", expected: "a text in quotes", effect: "ignored" },
    ],
    [
      '{ "SslEnabled": true, "SslMinimumProtocolVersion": 6 }',
      "SslMinimumProtocolVersion",
      "1.12.4",
      { type: "out-of-range", becomes: "no version of TLS at all" },
    ],
    [
      '{ "MaximumStorageSize": 100, "MaximumStorageMode": "Rejct" }',
      "MaximumStorageMode",
      "1.12.4",
      { type: "unknown-value", allowed: "Recycle, Reject", becomes: "Recycle" },
    ],
  ])("%s", (text, path, version, issue) => {
    expect(option(text, path, { version }).issue).toEqual(issue);
  });

  test("T51: of a key that stands twice the last one counts", () => {
    const text = '{\n  "RemoteAccessAllowed": false,\n  "RemoteAccessAllowed": true\n}';
    const fact = option(text, "RemoteAccessAllowed");
    const model = modelOf(text);
    expect(fact).toMatchObject({ value: true, issue: { type: "duplicate" } });
    expect(fact.origins["/issue"]?.map((origin) => placeOf(model, origin))).toEqual([
      "etc/orthanc.json:3:3",
      "etc/orthanc.json:2:3",
    ]);
  });

  test("duplicates inside a section are seen as well", () => {
    const text =
      '{ "DicomModalities": { "a": { "AET": "A", "Host": "h", "Port": 104, "AllowFind": false, "AllowFind": true } } }';
    expect(option(text, "DicomModalities.a.AllowFind")).toMatchObject({
      value: true,
      issue: { type: "duplicate" },
    });
  });
});

describe("what is acted upon", () => {
  const tls =
    '{ "SslVerifyPeers": true, "SslTrustedClientCertificates": "ca.pem", "DicomTlsCertificate": "dicom.crt" }';

  test.each([
    ["T10", tls, "SslVerifyPeers", false],
    [
      "T11",
      '{ "SslEnabled": true, "SslTrustedClientCertificates": "ca.pem" }',
      "SslTrustedClientCertificates",
      false,
    ],
    ["T40", tls, "DicomTlsCertificate", false],
    [
      "T40, but an outgoing connection uses it",
      '{ "DicomTlsCertificate": "c", "DicomModalities": { "a": { "AET": "A", "Host": "h", "Port": 1, "UseDicomTls": true } } }',
      "DicomTlsCertificate",
      true,
    ],
    ["T4", '{ "RegisteredUsers": { "bob": "x" }, "AuthenticationEnabled": false }', "RegisteredUsers", false],
    ["T44", '{ "DicomModalities": {}, "DicomModalitiesInDatabase": true }', "DicomModalities", false],
    ["T46", '{ "DicomServerEnabled": false, "DicomAlwaysAllowStore": true }', "DicomAlwaysAllowStore", false],
    ["a plugin that is not loaded", '{ "DicomWeb": { "Enable": true } }', "DicomWeb.Enable", false],
  ])("%s", (_name, text, path, read) => {
    expect(option(text, path).read).toBe(read);
  });

  test("T66: a plugin that is loaded and not switched on reads its switch only", () => {
    const text =
      '{ "Plugins": ["../plugins/libOrthancPostgreSQLIndex.so"], "PostgreSQL": { "EnableIndex": false, "Host": "db" } }';
    const files = { "plugins/libOrthancPostgreSQLIndex.so": "" };
    expect(option(text, "PostgreSQL.EnableIndex", { files }).read).toBe(true);
    expect(option(text, "PostgreSQL.Host", { files }).read).toBe(false);
  });
});

describe("unknown keys", () => {
  test.each([
    ["T50", '{ "RemoteAcessAllowed": false }', "RemoteAccessAllowed", "none", "other hosts are refused"],
    [
      "T50, meant to open",
      '{ "RemoteAcessAllowed": true }',
      "RemoteAccessAllowed",
      "closes",
      "other hosts are refused",
    ],
    [
      "T50, wrong case",
      '{ "RemoteAccessAllowed": true, "AuthenticationEnabled": false, "authenticationenabled": true }',
      "AuthenticationEnabled",
      "opens",
      "no login is asked for",
    ],
    [
      "a spelling that leaves the login on",
      '{ "RemoteAccessAllowed": true, "AuthentificationEnabled": false }',
      "AuthenticationEnabled",
      "closes",
      "a login is asked for",
    ],
    [
      "users that are not found",
      '{ "RemoteAccessAllowed": true, "RegistredUsers": { "bob": "x" } }',
      "RegisteredUsers",
      "opens",
      "Orthanc creates the account orthanc with password orthanc",
    ],
    ["TLS that stays off", '{ "SslEnable": true }', "SslEnabled", "opens", "HTTP is not encrypted"],
    ["TLS under another name", '{ "HttpTlsEnabled": true }', "SslEnabled", "opens", "HTTP is not encrypted"],
    [
      "an address that is not kept to",
      '{ "HttpBindAddress": ["127.0.0.1"] }',
      "HttpBindAddresses",
      "opens",
      "HTTP listens on every address",
    ],
    [
      "stores from anybody",
      '{ "DicomAllwaysAllowStore": false }',
      "DicomAlwaysAllowStore",
      "opens",
      "callers with any AE title may send images",
    ],
    [
      "no effect while DICOM is off",
      '{ "DicomServerEnabled": false, "DicomAllwaysAllowStore": false }',
      "DicomAlwaysAllowStore",
      "none",
      "callers with any AE title may send images",
    ],
    [
      "a limit that does not hold",
      '{ "LimitFindResult": 100 }',
      "LimitFindResults",
      "opens",
      "there is no limit to searches for patients, studies and series",
    ],
    [
      "T64: encryption outside of its section",
      '{ "AwsS3Storage": { "BucketName": "b" }, "StorageEncryption": { "Enable": true }, "Plugins": ["../plugins/libOrthancAwsS3Storage.so"] }',
      "AwsS3Storage.StorageEncryption",
      "opens",
      "images are stored unencrypted",
    ],
  ])("%s", (_name, text, closest, effect, consequence) => {
    expect(only(text, { files: { "plugins/libOrthancAwsS3Storage.so": "" } })).toMatchObject({
      closest,
      effect,
      consequence,
    });
  });

  test.each([
    ["1.12.8", "opens"],
    ["1.12.9", "opens"],
    ["1.13.0", "closes"],
  ])("users that are not found at %s: %s", (version, effect) => {
    expect(
      only('{ "RemoteAccessAllowed": true, "RegistredUsers": { "bob": "x" } }', { version }).effect,
    ).toBe(effect);
  });

  test("T33: a misspelt flag of a modality allows", () => {
    const text =
      '{ "DicomModalities": { "ct": { "AET": "CT", "Host": "10.0.0.1", "Port": 104,\n  "Allowfind": false } } }';
    const fact = only(text);
    const model = modelOf(text);
    expect(fact).toMatchObject({
      path: "DicomModalities.ct.Allowfind",
      closest: "DicomModalities.*.AllowFind",
      effect: "opens",
      consequence: "it may search patients",
    });
    expect(placeOf(model, fact.origins[""]?.[0])).toBe("etc/orthanc.json:2:3");
  });

  test("T33: what everybody may do, no modality could have been kept from", () => {
    const text =
      '{ "DicomModalities": { "ct": { "AET": "CT", "Host": "h", "Port": 104, "AllowStor": false } } }';
    expect(only(text)).toMatchObject({ closest: "DicomModalities.*.AllowStore", effect: "none" });
  });

  test("T23: a misspelt password of a peer is given away", () => {
    const text =
      '{ "OrthancPeers": { "b": { "Url": "https://b/", "Username": "u", "PassWord": "secret", "RemoteSelf": "a", "Site": 3 } } }';
    expect(only(text)).toMatchObject({
      path: "OrthancPeers.b.PassWord",
      closest: "OrthancPeers.*.Password",
      effect: "opens",
    });
    expect(JSON.stringify(only(text))).not.toContain('"secret"');
  });

  test("a section of an unknown plugin and comments are no mistakes", () => {
    expect(
      only(
        '{ "HospitalPortal": { "A": 1 }, "_comment": "x", "//": "y", "$schema": "z", "Comment": "c", "Neuro": {}, "OrthancPACS": {} }',
      ),
    ).toMatchObject({
      path: "HospitalPortal",
      effect: "none",
    });
  });

  test("a misspelt section opens what its plugin would have closed", () => {
    const files = { "plugins/libOrthancAuthorization.so": "" };
    const text =
      '{ "Plugins": ["../plugins/libOrthancAuthorization.so"], "Authorisation": { "WebServiceRootUrl": "http://auth:8000" } }';
    expect(only(text, { files })).toMatchObject({ closest: "Authorization", effect: "opens" });
  });

  test("keys named like methods of objects are keys", () => {
    expect(
      unknowns('{ "constructor": 1, "toString": 2, "hasOwnProperty": 4 }').map((fact) => fact.closest),
    ).toEqual([null, null, null]);
  });

  test("a value that is not known has an unknown effect", () => {
    expect(isUnknown(only('{ "SslEnable": ${TLS} }').effect)).toBe(true);
  });

  test("T71: a key of older samples", () => {
    expect(only('{ "OrthancExplorer2": { "IsDefaultUI": true } }')).toMatchObject({
      closest: "OrthancExplorer2.IsDefaultOrthancUI",
    });
  });
});

describe("settings", () => {
  test("list every option with its value, secrets masked", () => {
    const model = modelOf(
      '{ "RegisteredUsers": { "bob": "hidden-text" }, "PostgreSQL": { "Password": "hidden-text", "Port": 5433 } }',
    );
    const shown = new Map(settingsOf(model).map((setting) => [setting.path, setting.shown]));
    expect(shown.get("RegisteredUsers")).toBe('{ "bob": *** }');
    expect(shown.get("PostgreSQL.Password")).toBe("***");
    expect(shown.get("PostgreSQL.Port")).toBe("5433");
    expect(shown.get("PostgreSQL.EnableSsl")).toBe("false");
    expect(shown.get("StableAge")).toBe("60");
    expect(shown.get("DicomTlsCertificate")).toBe("not set");
    expect([...shown.values()].join()).not.toContain("hidden-text");
  });
});
