/**
 * dcm4chee: which of its files make which server, on a host and among the containers of a project.
 * The device of the archive lives in the directory; which file of WildFly counts follows from the image's tag.
 */
import { isUnknown } from "../facts/unknown.ts";
import { type Dcm4cheeKind, isDcm4cheeKind, recogniseDcm4chee } from "../sources/dcm4chee-kinds.ts";
import type { Candidate } from "../sources/discover.ts";
import { baseName, type Files, folderOf, isAbsolute, joinPath } from "../sources/files.ts";
import type { SourceFile, Sources } from "../sources/source.ts";
import { lineStarts } from "../text/lines.ts";
import type { Text } from "../text/text.ts";
import { type ArchiveCandidate, dcm4cheeVersion, hostVersion } from "./dcm4chee-release.ts";
import type {
  ContainerFile,
  Deployment,
  Environment,
  FileLookup,
  FileUse,
  Service,
  VersionInfo,
} from "./model.ts";

/** What the user says about archives. */
export interface Dcm4cheeOptions {
  readonly environment: Environment;
  /** The run is on the server: what is not on this disk is missing there. */
  readonly onHost: boolean;
  /** A release such as "5.35.1", with the variant of the image where it matters: "5.35.1-secure". */
  readonly dcm4cheeVersion?: string;
}

/** Files that only an archive has, or the servers beside it; the other kinds belong to it where they speak of it. */
const ownKinds: readonly Dcm4cheeKind[] = [
  "dcm4chee-ldif",
  "dcm4chee-ldif-changes",
  "dcm4chee-users-ldif",
  "dcm4chee-ui-ldif",
  "dcm4chee-device-json",
  "slapd-config-ldif",
  "keycloak-realm",
  "jboss-login-config",
  "jboss-mbeans",
];

/** Files of dcm4che's own making that no server reads. */
const passive: readonly Dcm4cheeKind[] = ["dcm4chee-schema-json", "ldap-schema-ldif", "wildfly-domain-xml"];

/** Deployments of the archives on hosts, made of the files that no container takes. */
export function dcm4cheeHosts(
  candidates: readonly Candidate[],
  files: Files,
  options: Dcm4cheeOptions,
): readonly Deployment[] {
  const ours = candidates.filter((candidate): candidate is ArchiveCandidate =>
    isDcm4cheeKind(candidate.kind),
  );
  const roots = [...new Set(ours.map((candidate) => candidate.root))];
  const named = ours.filter((candidate) => candidate.named);
  const found = roots.flatMap((root) =>
    partition(
      root,
      ours.filter((candidate) => candidate.root === root && !candidate.named),
    ),
  );
  const together = named.length === 0 ? [] : partition(folderOf(named[0]?.source.path ?? ""), named);
  return [...together, ...found]
    .filter((group) => group.members.some(tellsOfArchive))
    .map((group) => hostDeployment(group, files, options));
}

/** Whether a file alone shows that dcm4chee, its directory or its identity provider runs. */
function tellsOfArchive(candidate: ArchiveCandidate): boolean {
  if (ownKinds.includes(candidate.kind)) return true;
  return !passive.includes(candidate.kind) && /dcm4che|pacsds/i.test(candidate.source.text.value);
}

interface Group {
  readonly id: string;
  readonly folder: string;
  readonly members: readonly ArchiveCandidate[];
}

/** One server where nothing is said twice, else folder by folder; alternatives beside each other share the rest. */
function partition(folder: string, members: readonly ArchiveCandidate[]): readonly Group[] {
  const [only] = members;
  if (only === undefined) return [];
  if (members.length === 1) return [{ id: only.source.path, folder: folderOf(only.source.path), members }];
  if (!hasAlternatives(members)) {
    const shared = commonFolder(members.map(({ source }) => folderOf(source.path)));
    return [{ id: shared, folder: shared, members }];
  }
  const direct = members.filter((member) => folderOf(member.source.path) === folder);
  const below = new Map<string, ArchiveCandidate[]>();
  for (const member of members) {
    if (direct.includes(member)) continue;
    const child = childOf(folder, member.source.path);
    below.set(child, [...(below.get(child) ?? []), member]);
  }
  return [
    ...alternatives(folder, direct),
    ...[...below].flatMap(([child, inside]) => partition(child, inside)),
  ];
}

/** The deepest folder above all of these. */
function commonFolder(folders: readonly string[]): string {
  const [first = "", ...others] = folders.map((folder) => (folder === "." ? [] : folder.split("/")));
  const steps = [...first];
  const shared = steps.findIndex((step, depth) => others.some((other) => other[depth] !== step));
  return (
    (shared < 0 ? steps : steps.slice(0, shared)).join("/") ||
    (folders[0]?.startsWith("/") === true ? "/" : ".")
  );
}

