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
  const candidates: Candidate[] = [];
  const skipped: Skipped[] = [];
  const visited = new Set<string>();
  const seen = new Set<string>();

  function visitFile(path: string, root: string, named: boolean): void {
    if (seen.has(path)) return;
    seen.add(path);
    const opened = sources.open(path);
    if (!opened.ok) {
      if (named || opened.reason !== "binary") skipped.push(skippedFile(path, opened, named));
      return;
    }
    const recognised = recognise(opened.source, named);
    candidates.push({ source: opened.source, root, named, ...recognised });
    if (writes(recognised)) candidates.push(...embeddedCandidates(opened.source, root, sources));
  }

  function visitFolder(path: string, root: string, depth: number): void {
    const stat = files.stat(path);
    if (stat === undefined) return;
    if (visited.has(stat.identity)) {
      skipped.push({
        path,
        kind: "skipped",
        message: "it leads to a folder that is read already",
        named: false,
      });
      return;
    }
    visited.add(stat.identity);
    const names = files.list(path);
    if (names === undefined) {
      skipped.push({ path, kind: "unreadable", message: "the folder cannot be listed", named: depth === 0 });
      return;
    }
    if (depth > maximumDepth) {
      skipped.push({
        path,
        kind: "limit",
        message: `folders deeper than ${maximumDepth} levels are not entered`,
        named: false,
      });
      return;
    }
    for (const name of names) {
      const child = joinPath(path, name);
      if (copy.test(name)) continue;
      const kind = files.stat(child)?.kind;
      if (kind === "directory" && !ignoredFolders.has(name)) visitFolder(child, root, depth + 1);
      else if (!accepts(child)) continue;
      else if (kind === "file" && plausible.test(name)) visitFile(child, root, false);
      else if (kind === "special" && plausible.test(name))
        skipped.push({ path: child, kind: "skipped", message: "it is not a regular file", named: false });
      else if (kind === undefined && plausible.test(name)) visitUnseen(child);
    }
  }

  /** It is listed and cannot be looked at: a link to nowhere, or to a place that may not be read. */
  function visitUnseen(path: string): void {
    const read = files.read(path);
    if (!read.ok && read.reason !== "absent")
      skipped.push({ path, kind: "skipped", message: read.message, named: false });
  }

  for (const path of paths) {
    const clean = joinPath("", path);
    const kind = files.stat(clean)?.kind;
    if (kind === undefined)
      skipped.push({ path: clean, kind: "unreadable", message: whyAbsent(clean, files), named: true });
    else if (kind === "directory") visitFolder(clean, clean, 0);
    else if (kind === "file") visitFile(clean, clean, true);
    else
      skipped.push({
        path: clean,
        kind: "unreadable",
        message: "it is not a regular file (a pipe, a socket or a device)",
        named: true,
      });
  }
  return { candidates, skipped };
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
