import { describe, expect, test } from "vitest";
import type { DatabaseFact, PeerFact, StorageFact } from "../../src/facts/facts.ts";
import { isUnknown } from "../../src/facts/unknown.ts";
import { databaseFacts } from "../../src/products/orthanc/databases.ts";
import { peerFacts } from "../../src/products/orthanc/peers.ts";
import { storageFacts } from "../../src/products/orthanc/storage.ts";
import { type ModelOptions, modelOf, placeOf } from "./model.ts";

const plugins = (...names: readonly string[]) => ({
  list: `"Plugins": [${names.map((name) => `"../plugins/${name}"`).join(", ")}]`,
  files: Object.fromEntries(names.map((name) => [`plugins/${name}`, ""])),
});

describe("peers", () => {
  function peer(entry: string, settings = "", options: ModelOptions = {}): PeerFact {
    const [first] = peerFacts(modelOf(`{ "OrthancPeers": { "p": ${entry} }${settings} }`, options));
    if (first === undefined) throw new Error("no peer");
    return first;
  }

  test.each([
    [
      '["http://pacs2:8042/", "bob", "secret"]',
      { scheme: "http", local: false, hasCredentials: true, verified: false },
    ],
    ['["https://pacs2:8042/"]', { scheme: "https", local: false, hasCredentials: false, verified: true }],
    ['["pacs2:8042"]', { scheme: "http", local: false, hasCredentials: false }],
    ['["http://127.0.0.1:8042/"]', { local: true }],
    ['{ "URL": "https://u:p@[::1]:8042/" }', { scheme: "https", local: true, hasCredentials: true }],
    ['{ "Url": "https://b/", "HttpHeaders": { "Authorization": "Bearer x" } }', { hasCredentials: true }],
    ['{ "Url": "https://b/", "UserName": "u", "PassWord": "p" }', { hasCredentials: false }],
  ])("%s", (entry, expected) => {
    expect(peer(entry)).toMatchObject(expected);
  });

  test("verification can be switched off for all of them", () => {
    const text = ', "HttpsVerifyPeers": false';
    const fact = peer('["https://pacs2:8042/"]', text);
    const model = modelOf(`{ "OrthancPeers": { "p": ["https://pacs2:8042/"] }${text} }`);
    expect(fact.verified).toBe(false);
    expect(placeOf(model, fact.origins["/verified"]?.[0])).toBe("etc/orthanc.json:1:73");
    expect(placeOf(model, fact.origins["/scheme"]?.[0])).toBe("etc/orthanc.json:1:27");
    expect(placeOf(model, fact.origins[""]?.[0])).toBe("etc/orthanc.json:1:21");
  });

  test.each([
    ["1.12.5", "", true],
    ["1.12.6", "", false],
    ["1.12.5", ', "HttpsCACertificates": "/etc/ssl/ca.crt"', false],
    ["1.12.5", ', "HttpsVerifyPeers": false', false],
  ])("T70: at %s with %s every verification fails: %s", (version, settings, fails) => {
    expect(peer('["https://pacs2/"]', settings, { version }).verificationFails).toBe(fails);
  });

  test("names without dots are services beside a container", () => {
    expect(peer('["http://pacs2:8042/"]', "", { container: true }).local).toBe(true);
    expect(peer('["http://pacs2.hospital.org/"]', "", { container: true }).local).toBe(false);
  });

  test("T44: the list in the file does not count while the database has it", () => {
    expect(
      peerFacts(modelOf('{ "OrthancPeersInDatabase": true, "OrthancPeers": { "p": ["http://a/"] } }')),
    ).toEqual([]);
  });

  test("an address that is not known", () => {
    expect(isUnknown(peer('["${PEER}"]').scheme)).toBe(true);
  });

  test("DICOMweb servers and the authorization service", () => {
    const { list, files } = plugins("libOrthancDicomWeb.so", "libOrthancAuthorization.so");
    const text = `{ ${list}, "DicomWeb": { "Servers": { "w": ["http://w/", "u", "p"] } },
      "Authorization": { "WebServiceRootUrl": "http://auth:8000", "WebServicePassword": "x" } }`;
    expect(
      peerFacts(modelOf(text, { files })).map(({ section, name, scheme, hasCredentials }) => [
        section,
        name,
        scheme,
        hasCredentials,
      ]),
    ).toEqual([
      ["DicomWeb.Servers", "w", "http", true],
      ["Authorization", "WebServiceRootUrl", "http", true],
    ]);
  });
});