/** The folder right below `folder` on the way to a path. */
function childOf(folder: string, path: string): string {
  const prefix = folder === "." || folder === "" ? "" : `${folder.replace(/\/$/u, "")}/`;
  const rest = path.slice(prefix.length);
  return `${prefix}${rest.slice(0, Math.max(rest.indexOf("/"), 0))}`;
}

/** What a server has once: the archive's device, the file of WildFly, the connectors of JBoss, a realm of one name. */
function roleOf(candidate: ArchiveCandidate): string | undefined {
  const { kind } = candidate;
  const { value } = candidate.source.text;
  switch (kind) {
    case "wildfly-xml":
    case "jboss-server-xml":
    case "jboss-login-config":
    case "ldap-properties":
      return kind;
    case "keycloak-realm":
      return `realm ${/"realm"\s*:\s*"([^"]*)"/.exec(value)?.[1] ?? ""}`;
    case "dcm4chee-device-json":
      return /"dcmArchiveDevice"/.test(value) ? "archive" : undefined;
    case "dcm4chee-ldif":
      return /^objectClass::? *dcmArchiveDevice/im.test(value) ? "archive" : undefined;
    default:
      return undefined;
  }
}

function hasAlternatives(members: readonly ArchiveCandidate[]): boolean {
  const roles = members.map(roleOf).filter((role) => role !== undefined);
  return new Set(roles).size < roles.length;
}

/** Files of one folder: one server for each of those that exclude each other. */
function alternatives(folder: string, direct: readonly ArchiveCandidate[]): readonly Group[] {
  if (direct.length === 0) return [];
  if (!hasAlternatives(direct)) return partition(folder, direct);
  const roles = direct.map(roleOf);
  const isRival = (index: number): boolean =>
    roles[index] !== undefined && roles.filter((role) => role === roles[index]).length > 1;
  const shared = direct.filter((_, index) => !isRival(index));
  return direct
    .filter((_, index) => isRival(index))
    .map((rival) => ({ id: rival.source.path, folder, members: [rival, ...shared] }));
}

function hostDeployment(group: Group, files: Files, options: Dcm4cheeOptions): Deployment {
  const archive = group.members.some(({ kind }) => !/^(?:slapd|keycloak|ldap-)/.test(kind));
  const product = archive
    ? "dcm4chee"
    : group.members.some(({ kind }) => kind.startsWith("keycloak"))
      ? "keycloak"
      : "slapd";
  const service: Service = {
    name: product,
    product,
    version: archive
      ? hostVersion(group.members, options.dcm4cheeVersion)
      : { value: null, from: "assumed", candidates: ["0"], build: "other" },
    environment: options.environment,
    configuration: [{ path: group.id, form: "folder", files: group.members.map(({ source }) => source) }],
    workingDirectory: null,
    network: { kind: "host" },
    lookup: hostLookup(files, group.folder, options.onHost),
  };
  return {
    id: group.id,
    root: group.folder,
    form: "host",
    services: [service],
    files: group.members.map(({ source, kind }) => ({ source, kind, linkedTo: service.name })),
    problems: [],
    assumptions:
      service.version.value === null && archive && service.version.candidates.length > 1
        ? [
            "The release of dcm4chee is not known: every one from 5.28 on was considered. State it with --dcm4chee-version.",
          ]
        : [],
  };
}

/** A path as the server names it; the variables of WildFly's own folders lead to the folder of the configuration. */
function hostLookup(files: Files, folder: string, onHost: boolean): FileLookup {
  return (path, base) => {
    const full = isAbsolute(path) || base === null ? joinPath("", path) : joinPath(base, path);
    const visible = onHost || full.startsWith(`${folder}/`);
    if (visible && files.stat(full) !== undefined) return { state: "found", path: full };
    return { state: onHost ? "missing" : "unknown", path: full };
  };
}

/**
 * A device that no container is given, in a project whose archive has none: an administrator keeps it there to load it
 * into the directory himself, so that it says more of the archive than the one that the image brings along.
 */
