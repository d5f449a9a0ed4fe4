/** What the attributes of a device mean: their values as the loaders convert them, and what holds when they are absent. */
import type { Origin, Sourced } from "../../facts/origin.ts";
import { fromPlace } from "../../facts/origin.ts";
import { type Maybe, unknown } from "../../facts/unknown.ts";
import { holeIn } from "../../text/text.ts";
import type { ConfigAttribute, ConfigObject, ConfigValue } from "./model.ts";

/** A setting in effect. */
export interface Effective<T> extends Sourced<Maybe<T>> {
  /** Nothing is written: the default of the code holds. */
  readonly isDefault: boolean;
}

/** Whose defaults hold for what is absent. */
const defaultsBy = "default of dcm4chee-arc";

/** The written value, or undefined where nothing is; for values that stand as they are. */
export function written(object: ConfigObject, name: string): ConfigAttribute | undefined {
  const attribute = object.attributes.get(name.toLowerCase());
  return attribute === undefined || attribute.values.length === 0 ? undefined : attribute;
}

/** A text; null when absent. */
export function textSetting(
  object: ConfigObject,
  name: string,
  fallback: string | null = null,
): Effective<string | null> {
  return read<string | null>(object, name, fallback, (value) => known(value, (text) => text));
}

/**
 * A boolean as `Boolean.parseBoolean` reads it: anything but "true" is false (LdapUtils.java:497, dcm4che 5.35.0).
 */
export function booleanSetting(object: ConfigObject, name: string, fallback: boolean): Effective<boolean> {
  return read(object, name, fallback, (value) =>
    known(value, (text) => text.trim().toLowerCase() === "true"),
  );
}

/** A boolean that may be left open: null when absent. */
export function optionalBoolean(object: ConfigObject, name: string): Effective<boolean | null> {
  return read<boolean | null>(object, name, null, (value) =>
    known(value, (text) => text.trim().toLowerCase() === "true"),
  );
}

/** A whole number. */
export function integerSetting(object: ConfigObject, name: string, fallback: number): Effective<number> {
  return read(object, name, fallback, (value) =>
    known(value, (text) =>
      /^[+-]?\d+$/.test(text.trim())
        ? Number(text.trim())
        : unknown("input", `"${name}" is not a whole number`, value.at),
    ),
  );
}

/** All values of a list; empty when absent. */
export function listSetting(object: ConfigObject, name: string): Effective<readonly string[]> {
  const attribute = written(object, name);
  if (attribute === undefined) return absent<readonly string[]>(object, name, []);
  const texts = attribute.values.map((value) => known(value, (text) => text));
  const open = texts.find((text) => typeof text !== "string");
  return {
    value:
      open !== undefined && typeof open !== "string"
        ? open
        : texts.filter((text) => typeof text === "string"),
    origins:
      object.by === undefined ? attribute.values.map((value) => fromPlace(value.at)) : originsOf(object),
    isDefault: false,
  };
}

/** One value converted, or what holds without it. */
function read<T>(
  object: ConfigObject,
  name: string,
  fallback: T,
  convert: (value: ConfigValue) => Maybe<T>,
): Effective<T> {
  const attribute = written(object, name);
  const value = attribute?.values[0];
  if (attribute === undefined || value === undefined) return absent(object, name, fallback);
  const origins = object.by === undefined ? [fromPlace(value.at)] : originsOf(object);
  return { value: convert(value), origins, isDefault: false };
}

function absent<T>(object: ConfigObject, name: string, fallback: T): Effective<T> {
  const removed = object.removed.get(name.toLowerCase());
  if (removed !== undefined)
    return { value: fallback, origins: [fromPlace(removed, "taken away here")], isDefault: true };
  const origins: readonly Origin[] =
    object.by === undefined ? [{ kind: "absent", belongs: object.at.at, by: defaultsBy }] : originsOf(object);
  if (object.complete) return { value: fallback, origins, isDefault: true };
  const reason = `the entry of ${object.name === "" ? object.className : object.name} is in none of the files, only changes to it`;
  return { value: unknown("input", reason, object.at), origins, isDefault: true };
}

/** Where an object as a whole comes from. */
export function originsOf(object: ConfigObject): readonly Origin[] {
  if (object.by === undefined) return [fromPlace(object.at)];
  // What an image brings along stands nowhere: the line that starts the container is shown for it.
  return [object.at.at.file === "" ? { kind: "absent", by: object.by } : fromPlace(object.at, object.by)];
}

function known<T>(value: ConfigValue, convert: (text: string) => Maybe<T>): Maybe<T> {
  const hole = holeIn(value.text, 0, value.text.value.length);
  return hole === undefined ? convert(value.text.value) : unknown("input", hole.reason, value.at);
}
