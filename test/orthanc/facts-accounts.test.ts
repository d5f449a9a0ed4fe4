import { describe, expect, test } from "vitest";
import type { AccountFact, SecretFact } from "../../src/facts/facts.ts";
import { accountFacts } from "../../src/products/orthanc/accounts.ts";
import { secretFacts, secretPlaces } from "../../src/products/orthanc/secrets.ts";
import { deriveLogin } from "../../src/products/orthanc/users.ts";
import { configurationPath, type ModelOptions, modelOf, placeOf, textOf } from "./model.ts";

function accounts(text: string, options: ModelOptions = {}): readonly AccountFact[] {
  const model = modelOf(text, options);
  return accountFacts(model, deriveLogin(model.settings), "network");
}

function account(text: string, options: ModelOptions = {}): AccountFact {
  const [first] = accounts(text, options);
  if (first === undefined) throw new Error("no account");
  return first;
}

function secrets(text: string, options: ModelOptions = {}): Readonly<Record<string, SecretFact>> {
  return Object.fromEntries(secretFacts(modelOf(text, options)).map((fact) => [fact.path, fact]));
}

const remote = '"RemoteAccessAllowed": true, "RegisteredUsers"';

describe("accounts", () => {
  test("T4: users count for nothing while no login is asked for", () => {
    const fact = account(
      '{ "AuthenticationEnabled": false, "RegisteredUsers": { "bob": "a long password" } }',
    );
    const model = modelOf(
      '{ "AuthenticationEnabled": false, "RegisteredUsers": { "bob": "a long password" } }',
    );
    expect(fact).toMatchObject({
      name: "bob",
      usable: false,
      password: "literal",
      createdBy: "file",
      reach: "network",
    });
    expect(placeOf(model, fact.origins["/usable"]?.[0])).toBe("etc/orthanc.json:1:28");
    expect(placeOf(model, fact.origins["/password"]?.[0])).toBe("etc/orthanc.json:1:63");
    expect(placeOf(model, fact.origins["/name"]?.[0])).toBe("etc/orthanc.json:1:56");
  });

  test.each([
    ["1.5.7", "{}", 0],
    ["1.5.8", "{}", 1],
    ["1.12.8", "{}", 1],
    ["1.12.9", "{}", 0],
    ["1.13.0", "{}", 0],
  ])("T5: without users, %s creates its own", (version, users, count) => {
    const found = accounts(`{ ${remote}: ${users} }`, { version });
    expect(found).toHaveLength(count);
    if (count > 0)
      expect(found[0]).toMatchObject({
        name: "orthanc",
        password: "default",
        createdBy: "server",
        usable: true,
      });
  });

  test("T5: the created account belongs where RegisteredUsers would stand", () => {
    const fact = account('{ "RemoteAccessAllowed": true }', { version: "1.12.10" });
    expect(fact.origins[""]?.[0]).toMatchObject({ kind: "absent", belongs: { file: configurationPath } });
  });

  test.each([
    ["null", "1.12.8", "empty", true],
    ["null", "1.12.9", "empty", false],
    ['""', "1.13.0", "empty", true],
    ["90125", "1.12.8", "short", true],
    ['"bob"', "1.13.0", "same-as-name", true],
    ['"change-me"', "1.13.0", "default", true],
    ['"Tr0ub4dor&3"', "1.13.0", "literal", true],
    ['"${PW}"', "1.13.0", "reference", true],
    ['"${PW:-orthanc}"', "1.13.0", "default", true],
  ])("T7: password %s at %s", (password, version, verdict, usable) => {
    expect(account(`{ ${remote}: { "bob": ${password} } }`, { version })).toMatchObject({
      password: verdict,
      usable,
    });
  });

  test("a password from a variable is judged by its value", () => {
    const text = `{ ${remote}: { "bob": "\${PW}", "eve": "\${OTHER}", "joe": "\${MISSING}" } }`;
    const environment = { PW: "a-long-and-good-one", OTHER: "eve" };
    expect(accounts(text, { environment }).map((fact) => fact.password)).toEqual([
      "reference",
      "same-as-name",
      "empty",
    ]);
  });

  test("T9: a colon in the name", () => {
    expect(account(`{ ${remote}: { "ad:min": "a long password" } }`, { version: "1.12.9" })).toMatchObject({
      colonInName: true,
      usable: true,
    });
    expect(account(`{ ${remote}: { "ad:min": "a long password" } }`, { version: "1.12.10" }).usable).toBe(
      false,
    );
  });

  test("T24: the Education plugin has logins of its own", () => {
    const files = { "plugins/libOrthancEducation.so": "" };
    const text = `{ "Plugins": ["../plugins/libOrthancEducation.so"], ${remote}: { "bob": "a long password" },
      "Education": { "Enabled": true, "Administrators": { "Authentication": "Login", "Credentials": { "admin": "admin" } } } }`;
    expect(accounts(text, { files }).map(({ name, usable, password }) => [name, usable, password])).toEqual([
      ["bob", false, "literal"],
      ["admin", true, "default"],
    ]);
  });
});

