/**
 * Moves a password out of a compose file into a file of its own: a secret of Compose, which the image's start script reads
 * by itself. Which images do, and by which variable, is in data/images.json.
 */
import type { Deployment, Service } from "../../deployment/model.ts";
import { joinPath } from "../../sources/files.ts";
import type { SourceFile } from "../../sources/source.ts";
import { member, type ObjectTree, type Tree } from "../../sources/tree.ts";
import type { Place } from "../../text/text.ts";
import type { Splice } from "../writers/change.ts";
import { addKey, addListItem, ownMember, replaceScalar, yamlString } from "../writers/yaml.ts";
import { addVariable } from "./compose.ts";
import { type Definition, definitionsOf, documentOf, find } from "./definitions.ts";

/** A file that has to be there before the container starts. */
export interface NeededFile {
  readonly file: string;
  /** The user of the container that has to be able to read it; null where that is root, or not known. */
  readonly reader: string | null;
  /** Nothing but a password, or the names and hashed passwords of users. */
  readonly holds: "password" | "users";
}

/** The lines of the compose file, and the file that somebody has to make. */
export interface SecretFile {
  readonly splices: readonly Splice[];
  readonly creates: NeededFile;
}

/**
 * Leaves a variable's value to a file, in all services that are given the same value by this name: they log in to each other
 * with it. Undefined where an image takes no file, or a value is not written out in the service itself.
 */
export function writeSecretFile(
  name: string,
  service: Service,
  deployment: Deployment,
): SecretFile | undefined {
  const definition = definitionsOf(service, deployment).at(-1);
  if (definition === undefined || twinOf(name, service) === undefined) return undefined;
  const secret = freeSecret(name, definition, service, deployment);
  const takers = deployment.services.filter((other) => isSame(name, service, other));
  if (!takers.includes(service)) return undefined;
  const parts = [
    ...takers.map((taker) => inService(name, secret, taker, deployment)),
    declared(definition.source, secret),
  ];
  if (parts.some((part) => part === undefined)) return undefined;
  const file = joinPath(deployment.root, `secrets/${secret}.txt`);
  return {
    splices: parts.flatMap((part) => part ?? []),
    creates: {
      file,
      reader: takers.map(readerOf).find((reader) => reader !== null) ?? null,
      holds: "password",
    },
  };
}

/** Whether both take the variable, from a file too, and have the same in it: both nothing, where neither sets it. */
function isSame(name: string, service: Service, other: Service): boolean {
  const held = ({ environment }: Service): string | undefined => environment.variables.get(name)?.value.value;
  const twin = twinOf(name, other);
  return twin !== undefined && !other.environment.variables.has(twin) && held(service) === held(other);
}

function readerOf({ container }: Service): string | null {
  const user = container?.hardening.user ?? container?.recognised?.user ?? null;
  return typeof user === "string" && !/^(?:root|0)(?::|$)/u.test(user) ? user : null;
}

function inService(
  name: string,
  secret: string,
  service: Service,
  deployment: Deployment,
): readonly Splice[] | undefined {
  const at = service.environment.variables.get(name)?.at.at;
  const definitions = definitionsOf(service, deployment);
  const definition =
    at === undefined ? definitions.at(-1) : definitions.find(({ object }) => holds(object, at));
  const files = service.container?.recognised?.secretFiles;
  if (definition === undefined || files === undefined || files === null) return undefined;
  const target = files.holds === "name" ? secret : `/run/secrets/${secret}`;
  const twin = name + files.suffix;
  const line =
    at === undefined ? one(addVariable(twin, target, definition)) : variable(definition, at, twin, target);
  const list = given(definition, secret);
  return line === undefined || list === undefined ? undefined : [...line, ...list];
}

/** The variable that takes the name of a file instead of the value. */
function twinOf(name: string, { container }: Service): string | undefined {
  const files = container?.recognised?.secretFiles;
  const takes = files?.of.some((of) =>
    of.endsWith("*") ? name.startsWith(of.slice(0, -1)) && !name.endsWith(files.suffix) : of === name,
  );
  return files === undefined || files === null || takes !== true ? undefined : name + files.suffix;
}

