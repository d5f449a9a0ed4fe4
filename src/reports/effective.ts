/** Effective settings: each with its value, and the line or the default that it comes from. */
import type { Product } from "../facts/facts.ts";
import type { Origin } from "../facts/origin.ts";
import { positionAt } from "../text/lines.ts";
import type { Place } from "../text/text.ts";
import type { RenderContext, TextOptions } from "./context.ts";
import { hanging, harmless, padTo, textWidth } from "./layout.ts";
import { productName, spans } from "./products.ts";
import { createStyle, type Style } from "./style.ts";
import { withoutSuspects } from "./suspects.ts";

/** The settings of a service. */
export interface EffectiveService {
  readonly deployment: string;
  readonly service: string;
  readonly product: Product;
  /** As in the report: "MariaDB". */
  readonly software?: string;
  /** The releases that may run, oldest first. */
  readonly releases: readonly string[];
  readonly settings: readonly EffectiveSetting[];
}

/** A setting with the values that it has, one for each set of releases at which it differs. */
export interface EffectiveSetting {
  readonly path: string;
  readonly security: boolean;
  readonly values: readonly EffectiveValue[];
}

interface EffectiveValue {
  /** As text; a secret is masked. */
  readonly shown: string;
  readonly isDefault: boolean;
  readonly origins: readonly Origin[];
  /** The releases that have it; empty when all do. */
  readonly releases: readonly string[];
}

/** The settings for programs: where each comes from as a location, or as a default in words. */
export function effectiveData(services: readonly EffectiveService[], context: RenderContext): object {
  return {
    version: 1,
    services: safe(services).map((service) => ({
      ...service,
      settings: service.settings.map(({ path, security, values }) => ({
        path,
        security,
        values: values.map(({ shown, isDefault, origins, releases }) => ({
          value: shown,
          isDefault,
          releases,
          from: origins.map((origin) => originData(origin, context)),
        })),
      })),
    })),
  };
}

/** Values that only look like secrets are hidden as well: derivation does not know every plugin and every misspelt key. */
function safe(services: readonly EffectiveService[]): readonly EffectiveService[] {
  return services.map((service) => ({
    ...service,
    settings: service.settings.map((setting) => ({
      ...setting,
      values: setting.values.map((value) => ({ ...value, shown: safeValue(setting.path, value.shown) })),
    })),
  }));
}

/** What is shown is JSON: texts in it may hold JSON of their own. The name decides with the value. */
function safeValue(path: string, shown: string): string {
  const named = `${JSON.stringify(path.split(".").at(-1) ?? "")}: `;
  const text = textOf(shown);
  if (text === undefined)
    return /^[[{]/u.test(shown) ? withoutSuspects(named + shown, "***").slice(named.length) : shown;
  const inside = withoutSuspects(text, "***");
  return inside === text ? withoutSuspects(named + shown, "***").slice(named.length) : JSON.stringify(inside);
}

function textOf(shown: string): string | undefined {
  try {
    const value: unknown = JSON.parse(shown);
    return typeof value === "string" ? value : undefined;
  } catch {
    return undefined;
  }
}

function originData(origin: Origin, context: RenderContext): object {
  if (origin.kind === "absent") return { default: origin.by };
  return {
    ...locationOf(origin.at, context),
    ...(origin.via === undefined ? {} : { via: origin.via.map((place) => locationOf(place, context)) }),
  };
}

function locationOf(
  { file, start }: Place,
  context: RenderContext,
): { file: string; line?: number; column?: number } {
  const source = context.sources.get(file);
  return source === undefined ? { file } : { file, ...positionAt(source.lines, start) };
}

/** The settings as a table. */
export function renderEffective(
  services: readonly EffectiveService[],
  context: RenderContext,
  options: TextOptions,
): string {
  const style = createStyle(options);
  return safe(services)
    .map((service) => `${serviceLines(service, context, style, options).join("\n")}\n`)
    .join("\n");
}

function serviceLines(
  service: EffectiveService,
  context: RenderContext,
  style: Style,
  options: TextOptions,
): string[] {
  const [release] = service.releases;
  const releases =
    service.releases.length > 1 ? `, release unknown (${spans(service.releases)})` : ` ${release ?? ""}`;
  const rows = service.settings.flatMap(({ path, values }) =>
    values.map((value, index) => ({
      path: index === 0 ? harmless(path) : "",
      value: style.words(harmless(value.shown)),
      from: style.words(harmless(fromText(value, service, context))),
    })),
  );
  const widest = (cell: "path" | "value", limit: number) =>
    Math.min(limit, Math.max(0, ...rows.map((row) => textWidth(row[cell]))));
  const columns = {
    path: widest("path", Math.floor(options.width * 0.45)),
    value: widest("value", Math.floor(options.width * 0.25)),
  };
  return [
    `${style.bold(harmless(`${service.deployment} / ${service.service}`))}   ${service.software ?? productName(service.product)}${releases}`.trimEnd(),
    ...rows.flatMap((row) => rowLines(row, columns, options.width)),
  ];
}

function fromText(value: EffectiveValue, service: EffectiveService, context: RenderContext): string {
  const ofProduct = `default of ${productName(service.product)}`;
  const from = value.origins.map((origin) => originText(origin, context)).join("; ");
  const told = from === ofProduct ? "default" : from;
  return value.releases.length === 0 ? told : `${told}, ${during(value.releases, service.releases)}`;
}

/** "since 1.9.0", "until 1.8.2", or the releases themselves where they are in between. */
function during(some: readonly string[], all: readonly string[]): string {
  const from = all.indexOf(some[0] ?? "");
  const together = some.every((release, index) => all[from + index] === release);
  if (together && some.at(-1) === all.at(-1)) return `since ${some[0]}`;
  if (together && from === 0) return `until ${some.at(-1)}`;
  return spans(some);
}

type Row = Readonly<Record<"path" | "value" | "from", string>>;

/** A cell that is too wide for its column ends the line; the rest goes on below, in its own column. */
function rowLines(row: Row, columns: Readonly<Record<"path" | "value", number>>, width: number): string[] {
  const lines: string[] = [];
  let line = `  ${padTo(row.path, columns.path)}  `;
  if (textWidth(row.path) > columns.path) {
    lines.push(line.trimEnd());
    line = " ".repeat(columns.path + 4);
  }
  if (textWidth(row.value) > columns.value) {
    lines.push(...hanging(line, row.value, width));
    line = " ".repeat(columns.path + columns.value + 6);
  } else line += `${padTo(row.value, columns.value)}  `;
  return [...lines, ...hanging(line, row.from, width).map((text) => text.trimEnd())];
}

function originText(origin: Origin, context: RenderContext): string {
  if (origin.kind === "absent") return origin.by;
  const { file, line } = locationOf(origin.at, context);
  const place = line === undefined ? file : `${file}:${line}`;
  const through =
    origin.via
      ?.map((outer) => locationOf(outer, context))
      .map((outer) => `${outer.file}:${outer.line ?? 1}`) ?? [];
  return through.length === 0 ? place : `${place} by way of ${through.join(", ")}`;
}
