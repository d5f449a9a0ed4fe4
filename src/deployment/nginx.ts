/** nginx on a host: which of the files that no container takes belong to one server. */
import type { Candidate } from "../sources/discover.ts";
import { baseName, type Files, folderOf, isAbsolute, joinPath } from "../sources/files.ts";
import { type NginxDirective, readNginx } from "../sources/nginx.ts";
import { contentOf } from "../sources/templates.ts";
import type { ProxyHost } from "./proxies.ts";

/** The servers that the files make. */
export function nginxHosts(candidates: readonly Candidate[], files: Files): readonly ProxyHost[] {
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
): readonly ProxyHost[] {
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
): ProxyHost {
  const included = new Set(mains.flatMap((main) => includesOf(main, home, all, files, 0)));
  return {
    product: "nginx",
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
