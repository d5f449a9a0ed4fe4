/** Reads devices from the JSON of the configuration REST service, as JsonConfiguration does (dcm4che 5.35.0). */
import { readJson } from "../../sources/json.ts";
import type { ArrayTree, Member, ObjectTree, Tree } from "../../sources/tree.ts";
import { holeText, type Located, type Text, textAt } from "../../text/text.ts";
import {
  type ConfigAttribute,
  type ConfigObject,
  type ConfigValue,
  type DeviceProblem,
  type DevicesRead,
  splitAttributes,
} from "./model.ts";
import { auxiliaries, gateOf, isAuxiliary, type Role, roleOf } from "./schema.ts";

/** Reads a device, or an array of them. */
export function readDevicesJson(text: Text): DevicesRead {
  const { root, errors } = readJson(text, "strict");
  const problems: DeviceProblem[] = errors.map((error) => ({ kind: "syntax", ...error }));
  const trees = root?.kind === "array" ? root.items : root === undefined ? [] : [root];
  const devices: ConfigObject[] = [];
  for (const tree of trees) {
    if (tree.kind === "object" && tree.members.some((member) => member.key === "dicomDeviceName")) {
      checkOrder(tree, problems);
      devices.push(readObject(tree, "device", "dicomDevice", ""));
    } else if (tree.kind !== "unknown") {
      problems.push({
        kind: "refused",
        message: 'a device is an object with a "dicomDeviceName"',
        ...placeOf(tree),
      });
    }
  }
  return { devices, problems };
}

/** References are resolved while reading: connections must stand before the entities that use them. */
function checkOrder(device: ObjectTree, problems: DeviceProblem[]): void {
  const connections = device.members.findIndex((member) => member.key === "dicomNetworkConnection");
  const entities = device.members.findIndex((member) => member.key === "dicomNetworkAE");
  const member = device.members[connections];
  if (entities >= 0 && connections > entities && member !== undefined) {
    problems.push({
      kind: "refused",
      message: "the connections must stand before the application entities that refer to them",
      ...member.keyAt,
    });
  }
}

/** Where an attribute stands: in the object itself, or in the nested object of an auxiliary class. */
interface Found {
  readonly member: Member;
  readonly inside: string;
}

function readObject(tree: ObjectTree, role: Role, className: string, pointer: string): ConfigObject {
  const found: Found[] = [];
  const classes = new Set([className.toLowerCase()]);
  collect(tree, "", found, classes);
  const attributes = found.filter(({ member }) => !holdsObjects(member.value));
  const children = found.flatMap(({ member }) => childrenOf(member, pointer));
  const places = new Map(attributes.map(({ member, inside }) => [member.key.toLowerCase(), inside]));
  return {
    role,
    className,
    name: nameOf(tree, role),
    at: placeOf(tree),
    form: "json",
    classes,
    ...splitAttributes(
      attributes.map(({ member }) => toAttribute(member)),
      (name) => misplaced(role, name, places.get(name) ?? ""),
    ),
    removed: new Map(),
    children,
    complete: tree.open === undefined,
    reference: pointer,
    source: { kind: "json", tree },
  };
}

/** The members of an object and of its nested auxiliary objects. */
function collect(tree: ObjectTree, inside: string, found: Found[], classes: Set<string>): void {
  for (const member of tree.members) {
    if (member.value.kind === "object" && isAuxiliary(member.key)) {
      classes.add(member.key.toLowerCase());
      collect(member.value, member.key, found, classes);
    } else found.push({ member, inside });
  }
}

/** The nested object that the attribute would have to stand in; undefined when it is where it belongs. */
function misplaced(role: Role, name: string, inside: string): string | undefined {
  const gate = gateOf(role, name)?.name ?? "";
  if (gate === inside || auxiliaries[role] === undefined) return undefined;
  return gate === "" ? "the object itself" : gate;
}

function holdsObjects(tree: Tree): boolean {
  return (
    tree.kind === "object" || (tree.kind === "array" && tree.items.some((item) => item.kind === "object"))
  );
}

function childrenOf(member: Member, pointer: string): readonly ConfigObject[] {
  if (!holdsObjects(member.value)) return [];
  const role = roleOf(member.key) ?? "other";
  const items = member.value.kind === "array" ? member.value.items : [member.value];
  return items.flatMap((item, index) => {
    if (item.kind !== "object") return [];
    const place =
      member.value.kind === "array" ? `${pointer}/${member.key}/${index}` : `${pointer}/${member.key}`;
    return [readObject(item, role, member.key, place)];
  });
}

const naming = [
  "dicomDeviceName",
  "dicomAETitle",
  "dcmWebAppName",
  "dcmKeycloakClientID",
  "hl7ApplicationName",
  "dcmStorageID",
  "dcmExporterID",
  "cn",
] as const;

function nameOf(tree: ObjectTree, role: Role): string {
  const keys = role === "connection" || role === "auditLogger" ? ["cn"] : naming;
  for (const key of keys) {
    const value = tree.members.find((member) => member.key === key)?.value;
    if (value?.kind === "string") return value.text.value;
  }
  return "";
}

function toAttribute(member: Member): ConfigAttribute {
  const values = member.value.kind === "array" ? arrayValues(member.value) : toValues(member.value);
  const { at, via } = member.keyAt;
  const end = member.value.at.file === at.file ? Math.max(at.end, member.value.at.end) : at.end;
  const where: Located = { at: { ...at, end }, ...(via === undefined ? {} : { via }) };
  return { name: member.key, at: where, values };
}

function arrayValues(tree: ArrayTree): readonly ConfigValue[] {
  return tree.items.flatMap(toValues);
}

function toValues(tree: Tree): readonly ConfigValue[] {
  const at = placeOf(tree);
  switch (tree.kind) {
    case "string":
      return [{ text: tree.text.value === "" ? textAt("", at) : tree.text, at }];
    case "boolean":
      return [{ text: textAt(String(tree.value), at), at }];
    case "number":
      return [{ text: textAt(String(tree.value), at), at }];
    case "unknown":
      return [{ text: holeText(tree.hole.reason, at), at }];
    case "array":
      return arrayValues(tree);
    default:
      return [];
  }
}

function placeOf(tree: Located): Located {
  return tree.via === undefined ? { at: tree.at } : { at: tree.at, via: tree.via };
}