describe("secrets", () => {
  test("are found in every form", () => {
    const found = secrets(`{
      "OrthancPeers": { "a": ["http://a/", "user", "peer-password-1"], "b": { "Url": "https://u:url-password-1@b/", "Username": "carol", "Password": "carol" } },
      "DicomWeb": { "Servers": { "w": { "Url": "https://w/", "HttpHeaders": { "Authorization": "Bearer abcdefghijk", "Accept": "text/plain" } } } },
      "PostgreSQL": { "Username": "postgres", "Password": "postgres" },
      "Odbc": { "IndexConnectionString": "Driver={ODBC};Server=db;Uid=sa;Pwd=odbc-password-1" },
      "AzureBlobStorage": { "ConnectionString": "AccountName=n;AccountKey=azure-key-123456==;EndpointSuffix=x" },
      "AwsS3Storage": { "SecretKey": "aws-secret-key-1", "StorageEncryption": { "MasterKey": [1, "/keys/1"] } },
      "Pkcs11": { "Pin": "1234" },
      "HttpProxy": "http://proxy-user:proxy-password-1@proxy:8080",
      "Portal": { "ApiKey": "portal-key-12345", "KeyFile": "/etc/key.pem" }
    }`);
    expect(Object.fromEntries(Object.entries(found).map(([path, fact]) => [path, fact.verdict]))).toEqual({
      "OrthancPeers.a[2]": "literal",
      "OrthancPeers.b.Url": "literal",
      "OrthancPeers.b.Password": "same-as-name",
      "DicomWeb.Servers.w.HttpHeaders.Authorization": "literal",
      "PostgreSQL.Password": "default",
      "Odbc.IndexConnectionString": "literal",
      "AzureBlobStorage.ConnectionString": "literal",
      "AwsS3Storage.SecretKey": "literal",
      "AwsS3Storage.StorageEncryption.MasterKey[1]": "reference",
      "Pkcs11.Pin": "default",
      HttpProxy: "literal",
      "Portal.ApiKey": "literal",
    });
    expect(found["OrthancPeers.a[2]"]?.purpose).toBe("the Orthanc server a");
    expect(found["DicomWeb.Servers.w.HttpHeaders.Authorization"]?.purpose).toBe("the DICOMweb server w");
    expect(JSON.stringify(found)).not.toMatch(/password-1|aws-secret|azure-key|abcdefghijk/u);
  });

  test("stand where they are written", () => {
    const text = '{\n  "RegisteredUsers": { "radiology": "a long password" }\n}';
    const fact = secrets(text)["RegisteredUsers.radiology"];
    expect(fact).toMatchObject({
      id: "pacs/secret/RegisteredUsers.radiology",
      purpose: "user radiology of the REST API",
      shown: false,
    });
    expect(placeOf(modelOf(text), fact?.origins["/verdict"]?.[0])).toBe("etc/orthanc.json:2:37");
  });

  test("from a variable lead to its file", () => {
    const text = '{ "PostgreSQL": { "Password": "${DB_PASSWORD}" } }';
    const options = {
      environment: { OTHER: "x", DB_PASSWORD: "a-long-and-good-one" },
      modes: { ".env": 0o644, [configurationPath]: 0o600 },
    };
    const fact = secrets(text, options)["PostgreSQL.Password"];
    expect(fact).toMatchObject({ verdict: "reference", worldReadable: true });
    expect(fact?.origins[""]?.map((origin) => placeOf(modelOf(text, options), origin))).toEqual([
      "etc/orthanc.json:1:31",
      ".env:2:13",
    ]);
  });

  test("tell whether others can read the file, where the platform says", () => {
    const text = '{ "Pkcs11": { "Pin": "87654321" } }';
    expect(secrets(text)["Pkcs11.Pin"]).not.toHaveProperty("worldReadable");
    expect(secrets(text, { modes: { [configurationPath]: 0o640 } })["Pkcs11.Pin"]?.worldReadable).toBe(false);
    expect(secrets(text, { modes: { [configurationPath]: 0o644 } })["Pkcs11.Pin"]?.worldReadable).toBe(true);
  });

  test("T23: under a misspelt key of a peer are shown in clear", () => {
    const found = secrets(
      '{ "OrthancPeers": { "b": { "Url": "https://b/", "PassWord": "a long password", "Site": "north" } } }',
    );
    expect(Object.keys(found)).toEqual(["OrthancPeers.b.PassWord"]);
    expect(found["OrthancPeers.b.PassWord"]).toMatchObject({ shown: true, purpose: "the Orthanc server b" });
  });

  test("that nothing takes are told apart", () => {
    expect(secrets('{ "PostgreSQL": { "Password": "my_password" } }')["PostgreSQL.Password"]?.read).toBe(
      false,
    );
    expect(secrets('{ "PostgreSQL": { "Password": "", "Port": 1 } }')).toEqual({});
  });
});

