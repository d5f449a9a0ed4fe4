import { describe, expect, it } from "vitest";
import {
  type LdifAttribute,
  ldifAttributeAt,
  ldifValue,
  ldifValueAt,
} from "../../src/sources/ldif/attributes.ts";
import { type LdifEntry, readLdif } from "../../src/sources/ldif/records.ts";
import { lineStarts, positionAt } from "../../src/text/lines.ts";
import { type Located, locate, textOfFile } from "../../src/text/text.ts";

function read(content: string) {
  const text = textOfFile("a.ldif", content);
  const starts = lineStarts(content);
  const at = (located: Located): string => {
    const from = positionAt(starts, located.at.start);
    const to = positionAt(starts, located.at.end);
    return `${from.line}:${from.column}-${to.line}:${to.column}`;
  };
  return { ...readLdif(text), at };
}

function entry(result: ReturnType<typeof read>, index = 0): LdifEntry {
  const record = result.records[index];
  if (record?.kind !== "entry" && record?.kind !== "add") throw new Error("no entry");
  return record;
}

function attribute(of: LdifEntry, name: string): LdifAttribute {
  const found = of.attributes.find((candidate) => candidate.name === name);
  if (found === undefined) throw new Error(`no ${name}`);
  return found;
}

function value(of: LdifAttribute): string {
  const known = ldifValue(of);
  return known.kind === "text" ? known.text.value : known.kind;
}

