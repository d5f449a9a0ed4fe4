/** Archives on hosts: which of the files that no container takes make which server. */
import { isDcm4cheeKind } from "../../sources/dcm4chee-kinds.ts";
import type { Candidate } from "../../sources/discover.ts";
import { type Files, folderOf, isAbsolute, joinPath } from "../../sources/files.ts";
import type { Deployment, Environment, FileLookup, Service } from "../model.ts";
import { roleOf, tellsOfArchive } from "./kinds.ts";
import { type ArchiveCandidate, hostVersion } from "./release.ts";

/** What the user says about archives. */
export interface Dcm4cheeOptions {
  readonly environment: Environment;
  /** The run is on the server: what is not on this disk is missing there. */
  readonly onHost: boolean;
  /** A release such as "5.35.1", with the variant of the image where it matters: "5.35.1-secure". */
  readonly dcm4cheeVersion?: string;
}

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

/** The archive, where anything is its own; else what stands beside it. */
function productOf(members: readonly ArchiveCandidate[]): Service["product"] {
  if (members.some(({ kind }) => !/^(?:slapd|keycloak|ldap-)/.test(kind))) return "dcm4chee";
  return members.some(({ kind }) => kind.startsWith("keycloak")) ? "keycloak" : "slapd";
}

function hostDeployment(group: Group, files: Files, options: Dcm4cheeOptions): Deployment {
  const product = productOf(group.members);
  const archive = product === "dcm4chee";
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
