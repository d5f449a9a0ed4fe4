import { readFileSync } from "node:fs";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { isUnknown } from "../../src/facts/unknown.ts";
import { entryValues, readDirectory } from "../../src/products/dcm4chee/directory.ts";
import { dnKey } from "../../src/products/dcm4chee/dn.ts";
import { readDevicesLdif } from "../../src/products/dcm4chee/read-ldif.ts";
import { readLdif } from "../../src/sources/ldif/records.ts";
import { textOfFile } from "../../src/text/text.ts";
import { fixedExamples } from "./fixed.ts";
import { directoryRoots as roots, user } from "./roots.ts";
import {
  administrator,
  configLdif,
  imageRules,
  type Slapd,
  slapdIsThere,
  startSlapd,
  suffix,
} from "./slapd.ts";
import { archive, deviceDn, deviceLdif, part } from "./support.ts";

const there = slapdIsThere();
if (!there) process.stderr.write("skipped: no slapd here (test/dcm4chee/setup.sh unpacks one)\n");

const withPin = deviceLdif({
  device: "dicomInstalled: TRUE\ndcmKeyStorePin: kV9-pin",
  dicom: "dicomPort: 2762\ndcmBindAddress: 0.0.0.0\ndicomTLSCipherSuite: TLS_AES_128_GCM_SHA256",
  ae: "dcmAcceptedCallingAETitle: CT1\ndcmAcceptedCallingAETitle: CT2",
});

