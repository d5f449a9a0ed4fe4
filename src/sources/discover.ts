/** Finds the files of a run below the paths that were given, each once. */
import type { Files } from "./files.ts";
import { joinPath } from "./files.ts";
import { type Recognised, recognise } from "./recognise.ts";
import { holderOf, type Opened, type SourceFile, type Sources } from "./source.ts";
import { embeddedIn } from "./wrappers.ts";

/** A file that was read and recognised. */
export interface Candidate extends Recognised {
  readonly source: SourceFile;
  /** The path of the command line below which it was found. */
  readonly root: string;
  /** It was named itself. */
  readonly named: boolean;
}

/** A path that gave nothing, and why. */
export interface Skipped {
  readonly path: string;
  readonly kind: "unreadable" | "skipped" | "limit";
  readonly message: string;
  /** The user named it, so that the run is not complete without it. */
  readonly named: boolean;
}

/** What the named paths hold. */
export interface Discovery {
  readonly candidates: readonly Candidate[];
  readonly skipped: readonly Skipped[];
}

/** Folders that never hold a deployment, and are large. */
const ignoredFolders = new Set(["node_modules", ".git", ".hg", ".svn", "__pycache__", ".venv", "vendor"]);

/** Files that may be configuration, by name. */
const plausible =
  /\.(?:json|jsonc|ya?ml|env|conf|cfg|ini|xml|ldif|properties|cli|service|tmpl|template|example|sample|dist|tpl|j2|jinja2?|erb|in|mustache|hbs|toml|caddy|caddyfile|lua|local|default|tf|hcl|sh|bash|pp|rb|bat|cmd|ps1)$|^(?:\.env.*|dockerfile.*|caddyfile.*|.*compose.*|nginx.*|haproxy.*)$|service(?:=|%3D)|^[^.]+$/iu;

/** Copies that people, editors and `pacslint fix --backup` keep: no server reads them. */
const copy = /(?:[._-](?:bak|bkp|bck|backup|old|orig|save|saved|broken|disabled|off|swp)(?:[._-]?\d+)*|~)$/iu;

const maximumDepth = 24;

/** Walks the paths. A folder is entered once, whatever links lead to it. What was named is read whatever is accepted. */
export function discover(
  paths: readonly string[],
  files: Files,
  sources: Sources,
  accepts: (path: string) => boolean = () => true,
): Discovery {
  const walk: Walk = {
    files,
    sources,
    accepts,
    candidates: [],
    skipped: [],
    folders: new Set(),
    seen: new Set(),
  };
  for (const path of paths) visitNamed(walk, joinPath("", path));
  return { candidates: walk.candidates, skipped: walk.skipped };
}

/** A walk under way. */
interface Walk {
  readonly files: Files;
  readonly sources: Sources;
  readonly accepts: (path: string) => boolean;
  readonly candidates: Candidate[];
  readonly skipped: Skipped[];
  /** Identities of the folders that were entered. */
  readonly folders: Set<string>;
  /** Paths of the files that were looked at. */
  readonly seen: Set<string>;
}

function visitNamed(walk: Walk, path: string): void {
  const kind = walk.files.stat(path)?.kind;
  if (kind === "directory") visitFolder(walk, path, path, 0);
  else if (kind === "file") visitFile(walk, path, path, true);
  else {
    const message =
      kind === undefined
        ? whyAbsent(path, walk.files)
        : "it is not a regular file (a pipe, a socket or a device)";
    walk.skipped.push({ path, kind: "unreadable", message, named: true });
  }
}

function visitFile(walk: Walk, path: string, root: string, named: boolean): void {
  if (walk.seen.has(path)) return;
  walk.seen.add(path);
  const opened = walk.sources.open(path);
  if (!opened.ok) {
    if (named || opened.reason !== "binary") walk.skipped.push(skippedFile(path, opened, named));
    return;
  }
  const recognised = recognise(opened.source, named);
  walk.candidates.push({ source: opened.source, root, named, ...recognised });
  if (writes(recognised)) walk.candidates.push(...embeddedCandidates(opened.source, root, walk.sources));
}

