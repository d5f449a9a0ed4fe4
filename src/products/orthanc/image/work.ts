/** What the steps of the start script share. */
import { fromPlace, type Origin } from "../../../facts/origin.ts";
import { type Located, locate, type Text } from "../../../text/text.ts";
import type { Fault } from "../load.ts";
import { type EnvironmentLookup, lookupIn } from "./envsubst.ts";
import { type BuilderRelease, builderRelease } from "./history.ts";
import { emptyObject, type Merging, type Writer } from "./merge.ts";
import type { ImageInput, ImageNote } from "./types.ts";

/** A run of the start script. */
export interface Work {
  readonly input: ImageInput;
  readonly release: BuilderRelease;
  readonly variables: ReadonlyMap<string, PlacedVariable>;
  readonly lookup: EnvironmentLookup;
  readonly merging: Merging;
  readonly faults: ScriptFault[];
  readonly notes: ImageNote[];
  /** Numbers the inputs. */
  readonly counter: { value: number };
}

/** A fault, and whether it stops the container in one order of the files and not in another. */
export interface ScriptFault extends Fault {
  readonly mayStop?: boolean;
}

/** A variable of the container: of a name that stands twice the last one. */
export interface PlacedVariable {
  readonly value: Text;
  readonly at: Located;
}

/** The stages of the script, in their order; within one, inputs may have none. */
export const stages = { folder: 0, secretFiles: 1, variables: 2, secrets: 3, defaults: 4 } as const;

/** The beginning of a run. */
export function startWork(input: ImageInput): Work {
  const variables = new Map(input.variables.map(({ name, value, at }) => [name, { value, at }]));
  const values = new Map([...variables].map(([name, { value }]) => [name, value]));
  const root = emptyObject(input.imageAt);
  const { variablesUnseen: unseen } = input;
  const why = unseen === undefined ? "" : `: ${unseen}`;
  if (!input.variablesComplete)
    root.open = { reason: `variables may be set that are not part of the input${why}` };
  return {
    input,
    release: builderRelease(input.release),
    variables,
    lookup: lookupIn(values, input.variablesComplete, input.imageAt),
    merging: { root, events: [] },
    faults: [],
    notes: [],
    counter: { value: 0 },
  };
}

/** A writer for the next input. */
export function nextWriter(work: Work, stage: number, name: string): Writer {
  return {
    stage,
    ordered: stage === stages.defaults || (stage === stages.variables && work.input.variablesOrdered),
    input: work.counter.value++,
    name,
  };
}

/** A reason why the container stops before Orthanc runs. */
export function refuse(work: Work, message: string, expected: string, ...origins: readonly Origin[]): void {
  work.faults.push({ message, expected, effect: "start", origins });
}

/** Something worth telling. */
export function note(
  work: Work,
  kind: ImageNote["kind"],
  message: string,
  ...places: readonly Located[]
): void {
  work.notes.push({ kind, message, origins: places.map((place) => fromPlace(place)) });
}

/** Where a text stands; an empty one stands where its name does. */
export function placeOf(text: Text, fallback: Located): Located {
  return text.pieces.length === 0 || text.value === "" ? fallback : locate(text, 0, text.value.length);
}
