/** Deployments of the Kubernetes manifests among the candidates. */
import type { Candidate } from "../../sources/discover.ts";
import { folderOf } from "../../sources/files.ts";
import type { ComposeInput } from "../compose-deployment.ts";
import type { Deployment } from "../model.ts";
import { type Bundle, bundleDeployment, tellsOfServers } from "./deployment.ts";
import { renderChart } from "./helm/chart.ts";
import { type Build, buildKustomization } from "./kustomize/load.ts";
import { namespaceGroups } from "./namespaces.ts";
import { podsOf } from "./pods.ts";
import { type Manifest, type Resource, readManifest } from "./resources.ts";

/** One deployment for each set of objects that is applied together. */
export function kubernetesDeployments(
  candidates: readonly Candidate[],
  input: ComposeInput,
): readonly Deployment[] {
  const builds = kustomizations(candidates, input);
  const inflated = new Set(builds.flatMap(({ build }) => build.bases));
  const charts = chartBundles(candidates, input).filter(({ root }) => !inflated.has(root));
  const taken = new Set([
    ...builds.flatMap(({ build }) => build.files.map(({ path }) => path)),
    ...charts.flatMap(({ files }) => files.map(({ source }) => source.path)),
  ]);
  const plain = candidates.filter(({ kind, source }) => kind === "kubernetes" && !taken.has(source.path));
  const bundles = [...charts, ...kustomizedBundles(builds, candidates), ...plainBundles(plain)];
  return withWaysIn(bundles)
    .filter((bundle) => tellsOfServers(bundle) || bundle.problems.length > 0)
    .map((bundle) => bundleDeployment(bundle, input));
}

/** One for each chart that is not part of another one, in its folder charts/ or beside it (file://). */
function chartBundles(candidates: readonly Candidate[], input: ComposeInput): readonly Bundle[] {
  const folders = candidates
    .filter(({ kind }) => kind === "helm")
    .map(({ source: { path } }) => (/(?:^|\/)chart\.yaml$/iu.test(path) ? folderOf(path) : chartOf(path)));
  const charts = [...new Set(folders)]
    .filter(
      (folder) => !folders.some((other) => folder.startsWith(`${other === "." ? "" : `${other}/`}charts/`)),
    )
    .map((folder) => ({
      folder,
      chart: renderChart(folder, input.valueFiles ?? [], input.files, input.sources),
    }));
  const taken = new Set(charts.flatMap(({ chart }) => chart.taken));
  return charts
    .filter(({ folder }) => !taken.has(folder))
    .map(({ folder, chart: { taken: _, ...chart } }) => {
      return {
        ...chart,
        id: `${folder} (chart)`,
        root: folder,
        files: chart.files.map((source) => ({ source, kind: "helm" })),
      };
    });
}

/** The folder of the chart that a template belongs to. */
function chartOf(path: string): string {
  const at = path.search(/(?:^|\/)templates\//u);
  return at <= 0 ? "." : path.slice(0, at);
}

/** An Ingress that lies apart goes with the workloads of its namespace, where one deployment alone has them. */
function withWaysIn(bundles: readonly Bundle[]): readonly Bundle[] {
  const partnerOf = (bundle: Bundle): Bundle | undefined => {
    const spaces = spacesOf(bundle);
    if (startsPods(bundle) || spaces.length !== 1) return undefined;
    const found = bundles.filter((other) => startsPods(other) && spacesOf(other).includes(spaces[0] ?? ""));
    return found.length === 1 ? found[0] : undefined;
  };
  const partners = new Map(bundles.map((bundle) => [bundle, partnerOf(bundle)]));
  return bundles
    .filter((bundle) => partners.get(bundle) === undefined)
    .map((bundle) => bundles.filter((other) => partners.get(other) === bundle).reduce(together, bundle));
}

function startsPods({ resources }: Bundle): boolean {
  return podsOf(resources).length > 0;
}

function spacesOf({ resources }: Bundle): readonly string[] {
  return [...new Set(resources.flatMap(({ namespace }) => namespace ?? []))];
}

function together(bundle: Bundle, added: Bundle): Bundle {
  return {
    ...bundle,
    resources: [...bundle.resources, ...added.resources],
    problems: [...bundle.problems, ...added.problems],
    files: [...bundle.files, ...added.files],
    assumptions: [
      ...bundle.assumptions,
      `${added.id} is taken to be applied beside it: the namespace is the same.`,
    ],
  };
}

/** A kustomization and what it builds. */
interface Kustomized {
  readonly folder: string;
  readonly build: Build;
}

function kustomizations(candidates: readonly Candidate[], input: ComposeInput): readonly Kustomized[] {
  return candidates
    .filter(({ kind }) => kind === "kustomization")
    .map(({ source }) => folderOf(source.path))
    .map((folder) => ({ folder, build: buildKustomization(folder, input.files, input.sources) }));
}

/** What another kustomization takes in is deployed with it, not by itself. */
function kustomizedBundles(
  builds: readonly Kustomized[],
  candidates: readonly Candidate[],
): readonly Bundle[] {
  const bases = new Set(builds.flatMap(({ build }) => build.bases));
  const kinds = new Map(candidates.map(({ source, kind }) => [source.path, kind]));
  return builds
    .filter(({ folder }) => !bases.has(folder))
    .map(({ folder, build }) => ({
      id: `${folder} (kustomization)`,
      root: folder,
      resources: build.resources,
      problems: build.problems,
      files: build.files.map((source) => ({ source, kind: kinds.get(source.path) ?? "kustomize" })),
      assumptions: [],
    }));
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
  if (spaces.length < 2) return bundlesOf(files);
  const groups = namespaceGroups(
    spaces,
    files.flatMap(({ resources }) => resources),
  );
  return groups.flatMap((group) => bundlesOf(within(files, group, spaces), group.join(", ")));
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

/** The objects of namespaces; those that name none go with the others of their file, or of their folder. */
function within(
  files: readonly ReadFile[],
  group: readonly string[],
  spaces: readonly string[],
): readonly ReadFile[] {
  const isOurs = (space: string | undefined): boolean => space !== undefined && group.includes(space);
  const parts = files.map((file): ReadFile => {
    const [own = spaceOfFolder(file, files) ?? spaces[0]] = namespacesOf([file]);
    return {
      ...file,
      resources: file.resources.filter((one) => isRoleOfAll(one) || isOurs(one.namespace ?? own)),
      problems: isOurs(own) ? file.problems : [],
    };
  });
  const isEmpty = parts.every(
    ({ resources, problems }) => problems.length === 0 && resources.every(isRoleOfAll),
  );
  return isEmpty
    ? []
    : parts.filter(({ resources, problems }) => resources.length > 0 || problems.length > 0);
}

/** What says who may do what in every namespace belongs to each of them. */
function isRoleOfAll({ kind }: Resource): boolean {
  return kind === "ClusterRole" || kind === "ClusterRoleBinding";
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
