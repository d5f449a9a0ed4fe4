/** Which files make which deployment. */
import type { Candidate } from "../sources/discover.ts";
import type { Files } from "../sources/files.ts";
import { hostDeployments, type HostOptions } from "./host.ts";
import type { Deployment } from "./model.ts";

/** The deployments among the files of a run, ordered by their id. */
export function assemble(candidates: readonly Candidate[], files: Files, options: HostOptions): readonly Deployment[] {
  return [...hostDeployments(candidates, files, options)].sort((left, right) => (left.id < right.id ? -1 : 1));
}
