/** Lists of accepted callers of an archive: closed with what the site accepts, or with a name that nobody has. */
import { describe, expect, test } from "vitest";
import { repaired } from "./repair.ts";

const base = "dicomDeviceName=dcm4chee-arc,cn=Devices,cn=DICOM Configuration,dc=dcm4che,dc=org";

function connection(name: string, port: number, more = ""): string {
  return `dn: cn=${name},${base}
objectClass: dicomNetworkConnection
objectClass: dcmNetworkConnection
cn: ${name}
dicomHostname: archive.clinic.example
dicomPort: ${port}
dcmBindAddress: 0.0.0.0
${more}
`;
}

function entity(title: string, more = ""): string {
  return `dn: dicomAETitle=${title},${base}
objectClass: dicomNetworkAE
objectClass: dcmNetworkAE
objectClass: dcmArchiveNetworkAE
dicomAETitle: ${title}
dicomAssociationAcceptor: TRUE
dicomAssociationInitiator: TRUE
dicomNetworkConnectionReference: cn=dicom,${base}
${more}
`;
}

const device = `dn: ${base}
objectClass: dicomDevice
objectClass: dcmDevice
objectClass: dcmArchiveDevice
dicomDeviceName: dcm4chee-arc
dicomInstalled: TRUE

`;

function done(text: string, rule: string) {
  const { files, repair } = repaired(
    { files: { "device.ldif": text }, args: ["--dcm4chee-version", "5.35.1"] },
    { unsafe: true, rules: [rule] },
  );
  return {
    text: files["device.ldif"] ?? "",
    chooses: [...new Set(repair.made.flatMap(({ chooses }) => chooses))],
  };
}

describe("AE titles", () => {
  const listed = entity("LISTED", "dcmAcceptedCallingAETitle: CT1\n");
  const before = device + connection("dicom", 11112) + entity("ARCHIVE") + entity("WORKLIST") + listed;

  test("each open entity behind the socket lets nobody in until a person says who", () => {
    const { text, chooses } = done(before, "archive-dicom-from-anyone");
    const [, name = ""] = /^dcmAcceptedCallingAETitle: (NOBODY-[0-9a-f]{8})$/mu.exec(text) ?? [];
    const line = `dcmAcceptedCallingAETitle: ${name}\n`;
    expect(name).toHaveLength(15);
    expect(text).toBe(
      device +
        connection("dicom", 11112) +
        entity("ARCHIVE", line)
          .replace(`${line}\n\n`, `${line}\n`)
          .replace(/\n\n(?=dcmAccepted)/u, "\n") +
        entity("WORKLIST", line) +
        listed,
    );
    expect(chooses).toEqual(
      ["ARCHIVE", "WORKLIST"].map(
        (title) =>
          `device.ldif: dcmAcceptedCallingAETitle of ${title} lets in ${name} only, which is nobody's name`,
      ),
    );
  });

  test("a second run finds nothing to do", () => {
    const { text } = done(before, "archive-dicom-from-anyone");
    expect(done(text, "archive-dicom-from-anyone").text).toBe(text);
  });
});

test("senders of HL7 messages, as application and facility", () => {
  const application = `dn: hl7ApplicationName=*,${base}
objectClass: hl7Application
objectClass: dcmHL7Application
hl7ApplicationName: *
hl7AcceptedMessageType: *
dicomNetworkConnectionReference: cn=hl7,${base}
`;
  const before = `${device}${connection("hl7", 2575, "dcmProtocol: HL7\n")}${application}`;
  const { text } = done(before, "hl7-from-anyone");
  expect(text.startsWith(before)).toBe(true);
  expect(text.slice(before.length)).toMatch(/^hl7AcceptedSendingApplication: NOBODY\|[0-9a-f]{8}\n$/u);
});
