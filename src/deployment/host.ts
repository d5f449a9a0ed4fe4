/**
 * Servers that are installed on a host: which of the files found belong to one server.
 * A folder is one configuration where Orthanc would read it as one; full configurations beside each other are servers of
 * their own.
 */
import { unknown } from "../facts/unknown.ts";
import type { Candidate } from "../sources/discover.ts";
import { type Files, folderOf, isAbsolute, joinPath } from "../sources/files.ts";
import { readJson } from "../sources/json.ts";
import type { Sources } from "../sources/source.ts";
import { contentOf, isTemplate, renderedPath } from "../sources/templates.ts";
import { isKnown, locate } from "../text/text.ts";
import type { Deployment, Environment, FileLookup, Service, VersionInfo } from "./model.ts";
import { type OrthancUnit, orthancUnits } from "./systemd.ts";

/** What the user says about a host. */
export interface HostOptions {
  readonly environment: Environment;
  /** The run is on the server: what is not on this disk is missing there. */
  readonly onHost: boolean;
  readonly orthancVersion: VersionInfo;
  readonly sources: Sources;
}

/** Deployments of the Orthanc configurations among the candidates. */
export function hostDeployments(
  candidates: readonly Candidate[],
  files: Files,
  options: HostOptions,
): readonly Deployment[] {
  const { sources, onHost } = options;
  const units = orthancUnits(candidates, { files, sources, onHost });
  const started = units.flatMap((unit) => {
    const part = namedPart(unit, candidates, files, options);
    return part === undefined ? [] : [{ unit, part }];
  });
  const taken = new Set(started.flatMap(({ part }) => part.members.map(({ source }) => source.path)));
  const free = candidates.filter(({ source }) => !taken.has(source.path));
  const parts = freeParts(free);
  const lost = units.filter((unit) => started.every((other) => other.unit !== unit));
  const [only, ...others] = parts;
  const [unit, ...furtherUnits] = lost;
  const paired = only !== undefined && unit !== undefined && others.length + furtherUnits.length === 0;
  return [
    ...started.map(({ unit, part }) => unitDeployment(part, unit, files, options)),
    ...(paired
      ? [unitDeployment(only, unit, files, options)]
      : parts.map((part) => orthancDeployment(part, files, options))),
    ...(paired ? [] : lost.map(lostUnit)),
  ];
}

