/** pacslint.yaml: read, checked, and made into what the run works with. Every decision keeps its place in the file. */
import type { SchemaError } from "../../generated/validate-pacslint-config.js";
import validateConfig from "../../generated/validate-pacslint-config.js";
import schema from "../../schemas/pacslint-config.schema.json" with { type: "json" };
import { parseNetwork } from "../products/proxy/network.ts";
import type { FirewallRule, Parameters, Site, Stated, Trust, Zone } from "../products/site.ts";
import {
  type DocumentError,
  type DocumentKind,
  meant,
  type ReadDocument,
  readDocument,
  type ValuePath,
} from "../rules/document.ts";
import type { Audience, Severity } from "../rules/rule.ts";
import type { SourceFile } from "../sources/source.ts";
import type { Place } from "../text/text.ts";
import { isDay } from "./day.ts";
import type { RuleSeverity, WrittenConfig, WrittenSuppression } from "./written.ts";

/** Another severity for a rule. */
export interface SeverityChange {
  readonly rule: string;
  readonly severity: RuleSeverity;
  /** Globs of the files in which it counts; absent: everywhere. */
  readonly paths?: readonly string[];
  readonly at: Place;
}

/** A suppression as the file has it. */
export interface ConfiguredSuppression {
  /** What it silences: findings, or checks that could not be decided. */
  readonly about: "findings" | "undetermined";
  readonly rule: string;
  readonly paths?: readonly string[];
  readonly fact?: string;
  readonly reason: string;
  readonly until?: string;
  readonly at: Place;
}

/** What the file says. */
export interface Config {
  readonly file: string;
  readonly profile?: string;
  readonly failOn?: Severity;
  readonly audience?: Audience;
  readonly allowUndetermined: boolean;
  /** As written: it counts from the folder of the file. */
  readonly baseline?: string;
  /** Globs; absent: everything. */
  readonly include?: Stated<readonly string[]>;
  readonly exclude?: Stated<readonly string[]>;
  readonly severities: readonly SeverityChange[];
  /** As written: they count from the folder of the file. */
  readonly ruleFolders: readonly Stated<string>[];
  readonly versions: { readonly orthanc?: string; readonly dcm4chee?: string };
  readonly site: Site;
  readonly suppressions: readonly ConfiguredSuppression[];
}

/** The configuration of a site, or what is wrong with its file. */
export type LoadedConfig =
  | { readonly ok: true; readonly config: Config }
  | { readonly ok: false; readonly errors: readonly DocumentError[] };

/** Reads the file; what is wrong with it is told with its line and column. */
export function loadConfig(source: SourceFile): LoadedConfig {
  const read = readDocument(source.path, source.text.value, configKind);
  if (!read.ok) return read;
  const file: File = { path: source.path, read, written: read.value ?? {} };
  const errors = [...dayErrors(file), ...networkErrors(file)];
  return errors.length > 0 ? { ok: false, errors } : { ok: true, config: configOf(file) };
}

interface File {
  readonly path: string;
  readonly read: ReadDocument<WrittenConfig | null>;
  readonly written: WrittenConfig;
}

const configKind: DocumentKind<WrittenConfig | null> = {
  validate: validateConfig,
  schema,
  whole: "the configuration",
  choiceHint: () => "a glob or a list of globs",
  patternHint({ schemaPath }: SchemaError) {
    if (schemaPath.includes("/$defs/line")) return "has to be a single line without spaces around it";
    if (schemaPath.includes("/$defs/release")) return "has to be a release such as 1.12.7";
    if (schemaPath.includes("/$defs/day")) return "has to be a day such as 2027-01-31";
    return schemaPath.includes("/reason/") ? "must not be empty" : undefined;
  },
};

function placeOf({ path: file, read }: File, path: ValuePath, key = false): Place {
  const [start, end] = read.rangeOf(path, key);
  return { file, start, end };
}

// What a schema cannot see

function dayErrors({ read, written }: File): readonly DocumentError[] {
  return (["suppress", "accept-undetermined"] as const).flatMap((list) =>
    (written[list] ?? []).flatMap(({ until }, index) =>
      until === undefined || isDay(until)
        ? []
        : [read.errorAt([list, index, "until"], `there is no day ${until}`)],
    ),
  );
}

function networkErrors({ read, written }: File): readonly DocumentError[] {
  const names = (written.zones ?? []).map(({ name }) => name);
  const wrong = (path: ValuePath, text: string, hint: string) =>
    read.errorAt(path, `"${text}" is no address and no network such as 10.0.0.0/8${hint}`);
  return [
    ...(written.zones ?? []).flatMap(({ networks }, zone) =>
      networks.flatMap((text, index) =>
        parseNetwork(text) === undefined ? [wrong(["zones", zone, "networks", index], text, "")] : [],
      ),
    ),
    ...(written.firewall ?? []).flatMap(({ from }, rule) =>
      from.flatMap((text, index) =>
        names.includes(text) || parseNetwork(text) !== undefined
          ? []
          : [
              wrong(
                ["firewall", rule, "from", index],
                text,
                meant(text, names) || ", nor the name of a zone",
              ),
            ],
      ),
    ),
  ];
}

// What the run works with

