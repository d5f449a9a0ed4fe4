/** Values of a Keycloak realm export, with its variables replaced and their places. */
import { fromPlace, type Origin } from "../../facts/origin.ts";
import { isUnknown, type Maybe, map, unknown } from "../../facts/unknown.ts";
import { at, member, type ObjectTree, type Tree } from "../../sources/tree.ts";
import type { Text } from "../../text/text.ts";
import type { Surroundings } from "./archive.ts";
import { resolveExpressions, unresolved } from "./expressions.ts";

/** A setting of a realm with its lines, or with the default that applies. */
export interface Setting<T> {
  readonly value: Maybe<T>;
  readonly origins: readonly Origin[];
}

/** The objects of a list; none where there is no list. */
export function objectsIn(tree: Tree | undefined): readonly ObjectTree[] {
  return tree?.kind === "array"
    ? tree.items.filter((item): item is ObjectTree => item.kind === "object")
    : [];
}

function absent<T>(owner: ObjectTree, value: T): Setting<T> {
  return { value, origins: [{ kind: "absent", belongs: owner.at, by: "default of Keycloak" }] };
}

/** A text with its variables replaced. */
export function textSetting(
  owner: ObjectTree,
  key: string,
  fallback: string | null,
  around: Surroundings,
): Setting<string | null> {
  const value = member(owner, key)?.value;
  if (value === undefined || value.kind === "null") return absent(owner, fallback);
  if (value.kind === "unknown")
    return { value: unknown("input", value.hole.reason, value), origins: [fromPlace(value)] };
  if (value.kind !== "string")
    return {
      value: value.kind === "boolean" || value.kind === "number" ? String(value.value) : fallback,
      origins: [fromPlace(value)],
    };
  return { value: settle(value.text, around), origins: [fromPlace(value)] };
}

function settle(text: Text, around: Surroundings): Maybe<string> {
  const resolved = resolveExpressions(text, around.lookup).text;
  const hole = unresolved(resolved);
  return hole === undefined ? resolved.value : unknown("input", hole.reason);
}

/** A setting that is true or false. */
export function flag(
  owner: ObjectTree,
  key: string,
  fallback: boolean,
  around: Surroundings,
): Setting<boolean> {
  const setting = textSetting(owner, key, String(fallback), around);
  return { ...setting, value: map(setting.value, (text) => text === "true") };
}

/** A setting that is a number. */
export function number(
  owner: ObjectTree,
  key: string,
  fallback: number,
  around: Surroundings,
): Setting<number> {
  const setting = textSetting(owner, key, String(fallback), around);
  if (isUnknown(setting.value)) return { ...setting, value: setting.value };
  const digits = /^\d+$/.test(setting.value ?? "")
    ? Number(setting.value)
    : unknown("input", `${key} is not a number`);
  return { ...setting, value: digits };
}

/** A setting that is a list of texts, those that are known. */
export function list(owner: ObjectTree, key: string, around: Surroundings): Setting<readonly string[]> {
  const value = member(owner, key)?.value;
  if (value?.kind !== "array") return absent(owner, []);
  const texts = value.items.flatMap((item) => (item.kind === "string" ? [settle(item.text, around)] : []));
  const hole = texts.find((text) => isUnknown(text));
  const known = texts.filter((text): text is string => !isUnknown(text));
  const origins = value.items.length === 0 ? [fromPlace(value)] : value.items.map((item) => fromPlace(item));
  return { value: isUnknown(hole) && known.length === 0 ? hole : known, origins };
}

/** A text with its variables replaced, or as it is written where one is not known: enough to compare and to name. */
export function writtenText(owner: ObjectTree, key: string, around: Surroundings): string {
  const setting = textSetting(owner, key, null, around).value;
  if (typeof setting === "string") return setting;
  const value = member(owner, key)?.value;
  return value?.kind === "string" ? value.text.value : "";
}

/** A list of texts as far as they are written; none where the key is absent. */
export function writtenList(
  owner: ObjectTree,
  key: string,
  around: Surroundings,
): { readonly value: readonly string[]; readonly origins: readonly Origin[] } {
  const value = member(owner, key)?.value;
  if (value?.kind !== "array") return { value: [], origins: [] };
  const texts = value.items.flatMap((item) => {
    if (item.kind !== "string") return [];
    const settled = settle(item.text, around);
    return [isUnknown(settled) ? item.text.value : settled];
  });
  return { value: texts, origins: value.items.map((item) => fromPlace(item)) };
}

/** Values of a component's config are lists of one. */
export function firstText(component: ObjectTree, key: string): Text | undefined {
  const value = at(component, ["config", key]);
  const item = value?.kind === "array" ? value.items[0] : value;
  return item?.kind === "string" ? item.text : undefined;
}

/** The highest role, by its name or by the variable that holds it. */
export function holdsRole(roles: readonly string[], superRole: string): boolean {
  return roles.some((role) => role === superRole || /^\$\{(?:env\.)?SUPER_USER_ROLE\}$/.test(role));
}
