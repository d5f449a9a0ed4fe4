/** Values of types that Orthanc refuses. */
import { fromPlace } from "../../../facts/origin.ts";
import type { Tree } from "../../../sources/tree.ts";
import { optionAt } from "../catalogue.ts";
import type { Fault } from "../load.ts";
import { readAlwaysAllowed } from "../modalities.ts";
import { type OrthancModel, since } from "../model.ts";
import { wrongTypes } from "../types.ts";
import { refusal } from "./refusal.ts";

/** Values of another type than their option takes. */
export function typeFaults(model: OrthancModel): readonly Fault[] {
  return wrongTypes(model.settings).flatMap(({ option, tree, effect }): readonly Fault[] => {
    if (isNewerForm(model, option.path, tree)) return [];
    const words = option.path === "OverwriteInstances" && !since(model, "1.13.0") ? "boolean" : option.type;
    const expected = typeNames(words);
    if (effect === "refuses")
      return [
        refusal(
          `${option.path} must be ${expected}, and Orthanc refuses to start with ${describe(tree)}`,
          expected,
          fromPlace(tree),
        ),
      ];
    if (effect === "late" && crashesLate(model)) {
      const message = `${option.path} must be ${expected}; one association of any caller ends the server while it is ${describe(tree)}`;
      return [{ message, expected, effect: "crash", origins: [fromPlace(tree)] }];
    }
    return [];
  });
}

/** A form that a later release brought says, where the release is not known, that it is not older. */
function isNewerForm(model: OrthancModel, path: string, tree: Tree): boolean {
  return path === "OverwriteInstances" && tree.kind === "string" && model.service.version.value === null;
}

/** Measured on four releases: an association ends the server when nothing is allowed to everybody and a title is listed. */
function crashesLate(model: OrthancModel): boolean {
  const always = Object.values(readAlwaysAllowed(model.settings).operations);
  return model.modalities.length > 0 && always.every((allowed) => allowed === false);
}

/** What a value is, for a message; never the value of a text, which may be a secret. */
function describe(tree: Tree): string {
  switch (tree.kind) {
    case "string":
    case "unknown":
      return "a text in quotes";
    case "number":
      return tree.integer ? "a number" : "a number with a fraction";
    case "boolean":
      return String(tree.value);
    case "null":
      return "null";
    case "array":
      return "a list in brackets";
    case "object":
      return "an object in braces";
  }
}

function typeNames(types: string): string {
  const names: Readonly<Record<string, string>> = {
    boolean: "true or false without quotes",
    integer: "a whole number without quotes",
    string: "a text in quotes",
    array: "a list in brackets",
    object: "an object in braces",
  };
  return types
    .split("|")
    .map((type) => names[type] ?? type)
    .join(" or ");
}

/** Numbers below the least that their option takes. */
export function numberFaults(model: OrthancModel): readonly Fault[] {
  const faults: Fault[] = [];
  const bad = new Set(wrongTypes(model.settings).map(({ option }) => option.path));
  for (const [key, { value }] of model.loaded.members) {
    const option = optionAt(key);
    if (option?.section !== "core" || option.type !== "integer" || bad.has(key) || !model.settings.knows(key))
      continue;
    if (value.kind !== "number") continue;
    const zero = value.value === 0 && positive.includes(key);
    if (value.value < 0 || zero) {
      faults.push(
        refusal(
          `${key} is ${value.value}, and Orthanc refuses to start with it`,
          zero ? "1 or more" : "0 or more",
          fromPlace(value),
        ),
      );
    }
  }
  return faults;
}

/** Keys that may not be zero. */
const positive = ["HttpThreadsCount", "HttpRequestTimeout", "DicomThreadsCount"];
