/**
 * Which plugins a server loads, and which of them are switched on.
 * Source: OrthancServer/Plugins/Engine/PluginsManager.cpp; the plugins' own sources as told in data/orthanc/plugins.json.
 */
import pluginData from "../../../data/orthanc/plugins.json" with { type: "json" };
import type { Service } from "../../deployment/model.ts";
import { fromPlace, type Origin } from "../../facts/origin.ts";
import { and, type Maybe, or, unknown } from "../../facts/unknown.ts";
import { baseName, type Files } from "../../sources/files.ts";
import type { Tree } from "../../sources/tree.ts";
import { atLeast } from "../version.ts";
import { optionAt } from "./catalogue.ts";
import type { ImagePlugin } from "./image/types.ts";
import type { Fault } from "./load.ts";
import { type Settings, scalarText } from "./settings.ts";
import { acceptsTree } from "./types.ts";

/** A plugin that pacslint knows, in one configuration. */
export interface PluginState {
  readonly id: string;
  readonly name: string;
  readonly sections: readonly string[];
  readonly loaded: Maybe<boolean>;
  /** Switched on by its own keys, if it is loaded. */
  readonly enabled: Maybe<boolean>;
  readonly active: Maybe<boolean>;
  readonly origins: readonly Origin[];
}

/** What the Plugins list comes to. */
export interface LoadedPlugins {
  readonly states: readonly PluginState[];
  readonly faults: readonly Fault[];
}

/** A library of the Plugins list, or of the image's folders. */
interface Library {
  readonly loaded: Maybe<boolean>;
  readonly origin: Origin;
}

/** File names of the libraries that are known of, and why others may be loaded. */
interface Libraries {
  readonly names: ReadonlyMap<string, Library>;
  readonly unseen: { readonly reason: string; readonly origin: Origin } | undefined;
  readonly faults: readonly Fault[];
}

/** What plugins are read from. */
export interface PluginInput {
  readonly service: Service;
  readonly files: Files;
  /** See {@link configurationFolder}. */
  readonly configFolder: string | null;
  /** The plugins that an image has in its folders. */
  readonly image: readonly ImagePlugin[];
}

/** Works out the plugins of a service. */
export function readPlugins(settings: Settings, input: PluginInput): LoadedPlugins {
  const libraries = listedLibraries(settings, input);
  const states = pluginData.plugins.map((plugin): PluginState => {
    const found = plugin.libraries.flatMap((name) => libraries.names.get(name.toLowerCase()) ?? []);
    const origin = found.find(({ loaded }) => loaded !== false)?.origin;
    const elsewhere: Maybe<boolean> =
      libraries.unseen === undefined ? false : unknown("input", libraries.unseen.reason);
    const loaded = found.length > 0 ? or(...found.map((library) => library.loaded)) : elsewhere;
    const enabled = isEnabled(settings, plugin.enabledBy);
    const origins = [
      ...plugin.sections
        .filter((section) => settings.find([section]) !== undefined)
        .map((section) => settings.originOf([section])),
    ];
    if (origin !== undefined) origins.push(origin);
    return {
      id: plugin.id,
      name: plugin.name,
      sections: plugin.sections,
      loaded,
      enabled,
      active: and(loaded, enabled),
      origins,
    };
  });
  return {
    states,
    faults: [...libraries.faults, ...states.flatMap((state) => sectionFaults(settings, state))],
  };
}

/**
 * A loaded plugin stops the start when its section, the key that switches it on or its root has another type
 * (measured with DICOMweb and worklists on four releases; others read them through the same class of the SDK).
 */
function sectionFaults(settings: Settings, state: PluginState): readonly Fault[] {
  if (state.loaded !== true) return [];
  return state.sections.flatMap((section): readonly Fault[] => {
    if (optionAt(section)?.type !== "object") return [];
    const tree = settings.find([section]);
    if (tree === undefined || tree.kind === "unknown") return [];
    if (tree.kind !== "object") return [wrongPluginType(section, "an object in braces", tree)];
    const keys = state.active === false ? [...switches] : [...switches, "Root"];
    return keys.flatMap((key): readonly Fault[] => {
      const value = settings.find([section, key]);
      const option = optionAt(`${section}.${key}`);
      if (value === undefined || option === undefined || acceptsTree(option, value, settings.version))
        return [];
      return [
        wrongPluginType(
          `${section}.${key}`,
          key === "Root" ? "a text in quotes" : "true or false without quotes",
          value,
        ),
      ];
    });
  });
}

const switches = ["Enable", "Enabled"];

