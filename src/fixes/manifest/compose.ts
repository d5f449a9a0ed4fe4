/** Changes what a compose file says of a service: its ports, variables and rights. */
import type { Deployment, Service } from "../../deployment/model.ts";
import type { Fact } from "../../facts/facts.ts";
import type { SourceFile } from "../../sources/source.ts";
import { member, type Tree } from "../../sources/tree.ts";
import { covers, type Place } from "../../text/text.ts";
import type { Change, GetSource, Splice } from "../writers/change.ts";
import { writeLines } from "../writers/lines.ts";
import {
  addKey,
  addListItem,
  ownMember,
  removeItem,
  removeKey,
  replaceScalar,
  yamlString,
} from "../writers/yaml.ts";
import { type Definition, definitionsOf, documentOf, find } from "./definitions.ts";
import { envFileLine } from "./env-file.ts";
import { bindAddress } from "./ports.ts";

/** The keys of a service that the rights of its container stand in; a list has the items that say it. */
const rights: Readonly<
  Record<string, { readonly key: string; readonly value: string; readonly list: boolean }>
> = {
  privileged: { key: "privileged", value: "true", list: false },
  hostPid: { key: "pid", value: "host", list: false },
  hostIpc: { key: "ipc", value: "host", list: false },
  user: { key: "user", value: "", list: false },
  readOnly: { key: "read_only", value: "true", list: false },
  noNewPrivileges: { key: "security_opt", value: "no-new-privileges:true", list: true },
  dropsCapabilities: { key: "cap_drop", value: "ALL", list: true },
  addedCapabilities: { key: "cap_add", value: "", list: true },
  temporary: { key: "tmpfs", value: "", list: true },
  unconfined: { key: "security_opt", value: "", list: true },
};

/** Changes a right of a service's container; its name is that of the container fact's property. */
export function writeRight(
  name: string,
  change: Change,
  fact: Fact,
  service: Service,
  deployment: Deployment,
): readonly Splice[] | undefined {
  const right = rights[name];
  const definitions = definitionsOf(service, deployment);
  if (name === "strongCapabilities" && change.type === "remove" && fact.kind === "container")
    return withoutItems("cap_add", fact.strongCapabilities, definitions);
  if (right === undefined) return undefined;
  const written = definitions.findLast(({ object }) => ownMember(object, right.key) !== undefined);
  if (change.type === "remove") return written && one(removalOf(right.key, written));
  if (change.type === "remove-item")
    return written && one(withoutItem(right.key, String(change.value), written));
  const target = written ?? definitions.at(-1);
  if (target === undefined) return undefined;
  if (change.type === "add-item") return one(withItem(right.key, String(change.value), target));
  if (change.type !== "set" || change.to === false) return undefined;
  const value = change.to === true ? right.value : String(change.to);
  return one(right.list ? withItem(right.key, value, target) : withValue(right.key, value, target));
}

function one(splice: Splice | undefined): readonly Splice[] | undefined {
  return splice === undefined ? undefined : [splice];
}

function removalOf(key: string, { object, source }: Definition): Splice | undefined {
  const found = ownMember(object, key);
  return found === undefined ? undefined : removeKey(object, found, source);
}

/** All of them where they stand in one list; a list that they fill goes with them. */
function withoutItems(
  key: string,
  values: readonly string[],
  definitions: readonly Definition[],
): readonly Splice[] | undefined {
  const written = definitions.findLast(({ object }) => ownMember(object, key) !== undefined);
  const list = written && ownMember(written.object, key)?.value;
  if (written === undefined || list?.kind !== "array") return undefined;
  if (values.length >= list.items.length) return one(removalOf(key, written));
  const splices = values.map((value) => withoutItem(key, value, written));
  const known = splices.filter((splice) => splice !== undefined);
  return known.length < splices.length || known.length === 0 ? undefined : known;
}

/** The only item goes with its list. */
function withoutItem(key: string, value: string, definition: Definition): Splice | undefined {
  const list = ownMember(definition.object, key)?.value;
  if (list?.kind !== "array" || list.via !== undefined) return undefined;
  const same = (text: string): string => text.toUpperCase().replace(/^CAP_/u, "").replace("=", ":");
  const item = list.items.find((one) => one.kind === "string" && same(one.text.value) === same(value));
  if (item === undefined) return undefined;
  if (list.items.length === 1) return removalOf(key, definition);
  return removeItem(list, item, definition.source, `(remove ${value} from ${key})`);
}

/** An item of a list of a service; a list that is missing is made. */
export function withItem(key: string, value: string, definition: Definition): Splice | undefined {
  const { object, source } = definition;
  const list = ownMember(object, key)?.value;
  if (list === undefined) return withList(key, [value], definition);
  if (list.kind !== "array" || list.via !== undefined) return undefined;
  if (list.items.some((item) => item.kind === "string" && item.text.value === value)) return undefined;
  return addListItem(list, yamlString(value), source, `${key}: [ ${value}, … ]`);
}

/** A list that a service does not have yet. */
export function withList(
  key: string,
  values: readonly string[],
  { object, source }: Definition,
): Splice | undefined {
  return addKey(object, key, values.map(yamlString), source);
}

