/** Which files make which deployment. */
import type { Candidate } from "../sources/discover.ts";
import { folderOf } from "../sources/files.ts";
import { type ComposeInput, composeDeployments } from "./compose-deployment.ts";
import { type Dcm4cheeOptions, dcm4cheeHosts } from "./dcm4chee.ts";
import { type HostOptions, hostDeployments, isConfigurationFolder } from "./host.ts";
import type { Deployment } from "./model.ts";

/** What the user says about the deployments. */
export type AssembleInput = ComposeInput & HostOptions & Dcm4cheeOptions;

/**
 * The deployments among the files of a run, ordered by their id. A product's file that no container takes is a server on
 * this host only where no containers are deployed from the same root; otherwise it is listed and not taken for a server.
 */
export function assemble(candidates: readonly Candidate[], input: AssembleInput): readonly Deployment[] {
  const composed = composeDeployments(candidates, input);
  const claimed = new Set(
    composed.flatMap((deployment) => deployment.files.map(({ source }) => source.path)),
  );
  const roots = composed.map((deployment) => deployment.root);
  const free = candidates.filter((candidate) => !claimed.has(candidate.source.path));
  const hosts = hostDeployments(free, input.files, input);
  const archives = dcm4cheeHosts(free, input.files, input).map((deployment) =>
    hosts.some(({ id }) => id === deployment.id)
      ? { ...deployment, id: `${deployment.id} (dcm4chee)` }
      : deployment,
  );
  const own = [...hosts, ...archives].map((deployment) =>
    isBesideContainers(deployment, roots) || isLeftOut(deployment, hosts) ? unlinked(deployment) : deployment,
  );
  return [...composed, ...own].sort((left, right) => (left.id < right.id ? -1 : 1));
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

/** In or below the folder of an installed server that does not read it: a backup, a template. */
function isLeftOut(deployment: Deployment, hosts: readonly Deployment[]): boolean {
  return hosts.some(
    ({ id }) =>
      id !== deployment.id &&
      isConfigurationFolder(id) &&
      (deployment.root === id || deployment.root.startsWith(`${id}/`)),
  );
}

function unlinked(deployment: Deployment): Deployment {
  return {
    ...deployment,
    form: "unlinked",
    files: deployment.files.map((file) => ({ ...file, linkedTo: null })),
    problems: [
      ...deployment.problems,
      {
        kind: "unlinked",
        message: `No service uses ${deployment.id}: it is judged for mistakes and secrets only.`,
        file: deployment.files[0]?.source.path ?? deployment.id,
      },
    ],
    assumptions: [],
  };
}
