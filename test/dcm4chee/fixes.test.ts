/** What is written into the files of dcm4chee: devices as LDIF and JSON, realms, variables. */
import { expect, test } from "vitest";
import { applyToFiles } from "../../src/fixes/apply.ts";
import { lintFiles } from "../inspect.ts";
import { editingRules, fixedExamples, lintExample } from "./fixed.ts";

/** What shows only when something worse is closed: it was there before. */
const shownNext: Readonly<Record<string, readonly string[]>> = {
  "archive-dicom-from-anyone": ["archive-title-is-enough"],
  "archive-tls-any-client": ["public-authorities-trusted"],
  "directory-default-password": ["archive-default-secret"],
  "hl7-from-anyone": ["hl7-sender-is-enough"],
  "java-debugger-reachable": ["java-debugger-on"],
};

test("edits close what their rule found, and open nothing else", { timeout: 240_000 }, async () => {
  const fixed = await fixedExamples();
  const wrong: string[] = [];
  for (const { rule, example, before, files } of fixed) {
    const after = await lintExample(example, files);
    const known = new Set([...before.findings.map((finding) => finding.rule), ...(shownNext[rule] ?? [])]);
    const left = after.findings.filter((finding) => finding.rule === rule || !known.has(finding.rule));
    if (left.length > 0)
      wrong.push(
        `${rule}, ${example.name}: ${left.map((finding) => finding.rule).join()}\n${Object.values(files)}`,
      );
  }
  expect(wrong).toEqual([]);
  const proved = new Set(fixed.map(({ rule }) => rule));
  expect(editingRules.map(({ id }) => id).filter((id) => !proved.has(id))).toEqual([]);
});

/** The file with the edits of a rule. */
function edited(name: string, text: string, rules: readonly string[]): string {
  const files = { [name]: text };
  const { report } = lintFiles(files, { audience: "audit", dcm4cheeVersion: "5.35.1" });
  const edits = report.findings.flatMap((finding) =>
    rules.includes(finding.rule) ? finding.remediation.edits : [],
  );
  expect(edits).not.toEqual([]);
  return applyToFiles(files, edits)?.[name] ?? "the edits overlap";
}

const device = "dicomDeviceName=dcm4chee-arc,cn=Devices,cn=DICOM Configuration,dc=dcm4che,dc=org";
const ldif = `dn: ${device}
objectClass: dicomDevice
objectClass: dcmDevice
objectClass: dcmArchiveDevice
dicomDeviceName: dcm4chee-arc
dicomInstalled: TRUE
# kept as it is
dcmAllowDeletePatient:: QUxXQVlT
dcmShowPatientInfoInSystemLog: PLAIN
 _TEXT
dicomDescription: the archive of the clinic, which is folded
  by those who wrote it

dn: cn=dicom-tls,${device}
objectClass: dicomNetworkConnection
objectClass: dcmNetworkConnection
cn: dicom-tls
dicomHostname: archive.clinic.example
dicomPort: 2762
dcmBindAddress: 0.0.0.0
dicomTLSCipherSuite: TLS_RSA_WITH_AES_128_CBC_SHA
dicomTLSCipherSuite:: U1NMX1JTQV9XSVRIXzNERVNfRURFX0NCQ19TSEE=
dicomTLSCipherSuite: SSL_RSA_WITH_NULL_SHA
dcmTLSNeedClientAuth: FALSE

dn: dicomAETitle=ARCHIVE,${device}
objectClass: dicomNetworkAE
objectClass: dcmNetworkAE
dicomAETitle: ARCHIVE
dicomAssociationAcceptor: TRUE
dicomAssociationInitiator: TRUE
dicomNetworkConnectionReference: cn=dicom-tls,${device}
`;
const rules = [
  "archive-deletes-for-good",
  "patients-in-server-log",
  "archive-tls-weak-suites",
  "archive-tls-any-client",
  "archive-queries-unlimited",
];
const expected = ldif
  .replace("dcmAllowDeletePatient:: QUxXQVlT", "dcmAllowDeletePatient: WITHOUT_STUDIES")
  .replace("PLAIN\n _TEXT", "HASH_NAME_AND_ID")
  .replace("TLS_RSA_WITH_AES_128_CBC_SHA", "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384")
  .replace(
    "dicomTLSCipherSuite:: U1NMX1JTQV9XSVRIXzNERVNfRURFX0NCQ19TSEE=\n",
    "dicomTLSCipherSuite: TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256\n",
  )
  .replace("dicomTLSCipherSuite: SSL_RSA_WITH_NULL_SHA\n", "")
  .replace("dcmTLSNeedClientAuth: FALSE", "dcmTLSNeedClientAuth: TRUE")
  .replace(
    "  by those who wrote it\n",
    "  by those who wrote it\ndcmQueryMaxNumberOfResults: 1000\ndcmQidoMaxNumberOfResults: 1000\n",
  );

