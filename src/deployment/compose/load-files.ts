/** Reads compose files and lays them over each other, as compose-go's loader does (2.4). */
import { folderOf, joinPath } from "../../sources/files.ts";
import type { ObjectTree, Tree } from "../../sources/tree.ts";
import { readYaml } from "../../sources/yaml.ts";
import type { Located } from "../../text/text.ts";
import { canonical, withDefaults } from "./canonical.ts";
import { composeShape } from "./compose-shape.ts";
import { lookupIn } from "./environment.ts";
import { applyExtends, type BaseFile } from "./extends.ts";
import { applyInclude } from "./include.ts";
import { interpolate } from "./interpolate.ts";
import { mergeFiles } from "./merge.ts";
import { notice, refusal } from "./problems.ts";
import { applyResets, type ResetPaths, splitTags } from "./reset.ts";
import { resolveFromEnvironment } from "./resolve-environment.ts";
import { type PathBase, resolvePaths } from "./resolve-paths.ts";
import { isRemote, relativeFolder, type Scope } from "./scope.ts";
import { checkShape } from "./shape.ts";
import { kindName, objectTree, valueAt, withoutMember } from "./trees.ts";
import { enforceUnicity } from "./unique.ts";
import { checkMounts, checkResources } from "./validate.ts";

/** Loads files, each over the ones before, in the long form with defaults; paths start at the scope's folder. */
export function loadFiles(paths: readonly string[], scope: Scope, base: PathBase): ObjectTree {
  let tree: Tree = objectTree([], { at: { file: paths[0] ?? "", start: 0, end: 0 } });
  for (const path of paths) tree = loadFile(path, tree, scope, true).tree;
  const complete = withDefaults(tree, scope.report);
  checkResources(complete, scope.report);
  checkMounts(complete, scope.report);
  const resolved = resolveFromEnvironment(resolvePaths(complete, base), scope.environment);
  return resolved.kind === "object" ? resolved : objectTree([], resolved);
}

/** A project of more files than this is none. */
const maximumFiles = 1_000;

interface LoadedFile {
  readonly tree: Tree;
  readonly resets: readonly ResetPaths[];
}

/** One file over what came before; `whole` is false for a file from which only services are taken. */
function loadFile(path: string, before: Tree, scope: Scope, whole: boolean, where?: Located): LoadedFile {
  if (isRemote(path)) {
    scope.report(notice("skipped", `${path} is not on this machine and is never fetched`, where));
    return { tree: before, resets: [] };
  }
  if (++scope.loaded.files > maximumFiles) {
    scope.report(refusal("syntax", `more than ${maximumFiles} files are included or extended`, where));
    return { tree: before, resets: [] };
  }
  const given = scope.documents?.get(path);
  if (given !== undefined) {
    scope.seen(path);
    return { tree: enforceUnicity(canonical(given, scope.report), scope.report), resets: [] };
  }
  const text = scope.readText(path);
  if ("missing" in text) {
    scope.report(refusal("missing-file", `${path} cannot be read: ${text.missing}`, where));
    return { tree: before, resets: [] };
  }
  scope.seen(path);
  const yaml = readYaml(text);
  for (const error of [...yaml.errors, ...yaml.typedKeys])
    scope.report({
      ...refusal("syntax", `not valid YAML, often for a wrong indentation: ${error.message}`, error),
      notYaml: true,
    });
  let tree = before;
  const resets: ResetPaths[] = [];
  for (const document of yaml.documents) {
    const tagged = splitTags(document, yaml.tags);
    if (tagged.tree.kind !== "object") {
      scope.report(
        refusal("syntax", `a compose file must be a mapping, not a ${kindName(tagged.tree)}`, tagged.tree),
      );
      continue;
    }
    if (tagged.paths !== undefined) resets.push(tagged.paths);
    tree = addDocument(tagged.tree, tagged.paths, tree, { path, scope, whole });
  }
  return { tree, resets };
}

interface FileStep {
  readonly path: string;
  readonly scope: Scope;
  readonly whole: boolean;
}

function addDocument(
  document: ObjectTree,
  resets: ResetPaths | undefined,
  before: Tree,
  step: FileStep,
): Tree {
  const { scope, whole, path } = step;
  const { report } = scope;
  let tree: Tree = interpolate(document, lookupIn(scope.environment), report);
  let earlier = before;
  if (whole) {
    tree = applyExtends(tree, {
      file: path,
      resets: resets === undefined ? [] : [resets],
      report,
      loadBase: (file, where) => cachedBase(file, where, scope),
    });
    earlier = applyResets(earlier, resets);
    tree = applyInclude(tree, { ...scope, trail: [...scope.trail, path] }, loadFiles);
  }
  tree = enforceUnicity(mergeFiles(earlier, tree, report), report);
  if (whole) checkShape(tree, composeShape, "", report);
  if (whole && tree.kind === "object") tree = withoutMember(tree, "version");
  return enforceUnicity(canonical(tree, report), report);
}

function cachedBase(file: string, where: Located, scope: Scope): BaseFile | undefined {
  if (!scope.bases.has(file)) scope.bases.set(file, loadBase(file, where, scope));
  return scope.bases.get(file);
}

/** The services of a file that is extended, their paths made to start at the scope's folder. */
function loadBase(file: string, where: Located, scope: Scope): BaseFile | undefined {
  const path = isRemote(file) ? file : joinPath(scope.folder, file);
  let found = false;
  const nothing = objectTree([], where);
  const loaded = loadFile(
    path,
    nothing,
    {
      ...scope,
      seen: (read) => {
        found = true;
        scope.seen(read);
      },
    },
    false,
    where,
  );
  if (!found) return undefined;
  checkMounts(loaded.tree, scope.report);
  const base: PathBase = { folder: relativeFolder(scope.folder, folderOf(path)), home: scope.home };
  return { services: valueAt(resolvePaths(loaded.tree, base), "services"), resets: loaded.resets };
}
