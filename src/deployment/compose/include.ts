/** `include`: other projects whose services, networks and so on become part of this one; after compose-go's include.go (2.4). */
import { folderOf, isAbsolute, joinPath } from "../../sources/files.ts";
import type { Member, ObjectTree, Tree } from "../../sources/tree.ts";
import type { Located } from "../../text/text.ts";
import { withEnvFiles } from "./environment.ts";
import { notice, refusal } from "./problems.ts";
import type { PathBase } from "./resolve-paths.ts";
import { isRemote, relativeFolder, type Scope } from "./scope.ts";
import { holeOf, objectTree, printed, valueAt, withMember, withoutMember } from "./trees.ts";

/** Loads the files of a scope; passed in, because loading and including call each other. */
export type LoadFiles = (paths: readonly string[], scope: Scope, base: PathBase) => ObjectTree;

interface Inclusion {
  readonly where: Located;
  readonly paths: readonly string[];
  readonly folder: string | undefined;
  readonly envFiles: readonly string[];
}

const sections = ["services", "volumes", "networks", "secrets", "configs"];

/** The tree with everything that it includes, and without its `include`. */
export function applyInclude(tree: Tree, scope: Scope, load: LoadFiles): Tree {
  const include = valueAt(tree, "include");
  if (tree.kind !== "object" || include === undefined) return tree;
  let result = withoutMember(tree, "include");
  if (include.kind !== "array") {
    if (include.kind !== "null") scope.report(refusal("syntax", "include must be a list", include));
    return result;
  }
  for (const item of include.items) {
    const inclusion = readInclusion(item, scope);
    if (inclusion === undefined) continue;
    const imported = loadInclusion(inclusion, scope, load);
    if (imported !== undefined) result = importAll(imported, result, scope, inclusion.where);
  }
  return result;
}

function readInclusion(item: Tree, scope: Scope): Inclusion | undefined {
  const paths = texts(item.kind === "object" ? valueAt(item, "path") : item);
  if (paths === undefined || paths.length === 0) {
    scope.report(
      refusal(item.kind === "string" ? "unresolved" : "syntax", "what is included is not known", item),
    );
    return undefined;
  }
  const remote = paths.find(isRemote);
  if (remote !== undefined) {
    scope.report(notice("skipped", `${remote} is not on this machine and is never fetched`, item));
    return undefined;
  }
  const folder = texts(valueAt(item, "project_directory"))?.[0];
  return { where: item, paths, folder, envFiles: texts(valueAt(item, "env_file")) ?? [] };
}

function texts(tree: Tree | undefined): readonly string[] | undefined {
  if (tree === undefined || tree.kind === "null") return undefined;
  const found = (tree.kind === "array" ? tree.items : [tree]).map((item) => printed(item));
  const known = found.flatMap((text) =>
    text === undefined || holeOf(text) !== undefined ? [] : [text.value],
  );
  return known.length === found.length ? known : undefined;
}

function loadInclusion(inclusion: Inclusion, scope: Scope, load: LoadFiles): ObjectTree | undefined {
  const paths = inclusion.paths.map((path) => joinPath(scope.folder, path));
  const main = paths[0] ?? "";
  if (scope.trail.includes(main)) {
    scope.report(refusal("syntax", `${main} includes itself`, inclusion.where));
    return undefined;
  }
  const given = inclusion.folder;
  const folder =
    given === undefined ? folderOf(main) : isAbsolute(given) ? given : joinPath(scope.folder, given);
  const own = joinPath(folder, ".env");
  const hasOwn = !("missing" in scope.readText(own));
  const envFiles =
    inclusion.envFiles.length > 0
      ? inclusion.envFiles.map((file) => joinPath(scope.folder, file))
      : hasOwn
        ? [own]
        : [];
  const environment = withEnvFiles(scope.environment, envFiles, scope.readText, scope.report);
  const inner: Scope = {
    ...scope,
    folder,
    environment,
    bases: new Map(),
    report: (problem) => scope.report({ where: inclusion.where, ...problem }),
  };
  return load(paths, inner, { folder: relativeFolder(scope.folder, folder), home: scope.home });
}

/** What both have must be the same; everything else is added. */
function importAll(imported: ObjectTree, into: ObjectTree, scope: Scope, where: Located): ObjectTree {
  let result = into;
  for (const section of sections) {
    const added = valueAt(imported, section);
    if (added?.kind !== "object") continue;
    const present = valueAt(result, section);
    const members = new Map<string, Member>(
      present?.kind === "object" ? present.members.map((one) => [one.key, one]) : [],
    );
    for (const one of added.members) {
      const known = members.get(one.key);
      if (known === undefined) members.set(one.key, one);
      else if (!sameContent(known.value, one.value)) {
        scope.report(refusal("syntax", `${section}.${one.key} conflicts with what is included`, known.keyAt));
      }
    }
    result = withMember(result, section, objectTree([...members.values()], present ?? where));
  }
  return result;
}

function sameContent(a: Tree, b: Tree): boolean {
  if (a.kind === "object" && b.kind === "object") {
    const others = new Map(b.members.map((one) => [one.key, one.value]));
    return (
      a.members.length === b.members.length &&
      a.members.every((one) => {
        const other = others.get(one.key);
        return other !== undefined && sameContent(one.value, other);
      })
    );
  }
  if (a.kind === "array" && b.kind === "array") {
    return (
      a.items.length === b.items.length &&
      a.items.every((item, index) => {
        const other = b.items[index];
        return other !== undefined && sameContent(item, other);
      })
    );
  }
  return a.kind === b.kind && printed(a)?.value === printed(b)?.value;
}
