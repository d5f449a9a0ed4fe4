/**
 * Images in which Orthanc reads its configuration itself: jodogne/orthanc*, and what is built on packages of Debian.
 * Source: jodogne/OrthancDocker orthanc/create-config.sh and orthanc/Dockerfile; the Debian packages, see
 * data/orthanc/packages.json; OrthancServer/Sources/OrthancConfiguration.cpp for folders.
 */
import imageData from "../../../../data/orthanc/images.json" with { type: "json" };
import packageData from "../../../../data/orthanc/packages.json" with { type: "json" };
import type { ConfigurationSource } from "../../../deployment/model.ts";
import type { Json } from "../../../facts/json.ts";
import { fromPlace } from "../../../facts/origin.ts";
import { baseName, folderOf } from "../../../sources/files.ts";
import { readJson } from "../../../sources/json.ts";
import type { SourceFile } from "../../../sources/source.ts";
import { lineStarts } from "../../../text/lines.ts";
import type { Text } from "../../../text/text.ts";
import { atLeast, before } from "../../version.ts";
import { catalogue, defaultAt, isKnownAt } from "../catalogue.ts";
import type { Fault } from "../load.ts";
import { objectOf } from "./image-defaults.ts";
import { configurationFolder } from "./read-files.ts";
import type { ImageDefault, ImageInput } from "./types.ts";
import { writeJson } from "./write.ts";

/** What Orthanc finds at the paths that it is given. */
export interface CoreReading {
  readonly configuration: readonly ConfigurationSource[];
  readonly defaults: readonly ImageDefault[];
  readonly faults: readonly Fault[];
  readonly unseen: string | null;
}

/** A file that the image itself has in its configuration folder. */
interface BaseFile {
  readonly path: string;
  /** What it sets otherwise than Orthanc itself would. */
  readonly set: Readonly<Record<string, Json>>;
  /** Every key that stands in it. */
  readonly keys: ReadonlySet<string>;
}

/** The files at the given paths of the container, the image's own among them. */
export function readByCore(input: ImageInput, paths: readonly string[]): CoreReading {
  const bases = baseFiles(input).filter((base) => isVisible(input, base.path));
  const reading = paths.map((path) => readPath(input, path.replace(/(?<=.)\/+$/u, ""), bases));
  const unseen = reading.map((part) => part.unseen).find((reason) => reason !== null) ?? null;
  const used = bases.filter((base) =>
    reading.some(({ source }) => source.files.some((file) => file.path === base.path)),
  );
  return {
    configuration: reading.map(({ source }) => source),
    defaults: used.flatMap((base) =>
      Object.keys(base.set).map(
        (key): ImageDefault => ({
          path: [key],
          origin: { kind: "absent", by: "set by the image", belongs: input.imageAt.at },
        }),
      ),
    ),
    faults: reading.flatMap(({ source }) => used.flatMap((base) => repeatedKeys(base, source.files, input))),
    unseen,
  };
}

/** A file of the image is hidden by a mount over it, or over the folder that it lies in. */
function isVisible(input: ImageInput, path: string): boolean {
  return !input.files.some(
    (file) =>
      file.path === path ||
      ((file.content.type === "folder" || file.content.type === "unknown") &&
        path.startsWith(`${file.path}/`)),
  );
}

function readPath(
  input: ImageInput,
  path: string,
  bases: readonly BaseFile[],
): { readonly source: ConfigurationSource; readonly unseen: string | null } {
  const file = input.files.find(
    (candidate) => candidate.path === path && candidate.content.type !== "folder",
  );
  const isFile =
    file?.content.type === "text" ||
    bases.some((base) => base.path === path) ||
    (file === undefined && path.endsWith(".json"));
  const inside = (candidate: string): boolean =>
    isFile ? candidate === path : folderOf(candidate) === path && /\.json$/iu.test(candidate);
  const own = bases.filter((base) => inside(base.path)).map((base) => baseSource(base, input));
  const put = input.files.filter((candidate) => inside(candidate.path));
  const hidden = [
    ...put,
    ...input.files.filter((candidate) => path === candidate.path || path.startsWith(`${candidate.path}/`)),
  ].find(({ content }) => content.type === "unknown");
  const files = [
    ...own,
    ...put.flatMap((candidate) =>
      candidate.content.type === "text" ? [sourceOf(candidate.path, candidate.content)] : [],
    ),
  ];
  const reason = hidden?.content.type === "unknown" ? hidden.content.reason : null;
  const absent =
    files.length === 0 && isFile ? `${path} is not among the files of the container that are seen` : null;
  return { source: { path, form: isFile ? "file" : "folder", files }, unseen: reason ?? absent };
}

/** A file of the image, or one that a manifest holds, as it is loaded. */
export function sourceOf(
  path: string,
  content: { readonly text: Text; readonly source?: SourceFile },
): SourceFile {
  return content.source ?? synthetic(path, content.text);
}

function synthetic(path: string, text: Text): SourceFile {
  return { path, text, encoding: "utf-8", sha256: "", lines: lineStarts(text.value) };
}

/** The image's file, reduced to what it sets; all of it stands where the image is named. */
function baseSource(base: BaseFile, input: ImageInput): SourceFile {
  return synthetic(base.path, writeJson(objectOf(base.set, input.imageAt)));
}

