/** Which files make which deployment. */
import type { Candidate } from "../sources/discover.ts";
import { baseName, folderOf, writtenBy } from "../sources/files.ts";
import { holdsSectionsOnly } from "../sources/recognise.ts";
import { contentOf, isSample, renderedPath } from "../sources/templates.ts";
import { commandDeployments } from "./commands/index.ts";
import { type ComposeInput, composeDeployments } from "./compose-deployment.ts";
import { type Dcm4cheeOptions, dcm4cheeHosts } from "./dcm4chee/hosts.ts";
import { withLooseDevice } from "./dcm4chee/loose-device.ts";
import { isConfigurationFolder } from "./host/parts.ts";
import { type HostOptions, hostDeployments } from "./host.ts";
import { imageDeployments } from "./image-deployment.ts";
import { kubernetesDeployments } from "./kubernetes/index.ts";
import type { Deployment } from "./model.ts";
import { beforeContainers, placeProxies, withProxies } from "./proxies.ts";
import { proxyHosts } from "./proxy-hosts.ts";

/** What the user says about the deployments. */
export type AssembleInput = ComposeInput & HostOptions & Dcm4cheeOptions;

/**
 * The deployments among the files of a run, ordered by their id. A product's file that no container takes is a server on
 * this host only where no containers are deployed from the same root; otherwise it is listed and not taken for a server.
 */
export function assemble(candidates: readonly Candidate[], input: AssembleInput): readonly Deployment[] {
  const copied = candidates.filter((candidate) => isCopied(candidate, candidates));
  const servers = assembleServers(candidates, copied, input);
  if (servers.length === 0) return assembleServers(candidates, [], input);
  const used = new Set(servers.flatMap(({ files }) => files.map(({ source }) => source.path)));
  const left = copied.filter(({ source }) => !used.has(source.path));
  const samples = assembleServers(left, [], input).map(unlinked);
  return [...servers, ...samples].sort((one, other) => (one.id < other.id ? -1 : 1));
}

/** A sample, or a template beside what was made of it: no server reads it, whatever else is there. */
function isCopied({ source }: Candidate, candidates: readonly Candidate[]): boolean {
  const made = renderedPath(source.path);
  return (
    isSample(source.path) || (made !== source.path && candidates.some((other) => other.source.path === made))
  );
}

/** All deployments but those of files that are copied; a container may be given such a file all the same. */
function assembleServers(
  candidates: readonly Candidate[],
  copied: readonly Candidate[],
  input: AssembleInput,
): readonly Deployment[] {
  const usable = candidates.filter(
    (candidate) =>
      !["compose", "kubernetes", "commands"].includes(candidate.kind) || !copied.includes(candidate),
  );
  const managed = [
    ...composeDeployments(usable, input),
    ...kubernetesDeployments(usable, input),
    ...commandDeployments(usable, input),
  ];
  // Where something is started, its manifests say what becomes of the images.
  const started = managed.length > 0 ? managed : imageDeployments(usable, input);
  const given = new Set(started.flatMap(({ files }) => files.map(({ source }) => source.path)));
  const spare = candidates.filter(
    (candidate) => !given.has(candidate.source.path) && !copied.includes(candidate),
  );
  const composed = started.map((deployment) => withLooseDevice(deployment, spare));
  const claimed = new Set(
    composed.flatMap((deployment) => deployment.files.map(({ source }) => source.path)),
  );
  // A script that starts a container may be one for trying: what it does not take may be installed all the same.
  const roots = composed.filter(({ form }) => form !== "commands").map((deployment) => deployment.root);
  const within = new Set(composed.filter(startsArchive).flatMap(filesOf));
  const free = candidates.filter(
    (candidate) =>
      !claimed.has(candidate.source.path) &&
      !within.has(candidate.source.path.split(writtenBy)[0] ?? "") &&
      !copied.includes(candidate),
  );
  const proxies = proxyHosts(free, input.files);
  // What is named together with a compose file runs on the same host.
  const named = composed.length === 0 ? [] : proxies.filter(({ first }) => first.named);
  const before = beforeContainers(
    proxies.filter(({ first }) => !first.named),
    composed.filter(({ form }) => form === "compose"),
    candidates,
  );
  const others = proxies.filter((host) => !named.includes(host) && !before.has(host));
  const servers = installed(free, input);
  const active = servers.filter(
    (deployment) =>
      deployment.form !== "unlinked" &&
      !isLeftOut(deployment, servers) &&
      !isPart(deployment, free) &&
      !isBesideContainers(deployment, roots),
  );
  const placed = placeProxies(others, active, candidates, { files: input.files, options: input });
  const own = [
    ...placed.map((deployment) =>
      isBesideContainers(deployment, roots) ? unlinked(deployment) : deployment,
    ),
    ...servers.filter((deployment) => !active.includes(deployment)).map(unlinked),
  ];
  const fronted = composed.map((deployment) => {
    const found = [...before].filter(([, behind]) => behind.includes(deployment)).map(([host]) => host);
    return withProxies(deployment, [...named, ...found], input.files, input);
  });
  return [...fronted, ...own].sort((left, right) => (left.id < right.id ? -1 : 1));
}

