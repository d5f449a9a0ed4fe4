/**
 * What the builder image sets where nothing else does, and which plugins it switches on.
 * Source: docker/orthanc/configurator.py (mergeConfigFromDefaults, getEnabledPlugins), orthanc-defaults.json, plugins-def.json.
 */
import type { Json } from "../../../facts/json.ts";
import { fromPlace, type Origin } from "../../../facts/origin.ts";
import { and, isUnknown, type Maybe, not, or, unknown } from "../../../facts/unknown.ts";
import type { Member, ObjectTree, Tree } from "../../../sources/tree.ts";
import { type Hole, type Located, textAt } from "../../../text/text.ts";
import { type BuilderPlugin, onlyInFull } from "./history.ts";
import { type Merged, mergeInto } from "./merge.ts";
import type { ImageDefault, ImagePlugin } from "./types.ts";
import type { FromVariables } from "./variables.ts";
import { nextWriter, refuse, stages, type Work } from "./work.ts";

/** A value of the data files as a tree that stands where the image is named. */
function treeOf(value: Json, at: Located): Tree {
  if (value === null) return { kind: "null", ...at };
  if (typeof value === "boolean") return { kind: "boolean", value, ...at };
  if (typeof value === "number") return { kind: "number", value, integer: Number.isInteger(value), ...at };
  if (typeof value === "string") return { kind: "string", text: textAt(value, at), ...at };
  if (isList(value)) return { kind: "array", items: value.map((item) => treeOf(item, at)), ...at };
  return objectOf(value, at);
}

function isList(value: Json): value is readonly Json[] {
  return Array.isArray(value);
}

/** An object of the data files as a tree. */
export function objectOf(value: Readonly<Record<string, Json>>, at: Located): ObjectTree {
  return {
    kind: "object",
    members: Object.entries(value).map(
      ([key, inner]): Member => ({ key, keyAt: at, value: treeOf(inner, at) }),
    ),
    ...at,
  };
}

/** Fills in the image's own settings, then those of each plugin that is on. */
export function mergeDefaults(
  work: Work,
  plugins: (afterOwn: Merged) => readonly ImagePlugin[],
): { readonly defaults: readonly ImageDefault[]; readonly plugins: readonly ImagePlugin[] } {
  const defaults: ImageDefault[] = [];
  const fill = (values: Readonly<Record<string, Json>>): void => {
    defaults.push(...absentPaths(work.merging.root, values, [], work.input.imageAt));
    mergeInto(
      work.merging,
      covered(objectOf(values, work.input.imageAt), work.merging.root.open),
      nextWriter(work, stages.defaults, "the image"),
      false,
    );
  };
  fill(work.release.defaults);
  const states = plugins(work.merging.root);
  for (const plugin of work.release.plugins) {
    const enabled = states.find(({ name }) => name === plugin.name)?.enabled;
    if (plugin.defaults === undefined) continue;
    if (enabled === true) fill({ [plugin.section]: plugin.defaults });
    else if (isUnknown(enabled)) openSection(work.merging.root, plugin.section, enabled.reason);
  }
  return { defaults, plugins: states };
}

/** A default counts where nothing else sets the key: a file that is not seen may set any. */
function covered(tree: ObjectTree, hole: Hole | undefined): ObjectTree {
  if (hole === undefined) return tree;
  const members = tree.members.map((member): Member => {
    const { value } = member;
    const { at } = value;
    const hidden: Tree =
      value.kind === "object" ? covered(value, hole) : { kind: "unknown", quoted: false, hole, at };
    return { ...member, value: hidden };
  });
  return { ...tree, members };
}

/** Where a plugin may be on, its section may have more than is seen. */
function openSection(root: Merged, section: string, reason: string): void {
  const node = root.entries.get(section)?.node;
  if (node?.kind === "merged") node.open ??= { reason };
}

/** The paths that defaults fill, each with the place where the key would be written. */
function absentPaths(
  node: Merged,
  values: Readonly<Record<string, Json>>,
  path: readonly string[],
  imageAt: Located,
): readonly ImageDefault[] {
  return Object.entries(values).flatMap(([key, value]): readonly ImageDefault[] => {
    const here = [...path, key];
    const entry = node.entries.get(key);
    if (entry === undefined)
      return [
        {
          path: here,
          origin: {
            kind: "absent",
            by: "set by the image",
            belongs: path.length === 0 ? imageAt.at : node.at.at,
          },
        },
      ];
    if (entry.node.kind !== "merged" || value === null || typeof value !== "object" || isList(value))
      return [];
    return absentPaths(entry.node, value, here, imageAt);
  });
}

/** Which plugins are on, decided once all settings are there. */
export function imagePlugins(
  work: Work,
  switches: FromVariables["pluginSwitches"],
  root: Merged,
): readonly ImagePlugin[] {
  const folder = work.input.files.some(
    ({ path }) => path === "/run/orthanc/plugins" || path.startsWith("/run/orthanc/plugins/"),
  )
    ? "/run/orthanc/plugins"
    : "/usr/share/orthanc/plugins";
  return work.release.plugins.map((plugin): ImagePlugin => {
    const { enabled, origins } = stateOf(work, plugin, switches, root);
    if (enabled === true) tellMissingLibraries(work, plugin, origins);
    return { name: plugin.name, enabled, libraries: plugin.libraries, folder, origins };
  });
}

function stateOf(
  work: Work,
  plugin: BuilderPlugin,
  switches: FromVariables["pluginSwitches"],
  root: Merged,
): { enabled: Maybe<boolean>; origins: readonly Origin[] } {
  const set = [plugin.variable, plugin.legacyVariable].flatMap((name) => {
    const found = name === undefined ? undefined : switches.get(name);
    return found === undefined ? [] : [found];
  });
  const byVariable: Maybe<boolean> = or(...set.map(({ on }) => on));
  const switchedOff = or(...set.map(({ on }) => not(on)));
  const keys =
    plugin.onlyByVariable === true
      ? []
      : [plugin.section, ...(plugin.rootSetting === undefined ? [] : [plugin.rootSetting])];
  const present = keys.flatMap((key) => root.entries.get(key) ?? []);
  const bySection: Maybe<boolean> =
    present.length > 0 ||
    (keys.length > 0 && root.open !== undefined ? unknown("input", root.open.reason) : false);
  const wanted = plugin.byDefault === true || or(byVariable, bySection);
  const fromVariables = set.map(({ at }) => fromPlace(at));
  const fromSections = present.map((entry) => fromPlace(entry.keyAt));
  const byImage: readonly Origin[] =
    plugin.byDefault === true
      ? [{ kind: "absent", by: "set by the image", belongs: work.input.imageAt.at }]
      : [];
  return { enabled: and(wanted, not(switchedOff)), origins: [...fromVariables, ...fromSections, ...byImage] };
}

/** Only the "-full" variant has the libraries of some plugins; the script cannot install one that is not there. */
function tellMissingLibraries(work: Work, plugin: BuilderPlugin, origins: readonly Origin[]): void {
  if (work.input.full !== false) return;
  for (const library of plugin.libraries.filter((name) => onlyInFull(name, work.input.release))) {
    refuse(
      work,
      `The plugin ${plugin.name} is switched on, but only the "-full" image has ${library}: the container does not start`,
      'a tag that ends in "-full"',
      ...origins,
    );
  }
}
