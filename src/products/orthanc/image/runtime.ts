/**
 * Variables that decide how Orthanc is started.
 * Source: docker/orthanc/docker-entrypoint.sh, helpers.py (isEnvVarDefinedEmptyOrTrue).
 */
import { isUnknown, type Maybe, map, unknown } from "../../../facts/unknown.ts";
import { holeIn } from "../../../text/text.ts";
import type { ImageRuntime } from "./types.ts";
import { placeOf, type Work } from "./work.ts";

/** How the entry point starts Orthanc. */
export function readRuntime(work: Work): ImageRuntime {
  const trace = is(work, "TRACE_ENABLED", "true");
  const verbose = is(work, "VERBOSE_ENABLED", "true");
  const folder = work.release.hasLogVariables ? known(work, "LOGDIR") : undefined;
  const file = work.release.hasLogVariables ? known(work, "LOGFILE") : undefined;
  const printed = [is(work, "VERBOSE_STARTUP", "true", ""), is(work, "BUNDLE_DEBUG", "true", "")];
  return {
    verbosity:
      trace === true ? "trace" : isUnknown(trace) ? trace : map(verbose, (on) => (on ? "verbose" : "normal")),
    noJobs: is(work, "NO_JOBS", "true"),
    log: folder === undefined || folder === "" ? (file === "" ? null : (file ?? null)) : folder,
    printsConfiguration: printed.includes(true) ? true : (printed.find((value) => isUnknown(value)) ?? false),
  };
}

function is(work: Work, name: string, ...values: readonly string[]): Maybe<boolean> {
  const value = known(work, name);
  return value === undefined ? false : map(value, (text) => values.includes(text));
}

function known(work: Work, name: string): Maybe<string> | undefined {
  const variable = work.variables.get(name);
  if (variable === undefined) return undefined;
  const hole = holeIn(variable.value, 0, variable.value.value.length);
  return hole === undefined
    ? variable.value.value
    : unknown("input", hole.reason, placeOf(variable.value, variable.at));
}
