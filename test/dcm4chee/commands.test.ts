/** Changes of servers that run: their text worked out by hand, and handed to a real slapd. */
import { readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { bundledRules } from "../../src/rules/bundled.ts";
import { readLdif } from "../../src/sources/ldif/records.ts";
import { textOfFile } from "../../src/text/text.ts";
import type { Finding } from "../../src/triage/report.ts";
import { cli } from "../cli/fake.ts";
import { lintFiles } from "../inspect.ts";
import { lintExample } from "./fixed.ts";
import { directoryRoots } from "./roots.ts";
import { configurationAdministrator, imageRules, type Slapd, slapdIsThere, startSlapd } from "./slapd.ts";
import { deviceLdif } from "./support.ts";

type Files = Readonly<Record<string, string>>;

/** A connection of the DICOM standard alone, without what dcm4che adds. */
const withoutClass = deviceLdif({ dicom: "dicomPort: 11112" }).replace(
  "objectClass: dcmNetworkConnection\n",
  "",
);

/** The commands of the first finding of a rule, of one that changes an object of this name. */
function commands(
  files: Files,
  rule: string,
  into?: string,
): NonNullable<Finding["remediation"]["commands"]> {
  const { report } = lintFiles(files, { paths: ["."], audience: "audit", dcm4cheeVersion: "5.35.1" });
  const found = report.findings.filter((finding) => finding.rule === rule);
  expect(found.length, rule).toBeGreaterThan(0);
  const all = found.map(({ remediation }) => remediation.commands ?? []);
  return all.find((list) => into === undefined || list.some((command) => command.into === into)) ?? [];
}

const dn = "dicomDeviceName=dcm4chee-arc,cn=Devices,cn=DICOM Configuration,dc=dcm4che,dc=org";

describe("records for ldapmodify", () => {
  it("name the entity of the finding and its attribute", () => {
    const ldif = deviceLdif().replaceAll("dc=dcm4che,dc=org", "dc=clinic,dc=example");
    expect(commands({ "device.ldif": ldif }, "archive-dicom-from-anyone")).toEqual([
      {
        tool: "ldapmodify",
        into: "ARCHIVE",
        reload: true,
        text: `dn: dicomAETitle=ARCHIVE,dicomDeviceName=dcm4chee-arc,cn=Devices,cn=DICOM Configuration,dc=clinic,dc=example
changetype: modify
replace: dcmAcceptedCallingAETitle
dcmAcceptedCallingAETitle: CT1
dcmAcceptedCallingAETitle: WORKSTATION1`,
      },
    ]);
  });

  it("give an entry the class without which a directory refuses the attribute", () => {
    const [command] = commands({ "device.ldif": withoutClass }, "archive-associations-never-end", "dicom");
    expect(command?.text).toBe(`dn: cn=dicom,${dn}
changetype: modify
add: objectClass
objectClass: dcmNetworkConnection
-
replace: dcmAARQTimeout
dcmAARQTimeout: 10000`);
  });

  it("write names that are not ASCII in base64", () => {
    const ldif = deviceLdif().replaceAll("dc=dcm4che,dc=org", "o=Zürich");
    const [command] = commands({ "device.ldif": ldif }, "archive-dicom-unencrypted");
    const name = "cn=dicom,dicomDeviceName=dcm4chee-arc,cn=Devices,cn=DICOM Configuration,o=Zürich";
    expect(command?.text.split("\n")[0]).toBe(`dn:: ${Buffer.from(name, "utf8").toString("base64")}`);
  });

  it("name the entries of the image below the root that a variable gives", () => {
    const compose = (more: string): string =>
      `services:\n  arc:\n    image: dcm4che/dcm4chee-arc-psql:5.35.1-secure\n    ports: ["2575:2575", "11112:11112"]\n${more}`;
    const stock = commands({ "compose.yml": compose("") }, "hl7-from-anyone");
    expect(stock[0]?.text.split("\n")).toEqual([
      `dn: hl7ApplicationName=*,${dn}`,
      "changetype: modify",
      "replace: hl7AcceptedSendingApplication",
      "hl7AcceptedSendingApplication: RIS|HOSPITAL",
    ]);
    const own = commands(
      { "compose.yml": compose('    environment: { LDAP_BASE_DN: "dc=clinic,dc=example" }\n') },
      "archive-dicom-from-anyone",
    );
    expect(own[0]?.text.split("\n")).toEqual([
      "dn: dicomAETitle=DCM4CHEE,dicomDeviceName=dcm4chee-arc,cn=Devices,cn=DICOM Configuration,dc=clinic,dc=example",
      "changetype: modify",
      "replace: dcmAcceptedCallingAETitle",
      "dcmAcceptedCallingAETitle: CT1",
      "dcmAcceptedCallingAETitle: WORKSTATION1",
      "# likewise for WORKLIST, AS_RECEIVED, IOCM_REGULAR_USE, IOCM_QUALITY,",
      "# IOCM_PAT_SAFETY, IOCM_WRONG_MWL, IOCM_EXPIRED",
    ]);
  });

  it("change the access rules of the database that is in the file", () => {
    const ldif =
      "dn: olcDatabase={2}mdb,cn=config\nobjectClass: olcMdbConfig\nolcDatabase: {2}mdb\nolcDbDirectory: /var/lib/ldap\nolcSuffix: dc=dcm4che,dc=org\nolcAccess: {0}to * by * write\n";
    const [command] = commands({ "slapd.ldif": ldif }, "directory-written-by-anyone");
    expect(command).toEqual({
      tool: "ldapmodify",
      into: "olcDatabase={2}mdb,cn=config",
      text: `dn: olcDatabase={2}mdb,cn=config
changetype: modify
replace: olcAccess
olcAccess: {0}to attrs=userPassword by self write by anonymous auth by * none
olcAccess: {1}to * by users read by * none`,
    });
  });

  it("begin in the first column of every report for people", async () => {
    const files = { "device.ldif": deviceLdif() };
    for (const args of [
      ["lint", "."],
      ["plan", "."],
      ["plan", ".", "--format", "markdown"],
    ]) {
      const { stdout } = await cli(args, { files });
      const lines = stdout.split("\n").filter((line) => /^ *dn: dicomAETitle=ARCHIVE/u.test(line));
      expect(lines.length, args.join(" ")).toBeGreaterThan(0);
      const margin = args.includes("markdown") ? "    " : "";
      expect(
        lines.every((line) => line.startsWith(`${margin}dn:`)),
        args.join(" "),
      ).toBe(true);
    }
  });
});

describe("other tools", () => {
  it("JSON is nested as the archive reads it", () => {
    const json = JSON.stringify({
      dicomDeviceName: "dcm4chee-arc",
      dicomInstalled: true,
      dcmDevice: { dcmArchiveDevice: {} },
      dicomNetworkConnection: [
        {
          cn: "dicom",
          dicomHostname: "a",
          dicomPort: 11112,
          dcmNetworkConnection: { dcmBindAddress: "0.0.0.0" },
        },
      ],
      dicomNetworkAE: [
        {
          dicomAETitle: "ARCHIVE",
          dicomNetworkConnectionReference: ["/dicomNetworkConnection/0"],
          dcmNetworkAE: { dcmArchiveNetworkAE: {} },
        },
      ],
    });
    expect(commands({ "device.json": json }, "archive-dicom-from-anyone")).toEqual([
      {
        tool: "json",
        into: "dicomNetworkAE ARCHIVE",
        text: '"dcmNetworkAE": { "dcmAcceptedCallingAETitle": ["CT1", "WORKSTATION1"] }',
      },
    ]);
  });

  it("kcadm.sh names the realm and the client of the finding", () => {
    const realm = JSON.stringify({
      realm: "hospital",
      sslRequired: "none",
      clients: [{ clientId: "viewer's", publicClient: true, webOrigins: ["*"] }],
    });
    expect(commands({ "realm.json": realm }, "realm-tls-not-required")).toEqual([
      { tool: "kcadm.sh", text: "kcadm.sh update realms/hospital -s sslRequired=all" },
    ]);
    expect(commands({ "realm.json": realm }, "client-any-origin")).toEqual([
      {
        tool: "kcadm.sh",
        text: `kcadm.sh update clients/$(kcadm.sh get clients -r hospital -q 'clientId=viewer'\\''s' --fields id --format csv --noquotes) -r hospital -s 'webOrigins=["+"]'`,
      },
    ]);
  });
});

const folder = fileURLToPath(new URL("../../rules/dcm4chee", import.meta.url));
const own = new Set(readdirSync(folder).map((name) => name.replace(/\.yaml$/, "")));

describe.runIf(slapdIsThere())("OpenLDAP takes every record", () => {
  let server: Slapd;
  beforeAll(async () => {
    server = await startSlapd(imageRules);
    server.load(directoryRoots);
  }, 60_000);
  afterAll(() => server.stop());

  it("of the examples of the rules, and the finding is gone", { timeout: 180_000 }, async () => {
    const told: string[] = [];
    let tried = 0;
    for (const rule of bundledRules.filter(({ id }) => own.has(id))) {
      for (const example of rule.examples) {
        const [[file, text] = ["", ""], ...others] = Object.entries(example.files);
        if (others.length > 0 || !file.endsWith(".ldif") || /^olc|^changetype/mu.test(text)) continue;
        const before = await lintExample(example, example.files);
        const records = before.findings.flatMap((finding) =>
          finding.rule === rule.id
            ? (finding.remediation.commands ?? []).filter(({ tool }) => tool === "ldapmodify")
            : [],
        );
        if (records.length === 0 || !server.load(text).ok) continue;
        tried++;
        const changed = server.load(records.map((record) => record.text).join("\n\n"));
        if (!changed.ok) told.push(`${rule.id}, ${example.name}: ${changed.output}`);
        const after = await lintExample(example, { [file]: server.dump() });
        if (after.findings.some((finding) => finding.rule === rule.id))
          told.push(`${rule.id}, ${example.name}: still found`);
        const names = readLdif(textOfFile(file, text)).records.map((record) => record.dn.value);
        server.load(
          names
            .map((name) => `dn: ${name}\nchangetype: delete\n\n`)
            .reverse()
            .join(""),
        );
      }
    }
    expect(told).toEqual([]);
    expect(tried).toBeGreaterThan(20);
  });

  it("for a class that is missing", () => {
    expect(server.load(withoutClass)).toMatchObject({ ok: true });
    const [record] = commands({ "device.ldif": withoutClass }, "archive-associations-never-end", "dicom");
    expect(server.load(record?.text ?? "")).toMatchObject({ ok: true });
    expect(server.dump()).toContain("dcmAARQTimeout: 10000");
  });

  it("T22: of the access rules: who has no login reads nothing afterwards", { timeout: 60_000 }, async () => {
    const open = await startSlapd(["{0}to * by * read"]);
    try {
      open.load(directoryRoots);
      expect(open.search(null, ["dc"]).output).toContain("dcm4che");
      const compose =
        "services:\n  ldap:\n    image: dcm4che/slapd-dcm4chee:2.6.13-35.1\n    ports: ['389:389']\n    environment: { LDAP_ROOTPASS_FILE: /a, LDAP_CONFIGPASS_FILE: /b }\n";
      const [record] = commands({ "compose.yml": compose }, "directory-read-by-anyone");
      expect(open.modify(configurationAdministrator, record?.text ?? "")).toMatchObject({ ok: true });
      expect(open.search(null, ["dc"]).output).not.toContain("dcm4che");
    } finally {
      await open.stop();
    }
  });
});