function visitFolder(walk: Walk, path: string, root: string, depth: number): void {
  const stat = walk.files.stat(path);
  if (stat === undefined) return;
  const skip = (kind: Skipped["kind"], message: string, named = false): void => {
    walk.skipped.push({ path, kind, message, named });
  };
  if (walk.folders.has(stat.identity)) {
    skip("skipped", "it leads to a folder that is read already");
    return;
  }
  walk.folders.add(stat.identity);
  const names = walk.files.list(path);
  if (names === undefined) {
    skip("unreadable", "the folder cannot be listed", depth === 0);
    return;
  }
  if (depth > maximumDepth) {
    skip("limit", `folders deeper than ${maximumDepth} levels are not entered`);
    return;
  }
  for (const name of names) if (!copy.test(name)) visitChild(walk, path, name, { root, depth });
}

function visitChild(
  walk: Walk,
  folder: string,
  name: string,
  { root, depth }: { readonly root: string; readonly depth: number },
): void {
  const path = joinPath(folder, name);
  const kind = walk.files.stat(path)?.kind;
  if (kind === "directory" && !ignoredFolders.has(name)) visitFolder(walk, path, root, depth + 1);
  if (kind === "directory" || !walk.accepts(path) || !plausible.test(name)) return;
  if (kind === "file") visitFile(walk, path, root, false);
  else if (kind === "special")
    walk.skipped.push({ path, kind: "skipped", message: "it is not a regular file", named: false });
  else visitUnseen(walk, path);
}

/** It is listed and cannot be looked at: a link to nowhere, or to a place that may not be read. */
function visitUnseen({ files, skipped }: Walk, path: string): void {
  const read = files.read(path);
  if (!read.ok && read.reason !== "absent")
    skipped.push({ path, kind: "skipped", message: read.message, named: false });
}

/** What was found before, looked at again where it was edited, without walking any folder; `files`: only these. */
export function discoverAgain(
  { candidates, skipped }: Discovery,
  sources: Sources,
  files?: ReadonlySet<string>,
): Discovery {
  const wanted = candidates.filter(({ source }) => files === undefined || files.has(holderOf(source.path)));
  const again = wanted.flatMap((candidate): readonly Candidate[] => {
    const { source, root, named } = candidate;
    if (holderOf(source.path) !== source.path) return sources.get(source.path) === source ? [candidate] : [];
    const opened = sources.open(source.path);
    if (!opened.ok) return [];
    if (opened.source === source) return [candidate];
    const recognised = recognise(opened.source, named);
    const own = { source: opened.source, root, named, ...recognised };
    return writes(recognised) ? [own, ...embeddedCandidates(own.source, root, sources)] : [own];
  });
  return { candidates: again, skipped };
}

/** A script that starts containers may write files for them. */
function writes({ kind }: Recognised): boolean {
  return kind === "unknown" || kind === "commands";
}

/** The files that a file writes, as far as they are known for something. */
function embeddedCandidates(holder: SourceFile, root: string, sources: Sources): readonly Candidate[] {
  return embeddedIn(holder).flatMap(({ name, text }): readonly Candidate[] => {
    const source = sources.embed(holder, name, text);
    const recognised = recognise(source, false);
    return recognised.kind === "unknown" ? [] : [{ source, root, named: false, ...recognised }];
  });
}

/** A link that leads nowhere, a forbidden folder, or nothing at all. */
function whyAbsent(path: string, files: Files): string {
  const read = files.read(path);
  return read.ok || read.reason === "absent" ? "there is no such file or folder" : read.message;
}

function skippedFile(path: string, opened: Extract<Opened, { ok: false }>, named: boolean): Skipped {
  const kind = opened.reason === "too-large" ? "limit" : "unreadable";
  return { path, kind, message: opened.message, named };
}
