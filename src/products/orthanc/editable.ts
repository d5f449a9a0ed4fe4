/** Where Orthanc's settings are changed: in the JSON that it reads, or in the variables of its image. */
import { type Member, member, type ObjectTree } from "../../sources/tree.ts";
import { covers, placeKey } from "../../text/text.ts";
import type { Editable } from "../product.ts";
import type { Spot } from "../spot.ts";
import { optionAt } from "./catalogue.ts";
import { sourceOf } from "./image/core.ts";
import { builderRelease } from "./image/history.ts";
import { variableOf } from "./image/names.ts";
import { configurationFolder } from "./image/read-files.ts";
import { loadFile } from "./load.ts";
import type { OrthancModel } from "./model.ts";

/** The layout of a configuration as this release reads it. */
export function editableOf(model: OrthancModel): Editable {
  return {
    spot: (path) => (isItem(path) ? item(path, model) : (existing(path, model) ?? addition(path, model))),
    reads: (path) => optionAt(path) === undefined || model.settings.knows(path),
  };
}

const itemName = /^(.+)\[(\d+)\]$/u;

/** "OrthancPeers.university[2]": an item of a list, counted from 0. */
function isItem(path: readonly string[]): boolean {
  return itemName.test(path.at(-1) ?? "");
}

/** An item can be changed where it stands; nothing is added or taken away. */
function item(path: readonly string[], model: OrthancModel): Spot | undefined {
  const [, name = "", index = ""] = itemName.exec(path.at(-1) ?? "") ?? [];
  const list = existing([...path.slice(0, -1), name], model);
  const value = list?.kind === "json" ? list.member?.value : undefined;
  const found = value?.kind === "array" ? value.items[Number(index)] : undefined;
  if (list?.kind !== "json" || found === undefined) return undefined;
  const member: Member = { key: name, keyAt: found, value: found };
  return { ...list, member, object: undefined };
}

/** Where it stands. */
function existing(path: readonly string[], model: OrthancModel): Spot | undefined {
  const found = effectiveMember(path, model);
  if (found === undefined) return undefined;
  const variable = variableAt(found, model);
  if (variable !== undefined) return { kind: "variable", ...variable, value: found.value };
  const written = roots(model).find(({ object }) => covers(object.at, found.keyAt.at));
  const key = path.at(-1) ?? "";
  if (written === undefined)
    return { kind: "json", member: found, object: undefined, path: [key], embedded: true };
  const object = objectWith(found, path.slice(0, -1), written.object) ?? parentOf(found, path, model);
  const { embedded } = written;
  return { kind: "json", member: sameMember(object, found) ?? found, object, path: [key], embedded };
}

/** Where it would be written: into the innermost object that is there, into the largest file, into a variable. */
function addition(path: readonly string[], model: OrthancModel): Spot | undefined {
  for (let depth = path.length - 1; depth > 0; depth--) {
    const around = existing(path.slice(0, depth), model);
    if (around === undefined) continue;
    if (around.kind !== "json") return newVariable(path, model);
    const object = around.member?.value;
    if (object?.kind !== "object" || (around.embedded === true && around.object === undefined))
      return undefined;
    return { kind: "json", object, path: path.slice(depth), embedded: around.embedded === true };
  }
  const [largest] = roots(model).toSorted(
    (left, right) => right.object.members.length - left.object.members.length,
  );
  if (largest !== undefined) return { kind: "json", path, ...largest };
  return newVariable(path, model);
}

/** A variable that the image's start script takes; other programs read none. */
function newVariable(path: readonly string[], { image, imageInput }: OrthancModel): Spot | undefined {
  if (imageInput?.kind !== "builder" || image?.reads !== "generated") return undefined;
  const release = builderRelease(imageInput.release);
  const name = variableOf(path, release);
  if (name !== undefined) return { kind: "variable", name };
  // Names that the site chose do not come out of a variable's name: they stand in the value.
  const [first = "", ...within] = path;
  const around = variableOf([first], release);
  return around === undefined || within.length === 0 ? undefined : { kind: "variable", name: around, within };
}

function effectiveMember(path: readonly string[], { loaded }: OrthancModel): Member | undefined {
  const [first, ...rest] = path;
  let current = first === undefined ? undefined : loaded.members.get(first);
  for (const key of rest) current = current?.value.kind === "object" ? member(current.value, key) : undefined;
  return current;
}

/** The variable that a member was made of. */
function variableAt(
  found: Member,
  { imageInput }: OrthancModel,
): Omit<Spot & { kind: "variable" }, "kind"> | undefined {
  const key = placeKey(found.keyAt.at);
  const variable = imageInput?.variables.find(({ at }) => placeKey(at.at) === key);
  return variable === undefined ? undefined : { name: variable.name, at: variable.at };
}

function parentOf(found: Member, path: readonly string[], model: OrthancModel): ObjectTree | undefined {
  const parent = effectiveMember(path.slice(0, -1), model)?.value;
  return parent?.kind === "object" && parent.members.includes(found) ? parent : undefined;
}

/** The object of a file in which a member stands. */
function objectWith(found: Member, path: readonly string[], root: ObjectTree): ObjectTree | undefined {
  let current: ObjectTree | undefined = root;
  for (const key of path) {
    const value: Member["value"] | undefined =
      current === undefined ? undefined : member(current, key)?.value;
    current = value?.kind === "object" ? value : undefined;
  }
  return sameMember(current, found) === undefined ? undefined : current;
}

function sameMember(object: ObjectTree | undefined, found: Member): Member | undefined {
  return object?.members.find(({ keyAt }) => placeKey(keyAt.at) === placeKey(found.keyAt.at));
}

/** The object at the root of a file that the site has written. */
interface Root {
  readonly object: ObjectTree;
  /** The file stands in a text of another one, such as a ConfigMap. */
  readonly embedded: boolean;
}

/** The roots that can be written into, where the text stands as the server gets it. */
function roots(model: OrthancModel): readonly Root[] {
  const { image, imageInput, loaded, service, context } = model;
  const files =
    image?.reads !== "generated" || imageInput === undefined
      ? loaded.files
      : imageInput.files.flatMap(({ path, content }) =>
          path.startsWith(`${configurationFolder}/`) && path.endsWith(".json") && content.type === "text"
            ? [loadFile(sourceOf(path, content), service.environment)]
            : [],
        );
  return files.flatMap(({ root, source }): readonly Root[] => {
    const holder = root === undefined ? undefined : context.sources.get(root.at.file);
    if (root === undefined || holder === undefined) return [];
    if (holder === source) return [{ object: root, embedded: false }];
    return isPlain(root, holder.text.value) ? [{ object: root, embedded: true }] : [];
  });
}

/**
 * Whether an object stands in the text of a file as the server reads it: in a block of YAML, not with its quotes escaped,
 * nor put together from a template and its values.
 */
function isPlain({ at, via, members }: ObjectTree, text: string): boolean {
  return (
    via === undefined &&
    /^\{[\s\S]*\}$/u.test(text.slice(at.start, at.end)) &&
    members.every(
      ({ key, keyAt, value }) =>
        keyAt.via === undefined &&
        text.slice(keyAt.at.start, keyAt.at.end) === JSON.stringify(key) &&
        covers(at, value.at),
    )
  );
}