test("LDIF: values are replaced, added and removed in the record; all else stays", () => {
  expect(edited("device.ldif", ldif, rules)).toBe(expected);
});

test("LDIF with line ends of Windows keeps them", () => {
  expect(edited("device.ldif", ldif.replaceAll("\n", "\r\n"), rules)).toBe(expected.replaceAll("\n", "\r\n"));
});

test("LDIF: what a change record says has a syntax of its own, and is left alone", () => {
  const changed = `${ldif}\ndn: ${device}\nchangetype: modify\nreplace: dcmOverwritePolicy\ndcmOverwritePolicy: ALWAYS\n`;
  const { report } = lintFiles({ "device.ldif": changed }, { audience: "audit", dcm4cheeVersion: "5.35.1" });
  const finding = report.findings.find(({ rule }) => rule === "archive-images-replaced");
  expect(finding?.location.line).toBe(37);
  expect(finding?.remediation.edits).toEqual([]);
});

const json = `{
  "dicomDeviceName": "dcm4chee-arc",
  "dicomInstalled": true,
  "dicomNetworkConnection": [
    { "cn": "dicom-tls", "dicomHostname": "archive.clinic.example", "dicomPort": 2762,
      "dicomTLSCipherSuite": ["TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256"],
      "dcmNetworkConnection": { "dcmBindAddress": "0.0.0.0", "dcmTLSNeedClientAuth": false } }
  ],
  "dicomNetworkAE": [
    { "dicomAETitle": "ARCHIVE", "dicomNetworkConnectionReference": ["/dicomNetworkConnection/0"] }
  ],
  "dcmDevice": {
    "dcmArchiveDevice": {
      "dcmAllowDeletePatient": "ALWAYS"
    }
  }
}
`;

test("JSON: members are written where the loader looks for them", () => {
  expect(edited("device.json", json, rules)).toBe(
    json
      .replace(
        '"ALWAYS"',
        '"WITHOUT_STUDIES",\n      "dcmQueryMaxNumberOfResults": 1000,\n      "dcmQidoMaxNumberOfResults": 1000,\n      "dcmShowPatientInfoInSystemLog": "HASH_NAME_AND_ID"',
      )
      .replace('"dcmTLSNeedClientAuth": false', '"dcmTLSNeedClientAuth": true'),
  );
});

const realm = `{
  "realm": "dcm4che",
  "sslRequired": "external",
  "clients": [
    { "clientId": "dcm4chee-arc-ui", "publicClient": true, "directAccessGrantsEnabled": true, "webOrigins": ["*"] }
  ]
}
`;

test("a realm: its own keys, and those of the client that a finding is about", () => {
  const found = edited("realm.json", realm, [
    "realm-guessing-unlimited",
    "realm-events-not-kept",
    "realm-tls-not-required-inside",
    "client-any-origin",
    "client-takes-passwords",
  ]);
  expect(JSON.parse(found)).toEqual({
    adminEventsEnabled: true,
    eventsEnabled: true,
    bruteForceProtected: true,
    realm: "dcm4che",
    sslRequired: "all",
    clients: [
      {
        clientId: "dcm4chee-arc-ui",
        publicClient: true,
        directAccessGrantsEnabled: false,
        webOrigins: ["+"],
      },
    ],
  });
});