export function withLooseDevice(deployment: Deployment, free: readonly Candidate[]): Deployment {
  const archives = deployment.services.filter(isArchiveWithoutDevice);
  const [archive] = archives;
  const prefix = deployment.root === "." ? "" : `${deployment.root}/`;
  const near = free.filter(
    (candidate): candidate is ArchiveCandidate =>
      isDcm4cheeKind(candidate.kind) && candidate.source.path.startsWith(prefix),
  );
  const devices = near.filter((candidate) => roleOf(candidate) === "archive");
  const [device] = devices;
  if (archive === undefined || device === undefined || archives.length > 1 || devices.length > 1)
    return deployment;
  const folder = folderOf(device.source.path);
  const loaded = near.filter(
    ({ kind, source }) =>
      source === device.source || (loose.includes(kind) && folderOf(source.path) === folder),
  );
  const configuration = [
    ...archive.configuration,
    ...loaded.map(({ source }) => ({ path: source.path, form: "file" as const, files: [source] })),
  ];
  return {
    ...deployment,
    services: deployment.services.map((service) =>
      service === archive ? { ...service, configuration } : service,
    ),
    files: [
      ...deployment.files,
      ...loaded.map(({ source, kind }) => ({ source, kind, linkedTo: archive.name })),
    ],
    assumptions: [
      ...deployment.assumptions,
      `${device.source.path} is taken for the device in the directory of ${archive.name}, though nothing here loads it.`,
    ],
  };
}

/** What is loaded together with a device that lies in the same folder. */
const loose: readonly Dcm4cheeKind[] = ["dcm4chee-ldif", "dcm4chee-users-ldif", "ldap-base-ldif"];

function isArchiveWithoutDevice({ product, container, configuration, environment }: Service): boolean {
  if (product !== "dcm4chee" || container === undefined) return false;
  if (environment.variables.get("WILDFLY_DEPLOY_UI")?.value.value === "only") return false;
  const kinds = configuration.flatMap(({ files }) =>
    files.map((file) => recogniseDcm4chee(file.text, file.path)),
  );
  return !kinds.some((kind) => kind === "dcm4chee-ldif" || kind === "dcm4chee-device-json");
}

/** What linking needs to open the files that containers are given. */
export interface LinkInput {
  readonly files: Files;
  readonly sources: Sources;
  readonly dcm4cheeVersion?: string;
}

/** Gives the services of a project that belong to an archive their files, their releases and each other. */
export function linkDcm4chee(services: readonly Service[], input: LinkInput): readonly Service[] {
  if (!services.some(isConcerned)) return services;
  const withFiles = services.map((service) => (isConcerned(service) ? configured(service, input) : service));
  return withFiles.map((service) => {
    if (!isConcerned(service)) return service;
    const partners = partnersOf(service, withFiles);
    const loaded = service.product === "dcm4chee" ? partners.flatMap(deviceFiles) : [];
    return { ...service, partners, configuration: [...service.configuration, ...loaded] };
  });
}

function isConcerned(service: Service): boolean {
  return service.container !== undefined && ["dcm4chee", "slapd", "keycloak"].includes(service.product);
}

/** What the directory loads of the archive's device and users; its own configuration stays its own. */
function deviceFiles(partner: Service): Service["configuration"] {
  return partner.product !== "slapd"
    ? []
    : partner.configuration.filter(({ files }) =>
        files.every((file) => recogniseDcm4chee(file.text, file.path)?.startsWith("dcm4chee-") === true),
      );
}

/** Which servers the start of one depends on, or that depend on it. */
const partnerProducts: Readonly<Partial<Record<Service["product"], readonly Service["product"][]>>> = {
  dcm4chee: ["slapd", "keycloak"],
  keycloak: ["dcm4chee", "slapd"],
  slapd: ["dcm4chee"],
};

/** An archive and its directory work together; the directory is found by the archive's LDAP_URL, or is the only one. */
function partnersOf(service: Service, services: readonly Service[]): readonly Service[] {
  const wanted = partnerProducts[service.product] ?? [];
  const found = services.filter((other) => other !== service && wanted.includes(other.product));
  const host = /^ldaps?:\/\/([^:/]+)/.exec(
    service.environment.variables.get("LDAP_URL")?.value.value ?? "ldap://ldap",
  )?.[1];
  const answers = (other: Service): boolean =>
    other.network.kind === "container" && host !== undefined && other.network.names.includes(host);
  const named = found.filter((other) => other.product === "slapd" && answers(other));
  return service.product !== "dcm4chee" || named.length === 0
    ? found
    : found.filter((other) => other.product !== "slapd" || named.includes(other));
}

function configured(service: Service, input: LinkInput): Service {
  const mounted = (service.container?.files ?? []).flatMap((file) => mountedSources(file, input));
  const taken = service.product === "dcm4chee" ? withSelectedXml(service, mounted) : mounted;
  const release =
    service.product === "dcm4chee" && service.version.value === null
      ? containerVersion(service, input)
      : service.version;
  return {
    ...service,
    version: release,
    configuration: taken.map(({ target, source }) => ({ path: target, form: "file", files: [source] })),
  };
}

