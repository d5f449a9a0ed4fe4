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

/** The lines that a finding shows. */
export function shownPlaces(fact: Fact): readonly Place[] {
  return Object.values(fact.origins)
    .flat()
    .flatMap((origin) => (origin.kind === "place" ? [origin.at] : []));
}