describe("places to mask", () => {
  function masked(text: string, options: ModelOptions = {}): readonly string[] {
    const model = modelOf(text, options);
    return [...new Set(secretPlaces(model).map((place) => `${place.file}: ${textOf(model, place)}`))].sort();
  }

  test("cover defaults, duplicates, comments, unknown keys, connection strings and env files", () => {
    const text = `{
      // "RegisteredUsers": { "alice": "in-a-comment" },
      "RegisteredUsers": { "bob": "\${PW:-in-a-default}", "joe": "\${JOE}" },
      "RegisteredUsers": { "eve": "plain", "bob": "abc\${JOE}" },
      "Odbc": { "IndexConnectionString": "Server=db;Pwd=in-a-string" },
      "Portal": { "AccessToken": "in-an-unknown-section", "Title": "not a secret" }
    }`;
    expect(
      masked(text, { environment: { PW: "from-env", JOE: "joes", TITLE: "not a secret either" } }),
    ).toEqual([
      ".env: from-env",
      ".env: joes",
      "etc/orthanc.json: Server=db;Pwd=in-a-string",
      "etc/orthanc.json: abc",
      "etc/orthanc.json: in-a-comment",
      "etc/orthanc.json: in-a-default",
      "etc/orthanc.json: in-an-unknown-section",
      "etc/orthanc.json: plain",
    ]);
  });

  test("cover a file that cannot be read to its end", () => {
    expect(masked('{ "RegisteredUsers": { "bob": "broken-off", ')).toContain("etc/orthanc.json: broken-off");
  });

  test("leave references readable", () => {
    expect(masked('{ "RegisteredUsers": { "bob": "${PW}" } }')).toEqual([]);
  });
});
