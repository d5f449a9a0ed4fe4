/**
 * dcm4chee 2.x: services as JBoss MBeans. A value comes from data/xmbean-attrs where it was changed at run time, else from a
 * service file, else from the descriptor's default.
 * Source: dcm4chee 2.18 dcm4jboss-sar/src/etc/conf/xmdesc (descriptors); JBoss 4.2 XMLAttributePersistenceManager.
 */
import { fromPlace, type Origin } from "../../../facts/origin.ts";
import { type XmlElement, xmlAttribute, xmlChild, xmlChildren, xmlText } from "../../../sources/xml/tree.ts";
import type { Text } from "../../../text/text.ts";

/** The services with a bearing on security. */
export type ServiceName =
  | "DcmServer"
  | "TLSConfig"
  | "DicomSecurity"
  | "StoreScp"
  | "QueryRetrieveScp"
  | "other";

/** An attribute with a value that a file gives it. */
export interface MBeanAttribute {
  readonly service: ServiceName;
  readonly name: string;
  readonly value: Text;
  readonly from: "changed" | "service" | "descriptor";
  readonly origins: readonly Origin[];
}

/** Attributes by which a descriptor tells which service it is; file names differ between releases. */
const marks: readonly (readonly [ServiceName, string])[] = [
  ["DcmServer", "SecurityProtocol"],
  ["TLSConfig", "NeedClientAuthentication"],
  ["DicomSecurity", "RejectIfNoUserIdentity"],
  ["StoreScp", "UnrestrictedAppendPermissionsToAETitles"],
  ["QueryRetrieveScp", "UnrestrictedQueryPermissionsToAETitles"],
];

/** Reads a descriptor, a service file, or the saved attributes of one MBean. */
export function readMBeans(root: XmlElement, fileName: string): readonly MBeanAttribute[] {
  if (root.name === "attribute-collection" || root.name === "attribute-list") return saved(root, fileName);
  if (root.name === "mbean") return descriptor(root);
  return xmlChildren(root, "mbean").flatMap(service);
}

/** The value that counts: changed at run time, else in a service file, else the descriptor's. */
export function mbeanValue(
  attributes: readonly MBeanAttribute[],
  service: ServiceName,
  name: string,
): MBeanAttribute | undefined {
  const candidates = attributes.filter(
    (attribute) => attribute.service === service && attribute.name === name,
  );
  return (["changed", "service", "descriptor"] as const)
    .map((from) => candidates.findLast((attribute) => attribute.from === from))
    .find((found) => found !== undefined);
}

function serviceByName(text: string): ServiceName {
  return (
    marks.map(([name]) => name).find((name) => new RegExp(`service(?:=|%3D)${name}\\b`, "i").test(text)) ??
    "other"
  );
}

function serviceByAttributes(names: ReadonlySet<string>): ServiceName {
  return marks.find(([, mark]) => names.has(mark))?.[0] ?? "other";
}

function saved(root: XmlElement, fileName: string): readonly MBeanAttribute[] {
  const elements = xmlChildren(root, "attribute");
  const names = new Set(elements.map((element) => xmlAttribute(element, "name")?.value.value ?? ""));
  const byName = serviceByName(fileName);
  const service = byName === "other" ? serviceByAttributes(names) : byName;
  return elements.map((element) => ({
    service,
    name: xmlAttribute(element, "name")?.value.value ?? "",
    value: xmlText(element),
    from: "changed",
    origins: [fromPlace(element, "changed at run time, saved here")],
  }));
}

function service(mbean: XmlElement): readonly MBeanAttribute[] {
  const name = serviceByName(xmlAttribute(mbean, "name")?.value.value ?? "");
  return xmlChildren(mbean, "attribute").map((element) => ({
    service: name,
    name: xmlAttribute(element, "name")?.value.value ?? "",
    value: xmlText(element),
    from: "service",
    origins: [fromPlace(element)],
  }));
}

function descriptor(root: XmlElement): readonly MBeanAttribute[] {
  const elements = xmlChildren(root, "attribute");
  const nameOf = (element: XmlElement): string => {
    const name = xmlChild(element, "name");
    return name === undefined ? "" : xmlText(name).value;
  };
  const service = serviceByAttributes(new Set(elements.map(nameOf)));
  return elements.flatMap((element): MBeanAttribute[] => {
    const descriptors = xmlChild(element, "descriptors");
    const given = descriptors && (xmlChild(descriptors, "value") ?? xmlChild(descriptors, "default"));
    const value = given && (xmlAttribute(given, "value") ?? xmlAttribute(given, "default"));
    if (given === undefined || value === undefined) return [];
    return [
      { service, name: nameOf(element), value: value.value, from: "descriptor", origins: [fromPlace(given)] },
    ];
  });
}
