/**
 * The start of a container of orthancteam/orthanc or osimis/orthanc: from files, variables and secrets to one configuration.
 * Source: docker/orthanc/docker-entrypoint.sh and generateConfiguration.py, 20.4.2 to 26.8.1.
 */
import { fromPlace } from "../../../facts/origin.ts";
import { isUnknown, unknown } from "../../../facts/unknown.ts";
import { lineStarts } from "../../../text/lines.ts";
import { imagePlugins, mergeDefaults } from "./image-defaults.ts";
import { type MergeEvent, toTree } from "./merge.ts";
import { mergeFiles, secrets } from "./read-files.ts";
import { readRuntime } from "./runtime.ts";
import type { GeneratedConfiguration, ImageConfiguration, ImageInput } from "./types.ts";
import { settleUsers } from "./users.ts";
import { mergeSecrets, mergeVariables } from "./variables.ts";
import { note, refuse, startWork, type Work } from "./work.ts";
import { writeJson } from "./write.ts";

/** The file that the start script writes. */
export const generatedPath = "/tmp/orthanc.json";

/** What the start script makes, before the command decides whether Orthanc reads it. */
export type BuilderRun = Pick<
  ImageConfiguration,
  "defaults" | "plugins" | "startup" | "faults" | "notes" | "runtime"
> & { readonly generated: GeneratedConfiguration };

/** Does what the start script does. */
export function runBuilder(input: ImageInput): BuilderRun {
  const work = startWork(input);
  mergeFiles(work);
  const { pluginSwitches, secretFiles } = mergeVariables(work);
  mergeSecrets(work, secrets(work), secretFiles);
  const { defaults, plugins } = mergeDefaults(work, (root) => imagePlugins(work, pluginSwitches, root));
  settleUsers(work);
  for (const event of work.merging.events) tellEvent(work, event);
  const tree = toTree(work.merging.root);
  const text = writeJson(tree);
  const source = {
    path: generatedPath,
    text,
    encoding: "utf-8",
    sha256: "",
    lines: lineStarts(text.value),
  } as const;
  return {
    generated: { tree, source },
    defaults,
    plugins,
    startup: startupOf(work),
    faults: work.faults,
    notes: work.notes,
    runtime: runtimeOf(work),
  };
}

/** Where the order of inputs is not defined, one order may stop the container and another not. */
function startupOf(work: Work): ImageConfiguration["startup"] {
  if (work.faults.some((fault) => fault.effect === "start")) return "refuses";
  if (work.faults.some((fault) => fault.mayStop === true))
    return unknown("opaque", "it depends on the order in which the folder lists its files");
  if (
    work.merging.events.some(
      (event) => event.type === "uncertain" || (event.type === "undefined-order" && event.mayStop),
    )
  )
    return unknown("opaque", "it depends on the order of the variables or files");
  return "starts";
}

function runtimeOf(work: Work): ImageConfiguration["runtime"] {
  const runtime = readRuntime(work);
  const printed = work.variables.get("VERBOSE_STARTUP") ?? work.variables.get("BUNDLE_DEBUG");
  if (printed !== undefined && runtime.printsConfiguration === true)
    note(
      work,
      "logs-secrets",
      "The whole configuration, passwords included, is printed to the log of the container",
      printed.at,
    );
  const trace = work.variables.get("TRACE_ENABLED");
  if (trace !== undefined && !isUnknown(runtime.verbosity) && runtime.verbosity === "trace")
    note(
      work,
      "logs-secrets",
      "The log holds HTTP headers with passwords and the content of DICOM messages",
      trace.at,
    );
  const program = work.variables.get("BEFORE_ORTHANC_STARTUP_SCRIPT");
  if (program !== undefined && program.value.value !== "")
    note(
      work,
      "own-program",
      "A program of the site runs before Orthanc and may change its configuration",
      program.at,
    );
  return runtime;
}

function tellEvent(work: Work, event: MergeEvent): void {
  if (event.type === "uncertain") return;
  const path = event.path.join(".");
  if (event.type === "undefined-order") {
    note(
      work,
      "undefined-order",
      `${event.inputs.join(" and ")} both set ${path}, and which one wins is not defined`,
      ...event.places,
    );
  } else if (event.type === "crash") {
    const [value, other] = event.places;
    const origins = [
      ...(value === undefined ? [] : [fromPlace(value, "an object")]),
      ...(other === undefined ? [] : [fromPlace(other, "not an object")]),
    ];
    refuse(
      work,
      `${path} is set as an object and as something else: the start script fails and the container stops`,
      "one kind of value",
      ...origins,
    );
  } else if (path === "RegisteredUsers") {
    const kept = event.others.filter((entry) => entry.by.stage < event.by.stage).map((entry) => entry.keyAt);
    if (kept.length > 0)
      note(
        work,
        "merged-users",
        `${event.by.name} does not replace the users that are already there: they stay`,
        ...kept,
      );
  }
}