function configOf(file: File): Config {
  const { written } = file;
  const { profile, audience, baseline } = written;
  const failOn = written["fail-on"];
  return {
    file: file.path,
    ...(profile === undefined ? {} : { profile }),
    ...(failOn === undefined ? {} : { failOn }),
    ...(audience === undefined ? {} : { audience }),
    allowUndetermined: written["allow-undetermined"] === true,
    ...(baseline === undefined ? {} : { baseline }),
    ...globsOf(file, "include"),
    ...globsOf(file, "exclude"),
    severities: severitiesOf(file),
    ruleFolders: (written["rule-folders"] ?? []).map((value, index) => ({
      value,
      at: placeOf(file, ["rule-folders", index]),
    })),
    versions: written.versions ?? {},
    site: siteOf(file),
    suppressions: [
      ...suppressionsOf(file, "suppress", "findings"),
      ...suppressionsOf(file, "accept-undetermined", "undetermined"),
    ],
  };
}

function globsOf(file: File, name: "include" | "exclude"): Partial<Pick<Config, "include" | "exclude">> {
  const value = file.written[name];
  return value === undefined ? {} : { [name]: { value, at: placeOf(file, [name], true) } };
}

function severitiesOf(file: File): readonly SeverityChange[] {
  const { rules = {}, overrides = [] } = file.written;
  const changes = (
    severities: Readonly<Record<string, RuleSeverity>>,
    path: ValuePath,
    paths?: readonly string[],
  ): readonly SeverityChange[] =>
    Object.entries(severities).map(([rule, severity]) => ({
      rule,
      severity,
      ...(paths === undefined ? {} : { paths }),
      at: placeOf(file, [...path, rule], true),
    }));
  return [
    ...changes(rules, ["rules"]),
    ...overrides.flatMap((override, index) =>
      changes(override.rules, ["overrides", index, "rules"], listOf(override.path)),
    ),
  ];
}

function suppressionsOf(
  file: File,
  list: "suppress" | "accept-undetermined",
  about: ConfiguredSuppression["about"],
): readonly ConfiguredSuppression[] {
  return (file.written[list] ?? []).map(({ rule, path, fact, reason, until }: WrittenSuppression, index) => ({
    about,
    rule,
    ...(path === undefined ? {} : { paths: listOf(path) }),
    ...(fact === undefined ? {} : { fact }),
    reason: reason.trim(),
    ...(until === undefined ? {} : { until }),
    at: placeOf(file, [list, index, "rule"]),
  }));
}

function listOf(one: string | readonly string[]): readonly string[] {
  return typeof one === "string" ? [one] : one;
}

// The site

function siteOf(file: File): Site {
  const { written } = file;
  const zones = (written.zones ?? []).map(
    ({ name, networks, trust }, index): Zone => ({
      name,
      networks: networks.flatMap((text) => parseNetwork(text) ?? []),
      trust,
      at: placeOf(file, ["zones", index]),
    }),
  );
  return {
    file: file.path,
    parameters: parametersOf(file),
    ...(written.host?.["faces-internet"] === true
      ? { facesInternet: placeOf(file, ["host", "faces-internet"], true) }
      : {}),
    ...(written.host?.["faces-internet"] === false
      ? { staysInside: placeOf(file, ["host", "faces-internet"], true) }
      : {}),
    zones,
    firewall: (written.firewall ?? []).map(
      ({ port, from }, index): FirewallRule => ({
        port,
        from,
        trust: widestOf(from, zones),
        at: placeOf(file, ["firewall", index]),
      }),
    ),
  };
}

const trusts: readonly Trust[] = ["trusted", "network", "none"];

/** The widest trust of what a firewall lets through; an address that lies in no zone is anybody of the network. */
function widestOf(from: readonly string[], zones: readonly Zone[]): Trust {
  const ranks = from.map((text) => trusts.indexOf(trustOf(text, zones)));
  return trusts[Math.max(0, ...ranks)] ?? "network";
}

function trustOf(text: string, zones: readonly Zone[]): Trust {
  const named = zones.find(({ name }) => name === text);
  if (named !== undefined) return named.trust;
  const network = parseNetwork(text);
  if (network === undefined) return "network";
  const around = zones.filter((zone) =>
    zone.networks.some(
      ({ version, first, last }) =>
        version === network.version && first <= network.first && last >= network.last,
    ),
  );
  // Everybody, written as a network.
  if (network.first === 0n && network.last >= 0xffffffffn && around.length === 0) return "none";
  const ranks = around.map(({ trust }) => trusts.indexOf(trust));
  return trusts[ranks.length === 0 ? 1 : Math.max(...ranks)] ?? "network";
}

function parametersOf(file: File): Parameters {
  const { ports, registries, ...rest } = file.written.parameters ?? {};
  const stated = <T>(value: T, name: string): Stated<T> => ({
    value,
    at: placeOf(file, ["parameters", name], true),
  });
  const minimum = rest["minimum-tls"];
  const titles = rest["ae-titles"];
  return {
    ...(ports === undefined ? {} : { ports: stated(ports, "ports") }),
    ...(registries === undefined ? {} : { registries: stated(registries, "registries") }),
    ...(minimum === undefined ? {} : { minimumTls: stated(minimum, "minimum-tls") }),
    ...(titles === undefined ? {} : { aeTitles: stated(titles, "ae-titles") }),
  };
}
