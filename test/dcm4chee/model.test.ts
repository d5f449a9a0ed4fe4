import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { connectionsOf } from "../../src/products/dcm4chee/connections.ts";
import { entitiesOf } from "../../src/products/dcm4chee/entities.ts";
import type { ConfigObject } from "../../src/products/dcm4chee/model.ts";
import { readDevicesJson } from "../../src/products/dcm4chee/read-json.ts";
import { readDevicesLdif } from "../../src/products/dcm4chee/read-ldif.ts";
import { textOfFile } from "../../src/text/text.ts";
import { type PlainDevice, type PlainObject, toJson, toLdif, type Values } from "./write.ts";

/** What a reader understood, without places and without what differs by form. */
function understood(object: ConfigObject): unknown {
  return {
    role: object.role,
    name: object.name,
    attributes: [...object.attributes]
      .filter(([name]) => name !== "objectclass" && name !== "dicomnetworkconnectionreference")
      .map(([name, attribute]) => [name, attribute.values.map((value) => value.text.value).map(asJava)])
      .sort(([a], [b]) => String(a).localeCompare(String(b))),
    ignored: object.ignored.map((attribute) => [attribute.name, attribute.needs]),
    children: object.children
      .map(understood)
      .sort((a, b) => JSON.stringify(a).localeCompare(JSON.stringify(b))),
  };
}

/** TRUE and true are the same switch. */
function asJava(text: string): string {
  return text === "TRUE" || text === "FALSE" ? text.toLowerCase() : text;
}

function decided(device: ConfigObject): unknown {
  return {
    connections: connectionsOf(device).map(({ name, listens, bind, port, tls }) => ({
      name,
      listens,
      bind: bind.value,
      port: port.value,
      tls,
    })),
    entities: entitiesOf(device).map((entity) => ({
      title: entity.title,
      connections: entity.references.connections.map((connection) => connection.name).sort(),
      missing: entity.references.missing.length,
      callers: entity.callers.value,
      accepts: entity.accepts,
      hostChecked: entity.hostChecked.value,
      userIdentity: entity.userIdentity.value,
    })),
  };
}

const name = fc.stringMatching(/^[a-zA-Z][a-zA-Z0-9_-]{0,11}$/);
const text = fc.oneof(
  fc.stringMatching(/^[!-9;=-~][ -~]{0,90}[!-~]$/),
  fc.constantFrom("ß ümläut", " leading", "trailing ", ":colon", "日本"),
);
const suites = fc.subarray([
  "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384",
  "TLS_RSA_WITH_AES_128_CBC_SHA",
  "SSL_RSA_WITH_NULL_SHA",
  "TLS_AES_128_GCM_SHA256",
]);

/** Absent and empty are the same; a JSON writer leaves both out. */
function without(values: Readonly<Record<string, string | readonly string[] | boolean | undefined>>): Values {
  return Object.fromEntries(
    Object.entries(values).flatMap(([key, value]) =>
      value === undefined || (Array.isArray(value) && value.length === 0) ? [] : [[key, value]],
    ),
  );
}

const option = <T>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> =>
  fc.option(arbitrary, { nil: undefined });

const connection = fc
  .record({
    name,
    port: option(fc.integer({ min: 1, max: 65535 })),
    suites,
    installed: option(fc.boolean()),
    bind: option(fc.constantFrom("0.0.0.0", "127.0.0.1", "10.1.2.3")),
    protocol: option(fc.constantFrom("DICOM", "HL7", "HTTP")),
    versions: fc.subarray(["TLSv1.2", "TLSv1.3", "TLSv1"]),
    need: option(fc.boolean()),
  })
  .map(
    (c): PlainObject => ({
      className: "dicomNetworkConnection",
      naming: "cn",
      name: c.name,
      own: without({
        dicomHostname: "archive.example",
        dicomPort: c.port?.toString(),
        dicomInstalled: c.installed,
        dicomTLSCipherSuite: c.suites,
      }),
      auxiliary: {
        dcmNetworkConnection: without({
          dcmBindAddress: c.bind,
          dcmProtocol: c.protocol,
          dcmTLSProtocol: c.versions,
          dcmTLSNeedClientAuth: c.need,
        }),
      },
    }),
  );

