import { describe, expect, it } from "vitest";
import { isUnknown } from "../../src/facts/unknown.ts";
import { lintFiles } from "../inspect.ts";
import { archive, deviceDn, deviceLdif, part, suffix } from "./support.ts";

const faults = (ldif: string): readonly (readonly string[])[] => {
  const found = archive({ files: { "device.ldif": ldif } });
  return found.facts1("fault").map((fact) => [fact.message, fact.expected, found.place(fact.origins[""])]);
};

describe("bad input", () => {
  it("a broken record is told by its line, the rest is read", () => {
    const found = archive({
      files: { "device.ldif": `${deviceLdif()}\ndn: cn=x,${deviceDn}\nobjectClass dicomNetworkConnection\n` },
    });
    expect(found.facts1("fault").map((fact) => [fact.message, found.place(fact.origins[""])])).toContainEqual(
      ["an attribute, a colon and a value were expected", "device.ldif:31"],
    );
    expect(found.socket("dicom").on).toBe(true);
  });

  it("an object class that does not exist", () => {
    expect(faults(deviceLdif({ ae: "objectClass: dcmArchiveNetworkAEs" }))).toEqual([
      [
        "the object class dcmArchiveNetworkAEs does not exist: a directory refuses the entry",
        "dcmArchiveNetworkAE",
        "device.ldif:28",
      ],
    ]);
  });

  it("a number or a boolean of JSON in quotes", () => {
    const device = {
      dicomDeviceName: "dcm4chee-arc",
      dicomInstalled: "true",
      dicomNetworkConnection: [{ cn: "dicom", dicomHostname: "arc", dicomPort: "11112" }],
      dcmDevice: { dcmLimitOpenAssociations: 1.5, dcmArchiveDevice: { dcmQueryFetchSize: 100 } },
    };
    const lines = JSON.stringify(device, null, 1);
    expect(faults(lines)).toEqual([
      [
        "dicomInstalled must be true or false without quotes: the archive refuses the device, it does not load",
        "true or false without quotes",
        "device.ldif:3",
      ],
      [
        "dcmLimitOpenAssociations must be a whole number without quotes: the archive refuses the device, it does not load",
        "a whole number without quotes",
        "device.ldif:12",
      ],
      [
        "dicomPort must be a whole number without quotes: the archive refuses the device, it does not load",
        "a whole number without quotes",
        "device.ldif:8",
      ],
    ]);
  });

  it("a reference to a connection of a device that the input only changes", () => {
    const change = [
      `dn: dicomAETitle=ARCHIVE,${deviceDn}`,
      "changetype: modify",
      "replace: dicomNetworkConnectionReference",
      `dicomNetworkConnectionReference: cn=dicom,${deviceDn}`,
    ].join("\n");
    expect(faults(change)).toEqual([]);
  });

  it("a reference to a connection that is not there", () => {
    const found = faults(deviceLdif({ ae: `dicomNetworkConnectionReference: cn=dicom-tls,${deviceDn}` }));
    expect(found).toEqual([
      [
        `AE ARCHIVE refers to a connection that the device does not have: cn=dicom-tls,${deviceDn}`,
        "one of the connections dicom",
        "device.ldif:28",
      ],
    ]);
    const json = JSON.stringify({
      dicomDeviceName: "dcm4chee-arc",
      dicomInstalled: true,
      dicomNetworkAE: [{ dicomAETitle: "A", dicomNetworkConnectionReference: ["/dicomNetworkConnection/3"] }],
      dcmDevice: { dcmArchiveDevice: {} },
    });
    expect(archive({ files: { "device.json": json } }).startup).toMatchObject({ verdict: "refuses" });
  });

  it("an attribute that nobody knows, with the one that was meant", () => {
    const found = archive({ files: { "device.ldif": deviceLdif({ ae: "dcmAcceptedCalingAETitle: CT1" }) } });
    expect(found.facts1("unknownOption")).toMatchObject([
      { path: "ae ARCHIVE: dcmAcceptedCalingAETitle", closest: "dcmAcceptedCallingAETitle" },
    ]);
    expect(found.socket("dicom").seen.other.unknownPeer?.store).toBe(true);
  });

  it("a device JSON that breaks off", () => {
    const found = archive({
      files: {
        "device.json":
          '{\n "dicomDeviceName": "dcm4chee-arc",\n "dcmDevice": { "dcmArchiveDevice": {} },\n "dicomNetworkConnection": [ { "cn": "dicom", "dicomPort": 104 } ],\n "dicomNetworkAE": [',
      },
    });
    expect(found.facts1("fault").length).toBeGreaterThan(0);
    expect(found.socket("dicom").port).toBe(104);
  });

  it("an attribute at the wrong level of a device JSON", () => {
    const json = JSON.stringify({
      dicomDeviceName: "dcm4chee-arc",
      dcmDevice: { dcmArchiveDevice: {} },
      dicomNetworkConnection: [{ cn: "dicom", dicomPort: 104, dcmBindAddress: "127.0.0.1" }],
    });
    const found = archive({ files: { "device.json": json } });
    expect(found.socket("dicom").bind).toBe("0.0.0.0");
    expect(found.facts1("ineffective").map((fact) => [fact.path, fact.because])).toEqual([
      ["connection dicom: dcmBindAddress", "it is skipped outside of dcmNetworkConnection"],
    ]);
  });

  it("a realm export of another product version", () => {
    const realm = JSON.stringify({
      realm: "dcm4che",
      keycloakVersion: "3.4.3.Final",
      sslRequired: "NONE",
      privateKey: "MIIE",
      clients: [
        {
          clientId: "ui",
          publicClient: true,
          redirectUris: ["*"],
          webOrigins: ["*"],
          directAccessGrantsEnabled: true,
        },
      ],
      users: [{ username: "root", enabled: true, credentials: [{ type: "password", value: "changeit" }] }],
    });
    const found = archive({ files: { "realm.json": realm } });
    expect(found.facts1("realm")).toMatchObject([{ sslRequired: "none", holdsPrivateKey: true }]);
    expect(found.facts1("client")).toMatchObject([
      { openRedirect: true, anyOrigin: true, public: true, passwordGrant: true, pkce: false },
    ]);
    expect(found.facts1("account")).toMatchObject([{ name: "root", password: "default" }]);
    const { report } = lintFiles({ "realm.json": realm.replaceAll(',"', ',\n"') }, { paths: ["."] });
    expect(report.problems).toMatchObject([
      {
        kind: "unresolved",
        message:
          "the realm was exported by Keycloak 3.4.3.Final, and is read as one of Keycloak 16 to 26: what it leaves out may mean something else",
        location: { file: "realm.json", line: 2, column: 19 },
      },
    ]);
  });

  it("a hashed password is not judged", () => {
    const users =
      "dn: uid=root,ou=users,dc=dcm4che,dc=org\nobjectClass: inetOrgPerson\nuid: root\nuserPassword: {SSHA}0DPiKuNIrrVmD8IUCuw1hQxNqZc=\n";
    const [account] = archive({ files: { "users.ldif": users } }).facts1("account");
    expect(account?.name).toBe("root");
    expect(isUnknown(account?.password)).toBe(true);
    const { report } = lintFiles({ "users.ldif": users }, { paths: ["."] });
    expect(report.problems).toMatchObject([
      {
        message: "the password of root is kept as a hash, which is not judged",
        location: { file: "users.ldif", line: 4, column: 15 },
      },
    ]);
  });

  it("no secret's text enters a fact", () => {
    const found = archive({
      files: {
        "device.ldif": deviceLdif({
          device: "dicomInstalled: TRUE\ndcmKeyStorePin: kV9-very-own",
          more: part(
            "dcmKeycloakClientID=c",
            "objectClass: dcmKeycloakClient",
            "dcmKeycloakClientID: c",
            "dcmKeycloakRealm: r",
            "dcmURI: https://k",
            "dcmKeycloakClientSecret: kV9-very-own",
          ),
        }),
      },
    });
    expect(JSON.stringify([found.all, found.settings()])).not.toContain("kV9-very-own");
    expect(found.secrets).toHaveLength(2);
  });

  it("a hospital of 5,000 devices in time and memory linear in its size", () => {
    const devices = Array.from({ length: 5_000 }, (_, index) => peer(index, 150));
    const ldif = deviceLdif({
      device: "dicomInstalled: TRUE\ndcmValidateCallingAEHostname: TRUE",
      more: `\n${devices.join("")}`,
    });
    expect(ldif.length).toBeGreaterThan(50_000_000);
    const before = performance.now();
    const found = archive({ files: { "hospital.ldif": ldif } });
    expect(performance.now() - before).toBeLessThan(60_000);
    expect(found.facts1("modality")).toHaveLength(5_000);
    expect(Object.keys(found.socket("dicom").seen.other.spoofedPeer ?? {})).toHaveLength(5_001);
  }, 120_000);
});