describe("databases", () => {
  function database(section: string, options: ModelOptions = {}): DatabaseFact {
    const [first] = databaseFacts(modelOf(`{ ${section} }`, options));
    if (first === undefined) throw new Error("no database");
    return first;
  }

  test.each([
    ['"PostgreSQL": { "Host": "db" }', { engine: "postgres", local: false, tls: "off" }],
    ['"PostgreSQL": {}', { local: true, tls: "off" }],
    ['"PostgreSQL": { "Host": "db", "EnableSsl": true }', { tls: "unverified" }],
    [
      '"PostgreSQL": { "EnableSsl": true, "ConnectionUri": "postgresql://u:p@db.example.org:5432/o" }',
      { local: false, tls: "off" },
    ],
    ['"PostgreSQL": { "ConnectionUri": "postgresql://db/o?sslmode=verify-full" }', { tls: "verified" }],
    ['"PostgreSQL": { "ConnectionUri": "host=db sslmode=require" }', { tls: "unverified" }],
    ['"PostgreSQL": { "ConnectionUri": "postgresql:///o?host=/var/run" }', { local: true, tls: "unused" }],
    ['"MySQL": { "Host": "db", "EnableSsl": true }', { engine: "mysql", tls: "verified" }],
    [
      '"MySQL": { "Host": "db", "EnableSsl": true, "SslVerifyServerCertificates": false }',
      { tls: "unverified" },
    ],
    ['"MySQL": { "Host": "db" }', { local: false, tls: "off" }],
    ['"MySQL": {}', { local: true, tls: "unused" }],
    [
      '"Odbc": { "IndexConnectionString": "Driver={ODBC Driver 18 for SQL Server};Server=tcp:db,1433;Encrypt=yes;TrustServerCertificate=yes" }',
      { engine: "odbc", local: false, tls: "unverified" },
    ],
    [
      '"Odbc": { "IndexConnectionString": "Driver=x;Server=localhost;Encrypt=no" }',
      { local: true, tls: "off" },
    ],
    ['"Odbc": { "IndexConnectionString": "Driver=SQLite3;Database=/x" }', { local: true, tls: "unused" }],
  ])("T65: %s", (section, expected) => {
    expect(database(section)).toMatchObject(expected);
  });

  test("T66: a section alone leaves the index in SQLite", () => {
    const { list, files } = plugins("libOrthancPostgreSQLIndex.so");
    const idle = databaseFacts(modelOf(`{ ${list}, "PostgreSQL": { "Host": "db" } }`, { files }));
    expect(idle.map(({ engine, used }) => [engine, used])).toEqual([
      ["postgres", false],
      ["sqlite", true],
    ]);
    const used = databaseFacts(modelOf(`{ ${list}, "PostgreSQL": { "EnableIndex": true } }`, { files }));
    expect(used.map(({ engine, used: on }) => [engine, on])).toEqual([
      ["postgres", true],
      ["sqlite", false],
    ]);
  });

  test("the data source of a DSN is described elsewhere", () => {
    expect(isUnknown(database('"Odbc": { "IndexConnectionString": "DSN=orthanc" }').tls)).toBe(true);
  });

  test("stand where they are written", () => {
    const text = '"PostgreSQL": { "Host": "db", "EnableSsl": false }';
    const fact = database(text);
    expect(placeOf(modelOf(`{ ${text} }`), fact.origins["/tls"]?.[0])).toBe("etc/orthanc.json:1:46");
    expect(placeOf(modelOf(`{ ${text} }`), fact.origins["/local"]?.[0])).toBe("etc/orthanc.json:1:27");
  });
});