describe("readLdif", () => {
  it("reads entries with places", () => {
    const result = read(
      "version: 1\n\n# a device\ndn: cn=dicom,dc=x\nobjectClass: dicomNetworkConnection\ndicomPort: 11112\n\ndn: dc=y\ndc:y\n",
    );
    expect(result.errors).toEqual([]);
    expect(result.records.map((record) => record.dn.value)).toEqual(["cn=dicom,dc=x", "dc=y"]);
    const port = attribute(entry(result), "dicomport");
    expect(port.description).toBe("dicomPort");
    expect(value(port)).toBe("11112");
    expect(result.at(ldifAttributeAt(port))).toBe("6:1-6:17");
    expect(result.at(ldifValueAt(port))).toBe("6:12-6:17");
    expect(value(attribute(entry(result, 1), "dc"))).toBe("y");
  });

  it("keeps places through folding", () => {
    const result = read("dn: cn=dicom,dicomDev\n iceName=arc\ndcmKeyStoreURL: file:///opt/\n key\n  store\n");
    expect(entry(result).dn.value).toBe("cn=dicom,dicomDeviceName=arc");
    const url = attribute(entry(result), "dcmkeystoreurl");
    const known = ldifValue(url);
    if (known.kind !== "text") throw new Error("text expected");
    expect(known.text.value).toBe("file:///opt/key store");
    expect(result.at(ldifAttributeAt(url))).toBe("3:1-5:8");
    const word = known.text.value.indexOf("store");
    expect(result.at(locate(known.text, word, word + 5))).toBe("5:3-5:8");
  });

  it("keeps places through base64, folded or not", () => {
    const result = read("dn:: ZGM9eA==\nuserPassword:: Y2hh\n bmdlaXQ=\n");
    expect(entry(result).dn.value).toBe("dc=x");
    const known = ldifValue(attribute(entry(result), "userpassword"));
    if (known.kind !== "text") throw new Error("text expected");
    expect(known.text.value).toBe("changeit");
    expect(result.at(locate(known.text, 0, 3))).toBe("2:16-2:20");
    expect(result.at(locate(known.text, 6, 8))).toBe("3:6-3:10");
  });

  it("locates characters of more than one byte by their digits", () => {
    const encoded = Buffer.from("aéz").toString("base64");
    const known = ldifValue(attribute(entry(read(`dn: dc=x\ncn:: ${encoded}\n`)), "cn"));
    if (known.kind !== "text") throw new Error("text expected");
    expect(known.text.value).toBe("aéz");
    expect(locate(known.text, 1, 2).at).toEqual({ file: "a.ldif", start: 15, end: 18 });
  });

  it("keeps binary values as bytes and never follows a URL", () => {
    const result = read("dn: dc=x\nuserCertificate;binary:: MIICTQ==\njpegPhoto:< file:///etc/passwd\n");
    expect(ldifValue(attribute(entry(result), "usercertificate"))).toMatchObject({
      kind: "bytes",
      bytes: new Uint8Array([0x30, 0x82, 0x02, 0x4d]),
    });
    expect(ldifValue(attribute(entry(result), "jpegphoto"))).toMatchObject({
      kind: "url",
      url: { value: "file:///etc/passwd" },
    });
  });

  it("reads CRLF files and empty values", () => {
    const result = read("dn: dc=x\r\ncn: a\r\n b\r\nsn:\r\n\r\ndn: dc=y\r\n");
    expect(value(attribute(entry(result), "cn"))).toBe("ab");
    expect(value(attribute(entry(result), "sn"))).toBe("");
    expect(result.at(ldifValueAt(attribute(entry(result), "sn")))).toBe("4:4-4:4");
    expect(result.records).toHaveLength(2);
  });

  it("takes a record that begins with a change for one, as ldapmodify does", () => {
    const result = read("dn: dc=x\nadd: o\no: a\n-\nreplace: l\nl: b\n");
    const [record] = result.records;
    if (record?.kind !== "modify") throw new Error("modify expected");
    expect(record.changes.map((change) => [change.operation, change.name, change.values.map(value)])).toEqual(
      [
        ["add", "o", ["a"]],
        ["replace", "l", ["b"]],
      ],
    );
  });

  it("reads changes", () => {
    const result = read(
      [
        "dn: dc=x",
        "control: 1.2.3 true",
        "changetype: modify",
        "replace: dcmBindAddress",
        "dcmBindAddress: 127.0.0.1",
        "-",
        "delete: dicomTLSCipherSuite",
        "-",
        "add: objectClass",
        "objectClass: a",
        "objectClass: b",
        "",
        "dn: dc=y",
        "changetype: delete",
        "",
        "dn: cn=a,dc=y",
        "changetype: modrdn",
        "newrdn: cn=b",
        "deleteoldrdn: 1",
        "newsuperior: dc=z",
        "",
        "dn: dc=w",
        "changetype: add",
        "dc: w",
      ].join("\n"),
    );
    expect(result.errors).toEqual([]);
    const [modify, remove, rename, add] = result.records;
    if (modify?.kind !== "modify") throw new Error("modify expected");
    expect(modify.changes.map((change) => [change.operation, change.name, change.values.map(value)])).toEqual(
      [
        ["replace", "dcmbindaddress", ["127.0.0.1"]],
        ["delete", "dicomtlsciphersuite", []],
        ["add", "objectclass", ["a", "b"]],
      ],
    );
    expect(modify.changes.map((change) => result.at(change))).toEqual(["4:1-5:26", "7:1-7:28", "9:1-11:15"]);
    expect(remove?.kind).toBe("delete");
    expect(rename).toMatchObject({
      kind: "rename",
      newRdn: { value: "cn=b" },
      deleteOldRdn: true,
      newSuperior: { value: "dc=z" },
    });
    expect(add).toMatchObject({ kind: "add", broken: false });
  });

  it.each([
    ["dn: dc=x\nnonsense\ncn: a\n", "an attribute, a colon and a value were expected", "2:1-2:9"],
    ["dn: dc=x\nsn:: a*b=\ncn: a\n", "the value of sn is not base64", "2:6-2:10"],
    ["cn: a\n", 'a record starts with "dn:"', "1:1-1:6"],
    [
      "dn: dc=x\nchangetype: change\n",
      "the change type is one of add, delete, modify, modrdn, moddn",
      "2:13-2:19",
    ],
    [
      "dn: dc=x\nchangetype: modify\ncn: a\n",
      '"add:", "delete:" or "replace:" was expected, or a "-" is missing above',
      "3:1-3:6",
    ],
    [
      "dn: dc=x\ncn: a\n\n more\n",
      "a line that starts with a blank continues the one above, and there is none",
      "4:1-4:6",
    ],
    ["dn: dc=x\ncn: a\n\tb\n", "a continued line starts with one blank, not with a tab", "3:1-3:3"],
    ["version: 2\ndn: dc=x\n", "only version 1 of LDIF exists", "1:10-1:11"],
    ["include: file:///a.ldif\n", "an include is not followed: lint that file itself", "1:1-1:24"],
  ])("tells what is broken and where: %j", (content, message, place) => {
    const result = read(`${content}\ndn: dc=next\ncn: n\n`);
    expect(result.errors.map((error) => [error.message, result.at(error)])).toEqual([[message, place]]);
    expect(result.records.at(-1)).toMatchObject({ dn: { value: "dc=next" }, broken: false });
  });

  it("keeps what can be read of a broken record", () => {
    const result = read("dn: dc=x\nnonsense\ncn: a\n");
    expect(result.records[0]).toMatchObject({ broken: true });
    expect(value(attribute(entry(result), "cn"))).toBe("a");
  });

  it("reads 20 MB in linear time and memory", () => {
    const parts: string[] = ["version: 1\n"];
    let size = 0;
    for (let device = 0; size < 20_000_000; device++) {
      const name = `dicomDeviceName=ct-${device},cn=Devices,cn=DICOM Configuration,dc=hospital,dc=example`;
      let part = `\ndn: ${name}\nobjectClass: dicomDevice\ndicomDeviceName: ct-${device}\ndicomInstalled: TRUE\n`;
      for (let capability = 0; capability < 60; capability++) {
        part += `\ndn: cn=c${capability},dicomAETitle=CT${device},\n ${name}\ndicomSOPClass: 1.2.840.10008.5.1.4.1.1.${capability}\ndicomTransferSyntax: 1.2.840.10008.1.2\n`;
      }
      parts.push(part);
      size += part.length;
    }
    const started = performance.now();
    const result = readLdif(textOfFile("big.ldif", parts.join("")));
    const elapsed = performance.now() - started;
    expect(result.errors).toEqual([]);
    expect(result.records.length).toBe((parts.length - 1) * 61);
    expect(elapsed).toBeLessThan(20_000);
  }, 60_000);
});