/** A modality with its services, about ten kilobytes. */
function peer(index: number, services: number): string {
  const dn = `dicomDeviceName=ct${index},${suffix}`;
  const records = [
    `dn: ${dn}\nobjectClass: dicomDevice\ndicomDeviceName: ct${index}\ndicomInstalled: TRUE\n`,
    `dn: cn=dicom,${dn}\nobjectClass: dicomNetworkConnection\ncn: dicom\ndicomHostname: ct${index}.hospital.example\ndicomPort: 104\n`,
    `dn: dicomAETitle=CT${index},${dn}\nobjectClass: dicomNetworkAE\ndicomAETitle: CT${index}\ndicomNetworkConnectionReference: cn=dicom,${dn}\ndicomAssociationInitiator: TRUE\ndicomAssociationAcceptor: TRUE\n`,
  ];
  for (let service = 0; service < services / 5; service++) {
    records.push(
      `dn: cn=s${service},dicomAETitle=CT${index},${dn}\nobjectClass: dicomTransferCapability\ncn: s${service}\ndicomSOPClass: 1.2.840.10008.5.1.4.1.1.${service}\ndicomTransferRole: SCU\n${"dicomTransferSyntax: 1.2.840.10008.1.2.4.57\n".repeat(3)}`,
    );
  }
  return `${records.join("\n")}\n`;
}