/** A key of a service with a value of one word. */
export function withValue(key: string, value: string, { object, source }: Definition): Splice | undefined {
  const found = ownMember(object, key)?.value;
  const text = value === "true" || value === "false" ? value : yamlString(value);
  if (found === undefined) return addKey(object, key, text, source);
  if (found.via !== undefined) return undefined;
  return { place: found.at, text, shown: `${key}: ${text}` };
}

/** Publishes the ports of an entry on one address of the host only. */
export function writeBinding(
  address: string,
  fact: Fact,
  deployment: Deployment,
): readonly Splice[] | undefined {
  const places = ["", "/reach", "/via", "/address"].flatMap((pointer) =>
    (fact.origins[pointer] ?? []).flatMap((origin) =>
      origin.kind === "place" ? [origin.at, ...(origin.via ?? [])] : [],
    ),
  );
  const splices = deployment.files
    .filter(({ kind }) => kind === "compose")
    .flatMap(({ source }) => portItems(source).map((item) => ({ item, source })))
    .filter(({ item }) => places.some((place) => covers(item.at, place)))
    .map(({ item, source }) => bindAddress(item, address, source));
  const known = splices.filter((splice) => splice !== undefined);
  return splices.length === 0 || known.length < splices.length ? undefined : known;
}

function portItems(source: SourceFile): readonly Tree[] {
  const root = documentOf(source);
  const services = root?.kind === "object" ? member(root, "services")?.value : undefined;
  if (services?.kind !== "object") return [];
  return services.members.flatMap(({ value }) => {
    const ports = value.kind === "object" ? member(value, "ports")?.value : undefined;
    return ports?.kind === "array" ? ports.items : [];
  });
}

/** Changes or adds a variable of a service. */
export function writeComposeVariable(
  name: string,
  at: Place | undefined,
  value: string | undefined,
  service: Service,
  deployment: Deployment,
  get: GetSource,
): readonly Splice[] | undefined {
  // In a script the variable is one word of a line that says more.
  if (deployment.form === "commands") return undefined;
  if (at !== undefined) return changeVariable(at, name, value, get);
  if (value === undefined) return undefined;
  const definition = definitionsOf(service, deployment).at(-1);
  return definition && one(addVariable(name, value, definition));
}

/** A new variable of a service. */
export function addVariable(name: string, value: string, { object, source }: Definition): Splice | undefined {
  const environment = ownMember(object, "environment")?.value;
  const shown = `${name}: ${value}`;
  if (environment === undefined) {
    const added = addKey(object, "environment", { [name]: yamlString(value) }, source);
    return added && { ...added, shown };
  }
  if (environment.via !== undefined) return undefined;
  if (environment.kind === "array")
    return addListItem(environment, yamlString(`${name}=${value}`), source, shown);
  return environment.kind === "object" ? addKey(environment, name, yamlString(value), source) : undefined;
}

/** The variable whose name stands at a place. */
function changeVariable(
  at: Place,
  name: string,
  value: string | undefined,
  get: GetSource,
): readonly Splice[] | undefined {
  const source = get(at.file);
  if (source === undefined) return undefined;
  if (!/\.ya?ml$/iu.test(source.path)) return changeLine(source, at, value, get);
  const root = documentOf(source);
  const found = root === undefined ? undefined : find(root, at);
  if (found === undefined) return undefined;
  const { owner, item } = found;
  if (owner.kind === "object") {
    const written = owner.members.find(({ value: one }) => one === item);
    if (written === undefined) return undefined;
    if (value === undefined)
      return one(removeKey(owner, written, source) ?? removeWhole(root, owner, source));
    return [replaceScalar(item, value, source, (written) => `${name}: ${written}`, owner)];
  }
  if (value === undefined)
    return one(removeItem(owner, item, source, `(remove ${name})`) ?? removeWhole(root, owner, source));
  return [replaceScalar(item, `${name}=${value}`, source, () => `${name}=${value}`, owner)];
}

/** Takes the key out whose value is a list or a mapping with one entry, which is to go. */
function removeWhole(tree: Tree | undefined, emptied: Tree, source: SourceFile): Splice | undefined {
  if (tree?.kind === "array")
    return tree.items
      .map((item) => removeWhole(item, emptied, source))
      .find((splice) => splice !== undefined);
  if (tree?.kind !== "object") return undefined;
  const holder = tree.members.find(({ value }) => value === emptied);
  if (holder !== undefined) return removeKey(tree, holder, source);
  return tree.members
    .map(({ value }) => (value.via === undefined ? removeWhole(value, emptied, source) : undefined))
    .find((splice) => splice !== undefined);
}

/** What is not YAML and has variables is an env file, or a Dockerfile, of which none is changed. */
function changeLine(
  source: SourceFile,
  at: Place,
  value: string | undefined,
  get: GetSource,
): readonly Splice[] | undefined {
  if (/dockerfile/iu.test(source.path)) return undefined;
  const spot = envFileLine(source, at);
  if (spot === undefined) return undefined;
  return writeLines(value === undefined ? { type: "remove" } : { type: "set", to: value }, spot, get);
}
