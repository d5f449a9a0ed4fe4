/** Networks, volumes, secrets and configs of the merged tree as typed fields. */

import type { Member } from "../../sources/tree.ts";
import { placeOf } from "../../text/text.ts";
import type { ComposeFileObject, ComposeNetwork, ComposeVolume } from "./model.ts";
import { flagOrFalse, textAtKey } from "./read.ts";
import { secretValueKey } from "./resolve-environment.ts";
import { valueAt } from "./trees.ts";

/** A network as the top of the file names it. */
export function readNetwork(member: Member): ComposeNetwork {
  const tree = member.value;
  return {
    key: member.key,
    ...placeOf(member.keyAt),
    name: textAtKey(tree, "name"),
    driver: textAtKey(tree, "driver"),
    external: flagOrFalse(tree, "external"),
    internal: flagOrFalse(tree, "internal"),
    tree,
  };
}

/** A volume as the top of the file names it. */
export function readVolume(member: Member): ComposeVolume {
  const tree = member.value;
  const options = valueAt(tree, "driver_opts");
  const kinds = textAtKey(options, "o")?.value.split(",") ?? [];
  const bound = kinds.includes("bind") || textAtKey(options, "type")?.value === "bind";
  return {
    key: member.key,
    ...placeOf(member.keyAt),
    name: textAtKey(tree, "name"),
    driver: textAtKey(tree, "driver"),
    external: flagOrFalse(tree, "external"),
    device: bound ? textAtKey(options, "device") : undefined,
    tree,
  };
}

/** A secret or a config as the top of the file names it. */
export function readFileObject(member: Member): ComposeFileObject {
  const tree = member.value;
  return {
    key: member.key,
    ...placeOf(member.keyAt),
    name: textAtKey(tree, "name"),
    file: textAtKey(tree, "file"),
    environment: textAtKey(tree, "environment"),
    content: textAtKey(tree, "content") ?? textAtKey(tree, secretValueKey),
    external: flagOrFalse(tree, "external"),
    tree,
  };
}
