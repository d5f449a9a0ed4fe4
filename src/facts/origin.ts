/** Where a value comes from. */
import type { Located, Place } from "../text/text.ts";

/** A place in a file, or an absence: the place where the key belongs, and what applies in its stead. */
export type Origin = PlaceOrigin | AbsentOrigin;

/** A value that stands in a file. */
export interface PlaceOrigin extends Located {
  readonly kind: "place";
  /** What this line does, when shown beside others: "published on every address of the host". */
  readonly label?: string;
}

/** A value that stands nowhere: a default. */
export interface AbsentOrigin {
  readonly kind: "absent";
  /** Where the key would be written: an object, a section or a whole file. Absent when no file is there at all. */
  readonly belongs?: Place;
  /** Whose default applies: "default of Orthanc 1.12.7", "set by the image", "variable not set". */
  readonly by: string;
  readonly label?: string;
}

/** An origin in a file. */
export function fromPlace(located: Located, label?: string): PlaceOrigin {
  const { at, via } = located;
  return {
    kind: "place",
    at,
    ...(via === undefined ? {} : { via }),
    ...(label === undefined ? {} : { label }),
  };
}

/** The same origin with a label. */
export function labelled(origin: Origin, label: string): Origin {
  return { ...origin, label };
}

/** A value together with where it comes from, the origin to change first leading. */
export interface Sourced<T> {
  readonly value: T;
  readonly origins: readonly Origin[];
}

/** A value that stands nowhere is shown where it belongs: at the first character of its object. */
export function placeOf(origin: Origin): Place | undefined {
  if (origin.kind === "place") return origin.at;
  const { belongs } = origin;
  return belongs === undefined
    ? undefined
    : { file: belongs.file, start: belongs.start, end: Math.min(belongs.end, belongs.start + 1) };
}
