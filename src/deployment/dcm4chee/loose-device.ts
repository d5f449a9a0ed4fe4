/** The archive's device, kept beside a project that does not load it. */
import { type Dcm4cheeKind, isDcm4cheeKind, recogniseDcm4chee } from "../../sources/dcm4chee-kinds.ts";
import type { Candidate } from "../../sources/discover.ts";
import { folderOf } from "../../sources/files.ts";
import type { Deployment, Service } from "../model.ts";
import { roleOf } from "./kinds.ts";
import type { ArchiveCandidate } from "./release.ts";

/**
 * A device that no container is given, in a project whose archive has none: an administrator keeps it there to load it
 * into the directory himself, so that it says more of the archive than the one that the image brings along.
 */
export function withLooseDevice(deployment: Deployment, free: readonly Candidate[]): Deployment {
  const archives = deployment.services.filter(isArchiveWithoutDevice);
  const [archive] = archives;
  const prefix = deployment.root === "." ? "" : `${deployment.root}/`;
  const near = free.filter(
    (candidate): candidate is ArchiveCandidate =>
      isDcm4cheeKind(candidate.kind) && candidate.source.path.startsWith(prefix),
  );
  const devices = near.filter((candidate) => roleOf(candidate) === "archive");
  const [device] = devices;
  if (archive === undefined || device === undefined || archives.length > 1 || devices.length > 1)
    return deployment;
  const folder = folderOf(device.source.path);
  const loaded = near.filter(
    ({ kind, source }) =>
      source === device.source || (loose.includes(kind) && folderOf(source.path) === folder),
  );
  const configuration = [
    ...archive.configuration,
    ...loaded.map(({ source }) => ({ path: source.path, form: "file" as const, files: [source] })),
  ];
  return {
    ...deployment,
    services: deployment.services.map((service) =>
      service === archive ? { ...service, configuration } : service,
    ),
    files: [
      ...deployment.files,
      ...loaded.map(({ source, kind }) => ({ source, kind, linkedTo: archive.name })),
    ],
    assumptions: [
      ...deployment.assumptions,
      `${device.source.path} is taken for the device in the directory of ${archive.name}, though nothing here loads it.`,
    ],
  };
}

/** What is loaded together with a device that lies in the same folder. */
const loose: readonly Dcm4cheeKind[] = ["dcm4chee-ldif", "dcm4chee-users-ldif", "ldap-base-ldif"];

function isArchiveWithoutDevice({ product, container, configuration, environment }: Service): boolean {
  if (product !== "dcm4chee" || container === undefined) return false;
  if (environment.variables.get("WILDFLY_DEPLOY_UI")?.value.value === "only") return false;
  const kinds = configuration.flatMap(({ files }) =>
    files.map((file) => recogniseDcm4chee(file.text, file.path)),
  );
  return !kinds.some((kind) => kind === "dcm4chee-ldif" || kind === "dcm4chee-device-json");
}
