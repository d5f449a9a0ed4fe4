/** Archives among the containers of a project: their files, their releases, and the directory that holds their device. */
import { recogniseDcm4chee } from "../../sources/dcm4chee-kinds.ts";
import type { FileUse, Service, VersionInfo } from "../model.ts";
import { type Disk, mountedFiles } from "./mounted.ts";
import { dcm4cheeVersion } from "./release.ts";

/** What linking needs to open the files that containers are given. */
export interface LinkInput extends Disk {
  readonly dcm4cheeVersion?: string;
}

/** Gives the services of a project that belong to an archive their files, their releases and each other. */
export function linkDcm4chee(services: readonly Service[], input: LinkInput): readonly Service[] {
  if (!services.some(isConcerned)) return services;
  const withFiles = services.map((service) => (isConcerned(service) ? configured(service, input) : service));
  return withFiles.map((service) => {
    if (!isConcerned(service)) return service;
    const partners = partnersOf(service, withFiles);
    const loaded = service.product === "dcm4chee" ? partners.flatMap(deviceFiles) : [];
    return { ...service, partners, configuration: [...service.configuration, ...loaded] };
  });
}

function isConcerned(service: Service): boolean {
  return service.container !== undefined && ["dcm4chee", "slapd", "keycloak"].includes(service.product);
}

/** What the directory loads of the archive's device and users; its own configuration stays its own. */
function deviceFiles(partner: Service): Service["configuration"] {
  return partner.product !== "slapd"
    ? []
    : partner.configuration.filter(({ files }) =>
        files.every((file) => recogniseDcm4chee(file.text, file.path)?.startsWith("dcm4chee-") === true),
      );
}

/** Which servers the start of one depends on, or that depend on it. */
const partnerProducts: Readonly<Partial<Record<Service["product"], readonly Service["product"][]>>> = {
  dcm4chee: ["slapd", "keycloak"],
  keycloak: ["dcm4chee", "slapd"],
  slapd: ["dcm4chee"],
};

/** An archive and its directory work together; the directory is found by the archive's LDAP_URL, or is the only one. */
function partnersOf(service: Service, services: readonly Service[]): readonly Service[] {
  const wanted = partnerProducts[service.product] ?? [];
  const found = services.filter((other) => other !== service && wanted.includes(other.product));
  const host = /^ldaps?:\/\/([^:/]+)/.exec(
    service.environment.variables.get("LDAP_URL")?.value.value ?? "ldap://ldap",
  )?.[1];
  const answers = (other: Service): boolean =>
    other.network.kind === "container" && host !== undefined && other.network.names.includes(host);
  const named = found.filter((other) => other.product === "slapd" && answers(other));
  return service.product !== "dcm4chee" || named.length === 0
    ? found
    : found.filter((other) => other.product !== "slapd" || named.includes(other));
}

function configured(service: Service, input: LinkInput): Service {
  const release =
    service.product === "dcm4chee" && service.version.value === null
      ? containerVersion(service, input)
      : service.version;
  return {
    ...service,
    version: release,
    configuration: mountedFiles(service, input).map(({ target, source }) => ({
      path: target,
      form: "file",
      files: [source],
    })),
  };
}

/** An image whose tag names no release may be any; 2.x images have one only. */
function containerVersion(service: Service, input: LinkInput): VersionInfo {
  if (service.container?.recognised?.id === "dcm4chee-2")
    return { value: "2.18.3", from: "image", candidates: ["2.18.3"], build: "image" };
  const { value, candidates } = dcm4cheeVersion(input.dcm4cheeVersion);
  return { value, from: value === null ? "image" : "flag", candidates, build: "image" };
}

/** The files that a project's archive reads, for the list of files of its deployment. */
export function linkedFiles(services: readonly Service[]): readonly FileUse[] {
  return services.flatMap((service) =>
    isConcerned(service)
      ? service.configuration.flatMap(({ files }) =>
          files
            .filter(({ sha256 }) => sha256 !== "")
            .map(
              (source): FileUse => ({
                source,
                kind: recogniseDcm4chee(source.text, source.path) ?? "unknown",
                linkedTo: service.name,
              }),
            ),
        )
      : [],
  );
}
