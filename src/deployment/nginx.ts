/** nginx on a host: which of the files that no container takes belong to one server, and whom it stands beside. */
import { unknown } from "../facts/unknown.ts";
import type { Candidate } from "../sources/discover.ts";
import { baseName, type Files, folderOf, isAbsolute, joinPath } from "../sources/files.ts";
import { type NginxDirective, readNginx } from "../sources/nginx.ts";
import { contentOf } from "../sources/templates.ts";
import type { Container, Deployment, Environment, FileLookup, FileUse, Service } from "./model.ts";

/** What the user says about a host. */
export interface NginxOptions {
  readonly environment: Environment;
  /** The run is on the server: what is not on this disk is missing there. */
  readonly onHost: boolean;
}

/** One nginx on a host, with its files. */
export interface NginxHost {
  /** The file that it starts from, or the first of those that its main file would include. */
  readonly first: Candidate;
  /** The folder that stands for /etc/nginx. */
  readonly home: string;
  /** What it reads, in the order in which it is included; and what these include. */
  readonly mains: readonly Candidate[];
  readonly included: readonly Candidate[];
}

/** Whether nginx's own configuration is put into a container, whatever its image is called. */
export function takesNginx({ files }: Container): boolean {
  return files.some(({ target }) =>
    /^\/(?:etc\/nginx|usr\/local\/openresty\/nginx|opt\/bitnami\/nginx|config\/nginx)(?:\/|$)/u.test(target),
  );
}

/** The servers that the files make. */
export function nginxHosts(candidates: readonly Candidate[], files: Files): readonly NginxHost[] {
  const own = candidates.filter(({ kind }) => kind === "nginx").map(readFile);
  const mains = own.filter(isMain).map((one) => hostOf(one, [one], folderOf(one.path), own, files));
  const taken = new Set(mains.flatMap(({ mains: [main], included }) => [main, ...included]));
  const homes = new Set(mains.map(({ home }) => home));
  const free = own.filter(({ candidate, path }) => !taken.has(candidate) && !homes.has(homeOf(path) ?? ""));
  const groups = groupByHome(free.filter((one) => !isIncluded(one, free, files)));
  return [...mains, ...groups.flatMap((group) => groupHost(group, own, files))];
}

interface NginxFile {
  readonly candidate: Candidate;
  readonly path: string;
  readonly directives: readonly NginxDirective[];
}

function readFile(candidate: Candidate): NginxFile {
  return {
    candidate,
    path: candidate.source.path,
    directives: readNginx(contentOf(candidate.source)).directives,
  };
}

function isMain({ directives }: NginxFile): boolean {
  return directives.some(({ name }) => ["http", "events", "stream"].includes(name));
}

/** Folders below /etc/nginx whose files a main file includes. */
const partFolders =
  /^(?:conf|http|stream|default)\.d$|^(?:sites|streams|stream)-(?:enabled|available)$|^snippets$|^site-confs$/u;

/** The folder that stands for /etc/nginx, where a file lies in one of the usual folders below it. */
function homeOf(path: string): string | undefined {
  const folder = folderOf(path);
  return partFolders.test(baseName(folder)) ? folderOf(folder) : undefined;
}

function groupByHome(files: readonly NginxFile[]): readonly (readonly NginxFile[])[] {
  const groups = new Map<string, NginxFile[]>();
  for (const file of files) {
    const key = homeOf(file.path) ?? `file ${file.path}`;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [file]);
    else group.push(file);
  }
  return [...groups.values()];
}

/** What a main file that is not here would include: sites that are enabled, not those that are merely there. */
function groupHost(
  group: readonly NginxFile[],
  all: readonly NginxFile[],
  files: Files,
): readonly NginxHost[] {
  const inFolder = (name: RegExp) => group.filter(({ path }) => name.test(baseName(folderOf(path))));
  const enabled = group.filter((file) => !inFolder(/^snippets$|-available$/u).includes(file));
  const active = enabled.length > 0 ? enabled : inFolder(/-available$/u);
  const [first] = active;
  return first === undefined
    ? []
    : [hostOf(first, active, homeOf(first.path) ?? folderOf(first.path), all, files)];
}

function hostOf(
  first: NginxFile,
  mains: readonly NginxFile[],
  home: string,
  all: readonly NginxFile[],
  files: Files,
): NginxHost {
  const included = new Set(mains.flatMap((main) => includesOf(main, home, all, files, 0)));
  return {
    first: first.candidate,
    home,
    mains: mains.map(({ candidate }) => candidate),
    included: [...included].map(({ candidate }) => candidate),
  };
}

function isIncluded(file: NginxFile, all: readonly NginxFile[], files: Files): boolean {
  return all.some(
    (other) =>
      other !== file &&
      includesOf(other, homeOf(other.path) ?? folderOf(other.path), all, files, 0).includes(file),
  );
}

const depthLimit = 5;

function includesOf(
  file: NginxFile,
  home: string,
  all: readonly NginxFile[],
  files: Files,
  depth: number,
): readonly NginxFile[] {
  if (depth > depthLimit) return [];
  const named = allDirectives(file.directives).flatMap(({ name, args: [path] }) =>
    name === "include" && path !== undefined ? [localPath(path.text.value, home)] : [],
  );
  const found = all.filter((other) => other !== file && named.some((path) => matches(path, other.path)));
  return [...found, ...found.flatMap((other) => includesOf(other, home, all, files, depth + 1))];
}