describe("storage", () => {
  const { list, files } = plugins("libOrthancAwsS3Storage.so");

  function storages(settings: string, options: ModelOptions = {}): readonly StorageFact[] {
    return storageFacts(modelOf(`{ ${list}${settings} }`, { files, ...options }));
  }

  test.each([
    ["", "fill"],
    [', "MaximumStorageSize": 100', "recycle"],
    [', "MaximumPatientCount": 100, "MaximumStorageMode": "Reject"', "reject"],
    [', "MaximumStorageSize": 100, "MaximumStorageMode": "Rejct"', "recycle"],
  ])("T69: when the disk is full, with %s", (settings, expected) => {
    expect(storages(settings)[0]?.whenFull).toBe(expected);
  });

  test("before 1.11.2 old patients go, whatever the mode", () => {
    expect(
      storages(', "MaximumStorageSize": 100, "MaximumStorageMode": "Reject"', { version: "1.11.1" })[0]
        ?.whenFull,
    ).toBe("recycle");
  });

  test.each([
    ['{ "Enable": true, "MasterKey": [1, "/keys/1"] }', true],
    ['{ "MasterKey": [1, "/keys/1"], "PreviousMasterKeys": [[2, "/keys/2"]] }', true],
    ['{ "Enable": true }', false],
    ['{ "Enable": true, "MasterKey": "/keys/1" }', false],
    ['{ "Enable": true, "MasterKey": ["1", "/keys/1"] }', false],
    ['{ "Enable": true, "MasterKey": [1, "/keys/1"], "PreviousMasterKeys": [["/keys/2"]] }', false],
    ['{ "Enable": false, "MasterKey": [1, "/keys/1"] }', false],
  ])("T64: %s encrypts: %s", (encryption, expected) => {
    const [store] = storages(`, "AwsS3Storage": { "StorageEncryption": ${encryption} }`);
    expect(store).toMatchObject({ backend: "S3", used: true, encrypted: expected });
  });

  test("T64: the key that is malformed is shown", () => {
    const settings =
      ', "AwsS3Storage": { "StorageEncryption": {\n"MasterKey": [1, "/k"],\n"PreviousMasterKeys": [[2, "/k"], 3] } }';
    const [store] = storages(settings);
    expect(placeOf(modelOf(`{ ${list}${settings} }`), store?.origins["/encrypted"]?.[0])).toBe(
      "etc/orthanc.json:3:35",
    );
  });

  test("an endpoint without TLS", () => {
    expect(storages(', "AwsS3Storage": { "Endpoint": "http://minio.example.org:9000" }')[0]).toMatchObject({
      clearText: true,
      local: false,
    });
    expect(storages(', "AwsS3Storage": { "Endpoint": "minio.example.org" }')[0]).toMatchObject({
      clearText: false,
    });
    expect(
      storages(
        ', "AzureBlobStorage": { "ConnectionString": "DefaultEndpointsProtocol=http;AccountName=a" }',
      )[0],
    ).toMatchObject({ backend: "Azure", clearText: true, used: false });
  });

  test("the disk keeps what no object store takes", () => {
    expect(storages("").map(({ backend, used }) => [backend, used])).toEqual([["local", true]]);
    expect(
      storages(', "AwsS3Storage": { "BucketName": "b" }').map(({ backend, used }) => [backend, used]),
    ).toEqual([
      ["S3", true],
      ["local", false],
    ]);
    expect(storages(', "AwsS3Storage": { "HybridMode": "WriteToFileSystem" }').at(-1)).toMatchObject({
      backend: "local",
      used: true,
    });
  });
});
