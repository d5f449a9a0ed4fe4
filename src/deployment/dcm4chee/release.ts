/** Which release of dcm4chee runs, as far as its files tell. */
import breakpointData from "../../../data/dcm4chee/releases.json" with { type: "json" };
import { unknown } from "../../facts/unknown.ts";
import type { Dcm4cheeKind } from "../../sources/dcm4chee-kinds.ts";
import type { Candidate } from "../../sources/discover.ts";
import type { VersionInfo } from "../model.ts";

/** A file of the archive, or of the servers beside it. */
export type ArchiveCandidate = Candidate & { readonly kind: Dcm4cheeKind };

/** The releases of the archive at which configurations begin to be read differently. */
const breakpoints: readonly string[] = breakpointData.breakpoints.map(({ version }) => version);

/** The release that the user names, or the set that an unknown one stands for. */
export function dcm4cheeVersion(given: string | undefined): VersionInfo {
  const build = unknown("input", "it is not known who built the server");
  return given === undefined
    ? { value: null, from: "assumed", candidates: breakpoints, build }
    : { value: given, from: "flag", candidates: [given], build };
}

/** The release in the names of what WildFly deploys: "dcm4chee-arc-ear-5.31.2-psql.ear"; none where they differ. */
function deployedRelease(members: readonly ArchiveCandidate[]): string | undefined {
  const names = members
    .filter(({ kind }) => kind === "wildfly-xml")
    .flatMap(({ source }) => [
      ...source.text.value.matchAll(/<deployment [^>]*\bname="dcm4chee-arc-ear-(\d+\.\d+\.\d+)-/gu),
    ]);
  const releases = new Set(names.map(([, release]) => release));
  return releases.size === 1 ? [...releases][0] : undefined;
}

/**
 * Attributes of the archive's device that 4.x had and 5 never did (dcm4che/dcm4chee-arc dcm4chee-arc-conf, 4.2 to 4.5,
 * against the schema of dcm4chee-arc-light 5).
 */
const onlyInFour =
  /^[ \t]*"?(?:dcmRejectedForQualityReasonsCode|dcmWadoAttributesStaleTimeout|dcmInitFileSystemURI|dcmFileSystemGroupID|dcmStorageFilePathFormat)"?[ \t]*:/mu;

/** The release of 4.x that a device names, "4.0" where it names none. */
function releaseOfFour(members: readonly ArchiveCandidate[]): string | undefined {
  for (const { kind, source } of members) {
    if (kind !== "dcm4chee-ldif" && kind !== "dcm4chee-device-json") continue;
    const text = source.text.value;
    if (!onlyInFour.test(text)) continue;
    return /\bdicomSoftwareVersion"?[ \t]*:[ \t]*"?(4\.\d+(?:\.\d+)?)/u.exec(text)?.[1] ?? "4.0";
  }
  return undefined;
}

/** Files of JBoss 4 belong to dcm4chee 2.x, whose last release stands for all. */
export function hostVersion(members: readonly ArchiveCandidate[], given: string | undefined): VersionInfo {
  const old = members.some(({ kind }) => kind.startsWith("jboss-") && kind !== "jboss-web-xml");
  const modern = members.some(({ kind }) => kind.startsWith("dcm4chee-") || kind.startsWith("wildfly-"));
  if (given !== undefined) return dcm4cheeVersion(given);
  const named = modern ? (deployedRelease(members) ?? releaseOfFour(members)) : old ? "2.18.3" : undefined;
  return named === undefined
    ? dcm4cheeVersion(undefined)
    : { value: named, from: "config", candidates: [named], build: "other" };
}