/** An image whose tag names no release may be any; 2.x images have one only. */
function containerVersion(service: Service, input: LinkInput): VersionInfo {
  if (service.container?.recognised?.id === "dcm4chee-2")
    return { value: "2.18.3", from: "image", candidates: ["2.18.3"], build: "image" };
  const { value, candidates } = dcm4cheeVersion(input.dcm4cheeVersion);
  return { value, from: value === null ? "image" : "flag", candidates, build: "image" };
}

interface Mounted {
  readonly target: string;
  readonly source: SourceFile;
  readonly kind: Dcm4cheeKind;
}

/** The files of the archive's kinds that a mount puts into a container. */
function mountedSources(file: ContainerFile, input: LinkInput): readonly Mounted[] {
  const { content, target } = file;
  if (content.type === "file") return known(target, content.path, input);
  if (content.type === "text") return written(target, content.text);
  if (content.type !== "folder") return [];
  return filesBelow(content.path, input.files, 8).flatMap((path) =>
    known(joinPath(target, path.slice(content.path.length).replace(/^\/+/u, "")), path, input),
  );
}

function known(target: string, path: string, input: LinkInput): readonly Mounted[] {
  const opened = input.sources.open(path);
  if (!opened.ok) return [];
  const kind = recogniseDcm4chee(opened.source.text, path);
  return kind === undefined || passive.includes(kind) ? [] : [{ target, source: opened.source, kind }];
}

/** What a manifest itself writes into a file. */
function written(target: string, text: Text): readonly Mounted[] {
  const kind = recogniseDcm4chee(text, target);
  const source: SourceFile = {
    path: target,
    text,
    encoding: "utf-8",
    sha256: "",
    lines: lineStarts(text.value),
  };
  return kind === undefined || passive.includes(kind) ? [] : [{ target, source, kind }];
}

/** Names that configuration has; a volume of images or of a database is not opened file by file. */
const readable = /\.(?:ldif|json|xml|properties|conf)$/i;

function filesBelow(folder: string, files: Files, depth: number): readonly string[] {
  if (depth === 0) return [];
  return (files.list(folder) ?? []).flatMap((name) => {
    const path = joinPath(folder, name);
    const kind = files.stat(path)?.kind;
    if (kind === "directory") return filesBelow(path, files, depth - 1);
    return kind === "file" && readable.test(name) ? [path] : [];
  });
}

/** Of several files of WildFly the start script takes one, by the variant (setenv.sh of dcm4chee-arc-psql). */
function withSelectedXml(service: Service, mounted: readonly Mounted[]): readonly Mounted[] {
  const wanted = selectedXml(service);
  return mounted.filter(
    ({ kind, target }) => kind !== "wildfly-xml" || wanted === undefined || baseName(target) === wanted,
  );
}

/** The file that the container starts with: `-c` of its command, else the one of the variant; undefined: not known. */
function selectedXml(service: Service): string | undefined {
  const words = service.container?.command?.map(({ value }) => value) ?? [];
  const option = words.findIndex((word) => word === "-c" || word.startsWith("--server-config"));
  const given = option < 0 ? undefined : (/=(.+)$/.exec(words[option] ?? "")?.[1] ?? words[option + 1]);
  if (given !== undefined) return baseName(given);
  const variant = service.container?.recognised?.variant;
  if (variant === undefined || isUnknown(variant)) return undefined;
  const set = (name: string): string | undefined => service.environment.variables.get(name)?.value.value;
  const ui = set("WILDFLY_DEPLOY_UI") === "only" ? "-ui" : "";
  const oidc = /secure/.test(variant ?? "") && set("WILDFLY_ADMIN_OIDC") !== "false" ? "-oidc" : "";
  const logstash = set("LOGSTASH_HOST") === undefined ? "" : "-logstash";
  return `dcm4chee-arc${ui}${oidc}${logstash}.xml`;
}

/** The files that a project's archive reads, for the list of files of its deployment. */
export function linkedFiles(services: readonly Service[]): readonly FileUse[] {
  return services.flatMap((service) =>
    isConcerned(service)
      ? service.configuration.flatMap(({ files }) =>
          files
            .filter(({ sha256 }) => sha256 !== "")
            .map(
              (source): FileUse => ({
                source,
                kind: recogniseDcm4chee(source.text, source.path) ?? "unknown",
                linkedTo: service.name,
              }),
            ),
        )
      : [],
  );
}