/** The parts that no unit names. */
function freeParts(candidates: readonly Candidate[]): readonly Part[] {
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
function namedPart(
  { configuration }: OrthancUnit,
  candidates: readonly Candidate[],
  files: Files,
  { sources }: HostOptions,
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
interface Part extends Group {
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

function orthancDeployment(part: Part, files: Files, options: HostOptions): Deployment {
  const [first] = part.members;
  const path = part.form === "folder" || first === undefined ? part.folder : first.source.path;
  const service: Service = {
    name: "orthanc",
    product: "orthanc",
    version: hostVersion(options, files),
    environment: options.environment,
    configuration: [{ path, form: part.form, files: part.members.map((member) => member.source) }],
    workingDirectory: workingDirectory(part, options),
    network: { kind: "host" },
    lookup: hostLookup(files, part.folder, options.onHost),
  };
  return {
    id: path,
    root: part.folder,
    form: "host",
    services: [service],
    files: part.members.map((member) => ({
      source: member.source,
      kind: member.kind,
      linkedTo: service.name,
    })),
    problems: [],
    assumptions: [...hostAssumptions(service, part, options), ...part.members.flatMap(templateAssumed)],
  };
}

/** The same server as its unit starts it: with that one's variables, folder and command line. */
function unitDeployment(part: Part, unit: OrthancUnit, files: Files, options: HostOptions): Deployment {
  const { environment, args, at, problems, sources } = unit;
  const plain = orthancDeployment(part, files, options);
  const variables = new Map([...environment.variables, ...options.environment.variables]);
  const complete = environment.complete || options.environment.complete;
  const services = plain.services.map(
    (service): Service => ({
      ...service,
      at,
      args,
      unit: unit.unit,
      environment: { complete, variables },
      workingDirectory: unitFolder(unit),
    }),
  );
  const own = sources.map(({ source, kind }) => ({ source, kind, linkedTo: "orthanc" }));
  const { name } = unit.unit;
  const elsewhere =
    unit.configuration === undefined
      ? [`The configuration that ${name} names is not part of the input: ${plain.id} is taken for it.`]
      : [];
  const ofFolder = (text: string): boolean => text.startsWith("Orthanc is started in the folder");
  return {
    ...plain,
    services,
    files: [
      ...plain.files,
      ...own.filter(({ source }) => plain.files.every((file) => file.source !== source)),
    ],
    problems,
    assumptions: [...plain.assumptions.filter((text) => !ofFolder(text)), ...elsewhere],
  };
}

/** systemd starts in the root folder unless it is told another one; "~" is the home of the user. */
function unitFolder({ unit }: OrthancUnit): string | null {
  const value = unit.directives.get("WorkingDirectory")?.value;
  if (value === undefined || value.value === "") return "/";
  const path = value.value.replace(/^-/u, "");
  return isAbsolute(path) && !path.includes("%") ? path : null;
}

/** A unit whose configuration is not there: nothing can be said of its server. */
function lostUnit({ unit, sources, named, at, problems }: OrthancUnit): Deployment {
  const [first] = sources;
  const path = first?.source.path ?? unit.name;
  const where = named === undefined ? at : locate(named, 0, named.value.length);
  const message =
    named === undefined
      ? `${unit.name} starts Orthanc without a configuration: every setting has its default`
      : `the configuration ${isKnown(named) ? named.value : ""} of ${unit.name} is not part of the input`;
  return {
    id: path,
    root: folderOf(path),
    form: "unlinked",
    services: [],
    files: sources.map(({ source, kind }) => ({ source, kind, linkedTo: null })),
    problems: [...problems, { kind: "missing-file", message: message.replace("  ", " "), where }],
    assumptions: [],
  };
}

/** Debian's service starts in the root folder (/lib/systemd/system/orthanc.service); otherwise it is not known. */
function workingDirectory(part: Part, options: HostOptions): string {
  return options.onHost && part.form === "folder" && part.folder === "/etc/orthanc" ? "/" : part.folder;
}

/** Releases that Debian packages; on a Debian host such a release is taken for the package. */
const debianReleases = new Set(["1.5.6", "1.9.1", "1.9.2", "1.10.1", "1.12.7", "1.12.10", "1.13.0"]);

function hostVersion(options: HostOptions, files: Files): VersionInfo {
  const version = options.orthancVersion;
  if (version.value === null || version.build === "debian" || !options.onHost) return version;
  const onDebian = files.stat("/etc/debian_version") !== undefined;
  return onDebian && debianReleases.has(version.value) ? { ...version, build: "debian" } : version;
}

function hostLookup(files: Files, folder: string, onHost: boolean): FileLookup {
  return (path, base) => {
    if (path === "") return { state: "unknown", path };
    const full = isAbsolute(path) || base === null ? joinPath("", path) : joinPath(base, path);
    const visible = onHost || !isAbsolute(path) || full.startsWith(`${folder}/`);
    if (base === null && !isAbsolute(path)) return { state: "unknown", path: full };
    if (visible && files.stat(full) !== undefined) return { state: "found", path: full };
    return { state: onHost ? "missing" : "unknown", path: full };
  };
}

function templateAssumed({ source }: Candidate): readonly string[] {
  if (!isTemplate(source)) return [];
  return [
    `${source.path} is taken for a template of ${renderedPath(source.path)}: what is filled in is not known.`,
  ];
}

function hostAssumptions(service: Service, part: Part, options: HostOptions): readonly string[] {
  const result: string[] = [];
  if (service.version.value === null) {
    const [oldest] = service.version.candidates;
    result.push(
      `The release of Orthanc is not known: every one from ${oldest ?? "1.5.8"} on was considered. State it with --orthanc-version.`,
    );
  }
  if (!(options.onHost && part.folder === "/etc/orthanc")) {
    result.push(
      "Orthanc is started in the folder of its configuration; relative paths of DicomTls… options count from there.",
    );
  }
  return result;
}

/** The version that the user gave, or the set that an unknown one stands for. */
export function versionInfo(given: string | undefined, breakpoints: readonly string[]): VersionInfo {
  if (given === undefined) {
    return {
      value: null,
      from: "assumed",
      candidates: breakpoints,
      build: unknown("input", "it is not known who built the server"),
    };
  }
  const release = /^(?:\d+:)?(\d+(?:\.\d+)*)/u.exec(given)?.[1] ?? given;
  const build = /\+dfsg|[-+]deb\d|-\d+(?:ubuntu|\+b)/u.test(given)
    ? "debian"
    : unknown("input", "it is not known who built the server");
  return { value: release, from: "flag", candidates: [release], build };
}