const device: fc.Arbitrary<PlainDevice> = fc
  .record({
    connections: fc.uniqueArray(connection, { maxLength: 4, selector: (c) => c.name.toLowerCase() }),
    entities: fc.uniqueArray(
      fc.record({
        title: name,
        callers: fc.uniqueArray(name, { maxLength: 3 }),
        acceptor: fc.boolean(),
        hosts: option(fc.boolean()),
        identity: option(fc.constantFrom("SUPPORTS", "REQUIRED", "NOT_SUPPORTED")),
        note: option(text),
        uses: fc.array(fc.nat(3), { maxLength: 3 }),
      }),
      { maxLength: 3, selector: (e) => e.title.toLowerCase() },
    ),
    pin: option(text),
    storage: option(text),
    installed: fc.boolean(),
  })
  .map(({ connections, entities, pin, storage, installed }) => ({
    className: "dicomDevice",
    naming: "dicomDeviceName",
    name: "arc",
    own: { dicomInstalled: installed },
    auxiliary: {
      dcmDevice: without({ dcmKeyStorePin: pin }),
      dcmArchiveDevice: { dcmOverwritePolicy: "NEVER" },
    },
    parts: [
      ...connections,
      ...entities.map(
        (e): PlainObject => ({
          className: "dicomNetworkAE",
          naming: "dicomAETitle",
          name: e.title,
          own: without({
            dicomAssociationAcceptor: e.acceptor,
            dicomAssociationInitiator: true,
            dicomDescription: e.note,
          }),
          auxiliary: {
            dcmNetworkAE: without({ dcmAcceptedCallingAETitle: e.callers }),
            dcmArchiveNetworkAE: without({
              dcmValidateCallingAEHostname: e.hosts,
              dcmUserIdentityNegotiation: e.identity,
            }),
          },
          connections: [...new Set(e.uses.flatMap((index) => connections[index]?.name ?? []))],
        }),
      ),
      ...(storage === undefined
        ? []
        : [
            {
              className: "dcmStorage",
              naming: "dcmStorageID",
              name: "fs1",
              own: { dcmURI: storage },
              auxiliary: {},
            },
          ]),
    ],
  }));

describe("one device model, two readers", () => {
  it("LDIF and JSON of the same device are understood alike", () => {
    fc.assert(
      fc.property(device, (plain) => {
        const fromLdif = readDevicesLdif([textOfFile("a.ldif", toLdif(plain))]);
        const fromJson = readDevicesJson(textOfFile("a.json", toJson(plain)));
        expect(fromLdif.problems).toEqual([]);
        expect(fromJson.problems).toEqual([]);
        expect(fromLdif.devices).toHaveLength(1);
        expect(fromLdif.devices.map(understood)).toEqual(fromJson.devices.map(understood));
        expect(fromLdif.devices.map(decided)).toEqual(fromJson.devices.map(decided));
      }),
      { numRuns: 200 },
    );
  });

  it("a missing acceptor flag is FALSE in LDAP and TRUE in JSON", () => {
    const plain: PlainDevice = {
      className: "dicomDevice",
      naming: "dicomDeviceName",
      name: "arc",
      own: { dicomInstalled: true },
      auxiliary: { dcmDevice: {} },
      parts: [
        {
          className: "dicomNetworkAE",
          naming: "dicomAETitle",
          name: "A",
          own: {},
          auxiliary: { dcmNetworkAE: {} },
        },
      ],
    };
    const accepts = (object: ConfigObject | undefined): unknown => object && entitiesOf(object)[0]?.accepts;
    expect(accepts(readDevicesLdif([textOfFile("a.ldif", toLdif(plain))]).devices[0])).toBe(false);
    expect(accepts(readDevicesJson(textOfFile("a.json", toJson(plain))).devices[0])).toBe(true);
  });

  it("changes apply to a base, and alone leave unknown what they do not set", () => {
    const dn = "cn=dicom,dicomDeviceName=arc,cn=Devices,cn=DICOM Configuration,dc=x";
    const base = `dn: dicomDeviceName=arc,cn=Devices,cn=DICOM Configuration,dc=x\nobjectClass: dicomDevice\ndicomDeviceName: arc\ndicomInstalled: TRUE\n\ndn: ${dn}\nobjectClass: dicomNetworkConnection\nobjectClass: dcmNetworkConnection\ncn: dicom\ndicomHostname: a\ndicomPort: 104\n`;
    const change = `dn: ${dn}\nchangetype: modify\nreplace: dcmBindAddress\ndcmBindAddress: 127.0.0.1\n-\ndelete: dicomPort\n`;
    const read = (...files: readonly string[]) =>
      readDevicesLdif(files.map((content, index) => textOfFile(`${index}.ldif`, content)));
    const both = read(base, change).devices[0];
    expect(both && connectionsOf(both)[0]).toMatchObject({
      listens: false,
      bind: { value: "127.0.0.1", origins: [{ at: { file: "1.ldif" } }] },
    });
    const alone = read(change).devices[0];
    expect(alone?.complete).toBe(false);
    expect(alone && connectionsOf(alone)[0]?.bind.value).toBe("127.0.0.1");
    expect(alone && connectionsOf(alone)[0]?.suites.value).toMatchObject({ cause: "input" });
    expect(read(base, base).problems).toEqual([]);
    expect(read(`${base}\n${base}`).problems.map((problem) => problem.message)).toEqual([
      "there is already an entry dicomDeviceName=arc,cn=Devices,cn=DICOM Configuration,dc=x: a server refuses the second one",
      `there is already an entry ${dn}: a server refuses the second one`,
    ]);
  });
});
