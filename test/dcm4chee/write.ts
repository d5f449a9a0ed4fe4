/** Writes one plain model as LDIF and as the JSON of the configuration service: what the two readers must read alike. */

/** Attributes by name: a text, several, or a switch. */
export type Values = Readonly<Record<string, string | readonly string[] | boolean>>;

export interface PlainObject {
  readonly className: string;
  /** The attribute that names it. */
  readonly naming: string;
  readonly name: string;
  readonly own: Values;
  /** Attributes of auxiliary classes, outer class first. */
  readonly auxiliary: Readonly<Record<string, Values>>;
  /** Names of connections of the device. */
  readonly connections?: readonly string[];
}

export interface PlainDevice extends PlainObject {
  readonly parts: readonly PlainObject[];
}

const root = "cn=Devices,cn=DICOM Configuration,dc=hospital,dc=example";

/** As a directory exports it. */
export function toLdif(device: PlainDevice): string {
  const dn = `${device.naming}=${device.name},${root}`;
  const records = [
    record(dn, device, dn),
    ...device.parts.map((part) => record(`${part.naming}=${part.name},${dn}`, part, dn)),
  ];
  return `version: 1\n\n${records.join("\n")}`;
}

function record(dn: string, object: PlainObject, deviceDn: string): string {
  const auxiliary = Object.entries(object.auxiliary);
  const lines = [
    line("dn", dn),
    ...[object.className, ...auxiliary.map(([name]) => name)].map((name) => line("objectClass", name)),
    line(object.naming, object.name),
    ...[object.own, ...auxiliary.map(([, values]) => values)].flatMap((values) =>
      Object.entries(values).flatMap(([name, value]) => texts(value).map((text) => line(name, text))),
    ),
    ...(object.connections ?? []).map((name) =>
      line("dicomNetworkConnectionReference", `cn=${name},${deviceDn}`),
    ),
  ];
  return `${lines.join("\n")}\n`;
}

function texts(value: Values[string]): readonly string[] {
  if (typeof value === "boolean") return [value ? "TRUE" : "FALSE"];
  return typeof value === "string" ? [value] : value;
}

/** A line as RFC 2849 wants it: base64 where the text is not plain, folded at 76 characters. */
function line(name: string, value: string): string {
  const plain = /^[!-9;=-~][ -~]*$/.test(value) && !value.endsWith(" ");
  const whole = plain ? `${name}: ${value}` : `${name}:: ${Buffer.from(value, "utf8").toString("base64")}`;
  const parts = [whole.slice(0, 76)];
  for (let start = 76; start < whole.length; start += 75) parts.push(` ${whole.slice(start, start + 75)}`);
  return parts.join("\n");
}

const arrays: Readonly<Record<string, "device" | "dcmDevice" | "dcmArchiveDevice">> = {
  dicomNetworkConnection: "device",
  dicomNetworkAE: "device",
  dcmWebApp: "dcmDevice",
  hl7Application: "dcmDevice",
  dcmStorage: "dcmArchiveDevice",
};

/** As `GET /devices/{name}` answers. */
export function toJson(device: PlainDevice): string {
  const names = device.parts
    .filter((part) => part.className === "dicomNetworkConnection")
    .map((part) => part.name);
  const document = nested(device, names);
  const inner = nest(document, "dcmDevice");
  for (const [className, place] of Object.entries(arrays)) {
    const parts = device.parts
      .filter((part) => part.className === className)
      .map((part) => nested(part, names));
    if (parts.length === 0) continue;
    const owner =
      place === "device" ? document : place === "dcmDevice" ? inner : nest(inner, "dcmArchiveDevice");
    owner[className] = parts;
  }
  return JSON.stringify(document, null, 2);
}

type Json = { [key: string]: unknown };

function nest(owner: Json, name: string): Json {
  const existing = owner[name];
  if (typeof existing === "object" && existing !== null) return existing as Json;
  const made: Json = {};
  owner[name] = made;
  return made;
}

function nested(object: PlainObject, connections: readonly string[]): Json {
  const result: Json = { [object.naming]: object.name, ...object.own };
  let owner = result;
  for (const [name, values] of Object.entries(object.auxiliary)) {
    const inner: Json = { ...values };
    owner[name] = inner;
    owner = inner;
  }
  if (object.connections !== undefined) {
    result.dicomNetworkConnectionReference = object.connections.map(
      (name) => `/dicomNetworkConnection/${connections.indexOf(name)}`,
    );
  }
  return result;
}
