/** What the start of a container of an Orthanc image comes to. */
import { fromPlace } from "../../../facts/origin.ts";
import { unknown } from "../../../facts/unknown.ts";
import { holeIn, type Text } from "../../../text/text.ts";
import type { Fault } from "../load.ts";
import { type BuilderRun, generatedPath, runBuilder } from "./builder.ts";
import { type CoreReading, readByCore } from "./core.ts";
import { builderRelease } from "./history.ts";
import { startOf } from "./start.ts";
import type { ImageConfiguration, ImageInput, ImageNote, ImageRuntime } from "./types.ts";

/** Does what the image does, as far as it can be known. Never throws. */
export function configureImage(given: ImageInput): ImageConfiguration {
  const start = startOf(given);
  if (start.program === "other") return { ...nothing(given), reads: "unknown", unseen: start.reason };
  const input = { ...given, files: start.files };
  if (start.program === "orthanc") return byOrthanc(input, start.arguments);
  const run = runBuilder(input);
  const [only, ...more] = start.arguments;
  if (only === undefined || more.length > 0) return withFault(input, run, start.arguments);
  if (holeIn(only, 0, only.value.length) !== undefined)
    return { ...run, reads: "unknown", configuration: [], unseen: "the command is not known" };
  if (only.value === generatedPath) {
    return {
      ...run,
      reads: "generated",
      configuration: [{ path: generatedPath, form: "file", files: [run.generated.source] }],
      unseen: null,
    };
  }
  // The script has run all the same: what stops it stops the container, and its plugins are in their folder.
  return { ...run, ...together(run, readByCore(input, [only.value])), reads: "given" };
}

function together(run: BuilderRun, reading: CoreReading): CoreReading & Pick<ImageConfiguration, "startup"> {
  return {
    ...reading,
    startup: reading.faults.length > 0 ? "refuses" : run.startup,
    faults: [...run.faults, ...reading.faults],
  };
}

/** The entry point takes exactly one argument. */
function withFault(input: ImageInput, run: BuilderRun, given: readonly Text[]): ImageConfiguration {
  const places = given.length === 0 ? [input.imageAt] : given.flatMap(({ pieces }) => pieces.slice(0, 1));
  const fault: Fault = {
    message: `The entry point of the image takes one argument, the path of the configuration, and gets ${given.length}: the container stops`,
    expected: "one path",
    effect: "start",
    origins: places.slice(0, 1).map((place) => fromPlace({ at: place.at })),
  };
  return {
    ...run,
    reads: "unknown",
    configuration: [],
    unseen: "the container does not start",
    startup: "refuses",
    faults: [...run.faults, fault],
  };
}

function byOrthanc(input: ImageInput, given: readonly Text[]): ImageConfiguration {
  const paths = given.filter((argument) => !argument.value.startsWith("--"));
  const hole = paths.map((path) => holeIn(path, 0, path.value.length)).find((found) => found !== undefined);
  const base = nothing(input);
  const runtime = runtimeOfOptions(given);
  if (hole !== undefined) return { ...base, runtime, reads: "unknown", unseen: hole.reason };
  const reading = readByCore(
    input,
    paths.map(({ value }) => value),
  );
  return {
    ...base,
    ...reading,
    startup: reading.faults.length > 0 ? "refuses" : "starts",
    runtime,
    reads: "given",
  };
}

function runtimeOfOptions(given: readonly Text[]): ImageRuntime {
  const has = (pattern: RegExp): boolean => given.some(({ value }) => pattern.test(value));
  const log = given
    .map(({ value }) => /^--log(?:dir|file)=(.*)$/u.exec(value)?.[1])
    .find((path) => path !== undefined);
  return {
    verbosity: has(/^--trace(?:-|$)/u) ? "trace" : has(/^--verbose(?:-|$)/u) ? "verbose" : "normal",
    noJobs: has(/^--no-jobs$/u),
    log: log ?? null,
    printsConfiguration: false,
  };
}

/** A container in which no start script runs: variables of that script have no effect. */
function nothing(input: ImageInput): ImageConfiguration {
  const none = {
    reads: "unknown",
    configuration: [],
    unseen: null,
    generated: undefined,
    defaults: [],
    plugins: [],
    faults: [],
  } as const;
  return {
    ...none,
    startup: unknown("opaque", "what the container runs is not known"),
    notes: withoutEffect(input),
    runtime: runtimeOfOptions([]),
  };
}

function withoutEffect(input: ImageInput): readonly ImageNote[] {
  const { plugins } = builderRelease("26.8.1");
  const switches = new Set(plugins.map(({ variable }) => variable));
  const others = new Set([
    "ORTHANC_JSON",
    "ORTHANC_PASSWORD",
    "VERBOSE_ENABLED",
    "TRACE_ENABLED",
    "VERBOSE_STARTUP",
  ]);
  const vain = input.variables.filter(
    ({ name }) => name.startsWith("ORTHANC__") || switches.has(name) || others.has(name),
  );
  if (vain.length === 0) return [];
  const names = [...new Set(vain.map(({ name }) => name))];
  const [verb, it] = names.length === 1 ? ["has", "it"] : ["have", "them"];
  const message = `${inWords(names)} ${verb} no effect here: only the start script of orthancteam/orthanc reads ${it}`;
  return [{ kind: "no-effect", message, origins: vain.map(({ at }) => fromPlace(at)) }];
}

/** "A, B and C" */
function inWords(names: readonly string[]): string {
  const last = names.at(-1) ?? "";
  return names.length < 2 ? last : `${names.slice(0, -1).join(", ")} and ${last}`;
}
