/** For each location of a server, a path that leads there. */
import { placeOf } from "../../text/text.ts";
import { type Block, gapsAround, type Unknown } from "./block.ts";
import { findLocation, type NginxLocation } from "./location.ts";
import type { NginxServer } from "./model.ts";

/** Which paths take a route. */
export interface RoutePath {
  readonly pattern: string;
  readonly kind: "exact" | "prefix" | "regex" | "unknown";
  readonly ignoreCase: boolean;
}

/** Some paths of a server, and one of them to ask about. */
export type Sampled =
  | { readonly path: RoutePath; readonly block: Block; readonly sample: string }
  | { readonly path: RoutePath; readonly block: Block; readonly unknown: Unknown };

/** All locations that a path can lead to, and what is left over. */
export function placesOf(server: NginxServer): Sampled[] {
  const places = allLocations(server.locations).flatMap((location) => placeFor(server, location) ?? []);
  const path: RoutePath = { pattern: "/", kind: "prefix", ignoreCase: false };
  const { block } = server;
  const [gap] = gapsAround(block);
  const sample = sampleOf(server, undefined, ["/", "/x", "/x/y"]);
  if (gap !== undefined) {
    const unknown: Unknown = { unknown: `locations may be missing: ${gap.reason}`, ...placeOf(gap) };
    places.push({ path: { ...path, kind: "unknown" }, block, unknown });
  } else if (sample !== undefined) places.push({ path, block, sample });
  return places;
}

function allLocations(locations: readonly NginxLocation[]): NginxLocation[] {
  return locations.flatMap((location) => [location, ...allLocations(location.locations)]);
}

function placeFor(server: NginxServer, location: NginxLocation): Sampled | undefined {
  const { kind, pattern, ignoreCase, block } = location;
  if (kind === "named") return undefined;
  const path: RoutePath = { pattern, kind: kind === "prefix-first" ? "prefix" : kind, ignoreCase };
  const sample = sampleOf(server, location, candidatesFor(location));
  if (sample !== undefined) return { path, block, sample };
  const reason = "no path is known that leads to this location";
  return { path, block, unknown: location.unknown ?? { unknown: reason, ...placeOf(location) } };
}

function candidatesFor({ kind, pattern, regex }: NginxLocation): readonly string[] {
  if (kind === "exact") return [pattern];
  if (kind === "regex") return regex?.example === undefined ? [] : [regex.example];
  return kind === "unknown"
    ? []
    : [pattern, `${pattern}x`, `${pattern}/x`, `${pattern}x/y`, `${pattern}studies`];
}

/** The first candidate that nginx gives to this location: others may be taken by expressions or longer paths. */
function sampleOf(
  server: NginxServer,
  location: NginxLocation | undefined,
  candidates: readonly string[],
): string | undefined {
  return candidates.find((uri) => findLocation(server.locations, uri, () => false).location === location);
}
