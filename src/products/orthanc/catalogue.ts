/** The options of Orthanc and its plugins, by release: typed access to data/orthanc. */
import optionData from "../../../data/orthanc/options.json" with { type: "json" };
import releaseData from "../../../data/orthanc/releases.json" with { type: "json" };
import type { Json } from "../../facts/json.ts";
import { atLeast, before, compareVersions } from "../version.ts";

/** An option as the catalogue has it; see schemas/data/orthanc-options.schema.json for each field. */
export interface CatalogueOption {
  /** Keys joined by dots; a star stands for a name that the site chooses. */
  readonly path: string;
  /** Accepted JSON types joined by "|". */
  readonly type: string;
  readonly default: Json;
  readonly history?: readonly {
    readonly version: string;
    readonly default?: Json;
    readonly absent?: boolean;
  }[];
  readonly since: string | null;
  readonly until: string | null;
  readonly section: string;
  /** Whether `since` and `until` are releases of Orthanc or of the plugin. */
  readonly versionOf: string;
  readonly security: boolean;
  readonly effect: string;
  readonly deprecated?: boolean;
  readonly renamedTo?: string;
  /** Another option does this now, in another form. */
  readonly replacedBy?: string;
  /** The option whose value is taken when this one is absent. */
  readonly defaultFrom?: string;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly values?: readonly Json[];
  readonly secret?: boolean;
  readonly file?: string;
}

/** Every option, in the order of the data file. */
export const catalogue: readonly CatalogueOption[] =
  optionData.options as unknown as readonly CatalogueOption[];

const byPath = new Map(catalogue.map((option) => [option.path, option]));

/** The option with exactly this catalogue path. */
export function optionAt(path: string): CatalogueOption | undefined {
  return byPath.get(path);
}

/** The names that may stand directly below a catalogue path; "" is the top level. */
export function childrenOf(path: string): readonly string[] {
  return children().get(path) ?? [];
}

let childIndex: ReadonlyMap<string, readonly string[]> | undefined;

function children(): ReadonlyMap<string, readonly string[]> {
  if (childIndex !== undefined) return childIndex;
  const index = new Map<string, string[]>();
  const seen = new Set<string>();
  for (const option of catalogue) {
    const steps = option.path.split(".");
    for (let length = 1; length <= steps.length; length++) {
      const path = steps.slice(0, length).join(".");
      if (seen.has(path)) continue;
      seen.add(path);
      const parent = steps.slice(0, length - 1).join(".");
      const name = steps[length - 1] ?? "";
      const siblings = index.get(parent);
      if (siblings === undefined) index.set(parent, [name]);
      else siblings.push(name);
    }
  }
  childIndex = index;
  return index;
}

/** Whether this release of Orthanc reads the option; options of plugins are read whatever Orthanc's release. */
export function isKnownAt(option: CatalogueOption, version: string): boolean {
  if (option.versionOf !== "orthanc") return true;
  return option.since === null || atLeast(version, option.since);
}

/** The default at a release; null when the key has none. */
export function defaultAt(option: CatalogueOption, version: string): Json {
  let value = option.default;
  if (option.versionOf !== "orthanc" || option.history === undefined) return value;
  for (const change of option.history) {
    if (compareVersions(change.version, version) <= 0)
      value = change.absent === true ? null : (change.default ?? null);
  }
  return value;
}

/** Oldest release for which facts are derived when the release is not known. */
const oldestAssumed = "1.5.8";

/** The releases at which a configuration may behave differently, oldest first: what an unknown release stands for. */
export const breakpoints: readonly string[] = [
  ...new Set(releaseData.breakpoints.map((change) => change.version)),
]
  .filter((version) => !before(version, oldestAssumed))
  .sort(compareVersions);
