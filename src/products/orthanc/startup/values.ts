/** Values of the right type that Orthanc refuses. */
import { fromPlace } from "../../../facts/origin.ts";
import { isUnknown } from "../../../facts/unknown.ts";
import type { Fault } from "../load.ts";
import { type OrthancModel, since } from "../model.ts";
import { refusal } from "./refusal.ts";

/** Options that take one of a few words. */
const words: Readonly<Record<string, readonly string[]>> = {
  StorageAccessOnFind: ["Always", "Never", "Answers"],
  BuiltinDecoderTranscoderOrder: ["Before", "After", "Disabled"],
  DeidentifyLogsDicomVersion: ["2008", "2017c", "2021b", "2023b"],
};

/** Words, names and sizes that the release does not take. */
export function valueFaults(model: OrthancModel): readonly Fault[] {
  return [
    ...wordFaults(model),
    ...overwriteFaults(model),
    ...warningFaults(model),
    ...storageFaults(model),
    ...titleFaults(model),
  ];
}

function wordFaults({ settings }: OrthancModel): readonly Fault[] {
  return Object.entries(words).flatMap(([key, allowed]) => {
    const tree = settings.find([key]);
    if (tree?.kind !== "string" || !settings.knows(key) || allowed.includes(tree.text.value)) return [];
    const message = `${key} has a value that Orthanc does not know, and it refuses to start`;
    return [refusal(message, allowed.join(", "), fromPlace(tree))];
  });
}

/** A boolean until 1.13.0, a word as well since then. */
function overwriteFaults(model: OrthancModel): readonly Fault[] {
  const tree = model.settings.find(["OverwriteInstances"]);
  if (!since(model, "1.13.0") || tree?.kind !== "string") return [];
  if (["Never", "Always", "IfChanged"].includes(tree.text.value)) return [];
  return [
    refusal(
      "OverwriteInstances has a value that Orthanc does not know, and it refuses to start",
      "Never, Always or IfChanged",
      fromPlace(tree),
    ),
  ];
}

/** Names that Warnings knows, with their release. */
const warningNames: Readonly<Record<string, string>> = {
  W001_TagsBeingReadFromStorage: "1.11.0",
  W002_InconsistentDicomTagsInDb: "1.11.0",
  W003_DecoderFailure: "1.12.5",
  W004_NoMainDicomTagsSignature: "1.12.5",
  W005_RequestingTagFromLowerResourceLevel: "1.12.5",
  W006_RequestingTagFromMetaHeader: "1.12.5",
  W007_MissingRequestedTagsNotReadFromDisk: "1.12.5",
};

/** Names of warnings that the release does not know. */
function warningFaults(model: OrthancModel): readonly Fault[] {
  const warnings = model.settings.find(["Warnings"]);
  if (warnings?.kind !== "object" || !since(model, "1.11.0")) return [];
  const known = Object.keys(warningNames).filter((name) => since(model, warningNames[name] ?? "0"));
  const strange = warnings.members.filter(({ key }) => !known.includes(key));
  if (strange.length === 0) return [];
  const origins = strange.map(({ keyAt }) => fromPlace(keyAt));
  const message = "Warnings has a name that this release does not know, and Orthanc refuses to start";
  return [refusal(message, known.join(", "), ...origins)];
}

function storageFaults(model: OrthancModel): readonly Fault[] {
  const { settings } = model;
  if (!since(model, "1.13.0") || settings.boolean("PatientLevelEnabled").value !== false) return [];
  return ["MaximumPatientCount", "MaximumStorageSize"].flatMap((key) => {
    const { value, origins } = settings.integer(key);
    if (isUnknown(value) || value === 0) return [];
    return [
      refusal(
        `${key} cannot be used while PatientLevelEnabled is false, and Orthanc refuses to start`,
        `${key}: 0, or PatientLevelEnabled: true`,
        ...origins,
      ),
    ];
  });
}

/**
 * The server's own AE title: 1 to 16 characters; since 1.13.0 without control characters and backslash. While the DICOM
 * server is off 1.13.0 still looks at it, but not at its length, and older releases do not (measured on four releases).
 */
function titleFaults(model: OrthancModel): readonly Fault[] {
  const tree = model.settings.find(["DicomAet"]);
  const isServing = model.settings.boolean("DicomServerEnabled").value === true;
  if (tree?.kind !== "string" || (!isServing && !since(model, "1.13.0"))) return [];
  const raw = tree.text.value;
  const title = since(model, "1.13.0") ? raw.replace(/^ +| +$/gu, "") : raw;
  const badCharacter = since(model, "1.13.0") && /[\u0000-\u001f\u007f\\]/u.test(raw);
  const tooLong = title.length > 16 && isServing;
  if (title.length > 0 && !tooLong && !badCharacter) return [];
  return [
    refusal(
      "DicomAet is not a valid AE title, and Orthanc refuses to start",
      "1 to 16 characters",
      fromPlace(tree),
    ),
  ];
}