function baseFiles(input: ImageInput): readonly BaseFile[] {
  if (input.kind === "jodogne") return jodogneFiles(input.release);
  return input.kind === "debian" ? debianFiles() : [];
}

const jodogneSteps = imageData.images.find(({ id }) => id === "jodogne-orthanc")?.configuration;

/** The default file of Orthanc, with what the image changes; since 1.13.0 a second file holds the rarer options. */
function jodogneFiles(release: string): readonly BaseFile[] {
  const set: Record<string, Json> = { ...jodogneSteps?.set };
  for (const step of jodogneSteps?.steps ?? []) {
    const from = "from" in step ? step.from : undefined;
    const below = "below" in step ? step.below : undefined;
    if ((from === undefined || atLeast(release, from)) && (below === undefined || before(release, below)))
      Object.assign(set, step.set);
  }
  const split = atLeast(release, "1.13.0");
  const standing = defaultFileKeys(release);
  const main = new Set([...Object.keys(set), ...standing.filter((key) => !split || !advancedKeys.has(key))]);
  const orthanc: BaseFile = { path: `${configurationFolder}/orthanc.json`, set, keys: main };
  const advanced: BaseFile = { path: `${configurationFolder}/advanced.json`, set: {}, keys: advancedKeys };
  return split ? [orthanc, advanced] : [orthanc];
}

/** The keys that the default file of a release spells out: every option of the core that has a default. */
function defaultFileKeys(release: string): readonly string[] {
  return catalogue
    .filter(
      (option) =>
        option.section === "core" && !option.path.includes(".") && option.path !== "HttpBindAddresses",
    )
    .filter((option) => isKnownAt(option, release) && defaultAt(option, release) !== null)
    .map((option) => option.path);
}

/** Source: orthanc-mirrors/orthanc OrthancServer/Resources/AdvancedConfiguration.json at 1.13.0. */
const advancedKeys: ReadonlySet<string> = new Set(
  `DicomAssociationCloseDelay DicomParserCacheSize DicomParserMemoryCapacity DicomParserThreadsCount DicomScpTimeout
  DicomScuTimeout DicomTlsMinimumProtocolVersion ExecuteLuaEnabled HttpCompressionEnabled HttpDescribeErrors
  HttpRequestTimeout JobsEngineThreadsCount KeepAlive KeepAliveTimeout LogExportedResources LuaHeartBeatPeriod
  MallocArenaMax MaximumConcurrentDcmtkTranscoders MaximumFileSizeInArchiveMB MaximumPduLength
  MaximumRequestBodySizeMB PatientLevelEnabled RestApiWriteToFileSystemEnabled SequentialDicomReaderWindowCapacity
  SequentialDicomReaderWindowSize SslMinimumProtocolVersion StoreMD5ForAttachments SyncStorageArea TcpNoDelay
  TranscoderCacheSize TranscoderMemoryCapacity TranscoderThreadsCount UserContentType UserMetadata Warnings`.split(
    /\s+/u,
  ),
);

/** The files of Debian's package, which spreads the options over several. */
function debianFiles(): readonly BaseFile[] {
  const data = packageData.packages.find(({ id }) => id === "debian-orthanc");
  const values = new Map<string, Json>(Object.entries(data?.set ?? {}));
  const file = (name: string, keys: readonly string[], extra: readonly string[] = []): BaseFile => ({
    path: `${configurationFolder}/${name}`,
    set: Object.fromEntries(keys.flatMap((key) => (values.has(key) ? [[key, values.get(key) ?? null]] : []))),
    keys: new Set([...keys, ...extra]),
  });
  const others = ["RegisteredUsers", "Worklists", "ServeFolders", "RestApiWriteToFileSystemEnabled"];
  const standing = defaultFileKeys(data?.orthanc ?? "1.10.1").filter((key) => !others.includes(key));
  return [
    file("orthanc.json", ["StorageDirectory", "Plugins"], standing),
    file("credentials.json", ["RegisteredUsers"]),
    file("serve-folders.json", ["ServeFolders"]),
    file("worklists.json", ["Worklists"]),
  ];
}

/** A key of the image's file that another file of the same folder repeats; those that it sets are told when it is read. */
function repeatedKeys(base: BaseFile, files: readonly SourceFile[], input: ImageInput): readonly Fault[] {
  if (!files.some((file) => file.path === base.path)) return [];
  return files
    .filter((file) => file.path !== base.path)
    .flatMap((file): readonly Fault[] => {
      const { root } = readJson(file.text, "jsoncpp");
      const members = root?.kind === "object" ? root.members : [];
      const repeated = members.find(({ key }) => base.keys.has(key) && !Object.hasOwn(base.set, key));
      if (repeated === undefined) return [];
      const message = `"${repeated.key}" stands in ${base.path} of the image too, and Orthanc does not merge files`;
      const origins = [
        fromPlace(repeated.keyAt, "repeated here"),
        fromPlace(input.imageAt, `the image has its own ${baseName(base.path)}`),
      ];
      return [
        { message, expected: `a file that is mounted in place of ${base.path}`, effect: "start", origins },
      ];
    });
}
