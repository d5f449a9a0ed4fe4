/** One reason against the start of Orthanc. */
import type { Origin } from "../../../facts/origin.ts";
import type { Fault } from "../load.ts";
import type { OrthancModel } from "../model.ts";

/** A fault with which the server does not start. */
export function refusal(message: string, expected: string, ...origins: readonly Origin[]): Fault {
  return { message, expected, effect: "start", origins };
}

/** Whether a file that the configuration names is certainly not there. */
export function isMissing(model: OrthancModel, path: string, base: string | null): boolean {
  return model.service.lookup(path, base).state === "missing";
}