/** What manifests write into files they hold themselves: it is judged where a container of theirs reads it. */
function startsArchive({ form, services }: Deployment): boolean {
  return (
    form === "kubernetes" && services.some(({ product }) => product === "orthanc" || product === "dcm4chee")
  );
}

function filesOf({ files }: Deployment): readonly string[] {
  return files.map(({ source }) => source.path);
}

/** The servers that are installed on a host. */
function installed(free: readonly Candidate[], input: AssembleInput): readonly Deployment[] {
  const hosts = hostDeployments(free, input.files, input);
  const archives = dcm4cheeHosts(free, input.files, input).map((deployment) =>
    hosts.some(({ id }) => id === deployment.id)
      ? { ...deployment, id: `${deployment.id} (dcm4chee)` }
      : deployment,
  );
  return [...hosts, ...archives];
}

/** Below a folder from which containers are started, or beside their compose files. */
function isBesideContainers(deployment: Deployment, roots: readonly string[]): boolean {
  return roots.some(
    (root) =>
      root === "." ||
      deployment.root === root ||
      deployment.root.startsWith(`${root}/`) ||
      root === folderOf(deployment.root),
  );
}

/** In or below the folder of a server that does not read it: a backup, a template, what no unit of systemd names. */
function isLeftOut(deployment: Deployment, hosts: readonly Deployment[]): boolean {
  const hasUnit = ({ services }: Deployment): boolean => services.some(({ unit }) => unit !== undefined);
  if (hasUnit(deployment)) return false;
  if (hosts.some((host) => hasUnit(host) && host.root === deployment.root)) return true;
  return hosts.some(
    ({ id }) =>
      id !== deployment.id &&
      isConfigurationFolder(id) &&
      (deployment.root === id || deployment.root.startsWith(`${id}/`)),
  );
}

function nobodyUses({ id, files }: Deployment): string {
  const [first] = files;
  if (first !== undefined && files.length === 1)
    return `No service uses ${first.source.path}: it is judged for mistakes and secrets only.`;
  const names = files.map(({ source }) => baseName(source.path)).join(", ");
  const which = files.length > 4 ? `the ${files.length} files` : names;
  const where = files.some(({ source }) => source.path === id) ? folderOf(id) : id;
  return `No service uses ${which} in ${where}: they are judged for mistakes and secrets only.`;
}

/**
 * Files that no server reads as they stand: sections of plugins alone, which belong beside a configuration, and commented
 * twins (orthanc.jsonc) of the JSON files of their folder, which Orthanc passes over. What is named is read.
 */
function isPart({ form, id, root, files, services }: Deployment, candidates: readonly Candidate[]): boolean {
  if (form !== "host" || services.some(({ product, unit }) => product !== "orthanc" || unit !== undefined))
    return false;
  const members = candidates.filter(({ source }) => files.some((file) => file.source === source));
  if (members.length === 0 || isConfigurationFolder(id) || members.some(({ named }) => named)) return false;
  if (members.every(({ source }) => holdsSectionsOnly(contentOf(source)))) return true;
  const beside = candidates.some(
    ({ kind, source }) =>
      kind === "orthanc-json" &&
      folderOf(source.path) === root &&
      /\.json$/iu.test(renderedPath(source.path)),
  );
  return beside && members.every(({ source }) => /\.jsonc$/iu.test(renderedPath(source.path)));
}

function unlinked(deployment: Deployment): Deployment {
  if (deployment.form === "unlinked") return deployment;
  return {
    ...deployment,
    form: "unlinked",
    files: deployment.files.map((file) => ({ ...file, linkedTo: null })),
    problems: [
      ...deployment.problems,
      {
        kind: "unlinked",
        message: nobodyUses(deployment),
        file: deployment.files[0]?.source.path ?? deployment.id,
      },
    ],
    assumptions: [],
  };
}