function allDirectives(directives: readonly NginxDirective[]): readonly NginxDirective[] {
  return directives.flatMap((directive) => [directive, ...allDirectives(directive.block ?? [])]);
}

function localPath(path: string, home: string): string {
  if (!isAbsolute(path)) return joinPath(home, path);
  return path.startsWith("/etc/nginx/") ? joinPath(home, path.slice("/etc/nginx/".length)) : path;
}

function matches(pattern: string, path: string): boolean {
  if (!/[*?]/u.test(pattern)) return pattern === path;
  const source = pattern
    .replaceAll(/[.+^${}()|[\]\\]/gu, "\\$&")
    .replaceAll("*", "[^/]*")
    .replaceAll("?", "[^/]");
  return new RegExp(`^${source}$`, "u").test(path);
}

/**
 * The deployments, with each nginx beside the servers that it probably stands in front of: those that lie nearest to it
 * in the same argument. One without any is a deployment of its own.
 */
export function placeNginx(
  hosts: readonly NginxHost[],
  deployments: readonly Deployment[],
  candidates: readonly Candidate[],
  { files, options }: { readonly files: Files; readonly options: NginxOptions },
): readonly Deployment[] {
  const byPath = new Map(candidates.map((candidate) => [candidate.source.path, candidate]));
  const partners = new Map(hosts.map((host) => [host, nearest(host, deployments, byPath)]));
  const joined = deployments.map((deployment) => {
    const own = hosts.filter((host) => partners.get(host)?.includes(deployment));
    return withNginx(deployment, own, files, options);
  });
  const alone = hosts.filter((host) => partners.get(host)?.length === 0);
  return [...joined, ...alone.map((host) => aloneDeployment(host, files, options))];
}

function nearest(
  host: NginxHost,
  deployments: readonly Deployment[],
  byPath: ReadonlyMap<string, Candidate>,
): readonly Deployment[] {
  const ranked = deployments
    .filter((deployment) =>
      deployment.files.some(({ source }) => togetherWith(host.first, byPath.get(source.path))),
    )
    .map((deployment) => ({
      deployment,
      shared: Math.max(
        ...deployment.files.map(({ source }) => sharedDepth(source.path, host.first.source.path)),
      ),
    }));
  const best = Math.max(...ranked.map(({ shared }) => shared));
  const near = ranked.filter(({ shared }) => shared === best).map(({ deployment }) => deployment);
  // Alternatives lie in one folder; servers in several folders may be on any host.
  return new Set(near.map(({ root }) => root)).size === 1 ? near : [];
}

function togetherWith(nginx: Candidate, other: Candidate | undefined): boolean {
  return other !== undefined && (other.root === nginx.root || (other.named && nginx.named));
}

function sharedDepth(left: string, right: string): number {
  const other = folderOf(right).split("/");
  const own = folderOf(left).split("/");
  const differs = own.findIndex((part, index) => part !== other[index]);
  return differs === -1 ? own.length : differs;
}

/** A deployment with these servers added. */
export function withNginx(
  deployment: Deployment,
  hosts: readonly NginxHost[],
  files: Files,
  options: NginxOptions,
): Deployment {
  if (hosts.length === 0) return deployment;
  const taken = new Set(deployment.services.map(({ name }) => name));
  const added = hosts.map((host) => {
    const plain = hosts.length === 1 && !taken.has("nginx");
    return {
      host,
      service: serviceOf(host, plain ? "nginx" : `nginx ${host.first.source.path}`, files, options),
    };
  });
  return {
    ...deployment,
    services: [...deployment.services, ...added.map(({ service }) => service)],
    files: [...deployment.files, ...added.flatMap(({ host, service }) => filesOf(host, service.name))],
    assumptions: [...deployment.assumptions, ...hosts.flatMap((host) => takenFor(host, deployment))],
  };
}

function takenFor({ first }: NginxHost, { services, root }: Deployment): readonly string[] {
  const [partner] = services;
  if (partner === undefined || folderOf(first.source.path) === root) return [];
  return [`nginx (${first.source.path}) is taken to run on the host of ${partner.name}.`];
}

function aloneDeployment(host: NginxHost, files: Files, options: NginxOptions): Deployment {
  const empty: Deployment = {
    id: host.first.source.path,
    root: folderOf(host.first.source.path),
    form: "host",
    services: [],
    files: [],
    problems: [],
    assumptions: [],
  };
  return withNginx(empty, [host], files, options);
}

function filesOf(host: NginxHost, name: string): readonly FileUse[] {
  return [...host.mains, ...host.included].map(({ source, kind }) => ({ source, kind, linkedTo: name }));
}

function serviceOf(host: NginxHost, name: string, files: Files, options: NginxOptions): Service {
  return {
    name,
    product: "nginx",
    version: {
      value: null,
      from: "assumed",
      candidates: ["0"],
      build: unknown("input", "it is not known who built the server"),
    },
    environment: options.environment,
    configuration: host.mains.map(({ source }) => ({ path: source.path, form: "file", files: [source] })),
    workingDirectory: host.home,
    network: { kind: "host" },
    lookup: lookupIn(host.home, files, options.onHost),
  };
}

/** Files of this disk count where they are those of the server. */
function lookupIn(home: string, files: Files, onHost: boolean): FileLookup {
  return (path) => {
    const seen = onHost || !isAbsolute(path) || path === home || path.startsWith(`${home}/`);
    if (seen && files.stat(path) !== undefined) return { state: "found", path };
    return { state: onHost ? "missing" : "unknown", path };
  };
}