describe.runIf(there)("OpenLDAP agrees", () => {
  let server: Slapd;
  beforeAll(async () => {
    server = await startSlapd(imageRules);
    expect(server.load(roots)).toMatchObject({ ok: true });
    expect(server.load(withPin)).toMatchObject({ ok: true });
  }, 60_000);
  afterAll(() => server.stop());

  it("loads the device of the hardened example", async () => {
    const own = await startSlapd(imageRules);
    try {
      expect(own.load(roots)).toMatchObject({ ok: true });
      expect(
        own.load(
          readFileSync(`${import.meta.dirname}/../../examples/dcm4chee-hardened/ldap/device.ldif`, "utf8"),
        ),
      ).toMatchObject({ ok: true });
    } finally {
      await own.stop();
    }
  });

  it("loads every device that a fix was written into", { timeout: 120_000 }, async () => {
    const fixed = await fixedExamples();
    const own = await startSlapd(imageRules);
    const refused: string[] = [];
    let loaded = 0;
    own.load(roots);
    for (const { rule, example, files } of fixed) {
      for (const [name, text] of Object.entries(files)) {
        if (!name.endsWith(".ldif") || text === example.files[name]) continue;
        const { ok, output } = own.load(text);
        if (!ok) refused.push(`${rule}, ${example.name}: ${output}`);
        const names = readLdif(textOfFile(name, text)).records.map(({ dn }) => dn.value);
        own.load(
          names
            .map((dn) => `dn: ${dn}\nchangetype: delete\n\n`)
            .reverse()
            .join(""),
        );
        loaded++;
      }
    }
    await own.stop();
    expect(refused).toEqual([]);
    expect(loaded).toBeGreaterThan(8);
  });

  it("loads what the tests write, and gives it back as it was understood", () => {
    const here = readDevicesLdif([textOfFile("a.ldif", withPin)]).devices[0];
    const dumped = readDirectory([textOfFile("dump.ldif", server.dump())]);
    expect(dumped.errors).toEqual([]);
    const back = readDevicesLdif([textOfFile("dump.ldif", server.dump())]).devices[0];
    const values = (device: typeof here): unknown =>
      device &&
      [device, ...device.children]
        .map((object) =>
          [...object.attributes]
            .filter(([name]) => /^(?:dicom|dcm|hl7)/.test(name))
            .map(([name, attribute]) => [name, attribute.values.map((value) => value.text.value)])
            .sort(),
        )
        .sort();
    expect(values(back)).toEqual(values(here));
  });

  it("takes the change records that close an opening", () => {
    const change = `dn: cn=dicom,${deviceDn}\nchangetype: modify\nreplace: dcmBindAddress\ndcmBindAddress: 127.0.0.1\n-\nadd: dcmTLSProtocol\ndcmTLSProtocol: TLSv1.2\ndcmTLSProtocol: TLSv1.3\n-\n\ndn: dicomAETitle=ARCHIVE,${deviceDn}\nchangetype: modify\ndelete: dcmAcceptedCallingAETitle\ndcmAcceptedCallingAETitle: CT2\n`;
    expect(server.load(change)).toMatchObject({ ok: true });
    const [dumped, applied] = [[server.dump()], [withPin, change]].map(
      (texts) => readDevicesLdif(texts.map((text, index) => textOfFile(`${index}.ldif`, text))).devices[0],
    );
    const read = (device: typeof dumped): unknown =>
      device?.children
        .map((child) => [
          child.name,
          ["dcmbindaddress", "dcmtlsprotocol", "dcmacceptedcallingaetitle"].map((name) =>
            child.attributes.get(name)?.values.map((value) => value.text.value),
          ),
        ])
        .sort();
    expect(read(dumped)).toEqual(read(applied));
  });

  it.each([
    [
      "T42: a boolean that is neither TRUE nor FALSE",
      part(
        "cn=a",
        "objectClass: dicomNetworkConnection",
        "objectClass: dcmNetworkConnection",
        "cn: a",
        "dicomHostname: a",
        "dcmTLSNeedClientAuth: yes",
      ),
      /Invalid syntax \(21\)/,
    ],
    [
      "T40: an attribute without its auxiliary class",
      part(
        "cn=b",
        "objectClass: dicomNetworkConnection",
        "cn: b",
        "dicomHostname: a",
        "dcmBindAddress: 127.0.0.1",
      ),
      /Object class violation \(65\)/,
    ],
    [
      "a required attribute that is missing",
      part("cn=c", "objectClass: dicomNetworkConnection", "cn: c", "dicomPort: 104"),
      /Object class violation \(65\)/,
    ],
    [
      "an unknown attribute",
      part(
        "cn=d",
        "objectClass: dicomNetworkConnection",
        "objectClass: dcmNetworkConnection",
        "cn: d",
        "dicomHostname: a",
        "dcmBindAdress: 127.0.0.1",
      ),
      /Undefined attribute type \(17\)/,
    ],
    [
      "a second entry of the same name",
      part("CN=Dicom", "objectClass: dicomNetworkConnection", "cn: dicom", "dicomHostname: a"),
      /Already exists \(68\)/,
    ],
  ])("refuses what pacslint says it refuses: %s", (_name, record, refusal) => {
    expect(server.load(record).output).toMatch(refusal);
    const found = archive({ files: { "base.ldif": `${deviceLdif()}${record}` } });
    const said = found.all.filter(
      (fact) =>
        (fact.kind === "fault" && fact.effect === "syntax") ||
        fact.kind === "ineffective" ||
        fact.kind === "unknownOption",
    );
    expect(said.length).toBeGreaterThan(0);
  });

  it.each([
    [
      "T33: an enumeration that no code knows",
      part(
        "cn=e",
        "objectClass: dicomNetworkConnection",
        "objectClass: dcmNetworkConnection",
        "cn: e",
        "dicomHostname: a",
        "dcmProtocol: SYSLOG_TCP",
      ),
    ],
    [
      "an entry whose name alone holds what names it",
      part("cn=g", "objectClass: dicomNetworkConnection", "dicomHostname: a"),
    ],
    [
      "a cipher suite that does not exist",
      part(
        "cn=f",
        "objectClass: dicomNetworkConnection",
        "cn: f",
        "dicomHostname: a",
        "dicomTLSCipherSuite: NONSENSE",
      ),
    ],
  ])("takes what only the archive refuses: %s", (_name, record) => {
    expect(server.load(record)).toMatchObject({ ok: true });
  });

  it("reads broken files where OpenLDAP's tools do", () => {
    expect(
      server.load("dn: ou=x,dc=dcm4che,dc=org\nobjectClass: organizationalUnit\nou: x\n\tfolded by a tab\n")
        .ok,
    ).toBe(false);
    expect(server.load("dn: ou=y,dc=dcm4che,dc=org\nobjectClass: organizationalUnit\nou:: a*b\n").ok).toBe(
      false,
    );
    expect(
      server.load(
        `dn:: ${Buffer.from(`ou=ü,${suffix}`).toString("base64")}\nobjectClass: organiz\n ationalUnit\nou:: ${Buffer.from("ü").toString("base64")}\n`,
      ).ok,
    ).toBe(true);
    const back = readDirectory([textOfFile("dump.ldif", server.dump())]).entries.get(dnKey(`ou=ü,${suffix}`));
    expect(back && entryValues(back, "ou").map((text) => text.value)).toEqual(["ü"]);
  });

  it("T22: with the image's rules nobody needs a login to read a pin, and after the change somebody does", async () => {
    expect(server.search(null, ["dcmKeyStorePin"]).output).toContain("dcmKeyStorePin");
    expect(server.search(null, ["userPassword"]).output).not.toContain("userPassword:");
    const closed = await startSlapd([
      imageRules[0] ?? "",
      imageRules[1] ?? "",
      "{2}to * by users read by * none",
    ]);
    try {
      closed.load(roots);
      closed.load(withPin);
      expect(closed.search(null, ["dcmKeyStorePin"]).output).not.toContain("dcmKeyStorePin");
      expect(closed.search(user, ["dcmKeyStorePin"]).output).toContain("dcmKeyStorePin");
    } finally {
      await closed.stop();
    }
  }, 60_000);

  const ruleSets: readonly (readonly string[])[] = [
    [],
    ["to * by * none"],
    ["to * by users read"],
    ["to * by users write by anonymous read"],
    ["to attrs=dcmKeyStorePin by * none", "to * by * read"],
    [
      "to attrs=dcmKeyStorePin by users read by * none",
      "to attrs=userPassword by anonymous auth by * none",
      "to * by * read",
    ],
    ["to * by anonymous read by users none"],
    ["to * by * break", "to * by users read by anonymous auth"],
    ["to * by anonymous auth by * read"],
    ["{1}to * by * none", "{0}to * by * read"],
    ["to attrs=userPassword by * read", "to * by users search by * none"],
    ["to * by * =rscx"],
    ["to * by self write by users read by anonymous auth"],
  ];

  it.each(ruleSets.map((rules) => [rules.join(" | ") || "(no rules)", rules] as const))(
    "decides access as slapd does: %s",
    async (_name, rules) => {
      const judged = await startSlapd(rules);
      try {
        judged.load(roots);
        judged.load(withPin);
        const facts = archive({ files: { "config.ldif": configLdif("/data", rules) } }).facts1("directory");
        const sees = (who: typeof user | null, attribute: string): boolean =>
          judged.search(who, [attribute]).output.includes(`${attribute}:`);
        expect(facts[0]).toMatchObject({
          anonymousRead: sees(null, "dicomHostname"),
          anonymousReadsSecrets: judged.search(null, ["dcmKeyStorePin"]).output.includes("dcmKeyStorePin:"),
          userWrite: judged.modify(
            user,
            `dn: cn=dicom,${deviceDn}\nchangetype: modify\nreplace: dicomHostname\ndicomHostname: other\n`,
          ).ok,
          anonymousWrite: judged.modify(
            null,
            `dn: cn=dicom,${deviceDn}\nchangetype: modify\nreplace: dicomHostname\ndicomHostname: other\n`,
          ).ok,
        });
        expect(isUnknown(facts[0]?.passwordsReadable)).toBe(false);
      } finally {
        await judged.stop();
      }
    },
    60_000,
  );

  it("reads any values back that a directory keeps", () => {
    const name = fc.stringMatching(/^[a-z][a-z0-9]{3,10}$/);
    const value = fc
      .oneof(
        fc.string({ minLength: 1, maxLength: 200, unit: "grapheme" }),
        fc.string({ minLength: 1, maxLength: 20 }),
      )
      .filter((text) => !/^[\s]*$/.test(text) && !text.includes("\0") && text === text.normalize("NFC"));
    fc.assert(
      fc.property(name, value, (rdn, description) => {
        const dn = `ou=${rdn}-v,${suffix}`;
        const encoded = Buffer.from(description, "utf8")
          .toString("base64")
          .replace(/(.{60})/g, "$1\n ");
        const loaded = server.load(
          `dn: ${dn}\nobjectClass: organizationalUnit\nou: ${rdn}-v\ndescription:: ${encoded}\n`,
        );
        fc.pre(loaded.ok);
        const entry = readDirectory([textOfFile("dump.ldif", server.dump())]).entries.get(dnKey(dn));
        expect(entry && entryValues(entry, "description").map((text) => text.value)).toEqual([description]);
        server.load(`dn: ${dn}\nchangetype: delete\n`);
      }),
      { numRuns: 25 },
    );
  }, 120_000);

  it("knows its administrator", () => {
    expect(server.search(administrator, ["dn"]).ok).toBe(true);
  });
});
