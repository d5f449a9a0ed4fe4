/**
 * What is wrong with an option that Orthanc knows.
 * Source: the release data of the catalogue; the types and values that OrthancServer/Sources accept; measured releases.
 */
import type { OptionIssue } from "../../facts/facts.ts";
import { before, compareVersions } from "../version.ts";
import { type CatalogueOption, isKnownAt, optionAt } from "./catalogue.ts";
import type { OrthancModel } from "./model.ts";
import { isActedUpon, isRemoved } from "./relevance.ts";
import { acceptsTree, type TypeEffect, wrongTypes } from "./types.ts";
import type { Visited } from "./walk.ts";

/** The worst thing that is wrong with a value; null when nothing is. */
export function issueOf(model: OrthancModel, visited: Visited, option: CatalogueOption): OptionIssue | null {
  return (
    releaseIssue(model, option) ??
    typeIssue(model, visited, option) ??
    rangeIssue(visited, option) ??
    valueIssue(model, visited, option) ??
    (visited.overrides.length > 0 ? { type: "duplicate" } : null) ??
    deprecation(option, model.version)
  );
}

/** Where the release is not known, a key says that it is not older than the key. */
function releaseIssue({ service, version }: OrthancModel, option: CatalogueOption): OptionIssue | null {
  const pinned = service.version.value !== null;
  if (pinned && !isKnownAt(option, version) && option.since !== null)
    return { type: "too-new", since: option.since };
  if (isRemoved(option, version) && option.until !== null) return { type: "removed", until: option.until };
  return null;
}

const typeNames: Readonly<Record<string, string>> = {
  boolean: "true or false, without quotes",
  integer: "a whole number, without quotes",
  string: "a text in quotes",
  array: "a list in brackets",
  object: "an object in braces",
  null: "null",
};

function typeIssue(model: OrthancModel, visited: Visited, option: CatalogueOption): OptionIssue | null {
  if (acceptsTree(option, visited.tree, model.version)) return null;
  const expected = typesOf(option, model.version)
    .map((type) => typeNames[type] ?? type)
    .join(" or ");
  return { type: "wrong-type", expected, effect: typeEffect(model, visited, option) };
}

/** OverwriteInstances takes words since 1.13.0. */
function typesOf(option: CatalogueOption, version: string): readonly string[] {
  return option.path === "OverwriteInstances" && before(version, "1.13.0")
    ? ["boolean"]
    : option.type.split("|");
}

function typeEffect(model: OrthancModel, visited: Visited, option: CatalogueOption): TypeEffect {
  if (visited.holder === undefined && option.section === "core") {
    return wrongTypes(model.settings).find((wrong) => wrong.option === option)?.effect ?? "ignored";
  }
  if (isActedUpon(model, option) === false) return "ignored";
  if (option.path === "RegisteredUsers.*" && before(model.version, "1.12.9")) return "ignored";
  // The viewers hand these on to the browser as they are.
  if (/^(?:OrthancExplorer2\.(?!Enable$|Root$)|StoneWebViewer\.|WebViewer\.)/u.test(option.path))
    return "ignored";
  if (/^(?:ExtraMainDicomTags|JobsEngineThreadsCount|Warnings|UserContentType)\./u.test(option.path))
    return "ignored";
  return "refuses";
}

/** Ports are kept in 16 bits; the other numbers out of range have no effect that is known, or stop the start. */
function rangeIssue({ tree }: Visited, option: CatalogueOption): OptionIssue | null {
  if (tree.kind !== "number") return null;
  const { minimum, maximum } = option;
  if ((minimum === undefined || tree.value >= minimum) && (maximum === undefined || tree.value <= maximum))
    return null;
  if (option.path === "HttpPort" || option.path === "DicomPort") {
    return { type: "out-of-range", becomes: tree.value < 0 ? "no start" : String(tree.value & 0xffff) };
  }
  if (option.path === "SslMinimumProtocolVersion" && tree.value > 5) {
    return { type: "out-of-range", becomes: "no version of TLS at all" };
  }
  return { type: "out-of-range", becomes: tree.value < 0 ? "no start" : "a value that is not known" };
}

/** What Orthanc makes of a word that it does not know, where that is known. */
const wordsBecome: Readonly<Record<string, string>> = {
  MaximumStorageMode: "Recycle",
  StorageAccessOnFind: "no start",
  BuiltinDecoderTranscoderOrder: "no start",
  DeidentifyLogsDicomVersion: "no start",
  OverwriteInstances: "no start",
  DefaultEncoding: "no start",
  "DicomModalities.*.Manufacturer": "no start",
};

/** Values that were known in releases that are no longer looked at, or later ones. */
const formerValues: Readonly<Record<string, readonly string[]>> = {
  "DicomModalities.*.Manufacturer": [
    "AgfaImpax",
    "EFilm2",
    "Dcm4Chee",
    "MedInria",
    "SyngoVia",
    "StoreScp",
    "ClearCanvas",
  ],
};

function valueIssue(model: OrthancModel, { tree }: Visited, option: CatalogueOption): OptionIssue | null {
  const { values } = option;
  if (values === undefined) return null;
  const words = tree.kind === "array" ? tree.items : [tree];
  const known = (word: string): boolean =>
    values.includes(word) || (formerValues[option.path] ?? []).includes(word);
  const wrong = words.some((word) => word.kind === "string" && !known(word.text.value));
  if (!wrong) return null;
  const becomes =
    isActedUpon(model, option) === false ? "nothing: it is not read" : (wordsBecome[option.path] ?? null);
  return {
    type: "unknown-value",
    allowed: values.filter((value) => typeof value === "string").join(", "),
    becomes,
  };
}

/** A new name counts from the release that brought it. */
function deprecation(option: CatalogueOption, version: string): OptionIssue | null {
  if (option.deprecated !== true) return null;
  const instead = option.renamedTo ?? option.replacedBy ?? null;
  const successor = instead === null ? undefined : optionAt(instead);
  const tooEarly =
    successor?.versionOf === "orthanc" &&
    successor.since !== null &&
    compareVersions(version, successor.since) < 0;
  return tooEarly ? null : { type: "deprecated", instead };
}
