/** Deployments of the Kubernetes manifests among the candidates. */
import type { Candidate } from "../../sources/discover.ts";
import { folderOf } from "../../sources/files.ts";
import type { ComposeInput } from "../compose-deployment.ts";
import type { Deployment } from "../model.ts";
import { type Bundle, bundleDeployment, tellsOfServers } from "./deployment.ts";
import { type Manifest, type Resource, readManifest } from "./resources.ts";

/** One deployment for each set of objects that is applied together. */
export function kubernetesDeployments(
  candidates: readonly Candidate[],
  input: ComposeInput,
): readonly Deployment[] {
  const plain = candidates.filter(({ kind }) => kind === "kubernetes");
  return plainBundles(plain)
    .filter((bundle) => tellsOfServers(bundle) || bundle.problems.length > 0)
    .map((bundle) => bundleDeployment(bundle, input));
}

/** A file with what it holds. */
interface ReadFile extends Manifest {
  readonly candidate: Candidate;
}

/** Files named together belong together; found ones do by their namespace, unless they say something twice. */
function plainBundles(candidates: readonly Candidate[]): readonly Bundle[] {
  const read = candidates.map(
    (candidate): ReadFile => ({ candidate, ...readManifest(candidate.source.text, candidate.source.path) }),
  );
  const named = read.filter(({ candidate }) => candidate.named);
  const roots = [...new Set(candidates.filter((one) => !one.named).map(({ root }) => root))];
  return [
    ...(named.length === 0 ? [] : [bundleOf(named)]),
    ...roots.flatMap((root) =>
      separate(read.filter(({ candidate }) => !candidate.named && candidate.root === root)),
    ),
  ];
}

/** Alternatives lie in folders of their own, or side by side. */
function separate(files: readonly ReadFile[]): readonly Bundle[] {
  const spaces = namespacesOf(files);
  if (spaces.length > 1) return spaces.flatMap((space) => bundlesOf(within(files, space, spaces), space));
  return bundlesOf(files);
}

function bundlesOf(files: readonly ReadFile[], namespace?: string): readonly Bundle[] {
  if (files.length === 0) return [];
  if (!saysTwice(files)) return [bundleOf(files, namespace)];
  const folders = [...new Set(files.map(({ candidate }) => folderOf(candidate.source.path)))];
  const inside = (folder: string) =>
    files.filter(({ candidate }) => folderOf(candidate.source.path) === folder);
  if (folders.length > 1) return folders.flatMap((folder) => bundlesOf(inside(folder), namespace));
  return files.map((file) => bundleOf([file], namespace));
}

function namespacesOf(files: readonly ReadFile[]): readonly string[] {
  const names = files.flatMap(({ resources }) => resources.flatMap(({ namespace }) => namespace ?? []));
  return [...new Set(names)];
}

/** The objects of a namespace; those that name none go with the others of their file, or of their folder. */
function within(files: readonly ReadFile[], space: string, spaces: readonly string[]): readonly ReadFile[] {
  return files.flatMap((file): readonly ReadFile[] => {
    const [own = spaceOfFolder(file, files) ?? spaces[0]] = namespacesOf([file]);
    const resources = file.resources.filter(({ namespace }) => (namespace ?? own) === space);
    const problems = own === space ? file.problems : [];
    return resources.length === 0 && problems.length === 0 ? [] : [{ ...file, resources, problems }];
  });
}

function spaceOfFolder({ candidate }: ReadFile, files: readonly ReadFile[]): string | undefined {
  const folder = folderOf(candidate.source.path);
  return namespacesOf(files.filter((other) => folderOf(other.candidate.source.path) === folder))[0];
}

function saysTwice(files: readonly ReadFile[]): boolean {
  const seen = new Set<string>();
  return files
    .flatMap(({ resources }) => resources)
    .some((resource) => {
      const key = keyOf(resource);
      if (seen.has(key)) return true;
      seen.add(key);
      return false;
    });
}

function keyOf({ group, kind, namespace, name }: Resource): string {
  return [group, kind, namespace ?? "", name].join(" ");
}

function bundleOf(files: readonly ReadFile[], namespace?: string): Bundle {
  const paths = files.map(({ candidate }) => candidate.source.path);
  const root = commonFolder(paths.map(folderOf));
  const [only = root] = paths;
  const id = paths.length === 1 ? only : `${root} (Kubernetes)`;
  return {
    id: namespace === undefined ? id : `${paths.length === 1 ? only : root} (namespace ${namespace})`,
    root,
    resources: files.flatMap(({ resources }) => resources),
    problems: files.flatMap(({ problems }) => problems),
    files: files.map(({ candidate }) => ({ source: candidate.source, kind: candidate.kind })),
    assumptions: [],
  };
}

/** The deepest folder above all of these. */
function commonFolder(folders: readonly string[]): string {
  const [first = ".", ...others] = folders;
  let common = first;
  while (common !== "." && common !== "/" && !others.every((other) => isBelow(other, common)))
    common = folderOf(common);
  return common;
}

function isBelow(path: string, folder: string): boolean {
  return path === folder || path.startsWith(`${folder}/`);
}
