/**
 * The configuration files and the secrets of the builder image.
 * Source: docker/orthanc/generateConfiguration.py, at 26.8.1.
 */
import { fromPlace } from "../../../facts/origin.ts";
import { baseName, folderOf } from "../../../sources/files.ts";
import type { JsonError } from "../../../sources/json.ts";
import type { ObjectTree } from "../../../sources/tree.ts";
import { holeIn, holeText, type Located, slice, type Text } from "../../../text/text.ts";
import { envsubst } from "./envsubst.ts";
import { mergeInto } from "./merge.ts";
import { document } from "./python-json.ts";
import type { ImageFile } from "./types.ts";
import { nextWriter, note, refuse, stages, type Work } from "./work.ts";

/** Folder of the site's configuration files. */
export const configurationFolder = "/etc/orthanc";
/** Where orchestrators put secrets. */
export const secretsFolder = "/run/secrets";

/** One configuration file, as far as the script gets with it. */
type Outcome =
  | { readonly state: "read"; readonly file: ImageFile; readonly root: ObjectTree }
  /** It cannot be parsed: the one that was read before is merged once more in its place. */
  | { readonly state: "broken"; readonly file: ImageFile; readonly where: Located; readonly message: string }
  /** The script dies of it, or it is not seen. */
  | { readonly state: "none"; readonly file: ImageFile };

/** Merges /etc/orthanc/*.json and then /run/secrets/*.json. */
export function mergeFiles(work: Work): void {
  const folders = [
    { folder: configurationFolder, stage: stages.folder },
    { folder: secretsFolder, stage: stages.secretFiles },
  ].map(({ folder, stage }) => ({
    stage,
    outcomes: filesIn(work, folder, "*.json").map((file) => readFile(work, file)),
  }));
  for (const { stage, outcomes } of folders) {
    for (const outcome of outcomes) {
      if (outcome.state === "read")
        mergeInto(work.merging, outcome.root, nextWriter(work, stage, outcome.file.path));
    }
  }
  const [first = [], second = []] = folders
    .map(({ outcomes }) => outcomes)
    .filter((outcomes) => outcomes.length > 0);
  tellBroken(work, first, true);
  tellBroken(work, second, false);
}

/** What "*" finds: no names with a leading dot. A folder that is not seen may hold anything. */
function filesIn(work: Work, folder: string, pattern: "*" | "*.json"): readonly ImageFile[] {
  for (const file of work.input.files) {
    const covers = file.path === folder || folder.startsWith(`${file.path}/`);
    if (covers && file.content.type === "unknown") work.merging.root.open ??= { reason: file.content.reason };
  }
  return work.input.files
    .filter(
      ({ path }) =>
        folderOf(path) === folder &&
        !baseName(path).startsWith(".") &&
        (pattern === "*" || path.endsWith(".json")),
    )
    .sort((left, right) => (left.path < right.path ? -1 : 1));
}

function readFile(work: Work, file: ImageFile): Outcome {
  const { content } = file;
  if (content.type === "unknown") work.merging.root.open ??= { reason: content.reason };
  if (content.type === "folder")
    dies(
      work,
      file,
      `${file.path} is a folder: the start script cannot open it and the container stops`,
      "a file",
    );
  if (!isText(work, file) || content.type !== "text") return { state: "none", file };
  if (content.encoding === "utf-8-bom")
    return { state: "broken", file, where: file.at, message: "the file starts with a byte order mark" };
  const text = work.release.substitutes ? envsubst(content.text, work.lookup) : content.text;
  const { root, errors } = document(text);
  const [error] = errors;
  if (root?.kind === "unknown" && error === undefined) work.merging.root.open ??= root.hole;
  if (error !== undefined || root === undefined) return brokenFile(file, error);
  if (root.kind === "object") return { state: "read", file, root };
  if (root.kind !== "unknown")
    dies(
      work,
      file,
      `${file.path} is not one object in braces, and the container does not start`,
      "an object in braces",
      root,
    );
  return { state: "none", file };
}

function brokenFile(file: ImageFile, error: JsonError | undefined): Outcome {
  return { state: "broken", file, where: error ?? file.at, message: error?.message ?? "the file is empty" };
}

/** Python reads UTF-8; anything else ends the script. */
function isText(work: Work, file: ImageFile): boolean {
  const { content } = file;
  const readable =
    content.type !== "binary" &&
    !(
      content.type === "text" &&
      ["utf-16le", "utf-16be", "windows-1252"].includes(content.encoding ?? "utf-8")
    );
  if (!readable)
    dies(
      work,
      file,
      `${file.path} is not text in UTF-8: the start script fails on it and the container stops`,
      "a text file in UTF-8",
    );
  return readable;
}

function dies(
  work: Work,
  file: ImageFile,
  message: string,
  expected: string,
  where: Located = file.at,
): void {
  refuse(work, message, expected, fromPlace(where));
}

/**
 * A file that cannot be parsed is left out, and the container starts without its settings: unless it is the first that is
 * read, because then there is none to take in its place. Which one comes first is not defined.
 */
function tellBroken(work: Work, outcomes: readonly Outcome[], first: boolean): void {
  const broken = outcomes.filter((outcome) => outcome.state === "broken");
  const none = first && broken.length === outcomes.length;
  for (const { file, where, message } of broken) {
    const sentence = none
      ? `${file.path} is not valid JSON for the image (${message}), and the container does not start`
      : `${file.path} is not valid JSON for the image (${message}): its settings are left out, and the container starts without them${first ? " or not at all" : ""}`;
    work.faults.push({
      message: sentence,
      expected: "JSON without trailing commas",
      effect: none ? "start" : "syntax",
      origins: [fromPlace(where)],
      mayStop: first,
    });
    // What it would set once it can be read is not known.
    if (none) work.merging.root.open ??= { reason: `${file.path} is not valid JSON` };
    if (!none) note(work, "left-out", `The settings of ${file.path} are left out: ${message}`, where);
  }
}

/** A file of /run/secrets. */
export interface Secret {
  readonly name: string;
  readonly value: Text;
  readonly at: Located;
}

/** The secrets, each read as a text; one that cannot be read ends the script, whatever it is for. */
export function secrets(work: Work): readonly Secret[] {
  return filesIn(work, secretsFolder, "*").flatMap((file): readonly Secret[] => {
    const name = baseName(file.path);
    const { content } = file;
    if (content.type === "unknown") return [{ name, value: holeText(content.reason, file.at), at: file.at }];
    if (content.type !== "text") {
      if (content.type === "binary" && !name.endsWith(".json")) isText(work, file);
      return [];
    }
    if (!name.endsWith(".json") && !isText(work, file)) return [];
    return [{ name, value: work.release.trimsSecrets ? trimmed(content.text) : content.text, at: file.at }];
  });
}

function trimmed(text: Text): Text {
  const end = text.value.length - (/(?:\r\n|\r|\n)+$/u.exec(text.value)?.[0].length ?? 0);
  return holeIn(text, 0, text.value.length) === undefined || end < text.value.length
    ? slice(text, 0, end)
    : text;
}
