/** Effective settings: what Orthanc at a release takes for each key, and where that comes from. */

import type { Json } from "../../facts/json.ts";
import { fromPlace, type Origin, type Sourced } from "../../facts/origin.ts";
import { type Maybe, unknown } from "../../facts/unknown.ts";
import type { ObjectTree, Tree } from "../../sources/tree.ts";
import type { Place } from "../../text/text.ts";
import { defaultAt, isKnownAt, optionAt } from "./catalogue.ts";
import type { ImageDefault } from "./image/types.ts";
import type { LoadedConfiguration } from "./load.ts";

/** Typed access to the configuration of one service at one release. */
export interface Settings {
  readonly version: string;
  /** The value that the configuration gives at a path of keys, whether or not this release reads it. */
  find(path: readonly string[]): Tree | undefined;
  /** Whether this release reads the option. */
  knows(path: string): boolean;
  /**
   * The effective value of an option. One that this release does not know has the given value, or the catalogue's
   * oldest default. A value of the wrong type counts as what it was probably meant for: the fault is told elsewhere.
   */
  boolean(path: string, whenUnknown?: boolean): Sourced<Maybe<boolean>>;
  integer(path: string): Sourced<Maybe<number>>;
  /** Null when there is neither value nor default. */
  string(path: string): Sourced<Maybe<string | null>>;
  /** Null when the key is absent and has no default. */
  strings(path: string): Sourced<Maybe<readonly string[] | null>>;
  /** The origin of a path: where it stands, or where it would be written. */
  originOf(path: readonly string[]): Origin;
  /** Why keys could be there that are not seen; undefined when all are. */
  readonly open: string | undefined;
}

/** How the settings of one service at one release are read. */
export interface SettingsInput {
  readonly version: string;
  /** The release is known, so that defaults can be told with it. */
  readonly pinned: boolean;
  /** Options that this build has although its release is older than they are. */
  readonly backported: readonly string[];
  /** What the image sets where nothing else does. */
  readonly imageDefaults: readonly ImageDefault[];
  /** Why it is not known what the server reads; null when it is. */
  readonly unseen: string | null;
}

/** Settings over a loaded configuration. */
export function createSettings(
  loaded: LoadedConfiguration,
  { version, pinned, backported, imageDefaults, unseen }: SettingsInput,
): Settings {
  const open = unseen ?? loaded.open?.reason;
  const byDefault = pinned ? `default of Orthanc ${version}` : "default of Orthanc";

  function knows(path: string): boolean {
    const option = optionAt(path);
    return option !== undefined && (isKnownAt(option, version) || backported.includes(path));
  }

  function find(path: readonly string[]): Tree | undefined {
    const [first, ...rest] = path;
    let current = first === undefined ? undefined : loaded.members.get(first)?.value;
    for (const key of rest) {
      if (current?.kind !== "object") return undefined;
      current = current.members.findLast((member) => member.key === key)?.value;
    }
    return current;
  }

  function originOf(path: readonly string[]): Origin {
    const byImage = imageDefaults.find((one) => one.path.join("\n") === path.join("\n"));
    if (byImage !== undefined) return byImage.origin;
    const tree = find(path);
    if (tree !== undefined) return fromPlace(tree);
    const belongs = placeFor(path.slice(0, -1));
    return belongs === undefined
      ? { kind: "absent", by: byDefault }
      : { kind: "absent", belongs, by: byDefault };
  }

  /** The object in which a missing key belongs. */
  function placeFor(parent: readonly string[]): Place | undefined {
    if (parent.length > 0) {
      const tree = find(parent);
      return tree?.kind === "object" ? tree.at : placeFor(parent.slice(0, -1));
    }
    return mainFile(loaded)?.at;
  }

  function read<T>(
    path: string,
    whenUnknown: Json | undefined,
    convert: (value: Tree | Json) => Maybe<T> | undefined,
    empty: T,
  ): Sourced<Maybe<T>> {
    const steps = path.split(".");
    const option = optionAt(path);
    const origins = [originOf(steps)];
    if (option !== undefined && !knows(path)) {
      return {
        value: convert(whenUnknown ?? option.history?.[0]?.default ?? option.default) ?? empty,
        origins,
      };
    }
    const tree = find(steps);
    if (tree === undefined && open !== undefined) return { value: unknown("input", open), origins };
    if (tree !== undefined) {
      const value = convert(tree);
      if (value !== undefined) return { value, origins };
    }
    const fallback = option === undefined ? (whenUnknown ?? null) : defaultAt(option, version);
    return { value: convert(fallback) ?? empty, origins };
  }

  return {
    version,
    find,
    originOf,
    open,
    knows,
    boolean: (path, whenUnknown) => read<boolean>(path, whenUnknown, asBoolean, false),
    integer: (path) => read<number>(path, undefined, asInteger, 0),
    string: (path) => read<string | null>(path, undefined, asString, null),
    strings: (path) => read<readonly string[] | null>(path, undefined, asStrings, null),
  };
}

/** The object of the file to which a new key is added: the one with the most keys. */
function mainFile(loaded: LoadedConfiguration): ObjectTree | undefined {
  let best: LoadedConfiguration["files"][number]["root"];
  for (const file of loaded.files) {
    if (file.root !== undefined && file.root.members.length > (best?.members.length ?? -1)) best = file.root;
  }
  return best;
}

function isTree(value: Tree | Json): value is Tree {
  return typeof value === "object" && value !== null && "kind" in value;
}

function asBoolean(value: Tree | Json): Maybe<boolean> | undefined {
  if (!isTree(value)) return typeof value === "boolean" ? value : undefined;
  if (value.kind === "unknown") return unknown("input", value.hole.reason, value);
  if (value.kind === "boolean") return value.value;
  if (value.kind === "number") return value.value !== 0;
  if (value.kind === "string") return { true: true, false: false }[value.text.value.trim().toLowerCase()];
  return undefined;
}

function asInteger(value: Tree | Json): Maybe<number> | undefined {
  if (!isTree(value)) return typeof value === "number" ? value : undefined;
  if (value.kind === "unknown") return unknown("input", value.hole.reason, value);
  if (value.kind === "number") return Math.trunc(value.value);
  if (value.kind === "string" && /^\s*\d+\s*$/.test(value.text.value)) return Number(value.text.value);
  return undefined;
}

function asString(value: Tree | Json): Maybe<string | null> | undefined {
  if (!isTree(value)) return typeof value === "string" || value === null ? value : undefined;
  if (value.kind === "unknown") return unknown("input", value.hole.reason, value);
  return value.kind === "string" ? value.text.value : undefined;
}

function asStrings(value: Tree | Json): Maybe<readonly string[] | null> | undefined {
  if (!isTree(value)) return Array.isArray(value) ? value.map(String) : value === null ? null : undefined;
  if (value.kind === "unknown") return unknown("input", value.hole.reason, value);
  if (value.kind === "string") return [value.text.value];
  if (value.kind !== "array") return undefined;
  const items: string[] = [];
  for (const item of value.items) {
    if (item.kind === "unknown") return unknown("input", item.hole.reason, item);
    items.push(scalarText(item));
  }
  return items;
}

/** A scalar as JsonCpp's asString gives it: null is empty, numbers and booleans are spelt out. */
export function scalarText(tree: Tree): string {
  switch (tree.kind) {
    case "string":
      return tree.text.value;
    case "number":
    case "boolean":
      return String(tree.value);
    default:
      return "";
  }
}