/** Only a value that stands in the service's own `environment`: elsewhere others may use it too. */
function holds(object: ObjectTree, at: Place): boolean {
  const environment = ownMember(object, "environment")?.value;
  return (
    environment !== undefined && environment.via === undefined && find(environment, at)?.owner === environment
  );
}

/** The variable's line; undefined for a value of several lines, one that something else refers to, or a reference. */
function variable(
  { object, source }: Definition,
  at: Place,
  twin: string,
  target: string,
): readonly Splice[] | undefined {
  const environment = ownMember(object, "environment")?.value;
  const found = environment === undefined ? undefined : find(environment, at);
  if (found === undefined) return undefined;
  const { text } = source;
  const { owner, item } = found;
  const written = text.value.slice(item.at.start, item.at.end);
  if (item.via !== undefined || /[\r\n$]/u.test(written)) return undefined;
  if (owner.kind === "array")
    return [replaceScalar(item, `${twin}=${target}`, source, () => `${twin}=${target}`, owner)];
  if (!/^\s*:[ \t]+$/u.test(text.value.slice(at.end, item.at.start))) return undefined;
  const between = text.value.slice(at.end, item.at.start);
  const place = { file: source.path, start: at.start, end: item.at.end };
  return [{ place, text: twin + between + yamlString(target), shown: `${twin}: ${target}` }];
}

/** The secret under the service's `secrets`. */
export function given({ object, source }: Definition, secret: string): readonly Splice[] | undefined {
  const list = ownMember(object, "secrets")?.value;
  if (list === undefined) return one(addKey(object, "secrets", [secret], source));
  if (list.kind !== "array" || list.via !== undefined) return undefined;
  if (list.items.some((item) => isNamed(item, secret))) return [];
  return one(addListItem(list, secret, source, `secrets: [ ${secret}, … ]`));
}

function isNamed(item: Tree, secret: string): boolean {
  const name = item.kind === "object" ? member(item, "source")?.value : item;
  return name?.kind === "string" && name.text.value === secret;
}

/** The secret under the file's own `secrets`. */
export function declared(source: SourceFile, secret: string): readonly Splice[] | undefined {
  const root = documentOf(source);
  if (root?.kind !== "object") return undefined;
  const all = ownMember(root, "secrets")?.value;
  const file = { file: pathOf(secret) };
  if (all === undefined) return one(addKey(root, "secrets", { [secret]: file }, source));
  if (all.kind !== "object" || all.via !== undefined) return undefined;
  return ownMember(all, secret) === undefined ? one(addKey(all, secret, file, source)) : [];
}

function pathOf(secret: string): string {
  return `./secrets/${secret}.txt`;
}

function one(splice: Splice | undefined): readonly Splice[] | undefined {
  return splice === undefined ? undefined : [splice];
}

/** Called like the variable; services that give it different values have one each. */
function freeSecret(
  name: string,
  { source }: Definition,
  service: Service,
  { services }: Deployment,
): string {
  const plain = name.toLowerCase().replaceAll(/_{2,}/gu, "_");
  const value = service.environment.variables.get(name)?.value.value;
  const differs = services.some((other) => {
    const theirs = other.environment.variables.get(name)?.value.value;
    return other !== service && theirs !== undefined && theirs !== value;
  });
  const root = documentOf(source);
  const all = root?.kind === "object" ? member(root, "secrets")?.value : undefined;
  const taken = all?.kind === "object" ? member(all, plain)?.value : undefined;
  const file = taken?.kind === "object" ? member(taken, "file")?.value : undefined;
  const isOurs = file?.kind === "string" && file.text.value === pathOf(plain);
  const isFree = taken === undefined || isOurs;
  return isFree && !differs ? plain : `${service.name.toLowerCase().replaceAll(/\W/gu, "_")}_${plain}`;
}
