/** From offsets to lines: where a report says that something stands. */
import { type Origin, placeOf } from "../facts/origin.ts";
import type { Sources } from "../sources/source.ts";
import { type LineStarts, positionAt } from "../text/lines.ts";
import type { Place } from "../text/text.ts";
import type { Location, Related } from "./report.ts";

/** Turns a range of offsets into lines and columns. */
export type Locate = (place: Place) => Location;

/** Over the files of a run. A place that many checks looked at has one location: reports are long. */
export function locator(sources: Pick<Sources, "get">): Locate {
  const known = new WeakMap<Place, Location>();
  return (place) => {
    const location = known.get(place) ?? locationOf(place, sources.get(place.file)?.lines ?? [0]);
    known.set(place, location);
    return location;
  };
}

function locationOf({ file, start, end }: Place, lines: LineStarts): Location {
  const from = positionAt(lines, start);
  const to = positionAt(lines, Math.max(start, end));
  return { file, line: from.line, column: from.column, endLine: to.line, endColumn: to.column };
}

/** The start of a file, for what is said of the file as a whole. */
export function startOf(file: string): Place {
  return { file, start: 0, end: 0 };
}

/** The place of the first origin that has one. */
export function firstPlace(origins: readonly Origin[]): Place | undefined {
  return origins.map(placeOf).find((place) => place !== undefined);
}

/** What the line of an origin does; "" when there is nothing to add. */
export function labelOf(origin: Origin): string {
  if (origin.kind === "place") return origin.label ?? "";
  return origin.label === undefined ? `not set here: ${origin.by}` : `${origin.label} (${origin.by})`;
}

/** The lines of an origin: its own, and those through which its text was pulled in. */
export function linesOf(origin: Origin): readonly { readonly place: Place; readonly label: string }[] {
  const place = placeOf(origin);
  const via = origin.kind === "place" ? (origin.via ?? []) : [];
  return [
    ...(place === undefined ? [] : [{ place, label: labelOf(origin) }]),
    ...via.map((outer) => ({ place: outer, label: "inserted here" })),
  ];
}

/** An origin as a line beside others, if it has a place. */
export function relatedLine(origin: Origin, locate: Locate): readonly Related[] {
  const place = placeOf(origin);
  return place === undefined ? [] : [{ location: locate(place), label: labelOf(origin) }];
}

/** A `location` to be spread into an object: none without a place. */
export function located(place: Place | undefined, locate: Locate): { readonly location?: Location } {
  return place === undefined ? {} : { location: locate(place) };
}
