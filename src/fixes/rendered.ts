/** What becomes of an edit: splices of files, and what has to be there before they work. */
import type { Fact } from "../facts/facts.ts";
import type { Place } from "../text/text.ts";
import type { NeededFile } from "./manifest/secret-file.ts";
import type { NeededVariable } from "./propose.ts";
import type { Splice } from "./writers/change.ts";

/** An edit's splices, and what has to be there before they work. */
export interface Rendered {
  readonly splices: readonly Splice[];
  readonly needs: readonly NeededVariable[];
  readonly creates?: readonly NeededFile[];
  /** What a person has to write in the place of what is written here: clauses. */
  readonly chooses?: readonly string[];
}

/** Splices that need nothing else. */
export function only(splices: readonly Splice[] | undefined): Rendered | undefined {
  return splices === undefined ? undefined : { splices, needs: [] };
}

/** All of several edits as one; undefined where there is none, or one of them cannot be made. */
export function together(rendered: readonly (Rendered | undefined)[]): Rendered | undefined {
  const known = rendered.filter((one) => one !== undefined);
  if (known.length === 0 || known.length < rendered.length) return undefined;
  return {
    splices: known.flatMap(({ splices }) => splices),
    needs: known.flatMap(({ needs }) => needs),
    creates: known.flatMap(({ creates = [] }) => creates),
    chooses: known.flatMap(({ chooses = [] }) => chooses),
  };
}

/** The lines that a finding shows. */
export function shownPlaces(fact: Fact): readonly Place[] {
  return Object.values(fact.origins)
    .flat()
    .flatMap((origin) => (origin.kind === "place" ? [origin.at] : []));
}
