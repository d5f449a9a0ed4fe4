/** Which of the files found make one server: a folder where Orthanc would read it as one, else a file. */
import type { Candidate } from "../../sources/discover.ts";
import { type Files, folderOf, joinPath } from "../../sources/files.ts";
import { readJson } from "../../sources/json.ts";
import type { Sources } from "../../sources/source.ts";
import { contentOf, renderedPath } from "../../sources/templates.ts";
import type { OrthancUnit } from "../systemd.ts";

/** The parts that no unit names. */
export function freeParts(candidates: readonly Candidate[]): readonly Part[] {
  const orthanc = candidates.filter((candidate) => candidate.kind === "orthanc-json");
  const folders = new Set(orthanc.map((candidate) => folderOf(candidate.source.path)));
  const broken = candidates.filter(
    (candidate) => isBrokenConfiguration(candidate) && !folders.has(folderOf(candidate.source.path)),
  );
  const json = candidates.filter((candidate) => candidate.kind === "unknown" && isJsonFile(candidate));
  return groupByFolder([...orthanc, ...broken]).flatMap((group) =>
    split(group).map((part) => (part.form === "folder" ? withNeighbours(part, json) : part)),
  );
}

/** What a unit has its server read: that file, or every JSON file of that folder. */
export function namedPart(
  { configuration }: OrthancUnit,
  candidates: readonly Candidate[],
  files: Files,
  sources: Sources,
): Part | undefined {
  if (configuration === undefined) return undefined;
  const { path, form } = configuration;
  const names = files.list(path)?.filter((name) => /\.json$/u.test(name)) ?? [];
  const paths = form === "file" ? [path] : names.map((name) => joinPath(path, name));
  const members = paths.flatMap((member): readonly Candidate[] => {
    const known = candidates.find(({ source }) => source.path === member);
    const opened = sources.open(member);
    if (known !== undefined) return [known];
    if (!opened.ok) return [];
    const because = "a unit of systemd names it";
    return [{ source: opened.source, kind: "orthanc-json", because, root: folderOf(member), named: false }];
  });
  if (members.length === 0) return undefined;
  return { folder: form === "folder" ? path : folderOf(path), members, form };
}

function isJsonFile(candidate: Candidate): boolean {
  return /\.json$/iu.test(renderedPath(candidate.source.path));
}

/** A JSON file that cannot be read as one, right in a folder that the user named: it is what the server would read. */
function isBrokenConfiguration(candidate: Candidate): boolean {
  if (
    candidate.kind !== "unknown" ||
    !isJsonFile(candidate) ||
    candidate.root !== folderOf(candidate.source.path)
  )
    return false;
  const { root, errors } = readJson(contentOf(candidate.source), "jsoncpp");
  return errors.length > 0 || root?.kind !== "object";
}

/** A server reads every JSON file of its folder, whether or not a key in it is known. */
function withNeighbours(part: Part, json: readonly Candidate[]): Part {
  const neighbours = json.filter(
    (candidate) => folderOf(candidate.source.path) === part.folder && !part.members.includes(candidate),
  );
  return { ...part, members: [...part.members, ...neighbours] };
}

interface Group {
  readonly folder: string;
  readonly members: readonly Candidate[];
}

function groupByFolder(candidates: readonly Candidate[]): readonly Group[] {
  const groups = new Map<string, Candidate[]>();
  for (const candidate of candidates) {
    const folder = folderOf(candidate.source.path);
    const group = groups.get(folder);
    if (group === undefined) groups.set(folder, [candidate]);
    else group.push(candidate);
  }
  return [...groups].map(([folder, members]) => ({ folder, members }));
}

/** What one server reads: a single file, or the JSON files of a folder. */
export interface Part extends Group {
  readonly form: "file" | "folder";
}

/** Keys that every full configuration has and no two servers share. */
const identityKeys = ["Name", "DicomAet", "HttpPort", "DicomPort", "StorageDirectory", "IndexDirectory"];

/** A folder is one server, unless its files are whole configurations, or were named one by one. */
function split(group: Group): readonly Part[] {
  const json = group.members.filter(isJsonFile);
  const others = group.members
    .filter((member) => !json.includes(member))
    .map((member) => single(group.folder, member));
  const named = json.some((member) => member.named);
  if (json.length <= 1 || named) {
    const plain = json.every(({ source }) => renderedPath(source.path) === source.path);
    const asFolder =
      json.length === 1 &&
      !named &&
      plain &&
      (isConfigurationFolder(group.folder) || json[0]?.root === group.folder);
    return [
      ...json.map(
        (member): Part =>
          asFolder ? { ...group, members: [member], form: "folder" } : single(group.folder, member),
      ),
      ...others,
    ];
  }
  if (isConfigurationFolder(group.folder) || !areAlternatives(json))
    return [{ folder: group.folder, members: json, form: "folder" }, ...others];
  return [...json.map((member) => single(group.folder, member)), ...others];
}

function single(folder: string, member: Candidate): Part {
  return { folder, members: [member], form: "file" };
}

/** The folders in which packages and installers keep the configuration. */
export function isConfigurationFolder(folder: string): boolean {
  return /(?:^|\/)etc\/orthanc$|Orthanc Server\/Configuration$/iu.test(folder);
}

/** Two files that each say who the server is are two servers, unless they say different things about one. */
function areAlternatives(members: readonly Candidate[]): boolean {
  const identities = members
    .map((member) => new Set(topLevelKeys(member).filter((key) => identityKeys.includes(key))))
    .filter((keys) => keys.size >= 2);
  return identities.some((keys, index) =>
    identities.slice(index + 1).some((others) => [...others].some((key) => keys.has(key))),
  );
}

function topLevelKeys(candidate: Candidate): readonly string[] {
  const { root } = readJson(contentOf(candidate.source), "jsoncpp");
  return root?.kind === "object" ? root.members.map((member) => member.key) : [];
}
