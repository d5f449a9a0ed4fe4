/**
 * Keys that Orthanc does not know: it ignores them without a word, so that what was meant does not apply.
 * Source: OrthancServer/Sources/OrthancConfiguration.cpp (keys are looked up by exact name); WebServiceParameters.cpp
 * (other keys of a peer become properties); measured on 1.10.1.
 */
import pluginData from "../../../data/orthanc/plugins.json" with { type: "json" };
import type { UnknownOptionFact } from "../../facts/facts.ts";
import { fromPlace, labelled, type Origin } from "../../facts/origin.ts";
import { closestWord } from "../spelling.ts";
import { optionAt } from "./catalogue.ts";
import { confusions } from "./confusions.ts";
import { misspellingEffect } from "./misspelling.ts";
import type { OrthancModel } from "./model.ts";
import { type CatalogueNode, catalogueRoot, type Visited } from "./walk.ts";

/** Sections that plugins read and the catalogue has no options of. */
const otherSections: ReadonlySet<string> = new Set([
  ...pluginData.plugins.flatMap((plugin) => plugin.sections),
  ...pluginData.otherSections.map((other) => other.section),
]);

/** Objects in which every key is one that the site chooses. */
const freeForm =
  /^(?:Dictionary|ServeFolders|Warnings|JobsEngineThreadsCount|Housekeeper\.Schedule|OrthancExplorer2\.UiOptions\.(?:NewWorklistDefaultTags|Modifications|AddSeriesDefaultTags|CustomButtons)|AdvancedStorage\.MultipleStorages)(?:\.|$)/u;

/** One fact for each key that is not known, where it stands. */
export function unknownOptionFacts(
  model: OrthancModel,
  visited: readonly Visited[],
): readonly UnknownOptionFact[] {
  return visited.flatMap((value) => {
    if (value.index !== undefined || isComment(value.key) || isOfImage(model, value)) return [];
    const closest = meantOption(model, value);
    return closest === undefined ? [] : [unknownFact(model, value, closest)];
  });
}

/** What the image itself writes is nothing that the site could spell better. */
function isOfImage({ service: { container } }: OrthancModel, { tree: { at } }: Visited): boolean {
  const image = container?.imageAt.at;
  return image !== undefined && image.file === at.file && image.start === at.start && image.end === at.end;
}

/** JSON has no comments that every tool keeps, so that people write them as keys. */
function isComment(key: string): boolean {
  return /^(?:_|\/\/|#|\$)|^comments?$/iu.test(key);
}

/** What was meant: null when nothing is near, undefined when the key is not unknown at all. */
function meantOption(model: OrthancModel, value: Visited): string | null | undefined {
  const section = sectionOf(value);
  if (section === undefined || freeForm.test(section.path)) return undefined;
  const isProperty = value.node?.path.endsWith(".<other>") === true;
  if (value.node !== undefined && !isProperty) return undefined;
  if (section.path === "" && otherSections.has(value.key)) return undefined;
  const near = nearestOption(model, value, section);
  // Other keys of a peer are properties that its plugins read.
  if (near === null && (isProperty || section.path === "DicomWeb.Servers.*")) return undefined;
  return near;
}

/** The part of the catalogue that the key stands in, when that lists its keys. */
function sectionOf(value: Visited): CatalogueNode | undefined {
  const section = value.holder === undefined ? catalogueRoot : value.holder.node;
  return section !== undefined && section.names.size > 0 ? section : undefined;
}

function nearestOption(model: OrthancModel, value: Visited, section: CatalogueNode): string | null {
  const prefix = section.path === "" ? "" : `${section.path}.`;
  const confused = confusions[section.path];
  if (confused !== undefined && Object.hasOwn(confused, value.key)) return confused[value.key] ?? null;
  if (section.path === "" && value.key === "StorageEncryption") return encryptionOfStore(model);
  const isObject = value.tree.kind === "object";
  const names = [...section.names.values()]
    .filter(
      (node) =>
        !isObject ||
        node.names.size > 0 ||
        node.any !== undefined ||
        node.option?.type.includes("object") === true,
    )
    .map((node) => node.path.slice(prefix.length));
  const sections = section.path === "" && isObject ? [...otherSections] : [];
  const word = closestWord(value.key, [...names, ...sections]);
  return word === undefined ? null : `${prefix}${word}`;
}

/** Since version 1.0.0 of the plugins the encryption is set inside the section of the store. */
function encryptionOfStore(model: OrthancModel): string {
  const store = ["AwsS3Storage", "AzureBlobStorage", "GoogleCloudStorage"].find(
    (section) => model.settings.find([section]) !== undefined,
  );
  return `${store ?? "AwsS3Storage"}.StorageEncryption`;
}

function unknownFact(model: OrthancModel, value: Visited, closest: string | null): UnknownOptionFact {
  const key = fromPlace(value.keyAt);
  const { effect, consequence } =
    closest === null ? nothingMeant(value) : misspellingEffect(model, value, closest);
  const meant = closest === null ? [] : meantOrigins(model, closest);
  return {
    kind: "unknownOption",
    id: `${model.service.name}/unknownOption/${value.path}`,
    service: model.service.name,
    product: "orthanc",
    path: value.path,
    closest,
    effect,
    consequence,
    origins: {
      "": [key],
      "/path": [key],
      "/closest": [key, ...meant],
      "/effect": [key, ...meant],
      "/value": [fromPlace(value.tree)],
    },
  };
}

function nothingMeant(value: Visited): { readonly effect: "none"; readonly consequence: string } {
  const isSection = value.holder === undefined && value.tree.kind === "object";
  return {
    effect: "none",
    consequence: isSection
      ? "Orthanc ignores it, unless a plugin that pacslint does not know reads it"
      : "Orthanc ignores it",
  };
}

/** Where the meant option is set, if it is as well. */
function meantOrigins(model: OrthancModel, closest: string): readonly Origin[] {
  if (optionAt(closest) === undefined || closest.includes("*")) return [];
  const origin = model.settings.originOf(closest.split("."));
  return origin.kind === "place" ? [labelled(origin, "this one counts")] : [];
}