function wrongPluginType(path: string, expected: string, tree: Tree): Fault {
  return {
    message: `${path} must be ${expected}: the plugin that reads it stops the start of Orthanc`,
    expected,
    effect: "start",
    origins: [fromPlace(tree)],
  };
}

/** The plugin with this id; one that is never loaded where the data does not have it. */
export function plugin(states: readonly PluginState[], id: string): PluginState {
  return (
    states.find((state) => state.id === id) ?? {
      id,
      name: id,
      sections: [],
      loaded: false,
      enabled: false,
      active: false,
      origins: [],
    }
  );
}

/** Whether one of several plugins is active. */
export function anyActive(states: readonly PluginState[], ids: readonly string[]): Maybe<boolean> {
  return or(...ids.map((id) => plugin(states, id).active));
}

function isEnabled(
  settings: Settings,
  enabledBy: { readonly keys: readonly string[]; readonly default: unknown } | null,
): Maybe<boolean> {
  if (enabledBy === null) return true;
  const verdicts = enabledBy.keys.map((key): Maybe<boolean> => {
    const tree = settings.find(key.split("."));
    if (tree === undefined) return enabledBy.default === true;
    if (tree.kind === "unknown") return unknown("input", tree.hole.reason, tree);
    if (tree.kind === "boolean") return tree.value;
    if (tree.kind === "string") return tree.text.value !== "";
    if (tree.kind === "array") return tree.items.length > 0;
    if (tree.kind === "object") return tree.members.length > 0;
    return false;
  });
  return or(...verdicts);
}

const libraryEnding = /\.(?:so|dll|dylib)$/iu;

function listedLibraries(settings: Settings, input: PluginInput): Libraries {
  const names = new Map<string, Library>();
  const faults: Fault[] = [];
  let unseen: Libraries["unseen"];
  const listed = settings.find(["Plugins"]);
  for (const item of listedPaths(listed)) {
    const origin = fromPlace(item);
    if (item.kind === "unknown") {
      unseen ??= { reason: "a path in Plugins is not known", origin };
      continue;
    }
    const taken = takePath(scalarText(item), origin, input, settings.version);
    for (const [name, library] of taken.libraries) names.set(name.toLowerCase(), library);
    faults.push(...taken.faults);
    unseen ??= taken.unseen;
  }
  if (listed?.kind === "unknown") unseen ??= { reason: listed.hole.reason, origin: fromPlace(listed) };
  return { names, unseen, faults };
}

interface TakenPath {
  readonly libraries: readonly (readonly [string, Library])[];
  readonly faults: readonly Fault[];
  readonly unseen: Libraries["unseen"];
}

/** One path of the Plugins list: a library, a folder of them, or a folder of the image. */
function takePath(
  path: string,
  origin: Origin,
  { service, files, configFolder, image }: PluginInput,
  version: string,
): TakenPath {
  const nothing: TakenPath = { libraries: [], faults: [], unseen: undefined };
  const certain: Library = { loaded: true, origin };
  const inImage = image.filter(({ folder }) => folder === path.replace(/\/+$/u, ""));
  const fromImage = inImage.flatMap((plugin) =>
    plugin.libraries.map(
      (name) => [name, { loaded: plugin.enabled, origin: plugin.origins[0] ?? origin }] as const,
    ),
  );
  if (fromImage.length > 0 || imageFolders.has(path))
    return image.length > 0 ? { ...nothing, libraries: fromImage } : unseenFolder(path, origin);
  const found = service.lookup(path, configFolder);
  const isLibrary = libraryEnding.test(path);
  if (found.state === "missing")
    return isLibrary && atLeast(version, "1.12.5")
      ? { ...nothing, faults: [missingPlugin(path, origin)] }
      : nothing;
  if (isLibrary) return { ...nothing, libraries: [[baseName(path.replaceAll("\\", "/")), certain]] };
  if (found.state === "unknown") return unseenFolder(path, origin);
  const names = (files.list(found.path) ?? []).filter((name) => libraryEnding.test(name));
  return { ...nothing, libraries: names.map((name) => [name, certain] as const) };
}

/** Folders that only the images have. */
const imageFolders = new Set(["/run/orthanc/plugins"]);

function unseenFolder(path: string, origin: Origin): TakenPath {
  return {
    libraries: [],
    faults: [],
    unseen: { reason: `the plugin folder ${path} is not part of the input`, origin },
  };
}

function listedPaths(listed: Tree | undefined): readonly Tree[] {
  return listed?.kind === "array" ? listed.items : [];
}

function missingPlugin(path: string, origin: Origin): Fault {
  return {
    message: `The plugin ${path} is not there, and Orthanc refuses to start without it since 1.12.5`,
    expected: "the path of a plugin that exists",
    effect: "start",
    origins: [origin],
  };
}
