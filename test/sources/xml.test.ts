import { describe, expect, it } from "vitest";
import { readXml } from "../../src/sources/xml/read.ts";
import {
  type XmlElement,
  xmlAt,
  xmlAttribute,
  xmlChild,
  xmlChildren,
  xmlText,
} from "../../src/sources/xml/tree.ts";
import { lineStarts, positionAt } from "../../src/text/lines.ts";
import { isKnown, type Located, textOfFile } from "../../src/text/text.ts";

function read(content: string, options?: Parameters<typeof readXml>[1]) {
  const result = readXml(textOfFile("a.xml", content), options);
  const starts = lineStarts(content);
  const at = (located: Located): string => {
    const from = positionAt(starts, located.at.start);
    const to = positionAt(starts, located.at.end);
    return `${from.line}:${from.column}-${to.line}:${to.column}`;
  };
  return { ...result, at };
}

function root(content: string): XmlElement {
  const found = read(content).root;
  if (found === undefined) throw new Error("no root");
  return found;
}

describe("readXml", () => {
  it("reads elements, attributes and text with places", () => {
    const result = read(
      '<?xml version="1.0"?>\n<server xmlns="urn:a">\n  <http-listener\n    name="default" socket-binding=\'http\'/>\n  <url>\n    jdbc:a\n  </url>\n</server>\n',
    );
    expect(result.errors).toEqual([]);
    const server = result.root;
    if (server === undefined) throw new Error("no root");
    expect(server).toMatchObject({ name: "server", namespace: "urn:a" });
    const listener = xmlChild(server, "http-listener");
    const binding = listener && xmlAttribute(listener, "socket-binding");
    if (listener === undefined || binding === undefined) throw new Error("not read");
    expect(binding.value.value).toBe("http");
    expect(result.at(binding)).toBe("4:20-4:41");
    expect(result.at({ at: binding.value.pieces[0]?.at ?? binding.at })).toBe("4:36-4:40");
    expect(result.at(listener.startTag)).toBe("3:3-4:43");
    expect(result.at(listener.nameAt)).toBe("3:4-3:17");
    const url = xmlChild(server, "url");
    expect(url && xmlText(url).value).toBe("jdbc:a");
    expect(url && result.at({ at: xmlText(url).pieces[0]?.at ?? url.at })).toBe("6:5-6:11");
  });

  it("resolves namespaces by scope and prefix", () => {
    const server = root(
      '<s xmlns="urn:s" xmlns:x="urn:x"><x:a x:b="1" c="2"/><sub xmlns="urn:sub"><d/></sub><e/></s>',
    );
    expect(xmlChildren(server).map((child) => child.namespace)).toEqual(["urn:x", "urn:sub", "urn:s"]);
    expect(xmlAt(server, ["sub", "d"])?.namespace).toBe("urn:sub");
    expect(
      xmlChild(server, "a")?.attributes.map((attribute) => [attribute.name, attribute.namespace]),
    ).toEqual([
      ["b", "urn:x"],
      ["c", ""],
    ]);
  });

  it("resolves the entities of XML, character references and CDATA", () => {
    expect(xmlText(root("<a>&lt;&#65;&#x42;&amp;<![CDATA[<&b>]]>\r\nc</a>")).value).toBe("<AB&<&b>\nc");
    expect(xmlAttribute(root('<a b="1&#10;2\n3"/>'), "b")?.value.value).toBe("1\n2 3");
  });

  it("keeps comments and instructions apart from text", () => {
    const element = root("<a>x<!-- y --><?z w?></a>");
    expect(element.children.map((child) => child.kind)).toEqual(["text", "comment", "instruction"]);
    expect(xmlText(element).value).toBe("x");
  });

  it("refuses a DOCTYPE, resolves nothing of it, and reads the rest", () => {
    const result = read(
      '<!DOCTYPE a [\n  <!ENTITY b SYSTEM "file:///etc/passwd"> <!-- ]> -->\n]>\n<a>&b;<c/></a>',
    );
    expect(result.errors.map((error) => [error.message, result.at(error)])).toEqual([
      [
        "a document type declaration (DOCTYPE) is not read: what it declares or includes stays unknown",
        "1:1-3:3",
      ],
      ["&b; is not known: only the entities of XML itself are read", "4:4-4:7"],
    ]);
    expect(result.root && isKnown(xmlText(result.root))).toBe(false);
    expect(result.root && xmlChild(result.root, "c")?.name).toBe("c");
  });

  it("accepts a DOCTYPE that only names a DTD where the caller says so", () => {
    const doctype = '<!DOCTYPE policy PUBLIC "-//JBoss//DTD" "http://example.org/a.dtd">';
    expect(read(`${doctype}<policy/>`, { doctype: "external" }).errors).toEqual([]);
    expect(read(`${doctype}<policy/>`).errors).toHaveLength(1);
    expect(read('<!DOCTYPE a [<!ENTITY b "c">]><a/>', { doctype: "external" }).errors).toHaveLength(1);
  });

  it.each([
    ["<a><b></a>", "<b> is not closed before </a>", "1:5-1:6"],
    ["<a></b></a>", "</b> closes nothing that is open", "1:4-1:8"],
    ["<a", "a tag is never closed", "1:2-1:3"],
    ["<a b></a>", "the attribute b needs a value in quotes", "1:4-1:5"],
    ['<a b="1" b="2"/>', "the attribute b stands here twice", "1:10-1:15"],
    ["<a>1 & 2</a>", 'an "&" in text is written as "&amp;"', "1:6-1:7"],
    ["<a/>x", "text may stand inside elements only", "1:5-1:6"],
    ["<a/><b/>", "a document has one outermost element; this is a second one", "1:6-1:7"],
    ["<a><!-- b</a>", "a comment is never closed", "1:4-1:8"],
    ["<x:a/>", "the prefix x is not declared", "1:2-1:3"],
    ["", "the file holds no element", "1:1-1:1"],
  ])("tells what is broken and where: %j", (content, message, place) => {
    const result = read(content);
    expect(result.errors.map((error) => [error.message, result.at(error)])).toContainEqual([message, place]);
  });

  it("costs no call stack", () => {
    const deep = 200_000;
    expect(read("<a>".repeat(deep) + "</a>".repeat(deep)).errors).toEqual([]);
  });
});
